"""Why a session waits: the reason is the true one, and every suggested change, when made, lets the session in."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.scheduling.easing import MIND
from models.scheduling.levels import breaches
from models.scheduling.pressure import lightest, pressures
from models.scheduling.problem import Child, Placement, Problem, Resource, Task, Therapist
from models.scheduling.reason_words import RULES
from models.scheduling.reasons import Reason, explain, explain_all
from models.scheduling.relaxing import holds
from models.scheduling.timetable import Timetable
from resources import use_language
from tests.models.schedule_checker import broken_rules
from tests.models.schedule_weeks import filled_at_random, grid, hopeless, week, weeks

NAMES = {"li": "李静", "zhang": "张敏", "wang": "王小雨", "chen": "陈安", "hall": "运动大厅", "frame": "站立架"}
MORNING = grid(2, 8)
"""Two days of eight half hours from nine o'clock."""


def problem(**given) -> Problem:
    """Two therapists, two children, a hall for one; 王小雨 shall have physiotherapy once, for an hour."""
    whole = {
        "name": "week",
        "grid": MORNING,
        "therapists": {
            "li": Therapist("li", frozenset({"PT"}), MORNING.open, 8),
            "zhang": Therapist("zhang", frozenset({"OT"}), MORNING.open, 8),
        },
        "children": {"wang": Child("wang", {}, 3, 0), "chen": Child("chen", {}, 3, 0)},
        "resources": {"hall": Resource("hall", 1), "frame": Resource("frame", 1)},
        "tasks": {"pt": Task("pt", ("wang",), "PT", 1, 2)},
    }
    return Problem(**{**whole, **given})


def with_therapist(made: Problem, key: str, **values) -> Problem:
    return replace(made, therapists={**made.therapists, key: replace(made.therapists[key], **values)})


def with_child(made: Problem, key: str, **values) -> Problem:
    return replace(made, children={**made.children, key: replace(made.children[key], **values)})


def with_task(made: Problem, key: str, **values) -> Problem:
    task = made.tasks.get(key) or Task(key, ("chen",), "PT", 1, 2)
    return replace(made, tasks={**made.tasks, key: replace(task, **values)})


def everywhere(reason: str, *, but: tuple[tuple[int, int], ...] = ()) -> dict[tuple[int, int], str]:
    return {slot: reason for slot in MORNING.open if slot not in but}


def said(reason: Reason, made: Problem) -> list[str]:
    return reason.suggestions(made, NAMES)


def test_nobody_is_trained_for_the_therapy():
    made = with_therapist(problem(), "li", therapies=frozenset({"ST"}))
    reason = explain(made, (), "pt")
    assert reason.rule == "no_therapist"
    assert reason.words(NAMES, MORNING) == "王小雨 waits for 1 session of Physiotherapy (PT): nobody is trained for it."
    assert [each.code for each in reason.relaxations] == ["skill", "skill"]
    assert said(reason, made)[0].startswith("If 李静 were trained for Physiotherapy (PT), it could lie on Monday 09:00")


def test_the_therapist_goes_home_too_early():
    early = frozenset(slot for slot in MORNING.open if slot[1] < 3)
    made = with_child(
        with_therapist(problem(), "li", free=early), "wang", busy=everywhere("school", but=((1, 2), (1, 3)))
    )
    reason = explain(made, (), "pt")
    assert reason.rule == "never_there"
    assert reason.relaxations[0].minutes == 30
    assert said(reason, made)[0] == "If 李静 worked until 11:00 on Tuesday, it could lie on Tuesday 10:00 with 李静."


def test_the_nap_is_half_an_hour_too_long():
    nap = {**everywhere("school"), **{(0, slot): "nap" for slot in range(3, 7)}}
    del nap[0, 7]
    made = with_child(problem(), "wang", busy=nap)
    reason = explain(made, (), "pt")
    assert reason.rule == "no_stretch"
    assert reason.words(NAMES, MORNING).endswith("never free for 60 minutes together (School, Nap).")
    assert "If 王小雨’s time of “Nap” on Monday ended at 12:00, it could lie on Monday 12:00 with 李静." in said(
        reason, made
    )
    assert "If the sessions lasted 30 minutes, it could lie on Monday 12:30 with 李静." in said(reason, made)


def test_the_therapist_treats_somebody_else_who_could_come_at_another_time():
    made = with_child(with_task(problem(), "other"), "wang", busy=everywhere("school", but=((0, 0), (0, 1))))
    reason = explain(made, [Placement("other", "li", 0, 1)], "pt")
    assert reason.rule == "therapist_taken"
    best = reason.relaxations[0]
    assert (best.code, best.minutes, best.place) == ("move", 0, Placement("pt", "li", 0, 0))
    assert said(reason, made)[0] == (
        "If 陈安’s Physiotherapy (PT) moved from Monday 09:30 with 李静 to Monday 10:00 with 李静, "
        "it could lie on Monday 09:00 with 李静."
    )


def test_what_is_locked_stays_and_is_said_to_be_locked():
    locked = Placement("other", "li", 0, 0)
    made = with_child(
        with_task(problem(locked=(locked,)), "other"), "wang", busy=everywhere("school", but=((0, 0), (0, 1)))
    )
    reason = explain(made, [locked], "pt")
    assert "Locked sessions are among them." in reason.words(NAMES, MORNING)
    assert all(locked in each.witness([locked]) for each in reason.relaxations if each.code not in ("unlock", "wait"))
    assert any(each.code == "unlock" for each in reason.relaxations)


def test_the_childs_day_is_full():
    made = with_child(problem(), "wang", most_a_day=1)
    tasks = {"ot": Task("ot", ("wang",), "OT", 2, 1)}
    made = replace(made, tasks={**made.tasks, **tasks})
    reason = explain(made, [Placement("ot", "zhang", 0, 0), Placement("ot", "zhang", 1, 0)], "pt")
    assert reason.rule == "child_day"
    assert said(reason, made)[0] == "If 王小雨 had 2 sessions on Monday, it could lie on Monday 09:30 with 李静."


def test_one_a_day_leaves_no_day():
    reason = explain(
        with_task(problem(), "pt", sessions=3), [Placement("pt", "li", 0, 0), Placement("pt", "li", 1, 0)], "pt"
    )
    assert reason.rule == "same_day"
    assert [each.code for each in reason.relaxations] == ["fewer"]


def test_the_hall_is_full_at_the_only_time():
    made = with_task(with_task(problem(), "pt", uses=(("hall", 1),)), "ot", therapy="OT", uses=(("hall", 1),))
    made = with_child(made, "wang", busy=everywhere("school", but=((0, 0), (0, 1))))
    made = with_child(made, "chen", busy=everywhere("school", but=((0, 0), (0, 1))))
    reason = explain(made, [Placement("ot", "zhang", 0, 0)], "pt")
    assert reason.rule == "resource"
    assert (
        "If there were 1 more place in 运动大厅 on Monday 09:00–10:00, it could lie on Monday 09:00 with 李静."
        in said(reason, made)
    )


def test_a_contraindication_is_the_doctors_to_lift():
    made = with_task(problem(), "pt", barred=everywhere("epilepsy"))
    reason = explain(made, (), "pt")
    assert reason.rule == "barred"
    assert all(sentence.endswith("This is the doctor's to decide.") for sentence in said(reason, made))


def test_a_contraindication_is_not_touched_where_anything_else_helps():
    made = with_task(problem(), "pt", barred={slot: "epilepsy" for slot in MORNING.open if slot[0] == 0})
    made = with_child(made, "wang", busy={slot: "nap" for slot in MORNING.open if slot[0] == 1})
    assert explain(made, (), "pt").relaxations[0].code == "child_free"


def test_it_is_said_until_when_a_contraindication_takes_times_away():
    made = with_task(problem(), "pt", barred={slot: "epilepsy" for slot in MORNING.open if slot[0] == 0})
    made = with_therapist(made, "li", most_a_day=1)
    words = explain(made, (), "pt").words({**NAMES, "epilepsy": "epilepsy"}, MORNING)
    assert words.endswith("7 more times are barred until Monday 13:00 (epilepsy).")


def test_the_less_urgent_may_wait_instead_but_never_the_more_urgent():
    made = with_task(with_task(problem(), "pt", priority=2), "other", priority=1)
    times = {"busy": everywhere("school", but=((0, 0), (0, 1)))}
    made = with_child(with_child(made, "wang", **times), "chen", **times)
    held = [Placement("other", "li", 0, 0)]
    waits = next(each for each in explain(made, held, "pt").relaxations if each.code == "wait")
    assert held[0] not in waits.witness(held)
    urgent = with_task(made, "other", priority=3)
    assert "wait" not in {each.code for each in explain(urgent, held, "pt").relaxations}


def test_what_was_booked_against_a_rule_knowingly_does_not_spoil_a_suggestion():
    made = with_task(with_task(with_task(problem(), "pt", sessions=2), "one"), "two")
    double = (Placement("one", "li", 0, 0), Placement("two", "li", 0, 1))
    made = with_child(replace(made, locked=double), "wang", busy=everywhere("school", but=((0, 4), (0, 5))))
    reason = explain(made, double, "pt")
    assert reason.relaxations[0].place == Placement("pt", "li", 0, 4)
    assert (reason.rule, reason.relaxations[0].minutes) == ("room", 0)


def test_a_session_longer_than_the_day_is_said_to_be():
    reason = explain(with_task(problem(), "pt", slots=9), (), "pt")
    assert reason.rule == "too_long"
    assert reason.relaxations[0].changes[0].amount == 8


def test_what_has_its_place_does_not_wait():
    reason = explain(problem(), [Placement("pt", "li", 0, 0)], "pt")
    assert (reason.rule, reason.missing, reason.relaxations) == ("placed", 0, ())


def test_more_wanted_than_the_therapists_have_is_counted_and_said():
    many = {f"pt{index}": Task(f"pt{index}", ("wang",), "PT", 1, 2) for index in range(10)}
    (lack,) = pressures(problem(tasks=many))
    assert (lack.wanted, lack.there, lack.sessions) == (600, 480, 2)
    assert lack.words(NAMES) == (
        "Physiotherapy (PT): 10 hours are wanted, 李静 have 8. At least 2 sessions must wait, whatever the plan."
    )


def test_a_bound_is_said_of_the_narrowest_place_only():
    """The hall holds one at a time though both therapists are there: the hall is what lacks."""
    tasks = {
        f"{kind}{index}": Task(f"{kind}{index}", ("wang",), kind, 1, 2, uses=(("hall", 1),))
        for kind in ("PT", "OT")
        for index in range(5)
    }
    (lack,) = pressures(problem(tasks=tasks))
    assert (lack.therapies, lack.resources, lack.sessions) == (("OT", "PT"), ("hall",), 2)


def test_what_must_wait_is_weighed_as_lightly_as_it_can_be():
    assert lightest([(2, 4), (1, 1), (1, 1), (1, 4)], 2) == 2
    assert lightest([(2, 4), (1, 4)], 2) == 4
    assert lightest([(1, 2)], 5) == 2


def test_more_sessions_of_a_child_than_its_days_hold_are_counted_and_said():
    made = with_child(problem(), "wang", most_a_day=1)
    made = replace(made, tasks={**made.tasks, "ot": Task("ot", ("wang",), "OT", 2, 1)})
    (cause,) = explain_all(made, [Placement("ot", "zhang", 0, 0), Placement("ot", "zhang", 1, 0)])
    assert cause.words(NAMES, MORNING) == (
        "王小雨: 1 session waits (Child's daily maximum). 3 sessions a week are wanted of 王小雨, its days hold 2."
    )


def test_waiting_sessions_with_one_cause_are_put_together():
    many = [f"child{index}" for index in range(10)]
    tasks = {each: Task(each, (each,), "PT", 1, 2) for each in many}
    made = problem(tasks=tasks, children={each: Child(each, {}, 3, 0) for each in many})
    held = filled_at_random(made, Random(1))
    (cause,) = explain_all(made, held)
    assert cause.missing == 10 - len(held)
    assert cause.pressure is not None
    assert "must wait, whatever the plan" in cause.words(NAMES, MORNING)


def test_every_rule_and_every_change_has_words_in_both_languages():
    for language in ("en", "zh_CN"):
        use_language(language)
        seen = set()
        for seed in range(60):
            made = _some_week(seed)
            held = filled_at_random(made, Random(seed))
            for task in made.tasks.values():
                reason = explain(made, held, task.id, seconds=0.2)
                assert reason.words({}, made.grid)
                for each, sentence in zip(reason.relaxations, reason.suggestions(made, {}), strict=True):
                    assert "{" not in sentence
                    seen |= {change.code for change in each.changes} | {each.code}
                seen.add(reason.rule)
        assert seen >= {each.code for each in RULES} - {"room"}
        assert seen >= set(MIND) - {"fewer", "unlock"}


def _some_week(seed: int) -> Problem:
    chance = Random(seed)
    made = week(
        seed, chance.randint(1, 5), chance.randint(1, 3), days=chance.randint(1, 4), slots=chance.randint(3, 8),
        load=chance.choice((0.6, 1.0, 1.6)),
    )  # fmt: skip
    return hopeless(made, seed) if chance.random() < 0.5 else made


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(weeks(), st.integers(0, 10**6), st.sampled_from((1.0, 0.7)), st.booleans())
def test_every_suggested_change_when_made_lets_the_session_in(made, seed, share, spoilt):
    """Whatever week and whatever plan, even with something in it that can never be."""
    made = hopeless(made, seed) if spoilt else made
    held = filled_at_random(made, Random(seed), share=share)
    for task in made.tasks.values():
        waiting = task.sessions - sum(each.task == task.id for each in held)
        reason = explain(made, held, task.id, seconds=0.2)
        assert reason.missing == waiting
        assert bool(reason.relaxations) == bool(waiting)
        for each in reason.relaxations:
            changed, plan = each.applied(made), each.witness(held)
            assert broken_rules(changed, plan) == []
            assert holds(made, held, task.id, each)
            assert _waiting_after(changed, plan, task.id) == (0 if each.code == "fewer" else waiting - 1)


def _waiting_after(changed: Problem, plan, task_id: str) -> int:
    return changed.tasks[task_id].sessions - sum(each.task == task_id for each in plan)


@settings(max_examples=150, deadline=None)
@given(weeks(), st.integers(0, 10**6))
def test_the_timetable_knows_what_fits_as_the_checker_does(made, seed):
    """What it says fits breaks nothing; what it says does not fit breaks a rule."""
    held = filled_at_random(made, Random(seed))
    assert broken_rules(made, held) == []
    table, chance = Timetable(made, held), Random(seed)
    for _each in range(40):
        task = chance.choice(list(made.tasks.values()))
        place = Placement(
            task.id,
            chance.choice(list(made.therapists)),
            chance.randrange(made.grid.days),
            chance.randrange(made.grid.slots),
        )
        spare = replace(made, tasks={**made.tasks, task.id: replace(task, sessions=task.sessions + 1)})
        right = not broken_rules(spare, [*held, place]) if place not in held else False
        assert table.fits(place) is right
        assert (table.hindrances(place) == []) is right
        assert (not breaches(spare, [*held, place])) is right or place in held


@pytest.mark.parametrize("seed", range(4))
def test_a_reason_leaves_the_plan_as_it_was(seed):
    made = week(seed, 12, 4, load=1.3)
    held = filled_at_random(made, Random(seed))
    before = tuple(held)
    for cause in explain_all(made, held, seconds=0.2):
        assert all(each.relaxations for each in cause.reasons)
    assert tuple(held) == before
