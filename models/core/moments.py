"""Moments 时刻: dates and times in the words people use for them, in Chinese and English.

Only :mod:`models.core.parse` calls this; the text is already half-width.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from models.core.errors import Refused
from resources import _

_DAYS = {
    "大前天": -3, "前天": -2, "前": -2, "昨天": -1, "昨日": -1, "昨": -1, "yesterday": -1,
    "今天": 0, "今日": 0, "今": 0, "当天": 0, "today": 0, "明天": 1, "明日": 1, "明": 1, "tomorrow": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_WEEKS = {"上上": -2, "上": -1, "": 0, "这": 0, "本": 0, "下": 1, "下下": 2}
_MONTHS = {name: index for index, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
_HAN_DIGITS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_MORNING = ("凌晨", "清晨", "早上", "早晨", "上午", "早", "am")
_AFTERNOON = ("下午", "傍晚", "晚上", "夜里", "夜间", "夜晚", "深夜", "半夜", "晚", "夜", "pm")
_NIGHT = frozenset(_AFTERNOON[2:-1])
_NOON = ("中午",)
_PART = "|".join((*_MORNING, *_AFTERNOON, *_NOON))
_TIME = re.compile(
    rf"(?P<part>{_PART})?(?P<hour>\d{{1,2}})"
    rf"(:(?P<minute>\d{{1,2}})(:\d{{1,2}})?|[点时](钟|整|(?P<half>半)|(?P<quarter>[13])刻|(?P<minutes>\d{{1,2}})分?)?)?"
    rf"(?P<after>am|pm)?",
    re.IGNORECASE,
)

Moment = TypeVar("Moment", bound=date)


class NotUnderstood(Refused):
    """The text names no date or time; the message says in words what to type instead."""


def day(text: str, today: date) -> date:
    """Return the date that the text names.

    Raises:
        NotUnderstood: when it names none.
    """
    line = _closed(han_numbers(text)).casefold()
    if re.search(r"农历|阴历|正月|腊月|初[一二三四五六七八九十\d]", text):
        raise NotUnderstood(_("Lunar dates are not converted; please type the calendar date."))
    for read in (_relative, _of_week, _numeric, _without_year, _english):
        found = read(line, today)
        if found is not None:
            return found
    raise NotUnderstood(_("Please type a date, for example 2026-03-05, 3/5 or today."))


def clock_time(text: str, now: datetime) -> time:
    """Return the time of day that the text names.

    Raises:
        NotUnderstood: when it names none.
    """
    if text.casefold() in {"现在", "刚才", "刚刚", "now"}:
        return now.time().replace(second=0, microsecond=0)
    return _time_and_carry(text)[0]


def moment(text: str, now: datetime) -> datetime:
    """Return the date and time that the text names; a time alone is of today.

    Raises:
        NotUnderstood: when it names none, or the time is left out.
    """
    if text.casefold() in {"现在", "刚才", "刚刚", "now"}:
        return now.replace(second=0, microsecond=0)
    ago = re.fullmatch(r"(\d+)(个?小时|分钟)前", han_numbers(text).replace(" ", ""))
    if ago:
        back = timedelta(hours=int(ago[1])) if "小时" in ago[2] else timedelta(minutes=int(ago[1]))
        return _guarded(lambda: now - back).replace(second=0, microsecond=0)
    before, after = _split(han_numbers(text))
    on = day(before, now.date()) if before else now.date()
    at, carry = _time_and_carry(after)
    return _guarded(lambda: datetime.combine(on, at) + timedelta(days=carry))


def han_numbers(text: str) -> str:
    """Write 十二月二十五日 with digits where a number stands before 年月日号点时分周天个小时."""

    def spelled(found: re.Match[str]) -> str:
        return str(_han_number(found[0]))

    numeral = "".join(_HAN_DIGITS) + "十廿卅"
    return (
        re.sub(rf"[{numeral}]+(?=[年月日号点时分刻天周个小])|(?<=[点时月])[{numeral}]+$", spelled, text)
        if not _names_weekday(text)
        else text
    )


def _closed(line: str) -> str:
    """Take out spaces that only set things apart: around - / . and between Chinese words."""
    if re.search(r"[\u4e00-\u9fff]", line):
        return re.sub(r" (?=\D)|(?<=\D) ", "", line)
    return re.sub(r" ?([-/.]) ?(?=\d)", r"\1", line)


def _names_weekday(text: str) -> bool:
    return bool(re.search(r"(周|星期|礼拜)[一二三四五六日天末]", text)) and not re.search(r"[点时月]", text)


def _han_number(word: str) -> str:
    word = word.replace("廿", "二十").replace("卅", "三十")
    if "十" not in word:
        return "".join(str(_HAN_DIGITS[each]) for each in word)
    tens, _ten, ones = word.partition("十")
    return str((_HAN_DIGITS[tens[-1]] if tens else 1) * 10 + (_HAN_DIGITS[ones[0]] if ones else 0))


def _relative(line: str, today: date) -> date | None:
    if line in _DAYS:
        return today + timedelta(days=_DAYS[line])
    signed = re.fullmatch(r"([+-])(\d{1,3})", line)
    if signed:
        return _guarded(lambda: today + timedelta(days=int(signed[1] + signed[2])))
    counted = re.fullmatch(r"(\d{1,4})(天|日|周|个?星期)(以?前|以?后)", line)
    if counted:
        days = int(counted[1]) * (1 if counted[2] in "天日" else 7) * (-1 if "前" in counted[3] else 1)
        return _guarded(lambda: today + timedelta(days=days))
    return None


def _of_week(line: str, today: date) -> date | None:
    named = re.fullmatch(r"(上上|下下|[上下这本]?)个?(周|星期|礼拜)([一二三四五六日天末])", line)
    if not named:
        return None
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=_WEEKS[named[1]], days=_WEEKDAYS[named[3]])


def _numeric(line: str, today: date) -> date | None:
    whole = re.fullmatch(r"(\d{4}|\d{2})(?:年|[-/.、 ])(\d{1,2})(?:月|[-/.、 ])(\d{1,2})[日号]?", line)
    whole = whole or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", line)
    if whole:
        return _date(_year(whole[1], today), int(whole[2]), int(whole[3]))
    relative = re.fullmatch(r"(前年|去年|今年|明年)(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?", line)
    if relative:
        return _date(
            today.year + {"前": -2, "去": -1, "今": 0, "明": 1}[relative[1][0]], int(relative[2]), int(relative[3])
        )
    return None


def _without_year(line: str, today: date) -> date | None:
    in_year = re.fullmatch(r"(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?", line)
    if in_year:
        return _date(today.year, int(in_year[1]), int(in_year[2]))
    in_month = re.fullmatch(r"(上|本|这|下)?个?(月)?(\d{1,2})[日号]", line)
    if not in_month or bool(in_month[1]) != bool(in_month[2]):
        return None
    month = today.year * 12 + today.month - 1 + {"上": -1, "下": 1}.get(in_month[1] or "", 0)
    return _date(month // 12, month % 12 + 1, int(in_month[3]))


def _english(line: str, today: date) -> date | None:
    first = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? ?([a-z]{3,9})\.?,? ?(\d{4})?", line)
    last = re.fullmatch(r"([a-z]{3,9})\.? ?(\d{1,2})(?:st|nd|rd|th)?,? ?(\d{4})?", line)
    if first:
        number, name, year = first[1], first[2], first[3]
    elif last:
        number, name, year = last[2], last[1], last[3]
    else:
        return None
    month = _MONTHS.get(name[:3])
    return _date(int(year or today.year), month, int(number)) if month else None


def _year(digits: str, today: date) -> int:
    """Two digits mean the century that lies no more than twenty years ahead."""
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    return century + int(digits) - (100 if century + int(digits) > today.year + 20 else 0)


def _date(year: int, month: int, number: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError as wrong:
        raise NotUnderstood(_("There is no such day in the calendar.")) from wrong
    if not 1900 <= found.year <= 2199:
        raise NotUnderstood(_("Please check the year."))
    return found


def _guarded(reckon: Callable[[], Moment]) -> Moment:
    try:
        return reckon()
    except (OverflowError, ValueError) as wrong:
        raise NotUnderstood(_("Please check the year.")) from wrong


def _split(line: str) -> tuple[str, str]:
    """Divide ``3月5日下午2点半`` before its time; the shortest date wins, so that 14:30 is not cut into 4:30."""
    spaced = re.fullmatch(r"(.*\S)[ tT](\d{3,4})", line)
    if spaced:
        return spaced[1], spaced[2]
    closed = _closed(line)
    for start in range(len(closed)):
        tail = closed[start:].strip()
        found = _TIME.fullmatch(tail.replace(" ", "")) if not closed[start].isspace() else None
        if (
            found
            and re.search(r"[:点时]|[ap]m", tail, re.IGNORECASE)
            and not closed[:start].endswith((":", "-", "/", "."))
        ):
            return closed[:start].strip().rstrip("Tt,"), tail
    raise NotUnderstood(_("Please type date and time, for example 2026-03-05 14:30 or yesterday 8 pm."))


def _time_and_carry(text: str) -> tuple[time, int]:
    """Return the time, and 1 when it already belongs to the next day (晚上12点)."""
    line = re.sub(r"\s+", "", han_numbers(text)).casefold()
    packed = re.fullmatch(r"(\d{1,2})(\d{2})", line)
    found = _TIME.fullmatch(f"{packed[1]}:{packed[2]}" if packed else line)
    if not found or (not packed and line.isdigit() and len(line) > 2):
        raise NotUnderstood(_("Please type a time, for example 8:30 or 3 pm."))
    part = (found["part"] or found["after"] or "").casefold()
    hour = int(found["hour"])
    minute = 30 if found["half"] else 15 * int(found["quarter"] or 0) or int(found["minute"] or found["minutes"] or 0)
    carry = 1 if (part in _NIGHT and hour == 12) or (hour == 24 and minute == 0) else 0
    hour = 0 if carry else _hour_of_day(hour, part)
    if hour > 23 or minute > 59:
        raise NotUnderstood(_("There is no such time of day."))
    return time(hour, minute), carry


def _hour_of_day(hour: int, part: str) -> int:
    if hour > 12 or not part:
        return hour
    if part in _MORNING:
        return 0 if hour == 12 and part in {"凌晨", "am"} else hour
    if part in _NOON:
        return hour + 12 if hour <= 3 else hour
    if part in {"夜里", "半夜", "深夜", "夜", "夜间"} and hour <= 5:
        return hour
    return hour if hour == 12 else hour + 12
