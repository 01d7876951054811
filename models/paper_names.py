"""Paper names 文件命名: under which names papers are kept in a folder, by a rule that the home sets.

    named = Names("{number}_{name}_{form}_{period}", taken={"a.pdf"})
    named.of({"number": "2020-001", "name": "曾小乐", "form": "儿童月度综合记录", "period": "2026-10"})

A name is safe on every system: nothing that Windows refuses, not too long for a disk, and never one that is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from models.core import settings
from models.papers import clean_name, safe_stem
from resources import N_, _

FIELDS = {
    "number": N_("File number"), "name": N_("Name"), "form": N_("form"), "period": N_("period"), "unit": N_("Unit"),
}  # fmt: skip
"""What a rule can speak of, each with its word on the screen."""
RULE = "{number}_{name}_{form}_{period}"
LONGEST_RULE = 120

settings.setting("paper_names", N_("Names of printed files"), RULE, settings.HOME, hidden=True)

_FIELD = re.compile(r"\{([^{}]*)\}")
_GAPS = re.compile(r"([_\-–·. ])[_\-–·. ]+")
_BYTES, _UNITS = 190, 240
"""What a disk takes for one name, with room for a counter; and what Windows takes for a whole path."""


def shown(rule: str) -> str:
    """Return a rule as it is shown, with the fields in the language in use."""
    return _FIELD.sub(lambda found: f"{{{_(FIELDS[found[1]])}}}" if found[1] in FIELDS else found[0], rule)


def meant(text: str) -> str:
    """Return the rule that was typed, whether its fields are named in words or by their keys."""
    words = {_(label).casefold(): key for key, label in FIELDS.items()} | {key: key for key in FIELDS}
    return _FIELD.sub(lambda found: f"{{{words.get(found[1].strip().casefold(), found[1])}}}", text.strip())


def rule_problem(rule: str) -> str:
    """Say what is wrong with a rule; nothing when it can be used."""
    used = _FIELD.findall(rule)
    unknown = [each for each in used if each not in FIELDS]
    if unknown:
        known = " ".join(f"{{{_(label)}}}" for label in FIELDS.values())
        return _("There is no field “{name}”. These can be used: {known}").format(name=unknown[0], known=known)
    if len(rule) > LONGEST_RULE:
        return _("The rule is too long.")
    if re.search(r"[{}]", _FIELD.sub("", rule)):
        return _("A bracket is left open.")
    if not {"number", "name"} & set(used):
        return _("The name or the file number of the child must be in it, so that files can be told apart.")
    return ""


def named(rule: str, facts: Mapping[str, str], room: int = _UNITS) -> str:
    """Return the name of one paper by a rule, without folder: what is empty leaves no gap, what is too long is cut."""
    values = {key: facts.get(key, "").strip() for key in FIELDS}
    while True:
        stem = _filled(rule, values)
        longest = max(values, key=lambda key: len(values[key]))
        if _fits(stem, room) or len(values[longest]) <= 1:
            return safe_stem(_cut(stem, room)) + ".pdf"
        values[longest] = values[longest][:-1]


def _filled(rule: str, values: Mapping[str, str]) -> str:
    words = clean_name(_FIELD.sub(lambda found: values.get(found[1], ""), rule))
    return _GAPS.sub(r"\1", words).strip(" _-–·.")


def _fits(stem: str, room: int) -> bool:
    return len(stem.encode()) <= _BYTES and len(stem.encode("utf-16-le")) // 2 <= max(room, 24)


def _cut(stem: str, room: int) -> str:
    while not _fits(stem, room):
        stem = stem[:-1]
    return stem


class Names:
    """Names given one after another in one folder; none is given twice, and none that is ``taken`` already."""

    def __init__(self, rule: str, taken: Iterable[str] = (), folder: str = "") -> None:
        self.rule, self.room = rule, _UNITS - len(folder)
        self._taken = {same(each) for each in taken}

    def of(self, facts: Mapping[str, str], within: str = "") -> str:
        """Return the name of the next paper, ``within`` a folder of its own if one is given."""
        place = f"{within}/" if within else ""
        return self.free(place + named(self.rule, facts, self.room - len(place)))

    def free(self, name: str) -> str:
        """Return a name, with a counter where it is taken, and take it."""
        stem, dot, ending = name.rpartition(".")
        made, count = name, 1
        while same(made) in self._taken:
            count += 1
            made = f"{stem} ({count}){dot}{ending}"
        self._taken.add(same(made))
        return made


def same(name: str) -> str:
    """Return a name as Windows and macOS compare it."""
    return unicodedata.normalize("NFC", name).casefold()
