"""Incidents 意外事件: what Today, the child's banner and the monthly record tell of them.

Sealed incidents appear here only through the person's own rows, and never on a paper or in a banner that
others see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from models.alerts import Alert, alert
from models.calendar_rules import Clock
from models.core import queries, records
from models.core.database import Work
from models.core.sealing import name_holders
from models.month import Grid, Month, Section, month_section
from models.reminders import Due, reminder
from models.safety import Incident, clock_of
from models.safety_words import INCIDENT_KINDS, INJURIES
from resources import N_, _

MISSING_FOR_DAYS = 180
"""For so long the banner reminds that a child went missing."""


def save_incident(work: Work, values: dict[str, Any], holders: Sequence[str] = (), **how: Any) -> str:
    """Save an incident and open it, when it is sealed, to the named people as well; return its id."""
    incident_id = records.save(work, Incident, values, **how)
    if holders:
        incident = queries.load(work, Incident, incident_id)
        if incident.sealed:
            name_holders(work, incident, holders)
    return incident_id


@dataclass(frozen=True)
class IncidentLine:
    """One incident as the page lists it."""

    id: str
    kind: str
    what: str
    child_name: str
    place: str
    noticed_at: datetime
    injury: str
    decision: str
    sealed: bool
    closed: bool
    clock: Clock | None


def incident_lines(work: Work, *, open_only: bool = False, limit: int = 200) -> list[IncidentLine]:
    """Return the incidents that this person may see, the newest first."""
    statement = select(Incident).where(Incident.deleted_at.is_(None), Incident.state != "void")
    if open_only:
        statement = statement.where(Incident.closed_on.is_(None))
    found = list(work.scalars(statement.order_by(Incident.noticed_at.desc()).limit(limit)))
    names = queries.titles(work, "child", [each.child_id for each in found])
    return [_line(each, names.get(each.child_id or "", "")) for each in found]


def _line(incident: Incident, child_name: str) -> IncidentLine:
    clock = None
    if incident.decision != "no":
        clock = clock_of(incident.noticed_at, incident.situations or [], _stopped(incident))
    return IncidentLine(
        incident.id, incident.kind, incident.what, child_name, incident.place or "", incident.noticed_at,
        incident.injury or "", incident.decision, incident.sealed, incident.closed_on is not None, clock,
    )  # fmt: skip


def _stopped(incident: Incident) -> datetime | None:
    return incident.reported_at if incident.must_report else None


@reminder
def reports_and_measures(work: Work) -> Iterator[Due]:
    """Tell which incidents wait for the decision, for the report or for their measures."""
    waiting = or_(
        Incident.decision == "open",
        and_(Incident.decision == "yes", Incident.reported_at.is_(None)),
        Incident.measures_due <= work.today + timedelta(days=7),
    )
    statement = select(Incident).where(
        Incident.deleted_at.is_(None), Incident.state != "void", Incident.closed_on.is_(None), waiting
    )
    found = list(work.scalars(statement))
    names = queries.titles(work, "child", [each.child_id for each in found])
    for incident in found:
        yield _due(incident, names.get(incident.child_id or "", ""))


def _due(incident: Incident, child_name: str) -> Due:
    clock = clock_of(incident.noticed_at, incident.situations or [], None)
    due: date | datetime | None
    if incident.decision == "yes" and not incident.reported_at:
        text, due = _("Report at once to the police and the department: {what}"), clock.due
    elif incident.decision == "open":
        text, due = _("Decide whether this must be reported: {what}"), clock.due
    else:
        text, due = _("Measures after the incident: {what}"), incident.measures_due
    return Due(
        text.format(what=incident.what), "safety", due, child_id=incident.child_id or "", child_name=child_name,
        needs=("Incident", "edit"), page="incidents", target={"incident_id": incident.id},
    )  # fmt: skip


@alert
def precautions(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Tell what to heed after an incident, and who went missing lately; never from a sealed incident."""
    open_to_all = [
        Incident.child_id.in_(child_ids),
        Incident.sealed.is_(False),
        Incident.deleted_at.is_(None),
        Incident.state != "void",
    ]
    heed = select(Incident.child_id, Incident.precaution).where(
        *open_to_all, Incident.precaution.is_not(None), Incident.precaution != "",
        or_(Incident.precaution_until.is_(None), Incident.precaution_until >= work.today),
    )  # fmt: skip
    for child_id, text in dict.fromkeys((row.child_id, row.precaution) for row in work.execute(heed)):
        yield Alert(child_id, text, "warning", "shield-alert")
    since = work.now - timedelta(days=MISSING_FOR_DAYS)
    away = select(Incident.child_id, Incident.noticed_at).where(
        *open_to_all, Incident.kind == "missing", Incident.noticed_at >= since
    )
    latest = {row.child_id: row.noticed_at for row in work.execute(away.order_by(Incident.noticed_at))}
    for child_id, moment in latest.items():
        yield Alert(child_id, _("Went missing on {day}: do not lose sight of the child").format(day=moment.date().isoformat()),
                    "danger", "footprints")  # fmt: skip


@month_section("safety", N_("Safety"), order=60)
def safety_of_the_month(work: Work, child_id: str, month: Month) -> Section:
    """Tell the month's incidents; a sealed one is on no paper."""
    first, last = datetime.combine(month.first, datetime.min.time()), datetime.combine(month.last, datetime.max.time())
    statement = select(Incident).where(
        Incident.child_id == child_id, Incident.sealed.is_(False), Incident.deleted_at.is_(None),
        Incident.state != "void", Incident.noticed_at.between(first, last),
    )  # fmt: skip
    found = list(work.scalars(statement.order_by(Incident.noticed_at)))
    hurt = sum(1 for each in found if each.injury not in (None, "", "none"))
    facts = ((_("Incidents"), str(len(found))), (_("With injury"), str(hurt)))
    return Section(_("Safety"), facts=facts, grids=(_grid(found),) if found else (), area="safety")


def _grid(found: list[Incident]) -> Grid:
    rows = tuple(
        (
            f"{each.noticed_at:%m-%d %H:%M}",
            INCIDENT_KINDS.label(each.kind),
            each.what,
            INJURIES.label(each.injury),
            each.measures or "",
        )
        for each in found
    )
    headings = (_("Noticed"), _("Kind"), _("Event"), _("Injury"), _("Measures"))
    return Grid(headings, rows, widths=(1.2, 1.4, 3, 1.4, 3))
