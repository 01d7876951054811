"""Orders and doses: allergies block, a dose is recorded once, need has its interval, two people check."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.alerts import alerts_for
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.database import Database
from models.core.errors import Forbidden, Invalid, Unconfirmed
from models.growth import GrowthMeasurement
from models.medical import Allergy
from models.medication import Dose, MedicationOrder
from models.medication_round import (
    AlreadyRecorded,
    adherence_of,
    changes_between,
    child_lines,
    doses_not_recorded,
    effects_to_note,
    note_effect,
    orders_of,
    record_dose,
    round_lines,
    stop_order,
    take_back,
)
from models.medication_words import forbidden_by
from models.month import Month
from models.placement import move
from models.staff import Staff
from tests.conftest import NOW, actor

MORNING = datetime(2026, 11, 20, 8, 0)
VALPROATE = {"drug": "丙戊酸钠口服液", "dose": 5.0, "dose_unit": "ml", "route": "oral", "frequency": "bid", "prescriber": "王医生",
             "starts_at": datetime(2026, 11, 1, 8, 0)}  # fmt: skip


def order(home: SimpleNamespace, **values) -> str:
    with home.database.work(actor("nurse", "director")) as work:
        return records.save(work, MedicationOrder, {"child_id": home.child, **VALPROATE, **values})


def give(home: SimpleNamespace, order_id: str, due: datetime | None = MORNING, outcome: str = "given", **values) -> str:
    with home.database.work(home.care) as work:
        return record_dose(work, order_id, due, outcome, **values)


def lines(home: SimpleNamespace, since: datetime = MORNING - timedelta(hours=1), hours: int = 4):
    with home.database.read(home.care) as work:
        return round_lines(work, home.sunflower, since, since + timedelta(hours=hours))


def allergy(home: SimpleNamespace, substance: str = "青霉素") -> None:
    with home.database.work(home.director) as work:
        records.save(
            work, Allergy, {"child_id": home.child, "substance": substance, "kind": "medicine", "severity": "severe"}
        )


# --- the order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drug, substance, forbidden",
    [("阿莫西林颗粒", "青霉素", True), ("青霉素V钾片", "青霉素", True), ("头孢克洛", "头孢", True), ("Amoxicillin 250", "penicillin", True),
     ("布洛芬混悬液", "青霉素", False), ("维生素D滴剂", "鸡蛋", False), ("布洛芬", "阿司匹林", True)],
)  # fmt: skip
def test_an_allergy_forbids_the_medicine_and_its_kin(drug: str, substance: str, forbidden: bool) -> None:
    assert bool(forbidden_by(drug, [substance])) is forbidden


def test_a_forbidden_medicine_is_not_ordered(home: SimpleNamespace) -> None:
    allergy(home)
    with pytest.raises(Invalid, match="allergic to 青霉素"):
        order(home, drug="阿莫西林颗粒")


def test_an_allergy_found_later_blocks_the_next_dose_but_not_its_refusal(home: SimpleNamespace) -> None:
    made = order(home, drug="阿莫西林颗粒")
    allergy(home)
    with pytest.raises(Invalid, match="allergic"):
        give(home, made)
    assert give(home, made, outcome="stopped", reason="过敏")


@pytest.mark.parametrize(
    "values, field",
    [({"ends_on": date(2026, 10, 31)}, "ends_on"), ({"own_times": "morning"}, "own_times"), ({"own_times": "08:00"}, "own_times"),
     ({"frequency": "prn"}, "minimum_hours"), ({"dose": 0.0}, "dose"), ({"frequency": "prn", "minimum_hours": 4.0, "own_times": "08:00"}, "own_times")],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(home: SimpleNamespace, values: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        order(home, **values)
    assert field in [problem.field for problem in refused.value.problems]


def test_the_order_takes_the_last_weight(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        records.save(
            work, GrowthMeasurement, {"child_id": home.child, "measured_on": date(2026, 11, 2), "weight": 19.5}
        )
    made = order(home)
    with home.database.read(home.director) as work:
        values = queries.values(work, MedicationOrder, made)
    assert (values["weight_kg"], values["weighed_on"]) == (19.5, date(2026, 11, 2))


def test_an_order_in_use_is_stopped_not_rewritten(home: SimpleNamespace) -> None:
    made = order(home)
    give(home, made)
    nurse = actor("director")
    with pytest.raises(Invalid, match="Stop it and write a new one"), home.database.work(nurse) as work:
        records.save(work, MedicationOrder, {"dose": 6.0}, id=made)
    with home.database.work(nurse) as work:
        stop_order(work, made, "换药")
    with home.database.read(home.care) as work:
        assert orders_of(work, home.child) == []
        ended = orders_of(work, home.child, ended=True)[0]
        assert (ended["running"], ended["stop_reason"], ended["times"]) == (False, "换药", "08:00 20:00")
    assert [line.due_at for line in lines(home, datetime(2026, 11, 20), 24)] == [MORNING]


def test_a_caregiver_gives_but_does_not_order(home: SimpleNamespace) -> None:
    with pytest.raises(Forbidden), home.database.work(home.care) as work:
        records.save(work, MedicationOrder, {"child_id": home.child, **VALPROATE})


# --- the round ----------------------------------------------------------------------------------------


def test_the_round_shows_who_what_and_what_to_beware_of(home: SimpleNamespace) -> None:
    allergy(home)
    order(home, instructions="饭后")
    line = lines(home)[0]
    assert (line.child_name, line.medicine, line.dose, line.how, line.due_at) == (
        "曾小乐",
        "丙戊酸钠口服液",
        "5 mL, by mouth",
        "饭后",
        MORNING,
    )
    assert [alert.text for alert in line.alerts] == ["Allergy: 青霉素"]
    assert line.overdue(NOW) and not line.overdue(MORNING + timedelta(minutes=59))


def test_a_dose_is_recorded_once_and_the_second_person_sees_the_first(home: SimpleNamespace) -> None:
    made = order(home)
    give(home, made)
    with pytest.raises(AlreadyRecorded, match="Given at 09:30, by 单雄"):
        give(home, made)
    with pytest.raises(Invalid, match="Recorded already"), home.database.work(SYSTEM) as work:
        records.save(work, Dose, {"child_id": home.child, "order_id": made, "due_at": MORNING, "outcome": "refused"})
    line = lines(home)[0]
    assert (line.outcome, line.giver) == ("given", "单雄")


def test_two_people_at_the_same_moment_record_one_dose(home: SimpleNamespace) -> None:
    """The rule is also a constraint of the database: the checks before it cannot see what is not yet committed."""
    made = order(home)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def tap() -> None:
        start.wait()
        try:
            give(home, made)
            outcomes.append("given")
        except AlreadyRecorded:
            outcomes.append("told")

    taps = [threading.Thread(target=tap) for _ in range(2)]
    for each in taps:
        each.start()
    for each in taps:
        each.join()
    assert sorted(outcomes) == ["given", "told"]
    with home.database.read(home.director) as work:
        assert queries.count(work, Dose) == 1


def test_the_database_itself_refuses_the_second(postgres_database: Database) -> None:
    """Bulk writing passes no rule, and still a dose is there only once."""
    from sqlalchemy.exc import IntegrityError

    from models.child import Child

    with postgres_database.work(SYSTEM) as work:
        child = records.save(
            work, Child, {"name": "曾小乐", "number": "2020-001", "sex": "1", "born_on": date(2020, 1, 1)}
        )
        made = records.save(work, MedicationOrder, {"child_id": child, **VALPROATE})
    row = {"child_id": child, "order_id": made, "due_at": MORNING, "outcome": "given"}
    with pytest.raises(IntegrityError), postgres_database.work(SYSTEM) as work:
        work.bulk(Dose, [dict(row), dict(row)])


def test_a_dose_taken_back_is_due_again(home: SimpleNamespace) -> None:
    made = order(home)
    dose = give(home, made)
    with home.database.work(home.care) as work:
        take_back(work, dose)
    assert lines(home)[0].outcome == ""
    assert give(home, made, outcome="refused")


@pytest.mark.parametrize("outcome", ["missed", "stopped"])
def test_what_was_not_given_needs_a_reason(home: SimpleNamespace, outcome: str) -> None:
    made = order(home)
    with pytest.raises(Invalid, match="reason"):
        give(home, made, outcome=outcome)
    assert give(home, made, outcome=outcome, reason="孩子熟睡")


def test_nothing_is_given_that_is_not_due(home: SimpleNamespace) -> None:
    made = order(home, ends_on=date(2026, 11, 19))
    with pytest.raises(Invalid, match="nothing is due"):
        give(home, made, datetime(2026, 11, 19, 9, 0))
    with pytest.raises(Invalid, match="had ended"):
        give(home, made)


def test_too_early_is_asked_and_the_future_refused(home: SimpleNamespace) -> None:
    made = order(home)
    evening = datetime(2026, 11, 20, 20, 0)
    with pytest.raises(Unconfirmed, match="before the dose is due"):
        give(home, made, evening)
    with pytest.raises(Invalid, match="future"):
        give(home, made, evening, given_at=evening)
    assert give(home, made, evening, confirmed=True)


def test_high_alert_medicines_are_checked_by_a_second_person(home: SimpleNamespace) -> None:
    made = order(home, drug="胰岛素", dose_unit="unit", route="sc", watched="insulin")
    assert lines(home)[0].double_check
    with pytest.raises(Invalid, match="Two people"):
        give(home, made)
    with pytest.raises(Invalid, match="Another person"):
        give(home, made, checker_id=home.caregiver)
    with home.database.work(SYSTEM) as work:
        second = records.save(work, Staff, {"name": "李霞", "sex": "2", "post": "nurse"})
    give(home, made, checker_id=second)
    assert lines(home)[0].checker == "李霞"


# --- on need ------------------------------------------------------------------------------------------

FEVER = {
    "drug": "对乙酰氨基酚滴剂",
    "frequency": "prn",
    "minimum_hours": 6.0,
    "maximum_a_day": 2,
    "starts_at": datetime(2026, 11, 1),
}


def test_on_need_wants_a_reason_keeps_its_interval_and_asks_for_the_effect(home: SimpleNamespace) -> None:
    made = order(home, **FEVER)
    with pytest.raises(Invalid, match="why the medicine was needed"):
        give(home, made, None)
    dose = give(home, made, None, reason="体温38.9")
    home.database.clock = lambda: NOW + timedelta(hours=2)
    with pytest.raises(Invalid, match="earliest 6 h later"):
        give(home, made, None, reason="体温38.7")
    with home.database.read(home.care) as work:
        assert [each.due for each in effects_to_note(work)] == [NOW + timedelta(hours=1)]
    with home.database.work(home.care) as work:
        note_effect(work, dose, "good")
    with home.database.read(home.care) as work:
        assert not list(effects_to_note(work))
    for_need = [line for line in lines(home) if line.due_at is None]
    assert for_need[0].next_possible == NOW + timedelta(hours=6)


def test_on_need_has_a_most_a_day(home: SimpleNamespace) -> None:
    made = order(home, **FEVER)
    for hours in (-8, -2):
        give(home, made, None, reason="发热", given_at=NOW + timedelta(hours=hours))
    home.database.clock = lambda: NOW + timedelta(hours=8)
    with pytest.raises(Invalid, match="At most 2 doses a day"):
        give(home, made, None, reason="发热")


# --- what is missed, what the month shows -------------------------------------------------------------


def test_doses_nobody_recorded_are_one_line_a_child(home: SimpleNamespace) -> None:
    order(home)
    order(home, drug="左乙拉西坦片")
    with home.database.read(home.care) as work:
        due = list(doses_not_recorded(work))
    assert len(due) == 1 and due[0].child_id == home.child
    assert due[0].text.startswith("4 doses not recorded (")


def test_nothing_is_missed_while_the_child_is_in_hospital(home: SimpleNamespace) -> None:
    order(home)
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 1, 1))
        move(work, home.child, "hospital", date(2026, 11, 20), place="医院")
    with home.database.read(home.care) as work:
        assert not list(doses_not_recorded(work))
    assert lines(home)[0].where == "In hospital" and not lines(home)[0].overdue(NOW)


def test_leaving_stops_the_orders(home: SimpleNamespace) -> None:
    order(home)
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 1, 1))
        move(work, home.child, "left", date(2026, 11, 20), departure="D1", document="〔2026〕3号", reason="认领")
    with home.database.read(home.director) as work:
        assert orders_of(work, home.child)[0]["until"] == datetime(2026, 11, 20, 23, 59)


def test_the_month_counts_how_the_medicines_were_taken(home: SimpleNamespace) -> None:
    made = order(home, starts_at=datetime(2026, 11, 18))
    for due, outcome in (
        (datetime(2026, 11, 18, 8), "given"),
        (datetime(2026, 11, 18, 20), "refused"),
        (datetime(2026, 11, 19, 8), "given"),
    ):
        give(home, made, due, outcome)
    with home.database.read(home.care) as work:
        grid = adherence_of(work, home.child, Month(2026, 11))
        assert adherence_of(work, home.child, Month(2026, 10)) is None
    assert grid and grid.rows[0][3:] == ("5", "2", "1", "0", "2", "40%")


def test_the_hand_over_hears_of_new_orders_and_refused_doses(home: SimpleNamespace) -> None:
    made = order(home, starts_at=MORNING)
    give(home, made, outcome="refused")
    with home.database.read(home.care) as work:
        told = list(changes_between(work, [home.child], MORNING, NOW))
    assert [words for _child, words in told] == [
        "new order: 丙戊酸钠口服液 5 mL, by mouth Twice a day",
        "08:00 丙戊酸钠口服液 Refused",
    ]


def test_other_units_doses_are_not_seen(home: SimpleNamespace) -> None:
    order(home, child_id=home.other)
    with home.database.read(home.care) as work:
        assert round_lines(work, home.second, MORNING, NOW) == [] and child_lines(work, home.other, MORNING, NOW) == []
        assert alerts_for(work, [home.other]) == []
