"""Scales are data: their limits hold, their formulas give the printed results, a home adds its own."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import scales
from models.scales import SCALE_LEVELS, SCALES, evaluate, gas_score, scale_named, score_problems
from resources import table, use_language

GMFM = {"A": 51, "B": 30, "C": 21, "D": 13, "E": 18}


def test_every_scale_of_the_table_can_be_chosen_but_goal_attainment_belongs_to_the_plan():
    assert len(list(SCALES)) == len(table("rehab/scales.csv")) - 1
    assert "GAS" not in SCALES


def test_every_domain_and_level_has_words_in_both_languages():
    for scale in scales.scales().values():
        for words in (*(each.chinese for each in scale.domains), *(band.label for band in scale.bands)):
            assert scales.scale_word(words).isascii() or "–" in scales.scale_word(words), words


def test_gmfm_gives_the_percentage_of_each_domain_and_their_mean():
    result = evaluate(scale_named("GMFM88"), GMFM)
    assert result.derived == {"A": 100.0, "B": 50.0, "C": 50.0, "D": 33.3, "E": 25.0}
    assert result.total == pytest.approx(51.7)


def test_gmfm_has_no_total_while_a_domain_is_missing_and_a_goal_total_over_the_goal_areas():
    scale = scale_named("GMFM88")
    assert evaluate(scale, {"A": 51, "B": 30}).total is None
    assert evaluate(scale, GMFM, goals=("B", "D")).derived["goal"] == pytest.approx(41.6, abs=0.1)


def test_the_developmental_quotient_is_mental_age_by_real_age_and_has_a_level():
    scores = {"GM": 20, "FM": 21, "AD": 22, "LA": 18, "SO": 24}
    result = evaluate(scale_named("ERXIN2"), scores, age_months=30)
    assert (result.derived["mental_age"], result.total, result.level) == (21.0, 70.0, "临界偏低")


def test_a_quotient_that_the_standard_leaves_between_two_bands_gets_no_level():
    scores = dict.fromkeys(("GM", "FM", "AD", "LA", "SO"), 13.0)
    result = evaluate(scale_named("ERXIN2"), scores, age_months=10)
    assert (result.total, result.level) == (130.0, None)


def test_gesell_gives_one_quotient_per_area_and_no_total():
    result = evaluate(scale_named("GESELL_BJ"), {"AD": 12, "LA": 8}, age_months=24)
    assert (result.derived, result.total) == ({"AD": 50.0, "LA": 33.0}, None)
    assert result.levels == {"AD": "三级（中度）", "LA": "二级（重度）"}


def test_weefim_adds_up_and_adds_self_care_and_mobility_to_the_motor_score():
    result = evaluate(scale_named("WEEFIM"), {"SC": 30, "MO": 20, "CO": 15})
    assert (result.derived["MOT"], result.total) == (50, 65)
    assert [domain.code for domain in scale_named("WEEFIM").entries] == ["SC", "MO", "CO"]


@pytest.mark.parametrize(
    ("code", "scores", "level"),
    [
        ("BARTHEL", {"total": 60}, "轻度依赖"),
        ("CARS", {"total": 36.5}, "轻-中度"),
        ("ABC_AUTISM", {"SE": 20, "RE": 20, "BO": 10, "LA": 10, "SH": 7}, "提示孤独症"),
        ("GMFCS_ER", {"level": "III"}, "III"),
    ],
)
def test_levels_come_from_the_bands_of_the_table(code, scores, level):
    assert evaluate(scale_named(code), scores).level == level


def test_results_that_need_a_sold_table_are_entered_and_never_computed():
    result = evaluate(scale_named("PDMS2"), {"ST": 40, "TMQ": 78})
    assert (result.derived, result.total) == ({}, 78)
    assert evaluate(scale_named("PDMS2"), {"ST": 40, "LO": 90}).total is None
    assert evaluate(scale_named("MAS"), {"ELB_L": "1+", "ELB_R": "2"}).total is None


@pytest.mark.parametrize(
    ("code", "scores", "field", "words"),
    [
        ("GMFM88", {"A": 52}, "scores.A", "Between 0 and 51."),
        ("GMFM88", {"A": 1.5}, "scores.A", "In steps of 1."),
        ("CARS", {"total": 30.25}, "scores.total", "In steps of 0.5."),
        ("GMFCS_ER", {"level": "VI"}, "scores.level", "Please choose from the list."),
        ("PDMS2", {"TMQ": -1}, "scores.TMQ", "At least 0."),
        ("GMFM88", {"A": "forty"}, "scores.A", "Please enter a number."),
        ("GMFM88", {}, "scores.A", "Please enter a score."),
    ],
)
def test_a_wrong_score_is_said_beside_its_own_box(code, scores, field, words):
    assert [(each.field, each.message) for each in score_problems(scale_named(code), scores)] == [(field, words)]


def test_a_child_outside_the_ages_of_a_scale_is_a_warning_not_an_error():
    scale = scale_named("MINI_MACS")
    assert scales.age_problem(scale, date(2025, 1, 15), date(2026, 11, 20)) is None
    warning = scales.age_problem(scale, date(2019, 1, 15), date(2026, 11, 20))
    assert warning.warning and "12 to 48" in warning.message


@given(st.data())
def test_scores_within_the_limits_are_accepted_and_percentages_stay_between_0_and_100(data):
    scale = scale_named("GMFM88")
    scores = {each.code: data.draw(st.integers(0, int(each.maximum))) for each in scale.entries}
    assert not list(score_problems(scale, scores))
    result = evaluate(scale, scores)
    assert all(0 <= value <= 100 for value in (*result.derived.values(), result.total))


@given(st.lists(st.tuples(st.integers(-2, 2), st.floats(0.5, 5)), min_size=1, max_size=8))
def test_goal_attainment_is_50_when_all_is_as_expected_and_mirrors_better_and_worse(ratings):
    assert gas_score([(0, weight) for _rating, weight in ratings]) == 50
    mirrored = gas_score([(-rating, weight) for rating, weight in ratings])
    assert gas_score(ratings) + mirrored == pytest.approx(100, abs=0.2)


def test_goal_attainment_needs_a_goal():
    assert gas_score([]) is None


def test_a_home_adds_its_own_scale_in_the_same_form(tmp_path):
    def write(name, *rows):
        with (tmp_path / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)

    write("scales.csv", ["scale_code", "name_zh", "total_min", "total_max"], ["OWN1", "本院生活技能表", "0", "40"])
    write(
        "scale_domains.csv",
        ["scale_code", "order", "domain_code", "domain_zh", "raw_min", "raw_max"],
        ["OWN1", "1", "A", "起居", "0", "20"],
        ["OWN1", "2", "B", "出行", "0", "20"],
    )
    write("scale_bands.csv", ["scale_code", "measure", "from", "to", "label_zh"], ["OWN1", "total", "30", "", "可独立"])
    write("scale_formulas.csv", ["scale_code", "formula", "entry", "step"], ["OWN1", "sum", "domains", "1"])
    scales.use_home_scales(tmp_path)
    try:
        own = scale_named("OWN1")
        assert own.own and "OWN1" in SCALES and SCALES.label("OWN1") == "本院生活技能表"
        assert evaluate(own, {"A": 18, "B": 15}).level == "可独立"
        assert "可独立" in SCALE_LEVELS
    finally:
        scales.use_home_scales(None)
    assert "OWN1" not in SCALES


def test_a_level_is_said_in_the_language_in_use():
    assert SCALE_LEVELS.label("轻度依赖") == "Slightly dependent"
    use_language("zh_CN")
    assert SCALE_LEVELS.label("III") == "III级"
