"""Invented names for the demo home, from tables of surnames and characters; no real person is meant."""

from __future__ import annotations

from functools import cache
from random import Random

from resources import table

COMMON = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
AWKWARD = ("曾", "单", "仇", "解", "查", "朴", "盖", "翟", "欧阳", "司徒", "亓", "仉")
"""Surnames that are read otherwise than a dictionary says, or have two characters: good to search for."""
RARE = ("刘䶮", "陈小𬉼", "张子𬭎", "𠮷田安")
CARERS_CALL = ["小安", "小满", "小乐", "小禾", "小雨", "小树", "小星", "小舟", "小米", "小麦", "小溪", "小北"]


@cache
def _characters() -> dict[str, list[str]]:
    """Characters of given names by sex, 1 male and 2 female."""
    rows = table("names/given_name_characters.csv")
    return {code: [row["char"] for row in rows if row["list_sex"] == sex] for code, sex in (("1", "男"), ("2", "女"))}


@cache
def _names_with_dot() -> dict[str, list[str]]:
    rows = [row for row in table("names/synthetic_names.csv") if row["kind"] in {"middle_dot", "minority_solid"}]
    return {code: [row["name"] for row in rows if row["sex"] == sex] for code, sex in (("1", "男"), ("2", "女"))}


def child_name(random: Random, sex: str, taken: set[str]) -> tuple[str, str]:
    """Return a new name for a child and the code of the ethnic group it suggests."""
    while True:
        name, group = _child_name(random, sex)
        if name not in taken:
            taken.add(name)
            return name, group


def _child_name(random: Random, sex: str) -> tuple[str, str]:
    chance = random.random()
    if chance < 0.05:
        name = random.choice(_names_with_dot()[sex])
        return name, "05" if "·" in name else "04"
    if chance < 0.07:
        return random.choice(RARE), "01"
    surname = random.choice(AWKWARD) if chance < 0.15 else random.choice(COMMON)
    if random.random() < 0.22:
        return surname + random.choice(CARERS_CALL), "01"
    return surname + _given(random, sex), "01"


def adult_name(random: Random, sex: str, taken: set[str]) -> str:
    """Return a new name for a member of staff."""
    while True:
        name = random.choice(COMMON) + _given(random, sex)
        if name not in taken:
            taken.add(name)
            return name


def _given(random: Random, sex: str) -> str:
    characters = _characters()[sex]
    length = 2 if random.random() < 0.8 else 1
    return "".join(random.sample(characters, length))
