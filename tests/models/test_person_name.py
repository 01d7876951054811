"""Names: every script and every rare character passes, typing accidents are mended."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.person_name import name_problems, normalised_name
from resources import table

NAMES = table("names/synthetic_names.csv")


@pytest.mark.parametrize("row", [row for row in NAMES if row["expected_valid"] == "true"], ids=lambda row: row["name"])
def test_a_right_name_stays_as_it_is(row):
    assert normalised_name(row["name"]) == row["name"]
    assert list(name_problems(row["name"])) == []


@pytest.mark.parametrize("row", [row for row in NAMES if row["normalised_name"]], ids=lambda row: row["code_points"])
def test_an_accident_of_typing_is_mended(row):
    assert normalised_name(row["name"]) == row["normalised_name"]


def test_a_sign_for_a_missing_character_is_pointed_out_but_not_refused():
    assert [problem.warning for problem in name_problems("赵▀")] == [True]


@pytest.mark.parametrize("name", ["<b>张三</b>", "=1+1", "张三&李四", "John Smith", "O'Neill"])
def test_markup_and_foreign_names_stay_text(name):
    assert normalised_name(name) == name


@given(st.text(max_size=60))
def test_mending_twice_changes_nothing_more(text):
    once = normalised_name(text)
    assert normalised_name(once) == once
