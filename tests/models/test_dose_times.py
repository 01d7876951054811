"""Dose times: what people write, and at which moments a medicine is due."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dose_times import FREQUENCIES, Rhythm, due_times, parse_times, rhythm

DAY = date(2026, 11, 20)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
TIMES = (
    st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0)), max_size=6, unique=True)
    .map(sorted)
    .map(tuple)
)
RHYTHMS = st.builds(
    Rhythm, times=TIMES, every_days=st.integers(1, 7), weekdays=st.frozensets(st.integers(1, 7), max_size=3)
)  # fmt: skip


@pytest.mark.parametrize(
    "text, times",
    [("7:00 19:30", [time(7), time(19, 30)]), ("7：00，19：30", [time(7), time(19, 30)]), ("7点30、19点", [time(7, 30), time(19)]),
     ("１９:００ 7", [time(7), time(19)]), ("", [])],
)  # fmt: skip
def test_times_are_read_as_people_write_them(text: str, times: list[time]) -> None:
    assert list(parse_times(text)) == times


@pytest.mark.parametrize("text", ["morning", "25:00", "7:61", "7:00-19:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_times(text)


def test_the_usual_rhythms() -> None:
    def of(code: str, day: date = DAY) -> list[str]:
        start = datetime.combine(day, time())
        return [
            each.strftime("%d %H:%M")
            for each in due_times(rhythm(code, None, day), start, None, start, start + timedelta(days=3))
        ]

    assert of("bid") == ["20 08:00", "20 20:00", "21 08:00", "21 20:00", "22 08:00", "22 20:00"]
    assert of("qod") == ["20 08:00", "22 08:00"]
    assert of("biw") == []
    assert of("biw", date(2026, 11, 23)) == ["23 08:00"]
    assert of("once") == ["20 00:00"]
    assert of("prn") == []
    assert {code.code for code in FREQUENCIES} >= {"qd", "bid", "tid", "qid", "prn", "once", "qn", "q8h"}


def test_own_times_stand_in_for_the_usual_ones() -> None:
    assert rhythm("bid", "7:00 19:00", DAY).times == (time(7), time(19))


@given(RHYTHMS, MOMENTS, st.one_of(st.none(), MOMENTS), MOMENTS, st.integers(0, 20))
def test_every_due_moment_lies_in_the_order_and_in_the_window(
    when: Rhythm, starts: datetime, ends: datetime | None, since: datetime, days: int
) -> None:
    until = since + timedelta(days=days)
    found = due_times(when, starts, ends, since, until)
    assert found == sorted(set(found))
    for moment in found:
        assert max(starts, since) <= moment < min(until, ends or until)
        assert moment.time() in when.times
        assert not when.weekdays or moment.isoweekday() in when.weekdays
        assert (moment.date() - starts.date()).days % when.every_days == 0


@given(RHYTHMS, MOMENTS, MOMENTS, st.integers(1, 20), st.integers(0, 20 * 24))
def test_two_windows_give_what_one_gives(
    when: Rhythm, starts: datetime, since: datetime, days: int, hours: int
) -> None:
    until = since + timedelta(days=days)
    middle = min(since + timedelta(hours=hours), until)
    assert due_times(when, starts, None, since, middle) + due_times(when, starts, None, middle, until) == due_times(
        when, starts, None, since, until
    )


@given(RHYTHMS, MOMENTS)
def test_daily_medicines_are_due_as_often_as_ordered(when: Rhythm, since: datetime) -> None:
    day = datetime.combine(since.date(), time())
    if when.every_days == 1 and not when.weekdays:
        assert len(due_times(when, day, None, day, day + timedelta(days=10))) == 10 * len(when.times)
