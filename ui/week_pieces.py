"""What a drawn week is made of 周表的零件: columns or rows, days, blocks of time, and what speaks against a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shade:
    """A stretch of a column in which nobody is to be booked, and why."""

    start: int
    end: int
    words: str = ""


@dataclass(frozen=True)
class Column:
    """One column: a day, or a person on a day; in a week lying sideways one person's row.

    ``now`` says that the present time is in it, ``marked`` that it stands out among the others (today).
    """

    key: str
    title: str
    subtitle: str = ""
    note: str = ""
    closed: bool = False
    now: bool = False
    marked: bool = False
    shades: tuple[Shade, ...] = ()


@dataclass(frozen=True)
class Band:
    """One day of a week lying sideways, from minute to minute since the week's first midnight."""

    start: int
    end: int
    title: str
    note: str = ""
    closed: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Tile:
    """One block of time in a column.

    Attributes:
        start, end: minutes of the day (lying sideways: of the week).
        mark: one or two characters that stand for its kind.
        tint: a colour of the theme that has a soft twin.
        look: ``booked``, ``done``, ``signed``, ``missed``, ``due`` (over, but not recorded), ``taken`` or
            ``proposed`` (planned, not yet published) or ``moved`` (published, planned to lie here instead).
        note: its state in words.
        short: the title where there is hardly any room.
        locked: it stays where it is until it is unlocked.
    """

    key: str
    column: str
    start: int
    end: int
    title: str
    detail: str = ""
    mark: str = ""
    tint: str = "neutral"
    look: str = "booked"
    note: str = ""
    movable: bool = False
    tip: str = ""
    short: str = ""
    locked: bool = False


@dataclass(frozen=True)
class Verdict:
    """What speaks against a place: the gravest tone, and why in words."""

    tone: str = "good"
    words: tuple[str, ...] = ()


def verdict_of(words: Sequence[tuple[str, bool]]) -> Verdict:
    """Return the verdict for (words, only a warning) pairs."""
    if not words:
        return Verdict()
    grave = any(not warning for _words, warning in words)
    return Verdict("danger" if grave else "warning", tuple(each for each, warning in words if not (grave and warning)))
