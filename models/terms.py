"""Terms 期限: what holds from one day to another and may end before its time — an enrolment, an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from models.core.errors import Problem
from resources import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped


class WithTerm:
    """A record with ``starts_on`` and ``ends_on``, and ``ended_on`` with its ``ending`` where it ended early."""

    if TYPE_CHECKING:
        starts_on: Mapped[date]
        ends_on: Mapped[date]
        ended_on: Mapped[date | None]
        ending: Mapped[str | None]

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return min(self.ends_on, self.ended_on) if self.ended_on else self.ends_on

    @property
    def backwards(self) -> bool:
        """Whether its end lies before its beginning, so that nothing else can be said about it."""
        return self.ends_on < self.starts_on

    def term_problems(self, outside: str, missing: str) -> Iterator[Problem]:
        """Yield what is wrong with the days.

        Args:
            outside: what is said when it ended outside its own time.
            missing: what is asked when it ended and nobody has said how.
        """
        if self.backwards:
            yield Problem("ends_on", _("The end lies before the beginning."))
            return
        if self.ended_on and not self.starts_on <= self.ended_on <= self.ends_on:
            yield Problem("ended_on", outside)
        if self.ended_on and not self.ending:
            yield Problem("ending", missing)
