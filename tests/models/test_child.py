"""The child's file: what the admission form asks, what is refused and what is mended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.child import Child, next_number
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Invalid, Unconfirmed
from resources import table

ORDINARY = {"name": "林小雨", "number": "2026-101", "sex": "2", "born_on": date(2018, 4, 2)}


def saved(database, director, **values):
    with database.work(director) as work:
        return records.save(work, Child, {**ORDINARY, **values})


def refused(database, director, **values):
    with pytest.raises(Invalid) as refusal:
        saved(database, director, **values)
    return {problem.field for problem in refusal.value.problems}


def child(database, director, child_id):
    with database.read(director) as work:
        return queries.values(work, Child, child_id)


def test_a_child_without_registration_is_an_ordinary_child(database, director):
    found = child(database, director, saved(database, director))
    assert found["identity_status"] == "unregistered"
    assert found["birth_basis"] == "actual"


def test_the_identity_number_is_kept_in_one_form_and_checked_against_the_child(database, director):
    number = "１１０１０５２０１８０４０２００２０"
    found = child(database, director, saved(database, director, identity_number=number[:17] + "8"))
    assert found["identity_number"] == "110105201804020028"
    assert refused(database, director, number="2026-102", identity_number="110105201804020036") >= {"identity_number"}


def test_the_register_prevails_when_someone_gives_the_reason(database, director):
    other = {"identity_number": "11010519491231002X", "number": "2026-103"}
    assert refused(database, director, **other) == {"identity_number"}
    saved(database, director, **other, identity_status="differs", identity_note="户籍登记有误，正在更正")


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"born_on": date(2026, 11, 21)}, {"born_on"}),
        ({"admitted_on": date(2018, 4, 1)}, {"admitted_on"}),
        ({"born_on": date(2001, 1, 1), "admitted_on": date(2019, 1, 1)}, {"admitted_on"}),
        ({"birth_basis": "bone_age"}, {"birth_note"}),
        ({"custody": "L1", "temporary_ground": "92-1"}, {"temporary_ground"}),
        ({"registered_on": date(2018, 4, 1)}, {"registered_on"}),
        ({"gestation_weeks": 12}, {"gestation_weeks"}),
        ({"disability_certificate": "1234"}, {"disability_certificate"}),
        ({"sex": "x"}, {"sex"}),
        ({"name": "  "}, {"name"}),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(database, director, values, fields):
    assert refused(database, director, **values) == fields


def test_the_last_day_before_eighteen_is_still_young_enough(database, director):
    child = saved(database, director, born_on=date(2001, 1, 1), admitted_on=date(2018, 12, 31))
    with database.read(director) as work:
        assert queries.values(work, Child, child)["admitted_on"] == date(2018, 12, 31)


def test_a_certificate_that_disagrees_is_asked_about_not_refused(database, director):
    values = {"disabilities": ["4"], "disability_grade": "2", "disability_certificate": "11010520180402002851"}
    with pytest.raises(Unconfirmed) as asked:
        saved(database, director, **values)
    assert len(asked.value.problems) == 2
    with database.work(director) as work:
        records.save(work, Child, {**ORDINARY, **values}, confirmed=True)


def test_a_file_number_is_given_by_itself_and_never_twice(database, director):
    first = child(database, director, saved(database, director, number=""))
    assert first["number"] == "2026-001"
    with database.read(director) as work:
        assert next_number(work) == "2026-002"
    assert refused(database, director, number="2026-001", name="林大雨") == {"number"}


def test_an_identity_number_is_never_given_twice_even_if_the_other_child_is_not_visible(home):
    from tests.conftest import actor

    number = "110105201804020028"
    saved(home.database, home.director, identity_number=number, unit_id=home.second)
    social = actor("social", staff_id=home.caregiver)
    assert refused(home.database, social, number="2026-109", identity_number=number) == {"identity_number"}


def test_every_name_is_kept_and_found_again(sqlite_database, director):
    with sqlite_database.work(director) as work:
        for row in table("names/synthetic_names.csv"):
            records.save(work, Child, {**ORDINARY, "number": "", "name": row["name"]}, confirmed=True)
        for row in table("names/synthetic_names.csv"):
            wanted = row["normalised_name"] or row["name"]
            assert wanted in {found.values[0] for found in queries.rows(work, Child, search=wanted)}


def test_a_part_of_a_name_with_a_dot_finds_the_child(database, director):
    saved(database, director, name="阿依努尔•麦麦提")
    with database.read(director) as work:
        assert [queries.count(work, Child, search=word) for word in ("麦麦提", "maimaiti", "阿依努尔麦麦提")] == [
            1,
            1,
            1,
        ]


def test_the_trail_says_that_a_number_changed_but_not_which(database, director):
    saved(database, director, identity_number="110105201804020028")
    with database.read(SYSTEM) as work:
        details = " ".join(work.scalars(select(AuditEntry.details)))
    assert "110105201804020028" not in details and '"identity_number": ["•", "•"]' in details


def test_age_at_admission_follows_the_calendar(database, director):
    born = date(2008, 2, 29)
    assert refused(database, director, born_on=born, admitted_on=date(2026, 2, 28)) == {"admitted_on"}
    saved(database, director, born_on=born, admitted_on=date(2026, 2, 28) - timedelta(days=1))
