"""The areas' figures in the institution report: treatment, rehabilitation, education, safety, social work, money, staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models.allowances import CATEGORIES, AllowanceEntitlement
from models.core.database import Work
from models.education import ClassAttendance, TermReview
from models.growth import GrowthMeasurement
from models.immunisation import VaccineDose
from models.institution import Line, Rows, counted, grouped, kept, report_section
from models.medical import VISIT_KINDS, MedicalVisit
from models.medication import Dose
from models.medication_words import OUTCOMES
from models.patrols import rounds_between, slots_between, unfilled
from models.period import ReportPeriod
from models.rehabilitation import Assessment
from models.safety import Hazard, Incident, PatrolRound
from models.safety_words import GRADES, INCIDENT_KINDS
from models.social_work import WAYS, ContactNote, SocialCase
from models.staff import POSTS, Staff, check_due_on, staff_rule
from models.therapies import REASONS, THERAPIES, TREATED
from models.therapy import TherapySession
from resources import N_, _


def _on(column: Any, period: ReportPeriod) -> Any:
    """A day within the period."""
    return column.between(period.first, period.last)


def _at(column: Any, period: ReportPeriod) -> Any:
    """A moment within the period."""
    return (column >= period.begins) & (column < period.ends)


@report_section("treatment", N_("Treatment"), area="treatment", order=30, needs="MedicalVisit")
def treatment(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Visits by kind, doses by outcome, vaccinations, measurements of growth."""
    visits = (_on(MedicalVisit.starts_on, period), MedicalVisit.status != "cancelled")
    yield counted(work, "visits", _("Medical visits"), MedicalVisit, *visits)
    yield from grouped(work, "visits", MedicalVisit, MedicalVisit.kind, VISIT_KINDS, *visits)
    doses = (_at(Dose.due_at, period),)
    yield counted(work, "doses", _("Doses of medicine recorded"), Dose, *doses)
    yield from grouped(work, "doses", Dose, Dose.outcome, OUTCOMES, *doses)
    given = (_on(VaccineDose.given_on, period), VaccineDose.outcome == "given")
    yield counted(work, "vaccinations", _("Vaccinations given"), VaccineDose, *given)
    yield counted(
        work, "growth", _("Measurements of growth"), GrowthMeasurement, _on(GrowthMeasurement.measured_on, period)
    )


@report_section("rehabilitation", N_("Rehabilitation"), area="rehabilitation", order=40, needs="TherapySession")
def rehabilitation(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Children treated, sessions planned and held by therapy, minutes, what was missed and why, assessments."""
    session = TherapySession
    within = (_at(session.starts_at, period), session.status != "cancelled")
    held = (*within, session.status.in_(TREATED))
    treated = select(func.count(session.child_id.distinct())).where(*kept(session), *held)
    yield Line("treated", _("Children treated"), work.scalar(treated), rows=Rows(session, (*kept(session), *held)))
    yield counted(work, "planned", _("Sessions planned"), session, *within)
    yield counted(work, "held", _("Sessions held"), session, *held)
    yield from grouped(work, "held", session, session.therapy, THERAPIES, *held)
    yield Line("hours", _("Hours of treatment"), _hours(work, held), _("h"), 1, Rows(session, (*kept(session), *held)))
    missed = (*within, session.status == "absent")
    yield counted(work, "missed", _("Sessions missed"), session, *missed)
    yield from grouped(work, "missed", session, session.reason, REASONS, *missed)
    yield counted(work, "assessments", _("Assessments made"), Assessment, _on(Assessment.assessed_on, period))


def _hours(work: Work, held: tuple[Any, ...]) -> float:
    """Add the lengths up; a group's hour counts once for each child in it. One row for each length there is."""
    session = TherapySession
    if work.get_bind().dialect.name == "sqlite":
        minutes: Any = (func.julianday(session.ends_at) - func.julianday(session.starts_at)) * 1440
    else:
        minutes = func.extract("epoch", session.ends_at - session.starts_at) / 60
    total = work.scalar(select(func.sum(minutes)).where(*kept(session), *held)) or 0
    missed = work.scalar(select(func.sum(session.minutes_missed)).where(*kept(session), *held)) or 0
    return round((float(total) - missed) / 60, 1)


@report_section("education", N_("Education"), area="education", order=50, needs="ClassAttendance")
def education(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Days of school there were and were attended, and the reviews of education goals."""
    months = (ClassAttendance.month.between(period.first, period.last),)
    days: dict[str, Any] = {"unit": _("days")}
    yield counted(work, "pupils", _("Attendance sheets of pupils"), ClassAttendance, *months)
    yield counted(
        work, "school_days", _("Days of school"), ClassAttendance, *months, value=ClassAttendance.school_days, **days
    )
    yield counted(
        work, "present", _("Days attended"), ClassAttendance, *months, value=ClassAttendance.present_days, **days
    )
    for key, title, column in (
        ("ill", _("Missed through illness"), ClassAttendance.ill_days),
        ("therapy", _("Missed for therapy"), ClassAttendance.therapy_days),
        ("other", _("Missed for other reasons"), ClassAttendance.other_days),
    ):
        yield counted(work, f"absent.{key}", title, ClassAttendance, *months, value=column, indent=1, **days)
    yield counted(work, "reviews", _("Goals reviewed"), TermReview, _on(TermReview.reviewed_on, period))


@report_section("safety", N_("Safety"), area="safety", order=60, needs="PatrolRound")
def safety(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Rounds asked for and walked; hazards found, closed, open and overdue."""
    slots = [slot for slot in slots_between(work, period.first, min(period.last, work.today)) if slot.due <= work.now]
    begin, end = period.begins, period.ends + timedelta(hours=12)
    missed = unfilled(slots, rounds_between(work, begin, end)) if slots else []
    walked = Rows(PatrolRound, (*kept(PatrolRound), _at(PatrolRound.started_at, period)))
    yield Line("rounds_asked", _("Patrol rounds required"), len(slots))
    yield Line("rounds_done", _("Patrol rounds walked in time"), len(slots) - len(missed), rows=walked)
    yield counted(work, "found", _("Hazards found"), Hazard, _on(Hazard.found_on, period))
    yield from grouped(work, "found", Hazard, Hazard.grade, GRADES, _on(Hazard.found_on, period))
    yield counted(work, "closed", _("Hazards closed"), Hazard, _on(Hazard.closed_on, period))
    day = min(period.last, work.today)
    still = (Hazard.found_on <= day, (Hazard.closed_on.is_(None)) | (Hazard.closed_on > day))
    yield counted(work, "open", _("Hazards open at the end"), Hazard, *still)
    overdue = (*still, Hazard.deadline < day, (Hazard.rectified_on.is_(None)) | (Hazard.rectified_on > day))
    yield counted(work, "overdue", _("Of these past their deadline"), Hazard, *overdue, indent=1)


@report_section("incidents", N_("Incidents"), area="safety", order=61, needs="Incident")
def incidents(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Incidents noticed by kind, and what had to be reported at once."""
    noticed = (_at(Incident.noticed_at, period),)
    yield counted(work, "noticed", _("Incidents"), Incident, *noticed)
    yield from grouped(work, "noticed", Incident, Incident.kind, INCIDENT_KINDS, *noticed)
    yield counted(work, "reported", _("Reported to authorities"), Incident, *noticed, Incident.reported_at.is_not(None))


@report_section("social_work", N_("Social work"), area="social_work", order=70, needs="ContactNote")
def social_work(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Contacts by way, cases opened, closed and open at the end."""
    contacts = (_at(ContactNote.at, period),)
    yield counted(work, "contacts", _("Contacts"), ContactNote, *contacts)
    yield from grouped(work, "contacts", ContactNote, ContactNote.way, WAYS, *contacts)
    yield counted(work, "cases_opened", _("Cases opened"), SocialCase, _on(SocialCase.opened_on, period))
    yield counted(work, "cases_closed", _("Cases closed"), SocialCase, _on(SocialCase.closed_on, period))
    still = (SocialCase.closed_on.is_(None)) | (SocialCase.closed_on > period.last)
    yield counted(
        work, "cases_open", _("Cases open at the end"), SocialCase, SocialCase.opened_on <= period.last, still
    )


@report_section("allowances", N_("Allowances"), area="allowance", order=80, needs="AllowanceEntitlement")
def allowances(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Children and amounts of the months' ledgers by category."""
    line = AllowanceEntitlement
    months = (line.month.in_(period.months()),)
    children = select(func.count(line.child_id.distinct())).where(*kept(line), *months)
    yield Line(
        "children", _("Children with an allowance"), work.scalar(children), rows=Rows(line, (*kept(line), *months))
    )
    money: dict[str, Any] = {"unit": _("yuan"), "decimals": 2, "value": line.amount}
    yield from grouped(work, "amount", line, line.category, CATEGORIES, *months, **money)
    yield counted(work, "amount", _("Amount in all"), line, *months, total=True, **money)


@report_section("staff", N_("Staff"), area="home", order=90, needs="Staff")
def staff(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Who works here by post, and whose yearly check or health certificate is due by the end."""
    serving = (
        (Staff.joined_on.is_(None)) | (Staff.joined_on <= period.last),
        (Staff.left_on.is_(None)) | (Staff.left_on > period.last),
    )
    yield counted(work, "serving", _("Staff"), Staff, *serving)
    yield from grouped(work, "serving", Staff, Staff.post, POSTS, *serving)
    asked = select(Staff.id, Staff.entry_checked_on, Staff.yearly_checked_on).where(*kept(Staff), *serving)
    limit = period.last + timedelta(days=staff_rule("notice"))
    due = [each.id for each in work.execute(asked) if (check_due_on(*each[1:]) or limit) <= limit]
    yield Line("checks", _("Background checks due"), len(due), rows=Rows(Staff, (Staff.id.in_(due),)))
    health = (*serving, Staff.health_valid_to <= limit)
    yield counted(work, "health", _("Health certificates expiring"), Staff, *health)
