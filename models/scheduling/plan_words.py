"""Plans in words 方案说明: what a plan changes, line by line, and which rule it would break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.core.database import Work
from models.core.queries import load, titles
from models.core.words import Code, CodeList
from models.scheduling.week_plan import WeekPlan
from models.therapies import short_name
from resources import N_, _

PARTS = ("starts", "ends", "therapist", "room")
"""What of a session a plan may change."""
KINDS = CodeList(
    "plan_change",
    Code("moved", N_("Moved"), "调整时间"),
    Code("therapist", N_("Other therapist"), "更换治疗师"),
    Code("room", N_("Other room"), "更换场所"),
    Code("new", N_("New"), "新增"),
    Code("cancelled", N_("Falls out"), "移出课表"),
    Code("group", N_("Into a group"), "并入小组"),
    Code("lost", N_("To be made up"), "待补课"),
)
RULES = CodeList(
    "plan_rule",
    Code("skill", N_("the therapist is not trained for it"), "治疗师不具备该项目资质"),
    Code("child", N_("the child cannot come at this time"), "儿童该时段不能参加"),
    Code("therapist_away", N_("the therapist is not there"), "治疗师不在岗"),
    Code("too_many", N_("more sessions than prescribed"), "超过处方次数"),
    Code("same_day", N_("twice on one day"), "同日重复"),
    Code("child_day", N_("over the child's daily maximum"), "超过儿童每日上限"),
    Code("rest", N_("too little rest between two sessions"), "两次训练间休息不足"),
    Code("therapist", N_("the therapist is taken"), "治疗师时间冲突"),
    Code("therapist_day", N_("over the therapist's daily maximum"), "超过治疗师每日上限"),
    Code("resource", N_("the room or equipment is full"), "场所或器材已满"),
    Code("locked", N_("a locked session was moved"), "锁定的训练被移动"),
)


def rule_words(rule: str) -> str:
    """Say which hard rule is broken."""
    return RULES.label(rule)


@dataclass(frozen=True)
class ChangeLine:
    """One line of a plan's change list in words."""

    kind: str
    who: str
    therapy: str
    before: str
    after: str
    children: tuple[str, ...] = ()
    therapists: tuple[str, ...] = ()
    """Whom it concerns: those before and after."""
    days: tuple[str, ...] = ()
    """The days it concerns: those before and after."""
    number: int = 0
    """Its number in the plan, by which it can be published by itself."""

    @property
    def words(self) -> str:
        """Say the whole line."""
        texts = {
            "new": _("{who} {therapy}: new, {after}"), "cancelled": _("{who} {therapy}: falls out, was {before}"),
            "lost": _("{who} {therapy}: to be made up, was {before}"),
            "group": _("{who} {therapy}: from {before} into the group {after}"),
        }  # fmt: skip
        text = texts.get(self.kind) or _("{who} {therapy}: from {before} to {after}")
        return text.format(who=self.who, therapy=self.therapy, before=self.before, after=self.after)


class Names:
    """The names that the lines of a plan need, looked up at once; who may not be seen has none."""

    def __init__(self, work: Work, lines: Iterable[Mapping[str, Any]]) -> None:
        every = list(lines)
        parts = [part for line in every for part in (line.get("before"), line.get("after"), line) if part]
        self.children = titles(work, "child", {child for line in every for child in line["children"]})
        self.staff = titles(work, "staff", {part.get("therapist") for part in parts})
        self.rooms = titles(work, "room", {part.get("room") for part in parts})

    def who(self, children: Iterable[str]) -> str:
        """Name some children."""
        return _(", ").join(dict.fromkeys(self.children.get(each, _("another child")) for each in children))

    def place(self, part: Mapping[str, Any] | None) -> str:
        """Say when, with whom and where."""
        if not part:
            return ""
        starts, ends = (datetime.fromisoformat(part[name]) for name in ("starts", "ends"))
        words = (
            f"{starts:%m-%d %H:%M}–{ends:%H:%M}",
            self.staff.get(part["therapist"] or ""),
            self.rooms.get(part["room"] or ""),
        )
        return " ".join(filter(None, words))


def change_lines(work: Work, plan_id: str) -> list[ChangeLine]:
    """Return what a plan changes, in the order of time: who moves from where to where, what is new, what falls out."""
    plan: WeekPlan = load(work, WeekPlan, plan_id)
    every = enumerate(plan.lines or ())
    lines = sorted(every, key=lambda pair: (pair[1]["after"] or pair[1]["before"])["starts"])
    names = Names(work, (line for _number, line in lines))
    return [
        ChangeLine(
            line["kind"], names.who(line["children"]), short_name(line["therapy"]), names.place(line["before"]),
            names.place(line["after"]), tuple(line["children"]),
            tuple(dict.fromkeys(part["therapist"] for part in (line["before"], line["after"]) if part)),
            tuple(dict.fromkeys(part["starts"][:10] for part in (line["before"], line["after"]) if part)), number,
        )
        for number, line in lines
    ]  # fmt: skip


def sitting_words(work: Work, item: Mapping[str, Any], what: str) -> str:
    """Say of one planned session what is the matter with it."""
    names = Names(work, [item])
    return _("{who} {therapy}, {place}: {what}.").format(
        who=names.who(item["children"]), therapy=short_name(item["therapy"]), place=names.place(item), what=what
    )


_VEILED = re.compile(r"⟦([^⟧]*)⟧")


def unveiled(work: Work, texts: Iterable[str]) -> list[str]:
    """Put the names into kept texts in which people stand as ⟦id⟧, as far as the reader may know them."""
    every = list(texts)
    ids = {key for text in every for key in _VEILED.findall(text)}
    known = titles(work, "child", ids) | titles(work, "staff", ids)
    return [_VEILED.sub(lambda found: known.get(found[1], _("another child")), text) for text in every]
