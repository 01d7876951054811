"""The words of medicines 用药: units, routes, what became of a dose, and which medicine an allergy forbids."""

from __future__ import annotations

from collections.abc import Iterable

from models.core.search import fold
from models.core.words import Code, CodeList
from resources import table

DOSE_UNITS = CodeList(
    "dose_unit",
    Code("mg", "mg", "毫克"),
    Code("g", "g", "克"),
    Code("ug", "µg", "微克"),
    Code("ml", "mL", "毫升"),
    Code("tablet", "tab.", "片"),
    Code("capsule", "caps.", "粒"),
    Code("sachet", "sachet", "袋"),
    Code("drop", "drops", "滴"),
    Code("puff", "puffs", "喷"),
    Code("ampoule", "amp.", "支"),
    Code("unit", "units", "单位"),
    Code("thin", "thin layer", "薄层"),
)
ROUTES = CodeList(
    "route",
    Code("oral", "By mouth", "口服"),
    Code("tube", "By feeding tube", "鼻饲"),
    Code("inhaled", "Inhaled", "雾化吸入"),
    Code("skin", "On the skin", "外用"),
    Code("eye", "Into the eye", "滴眼"),
    Code("ear", "Into the ear", "滴耳"),
    Code("nose", "Into the nose", "滴鼻"),
    Code("rectal", "Into the rectum", "直肠给药"),
    Code("sc", "Under the skin (SC)", "皮下注射"),
    Code("im", "Into the muscle (IM)", "肌内注射"),
    Code("iv", "Into the vein (IV)", "静脉给药"),
)
WATCHED = CodeList(
    "medicine_watched",
    Code("ordinary", "Ordinary", "普通药品"),
    Code("antiepileptic", "Against seizures", "抗癫痫药"),
    Code("psychotropic", "Psychotropic", "精神药品"),
    Code("insulin", "Insulin", "胰岛素"),
    Code("heart", "Heart medicine", "心血管药"),
    Code("controlled", "Controlled", "麻醉药品及一类精神药品"),
)
HIGH_ALERT = frozenset({"insulin", "heart", "controlled"})
"""Groups with which a mistake does grave harm 高警示药品: two people check."""
OUTCOMES = CodeList(
    "dose_outcome",
    Code("given", "Given", "已服"),
    Code("refused", "Refused", "拒服"),
    Code("missed", "Missed", "漏服"),
    Code("vomited", "Vomited afterwards", "服后呕吐"),
    Code("repeated", "Vomited, given again", "呕吐补服"),
    Code("stopped", "Not given: stopped", "停药"),
    Code("away", "Not given: child away", "不在院"),
)
TAKEN = frozenset({"given", "repeated", "vomited"})
"""Outcomes with which the medicine went into the child."""
NOT_TAKEN_WITH_REASON = frozenset({"missed", "stopped"})
EFFECTS = CodeList(
    "dose_effect",
    Code("good", "Helped", "有效"),
    Code("some", "Helped a little", "稍有缓解"),
    Code("none", "Did not help", "无效"),
    Code("bad", "Did harm", "出现不良反应"),
)


def forbidden_by(drug: str, substances: Iterable[str]) -> str:
    """Return the allergy that forbids a medicine, "" when none does.

    A medicine is forbidden when one name contains the other, or when both belong to one group of
    ``medication/allergy_groups.csv``. The list is short and the program's own: it helps, a doctor decides.
    """
    return next((each for each in substances if _same(fold(drug), fold(each))), "")


def _same(drug: str, substance: str) -> bool:
    if len(substance) < 2 or not drug:
        return False
    return substance in drug or drug in substance or bool(_groups_of(drug) & _groups_of(substance))


def _groups_of(name: str) -> set[str]:
    return {
        row["group"]
        for row in table("medication/allergy_groups.csv")
        if fold(row["member"]) in name or fold(row["chinese"]) in name or fold(row["group"]) in name
    }
