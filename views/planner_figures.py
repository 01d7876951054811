"""The plan's figures 排课指标: each level with its best so far, what is proven, and the line by which it fell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.scheduling.levels import Levels
from models.scheduling.planning import Run, Sketch
from resources import _, ngettext
from ui.icons import paint_icon
from ui.text import PlainLabel, set_tip
from ui.theme import color, space, theme
from ui.widgets import column, row
from views.planner_look import LEVEL_HELP, LEVELS, level_value, stage_words

WIDEST = "100 %"
"""Every figure leaves its line the room beside the widest, so that the lines end below each other."""
SHORTEST = 60
"""The line by which a figure fell is drawn at least so long."""
MIDDLE = Qt.AlignmentFlag.AlignVCenter
Trail = Sequence[tuple[float, Levels]]


class LevelRow(QWidget):
    """One figure: its name, how it fell, its value, and how far it is proven."""

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.words = name, words
        self.value, self.note, self.proven = "–", "", False
        self.points: list[tuple[float, int]] = []
        self.bound: int | None = None
        self.until = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_tip(self, _(LEVEL_HELP[name]))
        theme.changed.connect(self.updateGeometry)

    def show_value(self, value: int, note: str, *, proven: bool, bound: int | None) -> None:
        """Show the figure with what is known of it."""
        self.value, self.note, self.proven, self.bound = level_value(self.name, value), note, proven, bound
        self.setAccessibleName(_(", ").join(filter(None, (f"{self.words} {self.value}", note))))
        self.update()

    def show_trail(self, trail: Trail, until: float) -> None:
        """Show how it fell; ``until`` is the time of the whole chart in seconds."""
        self.points = [(seconds, getattr(levels, self.name)) for seconds, levels in trail]
        self.until = max([until, *(seconds for seconds, _value in self.points)])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(260), theme.size(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(200), theme.size(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        number = theme.font("heading")
        painter.setFont(number)
        wide = painter.fontMetrics().horizontalAdvance(WIDEST)
        painter.setPen(color("text"))
        painter.drawText(whole, MIDDLE | Qt.AlignmentFlag.AlignRight, self.value)
        left = QRectF(whole.left(), whole.top(), self._words_width(whole.width(), wide), whole.height())
        self._draw_words(painter, left)
        chart = QRectF(left.right() + space(2), whole.top() + space(2), 0, whole.height() - space(4))
        chart.setRight(whole.right() - wide - space(2))
        if len(self.points) > 1 and chart.width() > theme.size(24):
            self._draw_line(painter, chart)

    def _words_width(self, whole: float, number: float) -> float:
        """Return what the words get: half of the row, more where the note needs it and a short line is left beside."""
        note = QFontMetrics(theme.font("caption")).horizontalAdvance(self.note) + theme.size(24)
        return max(whole * 0.5, min(note, whole - number - theme.size(SHORTEST) - 2 * space(2)))

    def _draw_words(self, painter: QPainter, rect: QRectF) -> None:
        painter.setFont(theme.font("body"))
        metrics = painter.fontMetrics()
        upper = QRectF(rect.left(), rect.top(), rect.width(), rect.height() / 2 + 2)
        if not self.note:
            upper = rect
        painter.drawText(
            upper, Qt.AlignmentFlag.AlignBottom if self.note else MIDDLE, metrics.elidedText(self.words, Qt.TextElideMode.ElideRight, int(rect.width()))
        )  # fmt: skip
        painter.setFont(theme.font("caption"))
        lower = QRectF(rect.left(), upper.bottom(), rect.width(), rect.height() / 2 - 2)
        side = painter.fontMetrics().height() * 0.8
        if self.proven:
            paint_icon(painter, QRectF(lower.left(), lower.top() + 2, side, side), "badge-check", "good")
            lower.setLeft(lower.left() + side + space(1))
        painter.setPen(color("good" if self.proven else "muted"))
        said = painter.fontMetrics().elidedText(self.note, Qt.TextElideMode.ElideRight, int(lower.width()))
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop, said)

    def _draw_line(self, painter: QPainter, area: QRectF) -> None:
        """Draw the steps by which it fell; the time runs as its root, for most happens in the first seconds."""
        high = max(value for _seconds, value in self.points)
        low = min([*(value for _seconds, value in self.points), self.bound if self.bound is not None else high])
        spread, span = max(high - low, 1), max(self.until, 0.1) ** 0.5

        def place(seconds: float, value: int) -> QPointF:
            return QPointF(
                area.left() + min(seconds**0.5 / span, 1.0) * area.width(),
                area.bottom() - (value - low) / spread * area.height(),
            )

        if self.bound is not None and not self.proven:
            painter.setPen(QPen(color("edge"), 1, Qt.PenStyle.DotLine))
            y = place(0, self.bound).y()
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
        line = QPolygonF()
        for index, (seconds, value) in enumerate(self.points):
            if index:
                line.append(place(seconds, self.points[index - 1][1]))
            line.append(place(seconds, value))
        line.append(place(self.until, self.points[-1][1]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color("good" if self.proven else "rehabilitation"), theme.size(2)))
        painter.drawPolyline(line)
        painter.setBrush(painter.pen().color())
        painter.drawEllipse(line.last(), theme.size(2), theme.size(2))


class Figures(QWidget):
    """All figures of a plan below each other, with how many sessions are placed and what the engine is at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        lines = column(self, 1)
        head = row(None, 2)
        self.placed = PlainLabel("", "heading")
        head.addWidget(self.placed, 1)
        self.clock = PlainLabel("", "number", tone="muted")
        head.addWidget(self.clock)
        lines.addLayout(head)
        self.stage = PlainLabel("", "caption", wrap=True)
        lines.addWidget(self.stage)
        self.rows = [LevelRow(name, _(words)) for name, words in LEVELS]
        for each in self.rows:
            lines.addWidget(each)

    def show_sketch(self, sketch: Sketch, said: str = "") -> None:
        """Show what a proposal is worth; what the last run has proven of it is shown by :meth:`show_run`."""
        self._say_placed(sketch)
        self.stage.setText(said)
        for index, each in enumerate(self.rows):
            each.show_value(sketch.levels[index], _note(sketch, index), proven=False, bound=None)

    def show_run(self, run: Run, sketch: Sketch, elapsed: float, *, running: bool) -> None:
        """Show how a run stands."""
        self._say_placed(sketch)
        self.clock.setText(_("{n} s").format(n=f"{elapsed:.0f}" if elapsed >= 10 else f"{elapsed:.1f}"))
        self.stage.setText(_said(run, running))
        best = run.best
        for index, each in enumerate(self.rows):
            bound = best.bounds[index] if best and best.bounds is not None else None
            proven = best is not None and index < best.proven
            words = (_note(sketch, index), _("proven best") if proven else _bound_words(each.name, bound))
            note = _(" · ").join(filter(None, words))
            each.show_value(sketch.levels[index], note, proven=proven, bound=bound)
            each.show_trail(run.trail, elapsed)

    def _say_placed(self, sketch: Sketch) -> None:
        count = sketch.tally
        self.placed.setText(_("{placed} of {wanted} placed").format(placed=count.placed, wanted=count.wanted))


def _said(run: Run, running: bool) -> str:
    if running:
        return _("{stage}…").format(stage=stage_words(run.stage))
    best = run.best
    if best is not None and best.proven >= len(LEVELS):
        return _("Finished: no better plan exists.")
    return _("Stopped; the best plan is kept.") if run.stopped else _("Time is up; the best plan is kept.")


def _bound_words(name: str, bound: int | None) -> str:
    return _("not below {n}").format(n=level_value(name, bound)) if bound else ""


def _note(sketch: Sketch, index: int) -> str:
    """Say of the waiting how many sessions they are, for the figure itself is weighed."""
    count = sketch.tally.waiting
    if LEVELS[index][0] == "waiting" and count and count != sketch.levels[index]:
        return ngettext("{n} session, weighed", "{n} sessions, weighed", count).format(n=count)
    return ""
