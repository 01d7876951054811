"""Forms of admission 入院全套: approval form, list of papers, medical check, observation, kept things, notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from models.admission import (
    ADMISSION_PAPERS,
    MEDIA,
    NOTICE_RESULTS,
    NOTICE_RULES,
    Admission,
    AdmissionPaper,
    FamilySearchNotice,
)
from models.belongings import KEEPSAKES, PROPERTY, KeepsakeItem
from models.care import NursingRecord
from models.child import Child
from models.core.database import Work
from models.core.fields import field_of, words_of
from models.core.queries import titles
from models.form_words import (
    Words,
    about,
    child_of,
    day_words,
    living,
    may_print,
    numbered,
    record_of,
    records_of,
    unsigned,
    with_state,
    withheld,
)
from models.forms import Asked, Form, form
from models.growth import GrowthMeasurement
from models.medical import Allergy, Diagnosis, MedicalVisit
from models.month import Grid, Section
from resources import N_, _

OBSERVED_DAYS = 14
"""So many days of the nursing records belong to the observation where its end was not noted."""
_COMING = ("arrived_at", "category", "situation", "custody", "temporary_ground", "sender", "sender_detail")
_FINDING = ("found_at", "found_place", "finder", "finder_contact")
_RECEIVING = ("received_medical_id", "received_office_id", "observation_until", "dna_number", "dna_on")
_REGISTER = ("former_name", "blood_group", "rhesus", "identity_status", "identity_number", "registration_status",
             "native_place", "birth_basis", "birth_note")  # fmt: skip


@form("admission_form", N_("Admission form of a child"), of="Admission", needs="Admission")
def admission_form(work: Work, asked: Asked) -> list[Form]:
    """Return the register and approval form 儿童入院登记审批表."""
    child = child_of(work, asked, Admission)
    return [_approval(work, child, record_of(work, asked, Admission, child))]


@form("admission_set", N_("Admission set of a child"), of="child", needs="Admission", beside=("Admission",))
def admission_set(work: Work, asked: Asked) -> list[Form]:
    """Return everything that is put into the file when a child comes, as far as the person may print it."""
    child = child_of(work, asked, Admission)
    came = record_of(work, asked, Admission, child)
    return [
        _approval(work, child, came), _received_papers(work, child, came), _check(work, child, came),
        *_observed(work, child, came), _kept_things(work, child), *_notices(work, child),
    ]  # fmt: skip


@form("kept_things", N_("List of kept things"), of="child", needs="KeepsakeItem", beside=("KeepsakeItem",))
def kept_things(work: Work, asked: Asked) -> list[Form]:
    """Return the list of what the child brought and owns 物品保管清单."""
    return [_kept_things(work, child_of(work, asked, KeepsakeItem))]


@form(
    "admission_papers",
    N_("Receipt of admission papers"),
    of="child",
    needs="AdmissionPaper",
    beside=("AdmissionPaper",),
)
def admission_papers(work: Work, asked: Asked) -> list[Form]:
    """Return the list of papers received and still missing 入院材料清单."""
    child = child_of(work, asked, AdmissionPaper)
    return [_received_papers(work, child, record_of(work, Asked(child.id), Admission, child))]


# --- the sheets ---


def _came_on(came: Admission | None) -> date | None:
    return came.arrived_at.date() if came else None


def _approval(work: Work, child: Child, came: Admission | None) -> Form:
    words, own = Words(work, Admission, came), Words(work, Child, child)
    sections = (
        Section(_("Identity and register"), facts=own.pairs(*_REGISTER)),
        Section(_("Coming"), facts=words.pairs(*_COMING)),
        Section(_("Finding"), facts=words.pairs(*_FINDING), texts=words.pairs("clothing", "carried", "body_marks")),
        Section(_("Receiving"), facts=words.pairs(*_RECEIVING), texts=words.pairs("initial_health", "note")),
    )
    sheet = replace(
        about(work, child, _("Admission form of a child"), day=_came_on(came)),
        sections=sections, pictured=True, sealed=True,
        opinions=(_("Opinion of the home"), _("Opinion of the civil-affairs department")),
    )  # fmt: skip
    return with_state(work, sheet, came)


def _received_papers(work: Work, child: Child, came: Admission | None) -> Form:
    sheet = replace(
        about(work, child, _("Receipt of admission papers"), brief=True, day=_came_on(came)),
        signed=unsigned(_("Handed in by"), _("Received by (office)"), _("File clerk")), sealed=True,
        notes=(_("Papers that are missing are handed in later; the day by which they are due is given."),),
    )  # fmt: skip
    if not may_print(work, AdmissionPaper):
        return replace(sheet, sections=(withheld(_("Admission papers")),))
    listed = records_of(work, AdmissionPaper, child.id, *([AdmissionPaper.admission_id == came.id] if came else []))
    listed.sort(key=lambda each: (not each.needed, each.received_on is None))
    headings = (
        _("No."),
        _("Paper"),
        _("Paper required"),
        _("Document number"),
        _("Pages"),
        _("Received on"),
        _("Due on"),
    )
    grid = Grid(
        headings, numbered(map(_paper_row, listed)), numeric=frozenset({0, 4}), widths=(0.6, 4, 1.1, 2.4, 0.8, 1.5, 1.5)
    )
    there = sum(1 for each in listed if each.received_on)
    facts = ((_("Papers received"), f"{there} / {len(listed)}"),) if listed else ()
    return replace(sheet, sections=(Section(_("Admission papers"), facts=facts, grids=(grid,) if listed else ()),))


def _paper_row(each: AdmissionPaper) -> tuple[str, ...]:
    due = "" if each.received_on else day_words(each.due_on)
    return (
        each.name or ADMISSION_PAPERS.label(each.paper), _("Yes") if each.needed else _("No"), each.number or "",
        str(each.pages or ""), day_words(each.received_on), due,
    )  # fmt: skip


def _check(work: Work, child: Child, came: Admission | None) -> Form:
    """The medical check on admission 入院健康检查表: what was found in the first days."""
    sheet = replace(
        about(work, child, _("Medical check on admission"), day=_came_on(came)),
        signed=unsigned(_("Examined by"), _("Head of department")), opinions=(_("Opinion of the doctor"),),
    )  # fmt: skip
    if not may_print(work, MedicalVisit):
        return replace(sheet, sections=(withheld(_("Medical findings")),))
    day = came.arrived_at.date() if came else child.admitted_on or work.today
    until = day + timedelta(days=30)
    measured = next(
        (each for each in records_of(work, GrowthMeasurement, child.id) if day <= each.measured_on <= until), None
    ) if work.actor.may("read", GrowthMeasurement) else None  # fmt: skip
    visits = [each for each in records_of(work, MedicalVisit, child.id) if day <= each.starts_on <= until]
    body = Words(work, GrowthMeasurement, measured).pairs(
        "measured_on", "weight", "stature", "head", "bmi", "teeth", "vision_left", "vision_right", "haemoglobin"
    )
    sections = (
        Section(_("Health at admission"), texts=Words(work, Admission, came).pairs("initial_health", "body_marks")),
        Section(_("Body measures"), facts=body, area="care"),
        Section(_("Examinations"), grids=tuple(_visit_grid(visits)), area="treatment"),
        Section(_("Known diseases"), grids=tuple(_diagnosis_grid(work, child)), area="treatment"),
        Section(_("Allergies"), grids=tuple(_allergy_grid(work, child)), area="treatment"),
    )
    return replace(sheet, sections=sections)


def _visit_grid(visits: list[MedicalVisit]) -> Iterator[Grid]:
    rows = tuple(
        (day_words(each.starts_on), each.hospital or "", each.reason, each.findings or "", each.diagnosis or "")
        for each in visits
    )
    headings = (_("Date"), _("Hospital or clinic"), _("Reason"), _("Medical findings"), _("Diagnosis"))
    yield Grid(headings, rows, widths=(1.4, 1.8, 1.6, 3.4, 2.2))


def _diagnosis_grid(work: Work, child: Child) -> Iterator[Grid]:
    rows = tuple(
        (each.name, each.icd or "", words_of(field_of(Diagnosis, "status"), each.status), day_words(each.diagnosed_on),
         each.diagnosed_by or "")
        for each in records_of(work, Diagnosis, child.id)
    )  # fmt: skip
    if rows:
        yield Grid(
            (_("Diagnosis"), _("ICD code"), _("Status"), _("Diagnosed on"), _("Hospital and doctor")), rows,
            widths=(3.6, 1.2, 1, 1.4, 2.4),
        )  # fmt: skip


def _allergy_grid(work: Work, child: Child) -> Iterator[Grid]:
    if not work.actor.may("read", Allergy):
        return
    asked = select(Allergy).where(*living(Allergy, child.id), Allergy.ended_on.is_(None))
    rows = tuple(
        (
            each.substance,
            words_of(field_of(Allergy, "severity"), each.severity),
            each.reaction or "",
            each.instructions or "",
        )
        for each in work.scalars(asked.order_by(Allergy.substance))
    )
    if rows:
        yield Grid((_("Substance"), _("Severity"), _("Reaction"), _("What to do")), rows, widths=(2, 1.6, 2.4, 3.6))


def _observed(work: Work, child: Child, came: Admission | None) -> Iterator[Form]:
    """The first days in observation 入院观察记录: temperature, food, sleep, skin, mood by shift."""
    if came is None or not may_print(work, NursingRecord):
        return
    until = came.observation_until or came.arrived_at.date() + timedelta(days=OBSERVED_DAYS)
    last = datetime.combine(until + timedelta(days=1), time())
    seen = records_of(work, NursingRecord, child.id, NursingRecord.at >= came.arrived_at, NursingRecord.at < last)
    carers = titles(work, "staff", [each.carer_id for each in seen])
    names = ("appetite", "sleep", "stools", "vomiting", "skin", "mood")
    headings = (
        _("When"),
        _("Temperature"),
        *(field_of(NursingRecord, name).title for name in names),
        _("Note"),
        _("Cared for by"),
    )
    rows = tuple(
        (
            each.at.strftime("%m-%d %H:%M"), "" if each.temperature is None else f"{each.temperature:.1f}",
            *(words_of(field_of(NursingRecord, name), getattr(each, name)) for name in names), each.note or "",
            carers.get(each.carer_id or "", ""),
        )
        for each in seen
    )  # fmt: skip
    widths = (1.6, 0.9, 1.2, 1.2, 0.8, 0.8, 1.2, 1.1, 2.4, 1.2)
    grid = Grid(headings, rows, numeric=frozenset({1}), widths=widths)
    yield replace(
        about(work, child, _("Observation after admission"), brief=True, day=_came_on(came)),
        period=_("{first} to {last}").format(first=came.arrived_at.date().isoformat(), last=until.isoformat()),
        sections=(Section(_("Observation"), grids=(grid,) if rows else (), area="care"),),
        signed=unsigned(_("Nurse in charge"), _("Doctor")), opinions=(_("End of the observation: result and opinion"),),
    )  # fmt: skip


def _kept_things(work: Work, child: Child) -> Form:
    sheet = replace(
        about(work, child, _("List of kept things"), brief=True), sealed=True,
        signed=unsigned(_("Kept by"), _("Witness"), _("Head of department")),
        notes=(
            _("Things that identify the child or have keepsake value are kept for life; property is signed for by two."),
        ),
    )  # fmt: skip
    if not may_print(work, KeepsakeItem):
        return replace(sheet, sections=(withheld(_("Things and property")),))
    listed = records_of(work, KeepsakeItem, child.id)
    staff = titles(work, "staff", [name for each in listed for name in (each.keeper_id, each.witness_id)])
    things = [each for each in listed if each.kind not in PROPERTY]
    money = [each for each in listed if each.kind in PROPERTY]
    grids = [_thing_grid(_("Things"), things, staff)] if things or not listed else []
    grids += [_thing_grid(_("Property"), money, staff, total=True)] if money else []
    return replace(sheet, sections=(Section(_("Things and property"), grids=tuple(grids) if listed else ()),))


def _thing_grid(title: str, items: list[KeepsakeItem], staff: dict[str, str], *, total: bool = False) -> Grid:
    from models.core.money import in_capitals

    headings = (
        _("No."), _("Kind"), _("Thing"), _("Description"), _("Quantity"), _("Value (yuan)"), _("Received on"), _("Kept where"),
        _("Kept by / witness"), _("Handed over"),
    )  # fmt: skip
    rows = list(numbered(_thing_row(each, staff) for each in items))
    if total and (whole := sum(each.amount or 0 for each in items)):
        rows.append(("", _("Total"), in_capitals(whole), "", "", f"{whole:,.2f}", "", "", "", ""))
    return Grid(
        headings, tuple(rows), title, frozenset({0, 4, 5}), (0.55, 1.4, 1.7, 2.1, 0.75, 1.2, 1.45, 1.3, 1.5, 1.5)
    )


def _thing_row(each: KeepsakeItem, staff: dict[str, str]) -> tuple[str, ...]:
    signed = "\n".join(filter(None, (staff.get(each.keeper_id or "", ""), staff.get(each.witness_id or "", ""))))
    given = "\n".join(filter(None, (day_words(each.returned_on), each.returned_to or "")))
    return (
        KEEPSAKES.label(each.kind), each.name, each.description or "", str(each.quantity or ""),
        "" if each.amount is None else f"{each.amount:,.2f}", day_words(each.received_on), each.place or "", signed, given,
    )  # fmt: skip


def _notices(work: Work, child: Child) -> Iterator[Form]:
    """The family-search notices 寻亲公告, one sheet each."""
    if not may_print(work, FamilySearchNotice):
        return
    for each in records_of(work, FamilySearchNotice, child.id):
        media = _(", ").join(MEDIA.label(code) for code in each.media or ())
        facts: tuple[tuple[str, str], ...] = (
            (_("Rule"), NOTICE_RULES.label(each.rule)), (_("Published in"), media),
            (_("Newspaper and issue, or address"), each.medium_detail or ""), (_("Published on"), day_words(each.published_on)),
            (_("Runs until"), day_words(each.ends_on)), (_("Result"), NOTICE_RESULTS.label(each.result)),
            (_("Result of"), day_words(each.result_on)),
        )  # fmt: skip
        yield replace(
            about(work, child, _("Family-search notice")), pictured=True, sealed=True,
            sections=(Section(_("Notice"), facts=facts, texts=((_("Text of the notice"), each.text or ""),)),),
            signed=unsigned(_("Social worker"), _("Director")),
        )  # fmt: skip
