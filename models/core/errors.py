"""What can be refused, and why: raised anywhere, presented in one place (``ui/errors.py``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; ``field`` is empty when it concerns the whole record.

    A ``warning`` may be confirmed by the user, an error may not.
    """

    field: str
    message: str
    warning: bool = False


class Refused(Exception):
    """The root of everything the program refuses in words meant for the user."""


class Invalid(Refused):
    """The values break a rule; ``problems`` says which, beside which field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Unconfirmed(Invalid):
    """Nothing is wrong, but the user must confirm the warnings in ``problems`` first."""


class Forbidden(Refused):
    """The person may not do this."""


class Missing(Refused):
    """The record is not there, or not for this person: the two are told apart for no one."""


@dataclass(frozen=True)
class Conflict:
    """One field that two people changed: ``base`` was read by both, ``theirs`` is saved now."""

    field: str
    base: Any
    mine: Any
    theirs: Any


class Changed(Refused):
    """Somebody else saved the same fields meanwhile; nothing is lost, the user chooses."""

    def __init__(self, conflicts: Sequence[Conflict], by: str, version: int) -> None:
        super().__init__(f"changed meanwhile by {by}")
        self.conflicts, self.by, self.version = tuple(conflicts), by, version


class Unusable(Refused):
    """A home, database or backup cannot be opened; the message says why and what is safe."""


class SignInRefused(Refused):
    """Nobody is signed in: wrong name or password, too many attempts, or an account that is closed."""
