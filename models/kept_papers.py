"""Kept papers 定稿存档: papers of what is approved or over, kept under a number, byte for byte, for good.

A kept paper is made once, with its number and a code by which it can be checked, and never again: printing it later
gives the very same bytes, whatever became of the records since. What was corrected meanwhile is said beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Date, Integer, String, Text, and_, exists, func, or_, select
from sqlalchemy.orm import Mapped

from models.child import OfChild
from models.core import attachments
from models.core.access import Actor
from models.core.database import Work
from models.core.errors import Forbidden, Invalid, Problem, Unusable
from models.core.exchange import Listing
from models.core.fields import attachment, field, reference
from models.core.queries import load
from models.core.record import Record, new_id, record_type, record_types
from models.core.sealing import Sealed
from models.core.turns import wait_for_turn
from models.file_papers import WholeFile
from models.forms import FORMS
from models.month import Section, needs_of
from models.period import ReportPeriod, period_words
from resources import N_, _, current_language

if TYPE_CHECKING:
    from models.core.home import Home

PAPER = N_("The paper")
SOURCE = N_("What it was made from")
KEPT = N_("How it is kept")
MONTHLY, WHOLE_FILE, INSTITUTION = "monthly", "file", "institution"
"""The papers that are neither a declared form nor the form of one record, by the key under which they are kept."""
CODE = "QH1"
"""What the text of every check code begins with: the program's mark and the edition of the code."""
DIGITS = 20
"""So many hexadecimal digits of the content's digest stand in the code: 80 bits."""


class KeptPaper(OfChild, Record):
    """One paper that is kept 定稿: what it is, of whom, from which version of which record, and its very bytes."""

    title: ClassVar[str] = N_("Kept paper")
    titles: ClassVar[str] = N_("Kept papers")
    area: ClassVar[str] = "papers"
    first_state: ClassVar[str] = "submitted"
    by_hand: ClassVar[bool] = False
    event_field: ClassVar[str] = "known_on"
    title_field: ClassVar[str] = "number"
    on_timeline: ClassVar[bool] = False

    child_id: Mapped[str | None] = reference(  # type: ignore[assignment]  # a paper of the whole home has none
        N_("Child"), "child", section=PAPER, listed=True, searched=True, hidden=True, sort_order=-10
    )
    number: Mapped[str | None] = field(
        N_("Paper number"), String(20), section=PAPER, listed=True, searched=True, hidden=True, unique=True
    )
    paper: Mapped[str | None] = field(
        N_("Name of the paper"), String(120), section=PAPER, listed=True, searched=True, hidden=True
    )
    subject: Mapped[str | None] = field(
        N_("About whom or what"), String(120), section=PAPER, searched=True, hidden=True
    )
    period: Mapped[str | None] = field(
        N_("Period of the paper"), String(12), section=PAPER, listed=True, searched=True, hidden=True
    )
    known_on: Mapped[date | None] = field(N_("As known on"), Date, section=PAPER, listed=True, hidden=True)

    kind: Mapped[str | None] = field(N_("Key of the paper"), String(60), section=SOURCE, hidden=True, kind="json")
    needs: Mapped[str | None] = field(N_("Type of the record"), String(40), section=SOURCE, hidden=True, kind="json")
    reads: Mapped[str | None] = field(N_("Areas it tells of"), Text, section=SOURCE, hidden=True, kind="json")
    record_id: Mapped[str | None] = field(
        N_("Record it was made from"), String(32), section=SOURCE, hidden=True, index=True, kind="json"
    )
    record_version: Mapped[int | None] = field(N_("Version of the record"), Integer, section=SOURCE, hidden=True)
    language: Mapped[str | None] = field(
        N_("Language of the paper"), String(8), section=SOURCE, hidden=True, kind="json"
    )

    digest: Mapped[str | None] = field(N_("SHA-256 of what it says"), String(64), section=KEPT, hidden=True)
    file_hash: Mapped[str | None] = field(
        N_("SHA-256 of the file"), String(64), section=KEPT, hidden=True, searched=True, index=True
    )
    pages: Mapped[int | None] = field(N_("Pages"), Integer, section=KEPT, hidden=True)
    signed_by: Mapped[str | None] = field(N_("Digitally signed by"), String(120), section=KEPT, hidden=True)
    document: Mapped[str | None] = attachment(N_("The kept file"), section=KEPT, hidden=True)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """Whoever sees the child and may print such a paper, and may read everything it tells of."""
        entrusted = super().scope(actor)
        if actor.sees_whole_home("Child"):
            mine = [] if entrusted is None else [or_(cls.child_id.is_(None), entrusted)]
        else:
            mine = [cls.child_id.is_not(None)] + ([] if entrusted is None else [entrusted])
        kinds = record_types()
        printable = [kind.__name__ for kind in kinds if actor.may("print", kind)]
        closed = [kind.__name__ for kind in kinds if not actor.may("read", kind)]
        told = [_silent_of(cls, name) for name in closed]
        unbound = [_silent_of(cls, kind.__name__) for kind in kinds if kind.__name__ not in {*printable, *closed}]
        bound = or_(cls.kind != WHOLE_FILE, and_(*unbound, *(_none_sealed(cls, kind, actor) for kind in _sealable())))
        own = [_open_to(cls, kind, actor) for kind in _sealable()]
        return and_(*mine, cls.needs.in_(printable), *told, bound, *own)

    @classmethod
    def reaches_aside(cls) -> bool:
        """Papers of outreach clients are kept like all others."""
        return True

    def owner(self) -> Any:
        return super().owner() if self.child_id else None

    def refused(self, work: Work) -> str:
        return ""  # a paper is kept of what was recorded, whether or not an agreement still holds

    def problems(self, work: Work) -> Iterator[Problem]:
        if not (self.number and self.digest and self.file_hash and self.document and self.needs):
            yield Problem("number", _("A paper is kept when it is printed; it cannot be entered."))

    def before_save(self, work: Work) -> None:
        self.state = "archived"  # nobody changes it any more
        self.reads = self.reads or "|"

    def summary(self) -> str:
        return f"{self.number} {self.paper}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests."""
        from models.child import Child
        from models.core.records import save

        child = {"name": "周小满", "number": new_id()[-12:], "sex": "1", "born_on": date(2021, 4, 1)}
        said = new_id() * 2
        return {
            "child_id": save(work, Child, child), "number": next_number(work), "paper": "儿童月度综合记录", "needs": cls.__name__,
            "digest": said, "file_hash": said, "document": "0" * 64, "known_on": work.today, "kind": MONTHLY,
        }  # fmt: skip


def _sealable() -> list[type[Any]]:
    return [kind for kind in record_types() if issubclass(kind, Sealed)]


def _silent_of(cls: type[KeptPaper], name: str) -> ColumnElement[bool]:
    """It tells nothing of a record type, or nothing of one record."""
    return cls.reads.not_like(f"%|{name}|%")


def _none_sealed(cls: type[KeptPaper], kind: type[Any], actor: Actor) -> ColumnElement[bool]:
    """Nothing that a whole file holds was sealed after the file was kept, but for those to whom it is open."""
    seen, table = kind.scope(actor), kind.__table__.alias()
    inner = select(kind.id) if seen is None else select(kind.id).where(seen)
    shut = select(table.c.id).where(
        table.c.child_id == cls.child_id, table.c.sealed.is_(True), cls.reads.contains(table.c.id)
    )
    return ~exists(shut.where(table.c.id.not_in(inner)))


def _open_to(cls: type[KeptPaper], kind: type[Any], actor: Actor) -> ColumnElement[bool]:
    """A record may be sealed after its paper was kept: then the paper is sealed with it."""
    seen = kind.scope(actor)
    inner = select(kind.id) if seen is None else select(kind.id).where(seen)
    return or_(cls.needs != kind.__name__, cls.record_id == "", cls.record_id.in_(inner))


# --- numbers and codes ------------------------------------------------------------------------------


def next_number(work: Work) -> str:
    """Return the next number of the year, ``2026-000123``; held until the unit of work ends, so that none is missing."""
    wait_for_turn(work, "number of a kept paper")
    numbers = KeptPaper.__table__.c.number
    asked = select(func.max(numbers)).where(numbers.like(f"{work.today.year}-______"))
    last = work.whole_home(asked).scalar()
    return f"{work.today.year}-{int(last[5:]) + 1 if last else 1:06d}"


def check_text(number: str, digest: str) -> str:
    """Return what the code on a paper says: capitals and colons only, so that the code is small and any scanner types it.

    >>> check_text("2026-000123", "9f3a0c11d2e4b5a6978812345678ffff")
    'QH1:2026-000123:9F3A0C11D2E4B5A69788'
    """
    return f"{CODE}:{number}:{digest[:DIGITS].upper()}"


def digest_of(said: Any) -> str:
    """Return the SHA-256 of what a paper says: of its values, not of how they are laid out or when they were printed.

    A value that is what it is by default counts as left out, so that a form may get another part later.
    """
    return sha256(
        json.dumps(_plain(said), ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    ).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Listing):  # its words; how its columns are declared is no part of what it says
        return [value.title, _plain(value.headings), _plain(value.texts()), _plain(value.notes)]
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            each.name: getattr(value, each.name) for each in fields(value) if getattr(value, each.name) != each.default
        }
        return {type(value).__name__: {name: _plain(part) for name, part in kept.items()}}
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_plain(part), ensure_ascii=False, sort_keys=True) for part in value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | bool) or value is None else repr(value)


# --- keeping ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A kept paper as plain values.

    Attributes:
        known_on: the day whose knowledge it shows.
        check: what its code says.
        signed_by: whose certificate signed it; empty when none did.
    """

    id: str
    number: str
    kind: str
    paper: str
    subject: str
    child_id: str
    record_id: str
    period: str
    known_on: date
    kept_at: datetime
    kept_by: str
    digest: str
    file_hash: str
    document: str
    pages: int
    signed_by: str

    @property
    def check(self) -> str:
        """What the code on the paper says."""
        return check_text(self.number, self.digest)


@dataclass(frozen=True)
class Made:
    """The document of a paper: its bytes, its number of pages, and who signed it digitally."""

    content: bytes
    pages: int = 0
    signed_by: str = ""


Make = Callable[[str, str], "bytes | Made"]
"""Makes the document, given the number and what the code says (``PaperHead.number`` and ``PaperHead.check``)."""


def keep(
    work: Work,
    home: Home,
    kind: str,
    *,
    title: str,
    said: Any,
    make: Make,
    child_id: str = "",
    record_id: str = "",
    period: str = "",
    subject: str = "",
    needs: str = "",
    anew: bool = False,
) -> Kept:
    """Keep a final paper and return it; one that is kept already is returned as it is.

    Args:
        kind: the key of a declared form (``models.forms``), the name of the record type whose form it is, or
            ``MONTHLY``, ``WHOLE_FILE``, ``INSTITUTION``; any other key says itself what it ``needs``.
        said: the values the paper says (``Form``, ``MonthlyRecord``, ``RecordPaper`` …); of them the digest is made.
        needs: the record type one must be allowed to print, where the kind does not say it.
        period: ``2026-10``, ``2026-Q3``, ``2026``; empty for a paper that shows what is known today.
        anew: keep a newer version where what the paper says has changed since the kept one.

    Raises:
        Forbidden: when the person may not keep papers, or not print this one.
        Invalid: when it is a draft: not approved, or its month not over.
    """
    if not work.actor.may("create", KeptPaper) or not work.actor.may("print", needs or needed_for(kind)):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(KeptPaper.title)))
    record = _final_record(work, kind, record_id)
    _check_period(work, period)
    period = period or ("" if record is not None and record.state != "current" else work.today.isoformat())
    number = next_number(work)
    before = kept(work, kind, child_id=child_id, record_id=record_id, period=period)
    digest = digest_of(said)
    if before is not None and not (anew and before.digest != digest):
        return before
    found = make(number, check_text(number, digest))
    made = found if isinstance(found, Made) else Made(found)
    row = KeptPaper(
        id=new_id(), child_id=child_id or None, number=number, paper=title[:120], subject=subject[:120], period=period,
        known_on=work.today, kind=kind, needs=needs or needed_for(kind), reads=_told(said), record_id=record_id,
        record_version=None if record is None else record.version, language=current_language(), digest=digest,
        file_hash=sha256(made.content).hexdigest(), pages=made.pages or None, signed_by=made.signed_by[:120] or None,
        document=attachments.store(home, work, made.content, f"{number}.pdf"),
        supersedes_id=None if before is None else before.id,
    )  # fmt: skip
    work.add(row)
    work.flush()
    return values_of(row)


def kept(work: Work, kind: str, *, child_id: str = "", record_id: str = "", period: str = "") -> Kept | None:
    """Return the newest kept paper of this kind about this, in the language in use; None when none is kept."""
    asked = select(KeptPaper).where(
        KeptPaper.kind == kind, KeptPaper.record_id == record_id, KeptPaper.language == current_language(),
        KeptPaper.child_id == child_id if child_id else KeptPaper.child_id.is_(None),
    )  # fmt: skip
    # What lives is kept as known on a day: tomorrow's paper is another one. What is approved stays as it is.
    days = [period] if period else [work.today.isoformat(), *([""] if record_id else [])]
    asked = asked.where(KeptPaper.period.in_(days))
    found = work.scalars(asked.order_by(KeptPaper.number.desc()).limit(1)).first()
    return None if found is None else values_of(found)


def kept_paper(work: Work, paper_id: str) -> Kept:
    """Return one kept paper.

    Raises:
        Missing: when it is not there, or not for this person.
    """
    return values_of(load(work, KeptPaper, paper_id))


def document(work: Work, home: Home, paper_id: str) -> bytes:
    """Return the very bytes that were kept.

    Raises:
        Missing: when the paper is not there or not for this person, or its file is gone.
        Unusable: when the file was damaged.
    """
    paper = load(work, KeptPaper, paper_id)
    content = attachments.read(home, work, paper.document)
    if sha256(content).hexdigest() != paper.file_hash:
        raise Unusable(_("The kept file of paper {number} was changed on the disk; a backup may have it.").format(number=paper.number))  # fmt: skip
    return content


def needed_for(kind: str) -> str:
    """Return the record type that one must be allowed to print."""
    return FORMS[kind].needs if kind in FORMS else record_type_of(kind) or "Child"


def record_type_of(kind: str) -> str:
    """Return the record type whose single record a paper shows; empty when it shows a child or the home."""
    of = FORMS[kind].of if kind in FORMS else kind
    return of if of in {each.__name__ for each in record_types()} else ""


def _final_record(work: Work, kind: str, record_id: str) -> Record | None:
    """The record a paper is made from, when it is one; refused while it is a draft or sealed."""
    name = record_type_of(kind)
    if not name or not record_id:
        return None
    record: Record = load(work, record_type(name), record_id)
    if getattr(record, "sealed", False):
        raise Invalid([Problem("", _("A sealed record is not kept here: it stays with those to whom it is open."))])
    if record.state not in {"approved", "archived", "current"}:
        raise Invalid([Problem("", _("Only the paper of an approved record is kept; this one is a draft."))])
    return record


def _check_period(work: Work, period: str) -> None:
    if period and ReportPeriod.parse(period).last >= work.today:
        words = _("{period} is not over yet: its paper is a draft and is not kept.")
        raise Invalid([Problem("", words.format(period=period_words(period)))])


def _told(said: Any) -> str:
    """The record types a paper tells of beside its own, from its sections: ``|NursingRecord|MedicalVisit|``.

    A whole file says besides of which types it holds papers, and which of these records may be sealed later.
    """
    names = {needs_of(each) for each in _sections(said) if not (each.withheld or each.empty)} - {""}
    if isinstance(said, WholeFile):
        bound = {each.kind for each in said.entries} - {"Caseload"}  # to whom a child is entrusted is nobody's secret
        names |= bound | {*said.sealable}
    return "|" + "".join(f"{name}|" for name in sorted(names))


def _sections(said: Any) -> Iterator[Section]:
    if isinstance(said, Section):
        yield said
    elif is_dataclass(said) and not isinstance(said, type):
        for each in fields(said):
            yield from _sections(getattr(said, each.name))
    elif isinstance(said, list | tuple):
        for part in said:
            yield from _sections(part)


def values_of(row: KeptPaper) -> Kept:
    """Return a kept paper as plain values."""
    return Kept(
        row.id, row.number or "", row.kind or "", row.paper or "", row.subject or "", row.child_id or "",
        row.record_id or "", row.period or "", row.known_on or row.recorded_at.date(), row.recorded_at, row.recorded_by,
        row.digest or "", row.file_hash or "", row.document or "", row.pages or 0, row.signed_by or "",
    )  # fmt: skip
