"""Therapy sessions 康复训练记录: one child's treatment, from its booking to what was done and signed.

Children treated together share a *sitting* 场次: one record a child, the same ``sitting_id``, therapist and
time. That child, therapist, room and equipment are never booked twice is kept by the database itself,
see :mod:`models.scheduling.guard`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, CheckConstraint, Date, DateTime, Index, Integer, String, Text, inspect
from sqlalchemy.orm import Mapped

from models import rooms  # noqa: F401 (the tables that sessions name)
from models.child import OfChild
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record, new_id
from models.department import rule_of
from models.therapies import FORMS, REASONS, RESPONSES, STATUSES, THERAPIES, TREATED, short_name
from resources import N_, _

BOOKING = N_("Booking")
ATTENDANCE = N_("Attendance")
DONE = N_("Work done")
SHORTEST, LONGEST = 5, 240
WHERE_AND_WHEN = ("child_id", "therapist_id", "room_id", "equipment_id", "starts_at", "ends_at", "sitting_id")
"""The fields that are booked; when one of them changes, the booking is checked anew."""

COUNTED = (
    "starts_at", "status", "therapy", "reason", "state", "deleted_at", "child_id", "therapist_id", "ends_at", "minutes_missed",
)  # fmt: skip
"""All that the home's figures ask of a session: an index of these spares a year's count the wide rows."""


class TherapySession(OfChild, Record):
    """A therapy session 康复训练: booked, then attended or not, with what was worked on."""

    title: ClassVar[str] = N_("Therapy session")
    titles: ClassVar[str] = N_("Therapy sessions")
    area: ClassVar[str] = "rehabilitation"
    by_hand: ClassVar[bool] = False
    event_field: ClassVar[str] = "starts_at"
    title_field: ClassVar[str] = "starts_at"
    open_columns: ClassVar[frozenset[str]] = frozenset({
        "id", "child_id", "therapist_id", "starts_at", "ends_at", "room_id", "equipment_id", "sitting_id", "supersedes_id",
        "therapy", "form",
    })  # fmt: skip
    """When, with whom, where and what: known of every session, so that nothing is booked twice."""
    loose_columns: ClassVar[frozenset[str]] = frozenset({"status"})
    """By this sessions that change places step out of each other's way."""

    therapy: Mapped[str] = field(N_("Therapy"), codes=THERAPIES, section=BOOKING, required=True, listed=True)
    form: Mapped[str] = field(
        N_("One to one or group"), codes=FORMS, section=BOOKING, required=True, listed=True, nullable=False
    )
    therapist_id: Mapped[str] = reference(
        N_("Therapist"), "staff", section=BOOKING, required=True, listed=True, searched=True,
        nullable=False,
    )  # fmt: skip
    room_id: Mapped[str | None] = reference(N_("Room"), "room", section=BOOKING, listed=True)
    equipment_id: Mapped[str | None] = reference(N_("Equipment"), "equipment", section=BOOKING)
    starts_at: Mapped[datetime] = field(
        N_("Starts at"), DateTime, section=BOOKING, required=True, listed=True, nullable=False
    )
    ends_at: Mapped[datetime] = field(N_("Ends at"), DateTime, section=BOOKING, required=True, nullable=False)
    sitting_id: Mapped[str] = field(N_("Sitting"), String(32), hidden=True, index=True, nullable=False)
    series_id: Mapped[str | None] = field(N_("Series"), String(32), hidden=True, index=True)
    makes_up_id: Mapped[str | None] = reference(N_("Makes up for"), "therapy_session", section=BOOKING, hidden=True)
    locked: Mapped[bool | None] = field(
        N_("Locked"), Boolean, section=BOOKING, hidden=True, help=N_("Neither hand nor planner moves it.")
    )

    status: Mapped[str] = field(
        N_("Attendance"), codes=STATUSES, section=ATTENDANCE, required=True, listed=True, nullable=False
    )
    reason: Mapped[str | None] = field(N_("Reason"), codes=REASONS, section=ATTENDANCE, listed=True)
    minutes_missed: Mapped[int | None] = field(
        N_("Minutes missed"), Integer, section=ATTENDANCE, unit=N_("min"), minimum=1, maximum=LONGEST
    )
    attendance_note: Mapped[str | None] = field(N_("Note on attendance"), String(200), section=ATTENDANCE)
    witness_id: Mapped[str | None] = reference(N_("Countersigned by"), "staff", section=ATTENDANCE)

    goals: Mapped[list[str] | None] = field(N_("Goals worked on"), JSON, section=DONE, hidden=True)
    goal_notes: Mapped[dict[str, Any] | None] = field(N_("Work on each goal"), JSON, section=DONE, hidden=True)
    response: Mapped[str | None] = field(N_("Response"), codes=RESPONSES, section=DONE)
    result: Mapped[str | None] = field(N_("Result"), Text, section=DONE)
    note: Mapped[str | None] = field(N_("Note"), Text, section=DONE)
    signed_on: Mapped[date | None] = field(N_("Signed on"), Date, section=DONE, hidden=True)
    signed_late: Mapped[bool | None] = field(N_("Signed late"), Boolean, section=DONE, hidden=True)

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        CheckConstraint("date(starts_at) = date(ends_at)", name="one_day"),
        CheckConstraint("form = 'group' OR sitting_id = id OR supersedes_id IS NOT NULL", name="sitting"),
        Index("ix_therapy_session_child_time", "child_id", "starts_at"),
        Index("ix_therapy_session_counted", *COUNTED),
        Index("ix_therapy_session_therapist_time", "therapist_id", "starts_at"),
        Index("ix_therapy_session_room_time", "room_id", "starts_at"),
        Index("ix_therapy_session_equipment_time", "equipment_id", "starts_at"),
    )

    def before_save(self, work: Work) -> None:
        self.id = self.id or new_id()
        self.status = self.status or "booked"
        self.form = self.form or "single"
        if self.form == "single" and not self.supersedes_id:
            self.sitting_id = self.id
        self.sitting_id = self.sitting_id or self.id
        if self.status in ("booked", "done", "made_up"):
            self.reason = self.minutes_missed = None
        if self.state == "submitted" and self.signed_on is None:
            self.signed_on = work.today
            self.signed_late = work.now - self.ends_at > timedelta(hours=rule_of(work, "sign_within", work.today))

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self._time_problems()
        yield from self._attendance_problems(work)
        attributes = inspect(self).attrs
        booked_anew = any(attributes[name].history.has_changes() for name in (*WHERE_AND_WHEN, "therapy"))
        if booked_anew or attributes["status"].history.has_changes():
            from models.scheduling.occupancy import booking_problems

            yield from booking_problems(work, self, warnings=booked_anew and self.status == "booked")

    def _time_problems(self) -> Iterator[Problem]:
        if self.ends_at <= self.starts_at:
            yield Problem("ends_at", _("The end lies before the beginning."))
        elif self.ends_at.date() != self.starts_at.date():
            yield Problem("ends_at", _("A session ends on the day on which it begins."))
        elif not SHORTEST <= self.minutes <= LONGEST:
            yield Problem("ends_at", _("A session lasts {low} to {high} minutes.").format(low=SHORTEST, high=LONGEST))

    def _attendance_problems(self, work: Work) -> Iterator[Problem]:
        if self.status in ("absent", "cancelled") and not self.reason:
            yield Problem("reason", _("Please give the reason."))
        if self.status == "late" and not self.minutes_missed:
            yield Problem("minutes_missed", _("How many minutes were missed?"))
        if self.minutes_missed and self.minutes_missed >= self.minutes:
            yield Problem("minutes_missed", _("That is the whole session; please record it as absent."))
        if self.status in TREATED and self.starts_at > work.now:
            yield Problem("status", _("This session has not begun yet."))
        if self.status == "made_up" and not self.makes_up_id:
            yield Problem("status", _("Please say which missed session this one makes up for."))

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def summary(self) -> str:
        return _("{therapy} {start}–{end}, {status}").format(
            therapy=short_name(self.therapy),
            start=f"{self.starts_at:%H:%M}",
            end=f"{self.ends_at:%H:%M}",
            status=STATUSES.label(self.status),
        )

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        start = work.now.replace(hour=9, minute=0, second=0, microsecond=0)
        return {
            "therapy": "PT",
            "form": "single",
            "starts_at": start,
            "ends_at": start + timedelta(minutes=30),
            "status": "booked",
        }
