"""Vaccinations of a child: counted, warned about, planned, listed for the home."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.immunisation import VaccineDose, doses_of, due_vaccines, given_in_month, plan_sheet, vaccines_due
from models.month import Month
from tests.conftest import NOW, actor

TODAY = NOW.date()
NURSE = actor("nurse", "director")


@pytest.fixture
def infant(home: SimpleNamespace) -> str:
    with home.database.work(SYSTEM) as work:
        values = {
            "name": "青苗",
            "number": "2026-001",
            "sex": "2",
            "born_on": date(2026, 8, 20),
            "unit_id": home.sunflower,
        }
        return records.save(work, Child, values)


def vaccinate(home: SimpleNamespace, child: str, vaccine: str, day: date, confirmed: bool = False, **values) -> str:
    with home.database.work(NURSE) as work:
        return records.save(
            work, VaccineDose, {"child_id": child, "vaccine": vaccine, "given_on": day, **values}, confirmed=confirmed
        )


def status(home: SimpleNamespace, child: str) -> dict[str, str]:
    with home.database.read(home.care) as work:
        return {f"{line.vaccine}-{line.number}": line.status for line in plan_sheet(work, child).lines}


def test_doses_are_counted_and_the_plan_moves_on(home: SimpleNamespace, infant: str) -> None:
    vaccinate(home, infant, "HepB", date(2026, 8, 20))
    second = vaccinate(home, infant, "HepB", date(2026, 9, 20))
    with home.database.read(NURSE) as work:
        assert queries.values(work, VaccineDose, second)["dose_number"] == 2
    found = status(home, infant)
    assert (found["HepB-1"], found["HepB-2"], found["HepB-3"]) == ("given", "given", "later")
    assert (found["IPV-1"], found["IPV-2"], found["MMR-1"]) == ("due", "later", "later")


def test_too_early_is_a_warning_that_can_be_confirmed(home: SimpleNamespace, infant: str) -> None:
    with pytest.raises(Unconfirmed, match="2027-04-20"):
        vaccinate(home, infant, "MMR", TODAY)
    assert vaccinate(home, infant, "MMR", TODAY, confirmed=True)


@pytest.mark.parametrize("day", [date(2026, 8, 19), TODAY + timedelta(days=1)])
def test_before_birth_and_in_the_future_are_errors(home: SimpleNamespace, infant: str, day: date) -> None:
    with pytest.raises(Invalid) as refused:
        vaccinate(home, infant, "HepB", day)
    assert not isinstance(refused.value, Unconfirmed)


def test_the_same_dose_twice_is_an_error(home: SimpleNamespace, infant: str) -> None:
    vaccinate(home, infant, "BCG", date(2026, 8, 21))
    with pytest.raises(Invalid, match="already noted"):
        vaccinate(home, infant, "BCG", date(2026, 8, 21))


def test_what_is_put_off_needs_a_reason_and_an_end(home: SimpleNamespace, infant: str) -> None:
    with pytest.raises(Invalid) as refused:
        vaccinate(home, infant, "IPV", TODAY, outcome="deferred")
    assert [problem.field for problem in refused.value.problems] == ["reason", "until"]
    vaccinate(home, infant, "IPV", TODAY, outcome="deferred", reason="发热", until=TODAY + timedelta(days=14))
    assert status(home, infant)["IPV-1"] == "barred"
    with pytest.raises(Unconfirmed, match="put off: 发热"):
        vaccinate(home, infant, "IPV", TODAY)


def test_the_home_sees_who_is_overdue_first(home: SimpleNamespace, infant: str) -> None:
    with home.database.read(home.care) as work:
        found = due_vaccines(work, TODAY + timedelta(days=30))
    assert {each.name for each in found} == {"青苗", "曾小乐"}
    assert [each.line.status for each in found] == sorted(
        (each.line.status for each in found), key=["overdue", "due", "later"].index
    )
    with home.database.read(home.care) as work:
        due = {each.child_id: each for each in vaccines_due(work)}
    assert due[infant].text.startswith("Vaccinate: ") and due[infant].overdue(NOW)


def test_the_month_lists_what_was_given(home: SimpleNamespace, infant: str) -> None:
    vaccinate(home, infant, "HepB", date(2026, 9, 20), batch="B123")
    with home.database.read(home.care) as work:
        grid = given_in_month(work, infant, Month(2026, 9))
        assert given_in_month(work, infant, Month(2026, 10)) is None
        assert len(doses_of(work, infant)) == 1
    assert grid and grid.rows == (("2026-09-20", "Hepatitis B", "1", "B123", "None"),)
