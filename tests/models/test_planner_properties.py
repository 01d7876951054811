"""The planner as a whole, on weeks drawn by chance: no plan breaks a rule, and whatever waits has a reason that helps."""

from __future__ import annotations

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
    check_plan(some_week(seed), seconds=0.5)


def check_plan(made: Problem, *, seconds: float) -> None:
    """Plan a week, look at the plan, explain what waits, and make every change that is suggested."""
    plan = solve(made, seconds=seconds)
    assert broken_rules(made, plan.placements) == []
    assert plan.levels == levels(made, plan.placements)
    waiting = {
        task.id: task.sessions - sum(each.task == task.id for each in plan.placements) for task in made.tasks.values()
    }
    found = [reason for cause in explain_all(made, plan.placements, seconds=0.3) for reason in cause.reasons]
    assert {each.task: each.missing for each in found} == {task: count for task, count in waiting.items() if count}
    for reason in found:
        assert reason.relaxations, reason
        for each in reason.relaxations:
            changed, witness = each.applied(made), each.witness(plan.placements)
            assert broken_rules(changed, witness) == []
            left = changed.tasks[reason.task].sessions - sum(one.task == reason.task for one in witness)
            assert left < waiting[reason.task]
    proven_best = plan.proven >= 1
    moved_in = [each for reason in found for each in reason.relaxations if each.code == "move"]
    assert not (proven_best and moved_in), "a plan with the fewest waiting cannot take one more by moving others"
