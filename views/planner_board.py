"""The whole department on one sheet 全科一览: a line a therapist, the days side by side, each session a small block.

What is new, moved, as it was or held fast is told by shape as well as by colour: filled, filled with a notch, an
outline, an outline with a bar.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from models.scheduling.planning import by_therapist
from models.scheduling.problem import Placement
from resources import _, ngettext
from ui.text import plain_tip
from ui.theme import color, mix, space, theme
from ui.week_paint import caption
from views.planner_look import Scene, tile_of
from views.therapy_look import tint, weekday

HEAD, ROW = 34, 26


class Board(QAbstractScrollArea):
    """The week of all therapists; ``opened`` carries the therapist whose line was entered or pressed."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.people: list[str] = []
        self.current = 0
        self._blocks: list[tuple[QRectF, Placement]] = []
        self._mine: dict[str, list[Placement]] = {}
        self._slots: dict[int, int] = {}
        self._days: dict[int, int] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("The whole department"))
        self.setMinimumHeight(theme.size(160))
        theme.changed.connect(self._lay)

    def show_scene(self, scene: Scene, people: list[str]) -> None:
        """Show a proposal, one line for each of these therapists."""
        self.scene, self.people = scene, people
        self.current = min(self.current, max(len(people) - 1, 0))
        self._mine = by_therapist(scene.sketch.placements)
        self._slots = _open_slots(scene)
        self._days = {(day - scene.monday).days: index for index, day in enumerate(scene.days)}
        self._lay()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(640), theme.size(HEAD + ROW * 12))

    # --- places ---

    def _row(self) -> int:
        """The height of a line: as much as the sheet gives, within what can be read and taken in."""
        room = self.viewport().height() - theme.size(HEAD)
        return max(theme.size(ROW), min(room // max(len(self.people), 1), theme.size(60)))

    def _label(self) -> int:
        return max(theme.size(72), min(theme.size(120), round(self.viewport().width() * 0.14)))

    def _end(self) -> int:
        return theme.size(52)

    def _day_width(self) -> float:
        return (self.viewport().width() - self._label() - self._end()) / max(len(self._days), 1)

    def _unit(self) -> float:
        return (self._day_width() - space(2)) / max(len(self._slots), 1)

    def _lay(self) -> None:
        """Compute the place of each block once, not at every painting."""
        self._blocks = []
        tall = self._row() * len(self.people) + theme.size(HEAD)
        self.verticalScrollBar().setRange(0, max(0, tall - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(self._row())
        if self.scene is not None:
            tasks, high, unit = self.scene.sketch.problem.tasks, self._row(), self._unit()
            day, first = self._day_width(), self._label() + space(1)
            for line, key in enumerate(self.people):
                for each in self._mine.get(key, ()):
                    left = first + self._days.get(each.day, 0) * day + self._slots.get(each.start, 0) * unit
                    width = max(unit * tasks[each.task].slots - 1.5, 2.0)
                    self._blocks.append((QRectF(left, line * high + 3, width, high - 6), each))
        self.viewport().update()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt's own event
        self._lay()

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), color("raised"))
        if self.scene is None:
            return
        head, down = theme.size(HEAD), self.verticalScrollBar().value()
        painter.save()
        painter.setClipRect(0, head, self.viewport().width(), self.viewport().height())
        painter.translate(0, head - down)
        first, last = max(down // self._row() - 1, 0), (down + self.viewport().height()) // self._row() + 1
        for line in range(first, min(last, len(self.people))):
            self._draw_line(painter, line)
        for rect, placement in self._blocks:
            if rect.bottom() > down and rect.top() < down + self.viewport().height():
                self._draw_block(painter, rect, placement)
        painter.restore()
        self._draw_head(painter)

    def _draw_line(self, painter: QPainter, line: int) -> None:
        assert self.scene is not None
        key, top, tall = self.people[line], line * self._row(), self._row()
        whole = QRectF(0, top, self.viewport().width(), tall)
        if line == self.current and self.hasFocus():
            painter.fillRect(whole, mix(color("accent"), color("raised"), 0.10))
        self._draw_away(painter, key, top, tall)
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(QPointF(0, top + tall), QPointF(whole.right(), top + tall))
        painter.setFont(theme.font("body"))
        painter.setPen(color("text"))
        name = self.scene.names.get(key, key)
        room = QRectF(space(2), top, self._label() - space(3), tall)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setFont(caption())
        load = self.load(key)
        painter.setPen(color("warning" if load > 95 else "muted"))
        end = QRectF(whole.right() - self._end(), top, self._end() - space(2), tall)
        painter.drawText(end, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{load:.0f} %")

    def _draw_away(self, painter: QPainter, key: str, top: int, tall: int) -> None:
        """Hatch when a therapist is not there, so that an empty place and a missing person are told apart."""
        assert self.scene is not None
        problem = self.scene.sketch.problem
        therapist = problem.therapists.get(key)
        unit = self._unit()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(color("line"), Qt.BrushStyle.BDiagPattern))
        for day, index in self._days.items():
            left = self._label() + index * self._day_width() + space(1)
            for slot, place in self._slots.items():
                if therapist and (day, slot) not in therapist.free and (day, slot) in problem.grid.open:
                    painter.drawRect(QRectF(left + place * unit, top + 2, unit, tall - 4))

    def _draw_block(self, painter: QPainter, rect: QRectF, placement: Placement) -> None:
        assert self.scene is not None
        sketch = self.scene.sketch
        name = tint(sketch.problem.tasks[placement.task].therapy)
        paint_block(painter, rect, name, sketch.changes.what(placement), sketch.holds(placement))

    def _draw_head(self, painter: QPainter) -> None:
        assert self.scene is not None
        head = theme.size(HEAD)
        foot = min(head + self._row() * len(self.people), self.viewport().height())
        painter.fillRect(0, 0, self.viewport().width(), head, color("raised"))
        for index, day in enumerate(self.scene.days):
            left = self._label() + index * self._day_width()
            painter.setFont(theme.font("strong"))
            painter.setPen(color("text"))
            rect = QRectF(left + space(1), 0, self._day_width() - space(2), head)
            words = f"{weekday(day)} "
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            rect.setLeft(rect.left() + painter.fontMetrics().horizontalAdvance(words) + space(1))
            painter.setFont(caption())
            painter.setPen(color("muted"))
            if painter.fontMetrics().horizontalAdvance("00-00") <= rect.width():
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, f"{day:%m-%d}")
            painter.setPen(QPen(color("line"), 1))
            painter.drawLine(QPointF(left, 0), QPointF(left, foot))
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(0, head, self.viewport().width(), head)
        end = self.viewport().width() - self._end()
        painter.drawLine(QPointF(end, 0), QPointF(end, foot))

    # --- what is told ---

    def load(self, key: str) -> float:
        """Return a therapist's load in per cent of the week."""
        assert self.scene is not None
        problem = self.scene.sketch.problem
        slots = sum(problem.tasks[each.task].slots for each in self._mine.get(key, ()))
        there = problem.therapists[key].available if key in problem.therapists else 0
        return slots / there * 100 if there else 0.0

    def line_words(self, line: int) -> str:
        """Say one line in words."""
        assert self.scene is not None
        key = self.people[line]
        count = len(self._mine.get(key, ()))
        words = ngettext("{n} session", "{n} sessions", count).format(n=count)
        return _(" · ").join((self.scene.names.get(key, key), words, f"{self.load(key):.0f} %"))

    def block_at(self, point: QPoint) -> Placement | None:
        """Return the session under a point of the viewport."""
        inside = QPointF(point) + QPointF(0, self.verticalScrollBar().value() - theme.size(HEAD))
        return next((placement for rect, placement in self._blocks if rect.contains(inside)), None)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.scene is not None:
            found = self.block_at(event.pos())
            words = tile_of(self.scene, found, "therapist").tip if found else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self.viewport())
            return True
        return super().viewportEvent(event)

    # --- going about ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        line = (round(event.position().y()) - theme.size(HEAD) + self.verticalScrollBar().value()) // self._row()
        if event.position().y() > theme.size(HEAD) and 0 <= line < len(self.people):
            self._go_to(line)
            self.opened.emit(self.people[line])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
            return
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        if event.key() in steps and self.people:
            self._go_to(self.current + steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.people:
            self.opened.emit(self.people[self.current])
        else:
            super().keyPressEvent(event)

    def _go_to(self, line: int) -> None:
        self.current = max(0, min(line, len(self.people) - 1))
        bar, top = self.verticalScrollBar(), self.current * self._row()
        bar.setValue(max(min(bar.value(), top), top + self._row() + theme.size(HEAD) - self.viewport().height()))
        self.setAccessibleDescription(self.line_words(self.current))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.viewport().update()

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt's own event
        if self.people and self.scene is not None:
            self._go_to(self.current)

    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt's own event
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()


def paint_block(painter: QPainter, rect: QRectF, name: str, what: str, held: bool) -> None:
    """Draw one session: ``new`` filled, ``moved`` filled with a notch, ``kept`` an outline; held fast with a bar."""
    filled = what != "kept"
    painter.setBrush(color(name) if filled else color(f"{name}_soft"))
    painter.setPen(QPen(color(name), 1))
    painter.drawRoundedRect(rect, 2, 2)
    painter.setPen(Qt.PenStyle.NoPen)
    if what == "moved":
        notch = min(rect.width(), rect.height()) * 0.55
        corner = rect.topRight()
        painter.setBrush(color("raised"))
        painter.drawPolygon(QPolygonF([corner, corner - QPointF(notch, 0), corner + QPointF(0, notch)]))
    if held:
        painter.setBrush(color("raised" if filled else "text"))
        painter.drawRect(QRectF(rect.left() + 2, rect.bottom() - 4, max(rect.width() - 4, 2), 2))


def _open_slots(scene: Scene) -> dict[int, int]:
    """Return the slots that are open on some day, each with its place: what is always closed takes no room."""
    return {slot: index for index, slot in enumerate(sorted({slot for _day, slot in scene.sketch.problem.grid.open}))}
