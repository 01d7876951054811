"""Therapies 康复项目: the words of the therapy department — kinds of therapy, attendance, reasons, risks, rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from functools import cache

from models.calendar_rules import in_force
from models.core.words import Code, CodeList, TableCodes
from resources import N_, current_language, table

THERAPIES = CodeList(
    "therapy",
    Code("PT", N_("Physiotherapy (PT)"), "运动治疗（PT）"),
    Code("OT", N_("Occupational therapy (OT)"), "作业治疗（OT）"),
    Code("ST", N_("Speech therapy (ST)"), "言语治疗（ST）"),
    Code("SI", N_("Sensory integration"), "感觉统合训练"),
    Code("COG", N_("Cognitive training"), "认知训练"),
    Code("CE", N_("Conductive education"), "引导式教育"),
    Code("MUS", N_("Music therapy"), "音乐治疗"),
    Code("PSY", N_("Psychotherapy"), "心理治疗"),
    Code("PHY", N_("Physical agents"), "理疗"),
    Code("HYD", N_("Hydrotherapy"), "水疗"),
    Code("TCM", N_("Chinese massage (tuina)"), "中医推拿"),
)
_MARKS = {
    "SI": ("感", "SI"), "COG": ("认", "Co"), "CE": ("引", "CE"), "MUS": ("音", "Mu"), "PSY": ("心", "Ps"), "PHY": ("理", "PA"),
    "HYD": ("水", "Hy"), "TCM": ("推", "Tu"),
}  # fmt: skip
_SHORT = {
    "SI": ("感统", N_("Sensory")), "COG": ("认知", N_("Cognition")), "CE": ("引导式", N_("Conductive")),
    "MUS": ("音乐", N_("Music")), "PSY": ("心理", N_("Psychology")), "PHY": ("理疗", N_("Agents")),
    "HYD": ("水疗", N_("Water")), "TCM": ("推拿", N_("Tuina")),
}  # fmt: skip

FORMS = CodeList("therapy_form", Code("single", N_("One to one"), "一对一"), Code("group", N_("Group"), "集体"))

SKILL_OF = {
    "PT": "pt", "OT": "ot", "ST": "st", "SI": "sensory", "COG": "special_education", "CE": "conductive",
    "MUS": "music", "PSY": "psychology", "PHY": "physical_agents", "HYD": "hydro", "TCM": "tcm",
}  # fmt: skip
"""The skill of staff that each therapy asks for."""

STATUSES = CodeList(
    "session_status",
    Code("booked", N_("Booked"), "已预约"),
    Code("done", N_("Done"), "完成"),
    Code("late", N_("Late or left early"), "迟到早退"),
    Code("absent", N_("Absent"), "缺席"),
    Code("made_up", N_("Made up"), "补课"),
    Code("cancelled", N_("Cancelled"), "取消"),
)
HOLDING = ("booked", "done", "late", "made_up")
"""In these states a session holds its child, therapist, room and equipment."""
TREATED = ("done", "late", "made_up")
"""In these states the child was treated."""

REASONS = CodeList(
    "session_reason",
    Code("ill", N_("Ill"), "生病"),
    Code("away", N_("Away from the home"), "外出"),
    Code("school", N_("At school"), "上学"),
    Code("refused", N_("Refused"), "拒绝训练"),
    Code("therapist", N_("Therapist absent"), "治疗师缺勤"),
    Code("equipment", N_("Equipment out of order"), "设备故障"),
    Code("power", N_("Power cut"), "停电"),
    Code("other", N_("Other reason"), "其他原因"),
)

RESPONSES = CodeList(
    "session_response",
    Code("5", N_("Eager, took the lead"), "积极主动"),
    Code("4", N_("Cooperative"), "配合良好"),
    Code("3", N_("Cooperative with prompts"), "提示下配合"),
    Code("2", N_("Little cooperation"), "配合较差"),
    Code("1", N_("Did not tolerate it"), "不能耐受"),
)
ASSISTANCE = CodeList(
    "assistance",
    Code("passive", N_("Passive"), "被动"),
    Code("assisted", N_("With help"), "辅助"),
    Code("prompted", N_("With prompts"), "提示"),
    Code("active", N_("By itself"), "独立"),
)

CONTRAINDICATIONS: CodeList = TableCodes(
    "contraindication", "rehab/contraindications.csv", code="code", chinese="chinese", english="english"
)


def mark(therapy: str) -> str:
    """Return the one or two characters that stand for a therapy where space is short."""
    chinese, english = _MARKS.get(therapy, (therapy, therapy))
    return chinese if current_language() == "zh_CN" else english


def short_name(therapy: str) -> str:
    """Name a therapy in one short word."""
    from resources import _

    if therapy not in _SHORT:
        return therapy if therapy in THERAPIES else ""
    chinese, english = _SHORT[therapy]
    return chinese if current_language() == "zh_CN" else _(english)


def measure(name: str, day: date) -> float:
    """Return a number of the department's rules as it holds on a day, e.g. ``measure("fever_from", today)``."""
    rows = in_force((row for row in table("rehab/rules.csv") if row["rule"] == name), day)
    return float(rows[-1]["value"])


def rule(name: str, day: date) -> int:
    """Return a whole number of the department's rules as it holds on a day."""
    return int(measure(name, day))


@dataclass(frozen=True)
class Opening:
    """One half of the day in which the therapy rooms are open."""

    starts: time
    ends: time
    name: str


@cache
def opening_hours(day: date) -> tuple[Opening, ...]:
    """Return when the therapy rooms are open on a day, in its season."""
    wanted = f"{day:%m-%d}"
    rows = in_force(table("rehab/opening_hours.csv"), day)
    return tuple(
        Opening(time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"]), row["name_zh"])
        for row in rows
        if row["from_day"] <= wanted <= row["to_day"]
    )
