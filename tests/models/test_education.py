"""A child goes to school, learns by goals, and each goal is reviewed once a term."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import queries, records
from models.core.errors import Invalid, Unconfirmed
from models.education import ClassAttendance, IepGoal, Schooling, TermReview
from models.school_terms import TERMS, Term, term_named, term_of
from resources import use_language


def save(home, kind, values, **options):
    with home.database.work(home.director) as work:
        return records.save(work, kind, values, **options)


def goal(home, **given):
    values = {"child_id": home.child, "domain": "language", "term": "annual", "text": "用图片表达需要",
              "present_level": "用哭表达", "criterion": "每天3次", "starts_on": date(2026, 9, 1),
              "due_on": date(2027, 7, 1)}  # fmt: skip
    return {**values, **given}


def review(home, goal_id, **given):
    values = {"child_id": home.child, "goal_id": goal_id, "reviewed_on": date(2026, 11, 18), "rating": "2"}
    return {**values, **given}


def schooling(home, **given):
    values = {"child_id": home.child, "school": "市特殊教育学校", "stage": "51", "kind": "special",
              "starts_on": date(2026, 9, 1)}  # fmt: skip
    return {**values, **given}


@given(st.dates(date(2012, 1, 1), date(2039, 1, 1)))
def test_every_day_falls_into_exactly_one_term(day):
    term = term_of(day)
    assert term.first <= day <= term.last < term.next.first
    assert term_named(term.code) == term and term.code in TERMS


def test_terms_are_said_as_schools_say_them():
    use_language("zh_CN")
    assert "2026" in TERMS.label("2026-2027-1") and "第一学期" in TERMS.label("2026-2027-1")
    assert term_of(date(2027, 1, 31)) == Term(2026, 1)


def test_a_review_falls_into_the_term_of_its_day(home):
    key = save(home, TermReview, review(home, save(home, IepGoal, goal(home))))
    with home.database.read(home.director) as work:
        assert queries.values(work, TermReview, key)["school_term"] == "2026-2027-1"


def test_a_goal_is_reviewed_once_a_term(home):
    goal_id = save(home, IepGoal, goal(home))
    save(home, TermReview, review(home, goal_id))
    with pytest.raises(Invalid, match="already reviewed"):
        save(home, TermReview, review(home, goal_id, rating="3"))
    save(home, TermReview, review(home, goal_id, reviewed_on=date(2026, 6, 20)))


def test_a_review_belongs_to_the_goals_child_and_lies_in_its_term(home):
    goal_id = save(home, IepGoal, goal(home))
    for wrong, words in (
        ({"child_id": home.other}, "another child"),
        ({"reviewed_on": date(2026, 11, 21)}, "not come yet"),
        ({"school_term": "2026-2027-2"}, "before the term"),
    ):
        with pytest.raises(Invalid, match=words):
            save(home, TermReview, review(home, goal_id, **wrong))


def test_a_child_enrolled_twice_is_asked_about(home):
    save(home, Schooling, schooling(home))
    with pytest.raises(Unconfirmed, match="still enrolled at 市特殊教育学校"):
        save(home, Schooling, schooling(home, school="第二小学"))
    save(home, Schooling, schooling(home, school="第二小学"), confirmed=True)


def test_a_short_goal_serves_an_annual_one_and_not_the_other_way_round(home):
    annual = save(home, IepGoal, goal(home))
    short = save(home, IepGoal, goal(home, term="short", parent_id=annual))
    with pytest.raises(Invalid, match="serves no other goal"):
        save(home, IepGoal, {"parent_id": short}, id=annual)


def test_the_days_of_a_month_in_class_add_up(home):
    month = {"child_id": home.child, "month": date(2026, 10, 15), "school_days": 18, "present_days": 15}
    with pytest.raises(Unconfirmed, match="3 days are not accounted for"):
        save(home, ClassAttendance, month)
    with pytest.raises(Invalid, match="more than the school days"):
        save(home, ClassAttendance, {**month, "ill_days": 4})
    key = save(home, ClassAttendance, {**month, "ill_days": 2, "therapy_days": 1})
    with home.database.read(home.director) as work:
        assert queries.values(work, ClassAttendance, key)["month"] == date(2026, 10, 1)
    with pytest.raises(Invalid, match="already recorded"):
        save(home, ClassAttendance, {**month, "ill_days": 3})
