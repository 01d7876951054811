"""Safety 安全: incidents with the mandatory-report clock, patrol rounds, and hazards with their closing loop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, String, Text, inspect, or_
from sqlalchemy.orm import Mapped, declared_attr

from models.calendar_rules import Clock, in_force
from models.child import OfChild
from models.core.access import Actor
from models.core.errors import Forbidden, Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.sealing import Sealed, accounts_of_role, name_holders
from models.safety_words import (
    AUTHORITIES,
    CCTV,
    CHECKPOINTS,
    DECISIONS,
    GRADES,
    HAZARD_GROUPS,
    HAZARD_SITUATIONS,
    INCIDENT_KINDS,
    INJURIES,
    PATROL_KINDS,
    SITUATIONS,
    STAGES,
    suggested_situation,
)
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

EVENT = N_("What happened")
INJURY = N_("Injury and first aid")
REPORT = N_("Mandatory report")
TOLD = N_("Who was told")
PROOF = N_("Evidence")
MEASURES = N_("Investigation, measures, closing")
ROUND = N_("Round")
CHECKED = N_("What was checked")
HAZARD = N_("Hazard")
REPAIR = N_("Putting right")
RECHECK = N_("Check and closing")


class OfChildOrHome(OfChild):
    """What may belong to one child or to none: without a child, everyone who reads this type sees it."""

    @declared_attr
    def child_id(cls) -> Mapped[str | None]:  # type: ignore[override]  # noqa: N805 (may be empty here)
        return reference(N_("Child"), "child", section=EVENT, listed=True, searched=True, sort_order=-10)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        entrusted = super().scope(actor)
        return None if entrusted is None else or_(cls.child_id.is_(None), entrusted)  # type: ignore[attr-defined]

    def owner(self) -> Any:
        return super().owner() if self.child_id else None


class Incident(Sealed, OfChildOrHome, Record):
    """An accident or safety event 意外事件; sealed to named people as soon as it must be reported by law."""

    title: ClassVar[str] = N_("Incident")
    titles: ClassVar[str] = N_("Incidents")
    area: ClassVar[str] = "safety"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "noticed_at"
    title_field: ClassVar[str] = "what"
    routine: ClassVar[bool] = False

    sealed: Mapped[bool] = field(
        N_("Sealed"), Boolean, hidden=True, default=False, nullable=False,
        help=N_("Only named people can see this record."),
    )  # fmt: skip

    kind: Mapped[str] = field(N_("Kind"), codes=INCIDENT_KINDS, section=EVENT, required=True, listed=True)
    what: Mapped[str] = field(
        N_("In one sentence"), String(200), section=EVENT, required=True, listed=True, searched=True
    )
    noticed_at: Mapped[datetime] = field(N_("Noticed"), DateTime, section=EVENT, required=True, listed=True)
    happened_at: Mapped[datetime | None] = field(
        N_("Happened"), DateTime, section=EVENT, help=N_("Leave empty when nobody saw it happen.")
    )
    place: Mapped[str | None] = field(N_("Place"), String(80), section=EVENT, searched=True)
    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", section=EVENT)
    persons: Mapped[str | None] = field(
        N_("Other persons involved"), String(300), section=EVENT, help=N_("Who was there, in which part; witnesses.")
    )
    course: Mapped[str | None] = field(N_("Course of events"), Text, section=EVENT)

    injury: Mapped[str | None] = field(N_("Injury"), codes=INJURIES, section=INJURY, listed=True)
    injury_text: Mapped[str | None] = field(N_("Part of the body, kind of injury"), String(300), section=INJURY)
    first_aid: Mapped[str | None] = field(N_("First aid"), Text, section=INJURY)
    hospital: Mapped[str | None] = field(N_("Which hospital"), String(100), section=INJURY)
    hospital_at: Mapped[datetime | None] = field(N_("Taken to hospital"), DateTime, section=INJURY)
    outcome: Mapped[str | None] = field(N_("Outcome"), String(300), section=INJURY)

    decision: Mapped[str] = field(
        N_("Decision"), codes=DECISIONS, section=REPORT, listed=True, default="open", nullable=False
    )
    situations: Mapped[list[str] | None] = field(N_("Situations"), codes=SITUATIONS, many=True, section=REPORT)
    decision_reason: Mapped[str | None] = field(N_("Reason for the decision"), String(300), section=REPORT)
    reported_at: Mapped[datetime | None] = field(N_("Reported"), DateTime, section=REPORT)
    reported_to: Mapped[list[str] | None] = field(N_("Reported to"), codes=AUTHORITIES, many=True, section=REPORT)
    reported_name: Mapped[str | None] = field(
        N_("Taken by"), String(100), section=REPORT, help=N_("Office and name of the person who took the report.")
    )
    receipt: Mapped[str | None] = field(N_("Receipt number"), String(60), section=REPORT)
    receipt_scan: Mapped[str | None] = attachment(N_("Receipt (scan)"), section=REPORT)

    leader_told_at: Mapped[datetime | None] = field(N_("Head of department told"), DateTime, section=TOLD)
    director_told_at: Mapped[datetime | None] = field(N_("Director told"), DateTime, section=TOLD)
    department_told_at: Mapped[datetime | None] = field(N_("Civil-affairs department told"), DateTime, section=TOLD)
    others_told: Mapped[str | None] = field(N_("Others told"), String(300), section=TOLD)

    cctv: Mapped[str | None] = field(N_("CCTV recording"), codes=CCTV, section=PROOF)
    cctv_note: Mapped[str | None] = field(N_("Camera, from and until, kept where"), String(200), section=PROOF)
    photo: Mapped[str | None] = attachment(N_("Photo"), section=PROOF)

    investigation: Mapped[str | None] = field(N_("Investigation"), Text, section=MEASURES)
    measures: Mapped[str | None] = field(N_("Measures"), Text, section=MEASURES)
    measures_due: Mapped[date | None] = field(N_("Measures due on"), Date, section=MEASURES)
    precaution: Mapped[str | None] = field(
        N_("Precaution"), String(120), section=MEASURES,
        help=N_("What everyone who meets the child must heed; shown in the child's banner."),
    )  # fmt: skip
    precaution_until: Mapped[date | None] = field(N_("Precaution until"), Date, section=MEASURES)
    closed_on: Mapped[date | None] = field(N_("Case closed on"), Date, section=MEASURES, listed=True)
    conclusion: Mapped[str | None] = field(N_("Conclusion"), Text, section=MEASURES)

    @property
    def must_report(self) -> bool:
        """Whether the law demands a report at once."""
        return self.decision == "yes"

    def summary(self) -> str:
        return f"{INCIDENT_KINDS.label(self.kind)}: {self.what}"

    def before_save(self, work: Work) -> None:
        self.decision = self.decision or "open"
        self.sealed = bool(self.sealed) or self.must_report
        if self.sealed and not inspect(self).attrs.sealed.history.unchanged:
            name_holders(work, self, self.standing_holders(work))

    def standing_holders(self, work: Work) -> list[str]:
        """Return the directors, who answer for every mandatory report."""
        return accounts_of_role(work, "director")

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self._time_problems(work.now)
        if self.must_report and not self.situations:
            yield Problem("situations", _("Please choose at least one of the nine situations."))
        if self.decision == "no" and suggested_situation(self.kind) and not self.decision_reason:
            yield Problem("decision_reason", _("This kind of event is often to be reported. Please say why not here."))
        if self.reported_at and not self.reported_to:
            yield Problem("reported_to", _("Please say to whom it was reported."))
        if self.closed_on:
            yield from self._closing_problems()

    def _time_problems(self, now: datetime) -> Iterator[Problem]:
        moments = ("noticed_at", "happened_at", "reported_at", "hospital_at", "director_told_at")
        for name in moments:
            moment = getattr(self, name)
            if moment and moment > now + timedelta(minutes=5):
                yield Problem(name, _("This moment lies in the future."))
        if self.happened_at and self.happened_at > self.noticed_at:
            yield Problem("happened_at", _("It cannot have happened after it was noticed."))
        if self.reported_at and self.reported_at < self.noticed_at:
            yield Problem("reported_at", _("It cannot have been reported before it was noticed."))

    def _closing_problems(self) -> Iterator[Problem]:
        if self.decision == "open":
            yield Problem("decision", _("Please decide on the mandatory report before closing."))
        if self.must_report and not self.reported_at:
            yield Problem("reported_at", _("It must be reported before it can be closed."))
        if self.closed_on and self.closed_on < self.noticed_at.date():
            yield Problem("closed_on", _("It cannot be closed before it was noticed."))


def report_clock(incident: Incident) -> Clock | None:
    """Return the clock of the mandatory report, or None when nothing need be reported.

    The law says "at once"; the minutes after which the program calls it overdue are a dated rule of the home.
    """
    if not incident.must_report:
        return None
    return clock_of(incident.noticed_at, incident.situations or [], incident.reported_at)


def clock_of(noticed_at: datetime, situations: list[str], reported_at: datetime | None) -> Clock:
    """Return the clock for these situations: the shortest of their alarm times counts."""
    rows = in_force(table("mandatory_report.csv"), noticed_at.date(), key="code")
    minutes = [int(row["alarm_minutes"]) for row in rows if not situations or row["code"] in situations]
    return Clock(noticed_at, noticed_at + timedelta(minutes=min(minutes, default=0)), reported_at)


class PatrolRound(Record):
    """A patrol round 值班巡查: who walked where and when, what was checked, what was found and done."""

    title: ClassVar[str] = N_("Patrol round")
    titles: ClassVar[str] = N_("Patrol rounds")
    area: ClassVar[str] = "safety"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "started_at"
    title_field: ClassVar[str] = "route"

    kind: Mapped[str] = field(N_("Kind of round"), codes=PATROL_KINDS, section=ROUND, required=True, listed=True)
    started_at: Mapped[datetime] = field(N_("Start"), DateTime, section=ROUND, required=True, listed=True)
    ended_at: Mapped[datetime | None] = field(N_("End"), DateTime, section=ROUND, listed=True)
    route: Mapped[str] = field(N_("Area walked"), String(120), section=ROUND, required=True, listed=True, searched=True)
    leader_id: Mapped[str] = reference(N_("On duty"), "staff", section=ROUND, required=True, listed=True)
    second_id: Mapped[str | None] = reference(N_("Second person on duty"), "staff", section=ROUND, listed=True)
    passed: Mapped[list[str] | None] = field(N_("In order"), codes=CHECKPOINTS, many=True, section=CHECKED)
    failed: Mapped[list[str] | None] = field(
        N_("Not in order"), codes=CHECKPOINTS, many=True, section=CHECKED, listed=True
    )
    findings: Mapped[str | None] = field(N_("Findings"), Text, section=CHECKED, searched=True)
    action: Mapped[str | None] = field(N_("Done about it"), Text, section=CHECKED)

    def summary(self) -> str:
        found = len(self.failed or [])
        result = _("{n} not in order").format(n=found) if found else _("all in order")
        return f"{PATROL_KINDS.label(self.kind)} · {self.route} · {result}"

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.started_at > work.now + timedelta(minutes=5):
            yield Problem("started_at", _("This moment lies in the future."))
        if self.ended_at and self.ended_at < self.started_at:
            yield Problem("ended_at", _("The end lies before the start."))
        if self.second_id and self.second_id == self.leader_id:
            yield Problem("second_id", _("The second person must be somebody else."))
        if not self.second_id:
            yield Problem("second_id", _("The rule asks for two people on duty."), warning=True)
        if set(self.passed or []) & set(self.failed or []):
            yield Problem("failed", _("A checkpoint is either in order or not."))
        if self.failed and not (self.findings or "").strip():
            yield Problem("findings", _("Please say what is not in order."))


HAZARD_MOVES: dict[str, frozenset[str]] = {
    "registered": frozenset({"rectifying", "rectified"}),
    "rectifying": frozenset({"rectified"}),
    "rectified": frozenset({"verified", "rectifying"}),
    "verified": frozenset({"closed", "rectifying"}),
    "closed": frozenset(),
}
"""From which stage a hazard may move to which; a failed check sends it back to be put right."""


class Hazard(Record):
    """A hidden danger 隐患 on its way from being found to being closed 排查→登记→整改→复查→销号."""

    title: ClassVar[str] = N_("Hazard")
    titles: ClassVar[str] = N_("Hazards")
    area: ClassVar[str] = "safety"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "found_on"
    title_field: ClassVar[str] = "what"

    stage: Mapped[str] = field(N_("Stage"), codes=STAGES, section=HAZARD, listed=True, hidden=True, nullable=False)
    what: Mapped[str] = field(N_("Hazard"), String(200), section=HAZARD, required=True, listed=True, searched=True)
    place: Mapped[str] = field(N_("Place"), String(80), section=HAZARD, required=True, listed=True, searched=True)
    found_on: Mapped[date] = field(N_("Found on"), Date, section=HAZARD, required=True, listed=True)
    found_by_id: Mapped[str | None] = reference(N_("Found by"), "staff", section=HAZARD)
    round_id: Mapped[str | None] = reference(N_("Found on the round"), "patrol_round", section=HAZARD)
    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", section=HAZARD)
    group: Mapped[str] = field(N_("Group"), codes=HAZARD_GROUPS, section=HAZARD, required=True)
    grade: Mapped[str] = field(N_("Grade"), codes=GRADES, section=HAZARD, required=True, listed=True)
    situation: Mapped[str | None] = field(N_("Situation of the standard"), codes=HAZARD_SITUATIONS, section=HAZARD)
    photo: Mapped[str | None] = attachment(N_("Photo before"), section=HAZARD)
    responsible_id: Mapped[str] = reference(
        N_("Responsible for putting right"), "staff", section=REPAIR, required=True, listed=True
    )
    deadline: Mapped[date] = field(N_("Deadline"), Date, section=REPAIR, required=True, listed=True)
    interim: Mapped[str | None] = field(N_("Safe until then by"), String(200), section=REPAIR)
    told_department_on: Mapped[date | None] = field(N_("Civil-affairs department told on"), Date, section=REPAIR)
    rectified_on: Mapped[date | None] = field(N_("Put right on"), Date, section=REPAIR)
    rectified_how: Mapped[str | None] = field(N_("How it was put right"), Text, section=REPAIR)
    photo_after: Mapped[str | None] = attachment(N_("Photo after"), section=REPAIR)
    verified_on: Mapped[date | None] = field(N_("Checked on"), Date, section=RECHECK)
    verified_by_id: Mapped[str | None] = reference(N_("Checked again by"), "staff", section=RECHECK)
    verified_result: Mapped[str | None] = field(N_("Result of the check"), String(200), section=RECHECK)
    closed_on: Mapped[date | None] = field(N_("Struck off on"), Date, section=RECHECK)

    def before_save(self, work: Work) -> None:
        self.stage = self.stage or "registered"
        if self.stage == "closed" and _moved(self) and not work.actor.may("review", Hazard):
            raise Forbidden(_("Hazards are closed by the safety officer or the director."))

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self._grade_problems()
        if self.found_on > work.today:
            yield Problem("found_on", _("This day lies in the future."))
        if self.deadline < self.found_on:
            yield Problem("deadline", _("The deadline lies before the finding."))
        yield from self._move_problems()
        yield from self._stage_problems()

    def _grade_problems(self) -> Iterator[Problem]:
        if self.grade == "major" and not self.situation:
            yield Problem("situation", _("A major hazard names its situation of the standard."))
        if self.grade == "major" and not self.interim:
            yield Problem("interim", _("Please say what keeps people safe until it is put right."))

    def _move_problems(self) -> Iterator[Problem]:
        before = inspect(self).attrs.stage.history.deleted
        if before and before[0] and self.stage not in HAZARD_MOVES[before[0]]:
            yield Problem("stage", _("From “{before}” it cannot move to “{after}”.").format(
                before=STAGES.label(before[0]), after=STAGES.label(self.stage)))  # fmt: skip

    def _stage_problems(self) -> Iterator[Problem]:
        order = [code.code for code in STAGES].index(self.stage)
        if order >= 2 and not (self.rectified_on and self.rectified_how):
            yield Problem("rectified_how", _("Please say when and how it was put right."))
        if order >= 3 and not (self.verified_on and self.verified_by_id):
            yield Problem("verified_by_id", _("Please say who checked it and when."))
        if order >= 3 and self.verified_by_id and self.verified_by_id == self.responsible_id:
            yield Problem("verified_by_id", _("Somebody else than the responsible person must check it."))
        if order >= 3 and self.verified_on and self.rectified_on and self.verified_on < self.rectified_on:
            yield Problem("verified_on", _("The check lies before the putting right."))
        if self.stage == "closed" and not self.closed_on:
            yield Problem("closed_on", _("Please give the day of closing."))
        if self.stage == "closed" and self.grade == "major" and not self.told_department_on:
            yield Problem("told_department_on", _("A major hazard is reported to the department before it is closed."))


def _moved(hazard: Hazard) -> bool:
    return bool(inspect(hazard).attrs.stage.history.deleted)
