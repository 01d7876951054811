"""Countersigning 会签: the carer of the unit confirms beside the therapist that the child was there.

The carer gives the own name and password at the therapist's screen; only sessions of children entrusted to the carer
are countersigned, never the carer's own treatments, and nothing that is signed already.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.core.access import SYSTEM, Actor
from models.core.database import Database, Work
from models.core.errors import Invalid, Problem
from models.core.queries import titles
from models.therapy import TherapySession
from resources import _


@dataclass(frozen=True)
class Countersigned:
    """Who countersigned, how many sessions, and how many were not that person's to sign."""

    name: str
    count: int
    left: int


def witnesses(work: Work, session_ids: Collection[str]) -> dict[str, str]:
    """Return the name of whoever countersigned, by session."""
    statement = select(TherapySession.id, TherapySession.witness_id).where(
        TherapySession.id.in_(session_ids), TherapySession.witness_id.is_not(None)
    )
    found = {each.id: each.witness_id for each in work.execute(statement)}
    names = titles(work, "staff", found.values())
    return {key: names.get(staff or "", "") for key, staff in found.items()}


def countersign_as(
    database: Database, actor: Actor, home: Any, username: str, password: str, session_ids: Iterable[str]
) -> Countersigned:
    """Countersign recorded sessions as the colleague who gives the own name and password.

    Raises:
        SignInRefused: when name or password is not right.
        Invalid: when the account is closed or not linked to a member of staff.
    """
    carer = _colleague(database, home, username, password)
    wanted = set(session_ids)
    with database.read(carer) as work:
        seen = set(work.scalars(select(TherapySession.id).where(TherapySession.id.in_(wanted))))
    with database.work(actor) as work:
        count = countersign(work, str(carer.staff_id), seen)
    return Countersigned(carer.name, count, len(wanted) - count)


def _colleague(database: Database, home: Any, username: str, password: str) -> Actor:
    from models.core.accounts import named

    home.confirm_password(username, password)
    with database.read(SYSTEM) as work:
        account = named(work, username)
        colleague = account.actor() if account and account.active else None
    if colleague is None:
        raise Invalid([Problem("", _("This account is closed."))])
    if not colleague.staff_id:
        raise Invalid([Problem("", _("Your account is not linked to a member of staff, so it cannot sign here."))])
    return colleague


def countersign(work: Work, staff_id: str, session_ids: Collection[str]) -> int:
    """Write a member of staff as witness of recorded sessions that are not signed yet; return of how many."""
    statement = select(TherapySession).where(
        TherapySession.id.in_(session_ids), TherapySession.state.in_(["draft", "returned"]),
        TherapySession.status != "booked", TherapySession.therapist_id != staff_id, TherapySession.deleted_at.is_(None),
    )  # fmt: skip
    sessions = [each for each in work.scalars(statement) if each.witness_id != staff_id]
    for session in sessions:
        session.witness_id = staff_id
    work.flush()
    return len(sessions)
