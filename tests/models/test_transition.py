"""The way to adulthood: dates from dated rules, readiness with evidence, a signed hand-over, after-care that counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.age import birthday, months_later
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid, Unconfirmed
from models.core.settings import change
from models.month import Month
from models.placement import Placement
from models.reminders import due_now
from models.staff import Staff
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import Done, Life, after_care_codes, marks, planned, rules_on
from models.transition_notices import transition_next_month, transition_of_the_month
from models.transition_plan import cohort, lay_out, rate, save_plan, settle, start_hand_over, young_person
from models.transition_words import DOMAINS, HAND_OVER, STEPS
from resources import table
from tests.conftest import NOW

TODAY = date(2026, 11, 20)
ANHUI = "340102"
RULES = rules_on(TODAY, ANHUI)
BIRTHS = st.dates(date(2004, 1, 1), date(2014, 12, 31))


def dates_of(life, rules=RULES):
    return {step.code: step.window for step in planned(life, rules)}


# The dates


@given(BIRTHS)
def test_the_statutory_windows_lie_where_the_rule_puts_them(born):
    windows = dates_of(Life(born))
    adult = birthday(born, 18)
    assert windows["assessment"].opens == months_later(adult, -6) and windows["assessment"].due == adult
    assert windows["approval"].opens == months_later(adult, -1) and windows["approval"].due == adult
    assert "assessment_school" not in windows


@given(BIRTHS, st.integers(1, 60))
def test_who_is_still_at_school_is_assessed_within_a_month_after_leaving_it(born, months):
    ends = months_later(birthday(born, 18), months)
    windows = dates_of(Life(born, studying=True, school_ends_on=ends))
    assert (windows["assessment_school"].opens, windows["assessment_school"].due) == (ends, months_later(ends, 1))
    assert "assessment" not in windows
    assert windows["approval"].due == ends
    assert windows["care1"].due == months_later(ends, 1)


@given(BIRTHS, st.integers(1, 30))
def test_school_that_ends_before_eighteen_changes_nothing(born, months):
    ends = months_later(birthday(born, 18), -months)
    assert dates_of(Life(born, studying=True, school_ends_on=ends)) == dates_of(Life(born))


@given(BIRTHS, st.booleans(), st.none() | st.integers(-24, 48), st.none() | st.integers(0, 48))
def test_every_window_opens_before_it_closes_and_the_steps_come_in_order(born, dependent, school, left):
    adult = birthday(born, 18)
    life = Life(
        born, school is not None, months_later(adult, school) if school is not None else None, dependent,
        months_later(adult, left) if left is not None else None,
    )  # fmt: skip
    steps = planned(life, RULES)
    assert all(step.window.opens <= step.window.due for step in steps)
    assert [step.window.due for step in steps] == sorted(step.window.due for step in steps)
    assert len({step.code for step in steps}) == len(steps)
    windows = {step.code: step.window for step in steps}
    assert windows["draft_plan"].due <= windows["own_view"].due <= windows["approval"].due
    care = [windows[code].due for code in after_care_codes()]
    assert care == sorted(care) and all(day > (life.left_on or life.placement_on) for day in care)
    assert ("capacity" in windows) == dependent


@given(BIRTHS, st.dates(date(2018, 1, 1), date(2026, 11, 20)))
def test_nothing_is_due_before_the_child_came(born, admitted):
    assert all(step.window.due >= admitted for step in planned(Life(born, admitted_on=admitted), RULES))


def test_a_child_of_29_february_is_of_age_on_the_28th_and_all_terms_follow():
    windows = dates_of(Life(date(2009, 2, 28))), dates_of(Life(date(2008, 2, 29)))
    assert windows[1]["assessment"].due == date(2026, 2, 28)
    assert windows[1]["assessment"].opens == date(2025, 8, 28)
    assert windows[0]["care1"].due == date(2027, 3, 28)


def test_the_region_says_which_steps_are_statutory():
    def statutory(region):
        return {step.code for step in planned(Life(date(2009, 1, 1)), rules_on(TODAY, region)) if step.statutory}

    assert statutory(ANHUI) == {"identity_card", "assessment", "approval"}
    assert statutory("320102") == {"identity_card"}


def test_before_the_rule_of_anhui_there_was_the_general_one():
    old = {step.code: step.source for step in planned(Life(date(2004, 1, 1)), rules_on(date(2022, 7, 25), ANHUI))}
    new = {step.code: step.source for step in planned(Life(date(2005, 1, 1)), rules_on(date(2022, 7, 26), ANHUI))}
    assert "72号" not in old["assessment"] and "72号" in new["assessment"]


def test_every_rule_names_its_source():
    for name in ("transition_rules.csv", "transition_domains.csv", "transition_hand_over.csv"):
        assert all(row["source"] for row in table(name))
    assert len(DOMAINS.codes) == 12


@given(BIRTHS, st.dates(date(2018, 1, 1), date(2034, 1, 1)))
def test_how_a_step_stands_follows_from_window_act_and_day(born, today):
    steps = planned(Life(born), RULES)
    code = "approval"
    window = next(step.window for step in steps if step.code == code)

    def status(act=None):
        return next(m.status for m in marks(steps, {code: act} if act else {}, today) if m.code == code)

    assert status() == window.status(today)
    assert status(Done(window.due)) == "done" and status(Done(window.due + timedelta(days=1))) == "late"
    assert status(Done(None, not_needed=True)) == "not_needed"


def test_a_yearly_review_that_was_missed_gives_way_to_the_next():
    steps = planned(Life(date(2010, 1, 1)), RULES)
    found = {mark.code: mark.status for mark in marks(steps, {}, date(2026, 2, 1))}
    assert (found["review15"], found["review16"], found["baseline"]) == ("lapsed", "open", "overdue")


# One young person


@pytest.fixture
def youth(home):
    """The home with a seventeen-year-old of Anhui, a social worker, and the permission to see everyone."""
    with home.database.work(SYSTEM) as work:
        change(work, "home_region", ANHUI)
        records.save(work, Child, {"born_on": date(2009, 1, 10), "admitted_on": date(2012, 3, 1)}, id=home.child)
        home.worker = records.save(work, Staff, {"name": "任安", "sex": "2", "post": "social_worker"})
        home.witness = records.save(work, Staff, {"name": "解文", "sex": "1", "post": "other"})
    return home


def step_of(home, code):
    with home.database.read(home.director) as work:
        person = young_person(work, home.child)
    return next(step for step in person.steps if step.code == code)


PLAN = {"opened_on": date(2025, 2, 1), "track": "work"}


def test_saving_a_plan_lays_the_steps_out_and_moves_them_when_the_plan_changes(youth):
    with youth.database.work(youth.director) as work:
        plan = save_plan(work, youth.child, PLAN)
        assert queries.count(work, TransitionStep) == len(planned(Life(date(2009, 1, 10)), RULES))
        assert lay_out(work, youth.child) == 0
    assert step_of(youth, "approval").due_on == date(2027, 1, 10)
    with youth.database.work(youth.director) as work:
        save_plan(work, youth.child, {"studying": True, "school_ends_on": date(2028, 6, 30)}, id=plan)
        due = {row.values[1]: row.values[2] for row in queries.rows(work, TransitionStep)}
    assert due["approval"] == date(2028, 6, 30) and "assessment" not in due and "assessment_school" in due
    assert step_of(youth, "approval").due_on == date(2028, 6, 30)


def test_a_step_names_the_rule_that_asks_for_it_and_nothing_else(youth):
    """Where this program chose the time itself, nothing stands in the place of the rule on the form."""
    with youth.database.work(youth.director) as work:
        save_plan(work, youth.child, PLAN)
        steps = list(work.scalars(select(TransitionStep)))
    assert {step.statutory for step in steps} == {True, False}
    assert all(bool(step.source) == step.statutory for step in steps)


def test_a_step_is_done_late_or_not_needed_with_a_reason(youth):
    with youth.database.work(youth.director) as work:
        settle(work, youth.child, "identity_card", done_on=date(2025, 3, 1), result="已领取")
        settle(work, youth.child, "bank_account", done_on=date(2026, 1, 1))
        settle(work, youth.child, "career", not_needed=True, not_needed_reason="重度残疾")
    assert [step_of(youth, code).status for code in ("identity_card", "bank_account", "career")] == [
        "done", "late", "not_needed",
    ]  # fmt: skip
    with pytest.raises(Invalid, match="why"), youth.database.work(youth.director) as work:
        settle(work, youth.child, "insurance", not_needed=True)


def test_what_the_plan_proves_need_not_be_ticked(youth):
    with youth.database.work(youth.director) as work:
        save_plan(work, youth.child, {**PLAN, "assessed_on": date(2026, 9, 1)})
    assert (step_of(youth, "open_plan").done_on, step_of(youth, "assessment").status) == (date(2025, 2, 1), "done")


def test_one_person_has_one_plan(youth):
    with youth.database.work(youth.director) as work:
        records.save(work, TransitionPlan, {**PLAN, "child_id": youth.child})
    with pytest.raises(Invalid, match="already a plan"), youth.database.work(youth.director) as work:
        records.save(work, TransitionPlan, {**PLAN, "child_id": youth.child})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"studying": True}, "school_ends_on"),
        ({"approved_on": date(2026, 11, 1)}, "approval_number"),
        ({"assessed_on": date(2026, 12, 1)}, "assessed_on"),
        ({"track": "moon"}, "track"),
    ],
)
def test_what_cannot_be_in_a_plan_is_refused_beside_its_field(youth, values, field):
    with pytest.raises(Invalid) as caught, youth.database.work(youth.director) as work:
        save_plan(work, youth.child, {**PLAN, **values})
    assert field in {problem.field for problem in caught.value.problems}


def test_rating_most_domains_makes_the_yearly_assessment(youth):
    levels = {code.code: {"staff_level": 2, "own_level": 3} for code in list(DOMAINS)[:8]}
    with youth.database.work(youth.director) as work:
        rate(work, youth.child, date(2026, 2, 1), levels)
    assert step_of(youth, "review17").status == "lapsed"
    with youth.database.work(youth.director) as work:
        rate(work, youth.child, date(2026, 2, 3), {"rights": {"staff_level": 1}})
    assert step_of(youth, "review17").done_on == date(2026, 2, 3)


def test_readiness_shows_the_latest_level_the_own_one_and_the_one_before(youth):
    with youth.database.work(youth.director) as work:
        rate(work, youth.child, date(2026, 2, 1), {"money": {"staff_level": 1, "own_level": 3}})
        work.confirmed = True
        rate(work, youth.child, date(2026, 8, 1), {"money": {"staff_level": 2, "target_level": 4}})
        person = young_person(work, youth.child)
    money = next(each for each in person.readiness if each.domain == "money")
    assert (money.level, money.before, money.own, money.target) == (2, 1, 3, 4)
    assert [each.domain for each in person.readiness] == [code.code for code in DOMAINS]
    assert person.level == 2


def test_a_high_level_needs_evidence_and_a_target_a_way(youth):
    rating = {"child_id": youth.child, "domain": "money", "rated_on": TODAY}
    with pytest.raises(Invalid, match="what was seen"), youth.database.work(youth.director) as work:
        records.save(work, ReadinessRating, {**rating, "staff_level": 3})
    with pytest.raises(Unconfirmed), youth.database.work(youth.director) as work:
        records.save(work, ReadinessRating, {**rating, "staff_level": 1, "target_level": 3})
    with pytest.raises(Invalid, match="At most 4"), youth.database.work(youth.director) as work:
        records.save(work, ReadinessRating, {**rating, "staff_level": 5})


def test_the_hand_over_is_done_when_every_item_is_signed_for_or_not_needed(youth):
    with youth.database.work(youth.director) as work:
        assert start_hand_over(work, youth.child) == len(HAND_OVER.codes)
        assert start_hand_over(work, youth.child) == 0
        items = [row.id for row in queries.rows(work, HandOverItem)]
        for item in items[1:]:
            records.save(work, HandOverItem, {"not_needed": True}, id=item)
    assert step_of(youth, "handover").done_on is None
    with youth.database.work(youth.director) as work:
        records.save(
            work, HandOverItem, {"given_on": TODAY, "receiver": "曾小乐", "witness_id": youth.witness}, id=items[0]
        )
    assert step_of(youth, "handover").done_on == TODAY


def test_nothing_is_handed_over_without_a_receiver_and_a_second_person(youth):
    item = {"child_id": youth.child, "kind": "savings", "given_on": TODAY, "giver_id": youth.worker}
    with pytest.raises(Invalid) as caught, youth.database.work(youth.director) as work:
        records.save(work, HandOverItem, item)
    assert {problem.field for problem in caught.value.problems} == {"receiver", "witness_id"}
    with pytest.raises(Invalid, match="somebody else"), youth.database.work(youth.director) as work:
        records.save(work, HandOverItem, {**item, "receiver": "本人", "witness_id": youth.worker})


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reached": "met"}, "situation"),
        ({"reached": "not_found", "outcomes": ["employed"]}, "outcomes"),
        ({"reached": "met", "situation": "crisis"}, "action"),
        ({"reached": "not_found", "at": datetime(2026, 12, 1)}, "at"),
    ],
)
def test_an_after_care_contact_that_cannot_be_is_refused(youth, values, field):
    with pytest.raises(Invalid) as caught, youth.database.work(youth.director) as work:
        records.save(work, AfterCareContact, {"child_id": youth.child, "at": NOW, **values})
    assert field in {problem.field for problem in caught.value.problems}


# The cohort


@pytest.fixture
def several(youth):
    """Besides the seventeen-year-old: one of seven, one who left as an adult, one adopted, one long gone."""
    made = SimpleNamespace()
    people = {
        "adult": (date(2008, 2, 29), "D5", date(2026, 3, 10)),
        "adopted": (date(2010, 5, 1), "D3", date(2025, 5, 1)),
        "gone": (date(2003, 1, 1), "D5", date(2021, 2, 1)),
        "new": (date(2012, 11, 20), "", None),
    }
    with youth.database.work(SYSTEM) as work:
        for index, (name, (born, departure, left)) in enumerate(people.items()):
            values = {"name": f"儿童{index}", "number": f"2012-90{index}", "sex": "1", "born_on": born,
                      "admitted_on": date(2013, 1, 1)}  # fmt: skip
            child = records.save(work, Child, values)
            setattr(made, name, child)
            if left:
                records.save(work, Placement, {"child_id": child, "kind": "residential", "starts_on": date(2013, 1, 1)})
                records.save(
                    work, Placement,
                    {"child_id": child, "kind": "left", "starts_on": left, "departure": departure, "document": "1",
                     "reason": "本人同意"},
                )  # fmt: skip
    youth.made = made
    return youth


def test_the_cohort_is_everyone_from_fourteen_until_after_care_ends_by_the_eighteenth_birthday(several):
    with several.database.read(several.director) as work:
        people = cohort(work)
    assert [person.child_id for person in people] == [several.made.adult, several.child, several.made.new]
    assert [person.adult_on for person in people] == [date(2026, 2, 28), date(2027, 1, 10), date(2030, 11, 20)]


def test_after_care_counts_from_the_day_of_leaving_and_a_contact_settles_its_step(several):
    with several.database.work(several.director) as work:
        records.save(
            work, AfterCareContact,
            {"child_id": several.made.adult, "step": "care3", "at": datetime(2026, 6, 12, 10, 0), "reached": "spoken",
             "situation": "good", "outcomes": ["employed", "housed"]},
        )  # fmt: skip
        person = young_person(work, several.made.adult)
    care = {step.code: step for step in person.steps if step.code in after_care_codes()}
    assert care["care1"].due_on == date(2026, 4, 10) and care["care1"].status == "overdue"
    assert care["care3"].status == "late"
    assert care["care12"].status == "later"


def test_a_caregiver_sees_only_the_young_people_of_the_own_unit(several):
    with several.database.read(several.care) as work:
        assert [person.child_id for person in cohort(work)] == [several.child]
    with pytest.raises(Forbidden), several.database.work(several.care) as work:
        settle(work, several.child, "career", done_on=TODAY)


def test_an_estimated_birth_is_shown_with_its_margin(youth):
    with youth.database.work(SYSTEM) as work:
        records.save(
            work, Child, {"birth_basis": "bone_age", "birth_note": "骨龄片", "birth_margin_months": 9}, id=youth.child
        )
        assert young_person(work, youth.child).margin_months == 9
        assert young_person(work, youth.other).margin_months == 0


def test_today_has_one_line_a_young_person_and_announces_the_birthday(youth):
    with youth.database.read(youth.director) as work:
        lines = [due for due in due_now(work) if due.area == "transition"]
    assert [due.kind for due in lines] == ["due", "notice"]
    assert lines[0].overdue(NOW) and lines[0].text.endswith("more") and lines[0].target == {"child_id": youth.child}
    assert lines[1].text == "Comes of age on 2027-01-10"
    with youth.database.read(youth.care) as work:
        assert not [due for due in due_now(work) if due.area == "transition"]


def test_a_past_month_tells_how_things_stood_then(youth):
    with youth.database.work(youth.director) as work:
        settle(work, youth.child, "insurance", done_on=date(2026, 11, 2))
        rate(work, youth.child, date(2026, 9, 3), {"money": {"staff_level": 1}})
        rate(work, youth.child, date(2026, 11, 3), {"money": {"staff_level": 2}})
        october = young_person(work, youth.child, date(2026, 10, 31))
    assert next(step.status for step in october.steps if step.code == "insurance") == "overdue"
    assert october.level == 1


def test_the_monthly_record_has_a_section_from_fourteen_on_only(youth):
    with youth.database.work(youth.director) as work:
        save_plan(work, youth.child, PLAN)
        rate(work, youth.child, date(2026, 11, 3), {"money": {"staff_level": 1}})
        section = transition_of_the_month(work, youth.child, Month(2026, 11))
        assert dict(section.facts)["Track"] == "Work and an own life"
        assert section.grids[0].rows == (("Money", "1", "", ""),)
        assert any(row[0] == STEPS.label("assessment") for row in section.grids[1].rows)
        assert transition_of_the_month(work, youth.other, Month(2026, 11)) is None
        assert list(transition_next_month(work, youth.child, Month(2027, 1)))[-1].endswith("2027-01-10")
