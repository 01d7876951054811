"""Check of a paper 纸质件核对: whether a paper in somebody's hand is one of the home's, and whether it is unchanged.

What stands on a paper is a number and a code (``models.kept_papers.check_text``); a file is known by its very bytes.
Who may not see the child learns only whether the paper is one of this home's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import or_, select

from models.child import Child
from models.copies import PaperCopy
from models.core.database import Work
from models.core.queries import titles
from models.kept_list import newer_words
from models.kept_papers import CODE, Kept, KeptPaper, values_of
from resources import _, sentences

UNCHANGED, KNOWN, ALTERED, UNKNOWN, UNREADABLE = "unchanged", "known", "altered", "unknown", "unreadable"
_SIGNS = r"[^0-9A-Z]{0,3}"
_CODE = re.compile(rf"{CODE}{_SIGNS}(\d{{4}}){_SIGNS}(\d{{6}}){_SIGNS}([0-9A-F]{{16,64}})(?![0-9A-F])")
_NUMBER = re.compile(r"(?<![0-9A-Z])(\d{4})[^0-9A-Z]?(\d{6}|\d{4})(?![0-9A-Z])")
_MOST = 4000


@dataclass(frozen=True)
class Claim:
    """What stands on a paper: its number, and the first digits of the digest where its code was read."""

    number: str
    digits: str = ""


@dataclass(frozen=True)
class Copied:
    """A recipient's copy as plain values."""

    id: str
    number: str
    recipient: str
    purpose: str
    made_on: str


@dataclass(frozen=True)
class Verdict:
    """What is known of a paper.

    Attributes:
        outcome: ``unchanged`` (a file, byte for byte), ``known`` (number or code fit; the text is to be compared),
            ``altered``, ``unknown``, or ``unreadable``: what was given is neither a code nor a number.
        kept: the kept paper, where the person may print it.
        copy: the recipient's copy, where the person may see it.
        about: whom or what it is about.
        newer: why it is no longer the newest word.
        coded: the code was read, not only the number.
        closed: it is one of the home's, but not for this person.
    """

    outcome: str
    number: str = ""
    kept: Kept | None = None
    copy: Copied | None = None
    about: str = ""
    newer: str = ""
    coded: bool = False
    closed: bool = False


def read_claim(text: str) -> Claim | None:
    """Read what a scanner typed or a person copied; None when it is neither a code nor a number.

    Full-width signs, small letters, lost or strange separators and what stands around it do no harm: scanners type
    through whatever keyboard and input method is switched on.

    >>> read_claim("qh1：2026－000123；9f3a0c11d2e4b5a69788\\r")
    Claim(number='2026-000123', digits='9F3A0C11D2E4B5A69788')
    >>> read_claim("编号 2026-000123")
    Claim(number='2026-000123', digits='')
    """
    plain = unicodedata.normalize("NFKC", text[:_MOST]).upper()
    found = _CODE.search(plain)
    if found:
        return Claim(f"{found[1]}-{found[2]}", found[3])
    number = _NUMBER.search(plain)
    return Claim(f"{number[1]}-{number[2]}") if number else None


def claims_in(text: str) -> list[Claim]:
    """Return every code in a document's text, each once."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return list(dict.fromkeys(Claim(f"{each[1]}-{each[2]}", each[3]) for each in _CODE.finditer(plain)))


def check_text_of(work: Work, text: str) -> Verdict:
    """Say what is known of the paper on which this stands."""
    claim = read_claim(text)
    if claim is None:
        return Verdict(UNREADABLE)
    return _of_copy(work, claim) if len(claim.number) == 9 else _of_claim(work, claim)


def check_file(work: Work, content: bytes, claims: Iterable[Claim] = ()) -> Verdict:
    """Say what is known of a file; ``claims`` are the codes found in it, by which an altered one betrays itself."""
    digest = sha256(content).hexdigest()
    table = KeptPaper.__table__.c
    found = work.whole_home(select(table.id, table.number).where(table.file_hash == digest)).first()
    if found is not None:
        return _known(work, UNCHANGED, str(found.number), str(found.id), coded=True)
    copies = PaperCopy.__table__.c
    copied = work.whole_home(select(copies.id, copies.number).where(copies.digest == digest)).first()
    if copied is not None:
        return _known_copy(work, UNCHANGED, str(copied.number), str(copied.id))
    for claim in claims:
        verdict = _of_claim(work, claim)
        if verdict.outcome in {KNOWN, ALTERED}:
            return Verdict(
                ALTERED, verdict.number, verdict.kept, None, verdict.about, verdict.newer, True, verdict.closed
            )
    return Verdict(UNKNOWN)


def _of_claim(work: Work, claim: Claim) -> Verdict:
    table = KeptPaper.__table__.c
    found = work.whole_home(select(table.id, table.digest).where(table.number == claim.number)).first()
    if found is None:
        return Verdict(UNKNOWN, claim.number, coded=bool(claim.digits))
    fits = str(found.digest).upper().startswith(claim.digits)
    return _known(work, KNOWN if fits else ALTERED, claim.number, str(found.id), coded=bool(claim.digits))


def _known(work: Work, outcome: str, number: str, paper_id: str, *, coded: bool) -> Verdict:
    row = work.scalar(select(KeptPaper).where(KeptPaper.id == paper_id))
    if row is None:
        return Verdict(outcome, number, coded=coded, closed=True)
    kept = values_of(row)
    about = titles(work, Child.__tablename__, [kept.child_id]).get(kept.child_id, "") or kept.subject
    return Verdict(outcome, number, kept, None, about, newer_words(work, kept), coded)


def _of_copy(work: Work, claim: Claim) -> Verdict:
    table = PaperCopy.__table__.c
    made = select(table.id).where(
        table.number == claim.number, or_(table.digest.is_not(None), table.made_on.is_not(None))
    )
    found = work.whole_home(made).first()
    return _known_copy(work, KNOWN, claim.number, str(found.id)) if found else Verdict(UNKNOWN, claim.number)


def _known_copy(work: Work, outcome: str, number: str, copy_id: str) -> Verdict:
    row = work.scalar(select(PaperCopy).where(PaperCopy.id == copy_id))
    if row is None:
        return Verdict(outcome, number, closed=True)
    made = row.made_on.isoformat() if row.made_on else ""
    about = titles(work, Child.__tablename__, [row.child_id]).get(row.child_id, "")
    return Verdict(outcome, number, None, Copied(row.id, number, row.recipient_name, row.purpose, made), about)


def headline(verdict: Verdict) -> tuple[str, str]:
    """Say the verdict in one plain sentence, and its tone."""
    said = {
        UNCHANGED: (_("A paper of this home, unchanged: the file is byte for byte the one that was kept."), "good"),
        ALTERED: (_("Altered: the number is one of ours, but this is not the paper that was kept under it."), "danger"),
        UNKNOWN: (_not_ours(verdict), "danger"),
        UNREADABLE: (
            _("This is neither the code of a paper nor its number. A number reads like 2026-000123."),
            "warning",
        ),
    }
    if verdict.outcome != KNOWN:
        return said[verdict.outcome]
    if verdict.copy is not None or (verdict.closed and len(verdict.number) == 9):
        return _("The number of a copy that this home gave out. Compare the paper with the kept one."), "info"
    if verdict.coded:
        return _("A paper of this home: number and code belong together. Compare its text with the kept one."), "good"
    return _("This number was given by this home. Compare the paper with the kept one."), "info"


def closed_words() -> str:
    """What a person is told of a paper that is not for this person, and whom to ask."""
    return sentences(
        _("Whom it is about and what it says is not open to you."),
        _("Ask the director or the archivist, who keep the papers."),
    )


def _not_ours(verdict: Verdict) -> str:
    if verdict.number:
        words = _("Not a paper of this home: nothing is kept under this number.")
        return words if verdict.coded else sentences(words, _("Look whether it was typed as it stands on the paper."))
    return _("Not a paper of this home: this file is not kept, and no code of this home is in it.")
