"""Cases and contacts are seen by those entrusted; counselling by its author and named people alone."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.alerts import alerts_for
from models.child import Caseload
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Invalid
from models.core.sealing import name_holders
from models.month import Month
from models.reminders import due_now
from models.social_work import ContactNote, CounsellingNote, SocialCase, social_work_of_the_month
from models.staff import Staff
from tests.conftest import NOW, actor

CASE = {"kind": "behaviour", "subject": "夜间哭闹", "stage": "assessment", "opened_on": date(2026, 9, 1)}
NOTE = {"at": NOW - timedelta(days=1), "way": "talk", "purpose": "了解睡前习惯", "minutes": 30}
SESSION = {"at": NOW - timedelta(hours=2), "occasion": "情绪低落", "content": "谈到想家", "risk": "medium"}


@pytest.fixture
def entrusted(home):
    """The home with a social worker who has the first child on the caseload, and a second social worker too."""
    with home.database.work(SYSTEM) as work:
        for name in ("social", "colleague"):
            staff = records.save(work, Staff, {"name": name, "sex": "2", "post": "social_worker"})
            records.save(work, Caseload, {"child_id": home.child, "staff_id": staff, "starts_on": date(2020, 1, 1)})
            setattr(home, name, actor("social", staff_id=staff, name=name))
    return home


def test_a_case_of_another_child_is_not_the_social_workers_to_see(entrusted):
    with entrusted.database.work(SYSTEM) as work:
        records.save(work, SocialCase, {**CASE, "child_id": entrusted.child})
        records.save(work, SocialCase, {**CASE, "child_id": entrusted.other})
    with entrusted.database.read(entrusted.social) as work:
        assert queries.count(work, SocialCase) == 1
    with entrusted.database.read(entrusted.care) as work:
        assert queries.count(work, SocialCase) == 0


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"stage": "closed"}, "closed_on"),
        ({"stage": "closed", "closed_on": date(2026, 10, 1)}, "result"),
        ({"closed_on": date(2026, 8, 1)}, "closed_on"),
        ({"opened_on": date(2026, 12, 1)}, "opened_on"),
        ({"runaway": "high"}, "risk_plan"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(entrusted, values, field):
    with pytest.raises(Invalid) as caught, entrusted.database.work(entrusted.social) as work:
        records.save(work, SocialCase, {**CASE, "child_id": entrusted.child, **values})
    assert field in {problem.field for problem in caught.value.problems}


# Counselling


@pytest.fixture
def sealed(entrusted):
    with entrusted.database.work(entrusted.social) as work:
        entrusted.note = records.save(
            work, CounsellingNote, {**SESSION, "child_id": entrusted.child, "next_on": date(2026, 11, 24)}
        )
    return entrusted


PROBES = {
    "key": lambda work, note: work.get(CounsellingNote, note),
    "list": lambda work, note: queries.rows(work, CounsellingNote),
    "count": lambda work, note: work.scalar(select(func.count()).select_from(CounsellingNote)),
    "search": lambda work, note: queries.rows(work, CounsellingNote, search="想家"),
    "titles": lambda work, note: queries.titles(work, "counselling_note", [note]),
    "today": lambda work, note: [due for due in due_now(work) if "Counselling" in due.text],
}


@pytest.mark.parametrize("probe", PROBES)
def test_not_even_director_or_colleague_learn_that_there_is_a_note(sealed, probe):
    for who in (sealed.director, sealed.colleague, sealed.care, actor("safety")):
        with sealed.database.read(who) as work:
            assert not PROBES[probe](work, sealed.note)


@pytest.mark.parametrize("probe", [name for name in PROBES if name != "search"])
def test_the_author_finds_it_in_every_way(sealed, probe):
    with sealed.database.read(sealed.social) as work:
        assert PROBES[probe](work, sealed.note)


def test_a_named_colleague_reads_it_and_the_director_still_does_not(sealed):
    with sealed.database.work(sealed.social) as work:
        name_holders(work, queries.load(work, CounsellingNote, sealed.note), [sealed.colleague.account_id])
    with sealed.database.read(sealed.colleague) as work:
        assert queries.values(work, CounsellingNote, sealed.note)["content"] == "谈到想家"
    with sealed.database.read(sealed.director) as work:
        assert queries.count(work, CounsellingNote) == 0


def test_a_note_cannot_be_unsealed(sealed):
    with sealed.database.work(sealed.social) as work:
        records.save(work, CounsellingNote, {"sealed": False}, id=sealed.note)
        assert queries.values(work, CounsellingNote, sealed.note)["sealed"] is True


def test_neither_banner_nor_month_nor_trail_tells_of_it(sealed):
    with sealed.database.read(sealed.social) as work:
        assert alerts_for(work, [sealed.child]) == []
        assert dict(social_work_of_the_month(work, sealed.child, Month(2026, 11)).facts)["Contacts"] == "0"
    with sealed.database.engine.connect() as connection:
        chosen = select(AuditEntry.__table__).where(AuditEntry.type_name == "CounsellingNote")
        row = connection.execute(chosen).mappings().one()
    assert row["child_id"] == "" and set(map(tuple, json.loads(row["details"]).values())) >= {("•", "•")}
    assert "想家" not in row["details"]


def test_nobody_else_writes_counselling(entrusted):
    with pytest.raises(Forbidden), entrusted.database.work(actor("nurse")) as work:
        records.save(work, CounsellingNote, {**SESSION, "child_id": entrusted.child})


def test_a_high_risk_needs_a_crisis_plan(entrusted):
    with pytest.raises(Invalid, match="crisis plan"), entrusted.database.work(entrusted.social) as work:
        records.save(work, CounsellingNote, {**SESSION, "child_id": entrusted.child, "risk": "high"})


# What the others hear


def test_risks_of_a_case_stand_in_the_banner_for_those_who_may_read_cases_only(entrusted):
    risky = {**CASE, "child_id": entrusted.child, "runaway": "high", "self_harm": "low", "risk_plan": "一对一陪同"}
    with entrusted.database.work(entrusted.social) as work:
        records.save(work, SocialCase, risky)
        assert [alert.text for alert in alerts_for(work, [entrusted.child])] == ["Risk of running away: High"]
    with entrusted.database.read(entrusted.care) as work:
        assert alerts_for(work, [entrusted.child]) == []


def test_a_promised_contact_is_due_until_the_next_contact_was_made(entrusted):
    with entrusted.database.work(entrusted.social) as work:
        records.save(
            work, ContactNote,
            {**NOTE, "child_id": entrusted.child, "next_on": date(2026, 11, 20), "next_step": "联系学校"},
        )  # fmt: skip
        assert [due.text for due in due_now(work) if due.area == "social_work"] == ["Contact: 联系学校"]
        records.save(work, ContactNote, {**NOTE, "at": NOW, "child_id": entrusted.child})
        assert not [due for due in due_now(work) if due.area == "social_work"]


def test_a_review_is_told_a_week_before(entrusted):
    with entrusted.database.work(entrusted.social) as work:
        records.save(work, SocialCase, {**CASE, "child_id": entrusted.child, "review_on": date(2026, 11, 28)})
        assert not [due for due in due_now(work) if due.area == "social_work"]
        work.now = datetime(2026, 11, 21)
        assert [due.child_name for due in due_now(work) if due.area == "social_work"] == ["曾小乐"]


def test_the_monthly_record_tells_contacts_cases_and_the_childs_words(entrusted):
    with entrusted.database.work(entrusted.social) as work:
        records.save(work, SocialCase, {**CASE, "child_id": entrusted.child})
        records.save(work, ContactNote, {**NOTE, "child_id": entrusted.child, "child_words": "想要小夜灯"})
        section = social_work_of_the_month(work, entrusted.child, Month(2026, 11))
    assert dict(section.facts) == {"Contacts": "1", "Minutes in all": "30", "Running cases": "1"}
    assert section.texts[0][1] == "想要小夜灯"
    assert [grid.headings[0] for grid in section.grids] == ["Case", "Day"]
