"""The closed vocabularies of safety 安全: kinds of incident, the nine situations, checkpoints, grades of hazard."""

from __future__ import annotations

from models.core.words import Code, CodeList, TableCodes
from resources import N_, table

INCIDENT_KINDS: CodeList = TableCodes(
    "incident_kind", "incident_kinds.csv", code="code", chinese="name_zh", english="name_en"
)
SITUATIONS: CodeList = TableCodes(
    "situation", "mandatory_report.csv", code="code", chinese="name_zh", english="name_en"
)
"""The situations in which harm to a minor must be reported at once 强制报告情形."""
DECISIONS = CodeList(
    "report_decision",
    Code("open", N_("Not yet decided"), "待判断"),
    Code("no", N_("Need not be reported"), "不属于强制报告"),
    Code("yes", N_("Must be reported"), "属于强制报告"),
)
AUTHORITIES = CodeList(
    "authority",
    Code("police", N_("Police"), "公安机关"),
    Code("civil", N_("Civil-affairs department"), "民政部门"),
    Code("education", N_("Education department"), "教育部门"),
    Code("prosecutor", N_("Prosecutor (noted as well)"), "检察机关（备案）"),
    Code("health", N_("Health department"), "卫生健康部门"),
    Code("other", N_("Other authority"), "其他部门"),
)
INJURIES = CodeList(
    "injury",
    Code("none", N_("No injury"), "无伤"),
    Code("light", N_("Light: looked after in the home"), "轻微（院内处理）"),
    Code("medium", N_("Medium: seen by a doctor"), "一般（需就医）"),
    Code("severe", N_("Severe: in hospital"), "严重（需住院）"),
    Code("death", N_("Death"), "死亡"),
    Code("unknown", N_("Not yet known"), "待查"),
)
CCTV = CodeList(
    "cctv",
    Code("kept", N_("Saved and kept"), "已调取保存"),
    Code("asked", N_("Asked for, not yet saved"), "已申请，待保存"),
    Code("none", N_("No camera there"), "该处无监控"),
    Code("lost", N_("Overwritten or faulty"), "已覆盖或故障"),
)
PATROL_KINDS: CodeList = TableCodes(
    "patrol_kind", "patrol_rules.csv", code="kind", chinese="name_zh", english="name_en"
)
CHECKPOINTS: CodeList = TableCodes(
    "checkpoint", "patrol_checkpoints.csv", code="code", chinese="name_zh", english="name_en"
)
HAZARD_GROUPS: CodeList = TableCodes(
    "hazard_group", "hazard_groups.csv", code="code", chinese="name_zh", english="name_en"
)
HAZARD_SITUATIONS: CodeList = TableCodes(
    "hazard_situation", "hazard_situations.csv", code="code", chinese="name_zh", english="name_en"
)
GRADES = CodeList(
    "hazard_grade",
    Code("ordinary", N_("Ordinary hazard"), "一般隐患"),
    Code("major", N_("Major hazard"), "重大事故隐患"),
)
STAGES = CodeList(
    "hazard_stage",
    Code("registered", N_("Registered"), "已登记"),
    Code("rectifying", N_("Being put right"), "整改中"),
    Code("rectified", N_("To be checked"), "待复查"),
    Code("verified", N_("To be closed"), "复查合格"),
    Code("closed", N_("Closed"), "已销号"),
)
"""The closing loop 排查→登记→整改→复查→销号; finding and registering are one act here."""


def checkpoints_of(kind: str) -> list[str]:
    """Return the checkpoints of one kind of round, in walking order."""
    return [row["code"] for row in table("patrol_checkpoints.csv") if kind in row["kinds"].split()]


def suggested_situation(kind: str | None) -> str:
    """Return the situation of mandatory report that a kind of incident suggests, or nothing."""
    rows = {row["code"]: row["suggests_situation"] for row in table("incident_kinds.csv")}
    return rows.get(kind or "", "")
