"""The allowance follows the dated rule from month to month, is never double, and a closed month is locked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from models.age import birthday
from models.allowance_month import (
    adopt_rates,
    check_off,
    close,
    compute,
    doubts,
    known_regions,
    ledger,
    lines_of_child,
    pay,
)
from models.allowance_notices import allowance_of_the_month
from models.allowances import (
    AllowanceEntitlement,
    AllowanceRate,
    Facts,
    Rules,
    amount_of,
    decide,
    month_of,
    rate_on,
    rules_on,
)
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid
from models.month import Month
from models.reminders import due_now
from tests.conftest import actor

FINANCE = actor("finance")
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
RULES = Rules()


# The rule


def months_after(month: Month, count: int) -> Month:
    index = month.year * 12 + month.month - 1 + count
    return Month(index // 12, index % 12 + 1)


LIVES = st.builds(
    Facts,
    born_on=st.dates(date(2004, 1, 1), date(2020, 12, 31)),
    admitted_on=st.dates(date(2020, 1, 1), date(2024, 12, 31)),
    left_on=st.none() | st.dates(date(2025, 1, 1), date(2030, 12, 31)),
)
SPAN = [months_after(Month(2019, 12), count) for count in range(240)]


@given(LIVES, st.sampled_from(["next_month", "same_month"]), st.sampled_from(["next_month", "same_month"]))
def test_the_paid_months_are_one_stretch_without_a_gap(facts, starts, stops):
    rules = Rules(starts_from=starts, stops_from=stops)
    paid = [month for month in SPAN if decide(facts, month, rules).entitled]
    assert paid == SPAN[SPAN.index(paid[0]) : SPAN.index(paid[0]) + len(paid)] if paid else True


@given(LIVES)
def test_it_begins_with_the_month_after_admission_and_ends_with_the_month_of_leaving_or_coming_of_age(facts):
    stop = min(day for day in (facts.left_on, birthday(facts.born_on, 18)) if day)
    for month in SPAN:
        expected = month_of(facts.admitted_on) < month <= month_of(stop)
        assert decide(facts, month, RULES).entitled == expected


@given(LIVES, st.sampled_from(SPAN))
def test_days_never_exceed_the_month_and_the_share_never_the_rate(facts, month):
    decision = decide(facts, month, Rules(by_days=True))
    assert 0 <= decision.days <= month.days
    amount = amount_of(Decimal("1575"), decision, month, Rules(by_days=True))
    assert Decimal(0) <= amount <= Decimal("1575")
    assert amount_of(Decimal("1575"), decision, month, RULES) in (Decimal("0.00"), Decimal("1575.00"))


def test_a_birthday_on_the_first_and_one_on_29_february_are_counted_as_the_law_counts():
    first = Facts(date(2008, 11, 1), date(2020, 1, 1))
    assert decide(first, NOVEMBER, RULES) == decide(Facts(date(2008, 11, 1), date(2020, 1, 5)), NOVEMBER, RULES)
    assert decide(first, NOVEMBER, RULES).reason == "adult"
    assert not decide(first, Month(2026, 12), RULES).entitled
    leap = Facts(date(2008, 2, 29), date(2020, 1, 1))
    assert decide(leap, Month(2026, 2), RULES).entitled and not decide(leap, Month(2026, 3), RULES).entitled


def test_while_studying_it_goes_on_only_where_the_rule_says_so():
    student = Facts(date(2008, 1, 1), date(2020, 1, 1), studying=True)
    assert not decide(student, NOVEMBER, RULES).entitled
    assert decide(student, NOVEMBER, Rules(while_studying=True)).entitled


def test_the_rules_are_data_with_a_day():
    assert rules_on(date(2026, 11, 1)) == Rules(
        categories=(("A", "orphan"), ("B", "orphan"), ("C", "orphan"), ("D", "orphan"), ("E", "special"))
    )


def test_the_rate_of_the_day_counts():
    rates = [
        AllowanceRate(category="orphan", mode="institution", amount=Decimal(amount), effective_from=date(year, 1, 1))
        for amount, year in (("1450", 2022), ("1575", 2024))
    ]
    assert rate_on(rates, "orphan", "institution", date(2023, 12, 31)) == Decimal("1450")
    assert rate_on(rates, "orphan", "institution", date(2024, 1, 1)) == Decimal("1575")
    assert rate_on(rates, "orphan", "institution", date(2021, 12, 31)) is None
    assert rate_on(rates, "hardship", "institution", date(2025, 1, 1)) is None


# The month


@pytest.fixture
def paid_home(home):
    with home.database.work(SYSTEM) as work:
        for child in (home.child, home.other):
            records.save(work, Child, {"admitted_on": date(2020, 6, 1), "category": "A"}, id=child)
    with home.database.work(FINANCE) as work:
        adopt_rates(work, "34")
    return home


def test_the_known_rates_of_a_region_are_taken_over_once(home):
    assert ("34", "Anhui") in known_regions()
    with home.database.work(FINANCE) as work:
        assert adopt_rates(work, "34") == 3
        assert adopt_rates(work, "34") == 0
        assert adopt_rates(work, "3709") == 1  # the hardship rate; the others hold from the same day as Anhui's
        assert {row.values[2] for row in queries.rows(work, AllowanceRate)} >= {Decimal("1575.00"), Decimal("1452.00")}


def test_a_month_is_computed_checked_and_closed_by_two_people(paid_home):
    with paid_home.database.work(FINANCE) as work:
        assert compute(work, OCTOBER).new == 2
        assert compute(work, OCTOBER).changed == 0
        assert pay(work, OCTOBER, "2026-10-01批", date(2026, 10, 28)) == 2
        assert check_off(work, OCTOBER) == 2
        assert ledger(work, OCTOBER).stage == "reviewed"
    with pytest.raises(Forbidden), paid_home.database.work(FINANCE) as work:
        close(work, OCTOBER)
    with paid_home.database.work(paid_home.director) as work:
        total = close(work, OCTOBER)
    assert (total.children, total.amount, total.capitals) == (2, Decimal("3150.00"), "叁仟壹佰伍拾元整")
    with paid_home.database.read(FINANCE) as work:
        shown = ledger(work, OCTOBER)
    assert shown.stage == "closed" and [line.amount for line in shown.lines] == [Decimal("1575.00")] * 2
    assert shown.totals.groups == (("Orphan", "Raised in a home", 2, Decimal("3150.00")),)


@pytest.fixture
def closed_home(paid_home):
    with paid_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
        check_off(work, OCTOBER)
    with paid_home.database.work(paid_home.director) as work:
        close(work, OCTOBER)
    return paid_home


def test_a_closed_month_is_locked_in_every_way(closed_home):
    with closed_home.database.read(FINANCE) as work:
        line = ledger(work, OCTOBER).lines[0]
    with pytest.raises(Invalid, match="closed"), closed_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
    with pytest.raises(Forbidden), closed_home.database.work(FINANCE) as work:
        records.save(work, AllowanceEntitlement, {"amount": Decimal("1")}, id=line.id)
    with pytest.raises(Forbidden), closed_home.database.work(FINANCE) as work:
        records.put_in_bin(work, AllowanceEntitlement, line.id)
    late = {"child_id": line.child_id, "month": "2026-10", "kind": "supplement", "amount": Decimal("10"),
            "for_month": "2026-09", "note": "补差"}  # fmt: skip
    with pytest.raises(Invalid, match="closed"), closed_home.database.work(FINANCE) as work:
        records.save(work, AllowanceEntitlement, late)
    with closed_home.database.work(FINANCE) as work:
        assert records.save(work, AllowanceEntitlement, {**late, "month": "2026-11", "for_month": "2026-10"})


def test_a_locked_line_is_corrected_by_a_new_version_with_a_reason(closed_home):
    with closed_home.database.work(FINANCE) as work:
        line = ledger(work, OCTOBER).lines[0]
        new = records.correct(work, AllowanceEntitlement, line.id, "金额录入有误")
        assert queries.values(work, AllowanceEntitlement, new)["supersedes_id"] == line.id


def test_what_was_chosen_by_hand_is_carried_into_the_next_month(paid_home):
    with paid_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
        line = next(each for each in ledger(work, OCTOBER).lines if each.child_id == paid_home.child)
        records.save(work, AllowanceEntitlement, {"mode": "community"}, id=line.id)
        assert [each.what for each in doubts(work, OCTOBER)] == [
            "the amount does not agree with rate and days; please compute again"
        ]
        compute(work, OCTOBER)
        compute(work, NOVEMBER)
        amounts = {each.child_id: each.amount for each in ledger(work, NOVEMBER).lines}
    assert amounts == {paid_home.child: Decimal("1155.00"), paid_home.other: Decimal("1575.00")}


def test_who_left_gets_nothing_from_the_next_month_on(paid_home):
    with paid_home.database.work(SYSTEM) as work:
        records.save(work, Child, {"left_on": date(2026, 10, 12)}, id=paid_home.child)
    with paid_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
        line = next(each for each in ledger(work, OCTOBER).lines if each.child_id == paid_home.child)
        assert (line.amount, line.days, line.reason) == (Decimal("1575.00"), 12, "left")
        compute(work, NOVEMBER)
        assert [each.child_id for each in ledger(work, NOVEMBER).lines] == [paid_home.other]


def test_a_line_that_is_no_longer_due_disappears_when_computed_again(paid_home):
    with paid_home.database.work(FINANCE) as work:
        compute(work, NOVEMBER)
    with paid_home.database.work(SYSTEM) as work:
        records.save(work, Child, {"left_on": date(2026, 10, 12)}, id=paid_home.child)
    with paid_home.database.work(FINANCE) as work:
        assert {each.what for each in doubts(work, NOVEMBER)} == {"not entitled in this month; please compute again"}
        assert compute(work, NOVEMBER).removed == 1
        assert doubts(work, NOVEMBER) == []


def test_a_month_with_a_doubt_cannot_be_checked_off(paid_home):
    with paid_home.database.work(SYSTEM) as work:
        records.save(work, Child, {"category": "E"}, id=paid_home.child)
    with pytest.raises(Invalid, match="no rate"), paid_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
        check_off(work, OCTOBER)


def test_two_categories_are_never_added_up(paid_home):
    second = {"month": "2026-10", "kind": "regular", "category": "hardship", "amount": Decimal("100")}
    with paid_home.database.work(FINANCE) as work:
        compute(work, OCTOBER)
    with pytest.raises(Invalid, match="not added up"), paid_home.database.work(FINANCE) as work:
        records.save(work, AllowanceEntitlement, {**second, "child_id": paid_home.child})


def test_the_database_itself_keeps_one_regular_line_a_child_and_month(paid_home):
    row = {"child_id": paid_home.child, "month": "2026-10", "kind": "regular", "amount": Decimal("1"), "slot": "x"}
    with pytest.raises(IntegrityError), paid_home.database.work(SYSTEM) as work:
        work.bulk(AllowanceEntitlement, [dict(row), dict(row)])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"month": "2026-13"}, "month"),
        ({"kind": "refund"}, "amount"),
        ({"amount": Decimal("-5")}, "amount"),
        ({"kind": "supplement", "for_month": "2026-11"}, "for_month"),
        ({"kind": "supplement", "for_month": "2026-09"}, "note"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(paid_home, values, field):
    whole = {"child_id": paid_home.child, "month": "2026-10", "kind": "regular", "amount": Decimal("5"), **values}
    with pytest.raises(Invalid) as caught, paid_home.database.work(FINANCE) as work:
        records.save(work, AllowanceEntitlement, whole)
    assert field in {problem.field for problem in caught.value.problems}


def test_today_reminds_finance_of_the_month_and_of_who_comes_of_age(paid_home):
    with paid_home.database.work(SYSTEM) as work:
        records.save(work, Child, {"born_on": date(2008, 12, 5)}, id=paid_home.child)
    with paid_home.database.read(FINANCE) as work:
        found = {due.text: due for due in due_now(work) if due.area == "allowance"}
    assert found["Compute and check the allowances of October 2026"].overdue(work.now)
    assert "Compute and check the allowances of November 2026" in found
    assert found["Allowance stops with the month after 2026-12-05"].child_name == "曾小乐"
    with paid_home.database.read(paid_home.care) as work:
        assert not [due for due in due_now(work) if due.area == "allowance"]


def test_the_monthly_record_tells_the_allowance(closed_home):
    with closed_home.database.read(closed_home.director) as work:
        section = allowance_of_the_month(work, closed_home.child, OCTOBER)
        assert section.facts == (("Allowance of the month", "1,575.00 yuan"),)
        assert section.grids[0].rows[0][:5] == ("Regular", "Orphan", "Raised in a home", "1,575.00", "1,575.00")
        assert [line["month"] for line in lines_of_child(work, closed_home.child)] == ["2026-10"]
