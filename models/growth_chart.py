"""Growth chart 生长曲线图: the lines of a standard and a child's points, as plain data for screen and paper.

``reports.charts`` draws it; ``ui.figure`` shows the drawing. Nothing here knows how it will look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from models.growth_standards import INDICATORS, UNITS, GrowthAge, wst423_lines, wst586_456_limits, wst612_lines
from models.growth_who import DAYS_A_MONTH, LAST_DAY_2006, who_lms, who_value
from resources import _

_SHOWN_PERCENTILES = ((0, "P3", 2), (2, "P25", 1), (3, "P50", 0), (4, "P75", 1), (6, "P97", 2))
"""The percentiles that separate the five levels, and the median: index, label, rank."""
_SHOWN_SD = ((-3, 2), (-2, 2), (-1, 1), (0, 0), (1, 1), (2, 2), (3, 2))


@dataclass(frozen=True)
class Curve:
    """One line of the standard; ``rank`` is 0 for the median, 1 for an inner, 2 for an outer line."""

    label: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rank: int = 1


@dataclass(frozen=True)
class ChartPoint:
    """One measured value; ``x_low`` and ``x_high`` span the possible ages when the birth date is an estimate."""

    x: float
    y: float
    day: date
    x_low: float
    x_high: float
    current: bool = False
    """Whether this is the measurement being typed or read just now."""


@dataclass(frozen=True)
class GrowthChart:
    """A growth chart ready to be drawn.

    Attributes:
        x_unit: ``months``, ``years`` or ``cm``; the xs of curves and points are in it.
        curves: empty where the standard has no lines for this indicator and age.
        source: the standard's number, printed small.
    """

    title: str
    x_label: str
    y_label: str
    x_unit: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    curves: tuple[Curve, ...]
    points: tuple[ChartPoint, ...]
    source: str = ""


@dataclass(frozen=True)
class RawPoint:
    """A measured value with the child's age in months (earliest, stated and latest), and stature in cm."""

    day: date
    value: float
    months: tuple[float, float, float]
    stature: float | None = None
    current: bool = False


def growth_chart(standard: str, indicator: str, sex: str, points: Sequence[RawPoint]) -> GrowthChart:
    """Return the chart of one indicator (see ``INDICATORS``) by ``china`` or ``who`` for ``boys`` or ``girls``."""
    by_stature = indicator == "weight_for_length"
    ages = [months for point in points for months in point.months] or [0.0]
    lying = max(ages) < 24
    unit = "cm" if by_stature else "months" if lying else "years"
    span = _stature_span(points) if by_stature else _age_span(ages, lying)
    scale = 12.0 if unit == "years" else 1.0
    make = _who_curves if standard == "who" else _china_curves
    curves = (
        tuple(_scaled(curve, scale) for curve in make(indicator, sex, span, lying, max(ages)) if len(curve.xs) > 1)
        if sex
        else ()
    )
    made = tuple(_point(point, by_stature, scale) for point in points if not by_stature or point.stature)
    x_label = {"cm": _("Length or height (cm)"), "months": _("Age (months)"), "years": _("Age (years)")}[unit]
    return GrowthChart(
        title=INDICATORS.label(indicator),
        x_label=x_label,
        y_label=f"{_short(indicator)} ({UNITS[indicator]})",
        x_unit=unit,
        x_range=(span[0] / scale, span[1] / scale),
        y_range=_y_range(curves, made),
        curves=curves,
        points=made,
        source=_source(standard, indicator, max(ages)) if curves else "",
    )


def _short(indicator: str) -> str:
    return {
        "weight": _("Weight"), "weight_for_length": _("Weight"), "stature": _("Length or height"),
        "bmi": _("BMI"), "head": _("Head circumference"),
    }[indicator]  # fmt: skip


def _source(standard: str, indicator: str, months: float) -> str:
    if standard == "who":
        return "WHO 2006" if months * DAYS_A_MONTH <= LAST_DAY_2006 else "WHO 2006 / 2007"
    if months < 84:
        return "WS/T 423-2022"
    return {"stature": "WS/T 423-2022 · WS/T 612-2018", "bmi": "WS/T 423-2022 · WS/T 586-2018 · WS/T 456-2014"}.get(
        indicator, "WS/T 423-2022"
    )


def _age_span(ages: Sequence[float], lying: bool) -> tuple[float, float]:
    """The first two years as a whole; later, whole years around the child's own, at least four."""
    if lying:
        return 0.0, 24.0
    first, last = floor(min(ages) / 12), ceil(max(ages) / 12 + 0.2)
    first = max(0, min(first, last - 4))
    return first * 12.0, max(last, first + 4) * 12.0


def _stature_span(points: Sequence[RawPoint]) -> tuple[float, float]:
    statures = [point.stature for point in points if point.stature] or [60.0]
    return max(45.0, floor(min(statures) / 5) * 5 - 5.0), ceil(max(statures) / 5) * 5 + 10.0


def _point(point: RawPoint, by_stature: bool, scale: float) -> ChartPoint:
    early, stated, late = (point.stature or 0.0,) * 3 if by_stature else point.months
    return ChartPoint(
        stated / scale, point.value, point.day, min(early, late) / scale, max(early, late) / scale, point.current
    )


def _scaled(curve: Curve, scale: float) -> Curve:
    return Curve(curve.label, tuple(x / scale for x in curve.xs), curve.ys, curve.rank)


def _y_range(curves: Sequence[Curve], points: Sequence[ChartPoint]) -> tuple[float, float]:
    ys = [y for curve in curves for y in curve.ys] + [point.y for point in points]
    if not ys:
        return 0.0, 1.0
    margin = max((max(ys) - min(ys)) * 0.05, 0.5)
    return min(ys) - margin, max(ys) + margin


def _steps(span: tuple[float, float], step: float) -> list[float]:
    first, last = span
    return [first + step * i for i in range(int((last - first) / step) + 1)]


def _china_curves(indicator: str, sex: str, span: tuple[float, float], lying: bool, months: float) -> Iterator[Curve]:
    if indicator == "weight_for_length":
        xs = [x for x in _steps(span, 1.0) if wst423_lines(indicator, sex, x, lying=lying)]
        yield from _percentile_curves(xs, lambda x: wst423_lines(indicator, sex, x, lying=lying).percentiles)  # type: ignore[union-attr]
        return
    if span[0] < 84:
        yield from _under_seven(indicator, sex, span)
    if span[1] > 84:
        yield from _after_seven(indicator, sex, span)


def _under_seven(indicator: str, sex: str, span: tuple[float, float]) -> Iterator[Curve]:
    """Percentile lines; at 24 months the height line begins 0.7 cm below the length line, as in the tables."""
    marks = [(x, x <= 24.0 and span[0] < 24) for x in _steps((span[0], min(span[1], 83.999)), 1.0)]
    if indicator in ("stature", "bmi") and span[0] < 24 < span[1]:
        marks.insert([x for x, _lying in marks].index(24.0) + 1, (24.0, False))
    rows = [(x, wst423_lines(indicator, sex, x, lying=lying)) for x, lying in marks]
    known = [(x, lines.percentiles) for x, lines in rows if lines]
    for index, label, rank in _SHOWN_PERCENTILES:
        if known:
            yield Curve(label, tuple(x for x, _p in known), tuple(p[index] for _x, p in known), rank)


def _percentile_curves(xs: Sequence[float], lines: Callable[[float], tuple[float, ...]]) -> Iterator[Curve]:
    rows = [lines(x) for x in xs]
    for index, label, rank in _SHOWN_PERCENTILES:
        if rows:
            yield Curve(label, tuple(xs), tuple(row[index] for row in rows), rank)


def _after_seven(indicator: str, sex: str, span: tuple[float, float]) -> Iterator[Curve]:
    """Lines in steps, because the standards hold for a whole year or half-year of age."""
    start, end = max(span[0], 84.0), min(span[1], 227.999)
    if indicator == "stature":
        rows = _stairs(start, end, 12.0, lambda x: wst612_lines(sex, x))
        for index, (label, rank) in enumerate(
            (("−2 SD", 2), ("−1 SD", 1), (_("median"), 0), ("+1 SD", 1), ("+2 SD", 2))
        ):
            yield Curve(label, tuple(x for x, _r in rows), tuple(row[index] for _x, row in rows), rank)
    elif indicator == "bmi":
        rows = _stairs(start, min(end, 216.0), 6.0, lambda x: wst586_456_limits(sex, x))
        labels = (_("moderate or severe wasting"), _("mild wasting"), _("overweight"), _("obesity"))
        for index, label in enumerate(labels):
            yield Curve(
                label, tuple(x for x, _r in rows), tuple(row[index] for _x, row in rows), 2 if index in (0, 3) else 1
            )


def _stairs(
    start: float, end: float, step: float, lines: Callable[[float], tuple[float, ...] | None]
) -> list[tuple[float, tuple[float, ...]]]:
    made: list[tuple[float, tuple[float, ...]]] = []
    for x in _steps((start, end), step):
        row = lines(x)
        if row:
            made += [(x, row), (min(x + step, end), row)]
    return made


def _who_curves(indicator: str, sex: str, span: tuple[float, float], lying: bool, months: float) -> Iterator[Curve]:
    by_stature = indicator == "weight_for_length"
    marks = []
    for x in _steps(span, 1.0):
        age = GrowthAge(round((months if by_stature else x) * DAYS_A_MONTH), months if by_stature else x)
        lms = who_lms(indicator, sex, age, x if by_stature else None)
        if lms:
            marks.append((x, lms))
    for z, rank in _SHOWN_SD:
        if marks:
            label = _("median") if z == 0 else f"{z:+d} SD".replace("-", "−")
            yield Curve(label, tuple(x for x, _l in marks), tuple(who_value(z, lms) for _x, lms in marks), rank)
