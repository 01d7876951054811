"""Reminders 待办: what is due, overdue or expected; each area tells its own.

@reminder
def vaccines(work: Work) -> Iterator[Due]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.core.database import Work


@dataclass(frozen=True)
class Due:
    """One line of Today: what, for whom, by when, and the place where it is done.

    Attributes:
        kind: ``begin``, ``due``, ``expected``, ``away``, ``birthday`` or ``notice``.
        needs: the record type and action without which the line is not for this person.
        page, target: the page that does it and the keyword arguments of its ``open``.
    """

    text: str
    area: str
    due: date | datetime | None = None
    kind: str = "due"
    child_id: str = ""
    child_name: str = ""
    needs: tuple[str, str] = ("Child", "read")
    page: str = "child"
    target: dict[str, Any] = field(default_factory=dict)

    def overdue(self, now: datetime) -> bool:
        """Whether the moment has passed."""
        if self.due is None or self.kind != "due":
            return False
        return self.due < now if isinstance(self.due, datetime) else self.due < now.date()


Source = Callable[[Work], Iterable[Due]]
_sources: list[Source] = []


def reminder(source: Source) -> Source:
    """Register a function that tells what is due in its area."""
    _sources.append(source)
    return source


def due_now(work: Work) -> list[Due]:
    """Return everything due for this person, the most urgent first."""
    found = [due for source in _sources for due in source(work) if work.actor.may(due.needs[1], due.needs[0])]
    return sorted(found, key=lambda due: (not due.overdue(work.now), _moment(due, work.now), due.text))


def _moment(due: Due, now: datetime) -> datetime:
    if due.due is None:
        return now
    return due.due if isinstance(due.due, datetime) else datetime(due.due.year, due.due.month, due.due.day, 23, 59)
