"""Sealing 密封: records that only named people may see, not even counted for others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.access import Actor
from models.core.errors import Forbidden
from models.core.fields import field
from models.core.record import Base, Record, new_id
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work


class SealHolder(Base):
    """One person to whom one sealed record is open 知情人.

    Whoever may not see the record may not see who holds it either: even the number of holders would tell.
    """

    __table_args__ = (UniqueConstraint("record_id", "account_id"),)
    title: ClassVar[str] = N_("Holder of a sealed record")

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(String(32), nullable=False, index=True)
    account_id: Mapped[str] = mapped_column(String(32), nullable=False, index=True)
    named_by_id: Mapped[str | None] = mapped_column(String(32), index=True)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        held = cls.__table__.alias("held")
        shared = select(held.c.record_id).where(held.c.account_id == actor.account_id)
        return or_(cls.named_by_id == actor.account_id, cls.record_id.in_(shared))

    def guard(self, work: Work) -> None:
        if not work.actor.system and self.record_id not in work.info.get(_NAMING, ()):
            raise Forbidden(_("Who may see a sealed record is said on that record."))


_NAMING = "naming holders of"


def name_holders(work: Work, record: Record, account_ids: Iterable[str]) -> None:
    """Open a sealed record to these people as well; only its author and the director may do so."""
    if not may_name(work.actor, record):
        raise Forbidden(_("Only the author or the director opens a sealed record to others."))
    _note(work, record)
    known = set(holders(work, record.id)) | {record.recorded_by_id}
    for account_id in dict.fromkeys(account_ids):
        if account_id not in known:
            work.add(SealHolder(record_id=record.id, account_id=account_id, named_by_id=work.actor.account_id))


def holders(work: Work, record_id: str) -> list[str]:
    """Return the accounts to which a sealed record is open besides its author."""
    with work.no_autoflush:
        kept = list(work.scalars(select(SealHolder.account_id).where(SealHolder.record_id == record_id)))
    waiting = [each.account_id for each in work.new if isinstance(each, SealHolder) and each.record_id == record_id]
    return kept + waiting


def accounts_of_role(work: Work, role: str) -> list[str]:
    """Return the accounts in use that have a role.

    Asked beside the accounts on purpose: whoever seals a record need not be able to read the list of accounts.
    """
    from models.core.accounts import Account

    account = Account.__table__
    rows = work.connection().execute(select(account.c.id, account.c.roles).where(account.c.active.is_(True)))
    return [row.id for row in rows if role in (row.roles or ())]


def people(work: Work) -> list[tuple[str, str]]:
    """Return (account, name) of everyone who can be named a holder, by name; asked beside the accounts likewise."""
    from models.core.accounts import Account, separated_roles

    account, separated = Account.__table__, separated_roles()
    rows = work.connection().execute(
        select(account.c.id, account.c.name, account.c.roles).where(account.c.active.is_(True)).order_by(account.c.name)
    )
    return [(row.id, row.name) for row in rows if row.roles and not separated & set(row.roles)]


def stop_naming(work: Work, record: Sealed, account_ids: Iterable[str]) -> None:
    """Close a sealed record to these people again; only its author and the director may do so.

    Whoever answers for this kind of record stays, unless the director says otherwise: an author must not be
    able to shut out those who would look into it.
    """
    if not may_name(work.actor, record):
        raise Forbidden(_("Only the author or the director opens a sealed record to others."))
    kept = set() if "director" in work.actor.roles else set(record.standing_holders(work))
    going = set(account_ids) - kept
    if not going:
        return
    _note(work, record)
    chosen = select(SealHolder).where(SealHolder.record_id == record.id, SealHolder.account_id.in_(going))  # type: ignore[attr-defined]
    for holder in work.scalars(chosen):
        work.delete(holder)


def _note(work: Work, record: Any) -> None:
    """Let the guard pass what follows, and tell the trail that the circle of holders changed."""
    work.info.setdefault(_NAMING, set()).add(record.id)
    work.record_event("changed", type(record).__name__, record.id, sealed=["•", "•"])


def may_name(actor: Actor, record: Any) -> bool:
    """Whether a person may say who else sees a sealed record."""
    return actor.system or actor.account_id == record.recorded_by_id or "director" in actor.roles


class Sealed:
    """A record that is closed to all but its author and its named holders while ``sealed`` is true.

    Put it first among the bases: ``class CounsellingNote(Sealed, OfChild, Record)``.
    """

    sealed: Mapped[bool] = field(
        N_("Sealed"),
        Boolean,
        hidden=True,
        default=True,
        nullable=False,
        help=N_("Only named people can see this record."),
    )

    def standing_holders(self, work: Work) -> list[str]:
        """Return the accounts to which every record of this kind is open from the start."""
        return []

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        wider = super().scope(actor)  # type: ignore[misc]
        holder = SealHolder.__table__
        opened = or_(
            cls.sealed.is_(False),
            cls.recorded_by_id == actor.account_id,  # type: ignore[attr-defined]
            cls.id.in_(select(holder.c.record_id).where(holder.c.account_id == actor.account_id)),  # type: ignore[attr-defined]
        )
        return opened if wider is None else and_(wider, opened)
