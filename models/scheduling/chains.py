"""Chains of moves 腾挪: make room for a session by letting one or two others lie elsewhere, and those perhaps others.

Nobody loses a session and no rule is broken on the way; what is locked stays. A chain is looked for step by step up to
a depth and a moment, so an empty answer says "not found", not "impossible".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from models.scheduling.problem import Placement, Task
from models.scheduling.timetable import BY_SESSIONS, Move, Timetable

Wish = Callable[[Placement, Placement], object]
"""How well a new place suits a session that leaves another; the smallest first."""


class Chains:
    """Looks for room on one timetable, which is left as it was found unless something is said to be done."""

    def __init__(self, timetable: Timetable, until: float, *, unlocked: bool = False) -> None:
        self.timetable = timetable
        self.until = until
        self.kept: frozenset[Placement] = frozenset() if unlocked else timetable.locked
        self._elsewhere: dict[Placement, tuple[Placement, ...]] = {}

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.until

    def elsewhere(self, session: Placement) -> tuple[Placement, ...]:
        """Return the places a session could have instead as everything stands, the nearest to its own first."""
        found = self._elsewhere.get(session)
        if found is None:
            table = self.timetable
            table.remove(session)
            vacant = list(table.vacancies(table.problem.tasks[session.task]))
            table.add(session)
            found = tuple(
                sorted((each for each in vacant if each != session), key=lambda each: nearness(session, each))
            )
            self._elsewhere[session] = found
        return found

    def in_the_way(self, place: Placement) -> Iterator[tuple[Placement, ...]]:
        """Yield the sessions, one or two, without which a place would be free."""
        hindrances = self.timetable.hindrances(place)
        if not hindrances or any(each.rule not in BY_SESSIONS for each in hindrances):
            return
        sure = {
            other
            for each in hindrances
            if each.rule in ("therapist_taken", "child_taken", "rest")
            for other in each.others
        }
        if len(sure) <= 2 and self._may_go(sure, place):
            yield from self._with_one_more(tuple(sorted(sure)), place)

    def _with_one_more(self, sure: tuple[Placement, ...], place: Placement) -> Iterator[tuple[Placement, ...]]:
        table = self.timetable
        for each in sure:
            table.remove(each)
        left = table.hindrances(place)
        more = [other for other in left[0].others if self._may_go({other}, place)] if left and len(sure) < 2 else []
        enough = []
        for other in more:
            table.remove(other)
            if table.fits(place):
                enough.append(other)
            table.add(other)
        for each in sure:
            table.add(each)
        if not left:
            yield sure
        yield from ((*sure, other) for other in enough)

    def _may_go(self, sessions: set[Placement], place: Placement) -> bool:
        return not any(each in self.kept or each.task == place.task for each in sessions)

    def room_at(self, place: Placement, depth: int = 1) -> list[Move] | None:
        """Return the moves that make room at a place, and put the session there; None when none are found.

        What was done is undone with :meth:`Timetable.take_back`.
        """
        for group in self.in_the_way(place):
            if depth == 1 and not all(self.elsewhere(each) for each in group if len(group) == 1):
                continue
            moves = self._move_all(group, place, depth)
            if moves is not None:
                return moves
            if self.over:
                return None
        return None

    def _move_all(self, group: Sequence[Placement], place: Placement, depth: int) -> list[Move] | None:
        table = self.timetable
        for each in group:
            table.remove(each)
        table.add(place)
        done: list[Move] = []
        for each in group:
            standing = frozenset((place, *group, *(new for _old, new in done)))
            moves = self._move(each, depth, standing, single=len(group) == 1)
            if moves is None:
                self._undo(done, place, group)
                return None
            done += moves
        return done

    def _undo(self, done: list[Move], place: Placement, group: Sequence[Placement]) -> None:
        table = self.timetable
        for _old, new in done:
            table.remove(new)
        table.remove(place)
        back = dict.fromkeys([*(old for old, _new in done), *group])
        for each in back:
            table.add(each)

    def _move(
        self, session: Placement, depth: int, standing: frozenset[Placement], *, single: bool
    ) -> list[Move] | None:
        """Put a session that was taken out somewhere else; with more depth, where others must go first."""
        table, task = self.timetable, self.timetable.problem.tasks[session.task]
        vacant = self._elsewhere.get(session) if single else None
        found = [each for each in vacant if table.fits(each)] if vacant is not None else list(table.vacancies(task))
        found = [each for each in found if each not in standing]
        if found:
            best = min(found, key=lambda each: nearness(session, each))
            table.add(best)
            return [(session, best)]
        if depth <= 1:
            return None
        return self._move_others(session, task, depth - 1, standing)

    def _move_others(
        self, session: Placement, task: Task, depth: int, standing: frozenset[Placement]
    ) -> list[Move] | None:
        places = sorted(self.timetable.places(task), key=lambda each: nearness(session, each))
        outer, self.kept = self.kept, self.kept | standing
        cache, self._elsewhere = self._elsewhere, {}
        try:
            for place in places:
                if self.over:
                    return None
                moves = None if place in standing else self.room_at(place, depth)
                if moves is not None:
                    return [(session, place), *moves]
            return None
        finally:
            self.kept, self._elsewhere = outer, cache


def nearness(old: Placement, new: Placement) -> tuple[bool, bool, int, Placement]:
    """Return how far a new place is from the old one: the same therapist first, then the same day, then the hour."""
    return new.therapist != old.therapist, new.day != old.day, abs(new.start - old.start), new
