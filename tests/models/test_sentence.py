"""One sentence books a session or a series: read as people write it, asked back where it is unclear, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.scheduling import booking
from models.scheduling.sentence import Asked, Name, Vocabulary, chosen, read, render
from models.scheduling.sentence_home import completed, forecast, lacking, vocabulary
from models.scheduling.series import book_planned
from models.therapies import THERAPIES
from tests.models.test_booking import NINE, clinic, do, wish  # noqa: F401 (the fixture)

FRIDAY = date(2026, 11, 20)
NAMES = Vocabulary((
    Name("child", "wang", "王小雨", frozenset({"wangxiaoyu", "wxy", "2020-002"})),
    Name("child", "zeng", "曾小乐", frozenset({"zengxiaole", "zxl"})),
    Name("child", "li", "李小雨", frozenset({"lixiaoyu", "lxy"})),
    Name("child", "ayi", "阿依古丽·买买提", frozenset({"ayiguli"})),
    Name("child", "one", "张伟", frozenset({"zhangwei", "2019-001"})),
    Name("child", "two", "张伟", frozenset({"zhangwei", "2019-002"})),
    Name("therapist", "jing", "李静", frozenset({"lijing", "lj"})),
    Name("therapist", "anna", "Anna Berg", frozenset({"annaberg"})),
    Name("room", "three", "3号室"), Name("room", "hall", "PT大厅"), Name("room", "water", "水疗室"),
))  # fmt: skip


def asked(text: str) -> Asked:
    reading = read(text, NAMES, FRIDAY)
    assert not reading.unknown and not reading.unclear, reading.pieces
    return reading.asked


TUE_THU = Asked(("wang",), "", "three", "PT", None, frozenset({1, 3}), 1, time(9, 30), 30, date(2027, 6, 30))


@pytest.mark.parametrize(
    "text",
    [
        "王小雨 每周二四 9:30 PT 30分钟 3号室 到6月",
        "王小雨每周二、周四9：30 PT 30分钟 3号室 到6月底",
        "给王小雨约每星期二和四，九点半的运动治疗，半小时，三号室，直到2027年6月30日为止",
        "ＷＸＹ 每周二四 上午9点半 PT ３０分钟 3号室 至2027-6-30",
        "Wang Xiaoyu every Tue Thu 9:30 PT 30 min room 3 until June",
        "book wangxiaoyu every tuesday and thursday at 9:30am, physiotherapy for half an hour in room 3 till end of June",
    ],
)
def test_the_same_series_is_understood_however_it_is_written(text):
    assert asked(text) == TUE_THU


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天", date(2026, 11, 21)), ("后天", date(2026, 11, 22)), ("下周一", date(2026, 11, 23)), ("下下周二", date(2026, 12, 1)),
        ("周三", date(2026, 11, 25)), ("周五", FRIDAY), ("24号", date(2026, 11, 24)), ("5日", date(2026, 12, 5)),
        ("11月24日", date(2026, 11, 24)), ("1月5日", date(2027, 1, 5)), ("12-3", date(2026, 12, 3)), ("2027/3/9", date(2027, 3, 9)),
        ("tomorrow", date(2026, 11, 21)), ("next Mon", date(2026, 11, 23)), ("Nov 24", date(2026, 11, 24)), ("3 Dec", date(2026, 12, 3)),
    ],
)  # fmt: skip
def test_a_day_is_said_in_many_ways(text, day):
    found = asked(f"曾小乐 {text} 10:00")
    assert (found.day, found.every) == (day, 0)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("下午2点半", time(14, 30)), ("2点半", time(14, 30)), ("十点一刻", time(10, 15)), ("8点", time(8)), ("14:00", time(14)),
        ("2 pm", time(14)), ("晚上7点", time(19)), ("上午6:30", time(6, 30)), ("06:30", time(6, 30)), ("中午12点", time(12)),
    ],
)  # fmt: skip
def test_a_time_is_said_in_many_ways(text, start):
    assert asked(f"曾小乐 明天 {text}").start == start


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45分钟", 45),
        ("半小时", 30),
        ("一个半小时", 90),
        ("1小时", 60),
        ("1.5 h", 90),
        ("an hour", 60),
        ("两小时", 120),
    ],
)
def test_a_length_is_said_in_many_ways(text, minutes):
    assert asked(f"曾小乐 明天 9:00 {text}").minutes == minutes


def test_from_when_to_when_gives_start_and_length():
    assert (asked("曾小乐 明天 下午3点到3点45").start, asked("曾小乐 明天 9:30-10:15").minutes) == (time(15), 45)


def test_every_second_week_so_many_times_and_from_a_day_on():
    found = asked("曾小乐 隔周三 14:00 水疗 共8次 从12月1日起")
    assert (found.weekdays, found.every, found.count, found.day) == (frozenset({2}), 2, 8, date(2026, 12, 1))
    assert asked("zxl every second Wed 2pm 8 sessions").every == 2
    assert asked("曾小乐 每周一到周五 9:00").weekdays == frozenset(range(5))
    assert asked("曾小乐 Mon-Fri 9:00 until June").weekdays == frozenset(range(5))


def test_two_days_of_a_week_without_every_are_that_week_only():
    found = asked("曾小乐 周二周四 9:30")
    assert (found.day, found.last, found.weekdays) == (FRIDAY, date(2026, 11, 26), frozenset({1, 3}))


def test_a_part_of_a_name_that_fits_two_children_is_asked_about():
    text = "小雨 明天 9:30 PT"
    reading = read(text, NAMES, FRIDAY)
    piece = reading.unclear[0]
    assert {name.title for name in piece.choices} == {"王小雨", "李小雨"} and reading.missing == ("child",)
    assert asked(chosen(reading, piece, piece.choices[0], NAMES)).children == (piece.choices[0].id,)


def test_two_children_of_one_name_are_told_apart_by_their_number():
    reading = read("张伟 明天 9:30", NAMES, FRIDAY)
    names = reading.unclear[0].choices
    assert {asked(chosen(reading, reading.unclear[0], name, NAMES)).children for name in names} == {("one",), ("two",)}


def test_a_therapist_is_told_from_a_child_by_the_words_around():
    assert asked("曾小乐 跟李静 明天 9:30").therapist == "jing"
    assert asked("Zeng Xiaole with Li Jing tomorrow 9:30").therapist == "jing"
    assert asked("zxl Anna Berg tomorrow 9:30").therapist == "anna"


def test_what_is_not_understood_is_pointed_at_and_what_is_missing_is_said():
    text = "王小雨 大概 9:30"
    reading = read(text, NAMES, FRIDAY)
    assert [text[piece.start : piece.end] for piece in reading.unknown] == ["大概"] and reading.missing == ("day",)
    assert [piece.kind for piece in read("王小雨 9:30 10:30", NAMES, FRIDAY).unknown] == ["again"]
    assert [piece.kind for piece in read("99号室", NAMES, FRIDAY).pieces] == ["unknown"]


WHOLE = st.builds(
    Asked,
    children=st.lists(st.sampled_from(["wang", "zeng", "ayi", "one"]), min_size=1, max_size=3, unique=True).map(tuple),
    therapist=st.sampled_from(["", "jing", "anna"]),
    room=st.sampled_from(["", "three", "hall", "water"]),
    therapy=st.sampled_from([code.code for code in THERAPIES]),
    day=st.dates(FRIDAY, date(2030, 12, 31)),
    start=st.times(time(0), time(23, 59)).map(lambda each: each.replace(second=0, microsecond=0)),
    minutes=st.integers(5, 240),
)


@settings(max_examples=150)
@given(WHOLE, st.frozensets(st.integers(0, 6), min_size=1), st.sampled_from([0, 1, 2]), st.booleans(), st.data())
def test_what_is_written_reads_back_as_the_same(one, weekdays, every, chinese, data):
    if every:
        last = data.draw(st.sampled_from([None, one.day + timedelta(days=40)]))
        first = data.draw(st.sampled_from([None, one.day]))
        count = data.draw(st.sampled_from([0, 8]))
        one = replace(one, weekdays=weekdays, every=every, last=last, day=first, count=count)
    assert read(render(one, NAMES, chinese), NAMES, FRIDAY).asked == one


ALPHABET = st.sampled_from(
    list("每周一二四下到从月日号点半分共次王小雨李静室0123456789:：-—/.,，。 '\"<>&%{}\\;()abcdefgpmtuw\n\t\0‮ﬁß😀")
)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=80), st.text(ALPHABET, max_size=80)))
def test_whatever_is_typed_is_answered_and_stays_text(text):
    reading = read(text, NAMES, FRIDAY)
    assert reading.text == text
    assert all(0 <= piece.start < piece.end <= len(text) for piece in reading.pieces)
    assert [piece.start for piece in reading.pieces] == sorted(piece.start for piece in reading.pieces)
    covered = {at for piece in reading.pieces for at in range(piece.start, piece.end)}
    assert not any(character.isalnum() for at, character in enumerate(text) if at not in covered)


def test_a_very_long_sentence_costs_no_time():
    assert read("每周" * 100_000, NAMES, FRIDAY).asked.every == 1


# --- with the home's records --------------------------------------------------------------------------


@pytest.fixture
def planned_child(clinic):  # noqa: F811
    with clinic.database.work(SYSTEM) as work:
        plan = {"child_id": clinic.child, "starts_on": date(2026, 9, 1), "ends_on": date(2026, 12, 31),
                "review_on": date(2026, 12, 1), "findings": "独坐不稳"}  # fmt: skip
        plan_id = records.save(work, RehabilitationPlan, plan)
        records.save(work, PlannedTherapy, {"child_id": clinic.child, "plan_id": plan_id, "therapy": "PT", "form": "single",
                     "sessions_a_week": 3, "minutes": 45, "therapist_id": clinic.therapist})  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan_id, "submit")
    return clinic


def understood(clinic, text):  # noqa: F811
    with clinic.database.read(clinic.li) as work:
        reading = read(text, vocabulary(work), work.today)
        whole, filled = completed(work, reading.asked, clinic.therapist)
        return whole, filled, [] if lacking(whole) else forecast(work, whole)


def test_names_come_from_the_home_and_only_of_children_entrusted(clinic):  # noqa: F811
    with clinic.database.read(clinic.li) as work:
        names = vocabulary(work)
    assert {name.title for name in names.names if name.kind == "child"} == {"曾小乐", "王小雨"}
    assert read("zxl wangxiaoyu lijing", names, FRIDAY).asked.children == (clinic.child, clinic.third)


def test_the_plan_supplies_what_the_sentence_leaves_open(planned_child):
    whole, filled, planned = understood(planned_child, "曾小乐 每周二四 9:30")
    assert (whole.therapy, whole.therapist, whole.minutes) == ("PT", planned_child.therapist, 45)
    assert set(filled) >= {"therapy", "therapist", "minutes", "last"} and whole.last == date(2026, 12, 31)
    assert [each.day for each in planned[:2]] == [date(2026, 11, 24), date(2026, 11, 26)]


def test_every_conflict_is_said_before_anything_is_booked_and_one_undo_takes_all_back(planned_child):
    busy = NINE + timedelta(days=8)
    do(planned_child, booking.book, wish(planned_child, busy, children=(planned_child.third,)))
    _whole, _filled, planned = understood(planned_child, "曾小乐 每周二四 9:00 PT 30分钟 共4次")
    assert [bool(each.impossible) for each in planned] == [True, False, False, False]
    assert "王小雨" in planned[0].impossible[0].words
    change = do(planned_child, book_planned, planned)
    assert len(change.created) == 3
    do(planned_child, booking.undo, change)
    with planned_child.database.read(SYSTEM) as work:
        from models.core import queries
        from models.therapy import TherapySession

        assert queries.count(work, TherapySession) == 1


def test_a_number_of_times_counts_the_days_that_are_open(planned_child):
    _whole, _filled, planned = understood(planned_child, "曾小乐 每周四 9:00 从2026-12-24起 共3次")
    assert [each.day for each in planned if not each.skipped] == [
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2027, 1, 7),
    ]


def test_without_the_needed_nothing_is_forecast(clinic):  # noqa: F811
    with clinic.database.read(clinic.li) as work, pytest.raises(Invalid):
        forecast(work, Asked())
