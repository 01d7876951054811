"""The empty therapy week 课表空白页: what will stand here, and the next step towards it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.rooms import Room
from models.staff import Staff
from resources import N_, _
from ui.widgets import EmptyState

if TYPE_CHECKING:
    from views.therapy_calendar import TherapyCalendar

NOBODY = {
    "therapist": (
        "user-plus", N_("No therapists yet"), N_("Whoever has the post of rehabilitation therapist has a week here."),
        N_("Enter a therapist"),
    ),
    "room": (
        "door-open", N_("No rooms yet"), N_("Enter the rooms for therapy, and how many children each takes at a time."),
        N_("Enter a room"),
    ),
    "child": (
        "users-round", N_("No children entrusted to you yet"),
        N_("Children who live here and are entrusted to you can be booked."), N_("To the children"),
    ),
    "group": (
        "users", N_("No group in this week"),
        N_("Lay a session on another of the same therapy, press M on it, or choose several children when booking."),
        N_("Show the whole day"),
    ),
}  # fmt: skip
"""For each way to look: sign, title, what would be here, and the next step."""


def nobody(calendar: TherapyCalendar, by: str) -> EmptyState:
    """Return what stands in place of an empty week."""
    icon, title, text, step = NOBODY.get(by, NOBODY["therapist"])
    app = calendar.app
    acts = {
        "room": lambda: app.new_record(Room),
        "child": lambda: app.go("children"),
        "group": lambda: calendar.open(by="day"),
    }
    act = acts.get(by, lambda: app.new_record(Staff, post="therapist"))
    needed = {"room": Room, "child": None, "group": None}.get(by, Staff)
    may = needed is None or app.may("create", needed)
    return EmptyState(icon, _(title), _(text), _(step) if may else "", act if may else None)
