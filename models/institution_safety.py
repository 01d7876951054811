"""Safety's figures in the institution report 安全月报: rounds, hazards, drills, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from models.core.database import Work
from models.drills import DRILL_KINDS, Drill, drills_on
from models.institution import Line, at, counted, grouped, kept, on, report_section, tallied, those
from models.patrols import Slot, slots_between
from models.period import ReportPeriod
from models.safety import Hazard, Incident, PatrolRound
from models.safety_words import GRADES, INCIDENT_KINDS, PATROL_KINDS
from resources import N_, _


@report_section("safety", N_("Safety"), area="safety", order=60, needs="PatrolRound")
def safety(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Rounds asked for and walked; hazards found, closed, open and overdue; drills held and due."""
    yield from _rounds(work, period)
    if work.actor.may("read", Hazard):
        yield from _hazards(work, period)
    if work.actor.may("read", Drill):
        yield from _drills(work, period)


def _rounds(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """What the rules asked for up to now, how much of it was walked in its time, and all that was walked."""
    slots = [slot for slot in slots_between(work, period.first, min(period.last, work.today)) if slot.due <= work.now]
    in_time = _in_time(work, slots, period)
    rules = _("By the rules in force: {rounds}.").format(rounds=_asked_for(slots)) if slots else ""
    yield Line("rounds_asked", _("Patrol rounds required"), len(slots), why=rules)
    yield Line("rounds_done", _("Walked in time"), len(in_time), rows=those(PatrolRound, in_time), indent=1)
    walked = tallied(work, PatrolRound, [PatrolRound.kind], at(PatrolRound.started_at, period))
    yield walked.line("rounds", _("All rounds walked"))
    yield from walked.parts("rounds", 0, PATROL_KINDS)


def _asked_for(slots: list[Slot]) -> str:
    counts: dict[str, int] = {}
    for slot in slots:
        counts[slot.kind] = counts.get(slot.kind, 0) + 1
    return _(", ").join(f"{PATROL_KINDS.label(kind)} {count}" for kind, count in counts.items())


def _in_time(work: Work, slots: list[Slot], period: ReportPeriod) -> list[str]:
    """Return the rounds that filled a slot of their kind, each at most one."""
    asked = select(PatrolRound.kind, PatrolRound.started_at, PatrolRound.id).where(
        *kept(PatrolRound), PatrolRound.started_at >= period.begins,
        PatrolRound.started_at < period.ends + timedelta(hours=12),
    )  # fmt: skip
    waiting: dict[str, list[Slot]] = {}
    for slot in sorted(slots, key=lambda each: each.opens, reverse=True):
        waiting.setdefault(slot.kind, []).append(slot)
    found = []
    for kind, start, round_id in work.execute(asked.order_by(PatrolRound.started_at, PatrolRound.id)):
        left = waiting.get(kind, [])
        while left and left[-1].due <= start:
            left.pop()
        if left and left[-1].opens <= start:
            left.pop()
            found.append(round_id)
    return found


def _hazards(work: Work, period: ReportPeriod) -> Iterator[Line]:
    yield counted(work, "found", _("Hazards found"), Hazard, on(Hazard.found_on, period))
    yield from grouped(work, "found", Hazard, Hazard.grade, GRADES, on(Hazard.found_on, period))
    yield counted(work, "closed", _("Hazards closed"), Hazard, on(Hazard.closed_on, period))
    day = min(period.last, work.today)
    still = (Hazard.found_on <= day, (Hazard.closed_on.is_(None)) | (Hazard.closed_on > day))
    yield counted(work, "open", _("Hazards open at the end"), Hazard, *still)
    overdue = (*still, Hazard.deadline < day, (Hazard.rectified_on.is_(None)) | (Hazard.rectified_on > day))
    yield counted(work, "overdue", _("Of these overdue"), Hazard, *overdue, indent=1)


def _drills(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Drills held by kind, who took part, and how many kinds were overdue on the last day."""
    held = on(Drill.held_on, period)
    found = tallied(work, Drill, [Drill.kind], held, sums=[Drill.children, Drill.adults])
    yield found.line("drills", _("Drills held"))
    yield from found.parts("drills", 0, DRILL_KINDS)
    yield found.line("drill_children", _("Children taking part"), amount=1, unit=_("attendances"))
    yield found.line("drill_adults", _("Staff taking part"), amount=2, unit=_("attendances"))
    day = min(period.last, work.today)
    late = [each for each in drills_on(work, day) if each.due < day]
    names = _(", ").join(f"{each.title} {each.due.isoformat()}" for each in late)
    why = _("Overdue since: {drills}.").format(drills=names) if late else _("None overdue on the last day.")
    yield Line("drills_due", _("Drills overdue at the end"), len(late), why=why)


@report_section("incidents", N_("Incidents"), area="safety", order=61, needs="Incident")
def incidents(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Incidents noticed by kind, and what had to be reported at once."""
    noticed = at(Incident.noticed_at, period)
    found = tallied(work, Incident, [Incident.kind], noticed)
    yield found.line("noticed", _("Incidents"))
    yield from found.parts("noticed", 0, INCIDENT_KINDS)
    yield counted(work, "reported", _("Reported to authorities"), Incident, noticed, Incident.reported_at.is_not(None))
