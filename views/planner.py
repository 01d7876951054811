"""Plan the week 排课: what goes in, the plan that improves while one watches, why something waits, and publishing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.holidays import CalendarDay
from models.leave import Absence, StaffLeave
from models.scheduling.levels import breaches
from models.scheduling.planning import Desk, Sketch, intake, planned
from models.scheduling.problem import Placement
from models.scheduling.recurrence import week_of
from models.therapy import TherapySession
from resources import N_, _
from ui.editors import CodeBox
from ui.pages import page
from ui.text import ElidedLabel, PlainLabel, restyle
from ui.theme import space, theme
from ui.week import Verdict, WeekGrid
from ui.widgets import Banner, Button, EmptyState, IconButton, MenuButton, Segmented, Skeleton, clear, column, row
from views.planner_acts import PlannerActs
from views.planner_board import Board
from views.planner_concerns import concerns, week_facts
from views.planner_desk import WeekRead
from views.planner_figures import Figures
from views.planner_legend import Legend
from views.planner_look import (
    Scene,
    change_words,
    children_words,
    figures_words,
    grid_span,
    key_of,
    span_words,
    staff_columns,
    tiles,
    week_columns,
)  # fmt: skip
from views.planner_side import ChangesPanel, Concern, IntakePanel
from views.planner_waiting import WaitingPanel
from views.repair_offers import repair_leave
from views.therapy_look import minutes_of, weekday

if TYPE_CHECKING:
    from models.scheduling.gather import Gathered
    from models.scheduling.proposals import Proposal
    from ui.app import App

BY = (("all", N_("Department")), ("therapist", N_("Therapist")), ("child", N_("Child")), ("day", N_("Day")))
SIDES = ("intake", "figures", "waiting", "changes")


@page(
    "planner", N_("Plan the week"), area="rehabilitation", icon="wand", needs=("TherapySession", "create"), order=12,
)  # fmt: skip
class PlanTheWeek(PlannerActs):
    """Plans a week of the therapy department."""

    reads = (TherapySession, StaffLeave, CalendarDay)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.absences: list[Absence] = []
        self._afresh = False
        self._filled: set[str] = set()
        self._build_tools()
        self.stack = QStackedWidget()
        self.column(2).addWidget(self.stack)
        self.nothing = QWidget()
        column(self.nothing, 0)
        for each in (Skeleton(10), self.nothing, self._desk()):
            self.stack.addWidget(each)
        # From beside the page too; on the page itself ``event`` takes the keys first.
        QShortcut(QKeySequence("Ctrl+Return"), self, self._plan_or_stop)

    # --- building -----------------------------------------------------------------------------------

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

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        self.stale = False
        self.period.setText(_("{first} to {last}").format(
            first=self.monday.isoformat(), last=f"{self.monday + timedelta(days=6):%m-%d}"))  # fmt: skip
        if self.running:
            return
        if self.gathered is None or self.gathered.monday != self.monday:
            self.stack.setCurrentIndex(0)
        self._enable()
        self.read_week(self._read)

    def _read(self, read: WeekRead) -> None:
        self._gathered(read)
        self._afresh = False

    def _gathered(self, read: WeekRead) -> None:
        gathered = read.gathered
        if gathered.monday != self.monday or self.running:
            return
        if self._at_work_on(gathered):
            changed = self.gathered is not None and self.gathered.marks != gathered.marks
            self.notice.setVisible(changed)
            return
        self.notice.hide()
        self.gathered, self.absences = gathered, read.absences
        self.desk = Desk(self.first_sketch(gathered))
        self.proof, self.reasons, self.causes = None, {}, ()
        if not gathered.problem.therapists or not planned(gathered.problem):
            self._show_nothing()
            return
        self.stack.setCurrentIndex(2)
        self._show_side("intake")
        if read.proposal is not None and read.proposal.placements:
            self._take_up(read.proposal)
        else:
            self.show_sketch()

    def _at_work_on(self, gathered: Gathered) -> bool:
        """Whether something unpublished lies on the table for this very week: it is not swept away."""
        known = self.gathered is not None and self.gathered.monday == gathered.monday
        return known and not self._afresh and self.stack.currentIndex() == 2 and self.unpublished() > 0

    def _take_up(self, proposal: Proposal) -> None:
        """Lay the proposal that was kept for the week on the table again."""
        assert self.desk is not None
        sketch = self.desk.now.answered(proposal.placements)
        if proposal.changed or breaches(sketch.problem, list(sketch.placements)):
            words = _("The proposal of {when} by {who} does not fit the week any more; please plan again.")
            self.show_sketch()
        else:
            words = _("The proposal of {when} by {who} lies on the table; it is not published yet.")
            self.put(sketch, _("Proposal taken up"))
            self._kept = (sketch, proposal.id)
        self.app.notify(words.format(when=f"{proposal.at:%m-%d %H:%M}", who=proposal.by))

    def _start_afresh(self) -> None:
        """Take the week as it is booked now."""
        self._afresh = True
        self.reload()

    def _show_nothing(self) -> None:
        assert self.gathered is not None
        holder = self.nothing.layout()
        assert holder is not None
        clear(holder)
        holder.addWidget(self._no_therapists() if not self.gathered.problem.therapists else self._no_tasks())
        self.stack.setCurrentIndex(1)
        self._enable()

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

    # --- showing ------------------------------------------------------------------------------------

    def show_sketch(self) -> None:
        if self.desk is None or self.gathered is None or self.stack.currentIndex() != 2:
            return
        scene = self.scene()
        self._draw(scene)
        self._show_figures()
        self.waiting.show_waiting(scene, self.reasons)
        self._filled.clear()
        self._fill_side()
        self._name_sides(scene.sketch)
        self._enable()
        self.setAccessibleDescription(figures_words(scene.sketch.levels))

    def show_sketch_of(self, sketch: Sketch) -> None:
        self._draw(self.scene(sketch))

    def show_running(self, sketch: Sketch, elapsed: float) -> None:
        assert self.run is not None
        self._name_sides(sketch)
        self.figures.show_run(self.run, sketch, elapsed, running=True)
        if elapsed == 0.0:
            self._show_side("figures")
            self._enable()

    def show_reasons(self) -> None:
        if self.desk is not None:
            self.waiting.show_waiting(self.scene(), self.reasons)

    def _show_figures(self) -> None:
        assert self.desk is not None
        if self.proof is not None and self.proof[1].placements == self.desk.now.placements:
            run, _sketch, elapsed = self.proof
            self.figures.show_run(run, self.desk.now, elapsed, running=False)
        else:
            self.figures.show_sketch(self.desk.now, _("As it lies on the table."))

    def _draw(self, scene: Scene) -> None:
        people = self._people(scene)
        self._fill_chooser(scene, people)
        self.sheets.setCurrentWidget(self.board if self.by == "all" else self.grid)
        self.legend.show_blocks(self.by == "all")
        if self.by == "all":
            self.board.show_scene(scene, people)
            return
        key, today = self.who_shown.get(self.by, ""), self.app.today()
        if self.by == "day":
            day = date.fromisoformat(key) if key else self.monday
            columns = staff_columns(scene, day, today, people)
            shown = [each for each in scene.sketch.placements if each.day == (day - self.monday).days]
        else:
            columns = week_columns(scene, today, self.by, key)
            shown = [each for each in scene.sketch.placements if key in _concerned(scene, each, self.by)]
        span, folds = grid_span(scene.sketch.problem)
        self.grid.show_week(columns, tiles(scene, shown, self.by), span=span, folds=folds)

    def _people(self, scene: Scene) -> list[str]:
        """The therapists of the week by name, those with nothing to do last."""
        busy = {each.therapist for each in scene.sketch.placements}
        return sorted(
            scene.sketch.problem.therapists, key=lambda key: (key not in busy, scene.names.get(key, ""))
        )  # fmt: skip

    def _fill_chooser(self, scene: Scene, people: list[str]) -> None:
        self.chooser.setVisible(self.by != "all")
        if self.by == "all":
            return
        choices = self._choices(scene, people)
        known = [key for key, _words in choices]
        if self.who_shown.get(self.by) not in known and known:
            self.who_shown[self.by] = known[0]
        if [each[0] for each in self.chooser.box.choices] != known:
            self.chooser.box.choices = [(key, words, (words,)) for key, words in choices]
            self.chooser._fill(None)
        self.chooser.set_value(self.who_shown.get(self.by))

    def _choices(self, scene: Scene, people: list[str]) -> list[tuple[str, str]]:
        if self.by == "therapist":
            return [(key, scene.names.get(key, key)) for key in people]
        if self.by == "day":
            return [(day.isoformat(), f"{weekday(day)} {day:%m-%d}") for day in scene.days]
        found = [(key, scene.names.get(key, key)) for key in scene.sketch.problem.children]
        return sorted(found, key=lambda pair: pair[1])

    # --- the side -----------------------------------------------------------------------------------

    def _name_sides(self, sketch: Sketch) -> None:
        count, changes = sketch.tally.waiting, sketch.changes.changes
        names = (
            _("Input"), _("Quality"), _("Waiting {n}").format(n=count) if count else _("Waiting sessions"),
            _("Changes {n}").format(n=changes) if changes else _("Changes"),
        )  # fmt: skip
        if names == self._side_names:
            return
        self._side_names = names
        clear(self.side_bar)
        self._side_tabs = Segmented(
            list(zip(SIDES, names, strict=True)), self._show_side, value=SIDES[self.side_stack.currentIndex()],
            name=_("What is told beside the week"),
        )  # fmt: skip
        self.side_bar.addWidget(self._side_tabs)

    def _fill_side(self) -> None:
        """Fill the part that is on show; the others when somebody asks for them."""
        side = SIDES[self.side_stack.currentIndex()]
        if self.desk is None or self.gathered is None or self.running or side in self._filled:
            return
        self._filled.add(side)
        if side == "intake":
            self.intake.show_intake(intake(self.gathered.problem), self._facts(), self._concerns())
        elif side == "changes":
            self.changed.show_scene(self.scene())

    def _show_side(self, side: str) -> None:
        self.side_stack.setCurrentIndex(SIDES.index(side))
        self._fill_side()
        if self._side_tabs is not None:
            self._side_tabs.set_value(side)

    def _facts(self) -> list[str]:
        assert self.gathered is not None
        return week_facts(self.gathered, self.absences)

    def _concerns(self) -> list[Concern]:
        assert self.gathered is not None
        return concerns(self.app, self.gathered, self.repair)

    # --- the buttons --------------------------------------------------------------------------------

    def _enable(self) -> None:
        """Let the next step stand out: plan, stop, or publish."""
        ready = self.desk is not None and self.stack.currentIndex() == 2
        changed = ready and not self.running and self.unpublished() > 0
        self.go_button.setText(_("Stop") if self.running else _("Plan again") if changed else _("Plan the week"))
        self.go_button.setEnabled(ready)
        self.publish_button.setEnabled(changed)
        self._dress(
            self.go_button, "normal" if changed or self.running else "primary", "square" if self.running else "wand"
        )
        self._dress(self.publish_button, "primary" if changed else "normal", "send")

    def _dress(self, button: Button, kind: str, icon: str) -> None:
        button.setProperty("kind", kind)
        button.set_icon(icon)
        restyle(button)

    # --- going about --------------------------------------------------------------------------------

    def open(self, **target: Any) -> None:
        """Show the week of a day."""
        if target.get("day"):
            day = target["day"] if isinstance(target["day"], date) else date.fromisoformat(target["day"])
            self.monday = week_of(day)[0]
        self.reload()
        if target.get("leave_id"):
            repair_leave(self.app, self, target["leave_id"])

    def place(self) -> dict[str, Any]:
        return {"day": self.monday.isoformat()}

    def go_to_week(self, day: date) -> None:
        self.open(day=day)

    def _turn(self, step: int) -> None:
        if not self.running:
            self.go_to_week(self.monday + timedelta(days=7 * step))

    def _set_by(self, by: str) -> None:
        self.by = by
        self.by_bar.set_value(by)
        self._chosen("")
        self._redraw()

    def _who_chosen(self) -> None:
        self.who_shown[self.by] = self.chooser.value() or ""
        self._redraw()

    def _redraw(self) -> None:
        if self.desk is not None and self.gathered is not None:
            best = self.run.best if self.run else None
            self._draw(self.scene(self.run.sketch.answered(best.placements) if self.run and best else None))

    def _therapist_opened(self, key: str) -> None:
        self.who_shown["therapist"] = key
        self._set_by("therapist")
        self.grid.setFocus()

    def _show_session(self, key: str) -> None:
        """Show one session in its therapist's week."""
        placement = self.placement_of(key)
        if placement is not None:
            self._therapist_opened(placement.therapist)
            self.grid.choose(key)
            self._chosen(key)

    # --- the chosen session -------------------------------------------------------------------------

    def _chosen(self, key: str) -> None:
        placement = self.placement_of(key)
        for each in (self.pin_button, self.out_button, self.child_button):
            each.setVisible(placement is not None and not self.running)
        self.said.setVisible(placement is not None)
        self.legend.setVisible(placement is None)
        if placement is None or self.desk is None or self.gathered is None:
            return
        sketch, names = self.desk.now, self.gathered.names
        task = sketch.problem.tasks[placement.task]
        self.pin_button.setText(_("Unlock") if sketch.holds(placement) else _("Lock"))
        parts = (
            children_words(task, names), span_words(sketch.problem.grid, task, placement), names.get(placement.therapist, ""),
            change_words(sketch, self.monday, names, placement),
        )  # fmt: skip
        self.said.setText(_(" · ").join(filter(None, parts)))

    def _keyed(self, key: str) -> None:
        placement = self.placement_of(self.grid.current)
        if placement is None or self.desk is None:
            return
        acts: dict[str, Callable[[], Any]] = {
            "L": lambda: self.pin([placement]),
            "DELETE": lambda: self.take_out(placement),
            "C": lambda: self.open_child(placement.task),
        }
        acts.get(key, lambda: None)()
        self._chosen(self.grid.current)

    def open_child(self, task_id: str) -> None:
        """Open the file of the child a task is for."""
        if self.desk is not None:
            self.app.open_child(self.desk.now.problem.tasks[task_id].children[0], "rehabilitation")

    def _judge(self, key: str, place: str, start: int, end: int) -> Verdict:
        old, new = self.placement_of(key), self._meant(key, place, start)
        return self.judge(old, new) if old is not None and new is not None else Verdict()

    def _meant(self, key: str, place: str, start: int) -> Placement | None:
        """Return the session as it would be at a place of the drawn week."""
        old = self.placement_of(key)
        if old is None or self.desk is None:
            return None
        grid = self.desk.now.problem.grid
        slot = round((start - grid.begins) / grid.minutes)
        if self.by == "day":
            return Placement(old.task, place, old.day, slot)
        return Placement(old.task, old.therapist, (date.fromisoformat(place) - self.monday).days, slot)

    def _moved(self, key: str, place: str, start: int, _end: int) -> None:
        old, new = self.placement_of(key), self._meant(key, place, start)
        if old is not None and new is not None and new != old:
            self.put_elsewhere(old, new)
            self.grid.choose(key_of(new))
            self._chosen(key_of(new))
        else:
            self._redraw()

    def leave(self) -> bool:
        """Stop what runs, keep the best of it as the proposal, and ask nothing."""
        if self.run is not None:
            self.stop()
            self.run = None
            self._timer.stop()
        self._drop_reasons()
        self.keep()
        return True


def _concerned(scene: Scene, placement: Placement, by: str) -> tuple[str, ...]:
    return scene.sketch.problem.tasks[placement.task].children if by == "child" else (placement.therapist,)
