"""The planner against weeks by the thousand: plans, reasons and repairs, in the numbers of a release.

``QINGHE_BATTERY=0.1 python dev.py battery tests/slow/test_schedule_battery.py`` runs a tenth of it.
"""

from __future__ import annotations

import time
from random import Random

from models.scheduling.reasons import explain
from tests.models.schedule_checker import broken_rules
from tests.models.schedule_weeks import filled_at_random
from tests.models.test_planner_properties import some_week, wrong_with_plan
from tests.models.test_repair import wrong_with_repair
from tests.slow.test_battery import number


def seeds(whole: int) -> range:
    """Other weeks in every run; the failing one is named by its seed."""
    first = int(time.time()) * 1000
    return range(first, first + number(whole))


def test_1000_plans_break_no_rule_and_explain_what_waits():
    for seed in seeds(1_000):
        assert [*wrong_with_plan(some_week(seed), seconds=2.0)] == [], seed


def test_10000_weeks_are_explained_and_every_suggestion_helps():
    for seed in seeds(10_000):
        made = some_week(seed)
        held = filled_at_random(made, Random(seed), share=Random(seed).choice((1.0, 0.7)))
        for task in made.tasks.values():
            for each in explain(made, held, task.id, seconds=0.3).relaxations:
                assert broken_rules(each.applied(made), each.witness(held)) == [], seed


def test_5000_weeks_are_repaired():
    for seed in seeds(5_000):
        assert [*wrong_with_repair(seed)] == [], seed
