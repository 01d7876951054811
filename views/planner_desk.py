"""What is done at the planner's desk 排课操作: plan, stop, hold fast, move, take out, ease — each taken back in one step."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from models.core.errors import Refused
from models.leave import Absence, leaves
from models.scheduling.gather import Gathered, gather
from models.scheduling.planning import Desk, Run, Sketch, Solved, compare, objections, reasons
from models.scheduling.problem import Placement
from models.scheduling.proposals import Proposal, keep_proposal, kept_proposal
from models.scheduling.recurrence import week_of
from resources import _
from ui import memory
from ui.pages import Page
from ui.week import Verdict
from views.planner_look import Scene, breach_words, children_words, key_of, when_words

if TYPE_CHECKING:
    from models.scheduling.reasons import Cause, Reason
    from ui.app import App
    from ui.tasks import Task

LOOK_EVERY = 150
"""Milliseconds between two looks at a running engine: often enough to watch, seldom enough to stay calm."""
SECONDS = (30, 60, 300)
LOW = 10
"""How far behind the window, and every other program, the engine's threads stand (nice)."""


@dataclass(frozen=True)
class WeekRead:
    """A week as it was read: what is to be planned, who is on leave, and the proposal that was kept for it."""

    gathered: Gathered
    absences: list[Absence]
    proposal: Proposal | None


class PlannerDesk(Page):
    """The acts of the planner's page; :class:`views.planner.PlanTheWeek` gives them a face."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.monday = week_of(app.today() + timedelta(days=7))[0]
        self.gathered: Gathered | None = None
        self.desk: Desk | None = None
        self.run: Run | None = None
        self.proof: tuple[Run, Sketch, float] | None = None
        """The last run with the sketch it ended in: what it has proven holds as long as that lies on the table."""
        self.reasons: dict[str, Reason] = {}
        self.causes: tuple[Cause, ...] = ()
        self.seconds = 60
        self._began = 0.0
        self._words = ""
        self._reading: Task | None = None
        self._asking: Task | None = None
        self._shown: tuple[Solved, Sketch] | None = None
        """The plan of the running engine that is on show."""
        self._kept: tuple[Sketch, str] | None = None
        self._timer = QTimer(self, interval=LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    # --- what the face does ---

    def show_sketch(self) -> None:
        """Show what lies on the table."""

    def show_running(self, sketch: Sketch, elapsed: float) -> None:
        """Show how the running engine stands."""

    def show_reasons(self) -> None:
        """Show the reasons found so far."""

    # --- reading the week ---------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """Whether the engine is at work."""
        return self.run is not None

    def read_week(self, then: Callable[[WeekRead], None]) -> None:
        """Gather the week beside the window."""
        monday = self.monday

        def ask(_progress: object, _cancelled: object) -> WeekRead:
            with self.app.read() as work:
                gathered = gather(work, monday)
                away = leaves(work, monday, monday + timedelta(days=6))
                return WeekRead(gathered, away, kept_proposal(work, gathered))

        self._reading = self.app.tasks.run(ask, then)

    def first_sketch(self, gathered: Gathered) -> Sketch:
        """Return the week as it is booked."""
        booked = set(gathered.session_of)
        return Sketch(gathered.problem, tuple(sorted(each for each in gathered.problem.before if each in booked)))

    def unpublished(self) -> int:
        """Return how many sessions of the proposal are not as they are booked."""
        if self.desk is None or self.gathered is None:
            return 0
        return compare(self.gathered.session_of, self.desk.now.placements).changes

    # --- keeping the proposal -----------------------------------------------------------------------

    def keep(self, then: Callable[[str], None] | None = None) -> None:
        """Keep what lies on the table as the week's proposal, so that nothing is lost when the page is left."""
        if self.desk is None or self.gathered is None or not self.unpublished():
            return
        gathered, sketch, known = self.gathered, self.desk.now, dict(self.reasons)
        if self._kept is not None and self._kept[0] == sketch and then is None:
            return

        def work(_progress: object, _cancelled: object) -> str:
            with self.app.work() as writing:
                return keep_proposal(writing, gathered, sketch, known)

        def kept(plan_id: str) -> None:
            self._kept = (sketch, plan_id)
            if then is not None:
                then(plan_id)

        self.app.tasks.run(work, kept)

    def scene(self, sketch: Sketch | None = None) -> Scene:
        """Return everything that is needed to draw a proposal."""
        assert self.gathered is not None and self.desk is not None
        return Scene(sketch or self.desk.now, self.monday, self.gathered.names)

    # --- planning -----------------------------------------------------------------------------------

    def plan(self) -> None:
        """Let the engine plan, from what lies on the table."""
        if self.desk is None or self.running or not self.desk.now.problem.tasks:
            return
        self._start(Run(self.desk.now, self.seconds), _("Planned"))

    def _start(self, run: Run, words: str) -> None:
        self._drop_reasons()
        self.run, self.proof, self._began, self._shown, self._words = run, None, time.monotonic(), None, words
        self._timer.start()
        self.show_running(run.sketch, 0.0)
        self.app.tasks.beside().run(
            lambda _progress, cancelled: _politely(run, cancelled),
            lambda sketch: self._planned(run, sketch, words),
            lambda error: self._failed(run, error),
        )

    def stop(self) -> None:
        """End the search and take the best plan at once; the engine may still need a moment to lay down its tools."""
        run = self.run
        if run is None:
            return
        run.stop()
        if (best := run.best) is not None:
            known = self._shown if self._shown is not None and self._shown[0] is best else None
            self._planned(run, known[1] if known else run.sketch.answered(best.placements), self._words)
        else:
            self.run = None
            self._timer.stop()
            self.show_sketch()
            self.app.notify(_("Stopped before there was a plan; the week lies as it did."))

    def _look(self) -> None:
        """Show what the engine has found since the last look."""
        run = self.run
        if run is None:
            self._timer.stop()
            return
        best = run.best
        if best is not None and (self._shown is None or best is not self._shown[0]):
            self._shown = best, run.sketch.answered(best.placements)
            self.show_sketch_of(self._shown[1])
        self.show_running(self._shown[1] if self._shown else run.sketch, time.monotonic() - self._began)

    def show_sketch_of(self, sketch: Sketch) -> None:
        """Draw a proposal that is not on the table yet."""

    def _planned(self, run: Run, sketch: Sketch, words: str) -> None:
        if self.run is not run or self.desk is None:
            return
        elapsed = time.monotonic() - self._began
        self.run = None
        self._timer.stop()
        self.proof = (run, sketch, elapsed)
        self.put(sketch, words)
        self.keep()

    def _failed(self, run: Run, error: Exception) -> None:
        if self.run is run:
            self.run = None
            self._timer.stop()
            self.show_sketch()
        self.app.show_error(error)

    def put(self, sketch: Sketch, words: str) -> None:
        """Lay a sketch on the table, show it, and ask why what waits has to wait."""
        assert self.desk is not None
        self.desk.put(sketch, words)
        self._ask_reasons()
        self.show_sketch()

    def _drop_reasons(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask_reasons(self) -> None:
        self._drop_reasons()
        assert self.desk is not None
        sketch = self.desk.now
        found: dict[str, Reason] = {}
        self.reasons, self.causes = found, ()
        if not sketch.tally.waiting or not sketch.placements:
            return

        def work(progress: Callable[[float, str], None], cancelled: Callable[[], bool]) -> tuple[Cause, ...]:
            def tell(reason: Reason) -> None:
                found[reason.task] = reason
                progress(0.0, reason.task)

            with memory.unsearched():
                return reasons(sketch, tell, cancelled)

        # Beside the engine's own worker: a new plan does not wait until the reason just sought is found.
        self._asking = (
            self.app.tasks.beside()
            .beside()
            .run(work, self._explained, progress=lambda _share, _task: self.show_reasons())
        )

    def _explained(self, causes: tuple[Cause, ...]) -> None:
        self.causes = causes
        self.show_reasons()

    # --- shaping ------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take back the last step."""
        self._stepped(self.desk.undo() if self.desk and not self.running else "", _("Taken back: {what}"))

    def redo(self) -> None:
        """Do again what was taken back."""
        self._stepped(self.desk.redo() if self.desk and not self.running else "", _("Done again: {what}"))

    def _stepped(self, words: str, said: str) -> None:
        if words:
            self._ask_reasons()
            self.show_sketch()
            self.app.notify(said.format(what=words))

    def pin(self, placements: Iterable[Placement]) -> None:
        """Hold sessions fast in this plan, or let them go."""
        chosen = list(placements)
        if self.desk is None or self.running or not chosen:
            return
        fixed = [each for each in chosen if each in self.desk.now.problem.locked]
        if len(fixed) == len(chosen):
            self.app.notify(_("This session is locked in the week itself; unlock it in the therapy week."))
            return
        sketch = self.desk.now.pin(chosen)
        words = _("Locked") if len(sketch.pinned) > len(self.desk.now.pinned) else _("Unlocked")
        self.put(sketch, words)

    def take_out(self, placement: Placement) -> None:
        """Take a session out of the proposal."""
        if self.desk is not None and not self.running and not self._fast(placement):
            self.put(self.desk.now.without(placement), _("Taken out: {who}").format(who=self.who(placement)))

    def put_elsewhere(self, old: Placement, new: Placement) -> None:
        """Put a session elsewhere; it is held there."""
        if self.desk is None or self.running or self._fast(old):
            return
        words = _("{who} moved to {when}").format(
            who=self.who(old), when=when_words(self.desk.now.problem, self.monday, new)
        )
        self.put(self.desk.now.moved(old, new), words)

    def _fast(self, placement: Placement) -> bool:
        assert self.desk is not None
        if placement in self.desk.now.problem.locked:
            self.app.notify(_("This session is locked in the week itself; unlock it in the therapy week."))
            return True
        return False

    def judge(self, old: Placement, new: Placement) -> Verdict:
        """Say what speaks against a place."""
        assert self.desk is not None and self.gathered is not None
        problem, names = self.desk.now.problem, self.gathered.names
        found = objections(self.desk.now, old, new)
        words = tuple(dict.fromkeys(breach_words(each, problem, names) for each in found))
        return Verdict("danger", words) if words else Verdict()

    def ease(self, reason: Reason, choice: int) -> None:
        """Apply what was suggested to this plan only, and put the waiting session in as it shows."""
        assert self.desk is not None and self.gathered is not None
        if self.running or reason.task not in self.desk.now.problem.tasks:
            return
        words = reason.suggestions(self.desk.now.problem, self.gathered.names)[choice]
        sketch = self.desk.now.eased_by(reason.relaxations[choice], words)
        self.put(sketch, _("Let in: {who}").format(who=self.task_name(reason.task)))

    # --- words --------------------------------------------------------------------------------------

    def who(self, placement: Placement) -> str:
        """Name the children of a session."""
        return self.task_name(placement.task)

    def task_name(self, task_id: str) -> str:
        """Name the children of a task."""
        assert self.desk is not None and self.gathered is not None
        return children_words(self.desk.now.problem.tasks[task_id], self.gathered.names)

    def placement_of(self, key: str) -> Placement | None:
        """Return the session of a tile."""
        if self.desk is None:
            return None
        return next((each for each in self.desk.now.placements if key_of(each) == key), None)

    def go_to_week(self, day: date) -> None:
        """Show the week of a day."""

    def guarded(self, act: Callable[[Any], Any]) -> Any:
        """Do something in one unit of work and present what refuses it."""
        try:
            with self.app.work() as work:
                return act(work)
        except Refused as refusal:
            self.app.show_error(refusal)
            return None


def _politely(run: Run, cancelled: Callable[[], bool]) -> Sketch:
    """Let the engine work so that the window stays quick: it comes after everything else."""
    if sys.platform == "linux" and threading.current_thread() is not threading.main_thread():
        # The threads the solvers start inherit it; Windows itself prefers the window in front.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW)
    with memory.unsearched():
        return run.work(cancelled)
