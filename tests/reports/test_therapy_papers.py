"""The therapy papers as readable text, in both languages: empty, ordinary, crammed — and unmoved by hostile data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.funded_days import AttendanceSheet, TrainingDay
from models.funded_days import Lesson as Trained
from models.holidays import DayKind, day_kind
from models.month import Month
from models.my_day import MyDay
from models.therapy_day import DayLine, DaySheet
from models.therapy_funded import FundedMonth
from models.therapy_papers import THERAPY_PAPERS
from models.therapy_timetables import DepartmentWeek, DoorSheet, Lesson, PaperDay, StaffWeek, Timetable
from models.therapy_workload import Count, CountLine, Workload
from reports.therapy_papers import LAYOUTS, render_sheets
from resources import _, use_language
from tests.reports.hostile import missing, read
from tests.reports.reading import agreed, faults, layout_of, pages_in, squeezed, text_of
from tests.reports.samples import HEAD
from tests.reports.test_papers import HOSTILE

MONDAY = date(2026, 11, 16)
DAYS = tuple(PaperDay(MONDAY + timedelta(days=number)) for number in range(5))
HOLIDAY = replace(DAYS[2], note="元旦休息", open=False)
NAMES = ("曾小乐", "阿依古丽·买买提", "王小雨", "欧阳轮民", "𠮷㛃")


def lesson(
    day: int, hour: int, minute: int = 0, length: int = 30, title: str = "曾小乐", detail: str = "PT · PT大厅"
) -> Lesson:
    start = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time()) + timedelta(hours=hour, minutes=minute)
    return Lesson(start, start + timedelta(minutes=length), title, detail)


def person(number: int, sessions: int = 6) -> StaffWeek:
    """A therapist with so many sessions in each half of every day."""
    early = tuple(f"{8 + n // 2:02d}:{n % 2 * 30:02d} {NAMES[n % 5]} PT" for n in range(sessions))
    late = tuple(f"{14 + n // 2:02d}:{n % 2 * 30:02d} {NAMES[(n + 2) % 5]} OT" for n in range(sessions))
    away = [("", "")] * 5
    if number % 7 == 3:
        away[1] = ("病假", "病假")
    return StaffWeek(
        f"治疗师{number:02d}",
        "PT" if number % 2 else "",
        ((early, late),) * 5,
        tuple(away),
        10 * sessions,
        300 * sessions,
    )


def department(people: int, sessions: int = 6) -> DepartmentWeek:
    rows = tuple(person(number, sessions) for number in range(1, people + 1))
    return DepartmentWeek(DAYS, rows, (2 * people * sessions,) * 5)


def timetable(by: str, lessons: tuple[Lesson, ...], **more: Any) -> Timetable:
    facts = (("专业技能", "作业治疗OT、感觉统合"), ("训练场次", f"{len(lessons)}节"))
    return Timetable(by, more.pop("subject", "李静"), facts, more.pop("days", DAYS), lessons, **more)


ORDINARY = tuple(
    lesson(day, hour, minute, title=NAMES[(day + hour) % 5])
    for day in range(5)
    for hour, minute in ((8, 0), (8, 30), (9, 30), (14, 0), (15, 0))
    if (day + hour) % 3
)
CRAMMED = tuple(
    lesson(
        day,
        8 + number // 4,
        number % 4 * 15,
        15 + number % 3 * 10,
        title="、".join(NAMES),
        detail="感统 · 感统训练一室（东）",
    )
    for day in range(5)
    for number in range(36)
)


def workload(*, finished: bool = True, empty: bool = False) -> Workload:
    def made(*figures: int) -> Count:
        done, late, made_up, absent, cancelled, booked = figures
        status = Counter(done=done, late=late, made_up=made_up, absent=absent, cancelled=cancelled, booked=booked)
        return Count(
            status, Counter(ill=absent - 1, refused=1) if absent else Counter(), 30 * done, done // 2, 3, 15 * done
        )

    if empty:
        return Workload(Month(2026, 10), (), (), (), Count())
    people = [CountLine(name, "", made(10, 1, 2, 3, 1, 0)) for name in ("李静", "周航")]
    children = [CountLine(name, f"2020-{number:03d}", made(4, 0, 1, 1, 0, 1)) for number, name in enumerate(NAMES)]
    whole = Count()
    for line in people:
        whole.add(line.count)
    kinds = (CountLine("运动治疗（PT）", "", whole),)
    return Workload(
        Month(2026, 10), tuple(people), tuple(children), kinds, whole, finished=finished, partial=not finished
    )


def funded(*, empty: bool = False, finished: bool = True, name: str = "曾小乐") -> AttendanceSheet:
    month = Month(2026, 10)
    days = []
    for number in range(31):
        day = month.first + timedelta(days=number)
        kind = day_kind(day) if number else DayKind(day, False, "国庆节", "holiday")
        done = not empty and kind.open and number % 4
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=9)
        trained = Trained(
            f"s{number}",
            start,
            start + timedelta(minutes=60),
            "PT",
            "single",
            60,
            2,
            "done",
            None,
            "李静",
            "单雄" if number % 2 else "",
            day,
        )
        missed = replace(trained, minutes=0, lessons=0, status="absent", reason="ill", signed_on=None)
        days.append(
            TrainingDay(day, (trained,) if done else (missed,) if number == 8 else (), bool(done), kind, number < 29)
        )
    return AttendanceSheet(
        "c1", name, "2020-001", "1", date(2020, 1, 1), ("4",), "青禾市民政局", "苏州肢体残疾儿童康复训练", "JZ20260001",
        date(2026, 1, 1), date(2026, 10, 29), "每月20天；每日3小时", month, tuple(days), None if empty else 20, finished,
        0 if empty else 2, () if empty else (("ill", 1),),
    )  # fmt: skip


def day_sheet(*, empty: bool = False) -> DaySheet:
    day = MyDay(MONDAY, DayKind(MONDAY, True), "", (), (), (), None, (), 0)
    line = DayLine(
        "08:00–08:30",
        "曾小乐",
        "运动治疗（PT）",
        "PT大厅",
        "髋关节不稳定；移位须两人",
        "扶站10秒\n独坐30秒",
        "11-12 扶站8秒",
        "",
    )
    bare = DayLine("08:30–09:00", "王小雨", "作业治疗（OT）", "", "", "", "", "缺席 生病")
    return DaySheet("李静", day, () if empty else (line, bare) * 3)


SHEETS: dict[str, Callable[[], list[Any]]] = {
    "department_empty": lambda: [DepartmentWeek((*DAYS[:2], HOLIDAY, *DAYS[3:]), (), (0,) * 5)],
    "department_of_12": lambda: [department(12)],
    "therapist_week": lambda: [timetable("therapist", ORDINARY)],
    "therapist_week_empty": lambda: [timetable("therapist", ())],
    "child_week": lambda: [timetable("child", ORDINARY[:6], subject="曾小乐", number="2020-001", child_id="c1")],
    "room_week_masked": lambda: [timetable("room", tuple(replace(each, title="曾＊＊ 20-001") for each in ORDINARY), subject="PT大厅", public=True)],
    "door_day": lambda: [DoorSheet("PT大厅", (("种类", "PT大厅"), ("容量", "同时8人")), DAYS[0], ORDINARY[:4], public=True)],
    "door_day_empty": lambda: [DoorSheet("PT大厅", (("种类", ""), ("容量", "")), HOLIDAY, ())],
    "therapist_day": lambda: [day_sheet()],
    "workload": lambda: [workload()],
    "workload_empty": lambda: [workload(empty=True)],
    "funded_sheet": lambda: [funded()],
    "funded_sheet_empty": lambda: [funded(empty=True, finished=False)],
    "funded_month": lambda: [FundedMonth(Month(2026, 10), "苏州肢体残疾儿童康复训练", "每月20天；每日3小时", (funded(), funded(name="王小雨"), funded(empty=True)))],
}  # fmt: skip
KINDS = {
    DepartmentWeek: "department_week", Timetable: "therapist_week", DoorSheet: "room_day", DaySheet: "therapist_day",
    Workload: "workload", AttendanceSheet: "funded_sheet", FundedMonth: "funded_month",
}  # fmt: skip


def printed(sheets: list[Any]) -> bytes:
    return render_sheets(sheets, HEAD.but(form_name=_(THERAPY_PAPERS[KINDS[type(sheets[0])]].title)))


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", SHEETS)
def test_the_paper_reads_as_kept(name: str, language: str) -> None:
    use_language(language)
    pdf = printed(SHEETS[name]())
    text = layout_of(pdf)
    assert text == agreed(f"therapy_{name}.{language}", text)
    assert faults(pdf) == []


def test_every_declared_paper_has_its_layout() -> None:
    assert set(KINDS) == set(LAYOUTS)
    assert set(KINDS.values()) <= set(THERAPY_PAPERS)


def test_the_same_sheet_makes_the_same_bytes() -> None:
    for make in SHEETS.values():
        assert printed(make()) == printed(make())


@pytest.mark.parametrize(("people", "pages"), [(10, 3), (25, 7), (40, 11)])
def test_a_department_of_any_size_keeps_every_lesson_and_repeats_its_heads(people: int, pages: int) -> None:
    use_language("zh_CN")
    pdf = printed([department(people)])
    text = squeezed(text_of(pdf))
    assert pages_in(pdf) <= pages
    assert all(f"治疗师{number:02d}" in text for number in range(1, people + 1))
    assert text.count("08:00曾小乐PT") == 5 * people
    assert text.count("星期一11-16") == pages_in(pdf)
    assert text.count("（续表）") == pages_in(pdf) - 1


def test_a_day_far_too_full_is_printed_whole() -> None:
    use_language("zh_CN")
    text = squeezed(text_of(printed([department(2, sessions=40)])))
    assert text.count("曾小乐PT") == 2 * 5 * 8
    week = squeezed(text_of(printed([timetable("room", CRAMMED)])))
    assert week.count("欧阳轮民、𠮷㛃") == len(CRAMMED)


LONG = "".join(chr(0x4E00 + number) for number in range(4_000))
"""Four thousand different signs: more than any page holds."""


@pytest.mark.parametrize(
    "sheet",
    [
        replace(timetable("therapist", ORDINARY), subject=LONG),
        replace(timetable("child", ORDINARY), facts=(("专业技能", LONG),)),
        DepartmentWeek(DAYS, (replace(person(1, 1), name=LONG),), (1,) * 5),
        replace(day_sheet(), subject=LONG),
        FundedMonth(Month(2026, 10), "康复训练", "每月20天", (funded(name=LONG),)),
    ],
    ids=["therapist", "fact", "department", "day", "funded"],
)
def test_what_no_page_can_hold_goes_on_over_the_pages(sheet: Any) -> None:
    use_language("zh_CN")
    assert set(LONG) <= set(text_of(printed([sheet])))


def test_a_usual_week_keeps_one_page() -> None:
    full = tuple(lesson(day, hour, minute) for day in range(5) for hour in (8, 9, 10, 14, 15, 16) for minute in (0, 30))
    for by in ("therapist", "room", "child"):
        assert pages_in(printed([timetable(by, full)])) == 1, by
    for language in ("zh_CN", "en"):
        use_language(language)
        assert pages_in(printed([funded()])) == 1, language


def test_a_masked_sheet_for_the_door_is_not_marked_confidential_and_a_named_one_is() -> None:
    use_language("zh_CN")
    assert "内部资料" not in text_of(printed(SHEETS["door_day"]()))
    assert "内部资料" in text_of(printed(SHEETS["door_day_empty"]()))
    assert "内部资料" in text_of(printed(SHEETS["funded_month"]()))


def test_lessons_that_begin_together_and_end_apart_say_when_they_end() -> None:
    use_language("zh_CN")
    both = (lesson(0, 9, 0, 30, "甲"), lesson(1, 9, 0, 60, "乙"))
    text = text_of(printed([timetable("therapist", both)]))
    assert "至09:30" in text
    assert "至10:00" in text


def test_a_month_that_is_not_over_is_a_draft_and_says_whom_it_counts() -> None:
    use_language("zh_CN")
    text = squeezed(text_of(printed([workload(finished=False)])))
    assert "草稿" in text
    assert "仅统计打印人负责的儿童" in text


def test_days_without_training_are_closed_and_unsigned_ones_left_to_sign() -> None:
    use_language("zh_CN")
    text = layout_of(printed([funded()]))
    assert "不在救助期内" in text
    assert "另有2节尚未签字" in squeezed(text)
    line = next(line for line in text.splitlines() if line.startswith("3  "))
    assert line.split() == ["3", "六", "/", "/", "/", "/", "/", "/", "国庆节放假"]


def hostile(text: str) -> list[list[Any]]:
    """Every sheet with a hostile text wherever data may stand."""
    one = replace(lesson(0, 8), title=text + "1", detail=text + "2")
    row = replace(person(1, 1), name=text + "1", therapy=text + "2", halves=(((text + "3",), ()),) * 5)
    line = DayLine(text + "1", text + "2", text + "3", text + "4", text + "5", text + "6", text + "7", text + "8")
    sheet = replace(
        funded(),
        name=text + "1",
        guardian=text + "2",
        card_number=text + "3",
        programme=text + "4",
        norm_words=text + "5",
    )
    counted = replace(workload(), therapists=(CountLine(text + "1", "", workload().whole),))
    return [
        [DepartmentWeek(DAYS, (row,), (1,) * 5)],
        [replace(timetable("therapist", (one,)), subject=text + "3", facts=((text, text + "4"),))],
        [DoorSheet(text + "3", ((text, text + "4"),), DAYS[0], (one,))],
        [replace(day_sheet(), lines=(line,))],
        [counted],
        [sheet],
        [FundedMonth(Month(2026, 10), text + "4", text + "5", (sheet,))],
    ]


@pytest.mark.parametrize("place", range(7))
def test_hostile_texts_are_printed_as_text_wherever_data_may_stand(place: int) -> None:
    use_language("zh_CN")
    lost = [text for text in HOSTILE if missing(text, read(printed(hostile(text)[place])))]
    assert lost == []


def test_a_hostile_text_leaves_the_document_sound() -> None:
    for text in HOSTILE[::9]:
        for sheets in hostile(text):
            assert faults(printed(sheets)) == []
