"""The day is arranged so that every line stands in exactly one group and what presses stands first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reminders import Due
from models.today import GROUPS, TO_DO, Day, arrange, day_of, due_words, group_of
from tests.conftest import NOW, actor

MOMENTS = (
    st.none()
    | st.datetimes(NOW - timedelta(days=40), NOW + timedelta(days=40))
    | st.dates(date(2026, 10, 1), date(2026, 12, 31))
)
KINDS = st.sampled_from(["due", "expected", "away", "birthday", "notice", "something new"])
LINES = st.builds(Due, text=st.text(max_size=5), area=st.just("care"), due=MOMENTS, kind=KINDS)


@given(st.lists(LINES, max_size=20))
def test_every_line_stands_in_exactly_one_group(lines):
    groups = arrange(lines, NOW)
    assert sorted(map(id, lines)) == sorted(id(line) for group in groups for line in group.lines)
    assert [group.key for group in groups] == [code.code for code in GROUPS if code.code in {g.key for g in groups}]
    assert all(group.lines and group.title for group in groups)


@given(LINES)
def test_only_what_is_due_can_be_overdue(line):
    assert (group_of(line, NOW) == "overdue") == (line.kind == "due" and line.overdue(NOW))


@pytest.mark.parametrize(
    ("due", "group", "words"),
    [
        (None, "today", ""),
        (date(2026, 11, 19), "overdue", "1 day late"),
        (date(2026, 11, 20), "today", ""),
        (date(2026, 11, 21), "soon", "in 1 day"),
        (datetime(2026, 11, 20, 9, 0), "overdue", "30 min late"),
        (datetime(2026, 11, 20, 14, 30), "today", "14:30"),
        (datetime(2026, 11, 22, 8, 0), "soon", "in 2 days"),
    ],
)
def test_a_line_says_when_it_is_due(due, group, words):
    line = Due("x", "care", due)
    assert (group_of(line, NOW), due_words(line, NOW)) == (group, words)


def test_a_clock_stands_before_a_day_and_yesterday_before_an_old_backlog():
    old, late, clock = (
        Due("old", "care", date(2009, 1, 1)),
        Due("late", "care", date(2026, 11, 19)),
        Due("clock", "care", NOW - timedelta(hours=3)),
    )
    assert [line.text for line in arrange([old, late, clock], NOW)[0].lines] == ["clock", "late", "old"]
    assert due_words(old, NOW) == "17 years late"


def test_the_day_counts_what_is_to_be_done_by_area():
    lines = [
        Due("a", "care", NOW),
        Due("b", "care", date(2026, 11, 1)),
        Due("c", "safety"),
        Due("d", "child", kind="away"),
    ]
    groups = arrange(lines, NOW)
    day = Day(NOW.date(), groups)
    assert (day.to_do, day.areas()) == (3, [("care", 2), ("safety", 1)])
    assert {group.key for group in groups} - set(TO_DO) == {"away"}


def test_who_sees_no_child_has_no_head_count_and_an_empty_day(home):
    with home.database.read(actor("sysadmin")) as work:
        day = day_of(work)
    assert (day.count, [line for group in day.groups for line in group.lines if line.child_id]) == (None, [])
    with home.database.read(home.care) as work:
        assert day_of(work).count.whole == 1


def test_a_home_just_made_says_where_to_begin_and_demands_nothing_of_the_past(database):
    with database.read(actor("director")) as work:
        day = day_of(work)
    begin = [line.page for line in day.group("begin").lines]
    assert begin == ["records.Unit", "records.Staff", "records.Room", "import_children", "admission"]
    assert not day.group("overdue").lines


def test_a_step_of_the_beginning_goes_when_it_is_done_and_is_not_for_everyone(home):
    with home.database.read(actor("director")) as work:
        assert not {"admission", "records.Unit"} & {line.page for line in day_of(work).group("begin").lines}
    with home.database.read(home.care) as work:
        assert not day_of(work).group("begin").lines
