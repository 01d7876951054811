"""The closed vocabularies of the transition to adulthood 成年安置: tracks, domains, levels, things handed over, outcomes."""

from __future__ import annotations

from models.core.words import Code, CodeList, TableCodes
from resources import N_, table

TRACKS = CodeList(
    "track",
    Code("work", N_("Work and an own life"), "就业自立"),
    Code("study", N_("Further study, still supported"), "升学（继续供养）"),
    Code("army", N_("Military service"), "参军入伍"),
    Code("society", N_("Placed in society, with support"), "社会化安置"),
    Code("adult_home", N_("Destitution support, adult welfare home"), "特困供养（转社会福利机构）"),
    Code("mental", N_("Mental-health welfare institution"), "精神卫生福利机构"),
    Code("supported", N_("Living with relatives or in supported housing"), "亲属照料或支持性居住"),
    Code("family", N_("Adopted or claimed by the family"), "收养或认领"),
)
DEPENDENT_TRACKS = frozenset({"adult_home", "mental", "supported"})
"""Tracks of young people who will need others to act for them, so that legal capacity is to be settled in time."""
PHASES = CodeList(
    "transition_phase",
    Code("skills", N_("Life skills, every year"), "生活能力评估"),
    Code("prepare", N_("Preparing from sixteen"), "十六岁起准备"),
    Code("placement", N_("Placement"), "安置"),
    Code("after_care", N_("After leaving"), "离院后跟进"),
)
ABILITY = CodeList(
    "ability",
    Code("full", N_("Full"), "完全具备"),
    Code("partial", N_("In part"), "部分具备"),
    Code("none", N_("None"), "不具备"),
    Code("unknown", N_("To be assessed"), "待评估"),
)
DOMAINS: CodeList = TableCodes(
    "transition_domain", "transition_domains.csv", code="code", chinese="name_zh", english="name_en"
)
LEVELS = CodeList(
    "readiness_level",
    Code("0", N_("Not begun"), "尚未开始"),
    Code("1", N_("With full help"), "全程协助"),
    Code("2", N_("With some help"), "部分协助"),
    Code("3", N_("When reminded"), "提醒下完成"),
    Code("4", N_("Alone"), "独立完成"),
)
STEPS: CodeList = TableCodes(
    "transition_step", "transition_rules.csv", code="code", chinese="name_zh", english="name_en"
)
HAND_OVER: CodeList = TableCodes(
    "hand_over_item", "transition_hand_over.csv", code="code", chinese="name_zh", english="name_en"
)
HAND_OVER_GROUPS = CodeList(
    "hand_over_group",
    Code("papers", N_("Papers"), "证件与文书"),
    Code("money", N_("Money"), "财产"),
    Code("belongings", N_("Belongings and keepsakes"), "物品与纪念物"),
    Code("support", N_("Support after leaving"), "离院后保障"),
)
REACHED = CodeList(
    "after_care_reached",
    Code("met", N_("Met in person"), "面访"),
    Code("spoken", N_("Spoken by telephone or video"), "电话或视频"),
    Code("written", N_("In writing"), "书面或消息"),
    Code("through", N_("Through others"), "经他人了解"),
    Code("not_found", N_("Could not be reached"), "未能联系"),
    Code("refused", N_("Does not wish contact"), "本人不愿联系"),
    Code("moved", N_("Moved far away or abroad"), "迁居外地或国外"),
    Code("adopted", N_("Adopted"), "已被收养"),
    Code("custody", N_("In custody"), "司法羁押"),
    Code("deceased", N_("Deceased"), "死亡"),
)
NOT_REACHED = frozenset({"not_found", "refused", "moved", "adopted", "custody", "deceased"})
OUTCOMES = CodeList(
    "after_care_outcome",
    Code("employed", N_("Employed"), "就业"),
    Code("studying", N_("Studying or training"), "就学或培训"),
    Code("housed", N_("Safely housed"), "居住稳定"),
    Code("income", N_("Income is enough"), "收入够用"),
    Code("healthy", N_("Health is looked after"), "健康有保障"),
    Code("friends", N_("Has people to rely on"), "有可依靠的人"),
    Code("contact", N_("Keeps in touch"), "保持联系"),
)
"""Counted over the cohort: what has become of those who left."""
SITUATION = CodeList(
    "after_care_situation",
    Code("good", N_("Going well"), "稳定"),
    Code("watch", N_("Needs attention"), "需关注"),
    Code("crisis", N_("In a crisis"), "危机"),
)


def hand_over_group(code: str) -> str:
    """Return the group of a thing that is handed over."""
    return next((row["group"] for row in table("transition_hand_over.csv") if row["code"] == code), "")
