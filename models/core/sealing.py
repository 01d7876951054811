"""Sealing 密封: records that only named people may see, not even counted for others."""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, String, UniqueConstraint, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.access import Actor
from models.core.fields import field
from models.core.record import Base, new_id
from resources import N_


class SealHolder(Base):
    """One person to whom one sealed record is open 知情人."""

    __table_args__ = (UniqueConstraint("record_id", "account_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(String(32), nullable=False, index=True)
    account_id: Mapped[str] = mapped_column(String(32), nullable=False, index=True)


class Sealed:
    """A record that is closed to all but its author and its named holders while ``sealed`` is true.

    Put it first among the bases: ``class CounsellingNote(Sealed, OfChild, Record)``.
    """

    sealed: Mapped[bool] = field(
        N_("Sealed"), Boolean, hidden=True, default=True, nullable=False, help=N_("Only named people can see this record.")
    )

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
