"""Names in copies 副本姓名处理: who is named in a child's papers, and what stands instead of each for a recipient.

Names are known from fields: those of all children of the home, and those of relatives, contacts, witnesses and finders
(``resources/reference/copies/people.csv``). What is known is replaced wherever it stands, in free text as well, and the
same person always by the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.record import record_types
from models.person_name import DOT
from models.staff import Staff
from resources import N_, _, table

ROLES = {
    "relative": N_("relative {letter}"),
    "carer": N_("carer {letter}"),
    "contact": N_("contact {letter}"),
    "reporter": N_("reporter {letter}"),
    "witness": N_("witness {letter}"),
    "finder": N_("finder {letter}"),
}
"""What stands instead of somebody's name, by what the person is to the child."""
_LETTER = "{letter}"
_GAP = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*"
"""What may lie between the signs of a name that a line has broken or a hand has spaced."""
_DOTS = "[·•・‧．⋅･●∙᛫⸱.]"
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9}|\d{17}[0-9Xx])(?![0-9A-Za-z])")
"""A mobile telephone's number, or an identity number."""
_PARTS = re.compile(r"[、，,;；/|\s（）()：:。“”\"]+|(?<=[\u3400-\u9fff])[和与及](?=[\u3400-\u9fff])")
_RELATION = re.compile(
    "^(?:其|儿童)?(?:父亲|母亲|爸爸|妈妈|爷爷|奶奶|外公|外婆|祖父母?|祖母|姥姥|姥爷|伯父|伯母|叔叔|婶婶|姑姑|姑父|舅舅|舅妈|姨妈|姨父"
    "|哥哥|姐姐|弟弟|妹妹|监护人|代理人|邻居|村干部|班主任|民警|社工|志愿者|目击者|证人|报案人|发现人|养父|养母|寄养家庭|联系人)"
)
_AFTER = re.compile("(?:家庭|夫妇|一家|家中|家|户|女士|先生|同志|等人?)$")
_OFFICE = frozenset("部科院校局处站所厅司队店厂室会办委班组级")
"""With these the name of an office or a place ends, not that of a person."""
_LATIN = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’.-]+)+")


class Names:
    """Replaces names consistently; the same words for the same person throughout one copy.

    Args:
        names: name → the words instead of it; ``{letter}`` in them becomes A, B … in the order of appearance.
        other: the words where a name has none of its own.
        same: a further name of somebody → the name under which the person is known already.
        own: numbers that may be read; with None every number may.

    >>> Names({"罗小舟": ""}, "另一儿童{letter}").said("和罗小舟争执，罗 小舟先动手")
    '和另一儿童A争执，另一儿童A先动手'
    """

    def __init__(
        self, names: Mapping[str, str], other: str, same: Mapping[str, str] | None = None,
        own: frozenset[str] | None = None,
    ) -> None:  # fmt: skip
        self._known = {_plain(name): instead or other for name, instead in names.items() if len(_plain(name)) > 1}
        self._same = {_plain(name): _plain(main) for name, main in (same or {}).items()}
        self._words: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._own = own
        self._pattern = _pattern([name for name in names if len(_plain(name)) > 1])

    def said(self, text: str) -> str:
        """Return a text with every known name replaced, and with strangers' numbers shortened."""
        if not text:
            return text
        if self._pattern:
            text = self._pattern.sub(lambda found: self._instead(_plain(found[0])), text)
        return _NUMBER.sub(self._number, text) if self._own is not None else text

    def _instead(self, name: str) -> str:
        person = self._same.get(name, name)
        if person not in self._words:
            words = self._known.get(person, self._known[name])
            count = self._counts.get(words, 0)
            self._words[person] = words.replace(_LETTER, letters(count))
            self._counts[words] = count + (_LETTER in words)
        return self._words[person]

    def _number(self, found: re.Match[str]) -> str:
        number = found[0]
        return number if number in (self._own or ()) else number[: 6 if len(number) > 11 else 3] + "****"


def _plain(name: str) -> str:
    """Return a name without gaps, with one kind of dot and of case, so that its spellings are the same."""
    return re.sub(_GAP, "", re.sub(_DOTS, DOT, name)).casefold()


def _pattern(names: list[str]) -> re.Pattern[str] | None:
    """Return what finds the names, the longer before the shorter, gathered by their first sign so that it is quick."""
    first: dict[str, list[str]] = {}
    for name in sorted({_plain(each) for each in names}, key=len, reverse=True):
        first.setdefault(name[0], []).append(name)
    several = (
        _sign(sign) + "(?:" + "|".join("".join(_GAP + _sign(each) for each in name[1:]) for name in some) + ")"
        for sign, some in first.items()
    )
    joined = "|".join(several)
    return re.compile(joined, re.IGNORECASE) if joined else None


def _sign(sign: str) -> str:
    return _DOTS if sign == DOT else re.escape(sign)


def letters(number: int) -> str:
    """Return A, B … Z, AA, AB …"""
    before = letters(number // 26 - 1) if number >= 26 else ""
    return before + chr(ord("A") + number % 26)


# --- who is named -----------------------------------------------------------------------------------


@cache
def _no_names() -> frozenset[str]:
    """Words that begin with a surname's sign and are none: 康复, 高中, 周末."""
    return frozenset(row["word"] for row in table("copies/no_names.csv"))


@cache
def _surnames() -> frozenset[str]:
    return frozenset(row["surname"] for row in table("names/surnames.csv"))


def people_in(text: str | None) -> Iterator[str]:
    """Yield what looks like a person's name in a field that says who somebody is.

    >>> list(people_in("祖母 王秀英、邻居李强（13800000000）；市民政局"))
    ['王秀英', '李强']
    """
    yield from _LATIN.findall(text or "")
    for part in _PARTS.split(text or ""):
        name = _AFTER.sub("", _RELATION.sub("", part))
        if _is_han_name(name) or (DOT in name and len(name) > 3):
            yield name


def _is_han_name(name: str) -> bool:
    """Two or three signs after a surname, four after one of two signs; no office and no common word."""
    if (
        name in _no_names()
        or name[-1:] in _OFFICE
        or any(name.startswith(word) for word in _no_names() if len(name) > 2)
    ):
        return False
    if not 2 <= len(name) <= 4 or not all("\u3400" <= each <= "\U000323af" for each in name):
        return False
    return name[:2] in _surnames() or (name[0] in _surnames() and len(name) < 4)


def people_named(work: Work, readable: frozenset[str]) -> dict[str, str]:
    """Return the names of people outside the home that a recipient may not read, with the words instead of them."""
    kinds = {kind.__name__: kind for kind in record_types()}
    found: dict[str, str] = {}
    for row in table("copies/people.csv"):
        type_name, _dot, name = row["what"].partition(".")
        if row["role"] in readable or type_name not in kinds:
            continue
        column = kinds[type_name].__table__.c[name]
        for (text,) in map(tuple, work.whole_home(select(column).where(column.is_not(None)).distinct())):
            for each in people_in(text):
                found.setdefault(each, _(ROLES[row["role"]]))
    staff = Staff.__table__.c.name
    for (name,) in map(tuple, work.whole_home(select(staff))):
        found.pop(name, None)  # who works here answers for it by name
    return found


def children_named(work: Work, child: Child, own: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of the home's children with the words instead of them, and who is the same under another name."""
    children = Child.__table__.c
    names: dict[str, str] = {}
    same: dict[str, str] = {}
    for child_id, name, former in map(tuple, work.whole_home(select(children.id, children.name, children.former_name))):
        if child_id != child.id:
            names |= dict.fromkeys(filter(None, (name, former)), "")
            if former:
                same[former] = name
    for name in filter(None, (child.name, child.former_name)):
        same.pop(name, None)
        if own:
            names[name] = own
        else:
            names.pop(name, None)
    return names, same
