"""Funded children: what a programme asks, which days count, the sheet for the seal, and the light before it is too late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.funded_days import attendance_sheet, is_full
from models.funded_lights import Counted, light, lights
from models.funded_programmes import Enrolment, ProgrammeEnrolment, enrolments, norm_on
from models.month import Month
from models.reminders import due_now
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor

NOVEMBER = Month(2026, 11)


@pytest.fixture
def funded(home) -> SimpleNamespace:
    """A child in the physical programme (20 days a month, 3 hours a day) with a therapist."""
    with home.database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
        enrolment = records.save(work, ProgrammeEnrolment, {
            "child_id": home.child, "programme": "sz_physical", "card_number": "JZ-0042", "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
        })  # fmt: skip
    return SimpleNamespace(**vars(home), therapist=therapist, enrolment=enrolment)


def session(home, day: date, hour: float = 9, minutes: int = 90, status: str = "done", form: str = "single", **more):
    """One session as a row; ``bulk`` passes the rules by, as the demo home does."""
    begin = datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
    from models.core.record import new_id

    key = new_id()
    return {
        "id": key, "child_id": more.pop("child", home.child), "therapist_id": home.therapist, "therapy": more.pop("therapy", "PT"),
        "form": form, "starts_at": begin, "ends_at": begin + timedelta(minutes=minutes), "sitting_id": key, "status": status,
        "state": "submitted", "signed_on": day, **more,
    }  # fmt: skip


def put(home, rows) -> None:
    with home.database.work(SYSTEM) as work:
        work.bulk(TherapySession, list(rows))


def test_a_programmes_norm_is_dated_data_and_says_itself_in_words():
    norm = norm_on("js_autism", date(2026, 11, 1))
    assert norm.words() == "9 months a year; 22 days a month on average; 7 lessons a day, 5 of them in groups"
    assert norm.source and "[V]" in norm.verification
    assert norm_on("sz_physical", date(2026, 11, 1)).words() == "10 months a year; 20 days a month; 3 h a day"
    assert norm_on("rescue", date(2018, 9, 30)) is None


def test_a_day_is_full_when_it_reaches_what_the_programme_asks():
    autism, physical = norm_on("js_autism", date(2026, 11, 1)), norm_on("sz_physical", date(2026, 11, 1))
    assert is_full(autism, 7, 5, 210) and not is_full(autism, 7, 4, 210) and not is_full(autism, 6, 5, 210)
    assert is_full(physical, 6, 0, 180) and not is_full(physical, 6, 0, 179)


def test_the_sheet_has_every_day_of_the_month_with_lessons_minutes_and_signatures(funded):
    put(funded, [
        session(funded, date(2026, 11, 3)), session(funded, date(2026, 11, 3), 14, form="group"),
        session(funded, date(2026, 11, 4)), session(funded, date(2026, 11, 4), 14, status="late", minutes_missed=10),
        session(funded, date(2026, 11, 5), status="absent", reason="ill"),
        session(funded, date(2026, 11, 6), state="draft", signed_on=None),
    ])  # fmt: skip
    with funded.database.read(funded.director) as work:
        sheet = attendance_sheet(work, funded.child, NOVEMBER)
    assert sheet is not None
    assert (sheet.name, sheet.card_number, len(sheet.days)) == ("曾小乐", "JZ-0042", 30)
    third, fourth, fifth = sheet.days[2:5]
    assert third.full and (third.lesson_count, third.group_count, third.minutes) == (6, 3, 180)
    assert third.lessons[0].therapist == "李静" and third.lessons[0].signed_on == date(2026, 11, 3)
    assert fourth.attended and not fourth.full and fourth.minutes == 170
    assert not fifth.attended and sheet.absences == (("ill", 1),)
    assert (sheet.attended_days, sheet.full_days, sheet.needed, sheet.unsigned) == (3, 1, 20, 1)
    assert sheet.days[6].kind is not None and not sheet.days[6].kind.open
    assert not sheet.finished


def test_a_child_in_no_programme_has_no_sheet_and_days_outside_the_enrolment_do_not_count(funded):
    with funded.database.work(SYSTEM) as work:
        records.save(work, ProgrammeEnrolment, {"ended_on": date(2026, 11, 4), "ending": "moved"}, id=funded.enrolment)
    put(funded, [session(funded, date(2026, 11, each), minutes=180) for each in (3, 4, 5)])
    with funded.database.read(funded.director) as work:
        assert attendance_sheet(work, funded.other, NOVEMBER) is None
        assert attendance_sheet(work, funded.child, Month(2026, 12)) is None
        sheet = attendance_sheet(work, funded.child, NOVEMBER)
    assert sheet is not None and sheet.full_days == 2
    assert [day.enrolled for day in sheet.days[3:5]] == [True, False]


def test_a_child_is_enrolled_in_a_programme_once_at_a_time_and_warned_of_when_it_is_for_others(funded):
    values = {
        "child_id": funded.child,
        "programme": "sz_physical",
        "starts_on": date(2026, 6, 1),
        "ends_on": date(2027, 5, 31),
    }
    with pytest.raises(Invalid, match="enrolled in this programme"), funded.database.work(funded.director) as work:
        records.save(work, ProgrammeEnrolment, values)
    with pytest.raises(Unconfirmed, match="from 0 to below 15"), funded.database.work(funded.director) as work:
        from models.child import Child

        teenager = records.save(work, Child, {"name": "丁大山", "number": "9", "sex": "1", "born_on": date(2010, 1, 1)})
        records.save(work, ProgrammeEnrolment, {**values, "child_id": teenager})


def test_an_enrolments_year_is_its_own_not_the_calendars(funded):
    with funded.database.work(SYSTEM) as work:
        records.save(work, ProgrammeEnrolment, {
            "child_id": funded.other, "programme": "rescue", "starts_on": date(2025, 9, 1), "ends_on": date(2027, 6, 30),
        }, confirmed=True)  # fmt: skip
        (found,) = enrolments(work, date(2026, 11, 1), date(2026, 11, 30), funded.other)
    assert found.year_on(date(2026, 8, 31)) == (date(2025, 9, 1), date(2026, 8, 31))
    assert found.year_on(date(2026, 11, 20)) == (date(2026, 9, 1), date(2027, 6, 30))


def test_carers_have_no_business_with_the_aid_card(funded):
    assert not funded.care.may("read", "ProgrammeEnrolment")
    assert actor("social").may("create", "ProgrammeEnrolment")


# --- lights -----------------------------------------------------------------------------------------

OPEN_IN_NOVEMBER = 21
"""Working days of November 2026; the tests' today is Friday the 20th."""


def full_days(home, days, **more):
    return [session(home, date(2026, 11, day), minutes=180, **more) for day in days]


def light_of(home, month=NOVEMBER):
    with home.database.read(home.director) as work:
        (found,) = lights(work, month)
    return found


@pytest.fixture
def year(funded):
    """The nine months before November were all reached, so that only the month decides."""
    put(funded, [
        session(funded, date(2026, month, day), minutes=180) for month in range(1, 11) for day in range(1, 25)
    ])  # fmt: skip
    return funded


def test_green_while_there_are_more_open_days_than_needed(year):
    put(year, full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)))
    found = light_of(year)
    assert (found.days.done, found.days.left, found.days.spare, found.level) == (16, 7, 3, "green")
    assert found.words() == "4 more training days in 7 open days"


def test_amber_when_hardly_a_day_may_be_missed_and_it_says_what_is_needed(year):
    put(year, full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19)))
    found = light_of(year)
    assert (found.days.missing, found.days.left, found.level) == (6, 7, "amber")
    put(year, [session(year, date(2026, 11, 23), status="booked", state="draft", signed_on=None)])
    assert light_of(year).booked_days == 1


def test_amber_with_no_day_to_spare_says_so(year):
    put(year, full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18)))
    assert light_of(year).words() == "7 more training days: every one of the open days left is needed"


def test_red_as_soon_as_it_cannot_be_reached_any_more(year):
    put(year, [*full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)), *full_days(year, (18,), status="absent")])
    found = light_of(year)
    assert found.level == "red" and found.words() == "at most 19 of 20 training days can still be reached"


def test_a_day_that_was_too_short_does_not_count_and_is_told(year):
    put(
        year,
        [*full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)), session(year, date(2026, 11, 18), minutes=60)],
    )
    assert light_of(year).words().endswith("1 day was too short to count")


def test_a_home_calendar_that_opens_a_saturday_turns_red_into_amber(year):
    from models.holidays import CalendarDay

    put(year, full_days(year, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17)))
    assert light_of(year).level == "red"
    with year.database.work(year.director) as work:
        records.save(work, CalendarDay, {"day": date(2026, 11, 28), "kind": "open", "reason": "补训"})
    assert light_of(year).level == "amber"


def test_the_year_turns_red_when_too_few_months_are_left(funded):
    put(funded, [
        *full_days(funded, (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)),
        *(session(funded, date(2026, month, day), minutes=180) for month in range(1, 6) for day in range(1, 25)),
    ])  # fmt: skip
    found = light_of(funded)
    assert (found.months.done, found.months.left, found.level) == (6, 1, "red")
    assert "at most 7 of 10 months of the year can still be reached" in found.words()


def test_an_average_is_balanced_by_the_months_before():
    norm = norm_on("js_intellectual", date(2026, 11, 1))
    enrolment = Enrolment("e", "c", "js_intellectual", "", date(2026, 10, 1), date(2027, 9, 30), None, None)
    october = frozenset(date(2026, 10, day) for day in range(1, 26))
    found = light(enrolment, norm, NOVEMBER, Counted(october, october), (), date(2026, 11, 1))
    assert found.days.needed == 22 - 3


@settings(max_examples=200, deadline=None)
@given(st.sets(st.integers(1, 30)), st.integers(1, 30), st.integers(0, 5))
def test_red_is_final_green_is_never_red_the_next_day_and_no_light_skips_amber(full, today, margin):
    """Whatever happens on a day, one step at a time: before red there was amber, and red never turns back."""
    norm = replace(norm_on("sz_physical", date(2026, 11, 1)), months_a_year=None)
    enrolment = Enrolment("e", "c", "sz_physical", "", date(2026, 1, 1), date(2026, 12, 31), None, None)
    open_days = [date(2026, 11, day) for day in range(1, 31) if day % 7 != 1]
    done = frozenset(date(2026, 11, day) for day in full if day < today and day % 7 != 1)
    days = Counted(done, done)
    now = light(enrolment, norm, NOVEMBER, days, open_days, date(2026, 11, today), (margin, 1)).level
    morrow = date(2026, 11, today) + timedelta(days=1)
    missed = light(enrolment, norm, NOVEMBER, days, open_days, morrow, (margin, 1)).level
    also = done | {date(2026, 11, today)} if date(2026, 11, today) in open_days else done
    trained = light(enrolment, norm, NOVEMBER, Counted(also, also), open_days, morrow, (margin, 1)).level
    order = ("green", "amber", "red")
    assert order.index(missed) >= order.index(now) and order.index(missed) - order.index(now) <= 1
    assert trained == now or (now == "amber" and trained == "green")


def test_today_tells_the_light_in_words_to_those_who_may_read_it_and_nobody_else(year):
    put(year, full_days(year, (2, 3, 4)))
    with year.database.read(year.director) as work:
        told = [due for due in due_now(work) if due.page == "entitlement"]
    assert [due.child_name for due in told] == ["曾小乐"]
    assert told[0].text.startswith("Funded programme at risk: at most 10 of 20") and told[0].due == date(2026, 11, 20)
    with year.database.read(year.care) as work:
        assert not [due for due in due_now(work) if due.page == "entitlement"]
