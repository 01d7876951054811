"""Kept papers: numbered without a gap, the same bytes for ever, and told when their source goes on."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest

from models.core import records
from models.core.access import SYSTEM
from models.core.attachments import place
from models.core.errors import Forbidden, Invalid, Missing, Unusable
from models.kept_list import Wanted, count_kept, kept_lines, kinds_kept, newer_words, years_kept
from models.kept_papers import (
    MONTHLY,
    KeptPaper,
    digest_of,
    document,
    keep,
    kept,
    kept_paper,
    next_number,
    record_type_of,
)
from models.month import Month, gather
from models.rehabilitation import RehabilitationPlan
from models.social_work import ContactNote
from resources import use_language
from tests.conftest import NOW
from tests.factories import make
from tests.models.kept.conftest import ARCHIVE, OCTOBER, approved, keep_plan, pdf

# --- keeping ---


def test_a_kept_paper_comes_back_byte_for_byte_years_later(papers):
    made = papers.keep()
    papers.database.clock = lambda: NOW.replace(year=2031)
    with papers.database.read(papers.director) as work:
        again = kept_paper(work, made.id)
        assert document(work, papers.files, made.id) == pdf("2026-000001", made.check)
    assert again == made and again.known_on == NOW.date() and again.kept_by == papers.director.name


def test_printing_again_makes_nothing_new(papers):
    first = papers.keep()
    again = papers.keep(make_pdf=lambda number, check: pytest.fail("it was made a second time"))
    assert again == first
    with papers.database.read(papers.director) as work:
        assert kept(work, MONTHLY, child_id=papers.child, period=OCTOBER) == first
        assert kept(work, MONTHLY, child_id=papers.other, period=OCTOBER) is None


def test_what_has_changed_since_is_kept_anew_and_the_old_one_stays(papers):
    first = papers.keep("十月")
    assert papers.keep("十月，已更正") == first, "only when asked for"
    second = papers.keep("十月，已更正", anew=True)
    assert second.number == "2026-000002" and papers.keep("十月，已更正", anew=True) == second
    with papers.database.read(papers.director) as work:
        assert newer_words(work, first) == "A newer version is kept: 2026-000002."
        assert newer_words(work, second) == ""
        assert document(work, papers.files, first.id) == pdf(first.number, first.check)


def test_numbers_run_through_the_year_without_a_gap(papers):
    assert papers.keep().number == "2026-000001"

    def fails(number, check):
        raise Unusable("no ink")

    with pytest.raises(Unusable):
        papers.keep(child=papers.other, make_pdf=fails)
    assert papers.keep(child=papers.other).number == "2026-000002"
    papers.database.clock = lambda: NOW.replace(year=2027)
    with papers.database.work(papers.director) as work:
        assert next_number(work) == "2027-000001"


def test_two_workstations_never_give_the_same_number(papers):
    """Both keep at once; the second waits for the first's number."""
    made, errors = [], []

    def one(child):
        try:
            made.append(papers.keep(child=child).number)
        except Exception as error:
            errors.append(error)

    both = [threading.Thread(target=one, args=(child,)) for child in (papers.child, papers.other)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert not errors and sorted(made) == ["2026-000001", "2026-000002"]


def test_each_language_has_its_own_paper(papers):
    use_language("zh_CN")
    chinese = papers.keep()
    use_language("en")
    english = papers.keep()
    assert [chinese.number, english.number, papers.keep().number] == ["2026-000001", "2026-000002", "2026-000002"]
    use_language("zh_CN")
    assert papers.keep() == chinese


def test_a_draft_is_not_kept(papers):
    with papers.database.work(SYSTEM) as work:
        plan = make(work, RehabilitationPlan, child_id=papers.child)
    with pytest.raises(Invalid, match="draft"):
        keep_plan(papers, plan)
    with pytest.raises(Invalid, match="not over yet"):
        papers.keep(period="2026-11")
    with papers.database.read(papers.director) as work:
        assert count_kept(work, Wanted()) == 0


def test_only_directors_and_archivists_keep(papers):
    with pytest.raises(Forbidden):
        papers.keep(who=papers.care)
    assert papers.keep(who=ARCHIVE).kept_by == "档案员"


def test_a_kept_paper_is_never_entered_edited_or_thrown_away(papers):
    made = papers.keep()
    with pytest.raises(Invalid, match="cannot be entered"), papers.database.work(papers.director) as work:
        records.save(work, KeptPaper, {"paper": "假"})
    with pytest.raises(Forbidden), papers.database.work(papers.director) as work:
        records.save(work, KeptPaper, {"paper": "假"}, id=made.id)
    with pytest.raises(Forbidden), papers.database.work(papers.director) as work:
        records.put_in_bin(work, KeptPaper, made.id)


def test_a_file_that_was_changed_on_the_disk_is_told(papers):
    made = papers.keep()
    file = place(papers.files.folder, made.document)
    spoilt = bytearray(file.read_bytes())
    spoilt[-20] ^= 1
    file.write_bytes(bytes(spoilt))
    with pytest.raises(Unusable), papers.database.read(papers.director) as work:
        document(work, papers.files, made.id)
    file.unlink()
    with pytest.raises(Missing), papers.database.read(papers.director) as work:
        document(work, papers.files, made.id)


def test_what_lives_is_kept_as_known_on_a_day(papers):
    """Today's registration form is kept once; tomorrow's is another paper, and today's stays."""

    def keep_form():
        with papers.database.work(papers.director) as work:
            return keep(
                work,
                papers.files,
                "Child",
                title="登记表",
                said="表",
                make=pdf,
                child_id=papers.child,
                record_id=papers.child,
            )

    today = keep_form()
    assert keep_form() == today and today.period == "2026-11-20"
    papers.database.clock = lambda: NOW.replace(day=21)
    with papers.database.read(papers.director) as work:
        assert kept(work, "Child", child_id=papers.child, record_id=papers.child) is None
    assert keep_form().number == "2026-000002"


# --- what became of the source ---


@pytest.fixture
def correction(papers) -> SimpleNamespace:
    """A kept plan whose correction has been begun."""
    plan = approved(papers)
    made = keep_plan(papers, plan)
    with papers.database.work(papers.director) as work:
        new = records.correct(work, RehabilitationPlan, plan, "目标写错")
        assert newer_words(work, made) == "A correction of the record has been begun."
    return SimpleNamespace(plan=plan, made=made, new=new)


def test_a_correction_makes_the_old_paper_old(papers, correction):
    plan, made, new = correction.plan, correction.made, correction.new
    with papers.database.work(papers.director) as work:
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, new, step)
    with papers.database.read(papers.director) as work:
        assert newer_words(work, made) == "The record has been corrected since: a newer version exists."
        assert document(work, papers.files, made.id)
    assert keep_plan(papers, new).number == "2026-000002"
    with pytest.raises(Invalid):
        keep_plan(papers, plan, anew=True, said="anders")


def test_a_correction_that_was_given_up_leaves_the_paper_the_newest_word(papers, correction):
    with papers.database.work(papers.director) as work:
        records.take_step(work, RehabilitationPlan, correction.new, "void", "原来没有错")
        assert newer_words(work, correction.made) == ""


def test_an_entry_added_late_is_told_beside_the_month(papers):
    made = papers.keep()
    papers.database.clock = lambda: NOW.replace(hour=15)
    with papers.database.work(papers.director) as work:
        assert newer_words(work, made) == ""
        make(work, ContactNote, child_id=papers.child, at=datetime(2026, 11, 3, 8))
        assert newer_words(work, made) == "", "what belongs to November does not concern October"
        make(work, ContactNote, child_id=papers.child, at=datetime(2026, 10, 31, 22))
        assert newer_words(work, made) == "1 entry of this period has been added or changed since."
        of_one_record = replace(made, kind="ContactNote", record_id="0" * 32)
        assert newer_words(work, of_one_record) == "", (
            "what is written elsewhere does not concern a paper of one record"
        )


# --- the list ---


def test_papers_are_found_by_number_name_child_kind_and_year(papers):
    plan = approved(papers)
    papers.keep(), papers.keep(child=papers.other), keep_plan(papers, plan)

    def numbers(**wanted):
        with papers.database.read(papers.director) as work:
            return [each.kept.number[-1] for each in kept_lines(work, Wanted(**wanted))]

    assert numbers() == ["3", "2", "1"]
    assert numbers(search="000002") == ["2"] and numbers(search="康复计划") == ["3"]
    assert numbers(search="zengxiaole") == ["3", "1"], "by the child's name in pinyin"
    assert numbers(search="10月") == [] and numbers(search="2026-10") == ["2", "1"]
    assert numbers(kind=MONTHLY) == ["2", "1"] and numbers(child_id=papers.other) == ["2"]
    assert numbers(year=2025) == [] and numbers(search="%") == []
    with papers.database.read(papers.director) as work:
        assert kinds_kept(work) == [(MONTHLY, "儿童月度综合记录"), ("RehabilitationPlan", "康复计划")]
        assert years_kept(work) == [2026]


def test_a_papers_kind_knows_whether_it_is_of_one_record():
    assert record_type_of("Incident") == "Incident" and record_type_of(MONTHLY) == ""


# --- the digest ---


@dataclass(frozen=True)
class Sheet:
    name: str
    number: int = 1
    later: str = ""


def test_the_digest_is_of_what_is_said_and_nothing_else():
    said = [Sheet("甲"), ("乙", 3.5, date(2026, 1, 1), b"photo", None, frozenset({2, 1}))]
    assert digest_of(said) == digest_of(
        [Sheet("甲", later=""), ("乙", 3.5, date(2026, 1, 1), b"photo", None, frozenset({1, 2}))]
    )
    assert digest_of([Sheet("甲")]) != digest_of([Sheet("甲", 2)]) != digest_of([Sheet("甲", later="x")])
    assert digest_of(["ab", "c"]) != digest_of(["a", "bc"])


def test_the_month_of_a_child_has_one_digest_however_often_it_is_gathered(papers):
    with papers.database.read(papers.director) as work:
        once, twice = (digest_of(gather(work, papers.child, Month(2026, 10))) for _number in range(2))
        assert once == twice != digest_of(gather(work, papers.child, Month(2026, 9)))
