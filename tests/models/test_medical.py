"""Diagnoses, allergies and visits: what everyone must know, what is due, how days in hospital are counted."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.alerts import alerts_for
from models.core import records
from models.core.errors import Invalid, Unconfirmed
from models.health import hospital_days, treatment_month, visits_due
from models.medical import Allergy, Diagnosis, MedicalVisit, medical_sheet
from models.month import Month
from tests.conftest import NOW

TODAY = NOW.date()


def save(home: SimpleNamespace, record_type: type, /, **values) -> str:
    with home.database.work(home.director) as work:
        return records.save(work, record_type, {"child_id": home.child, **values})


def alerts(home: SimpleNamespace) -> list[tuple[str, str]]:
    with home.database.read(home.care) as work:
        return [(each.level, each.text) for each in alerts_for(work, [home.child])]


def test_allergies_and_risks_are_told_the_gravest_first(home: SimpleNamespace) -> None:
    save(
        home,
        Diagnosis,
        name="癫痫",
        icd="G40",
        diagnosed_on=date(2024, 1, 1),
        risks=["seizures", "heart"],
        instructions="侧卧，计时，5分钟以上呼叫120",
    )
    save(home, Allergy, substance="鸡蛋", kind="food", severity="mild")
    save(home, Allergy, substance="青霉素", kind="medicine", severity="unknown", reaction="皮疹")
    found = alerts(home)
    assert found[0] == ("danger", "Allergy: 青霉素 (皮疹)")
    assert ("danger", "Seizures: 侧卧，计时，5分钟以上呼叫120") in found
    assert ("warning", "Allergy: 鸡蛋") in found


def test_what_is_over_is_no_longer_told(home: SimpleNamespace) -> None:
    flu = save(
        home,
        Diagnosis,
        name="流感",
        kind="infection",
        diagnosed_on=TODAY - timedelta(days=9),
        risks=["infection"],
        isolation_until=TODAY,
    )
    assert [text for _level, text in alerts(home)] == [f"Infectious: isolate until {TODAY}"]
    with home.database.work(home.director) as work:
        records.save(work, Diagnosis, {"status": "resolved", "resolved_on": TODAY}, id=flu)
    assert alerts(home) == []


def test_isolation_ends_with_its_day(home: SimpleNamespace) -> None:
    save(
        home,
        Diagnosis,
        name="水痘",
        diagnosed_on=TODAY - timedelta(days=20),
        risks=["infection"],
        isolation_until=TODAY - timedelta(days=1),
    )
    assert alerts(home) == []


def test_isolation_without_an_end_is_asked(home: SimpleNamespace) -> None:
    with pytest.raises(Unconfirmed, match="Until when"):
        save(home, Diagnosis, name="手足口病", diagnosed_on=TODAY, risks=["infection"])


@pytest.mark.parametrize(
    "kind, values, field",
    [
        (Diagnosis, {"name": "癫痫", "diagnosed_on": TODAY + timedelta(days=1)}, "diagnosed_on"),
        (Diagnosis, {"name": "癫痫", "diagnosed_on": TODAY, "status": "resolved"}, "resolved_on"),
        (Diagnosis, {"name": "癫痫", "diagnosed_on": TODAY, "status": "resolved", "resolved_on": TODAY - timedelta(days=2)}, "resolved_on"),
        (MedicalVisit, {"kind": "inpatient", "reason": "肺炎", "starts_on": TODAY}, "ends_on"),
        (MedicalVisit, {"kind": "outpatient", "reason": "肺炎", "starts_on": TODAY, "ends_on": TODAY}, "ends_on"),
        (MedicalVisit, {"kind": "outpatient", "reason": "肺炎", "starts_on": TODAY + timedelta(days=1)}, "starts_on"),
        (MedicalVisit, {"kind": "outpatient", "reason": "肺炎", "starts_on": TODAY, "follow_up_on": TODAY}, "follow_up_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(home: SimpleNamespace, kind: type, values: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(home, kind, **values)
    assert field in [problem.field for problem in refused.value.problems]


def test_an_allergy_is_noted_once(home: SimpleNamespace) -> None:
    save(home, Allergy, substance="青霉素", kind="medicine", severity="severe")
    with pytest.raises(Invalid, match="already noted"):
        save(home, Allergy, substance="青霉素 ", kind="medicine", severity="mild")


def test_markup_in_a_diagnosis_stays_text(home: SimpleNamespace) -> None:
    save(home, Diagnosis, name="x<y>z <b>", diagnosed_on=TODAY)
    with home.database.read(home.director) as work:
        assert medical_sheet(work, home.child).diagnoses[0]["name"] == "x<y>z <b>"


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@given(DAYS, st.integers(0, 60))
def test_the_months_add_up_to_the_stay(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    months = [Month(2026, month) for month in range(1, 7)]
    whole = sum(hospital_days(start, end, month.first, month.last) for month in months)
    assert whole == max(length, 1)


def test_a_stay_that_goes_on_counts_to_the_end_of_the_month() -> None:
    assert hospital_days(date(2026, 10, 30), None, date(2026, 10, 1), date(2026, 10, 31)) == 2


def test_follow_ups_and_planned_visits_are_due_until_someone_goes(home: SimpleNamespace) -> None:
    save(
        home,
        MedicalVisit,
        kind="outpatient",
        reason="癫痫复诊",
        starts_on=TODAY - timedelta(days=30),
        follow_up_on=TODAY + timedelta(days=3),
    )
    save(home, MedicalVisit, kind="dental", reason="龋齿", status="planned", starts_on=TODAY + timedelta(days=5))
    with home.database.read(home.director) as work:
        assert {each.due for each in visits_due(work)} == {TODAY + timedelta(days=3), TODAY + timedelta(days=5)}
    save(home, MedicalVisit, kind="outpatient", reason="癫痫复诊", starts_on=TODAY)
    with home.database.read(home.director) as work:
        assert [each.due for each in visits_due(work)] == [TODAY + timedelta(days=5)]


def test_the_month_tells_visits_and_days_in_hospital(home: SimpleNamespace) -> None:
    save(
        home,
        MedicalVisit,
        kind="inpatient",
        reason="肺炎",
        starts_on=date(2026, 9, 28),
        ends_on=date(2026, 10, 4),
        hospital="合肥市儿童医院",
    )
    save(home, MedicalVisit, kind="outpatient", reason="复查", starts_on=date(2026, 10, 12), diagnosis="已愈")
    with home.database.read(home.director) as work:
        section = treatment_month(work, home.child, Month(2026, 10))
        september = treatment_month(work, home.child, Month(2026, 9))
    assert dict(section.facts) == {"Medical visits": "1", "Days in hospital": "3"}
    assert section.grids[0].rows[0][:2] == ("2026-09-28 to 2026-10-04", "Hospital stay")
    assert dict(september.facts)["Days in hospital"] == "3"
