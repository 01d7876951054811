"""Today 今日: what is due, overdue and expected, who is away, whose birthday is near — each line opens where it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QWidget
from shiboken6 import isValid

import models  # noqa: F401 (every record type, so that each of them makes this page stale)
from models.core.record import record_types
from models.reminders import Due
from models.today import TO_DO, Day, Group, day_of, due_words
from resources import N_, _, ngettext
from ui.icons import icon
from ui.pages import AREAS, Page, page, page_named
from ui.text import ElidedLabel, PlainLabel, restyle
from ui.theme import space, theme
from ui.widgets import Card, Clickable, EmptyState, Flow, Scroll, Skeleton, Symbol, area_tint, clear, column, row

if TYPE_CHECKING:
    from ui.app import App
    from ui.tasks import Task

FOLDED_FROM = 7
"""So many lines of one area in one group are folded after the first few, so that the others are seen."""
SHOWN_OF_MANY = 4
NARROW = 780
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
INFO_ICONS = {
    "begin": "arrow-right",
    "expected": "calendar-clock",
    "away": "map-pin",
    "birthday": "cake",
    "notice": "info",
}


@page("today", N_("Today"), area="today", icon="sun", order=0)
class Today(Page):
    """The first page of the day."""

    reads: ClassVar[tuple[type, ...]] = record_types()

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.area = ""
        self.unfolded: set[tuple[str, str]] = set()
        self.day: Day | None = None
        self.task: Task | None = None
        lines = self.column(3)
        self.count = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.count)
        self.filters = QWidget()
        Flow(self.filters)
        lines.addWidget(self.filters)
        self.sheet = Scroll(0)
        lines.addWidget(self.sheet, 1)
        self.parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.parts.setSpacing(space(4))
        self.sheet.body.addLayout(self.parts)
        self.sheet.body.addStretch(1)
        self.clock = QTimer(self, interval=60_000)
        self.clock.timeout.connect(self._tick)
        self.clock.start()

    def heading(self) -> str:
        day = self.app.today()
        return _("Today, {weekday} {day}").format(weekday=_(WEEKDAYS[day.weekday()]), day=day.isoformat())

    def reload(self) -> None:
        """Ask beside the window: every area is asked, and that may take a moment in a large home."""
        if self.task is not None:
            self.task.cancel()
        if self.day is None:
            clear(self.parts)
            self.parts.addWidget(Skeleton(9), 3)
        self.task = self.app.tasks.run(lambda _progress, _cancelled: self._ask(), self._arrived)

    def _ask(self) -> Day:
        with self.app.read() as work:
            return day_of(work)

    def _arrived(self, day: Day) -> None:
        if isValid(self):
            self.day = day
            self._show()

    def open(self, **target: Any) -> None:
        """Show the lines of one area."""
        self.choose(str(target.get("area", "")))

    def place(self) -> dict[str, Any]:
        return {"area": self.area}

    def choose(self, area: str) -> None:
        """Show only the lines of one area, or all again."""
        self.area = "" if area == self.area else area
        if self.day is not None:
            self._show()

    def _tick(self) -> None:
        if self.isVisible():
            self.reload()

    # --- drawing ---

    def _show(self) -> None:
        assert self.day is not None
        self.count.setText(self.day.count.words() if self.day.count else "")
        self.count.setVisible(self.day.count is not None)
        self._show_filters(self.day)
        keep = self.sheet.verticalScrollBar().value()
        clear(self.parts)
        self.parts.addWidget(self._to_do(self.day), 3)
        info = self._to_know(self.day)
        if info is not None:
            self.parts.addWidget(info, 2)
        self._fit()
        QTimer.singleShot(0, self.sheet, lambda: self.sheet.verticalScrollBar().setValue(keep))

    def _show_filters(self, day: Day) -> None:
        flow = self.filters.layout()
        assert flow is not None
        clear(flow)
        areas = day.areas()
        self.filters.setVisible(len(areas) > 1)
        if self.area and self.area not in dict(areas):
            self.area = ""
        flow.addWidget(self._filter("", _("All"), day.to_do))
        for area, number in areas:
            flow.addWidget(self._filter(area, AREAS[area].title if area in AREAS else _("Other"), number))

    def _filter(self, area: str, words: str, number: int) -> QPushButton:
        button = QPushButton(f"{words}  {number}")
        button.setProperty("filter", True)
        button.setProperty("on", area == self.area)
        button.setCheckable(True)
        button.setChecked(area == self.area)
        button.setAutoDefault(False)
        button.setAccessibleName(ngettext("{what}: {n} line", "{what}: {n} lines", number).format(what=words, n=number))
        if area in AREAS:
            button.setIcon(icon(AREAS[area].icon, area_tint(area)))
        button.clicked.connect(partial(self.choose, area))
        restyle(button)
        return button

    def _to_do(self, day: Day) -> QWidget:
        holder = QWidget()
        lines = column(holder, 4)
        groups = [Group(key, tuple(self._chosen(day.group(key)))) for key in TO_DO]
        for group in groups:
            if group.lines:
                lines.addWidget(self._card(group))
        if not any(group.lines for group in groups):
            lines.addWidget(EmptyState("sun", _("Nothing is due"), _("What comes up will stand here by itself.")))
        lines.addStretch(1)
        return holder

    def _chosen(self, group: Group) -> list[Due]:
        return [line for line in group.lines if not self.area or line.area == self.area]

    def _card(self, group: Group) -> Card:
        card = Card(gap=0, margin=3)
        card.body.addWidget(heading(group, "danger" if group.key == "overdue" else ""))
        self._fill(card, group)
        return card

    def _fill(self, card: Card, group: Group) -> None:
        for line in self._unfolded(group):
            card.body.addWidget(self._line(line, group) if isinstance(line, Due) else self._fold(group.key, *line))

    def _unfolded(self, group: Group) -> list[Due | tuple[str, int]]:
        """The lines to show, and in place of what is folded (area, number)."""
        by_area: dict[str, list[Due]] = {}
        for line in group.lines:
            by_area.setdefault(line.area, []).append(line)
        hidden: set[int] = set()
        folds: dict[int, tuple[str, int]] = {}
        for area, members in by_area.items():
            if len(members) >= FOLDED_FROM and (group.key, area) not in self.unfolded and area != self.area:
                rest = members[SHOWN_OF_MANY:]
                hidden |= {id(line) for line in rest}
                folds[id(members[SHOWN_OF_MANY - 1])] = (area, len(rest))
        shown: list[Due | tuple[str, int]] = []
        for line in group.lines:
            if id(line) not in hidden:
                shown.append(line)
            if id(line) in folds:
                shown.append(folds[id(line)])
        return shown

    def _line(self, line: Due, group: Group) -> TaskRow:
        made = TaskRow(line, due_words(line, self.app.now()), group, partial(self.go_to, line))
        made.stepped.connect(self.step)
        return made

    def _fold(self, key: str, area: str, number: int) -> StepRow:
        title = AREAS[area].title if area in AREAS else _("Other")
        words = ngettext("{n} more: {area}", "{n} more: {area}", number).format(n=number, area=title)
        fold = StepRow(words, partial(self._unfold, key, area))
        fold.stepped.connect(self.step)
        line = row(fold, 2)
        line.setContentsMargins(space(2), space(1), space(2), space(1))
        line.addWidget(Symbol("chevron-down", area_tint(area), 16))
        line.addWidget(PlainLabel(words, tone="muted"), 1)
        return fold

    def _unfold(self, key: str, area: str) -> None:
        self.unfolded.add((key, area))
        self._show()

    def _to_know(self, day: Day) -> QWidget | None:
        groups = [group for group in day.groups if group.key not in TO_DO]
        if not groups:
            return None
        holder = QWidget()
        lines = column(holder, 4)
        for group in groups:
            card = Card(gap=0, margin=3)
            card.body.addWidget(heading(group))
            self._fill(card, group)
            lines.addWidget(card)
        lines.addStretch(1)
        return holder

    # --- acting ---

    def go_to(self, line: Due) -> None:
        """Open the place where a line is done."""
        if line.page == "child" and line.child_id:
            self.app.open_child(line.child_id, str(line.target.get("tab", "")))
            return
        try:
            page_named(line.page)
        except KeyError:  # a room that this person's program does not have
            if line.child_id:
                self.app.open_child(line.child_id)
            return
        self.app.go(line.page, **line.target)

    def step(self, row: StepRow, way: int) -> None:
        """Go from a line to the next or the one before, down the columns as they are read."""
        shown = [each for each in self.findChildren(StepRow) if each.isVisibleTo(self)]
        place = shown.index(row) + way
        if 0 <= place < len(shown):
            shown[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.sheet.ensureWidgetVisible(shown[place])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Put what is to be known beside the work where there is room, else below it."""
        narrow = self.width() < theme.size(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self.parts.setDirection(way)


def heading(group: Group, tone: str = "") -> QWidget:
    """Return a group's heading with the number of its lines."""
    holder = QWidget()
    line = row(holder, 2)
    line.setContentsMargins(space(2), 0, space(2), space(1))
    line.addWidget(PlainLabel(group.title, "heading", tone=tone))
    line.addWidget(PlainLabel(str(len(group.lines)), "heading", tone="muted"))
    line.addStretch(1)
    return holder


class StepRow(Clickable):
    """A row that hands the arrow keys on to its page."""

    stepped = Signal(object, int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in ways:
            self.stepped.emit(self, ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class TaskRow(StepRow):
    """One line: the area's icon, the child, what it is, and when."""

    def __init__(self, line: Due, when: str, group: Group, on_click: Any) -> None:
        said = [group.title, line.child_name, line.text, when]
        super().__init__(" · ".join(each for each in said if each), on_click)
        late = group.key == "overdue"
        lines = row(self, 2)
        lines.setContentsMargins(space(2), space(1), space(2), space(1))
        lines.addWidget(Symbol(_icon_of(line, group), area_tint(line.area), 16))
        if line.child_name:
            name = PlainLabel(line.child_name, "strong")
            name.setMinimumWidth(name.fontMetrics().horizontalAdvance("汉汉汉"))
            lines.addWidget(name)
        lines.addWidget(ElidedLabel(line.text), 1)
        if when:
            label = PlainLabel(when, "caption", tone="danger" if late else "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            lines.addWidget(label)
        self.setMinimumHeight(theme.size(30))


def _icon_of(line: Due, group: Group) -> str:
    if group.key in INFO_ICONS:
        return INFO_ICONS[group.key]
    area = AREAS.get(line.area)
    return area.icon if area else "circle"
