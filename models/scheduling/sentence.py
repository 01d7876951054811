"""A sentence that books 一句话预约: 王小雨 每周二四 9:30 PT 30分钟 3号室 到6月.

    names = vocabulary(work)
    reading = read("王小雨 每周二四 9:30 PT", names, work.today)
    reading.asked, reading.unclear, reading.unknown, reading.missing
    asked, supplied = completed(work, reading.asked, staff_id)      # see models.scheduling.sentence_home
    planned = forecast(work, asked)          # every occurrence judged; nothing is booked yet

Names are those of the home's children, therapists and rooms: whole, in part, in pinyin or by initials. What fits more
than one is asked about, never guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from functools import cached_property

from models.scheduling.sentence_words import SEPARATORS, Days, folded, matches, number, whole_word

LONGEST_SENTENCE = 400
"""Characters that are read; nobody books with more, and what is pasted by mistake costs no time."""


@dataclass(frozen=True)
class Name:
    """Somebody or something that can be named: a ``child``, ``therapist`` or ``room``."""

    kind: str
    id: str
    title: str
    keys: frozenset[str] = frozenset()
    """Other ways to write it: pinyin, initials, number."""


@dataclass(frozen=True)
class Vocabulary:
    """All names that a sentence may use, found by their beginnings."""

    names: tuple[Name, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Name]:
        """The names by id."""
        return {name.id: name for name in self.names}

    @cached_property
    def whole(self) -> dict[str, list[tuple[str, Name]]]:
        """Whole names and keys by their first character."""
        found: defaultdict[str, list[tuple[str, Name]]] = defaultdict(list)
        for name in self.names:
            for words in {folded(name.title), *name.keys} - {""}:
                found[words[0]].append((words, name))
        return found

    @cached_property
    def parts(self) -> dict[str, list[tuple[str, Name]]]:
        """What a name holds from each pair of its characters on."""
        found: defaultdict[str, list[tuple[str, Name]]] = defaultdict(list)
        for name in self.names:
            title = folded(name.title)
            for start in range(len(title) - 1):
                if not title[start : start + 2].isascii():
                    found[title[start : start + 2]].append((title[start:], name))
        return found

    def unique(self, name: Name) -> str:
        """Return how to write a name so that it means nobody else."""
        alike = [each for each in self.names if folded(each.title) == folded(name.title)]
        numbers = sorted(key for key in name.keys if any(character.isdigit() for character in key))
        return numbers[0] if len(alike) > 1 and numbers else name.title


@dataclass(frozen=True)
class Piece:
    """A stretch of the sentence and what was understood of it; ``unknown`` when nothing was."""

    start: int
    end: int
    kind: str
    value: object = None
    choices: tuple[Name, ...] = ()
    """The names that fit, when there is more than one."""


@dataclass(frozen=True)
class Asked:
    """What a sentence asks for; what it does not say is empty."""

    children: tuple[str, ...] = ()
    therapist: str = ""
    room: str = ""
    therapy: str = ""
    day: date | None = None
    """The day, or for a series the day from which on."""
    weekdays: frozenset[int] = frozenset()
    every: int = 0
    """0 once, 1 each week, 2 every second week."""
    start: time | None = None
    minutes: int = 0
    last: date | None = None
    count: int = 0


@dataclass(frozen=True)
class Reading:
    """A sentence as it was understood: its pieces, and what it asks for."""

    text: str
    pieces: tuple[Piece, ...] = ()
    asked: Asked = field(default_factory=Asked)

    @property
    def unknown(self) -> tuple[Piece, ...]:
        """Stretches that were not understood, or say a thing a second time."""
        return tuple(piece for piece in self.pieces if piece.kind in ("unknown", "again"))

    @property
    def unclear(self) -> tuple[Piece, ...]:
        """Names that fit more than one."""
        return tuple(piece for piece in self.pieces if piece.kind == "unclear")

    @property
    def missing(self) -> tuple[str, ...]:
        """What must still be said: ``child``, ``day``, ``time``; the rest the child's plan may supply."""
        lacks = {
            "child": not self.asked.children, "time": self.asked.start is None,
            "day": self.asked.day is None and not self.asked.weekdays,
        }  # fmt: skip
        return tuple(kind for kind, missing in lacks.items() if missing)


# --- reading ------------------------------------------------------------------------------------------


def read(text: str, names: Vocabulary, today: date) -> Reading:
    """Understand a sentence; whatever is written, something is answered and nothing raised."""
    plain = folded(text[:LONGEST_SENTENCE])
    pieces: list[Piece] = []
    at = 0
    while at < len(plain):
        if plain[at] in SEPARATORS:
            at += 1
            continue
        piece = _piece(plain, at, names, today)
        if piece is None:
            end = _unknown_end(plain, at, names, today)
            piece = Piece(at, end, "unknown", text[at:end])
        pieces.append(piece)
        at = piece.end
    understood = tuple(_once(_told_apart(plain, pieces)))
    return Reading(text, understood, _asked(understood, today))


def _piece(text: str, at: int, names: Vocabulary, today: date) -> Piece | None:
    """Return the longest thing that begins at a place; a whole name goes before a word, a word before part of a name."""
    best: tuple[int, int] = (at, 0)
    found: Piece | None = None
    for rank, piece in _pieces(text, at, names, today):
        if (piece.end, rank) > best:
            best, found = (piece.end, rank), piece
    return found


def _pieces(text: str, at: int, names: Vocabulary, today: date) -> Iterable[tuple[int, Piece]]:
    for end, found in _whole_names(text, at, names).items():
        yield 3, _named(at, end, found)
    for each in matches(text, at, today):
        yield 2, Piece(at, each.end, each.kind, each.value)
    room = _numbered_room(text, at, names)
    if room:
        yield 2, room
    for end, found in _part_names(text, at, names).items():
        yield 1, _named(at, end, found)


def _named(at: int, end: int, found: Sequence[Name]) -> Piece:
    """Return the piece of a name; every name that fits is a choice, told apart later."""
    alone = tuple(dict.fromkeys(found))
    return Piece(at, end, alone[0].kind if len(alone) == 1 else "unclear", alone[0] if len(alone) == 1 else None, alone)


def _whole_names(text: str, at: int, names: Vocabulary) -> dict[int, list[Name]]:
    found: defaultdict[int, list[Name]] = defaultdict(list)
    for words, name in names.whole.get(text[at], ()):
        end = _spelled(text, at, words)
        if end and whole_word(text, at, end) and _whole_number(text, at, end):
            found[end].append(name)
    return found


def _spelled(text: str, at: int, words: str) -> int:
    """Return where a word ends at a place; pinyin may be written in two words."""
    if text.startswith(words, at):
        return at + len(words)
    if not words.isascii() or len(words) < 4:
        return 0
    place = at
    for character in words:
        if place < len(text) and text[place] == " " and place > at and character.isalpha():
            place += 1
        if place >= len(text) or text[place] != character:
            return 0
        place += 1
    return place


def _whole_number(text: str, start: int, end: int) -> bool:
    """Whether digits between two places are not part of a longer number."""
    before = start > 0 and text[start].isdigit() and text[start - 1].isdigit()
    return not before and not (end < len(text) and text[end].isdigit() and text[end - 1].isdigit())


_LATIN = re.compile(r"[a-z]{3,}")


def _part_names(text: str, at: int, names: Vocabulary) -> dict[int, list[Name]]:
    """Find names of which only a part is written: two characters or more, or the beginning of the pinyin."""
    found: defaultdict[int, list[Name]] = defaultdict(list)
    for rest, name in names.parts.get(text[at : at + 2], ()):
        long = next((count for count in range(len(rest), 1, -1) if text.startswith(rest[:count], at)), 0)
        if long:
            found[at + long].append(name)
    latin = _LATIN.match(text, at)
    if latin and whole_word(text, at, latin.end()):
        for words, name in names.whole.get(text[at], ()):
            if words.startswith(latin[0]):
                found[latin.end()].append(name)
    if not found:
        return {}
    longest = max(found)
    return {longest: found[longest]}


_ROOM = re.compile(
    r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})\s*号?(?:治疗室|训练室|房间|教室|室|房|厅)|room\s*(?P<word>[a-z0-9]+)"
)


def _numbered_room(text: str, at: int, names: Vocabulary) -> Piece | None:
    """``3号室``, ``room 3``: the rooms whose name holds this number."""
    found = _ROOM.match(text, at)
    if not found:
        return None
    wanted = str(number(found["n"])) if found["n"] else found["word"]
    alone = re.compile(rf"(?<![0-9a-z]){re.escape(wanted)}(?![0-9a-z])")
    rooms = [name for name in names.names if name.kind == "room" and alone.search(folded(name.title))]
    if rooms:
        return _named(at, found.end(), rooms)
    return Piece(at, found.end(), "unknown", text[at : found.end()])


def _unknown_end(text: str, at: int, names: Vocabulary, today: date) -> int:
    """Return where what is not understood ends: before the next thing that is, or at the next space."""
    end = at + 1
    while end < len(text) and text[end] not in SEPARATORS:
        inside_word = (
            text[end].isascii() and text[end].isalnum() and text[end - 1].isascii() and text[end - 1].isalnum()
        )
        if not inside_word and _piece(text, end, names, today):
            break
        end += 1
    return end


_TEACHER = re.compile(r"\s*(?:老师|治疗师)")
_WITH = re.compile(r"(?:跟|由|with|by)\s*$")


def _told_apart(text: str, pieces: Sequence[Piece]) -> list[Piece]:
    """Where a name fits children and therapists alike, let the words around it tell which is meant."""
    clear = []
    for piece in pieces:
        if piece.kind == "unclear":
            treats = _TEACHER.match(text, piece.end) or _WITH.search(text[: piece.start])
            meant = tuple(each for each in piece.choices if not treats or each.kind == "therapist") or piece.choices
            piece = replace(_named(piece.start, piece.end, meant))
        clear.append(piece)
    return clear


def _once(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """Mark what is said a second time; only children and weekdays may be several."""
    seen: set[str] = set()
    for piece in pieces:
        kinds = {"time", "minutes"} if piece.kind == "span" else {piece.kind}
        several = piece.kind in ("child", "days", "filler", "unknown", "unclear")
        if not several and kinds & seen:
            yield replace(piece, kind="again")
            continue
        seen |= kinds
        yield piece


def _asked(pieces: Sequence[Piece], today: date) -> Asked:
    said: dict[str, object] = {}
    children: list[str] = []
    days: list[Days] = []
    for piece in pieces:
        if isinstance(piece.value, Name) and piece.kind == "child":
            children.append(piece.value.id)
        elif isinstance(piece.value, Days):
            days.append(piece.value)
        else:
            said[piece.kind] = piece.value
    start, minutes = said.get("time"), said.get("minutes", 0)
    if isinstance(said.get("span"), tuple):
        start, minutes = said["span"]  # type: ignore[misc]  # a time and a length
    asked = Asked(
        tuple(dict.fromkeys(children)), _id(said.get("therapist")), _id(said.get("room")), str(said.get("therapy", "")),
        said.get("first") or said.get("day"), start=start, minutes=minutes, last=said.get("last"), count=said.get("count", 0),  # type: ignore[arg-type]
    )  # fmt: skip
    return _on_days(asked, days, today)


def _id(name: object) -> str:
    return name.id if isinstance(name, Name) else ""


def _on_days(asked: Asked, days: Sequence[Days], today: date) -> Asked:
    """Decide whether weekdays mean the next of them, some of one week, or a series."""
    weekdays = frozenset().union(*(each.weekdays for each in days))
    every = max((each.every for each in days), default=0)
    if not every and (asked.last or asked.count > 1):
        every = 1
    if every:
        weekdays = weekdays or (frozenset({asked.day.weekday()}) if asked.day else frozenset())
        return replace(asked, weekdays=weekdays, every=every)
    if not weekdays:
        return asked
    monday = next((each.monday for each in days if each.monday), None)
    first = max(monday, today) if monday else today
    if len(weekdays) == 1 and asked.day is None:
        return replace(asked, day=first + timedelta(days=(min(weekdays) - first.weekday()) % 7))
    end = monday + timedelta(days=6) if monday else (asked.day or first) + timedelta(days=6)
    return replace(asked, weekdays=weekdays, every=1, day=asked.day or first, last=end)


# --- writing ------------------------------------------------------------------------------------------

_CHINESE = "一二三四五六日"
_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def render(asked: Asked, names: Vocabulary, chinese: bool = True) -> str:
    """Write what is asked for as a sentence that reads back as the same."""
    parts = [names.unique(names.by_id[child]) for child in asked.children]
    parts += [_days_words(asked, chinese)]
    if asked.start:
        early = chinese and 1 <= asked.start.hour <= 6
        parts.append(("上午" if early else "") + f"{asked.start:%H:%M}")
    parts += [asked.therapy, _minutes_words(asked.minutes, chinese)]
    if asked.therapist:
        parts.append(names.unique(names.by_id[asked.therapist]))
    if asked.room:
        parts.append(names.unique(names.by_id[asked.room]))
    if asked.every and asked.last:
        parts.append(f"到{asked.last.isoformat()}" if chinese else f"until {asked.last.isoformat()}")
    if asked.count:
        parts.append(f"共{asked.count}次" if chinese else f"{asked.count} sessions")
    return " ".join(part for part in parts if part)


def _minutes_words(minutes: int, chinese: bool) -> str:
    if not minutes:
        return ""
    return f"{minutes}分钟" if chinese else f"{minutes} min"


def _days_words(asked: Asked, chinese: bool) -> str:
    if not asked.every:
        return asked.day.isoformat() if asked.day else ""
    ordered = sorted(asked.weekdays)
    if chinese:
        days = ("每周" if asked.every == 1 else "隔周") + "".join(_CHINESE[day] for day in ordered)
        return f"{days} 从{asked.day.isoformat()}起" if asked.day else days
    days = ("every " if asked.every == 1 else "every second ") + (" ".join(_ENGLISH[day] for day in ordered) or "week")
    return f"{days} from {asked.day.isoformat()}" if asked.day else days


def chosen(reading: Reading, piece: Piece, name: Name, names: Vocabulary) -> str:
    """Return the sentence with an unclear piece replaced by the name that was meant."""
    return f"{reading.text[: piece.start]}{names.unique(name)}{reading.text[piece.end :]}"
