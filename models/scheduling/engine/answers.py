"""What the engine answers with: a plan with its levels and what is proven of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.scheduling.levels import Levels, breaches, levels
from models.scheduling.problem import Placement, Problem

Verdict = Literal["yes", "no", "undecided"]


@dataclass(frozen=True)
class Progress:
    """A plan in the making, and how good it is known to be."""

    placements: tuple[Placement, ...]
    levels: Levels
    bounds: Levels | None
    """The least each level is proven to cost; 0 where nothing better is known, None before anything is."""
    proven: int
    """How many levels, from the first, are proven to be as small as they can be."""
    seconds: float
    stage: str
    """What is worked on: ``first``, a level's name, or ``done``."""


Plan = Progress
"""The final answer is the last progress."""


@dataclass(frozen=True)
class Attempt:
    """Whether one more session of a task can be placed, and the plan in which it is."""

    verdict: Verdict
    plan: Plan | None = None

    def __bool__(self) -> bool:
        return self.verdict == "yes"


class BrokenPlan(RuntimeError):
    """The engine made a plan that breaks a rule: a fault of the program, and the plan is dropped."""


def checked(problem: Problem, placements: Sequence[Placement]) -> Levels:
    """Return what a plan is worth after looking at every rule once more, as the publisher would.

    Raises:
        BrokenPlan: when it breaks any.
    """
    if broken := breaches(problem, placements):
        raise BrokenPlan("; ".join(f"{each.rule}: {each.placements}" for each in broken[:3]))
    return levels(problem, placements)
