"""Transition line 成年安置时间轴: one young person's steps along the years, and the whole cohort by eighteenth birthday.

What is done, late, overdue, open and still to come differs in shape and in words, never by colour alone:
a filled disc with a tick, a triangle, a ring, a hollow bar, a dash.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from models.age import birthday, months_later
from models.calendar_rules import span_words
from models.transition_dates import STATUS, StepMark, phase_of
from models.transition_plan import YoungPerson
from models.transition_words import PHASES, STEPS, TRACKS
from resources import _
from ui.icons import paint_icon
from ui.theme import color, space, theme
from ui.time_rows import TimeRows, month_ticks

TONES = {
    "done": "good", "late": "warning", "overdue": "danger", "open": "info", "later": "neutral",
    "not_needed": "neutral", "lapsed": "neutral",
}  # fmt: skip
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def status_words(step: StepMark, today: date) -> str:
    """Say how a step stands: done when, late by how much, due in how long."""
    if step.status in {"done", "late"} and step.done_on:
        return _("done {day}").format(day=step.done_on.isoformat())
    if step.status == "overdue":
        return _("{length} late").format(length=span_words(step.due_on, today))
    if step.status == "open":
        return _("until {day}").format(day=step.due_on.isoformat())
    if step.status == "later":
        return _("from {day}").format(day=step.opens_on.isoformat())
    return STATUS.label(step.status)


def step_words(step: StepMark, today: date) -> str:
    """Say one step completely, for hovering and for a screen reader."""
    lines = [
        f"{STEPS.label(step.code)} · {STATUS.label(step.status)}",
        _("from {first} until {last}").format(first=step.opens_on.isoformat(), last=step.due_on.isoformat()),
        status_words(step, today),
        step.result,
        _("Rule: {source}").format(source=step.source) if step.source else "",
    ]
    return "\n".join(dict.fromkeys(each for each in lines if each))


def draw_mark(painter: QPainter, centre: QPointF, status: str, side: float) -> None:
    """Draw the mark of a status: its shape says it without its colour."""
    tone, half = color(TONES[status]), side / 2
    square = QRectF(centre.x() - half, centre.y() - half, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(tone, theme.size(16) / 10))
    painter.setBrush(color("raised"))
    if status in {"done", "late"}:
        painter.setBrush(tone)
        painter.drawEllipse(square)
        paint_icon(
            painter, square.adjusted(side * 0.18, side * 0.18, -side * 0.18, -side * 0.18), "check", color("raised")
        )
    elif status == "overdue":
        painter.setBrush(tone)
        painter.drawPolygon(QPolygonF([QPointF(centre.x(), square.top()), square.bottomRight(), square.bottomLeft()]))
        painter.setPen(QPen(color("raised"), theme.size(16) / 10))
        painter.drawLine(QPointF(centre.x(), centre.y() - half * 0.25), QPointF(centre.x(), centre.y() + half * 0.4))
    elif status == "open":
        painter.drawEllipse(square)
        painter.setBrush(tone)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(square.adjusted(side * 0.3, side * 0.3, -side * 0.3, -side * 0.3))
    elif status == "later":
        painter.drawEllipse(square.adjusted(side * 0.1, side * 0.1, -side * 0.1, -side * 0.1))
    else:
        painter.drawLine(QPointF(square.left(), centre.y()), QPointF(square.right(), centre.y()))
    painter.restore()


class PersonLine(TimeRows):
    """The steps of one young person: a row a step, in the phases of the way."""

    def __init__(self) -> None:
        super().__init__(_("Steps on the way to adulthood"))
        self.person: YoungPerson | None = None
        self.rows: list[StepMark | str] = []

    def show_person(self, person: YoungPerson, today: date, *, whole: bool = True) -> None:
        """Show one person's way: the whole of it, or the two years around today."""
        self.person, self.today = person, today
        days = [day for step in person.steps for day in (step.opens_on, step.due_on, step.done_on) if day]
        days += [person.adult_on, today]
        if whole:
            self.first, self.last = months_later(min(days), -1), months_later(max(days), 2)
        else:
            self.first, self.last = months_later(today, -9), months_later(today, 15)
        self.rows = []
        for phase in PHASES:
            steps = [step for step in person.steps if phase_of(step.code) == phase.code and self._touches(step)]
            if steps:
                self.rows += [phase.code, *steps]
        self.shown()

    def _touches(self, step: StepMark) -> bool:
        """Whether a step belongs to the time shown; what is overdue always does."""
        begins, ends = min(step.opens_on, step.done_on or step.opens_on), max(step.due_on, step.done_on or step.due_on)
        return step.status == "overdue" or (begins <= self.last and ends >= self.first)

    def row_count(self) -> int:
        return len(self.rows)

    def row_height(self, index: int) -> int:
        return theme.size(34 if isinstance(self.rows[index], str) else 28)

    def can_open(self, index: int) -> bool:
        return not isinstance(self.rows[index], str)

    def step_at(self, index: int) -> StepMark | None:
        """Return the step of a row, None for a heading."""
        row = self.rows[index]
        return None if isinstance(row, str) else row

    def row_words(self, index: int) -> str:
        row = self.rows[index]
        return PHASES.label(row) if isinstance(row, str) else step_words(row, self.today)

    def ticks(self) -> list[tuple[date, str, bool]]:
        if self.person is None or (self.last - self.first).days < 900:
            return month_ticks(self.first, self.last, self.plot().width())
        born = self.person.born_on
        ages = [(birthday(born, age), age) for age in range(10, 30)]
        return [(day, _("{n} y").format(n=age), age == 18) for day, age in ages if self.first <= day <= self.last]

    def draw_behind(self, painter: QPainter, plot: QRect) -> None:
        if self.person is None:
            return
        draw_birthday(painter, self, plot, self.person.adult_on, self.person.margin_months)

    def draw_row(self, painter: QPainter, rect: QRect, index: int) -> None:
        row = self.rows[index]
        if isinstance(row, str):
            painter.setFont(theme.font("strong"))
            painter.setPen(color("transition"))
            painter.drawText(rect.adjusted(space(1), theme.size(6), 0, 0), LEFT, PHASES.label(row))
            return
        self._draw_label(painter, rect, row)
        self._draw_window(painter, rect, row)
        tone = TONES[row.status] if row.status in {"overdue", "late"} else "muted"
        painter.setFont(theme.font("caption"))
        painter.setPen(color(tone))
        end = QRect(self.plot().right() + space(2), rect.y(), theme.size(self.end_width) - space(3), rect.height())
        painter.drawText(end, RIGHT, status_words(row, self.today))

    def _draw_label(self, painter: QPainter, rect: QRect, step: StepMark) -> None:
        painter.setFont(theme.font("body"))
        painter.setPen(color("muted" if step.settled else "text"))
        left = space(1)
        if step.statutory:
            side = theme.size(14)
            paint_icon(painter, QRect(left, rect.center().y() - side // 2, side, side), "scale", "transition")
        left += theme.size(20)
        room = QRect(left, rect.y(), self.label_width() - left - space(2), rect.height())
        words = painter.fontMetrics().elidedText(STEPS.label(step.code), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, LEFT, words)

    def _draw_window(self, painter: QPainter, rect: QRect, step: StepMark) -> None:
        first, last = (
            self.place_of(step.opens_on),
            max(self.place_of(step.due_on), self.place_of(step.opens_on) + theme.size(6)),
        )
        height = theme.size(10)
        bar = QRectF(first, rect.center().y() - height / 2 + 0.5, last - first, height)
        tone = TONES[step.status]
        dashed = step.status in {"not_needed", "lapsed"}
        painter.setPen(
            QPen(color("line" if step.settled else tone), 1, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush if step.status == "later" or dashed else color(f"{tone}_soft"))
        painter.drawRoundedRect(bar, height / 2, height / 2)
        where = step.done_on or step.due_on
        draw_mark(painter, QPointF(self.place_of(where), rect.center().y() + 0.5), step.status, theme.size(14))


class CohortLines(TimeRows):
    """Everyone from fourteen on, by the eighteenth birthday, along the calendar."""

    def __init__(self) -> None:
        super().__init__(_("Young people by their eighteenth birthday"))
        self.people: list[YoungPerson] = []
        self.label_limits, self.end_width = (140, 240), 150

    def show_people(self, people: Sequence[YoungPerson], today: date) -> None:
        """Show the cohort."""
        self.people, self.today = list(people), today
        last = max((person.adult_on for person in self.people), default=months_later(today, 24))
        self.first = months_later(today, -12)
        self.last = max(months_later(last, 2), months_later(today, 24))
        self.shown()

    def row_count(self) -> int:
        return len(self.people)

    def row_height(self, index: int) -> int:
        return theme.size(42)

    def row_words(self, index: int) -> str:
        person = self.people[index]
        parts = [person.name, self._standing(person), TRACKS.label(person.track), self._count_words(person)]
        return " · ".join(each for each in parts if each)

    def _standing(self, person: YoungPerson) -> str:
        if person.life.left_on:
            return _("left {day}").format(day=person.life.left_on.isoformat())
        if person.adult_on <= self.today:
            return _("of age since {day}").format(day=person.adult_on.isoformat())
        return _("of age in {length}").format(length=span_words(self.today, person.adult_on))

    def _count_words(self, person: YoungPerson) -> str:
        overdue, open_now = person.count("overdue"), person.count("open")
        parts = [
            _("{n} overdue").format(n=overdue) if overdue else "",
            _("{n} due").format(n=open_now) if open_now else "",
        ]
        said = " · ".join(each for each in parts if each)
        return said or _("on time")

    def tip_at(self, point: QPoint, index: int) -> str:
        person = self.people[index]
        near = [
            step
            for step in person.steps
            if abs(self.place_of(step.done_on or step.due_on) - point.x()) <= theme.size(6)
        ]
        within = self.plot().left() <= point.x() <= self.plot().right()
        if within and near:
            return "\n\n".join(step_words(step, self.today) for step in near[:3])
        return self.row_words(index)

    def draw_row(self, painter: QPainter, rect: QRect, index: int) -> None:
        person = self.people[index]
        middle = rect.center().y()
        self._draw_label(painter, rect, person)
        plot = self.plot()
        painter.setPen(QPen(color("line"), theme.size(2)))
        painter.drawLine(plot.left(), middle, plot.right(), middle)
        self._draw_windows(painter, rect, person)
        painter.save()
        painter.setClipRect(plot.adjusted(-theme.size(8), rect.y(), theme.size(8), 0))
        for step in person.steps:
            day = step.done_on or step.due_on
            if self.first <= day <= self.last and step.status not in {"lapsed", "not_needed"}:
                side = theme.size(9 if step.settled else 12)
                draw_mark(painter, QPointF(self.place_of(day), middle), step.status, side)
        painter.restore()
        self._draw_end(painter, rect, person)

    def _draw_label(self, painter: QPainter, rect: QRect, person: YoungPerson) -> None:
        left = space(2)
        painter.setFont(theme.font("strong"))
        painter.setPen(color("text"))
        painter.drawText(QRect(left, rect.y(), theme.size(74), rect.height()), LEFT, person.name)
        taken = max(painter.fontMetrics().horizontalAdvance(person.name) + space(2), theme.size(56))
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        room = QRect(left + taken, rect.y(), self.label_width() - left - taken - space(2), rect.height())
        words = TRACKS.label(person.track) or _("no plan yet")
        painter.drawText(room, LEFT, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width()))

    def _draw_windows(self, painter: QPainter, rect: QRect, person: YoungPerson) -> None:
        """Draw the statutory windows as bars, the eighteenth birthday as a standing mark, the time of school as a line."""
        middle, height = rect.center().y(), theme.size(14)
        for step in person.steps:
            if step.code in {"assessment", "assessment_school"} and step.due_on >= self.first:
                first, last = self.place_of(step.opens_on), self.place_of(step.due_on)
                painter.setPen(color("transition") if theme.name == "contrast" else Qt.PenStyle.NoPen)
                painter.setBrush(color("transition_soft"))
                painter.drawRoundedRect(
                    QRectF(first, middle - height / 2, max(last - first, 4), height), space(1), space(1)
                )
        if person.adult_on < self.first:
            return
        x = self.place_of(person.adult_on)
        if person.margin_months:
            early, late = (self.place_of(months_later(person.adult_on, way * person.margin_months)) for way in (-1, 1))
            painter.setPen(QPen(color("transition"), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(early, middle - height / 2, late - early, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("transition"))
        painter.drawRect(
            QRectF(x - theme.size(1), rect.y() + theme.size(5), theme.size(3), rect.height() - theme.size(10))
        )
        painter.setFont(theme.font("caption"))
        painter.setPen(color("transition"))

    def _draw_end(self, painter: QPainter, rect: QRect, person: YoungPerson) -> None:
        overdue = person.count("overdue")
        painter.setFont(theme.font("caption"))
        painter.setPen(color("danger" if overdue else "muted"))
        end = QRect(self.plot().right() + space(2), rect.y(), theme.size(self.end_width) - space(3), rect.height())
        half = end.height() // 2
        upper, lower = end.adjusted(0, theme.size(3), 0, -half), end.adjusted(0, half, 0, -theme.size(3))
        painter.drawText(lower, RIGHT, self._count_words(person))
        painter.setPen(color("text"))
        painter.drawText(upper, RIGHT, self._standing(person))


def draw_birthday(painter: QPainter, rows: TimeRows, plot: QRect, day: date, margin_months: int) -> None:
    """Draw the eighteenth birthday through all rows, as a band when the date of birth is estimated."""
    if not rows.first <= day <= rows.last:
        return
    tint = QColor(color("transition"))
    if margin_months:
        early, late = (rows.place_of(months_later(day, way * margin_months)) for way in (-1, 1))
        soft = QColor(tint)
        soft.setAlpha(28)
        painter.fillRect(QRectF(early, plot.top(), late - early, plot.height()), soft)
    painter.setPen(QPen(tint, theme.size(2)))
    painter.drawLine(rows.place_of(day), plot.top() - theme.size(10), rows.place_of(day), plot.bottom())
