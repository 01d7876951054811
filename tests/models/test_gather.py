"""The home's own week becomes a problem to plan: who can when, what is wanted, what stands already."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.education import STAGES, Schooling
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.medical import Diagnosis, MedicalVisit
from models.placement import Placement as Stay
from models.precautions import Precaution
from models.rooms import Equipment, Room
from models.routines import Routine, StaffCommitment
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.scheduling.engine import solve
from models.scheduling.gather import rooms_for, without_room
from models.scheduling.levels import breaches
from models.scheduling.people import busy_words
from models.scheduling.places import NOWHERE, Need, Place, Places, counted, settle_rooms
from models.scheduling.places import Stay as RoomStay
from models.scheduling.problem import Placement
from models.scheduling.wanted import share
from models.staff import Staff
from resources import use_language
from tests.factories import make
from tests.models import clinic as department
from tests.models.clinic import MONDAY, at, booked, gathered, place, prescribe, save


@pytest.fixture
def clinic(home):
    return department.clinic(home)


def clocks(week, slots, day: int) -> list[str]:
    """The times of a day at which some slots begin."""
    return [week.problem.grid.clock(slot) for other, slot in sorted(slots) if other == day]


# --- what is wanted ---


def test_a_prescription_in_force_becomes_a_task_with_its_wishes(clinic):
    key = prescribe(clinic, clinic.child, sessions=3, therapist_id=clinic.zhou, half="afternoon", priority=3)
    week = gathered(clinic)
    task = week.problem.tasks[key]
    assert (task.children, task.therapy, task.sessions, task.slots) == ((clinic.child,), "PT", 3, 1)
    assert (task.therapist, task.half, task.priority) == (clinic.zhou, "afternoon", 3)
    assert week.names[key] == "曾小乐 PT" and week.wants[key].sources == (key,)
    assert set(week.problem.able(task)) == {clinic.li, clinic.zhou}


def test_what_is_over_or_not_begun_is_not_wanted(clinic):
    over = prescribe(clinic, clinic.child, starts_on=date(2026, 9, 1), ends_on=MONDAY - timedelta(days=1))
    later = prescribe(clinic, clinic.child, "ST", starts_on=MONDAY + timedelta(days=2))
    week = gathered(clinic)
    assert over not in week.problem.tasks
    barred = week.problem.tasks[later].barred
    assert {day for day, _slot in barred} == {0, 1} and set(barred.values()) == {"outside"}


def test_a_child_that_left_is_not_planned(clinic):
    key = prescribe(clinic, clinic.third)
    with clinic.database.work(SYSTEM) as work:
        work.get(Child, clinic.third).placement = "left"
    assert key not in gathered(clinic).problem.tasks


@pytest.mark.parametrize(("minutes", "slot"), [(30, 30), (45, 15), (20, 10), (25, 5)])
def test_the_slot_is_the_longest_into_which_all_lengths_fall(clinic, minutes, slot):
    key = prescribe(clinic, clinic.child, minutes=minutes)
    week = gathered(clinic)
    assert week.problem.grid.minutes == slot
    assert week.problem.tasks[key].slots * slot == minutes


def test_a_week_with_holidays_owes_its_share_rounded_up(clinic):
    key = prescribe(clinic, clinic.child, sessions=3)
    for day in (3, 4):
        save(clinic, CalendarDay, day=MONDAY + timedelta(days=day), kind="closed", reason="运动会")
    week = gathered(clinic)
    assert week.problem.tasks[key].sessions == 2
    assert {day for day, _slot in week.problem.grid.open} == {0, 1, 2}


@given(st.integers(1, 14), st.integers(0, 7))
def test_a_share_is_never_more_than_prescribed_and_all_of_it_in_a_whole_week(sessions, days):
    owed = share(sessions, days)
    assert 0 <= owed <= sessions
    assert owed == sessions if days >= 5 else abs(owed - sessions * days / 5) <= 0.5


def test_a_working_saturday_makes_a_week_of_six_days_for_those_who_work_the_whole_week(clinic):
    prescribe(clinic, clinic.child)
    save(clinic, CalendarDay, day=MONDAY + timedelta(days=5), kind="open", reason="调休上班")
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Staff, {"work_days": ["1", "2"]}, id=clinic.zhou)
    week = gathered(clinic)
    assert week.problem.grid.days == 6
    days = {who: {day for day, _slot in week.problem.therapists[who].free} for who in (clinic.li, clinic.zhou)}
    assert days == {clinic.li: {0, 1, 2, 3, 4, 5}, clinic.zhou: {0, 1}}


def test_twice_a_day_becomes_two_tasks_kept_apart(clinic):
    key = prescribe(clinic, clinic.child, sessions=8)
    tasks = gathered(clinic).problem.tasks
    assert [tasks[each].sessions for each in (key, f"{key}.2")] == [4, 4]
    assert tasks[key].apart == {f"{key}.2": 4}


@pytest.mark.parametrize(("most", "a_day"), [(1, 1), (2, 2)])
def test_no_day_gets_more_of_a_therapy_than_its_prescription_allows(clinic, most, a_day):
    """Eight sessions a week, once or twice a day: the plan keeps to it, and what finds no day waits in plain sight."""
    key = prescribe(clinic, clinic.child, sessions=8, most_a_day=most)
    problem = gathered(clinic).problem
    assert sum(problem.tasks[each].sessions for each in (key, f"{key}.2")) == 8
    days = Counter(each.day for each in solve(problem, seconds=2).placements)
    assert max(days.values()) == a_day and sum(days.values()) == (5 if most == 1 else 8)


def test_two_a_day_are_planned_where_the_child_comes_on_two_days_only(clinic):
    """Without the permission two of the four sessions would wait."""
    for day in (0, 1, 2):
        day_off = MONDAY + timedelta(days=day)
        save(
            clinic,
            MedicalVisit,
            child_id=clinic.child,
            kind="outpatient",
            reason="检查",
            starts_on=day_off,
            status="planned",
        )
    key = prescribe(clinic, clinic.child, sessions=4, most_a_day=2)
    problem = gathered(clinic).problem
    assert [problem.tasks[each].sessions for each in (key, f"{key}.2")] == [2, 2]
    days = Counter(each.day for each in solve(problem, seconds=2).placements)
    assert sorted(days.values()) == [2, 2]


def test_a_session_that_is_held_counts_on_its_day(clinic):
    """A second session beside the prescription's own, which somebody has booked, leaves its day to it."""
    key = prescribe(clinic, clinic.child, sessions=1, most_a_day=1)
    booked(clinic, clinic.child, 0, "09:00")
    booked(clinic, clinic.child, 1, "09:00")
    problem = gathered(clinic).problem
    held = next(each for each in problem.locked)
    assert problem.tasks[key].apart == {held.task: problem.grid.slots}


# --- who can when ---


def test_a_therapist_is_free_in_working_hours_less_break_leave_and_duties(clinic):
    prescribe(clinic, clinic.child)
    save(clinic, StaffLeave, staff_id=clinic.li, kind="annual", starts_on=MONDAY, ends_on=MONDAY, part="morning")
    save(clinic, StaffCommitment, kind="meeting", weekdays=["2"], starts=time(16), ends=time(17))
    save(clinic, StaffCommitment, kind="writing", staff_id=clinic.li, weekdays=["3"], starts=time(8), ends=time(8, 40))
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Staff, {"works_until": time(15, 45), "treatments_a_day": 6}, id=clinic.li)
    week = gathered(clinic)
    li, zhou = week.problem.therapists[clinic.li], week.problem.therapists[clinic.zhou]
    assert clocks(week, li.free, 0) == ["14:00", "14:30", "15:00"]
    assert clocks(week, zhou.free, 1)[-1] == "15:30"
    assert clocks(week, li.free, 2)[0] == "09:00"
    assert (li.most_a_day, zhou.most_a_day) == (6, 10)


@pytest.fixture
def busy(clinic):
    """Why and when a child is elsewhere on a day."""

    def ask(child: str, day: int) -> dict[str, list[str]]:
        week = gathered(clinic)
        found: dict[str, list[str]] = {}
        for (other, slot), why in sorted(week.problem.children[child].busy.items()):
            if other == day:
                found.setdefault(why, []).append(week.problem.grid.clock(slot))
        return found

    return ask


def test_naps_and_meals_hold_those_whom_they_concern(clinic, busy):
    prescribe(clinic, clinic.child)
    prescribe(clinic, clinic.other)
    save(clinic, Routine, kind="nap", starts=time(14), ends=time(15), unit_id=clinic.sunflower, weekdays=["1"])
    save(clinic, Routine, kind="meal", starts=time(11, 15), ends=time(12), age_to=84)
    assert busy(clinic.child, 0) == {"meal": ["11:00", "11:30"], "nap": ["14:00", "14:30"]}
    assert busy(clinic.child, 1) == {"meal": ["11:00", "11:30"]}
    assert busy(clinic.other, 0) == {}, "another unit, and older than seven"


def test_school_holds_only_those_who_go_there_and_only_when_it_is_on(clinic, busy):
    prescribe(clinic, clinic.child)
    prescribe(clinic, clinic.other)
    save(
        clinic,
        Schooling,
        child_id=clinic.other,
        school="市特殊教育学校",
        stage=next(iter(STAGES)).code,
        kind="special",
        starts_on=date(2026, 9, 1),
    )
    save(clinic, CalendarDay, day=MONDAY + timedelta(days=1), kind="closed", reason="停课")
    save(
        clinic, Routine, kind="school", starts=time(8), ends=time(15), schooling=["special"], weekdays=list("12345"),
        in_terms=True,
    )  # fmt: skip
    assert busy(clinic.other, 0)["school"][-1] == "14:30"
    assert busy(clinic.other, 1) == {} and busy(clinic.child, 0) == {}
    with clinic.database.read(clinic.director) as work:
        from models.scheduling.gather import gather

        summer = gather(work, date(2027, 7, 19))
    assert (
        clinic.other not in summer.problem.children
        or "school" not in summer.problem.children[clinic.other].busy.values()
    )


def test_doctor_hospital_isolation_and_absence_are_told_apart(clinic, busy):
    for child in (clinic.child, clinic.other, clinic.third):
        prescribe(clinic, child)
    visit = {"kind": "outpatient", "status": "planned", "reason": "复查"}
    save(clinic, MedicalVisit, child_id=clinic.child, starts_on=MONDAY, leaves_at=time(9), back_at=time(11), **visit)
    save(clinic, MedicalVisit, child_id=clinic.child, starts_on=MONDAY + timedelta(days=1), **visit)
    save(
        clinic, Diagnosis, child_id=clinic.third, name="手足口病", diagnosed_on=date(2026, 11, 19), risks=["infection"],
        isolation_until=MONDAY,
    )  # fmt: skip
    for kind, starts in (("residential", date(2026, 1, 1)), ("hospital", date(2026, 11, 18))):
        save(clinic, Stay, child_id=clinic.other, kind=kind, starts_on=starts, place="市儿童医院", unit_id=clinic.second,
             expected_back_on=None if kind == "residential" else MONDAY + timedelta(days=2))  # fmt: skip
    assert busy(clinic.child, 0) == {"doctor": ["09:00", "09:30", "10:00", "10:30"]}
    assert len(busy(clinic.child, 1)["doctor"]) == 18
    assert set(busy(clinic.third, 0)) == {"isolation"} and busy(clinic.third, 1) == {}
    assert set(busy(clinic.other, 2)) == {"hospital"} and busy(clinic.other, 3) == {}


def test_a_small_child_is_not_treated_within_an_hour_of_a_feed(clinic):
    with clinic.database.work(SYSTEM) as work:
        baby = make(work, Child, name="陈小苗", born_on=date(2026, 3, 1), unit_id=clinic.sunflower)
    pt, st_ = prescribe(clinic, baby), prescribe(clinic, baby, "ST")
    save(clinic, Routine, kind="feed", starts=time(9), ends=time(9, 30), age_to=12)
    week = gathered(clinic)
    assert clocks(week, week.problem.tasks[pt].barred, 0) == ["09:30", "10:00"]
    assert week.problem.tasks[st_].barred == {}
    assert (week.problem.children[baby].most_a_day, week.problem.children[baby].rest) == (2, 1)


def test_a_contraindication_bars_its_therapies_until_it_ends(clinic):
    pt, speech = prescribe(clinic, clinic.child), prescribe(clinic, clinic.child, "ST")
    save(
        clinic, Precaution, child_id=clinic.child, kind="fracture", source="fracture", starts_on=date(2026, 11, 1),
        ends_on=MONDAY + timedelta(days=1),
    )  # fmt: skip
    week = gathered(clinic)
    assert {day for day, _slot in week.problem.tasks[pt].barred} == {0, 1}
    assert set(week.problem.tasks[pt].barred.values()) == {"fracture"}
    assert week.problem.tasks[speech].barred == {}


def test_every_reason_has_its_words_in_both_languages():
    codes = (
        "away",
        "hospital",
        "doctor",
        "isolation",
        "after_food",
        "outside",
        "booked",
        "nap",
        "school",
        "fracture",
        "fever",
    )
    english = [busy_words(code) for code in codes]
    use_language("zh_CN")
    chinese = [busy_words(code) for code in codes]
    assert all(english) and all(chinese) and not set(english) & set(chinese)


# --- what stands already ---


def test_booked_sessions_are_the_week_before_and_locked_ones_stay(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    free, fast = booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.child, 2, "14:30")
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [fast], True)
    week = gathered(clinic)
    before = {place(week, key, clinic.li, 0, "09:00"): free, place(week, key, clinic.li, 2, "14:30"): fast}
    assert dict(week.session_of) == before and set(week.problem.before) == set(before)
    assert week.problem.locked == (place(week, key, clinic.li, 2, "14:30"),)


def test_what_is_no_prescription_s_stays_where_it_is_and_takes_its_place(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    extra = booked(clinic, clinic.third, 0, "09:00")
    beside = booked(clinic, clinic.child, 1, "09:10")
    week = gathered(clinic)
    held = {task for task in week.problem.tasks if week.held(task)}
    assert held == {f"held.{extra}", f"held.{beside}"}
    assert key not in week.problem.tasks, "its one session is booked beside the grid and stays there"
    beside_task = week.problem.tasks[f"held.{beside}"]
    assert beside_task.slots == 2, "from 9:10 to 9:40 touches two slots"
    assert not breaches(week.problem, week.problem.locked)


def test_a_locked_session_against_the_rules_is_set_apart_and_nothing_is_infeasible(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    odd = booked(clinic, clinic.child, 0, "14:00")
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [odd], True)
    save(clinic, Routine, kind="nap", starts=time(14), ends=time(15))
    week = gathered(clinic)
    assert not breaches(week.problem, week.problem.locked)
    assert f"held.{odd}" in week.problem.tasks and week.problem.tasks[key].sessions == 1
    assert week.problem.obstacle(week.problem.tasks[key], 0, week.frame.place(at(0, "14:00"))[1]) is not None


def test_children_one_may_not_see_hold_their_places_without_a_name(clinic):
    prescribe(clinic, clinic.child)
    hidden = booked(clinic, clinic.other, 0, "09:00", therapist_id=clinic.zhou)
    week = gathered(clinic, who=clinic.therapist)
    task = f"held.{hidden}"
    assert week.held(task) and week.problem.locked[0].therapist == clinic.zhou
    assert "阿依古丽" not in "".join(week.names.values()) and "another child" in week.names[task]


def test_an_empty_week_keeps_to_the_week_before(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 0, "09:00", weeks=-1, room_id=clinic.small)
    booked(clinic, clinic.child, 2, "09:00", weeks=-1)
    week = gathered(clinic)
    assert set(week.problem.before) == {place(week, key, clinic.li, day, "09:00") for day in (0, 2)}
    assert dict(week.session_of) == {}, "nothing is booked yet"
    assert rooms_for(week, week.problem.before)[place(week, key, clinic.li, 0, "09:00")] == clinic.small


def test_in_a_running_week_what_was_held_or_missed_is_not_planned_again(clinic):
    this = date(2026, 11, 16)
    key = prescribe(clinic, clinic.child, sessions=4)
    done, gone = (booked(clinic, clinic.child, day, "09:00", weeks=-1) for day in (0, 1))
    with clinic.database.work(clinic.director) as work:
        booking.attend(work, {done: Attendance("done"), gone: Attendance("absent", "ill")})
    week = gathered(clinic, this)
    assert week.problem.tasks[key].sessions == 2
    assert min(week.problem.grid.open) >= (4, 3), "it is Friday, half past nine"
    assert week.problem.tasks[key].therapist == clinic.li, "who has treated it this week goes on"
    assert week.problem.tasks[f"m.{gone}"].sessions == 1
    assert gathered(clinic, this, include_waiting_makeups=False).problem.tasks.keys() == {key}


# --- groups ---


def test_those_who_sit_together_stay_together_and_others_are_grouped_by_age(clinic):
    with clinic.database.work(SYSTEM) as work:
        more = [make(work, Child, name=f"童{n}", born_on=date(2018, n, 1), unit_id=clinic.second) for n in (1, 2, 3)]
    group = {"form": "group", "minutes": 60}
    for child in (clinic.child, clinic.third, *more):
        prescribe(clinic, child, **group)
    booked(clinic, (clinic.child, clinic.third), 0, "09:00", weeks=-1, minutes=60)
    week = gathered(clinic)
    assert {frozenset(task.children) for task in week.problem.tasks.values()} == {
        frozenset({clinic.child, clinic.third}), frozenset(more)}  # fmt: skip
    assert len(week.problem.before) == 1, "the one who meet on Monday do so again"


def test_a_child_that_is_away_all_week_does_not_keep_its_group_from_meeting(clinic):
    keys = [prescribe(clinic, child, form="group", minutes=60) for child in (clinic.child, clinic.third, clinic.other)]
    save(
        clinic, Diagnosis, child_id=clinic.other, name="水痘", diagnosed_on=date(2026, 11, 19), risks=["infection"],
        isolation_until=MONDAY + timedelta(days=8),
    )  # fmt: skip
    week = gathered(clinic)
    assert {frozenset(task.children) for task in week.problem.tasks.values()} == {
        frozenset({clinic.child, clinic.third}), frozenset({clinic.other})}  # fmt: skip
    assert week.problem.starts(week.problem.tasks[keys[2]]) == (), "it waits, and is said to"


# --- rooms ---


def test_a_group_too_large_for_every_room_is_told_to_have_none(clinic):
    for child in (clinic.child, clinic.third, clinic.other):
        prescribe(clinic, child, form="group", minutes=60)
    week = gathered(clinic)
    (task,) = week.problem.tasks.values()
    assert task.uses == ((NOWHERE, 1),) and week.problem.resources[NOWHERE].capacity == 0


def test_closed_rooms_are_not_counted_and_equipment_is(clinic):
    frame = save(clinic, Equipment, name="站立架", quantity=1)
    key = prescribe(clinic, clinic.child, equipment_id=frame)
    save(clinic, Room, name="水疗室", kind="hydro", capacity=2, skills=["hydro"], closed=True)
    hydro = prescribe(clinic, clinic.child, "HYD", 1)
    week = gathered(clinic)
    assert dict(week.problem.tasks[key].uses)[frame] == 1
    assert dict(week.problem.tasks[hydro].uses) == {NOWHERE: 1}


def test_a_therapy_for_which_the_home_has_no_room_needs_none(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(
            work, Staff, {"name": "宋音", "sex": "2", "post": "therapist", "skills": ["music"], **department.HOURS}
        )
    key = prescribe(clinic, clinic.child, "MUS")
    week = gathered(clinic)
    spot = Placement(key, week.problem.able(week.problem.tasks[key])[0], 0, 0)
    assert week.problem.tasks[key].uses == () and rooms_for(week, [spot]) == {spot: None}
    assert without_room(week, {spot: None}) == []


def test_a_session_gives_way_when_another_has_nowhere_else_to_go(clinic):
    pt, speech = prescribe(clinic, clinic.child), prescribe(clinic, clinic.other, "ST")
    two = [prescribe(clinic, child) for child in (clinic.third,)]
    week = gathered(clinic)
    spots = [place(week, speech, clinic.chen, 0, "09:00"), place(week, pt, clinic.li, 0, "09:00"),
             place(week, two[0], clinic.zhou, 0, "09:00")]  # fmt: skip
    assert not breaches(week.problem, spots)
    rooms = rooms_for(week, spots)
    assert rooms == {spots[0]: clinic.small, spots[1]: clinic.hall, spots[2]: clinic.hall}


ROOM = st.tuples(st.integers(1, 6), st.sets(st.sampled_from(["pt", "ot", "st"]), min_size=1))
SESSION = st.tuples(st.sampled_from(["PT", "OT", "ST"]), st.integers(1, 4), st.integers(0, 6), st.integers(1, 3))


@given(st.lists(ROOM, min_size=1, max_size=4), st.lists(SESSION, max_size=14))
def test_no_room_is_ever_fuller_than_it_may_be(rooms, sessions):
    found = _places(rooms)
    stays = _stays(found, sessions)
    given_rooms = settle_rooms(stays, {room.id: room.capacity for room in found.rooms.values()})
    assert set(given_rooms) == {stay.placement for stay in stays}
    for slot in range(10):
        for room in found.rooms.values():
            inside = [
                stay
                for stay in stays
                if given_rooms[stay.placement] == room.id and stay.placement.start <= slot < stay.until
            ]
            assert sum(stay.size for stay in inside) <= room.capacity
            assert all(room.id in stay.liked for stay in inside)


@given(st.lists(ROOM, min_size=1, max_size=4), st.lists(SESSION, max_size=10))
def test_what_the_planner_may_place_at_one_time_always_finds_its_rooms(rooms, sessions):
    """For children treated alone the places counted are exactly the rooms there are."""
    found = _places(rooms)
    alone = [(therapy, 1, 0, 1) for therapy, _size, _start, _length in sessions]
    stays = _stays(found, alone)
    needs = {stay.placement.task: Need(frozenset(stay.liked), 1) for stay in stays}
    count = counted(found, needs)
    used = dict.fromkeys(count.resources, 0)
    for task in needs:
        for key, units in count.uses[task]:
            used[key] += units
    fits = all(units <= count.resources[key].capacity for key, units in used.items())
    given_rooms = settle_rooms(stays, {room.id: room.capacity for room in found.rooms.values()})
    assert fits == all(given_rooms.values())


def _places(rooms) -> Places:
    made = [Place(f"r{n}", f"room {n}", size, frozenset(skills)) for n, (size, skills) in enumerate(rooms)]
    return Places({room.id: room for room in made}, {})


def _stays(found: Places, sessions) -> list[RoomStay]:
    stays = []
    for number, (therapy, size, start, length) in enumerate(sessions):
        fitting = found.rooms_of(therapy, size)
        if fitting:
            stays.append(RoomStay(Placement(f"t{number}", "x", 0, start), start + length, size, tuple(sorted(fitting))))
    return stays


# --- how much is asked of the database ---


def test_reading_a_week_asks_the_database_no_more_often_for_more_children(clinic):
    def asked() -> int:
        count = [0]
        listener = lambda *_arguments: count.__setitem__(0, count[0] + 1)  # noqa: E731
        event.listen(clinic.database.engine, "before_cursor_execute", listener)
        gathered(clinic)
        event.remove(clinic.database.engine, "before_cursor_execute", listener)
        return count[0]

    prescribe(clinic, clinic.child)
    few = asked()
    with clinic.database.work(SYSTEM) as work:
        more = [make(work, Child, name=f"童{n}", born_on=date(2019, 1, 1), unit_id=clinic.second) for n in range(12)]
    for child in more:
        prescribe(clinic, child)
    assert asked() == few <= 40


def test_the_moment_of_reading_is_what_counts_as_gone_by(clinic):
    prescribe(clinic, clinic.child)
    week = gathered(clinic, date(2026, 11, 16))
    assert all(week.frame.moment(*spot) >= datetime(2026, 11, 20, 9, 30) for spot in week.problem.grid.open)
