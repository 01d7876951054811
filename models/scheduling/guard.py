"""Guard 防重约束: the database itself refuses to book a child, therapist, room or piece of equipment twice.

Why triggers and not an exclusion constraint is said in ``docs/decisions/double-booking.md``. The same
condition guards both back ends; only its frame differs. It is attached to the table, so that
``create_all`` makes it; a migration that builds or rebuilds ``therapy_session`` must run
:func:`install` afterwards (SQLite drops triggers together with a table that Alembic's batch mode copies).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Table, event, text
from sqlalchemy.engine import ExceptionContext

from models.core.errors import Invalid, Problem
from models.therapies import HOLDING
from models.therapy import TherapySession
from resources import N_, _

TABLE = "therapy_session"
EVENTS = ("insert", "update")
WATCHED = (
    "child_id", "therapist_id", "room_id", "equipment_id", "starts_at", "ends_at", "sitting_id", "supersedes_id",
    "status", "state", "deleted_at",
)  # fmt: skip
LOCK = 0x71696E67
"""The number of the lock under which PostgreSQL books one after the other ("qing")."""

FREED_STATES = ("void", "superseded")


def _holds(row: str) -> str:
    """The condition under which a row occupies what it names."""
    statuses = ", ".join(f"'{each}'" for each in HOLDING)
    states = ", ".join(f"'{each}'" for each in FREED_STATES)
    return f"{row}.deleted_at IS NULL AND {row}.status IN ({statuses}) AND {row}.state NOT IN ({states})"


def _meets(row: str) -> str:
    """The condition under which a row overlaps the new one; sessions end on the day they begin."""
    return f"{row}.starts_at >= date(NEW.starts_at) AND {row}.starts_at < NEW.ends_at AND {row}.ends_at > NEW.starts_at"


def _same(column: str, also: str) -> str:
    """Another session of the same child or therapist that overlaps."""
    return (
        f"SELECT 1 FROM {TABLE} o WHERE o.{column} = NEW.{column} AND o.id <> NEW.id"
        f" AND {_holds('o')} AND {_meets('o')} AND {also}"
    )


def _crowded(column: str, table: str, limit: str) -> str:
    """A moment of the new session at which more children are there than the room or equipment takes.

    The number of children only grows when a session begins, so looking at the beginnings is enough.
    """
    moment = "CASE WHEN m.starts_at > NEW.starts_at THEN m.starts_at ELSE NEW.starts_at END"
    return (
        f"SELECT 1 FROM {TABLE} m WHERE m.{column} = NEW.{column} AND {_holds('m')} AND {_meets('m')}"
        f" AND (SELECT count(DISTINCT o.child_id) FROM {TABLE} o WHERE o.{column} = NEW.{column}"
        f" AND {_holds('o')} AND o.starts_at >= date(NEW.starts_at)"
        f" AND o.starts_at <= {moment} AND o.ends_at > {moment})"
        f" > coalesce((SELECT r.{limit} FROM {table} r WHERE r.id = NEW.{column}), 1)"
    )


CORRECTION = "coalesce(o.supersedes_id, '') <> NEW.id AND coalesce(NEW.supersedes_id, '') <> o.id"
"""A correction may stand beside the version it corrects until it is approved."""

RULES = {
    "child": _same("child_id", CORRECTION),
    "therapist": _same("therapist_id", "o.sitting_id <> NEW.sitting_id"),
    "room": _crowded("room_id", "room", "capacity"),
    "equipment": _crowded("equipment_id", "equipment", "quantity"),
}
"""What the database refuses, by the name under which it says so."""


def sqlite_statements() -> tuple[str, ...]:
    """Return the DDL for SQLite: writers come one after the other there, so a look at the table is enough."""
    checks = "\n".join(
        f"  SELECT RAISE(ABORT, 'booking:{name}') WHERE EXISTS ({query});" for name, query in RULES.items()
    )
    return tuple(
        f"CREATE TRIGGER {_name('guard', when)} AFTER {_when(when)} ON {TABLE} WHEN {_holds('NEW')}\nBEGIN\n{checks}\nEND"
        for when in EVENTS
    )


def postgresql_statements() -> tuple[str, ...]:
    """Return the DDL for PostgreSQL.

    The lock is taken before a statement touches a row and held to the end of its transaction, so bookings
    happen one after the other without deadlock; what was committed before is seen, because each statement
    of the function looks anew (read committed).
    """
    checks = "\n".join(
        f"  IF EXISTS ({query}) THEN RAISE EXCEPTION 'booking:{name}' USING ERRCODE = 'exclusion_violation'; END IF;"
        for name, query in RULES.items()
    )
    function = f"""
CREATE OR REPLACE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $guard$
BEGIN
{checks}
  RETURN NULL;
END
$guard$"""
    lock = f"""
CREATE OR REPLACE FUNCTION {TABLE}_lock() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $lock$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'booking:isolation' USING ERRCODE = 'exclusion_violation';
  END IF;
  PERFORM pg_advisory_xact_lock({LOCK});
  RETURN NULL;
END
$lock$"""
    triggers = []
    for when in EVENTS:
        triggers.append(
            f"CREATE TRIGGER {_name('lock', when)} BEFORE {_when(when)} ON {TABLE}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_lock()"
        )
        triggers.append(
            f"CREATE TRIGGER {_name('guard', when)} AFTER {_when(when)} ON {TABLE} FOR EACH ROW"
            f" WHEN ({_holds('NEW')}) EXECUTE FUNCTION {TABLE}_guard()"
        )
    return (lock, function, *triggers)


def _name(part: str, when: str) -> str:
    return f"trg_{TABLE}_{part}_{when}"


def _when(when: str) -> str:
    return "INSERT" if when == "insert" else f"UPDATE OF {', '.join(WATCHED)}"


def names(dialect: str) -> tuple[str, ...]:
    """Return the names of the triggers a whole guard consists of."""
    parts = ("guard",) if dialect == "sqlite" else ("lock", "guard")
    return tuple(_name(part, when) for part in parts for when in EVENTS)


def statements(dialect: str) -> tuple[str, ...]:
    """Return the guard's DDL for ``sqlite`` or ``postgresql``."""
    return sqlite_statements() if dialect == "sqlite" else postgresql_statements()


def install(connection: Connection) -> None:
    """Put the guard on the table, replacing an older one."""
    for name in names(connection.dialect.name):
        on = "" if connection.dialect.name == "sqlite" else f" ON {TABLE}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}{on}"))
    for statement in statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> tuple[str, ...]:
    """Return which parts of the guard a database lacks; empty when it is whole. For the integrity check."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    found = set(connection.scalars(text(sqlite if connection.dialect.name == "sqlite" else postgres)))
    return tuple(name for name in names(connection.dialect.name) if name not in found)


@event.listens_for(TherapySession.__table__, "after_create")
def _install_with_the_table(table: Table, connection: Connection, **arguments: Any) -> None:
    install(connection)


class Taken(Invalid):
    """Someone else has just booked what was wanted; ``what`` is child, therapist, room or equipment."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__([Problem(f"{what}_id" if what in RULES else "", _(TAKEN[what]))])


TAKEN = {
    "child": N_("The child already has a session at this time."),
    "therapist": N_("The therapist is already booked at this time."),
    "room": N_("The room is full at this time."),
    "equipment": N_("The equipment is in use at this time."),
    "isolation": N_("Sessions cannot be booked in this way."),
}


@event.listens_for(Engine, "handle_error")
def _say_in_words(context: ExceptionContext) -> None:
    """Turn the guard's refusal into words wherever a session is written."""
    message = str(context.original_exception)
    for what in TAKEN:
        if f"booking:{what}" in message:
            raise Taken(what) from context.original_exception
