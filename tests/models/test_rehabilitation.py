"""A child is assessed, gets a plan with goals and therapies, and the goals are rated."""

from __future__ import annotations

from datetime import date

import pytest

from models.core import queries, records
from models.core.errors import Invalid, Unconfirmed
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from resources import use_language

GMFM = {"A": 40, "B": 30, "C": 21, "D": 0, "E": 0}


def assessment(home, **given):
    values = {"child_id": home.child, "scale": "GMFM88", "kind": "initial", "assessed_on": date(2026, 11, 2),
              "scores": GMFM}  # fmt: skip
    return {**values, **given}


def plan(home, **given):
    values = {"child_id": home.child, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28),
              "review_on": date(2026, 12, 1), "findings": "独坐不稳"}  # fmt: skip
    return {**values, **given}


def goal(home, plan_id, **given):
    values = {"child_id": home.child, "plan_id": plan_id, "term": "short", "text": "扶站10秒", "baseline": "3秒",
              "criterion": "5次中4次", "due_on": date(2026, 12, 1), "first_rating": "-2"}  # fmt: skip
    return {**values, **given}


def save(home, kind, values, **options):
    with home.database.work(home.director) as work:
        return records.save(work, kind, values, **options)


def read(home, kind, key):
    with home.database.read(home.director) as work:
        return queries.values(work, kind, key)


def test_an_assessment_keeps_raw_scores_and_what_follows_from_them(home):
    saved = read(home, Assessment, save(home, Assessment, assessment(home)))
    assert saved["scores"] == GMFM
    assert saved["derived"]["A"] == 78.4 and saved["total"] == pytest.approx(35.7)


def test_the_quotient_uses_the_childs_age_on_the_day(home):
    scores = dict.fromkeys(("GM", "FM", "AD", "LA", "SO"), 41)
    saved = read(home, Assessment, save(home, Assessment, assessment(home, scale="ERXIN2", scores=scores)))
    assert (saved["derived"]["DQ"], saved["level"]) == (50.0, "智力发育障碍")


def test_a_score_beyond_its_limit_is_refused_beside_its_box(home):
    with pytest.raises(Invalid) as refused:
        save(home, Assessment, assessment(home, scores={**GMFM, "E": 73}))
    assert [problem.field for problem in refused.value.problems] == ["scores.E"]


def test_a_scale_for_other_ages_needs_confirmation(home):
    values = assessment(home, scale="MINI_MACS", scores={"level": "II"})
    with pytest.raises(Unconfirmed, match="12 to 48 months"):
        save(home, Assessment, values)
    saved = read(home, Assessment, save(home, Assessment, values, confirmed=True))
    assert saved["level"] == "II"


def test_an_assessment_lies_between_birth_and_today(home):
    for day, words in ((date(2019, 12, 31), "birth"), (date(2026, 11, 21), "not come yet")):
        with pytest.raises(Invalid, match=words):
            save(home, Assessment, assessment(home, assessed_on=day))


def test_an_assessment_is_said_in_one_line(home):
    with home.database.work(home.director) as work:
        key = records.save(work, Assessment, assessment(home, scale="BARTHEL", scores={"total": 60}))
        record = queries.load(work, Assessment, key)
        assert record.summary() == "Barthel Index 60 Slightly dependent"
        use_language("zh_CN")
        assert record.summary() == "Barthel指数 60 轻度依赖"


def test_the_review_lies_within_the_plan(home):
    with pytest.raises(Invalid, match="between beginning and end"):
        save(home, RehabilitationPlan, plan(home, review_on=date(2027, 5, 1)))


def test_rating_a_goal_again_keeps_the_way_it_went(home):
    goal_id = save(home, RehabilitationGoal, goal(home, save(home, RehabilitationPlan, plan(home))))
    for rating, day in (("-1", date(2026, 10, 1)), ("0", date(2026, 11, 1))):
        save(home, RehabilitationGoal, {"rating": rating, "rated_on": day}, id=goal_id)
    saved = read(home, RehabilitationGoal, goal_id)
    assert saved["ratings"] == [["2026-10-01", -1], ["2026-11-01", 0]]
    assert (saved["rating"], saved["rated_on"]) == ("0", date(2026, 11, 1))


def test_rating_without_a_day_is_of_today(home):
    goal_id = save(home, RehabilitationGoal, goal(home, save(home, RehabilitationPlan, plan(home))))
    save(home, RehabilitationGoal, {"rating": "1"}, id=goal_id)
    assert read(home, RehabilitationGoal, goal_id)["rated_on"] == date(2026, 11, 20)


def test_what_an_approved_plan_lays_down_changes_only_by_correcting_the_plan(home):
    plan_id = save(home, RehabilitationPlan, plan(home))
    goal_id = save(home, RehabilitationGoal, goal(home, plan_id))
    therapy = {"child_id": home.child, "plan_id": plan_id, "therapy": "PT", "sessions_a_week": 3, "minutes": 30,
               "form": "single"}  # fmt: skip
    with home.database.work(home.director) as work:
        therapy_id = records.save(work, PlannedTherapy, therapy, confirmed=True)  # nobody here is trained for it
        for step in ("submit", "review", "approve"):
            records.take_step(work, RehabilitationPlan, plan_id, step)
    for kind, key, values in (
        (RehabilitationGoal, goal_id, {"criterion": "一次"}),
        (PlannedTherapy, therapy_id, {"sessions_a_week": 1}),
        (RehabilitationGoal, None, goal(home, plan_id)),
    ):
        with pytest.raises(Invalid, match="plan is approved"):
            save(home, kind, values, id=key)
    save(home, RehabilitationGoal, {"rating": "0", "note": "进步明显"}, id=goal_id)
