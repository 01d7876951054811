"""Drills: held, reviewed, and due again by the rule — or sooner, where the home says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar_rules import in_force
from models.core import records
from models.core.errors import Invalid, Unconfirmed
from models.drills import Drill, drills_on, next_drills
from models.institution import institution_report
from models.period import ReportPeriod
from models.reminders import due_now
from resources import table
from tests.conftest import NOW, actor

TODAY = NOW.date()


def held(home, **given):
    with home.database.work(home.director) as work:
        return records.save(work, Drill, {**Drill.example_values(work), **given}, confirmed=True)


def coming(home, kind="fire"):
    with home.database.read(home.director) as work:
        return next(each for each in next_drills(work) if each.kind == kind)


def test_every_rule_has_a_source_and_a_day_and_says_months():
    for row in table("drill_rules.csv"):
        assert row["source"] and date.fromisoformat(row["effective_from"]) and int(row["every_months"]) > 0


def test_a_home_that_never_held_a_drill_is_told_so_today(home):
    assert coming(home).last is None and coming(home).due == TODAY
    with home.database.read(home.director) as work:
        told = [due for due in due_now(work) if due.page == "drills"]
    assert [due.target for due in told] == [{"kind": "fire"}], "one line for a home that has only begun"


def test_the_next_fire_drill_is_due_half_a_year_later(home):
    held(home, kind="fire", held_on=date(2026, 8, 31))
    assert coming(home).due == date(2027, 2, 28)
    with home.database.read(home.director) as work:
        assert not [due for due in due_now(work) if due.target == {"kind": "fire"}], "not yet"


def test_a_day_the_home_set_sooner_counts_a_later_one_does_not(home):
    held(home, kind="fire", held_on=date(2026, 8, 1), next_on=date(2026, 11, 25))
    assert coming(home).due == date(2026, 11, 25)
    held(home, kind="fire", held_on=date(2026, 8, 2), next_on=date(2027, 12, 1))
    assert coming(home).due == date(2027, 2, 2)


def test_a_drill_declared_void_is_as_if_it_had_not_been(home):
    held(home, kind="fire", held_on=date(2026, 8, 1))
    mistaken = held(home, kind="fire", held_on=date(2026, 10, 1), better="通道清空", better_by=TODAY, found="通道被占")
    with home.database.work(home.director) as work:
        records.take_step(work, Drill, mistaken, "void", "重复登记")
    assert (coming(home).last, coming(home).due) == (date(2026, 8, 1), date(2027, 2, 1))
    with home.database.read(home.director) as work:
        assert not [due for due in due_now(work) if due.page == "drills" and "record_id" in due.target]


def test_a_later_day_than_the_rule_asks_for_is_questioned(home):
    with pytest.raises(Unconfirmed), home.database.work(home.director) as work:
        records.save(
            work, Drill,
            {"kind": "fire", "scenario": "fire", "plan": "A栋", "held_on": TODAY, "adults": 3, "next_on": date(2028, 1, 1)},
        )  # fmt: skip


def test_a_failed_drill_says_what_failed(home):
    with pytest.raises(Invalid) as refusal, home.database.work(home.director) as work:
        records.save(work, Drill, {**Drill.example_values(work), "result": "failed"}, confirmed=True)
    assert "found" in {problem.field for problem in refusal.value.problems if not problem.warning}


def test_an_improvement_waits_on_today_until_it_is_made(home):
    drill = held(
        home, held_on=TODAY - timedelta(days=40), found="集合慢", better="分区集合", better_by=TODAY - timedelta(days=9)
    )
    with home.database.read(home.director) as work:
        (due,) = [due for due in due_now(work) if due.target == {"record_id": drill}]
    assert due.overdue(NOW)
    with home.database.work(home.director) as work:
        records.save(work, Drill, {"better_on": TODAY}, id=drill, confirmed=True)
    with home.database.read(home.director) as work:
        assert not [due for due in due_now(work) if due.target == {"record_id": drill}]


def test_a_carer_reads_drills_but_is_not_reminded(home):
    carer = actor("caregiver")
    assert carer.may("read", Drill) and not carer.may("create", Drill)
    with home.database.read(carer) as work:
        assert not [due for due in due_now(work) if due.page == "drills"]


def test_what_was_overdue_at_the_end_of_a_month_stays_so_when_the_drill_is_held_later(home):
    held(home, kind="fire", held_on=date(2026, 4, 1))
    with home.database.read(home.director) as work:
        before = next(each for each in drills_on(work, date(2026, 10, 31)) if each.kind == "fire")
    held(home, kind="fire", held_on=date(2026, 11, 3))
    with home.database.read(home.director) as work:
        after = next(each for each in drills_on(work, date(2026, 10, 31)) if each.kind == "fire")
    assert before == after and after.due == date(2026, 10, 1)


def test_drills_stand_in_the_months_figures_with_their_rows(home):
    held(home, kind="fire", held_on=date(2026, 10, 9), children=40, adults=12)
    held(home, kind="emergency", held_on=date(2026, 10, 20), children=5, adults=3)
    with home.database.read(home.director) as work:
        found = institution_report(work, ReportPeriod("month", 2026, 10))
    assert found.line("safety", "drills").line.value == 2
    assert found.line("safety", "drills.fire").line.value == 1
    assert found.line("safety", "drills_due").line.value == 0
    with home.database.read(home.director) as work:
        found = institution_report(work, ReportPeriod("year", 2025))
    assert found.line("safety", "drills").line.value == 0, "what was held later does not count"


@given(st.dates(date(2003, 1, 1), date(2040, 12, 31)))
def test_every_kind_has_at_most_one_rule_on_a_day_and_fire_always_has_one(day):
    kinds = [rule["kind"] for rule in in_force(table("drill_rules.csv"), day, key="kind")]
    assert len(kinds) == len(set(kinds)) and "fire" in kinds
