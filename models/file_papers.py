"""File papers 档案打印: a child's whole file, in the order of the archive, as plain values for paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.child import Child
from models.core.database import Work
from models.core.exchange import Listing, as_shown
from models.core.fields import fields_of
from models.core.queries import load, rows
from models.core.record import Record, record_types
from models.core.sealing import Sealed
from models.forms import FORMS, Asked, Form, gathered
from models.month import Photos, facts_of
from models.papers import RecordPaper, may_print, note_printed, record_paper
from resources import N_, _

ORDER = {
    "child": N_("Children"), "care": N_("Care"), "treatment": N_("Treatment"), "rehabilitation": N_("Rehabilitation"),
    "education": N_("Education"), "safety": N_("Safety"), "social_work": N_("Social work"), "allowance": N_("Allowances"),
    "transition": N_("Transition"), "home": N_("The home"),
}  # fmt: skip
"""The classes of a child's file, in the order in which they are bound."""


@dataclass(frozen=True)
class FileEntry:
    """One paper of the file: a form, a record as its sheet, several small records together, or a list of daily entries."""

    area: str
    title: str
    day: str
    paper: RecordPaper | Listing | Form | tuple[RecordPaper, ...]
    kind: str = ""
    """The name of the record type."""


@dataclass(frozen=True)
class WholeFile:
    """A child's file: who the child is, and all papers the person may print.

    Attributes:
        sealable: the bound records that may be sealed later; a file that was kept is then closed with them.
    """

    child_id: str
    name: str
    number: str
    facts: tuple[tuple[str, str], ...]
    photo: bytes | None
    entries: tuple[FileEntry, ...]
    sealable: tuple[str, ...] = ()


def whole_file(
    work: Work, child_id: str, photos: Photos = lambda work, sha: None, *, dedicated: bool = False
) -> WholeFile:
    """Gather a child's file; that it was printed is noted with this unit of work.

    Args:
        dedicated: papers with a form of their own are bound as that form; without it every record stands as its
            fields, from which a recipient's copy leaves out what is not meant for it.

    Raises:
        Missing: when the child is not there, or not entrusted to the person.
        Forbidden: when the person may not print children's records.
    """
    may_print(work, Child)
    child = load(work, Child, child_id)
    own = record_paper(work, Child, child_id)
    entries = [FileEntry("child", own.title, "", own, "Child")]
    sealable: list[str] = []
    for kind in sorted(_kinds(work), key=lambda each: list(ORDER).index(each.area)):
        if issubclass(kind, Sealed):
            sealable += [each.id for each in rows(work, kind, fields=[], where=_mine(kind, child_id))]
        own_forms = list(_own_forms(work, kind, child_id, photos)) if dedicated else []
        entries.extend(own_forms)
        if not own_forms or kind.__name__ in _BESIDE_THEIR_LIST:
            entries.extend(_entries(work, kind, child_id))
    note_printed(work, FILE, Child, child_id, child_id, papers=len(entries))
    photo = photos(work, child.photo) if child.photo else None
    facts = tuple(facts_of(work, child, work.today))
    return WholeFile(child_id, child.name, child.number, facts, photo, tuple(entries), tuple(sorted(sealable)))


FILE = N_("File of a child")
_FEW = 6
"""So many records with a workflow of their own are bound as single forms; more of them are put together."""


_OF_THE_CHILD = {
    "VaccineDose": "immunisation_certificate", "GrowthMeasurement": "growth_sheet", "IepGoal": "iep",
    "KeepsakeItem": "kept_things", "AfterCareContact": "after_care",
}  # fmt: skip
"""Types whose records stand together on one form of the child."""
_OF_A_RECORD = {
    "Admission": "admission_form", "Incident": "incident_report", "RehabilitationPlan": "rehabilitation_plan",
    "TransitionPlan": "transition_plan",
}  # fmt: skip
"""Types each of whose records has a form of its own."""
_BESIDE_THEIR_LIST = frozenset({"GrowthMeasurement"})
"""Types whose form draws a picture of the records, which are listed all the same."""


def _own_forms(work: Work, kind: type[Record], child_id: str, photos: Photos) -> Iterator[FileEntry]:
    """The dedicated forms of a type's records."""
    name = kind.__name__
    key = _OF_THE_CHILD.get(name) or _OF_A_RECORD.get(name)
    if key is None:
        return
    found = rows(work, kind, fields=_event_field(kind), where=_mine(kind, child_id), descending=False)
    if name in _OF_A_RECORD and len(found) > _FEW:
        return
    for each in found[:1] if name in _OF_THE_CHILD else found:
        asked = Asked(child_id, each.id if name in _OF_A_RECORD else "")
        day = _day(each.values[0]) if each.values and name in _OF_A_RECORD else ""
        for sheet in gathered(work, FORMS[key], asked, photos):
            yield FileEntry(kind.area, sheet.name, day, sheet, name)


def _mine(kind: Any, child_id: str) -> list[Any]:
    """The conditions for what is bound of a type: never what is void, never what is sealed."""
    mine = [kind.child_id == child_id, kind.state.not_in(("void", "superseded"))]
    if issubclass(kind, Sealed):
        mine.append(kind.sealed.is_(False))  # the bound file passes through many hands
    return mine


def _kinds(work: Work) -> list[type[Record]]:
    """The types of a child's records that the person may print."""
    return [
        kind
        for kind in record_types()
        if hasattr(kind, "child_id") and kind.area in ORDER and work.actor.may("print", kind)
    ]


def _entries(work: Work, kind: type[Record], child_id: str) -> Iterator[FileEntry]:
    """A form for every record with a workflow; small records together; daily entries, signed as they are saved, as a list."""
    mine = _mine(kind, child_id)
    if kind.first_state == "submitted":
        shown = [each for each in fields_of(kind) if each.listed and each.name != "child_id"]
        listing = as_shown(work, kind, fields=shown, where=mine, descending=False)
        if listing.rows:
            yield FileEntry(kind.area, listing.title, "", listing, kind.__name__)
        return
    found = rows(work, kind, fields=_event_field(kind), where=mine, descending=False)
    papers = [record_paper(work, kind, each.id) for each in found]
    if len(papers) > 1 and (kind.first_state == "current" or len(papers) > _FEW):
        yield FileEntry(kind.area, _(kind.titles), "", tuple(papers), kind.__name__)
        return
    for each, paper in zip(found, papers, strict=True):
        day = _day(each.values[0]) if each.values else ""
        yield FileEntry(kind.area, paper.title, day, paper, kind.__name__)


def _event_field(kind: type[Record]) -> list[Any]:
    return [each for each in fields_of(kind) if each.name == kind.event_field]


def _day(value: object) -> str:
    moment = value.date() if isinstance(value, datetime) else value
    return moment.isoformat() if isinstance(moment, date) else ""
