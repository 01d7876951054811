"""Who opens a kept paper: whoever may print what it tells of, and nobody what is sealed."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Missing
from models.file_papers import whole_file
from models.kept_list import Wanted, count_kept, kept_lines
from models.kept_papers import INSTITUTION, WHOLE_FILE, digest_of, document, keep
from models.month import Section
from models.paper_check import check_text_of
from models.safety import Incident
from models.social_work import ContactNote
from tests.conftest import NOW, actor
from tests.factories import make
from tests.models.kept.conftest import ARCHIVE, OCTOBER, approved, keep_plan, pdf


def test_whoever_may_print_the_type_and_sees_the_child_prints_the_kept_paper(papers):
    plan = approved(papers)
    own, other = keep_plan(papers, plan), papers.keep(child=papers.other)
    therapist = actor("therapist", staff_id=papers.caregiver)
    with papers.database.read(therapist) as work:
        assert [each.kept for each in kept_lines(work, Wanted())] == [own]
        assert document(work, papers.files, own.id)
        with pytest.raises(Missing):
            document(work, papers.files, other.id)
    with papers.database.read(actor("caregiver", staff_id=papers.caregiver)) as work:
        assert kept_lines(work, Wanted()) == [], "a caregiver prints no rehabilitation plans"


def test_what_a_paper_tells_of_closes_it_to_those_who_may_not_read_that(papers):
    told = Section("Medicine", facts=(("诊断", "癫痫"),), area="social_work")
    papers.keep(said=[told])
    papers.keep(said="只有日常", child=papers.child, period="2026-09")
    carer = actor("caregiver", staff_id=papers.caregiver)
    with papers.database.read(carer) as work:
        assert not carer.may("read", "ContactNote")
        assert [each.kept.period for each in kept_lines(work, Wanted())] == ["2026-09"]


def test_a_record_sealed_later_takes_its_paper_with_it(papers):
    with papers.database.work(SYSTEM) as work:
        incident = make(work, Incident, child_id=papers.child)
        records.take_step(work, Incident, incident, "approve")
    with papers.database.work(papers.director) as work:
        keep(
            work, papers.files, "Incident", title="意外", said="摔", make=pdf, child_id=papers.child, record_id=incident
        )
    with papers.database.work(SYSTEM) as work:
        work.get_one(Incident, incident).sealed = True
    with papers.database.read(actor("safety")) as work:
        assert kept_lines(work, Wanted()) == []
    with pytest.raises(Invalid, match="sealed"), papers.database.work(SYSTEM) as work:
        keep(work, papers.files, "Incident", title="x", said="x", make=pdf, child_id=papers.child, record_id=incident)


def test_papers_of_the_home_are_for_those_who_see_the_whole_home(papers):
    with papers.database.work(papers.director) as work:
        keep(work, papers.files, INSTITUTION, title="机构月报", said="月报", make=pdf, period=OCTOBER)
    for who, seen in ((papers.director, 1), (ARCHIVE, 1), (papers.care, 0), (actor("auditor"), 0)):
        with papers.database.read(who) as work:
            assert count_kept(work, Wanted()) == seen, who


def keep_file(home, who=None):
    with home.database.work(who or home.director) as work:
        whole = whole_file(work, home.child, dedicated=True)
        return keep(work, home.files, WHOLE_FILE, title="儿童个人档案", said=whole, make=pdf, child_id=home.child)


def may_open(home, made, who) -> bool:
    """Whether a person finds a kept paper, in the list and by its code."""
    with home.database.read(who) as work:
        listed = [each.kept.id for each in kept_lines(work, Wanted())]
        found = check_text_of(work, made.check)
        assert (made.id in listed) == (found.kept is not None) == (not found.closed)
        return made.id in listed


def test_a_kept_file_is_for_those_who_may_print_all_that_is_bound_in_it(papers):
    nurse = actor("nurse", staff_id=papers.caregiver)
    assert may_open(papers, keep_file(papers), nurse), "nothing but the registration form"
    papers.database.clock = lambda: NOW.replace(day=21)
    with papers.database.work(SYSTEM) as work:
        make(work, ContactNote, child_id=papers.child, at=datetime(2026, 11, 3, 8))
    made = keep_file(papers)
    assert nurse.may("read", "ContactNote") and not nurse.may("print", "ContactNote")
    assert not may_open(papers, made, nurse)
    assert may_open(papers, made, ARCHIVE) and may_open(papers, made, papers.director)


def test_a_file_is_kept_once_a_day_and_says_the_same_however_often_it_is_gathered(papers):
    with papers.database.work(SYSTEM) as work:
        make(work, ContactNote, child_id=papers.child, at=datetime(2026, 11, 3, 8))
    made = keep_file(papers)
    assert keep_file(papers) == made and made.period == "2026-11-20"
    with papers.database.work(papers.director) as work:
        assert digest_of(whole_file(work, papers.child, dedicated=True)) == made.digest
        make(work, ContactNote, child_id=papers.child, at=datetime(2026, 11, 4, 8))
    with papers.database.work(papers.director) as work:
        assert digest_of(whole_file(work, papers.child, dedicated=True)) != made.digest
    papers.database.clock = lambda: NOW.replace(day=21)
    assert keep_file(papers).number == "2026-000002"


def test_a_record_sealed_later_takes_the_kept_file_with_it_that_holds_it(papers):
    with papers.database.work(SYSTEM) as work:
        incident = make(work, Incident, child_id=papers.child)
    before = keep_file(papers)
    with papers.database.work(SYSTEM) as work:
        work.get_one(Incident, incident).sealed = True
    assert not may_open(papers, before, ARCHIVE)
    papers.database.clock = lambda: NOW.replace(day=21)
    assert may_open(papers, keep_file(papers), ARCHIVE), "in tomorrow's the sealed one is not bound"
    with papers.database.work(SYSTEM) as work:
        work.get_one(Incident, incident).sealed = False
    assert may_open(papers, before, ARCHIVE)
