"""Alerts 警示: what everyone who meets a child must know — allergies, seizures, risks; each area tells its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from models.core.database import Work


@dataclass(frozen=True)
class Alert:
    """One thing to know about one child; ``level`` is ``danger``, ``warning`` or ``info``."""

    child_id: str
    text: str
    level: str = "warning"
    icon: str = "triangle-alert"


Source = Callable[[Work, Sequence[str]], Iterable[Alert]]
_sources: list[Source] = []


def alert(source: Source) -> Source:
    """Register a function that tells an area's alerts for some children."""
    _sources.append(source)
    return source


def alerts_for(work: Work, child_ids: Sequence[str]) -> list[Alert]:
    """Return all alerts of these children, the gravest first."""
    order = {"danger": 0, "warning": 1, "info": 2}
    found = [each for source in _sources for each in source(work, child_ids)]
    return sorted(found, key=lambda each: order[each.level])
