"""Plan the week 排课: what goes in, the plan that improves while one watches, why something waits, and publishing it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from models.holidays import CalendarDay
from models.leave import Absence, StaffLeave
from models.scheduling.levels import breaches
from models.scheduling.planning import Desk, Sketch, intake, planned
from models.scheduling.problem import Placement
from models.scheduling.recurrence import week_of
from models.therapy import TherapySession
from resources import N_, _
from ui.focus import line_up
from ui.pages import page
from ui.text import restyle
from ui.widgets import Button, Segmented, clear
from views.planner_concerns import concerns, week_facts
from views.planner_desk import WeekRead
from views.planner_face import PlannerFace
from views.planner_look import Scene, figures_words, grid_span, staff_columns, tiles, week_columns  # fmt: skip
from views.planner_side import Concern
from views.repair_offers import repair_leave
from views.therapy_look import weekday

if TYPE_CHECKING:
    from models.scheduling.gather import Gathered
    from models.scheduling.proposals import Proposal
    from ui.app import App

SIDES = ("intake", "figures", "waiting", "changes")


@page(
    "planner", N_("Plan the week"), area="rehabilitation", icon="wand", needs=("TherapySession", "create"), order=12,
)  # fmt: skip
class PlanTheWeek(PlannerFace):
    """Plans a week of the therapy department."""

    reads = (TherapySession, StaffLeave, CalendarDay)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.absences: list[Absence] = []
        self._afresh = False
        self._filled: set[str] = set()

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

    # --- showing ------------------------------------------------------------------------------------

    def show_sketch(self) -> None:
        if self.desk is None or self.gathered is None or self.stack.currentIndex() != 2:
            return
        scene = self.scene()
        self._draw(scene)
        self._chosen(self.grid.current if self.by != "all" else "")
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
        line_up(self.child_button, self._side_tabs)  # … then what stands below them

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
        self.stop_key.setEnabled(self.running)
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
