"""Papers 打印件: what stands on every paper of the home, beside its content.

``head`` gathers it; ``reports`` sets it. A paper of an invented home says so on every page, and a paper that is
not approved looks different from one that is.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from models.child import Child
from models.core import settings
from models.core.accounts import Account
from models.core.audit import AuditEntry
from models.core.database import Work
from models.core.errors import Forbidden
from models.core.fields import Field, field_of, fields_of, words_of
from models.core.queries import load, titles
from models.core.record import Record, record_types
from models.period import period_words
from resources import N_, _


@dataclass(frozen=True)
class PaperHead:
    """The facts in the head and foot of a paper.

    Attributes:
        institution: the home's name.
        form_name: the official name of the form.
        period: what the paper covers, e.g. 2026年10月.
        file_number: the child's file number, or the record's.
        subject: whom or what it is about, for the running head.
        state: the workflow state; a draft is marked as one, a void paper as void.
        demo: the home is invented.
        copy: for whom and under which number a copy was made; it stands across every page and in the document.
        number: the paper's own number 编号, once it is kept by the home.
        check: what the square code in the foot says, by which the paper can be checked against the home's records.
    """

    institution: str
    form_name: str
    printed_at: datetime
    printed_by: str
    period: str = ""
    file_number: str = ""
    subject: str = ""
    state: str = ""
    demo: bool = False
    confidential: bool = True
    copy: str = ""
    number: str = ""
    check: str = ""

    def but(self, **changes: Any) -> PaperHead:
        """Return this head with something changed."""
        return replace(self, **changes)


def paper_head(work: Work, form_name: str, **more: Any) -> PaperHead:
    """Return the head of a paper that this person prints now."""
    known = settings.values(work)
    institution = known["home_name"] or _("Children's welfare home")
    return PaperHead(
        institution, form_name, work.now, work.actor.name or work.actor.username, demo=bool(known["invented"]), **more
    )


@dataclass(frozen=True)
class PaperField:
    """One field on a form: its words, and for a short list of choices every choice with whether it holds."""

    label: str
    text: str
    long: bool = False
    choices: tuple[tuple[bool, str], ...] = ()
    name: str = ""
    """The field's name, by which a recipient's copy knows what to leave out."""

    @property
    def words(self) -> str:
        """The value, or every choice of a short list, ticked or not."""
        return "\u3000".join(f"{'☑' if on else '□'}{words}" for on, words in self.choices) or self.text


@dataclass(frozen=True)
class Signed:
    """Who took a step of the workflow, and when."""

    role: str
    name: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class RecordPaper:
    """One record as its form shows it, as plain values.

    Attributes:
        about: the child (or other owner) it belongs to, as (label, value).
        sections: heading → fields, in the order of the form.
        state: the workflow state; empty for daily entries, which are signed as they are saved.
        signed: the steps of the workflow, taken or still to be taken.
        corrects: why this version replaces an earlier one.
        final: approved or archived: empty cells are closed with a stroke.
        pictured: the form has a place for a photo; ``photo`` is its content hash.
        kind: the name of the record type.
    """

    title: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[PaperField, ...]], ...]
    signed: tuple[Signed, ...]
    state: str = ""
    corrects: str = ""
    final: bool = False
    subject: str = ""
    file_number: str = ""
    pictured: bool = False
    photo: str | None = None
    kind: str = ""


_MANY_CHOICES, _LONG_CHOICES = 6, 40
_OFFICES = (("submitted", N_("Filled in by")), ("reviewed", N_("Head of department")), ("approved", N_("Director")))


def record_paper(work: Work, kind: type[Record], record_id: str) -> RecordPaper:
    """Return one record as its form shows it.

    Raises:
        Missing: when it is not there, or not for this person.
        Forbidden: when the person may not print this type.
    """
    may_print(work, kind)
    record = load(work, kind, record_id)
    names = _names(work, kind, record)
    child = _child_of(work, record)
    return RecordPaper(
        title=form_name(kind),
        about=tuple(_about(work, child)) if child is not None and kind is not Child else (),
        sections=tuple(_sections(kind, lambda meaning: said(meaning, getattr(record, meaning.name), names))),
        signed=tuple(signed_of(work, record)),
        state="" if record.state == kind.first_state == "submitted" else record.state,
        corrects=(record.state_reason or "") if record.supersedes_id else "",
        final=record.state in {"approved", "archived"},
        subject=child.name if child is not None else record.summary(),
        file_number=child.number if child is not None else "",
        pictured=kind is Child,
        photo=child.photo if child is not None and kind is Child else None,
        kind=kind.__name__,
    )


_FORM_NAMES = {
    "Admission": N_("Admission form of a child"),
    "Child": N_("Registration form of a child"),
    "Incident": N_("Incident report"),
}
"""The official names of forms, where they differ from the name of the record."""


def form_name(kind: type[Record]) -> str:
    """Return the name of a type's form."""
    return _(_FORM_NAMES.get(kind.__name__, kind.title))


def blank_paper(kind: type[Record]) -> RecordPaper:
    """Return a type's form with nothing filled in, to be written by hand."""
    nobody = ((_("Name"), ""), (_("File number"), ""), (_("Sex"), "")) if hasattr(kind, "child_id") else ()
    signed = tuple(Signed(_(office)) for _state, office in _OFFICES)
    sections = tuple(_sections(kind, lambda meaning: said(meaning, None, {})))
    return RecordPaper(form_name(kind), nobody, sections, signed, pictured=kind is Child)


def may_print(work: Work, kind: type[Record]) -> None:
    """Refuse to go on when the person may not print records of this type.

    Raises:
        Forbidden: when so.
    """
    if not work.actor.may("print", kind):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Print")))


def _sections(kind: type[Record], say: Callable[[Field], PaperField]) -> Iterator[tuple[str, tuple[PaperField, ...]]]:
    """Group the fields under their headings, in the order of the form."""
    found: dict[str, list[PaperField]] = {}
    for meaning in fields_of(kind):
        apart = meaning.name == "child_id" or (kind is Child and meaning.name == "photo")
        if meaning.kind != "json" and not apart and not _internal(meaning):
            found.setdefault(meaning.section, []).append(say(meaning))
    for heading, fields in found.items():
        yield _(heading), tuple(fields)


def _internal(meaning: Field) -> bool:
    """Whether the program keeps a field for itself: its flags, its keys, and what a record hangs on."""
    keyed = meaning.kind == "text" and meaning.name.endswith("_id")
    return meaning.hidden and (meaning.kind == "yes_no" or meaning.required or keyed)


def label_of(meaning: Field) -> str:
    """Return a field's label as forms have it, with its unit."""
    return _("{label} ({unit})").format(label=meaning.title, unit=_(meaning.unit)) if meaning.unit else meaning.title


def said(meaning: Field, value: Any, names: dict[str, str]) -> PaperField:
    """Return one field on a form; ``names`` are the titles of the records it may refer to."""
    label = label_of(meaning)
    choices = _choices(meaning, value)
    words = names.get(value, "") if meaning.kind == "reference" else words_of(meaning, value)
    return PaperField(label, words, meaning.kind == "long_text", choices, meaning.name)


def _choices(meaning: Field, value: Any) -> tuple[tuple[bool, str], ...]:
    """Every choice of a short list, ticked or not, as printed forms have it."""
    if meaning.kind == "yes_no":
        return ((value is True, _("Yes")), (value is False, _("No")))
    if meaning.codes is None or len(meaning.codes.codes) > _MANY_CHOICES:
        return ()
    chosen = set(value or ()) if meaning.kind == "codes" else {value}
    words = tuple((code.code in chosen, str(code)) for code in meaning.codes)
    return words if sum(len(each) for _on, each in words) <= _LONG_CHOICES else ()


def _names(work: Work, kind: type[Record], record: Record) -> dict[str, str]:
    """The titles of everything the record refers to."""
    found: dict[str, str] = {}
    for meaning in fields_of(kind):
        if meaning.kind == "reference" and meaning.name != "child_id":
            found.update(titles(work, meaning.target, [getattr(record, meaning.name)]))
    return found


def _child_of(work: Work, record: Record) -> Child | None:
    if isinstance(record, Child):
        return record
    child_id = getattr(record, "child_id", None)
    return load(work, Child, child_id) if child_id else None


def _about(work: Work, child: Child) -> Iterator[tuple[str, str]]:
    unit = titles(work, "unit", [child.unit_id]).get(child.unit_id or "", "")
    yield _("Name"), child.name
    yield _("File number"), child.number
    yield _("Sex"), words_of(field_of(Child, "sex"), child.sex)
    yield _("Date of birth"), child.born_on.isoformat()
    yield _("Unit"), unit


def signed_of(work: Work, record: Record) -> Iterator[Signed]:
    """Who filled in, reviewed and approved, from the trail of the record itself."""
    taken = {"submitted": (record.recorded_by, record.recorded_at)} | _steps(work, record)
    for state, office in _OFFICES:
        name, at = taken.get(state, ("", None))
        yield Signed(_(office), name, at)


def _steps(work: Work, record: Record) -> dict[str, tuple[str, datetime]]:
    """The last time each state was reached. Read beside the rows' conditions: whoever may read the record may
    know who answers for it."""
    table, account = AuditEntry.__table__, Account.__table__
    asked = (
        select(table.c.details, table.c.at, func.coalesce(account.c.name, table.c.username))
        .outerjoin(account, account.c.id == table.c.account_id)
        .where(table.c.record_id == record.id, table.c.event == "step")
        .order_by(table.c.sequence)
    )
    found: dict[str, tuple[str, datetime]] = {}
    steps: list[Any] = list(work.whole_home(asked))
    for details, at, name in steps:
        change = json.loads(details).get("state")
        if change:
            found[change[1]] = (name, at)
    return found


def note_printed(
    work: Work, form: str, kind: type[Record], record_id: str = "", child_id: str = "", **details: Any
) -> None:
    """Note in the trail that a paper was made: which form, of which record, how much of it."""
    work.record_event("printed", kind.__name__, record_id, child_id, form=form, **details)


@dataclass(frozen=True)
class Printed:
    """One earlier printing of this person's: what, how many papers, where to."""

    at: datetime
    form: str
    period: str
    papers: int
    place: str


def recent_prints(work: Work, limit: int = 12) -> list[Printed]:
    """Return the person's own last printings, the newest first; what was printed in one go is one line."""
    table = AuditEntry.__table__
    mine = (
        select(table.c.at, table.c.type_name, table.c.details)
        .where(table.c.event == "printed", table.c.account_id == work.actor.account_id)
        .order_by(table.c.sequence.desc())
        .limit(2000)
    )
    found: dict[str, Printed] = {}
    lines: list[Any] = list(work.whole_home(mine))
    for at, type_name, details in lines:
        known = json.loads(details)
        key = known.get("batch") or f"single {len(found)}"
        if key not in found and len(found) == limit:
            break
        before = found.get(key)
        form = known.get("paper") or form_words(known.get("form", ""), type_name)
        first = before or Printed(at, form, period_words(known.get("period", "")), 0, known.get("place", ""))
        found[key] = replace(first, papers=first.papers + 1)
    return list(found.values())


def form_words(form: str, type_name: str) -> str:
    """Say which form was printed; a record's own form is noted by the name of its type."""
    known = {kind.__name__: kind for kind in record_types()}
    if form in known:
        return form_name(known[form])
    return _(form) if form else _(known[type_name].titles) if type_name in known else ""


_FORBIDDEN = re.compile(r'[<>:"/\\|?*\ufffe\uffff]')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, signs without a shape, halves of characters, breaks: nobody sees them in a file's name."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


_LONGEST = 200
"""Bytes that a disk takes for one name, with room for an ending and a counter."""


def clean_name(text: str) -> str:
    """Return a text without what a file name may not hold."""
    seen = "".join(each for each in text if unicodedata.category(each) not in _UNSEEN)
    return _FORBIDDEN.sub("", seen).strip(" .")


def safe_stem(text: str) -> str:
    """Return a text as a file name without its ending: clean, not too long for a disk, no device of Windows."""
    stem = clean_name(text).encode()[:_LONGEST].decode("utf-8", "ignore").strip(" .") or "paper"
    return f"_{stem}" if _DEVICES.fullmatch(stem) else stem


def file_name(*parts: str, ending: str = "pdf") -> str:
    """Return a name under which every system can keep a paper: 档案编号_姓名_表名_期间.pdf."""
    kept = [clean_name(part)[:60] for part in parts]
    return f"{safe_stem('_'.join(part for part in kept if part))}.{ending}"
