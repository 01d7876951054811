"""Hand-over: filled from the shift, counted against the register, signed by two people."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.care import HandOver
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.handover import (
    hand_over_missing,
    hand_over_of,
    hand_overs,
    prefilled,
    roster_of,
    sign_handing,
    sign_receiving,
)
from models.medical import Allergy
from models.nursing import save_row
from models.placement import move
from models.shifts import shift_at
from models.staff import Staff, UnitStaff
from tests.conftest import NOW, actor

SHIFT = shift_at(NOW)


@pytest.fixture
def second(home: SimpleNamespace):
    """Another caregiver of the same unit."""
    with home.database.work(SYSTEM) as work:
        staff = records.save(work, Staff, {"name": "李霞", "sex": "2", "post": "caregiver"})
        records.save(work, UnitStaff, {"staff_id": staff, "unit_id": home.sunflower, "starts_on": date(2020, 1, 1)})
    return actor("caregiver", staff_id=staff, name="second")


def written(home: SimpleNamespace, **values) -> str:
    with home.database.work(home.care) as work:
        return records.save(work, HandOver, {**prefilled(work, home.sunflower, SHIFT), **values})


def test_it_is_filled_with_what_the_shift_must_tell(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        records.save(
            work, Allergy, {"child_id": home.child, "substance": "青霉素", "kind": "medicine", "severity": "severe"}
        )
        save_row(work, home.child, SHIFT, {"temperature": 38.9, "vomiting": 1, "note": "已服退热药"})
    with home.database.read(home.care) as work:
        values = prefilled(work, home.sunflower, SHIFT)
    assert (values["expected"], values["present"], values["out"], values["hospital"]) == (1, 1, 0, 0)
    assert values["special"] == "曾小乐: Allergy: 青霉素"
    assert values["unusual"] == "09:30 曾小乐: High fever 38.9 °C; Vomited: 1 times; 已服退热药"
    assert values["incidents"] == "none"


def test_the_head_count_must_add_up_and_agree_with_the_register(home: SimpleNamespace) -> None:
    with pytest.raises(Invalid, match="make 0, not 1"):
        written(home, present=0)
    with pytest.raises(Invalid, match="1 children belong here"):
        written(home, expected=2, present=2)
    with pytest.raises(Invalid, match="0 children are in hospital"):
        written(home, present=0, hospital=1)
    assert written(home, present=0, out=1)


def test_a_child_in_hospital_is_counted_there(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", NOW.date() - timedelta(days=300))
        move(work, home.child, "hospital", NOW.date(), place="合肥市儿童医院")
    with home.database.read(home.care) as work:
        roster = roster_of(work, home.sunflower)
    assert (roster.here, roster.in_hospital, roster.expected) == ((), ("曾小乐",), 1)
    assert written(home)


def test_two_people_sign_and_then_nothing_changes(home: SimpleNamespace, second) -> None:
    made = written(home)
    with pytest.raises(Invalid, match="signs first"), home.database.work(second) as work:
        sign_receiving(work, made)
    with home.database.work(home.care) as work:
        sign_handing(work, made)
    with pytest.raises(Invalid, match="Another person"), home.database.work(home.care) as work:
        sign_receiving(work, made)
    with home.database.work(second) as work:
        sign_receiving(work, made)
    with home.database.read(home.care) as work:
        line = hand_overs(work, home.sunflower)[0]
    assert (line.handed_by, line.received_by, line.state) == ("单雄", "李霞", "submitted")
    with pytest.raises(Invalid, match="Both sides have signed"), home.database.work(second) as work:
        records.save(work, HandOver, {"unusual": "还有一件事"}, id=made)


def test_someone_without_a_place_on_the_staff_cannot_sign(home: SimpleNamespace) -> None:
    made = written(home)
    with pytest.raises(Invalid, match="cannot sign"), home.database.work(home.director) as work:
        sign_handing(work, made)


def test_one_hand_over_a_shift(home: SimpleNamespace) -> None:
    written(home)
    with pytest.raises(Invalid, match="already written"):
        written(home)


def test_other_units_hand_overs_are_not_seen_and_not_written(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        made = records.save(work, HandOver, prefilled(work, home.second, SHIFT))
    with home.database.read(home.care) as work:
        assert hand_overs(work, home.second) == [] and queries.count(work, HandOver) == 0
    with home.database.work(home.director) as work:
        records.put_in_bin(work, HandOver, made)
    with pytest.raises(Invalid, match="not entrusted"), home.database.work(home.care) as work:
        values = {
            "unit_id": home.second,
            "day": SHIFT.day,
            "shift": SHIFT.code,
            "at": NOW,
            "expected": 0,
            "present": 0,
            "out": 0,
            "hospital": 0,
        }
        records.save(work, HandOver, values)


def test_today_asks_for_the_missing_hand_over_until_it_is_received(home: SimpleNamespace, second) -> None:
    night = SHIFT.before()
    with home.database.read(home.care) as work:
        due = list(hand_over_missing(work))
    assert [each.text for each in due] == ["Hand-over not written: 向日葵家庭, Night"]
    with home.database.work(home.care) as work:
        made = records.save(work, HandOver, {**prefilled(work, home.sunflower, night), "at": night.ends})
        sign_handing(work, made)
    with home.database.read(home.care) as work:
        assert hand_over_of(work, home.sunflower, night) == made
        assert [each.text for each in hand_over_missing(work)] == ["Hand-over not received: 向日葵家庭, Night"]
    with home.database.work(second) as work:
        sign_receiving(work, made)
    with home.database.read(second) as work:
        assert not list(hand_over_missing(work))
