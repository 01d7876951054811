"""Forms of leaving 离院全套: approval, notice to who takes the child, hand-over list, plan of the follow-up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from models.age import months_later
from models.belongings import KEEPSAKES, PAPERS, ChildPaper, KeepsakeItem
from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.dose_times import FREQUENCIES
from models.form_words import (
    Words,
    about,
    child_of,
    day_words,
    left_facts,
    may_print,
    numbered,
    record_of,
    records_of,
    unsigned,
    withheld,
)
from models.forms import Asked, Form, form
from models.immunisation import VaccineDose
from models.medical import Diagnosis
from models.medication import MedicationOrder, dose_words
from models.month import Grid, Section
from models.placement import ADOPTIONS, ADULT_DEPARTURES, Placement
from models.transition import AfterCareContact, HandOverItem
from models.transition_dates import phase_of
from models.transition_lists import HandOverLine, hand_over_list
from models.transition_plan import young_person
from models.transition_words import HAND_OVER, HAND_OVER_GROUPS, REACHED, SITUATION, STEPS, hand_over_group
from resources import N_, _

_CHILD = ("identity_number", "registration_status", "registration_place", "disability_certificate", "guardian")
_LEAVING = ("departure", "destination", "carer", "telephone", "document")
FOLLOW_UP_MONTHS = (1, 3, 6, 12)
"""When a child who left as a minor is visited, where nothing else was agreed."""


@form("leaving_set", N_("Leaving set of a child"), of="child", needs="Placement", beside=("Placement",))
def leaving_set(work: Work, asked: Asked) -> list[Form]:
    """Return everything that is signed when a child leaves, as far as the person may print it."""
    child = child_of(work, asked, Placement)
    left = _leaving(work, asked, child)
    return [
        _approval(work, child, left),
        _notice(work, child, left),
        _list(work, child, left),
        _follow_up(work, child, left),
    ]


@form("leaving_form", N_("Leaving form of a child"), of="child", needs="Placement", beside=("Placement",))
def leaving_form(work: Work, asked: Asked) -> list[Form]:
    """Return the register and approval form 儿童离院登记审批表."""
    child = child_of(work, asked, Placement)
    return [_approval(work, child, _leaving(work, asked, child))]


@form("hand_over_list", N_("Hand-over list on leaving"), of="child", needs="Placement", beside=("HandOverItem",))
def hand_over_list_form(work: Work, asked: Asked) -> list[Form]:
    """Return the list of papers, belongings and money handed over 离院移交清单."""
    child = child_of(work, asked, HandOverItem)
    return [_list(work, child, _leaving(work, Asked(child.id), child))]


def _leaving(work: Work, asked: Asked, child: Child) -> Placement | None:
    found = record_of(work, asked, Placement, child, Placement.kind == "left")
    return found if found is not None and found.kind == "left" else record_of(
        work, Asked(child.id), Placement, child, Placement.kind == "left"
    )  # fmt: skip


def _day(work: Work, left: Placement | None) -> date:
    return left.starts_on if left else work.today


def _approval(work: Work, child: Child, left: Placement | None) -> Form:
    words = Words(work, Placement, left)
    stays = records_of(work, Placement, child.id)
    units = titles(work, "unit", [each.unit_id for each in stays])
    headings = (_("From"), _("Until"), _("Placement"), _("Place"))
    rows = tuple(
        (day_words(each.starts_on), day_words(each.ends_on), Words(work, Placement, each).text("kind"),
         each.place or units.get(each.unit_id or "", ""))
        for each in stays if each.kind != "left"
    )  # fmt: skip
    signed_by = unsigned(_("Filled in by"), _("Head of department"), _("Director"))
    departure = left.departure if left else None
    consent = (_("Words of the child (eight years and over)"),) if departure in ADOPTIONS | ADULT_DEPARTURES else ()
    return replace(
        about(work, child, _("Leaving form of a child"), day=_day(work, left)), pictured=True, sealed=True,
        sections=(
            Section(_("Identity and register"), facts=Words(work, Child, child).pairs(*_CHILD)),
            Section(_("Leaving"), facts=left_facts(words, *_LEAVING), texts=words.pairs("reason")),
            Section(_("Stay"), grids=(Grid(headings, rows, widths=(1.4, 1.4, 1.6, 4)),) if rows else ()),
        ),
        signed=signed_by, opinions=(*consent, _("Opinion of the home"), _("Opinion of the civil-affairs department")),
    )  # fmt: skip


def _notice(work: Work, child: Child, left: Placement | None) -> Form:
    """What the person who takes the child must know 离院告知书: health, medicines, vaccinations, habits."""
    own = Words(work, Child, child)
    sections = [
        Section(_("Leaving"), facts=left_facts(Words(work, Placement, left), *_LEAVING[:3])),
        Section(_("Health"), grids=tuple(_health(work, child)), area="treatment") if may_print(work, Diagnosis) else withheld(_("Health")),
        Section(_("Medicines"), grids=tuple(_medicines(work, child, _day(work, left))), area="treatment")
        if may_print(work, MedicationOrder) else withheld(_("Medicines")),
    ]  # fmt: skip
    if may_print(work, VaccineDose):
        sections.append(
            Section(
                _("Vaccinations"), texts=((_("Vaccinations still due"), _still_due(work, child)),), area="treatment"
            )
        )
    know = own.pairs("emergency_note", "comfort_note", "languages", "communication")
    sections.append(Section(_("To know in daily life"), texts=know))
    return replace(
        about(work, child, _("Notice on leaving"), alerts=True, day=_day(work, left)), sections=tuple(sections), sealed=True,
        signed=unsigned(_("Told by (doctor)"), _("Told by (social worker)"), _("Taken note of by")),
        notes=(_("Whoever takes the child has been told all of this, has asked what was unclear, and has a copy."),),
    )  # fmt: skip


def _health(work: Work, child: Child) -> Iterator[Grid]:
    rows = tuple(
        (each.name, day_words(each.diagnosed_on), each.diagnosed_by or "", each.instructions or "")
        for each in records_of(work, Diagnosis, child.id) if each.running(work.today)
    )  # fmt: skip
    if rows:
        yield Grid(
            (_("Diagnosis"), _("Diagnosed on"), _("Hospital and doctor"), _("What to do")),
            rows,
            widths=(3, 1.4, 2, 3.6),
        )


def _medicines(work: Work, child: Child, day: date) -> Iterator[Grid]:
    """The medicines taken up to the day of leaving; leaving itself stops their orders."""
    rows = tuple(
        (each.drug, dose_words(each), FREQUENCIES.label(each.frequency), each.instructions or "", each.reason or "")
        for each in records_of(work, MedicationOrder, child.id) if each.ends_at is None or each.ends_at.date() >= day
    )  # fmt: skip
    if rows:
        headings = (_("Medicine"), _("Single dose"), _("Frequency"), _("How to take it"), _("Reason for taking it"))
        yield Grid(headings, rows, widths=(2.4, 2.2, 1.8, 2.4, 2))


def _still_due(work: Work, child: Child) -> str:
    from models.immunisation import dose_title, plan_sheet

    lines = [each for each in plan_sheet(work, child.id).lines if each.status in ("overdue", "due", "later")]
    return _(", ").join(f"{dose_title(each)} ({day_words(each.on)})" for each in lines) or _("none")


def _list(work: Work, child: Child, left: Placement | None) -> Form:
    """What is handed over, in the order of papers, money, belongings, support, and what the home kept for the child."""
    sheet = replace(
        about(work, child, _("Hand-over list on leaving"), brief=True, day=_day(work, left)), sealed=True,
        signed=unsigned(_("Handed out by"), _("Witness"), _("Received and signed by")),
        notes=(_("In two copies: one for the person who leaves, one for the file."),),
    )  # fmt: skip
    sections = [*_usual_items(work, child, left), *_own_papers(work, child), *_own_things(work, child)]
    return replace(sheet, sections=tuple(sections) or (Section(_("Hand-over list")),))


def _usual_items(work: Work, child: Child, left: Placement | None) -> Iterator[Section]:
    """The usual items by group; a list that nobody has begun stands with empty cells to be filled in by hand."""
    if not may_print(work, HandOverItem):
        return
    grown = left is not None and left.departure in ADULT_DEPARTURES
    found = [(each.group, _item_row(each)) for each in hand_over_list(work, child.id)] or [
        (hand_over_group(code.code), (str(code), *("\u3000",) * 6)) for code in HAND_OVER
    ]
    for group in HAND_OVER_GROUPS:
        rows = numbered(row for its_group, row in found if its_group == group.code)
        if rows and (grown or group.code != "support"):
            yield Section(str(group), grids=(Grid(_item_headings(), rows, "", frozenset({0, 3, 4}), _ITEM_WIDTHS),))


_ITEM_WIDTHS = (0.6, 2.6, 2.4, 0.9, 1.3, 1.5, 1.3, 1.2)


def _item_headings() -> tuple[str, ...]:
    return (
        _("No."), _("Item"), _("Detail of the item"), _("Quantity"), _("Amount (yuan)"), _("Handed over on"),
        _("Received and signed by"), _("Witness"),
    )  # fmt: skip


def _item_row(each: HandOverLine) -> tuple[str, ...]:
    return (
        HAND_OVER.label(each.kind), each.detail or (_("not needed") if each.not_needed else ""), str(each.quantity or ""),
        "" if each.amount is None else f"{each.amount:,.2f}", day_words(each.given_on), each.receiver, each.witness,
    )  # fmt: skip


def _own_papers(work: Work, child: Child) -> Iterator[Section]:
    if not may_print(work, ChildPaper):
        return
    own = records_of(work, ChildPaper, child.id)
    headings = (
        _("No."),
        _("Paper"),
        _("Number of the paper"),
        _("Issued by"),
        _("Valid to"),
        _("Received (signature)"),
    )
    rows = numbered(
        (PAPERS.label(each.kind), each.number or "", each.issuer or "", day_words(each.valid_to), "\u3000")
        for each in own
    )
    if rows:
        yield Section(_("Papers of the child"), grids=(Grid(headings, rows, numeric=frozenset({0}), widths=(0.6, 2.4, 2.6, 2, 1.4, 1.6)),))  # fmt: skip


def _own_things(work: Work, child: Child) -> Iterator[Section]:
    if not may_print(work, KeepsakeItem):
        return
    own = records_of(work, KeepsakeItem, child.id)
    headings = (_("No."), _("Kind"), _("Thing"), _("Quantity"), _("Value (yuan)"), _("Handed over on"), _("Handed over to"), _("Received (signature)"))  # fmt: skip
    rows = list(
        numbered(
            (KEEPSAKES.label(each.kind), each.name, str(each.quantity or ""), "" if each.amount is None else f"{each.amount:,.2f}",
             day_words(each.returned_on), each.returned_to or "", "\u3000")
            for each in own
        )
    )  # fmt: skip
    whole = sum(each.amount or 0 for each in own)
    if whole:
        from models.core.money import in_capitals

        rows.append(("", _("Total"), in_capitals(whole), "", f"{whole:,.2f}", "", "", ""))
    if rows:
        yield Section(_("Kept things"), grids=(Grid(headings, tuple(rows), numeric=frozenset({0, 3, 4}), widths=(0.6, 1.6, 2.4, 0.8, 1.3, 1.5, 1.4, 1.5)),))  # fmt: skip


def _follow_up(work: Work, child: Child, left: Placement | None) -> Form:
    """When and how the home stays in touch 离院后跟进服务计划, and what was found so far."""
    person = young_person(work, child.id)
    grown = left is not None and left.departure in ADULT_DEPARTURES
    visits = [mark for mark in person.steps if phase_of(mark.code) == "after_care"] if person and grown else []
    day = _day(work, left)
    planned = [(STEPS.label(each.code), each.due_on, each.done_on) for each in visits] or [
        (_("After {n} months").format(n=n), months_later(day, n), None) for n in FOLLOW_UP_MONTHS
    ]
    headings = (_("Contact"), _("Due on"), _("Way"), _("Done on"), _("Done by (signature)"))
    rows = tuple((name, day_words(due), "\u3000", day_words(done) or "\u3000", "\u3000") for name, due, done in planned)
    sections = [Section(_("Planned contacts"), grids=(Grid(headings, rows, widths=(3, 1.6, 2, 1.6, 2)),))]
    if may_print(work, AfterCareContact):
        held = records_of(work, AfterCareContact, child.id)
        made = tuple(
            (
                day_words(each.at),
                REACHED.label(each.reached),
                SITUATION.label(each.situation),
                each.troubles or "",
                each.action or "",
            )
            for each in held
        )
        if made:
            so_far = Grid(
                (_("When"), _("Reached"), _("On the whole"), _("Troubles"), _("What was done")),
                made,
                widths=(1.6, 1.4, 1.2, 3, 3),
            )
            sections.append(Section(_("Contacts so far"), grids=(so_far,)))
    facts = Words(work, Placement, left).pairs("departure", "destination", "carer", "telephone")
    return replace(
        about(work, child, _("Follow-up after leaving"), brief=True, day=_day(work, left)),
        sections=(Section(_("Leaving"), facts=facts), *sections),
        signed=unsigned(_("Social worker"), _("Head of department"), _("Director")),
    )  # fmt: skip
