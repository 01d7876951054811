"""Forms 表单: the papers of a child, each declared once — its name, what it is about, and whose right prints it.

    @form("immunisation_certificate", N_("Immunisation certificate"), of="child", needs="Vaccination")
    def immunisation_certificate(work: Work, asked: Asked) -> list[Form]: ...

What a form says is gathered here as plain values; ``reports.form_paper`` lays it out. The batch room, the child's file
and the command line offer what is declared and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from models.core.database import Work
from models.core.errors import Forbidden
from models.month import Photos, Section
from models.papers import Signed
from models.period import ReportPeriod
from resources import _


@dataclass(frozen=True)
class Asked:
    """What a paper is asked about: a child, one record of it, a period — whichever its kind is ``of``."""

    child_id: str = ""
    record_id: str = ""
    period: ReportPeriod | None = None


@dataclass(frozen=True)
class Form:
    """One paper in words.

    Attributes:
        facts: (label, value) pairs in the grid at the top, beside the photo if there is a place for one.
        sections: figures, tables, texts and charts, in the order of the form.
        signed: who signs; a name and moment where that has been done in the program.
        opinions: approval cells with room for a seal, by their label.
        sealed: the last opinion or the signatures end with the place of the home's seal.
        final: approved or archived: empty cells are closed with a stroke.
        pictured: the form has a place for a photo; ``picture`` is the photo's content hash, ``photo`` its bytes.
    """

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    signed: tuple[Signed, ...] = ()
    opinions: tuple[str, ...] = ()
    sealed: bool = False
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    period: str = ""
    subject: str = ""
    file_number: str = ""
    state: str = ""
    final: bool = False
    pictured: bool = False
    photo: bytes | None = None
    picture: str = ""
    landscape: bool = False

    @property
    def blank(self) -> bool:
        """Whether it says no more than whom it is about: a form to be filled in by hand."""
        return not any(
            each.chart
            or any(value.strip() for _label, value in (*each.facts, *each.texts))
            or any(grid.rows for grid in each.grids)
            for each in self.sections
        )


Gather = Callable[[Work, Asked], list[Form]]


@dataclass(frozen=True)
class FormKind:
    """A paper that can be asked for.

    Attributes:
        of: ``child``, ``child_month``, ``child_year``, or the name of the record type it is printed from.
        needs: the record type that one must be allowed to print.
        beside: further record types whose own form offers this paper, for the child the record belongs to.
    """

    key: str
    title: str
    of: str
    needs: str
    gather: Gather
    beside: tuple[str, ...] = ()


FORMS: dict[str, FormKind] = {}
"""Every declared paper by its key, in the order of the areas."""


def form(key: str, title: str, *, of: str, needs: str, beside: tuple[str, ...] = ()) -> Callable[[Gather], Gather]:
    """Declare a paper; the function gathers what it says."""

    def register(gather: Gather) -> Gather:
        FORMS[key] = FormKind(key, title, of, needs, gather, beside)
        return gather

    return register


def forms_for(work: Work, of: str) -> list[FormKind]:
    """Return the papers about this that the person may print."""
    return [each for each in FORMS.values() if each.of == of and work.actor.may("print", each.needs)]


def forms_of_record(work: Work, type_name: str) -> list[FormKind]:
    """Return the papers that a record's own form offers, those about the record itself first."""
    near = [each for each in FORMS.values() if type_name in each.beside and work.actor.may("print", each.needs)]
    return [*forms_for(work, type_name), *near]


def gathered(work: Work, kind: FormKind, asked: Asked, photos: Photos = lambda work, sha: None) -> list[Form]:
    """Return the sheets of one paper.

    Raises:
        Forbidden: when the person may not print it.
        Missing: when the child or record is not there, or not for this person.
    """
    if not work.actor.may("print", kind.needs):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(kind.title)))
    return [_pictured(work, each, photos) for each in kind.gather(work, asked)]


def _pictured(work: Work, sheet: Form, photos: Photos) -> Form:
    """Put the picture's bytes where the form has a place for it."""
    if not (sheet.pictured and sheet.picture and sheet.photo is None):
        return sheet
    return replace(sheet, photo=photos(work, sheet.picture))
