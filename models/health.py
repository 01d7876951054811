"""Health notices 健康提示: what everyone must know of a child, which visits are due, and the month of treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select

from models.alerts import Alert, alert
from models.child import Child
from models.core.database import Work
from models.medical import RISKS, VISIT_KINDS, Allergy, Diagnosis, MedicalVisit, living_records
from models.month import Grid, Month, Section, month_plan, month_section
from models.placement import living_here
from models.reminders import Due, reminder
from resources import N_, _

_RISK_LEVELS = {
    "seizures": "danger",
    "aspiration": "danger",
    "infection": "danger",
    "bleeding": "danger",
    "runs_away": "danger",
}
_RISK_ICONS = {"seizures": "zap", "infection": "shield-alert", "heart": "heart-pulse", "aspiration": "utensils"}


@alert
def allergies(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Allergies: all but the mild ones are a danger, for nobody at night weighs severities."""
    statement = select(Allergy).where(
        Allergy.child_id.in_(child_ids), Allergy.deleted_at.is_(None), Allergy.state != "void",
        or_(Allergy.ended_on.is_(None), Allergy.ended_on > work.today),
    )  # fmt: skip
    for each in work.scalars(statement.order_by(Allergy.substance)):
        words = _("Allergy: {substance}").format(substance=each.substance)
        if each.reaction:
            words += _(" ({reaction})").format(reaction=each.reaction)
        yield Alert(each.child_id, words, "warning" if each.severity == "mild" else "danger", icon="circle-alert")


@alert
def risks(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Risks of running diagnoses: seizures, choking, isolation and others, with what to do."""
    statement = select(Diagnosis).where(
        Diagnosis.child_id.in_(child_ids), Diagnosis.deleted_at.is_(None), Diagnosis.state != "void"
    )
    for each in work.scalars(statement.order_by(Diagnosis.diagnosed_on)):
        if not each.running(work.today):
            continue
        for risk in each.risks or []:
            if risk == "infection" and each.isolation_until and each.isolation_until < work.today:
                continue
            yield Alert(
                each.child_id,
                _risk_words(each, risk),
                _RISK_LEVELS.get(risk, "warning"),
                _RISK_ICONS.get(risk, "triangle-alert"),
            )


def _risk_words(diagnosis: Diagnosis, risk: str) -> str:
    words = RISKS.label(risk)
    if risk == "infection" and diagnosis.isolation_until:
        words += _(" until {day}").format(day=diagnosis.isolation_until)
    return f"{words}{_(': ')}{diagnosis.instructions}" if diagnosis.instructions else words


@reminder
def visits_due(work: Work) -> Iterator[Due]:
    """Planned visits and follow-ups of the coming two weeks, and those that nobody made."""
    until = work.today + timedelta(days=14)
    statement = (
        select(MedicalVisit, Child.name)
        .join(Child, Child.id == MedicalVisit.child_id)
        .where(MedicalVisit.deleted_at.is_(None), MedicalVisit.state.not_in(("void", "superseded")), living_here())
        .where(
            or_(
                (MedicalVisit.status == "planned") & (MedicalVisit.starts_on <= until),
                MedicalVisit.follow_up_on.between(work.today - timedelta(days=60), until),
            )
        )
    )
    found = list(work.execute(statement))
    made = _visits_since(work, {visit.child_id for visit, _name in found})
    for visit, name in found:
        due = visit.starts_on if visit.status == "planned" else visit.follow_up_on
        if visit.status != "planned" and any(
            visit.starts_on < day <= work.today for day in made.get(visit.child_id, ())
        ):
            continue
        words = _("{kind}: {reason}").format(kind=VISIT_KINDS.label(visit.kind), reason=visit.reason)
        yield Due(
            words, "treatment", due, child_id=visit.child_id, child_name=name, needs=("MedicalVisit", "read"), page="child",
            target={"child_id": visit.child_id, "tab": "health"},
        )  # fmt: skip


def _visits_since(work: Work, child_ids: set[str]) -> dict[str, list[date]]:
    """The days of visits that took place, by child: a follow-up is met by any later visit."""
    statement = select(MedicalVisit.child_id, MedicalVisit.starts_on).where(
        MedicalVisit.child_id.in_(child_ids),
        MedicalVisit.status.in_(("done", "under_way")),
        MedicalVisit.deleted_at.is_(None),
    )
    days: dict[str, list[date]] = {}
    for child_id, day in work.execute(statement):
        days.setdefault(child_id, []).append(day)
    return days


@month_section("treatment", N_("Treatment"), order=30)
def treatment_month(work: Work, child_id: str, month: Month) -> Section:
    """Treatment of one month: visits, days in hospital, how the medicines were taken, vaccines."""
    from models.immunisation import given_in_month
    from models.medication_round import adherence_of

    visits = [
        each for each in living_records(work, MedicalVisit, child_id)
        if each.status in ("done", "under_way") and each.starts_on <= month.last
        and ((each.ends_on or (month.last if each.kind == "inpatient" else each.starts_on)) >= month.first)
    ]  # fmt: skip
    days = sum(
        hospital_days(each.starts_on, each.ends_on, month.first, month.last)
        for each in visits
        if each.kind == "inpatient"
    )
    seen = sum(each.kind != "inpatient" for each in visits)
    facts = [(_("Medical visits"), str(seen)), (_("Days in hospital"), str(days))]
    grids = []
    if visits:
        headings = (_("Date"), _("Kind"), _("Hospital or clinic"), _("Reason"), _("Diagnosis and advice"))
        rows = tuple(_visit_row(each) for each in reversed(visits))
        grids.append(Grid(headings, rows, title=_("Visits and stays"), widths=(2, 1.5, 2.5, 3, 4)))
    grids += [grid for grid in (adherence_of(work, child_id, month), given_in_month(work, child_id, month)) if grid]
    return Section(_("Treatment"), facts=tuple(facts), grids=tuple(grids), area="treatment")


@month_plan(order=30)
def visits_next_month(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """Say which visits are planned or wanted again in the month to come."""
    if not work.actor.may("read", MedicalVisit):
        return
    for each in living_records(work, MedicalVisit, child_id):
        day = each.starts_on if each.status == "planned" else each.follow_up_on
        if day and month.first <= day <= month.last:
            words = _("{kind} on {day}: {reason}.")
            yield words.format(kind=VISIT_KINDS.label(each.kind), day=day, reason=each.reason)


def _visit_row(visit: MedicalVisit) -> tuple[str, ...]:
    when = visit.starts_on.isoformat()
    if visit.kind == "inpatient":
        when += _(" to {day}").format(day=visit.ends_on.isoformat() if visit.ends_on else _("now"))
    told = _("; ").join(words for words in (visit.diagnosis, visit.treatment) if words)
    return when, VISIT_KINDS.label(visit.kind), visit.hospital or "", visit.reason, told


def hospital_days(starts_on: date, ends_on: date | None, first: date, last: date) -> int:
    """Return the days in hospital within a period: the nights, and at least one for a stay that touches it.

    The day of admission counts, the day of discharge does not (unless it is the same day).
    """
    end = ends_on or last + timedelta(days=1)
    begin, finish = max(starts_on, first), min(end, last + timedelta(days=1))
    nights = (finish - begin).days
    same_day = ends_on == starts_on and first <= starts_on <= last
    return 1 if same_day else max(nights, 0)
