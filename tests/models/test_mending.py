"""What has happened becomes a repair: the best preselected, every choice weighed, approved in one step and taken back in one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.core import queries
from models.core.errors import Invalid
from models.leave import StaffLeave
from models.reminders import due_now
from models.scheduling import booking
from models.scheduling import change as changes
from models.scheduling.lists import makeup_list
from models.scheduling.mending import Happening, Mending, approve, hit_leaves, mend, week_to_mend
from models.therapy import TherapySession
from tests.models import clinic as department
from tests.models.clinic import MONDAY, at, booked, prescribe, save

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def clinic(home):
    made = department.clinic(home)
    prescribe(made, made.child, sessions=2)
    prescribe(made, made.third, sessions=2)
    return made


def repair(clinic, kind: str, whom: str, first: date = TUESDAY, last: date = TUESDAY, part: str = "day") -> Mending:
    happening = Happening(kind, whom, first, last, part)
    with clinic.database.read(clinic.director) as work:
        return mend(week_to_mend(work, MONDAY, happening), happening, work.now)


def approved(clinic, mending: Mending, reason: str = "therapist"):
    with clinic.database.work(clinic.director) as work:
        return approve(work, mending, reason)


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
    assert all(each.day != 1 or each.start >= 11 for old, each in mending.plan.replaced)


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
