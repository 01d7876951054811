"""Growth measurements: what is asked, what is refused, what the standards say, and when the next is due."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.growth import GrowthMeasurement, chart_of, growth_due, growth_month, measurements, next_due, subject_of
from models.growth_chart import GrowthChart
from models.growth_results import GrowthSubject, Measured, assess
from models.month import Month

TODAY = date(2026, 11, 20)
BOY = GrowthSubject("c", "曾小乐", "1", date(2023, 11, 20), date(2023, 11, 20), date(2023, 11, 20))


def measure(home: SimpleNamespace, **values) -> str:
    with home.database.work(home.director) as work:
        return records.save(work, GrowthMeasurement, {"child_id": home.child, "measured_on": TODAY, **values})


def test_a_measurement_knows_its_bmi_and_its_position(home: SimpleNamespace) -> None:
    made = measure(home, weight=20.0, stature=116.0)
    with home.database.read(home.director) as work:
        values = queries.values(work, GrowthMeasurement, made)
    assert (values["bmi"], values["position"], values["state"]) == (14.9, "standing", "submitted")


@pytest.mark.parametrize(
    "values, field",
    [
        ({"weight": 151.0}, "weight"), ({"weight": 0.2}, "weight"), ({"stature": 24.0}, "stature"), ({"stature": 221.0}, "stature"),
        ({}, "weight"), ({"weight": 20.0, "measured_on": TODAY + timedelta(days=1)}, "measured_on"),
        ({"weight": 20.0, "measured_on": date(2019, 12, 31)}, "measured_on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(home: SimpleNamespace, values: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        measure(home, **values)
    assert not isinstance(refused.value, Unconfirmed)
    assert field in [problem.field for problem in refused.value.problems]


def test_a_loss_of_a_tenth_in_a_month_is_asked_again_and_may_be_confirmed(home: SimpleNamespace) -> None:
    measure(home, weight=20.0, measured_on=TODAY - timedelta(days=20))
    with pytest.raises(Unconfirmed, match="2026-10-31"):
        measure(home, weight=17.9)
    with home.database.work(home.director) as work:
        values = {"child_id": home.child, "measured_on": TODAY, "weight": 17.9}
        assert records.save(work, GrowthMeasurement, values, confirmed=True)


def test_the_same_loss_over_two_months_passes(home: SimpleNamespace) -> None:
    measure(home, weight=20.0, measured_on=TODAY - timedelta(days=60))
    assert measure(home, weight=17.9)


def test_a_value_far_off_every_child_is_asked_again(home: SimpleNamespace) -> None:
    with pytest.raises(Unconfirmed, match="SD from the median"):
        measure(home, weight=70.0, stature=116.0)


def test_the_standard_says_z_level_and_class() -> None:
    found = {
        each.reading.indicator: each
        for each in assess(BOY, Measured(TODAY, weight=11.0, stature=88.0, position="standing")).judged
    }
    weight = found["weight"]
    assert (weight.reading.level, weight.reading.group) == ("low", "underweight")
    assert found["stature"].reading.group == "stunting"
    assert "head" not in found


def test_a_child_whose_birth_is_estimated_gets_bands() -> None:
    subject = GrowthSubject("c", "青禾", "2", date(2023, 11, 20), date(2023, 5, 20), date(2024, 5, 20))
    judged = assess(subject, Measured(TODAY, weight=13.0)).judged[0]
    assert judged.z_low is not None and judged.z_high is not None
    assert judged.z_low < (judged.reading.z or 0) < judged.z_high
    assert " to " in judged.z_words()
    assert len(judged.levels) > 1


@given(st.floats(5, 25), st.integers(0, 24))
def test_the_band_holds_the_stated_date(weight: float, margin: int) -> None:
    born = date(2023, 11, 20)
    subject = GrowthSubject(
        "c", "青禾", "2", born, born - timedelta(days=30 * margin), born + timedelta(days=30 * margin)
    )
    judged = assess(subject, Measured(TODAY, weight=weight)).judged[0]
    assert judged.reading.z is not None and judged.z_low is not None and judged.z_high is not None
    assert judged.z_low <= judged.reading.z <= judged.z_high


def test_nothing_is_assessed_without_a_sex_or_when_it_makes_no_sense() -> None:
    unknown = GrowthSubject("c", "青禾", "9", date(2023, 11, 20), date(2023, 11, 20), date(2023, 11, 20))
    assert assess(unknown, Measured(TODAY, weight=13.0)).why_not
    lame = assess(BOY, Measured(TODAY, weight=13.0, not_assessable="contractures"))
    assert "Contractures" in lame.why_not and not lame.judged


def test_an_early_child_is_judged_by_the_corrected_age() -> None:
    early = GrowthSubject("c", "青禾", "1", date(2026, 5, 20), date(2026, 5, 20), date(2026, 5, 20), gestation_weeks=30)
    on_time = GrowthSubject("c", "青禾", "1", date(2026, 5, 20), date(2026, 5, 20), date(2026, 5, 20))
    values = Measured(TODAY, weight=6.4)
    corrected, plain = assess(early, values), assess(on_time, values)
    assert corrected.age and corrected.age.corrected
    assert (corrected.judged[0].reading.z or 0) > (plain.judged[0].reading.z or 0) + 1


def test_an_estimated_birth_bounds_the_subject(home: SimpleNamespace) -> None:
    with home.database.work(SYSTEM) as work:
        values = {
            "birth_basis": "examined",
            "birth_margin_months": 6,
            "birth_note": "牙齿",
            "admitted_on": date(2020, 3, 1),
        }
        records.save(work, Child, values, id=home.child)
    with home.database.read(home.director) as work:
        subject = subject_of(work, home.child)
    assert (subject.earliest, subject.born_on, subject.latest) == (date(2019, 7, 1), date(2020, 1, 1), date(2020, 3, 1))
    assert subject.estimated


@pytest.mark.parametrize(
    "indicator, standard",
    [(i, s) for i in ("weight", "stature", "bmi", "head", "weight_for_length") for s in ("china", "who")],
)
@pytest.mark.parametrize("months", [3, 30, 100])
def test_every_chart_can_be_drawn(indicator: str, standard: str, months: int) -> None:
    born = TODAY - timedelta(days=round(months * 30.4375))
    subject = GrowthSubject("c", "青禾", "1", born, born - timedelta(days=60), born + timedelta(days=60))
    points = [Measured(TODAY - timedelta(days=60), 6.0 + months / 5, 58.0 + months / 1.6, "standing", 40.0, id="1"),
              Measured(TODAY, 6.4 + months / 5, 60.0 + months / 1.6, "standing", 41.0, id="")]  # fmt: skip
    chart = chart_of(subject, points, indicator, standard, current="")
    assert isinstance(chart, GrowthChart)
    assert [point.current for point in chart.points] == [False, True]
    low, high = chart.x_range
    for curve in chart.curves:
        assert len(curve.xs) == len(curve.ys) > 1
        assert low <= min(curve.xs) and max(curve.xs) <= high + 1e-9
    for point in chart.points:
        assert low <= point.x <= high and chart.y_range[0] < point.y < chart.y_range[1]
        assert point.x_low <= point.x <= point.x_high


def test_the_next_measuring_follows_the_age() -> None:
    born = date(2026, 6, 30)
    assert next_due(born, date(2026, 10, 30), TODAY) == date(2026, 11, 30)
    assert next_due(date(2026, 1, 31), date(2026, 8, 31), TODAY) == date(2026, 11, 30)
    assert next_due(date(2018, 1, 1), date(2026, 1, 31), TODAY) == date(2027, 1, 31)
    assert next_due(date(2018, 1, 1), None, TODAY) == TODAY


def test_children_never_measured_are_due_now_and_measured_ones_later(home: SimpleNamespace) -> None:
    measure(home, weight=20.0)
    with home.database.read(home.director) as work:
        due = list(growth_due(work))
    assert [each.child_id for each in due] == [home.other]


def test_the_month_tells_what_was_measured_and_what_it_means(home: SimpleNamespace) -> None:
    measure(home, weight=19.0, stature=114.0, measured_on=date(2026, 5, 20))
    measure(home, weight=20.0, stature=116.0)
    with home.database.read(home.director) as work:
        section = growth_month(work, home.child, Month(2026, 11))
        before = growth_month(work, home.child, Month(2026, 10))
        empty = growth_month(work, home.other, Month(2026, 10))
    assert ("Weight", "20 kg (+1.0)") in section.facts
    assert [row[1] for row in section.grids[0].rows] == [
        "Weight for age",
        "Length or height for age",
        "Weight for length or height",
        "BMI for age",
    ]
    assert all(isinstance(chart, GrowthChart) and len(chart.points) == 2 for chart in section.chart)
    assert [chart.title for chart in section.chart] == ["Weight for age", "Length or height for age"]
    assert before.facts == (("Measured this month", "no (last: 2026-05-20)"),)
    assert not empty.grids and empty.chart is None


def test_a_voided_measurement_no_longer_counts(home: SimpleNamespace) -> None:
    made = measure(home, weight=20.0)
    with home.database.work(home.director) as work:
        records.take_step(work, GrowthMeasurement, made, "void", reason="wrong child")
    with home.database.read(home.director) as work:
        assert measurements(work, home.child) == []


def test_the_impossible_is_refused_for_old_days_too(home: SimpleNamespace) -> None:
    with home.database.work(SYSTEM) as work:
        records.save(work, Child, {"born_on": date(2001, 1, 1)}, id=home.child)
    with pytest.raises(Invalid):
        measure(home, weight=200.0, measured_on=date(2008, 1, 1))
