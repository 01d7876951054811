"""A rest of more than a week asks for the doctor: told on Today and in the child's banner until there was one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.alerts import alerts_for
from models.core import records
from models.core.access import SYSTEM
from models.core.record import new_id
from models.holidays import day_kind
from models.interruptions import interruptions, rest_in
from models.medical import MedicalVisit
from models.rehabilitation import Assessment, RehabilitationPlan
from models.reminders import due_now
from models.staff import Staff
from models.therapy import TherapySession


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    """A child with a plan in force; today is Friday 2026-11-20."""
    with home.database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
        work.bulk(RehabilitationPlan, [{
            "child_id": home.child, "state": "approved", "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28),
            "review_on": date(2026, 12, 24), "findings": "独坐不稳",
        }])  # fmt: skip
    return SimpleNamespace(**vars(home), therapist=therapist)


def treat(clinic, *days: date, status: str = "done") -> None:
    rows = []
    for day in days:
        key, begin = new_id(), datetime.combine(day, datetime.min.time()) + timedelta(hours=9)
        rows.append({
            "id": key, "child_id": clinic.child, "therapist_id": clinic.therapist, "therapy": "PT", "form": "single",
            "starts_at": begin, "ends_at": begin + timedelta(minutes=30), "sitting_id": key, "status": status,
            "state": "submitted",
        })  # fmt: skip
    with clinic.database.work(SYSTEM) as work:
        work.bulk(TherapySession, rows)


def told(clinic) -> list[str]:
    with clinic.database.read(clinic.director) as work:
        return [each.words() for each in interruptions(work)]


def test_a_week_is_not_yet_an_interruption_the_day_after_is(clinic):
    treat(clinic, date(2026, 11, 13))
    assert not told(clinic)
    clinic.database.clock = lambda: datetime(2026, 11, 21, 9)
    assert told(clinic) == ["Treatment has rested for 8 days: examine before it goes on"]


def test_a_missed_session_does_not_end_a_rest(clinic):
    treat(clinic, date(2026, 11, 10))
    treat(clinic, date(2026, 11, 17), status="absent")
    assert told(clinic) == ["Treatment has rested for 10 days: examine before it goes on"]


def test_the_doctor_or_an_assessment_settles_it_and_one_before_it_does_not(clinic):
    treat(clinic, date(2026, 11, 9))
    visit = {
        "child_id": clinic.child,
        "kind": "round",
        "starts_on": date(2026, 11, 12),
        "reason": "发热",
        "status": "done",
    }
    with clinic.database.work(SYSTEM) as work:
        records.save(work, MedicalVisit, visit, confirmed=True)
    assert told(clinic), "a visit in the first days of the rest says nothing about taking it up again"
    with clinic.database.work(SYSTEM) as work:
        planned = records.save(
            work, MedicalVisit, {**visit, "starts_on": date(2026, 11, 19), "status": "planned"}, confirmed=True
        )
    assert told(clinic), "nor does one that is only planned"
    with clinic.database.work(SYSTEM) as work:
        records.save(work, MedicalVisit, {"status": "done"}, id=planned, confirmed=True)
    assert not told(clinic)


def test_when_treatment_simply_went_on_the_missing_examination_is_still_told(clinic):
    treat(clinic, date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 18))
    assert told(clinic) == ["Treatment rested for 14 days until 2026-11-16, no examination since"]
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Assessment, {
            "child_id": clinic.child, "scale": "BARTHEL", "kind": "review", "assessed_on": date(2026, 11, 19),
            "scores": {"total": 55},
        })  # fmt: skip
    assert not told(clinic)


def test_the_public_holiday_by_itself_is_no_interruption():
    days = [date(2026, 9, 30), date(2026, 10, 8)]
    kinds = {
        date(2026, 9, 28) + timedelta(days=each): day_kind(date(2026, 9, 28) + timedelta(days=each))
        for each in range(20)
    }
    assert rest_in(days, date(2026, 10, 9), 7, kinds) is None
    assert rest_in(days[:1], date(2026, 10, 20), 7, kinds) is not None


def test_today_and_the_childs_banner_tell_it(clinic):
    treat(clinic, date(2026, 11, 9))
    with clinic.database.read(clinic.director) as work:
        assert "Treatment has rested for 11 days: examine before it goes on" in [each.text for each in due_now(work)]
        assert "Treatment has rested" in " ".join(each.text for each in alerts_for(work, [clinic.child]))
        assert not [each for each in alerts_for(work, [clinic.other]) if "rested" in each.text]
    with clinic.database.read(clinic.care) as work:
        assert "Treatment has rested" in " ".join(each.text for each in alerts_for(work, [clinic.child])), "carers too"
