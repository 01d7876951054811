"""Nursing records and the unit's shift: as usual, out of the ordinary, once a shift, taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.care import NursingRecord
from models.care_month import care_month
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Missing, Unconfirmed
from models.month import Month
from models.nursing import (
    OBSERVED,
    day_lines,
    fever_again,
    nursing_rows,
    ordinary,
    save_row,
    take_again,
    undo_row,
    units_of,
    unusual,
)
from models.placement import move
from models.shifts import shift_at, shift_of
from models.staff import Staff
from tests.conftest import NOW, actor

DAY = NOW.date()
SHIFT = shift_at(NOW)


def row_of(home: SimpleNamespace, child: str, who=None):
    with home.database.read(who or home.care) as work:
        return next(row for row in nursing_rows(work, home.sunflower, SHIFT) if row.child_id == child)


def write(home: SimpleNamespace, values: dict, **how):
    with home.database.work(home.care) as work:
        return save_row(work, home.child, SHIFT, values, **how)


def test_the_unit_shows_its_children_and_what_is_usual(home: SimpleNamespace) -> None:
    with home.database.read(home.care) as work:
        rows = nursing_rows(work, home.sunflower, SHIFT)
        assert units_of(work)[0] == (home.sunflower, "向日葵家庭")
    assert [(row.name, row.age, row.record) for row in rows] == [("曾小乐", "6 y 10 m", None)]
    assert rows[0].usual["appetite"] == "all" and "temperature" not in rows[0].usual


def test_one_enter_writes_the_usual_and_it_can_be_taken_back(home: SimpleNamespace) -> None:
    made, before = write(home, row_of(home, home.child).usual, usual=True)
    assert before is None
    record = row_of(home, home.child).record
    assert record and record["usual"] and record["appetite"] == "all" and record["carer_id"] == home.caregiver
    with home.database.work(home.care) as work:
        undo_row(work, made, before)
    assert row_of(home, home.child).record is None


def test_writing_again_changes_the_same_record_and_undo_brings_back_what_stood_there(home: SimpleNamespace) -> None:
    first, _none = write(home, {"temperature": 36.5, "appetite": "all"})
    second, before = write(home, {"temperature": 38.6, "vomiting": 1})
    assert first == second and before and before["temperature"] == 36.5
    with home.database.work(home.care) as work:
        undo_row(work, second, before)
    record = row_of(home, home.child).record
    assert record and (record["temperature"], record["vomiting"], record["appetite"]) == (36.5, None, "all")


def test_a_child_has_one_record_a_shift_whoever_writes_it(home: SimpleNamespace) -> None:
    write(home, {"temperature": 36.5})
    values = {"child_id": home.child, "day": SHIFT.day, "shift": SHIFT.code, "at": NOW, "temperature": 37.0}
    with pytest.raises(Invalid, match="has already written"), home.database.work(home.director) as work:
        records.save(work, NursingRecord, values)
    with home.database.work(home.director) as work:
        assert records.save(work, NursingRecord, {**values, "extra": True})


def test_after_midnight_the_night_before_is_written(home: SimpleNamespace) -> None:
    night = shift_at(datetime(2026, 11, 20, 3, 0))
    with home.database.work(home.care) as work:
        save_row(work, home.child, night, {"sleep": "well"})
    with home.database.read(home.care) as work:
        line = day_lines(work, home.child, night.day, night.day)[0]
    assert (line["day"], line["shift"], line["at"].date()) == (date(2026, 11, 19), "night", date(2026, 11, 20))


def test_only_the_units_own_people_write(home: SimpleNamespace) -> None:
    with pytest.raises(Missing), home.database.work(home.care) as work:
        save_row(work, home.other, SHIFT, {"temperature": 36.5})


@pytest.mark.parametrize(
    "values, field",
    [({"temperature": 29.9}, "temperature"), ({"temperature": 43.1}, "temperature"), ({"seizure_minutes": 2.0}, "seizures"),
     ({"vomiting": -1}, "vomiting"), ({"appetite": "nonsense"}, "appetite")],
)  # fmt: skip
def test_bad_values_are_refused_beside_their_field(home: SimpleNamespace, values: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(home, values)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_girls_from_six_years_are_washed_by_women_or_it_is_asked(home: SimpleNamespace) -> None:
    values = {"child_id": home.other, "at": NOW, "bath": "bath", "carer_id": home.caregiver}
    with pytest.raises(Unconfirmed, match="cared for by women"), home.database.work(home.director) as work:
        records.save(work, NursingRecord, values)
    with home.database.work(SYSTEM) as work:
        nurse = records.save(work, Staff, {"name": "李霞", "sex": "2", "post": "nurse"})
    with home.database.work(home.director) as work:
        assert records.save(work, NursingRecord, {**values, "carer_id": nurse})
    with home.database.work(home.director) as work:
        assert records.save(work, NursingRecord, {**values, "extra": True, "bath": "none", "temperature": 36.5})


@pytest.mark.parametrize(
    "values, words, level",
    [
        ({"temperature": 38.5}, "High fever 38.5 °C", "danger"), ({"temperature": 37.3}, "Fever 37.3 °C", "warning"),
        ({"temperature": 35.0}, "Low temperature 35.0 °C", "warning"), ({"seizures": 2, "seizure_minutes": 3.0}, "Seizures: 2, longest 3 min", "danger"),
        ({"vomiting": 2}, "Vomited: 2 times", "warning"), ({"stools": 4}, "Stools: 4", "warning"),
        ({"appetite": "refused"}, "Appetite: Refused", "warning"), ({"skin": "sore"}, "Skin: Pressure sore", "danger"),
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_said(values: dict, words: str, level: str) -> None:
    assert [(each.text, each.level) for each in unusual(values, DAY)] == [(words, level)]


def test_the_ordinary_is_not_out_of_the_ordinary() -> None:
    assert not unusual({"temperature": 36.8, "appetite": "all", "stools": 1, "vomiting": 0, "skin": "intact"}, DAY)


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"appetite": st.sampled_from(["all", "half", "refused", None]), "skin": st.sampled_from(["intact", "sore", None]),
         "feed_ml": st.one_of(st.none(), st.integers(0, 400)), "temperature": st.floats(36, 40), "vomiting": st.integers(0, 3)}
    ), max_size=7,
)  # fmt: skip


@given(RECORDS)
def test_as_usual_never_says_anything_unusual(past: list[dict]) -> None:
    usual = ordinary(past)
    assert not unusual(usual, DAY)
    assert not {"temperature", "vomiting", "seizures", "note", "stools"} & usual.keys()
    assert usual.keys() <= set(OBSERVED)


def test_usual_is_what_was_written_most_often(home: SimpleNamespace) -> None:
    for days, appetite, feed in ((1, "half", 100), (2, "half", 200), (3, "all", 180)):
        shift = shift_of(DAY - timedelta(days=days), SHIFT.code)
        with home.database.work(home.care) as work:
            save_row(work, home.child, shift, {"appetite": appetite, "feed_ml": feed})
    usual = row_of(home, home.child).usual
    assert (usual["appetite"], usual["feed_ml"]) == ("half", 180)


def test_fever_asks_for_the_temperature_again_until_it_is_taken(home: SimpleNamespace) -> None:
    write(home, {"temperature": 38.2})
    with home.database.read(home.care) as work:
        due = list(fever_again(work))
    assert [(each.child_id, each.due) for each in due] == [(home.child, NOW + timedelta(hours=2))]
    home.database.clock = lambda: NOW + timedelta(hours=2)
    with home.database.work(home.care) as work:
        take_again(work, home.child, 37.0)
    with home.database.read(home.care) as work:
        assert not list(fever_again(work))


def test_a_child_in_hospital_stands_below_and_says_where(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        records.save(work, Child, {"unit_id": home.sunflower}, id=home.other)
        move(work, home.child, "residential", DAY - timedelta(days=300))
        move(work, home.child, "hospital", DAY, place="合肥市儿童医院")
    with home.database.read(home.care) as work:
        rows = nursing_rows(work, home.sunflower, SHIFT)
    assert [(row.child_id, row.where) for row in rows] == [(home.other, ""), (home.child, "In hospital")]


def test_the_month_tells_exceptions_and_figures(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        shift = shift_of(date(2026, 10, 9), "early")
        save_row(work, home.child, shift, {"temperature": 39.0, "appetite": "all", "note": "转院"})
        save_row(work, home.child, shift_of(date(2026, 10, 20), "early"), {"temperature": 36.4, "appetite": "all"})
    with home.database.read(home.care) as work:
        section = care_month(work, home.child, Month(2026, 10))
    facts = dict(section.facts)
    assert facts["Days with nursing records"] == "2"
    assert facts["Temperature taken"] == "2 times, highest 39.0 °C" and facts["Days with fever"] == "1"
    assert section.grids[0].rows == (("2026-10-09 15:00", "Early", "High fever 39.0 °C; 转院"),)


def test_a_teacher_may_not_write(home: SimpleNamespace) -> None:
    from models.core.errors import Forbidden

    with pytest.raises(Forbidden), home.database.work(actor("teacher", staff_id=home.caregiver)) as work:
        save_row(work, home.child, SHIFT, {"temperature": 36.5})


def test_a_record_says_itself_in_one_line(home: SimpleNamespace) -> None:
    made, _before = write(home, {"temperature": 38.2, "vomiting": 2, "note": "喝水后好转"})
    with home.database.read(home.care) as work:
        summary = queries.load(work, NursingRecord, made).summary()
    assert summary == "Temperature 38.2 °C, Vomiting 2 times, 喝水后好转"


def test_old_records_can_still_be_entered(home: SimpleNamespace) -> None:
    """Rules with dates are asked about the day of the record; before any rule nothing breaks."""
    born = {"born_on": date(2002, 1, 1)}
    with home.database.work(SYSTEM) as work:
        records.save(work, Child, born, id=home.other)
    shift = shift_of(date(2009, 3, 1), "early")
    with home.database.work(home.director) as work:
        save_row(work, home.other, shift, {"temperature": 38.5, "bath": "bath"}, carer_id=home.caregiver)
    with home.database.read(home.director) as work:
        assert len(day_lines(work, home.other, shift.day, shift.day)) == 1
