"""The trail names every change in the field's words and betrays every tampering with its place."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from models.core import audit, records
from models.core.audit import AuditEntry
from models.staff import Staff
from models.unit import Unit


def trail(database):
    with database.engine.connect() as connection:
        return list(connection.execute(select(AuditEntry.__table__).order_by(AuditEntry.sequence)).mappings())


def faults(database):
    with database.engine.connect() as connection:
        return list(audit.verify(connection))


def test_a_change_is_noted_in_the_same_transaction_with_old_and_new(home):
    with home.database.work(home.director) as work:
        records.save(work, Unit, {"beds": 8}, id=home.sunflower)
    last = trail(home.database)[-1]
    assert (last["event"], last["type_name"], last["username"]) == ("changed", "Unit", "director")
    assert json.loads(last["details"]) == {"beds": [None, 8]}


def test_a_change_that_is_rolled_back_leaves_no_line(home):
    before = len(trail(home.database))
    with pytest.raises(RuntimeError), home.database.work(home.director) as work:
        records.save(work, Unit, {"beds": 8}, id=home.sunflower)
        raise RuntimeError
    assert len(trail(home.database)) == before


def test_confidential_values_are_noted_as_changed_but_not_copied(home, monkeypatch):
    from dataclasses import replace

    from models.core.fields import fields_of

    hidden = tuple(replace(each, confidential=each.name == "telephone") for each in fields_of(Staff))
    monkeypatch.setattr(Staff, "_fields", hidden)
    with home.database.work(home.director) as work:
        records.save(work, Staff, {"telephone": "13800000000"}, id=home.caregiver)
    assert json.loads(trail(home.database)[-1]["details"]) == {"telephone": ["•", "•"]}


def test_events_that_change_nothing_are_noted_too(home):
    with home.database.work(home.director) as work:
        work.record_event("opened", "Child", home.child, home.child)
    assert trail(home.database)[-1]["event"] == "opened"
    assert faults(home.database) == []


TAMPERING = {
    "an entry rewritten": ("UPDATE audit_entry SET details = '{}' WHERE sequence = 3", 3),
    "an entry removed": ("DELETE FROM audit_entry WHERE sequence = 3", 3),
    "a person exchanged": ("UPDATE audit_entry SET username = 'nobody' WHERE sequence = 2", 2),
    "the end cut off": ("DELETE FROM audit_entry WHERE sequence = 5", 5),
}


@pytest.mark.parametrize("act", TAMPERING)
def test_tampering_is_found_and_its_place_named(home, act):
    statement, place = TAMPERING[act]
    assert faults(home.database) == []
    with home.database.engine.begin() as connection:
        connection.execute(text(statement))
    assert faults(home.database)[0].sequence in {place, place + 1}
