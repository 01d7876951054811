"""The planner's face 排课界面: its buttons, board and grid, what stands beside them, and what is said of an empty week."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from resources import N_, _
from ui.editors import CodeBox
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.week import WeekGrid
from ui.widgets import Banner, Button, EmptyState, IconButton, MenuButton, Segmented, Skeleton, column, row
from views.planner_board import Board
from views.planner_figures import Figures
from views.planner_legend import Legend
from views.planner_session import PlannerSession
from views.planner_side import ChangesPanel, IntakePanel
from views.planner_waiting import WaitingPanel
from views.therapy_look import minutes_of

if TYPE_CHECKING:
    from ui.app import App

BY = (("all", N_("Department")), ("therapist", N_("Therapist")), ("child", N_("Child")), ("day", N_("Day")))


class PlannerFace(PlannerSession):
    """Lays the planner's page out; :class:`views.planner.PlanTheWeek` brings it to life."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._build_tools()
        self.stack = QStackedWidget()
        self.column(2).addWidget(self.stack)
        self.nothing = QWidget()
        column(self.nothing, 0)
        for each in (Skeleton(10), self.nothing, self._desk()):
            self.stack.addWidget(each)
        # From beside the page too; on the page itself ``event`` takes the keys first.
        QShortcut(QKeySequence("Ctrl+Return"), self, self._plan_or_stop)
        self.stop_key = QShortcut(QKeySequence("Esc"), self, self.stop)

    # --- what the page does ---

    def _turn(self, step: int) -> None:
        """Go so many weeks on."""

    def _start_afresh(self) -> None:
        """Take the week as it is booked now."""

    def _set_by(self, by: str) -> None:
        """Show the week by therapist, child, day, or the whole department."""

    def _who_chosen(self) -> None:
        """Show the week of somebody else."""

    def _therapist_opened(self, key: str) -> None:
        """Show a therapist's week."""

    def _show_session(self, key: str) -> None:
        """Show one session in its therapist's week."""

    # --- building ---

    def _build_tools(self) -> None:
        self.tools.add(IconButton("chevron-left", _("The week before"), partial(self._turn, -1)))
        self.period = PlainLabel("", "strong")
        self.period.setAlignment(Qt.AlignmentFlag.AlignCenter)
        widest = _("{first} to {last}").format(first="2026-00-00", last="00-00")
        self.period.setMinimumWidth(QFontMetrics(theme.font("strong")).horizontalAdvance(widest) + space(1))
        self.tools.add(self.period)
        self.tools.add(IconButton("chevron-right", _("The next week"), partial(self._turn, 1)))
        self.go_button = Button(_("Plan the week"), "wand", "primary", self._plan_or_stop, tip="Ctrl+Enter")
        self.publish_button = Button(
            _("Publish…"), "send", "normal", self.publish, tip=_("Publish the proposal (Ctrl+S)")
        )
        self.tools.add(self.go_button)
        self.tools.add(self.publish_button)
        self.tools.add(MenuButton("", self._menu, "ellipsis", "quiet", tip=_("More")))

    def _desk(self) -> QWidget:
        holder = QWidget()
        whole = row(holder, 3)
        left = column(None, 2)
        left.addLayout(self._bar())
        text = _("The week was changed elsewhere since this was planned.")
        self.notice = Banner(text, "warning", _("Take the week as it is now"), self._start_afresh)
        self.notice.hide()
        left.addWidget(self.notice)
        self.sheets = QStackedWidget()
        self.board, self.grid = Board(), self._grid()
        self.board.opened.connect(self._therapist_opened)
        self.sheets.addWidget(self.board)
        self.sheets.addWidget(self.grid)
        left.addWidget(self.sheets, 1)
        left.addLayout(self._foot())
        whole.addLayout(left, 1)
        whole.addWidget(self._side())
        return holder

    def _bar(self) -> Any:
        bar = row(None, 2)
        self.by_bar = Segmented([(key, _(words)) for key, words in BY], self._set_by, value=self.by, name=_("Show by"))
        bar.addWidget(self.by_bar)
        self.chooser = CodeBox([], required=True)
        self.chooser.name(_("Whose week"))
        self.chooser.setFixedWidth(theme.size(130))
        self.chooser.changed.connect(self._who_chosen)
        bar.addWidget(self.chooser)
        bar.addStretch(1)
        return bar

    def _grid(self) -> WeekGrid:
        grid = WeekGrid()
        grid.setAccessibleName(_("The proposed week"))
        grid.judge = self._judge
        grid.fold_words = _("Midday")
        grid.minute_now = lambda: minutes_of(self.app.now())
        grid.chosen.connect(self._chosen)
        grid.opened.connect(self._chosen)
        grid.moved.connect(self._moved)
        grid.refused.connect(self.app.notify)
        grid.keyed.connect(self._keyed)
        grid.paged.connect(self._turn)
        return grid

    def _foot(self) -> Any:
        """What is known of the chosen session, and what can be done with it."""
        foot = row(None, 2)
        self.legend = Legend()
        foot.addWidget(self.legend, 1)
        self.said = ElidedLabel("", tone="muted")
        self.said.hide()
        foot.addWidget(self.said, 1)
        self.pin_button = Button(_("Lock"), "lock", "quiet", lambda: self._keyed("L"), tip=_("Hold it where it is (L)"))
        self.out_button = Button(_("Take out"), "x", "quiet", lambda: self._keyed("DELETE"), tip=_("Let it wait (Del)"))
        self.child_button = Button(
            _("Child"), "user-round", "quiet", lambda: self._keyed("C"), tip=_("Open the child's file (C)")
        )
        for each in (self.pin_button, self.out_button, self.child_button):
            foot.addWidget(each)
            each.hide()
        return foot

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(theme.size(360))
        lines = column(side, 3)
        self.side_bar = row(None, 0)
        lines.addLayout(self.side_bar)
        self.side_stack = QStackedWidget()
        self.intake, self.figures = IntakePanel(), Figures()
        holder = QWidget()
        inner = column(holder, 0)
        inner.addWidget(self.figures)
        inner.addStretch(1)
        self.waiting = WaitingPanel(self)
        self.changed = ChangesPanel(self._show_session)
        for each in (self.intake, holder, self.waiting, self.changed):
            self.side_stack.addWidget(each)
        lines.addWidget(self.side_stack, 1)
        self._side_names: tuple[str, ...] = ()
        self._side_tabs: Segmented | None = None
        return side

    def _no_therapists(self) -> EmptyState:
        may = self.app.may("create", "Staff")
        return EmptyState(
            "users-round", _("No therapist is there this week"),
            _("The planner needs staff with the post of therapist, their skills and working days."),
            _("Add staff") if may else "", lambda: self.app.go("records.Staff"),
        )  # fmt: skip

    def _no_tasks(self) -> EmptyState:
        return EmptyState(
            "clipboard-plus", _("Nothing is prescribed for this week"),
            _("A rehabilitation plan in force says which therapy a child needs and how often; it is what is planned here."),
            _("Children in treatment"), lambda: self.app.go("rehabilitation"),
        )  # fmt: skip
