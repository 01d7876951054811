"""The home programme in the unit's shift: due, ticked, taken back, and what the next session is told."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.home_programme import HomeProgramme, ProgrammeTick
from models.practice import practice_open, practice_rows, practised, tick, untick
from models.shifts import shift_of
from models.unit import Unit

TODAY = date(2026, 11, 20)


@pytest.fixture
def unit(database) -> SimpleNamespace:
    """A unit with two children; one sits upright every day and stretches in the morning on Mondays and Fridays."""
    with database.work(SYSTEM) as work:
        key = records.save(work, Unit, {"name": "向日葵班", "kind": "ward"})
        one, two = (
            records.save(work, Child, {"name": name, "number": name, "sex": "1", "born_on": date(2020, 1, 1), "unit_id": key,
                                       "bed": bed})
            for name, bed in (("曾小乐", "2"), ("白小花", "1"))
        )  # fmt: skip
        sit = item(work, one, "端坐进食")
        stretch = item(work, one, "踝关节牵伸", shifts=["early"], weekdays=["1", "5"])
        item(work, two, "看图说话", place="class")
    return SimpleNamespace(database=database, id=key, one=one, two=two, sit=sit, stretch=stretch)


def item(work, child, what, **more) -> str:
    values = {
        "child_id": child,
        "what": what,
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 12, 31),
        "place": "unit",
    }
    return records.save(work, HomeProgramme, values | more)


def day_shift(day: date = TODAY):
    return shift_of(day, "early")


def rows(unit, shift) -> dict[str, object]:
    with unit.database.read(SYSTEM) as work:
        return {row.what: row for row in practice_rows(work, unit.id, shift)}


def test_a_shift_lists_what_is_practised_in_the_unit_on_that_weekday(unit):
    assert set(rows(unit, day_shift())) == {"端坐进食", "踝关节牵伸"}
    assert set(rows(unit, day_shift(TODAY - timedelta(days=1)))) == {"端坐进食"}
    assert rows(unit, shift_of(TODAY, "night")) == {}, "what names no shift lets the children sleep"


def test_one_tick_is_enough_and_can_be_taken_back(unit):
    with unit.database.work(SYSTEM) as work:
        made, before = tick(work, unit.sit, day_shift())
    assert rows(unit, day_shift())["端坐进食"].outcome == "done" and before is None
    with unit.database.work(SYSTEM) as work:
        again, before = tick(work, unit.sit, day_shift(), "not_possible", "ill")
        assert again == made and before["outcome"] == "done"
        untick(work, again, before)
    assert rows(unit, day_shift())["端坐进食"].outcome == "done"
    with unit.database.work(SYSTEM) as work:
        untick(work, made, None)
    assert rows(unit, day_shift())["端坐进食"].open


def test_what_names_no_shift_is_done_once_a_day_in_whichever(unit):
    with unit.database.work(SYSTEM) as work:
        tick(work, unit.sit, day_shift())
    evening = shift_of(TODAY, "late")
    assert rows(unit, evening)["端坐进食"].outcome == "done" and "踝关节牵伸" not in rows(unit, evening)


def test_not_possible_asks_why(unit):
    with pytest.raises(Invalid), unit.database.work(SYSTEM) as work:
        tick(work, unit.sit, day_shift(), "not_possible")


def test_the_next_session_is_told_what_was_really_done(unit):
    since = TODAY - timedelta(days=7)
    with unit.database.work(SYSTEM) as work:
        for count in range(5):
            tick(work, unit.sit, day_shift(since + timedelta(days=count)))
        tick(work, unit.sit, day_shift(since + timedelta(days=5)), "not_possible", "ill")
        found = {each.what: each for each in practised(work, unit.one, since, TODAY)}
    sit = found["端坐进食"]
    assert (sit.wanted, sit.done, dict(sit.missed), sit.silent) == (7, 5, {"ill": 1}, 1)
    assert sit.words() == "端坐进食: 5 of 7 · not done: Ill ×1 · 1 not noted"
    assert found["踝关节牵伸"].wanted == 2, "a Friday and a Monday lie between"


def test_today_says_what_is_open_in_the_unit(unit):
    with unit.database.work(SYSTEM) as work:
        assert [due.text for due in practice_open(work)] == ["Practice in 向日葵班: 2 open"]
        for key in (unit.sit, unit.stretch):
            tick(work, key, day_shift())
        assert list(practice_open(work)) == []


def test_a_tick_belongs_to_its_own_child(unit):
    with pytest.raises(Invalid), unit.database.work(SYSTEM) as work:
        records.save(
            work, ProgrammeTick, {"child_id": unit.two, "programme_id": unit.sit, "day": TODAY, "outcome": "done"}
        )
