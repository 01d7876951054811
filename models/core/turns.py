"""Turns 排队: what only one unit of work of the whole home may do at a time, such as giving the next number."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import text

from models.core.database import Work


def wait_for_turn(work: Work, what: str) -> None:
    """Wait until nobody else is at this, and hold it until the unit of work ends.

    In one file only one unit of work writes at a time anyway; a server holds a lock of this name.
    """
    if work.connection().dialect.name == "postgresql":
        key = int.from_bytes(sha256(what.encode()).digest()[:8], "big", signed=True)
        work.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
