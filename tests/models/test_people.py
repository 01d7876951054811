"""Who can when: working hours, leave and duties of the therapists; what holds the children elsewhere."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.education import STAGES, Schooling
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.medical import Diagnosis, MedicalVisit
from models.placement import Placement as Stay
from models.precautions import Precaution
from models.routines import Routine, StaffCommitment
from models.scheduling.people import busy_words
from models.staff import Staff
from resources import use_language
from tests.factories import make
from tests.models.clinic import MONDAY, gathered, prescribe, save


def clocks(week, slots, day: int) -> list[str]:
    """The times of a day at which some slots begin."""
    return [week.problem.grid.clock(slot) for other, slot in sorted(slots) if other == day]


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
