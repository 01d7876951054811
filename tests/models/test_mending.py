"""What has happened becomes a repair: the best preselected, every choice weighed, approved in one step and taken back in one."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.leave import StaffLeave
from models.reminders import due_now
from models.rooms import Room
from models.scheduling import booking
from models.scheduling import change as changes
from models.scheduling.approving import approve
from models.scheduling.hit_leaves import hit_leaves
from models.scheduling.lists import makeup_list
from models.scheduling.mending import Case, Happening, Mending, disruption_of, left_alone, mend, week_to_mend, weeks_of
from models.scheduling.plan_words import change_lines
from models.scheduling.versions import versions
from models.scheduling.what_happened import sessions_hit
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import NOW
from tests.models import clinic as department
from tests.models.clinic import MONDAY, at, booked, gathered, prescribe, save

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def clinic(home):
    made = department.clinic(home)
    made.gym = save(made, Room, name="体育馆", kind="pt", capacity=6, skills=["pt"])
    prescribe(made, made.child, sessions=2)
    prescribe(made, made.third, sessions=2)
    return made


def repair(clinic, kind: str, whom: str, first: date = TUESDAY, last: date = TUESDAY, part: str = "day") -> Mending:
    happening = Happening(kind, whom, first, last, part)
    with clinic.database.read(clinic.director) as work:
        return mend(week_to_mend(work, MONDAY, happening), happening, work.now)


def approved(clinic, mending: Mending, reason: str = "therapist"):
    with clinic.database.work(clinic.director) as work:
        return approve(work, [mending], reason)


def session(clinic, key: str) -> dict:
    with clinic.database.read(clinic.director) as work:
        return queries.values(work, TherapySession, key)


def test_a_therapists_leave_gives_each_session_another_place_and_the_rest_stays(clinic):
    hit, other = booked(clinic, clinic.child, 1, "09:00"), booked(clinic, clinic.third, 3, "09:00")
    mending = repair(clinic, "therapist", clinic.li)
    assert [each.placement.day for each in mending.plan.hits] == [1]
    assert mending.outcome().lost == () and mending.outcome().clashes == {} and not mending.changed
    approved(clinic, mending)
    after = session(clinic, hit)
    assert after["status"] == "booked"
    assert (after["therapist_id"], after["starts_at"].date()) != (clinic.li, TUESDAY)
    assert session(clinic, other)["starts_at"] == at(3, "09:00")


def test_what_was_approved_is_taken_back_in_one_step(clinic):
    keys = [booked(clinic, child, 1, clock) for child, clock in ((clinic.child, "09:00"), (clinic.third, "10:00"))]
    before = [session(clinic, key) for key in keys]
    change = approved(clinic, repair(clinic, "therapist", clinic.li))
    assert set(change.ids) >= set(keys)
    with clinic.database.work(clinic.director) as work:
        changes.undo(work, change)
    names = ("starts_at", "ends_at", "therapist_id", "room_id", "status")
    assert [[session(clinic, key)[name] for name in names] for key in keys] == [
        [each[name] for name in names] for each in before
    ]


def test_a_substitute_may_be_chosen_instead(clinic):
    key = booked(clinic, clinic.child, 1, "09:00")
    mending = repair(clinic, "therapist", clinic.li)
    option = next(each for each in mending.options(0) if each.place and each.place.therapist == clinic.zhou)
    mending.choose(0, option)
    approved(clinic, mending)
    assert session(clinic, key)["therapist_id"] == clinic.zhou


def test_what_is_made_up_later_is_noted_as_lost_with_its_reason(clinic):
    key = booked(clinic, clinic.child, 1, "09:00")
    mending = repair(clinic, "therapist", clinic.li)
    mending.choose(0, mending.options(0)[-1])
    assert mending.outcome().lost == (0,) and mending.changed
    approved(clinic, mending)
    after = session(clinic, key)
    assert (after["status"], after["reason"]) == ("absent", "therapist")
    with clinic.database.read(clinic.director) as work:
        assert [each.session_id for each in makeup_list(work, MONDAY, suggest=False)] == [key]


def test_two_choices_for_one_place_are_marked_and_not_approved(clinic):
    for child, clock in ((clinic.child, "09:00"), (clinic.third, "09:30")):
        booked(clinic, child, 1, clock)
    mending = repair(clinic, "therapist", clinic.li)
    places = {
        (each.place.therapist, each.place.day, each.place.start): each for each in mending.options(0) if each.place
    }
    same, other = next(
        (places[key], each)
        for each in mending.options(1)
        if each.place and (key := (each.place.therapist, each.place.day, each.place.start)) in places
    )
    mending.choose(0, same)
    mending.choose(1, other)
    assert set(mending.outcome().clashes) == {0, 1}
    with pytest.raises(Invalid):
        approved(clinic, mending)
    mending.reset()
    assert not mending.outcome().clashes and not mending.changed


def test_a_closed_room_takes_from_every_count_of_places_just_what_it_gave(clinic):
    """Of a count by groups of two, a room for six takes three places and no more."""
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, form="group", minutes=60)
    week = gathered(clinic)
    parts = disruption_of(week, Happening("room", clinic.gym, TUESDAY, TUESDAY, "day"), NOW).parts
    assert any("@" in each.whom for each in parts), "groups are counted by their size"
    for each in parts:
        size, _at, rooms = each.whom.rpartition("@")
        others = [week.places.rooms[room].capacity for room in rooms.split("+") if room != clinic.gym]
        assert each.left == sum(capacity // int(size or 1) for capacity in others), each.whom


@pytest.mark.parametrize(("part", "count"), [("day", 2), ("morning", 1), ("afternoon", 1)])
def test_a_child_away_for_half_a_day_misses_only_what_lies_in_that_half(clinic, part, count):
    booked(clinic, clinic.child, 1, "09:00")
    booked(clinic, clinic.child, 1, "15:00")
    booked(clinic, clinic.third, 1, "10:00")
    with clinic.database.read(clinic.director) as work:
        assert sessions_hit(work, Happening("child", clinic.child, TUESDAY, TUESDAY, part)) == count


def test_a_childs_illness_hits_only_its_own_sessions(clinic):
    mine, other = booked(clinic, clinic.child, 1, "09:00"), booked(clinic, clinic.third, 1, "10:00")
    mending = repair(clinic, "child", clinic.child, MONDAY, MONDAY + timedelta(days=4))
    assert len(mending.plan.hits) == 1 and mending.outcome().lost == (0,)
    approved(clinic, mending, "ill")
    assert session(clinic, mine)["reason"] == "ill" and session(clinic, other)["status"] == "booked"


def test_a_closed_room_sends_its_sessions_to_another_at_the_same_time(clinic):
    key = booked(clinic, clinic.child, 1, "09:00")
    mending = repair(clinic, "room", clinic.hall)
    approved(clinic, mending, "equipment")
    after = session(clinic, key)
    assert (after["room_id"], after["starts_at"]) == (clinic.small, at(1, "09:00"))


def test_a_closed_morning_leaves_the_afternoon_alone(clinic):
    booked(clinic, clinic.child, 1, "09:00")
    booked(clinic, clinic.third, 1, "15:00")
    mending = repair(clinic, "day", "", part="morning")
    assert len(mending.plan.hits) == 1
    ((_old, new),) = mending.plan.replaced
    assert new.day != 1 or new.start >= 11


def test_what_has_begun_already_is_not_hit(clinic):
    today = clinic.database.clock().date()
    booked(clinic, clinic.child, -3, "09:00")
    happening = Happening("therapist", clinic.li, today, today)
    with clinic.database.read(clinic.director) as work:
        monday = today - timedelta(days=today.weekday())
        mending = mend(week_to_mend(work, monday, happening), happening, work.now)
    assert mending.plan.hits == ()


def test_what_somebody_has_moved_meanwhile_is_not_overwritten(clinic):
    key = booked(clinic, clinic.child, 1, "09:00")
    mending = repair(clinic, "therapist", clinic.li)
    with clinic.database.work(clinic.director) as work:
        booking.move(work, key, at(1, "10:00"), at(1, "10:30"))
    with pytest.raises(Invalid):
        approved(clinic, mending)
    assert session(clinic, key)["starts_at"] == at(1, "10:00")


def test_what_stands_against_a_rule_knowingly_is_not_tidied_up_by_a_repair(clinic):
    booked(clinic, clinic.child, 1, "09:00")
    kept = booked(clinic, clinic.third, 3, "11:00", minutes=60)
    mending = repair(clinic, "therapist", clinic.li)
    assert mending.plan.moved == () and mending.outcome().clashes == {}
    approved(clinic, mending)
    assert session(clinic, kept)["starts_at"] == at(3, "11:00")


def test_a_leave_with_booked_sessions_is_told_until_it_is_mended(clinic):
    booked(clinic, clinic.child, 1, "09:00")
    leave = save(clinic, StaffLeave, staff_id=clinic.li, kind="annual", starts_on=TUESDAY, ends_on=TUESDAY, part="day")
    with clinic.database.read(clinic.director) as work:
        assert [(each.leave_id, each.sessions) for each in hit_leaves(work)] == [(leave, 1)]
        assert any("李静" in due.text and due.page == "planner" for due in due_now(work))
        assert hit_leaves(work, work.now + timedelta(hours=1)) == []
    approved(clinic, repair(clinic, "therapist", clinic.li))
    with clinic.database.read(clinic.director) as work:
        assert hit_leaves(work) == []


# --- versions of the week ---


def versions_of(clinic, monday: date = MONDAY) -> list[tuple]:
    with clinic.database.read(clinic.director) as work:
        return [(each["number"], each["stage"], each["origin"], each["changed"]) for each in versions(work, monday)]


def lines_of(clinic, number: int, monday: date = MONDAY) -> list[str]:
    with clinic.database.read(clinic.director) as work:
        found = next(each for each in versions(work, monday) if each["number"] == number)
        return [each.words for each in change_lines(work, found["id"])]


def case(clinic, kind: str, whom: str, first: date, last: date) -> Case:
    happening = Happening(kind, whom, first, last)
    with clinic.database.read(clinic.director) as work:
        mondays = weeks_of(happening, work.today, 6)
        return Case(happening, [mend(week_to_mend(work, each, happening), happening, work.now) for each in mondays])


def test_an_approved_repair_is_a_version_of_its_week_with_its_change_list(clinic):
    booked(clinic, clinic.child, 1, "09:00")
    missed = booked(clinic, clinic.third, 1, "10:00")
    mending = repair(clinic, "therapist", clinic.li)
    mending.choose(1, mending.options(1)[-1])
    change = approved(clinic, mending)
    assert versions_of(clinic) == [(1, "published", "repair", 2)]
    assert lines_of(clinic, 1)[1] == "王小雨 PT: to be made up, was 11-24 10:00–10:30 李静 PT大厅"
    assert lines_of(clinic, 1)[0].startswith("曾小乐 PT: from 11-24 09:00–09:30 李静 PT大厅 to ")
    with clinic.database.work(clinic.director) as work:
        again = changes.undo(work, change)
    assert versions_of(clinic) == [(1, "withdrawn", "repair", 2)] and session(clinic, missed)["status"] == "booked"
    with clinic.database.work(clinic.director) as work:
        changes.undo(work, again)
    assert versions_of(clinic) == [(1, "published", "repair", 2)] and session(clinic, missed)["status"] == "absent"


def test_the_second_of_two_repairs_is_taken_back_to_the_first_and_the_first_alone_leaves_the_second(clinic):
    booked(clinic, clinic.child, 1, "09:00"), booked(clinic, clinic.third, 3, "09:00")
    first = approved(clinic, repair(clinic, "therapist", clinic.li))
    thursday = MONDAY + timedelta(days=3)
    second = approved(clinic, repair(clinic, "therapist", clinic.li, thursday, thursday))
    assert [each[:2] for each in versions_of(clinic)] == [(2, "published"), (1, "superseded")]
    with clinic.database.work(clinic.director) as work:
        changes.undo(work, first)
    assert [each[:2] for each in versions_of(clinic)] == [(2, "published"), (1, "withdrawn")]
    with clinic.database.work(clinic.director) as work:
        changes.undo(work, second)
    assert [each[:2] for each in versions_of(clinic)] == [(2, "withdrawn"), (1, "withdrawn")]


def test_the_note_of_a_version_names_the_therapist_but_never_a_child(clinic):
    booked(clinic, clinic.child, 1, "09:00"), booked(clinic, clinic.third, 3, "09:00")
    approved(clinic, repair(clinic, "child", clinic.child))
    approved(clinic, repair(clinic, "therapist", clinic.li, MONDAY + timedelta(days=3), MONDAY + timedelta(days=3)))
    with clinic.database.read(clinic.director) as work:
        notes = [each["note"] for each in versions(work, MONDAY)]
    assert notes == ["Therapist away · 李静 · 2026-11-26", "Child cannot come · 2026-11-24"]


def test_a_leave_of_a_fortnight_is_one_list_one_approval_and_one_step_back(clinic):
    keys = [booked(clinic, clinic.child, 1, "09:00", weeks=week) for week in (0, 1)]
    spared = booked(clinic, clinic.third, 3, "09:00", weeks=2)
    found = case(clinic, "therapist", clinic.li, MONDAY, MONDAY + timedelta(days=11))
    assert [week.gathered.monday for week, _index in found.rows] == [MONDAY, MONDAY + timedelta(weeks=1)]
    with clinic.database.work(clinic.director) as work:
        change = approve(work, found.weeks, "therapist")
    after = [session(clinic, key) for key in keys]
    assert all(each["therapist_id"] == clinic.zhou for each in after)
    assert [each["starts_at"].isocalendar().week for each in after] == [48, 49], "each stays in its own week"
    assert session(clinic, spared)["therapist_id"] == clinic.li
    assert [len(versions_of(clinic, MONDAY + timedelta(weeks=week))) for week in (0, 1, 2)] == [1, 1, 0]
    with clinic.database.work(clinic.director) as work:
        changes.undo(work, change)
    assert [session(clinic, key)["therapist_id"] for key in keys] == [clinic.li, clinic.li]
    assert [versions_of(clinic, MONDAY + timedelta(weeks=week))[0][1] for week in (0, 1)] == ["withdrawn", "withdrawn"]


def test_a_fortnight_is_not_half_repaired_when_somebody_was_faster_in_one_week(clinic):
    first, second = (booked(clinic, clinic.child, 1, "09:00", weeks=week) for week in (0, 1))
    found = case(clinic, "therapist", clinic.li, MONDAY, MONDAY + timedelta(days=11))
    with clinic.database.work(clinic.director) as work:
        booking.cancel(work, [second], "other")
    with pytest.raises(Invalid), clinic.database.work(clinic.director) as work:
        approve(work, found.weeks, "therapist")
    assert session(clinic, first)["therapist_id"] == clinic.li and versions_of(clinic) == []


def test_who_finds_no_place_is_put_into_a_group_that_goes_on(clinic):
    """李静 is away on Tuesday; 周航 leads a group for which 曾小乐 is free, and nobody else has an hour left."""
    for child in (clinic.third, clinic.other):
        prescribe(clinic, child, form="group", sessions=1)
    group = booked(clinic, (clinic.third, clinic.other), 2, "09:00", therapist_id=clinic.zhou, room_id=clinic.gym)
    alone = booked(clinic, clinic.child, 1, "09:00")
    with clinic.database.work(clinic.director) as work:
        for therapist, days in ((clinic.zhou, ["3"]), (clinic.li, ["2"])):
            records.save(
                work, Staff, {"work_days": days, "works_until": time(9, 30), "works_from": time(9)}, id=therapist
            )
    mending = repair(clinic, "therapist", clinic.li)
    assert [each.kind for each in mending.choices.values()] == ["group"] and mending.outcome().lost == ()
    approved(clinic, mending)
    after, host = session(clinic, alone), session(clinic, group)
    assert (after["sitting_id"], after["form"], after["starts_at"]) == (host["sitting_id"], "group", at(2, "09:00"))
    assert lines_of(clinic, 1) == [
        "曾小乐 PT: from 11-24 09:00–09:30 李静 PT大厅 into the group 11-25 09:00–09:30 周航 体育馆"
    ]


def test_a_guest_of_a_group_is_not_sent_elsewhere_while_the_group_meets(clinic):
    """曾小乐 sits in the group without a prescription for it: the repair knows that the child is there."""
    for child in (clinic.third, clinic.other):
        prescribe(clinic, child, form="group", sessions=1, minutes=60)
    booked(
        clinic,
        (clinic.third, clinic.other, clinic.child),
        2,
        "09:00",
        therapist_id=clinic.zhou,
        room_id=clinic.gym,
        minutes=60,
    )
    booked(clinic, clinic.child, 1, "09:00")
    mending = repair(clinic, "therapist", clinic.li)
    problem = mending.gathered.problem
    meeting = next(each for each in mending.gathered.session_of if len(problem.tasks[each.task].children) == 2)
    busy = problem.children[clinic.child].busy
    assert [busy.get((meeting.day, meeting.start + each)) for each in (0, 1)] == ["booked", "booked"]
    approved(clinic, mending)


def test_a_client_without_an_agreement_is_left_alone_and_does_not_hold_up_the_others(clinic):
    hit, lapsed = booked(clinic, clinic.child, 1, "09:00"), booked(clinic, clinic.third, 1, "10:00")
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Child, {"outreach": True}, id=clinic.third, confirmed=True)
    mending = repair(clinic, "therapist", clinic.li)
    assert [
        mending.gathered.sittings[mending.gathered.session_of[each.placement]].children for each in mending.plan.hits
    ] == [(clinic.child,)]
    with clinic.database.read(clinic.director) as work:
        (words,) = left_alone(work, MONDAY, mending.happening)
    assert words.startswith("王小雨, 11-24 10:00: left as it is, for no service agreement holds")
    approved(clinic, mending)
    assert session(clinic, lapsed)["starts_at"] == at(1, "10:00") and session(clinic, hit)["status"] == "booked"
