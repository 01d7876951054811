"""The words of a booking sentence 预约语句的词: days, times, lengths and therapies as people write them, Chinese and English.

Each matcher looks at one place of a folded text and answers how far it understood, what kind of thing it is, and its
value. Nothing here knows a child, a room or a database; ``today`` is always given.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Any

from models.therapies import THERAPIES


@dataclass(frozen=True)
class Days:
    """Weekdays (0 = Monday): of one week that begins on ``monday``, or repeated (``every`` so many weeks)."""

    weekdays: frozenset[int] = frozenset()
    every: int = 0
    monday: date | None = None


@dataclass(frozen=True)
class Found:
    """What was understood at a place: up to where, which kind of thing, and its value."""

    end: int
    kind: str
    value: Any = None


Matcher = Callable[[str, int, date], "Found | None"]


def folded(text: str) -> str:
    """Return the text as it is compared, exactly as long: half-width and small letters, one character for one."""
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    plain = (plain if len(plain) == 1 else character).lower()
    return plain if len(plain) == 1 else character


# --- numbers ------------------------------------------------------------------------------------------

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"


def number(words: str) -> int:
    """Return the value of a number in digits or characters up to 99.

    >>> [number(each) for each in ("8", "十", "十二", "二十", "三十五", "两")]
    [8, 10, 12, 20, 35, 2]
    """
    if words.isdigit():
        return int(words)
    if "十" in words:
        tens, _ten, ones = words.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS.get(words, 0)


# --- days ---------------------------------------------------------------------------------------------

_WEEK = r"(?:周|星期|礼拜|週)"
_DAY = r"[一二三四五六日天]|[1-7](?![\d:点时])"
_CHINESE_DAYS = {character: index for index, character in enumerate("一二三四五六日")} | {"天": 6}
_CHINESE_WEEK = re.compile(
    rf"(?P<every>每隔|每|隔|下下|下|本|这)?(?P<gap>[一两二12])?个?{_WEEK}(?P<of>的)?"
    rf"(?P<days>(?:{_DAY})(?:[、,和及与到至~-]?{_WEEK}?(?:[一二三四五六日天]))*)?"
)
_ENGLISH_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?"
)
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_WEEK = re.compile(
    r"(?P<every>every|each|weekly|next|this)?(?:\s+(?P<gap>other|second|2nd|two|2))?(?:\s+weeks?)?(?:\s+on)?\s*"
    rf"(?P<days>{_ENGLISH_DAY}(?:(?:\s*(?:,|/|&|\+|-|and|to)\s*|\s+){_ENGLISH_DAY})*)(?![a-z])"
)
_ENGLISH_REPEAT = re.compile(
    r"(?:every\s+(?P<gap>other|second|2nd|two|2)\s+weeks?|(?P<two>fortnightly|biweekly)|every\s+week|weekly)(?![a-z])"
)
_DAILY = re.compile(r"每天|每日|天天|工作日|every\s+day|daily|weekdays")


def _week(text: str, at: int, today: date) -> Found | None:
    """``每周二四``, ``隔周三``, ``下周一``, ``周一到周五``; ``every Tue Thu``, ``next Mon``, ``Mon-Fri``."""
    daily = _DAILY.match(text, at)
    if daily:
        return Found(daily.end(), "days", Days(frozenset(range(5)), 1))
    return _chinese_week(text, at, today) or _english_week(text, at, today)


def _chinese_week(text: str, at: int, today: date) -> Found | None:
    found = _CHINESE_WEEK.match(text, at)
    if not found or not (found["every"] or found["days"]) or (found["gap"] and found["every"] not in ("每", "每隔")):
        return None
    weekdays = _weekdays(found["days"] or "")
    if found["every"] in ("下下", "下", "本", "这"):
        weeks = {"下下": 2, "下": 1}.get(found["every"], 0)
        return _of_week(found.end(), weekdays, today, weeks) if weekdays else None
    apart = {"每隔": 2, "隔": 2, "每": 1}.get(found["every"] or "", 0)
    if found["every"] == "每" and found["gap"]:
        apart = number(found["gap"])
    return Found(found.end(), "days", Days(weekdays, apart))


def _english_week(text: str, at: int, today: date) -> Found | None:
    found = _ENGLISH_WEEK.match(text, at)
    if found:
        weekdays = _weekdays(found["days"])
        if found["every"] in ("next", "this"):
            return _of_week(found.end(), weekdays, today, 1 if found["every"] == "next" else 0)
        apart = (2 if found["gap"] else 1) if found["every"] else 0
        return None if found["gap"] and not apart else Found(found.end(), "days", Days(weekdays, apart))
    found = _ENGLISH_REPEAT.match(text, at)
    if found:
        return Found(found.end(), "days", Days(every=2 if found["gap"] or found["two"] else 1))
    return None


def _of_week(end: int, weekdays: frozenset[int], today: date, weeks: int) -> Found:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    if len(weekdays) == 1:
        return Found(end, "day", monday + timedelta(days=min(weekdays)))
    return Found(end, "days", Days(weekdays, 0, monday))


def _weekdays(words: str) -> frozenset[int]:
    """Return the weekdays named, a range with all between."""
    named = re.findall(rf"{_ENGLISH_DAY}(?![a-z])|[一二三四五六日天1-7]|到|至|~|-|to", words)
    found: list[int] = []
    through = False
    for each in named:
        if each in ("到", "至", "~", "-", "to"):
            through = bool(found)
            continue
        day = _weekday(each)
        found += range(found[-1], day + 1) if through else [day]
        through = False
    return frozenset(found)


def _weekday(word: str) -> int:
    if word.isdigit():
        return int(word) - 1
    if word in _CHINESE_DAYS:
        return _CHINESE_DAYS[word]
    return _ENGLISH_DAYS.index(word[:3])


# --- dates --------------------------------------------------------------------------------------------

_NEAR = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3, "today": 0, "tomorrow": 1}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])"
)
_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?")
_MONTH_DAY = re.compile(rf"({NUMBER})月({NUMBER})[日号]?|(\d{{1,2}})[-/](\d{{1,2}})(?![\d:室])")
_DAY_ONLY = re.compile(rf"({NUMBER})[日号](?!室|房|厅|楼|馆)")
_ENGLISH_DATE = re.compile(
    rf"(?P<m1>{_MONTH_NAME})\s*(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH_NAME})(?:,?\s+(?P<y2>\d{{4}}))?"
)
_MONTH = re.compile(rf"(?:(?P<y1>\d{{4}})年)?(?P<month>{NUMBER})月(?:底|末)?|(?:end\s+of\s+)?(?P<name>{_MONTH_NAME})(?:\s+(?P<y2>\d{{4}}))?")  # fmt: skip
_END = re.compile(r"月底|本月底|年底|今年底|end of (?:the )?month|end of (?:the )?year")


def _day(text: str, at: int, today: date) -> Found | None:
    """``明天``, ``11月24日``, ``11-24``, ``24号``, ``2026-11-24``; ``tomorrow``, ``Nov 24``."""
    near = next((word for word in sorted(_NEAR, key=len, reverse=True) if text.startswith(word, at)), None)
    if near:
        return Found(at + len(near), "day", today + timedelta(days=_NEAR[near]))
    for pattern, made in ((_FULL, _full), (_ENGLISH_DATE, _english), (_MONTH_DAY, _month_day), (_DAY_ONLY, _day_only)):
        found = pattern.match(text, at)
        day = made(found, today) if found else None
        if found and day:
            return Found(found.end(), "day", day)
    return None


def _full(found: re.Match[str], _today: date) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _english(found: re.Match[str], today: date) -> date | None:
    month = _MONTHS.index((found["m1"] or found["m2"])[:3]) + 1
    day, year = int(found["d1"] or found["d2"]), found["y1"] or found["y2"]
    return _date(int(year), month, day) if year else _next(today, month, day)


def _month_day(found: re.Match[str], today: date) -> date | None:
    return _next(today, number(found[1] or found[3]), number(found[2] or found[4]))


def _day_only(found: re.Match[str], today: date) -> date | None:
    day = number(found[1])
    months = [(today.year + (today.month + ahead - 1) // 12, (today.month + ahead - 1) % 12 + 1) for ahead in range(12)]
    dates = (_date(year, month, day) for year, month in months)
    return next((each for each in dates if each and each >= today), None)


def _next(today: date, month: int, day: int) -> date | None:
    dates = (_date(today.year + ahead, month, day) for ahead in range(5))
    return next((each for each in dates if each and each >= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_UNTIL = re.compile(r"(?:一直到|直到|截至|截止到|到|至|until\s+|till?\s+|through\s+|up\s+to\s+|to\s+)\s*")
_FROM = re.compile(r"(?:从|自|from\s+|starting\s+(?:on\s+)?|beginning\s+)\s*")
_ON = re.compile(r"\s*(?:起|开始|以后)")


def _until(text: str, at: int, today: date) -> Found | None:
    """``到6月``, ``至2027-06-30``, ``到年底``; ``until June``."""
    word = _UNTIL.match(text, at)
    if not word:
        return None
    found = _last_day(text, word.end(), today)
    if not found:
        return None
    end = found.end + 2 if text.startswith("为止", found.end) else found.end
    return Found(end, "last", found.value)


def _last_day(text: str, at: int, today: date) -> Found | None:
    end = _END.match(text, at)
    if end:
        year = "年" in end[0] or "year" in end[0]
        return Found(end.end(), "last", date(today.year, 12, 31) if year else _month_end(today.year, today.month))
    named = _day(text, at, today) or _week(text, at, today)
    if named and named.kind == "day":
        return named
    if named and named.kind == "days" and len(named.value.weekdays) == 1:
        return Found(named.end, "last", today + timedelta(days=(min(named.value.weekdays) - today.weekday()) % 7))
    month = _MONTH.match(text, at)
    return _of_month(month, today) if month else None


def _of_month(found: re.Match[str], today: date) -> Found | None:
    month = number(found["month"]) if found["month"] else _MONTHS.index(found["name"][:3]) + 1
    given = found["y1"] or found["y2"]
    if not 1 <= month <= 12 or (given and int(given) < 1):
        return None
    year = int(given) if given else today.year + (month < today.month)
    return Found(found.end(), "last", _month_end(year, month))


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _from(text: str, at: int, today: date) -> Found | None:
    """``从12月1日起``, ``12月1日开始``; ``from Dec 1``."""
    word = _FROM.match(text, at)
    found = _day(text, word.end() if word else at, today) or _week(text, word.end() if word else at, today)
    if not found or found.kind != "day":
        return None
    on = _ON.match(text, found.end)
    return Found(on.end() if on else found.end, "first", found.value) if word or on else None


# --- times --------------------------------------------------------------------------------------------

_HALF = r"(?P<half>上午|早上|早晨|清晨|中午|下午|傍晚|晚上|晚)?\s*"
_CLOCK = re.compile(
    rf"{_HALF}(?:(?P<h1>\d{{1,2}}):(?P<m1>\d{{2}})|(?P<h2>{NUMBER})[点时](?:钟|整)?"
    rf"(?P<part>半|一刻|三刻|(?P<m2>{NUMBER})分?)?)(?![\d:])(?:\s*(?P<after>am|pm)(?![a-z]))?"
    r"|(?P<h3>\d{1,2})\s*(?P<only>am|pm)(?![a-z])"
)
_BETWEEN = re.compile(r"\s*(?:-|–|~|到|至|to)\s*")


def _time(text: str, at: int, today: date) -> Found | None:
    """``9:30``, ``下午2点半``, ``十点一刻``, ``9:30-10:00``; ``2 pm``."""
    found = _CLOCK.match(text, at)
    start = _clock(found) if found else None
    if not found or start is None:
        return None
    between = _BETWEEN.match(text, found.end())
    other = _CLOCK.match(text, between.end()) if between else None
    end = _clock(other) if other else None
    length = (end.hour - start.hour) * 60 + end.minute - start.minute if end else 0
    length += 720 if end and length < 0 and end.hour < 12 else 0
    if other and length > 0:
        return Found(other.end(), "span", (start, length))
    return Found(found.end(), "time", start)


def _clock(found: re.Match[str]) -> time | None:
    hour = number(found["h1"] or found["h2"] or found["h3"])
    minutes = {"半": 30, "一刻": 15, "三刻": 45}.get(found["part"] or "", number(found["m1"] or found["m2"] or "0"))
    half = found["half"] or found["after"] or found["only"] or ""
    if half in ("下午", "傍晚", "晚上", "晚", "pm") and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    elif half == "中午" and hour < 3:
        hour += 12
    elif not half and 1 <= hour <= 6 and len(found["h1"] or "") < 2:
        hour += 12  # nobody is treated before seven: an hour alone means the afternoon, unless it is written 06:30
    return time(hour, minutes) if hour < 24 and minutes < 60 else None


_MINUTES = re.compile(r"(\d{1,3})\s*(?:分钟|分|min(?:ute)?s?(?![a-z])|')")
_HOURS = re.compile(
    r"(?P<half>半)个?(?:小时|钟头)|(?P<n>\d(?:\.\d{1,2})?|[一两二三])\s*个?(?P<more>半)?(?:小时|钟头)(?P<and>半)?"
    r"|(?P<m>\d(?:\.\d{1,2})?)\s*h(?:ours?|rs?)?(?![a-z])|(?P<hh>half\s+an\s+hour)|(?P<one>an\s+hour)"
)


def _length(text: str, at: int, today: date) -> Found | None:
    """``30分钟``, ``半小时``, ``一个半小时``; ``45 min``, ``half an hour``."""
    found = _MINUTES.match(text, at)
    if found:
        return Found(found.end(), "minutes", int(found[1]))
    found = _HOURS.match(text, at)
    if not found:
        return None
    if found["half"] or found["hh"]:
        return Found(found.end(), "minutes", 30)
    if found["one"]:
        return Found(found.end(), "minutes", 60)
    words = found["n"] or found["m"]
    hours = float(words) if words[0].isdigit() else number(words)
    return Found(found.end(), "minutes", round(hours * 60) + (30 if found["more"] or found["and"] else 0))


_COUNT = re.compile(
    rf"(?:一共|总共|共|连续)?\s*(?P<n>{NUMBER})\s*(?:次|节|回)|(?P<m>\d{{1,3}})\s*(?:sessions?|times)(?![a-z])|[x×*]\s*(?P<x>\d{{1,3}})"
)


def _count(text: str, at: int, today: date) -> Found | None:
    """``共8次``; ``8 sessions``, ``x8``."""
    found = _COUNT.match(text, at)
    count = number(found["n"] or found["m"] or found["x"]) if found else 0
    return Found(found.end(), "count", count) if found and count else None


# --- therapies and what may be said beside it -----------------------------------------------------------

_ALSO = {
    "物理治疗": "PT", "运动": "PT", "运动疗法": "PT", "physio": "PT", "physiotherapy": "PT", "作业": "OT", "作业疗法": "OT",
    "occupational": "OT", "言语": "ST", "语言": "ST", "语训": "ST", "speech": "ST", "感统": "SI", "感觉统合": "SI", "sensory": "SI",
    "认知": "COG", "cognition": "COG", "cognitive": "COG", "引导式": "CE", "conductive": "CE", "音乐": "MUS", "music": "MUS",
    "心理": "PSY", "psychology": "PSY", "理疗": "PHY", "agents": "PHY", "水疗": "HYD", "hydro": "HYD", "water": "HYD",
    "推拿": "TCM", "按摩": "TCM", "tuina": "TCM", "massage": "TCM",
}  # fmt: skip


@cache
def _therapy_words() -> dict[str, str]:
    words = dict(_ALSO)
    for code in THERAPIES:
        for name in (
            code.code,
            code.label,
            code.chinese,
            code.chinese.partition("（")[0],
            code.label.partition(" (")[0],
        ):
            words[folded(name)] = code.code
    return words


def _therapy(text: str, at: int, today: date) -> Found | None:
    """``PT``, ``运动治疗``, ``感统``; ``speech``."""
    words = _therapy_words()
    fitting = [word for word in words if text.startswith(word, at) and whole_word(text, at, at + len(word))]
    return Found(at + max(map(len, fitting)), "therapy", words[max(fitting, key=len)]) if fitting else None


_FILLERS = re.compile(
    r"(?:请|帮|给|约|预约|安排|预订|和|跟|与|由|在|的|上|做|进行|一次|训练|治疗|课|集体|小组|老师|治疗师|岁)"
    r"|(?:please|book|for|with|at|on|in|and|of|a|the|session|therapy|group|by)(?![a-z])"
)
SEPARATORS = frozenset(' \t\r\n,，、。;；.!！?？·|/（）()[]【】“”"')


def _filler(text: str, at: int, today: date) -> Found | None:
    found = _FILLERS.match(text, at)
    return Found(found.end(), "filler") if found else None


def whole_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters between two places are not part of a longer word."""

    def joined(left: int, right: int) -> bool:
        inside = left >= 0 and right < len(text)
        return inside and "a" <= text[left] <= "z" and "a" <= text[right] <= "z"

    return not joined(start - 1, start) and not joined(end - 1, end)


MATCHERS: tuple[Matcher, ...] = (_until, _from, _time, _length, _count, _week, _day, _therapy, _filler)


def matches(text: str, at: int, today: date) -> Iterator[Found]:
    """Yield everything that can be understood at a place of a folded text."""
    for matcher in MATCHERS:
        found = matcher(text, at, today)
        if found and found.end > at and whole_word(text, at, found.end):
            yield found
