"""Forms of treatment 医疗表单: the immunisation certificate, and the sheet on which every dose of a month stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.core.words import Code, CodeList
from models.dose_times import FREQUENCIES, due_times
from models.form_words import about, child_beside, child_of, day_words, living, records_of, unsigned
from models.forms import Asked, Form, form
from models.immunisation import REACTIONS, SITES, VACCINE_OUTCOMES, PlanSheet, VaccineDose, plan_sheet
from models.medication import Dose, MedicationOrder, dose_words
from models.medication_round import running_within
from models.medication_words import EFFECTS, OUTCOMES
from models.month import Grid, Section
from models.period import ReportPeriod
from models.stays import in_house_on, stays_of
from models.vaccine_plan import PLAN_STATES
from models.vaccine_programme import VACCINES
from resources import N_, _

MARKS = CodeList(
    "dose_mark",
    Code("given", "√", "√"),
    Code("refused", "R", "拒"),
    Code("missed", "M", "漏"),
    Code("vomited", "V", "吐"),
    Code("repeated", "A", "补"),
    Code("stopped", "S", "停"),
    Code("away", "O", "外"),
)
"""How the result of a dose stands in its cell; the legend under the sheet says each in full."""
_LINE = "—"


# --- immunisation ---


@form(
    "immunisation_certificate", N_("Immunisation certificate"), of="child", needs="VaccineDose", beside=("VaccineDose",)
)
def immunisation_certificate(work: Work, asked: Asked) -> list[Form]:
    """Return all doses by vaccine in the order of the national programme, and what is due 预防接种证明."""
    child = child_of(work, asked, VaccineDose)
    plan = plan_sheet(work, child.id)
    known = {each.id: each for each in records_of(work, VaccineDose, child.id)}
    sections = [
        Section(_("Doses of the national programme"), grids=tuple(_programme_grid(plan, known))),
        Section(_("Other vaccines"), grids=tuple(_other_grid(plan, known))),
        Section(_("Still to be given"), grids=tuple(_due_grid(plan))),
        Section(_("Put off, not to be given, reactions"), grids=tuple(_barrier_grid(known))),
    ]
    return [
        replace(
            about(work, child, _("Immunisation certificate")), pictured=True, sealed=True, sections=tuple(sections),
            final=any(each.outcome == "given" for each in known.values()),
            signed=unsigned(_("Checked against the certificate by"), _("Doctor"), _("Director")),
            notes=(_("By the national programme, edition {edition}; as of {day}.").format(edition=plan.edition, day=work.today),),
        )
    ]  # fmt: skip


def _programme_grid(plan: PlanSheet, known: dict[str, VaccineDose]) -> Iterator[Grid]:
    headings = (
        _("Vaccine"),
        _("Dose number"),
        _("Date"),
        _("Batch"),
        _("Manufacturer"),
        _("Place on the body"),
        _("Clinic"),
    )
    rows = tuple(
        (VACCINES.label(each.vaccine), f"{each.number} / {each.total}", day_words(each.on), *_dose_cells(known.get(each.given_id)))
        for each in plan.lines if each.status == "given"
    )  # fmt: skip
    if rows:
        yield Grid(headings, rows, widths=(2.6, 0.8, 1.4, 1.4, 1.6, 1.1, 3.2))


def _dose_cells(dose: VaccineDose | None) -> tuple[str, ...]:
    if dose is None:
        return ("", "", "", "")
    return dose.batch or "", dose.manufacturer or "", SITES.label(dose.site), dose.clinic or ""


def _other_grid(plan: PlanSheet, known: dict[str, VaccineDose]) -> Iterator[Grid]:
    headings = (_("Vaccine"), _("Date"), _("Batch"), _("Manufacturer"), _("Place on the body"), _("Clinic"))
    rows = tuple(
        (VACCINES.label(each.vaccine), day_words(each.day), *_dose_cells(known.get(each.id))) for each in plan.others
    )
    if rows:
        yield Grid(headings, rows, widths=(3, 1.4, 1.4, 1.6, 1.1, 3.2))


def _due_grid(plan: PlanSheet) -> Iterator[Grid]:
    headings = (
        _("Vaccine"),
        _("Dose number"),
        _("Standing"),
        _("Possible from"),
        _("Wanted by the programme"),
        _("Remark"),
    )
    rows = tuple(
        (
            VACCINES.label(each.vaccine), f"{each.number} / {each.total}", PLAN_STATES.label(each.status), day_words(each.on),
            day_words(each.due_on), each.why,
        )
        for each in plan.lines if each.status not in ("given", "too_old")
    )  # fmt: skip
    if rows:
        yield Grid(headings, rows, widths=(2.8, 0.9, 1.6, 1.5, 1.7, 2.4))


def _barrier_grid(known: dict[str, VaccineDose]) -> Iterator[Grid]:
    headings = (_("Date"), _("Vaccine"), _("Decision or reaction"), _("Until"), _("Reason"))
    rows = tuple(
        (
            day_words(each.given_on), VACCINES.label(each.vaccine),
            REACTIONS.label(each.reaction) if each.outcome == "given" else VACCINE_OUTCOMES.label(each.outcome),
            day_words(each.until), (each.reaction_note if each.outcome == "given" else each.reason) or "",
        )
        for each in known.values() if each.outcome != "given" or each.reaction not in (None, "", "none")
    )  # fmt: skip
    if rows:
        yield Grid(headings, rows, widths=(1.4, 2.8, 1.8, 1.4, 3))


# --- medicines ---


@form("medication_sheet", N_("Medication sheet"), of="child_month", needs="Dose", beside=("MedicationOrder", "Dose"))
def medication_sheet(work: Work, asked: Asked) -> list[Form]:
    """Return a month of one child's medicines 服药登记: times down, days across, and what was given on need."""
    child = child_beside(work, asked, MedicationOrder, Dose)
    period = asked.period or ReportPeriod.of("month", work.today)
    medicines = _medicines(work, child, period)
    givers = _givers(work, medicines)
    headings = (_("Medicine and dose"), _("Time"), *(str(day) for day in range(1, period.last.day + 1)))
    rows = tuple(
        row for each in medicines if not each.order.rhythm.as_needed for row in _day_rows(each, period, givers)
    )
    widths = (4.6, 1.7, *(1.0 for _day in headings[2:]))
    clocked = Grid(headings, rows, widths=widths)
    facts = about(work, child, _("Medication sheet"), brief=True, alerts=True)
    sections = (
        Section(_("By the clock"), grids=(clocked,) if rows else ()),
        Section(_("On need"), grids=tuple(_on_need(medicines, givers))),
        Section(_("Not taken"), grids=tuple(_not_taken(medicines, givers))),
    )
    return [
        replace(
            facts, period=period.title(), sections=sections, landscape=True, final=bool(rows) and period.last < work.today,
            state="" if period.last < work.today else "draft",
            signed=unsigned(_("Nurse in charge"), _("Doctor"), _("Head of department")), notes=tuple(_legend(givers, rows)),
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class _Medicine:
    """One order with what was due and what became of it within the month."""

    order: MedicationOrder
    due: frozenset[datetime]
    doses: tuple[Dose, ...]


def _medicines(work: Work, child: Child, period: ReportPeriod) -> list[_Medicine]:
    stays = stays_of(work, [child.id], period.first, period.last).get(child.id, [])
    asked = select(MedicationOrder).where(
        MedicationOrder.child_id == child.id, *running_within(period.begins, period.ends)
    )
    found = []
    for order in work.scalars(asked.order_by(MedicationOrder.starts_at, MedicationOrder.id)):
        due = due_times(order.rhythm, order.starts_at, order.ends_at, period.begins, period.ends)
        given = select(Dose).where(
            *living(Dose, child.id), Dose.order_id == order.id, Dose.due_at >= period.begins, Dose.due_at < period.ends
        )
        doses = tuple(work.scalars(given.order_by(Dose.due_at)))
        at_home = frozenset(each for each in due if in_house_on(stays, each.date()))
        if at_home or doses or order.rhythm.as_needed:
            found.append(_Medicine(order, at_home, doses))
    return found


def _givers(work: Work, medicines: Sequence[_Medicine]) -> dict[str, str]:
    return titles(
        work, "staff", [who for each in medicines for dose in each.doses for who in (dose.giver_id, dose.checker_id)]
    )


def _day_rows(medicine: _Medicine, period: ReportPeriod, givers: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """A line for each time of day: the mark of the dose and under it who gave it."""
    order = medicine.order
    recorded = {each.due_at: each for each in medicine.doses}
    times = sorted({each.time() for each in (*medicine.due, *recorded)})
    words = "\n".join(filter(None, (f"{order.drug} {order.strength or ''}".strip(), f"{dose_words(order)} {FREQUENCIES.label(order.frequency)}", order.instructions)))  # fmt: skip
    for number, at in enumerate(times):
        days = (period.first + timedelta(days=day) for day in range(period.last.day))
        cells = (
            _mark(recorded.get(datetime.combine(day, at)), datetime.combine(day, at) in medicine.due, givers)
            for day in days
        )
        yield words if not number else f"{order.drug} {order.strength or ''}".strip(), f"{at:%H:%M}", *cells


def _mark(dose: Dose | None, due: bool, givers: dict[str, str]) -> str:
    """The mark and the giver's first character; a dash where nothing was due, room to sign where nothing is recorded."""
    if dose is None:
        return "\u3000" if due else _LINE
    who = givers.get(dose.giver_id or "", "")[:1]
    return "\n".join(filter(None, (MARKS.label(dose.outcome), who)))


def _on_need(medicines: Sequence[_Medicine], givers: dict[str, str]) -> Iterator[Grid]:
    rows = tuple(
        (
            day_words(dose.given_at or dose.due_at), each.order.drug, dose_words(each.order), dose.reason or "",
            EFFECTS.label(dose.effect), givers.get(dose.giver_id or "", ""), givers.get(dose.checker_id or "", ""), dose.note or "",
        )
        for each in medicines if each.order.rhythm.as_needed
        for dose in each.doses
    )  # fmt: skip
    headings = (
        _("Given at"),
        _("Medicine"),
        _("Single dose"),
        _("Reason"),
        _("Effect"),
        _("Given by"),
        _("Double-checked by"),
        _("Note"),
    )
    if rows:
        yield Grid(headings, rows, widths=(1.8, 2.2, 1.8, 2.6, 1.4, 1.2, 1.3, 2.4))


def _not_taken(medicines: Sequence[_Medicine], givers: dict[str, str]) -> Iterator[Grid]:
    """Every dose that was not simply taken, with its reason."""
    rows = sorted(
        (dose.due_at.strftime("%m-%d %H:%M"), each.order.drug, OUTCOMES.label(dose.outcome), dose.reason or "", dose.note or "",
         givers.get(dose.giver_id or "", ""))
        for each in medicines if not each.order.rhythm.as_needed
        for dose in each.doses if dose.outcome != "given"
    )  # fmt: skip
    if rows:
        yield Grid((_("Due at"), _("Medicine"), _("Result of the dose"), _("Reason"), _("Note"), _("Noted by")), tuple(rows), widths=(1.6, 2.2, 1.8, 3, 2.4, 1.2))  # fmt: skip


def _legend(givers: dict[str, str], rows: Sequence[object]) -> Iterator[str]:
    if rows:
        marks = [f"{mark} {OUTCOMES.label(mark.code)}" for mark in MARKS]
        yield _("Marks: {marks}; {line} nothing due.").format(marks=_(", ").join(marks), line=_LINE)
    if givers:
        yield _("Under the mark stands who gave it: {names}.").format(names=_(", ").join(sorted(set(givers.values()))))
