"""Need to know 最小知情: opening, in an emergency, the file of a child who is not entrusted to a person.

Thirty minutes, one child, with a reason in words; it is in the trail at once and the director reviews it.
The three administrators cannot: they may not read children at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select

from models.child import BreakGlass, Child
from models.core import records
from models.core.access import SYSTEM, Actor
from models.core.database import Database, Work
from models.core.errors import Forbidden, Invalid, Missing, Problem
from models.reminders import Due, reminder
from models.staff import staff_rule
from resources import _

DURATION = timedelta(minutes=30)
SHORTEST_REASON = 4


def may_break_glass(actor: Actor) -> bool:
    """Whether a person may open a child's file in an emergency at all."""
    return actor.may("create", BreakGlass) and actor.may("read", Child) and not actor.sees_whole_home(Child)


def break_glass(database: Database, actor: Actor, file_number: str, reason: str, text: str) -> str:
    """Open one child's file for thirty minutes and return the child's id.

    Raises:
        Forbidden: for someone who may never see a child.
        Invalid: without a reason in words.
        Missing: when there is no such file number; the attempt is noted all the same.
    """
    if not may_break_glass(actor):
        raise Forbidden(_("Emergency access is not open to your roles."))
    if len(text.strip()) < SHORTEST_REASON:
        raise Invalid([Problem("reason_text", _("Please say in a few words why you need this now."))])
    child_id = _child_of(database, actor, file_number.strip())
    with database.read(actor) as work:
        if work.scalar(select(Child.id).where(Child.id == child_id)):
            return child_id
    with database.work(actor) as work:
        values = {
            "account_id": actor.account_id, "child_id": child_id, "reason": reason, "reason_text": text.strip(),
            "starts_at": work.now, "ends_at": work.now + DURATION,
        }  # fmt: skip
        opened = records.save(work, BreakGlass, values)
        work.record_event("break_glass", "BreakGlass", opened, child_id, reason=reason)
    return child_id


def _child_of(database: Database, actor: Actor, number: str) -> str:
    with database.read(SYSTEM) as work:
        found = work.scalar(select(Child.id).where(Child.number == number, Child.deleted_at.is_(None)))
    if found is None:
        with database.work(actor) as work:
            work.record_event("refused", "BreakGlass", number=number[:20])
        raise Missing(_("There is no child with this file number."))
    return found


def running_until(work: Work, child_id: str) -> BreakGlass | None:
    """Return the emergency access under which this person sees a child just now, if that is the reason."""
    return work.scalar(
        select(BreakGlass)
        .where(
            BreakGlass.account_id == work.actor.account_id,
            BreakGlass.child_id == child_id,
            BreakGlass.starts_at <= work.now,
            BreakGlass.ends_at > work.now,
        )
        .order_by(BreakGlass.ends_at.desc())
        .limit(1)
    )


@reminder
def emergencies_to_review(work: Work) -> Iterator[Due]:
    """Every emergency access stays on the director's Today until it is reviewed."""
    asked = (
        select(
            BreakGlass.id, BreakGlass.recorded_by, BreakGlass.starts_at, BreakGlass.reason_text, Child.id, Child.name
        )
        .join(Child, Child.id == BreakGlass.child_id)
        .where(BreakGlass.state == "submitted", BreakGlass.deleted_at.is_(None))
    )
    for glass_id, by, starts_at, reason, child_id, name in work.execute(asked):
        yield Due(
            text=_("Review the emergency access by {person}: {reason}").format(person=by, reason=reason), area="home",
            due=starts_at.date() + timedelta(days=staff_rule("emergency_review")), child_id=child_id, child_name=name,
            needs=("BreakGlass", "review"), page="records.BreakGlass", target={"record_id": glass_id},
        )  # fmt: skip
