"""Which papers may leave as a copy 可对外提供的文书: the whole file, a month, a declared form, all records of a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from models.child import Child
from models.core.errors import Problem
from models.core.fields import field_of, words_of
from models.core.record import Record, record_type, record_types, snake
from models.core.words import Code, CodeList
from models.file_papers import ORDER
from models.forms import FORMS, Form, FormKind
from models.month import Grid, Month, MonthlyRecord, Section
from resources import N_, _

if TYPE_CHECKING:
    from models.copies import Rules
    from models.copy_names import Names

FILE, MONTH, FORM, RECORDS = "file", "month", "form.", "records."
WHOLE_FILE = N_("Whole file")
MONTHLY = N_("Monthly record of a child")


class PaperCodes(CodeList):
    """The papers a copy can be made of, told from what is declared."""

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The whole file, the month, every declared form of a child, every kind of record in the file."""
        kinds = sorted(_kinds(), key=lambda kind: list(ORDER).index(kind.area))
        return (
            Code(FILE, WHOLE_FILE), Code(MONTH, MONTHLY),
            *(Code(FORM + key, form.title) for key, form in FORMS.items() if _of_child(form)),
            *(Code(RECORDS + kind.__name__, kind.titles) for kind in kinds),
        )  # fmt: skip


COPY_PAPERS = PaperCodes("copy_paper")


def _kinds() -> list[type[Record]]:
    return [
        kind
        for kind in record_types()
        if kind is Child or (hasattr(kind, "child_id") and kind.area in ORDER and kind.__name__ not in _NEVER)
    ]


_NEVER = frozenset({"PaperCopy", "KeptPaper", "Caseload", "BreakGlass"})


def _of_child(form: FormKind) -> bool:
    """A form of one record is copied with the records of its kind."""
    return form.of in ("child", "child_month")


def form_of(paper: str) -> FormKind | None:
    """Return the declared form a copy is of, or None."""
    return FORMS.get(paper.removeprefix(FORM)) if paper.startswith(FORM) else None


def kind_of(paper: str) -> str:
    """Return the record type a copy is of, by its name; empty for the file and the month."""
    form = form_of(paper)
    return form.needs if form else paper.removeprefix(RECORDS) if paper.startswith(RECORDS) else ""


def monthly(paper: str) -> bool:
    """Whether the paper is about a month."""
    form = form_of(paper)
    return paper == MONTH or (form is not None and form.of == "child_month")


def paper_problems(paper: str, month: str | None, rules: Rules) -> Iterator[Problem]:
    """Yield why this kind of recipient does not get this paper, or what is missing to make it."""
    kind = kind_of(paper)
    if kind and (record_type(snake(kind)).area not in rules.areas or kind in rules.omitted):
        yield Problem("paper", _("This kind of recipient does not get this paper."))
    if monthly(paper):
        try:
            Month.parse(month or "")
        except ValueError:
            yield Problem("month", _("Please give the month, for example 2026-10."))


# --- by rule ----------------------------------------------------------------------------------------


def month_for(record: MonthlyRecord, rules: Rules, names: Names, left_out: dict[str, str]) -> MonthlyRecord:
    """Return a month as a recipient gets it: the areas by rule; what all areas have put together only for whoever gets all."""
    everything = set(ORDER) - {"home", "allowance"} <= rules.areas
    return replace(
        record,
        name=names.said(record.name),
        facts=tuple(facts_for(record.facts, names, left_out)),
        sections=tuple(section_for(each, names, left_out) for each in record.sections if allowed(each, rules)),
        warnings=tuple(map(names.said, record.warnings)) if "treatment" in rules.areas else (),
        plan=tuple(map(names.said, record.plan)) if everything else (),
        photo=None if rules.of_field("Child", "photo") == "omit" else record.photo,
    )


def form_for(form: Form, rules: Rules, names: Names, left_out: dict[str, str]) -> Form:
    """Return a declared form as a recipient gets it."""
    photo = None if rules.of_field("Child", "photo") == "omit" else form.photo
    return replace(
        form,
        facts=tuple(facts_for(form.facts, names, left_out)),
        sections=tuple(section_for(each, names, left_out) for each in form.sections if allowed(each, rules)),
        warnings=tuple(map(names.said, form.warnings)),
        notes=tuple(map(names.said, form.notes)),
        subject=names.said(form.subject),
        photo=photo,
        picture=form.picture if photo else "",
        signed=tuple(replace(each, name=names.said(each.name)) for each in form.signed),
    )


def allowed(section: Section, rules: Rules) -> bool:
    """Whether a recipient gets a section; one without an area belongs to the paper itself."""
    return not section.area or section.area in rules.areas


def section_for(section: Section, names: Names, left_out: dict[str, str]) -> Section:
    """Return a section with every text as it may be read."""
    return replace(
        section,
        facts=tuple(facts_for(section.facts, names, left_out)),
        grids=tuple(_grid(each, names) for each in section.grids),
        texts=tuple(facts_for(section.texts, names, left_out)),
    )


def _grid(grid: Grid, names: Names) -> Grid:
    rows = tuple(tuple(map(names.said, row)) for row in grid.rows)
    return replace(grid, title=names.said(grid.title), rows=rows)


def facts_for(facts: Iterable[tuple[str, str]], names: Names, left_out: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the facts that may be read.

    Args:
        left_out: label → ``omit`` or ``mask``, for the child's own fields that the rules keep back.
    """
    for label, text in facts:
        rule = left_out.get(label, "")
        if rule != "omit":
            yield label, masked(text) if rule == "mask" else names.said(text)


def kept_back(rules: Rules) -> dict[str, str]:
    """Return the labels under which fields of the child stand on papers, where a rule keeps them back."""
    found: dict[str, str] = {}
    for what in rules.omitted | rules.hidden:
        kind, _dot, name = what.partition(".")
        if kind == "Child" and name:
            found[field_of(Child, name).title] = rules.of_field(kind, name)
    return found


def values_kept_back(child: Child, rules: Rules) -> dict[str, str]:
    """Return the child's own values that a rule masks, with what stands instead wherever they are written."""
    found: dict[str, str] = {}
    for what in rules.hidden:
        kind, _dot, name = what.partition(".")
        value = words_of(field_of(Child, name), getattr(child, name)) if kind == "Child" and name else ""
        if len(value) > 6:
            found[value] = masked(value)
    return found


def masked(text: str) -> str:
    """Return a number with its first six signs only 前6位+****; nothing where there was nothing."""
    return text[:6] + "****" if len(text) > 6 else "****" if text else ""
