"""What people type is understood, or explained in words; nothing is guessed and nothing is lost."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import parse
from models.core.errors import Problem
from models.core.fields import Field, bound_words
from models.core.words import Code, CodeList

NOW = datetime(2026, 11, 20, 9, 30)
TODAY = NOW.date()
MOOD = CodeList("mood", Code("calm", "Calm", "平静"), Code("upset", "Upset", "烦躁"), Code("low", "Low", "低落"))
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
WIDE = str.maketrans("0123456789-/.:", "０１２３４５６７８９－／．：")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026年3月5日", date(2026, 3, 5)),
        ("2026年3月5", date(2026, 3, 5)),
        ("二〇二六年三月五日", date(2026, 3, 5)),
        ("26.3.5", date(2026, 3, 5)),
        ("2026. 3. 5", date(2026, 3, 5)),
        ("98.3.5", date(1998, 3, 5)),
        ("20260305", date(2026, 3, 5)),
        ("２０２６－３－５", date(2026, 3, 5)),
        ("2026。3。5", date(2026, 3, 5)),
        ("3/5", date(2026, 3, 5)),
        ("3月5号", date(2026, 3, 5)),
        ("十二月二十五日", date(2026, 12, 25)),
        ("去年3月5日", date(2025, 3, 5)),
        ("5号", date(2026, 11, 5)),
        ("上个月5号", date(2026, 10, 5)),
        ("今天", TODAY),
        ("昨天", date(2026, 11, 19)),
        ("前天", date(2026, 11, 18)),
        ("明天", date(2026, 11, 21)),
        ("三天前", date(2026, 11, 17)),
        ("两周前", date(2026, 11, 6)),
        ("上周三", date(2026, 11, 11)),
        ("周日", date(2026, 11, 22)),
        ("+3", date(2026, 11, 23)),
        ("Mar 5, 2026", date(2026, 3, 5)),
        ("5 March", date(2026, 3, 5)),
        ("", None),
        ("　", None),
    ],
)
def test_dates_as_people_type_them(typed, meant):
    assert parse.day(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("昨天晚上8点", datetime(2026, 11, 19, 20)),
        ("昨晚八点半", datetime(2026, 11, 19, 20, 30)),
        ("昨天 晚上 ８ 点", datetime(2026, 11, 19, 20)),
        ("昨天晚上12点", datetime(2026, 11, 20, 0)),
        ("今早7:30", datetime(2026, 11, 20, 7, 30)),
        ("3月5日下午2点半", datetime(2026, 3, 5, 14, 30)),
        ("十一月二十日晚上八点一刻", datetime(2026, 11, 20, 20, 15)),
        ("2026-03-05 14:30", datetime(2026, 3, 5, 14, 30)),
        ("2026-03-05T14:30", datetime(2026, 3, 5, 14, 30)),
        ("2026.3.5 8：30", datetime(2026, 3, 5, 8, 30)),
        ("3/5 0830", datetime(2026, 3, 5, 8, 30)),
        ("周三下午3点", datetime(2026, 11, 18, 15)),
        ("8:30", datetime(2026, 11, 20, 8, 30)),
        ("yesterday 8:30 pm", datetime(2026, 11, 19, 20, 30)),
        ("2小时前", datetime(2026, 11, 20, 7, 30)),
        ("现在", NOW),
    ],
)
def test_moments_as_people_type_them(typed, meant):
    assert parse.moment(typed, NOW) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8", time(8)), ("8:30", time(8, 30)), ("８：３０", time(8, 30)), ("0830", time(8, 30)), ("830", time(8, 30)),
        ("8点半", time(8, 30)), ("8点一刻", time(8, 15)), ("十二点二十", time(12, 20)), ("下午3点", time(15)), ("中午1点", time(13)),
        ("凌晨12点", time(0)), ("半夜2点", time(2)), ("8 pm", time(20)), ("24:00", time(0)),
    ],
)  # fmt: skip
def test_times_as_people_type_them(typed, meant):
    assert parse.clock_time(typed, NOW) == meant


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (lambda text: parse.day(text, TODAY), "2026-2-30"),
        (lambda text: parse.day(text, TODAY), "农历八月十五"),
        (lambda text: parse.day(text, TODAY), "5.3.2026"),
        (lambda text: parse.day(text, TODAY), "someday"),
        (lambda text: parse.day(text, TODAY), "9999-1-1"),
        (lambda text: parse.moment(text, NOW), "2026-03-05"),
        (lambda text: parse.clock_time(text, NOW), "25:00"),
        (lambda text: parse.number(text), "37,5"),
        (lambda text: parse.number(text), "twelve"),
        (lambda text: parse.number(text, whole=True), "1.5"),
        (lambda text: parse.number(text, decimals=1), "1.25"),
        (lambda text: parse.money(text), "1200.505"),
        (lambda text: parse.yes_no(text), "perhaps"),
        (lambda text: parse.code(text, MOOD), "calms"),
    ],
)
def test_what_cannot_be_meant_is_explained_not_guessed(read, typed):
    assert isinstance(read(typed), Problem)
    assert read(typed).message.endswith((".", "?"))


@given(
    DAYS,
    st.sampled_from(
        ["{0.year}-{0.month}-{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0.year} . {0.month} . {0.day}"]
    ),
)
def test_every_whole_date_is_read_back_in_every_spelling_half_and_full_width(day, spelling):
    typed = spelling.format(day)
    assert parse.day(typed, TODAY) == day
    assert parse.day(typed.translate(WIDE), TODAY) == day


@given(DAYS, st.times(), st.sampled_from([" ", "T", "  "]))
def test_every_moment_is_read_back(day, at, between):
    at = at.replace(second=0, microsecond=0)
    assert parse.moment(f"{day}{between}{at:%H:%M}", NOW) == datetime.combine(day, at)


@given(st.decimals(-99999, 99999, places=2, allow_nan=False), st.sampled_from(["", "kg", " kg", "ｋｇ"]))
def test_every_number_is_read_back_with_and_without_its_unit(value, unit):
    typed = f"{value}{unit}"
    assert parse.number(typed, unit="kg") == float(value)
    assert parse.number(typed.translate(WIDE).replace("．", "。"), unit="kg") == float(value)


@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_every_amount_is_read_back_exactly(value):
    assert parse.money(f"￥{value:,}元") == value
    assert isinstance(parse.money(str(value)), Decimal)


@given(st.text(max_size=40))
def test_no_text_whatever_stops_a_reader(text):
    for kind in (
        "text",
        "long_text",
        "integer",
        "decimal",
        "money",
        "date",
        "datetime",
        "time",
        "yes_no",
        "code",
        "codes",
    ):
        read = parse.value_of(Field("X", kind, name="x", codes=MOOD), text, NOW)
        assert not isinstance(read, Problem) or (read.field == "x" and read.message)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.integers(-300, 300))
def test_days_are_counted_from_the_day_given_as_today(today, days):
    words = f"{abs(days)}天{'前' if days < 0 else '后'}"
    assert parse.day(words, today) == today + timedelta(days=days)


@pytest.mark.parametrize("dot", "•‧∙⋅・･·")
def test_all_wrong_dots_in_a_name_become_the_right_one(dot):
    assert parse.short_text(f"阿依古丽 {dot} 买买提") == "阿依古丽·买买提"


def test_a_full_stop_is_a_dot_only_in_a_name_and_only_between_characters():
    assert parse.short_text("阿依古丽.买买提", name=True) == "阿依古丽·买买提"
    assert parse.short_text("J. K. Rowling", name=True) == "J. K. Rowling"
    assert parse.short_text("头孢.过敏") == "头孢.过敏"


@pytest.mark.parametrize("name", ["𠮷田", "𬭎", "曾小乐", "㛃", "阿依古丽·买买提", "龙䶮", "Ѐ", "é"])
def test_rare_characters_keep_their_code_points(name):
    assert parse.short_text(name, name=True) == name


def test_identity_numbers_may_be_typed_full_width_with_a_small_x():
    assert parse.short_text("１１０１０５２００３０７０１１２３ｘ") == "11010520030701123X"


def test_markup_and_formulas_stay_text_and_control_characters_go():
    assert parse.short_text("<b>x<y>z</b> =1+1 \x00\x0b\u202eabc") == "<b>x<y>z</b> =1+1 abc"
    assert parse.long_text("a\r\n\tb  \n\x07c\n\n") == "a\n\tb\nc"


def test_code_words_are_found_in_both_languages_and_near_misses_are_named():
    assert parse.code("平静", MOOD) == parse.code("CALM", MOOD) == parse.code("calm", MOOD) == "calm"
    assert parse.codes("平静、Upset；calm", MOOD) == ["calm", "upset"]
    assert "Calm" in parse.code("Calmm", MOOD).message


@pytest.mark.parametrize(("typed", "meant"), [("是", True), ("√", True), ("无", False), ("No", False), ("", None)])
def test_yes_and_no(typed, meant):
    assert parse.yes_no(typed) is meant


def test_a_problem_names_its_field():
    assert parse.value_of(Field("Weight", "decimal", name="weight"), "heavy", NOW).field == "weight"


def test_a_bound_is_said_with_its_unit_or_without_a_gap():
    assert bound_words("At most {n} {unit}.", 120, "") == "At most 120."
    assert bound_words("不能大于 {n} {unit}。", 14, "") == "不能大于 14。"
    assert bound_words("At least {n} {unit}.", 0.5, "kg") == "At least 0.5 kg."
