"""Attendance art 训练出勤图: the sessions of a month as marks by day; no mark depends on colour.

Drawn with the pen itself: four hundred children have four hundred different ones, so that nothing could be kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from models.attendance_chart import AttendanceChart, AttendanceRow
from reports import fonts
from reports.blocks import Cell, Row
from reports.pen import Pen
from reports.styles import NOTE
from resources import _

MARKS = {"done": "●", "late": "◐", "made_up": "▲", "absent": "×", "cancelled": "–", "booked": "○"}
_LINE, _HEAD, _FOOT, _NAME = 11.5, 22.0, 13.0, 74.0
_SIZE = 7.0


@dataclass(frozen=True)
class AttendanceArt:
    """The chart in a cell of a form."""

    chart: AttendanceChart

    @property
    def height(self) -> float:
        """As high as it has therapies."""
        return _HEAD + _LINE * len(self.chart.rows) + _FOOT

    @property
    def alt(self) -> str:
        """The chart in words, for who cannot see it."""
        counts: dict[str, int] = defaultdict(int)
        for row in self.chart.rows:
            for _day, status in row.sessions:
                counts[status] += 1
        said = _(", ").join(f"{words} {counts[status]}" for status, words in self.chart.legend)
        return f"{self.chart.title}{_(': ')}{said}"

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        left, top = x + _NAME, y + height - _HEAD
        step = (width - _NAME - 6) / self.chart.days
        low = top - _LINE * len(self.chart.rows)
        pen.text(x + 5, y + height - 9, self.chart.title, fonts.chain("hei-bold"), _SIZE + 1)
        for day in sorted(self.chart.closed):
            pen.fill(left + (day - 1) * step, low, step, top - low, 0.93)
        self._ground(pen, left, low, top, step)
        for number, row in enumerate(self.chart.rows):
            self._row(pen, row, x, left, top - _LINE * (number + 1) + 3.2, step)
        words = "\u3000".join(f"{MARKS[status]} {said}" for status, said in self.chart.legend)
        pen.text(left, y + 4, words, NOTE.chain, _SIZE)

    def _ground(self, pen: Pen, left: float, low: float, top: float, step: float) -> None:
        """Day numbers above, hair lines between therapies and weeks of five days."""
        right = left + step * self.chart.days
        for day in range(1, self.chart.days + 1):
            pen.centred(left + (day - 0.5) * step, top + 3, str(day), NOTE.chain, _SIZE - 1, 0.35)
        rows = [top - _LINE * number for number in range(len(self.chart.rows) + 1)]
        pen.lines([(left, at, right, at) for at in rows], 0.3, 0.6)
        pen.lines([(left + step * day, low, left + step * day, top) for day in range(self.chart.days + 1)], 0.2, 0.85)

    def _row(self, pen: Pen, row: AttendanceRow, x: float, left: float, base: float, step: float) -> None:
        face = fonts.chain("hei")
        name = fonts.printable(row.title, face)
        while name and face.width(name, _SIZE) > _NAME - 8:
            name = name[:-1]
        pen.text(x + 5, base, name, face, _SIZE)
        by_day: dict[int, list[str]] = defaultdict(list)
        for day, status in row.sessions:
            by_day[day].append(MARKS[status])
        for day, marks in by_day.items():
            size = min(_SIZE, step * 0.95 / len(marks))
            pen.centred(left + (day - 0.5) * step, base, "".join(marks), face, size)


def attendance_row(chart: AttendanceChart) -> tuple[Row, ...]:
    """Return the row of a form with a month's attendance; none when nothing was booked."""
    return (Row((Cell(art=AttendanceArt(chart)),), (1.0,)),) if chart.rows else ()
