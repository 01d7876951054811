"""The chosen session of a plan 选中课次: what is known of it, and moving, holding or taking it out by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models.scheduling.problem import Placement
from resources import _
from ui.text import ElidedLabel
from ui.week import Verdict, WeekGrid
from ui.widgets import Button
from views.planner_acts import PlannerActs
from views.planner_legend import Legend
from views.planner_look import change_words, children_words, key_of, span_words


class PlannerSession(PlannerActs):
    """What is done with one session on the planner's sheet."""

    grid: WeekGrid
    legend: Legend
    said: ElidedLabel
    pin_button: Button
    out_button: Button
    child_button: Button

    def _redraw(self) -> None:
        """Draw the week again."""

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
