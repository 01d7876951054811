"""Repairs in words 调课说明: what has hit a session, and what each option would mean."""

from __future__ import annotations

from collections.abc import Mapping

from models.core.words import Code, CodeList
from models.scheduling.problem import Problem
from models.scheduling.reason_words import Speaker, move_words
from models.scheduling.repair_options import KINDS, Option
from resources import N_, _, ngettext

CAUSES = CodeList(
    "repair_cause",
    Code("therapist", N_("Therapist away"), "治疗师不在岗"),
    Code("child", N_("Child away"), "儿童不能来"),
    Code("resource", N_("Room or equipment closed"), "场所器材停用"),
    Code("day", N_("Department closed"), "康复室停训"),
)
"""What takes a session its place."""


def option_words(option: Option, problem: Problem, names: Mapping[str, str]) -> str:
    """Say what an option means, and what else moves for it."""
    speaker = Speaker(names, problem.grid)
    kind = KINDS.label(option.kind)
    if option.place is None:
        return kind
    text = _("{kind}: {place}").format(kind=kind, place=speaker.when(option.place))
    if not option.moves:
        return text
    moves = _("; ").join(move_words(each, problem, speaker) for each in option.moves)
    return _("{option} ({moves})").format(option=text, moves=moves)


def outcome_words(lost: int, moved: int, replaced: int, *, proven: bool, grouped: int = 0) -> str:
    """Say what a repair comes to: how many have a new place, of them in a group, how many others move, how many are lost."""
    text = _("{placed} placed anew, {moved} others moved, {lost} to be made up.").format(
        placed=replaced, moved=moved, lost=lost
    )
    if grouped:
        more = ngettext("{n} of them joins a group.", "{n} of them join groups.", grouped).format(n=grouped)
        text = _("{sentence} {more}").format(sentence=text, more=more)
    if proven:
        return _("{sentence} {more}").format(sentence=text, more=_("No repair changes less."))
    return text


def lost_words(count: int) -> str:
    """Say how many sessions go on the make-up list."""
    return ngettext("{n} session goes on the make-up list", "{n} sessions go on the make-up list", count).format(
        n=count
    )
