"""Kept papers: numbered without a gap, the same bytes for ever, and nobody reads in them what is not open to him."""

from __future__ import annotations

import string
import threading
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.attachments import place
from models.core.errors import Forbidden, Invalid, Missing, Unusable
from models.core.keys import DataKey
from models.core.record import new_id
from models.file_papers import whole_file
from models.kept_list import Wanted, count_kept, kept_lines, kinds_kept, newer_words, years_kept
from models.kept_papers import (
    INSTITUTION,
    MONTHLY,
    WHOLE_FILE,
    KeptPaper,
    check_text,
    digest_of,
    document,
    keep,
    kept,
    kept_paper,
    next_number,
    record_type_of,
)
from models.month import Month, Section, gather
from models.paper_check import (
    ALTERED,
    KNOWN,
    UNCHANGED,
    UNKNOWN,
    UNREADABLE,
    Claim,
    check_file,
    check_text_of,
    claims_in,
    headline,
    read_claim,
)
from models.papers import note_printed, recent_prints
from models.print_ledger import ledger
from models.rehabilitation import RehabilitationPlan
from models.safety import Incident
from models.social_work import ContactNote
from resources import use_language
from tests.conftest import NOW, actor
from tests.factories import make

ARCHIVE = actor("archive", name="档案员")
OCTOBER = "2026-10"


def pdf(number: str, check: str) -> bytes:
    """The smallest document that says its number."""
    return f"%PDF-1.7\n% {number} {check}\n%%EOF\n".encode()


@pytest.fixture
def papers(home, tmp_path):
    """The home with a folder for files, and a way to keep a paper of October."""
    home.files = SimpleNamespace(folder=tmp_path / "files", key=DataKey(bytes(range(32))))

    def keep_month(said="十月", who=None, child="", period=OCTOBER, make_pdf=pdf, **more):
        with home.database.work(who or home.director) as work:
            return keep(
                work, home.files, MONTHLY, title="儿童月度综合记录", said=said, make=make_pdf,
                child_id=child or home.child, period=period, **more,
            )  # fmt: skip

    home.keep = keep_month
    return home


def approved(home) -> str:
    """An approved rehabilitation plan."""
    with home.database.work(SYSTEM) as work:
        plan = make(work, RehabilitationPlan, child_id=home.child)
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, plan, step)
    return plan


def keep_plan(home, plan, who=None, said="计划", **more):
    with home.database.work(who or home.director) as work:
        return keep(
            work, home.files, "RehabilitationPlan", title="康复计划", said=said, make=pdf, child_id=home.child,
            record_id=plan, **more,
        )  # fmt: skip


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


def test_a_correction_makes_the_old_paper_old(papers):
    plan = approved(papers)
    made = keep_plan(papers, plan)
    with papers.database.work(papers.director) as work:
        new = records.correct(work, RehabilitationPlan, plan, "目标写错")
        assert newer_words(work, made) == "A correction of the record has been begun."
    with papers.database.work(papers.director) as work:
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, new, step)
    with papers.database.read(papers.director) as work:
        assert newer_words(work, made) == "The record has been corrected since: a newer version exists."
        assert document(work, papers.files, made.id)
    assert keep_plan(papers, new).number == "2026-000002"
    with pytest.raises(Invalid):
        keep_plan(papers, plan, anew=True, said="anders")


def test_a_correction_that_was_given_up_leaves_the_paper_the_newest_word(papers):
    plan = approved(papers)
    made = keep_plan(papers, plan)
    with papers.database.work(papers.director) as work:
        begun = records.correct(work, RehabilitationPlan, plan, "目标有误")
        assert newer_words(work, made) == "A correction of the record has been begun."
        records.take_step(work, RehabilitationPlan, begun, "void", "原来没有错")
        assert newer_words(work, made) == ""


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


# --- who reads what ---


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


# --- the code ---

DIGESTS = st.text("0123456789abcdef", min_size=64, max_size=64)
NUMBERS = st.builds(lambda year, number: f"{year}-{number:06d}", st.integers(2020, 2099), st.integers(1, 999_999))
FULL_WIDTH = {ord(each): chr(ord(each) + 0xFEE0) for each in string.ascii_letters + string.digits + ":-"}


@given(NUMBERS, DIGESTS, st.sampled_from(["as it is", "small", "full width", "lost signs", "other signs", "in a line"]))
def test_a_code_is_read_however_the_scanner_types_it(number, digest, how):
    code = check_text(number, digest)
    typed = {
        "as it is": code, "small": code.lower() + "\r\n", "full width": code.translate(FULL_WIDTH),
        "lost signs": code.replace(":", "").replace("-", ""), "other signs": code.replace(":", "；").replace("-", "ö"),
        "in a line": f"  核对码 {code} 请核对",
    }[how]  # fmt: skip
    assert read_claim(typed) == Claim(number, digest[:20].upper())


@given(NUMBERS, DIGESTS)
def test_a_code_is_small_enough_for_a_small_square(number, digest):
    code = check_text(number, digest)
    assert len(code) <= 36 and set(code) <= set(string.ascii_uppercase + string.digits + ":-")


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_not_but_never_breaks(text):
    claim = read_claim(text)
    assert claim is None or len(claim.number) in {9, 11}
    assert all(each.digits for each in claims_in(text))


@given(NUMBERS, DIGESTS, st.integers(0, 19), st.sampled_from("0123456789ABCDEF"))
def test_one_wrong_sign_makes_another_code(number, digest, where, sign):
    code = check_text(number, digest)
    start = len(code) - 20 + where
    other = code[:start] + sign + code[start + 1 :]
    assert (read_claim(other) == read_claim(code)) == (other == code)


def test_words_around_are_no_code():
    for text in ("", "QH1", "二〇二六年", "13800000000", "320102202001011234", "2026-10-05 12:30"):
        assert read_claim(text) is None, text


# --- checking ---


def test_a_paper_in_the_hand_is_told_by_its_code(papers):
    made = papers.keep()
    with papers.database.read(papers.director) as work:
        found = check_text_of(work, made.check)
        assert (found.outcome, found.kept, found.about, found.newer) == (KNOWN, made, "曾小乐", "")
        assert headline(found)[1] == "good"
        assert check_text_of(work, made.number).outcome == KNOWN
        assert not check_text_of(work, made.number).coded
        assert check_text_of(work, check_text(made.number, "0" * 64)).outcome == ALTERED
        assert check_text_of(work, check_text("2026-000099", made.digest)).outcome == UNKNOWN
        assert check_text_of(work, "天气很好").outcome == UNREADABLE


def test_a_file_is_told_by_its_bytes(papers):
    made = papers.keep()
    with papers.database.read(papers.director) as work:
        content = document(work, papers.files, made.id)
        assert check_file(work, content).outcome == UNCHANGED
        altered = content.replace(b"%EOF", b"%E0F")
        assert check_file(work, altered).outcome == UNKNOWN, "it says nothing of itself"
        found = check_file(work, altered, claims_in(altered.decode()))
        assert found.outcome == ALTERED and found.kept == made
        assert check_file(work, b"%PDF", [Claim("2026-000077", "A" * 20)]).outcome == UNKNOWN


def test_a_copy_for_a_recipient_is_known_too(papers):
    from hashlib import sha256

    from models.copies import PaperCopy

    content = pdf("", "")
    with papers.database.work(papers.director) as work:
        values = {"child_id": papers.child, "recipient": "court", "recipient_name": "市法院", "purpose": "监护权案件"}
        records.save(work, PaperCopy, {**values, "digest": sha256(content).hexdigest(), "document": "0" * 64})
    with papers.database.read(papers.director) as work:
        assert check_file(work, content).copy.recipient == "市法院"
        assert check_text_of(work, "2026-0001").copy.purpose == "监护权案件"
    with papers.database.read(papers.care) as work:
        found = check_file(work, content)
        assert found.outcome == UNCHANGED and found.closed and found.copy is None and not found.about


def test_who_may_not_see_the_child_learns_only_whether_it_is_ours(papers):
    made = papers.keep(child=papers.other)
    for who in (papers.care, actor("auditor"), actor("nurse")):
        with papers.database.read(who) as work:
            for found in (check_text_of(work, made.check), check_file(work, pdf(made.number, made.check))):
                assert found.outcome in {KNOWN, UNCHANGED} and found.closed
                assert (found.kept, found.copy, found.about, found.newer) == (None, None, "", "")


# --- the ledger ---


def test_a_kept_paper_printed_again_is_named_as_the_paper_it_is(papers):
    with papers.database.work(papers.director) as work:
        note_printed(
            work, "", KeptPaper, new_id(), papers.child, period="2026-10", paper="儿童月度综合记录", number="2026-000001",
            again=True,
        )  # fmt: skip
    with papers.database.read(papers.director) as work:
        (printed,) = recent_prints(work)
    assert (printed.form, printed.period) == ("儿童月度综合记录", "October 2026")


def test_the_director_sees_who_printed_what_and_nobody_else_does(papers):
    with papers.database.work(papers.care) as work:
        note_printed(work, "Child", Child, papers.child, papers.child, period="2026年10月")
    batch = new_id()
    with papers.database.work(papers.director) as work:
        for child in (papers.child, papers.other):
            note_printed(work, "Monthly record of a child", Child, child, child, batch=batch, place="/papers")
    with papers.database.read(papers.director) as work:
        together, single = ledger(work, NOW.date(), NOW.date())
        assert (together.papers, together.about, together.place) == (2, "", "/papers")
        assert (single.who, single.about, single.period) == (papers.care.name, "曾小乐", "2026年10月")
        assert ledger(work, NOW.date(), NOW.date(), "曾小乐") == [single]
        assert ledger(work, date(2026, 11, 1), date(2026, 11, 19)) == []
    for who in (papers.care, ARCHIVE):
        with pytest.raises(Forbidden), papers.database.read(who) as work:
            ledger(work, NOW.date(), NOW.date())


def test_the_ledger_tells_nothing_of_what_is_sealed(papers):
    with papers.database.work(SYSTEM) as work:
        incident = make(work, Incident, child_id=papers.child)
        work.get_one(Incident, incident).sealed = True
        note_printed(work, "Incident", Incident, incident, papers.child)
    with papers.database.read(actor("director", name="another")) as work:
        assert ledger(work, NOW.date(), NOW.date()) == []
