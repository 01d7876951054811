"""The areas' figures in the institution report: treatment, rehabilitation, education, social work, money, staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from models.allowances import CATEGORIES, AllowanceEntitlement
from models.child import Child
from models.core.database import Work
from models.education import ClassAttendance, TermReview
from models.growth import GrowthMeasurement
from models.immunisation import VaccineDose
from models.institution import Line, Rows, Tally, at, counted, grouped, kept, on, report_section, tallied, those
from models.medical import VISIT_KINDS, MedicalVisit
from models.medication import Dose
from models.medication_words import OUTCOMES
from models.period import ReportPeriod
from models.rehabilitation import Assessment
from models.social_work import WAYS, ContactNote, SocialCase
from models.staff import POSTS, Staff, check_due_on, staff_rule
from models.therapies import REASONS, THERAPIES, TREATED
from models.therapy import TherapySession
from resources import N_, _


@report_section("treatment", N_("Treatment"), area="treatment", order=30, needs="MedicalVisit")
def treatment(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Visits by kind, doses by outcome, vaccinations, measurements of growth."""
    visits = (on(MedicalVisit.starts_on, period), MedicalVisit.status != "cancelled")
    yield counted(work, "visits", _("Medical visits"), MedicalVisit, *visits)
    yield from grouped(work, "visits", MedicalVisit, MedicalVisit.kind, VISIT_KINDS, *visits)
    doses = tallied(work, Dose, [Dose.outcome], at(Dose.due_at, period))
    yield doses.line("doses", _("Doses of medicine recorded"))
    yield from doses.parts("doses", 0, OUTCOMES)
    given = (on(VaccineDose.given_on, period), VaccineDose.outcome == "given")
    yield counted(work, "vaccinations", _("Vaccinations given"), VaccineDose, *given)
    yield counted(
        work, "growth", _("Measurements of growth"), GrowthMeasurement, on(GrowthMeasurement.measured_on, period)
    )


@report_section("rehabilitation", N_("Rehabilitation"), area="rehabilitation", order=40, needs="TherapySession")
def rehabilitation(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """The workload: children treated, sessions planned and held by therapy, hours, what was missed and why."""
    session = TherapySession
    within = (at(session.starts_at, period), session.status != "cancelled")
    held = session.status.in_(TREATED)
    columns, sums = [session.status, session.therapy, session.reason], [_minutes(work), session.minutes_missed]
    found = tallied(work, session, columns, *within, sums=sums)
    yield _treated(work, *within, held)
    yield _therapists(work, *within, held)
    yield found.line("planned", _("Sessions planned"))
    yield found.line("held", _("Sessions held"), held, having=_was_held)
    yield from found.parts("held", 1, THERAPIES, held, having=_was_held)
    yield _hours(found, held)
    absent = session.status == "absent"
    yield found.line("missed", _("Sessions missed"), absent, having=_was_missed)
    yield from found.parts("missed", 2, REASONS, absent, having=_was_missed)
    yield _attendance(found)
    yield counted(work, "assessments", _("Assessments made"), Assessment, on(Assessment.assessed_on, period))


def _was_held(status: str, _therapy: str, _reason: str | None) -> bool:
    return status in TREATED


def _was_missed(status: str, _therapy: str, _reason: str | None) -> bool:
    return status == "absent"


def _treated(work: Work, *where: Any) -> Line:
    """How many children; clients from outside, who come for treatment only, are children treated too."""
    session = TherapySession
    ids = list(work.scalars(select(session.child_id).distinct().where(*kept(session), *where)))
    from_outside = select(Child.id).where(Child.id.in_(ids), Child.outreach.is_(True)).execution_options(aside=True)
    outside = len(list(work.scalars(from_outside))) if ids else 0
    words = _("of these {n} from outside").format(n=outside) if outside else ""
    treated = select(session.child_id).where(
        *kept(session), *where
    )  # names the sessions, so that clients are found too
    return Line("treated", _("Children treated"), len(ids), rows=Rows(Child, (Child.id.in_(treated),)), why=words)


def _therapists(work: Work, *where: Any) -> Line:
    session = TherapySession
    asked = select(session.therapist_id).distinct().where(*kept(session), *where, session.therapist_id.is_not(None))
    ids = list(work.scalars(asked))
    return Line("therapists", _("Therapists who treated"), len(ids), rows=those(Staff, ids))


def _minutes(work: Work) -> Any:
    session = TherapySession
    if work.get_bind().dialect.name == "sqlite":
        return (func.julianday(session.ends_at) - func.julianday(session.starts_at)) * 1440
    return func.extract("epoch", session.ends_at - session.starts_at) / 60


def _hours(found: Tally, held: Any) -> Line:
    """Add the lengths up, less what was missed; a group's hour counts once for each child in it."""
    minutes = sum(float(sums[1] or 0) - (sums[2] or 0) for codes, sums in found.groups if _was_held(*codes))
    rows = Rows(TherapySession, (*found.conditions, held))
    return Line("hours", _("Hours of treatment"), round(minutes / 60, 1), _("h"), 1, rows)


def _attendance(found: Tally) -> Line:
    """How many of the sessions that were held or missed were held; one still booked is neither."""
    held = sum(sums[0] for codes, sums in found.groups if _was_held(*codes))
    missed = sum(sums[0] for codes, sums in found.groups if _was_missed(*codes))
    share = round(100 * held / (held + missed), 1) if held + missed else None
    known = TherapySession.status.in_((*TREATED, "absent"))
    return Line("attendance", _("Attendance rate"), share, "%", 1, Rows(TherapySession, (*found.conditions, known)))


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
    yield counted(work, "reviews", _("Goals reviewed"), TermReview, on(TermReview.reviewed_on, period))


@report_section("social_work", N_("Social work"), area="social_work", order=70, needs="ContactNote")
def social_work(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Contacts by way, cases opened, closed and open at the end."""
    contacts = (at(ContactNote.at, period),)
    yield counted(work, "contacts", _("Contacts"), ContactNote, *contacts)
    yield from grouped(work, "contacts", ContactNote, ContactNote.way, WAYS, *contacts)
    yield counted(work, "cases_opened", _("Cases opened"), SocialCase, on(SocialCase.opened_on, period))
    yield counted(work, "cases_closed", _("Cases closed"), SocialCase, on(SocialCase.closed_on, period))
    still = (SocialCase.closed_on.is_(None)) | (SocialCase.closed_on > period.last)
    yield counted(
        work, "cases_open", _("Cases open at the end"), SocialCase, SocialCase.opened_on <= period.last, still
    )


@report_section("allowances", N_("Allowances"), area="allowance", order=80, needs="AllowanceEntitlement")
def allowances(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Children and amounts of the months' ledgers by category."""
    line = AllowanceEntitlement
    months = (line.month.in_(period.months()),)
    ids = list(work.scalars(select(line.child_id).distinct().where(*kept(line), *months)))
    yield Line("children", _("Children with an allowance"), len(ids), rows=those(Child, ids))
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
    yield Line("checks", _("Background checks due"), len(due), rows=those(Staff, due))
    health = (*serving, Staff.health_valid_to <= limit)
    yield counted(work, "health", _("Health certificates expiring"), Staff, *health)
