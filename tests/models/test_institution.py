"""The institution report: figures that close, stand beside their like, and open into the rows behind them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.queries import count
from models.institution import institution_report
from models.institution_children import Move, living_on, moves_until
from models.period import ReportPeriod
from models.placement import move
from models.safety import Hazard
from models.social_work import SocialCase
from models.therapy import TherapySession
from tests.conftest import actor
from tests.factories import make

OCTOBER = ReportPeriod("month", 2026, 10)


def report(home, period=OCTOBER, who=None):
    with home.database.read(who or home.director) as work:
        return institution_report(work, period)


def value(home, section, key, **given):
    return report(home, **given).line(section, key).line.value


# --- periods ---


@given(st.integers(1950, 2100), st.sampled_from([("month", 12), ("quarter", 4), ("year", 1)]), st.data())
def test_periods_follow_each_other_without_a_gap(year, kind, data):
    period = ReportPeriod(kind[0], year, data.draw(st.integers(1, kind[1])))
    assert period.last + timedelta(days=1) == period.next().first
    assert period.before().next() == period
    assert period.year_ago().first.year == period.first.year - 1
    assert ReportPeriod.parse(str(period)) == period
    assert len(period.months()) == {"month": 1, "quarter": 3, "year": 12}[period.kind]
    assert ReportPeriod.of(period.kind, period.last) == period


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "26-01", "2026-1-1", "2026-00"])
def test_what_is_no_period_is_refused(text):
    with pytest.raises(ValueError):
        ReportPeriod.parse(text)


# --- the roster ---


def test_a_child_who_comes_and_one_who_leaves_are_moved_from_opening_to_closing(home):
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 9, 3))
        other = make(work, Child, name="周晓晴", born_on=date(2018, 4, 1))
        move(work, other, "residential", date(2026, 10, 7))
        move(work, home.child, "left", date(2026, 10, 20), departure="D1", document="民〔2026〕7号")
    found = report(home)
    figures = {key: found.line("roster", key).line.value for key in ("opening", "came", "left", "closing")}
    assert figures == {"opening": 1, "came": 1, "left": 1, "closing": 1}
    assert found.line("roster", "came").before == 1, "the month before is beside it"


def test_who_had_left_and_comes_again_has_come_back(home):
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 9, 3))
        move(work, home.child, "left", date(2026, 9, 20), departure="D1", document="民〔2026〕7号")
        move(work, home.child, "residential", date(2026, 10, 10))
    assert [value(home, "roster", key) for key in ("opening", "came", "came.back", "closing")] == [0, 1, 1, 1]


def test_a_stay_holds_until_the_day_before_it_ends():
    stay = Move("m", "c", "residential", date(2026, 10, 1), date(2026, 10, 9), None, "")
    assert [stay.holds(date(2026, 10, day)) for day in (1, 8, 9)] == [True, True, False]


KINDS = st.sampled_from(["residential", "foster", "hospital", "left"])
HISTORIES = st.lists(
    st.lists(st.tuples(st.integers(0, 90), KINDS), max_size=6, unique_by=lambda each: each[0]), max_size=5
)


@given(HISTORIES)
def test_the_opening_number_and_the_moves_make_the_closing_number(histories):
    """Whatever happened to whomever: opening + came in − left = closing, for every month."""
    begin = date(2026, 9, 1)
    moves = []
    for child, history in enumerate(histories):
        stages = sorted(history)
        for place, (day, kind) in enumerate(stages):
            until = begin + timedelta(days=stages[place + 1][0]) if place + 1 < len(stages) else None
            before = stages[place - 1][1] if place else ""
            moves.append(Move(f"{child}-{place}", str(child), kind, begin + timedelta(days=day), until, None, before))
    for month in (9, 10, 11):
        period = ReportPeriod("month", 2026, month)
        within = [each for each in moves if period.first <= each.starts_on <= period.last]
        opening = len(living_on(moves, period.first - timedelta(days=1)))
        closing = len(living_on(moves, period.last))
        assert opening + sum(m.enters for m in within) - sum(m.leaves for m in within) == closing


def test_moves_are_read_beside_the_one_before(home):
    with home.database.work(home.director) as work:
        move(work, home.child, "temporary", date(2026, 9, 3))
        move(work, home.child, "residential", date(2026, 9, 9))
        assert [(each.before, each.kind) for each in moves_until(work, date(2026, 12, 31))] == [
            ("", "temporary"),
            ("temporary", "residential"),
        ]


def test_days_of_care_belong_to_the_place_where_the_child_sleeps(home):
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 9, 3))
        move(work, home.child, "hospital", date(2026, 10, 11), place="市儿童医院")
        move(work, home.child, "residential", date(2026, 10, 15))
    found = report(home)
    days = {line.line.key: line.line.value for part in found.sections if part.key == "care_days" for line in part.lines}
    assert days == {"care_days": 31, "care_days.residential": 27, "care_days.hospital": 4}


@pytest.mark.parametrize(("day", "running"), [(date(2026, 10, 31), True), (date(2026, 11, 1), False)])
def test_a_month_runs_until_its_last_day_is_over(home, day, running):
    home.database.clock = lambda: datetime.combine(day, time(23, 50))
    assert report(home).running is running


def test_a_case_closed_since_was_open_at_the_end_of_the_month(home):
    for opened, closed in (
        (date(2026, 9, 1), date(2026, 11, 5)),
        (date(2026, 9, 1), date(2026, 10, 5)),
        (date(2026, 10, 2), None),
    ):
        with home.database.work(SYSTEM) as work:
            make(work, SocialCase, child_id=home.child, opened_on=opened, closed_on=closed)
    assert [value(home, "social_work", key) for key in ("cases_opened", "cases_closed", "cases_open")] == [1, 1, 2]


# --- every figure opens into its rows ---


def test_a_figure_is_the_number_of_the_rows_behind_it(home):
    with home.database.work(home.director) as work:
        move(work, home.child, "residential", date(2026, 9, 3))
        make(work, Hazard, found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        voided = make(work, Hazard, found_on=date(2026, 10, 6), deadline=date(2026, 10, 20))
        records.put_in_bin(work, Hazard, voided)
    found = report(home)
    assert found.line("safety", "found").line.value == 1, "what lies in the bin is not counted"
    with home.database.read(home.director) as work:
        for part in found.sections:
            for each in (line.line for line in part.lines):
                if each.rows is None:
                    assert each.value is None or each.why or each.value == 0, (part.key, each.key)
                    continue
                if each.unit:
                    continue
                assert count(work, each.rows.kind, where=each.rows.where) == each.value, (part.key, each.key)


def test_hours_leave_out_what_was_missed(home):
    with home.database.work(home.director) as work:
        nine = datetime(2026, 10, 6, 9)
        values = {"child_id": home.child, "therapy": "PT", "form": "single", "status": "booked"}
        make(work, TherapySession, **values, starts_at=nine, ends_at=nine + timedelta(minutes=60))
        work.confirmed = True
        late = nine + timedelta(hours=2)
        make(
            work, TherapySession, **{**values, "status": "late"}, minutes_missed=15, starts_at=late,
            ends_at=late + timedelta(minutes=45),
        )  # fmt: skip
    found = report(home)
    assert found.line("rehabilitation", "planned").line.value == 2
    assert found.line("rehabilitation", "hours").line.value == 0.5


def test_a_cancelled_session_is_neither_planned_nor_missed(home):
    with home.database.work(home.director) as work:
        work.confirmed = True
        for hour, status in ((9, "done"), (10, "absent"), (11, "cancelled")):
            starts = datetime(2026, 10, 6, hour)
            make(
                work, TherapySession, child_id=home.child, therapy="PT", form="single", status=status, starts_at=starts,
                ends_at=starts + timedelta(minutes=30), reason="ill" if status != "done" else None,
            )  # fmt: skip
    found = report(home)
    figures = {key: found.line("rehabilitation", key).line.value for key in ("planned", "held", "missed", "attendance")}
    assert figures == {"planned": 2, "held": 1, "missed": 1, "attendance": 50.0}


def test_open_hazards_are_those_of_that_day_not_of_today(home):
    with home.database.work(home.director) as work:
        make(work, Hazard, found_on=date(2026, 9, 5), deadline=date(2026, 9, 20), rectified_on=date(2026, 11, 3))
    assert value(home, "safety", "open") == 1
    assert value(home, "safety", "overdue") == 1
    assert value(home, "safety", "open", period=ReportPeriod("month", 2026, 8)) == 0


# --- who sees what ---


def test_what_a_person_may_not_read_is_withheld_not_counted_as_none(home):
    found = report(home, who=actor("finance"))
    rehabilitation = next(part for part in found.sections if part.key == "rehabilitation")
    assert rehabilitation.withheld and not rehabilitation.lines


def test_who_does_not_see_the_whole_home_is_told_so(home):
    assert report(home, who=actor("caregiver")).partial
    assert not report(home).partial


def test_counting_tells_how_far_it_is_and_of_which_area(home):
    told = []
    with home.database.read(home.director) as work:
        institution_report(work, OCTOBER, progress=lambda share, what: told.append((share, what)))
        month = len(told)
        institution_report(work, ReportPeriod("year", 2026), progress=lambda share, what: told.append((share, what)))
    assert [share for share, _what in told[:month]] == sorted(share for share, _what in told[:month])
    assert told[month - 1][0] == told[-1][0] == 1.0 and all(what for _share, what in told)
    assert len(told) - month < month, "a year's period before is the same one a year ago: it is counted once"


def test_counting_can_be_stopped_within_an_area(home):
    told = []
    with home.database.read(home.director) as work:
        found = institution_report(
            work, OCTOBER, progress=lambda share, what: told.append(what), cancelled=lambda: len(told) >= 4
        )
    assert len(found.sections) == 1 and len(told) == 4, "an area counted by half is left out"
