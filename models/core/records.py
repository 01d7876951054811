"""Records 记录: the acts every type of record knows — save, move along the workflow, correct, bin, restore."""

from __future__ import annotations

from typing import Any

from models.core.database import Work
from models.core.errors import Changed, Conflict, Forbidden, Invalid, Problem
from models.core.fields import fields_of
from models.core.queries import load
from models.core.record import Record, new_id
from models.core.workflow import STEPS, Step, step_named
from resources import _


def save(
    work: Work,
    kind: type[Record],
    values: dict[str, Any],
    *,
    id: str | None = None,  # noqa: A002
    version: int | None = None,
    base: dict[str, Any] | None = None,
    confirmed: bool = False,
) -> str:
    """Create a record, or change an existing one, and return its id.

    Args:
        values: field name → value; fields left out stay as they are.
        id: the record to change; a new id from :func:`new_id` makes saving twice harmless.
        version: the version the user read. When someone saved since, fields that only one side changed
            are merged; the same field changed by both raises ``Changed`` with both values.
        base: the values the user read, needed for that comparison.
        confirmed: the user has confirmed the warnings.
    """
    work.confirmed = work.confirmed or confirmed
    known = {meaning.name for meaning in fields_of(kind)}
    wanted = {name: value for name, value in values.items() if name in known}
    # The row is held while it is compared, so that on a server nobody saves between comparing and writing.
    existing = work.get(kind, id, with_for_update=True, execution_options={"aside": True}) if id else None
    if existing is None and version is not None:
        existing = load(work, kind, id or "")
    if existing is None:
        record = kind(id=id or new_id(), **wanted)
        work.add(record)
        work.flush()
        return record.id
    if version is not None and existing.version != version:
        wanted = _merged(existing, wanted, base or {})
    for name, value in wanted.items():
        if getattr(existing, name) != value:
            setattr(existing, name, value)
    work.flush()
    return existing.id


def _merged(record: Record, mine: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in mine.items() if name not in base or base[name] != value}
    conflicts = [
        Conflict(name, base.get(name), value, getattr(record, name))
        for name, value in changed.items()
        if getattr(record, name) != base.get(name) and getattr(record, name) != value
    ]
    if conflicts:
        raise Changed(conflicts, record.changed_by or record.recorded_by, record.version)
    return changed


def steps_for(work: Work, kind: type[Record], state: str) -> list[Step]:
    """Return the steps the person may take with a record in this state."""
    return [step for step in STEPS if state in step.sources and work.actor.may(step.action, kind)]


def take_step(work: Work, kind: type[Record], record_id: str, step: str, reason: str = "") -> None:
    """Move a record along the workflow.

    Raises:
        Invalid: when the step needs a reason and none is given, or does not start in the record's state.
    """
    record = load(work, kind, record_id)
    move = step_named(step)
    if record.state not in move.sources:
        raise Invalid([Problem("", _("The record has meanwhile moved on; please look at it again."))])
    if move.reason and not reason.strip():
        raise Invalid([Problem("state_reason", _("Please give a reason."))])
    _set_state(work, record, move.target, reason, move.action)
    if move.target == "approved" and record.supersedes_id:
        _set_state(work, load(work, kind, record.supersedes_id), "superseded", record.state_reason or "", move.action)


def _set_state(work: Work, record: Record, target: str, reason: str, action: str) -> None:
    work.step_action = action
    try:
        record.state, record.state_reason = target, reason.strip() or record.state_reason
        work.flush()
    finally:
        work.step_action = None


def correct(work: Work, kind: type[Record], record_id: str, reason: str) -> str:
    """Begin a correction of an approved record: a new draft that names its predecessor; return its id.

    The old version stays readable and in force until the correction is approved.
    """
    old = load(work, kind, record_id)
    if old.state not in {"approved", "archived", "reviewed"}:
        raise Forbidden(_("Only a reviewed or approved record is corrected by a new version."))
    if not reason.strip():
        raise Invalid([Problem("state_reason", _("Please give a reason."))])
    copied = {meaning.name: getattr(old, meaning.name) for meaning in fields_of(kind)}
    new = kind(id=new_id(), supersedes_id=old.id, state="draft", state_reason=reason.strip(), **copied)
    work.confirmed = True
    work.add(new)
    work.flush()
    return new.id


def put_in_bin(work: Work, kind: type[Record], record_id: str) -> None:
    """Move a record that is not yet reviewed to the bin, from where it returns for 30 days."""
    record = load(work, kind, record_id)
    if record.state not in {"draft", "returned", "submitted", "current"}:
        raise Forbidden(_("A reviewed record is not thrown away; void it with a reason instead."))
    record.deleted_at, record.deleted_by = work.now, work.actor.name
    work.flush()


def take_from_bin(work: Work, kind: type[Record], record_id: str) -> None:
    """Put a record back from the bin."""
    record = load(work, kind, record_id)
    record.deleted_at = record.deleted_by = None
    work.flush()
