"""Charts 图表: figures by matplotlib, the same on the screen and, as vectors, on paper.

    figure = growth_figure(chart, SCREEN)          # for ui.figure
    rows = chart_row(section.chart, width)         # for a form

Axes, bands and curves of a standard are the same for every child of a sex: on paper they are drawn once and kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan
from threading import Lock
from typing import TYPE_CHECKING, Any

from models.growth_chart import Curve, GrowthChart
from reports import fonts
from reports.blocks import Cell, Row
from reports.pen import Pen
from reports.recorder import Drawing, recorded
from resources import _, path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

_SHEETS = 24
"""How many drawn grounds of charts are kept."""


@dataclass(frozen=True)
class Palette:
    """The colours of a chart; on paper only greys, so that it survives the copier."""

    ground: str = "none"
    ink: str = "#000000"
    muted: str = "#595959"
    grid: str = "#E3E3E3"
    band: str = "#F2F2F2"
    median: str = "#333333"
    inner: str = "#8C8C8C"
    outer: str = "#8C8C8C"
    child: str = "#000000"
    text: float = 7.0


PAPER = Palette()
SCREEN = Palette(
    ground="#FFFFFF", ink="#1F2A27", muted="#5F6F69", grid="#E6ECE9", band="#EEF5F1", median="#2F7D5B", inner="#8DB8A4",
    outer="#B9A15C", child="#B4432F", text=9.0,
)  # fmt: skip


def growth_figure(chart: GrowthChart, palette: Palette = SCREEN, size: tuple[float, float] = (480.0, 320.0)) -> Figure:
    """Return the chart as a figure of ``size`` points: the standard's curves and bands, and the child's points."""
    figure, axes = _ground(chart, palette, size)
    for line in _child_lines(chart, palette):
        axes.add_line(line)
    return figure


def _ground(chart: GrowthChart, palette: Palette, size: tuple[float, float]) -> tuple[Figure, Axes]:
    """Axes, bands and curves, without the child."""
    from matplotlib.figure import Figure

    wide, high = size
    figure = Figure((wide / 72, high / 72), dpi=72, facecolor=palette.ground)
    left, right, low = 5.2 * palette.text, 4.6 * palette.text, 3.5 * palette.text
    top = (3.5 if _long_head(chart, palette, wide - left - right) else 2.2) * palette.text
    axes = figure.add_axes((left / wide, low / high, (wide - left - right) / wide, (high - low - top) / high))
    axes.set_facecolor(palette.ground)
    axes.set_xlim(*chart.x_range)
    axes.set_ylim(*chart.y_range)
    _band(axes, chart.curves, palette)
    for curve in chart.curves:
        axes.plot(curve.xs, curve.ys, **_stroke(curve, palette))
    _name_curves(axes, chart, palette, high - low - top)
    _dress(axes, chart, palette)
    _head(
        figure,
        chart,
        palette,
        (left / wide, 1 - 1.65 * palette.text / high, 1 - right / wide),
        low=1 - (top - 0.55 * palette.text) / high,
    )
    return figure, axes


def _band(axes: Axes, curves: Sequence[Curve], palette: Palette) -> None:
    """Shade between the outermost lines of the standard, where they run over the same ages."""
    outer = [curve for curve in curves if curve.rank == 2]
    for low, high in zip(outer[:1], outer[-1:], strict=True):
        if low.xs == high.xs and low is not high:
            axes.fill_between(low.xs, low.ys, high.ys, color=palette.band, linewidth=0)


def _stroke(curve: Curve, palette: Palette) -> dict[str, Any]:
    if curve.rank == 0:
        return {"color": palette.median, "linewidth": 1.1}
    if curve.rank == 1:
        return {"color": palette.inner, "linewidth": 0.7}
    return {"color": palette.outer, "linewidth": 0.7, "dashes": (4, 2)}


def _name_curves(axes: Axes, chart: GrowthChart, palette: Palette, height: float) -> None:
    """Name the curves at their right ends, the more important first, none over another.

    Where the standard ends before the child's last measurement, that is inside the chart.
    """
    scale = height / (chart.y_range[1] - chart.y_range[0])
    end = min(max((curve.xs[-1] for curve in chart.curves if curve.xs), default=0.0), chart.x_range[1])
    ends = [curve for curve in chart.curves if curve.xs and curve.xs[-1] >= end - 0.35]
    taken: list[float] = []
    for curve in sorted(ends, key=lambda each: each.rank):
        last = min(bisect_left(curve.xs, chart.x_range[1]), len(curve.xs) - 1)
        x, y = curve.xs[last], curve.ys[last]
        if all(abs(y - other) * scale >= palette.text for other in taken):
            taken.append(y)
            axes.annotate(
                curve.label, (max(x, end), y), (3, 0), textcoords="offset points", va="center",
                fontproperties=_font(palette.text * 0.9), color=palette.muted, annotation_clip=False,
            )  # fmt: skip


def _dress(axes: Axes, chart: GrowthChart, palette: Palette) -> None:
    from matplotlib.ticker import MaxNLocator, MultipleLocator

    axes.grid(True, color=palette.grid, linewidth=0.4)
    axes.set_axisbelow(True)
    step = {"months": 3.0, "years": 1.0, "cm": 5.0}[chart.x_unit]
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.yaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 2.5, 3, 4, 5, 10]))
    axes.tick_params(length=2, width=0.4, color=palette.muted, labelcolor=palette.ink, pad=2)
    for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]:
        label.set_fontproperties(_font(palette.text))
    axes.set_xlabel(chart.x_label, fontproperties=_font(palette.text), color=palette.ink, labelpad=2)
    axes.set_ylabel(chart.y_label, fontproperties=_font(palette.text), color=palette.ink, labelpad=3)
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
        spine.set_color(palette.muted)


def _long_head(chart: GrowthChart, palette: Palette, room: float) -> bool:
    """Whether title and source need a line each."""
    face = fonts.chain("hei")
    return face.width(chart.title, palette.text + 1) + face.width(chart.source, palette.text * 0.9) + 8 > room


def _head(figure: Figure, chart: GrowthChart, palette: Palette, place: tuple[float, float, float], low: float) -> None:
    """Title at the left, the standard's number at the right, on the line below where both are long."""
    left, y, right = place
    figure.text(left, y, chart.title, fontproperties=_font(palette.text + 1, bold=True), color=palette.ink)
    if chart.source:
        figure.text(right, low, chart.source, fontproperties=_font(palette.text * 0.9), color=palette.muted, ha="right")


def _child_lines(chart: GrowthChart, palette: Palette) -> list[Line2D]:
    """The child's way: points joined by a line, with bars where the age is only estimated."""
    from matplotlib.lines import Line2D

    xs, ys = [point.x for point in chart.points], [point.y for point in chart.points]
    spans = [point for point in chart.points if point.x_high - point.x_low > 0.01]
    lines = []
    if spans:
        across = [x for point in spans for x in (point.x_low, point.x_high, nan)]
        level = [y for point in spans for y in (point.y, point.y, nan)]
        lines.append(Line2D(across, level, color=palette.child, linewidth=0.6, marker="|", markersize=3))
    dot = palette.text * (0.46 if len(xs) <= 8 else 0.3)
    lines.append(Line2D(xs, ys, color=palette.child, linewidth=1.2, marker="o", markersize=dot))
    now = [point for point in chart.points if point.current]
    if now:
        lines.append(
            Line2D(
                [point.x for point in now], [point.y for point in now], linestyle="none", marker="o", markersize=7,
                markerfacecolor="none", markeredgecolor=palette.child, markeredgewidth=1.2,
            )
        )  # fmt: skip
    return lines


def _font(size: float, bold: bool = False) -> Any:
    from matplotlib.font_manager import FontProperties

    file = path("fonts", "NotoSansSC-Bold.ttf" if bold else "NotoSansSC-Regular.ttf")
    return FontProperties(fname=str(file), size=size, weight="bold" if bold else "normal")


@dataclass(frozen=True)
class ChartArt:
    """A growth chart in a cell of a form."""

    chart: GrowthChart
    height: float = 160.0

    @property
    def alt(self) -> str:
        """The chart in words: what it shows, how many points, and the last of them."""
        what = f"{self.chart.title}, {self.chart.y_label}"
        if not self.chart.points:
            return what
        last = max(self.chart.points, key=lambda each: each.day)
        said = _("{what}: {count} measurements, the last {value:g} on {day}")
        return said.format(what=what, count=len(self.chart.points), value=last.y, day=last.day.isoformat())

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        for drawing in growth_drawings(self.chart, (width - 6, height - 4)):
            drawing.draw_on(pen, x + 3, y + 2)


class _Grounds:
    """The grounds drawn so far; one figure is drawn at a time, because matplotlib's are not made for threads."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._kept: OrderedDict[Any, tuple[Drawing, Figure, Axes]] = OrderedDict()

    def of(self, chart: GrowthChart, size: tuple[float, float]) -> tuple[Drawing, Figure, Axes]:
        key = (replace(chart, points=()), size)
        if key not in self._kept:
            figure, axes = _ground(key[0], PAPER, size)
            self._kept[key] = (recorded(figure, size), figure, axes)
        self._kept.move_to_end(key)
        while len(self._kept) > _SHEETS:
            self._kept.popitem(last=False)
        return self._kept[key]


_grounds = _Grounds()


def growth_drawings(chart: GrowthChart, size: tuple[float, float]) -> tuple[Drawing, Drawing]:
    """Return a chart as two drawings for paper: the ground, shared by many children, and the child's way."""
    with _grounds.lock:
        ground, figure, axes = _grounds.of(chart, size)
        lines = _child_lines(chart, PAPER)
        for line in lines:
            axes.add_line(line)
        try:
            return ground, recorded(figure, size, only=lines)
        finally:
            for line in lines:
                line.remove()


def chart_row(chart: Any, width: float) -> tuple[Row, ...]:
    """Return the row of a form with a section's chart, or its charts side by side; none when there is nothing."""
    charts = [each for each in (chart if isinstance(chart, tuple) else (chart,)) if isinstance(each, GrowthChart)]
    charts = [each for each in charts if each.points or each.curves]
    if not charts:
        return ()
    return (Row(tuple(Cell(art=ChartArt(each)) for each in charts), (1.0,) * len(charts)),)
