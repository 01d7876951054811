"""Siblings, papers and kept things of a child, and the checks of those who care for it."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from models.alerts import alerts_for
from models.belongings import ChildPaper, KeepsakeItem, Sibling, siblings_of
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.reminders import due_now
from models.rooms import Equipment, Room
from models.staff import Staff, check_due_on
from models.unit import Unit


def saved(home, record_type, **values):
    with home.database.work(home.director) as work:
        return records.save(work, record_type, values)


def refused(home, record_type, **values):
    with pytest.raises(Invalid) as refusal:
        saved(home, record_type, **values)
    return {problem.field for problem in refusal.value.problems}


def lines(home, type_name):
    with home.database.read(home.director) as work:
        return [(line.text, line.due) for line in due_now(work) if line.needs[0] == type_name]


@pytest.fixture
def second(home):
    with home.database.work(SYSTEM) as work:
        return records.save(work, Staff, {"name": "仇丽", "sex": "2", "post": "finance"})


def test_siblings_are_seen_from_both_sides(home):
    saved(home, Sibling, child_id=home.child, other_id=home.other, relation="elder_sister")
    with home.database.read(home.director) as work:
        assert siblings_of(work, home.child) == [("Elder sister", "阿依古丽·买买提", home.other, "")]
        assert siblings_of(work, home.other) == [("Sibling", "曾小乐", home.child, "")]


def test_a_sibling_is_someone_else_and_has_a_name(home):
    assert refused(home, Sibling, child_id=home.child, other_id=home.child, relation="twin") == {"other_id"}
    assert refused(home, Sibling, child_id=home.child, relation="twin") == {"name"}


def test_a_paper_that_expires_stands_on_today(home):
    saved(
        home, ChildPaper, child_id=home.child, kind="id_card", issued_on=date(2021, 12, 1), valid_to=date(2026, 12, 1)
    )
    assert lines(home, "ChildPaper") == [("Identity card expires", date(2026, 12, 1))]
    assert refused(
        home, ChildPaper, child_id=home.child, kind="id_card", issued_on=date(2021, 1, 1), valid_to=date(2020, 1, 1)
    ) == {"valid_to"}


def test_property_is_signed_for_by_two_persons(home, second):
    money = {
        "child_id": home.child,
        "kind": "money",
        "name": "压岁钱",
        "amount": Decimal("200"),
        "received_on": date(2026, 2, 17),
    }
    assert refused(home, KeepsakeItem, **money, keeper_id=home.caregiver) == {"witness_id"}
    assert refused(home, KeepsakeItem, **money, keeper_id=home.caregiver, witness_id=home.caregiver) == {"witness_id"}
    kept = saved(home, KeepsakeItem, **money, keeper_id=home.caregiver, witness_id=second)
    with home.database.read(home.director) as work:
        assert queries.values(work, KeepsakeItem, kept)["amount"] == Decimal("200.00")


def test_what_the_child_was_found_with_stays_with_the_home(home):
    blanket = {"child_id": home.child, "kind": "found", "name": "红色襁褓", "received_on": date(2020, 1, 3)}
    with pytest.raises(Unconfirmed):
        saved(home, KeepsakeItem, **blanket, returned_on=date(2026, 1, 1), returned_to="某人")
    assert refused(home, KeepsakeItem, **blanket, returned_on=date(2019, 1, 1), returned_to="某人") == {"returned_on"}


def test_what_everyone_must_know_is_an_alert(home):
    with home.database.work(home.director) as work:
        records.save(work, Child, {"emergency_note": "对花生过敏"}, id=home.child)
    with home.database.read(home.care) as work:
        assert [(each.text, each.level) for each in alerts_for(work, [home.child])] == [("对花生过敏", "danger")]


def test_the_yearly_check_of_staff_is_due_after_365_days(home):
    assert check_due_on(date(2024, 1, 1), date(2025, 11, 25)) == date(2026, 11, 25)
    with home.database.work(SYSTEM) as work:
        records.save(
            work,
            Staff,
            {"yearly_checked_on": date(2025, 11, 1), "health_valid_to": date(2026, 12, 1)},
            id=home.caregiver,
        )
    assert lines(home, "Staff") == [
        ("Yearly background check: 单雄", date(2026, 11, 1)),
        ("Health certificate expires: 单雄", date(2026, 12, 1)),
    ]


def test_who_was_never_checked_is_named_at_once_and_a_record_is_pointed_out(home):
    assert lines(home, "Staff") == [("Background check missing: 单雄", date(2026, 11, 20))]
    with pytest.raises(Unconfirmed):
        saved(home, Staff, name="某人", sex="1", post="caregiver", yearly_result="found")


def test_hours_units_and_rooms_make_sense(home):
    assert refused(home, Staff, name="某人", sex="1", post="nurse", works_from=time(17), works_until=time(8)) == {
        "works_until"
    }
    assert refused(home, Unit, name="三班", kind="ward", age_from=6, age_to=3) == {"age_to"}
    assert refused(home, Room, name="PT大厅", kind="pt", capacity=0) == {"capacity"}
    saved(home, Equipment, name="减重步态训练仪", inspected_on=date(2025, 11, 25), inspection_months=12)
    assert lines(home, "Equipment") == [("Inspection of equipment: 减重步态训练仪", date(2026, 11, 25))]
