"""Checking a paper in the hand: its code however it is typed, its bytes, and what a stranger learns."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from models.core import records
from models.kept_papers import check_text, document
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
from tests.conftest import actor
from tests.models.kept.conftest import pdf

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
