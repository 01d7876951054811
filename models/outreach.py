"""Outreach clients 社区拓展服务对象: children from outside who come for therapy under a service agreement 服务协议.

A client is a :class:`~models.child.Child` whose ``outreach`` is set, so that assessment, plan, goals, timetable and
ledger serve all children alike; and it is kept aside from everything that lists, counts or exports the home's own
children (``Child.without_aside``, see ``docs/decisions/0057-outreach-clients.md``). Who may read service agreements
works with clients; what is written about a client needs an agreement that holds on that day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Date, Integer, String, Text, or_, select
from sqlalchemy.orm import Mapped

from models.age import months_later
from models.child import Child, OfChild
from models.core.errors import Problem
from models.core.fields import Money, attachment, field, reference
from models.core.record import Record, new_id
from models.core.words import Code, CodeList
from models.terms import WithTerm
from models.therapies import THERAPIES
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

FUNDINGS = CodeList(
    "outreach_funding",
    Code("free", N_("Free of charge"), "免费公益服务"),
    Code("aid", N_("Funded programme"), "康复救助项目"),
    Code("fee", N_("Paid by the family"), "家庭付费"),
)
ENDINGS = CodeList(
    "agreement_end",
    Code("finished", N_("Goals reached"), "目标达成结案"),
    Code("family", N_("Wish of the family"), "家庭要求终止"),
    Code("moved", N_("Moved away or to another unit"), "转介或迁出"),
    Code("absent", N_("Stayed away"), "长期缺席"),
    Code("rules", N_("Agreement not kept"), "违反协议"),
    Code("admitted", N_("Admitted into the home"), "转入院内安置"),
    Code("other", N_("Other reason"), "其他原因"),
)
RELATIONS = CodeList(
    "guardian_relation",
    Code("mother", N_("Mother"), "母亲"),
    Code("father", N_("Father"), "父亲"),
    Code("grandparent", N_("Grandparent"), "祖父母或外祖父母"),
    Code("other", N_("Other guardian"), "其他监护人"),
)
GUARDIAN = N_("Guardian")
SERVICE = N_("What was agreed")
CONSENT = N_("Consent")
END = N_("End of the agreement")


class ServiceAgreement(WithTerm, OfChild, Record):
    """What a family and the home have agreed 服务协议: for whom, for how long, how much, and who pays."""

    title: ClassVar[str] = N_("Service agreement")
    titles: ClassVar[str] = N_("Service agreements")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "guardian"

    guardian: Mapped[str] = field(
        N_("Guardian"), String(60), section=GUARDIAN, required=True, listed=True, searched=True
    )
    relation: Mapped[str | None] = field(N_("Relation to the child"), codes=RELATIONS, section=GUARDIAN)
    telephone: Mapped[str] = field(N_("Telephone"), String(40), section=GUARDIAN, required=True, listed=True)
    address: Mapped[str | None] = field(N_("Address"), String(200), section=GUARDIAN)

    starts_on: Mapped[date] = field(N_("From"), Date, section=SERVICE, required=True, listed=True, index=True)
    ends_on: Mapped[date] = field(N_("Until"), Date, section=SERVICE, required=True, listed=True)
    therapies: Mapped[list[str] | None] = field(N_("Therapies"), codes=THERAPIES, many=True, section=SERVICE)
    sessions_a_week: Mapped[int | None] = field(
        N_("Sessions a week"), Integer, section=SERVICE, minimum=1, maximum=30, listed=True
    )
    funding: Mapped[str] = field(N_("Who pays"), codes=FUNDINGS, section=SERVICE, required=True, listed=True)
    fee: Mapped[Decimal | None] = field(
        N_("Fee a session"), Money(), section=SERVICE, unit=N_("yuan"), minimum=0, maximum=10_000
    )
    lead_id: Mapped[str | None] = reference(N_("Therapist in charge"), "staff", section=SERVICE, listed=True)
    worker_id: Mapped[str | None] = reference(N_("Social worker"), "staff", section=SERVICE)

    consent_on: Mapped[date | None] = field(
        N_("Consent signed on"),
        Date,
        section=CONSENT,
        help=N_("The guardian agrees to the treatment and to the record."),
    )
    consent: Mapped[str | None] = attachment(N_("Signed agreement"), section=CONSENT)

    ended_on: Mapped[date | None] = field(N_("Ended on"), Date, section=END)
    ending: Mapped[str | None] = field(N_("Why it ended"), codes=ENDINGS, section=END, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=END)

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self.term_problems(_("This lies outside the time of the agreement."), _("Please say why it ended."))
        if self.backwards:
            return
        if self.fee and self.funding != "fee":
            yield Problem("fee", _("A fee is only given where the family pays."))
        if not self.consent_on:
            yield Problem(
                "consent_on", _("Without the guardian's consent nobody is treated; please add it."), warning=True
            )
        if _overlapping(work, self):
            yield Problem("starts_on", _("Another agreement with this family holds at that time."))

    def refused(self, work: Work) -> str:
        return "" if is_client(work, self.child_id) else _("This child lives in the home and needs no agreement.")

    def summary(self) -> str:
        return _("{guardian}, {first} to {last}").format(
            guardian=self.guardian, first=self.starts_on, last=self.last_day
        )

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        from models.core.records import save

        child = {"name": "周小满", "number": new_id()[-12:], "sex": "1", "born_on": date(2021, 4, 1), "outreach": True}
        return {
            "child_id": save(work, Child, child), "guardian": "周建国", "telephone": "13800000000", "funding": "free",
            "starts_on": work.today, "ends_on": months_later(work.today, 6), "consent_on": work.today,
        }  # fmt: skip


def _kept() -> tuple[ColumnElement[bool], ...]:
    return ServiceAgreement.deleted_at.is_(None), ServiceAgreement.state != "void"


def _overlapping(work: Work, mine: ServiceAgreement) -> bool:
    others = select(ServiceAgreement).where(
        ServiceAgreement.child_id == mine.child_id, ServiceAgreement.id != mine.id, *_kept()
    )
    return any(
        each.starts_on <= mine.last_day and each.last_day >= mine.starts_on for each in work.scalars(others)
    )  # fmt: skip


def is_client(work: Work, child_id: str | None) -> bool:
    """Whether a child is an outreach client; asked of the whole home, because a rule must not depend on who asks."""
    table = Child.__table__
    asked = select(table.c.id).where(table.c.id == child_id, table.c.outreach.is_not(None))
    return bool(child_id) and work.whole_home(asked).first() is not None


def holding(day: date) -> ColumnElement[bool]:
    """Return the condition for agreements that hold on a day."""
    kind = ServiceAgreement
    running = or_(kind.ended_on.is_(None), kind.ended_on >= day)
    return (
        kind.deleted_at.is_(None) & (kind.state != "void") & (kind.starts_on <= day) & (kind.ends_on >= day) & running
    )


def served_on(day: date) -> ColumnElement[bool]:
    """Return the condition for outreach clients whose agreement holds on a day; in any statement, also about children."""
    return Child.outreach.is_not(None) & Child.id.in_(select(ServiceAgreement.child_id).where(holding(day)))


def unserved(work: Work, child_ids: Collection[str], days: Iterable[date]) -> list[tuple[str, date]]:
    """Return (child, day) for every day on which an outreach client has no agreement that holds; nobody is booked then."""
    asked = select(Child.id).where(Child.id.in_(child_ids), Child.outreach.is_not(None))
    clients = set(work.scalars(asked.execution_options(aside=True)))
    kind = ServiceAgreement
    found = select(kind.child_id, kind.starts_on, kind.ends_on, kind.ended_on).where(
        kind.child_id.in_(clients), *_kept()
    )
    spans = list(work.execute(found)) if clients else []
    return [
        (child_id, day)
        for child_id in sorted(clients)
        for day in days
        if not any(
            key == child_id and first <= day <= min(last, ended or last) for key, first, last, ended in spans
        )
    ]  # fmt: skip


def refusal(work: Work, record: Record) -> str:
    """Say why nothing may be written about a client: it has no resident's file, or no agreement for that day."""
    child_id = getattr(record, "child_id", None)
    if work.actor.system or not is_client(work, child_id):
        return ""
    if not type(record).reaches_aside():
        return _("An outreach client has no resident's file; only rehabilitation is recorded.")
    if type(record).__name__ in _FREE:
        return ""
    day = _day_of(work, record)
    if work.scalar(select(ServiceAgreement.id).where(ServiceAgreement.child_id == child_id, holding(day)).limit(1)):
        return ""
    return _("No service agreement holds on {day}; please renew it first.").format(day=day)


_FREE = frozenset({"ServiceAgreement", "ProgrammeEnrolment"})
"""What is written about a client whether or not an agreement holds."""
_DATED = frozenset({"TherapySession", "Assessment"})
"""What belongs to the day on which it takes place; everything else to the day on which it is written."""


def _day_of(work: Work, record: Record) -> date:
    value = getattr(record, type(record).event_field, None) if type(record).__name__ in _DATED else None
    if value is None:
        return work.today
    return value.date() if isinstance(value, datetime) else value
