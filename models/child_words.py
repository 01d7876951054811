"""The closed vocabularies of the child's file 儿童档案: how a birth date is known, categories, disability, ways to talk."""

from __future__ import annotations

from models.core.words import Code, CodeList, TableCodes
from resources import N_

BIRTH_BASIS = CodeList(
    "birth_basis",
    Code("actual", N_("Known from papers"), "实际（证件或户籍记载）"),
    Code("note", N_("From a note found with the child"), "随身字条记载"),
    Code("examined", N_("Estimated by medical examination"), "推定（体格检查）"),
    Code("bone_age", N_("Estimated by bone age"), "推定（骨龄）"),
    Code("presumed", N_("Estimated otherwise"), "推定（其他依据）"),
)
ESTIMATED = frozenset({"examined", "bone_age", "presumed"})
"""The bases with which a date of birth is an estimate 推定."""

ETHNIC_GROUPS: CodeList = TableCodes(
    "ethnic_group", "codes/ethnic_groups.csv", code="numeric_code", chinese="name", english="romanised_name"
)
BLOOD_GROUPS = CodeList(
    "blood_group",
    Code("1", N_("Group A"), "A型"),
    Code("2", N_("Group B"), "B型"),
    Code("3", N_("Group O"), "O型"),
    Code("4", N_("Group AB"), "AB型"),
    Code("5", N_("Not known"), "不详"),
)
RHESUS = CodeList(
    "rhesus",
    Code("1", N_("Rh negative"), "Rh阴性"),
    Code("2", N_("Rh positive"), "Rh阳性"),
    Code("3", N_("Not known"), "不详"),
)
REGISTRATION = CodeList(
    "registration_status",
    Code("none", N_("Not registered yet"), "尚未落户"),
    Code("collective", N_("Collective register of the home"), "本机构集体户口"),
    Code("family", N_("Register of the family of origin"), "原家庭户口"),
    Code("elsewhere", N_("Other register"), "其他户口"),
)
CATEGORIES = CodeList(
    "category",
    Code("A", N_("A Parents cannot be traced"), "A 无法查明父母"),
    Code("B", N_("B Parents dead or declared missing"), "B 父母死亡或宣告失踪"),
    Code("C", N_("C Parents without capacity"), "C 父母没有监护能力"),
    Code("D", N_("D Appointed by the court"), "D 人民法院指定监护"),
    Code("E", N_("E Destitute, adoption ended and others"), "E 特困、解除收养等其他"),
)
"""File classes of DB36/T 2141—2025."""
CUSTODY: CodeList = TableCodes(
    "custody", "codes/admission_types.csv", code="code", chinese="name_zh_summary", english="english"
)
TEMPORARY_GROUNDS: CodeList = TableCodes(
    "temporary_ground", "codes/temporary_guardianship_grounds.csv",
    code="code", chinese="ground_zh_summary", english="english",
)  # fmt: skip
DISABILITIES = CodeList(
    "disability",
    Code("1", N_("Visual"), "视力残疾"),
    Code("2", N_("Hearing"), "听力残疾"),
    Code("3", N_("Speech"), "言语残疾"),
    Code("4", N_("Physical"), "肢体残疾"),
    Code("5", N_("Intellectual"), "智力残疾"),
    Code("6", N_("Mental"), "精神残疾"),
    Code("7", N_("Multiple"), "多重残疾"),
)
"""Categories of GB/T 26341-2010; the code is the certificate's nineteenth digit."""
GRADES = CodeList(
    "disability_grade",
    Code("1", N_("Grade 1 (most severe)"), "一级"),
    Code("2", N_("Grade 2"), "二级"),
    Code("3", N_("Grade 3"), "三级"),
    Code("4", N_("Grade 4"), "四级"),
)
COMMUNICATION = CodeList(
    "communication",
    Code("speech", N_("Speaks"), "口语"),
    Code("words", N_("Single words"), "单词或短语"),
    Code("sounds", N_("Sounds and face"), "发声和表情"),
    Code("gestures", N_("Gestures"), "手势动作"),
    Code("sign", N_("Sign language"), "手语"),
    Code("pictures", N_("Pictures or symbols"), "图片或符号"),
    Code("device", N_("Speaking device"), "沟通辅具"),
    Code("eyes", N_("Looking"), "目光指示"),
)
PLACEMENTS = CodeList(
    "placement",
    Code("temporary", N_("Temporary stay"), "临时入院"),
    Code("residential", N_("In the home"), "院内集中养育"),
    Code("household", N_("Family-style household"), "类家庭"),
    Code("foster", N_("Foster family"), "家庭寄养"),
    Code("assisted", N_("Cared for by contract"), "助养代养"),
    Code("boarding", N_("Boarding school"), "住校"),
    Code("hospital", N_("In hospital"), "住院"),
    Code("outside_care", N_("Treatment away"), "外出就医"),
    Code("adoption_trial", N_("Trial with adopters"), "试收养融合期"),
    Code("left", N_("Has left"), "已离院"),
)
"""Current placement 养育方式; the moves between them are ``placement_moves.csv``."""
IN_HOUSE = frozenset({"temporary", "residential", "household"})
"""Placements with which a child sleeps in the home."""
