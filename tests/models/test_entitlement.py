"""The entitlement ledger: whatever is booked, lost or made up, its columns close, and its days add up."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import fields
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from models.core import records
from models.core.access import SYSTEM
from models.core.record import new_id
from models.entitlement import Figures, Held, Prescription, account, closes, entitled, lost_because, span_of
from models.entitlement_home import ledger, sessions_behind
from models.holidays import CalendarDay, day_kind
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.staff import Staff
from models.therapy import TherapySession

MONDAY = date(2026, 9, 28)
"""The week before National Day: a short week, a closed week and a working Saturday lie in what follows."""
NOW = datetime(2026, 10, 28, 12, 0)
STATUSES = ("booked", "done", "late", "absent", "cancelled")
REASONS = ("ill", "away", "school", "refused", "therapist", "equipment", "power", "other")


def weeks_from(monday: date, count: int) -> dict[date, bool]:
    return {
        monday + timedelta(days=each): day_kind(monday + timedelta(days=each)).open for each in range(7 * count)
    }  # fmt: skip


def a_span(first: date, last: date, carried_from: date | None = None, now: datetime = NOW):
    begin = carried_from or first
    monday = begin - timedelta(days=begin.weekday())
    kinds = weeks_from(monday, ((last - monday).days // 7) + 1)
    return span_of(first, last, now, kinds, carried_from=begin)


def held(day: date, status: str = "done", hour: int = 9, reason: str | None = None, missed: int = 0, **more) -> Held:
    begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
    return Held(
        new_id(), begin, begin + timedelta(minutes=30), status, reason, missed, more.get("makes_up", False), "li"
    )


@st.composite
def situations(draw):
    """Five weeks of one therapy: prescriptions that begin and end anywhere, and sessions of every kind."""
    days = st.integers(0, 34).map(lambda each: MONDAY + timedelta(days=each))
    prescriptions = []
    for _each in range(draw(st.integers(0, 2))):
        first, last = sorted((draw(days), draw(days)))
        if not any(first <= other.last and last >= other.first for other in prescriptions):
            prescriptions.append(Prescription(first, last, draw(st.integers(1, 7)), 30))
    sessions = []
    for _each in range(draw(st.integers(0, 20))):
        day, makes_up = draw(days), draw(st.booleans()) and draw(st.booleans())
        status = draw(st.sampled_from((*STATUSES, "made_up") if makes_up else STATUSES))
        reason = draw(st.sampled_from(REASONS)) if status in ("absent", "cancelled") else None
        missed = draw(st.integers(1, 20)) if status == "late" else 0
        sessions.append(held(day, status, draw(st.integers(8, 16)), reason, missed, makes_up=makes_up))
    return prescriptions, sorted(sessions, key=lambda each: each.starts_at)


WHOLE = (MONDAY, MONDAY + timedelta(days=34))


@settings(max_examples=300, deadline=None)
@given(situations(), st.integers(0, 34), st.integers(0, 34))
def test_the_columns_always_close(situation, start, length):
    first = MONDAY + timedelta(days=start)
    span = a_span(first, min(first + timedelta(days=length), WHOLE[1]), MONDAY)
    made = account(span, *situation)
    assert not list(closes(made.figures))
    assert sum(made.lost_by.values()) == made.figures.lost
    for name in ("planned", "delivered", "lost", "to_come", "unrecorded", "made_up", "beyond", "short"):
        assert len(made.behind(name)) == getattr(made.figures, name)
    assert all(count >= 0 for name, count in vars_of(made.figures).items() if name != "owed")


def vars_of(figures: Figures) -> dict[str, int]:
    return {each.name: getattr(figures, each.name) for each in fields(figures)}


@settings(max_examples=200, deadline=None)
@given(situations(), st.integers(0, 33))
def test_two_spans_that_follow_each_other_add_up_to_the_whole(situation, cut):
    middle = MONDAY + timedelta(days=cut)
    whole = account(a_span(*WHOLE), *situation).figures
    before = account(a_span(MONDAY, middle), *situation).figures
    after = account(a_span(middle + timedelta(days=1), WHOLE[1]), *situation).figures
    before.add(after)
    assert vars_of(before) == vars_of(whole)


@settings(max_examples=200, deadline=None)
@given(situations())
def test_the_whole_agrees_with_a_count_that_knows_nothing_of_days(situation):
    """Week by week, by hand: what is asked for, what was planned, and the difference between them."""
    prescriptions, sessions = situation
    figures = account(a_span(*WHOLE), prescriptions, sessions).figures
    regular = [each for each in sessions if not each.makes_up]
    booked = Counter((each.starts_at.date() - MONDAY).days // 7 for each in regular)
    missing = beyond = 0
    for week in range(5):
        days = [MONDAY + timedelta(days=7 * week + each) for each in range(7)]
        asked = [p.sessions for day in days if day_kind(day).open for p in prescriptions if p.first <= day <= p.last]
        due = min(max(asked), int(sum(asked) / 5 + 0.5)) if asked else 0
        missing += max(0, due - booked[week])
        beyond += max(0, booked[week] - due)
    assert figures.never + figures.to_plan == missing and figures.beyond == beyond
    assert figures.delivered == sum(each.status in ("done", "late") for each in regular)
    assert figures.lost == sum(each.status in ("absent", "cancelled") for each in regular)
    assert figures.made_up == sum(each.makes_up and each.status in ("done", "late", "made_up") for each in sessions)


@settings(max_examples=100, deadline=None)
@given(situations(), st.integers(1, 34))
def test_what_is_owed_is_carried_on_but_never_what_was_given_too_much(situation, start):
    first = MONDAY + timedelta(days=start)
    before = account(a_span(MONDAY, first - timedelta(days=1)), *situation).figures
    carried = account(a_span(first, WHOLE[1], MONDAY), *situation).figures.carried
    assert carried == max(0, before.owed)


def test_a_short_week_asks_for_its_share_and_a_long_one_for_no_more():
    assert entitled([2] * 5, 5) == 2 and entitled([2] * 6, 5) == 2
    assert entitled([2] * 3, 5) == 1 and entitled([5] * 3, 5) == 3 and entitled([1] * 2, 5) == 0
    assert entitled([2, 2, 2, 3, 3], 5) == 2, "the plan changed in the week"


def test_the_week_of_national_day_owes_nothing():
    span = a_span(date(2026, 10, 1), date(2026, 10, 7), now=datetime(2026, 11, 1))
    figures = account(span, [Prescription(MONDAY, date(2026, 12, 31), 3, 30)], []).figures
    assert figures.prescribed == 0 and figures.owed == 0


def test_what_nobody_planned_is_never_planned_only_when_the_week_is_over():
    prescriptions = [Prescription(date(2026, 1, 1), date(2026, 12, 31), 2, 30)]
    week = (date(2026, 10, 26), date(2026, 11, 1))
    during = account(a_span(*week, now=datetime(2026, 10, 30, 20)), prescriptions, []).figures
    after = account(a_span(*week, now=datetime(2026, 10, 31, 8)), prescriptions, []).figures
    assert (during.to_plan, during.never, during.owed) == (2, 0, 0)
    assert (after.to_plan, after.never, after.owed) == (0, 2, 2)


def test_a_cancelled_session_booked_anew_in_the_same_week_leaves_nothing_owed():
    prescriptions = [Prescription(date(2026, 1, 1), date(2026, 12, 31), 1, 30)]
    sessions = [held(date(2026, 10, 19), "cancelled", reason="therapist"), held(date(2026, 10, 21))]
    figures = account(a_span(date(2026, 10, 19), date(2026, 10, 25)), prescriptions, sessions).figures
    assert (figures.lost, figures.beyond, figures.delivered, figures.owed) == (1, 1, 1, 0)


def test_minutes_stand_beside_the_counts_and_a_session_cut_short_is_told():
    prescriptions = [Prescription(date(2026, 1, 1), date(2026, 12, 31), 2, 30)]
    sessions = [held(date(2026, 10, 19)), held(date(2026, 10, 21), "late", missed=10)]
    made = account(a_span(date(2026, 10, 19), date(2026, 10, 25)), prescriptions, sessions)
    figures = made.figures
    assert (figures.minutes_prescribed, figures.minutes_delivered, figures.minutes_missed) == (60, 50, 10)
    assert (figures.delivered, figures.short) == (2, 1) and made.behind("short") == [sessions[1].id]


def test_a_session_lost_on_a_closed_day_was_lost_to_the_holiday():
    assert lost_because("other", open_day=False) == "holiday"
    assert lost_because("power") == "room" and lost_because("away") == "outing" and lost_because(None) == "other"


# --- the home ---------------------------------------------------------------------------------------


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    """A child with an approved plan: PT three times, OT once a week."""
    with home.database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
    made = SimpleNamespace(**vars(home), therapist=therapist)
    made.plan = plan(made, date(2026, 9, 1), date(2027, 2, 28), (("PT", 3), ("OT", 1)))
    return made


def plan(clinic, first: date, last: date, therapies, state: str = "approved", **given) -> str:
    key = new_id()
    with clinic.database.work(SYSTEM) as work:
        work.bulk(RehabilitationPlan, [{
            "id": key, "child_id": clinic.child, "state": state, "starts_on": first, "ends_on": last, "review_on": last,
            "findings": "独坐不稳", **given,
        }])  # fmt: skip
        work.bulk(PlannedTherapy, [
            {"child_id": clinic.child, "plan_id": key, "therapy": therapy, "sessions_a_week": often, "minutes": 30, "form": "single"}
            for therapy, often in therapies
        ])  # fmt: skip
    return key


def put(clinic, *rows) -> list[str]:
    """Sessions as (day, status, more)."""
    made = []
    for day, status, *more in rows:
        values = more[0] if more else {}
        begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=values.pop("hour", 9))
        key = new_id()
        made.append({
            "id": key, "child_id": clinic.child, "therapist_id": clinic.therapist, "therapy": "PT", "form": "single",
            "starts_at": begin, "ends_at": begin + timedelta(minutes=30), "sitting_id": key, "status": status,
            "state": "submitted" if status != "booked" else "draft", **values,
        })  # fmt: skip
    with clinic.database.work(SYSTEM) as work:
        work.bulk(TherapySession, made)
    return [each["id"] for each in made]


def november(clinic, **asked):
    with clinic.database.read(clinic.director) as work:
        return ledger(work, date(2026, 11, 1), date(2026, 11, 30), **asked)


def row_of(found, therapy: str):
    return next(each for each in found.rows if each.therapy == therapy)


def test_the_home_reads_plan_calendar_and_sessions_into_one_line_a_therapy(clinic):
    lost, *_rest = put(
        clinic, (date(2026, 11, 3), "absent", {"reason": "ill"}), (date(2026, 11, 4), "done"), (date(2026, 11, 5), "done"),
        (date(2026, 11, 24), "booked"),
    )  # fmt: skip
    put(clinic, (date(2026, 11, 10), "made_up", {"makes_up_id": lost}))
    found = november(clinic)
    row = row_of(found, "PT")
    figures = row.figures
    # Four whole weeks and the Monday of a fifth, of which the month has no share: it falls due on the Friday after.
    assert (figures.prescribed, figures.planned, figures.delivered, figures.lost) == (12, 4, 2, 1)
    assert (figures.never, figures.to_plan, figures.to_come, figures.made_up) == (3, 5, 1, 1)
    assert row.account.lost_by == {"ill": 1} and row.behind("lost:ill") == [lost]
    assert not list(closes(figures)) and found.therapists == {clinic.therapist: "李静"}
    assert row.level == "red" and figures.owed == figures.carried + 3
    assert found.by_child()[0].figures.prescribed == 12 + row_of(found, "OT").figures.prescribed
    with clinic.database.read(clinic.director) as work:
        (line,) = sessions_behind(work, row.behind("lost:ill"))
    assert (line.child, line.therapist, line.status, line.reason) == ("曾小乐", "李静", "absent", "ill")


def test_a_younger_plan_takes_the_place_of_the_one_before_and_an_archived_one_still_counts(clinic):
    plan(clinic, date(2026, 3, 1), date(2026, 8, 31), (("PT", 5),), state="archived", closed_on=date(2026, 8, 14))
    plan(clinic, date(2026, 10, 19), date(2027, 4, 1), (("PT", 1),))
    plan(clinic, date(2026, 6, 1), date(2027, 4, 1), (("ST", 5),), state="draft")
    with clinic.database.read(clinic.director) as work:
        august = ledger(work, date(2026, 8, 3), date(2026, 8, 30))
        october = ledger(work, date(2026, 10, 12), date(2026, 10, 25))
    assert row_of(august, "PT").figures.prescribed == 10
    assert row_of(october, "PT").figures.prescribed == 3 + 1
    assert {each.therapy for each in october.rows} == {"PT", "OT"}


def test_a_home_that_closes_a_week_owes_nothing_for_it(clinic):
    with clinic.database.work(clinic.director) as work:
        for day in range(9, 14):
            records.save(work, CalendarDay, {"day": date(2026, 11, day), "kind": "closed", "reason": "装修"})
    put(clinic, (date(2026, 11, 9), "cancelled", {"reason": "other"}))
    row = row_of(november(clinic), "PT")
    week = next(each for each in row.account.weeks if each.monday == date(2026, 11, 9))
    assert (week.open_days, week.entitled, week.planned) == (0, 0, 1)
    assert row.account.lost_by == {"holiday": 1}


def test_more_of_one_therapy_does_not_pay_for_another(clinic):
    put(clinic, *((date(2026, 9, day), "done", {"therapy": "OT"}) for day in (7, 8, 9, 10, 11)))
    with clinic.database.read(clinic.director) as work:
        found = ledger(work, date(2026, 9, 7), date(2026, 9, 13))
    (child,) = found.by_child()
    assert row_of(found, "OT").owed < 0 < row_of(found, "PT").owed == child.owed


def test_those_who_see_one_unit_get_the_ledger_of_its_children_only(clinic):
    from tests.conftest import actor

    put(clinic, (date(2026, 11, 3), "done"), (date(2026, 11, 3), "done", {"child_id": clinic.other, "hour": 10}))
    with clinic.database.read(clinic.care) as work:
        mine = ledger(work, date(2026, 11, 1), date(2026, 11, 30))
    with clinic.database.read(actor("therapist", staff_id=clinic.therapist)) as work:
        nobody = ledger(work, date(2026, 11, 1), date(2026, 11, 30))
    assert {each.name for each in mine.rows} == {"曾小乐"} and not nobody.rows
    assert {each.name for each in november(clinic).rows} == {"曾小乐", "阿依古丽·买买提"}


def test_a_whole_home_of_four_hundred_is_read_in_a_handful_of_queries(home):
    """The count of queries is what makes it fast; seconds are measured in the benchmarks."""
    clinic = SimpleNamespace(**vars(home))
    with home.database.work(SYSTEM) as work:
        clinic.therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
    plan(clinic, date(2026, 9, 1), date(2027, 2, 28), (("PT", 3), ("OT", 1)))
    put(clinic, *((date(2026, 11, day), "done") for day in range(2, 7)))
    asked = []

    def note(*args):
        asked.append(args[2])

    event.listen(home.database.engine, "before_cursor_execute", note)
    begin = time.perf_counter()
    november(clinic)
    event.remove(home.database.engine, "before_cursor_execute", note)
    assert len([each for each in asked if each.lstrip().upper().startswith("SELECT")]) <= 10
    assert time.perf_counter() - begin < 5
