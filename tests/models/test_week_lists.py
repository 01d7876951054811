"""What waits, what is missed, and what a leave or a closed room hits, each said with names and reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.core import records
from models.core.errors import Unconfirmed
from models.core.queries import load
from models.leave import Absence, StaffLeave
from models.rooms import Equipment, Room
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.scheduling.hits import sessions_hit_by_leave, sessions_over
from models.scheduling.lists import makeup_list, waiting_list
from models.scheduling.places import NOWHERE, resource_words
from models.scheduling.reasons import Fact, explain
from models.scheduling.week_plan import WeekPlan
from resources import use_language
from tests.models import clinic as department
from tests.models.clinic import MONDAY, booked, gathered, place, prescribe, save
from tests.models.week_acts import propose

# --- lists ---


def test_the_waiting_list_says_who_waits_since_when_and_why(clinic):
    key = prescribe(clinic, clinic.child, "HYD", sessions=2, priority=3)
    prescribe(clinic, clinic.third, sessions=1)
    booked(clinic, clinic.third, 0, "09:00")
    booked(clinic, clinic.child, 0, "10:00", weeks=-2, therapy="HYD", room_id=None)
    booked(clinic, clinic.child, 2, "10:00", weeks=-2, therapy="HYD", room_id=None)
    booked(clinic, clinic.child, 1, "10:00", therapy="HYD", room_id=None)
    week = gathered(clinic)
    placements = [place(week, key, clinic.li, 1, "10:00")]
    propose(clinic, week, placements, reasons={key: explain(week.problem, placements, key)})
    with clinic.database.read(clinic.director) as work:
        (line,) = waiting_list(work, MONDAY)
    assert (line.prescription_id, line.child, line.wanted, line.placed, line.missing) == (key, "曾小乐", 2, 1, 1)
    assert (line.since, line.priority) == (MONDAY - timedelta(weeks=1), 3)
    assert "曾小乐" in line.reason and "⟦" not in line.reason
    with clinic.database.read(department.actor("therapist", staff_id=clinic.zhou)) as work:
        assert waiting_list(work, MONDAY) == [], "not entrusted to this therapist"


def reasons_read(clinic) -> list[str]:
    """The reasons on the waiting list, in English and in Chinese."""
    found = []
    for language in ("en", "zh_CN"):
        use_language(language)
        with clinic.database.read(clinic.director) as work:
            found += [line.reason for line in waiting_list(work, MONDAY)]
    return found


@pytest.mark.parametrize("planner", ["en", "zh_CN"])
def test_a_reason_is_said_in_the_language_of_whoever_reads_it(clinic, planner):
    key = prescribe(clinic, clinic.child, "HYD", sessions=3)
    week = gathered(clinic)
    use_language(planner)
    reasons = {key: explain(week.problem, (), key)}
    reasons[key] = replace(
        reasons[key], rule="resource", times=5,
        facts=(
            Fact("barred", 2, (clinic.child,), ("fever",), until=(1, 2)),
            Fact("never_there", 1, (clinic.li,)),
            Fact("resource", 4, (f"2@{'+'.join(sorted(week.places.rooms))}", NOWHERE)),
        ),
    )  # fmt: skip
    propose(clinic, week, [], reasons=reasons)
    english, chinese = reasons_read(clinic)
    for sentence, language in ((english, "en"), (chinese, "zh_CN")):
        use_language(language)
        fresh = gathered(clinic)
        names = {
            **fresh.names,
            **{each: resource_words(each, fresh.places.names) for each in reasons[key].facts[2].whom},
        }
        assert sentence == reasons[key].words(names, fresh.problem.grid)
        assert "曾小乐" in sentence and all(room.name in sentence for room in list(fresh.places.rooms.values())[:1])
    assert "waits for 3 sessions" in english and "waits" not in chinese


def test_a_reason_kept_as_a_sentence_in_earlier_days_is_still_read(clinic):
    key = prescribe(clinic, clinic.child, "HYD", sessions=1)
    week = gathered(clinic)
    plan = propose(clinic, week, [], reasons={key: explain(week.problem, (), key)})
    with clinic.database.work(clinic.director) as work:
        kept = load(work, WeekPlan, plan)
        kept.queue = [{**each, "reason": f"⟦{clinic.child}⟧ 水疗未排：⟦{clinic.li}⟧ 已排满。"} for each in kept.queue]
    assert reasons_read(clinic) == ["曾小乐 水疗未排：李静 已排满。"] * 2


def test_missed_sessions_are_listed_with_free_places_the_same_therapist_first(clinic):
    prescribe(clinic, clinic.child, sessions=1)
    missed = booked(clinic, clinic.child, 0, "09:00", weeks=-1)
    with clinic.database.work(clinic.director) as work:
        booking.attend(work, {missed: Attendance("absent", "ill")})
    with clinic.database.read(clinic.director) as work:
        (line,) = makeup_list(work, date(2026, 11, 1))
    assert (line.session_id, line.child, line.therapist, line.minutes) == (missed, "曾小乐", "李静", 30)
    assert line.suggestions and all(
        each.usual and each.starts_at >= department.at(-3, "09:30") for each in line.suggestions
    )
    first = line.suggestions[0]
    booked(clinic, clinic.child, -3, f"{first.starts_at:%H:%M}", makes_up_id=missed)
    with clinic.database.read(clinic.director) as work:
        assert makeup_list(work, date(2026, 11, 1)) == []


# --- leave, rooms and equipment ---


def test_a_leave_says_which_booked_sessions_it_hits(clinic):
    hit, _afternoon = booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.third, 0, "14:00")
    leave = Absence(clinic.li, "annual", MONDAY, MONDAY, "morning")
    with clinic.database.read(clinic.director) as work:
        assert [each.session_id for each in sessions_hit_by_leave(work, leave)] == [hit]
    values = {"staff_id": clinic.li, "kind": "annual", "starts_on": MONDAY, "ends_on": MONDAY, "part": "day"}
    with pytest.raises(Unconfirmed) as asked, clinic.database.work(clinic.director) as work:
        records.save(work, StaffLeave, values)
    assert "2 booked sessions are hit" in str(asked.value) and "曾小乐" in str(asked.value)


def test_a_group_stays_or_goes_as_a_whole_where_a_room_has_fewer_places(clinic):
    booked(clinic, (clinic.child, clinic.third), 0, "09:00", minutes=60)
    with clinic.database.read(clinic.director) as work:
        hit = {left: [each.child for each in sessions_over(work, "room", clinic.hall, left)] for left in (2, 1)}
    assert hit[2] == [] and sorted(hit[1]) == ["曾小乐", "王小雨"]


def test_fewer_places_or_a_closed_room_name_the_sessions_that_have_none(clinic):
    for child in (clinic.child, clinic.third):
        booked(clinic, child, 0, "09:00", therapist_id=clinic.li if child == clinic.child else clinic.zhou)
    with clinic.database.read(clinic.director) as work:
        assert (
            len(sessions_over(work, "room", clinic.hall, 1)) == 1
            and len(sessions_over(work, "room", clinic.hall, 2)) == 0
        )
    for values, count in (({"capacity": 1}, "1 booked session"), ({"closed": True}, "2 booked sessions")):
        with pytest.raises(Unconfirmed) as asked, clinic.database.work(clinic.director) as work:
            records.save(work, Room, values, id=clinic.hall)
        assert count in str(asked.value) and "王小雨" in str(asked.value)
    frame = save(clinic, Equipment, name="站立架", quantity=1)
    booked(clinic, clinic.other, 1, "09:00", equipment_id=frame)
    use_language("zh_CN")
    with pytest.raises(Unconfirmed, match="影响 1 次已预约的训练"), clinic.database.work(clinic.director) as work:
        records.save(work, Equipment, {"out_of_use": True}, id=frame)
