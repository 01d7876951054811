"""Where to begin 起步: what a home that has just been made does first; each line goes when the first record is there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.record import Record
from models.reminders import Due, reminder
from models.rooms import Room
from models.staff import Staff
from models.unit import Unit
from resources import N_, _

STEPS: tuple[tuple[type[Record], str, str, str], ...] = (
    (Unit, N_("Enter the units and families in which children live"), "care", "records.Unit"),
    (Staff, N_("Enter the staff, with what therapists may treat"), "home", "records.Staff"),
    (Room, N_("Enter the therapy rooms and how many they hold"), "rehabilitation", "records.Room"),
    (Child, N_("Import the children from an Excel list"), "child", "import_children"),
    (Child, N_("Admit the first child"), "child", "admission"),
)
"""What is entered first, in words, and the page where it is done: children need a unit, therapy needs staff and rooms."""


@reminder
def first_things(work: Work) -> Iterator[Due]:
    """Tell the person who may enter it what the home does not have yet."""
    for kind, words, area, page in STEPS:
        if work.actor.may("create", kind) and not _any(work, kind):
            yield Due(_(words), area, kind="begin", needs=(kind.__name__, "create"), page=page)


def place_of(line: Due) -> int:
    """Return the place of a line among the steps."""
    return [page for _kind, _words, _area, page in STEPS].index(line.page)


def _any(work: Work, kind: type[Record]) -> bool:
    return work.scalar(select(kind.id).limit(1)) is not None
