"""The therapist's acts: book, move, cancel, attend, sign, repeat, copy a week — and take each of them back."""

from __future__ import annotations

import threading
import time
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Missing, Unconfirmed
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.rehabilitation import RehabilitationPlan
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.scheduling.series import Series, book_planned, plan_copy, plan_series
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor
from tests.factories import make

MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    with home.database.work(SYSTEM) as work:
        therapist = records.save(
            work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"], "work_days": list("12345")}
        )
        colleague = records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist"})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4})
        third = make(work, Child, name="王小雨", unit_id=home.sunflower)
        for child in (home.child, third):
            records.save(work, Caseload, {"child_id": child, "staff_id": therapist, "starts_on": date(2026, 1, 1)})
    return SimpleNamespace(
        **vars(home), therapist=therapist, colleague=colleague, hall=hall, third=third,
        li=actor("therapist", staff_id=therapist),
    )  # fmt: skip


def wish(clinic, start=NINE, minutes=30, children=None, **given) -> Wish:
    whole = {"therapy": "PT", "therapist_id": clinic.therapist, "room_id": clinic.hall} | given
    return Wish(children or (clinic.child,), starts_at=start, ends_at=start + timedelta(minutes=minutes), **whole)


def do(clinic, act, *arguments, who=None, **given):
    with clinic.database.work(who or clinic.li) as work:
        return act(work, *arguments, **given)


def session(clinic, key) -> dict:
    with clinic.database.read(SYSTEM) as work:
        return queries.values(work, TherapySession, key)


def booked(clinic) -> list[dict]:
    with clinic.database.read(SYSTEM) as work:
        return [queries.values(work, TherapySession, row.id) for row in queries.rows(work, TherapySession)]


def test_a_therapist_books_moves_and_takes_it_back(clinic):
    key = do(clinic, booking.book, wish(clinic)).created[0]
    moved = do(clinic, booking.move, key, NINE + 2 * HALF_HOUR, NINE + 4 * HALF_HOUR, therapist_id=clinic.colleague)
    assert (session(clinic, key)["starts_at"], session(clinic, key)["therapist_id"]) == (
        NINE + 2 * HALF_HOUR, clinic.colleague)  # fmt: skip
    do(clinic, booking.undo, moved)
    assert (session(clinic, key)["ends_at"], session(clinic, key)["therapist_id"]) == (
        NINE + HALF_HOUR,
        clinic.therapist,
    )


def test_undoing_a_booking_frees_the_slot(clinic):
    change = do(clinic, booking.book, wish(clinic))
    do(clinic, booking.undo, change)
    assert booked(clinic) == []
    do(clinic, booking.book, wish(clinic))


def test_undoing_is_refused_in_words_when_the_slot_has_meanwhile_been_given_away(clinic):
    key = do(clinic, booking.book, wish(clinic)).created[0]
    cancelled = do(clinic, booking.cancel, [key], "ill")
    do(clinic, booking.book, wish(clinic, children=(clinic.third,)))
    with pytest.raises(Invalid, match="李静 is already treating 王小雨"):
        do(clinic, booking.undo, cancelled)


def test_a_group_is_one_sitting_and_moves_as_one(clinic):
    change = do(clinic, booking.book, wish(clinic, children=(clinic.child, clinic.third)))
    first, second = (session(clinic, key) for key in change.created)
    assert first["sitting_id"] == second["sitting_id"] and first["form"] == "group"
    do(clinic, booking.move, change.created[1], NINE + 3 * HALF_HOUR, NINE + 5 * HALF_HOUR)
    assert {each["starts_at"] for each in booked(clinic)} == {NINE + 3 * HALF_HOUR}


def test_a_conflict_is_told_with_name_and_time(clinic):
    do(clinic, booking.book, wish(clinic))
    with pytest.raises(Invalid) as refused:
        do(clinic, booking.book, wish(clinic, NINE + timedelta(minutes=15), children=(clinic.third,)), confirmed=True)
    assert str(refused.value) == "李静 is already treating 曾小乐 (PT), 09:00–09:30."


def test_the_faster_one_wins_and_the_slower_one_is_told_by_whom(clinic):
    told: list[str] = []
    ready = threading.Barrier(2)

    def fast() -> None:
        with clinic.database.work(SYSTEM) as work:
            booking.book(work, wish(clinic, children=(clinic.other,)))
            ready.wait()
            time.sleep(0.3)

    def slow() -> None:
        ready.wait()
        try:
            do(clinic, booking.book, wish(clinic), who=SYSTEM)
        except Invalid as refused:
            told.append(str(refused))

    threads = [threading.Thread(target=each) for each in (fast, slow)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert told == ["李静 is already treating 阿依古丽·买买提 (PT), 09:00–09:30."]
    assert len(booked(clinic)) == 1


def test_a_child_of_someone_else_is_not_booked(clinic):
    with pytest.raises(Missing):
        do(clinic, booking.book, wish(clinic, children=(clinic.other,)))


def plan_with_risks(clinic) -> None:
    with clinic.database.work(SYSTEM) as work:
        values = {"child_id": clinic.child, "starts_on": date(2026, 11, 1), "ends_on": date(2027, 4, 30),
                  "review_on": date(2027, 1, 1), "findings": "…", "contraindications": ["epilepsy", "open_wound"]}  # fmt: skip
        key = records.save(work, RehabilitationPlan, values)
        records.take_step(work, RehabilitationPlan, key, "submit")


@pytest.mark.parametrize(
    ("unwise", "words"),
    [
        (lambda c: wish(c, NINE.replace(hour=12)), "Outside the hours"),
        (lambda c: wish(c, NINE + timedelta(days=5)), "closed: Weekend"),
        (lambda c: wish(c, therapy="OT"), "not trained for OT"),
        (lambda c: wish(c, therapy="HYD", therapist_id=c.colleague), "plan warns: Open wound"),
    ],
)
def test_what_is_unwise_needs_confirmation_and_is_possible_then(clinic, unwise, words):
    plan_with_risks(clinic)
    with pytest.raises(Unconfirmed, match=words):
        do(clinic, booking.book, unwise(clinic))
    do(clinic, booking.book, unwise(clinic), confirmed=True)


def test_a_contraindication_speaks_only_against_the_therapies_it_concerns(clinic):
    plan_with_risks(clinic)
    assert len(do(clinic, booking.book, wish(clinic)).created) == 1


def test_nobody_is_booked_with_a_therapist_on_leave_unawares(clinic):
    with clinic.database.work(SYSTEM) as work:
        leave = {
            "staff_id": clinic.therapist,
            "kind": "annual",
            "starts_on": MONDAY,
            "ends_on": MONDAY,
            "part": "morning",
        }
        records.save(work, StaffLeave, leave)
    with pytest.raises(Unconfirmed, match="李静 is on leave: Annual leave"):
        do(clinic, booking.book, wish(clinic))
    do(clinic, booking.book, wish(clinic, NINE.replace(hour=14)))


def test_cancelling_needs_a_reason_and_frees_the_slot(clinic):
    key = do(clinic, booking.book, wish(clinic)).created[0]
    with pytest.raises(Invalid, match="reason"):
        do(clinic, booking.cancel, [key], "")
    do(clinic, booking.cancel, [key], "therapist", "培训")
    assert session(clinic, key)["attendance_note"] == "培训"
    do(clinic, booking.book, wish(clinic, children=(clinic.third,)))


def test_a_morning_is_attended_in_one_step_and_signed(clinic):
    keys = [do(clinic, booking.book, wish(clinic, NINE + count * HALF_HOUR)).created[0] for count in range(4)]
    entries = {
        keys[0]: Attendance("done"),
        keys[1]: Attendance("late", "other", 10),
        keys[2]: Attendance("absent", "ill"),
    }
    do(clinic, booking.attend, entries)
    assert [session(clinic, key)["status"] for key in keys] == ["done", "late", "absent", "booked"]
    assert do(clinic, booking.sign, keys) == 3
    first = session(clinic, keys[0])
    assert (first["state"], first["signed_on"], first["signed_late"]) == ("submitted", date(2026, 11, 20), True)


def test_attendance_cannot_be_recorded_before_the_session_or_without_its_reason(clinic):
    tomorrow = do(clinic, booking.book, wish(clinic, NINE + timedelta(days=7))).created[0]
    past = do(clinic, booking.book, wish(clinic)).created[0]
    for key, entry, words in (
        (tomorrow, Attendance("done"), "not begun yet"),
        (past, Attendance("absent"), "give the reason"),
        (past, Attendance("late"), "How many minutes"),
        (past, Attendance("late", "other", 30), "whole session"),
    ):
        with pytest.raises(Invalid, match=words):
            do(clinic, booking.attend, {key: entry})


def test_what_is_attended_is_neither_moved_nor_cancelled(clinic):
    key = do(clinic, booking.book, wish(clinic)).created[0]
    do(clinic, booking.attend, {key: Attendance("done")})
    with pytest.raises(Invalid, match="not moved"):
        do(clinic, booking.move, key, NINE + HALF_HOUR, NINE + 2 * HALF_HOUR)
    with pytest.raises(Invalid, match="was treated"):
        do(clinic, booking.cancel, [key], "ill")


def test_a_missed_session_is_made_up(clinic):
    missed = do(clinic, booking.book, wish(clinic)).created[0]
    do(clinic, booking.attend, {missed: Attendance("absent", "ill")})
    again = do(clinic, booking.book, wish(clinic, NINE + timedelta(days=1), makes_up_id=missed)).created[0]
    do(clinic, booking.attend, {again: Attendance("done")})
    assert session(clinic, again)["status"] == "made_up"


def test_every_occurrence_of_a_series_is_judged_before_anything_is_booked(clinic):
    do(clinic, booking.book, wish(clinic, NINE + timedelta(days=16), children=(clinic.third,)))
    with clinic.database.work(clinic.director) as work:
        records.save(work, CalendarDay, {"day": date(2026, 11, 23), "kind": "closed", "reason": "全院体检"})
    series = Series(wish(clinic), date(2026, 12, 4), frozenset({0, 2}))
    with clinic.database.read(clinic.li) as work:
        planned = plan_series(work, series)
    said = [(each.day.day, each.skipped, [conflict.words for conflict in each.impossible]) for each in planned]
    assert said == [
        (16, "", []),
        (18, "", []),
        (23, "全院体检: rooms closed", []),
        (25, "", []),
        (30, "", []),
        (2, "", ["李静 is already treating 王小雨 (PT), 09:00–09:30."]),
    ]
    assert len(booked(clinic)) == 1
    change = do(clinic, book_planned, planned)
    assert len(change.created) == 4
    assert len({session(clinic, key)["series_id"] for key in change.created}) == 1
    do(clinic, booking.undo, change)
    assert len(booked(clinic)) == 1


def test_the_rest_of_a_series_is_cancelled_from_one_session_on(clinic):
    with clinic.database.read(clinic.li) as work:
        planned = plan_series(work, Series(wish(clinic), date(2026, 12, 7), frozenset({0})))
    keys = do(clinic, book_planned, planned).created
    with clinic.database.work(clinic.li) as work:
        rest = booking.rest_of_series(work, keys[1])
        booking.cancel(work, rest, "away")
    assert [session(clinic, key)["status"] for key in keys] == ["booked", "cancelled", "cancelled", "cancelled"]


@pytest.mark.parametrize(
    ("last", "weekdays", "words"),
    [
        (date(2026, 12, 1), frozenset(), "at least one weekday"),
        (date(2026, 11, 1), frozenset({0}), "within a year"),
        (date(2028, 11, 1), frozenset({0}), "within a year"),
    ],
)
def test_a_senseless_series_is_refused(clinic, last, weekdays, words):
    with pytest.raises(Invalid, match=words), clinic.database.read(clinic.li) as work:
        plan_series(work, Series(wish(clinic), last, weekdays))


def test_a_week_is_copied_with_its_groups_where_it_is_free(clinic):
    do(clinic, booking.book, wish(clinic, children=(clinic.child, clinic.third)))
    do(clinic, booking.book, wish(clinic, NINE + HALF_HOUR))
    gone = do(clinic, booking.book, wish(clinic, NINE + 2 * HALF_HOUR)).created[0]
    do(clinic, booking.cancel, [gone], "away")
    do(clinic, booking.book, wish(clinic, NINE + timedelta(days=7), children=(clinic.third,)))
    with clinic.database.read(clinic.li) as work:
        planned = plan_copy(work, MONDAY, MONDAY + timedelta(days=7), therapist_id=clinic.therapist)
    assert [(len(each.wish.child_ids), each.bookable) for each in planned] == [(2, False), (1, True)]
    assert len(do(clinic, book_planned, planned).created) == 1
