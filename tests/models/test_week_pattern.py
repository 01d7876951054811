"""The week as a pattern: carried on over days off, booked as a series, and changed as far as one says."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from models.core.errors import Invalid
from models.holidays import CalendarDay
from models.scheduling import booking
from models.scheduling.series import Series, book_planned, plan_series
from models.scheduling.series_edit import Edit, edit_series, plan_edit
from models.scheduling.template import book_template, coming_weeks, plan_template
from tests.models.clinic import MONDAY, at, booked, save
from tests.models.week_acts import the_week, undo


def test_a_week_is_carried_on_days_off_fall_out_and_conflicts_are_told_first(clinic):
    for day in (0, 2):
        booked(clinic, clinic.child, day, "09:00")
    save(clinic, CalendarDay, day=MONDAY + timedelta(days=9), kind="closed", reason="院庆")
    save(clinic, CalendarDay, day=MONDAY + timedelta(days=12), kind="open", reason="调休上班")
    booked(clinic, clinic.other, 0, "09:00", weeks=2, therapist_id=clinic.li)
    before = the_week(clinic)
    with clinic.database.read(clinic.director) as work:
        run = plan_template(work, MONDAY, coming_weeks(MONDAY, 2))
    assert the_week(clinic) == before, "a dry run books nothing"
    assert [each.day for each in run.bookable] == [MONDAY + timedelta(days=7), MONDAY + timedelta(days=16)]
    assert "李静" in run.impossible[0].impossible[0].words
    assert [(each.day, each.sittings, each.lieu) for each in run.exceptions] == [
        (MONDAY + timedelta(days=9), 1, False), (MONDAY + timedelta(days=12), 0, True)]  # fmt: skip
    assert run.summary() == "2 sittings can be booked, 1 cannot, 1 fall out on days off."
    with clinic.database.work(clinic.director) as work:
        lieu = {MONDAY + timedelta(days=12): 2}
        change = book_template(work, plan_template(work, MONDAY, coming_weeks(MONDAY, 2), lieu=lieu))
    assert len(change.created) == 3 and len(the_week(clinic)) == len(before) + 3
    undo(clinic, change)
    assert the_week(clinic) == before


def test_a_week_is_not_carried_into_itself(clinic):
    with clinic.database.read(clinic.director) as work, pytest.raises(Invalid):
        plan_template(work, MONDAY, [MONDAY])


@pytest.fixture
def series(clinic) -> list[str]:
    """Four Mondays at nine, the first of them on the 23rd."""
    wish = booking.Wish((clinic.child,), "PT", clinic.li, at(0, "09:00"), at(0, "09:30"), clinic.hall)
    with clinic.database.work(clinic.director) as work:
        planned = plan_series(work, Series(wish, MONDAY + timedelta(weeks=3), frozenset({0})))
        return list(book_planned(work, planned).created)


@pytest.mark.parametrize(("scope", "count"), [("this", 1), ("following", 3), ("all", 4)])
def test_a_series_is_changed_as_far_as_one_says_and_taken_back(clinic, series, scope, count):
    before = the_week(clinic)
    with clinic.database.work(clinic.director) as work:
        planned = plan_edit(work, series[1], scope, Edit(begins=time(10), weekday=1))
        assert all(each.possible for each in planned)
        change = edit_series(work, planned)
    now = the_week(clinic)
    moved = [key for key in series if now[key] != before[key]]
    assert len(moved) == count and all(now[key][0].time() == time(10) and now[key][0].weekday() == 1 for key in moved)
    undo(clinic, change)
    assert the_week(clinic) == before


def test_an_occurrence_that_cannot_change_is_told_and_left(clinic, series):
    booked(clinic, clinic.third, 0, "10:00", weeks=2)
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [series[1]], True)
    with clinic.database.work(clinic.director) as work:
        planned = plan_edit(work, series[0], "all", Edit(begins=time(10)))
        assert [each.possible for each in planned] == [True, False, False, True]
        assert "Locked" in planned[1].skipped and "王小雨" in planned[2].impossible[0].words
        edit_series(work, planned)
    assert [the_week(clinic)[key][0].hour for key in series] == [10, 9, 9, 10]
