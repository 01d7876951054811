"""Copies for recipients 对外提供副本: what a court, hospital, school, adopter or inspector gets of a child's file.

A copy is made anew from the records, never by covering what is already on paper: areas and fields are left out by
rule, other children become “another child A” throughout, relatives and outsiders whom the recipient may not know
“relative A” and so on; an inspector reads the child's own name masked as well.
Every copy has a number, which stands on its pages and in the document, and an entry that says who got what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, String, func, select
from sqlalchemy.orm import Mapped

from models.belongings import Sibling
from models.child import Child, OfChild
from models.copy_names import Names, children_named, people_named
from models.copy_papers import (
    COPY_PAPERS,
    FILE,
    MONTH,
    RECORDS,
    facts_for,
    form_for,
    form_of,
    kept_back,
    masked,
    month_for,
    monthly,
    paper_problems,
    values_kept_back,
)
from models.core import attachments
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.exchange import Listing
from models.core.fields import attachment, field
from models.core.queries import load
from models.core.record import Record
from models.core.records import save
from models.core.words import TableCodes
from models.file_papers import FileEntry, WholeFile, whole_file
from models.forms import Asked, Form, gathered
from models.month import Month, MonthlyRecord, Photos, gather
from models.papers import PaperField, RecordPaper, note_printed
from models.period import ReportPeriod
from models.person_name import masked_name
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.home import Home

RECIPIENTS = TableCodes("recipient", "copies/recipients.csv", code="code", chinese="title_zh", english="title_en")
ASKED = N_("Asked for")
MADE = N_("Copy as made")


class PaperCopy(OfChild, Record):
    """A copy that left the home 对外提供登记: of whose file, for whom, why, which number, which very bytes."""

    title: ClassVar[str] = N_("Copy for a recipient")
    titles: ClassVar[str] = N_("Copies for recipients")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    by_hand: ClassVar[bool] = False
    event_field: ClassVar[str] = "made_on"
    title_field: ClassVar[str] = "number"

    recipient: Mapped[str] = field(N_("Kind of recipient"), codes=RECIPIENTS, section=ASKED, required=True, listed=True)
    recipient_name: Mapped[str] = field(
        N_("Recipient"), String(80), section=ASKED, required=True, listed=True, searched=True
    )
    purpose: Mapped[str] = field(
        N_("Purpose and ground"), String(200), section=ASKED, required=True, listed=True,
        help=N_("Why the recipient may have it: letter, case number, consent."),
    )  # fmt: skip
    paper: Mapped[str | None] = field(
        N_("Copied paper"), codes=COPY_PAPERS, section=ASKED, listed=True,
        help=N_("The whole file where nothing is chosen. No more than the purpose needs."),
    )  # fmt: skip
    month: Mapped[str | None] = field(
        N_("Month of the paper"), String(7), section=ASKED, help=N_("For monthly papers, for example 2026-10.")
    )
    number: Mapped[str | None] = field(
        N_("Copy number"), String(20), section=MADE, listed=True, hidden=True, searched=True
    )
    made_on: Mapped[date | None] = field(N_("Made on"), Date, section=MADE, listed=True, hidden=True)
    pages: Mapped[int | None] = field(N_("Pages"), Integer, section=MADE, listed=True, hidden=True)
    digest: Mapped[str | None] = field(
        N_("SHA-256 of the document"), String(64), section=MADE, hidden=True, searched=True
    )
    document: Mapped[str | None] = attachment(N_("The very document"), section=MADE, hidden=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.digest and not self.number:
            yield Problem("number", _("A copy that was made has a number."))
        yield from paper_problems(self.paper or FILE, self.month, rules_for(self.recipient))

    def before_save(self, work: Work) -> None:
        self.made_on = self.made_on or work.today
        self.number = self.number or next_number(work)

    def summary(self) -> str:
        return f"{self.number} {self.recipient_name}"


def next_number(work: Work) -> str:
    """Return the next copy number of the year, ``2026-0007``; counted over the whole home."""
    numbers = PaperCopy.__table__.c.number
    asked = select(func.max(numbers)).where(numbers.like(f"{work.today.year}-%"))
    last = next(iter(work.whole_home(asked)), (None,))[0]
    return f"{work.today.year}-{int(last[5:]) + 1 if last else 1:04d}"


# --- rules ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rules:
    """What one kind of recipient gets: the areas, whether the child's name is masked, and what is left out or masked."""

    areas: frozenset[str]
    masked: bool
    omitted: frozenset[str]
    hidden: frozenset[str]
    readable: frozenset[str] = frozenset()
    """Whose names may be read: what the people are to the child, and ``numbers`` for telephones and identity numbers."""

    def of_field(self, kind: str, name: str) -> str:
        """Return ``omit``, ``mask`` or nothing for one field of a type."""
        if f"{kind}.{name}" in self.omitted:
            return "omit"
        return "mask" if f"{kind}.{name}" in self.hidden else ""


@cache
def rules_for(recipient: str) -> Rules:
    """Return the rules of a kind of recipient."""
    row = next(row for row in table("copies/recipients.csv") if row["code"] == recipient)
    rules = [each for each in table("copies/rules.csv") if each["recipient"] == recipient]
    return Rules(
        frozenset(row["areas"].split("|")),
        bool(row["masked"]),
        frozenset(each["what"] for each in rules if each["rule"] == "omit"),
        frozenset(each["what"] for each in rules if each["rule"] == "mask"),
        frozenset(row["people"].split("|")),
    )


def names_for(work: Work, child: Child, recipient: str) -> Names:
    """Return what stands for people's names in a copy about one child."""
    rules = rules_for(recipient)
    own = masked_name(child.name, child.number) if rules.masked else ""
    names, same = children_named(work, child, own)
    outside = people_named(work, rules.readable)
    if "relative" in rules.readable and Sibling.__name__ not in rules.omitted:
        for name in work.scalars(select(Sibling.name).where(Sibling.child_id == child.id)):
            names.pop(name or "", None)  # a brother in the same home is no stranger
    for name in filter(None, (child.name, child.former_name)):
        outside.pop(name, None)
    numbers = None if "numbers" in rules.readable else frozenset(filter(None, (child.identity_number,)))
    every = {**outside, **names, **values_kept_back(child, rules)}
    return Names(every, _("another child {letter}"), same, numbers)


# --- making -----------------------------------------------------------------------------------------


class Extract(WholeFile):
    """The records of one kind out of a child's file; bound without cover and contents."""


Copied = WholeFile | MonthlyRecord | list[Form]
"""What a copy is made of, as its recipient gets it."""


def copy_of(work: Work, copy_id: str, photos: Photos) -> tuple[Copied, str]:
    """Return what a copy contains, and the words that mark its pages.

    Raises:
        Missing: when the child is not there, or not entrusted to the person.
        Forbidden: when the person may not print such records.
        Invalid: when the kind of recipient does not get this paper.
    """
    copy = load(work, PaperCopy, copy_id)
    child = load(work, Child, copy.child_id)
    refused = list(paper_problems(copy.paper or FILE, copy.month, rules_for(copy.recipient)))
    if refused:
        raise Invalid(refused)
    content = _content(work, copy, photos)
    note_printed(work, PaperCopy.__name__, PaperCopy, copy.id, child.id, number=copy.number, paper=copy.paper or FILE)
    mark = _("For {recipient} only · copy no. {number}").format(recipient=copy.recipient_name, number=copy.number)
    return given_to(content, copy.recipient, names_for(work, child, copy.recipient)), mark


def _content(work: Work, copy: PaperCopy, photos: Photos) -> Copied:
    """Gather the paper as the home itself would print it."""
    paper = copy.paper or FILE
    if paper == MONTH:
        return gather(work, copy.child_id, Month.parse(copy.month or ""), photos)
    form = form_of(paper)
    if form is not None:
        period = ReportPeriod.parse(copy.month or "") if monthly(paper) else None
        return gathered(work, form, Asked(copy.child_id, period=period), photos)
    whole = whole_file(work, copy.child_id, photos)
    if paper.startswith(RECORDS):
        kind = paper.removeprefix(RECORDS)
        entries = tuple(each for each in whole.entries if each.kind == kind)
        return Extract(whole.child_id, whole.name, whole.number, whole.facts, whole.photo, entries)
    return whole


def given_to(content: Copied, recipient: str, names: Names) -> Copied:
    """Return a paper as a kind of recipient gets it; pure, so that every rule can be tried on values."""
    rules = rules_for(recipient)
    if isinstance(content, WholeFile):
        return for_recipient(content, recipient, names)
    if isinstance(content, MonthlyRecord):
        return month_for(content, rules, names, kept_back(rules))
    return [form_for(each, rules, names, kept_back(rules)) for each in content]


def keep_document(work: Work, home: Home, copy_id: str, document: bytes, pages: int) -> None:
    """Keep the very bytes that leave the home, so that they can be printed again unchanged and recognised."""
    copy = load(work, PaperCopy, copy_id)
    name = f"{copy.number}.pdf"
    values = {
        "document": attachments.store(home, work, document, name),
        "digest": sha256(document).hexdigest(),
        "pages": pages,
    }
    save(work, PaperCopy, values, id=copy_id)


def recognised(work: Work, document: bytes) -> PaperCopy | None:
    """Return the copy that a document is, byte for byte; None when it was changed or is none of the home's."""
    asked = select(PaperCopy).where(PaperCopy.digest == sha256(document).hexdigest())
    return work.scalars(asked).first()


def for_recipient(whole: WholeFile, recipient: str, names: Names) -> WholeFile:
    """Return a child's file as a kind of recipient gets it; pure, so that every rule can be tried on values."""
    rules = rules_for(recipient)
    entries = tuple(
        replace(each, paper=_paper(each, rules, names))
        for each in whole.entries
        if each.area in rules.areas and each.kind not in rules.omitted | {PaperCopy.__name__}
    )
    photo = None if rules.of_field("Child", "photo") == "omit" else whole.photo
    facts = tuple(facts_for(whole.facts, names, kept_back(rules)))
    return replace(whole, name=names.said(whole.name), facts=facts, photo=photo, entries=entries)


def _paper(entry: FileEntry, rules: Rules, names: Names) -> RecordPaper | Listing | Form | tuple[RecordPaper, ...]:
    if isinstance(entry.paper, Listing):
        return _listing(entry.paper, entry.kind, rules, names)
    if isinstance(entry.paper, Form):
        return form_for(entry.paper, rules, names, kept_back(rules))
    if isinstance(entry.paper, tuple):
        return tuple(_record(each, rules, names) for each in entry.paper)
    return _record(entry.paper, rules, names)


def _record(paper: RecordPaper, rules: Rules, names: Names) -> RecordPaper:
    kept = ((title, tuple(_fields(paper.kind, fields, rules, names))) for title, fields in paper.sections)
    return replace(
        paper,
        sections=tuple((title, fields) for title, fields in kept if fields),
        about=tuple(facts_for(paper.about, names, kept_back(rules))),
        subject=names.said(paper.subject),
        corrects=names.said(paper.corrects),
    )


def _fields(kind: str, fields: Iterable[PaperField], rules: Rules, names: Names) -> Iterator[PaperField]:
    for each in fields:
        rule = rules.of_field(kind, each.name)
        if rule != "omit":
            yield replace(each, text=masked(each.text) if rule == "mask" else names.said(each.text))


def _listing(listing: Listing, kind: str, rules: Rules, names: Names) -> Listing:
    keep = [n for n, each in enumerate(listing.columns) if rules.of_field(kind, each.name) != "omit"]
    hide = {n for n in keep if rules.of_field(kind, listing.columns[n].name) == "mask"}
    rows = tuple(
        tuple(masked(str(row[n] or "")) if n in hide else _value(row[n], names) for n in keep) for row in listing.rows
    )
    return replace(listing, columns=tuple(listing.columns[n] for n in keep), rows=rows, notes=())


def _value(value: Any, names: Names) -> Any:
    return names.said(value) if isinstance(value, str) else value
