"""Transition to adulthood 成年安置: plan, readiness, steps, hand-over and after-care of one young person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, Integer, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import Money, attachment, field, reference
from models.core.record import Record
from models.transition_words import (
    ABILITY,
    DEPENDENT_TRACKS,
    DOMAINS,
    HAND_OVER,
    NOT_REACHED,
    OUTCOMES,
    REACHED,
    SITUATION,
    STEPS,
    TRACKS,
)
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

PLAN = N_("Plan")
ASSESSED = N_("Comprehensive assessment")
LIVING = N_("Life afterwards")
VOICE = N_("The young person's own view")
APPROVAL = N_("Approval")
RATING = N_("Rating")
TARGET = N_("Target")
STEP = N_("Step")
ITEM = N_("Item")
RECEIPT = N_("Receipt")
CONTACT = N_("Contact")
STATE = N_("How life is going")
NEXT = N_("What comes next")


class TransitionPlan(OfChild, Record):
    """The plan for one young person's adult life 成年安置预案（一人一案）."""

    title: ClassVar[str] = N_("Transition plan")
    titles: ClassVar[str] = N_("Transition plans")
    area: ClassVar[str] = "transition"
    event_field: ClassVar[str] = "opened_on"
    title_field: ClassVar[str] = "track"

    opened_on: Mapped[date] = field(N_("Opened on"), Date, section=PLAN, required=True, listed=True)
    worker_id: Mapped[str | None] = reference(N_("Named social worker"), "staff", section=PLAN, listed=True)
    track: Mapped[str] = field(N_("Track"), codes=TRACKS, section=PLAN, required=True, listed=True)
    second_track: Mapped[str | None] = field(
        N_("If that fails"), codes=TRACKS, section=PLAN, help=N_("What happens when independent life breaks down.")
    )
    studying: Mapped[bool | None] = field(N_("Still at school or in service at 18"), Boolean, section=PLAN)
    school_ends_on: Mapped[date | None] = field(
        N_("School or service ends on"), Date, section=PLAN, listed=True,
        help=N_("The assessment then follows within one month after that day."),
    )  # fmt: skip
    aims: Mapped[str | None] = field(N_("Aims"), Text, section=PLAN)
    work_ability: Mapped[str | None] = field(N_("Ability to work"), codes=ABILITY, section=ASSESSED)
    capacity: Mapped[str | None] = field(N_("Civil capacity"), codes=ABILITY, section=ASSESSED)
    self_care: Mapped[str | None] = field(N_("Self-care"), codes=ABILITY, section=ASSESSED)
    health: Mapped[str | None] = field(N_("Body and mind"), Text, section=ASSESSED)
    assessed_on: Mapped[date | None] = field(N_("Assessed on"), Date, section=ASSESSED)
    housing: Mapped[str | None] = field(N_("Housing"), Text, section=LIVING)
    livelihood: Mapped[str | None] = field(N_("Work, study, income"), Text, section=LIVING)
    support: Mapped[str | None] = field(N_("People to rely on"), Text, section=LIVING)
    grant: Mapped[Decimal | None] = field(
        N_("Settlement grant"), Money(), section=LIVING, minimum=0, maximum=1_000_000, unit=N_("yuan")
    )
    own_wish: Mapped[str | None] = field(N_("What the young person wants"), Text, section=VOICE)
    disagreement: Mapped[str | None] = field(N_("Where the young person disagrees"), Text, section=VOICE)
    signed_on: Mapped[date | None] = field(N_("Signed by the young person on"), Date, section=VOICE)
    approval_number: Mapped[str | None] = field(N_("Number of the department's approval"), String(60), section=APPROVAL)
    approved_on: Mapped[date | None] = field(N_("Approved on"), Date, section=APPROVAL)
    approval_scan: Mapped[str | None] = attachment(N_("Approval (scan)"), section=APPROVAL)

    @property
    def dependent(self) -> bool:
        """Whether somebody may have to act for this person as an adult."""
        return self.track in DEPENDENT_TRACKS or self.capacity in {"partial", "none"}

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.studying and not self.school_ends_on:
            yield Problem("school_ends_on", _("Please give the expected day; it moves the other dates."))
        for name in ("opened_on", "assessed_on", "signed_on", "approved_on"):
            day = getattr(self, name)
            if day and day > work.today:
                yield Problem(name, _("This day lies in the future."))
        if self.approved_on and not self.approval_number:
            yield Problem("approval_number", _("Please give the number of the approval."))
        if not self.supersedes_id and self.state not in {"void", "superseded"} and _another(work, self):
            yield Problem("track", _("There is already a plan; please continue that one."))

    def summary(self) -> str:
        return TRACKS.label(self.track)


def _another(work: Work, plan: TransitionPlan) -> bool:
    same = select(TransitionPlan.id).where(
        TransitionPlan.child_id == plan.child_id,
        TransitionPlan.id != plan.id,
        TransitionPlan.supersedes_id.is_distinct_from(plan.id),
        TransitionPlan.deleted_at.is_(None),
        TransitionPlan.state.not_in(("void", "superseded")),
    )
    return work.scalar(same.limit(1)) is not None


class ReadinessRating(OfChild, Record):
    """How ready a young person is in one domain 能力评估: staff and own rating, with the evidence."""

    title: ClassVar[str] = N_("Readiness rating")
    titles: ClassVar[str] = N_("Readiness ratings")
    area: ClassVar[str] = "transition"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "rated_on"
    title_field: ClassVar[str] = "domain"

    domain: Mapped[str] = field(N_("Domain"), codes=DOMAINS, section=RATING, required=True, listed=True)
    rated_on: Mapped[date] = field(N_("Rated on"), Date, section=RATING, required=True, listed=True)
    staff_level: Mapped[int] = field(
        N_("Level by staff"), Integer, section=RATING, required=True, listed=True, minimum=0, maximum=4,
        help=N_("0 not begun, 1 with full help, 2 with some help, 3 when reminded, 4 alone."),
    )  # fmt: skip
    own_level: Mapped[int | None] = field(N_("Own level"), Integer, section=RATING, listed=True, minimum=0, maximum=4)
    evidence: Mapped[str | None] = field(
        N_("What was seen"), Text, section=RATING, help=N_("What was seen, where and how often.")
    )
    target_level: Mapped[int | None] = field(
        N_("Target level"), Integer, section=TARGET, listed=True, minimum=0, maximum=4
    )
    target_on: Mapped[date | None] = field(N_("Until"), Date, section=TARGET)
    measure: Mapped[str | None] = field(N_("How to get there"), Text, section=TARGET)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.rated_on > work.today:
            yield Problem("rated_on", _("This day lies in the future."))
        if self.staff_level >= 3 and not (self.evidence or "").strip():
            yield Problem("evidence", _("From level 3 on, please note what was seen."))
        if self.target_level is not None and self.target_level > self.staff_level and not (self.measure or "").strip():
            yield Problem("measure", _("Please note how the target is to be reached."), warning=True)

    def summary(self) -> str:
        return f"{DOMAINS.label(self.domain)} {self.staff_level}/4"


class TransitionStep(OfChild, Record):
    """One step on the way 安置步骤, its window computed from the dated rules."""

    title: ClassVar[str] = N_("Transition step")
    titles: ClassVar[str] = N_("Transition steps")
    area: ClassVar[str] = "transition"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    on_timeline: ClassVar[bool] = False
    event_field: ClassVar[str] = "due_on"
    title_field: ClassVar[str] = "code"

    code: Mapped[str] = field(N_("Step"), codes=STEPS, section=STEP, required=True, listed=True)
    opens_on: Mapped[date | None] = field(N_("Not before"), Date, section=STEP)
    due_on: Mapped[date] = field(N_("Due on"), Date, section=STEP, required=True, listed=True, index=True)
    statutory: Mapped[bool | None] = field(N_("Asked for by a rule"), Boolean, section=STEP, listed=True)
    source: Mapped[str | None] = field(N_("Rule"), String(200), section=STEP)
    worker_id: Mapped[str | None] = reference(N_("Who does it"), "staff", section=STEP)
    done_on: Mapped[date | None] = field(N_("Done on"), Date, section=RECEIPT, listed=True)
    result: Mapped[str | None] = field(N_("Result"), Text, section=RECEIPT)
    proof: Mapped[str | None] = attachment(N_("Proof of it"), section=RECEIPT)
    not_needed: Mapped[bool | None] = field(N_("Not needed"), Boolean, section=RECEIPT)
    not_needed_reason: Mapped[str | None] = field(N_("Reason"), String(200), section=RECEIPT)

    slot: Mapped[str | None] = mapped_column(String(80), unique=True)

    def before_save(self, work: Work) -> None:
        counts = self.state not in {"void", "superseded"} and self.deleted_at is None
        self.slot = f"{self.child_id}:{self.code}" if counts else None

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.done_on and self.done_on > work.today:
            yield Problem("done_on", _("This day lies in the future."))
        if self.not_needed and not (self.not_needed_reason or "").strip():
            yield Problem("not_needed_reason", _("Please say why it is not needed."))
        if self.statutory and self.done_on and self.opens_on and self.done_on < self.opens_on:
            yield Problem(
                "done_on", _("The rule asks for this not before {day}.").format(day=self.opens_on), warning=True
            )

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_on is None and not self.not_needed

    def summary(self) -> str:
        return STEPS.label(self.code)


class HandOverItem(OfChild, Record):
    """One thing handed over to the young adult 移交清单, signed for before a witness."""

    title: ClassVar[str] = N_("Item handed over")
    titles: ClassVar[str] = N_("Hand-over list")
    area: ClassVar[str] = "transition"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    on_timeline: ClassVar[bool] = False
    event_field: ClassVar[str] = "given_on"
    title_field: ClassVar[str] = "kind"

    kind: Mapped[str] = field(N_("Item"), codes=HAND_OVER, section=ITEM, required=True, listed=True)
    detail: Mapped[str | None] = field(
        N_("Detail of the item"),
        String(200),
        section=ITEM,
        listed=True,
        searched=True,
        help=N_("Number, place, description."),
    )
    quantity: Mapped[int | None] = field(N_("Quantity"), Integer, section=ITEM, minimum=0, maximum=10_000, listed=True)
    amount: Mapped[Decimal | None] = field(
        N_("Amount"), Money(), section=ITEM, minimum=0, maximum=10_000_000, unit=N_("yuan"), listed=True
    )
    ready_on: Mapped[date | None] = field(N_("Ready on"), Date, section=ITEM)
    not_needed: Mapped[bool | None] = field(N_("Not needed"), Boolean, section=ITEM)
    given_on: Mapped[date | None] = field(N_("Handed over on"), Date, section=RECEIPT, listed=True)
    giver_id: Mapped[str | None] = reference(N_("Handed out by"), "staff", section=RECEIPT)
    receiver: Mapped[str | None] = field(N_("Received and signed by"), String(100), section=RECEIPT, listed=True)
    witness_id: Mapped[str | None] = reference(N_("Witness"), "staff", section=RECEIPT)
    receipt: Mapped[str | None] = attachment(N_("Signed receipt (scan)"), section=RECEIPT)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.given_on is None:
            return
        if self.given_on > work.today:
            yield Problem("given_on", _("This day lies in the future."))
        if not (self.receiver or "").strip():
            yield Problem("receiver", _("Please say who received and signed for it."))
        if not self.witness_id:
            yield Problem("witness_id", _("Handing over needs a witness."))
        if self.witness_id and self.witness_id == self.giver_id:
            yield Problem("witness_id", _("The witness must be somebody else."))

    def summary(self) -> str:
        return f"{HAND_OVER.label(self.kind)} {self.detail or ''}".strip()


class AfterCareContact(OfChild, Record):
    """One contact after leaving 离院后回访, with coded outcomes for the cohort."""

    title: ClassVar[str] = N_("After-care contact")
    titles: ClassVar[str] = N_("After-care contacts")
    area: ClassVar[str] = "transition"
    first_state: ClassVar[str] = "submitted"
    routine: ClassVar[bool] = False
    event_field: ClassVar[str] = "at"
    title_field: ClassVar[str] = "reached"

    step: Mapped[str | None] = field(N_("Planned contact"), codes=STEPS, section=CONTACT, listed=True)
    at: Mapped[datetime] = field(N_("When"), DateTime, section=CONTACT, required=True, listed=True)
    reached: Mapped[str] = field(N_("Reached"), codes=REACHED, section=CONTACT, required=True, listed=True)
    worker_id: Mapped[str | None] = reference(N_("Social worker"), "staff", section=CONTACT)
    situation: Mapped[str | None] = field(N_("On the whole"), codes=SITUATION, section=STATE, listed=True)
    outcomes: Mapped[list[str] | None] = field(N_("Outcomes"), codes=OUTCOMES, many=True, section=STATE, listed=True)
    housing: Mapped[str | None] = field(N_("Housing"), String(200), section=STATE)
    occupation: Mapped[str | None] = field(N_("Work or study"), String(200), section=STATE)
    money: Mapped[str | None] = field(N_("Money"), String(200), section=STATE)
    health: Mapped[str | None] = field(N_("Health"), String(200), section=STATE)
    relations: Mapped[str | None] = field(N_("People"), String(200), section=STATE)
    troubles: Mapped[str | None] = field(N_("Troubles"), Text, section=STATE)
    action: Mapped[str | None] = field(N_("What was done"), Text, section=NEXT)
    next_on: Mapped[date | None] = field(N_("Next contact on"), Date, section=NEXT, listed=True)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """A contact that found all well, for the tests of every record type."""
        return {"situation": "good"}

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.at > work.now + timedelta(minutes=5):
            yield Problem("at", _("This moment lies in the future."))
        if self.reached in NOT_REACHED and self.outcomes:
            yield Problem("outcomes", _("Without contact, outcomes cannot be known."))
        if self.reached not in NOT_REACHED and not self.situation:
            yield Problem("situation", _("Please say how it is going on the whole."))
        if self.situation == "crisis" and not (self.action or "").strip():
            yield Problem("action", _("In a crisis, please note what was done."))

    def summary(self) -> str:
        return " · ".join(each for each in (REACHED.label(self.reached), SITUATION.label(self.situation)) if each)
