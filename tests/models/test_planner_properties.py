"""The planner as a whole, on weeks drawn by chance: no plan breaks a rule, and whatever waits has a reason that helps."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.scheduling.engine import solve
from models.scheduling.levels import levels
from models.scheduling.problem import Problem
from models.scheduling.reasons import explain_all
from tests.models.schedule_checker import broken_rules
from tests.models.schedule_weeks import hopeless, week


def some_week(seed: int) -> Problem:
    """A small week from a seed; every second one has something in it that can never be."""
    chance = Random(seed)
    made = week(
        seed, chance.randint(1, 5), chance.randint(1, 3), days=chance.randint(1, 4), slots=chance.randint(3, 8),
        load=chance.choice((0.6, 1.0, 1.6)),
    )  # fmt: skip
    return hopeless(made, seed) if seed % 2 else made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_a_plan_breaks_no_rule_and_what_waits_has_a_reason_that_helps(seed):
    assert [*wrong_with_plan(some_week(seed), seconds=0.5)] == []


def wrong_with_plan(made: Problem, *, seconds: float) -> Iterator[str]:
    """Plan a week, look at the plan, explain what waits, make every change that is suggested; yield what is wrong."""
    plan = solve(made, seconds=seconds)
    yield from broken_rules(made, plan.placements)
    if plan.levels != levels(made, plan.placements):
        yield f"levels {plan.levels}"
    waiting = {
        task.id: task.sessions - sum(each.task == task.id for each in plan.placements) for task in made.tasks.values()
    }
    found = [reason for cause in explain_all(made, plan.placements, seconds=0.3) for reason in cause.reasons]
    if {each.task: each.missing for each in found} != {task: count for task, count in waiting.items() if count}:
        yield f"explained {found}"
    for reason in found:
        if not reason.relaxations:
            yield f"nothing helps {reason}"
        for each in reason.relaxations:
            changed, witness = each.applied(made), each.witness(plan.placements)
            yield from broken_rules(changed, witness)
            if (
                changed.tasks[reason.task].sessions - sum(one.task == reason.task for one in witness)
                >= waiting[reason.task]
            ):
                yield f"does not help: {each}"
    moved_in = [each for reason in found for each in reason.relaxations if each.code == "move"]
    if plan.proven >= 1 and moved_in:  # a plan with the fewest waiting cannot take one more by moving others
        yield f"proven, and yet {moved_in}"
