"""What is proposed when a home is made."""

from __future__ import annotations

import pytest

from models.core.passwords import password_problem
from models.founding import (
    FIRST_POSTS,
    counties,
    first_accounts,
    new_password,
    prefectures,
    proposed_name,
    provinces,
    region_name,
    regions,
    server_problem,
)
from resources import use_language


def test_proposed_passwords_are_good_and_never_the_same():
    made = [new_password() for _each in range(300)]
    assert [each for each in made if password_problem(each, "sysadmin")] == []
    assert len(set(made)) == len(made)


def test_regions_go_from_the_province_down_to_the_county():
    assert ("320000", "江苏省") in provinces()
    assert ("320100", "南京市") in prefectures("320000")
    assert ("320102", "玄武区") in counties("320100")
    assert prefectures("110000") == [] and ("110101", "东城区") in counties("110000")


def test_every_county_can_be_chosen():
    reached = {
        code
        for province, _name in provinces()
        for parent in [province, *(code for code, _name in prefectures(province))]
        for code, _name in counties(parent)
    }
    known = {code for code, _whole, _name in regions() if region_name(code)}
    assert len(reached) > 2800 and reached <= known


def test_a_region_has_its_whole_name():
    assert region_name("320102") == "江苏省南京市玄武区"
    assert region_name("110101") == "北京市东城区"
    assert region_name("999999") == ""


def test_a_name_is_proposed_from_the_region():
    use_language("zh_CN")
    assert proposed_name("320102") == "南京市儿童福利院"
    assert proposed_name("110101") == "北京市儿童福利院"
    assert proposed_name("") == ""


def test_the_first_four_keep_the_administrators_apart():
    made = first_accounts(
        [(post, f"人{number}", post.username, "Harvest-moon-27") for number, post in enumerate(FIRST_POSTS)]
    )
    assert [each.roles for each in made] == [("director",), ("sysadmin",), ("secadmin",), ("auditor",)]


@pytest.mark.parametrize(
    ("address", "right"),
    [
        ("postgresql://qinghe:secret@server/qinghe", True),
        ("postgresql://qinghe@10.0.0.5:5432/qinghe", True),
        ("postgresql:///qinghe?host=/run/postgresql", True),
        ("mysql://server/qinghe", False),
        ("postgresql://server", False),
        ("the server in the office", False),
        ("", False),
    ],
)
def test_the_address_of_a_server_is_judged_before_the_server_is_asked(address, right):
    assert (server_problem(address) == "") is right
