"""Database 数据库: one home's store, and the unit of work in which all reading and writing happens.

    with database.work(actor) as work:      # one user event: read, change, commit together
        records.save(work, Child, values)
    with database.read(actor) as work:      # reading only; nothing can be flushed
        rows = queries.rows(work, Child)

Access, rules, versions and audit live in session events here, so that no screen can forget them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import CursorResult, Engine, Select, create_engine, event, insert, inspect, select, text
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.dml import Delete, Update

from models.core import audit, search
from models.core.access import Actor, criteria_for, criteria_of, moment
from models.core.errors import Changed, Forbidden, Invalid, Missing, Problem, Unconfirmed, Unusable
from models.core.fields import Field, bound_words, fields_of
from models.core.record import Base, Record, new_id
from models.core.workflow import EDITABLE
from resources import N_, _

Listener = Callable[[frozenset[str]], None]


class Work(Session):
    """A unit of work: a session that knows who acts and when.

    Attributes:
        actor: the person.
        now: the moment of the event, the home's wall clock without zone.
        confirmed: the user has confirmed all warnings.
    """

    def __init__(self, engine: Engine, actor: Actor, now: datetime, *, reading: bool) -> None:
        super().__init__(engine, expire_on_commit=False, autoflush=not reading)
        self.actor, self.now, self.reading = actor, now, reading
        self.confirmed = actor.system
        self.step_action: str | None = None
        self.events: list[audit.Event] = []
        self.touched: set[str] = set()
        self.criteria = criteria_for(actor)

    @property
    def today(self) -> date:
        """The day on which this happens."""
        return self.now.date()

    def record_event(
        self, kind: str, type_name: str = "", record_id: str = "", child_id: str = "", **details: Any
    ) -> None:
        """Put an event (opened, printed, exported, refused, …) into the trail with this transaction."""
        self.events.append(audit.Event(kind, type_name, record_id, child_id, details))

    def whole_home(self, statement: Select[Any]) -> CursorResult[Any]:
        """Read beside the person's row conditions, for questions that concern the whole home.

        Only for rules whose answer betrays nothing: a file number is given once, also where the other child
        is not entrusted to the person; a room is taken, whoever sits in it.
        """
        return self.connection().execute(statement)

    def bulk(self, record_type: type[Record], rows: list[dict[str, Any]]) -> None:
        """Insert many rows at once, for the program itself (demo home, import of a whole table).

        They pass no single check, so only the system may; the trail says how many were written.
        """
        if not self.actor.system:
            raise Forbidden(_("Only the program itself may write in bulk."))
        if not rows:
            return
        meanings = [meaning for meaning in fields_of(record_type) if meaning.searched]
        filled = []
        for row in rows:
            row.setdefault("recorded_at", self.now)
            whole = {"id": new_id(), "version": 1, "state": record_type.first_state,
                     "recorded_by_id": self.actor.account_id, "recorded_by": self.actor.name, **row}  # fmt: skip
            whole["search_text"] = search.text_of(
                (row.get(meaning.name), meaning.kind) for meaning in meanings if not meaning.confidential
            )
            filled.append(whole)
        names = set().union(*filled)
        for whole in filled:
            for name in names:
                whole.setdefault(name, None)
        self.connection().execute(insert(record_type), filled)
        self.record_event("bulk", record_type.__name__, rows=len(rows))
        self.touched.add(record_type.__name__)


class Database:
    """One home's database: an encrypted SQLite file or a PostgreSQL server.

    Args:
        engine: made by :func:`sqlcipher_engine` or :func:`postgres_engine`.
        clock: returns the present moment; tests and the demo home give their own.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = datetime.now) -> None:
        self.engine, self.clock = engine, clock
        self.listeners: list[Listener] = []

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.engine.dialect.name

    @contextmanager
    def work(self, actor: Actor) -> Iterator[Work]:
        """Open a unit of work that commits at its end, or rolls back when anything is raised."""
        with Work(self.engine, actor, self.clock(), reading=False) as work:
            if self.dialect == "sqlite":
                work.connection(execution_options={"qinghe_begin": "IMMEDIATE"})
            try:
                yield work
                work.commit()
            except StaleDataError as stale:
                raise Changed((), _("someone else"), 0) from stale
            touched = frozenset(work.touched)
        if touched:
            for listener in tuple(self.listeners):
                listener(touched)

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Work]:
        """Open a unit of work that only reads."""
        with Work(self.engine, actor, self.clock(), reading=True) as work:
            yield work

    def create_schema(self) -> None:
        """Make all tables in an empty database and mark them with the program's schema version."""
        from models.core.migrations import stamp

        Base.metadata.create_all(self.engine)
        stamp(self.engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def sqlcipher_engine(file: Path, key: bytes, *, create: bool = False) -> Engine:
    """Return an engine on an encrypted file; ``key`` is 32 random bytes.

    Raises:
        Unusable: when the driver is not SQLCipher (the standard one would silently write plain text).
    """
    import sqlcipher3.dbapi2 as driver

    pragma_key = f"PRAGMA key = \"x'{key.hex()}'\""

    def connect() -> Any:
        if not create and not file.exists():
            raise Unusable(_("The database file is not where it should be: {file}").format(file=file))
        connection = driver.connect(str(file), check_same_thread=False, timeout=10, isolation_level=None)
        cursor = connection.cursor()
        if not cursor.execute("PRAGMA cipher_version").fetchone():
            connection.close()
            raise Unusable(_("The database driver cannot encrypt. Nothing was opened or written."))
        cursor.execute(pragma_key)
        try:
            cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except driver.DatabaseError as error:
            connection.close()
            raise Unusable(
                _("This file is not this home's database, or its key does not fit. Nothing was written.")
            ) from error
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 10000",
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        return connection

    engine = create_engine("sqlite:///" + file.as_posix(), module=driver, creator=connect)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("qinghe_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def postgres_engine(url: str) -> Engine:
    """Return an engine on a PostgreSQL server; ``url`` is ``postgresql+psycopg://…``.

    Raises:
        Unusable: when the server would lose acknowledged work or cannot hold Chinese text.
    """
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    with engine.connect() as connection:
        for name, wanted in (("fsync", "on"), ("server_encoding", "UTF8")):
            found = connection.execute(text(f"SHOW {name}")).scalar_one()
            if found != wanted:
                raise Unusable(
                    _("The server's setting {name} is {found}; it must be {wanted}.").format(
                        name=name, found=found, wanted=wanted
                    )
                )
    return engine


@event.listens_for(Work, "do_orm_execute")
def _limit_reading(state: ORMExecuteState) -> None:
    """Add the person's row conditions to every statement and refuse what would pass them by."""
    work = state.session
    assert isinstance(work, Work)
    if work.actor.system:
        return
    if not state.is_orm_statement:
        raise Forbidden(_("Statements beside the records are not allowed here."))
    if isinstance(state.statement, Update | Delete) or state.is_insert:
        raise Forbidden(_("Records are changed one by one, so that every change is checked and noted."))
    if not state.is_column_load:
        moment.set(work.now)
        aside = bool(state.execution_options.get("aside"))
        state.statement = state.statement.options(*criteria_of(state.statement, work.criteria, aside=aside))


@event.listens_for(Work, "before_flush")
def _check_writing(work: Work, context: Any, instances: Any) -> None:
    """Refuse what the person may not write or what breaks a rule; note what changes for the trail."""
    changed = [each for each in work.dirty if isinstance(each, Record) and work.is_modified(each)]
    added = [each for each in work.new if isinstance(each, Record)]
    for each in [*work.new, *work.dirty, *work.deleted]:
        if not isinstance(each, Record) and (each not in work.dirty or work.is_modified(each)):
            _check_plain(work, each)
    if work.reading and (changed or added or work.deleted):
        raise Forbidden(_("Nothing can be changed while only reading."))
    for each in work.deleted:
        if isinstance(each, Record) and not work.actor.system:
            raise Forbidden(_("Records are never deleted; move them to the bin instead."))
    for each in added:
        _fill_new(work, each)
    found: list[Problem] = []
    for each in [*added, *changed]:
        _check_role(work, each, new=each in added)
        wrong = list(wrong_in_themselves(each)) if each in added or _values_changed(each) else []
        if wrong:
            found.extend(wrong)
            continue
        each.before_save(work)
        _check_permission(work, each, new=each in added)
        if each in added or _values_changed(each):
            found.extend(problems_of(work, each))
    errors = [problem for problem in found if not problem.warning]
    if errors:
        raise Invalid(found)
    if found and not work.confirmed:
        raise Unconfirmed(found)
    for each in [*added, *changed]:
        _note(work, each, new=each in added)


def _check_plain(work: Work, row: Base) -> None:
    """Check what is kept beside the records (accounts, settings, files, seals)."""
    if not work.actor.system:
        if work.reading:
            raise Forbidden(_("Nothing can be changed while only reading."))
        if not work.actor.may("edit", type(row)):
            raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(type(row).title)))
    row.guard(work)
    work.touched.add(type(row).__name__)


def _fill_new(work: Work, record: Record) -> None:
    record.id = record.id or new_id()
    record.state = record.state or type(record).first_state
    if record.recorded_at is None or not work.actor.system:
        record.recorded_at = work.now
    record.recorded_by_id = record.recorded_by_id or work.actor.account_id
    record.recorded_by = record.recorded_by or work.actor.name


def _note(work: Work, record: Record, *, new: bool) -> None:
    if not new:
        record.changed_at, record.changed_by = work.now, work.actor.name
    pieces = [
        (getattr(record, meaning.name), meaning.kind)
        for meaning in fields_of(type(record))
        if meaning.searched and not meaning.confidential and meaning.kind != "reference"
    ]
    pieces += [(words, "text") for words in record.search_words()]
    record.search_text = search.text_of(pieces)
    history = inspect(record).attrs.deleted_at.history
    kind = "created" if new else "changed"
    if not new and history.has_changes():
        kind = "binned" if record.deleted_at else "restored"
    elif not new and inspect(record).attrs.state.history.has_changes():
        kind = "step"
    noted = audit.change_of(record, kind)
    if noted:
        work.events.append(noted)
        work.touched.add(type(record).__name__)


def _values_changed(record: Record) -> bool:
    state = inspect(record)
    return any(state.attrs[meaning.name].history.has_changes() for meaning in fields_of(type(record)))


def _check_role(work: Work, record: Record, *, new: bool) -> None:
    action = work.step_action or ("create" if new else "edit")
    if not work.actor.may(action, type(record)):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(type(record).title)))


def _check_permission(work: Work, record: Record, *, new: bool) -> None:
    if work.actor.system:
        return
    kind = type(record)
    if not new and work.step_action is None:
        history = inspect(record).attrs.state.history
        before = history.deleted[0] if history.deleted else record.state
        if before not in EDITABLE and _values_changed(record):
            raise Forbidden(_("An approved record is not edited; correct it with a reason instead."))
    condition = kind.scope(work.actor)
    if condition is not None and not _within_scope(work, record):
        raise Missing(_("This is not among the children entrusted to you."))
    refusal = record.refused(work)
    if refusal:
        raise Forbidden(refusal)


def _within_scope(work: Work, record: Record) -> bool:
    """Whether the child (or other owner) that a record belongs to is visible for the person."""
    owner = record.owner() if hasattr(record, "owner") else None
    if owner is None:
        return True
    owner_type, owner_id = owner
    with work.no_autoflush:
        asked = select(owner_type.id).where(owner_type.id == owner_id).execution_options(aside=True)
        return work.scalar(asked) is not None


def wrong_in_themselves(record: Record) -> Iterator[Problem]:
    """Yield what is wrong with single values whatever the rules may still fill in.

    Nothing is derived from such values, so that ``before_save`` never meets an unknown code or a missing child.
    """
    fills = type(record).before_save is not Record.before_save
    for meaning in fields_of(type(record)):
        value = getattr(record, meaning.name)
        problem = problem_with(meaning, value)
        may_be_filled = fills and value in (None, "", []) and meaning.kind != "reference"
        if problem and not may_be_filled:
            yield problem


def problems_of(work: Work, record: Record) -> Iterator[Problem]:
    """Yield everything wrong with a record: field by field, then the rules that span fields."""
    clean = True
    for meaning in fields_of(type(record)):
        problem = problem_with(meaning, getattr(record, meaning.name))
        if problem:
            clean = False
            yield problem
    if clean:
        with work.no_autoflush:
            yield from record.problems(work)


def problem_with(meaning: Field, value: Any) -> Problem | None:
    """Return what is wrong with one value by itself, or None."""
    if value is None or value == "" or value == []:
        return Problem(meaning.name, _("Please fill this in.")) if meaning.required else None
    if meaning.length and isinstance(value, str) and len(value) > meaning.length:
        return Problem(meaning.name, _("At most {n} characters; this has {m}.").format(n=meaning.length, m=len(value)))
    if meaning.codes is not None:
        for code in value if meaning.kind == "codes" else [value]:
            if code not in meaning.codes:
                return Problem(meaning.name, _("Please choose from the list."))
    if meaning.numeric:
        if meaning.minimum is not None and value < meaning.minimum:
            return Problem(meaning.name, bound_words(_("At least {n} {unit}."), meaning.minimum, meaning.unit))
        if meaning.maximum is not None and value > meaning.maximum:
            return Problem(meaning.name, bound_words(_("At most {n} {unit}."), meaning.maximum, meaning.unit))
    return None


@event.listens_for(Work, "before_commit")
def _write_trail(work: Work) -> None:
    """Write the trail as the last thing before the commit, in the same transaction."""
    work.flush()
    if work.events:
        events, work.events = work.events, []
        audit.append(work.connection(), work.actor, work.now, events)


NO_CHANGE = N_("Nothing was changed.")
