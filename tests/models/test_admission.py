"""Admission: form, papers of the category, notices, and the clocks that run from the day of arrival."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.admission import Admission, AdmissionPaper, FamilySearchNotice, admit, make_checklist, suggested_notice
from models.admission_clocks import running_clocks
from models.admission_rules import Facts, clocks, notice_ends, papers_wanted
from models.age import months_later
from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid, Unconfirmed
from models.reminders import due_now
from resources import table
from tests.conftest import NOW, actor

ARRIVED = datetime(2026, 11, 2, 15, 40)
CHILD = {
    "name": "苏小禾",
    "number": "",
    "sex": "2",
    "born_on": date(2026, 9, 1),
    "birth_basis": "examined",
    "birth_note": "入院体检推定",
}
FORM = {"arrived_at": ARRIVED, "category": "A", "situation": "abandoned", "custody": "L1", "sender": "police"}


def admitted(home, by=None, child=None, **form):
    with home.database.work(by or home.director) as work:
        return admit(work, {**CHILD, "unit_id": home.second, **(child or {})}, {**FORM, **form})


def refused(home, **form):
    with pytest.raises(Invalid) as refusal:
        admitted(home, **form)
    return {problem.field for problem in refusal.value.problems}


def papers(home, admission_id):
    with home.database.read(SYSTEM) as work:
        rows = work.execute(
            select(AdmissionPaper.paper, AdmissionPaper.due_on).where(
                AdmissionPaper.admission_id == admission_id, AdmissionPaper.deleted_at.is_(None)
            )
        )
        return dict(tuple(row) for row in rows)


def lines(home, type_name, by=None):
    with home.database.read(by or home.director) as work:
        return [(line.text, line.due) for line in due_now(work) if line.needs[0] == type_name]


def test_one_act_makes_child_form_placement_and_checklist(home):
    made = admitted(home)
    with home.database.read(home.director) as work:
        child = queries.values(work, Child, made.child_id)
        form = queries.values(work, Admission, made.admission_id)
    assert (child["number"], child["category"], child["admitted_on"], child["placement"]) == (
        "2026-001", "A", ARRIVED.date(), "temporary",
    )  # fmt: skip
    assert form["state"] == "draft"
    assert papers(home, made.admission_id)["finding_report"] == ARRIVED.date() + timedelta(days=7)


def test_each_category_asks_for_its_own_papers():
    day = ARRIVED.date()
    asked = {key: {rule.code for rule in papers_wanted(*key, day)} for key in (
        ("A", "abandoned"), ("A", "trafficked"), ("A", "vagrant"), ("B", None), ("C", None), ("D", None), ("E", None))}  # fmt: skip
    own = {
        ("A", "abandoned"): {"finding_report", "notice"},
        ("A", "trafficked"): {"care_notice", "dna_result", "not_found", "notice"},
        ("A", "vagrant"): {"dna_result", "notice"},
        ("B", None): {"parents_dead", "no_guardian", "township_report"},
        ("C", None): {"incapacity", "no_guardian", "township_report"},
        ("D", None): {"judgment"},
        ("E", None): {"destitute_approval"},
    }
    for key, wanted in own.items():
        assert wanted | {"acceptance", "health_exam"} <= asked[key]
        others = set().union(*own.values()) - wanted
        assert not asked[key] & (others - wanted), key


def test_the_tables_name_their_sources_and_days():
    for name in (
        "admission_papers.csv",
        "notice_rules.csv",
        "admission_clocks.csv",
        "placement_moves.csv",
        "staff_checks.csv",
    ):
        for row in table(name):
            assert row["source"] and date.fromisoformat(row["effective_from"]), row


def test_a_paper_before_its_rule_is_not_asked_for():
    assert "photo" not in {rule.code for rule in papers_wanted("A", "abandoned", date(2024, 1, 1))}


def test_another_category_changes_the_checklist_but_keeps_what_was_received(home):
    made = admitted(home)
    with home.database.work(home.director) as work:
        got = work.scalar(select(AdmissionPaper.id).where(AdmissionPaper.paper == "finding_report"))
        records.save(work, AdmissionPaper, {"received_on": date(2026, 11, 5)}, id=got)
        records.save(work, Admission, {"category": "D", "situation": None, "custody": "L4"}, id=made.admission_id)
        make_checklist(work, made.admission_id)
    now = papers(home, made.admission_id)
    assert "judgment" in now and "finding_report" in now and "notice" not in now


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"arrived_at": NOW + timedelta(minutes=1)}, {"arrived_at"}),
        ({"arrived_at": datetime(2026, 8, 31, 12)}, {"admitted_on"}),
        ({"found_at": ARRIVED + timedelta(hours=1)}, {"found_at"}),
        ({"situation": None}, {"situation"}),
        ({"temporary_ground": "92-1"}, {"temporary_ground"}),
    ],
)
def test_what_cannot_be_is_refused(home, form, fields):
    assert refused(home, **form) == fields


def test_two_persons_receive_the_child(home):
    assert refused(home, received_medical_id=home.caregiver, received_office_id=home.caregiver) == {
        "received_office_id"
    }


def test_an_unusual_basis_is_asked_about(home):
    with pytest.raises(Unconfirmed):
        admitted(home, custody="L4")


def test_a_refused_admission_leaves_nothing_behind(home):
    refused(home, situation=None)
    with home.database.read(home.director) as work:
        assert queries.count(work, Child) == 2


def test_the_social_worker_who_admits_a_child_is_entrusted_with_it(home):
    social = actor("social", staff_id=home.caregiver)
    made = admitted(home, by=social)
    with home.database.read(social) as work:
        assert queries.values(work, Child, made.child_id)["name"] == "苏小禾"
        assert work.scalar(select(Caseload.staff_id).where(Caseload.child_id == made.child_id)) == home.caregiver


def test_an_account_without_a_person_admits_nobody(home):
    with pytest.raises(Forbidden):
        admitted(home, by=actor("social"))


def test_a_caregiver_admits_nobody(home):
    with pytest.raises(Forbidden):
        admitted(home, by=home.care)


def test_a_child_comes_back_to_its_own_file(home):
    with home.database.work(home.director) as work:
        made = admit(work, {}, {**FORM, "category": "B", "situation": None, "custody": "L2"}, child_id=home.child)
    assert made.child_id == home.child


def test_missing_papers_are_one_line_a_child(home):
    admitted(home)
    found = lines(home, "AdmissionPaper")
    assert len(found) == 1 and found[0][1] == date(2026, 11, 3)


def notice(home, child_id, **values):
    with home.database.work(home.director) as work:
        return records.save(work, FamilySearchNotice, {**suggested_notice(work, child_id), **values}, confirmed=True)


def test_a_foundling_is_sought_for_sixty_days(home):
    made = admitted(home)
    sought = notice(home, made.child_id, published_on=date(2026, 11, 3))
    with home.database.read(home.director) as work:
        found = queries.values(work, FamilySearchNotice, sought)
    assert (found["rule"], found["ends_on"], found["result"]) == ("foundling60", date(2027, 1, 2), "running")


def test_nobody_claimed_only_when_the_days_are_over(home):
    made = admitted(home)
    with pytest.raises(Invalid):
        notice(home, made.child_id, result="unclaimed")


def test_the_clocks_of_a_rescued_child_stand_on_today(home):
    made = admitted(home, situation="trafficked", arrived_at=datetime(2026, 10, 25, 9), sender="rescue")
    assert {text for text, _due in lines(home, "FamilySearchNotice")} == {
        "Publish the family-search notice",
        "Police compare DNA and certify that no parents were found for now",
    }
    notice(home, made.child_id, published_on=date(2026, 10, 26), result="returned")
    assert lines(home, "FamilySearchNotice") == []


def test_a_published_notice_stops_its_clock_and_starts_the_next(home):
    made = admitted(home, arrived_at=datetime(2026, 9, 2, 9))
    notice(home, made.child_id, published_on=date(2026, 9, 10))
    with home.database.read(home.director) as work:
        found = {clock.code: (clock.due_on, clock.done) for clock in running_clocks(work)[made.child_id]}
    assert found["publish"][1] is True
    assert found["register"] == (date(2026, 12, 9), False)
    assert "The family-search notice ends: record the result" in {
        text for text, _due in lines(home, "FamilySearchNotice")
    }


@given(st.dates(date(2015, 9, 1), date(2040, 1, 1)), st.sampled_from(["abandoned", "trafficked", "vagrant", "other"]))
def test_no_clock_ends_before_it_starts(arrived_on, situation):
    ticking = clocks(
        Facts(
            situation, arrived_on, notice_published_on=arrived_on, notice_ends_on=notice_ends("foundling60", arrived_on)
        )
    )
    assert all(clock.starts_on <= clock.due_on for clock in ticking)
    assert [clock.due_on for clock in ticking] == sorted(clock.due_on for clock in ticking)


@given(st.dates(date(2019, 1, 1), date(2040, 1, 1)))
def test_the_final_certificate_comes_after_twelve_calendar_months(arrived_on):
    final = next(clock for clock in clocks(Facts("trafficked", arrived_on)) if clock.code == "final")
    assert final.due_on == months_later(arrived_on, 12)


@given(st.dates(date(2016, 1, 1), date(2040, 1, 1)))
def test_the_day_of_publishing_does_not_count(published_on):
    assert (notice_ends("trafficked30", published_on) - published_on).days == 30
