"""Outreach clients as a list, and what is done with them 社区服务对象管理: take in, renew, end — apart from residents."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.child import Child
from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem, Unconfirmed
from models.core.queries import load, titles
from models.core.record import new_id
from models.department import rule_of
from models.outreach import ENDINGS, ServiceAgreement, served_on
from models.person_name import normalised_name
from models.rehabilitation import RehabilitationPlan
from models.rehabilitation_file import RUNNING
from models.reminders import Due, reminder
from models.scheduling import booking
from models.therapies import TREATED
from models.therapy import TherapySession
from resources import N_, _

GROUPS = (
    ("served", N_("Served now")), ("soon", N_("Ends soon")), ("ended", N_("Ended")), ("all", N_("All")),
)  # fmt: skip
PREFIX = "T"
"""File numbers of clients begin with it, so that they are told from residents' at a glance (拓展)."""


@dataclass(frozen=True)
class Client:
    """One outreach client as the room's list shows it.

    Attributes:
        status: ``served``, ``soon`` (ends within the department's rule), ``later`` (not begun) or ``ended``.
        planned, treated: sessions of this month that were booked, and those that took place.
    """

    id: str
    name: str
    number: str
    sex: str
    born_on: date
    disabilities: tuple[str, ...]
    agreement_id: str
    guardian: str
    telephone: str
    starts_on: date
    ends_on: date
    ended_on: date | None
    ending: str | None
    funding: str
    sessions_a_week: int | None
    lead: str
    status: str
    planned: int = 0
    treated: int = 0
    consent: bool = True

    @property
    def last_day(self) -> date:
        """The last day on which the agreement holds, or held."""
        return min(self.ends_on, self.ended_on) if self.ended_on else self.ends_on


def clients(work: Work, group: str = "all", search: str = "") -> list[Client]:
    """Return the outreach clients this person may see, by name, each with its latest agreement."""
    found = [_client(work, *each) for each in _latest(work, search)]
    wanted = [each for each in found if group in ("all", each.status) or (group == "served" and each.status == "soon")]
    counts = _sessions(work, [each.id for each in wanted])
    names = titles(work, "staff", {each.lead for each in wanted})
    return [_with(each, names.get(each.lead, ""), *counts.get(each.id, (0, 0))) for each in wanted]


def _latest(work: Work, search: str) -> list[tuple[Child, ServiceAgreement]]:
    from models.core.search import fold

    statement = (
        select(Child, ServiceAgreement)
        .join(ServiceAgreement, ServiceAgreement.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), Child.outreach.is_not(None), ServiceAgreement.deleted_at.is_(None),
            ServiceAgreement.state != "void",
        )
        .order_by(Child.name, Child.id, ServiceAgreement.starts_on)
    )  # fmt: skip
    for word in fold(search).split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        statement = statement.where(_either(pattern))
    # The later agreement of a child comes after and takes the place of the earlier one.
    return list({child.id: (child, agreement) for child, agreement in work.execute(statement)}.values())


def _either(pattern: str) -> ColumnElement[bool]:
    return Child.search_text.like(pattern, escape="\\") | ServiceAgreement.search_text.like(pattern, escape="\\")


def _client(work: Work, child: Child, agreement: ServiceAgreement) -> Client:
    return Client(
        child.id, child.name, child.number, child.sex, child.born_on, tuple(child.disabilities or ()), agreement.id,
        agreement.guardian, agreement.telephone, agreement.starts_on, agreement.ends_on, agreement.ended_on,
        agreement.ending, agreement.funding, agreement.sessions_a_week, agreement.lead_id or "",
        _status(work, agreement), consent=agreement.consent_on is not None,
    )  # fmt: skip


def _status(work: Work, agreement: ServiceAgreement) -> str:
    if agreement.last_day < work.today:
        return "ended"
    if agreement.starts_on > work.today:
        return "later"
    soon = work.today + timedelta(days=int(rule_of(work, "agreement_ends_soon", work.today)))
    return "soon" if agreement.last_day <= soon else "served"


def _with(client: Client, lead: str, planned: int, treated: int) -> Client:
    from dataclasses import replace

    return replace(client, lead=lead, planned=planned, treated=treated)


def _sessions(work: Work, child_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """This month's sessions of some clients: booked ones that were not cancelled, and those that took place."""
    kind = TherapySession
    first = work.today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    statement = (
        select(kind.child_id, kind.status, func.count(kind.id))
        .where(
            kind.child_id.in_(child_ids), kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]),
            kind.starts_at >= datetime.combine(first, datetime.min.time()),
            kind.starts_at < datetime.combine(following, datetime.min.time()),
        )
        .group_by(kind.child_id, kind.status)
    )  # fmt: skip
    found: dict[str, tuple[int, int]] = {}
    for child_id, status, number in work.execute(statement) if child_ids else ():
        planned, treated = found.get(child_id, (0, 0))
        found[child_id] = (
            planned + (number if status != "cancelled" else 0),
            treated + (number if status in TREATED else 0),
        )
    return found


def take_in(work: Work, child: dict[str, Any], agreement: dict[str, Any], *, confirmed: bool = False) -> str:
    """Take a child from outside in: the child, marked as a client, and its first agreement; return the child's id.

    Raises:
        Unconfirmed: when a child of this name and birth is known already, here or among the clients.
    """
    work.confirmed = work.confirmed or confirmed
    if not work.confirmed:
        known = list(_known_already(work, child))
        if known:
            raise Unconfirmed(known)
    number = (child.get("number") or "").strip() or next_number(work)
    client_id = records.save(work, Child, {**child, "number": number, "outreach": True}, id=new_id())
    records.save(work, ServiceAgreement, {**agreement, "child_id": client_id})
    return client_id


def _known_already(work: Work, child: dict[str, Any]) -> Iterator[Problem]:
    table = Child.__table__.c
    name, born_on = normalised_name(child.get("name")), child.get("born_on")
    same = select(table.outreach, table.number).where(
        table.name == name, table.born_on == born_on, table.deleted_at.is_(None)
    )
    found: list[Any] = list(work.whole_home(same)) if name and born_on else []
    for outreach, number in found:
        if outreach:
            words = _("A client of this name and date of birth is known already ({number}).")
        else:
            words = _("A child of this name and date of birth lives or lived in the home ({number}).")
        yield Problem("name", words.format(number=number), warning=True)


def next_number(work: Work) -> str:
    """Return the next free file number of a client in this year, e.g. T2026-003."""
    table = Child.__table__
    start = f"{PREFIX}{work.today.year}-"
    used = work.whole_home(select(table.c.number).where(table.c.number.like(f"{start}%"))).scalars()
    last = max((int(each[len(start) :]) for each in used if each[len(start) :].isdecimal()), default=0)
    return f"{start}{last + 1:03d}"


def find_clients(work: Work, text: str, limit: int = 4) -> list[Client]:
    """Return the clients whose name, number or guardian fits what was typed; only for those who work with clients."""
    if not text.strip() or not work.actor.may("read", ServiceAgreement):
        return []
    return [_client(work, *each) for each in _latest(work, text)[:limit]]


def prefilled(work: Work, client_id: str) -> dict[str, Any]:
    """Return what the admission of a client into the home begins with: who brought it up so far, and how to reach them."""
    asked = select(ServiceAgreement).where(
        ServiceAgreement.child_id == client_id, ServiceAgreement.deleted_at.is_(None), ServiceAgreement.state != "void"
    )
    found = work.scalars(asked.order_by(ServiceAgreement.starts_on.desc())).first()
    if found is None:
        return {"number": None}
    guardian = f"{found.guardian} {found.telephone}"
    note = _(", ").join(filter(None, (guardian, found.address)))
    return {"number": None, "sender": "family", "sender_detail": guardian, "emergency_note": note}


def become_resident(work: Work, client_id: str, day: date, number: str = "") -> dict[str, Any]:
    """End a client's agreements because the home takes the child in, and return what changes in its file.

    Without a new ``number`` it gets the next of the year, as every child that is admitted.

    It stays one child with one file: plans, assessments, sessions and the ledger go on; what is booked stays booked.
    """
    asked = select(ServiceAgreement).where(
        ServiceAgreement.child_id == client_id, ServiceAgreement.deleted_at.is_(None), ServiceAgreement.state != "void"
    )
    for each in list(work.scalars(asked)):
        if each.starts_on > day:
            records.put_in_bin(work, ServiceAgreement, each.id)
        elif each.last_day >= day:
            records.save(work, ServiceAgreement, {"ended_on": day, "ending": "admitted"}, id=each.id)
    return {"outreach": None, "number": None if number.startswith(PREFIX) else number or None}


def booked_after(work: Work, client_id: str, day: date) -> list[str]:
    """Return the client's booked sessions after a day, which the end of the agreement would cancel."""
    kind = TherapySession
    asked = select(kind.id).where(
        kind.child_id == client_id, kind.deleted_at.is_(None), kind.status == "booked",
        kind.state.in_(["draft", "returned"]),
        kind.starts_at >= datetime.combine(day + timedelta(days=1), datetime.min.time()),
    )  # fmt: skip
    return list(work.scalars(asked.order_by(kind.starts_at)))


def end_agreement(work: Work, agreement_id: str, day: date, ending: str, note: str = "") -> int:
    """End an agreement on a day with a reason, cancel what is booked after it, and return how many that were."""
    if ending not in ENDINGS:
        raise Invalid([Problem("ending", _("Please say why it ended."))])
    agreement = load(work, ServiceAgreement, agreement_id)
    ids = booked_after(work, agreement.child_id, day)
    # Cancelled while the agreement still holds; afterwards nothing is written about the client any more.
    booking.cancel(work, ids, "other", _("The service agreement has ended."))
    values = {"ended_on": day, "ending": ending, "note": note or agreement.note}
    records.save(work, ServiceAgreement, values, id=agreement_id, confirmed=True)
    return len(ids)


def renew(work: Work, agreement_id: str, starts_on: date, ends_on: date, consent_on: date | None) -> str:
    """Make the next agreement with the same family on the same terms; return its id."""
    old = load(work, ServiceAgreement, agreement_id)
    kept = (
        "child_id", "guardian", "relation", "telephone", "address", "therapies", "sessions_a_week", "funding", "fee",
        "lead_id", "worker_id",
    )  # fmt: skip
    values = {name: getattr(old, name) for name in kept}
    return records.save(
        work, ServiceAgreement, values | {"starts_on": starts_on, "ends_on": ends_on, "consent_on": consent_on}
    )


@reminder
def agreements_ending(work: Work) -> Iterator[Due]:
    """Service agreements that end soon or have ended with sessions still booked: renew or end them."""
    if not work.actor.may("edit", ServiceAgreement):
        return
    for each in clients(work, "soon"):
        yield Due(
            _("The service agreement ends: renew it or close it"), "rehabilitation", each.last_day, child_id=each.id,
            child_name=each.name, needs=("ServiceAgreement", "edit"), page="outreach", target={"child_id": each.id},
        )  # fmt: skip


@reminder
def client_plans_due(work: Work) -> Iterator[Due]:
    """Clients' plans to review within a week or overdue; residents' are told by the department's own reminder."""
    plan, soon = RehabilitationPlan, work.today + timedelta(days=7)
    statement = (
        select(Child.id, Child.name, plan.review_on)
        .join(plan, plan.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), served_on(work.today), plan.deleted_at.is_(None), plan.state.in_(RUNNING),
            plan.closed_on.is_(None), plan.starts_on <= work.today, plan.ends_on >= work.today, plan.review_on <= soon,
        )
    )  # fmt: skip
    for child_id, name, review_on in work.execute(statement):
        yield Due(
            _("Review the rehabilitation plan"), "rehabilitation", review_on, child_id=child_id, child_name=name,
            needs=("RehabilitationPlan", "edit"), page="outreach", target={"child_id": child_id},
        )  # fmt: skip
