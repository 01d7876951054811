"""Laying 落位: from a board to a plan — the times at which each therapist's sessions can lie once it is known whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import PREFERENCE, SPREAD, Region, Wish
from models.scheduling.engine.sat import Answer, run
from models.scheduling.engine.search import Search
from models.scheduling.engine.week import Sittings, Week

FIRST = 4.0
"""The most seconds it is tried whether a board can be laid at all before it is laid well."""
AROUND = 1.0
"""The most seconds one profession is laid around the others."""

ANY = 1 << 30
"""More than any level costs."""

Who = Mapping[int, int]
"""The one therapist of each task."""
Days = Mapping[tuple[int, int], int]
"""Whether a task has a session on a day."""


class Layer:
    """Lays boards into the plan of a search, which takes what is better than what it has."""

    def __init__(self, week: Week, search: Search, budget: Budget) -> None:
        self.week, self.search, self.budget = week, search, budget

    def around(self, who: Who, wanted: Mapping[int, int], at_most: Mapping[int, int]) -> None:
        """Lay one profession around what the others do now."""
        with self.search.lock:
            held = self.search.state.held_without(who)
        self._ask(who, held, Wish(order=(), wanted=self._all(who, wanted), at_most=at_most), AROUND)

    def whole(self, who: Who, wanted: Mapping[int, int], at_most: Mapping[int, int], seconds: float) -> Answer | None:
        """Lay every profession at once."""
        wish = Wish(order=(), wanted=self._all(who, wanted), at_most=at_most)
        return self._ask(who, Held(self.week), wish, seconds)

    def least(self, level: int, at_most: Mapping[int, int], bound: int, seconds: float) -> None:
        """Plan the whole week anew from the plan there is, with as little of a level as can be and any therapists.

        CP-SAT's own neighbourhoods reach where parts around therapists do not: where rooms are scarce, not hands. They
        work best without linear relaxations, and end as soon as the bound is reached.
        """
        wish = Wish(faithful=False, order=(level,), at_most=at_most)
        region = Region(self.week, range(len(self.week.tasks)), Held(self.week), wish)
        region.model.linear(region.terms[level], bound, ANY)
        region.hint(dict(enumerate(self.search.state.sittings)))
        self.adopt(region, run(region.model, self.budget, seconds, workers=2, linearization_level=0))

    def better(self, who: Who, wanted: Mapping[int, int], missed: int, days: Days, least: int, seconds: float) -> None:
        """Lay every profession at once with as little spread as can be, on the days of the board where they can lie.

        A board may not be laid at all: first any times, then better ones. When there are none, each task may have
        the therapist it has as well as the board's.
        """
        wish = Wish(order=(SPREAD,), wanted=self._all(who, wanted), at_most={PREFERENCE: missed})
        start = self._start(who, replace(wish, order=()), days, min(FIRST, seconds / 3))
        candidates: dict[int, Sequence[int]] = {task: (each,) for task, each in who.items()}
        if start is None:
            start = dict(enumerate(self.search.state.sittings))
            candidates = {task: sorted({each, *(one.therapist for one in start[task])}) for task, each in who.items()}
        region = Region(self.week, list(who), Held(self.week), wish, candidates)
        region.between(SPREAD, list(who), least, None)
        region.hint(start)
        self.adopt(region, run(region.model, self.budget, seconds, workers=2))

    def _start(self, who: Who, wish: Wish, days: Days, seconds: float) -> dict[int, Sittings] | None:
        region = self._region(who, Held(self.week), wish)
        if region is None:
            return None
        region.hint_days(days)
        answer = run(region.model, self.budget, seconds, workers=2)
        self.adopt(region, answer)
        return region.sittings(answer.values) if answer.values is not None else None

    def _all(self, who: Who, wanted: Mapping[int, int]) -> dict[int, int]:
        return {task: wanted.get(task, self.week.tasks[task].sessions) for task in who}

    def _region(self, who: Who, held: Held, wish: Wish) -> Region | None:
        region = Region(self.week, list(who), held, wish, {task: (therapist,) for task, therapist in who.items()})
        return region if region.possible else None

    def _ask(self, who: Who, held: Held, wish: Wish, seconds: float) -> Answer | None:
        region = self._region(who, held, wish)
        if region is None:
            return None
        answer = run(region.model, self.budget, seconds, workers=2)
        self.adopt(region, answer)
        return answer

    def adopt(self, region: Region, answer: Answer) -> None:
        """Take over what a model of the week has found."""
        if answer.values is not None:
            self.search.adopt(region.sittings(answer.values))
