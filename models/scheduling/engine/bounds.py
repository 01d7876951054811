"""What is proven: the least each level can cost while all above it cost their least."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.scheduling.engine.board import professions
from models.scheduling.engine.region import CHANGE, CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING
from models.scheduling.engine.week import Week
from models.scheduling.levels import Levels
from models.scheduling.problem import BAND

ORDER = (WAITING, CONTINUITY, PREFERENCE, SPREAD, PEAK, CHANGE)


class Bounds:
    """The proven least of each level; a bound holds while the levels above it are at theirs."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.least = [0] * 6
        self.least[CHANGE] = len(week.problem.before) - sum(map(len, week.before))
        self.enough = self.least.copy()
        """The cost of each level below which it is hardly worth while to look, whether or not that is proven."""

    def raise_to(self, level: int, least: int) -> None:
        """Take note of a proof."""
        self.least[level] = max(self.least[level], least)
        self.enough[level] = max(self.enough[level], least)

    def levels(self) -> Levels:
        """Return all of them."""
        return Levels(*self.least)

    def proven(self, found: Sequence[int]) -> int:
        """Return how many levels of a plan, from the first, cost no more than they must."""
        for number, (cost, least) in enumerate(zip(found, self.least, strict=True)):
            if cost > least:
                return number
        return len(found)

    def fullest(self, waiting: int) -> None:
        """Prove how full the fullest therapist must be at least, when no more than so much weight is waiting."""
        week = self.week
        every = [task for task in range(len(week.tasks)) if week.able[task]]
        classes = [*professions(week), *([task] for task in every)]
        therapies = {week.tasks[task].therapy for task in every}
        classes += [[task for task in every if week.tasks[task].therapy == each] for each in sorted(therapies)]
        for tasks in classes:
            self.raise_to(PEAK, self._band(tasks, waiting))

    def _band(self, tasks: Iterable[int], waiting: int) -> int:
        """Return the least band in which the therapists of some tasks can hold them together."""
        week, mine = self.week, list(tasks)
        able = sorted({each for task in mine for each in week.able[task]})
        slots = sum(week.length[task] * week.tasks[task].sessions for task in mine)
        slots -= waiting * max((week.length[task] for task in mine), default=0)
        band = 0
        while band < BAND and sum(band * week.available[each] // BAND for each in able) < slots:
            band += 1
        return band
