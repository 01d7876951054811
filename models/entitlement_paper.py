"""The ledger's columns 台账栏目, said once: for the screen, the printed list and the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.core.errors import Forbidden
from models.core.exchange import Listing
from models.core.fields import Field
from models.entitlement import LOST
from models.entitlement_home import Row
from models.funded_lights import Light
from models.therapies import THERAPIES
from resources import N_, _


@dataclass(frozen=True)
class Column:
    """One figure of the ledger: its key, its words, what it means, and whether it may be left out when nobody has any."""

    key: str
    label: str
    help: str
    optional: bool = False

    @property
    def title(self) -> str:
        """The heading in the language in use."""
        return _(self.label)


COLUMNS = (
    Column("prescribed", N_("Prescribed"), N_("What the plans in force ask for, week by week.")),
    Column("planned", N_("Planned"), N_("Sessions booked, make-ups apart.")),
    Column("delivered", N_("Delivered"), N_("Planned sessions that took place.")),
    Column("lost", N_("Lost"), N_("Planned sessions that did not take place.")),
    Column("to_come", N_("To come"), N_("Planned sessions that still lie ahead."), True),
    Column("unrecorded", N_("Not recorded"), N_("Sessions that are over and of which nobody has said anything."), True),
    Column("never", N_("Not planned"), N_("What a week that is over asked for and nobody booked."), True),
    Column("to_plan", N_("To plan"), N_("What this and later weeks ask for and nobody has booked yet."), True),
    Column("beyond", N_("Beyond"), N_("Sessions beyond what the week asked for."), True),
    Column("made_up", N_("Made up"), N_("Make-up sessions that took place.")),
    Column("carried", N_("Carried"), N_("Owed from the months before."), True),
    Column("owed", N_("Owed"), N_("Carried + lost + not planned − beyond − made up, each therapy by itself.")),
)
"""The columns in their order; each figure opens the sessions behind it."""
WEEKLY = frozenset({"prescribed", "never", "to_plan", "owed", "carried"})
"""Figures behind which weeks stand, not sessions."""
LEVELS = {
    "green": ("good", N_("in order")), "amber": ("warning", N_("owes {n}")), "red": ("danger", N_("owes {n}, much")),
}  # fmt: skip
LIGHTS = {
    "green": ("good", N_("on course {done}/{all}")), "amber": ("warning", N_("hurry {done}/{all}")),
    "red": ("danger", N_("out of reach {done}/{all}")),
}  # fmt: skip


def value_of(row: Row, key: str) -> int:
    """Return one figure of a row."""
    return row.owed if key == "owed" else int(getattr(row.figures, key))


def level_words(row: Row) -> tuple[str, str]:
    """Return (tone, words) of a row's own light; empty words where nothing was prescribed."""
    if not row.level:
        return "neutral", ""
    tone, words = LEVELS[row.level]
    return tone, _(words).format(n=max(0, row.owed))


def light_words(light: Light | None) -> tuple[str, str]:
    """Return (tone, words) of a funded programme's light in a few words."""
    if light is None:
        return "neutral", ""
    goal = light.days or light.months
    tone, words = LIGHTS[light.level]
    if goal is None:
        return tone, _("enrolled")
    return tone, _(words).format(done=goal.done, all=goal.needed)


def lost_words(row: Row) -> str:
    """Say why sessions were lost, the commonest reason first."""
    said = sorted(row.account.lost_by.items(), key=lambda each: -each[1])
    return _(", ").join(_("{reason} {n}").format(reason=LOST.label(code), n=count) for code, count in said)


def hours_words(row: Row) -> str:
    """Say the hours given of those prescribed."""
    return f"{row.figures.minutes_done / 60:.1f} / {row.figures.minutes_prescribed / 60:.1f}"


def listing(
    rows: Sequence[Row], columns: Sequence[Column], lights: Mapping[str, Light], first: date, last: date,
    notes: Sequence[str] = (), units: Mapping[str, str] | None = None,
) -> Listing:  # fmt: skip
    """Return the ledger as a list for paper and workbook: the same rows and columns as on the screen."""
    fields, cells = [], []
    for title, kind, cell in _cells(rows, columns, lights, units or {}):
        fields.append(Field(title, kind))
        cells.append(cell)
    lines = tuple(tuple(cell(row) for cell in cells) for row in rows)
    span = _("{first} to {last}").format(first=first, last=last)
    return Listing(_("Entitlement ledger"), tuple(fields), lines, (span, *notes))


Cell = tuple[str, str, Callable[[Row], Any]]


def _cells(
    rows: Sequence[Row], columns: Sequence[Column], lights: Mapping[str, Light], units: Mapping[str, str]
) -> list[Cell]:  # fmt: skip
    found: list[Cell] = [
        (N_("Child"), "text", lambda row: row.name),
        (N_("File number"), "text", lambda row: row.number),
    ]
    if any(units.values()):
        found.append((N_("Unit"), "text", lambda row: units.get(row.unit_id or "", "")))
    if any(row.therapy for row in rows):
        found.append((N_("Therapy"), "text", lambda row: THERAPIES.label(row.therapy)))
    found += [(each.label, "integer", _figure(each.key)) for each in columns]
    found += [
        (N_("Minutes given"), "integer", lambda row: row.figures.minutes_done),
        (N_("Minutes prescribed"), "integer", lambda row: row.figures.minutes_prescribed),
        (N_("Lost because of"), "text", lost_words),
    ]
    if lights:
        found.append((N_("Funded programme"), "text", lambda row: _light_of(lights, row)))
    return found


def _figure(key: str) -> Callable[[Row], Any]:
    return lambda row: value_of(row, key)


def _light_of(lights: Mapping[str, Light], row: Row) -> str:
    light = lights.get(row.child_id)
    return light_words(light)[1] if light else ""


def note_taken(work: Any, action: str, rows: int) -> None:
    """Note in the trail that the ledger was printed or taken out of the program.

    Raises:
        Forbidden: when the person may not do this with therapy sessions.
    """
    if not work.actor.may(action, "TherapySession"):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Entitlement ledger")))
    work.record_event("printed" if action == "print" else "exported", "TherapySession", rows=rows)
