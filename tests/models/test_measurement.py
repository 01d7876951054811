"""Change beyond measurement error: judged where the literature allows, said where it does not, never across versions."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.measurement import baseline_from, comparison_notes, course, measurement_error, plan_from, stretches, verdict
from models.rehabilitation import Assessment, RehabilitationPlan
from models.rehabilitation_file import assessments, trends
from models.scales import scale_named, scales
from resources import table


@pytest.fixture
def gmfm():
    return scale_named("GMFM88")


def test_a_change_within_the_error_may_be_chance_and_one_beyond_is_real(gmfm):
    assert verdict(gmfm, 50, 53).kind == "chance"
    real = verdict(gmfm, 50, 54)
    assert (real.kind, real.change, real.better) == ("real", 4, True)
    assert "3.14" in real.words and "cerebral palsy" in real.words


def test_a_scale_without_published_error_says_so_and_invents_none():
    found = verdict(scale_named("ERXIN2"), 50, 90)
    assert found.kind == "unknown" and "No published measurement error" in found.words


def test_an_error_found_in_adults_is_told_but_never_judges_a_child():
    found = verdict(scale_named("BARTHEL"), 20, 80)
    assert found.kind == "unknown" and "adults after a stroke" in found.words


def test_different_versions_are_not_compared(gmfm):
    found = verdict(gmfm, 50, 60, versions=("GMFM-88 第2版", "GMFM-88 第3版"))
    assert found.kind == "versions" and found.change is None
    assert verdict(gmfm, 50, 60, versions=("a", " A ")).kind == "real", "the same version, written otherwise"


def test_what_else_stands_between_two_assessments_is_said():
    before = {"scale_version": None, "aids": "unaided"}
    notes = comparison_notes(before, "第2版", "aided")
    assert len(notes) == 2 and "Without aids" in notes[1]
    assert comparison_notes({"scale_version": "x", "aids": "aided"}, "x", "aided") == []


def test_every_figure_names_a_known_scale_its_people_and_its_source():
    for row in table("rehab/measurement_error.csv"):
        assert row["scale_code"] in scales()
        assert float(row["change"]) > 0 and row["statistic"] and row["population_zh"] and row["population_en"]
        assert "doi:" in row["source"] and row["verification"] and row["applies"] in {"yes", "no"}
    assert measurement_error("GMFM88").applies and not measurement_error("MBI").applies


@pytest.fixture
def assessed(database):
    """A child assessed three times with the GMFM, the last time with another version."""
    with database.work(SYSTEM) as work:
        child = records.save(work, Child, {"name": "曾小乐", "number": "1", "sex": "1", "born_on": date(2020, 1, 1)})
        for month, score, version in ((3, 20, "甲版"), (6, 40, "甲版"), (9, 45, "乙版")):
            records.save(work, Assessment, {
                "child_id": child, "scale": "GMFM88", "kind": "review", "assessed_on": date(2026, month, 1), "scale_version": version,
                "scores": {"A": score, "B": score, "C": 20, "D": 5, "E": 5}, "conclusion": "坐位稳定", "advice": "加强站立",
            })  # fmt: skip
    return database, child


def test_the_course_judges_each_step_and_is_cut_where_the_version_changed(assessed):
    database, child = assessed
    with database.read(SYSTEM) as work:
        lines = course(work, child, "GMFM88")
        listed = assessments(work, child)
    assert [line.verdict.kind if line.verdict else "" for line in lines] == ["", "real", "versions"]
    assert [len(each) for each in stretches(lines)] == [2, 1]
    assert listed[0].other_version and listed[0].change == "" and listed[1].change.startswith("+")
    assert trends(listed) == []  # The old stretch is over, the new one has one point only.


def test_a_plan_begins_with_the_findings_of_its_assessment(assessed):
    database, child = assessed
    with database.read(SYSTEM) as work:
        last = course(work, child, "GMFM88")[-1]
        values = plan_from(work, last.id)
    assert values["child_id"] == child and values["assessment_id"] == last.id and values["methods"] == "加强站立"
    with database.work(SYSTEM) as work:
        plan = records.save(work, RehabilitationPlan, values)
        assert baseline_from(work, plan) == "Gross Motor Function Measure-88, 2026-09-01: 46.1"
    first, weak, words = values["findings"].split("\n")
    assert "2026-09-01" in first and "Standing" in weak and words == "坐位稳定"
