"""Nobody and nothing is booked twice: the database refuses it on both back ends, whoever writes."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.core.record import new_id
from models.rooms import Equipment, Room
from models.scheduling import guard
from models.scheduling.conflicts import Booking, clashes
from models.scheduling.guard import Taken
from models.scheduling.occupancy import occupancy
from models.staff import Staff
from models.therapy import TherapySession

NINE = datetime(2026, 11, 23, 9, 0)
HALF_HOUR = timedelta(minutes=30)
TABLE = TherapySession.__table__


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    """Two therapists, a room for one, a hall for two, one standing frame."""
    with home.database.work(SYSTEM) as work:
        ids = {
            "therapist": records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"}),
            "colleague": records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist"}),
            "room": records.save(work, Room, {"name": "言语训练室", "kind": "st", "capacity": 1}),
            "hall": records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 2}),
            "frame": records.save(work, Equipment, {"name": "站立架", "quantity": 1}),
        }
    return SimpleNamespace(**vars(home), **ids)


def row(clinic, start=NINE, minutes=30, **given) -> dict:
    """An ordinary session as plain columns, past every check of the program."""
    made = new_id()
    whole = {
        "id": made, "version": 1, "state": "draft", "recorded_at": NINE, "recorded_by_id": "x", "recorded_by": "x",
        "search_text": "", "child_id": clinic.child, "therapist_id": clinic.therapist, "therapy": "PT",
        "form": "single", "status": "booked", "starts_at": start, "ends_at": start + timedelta(minutes=minutes),
        "sitting_id": made,
    }  # fmt: skip
    return {**whole, **given}


def write(clinic, *rows) -> None:
    with clinic.database.engine.begin() as connection:
        for each in rows:
            connection.execute(insert(TABLE), each)


def written(clinic) -> int:
    """How many sessions the database has taken."""
    with clinic.database.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(TABLE)).scalar_one()


def free_child(clinic) -> dict:
    """What makes a row another child's with another therapist."""
    return {"child_id": clinic.other, "therapist_id": clinic.colleague}


@pytest.mark.parametrize(
    ("what", "same"),
    [
        ("child", lambda c: {"therapist_id": c.colleague}),
        ("therapist", lambda c: {"child_id": c.other}),
        ("room", lambda c: {**free_child(c), "room_id": c.room}),
        ("equipment", lambda c: {**free_child(c), "equipment_id": c.frame}),
    ],
)
def test_the_database_refuses_a_second_booking(clinic, what, same):
    write(clinic, row(clinic, room_id=clinic.room, equipment_id=clinic.frame))
    with pytest.raises(Taken) as refused:
        write(clinic, row(clinic, NINE + timedelta(minutes=25), **same(clinic)))
    assert refused.value.what == what


def test_one_session_may_begin_when_another_ends(clinic):
    write(clinic, row(clinic), row(clinic, NINE + HALF_HOUR), row(clinic, NINE - HALF_HOUR))
    assert written(clinic) == 3


def test_a_room_takes_as_many_children_as_it_has_places_at_each_moment(clinic):
    third = _another_child(clinic)
    write(
        clinic,
        row(clinic, minutes=60, room_id=clinic.hall),
        row(clinic, minutes=30, room_id=clinic.hall, **free_child(clinic)),
    )
    with pytest.raises(Taken, match="full"):
        write(clinic, row(clinic, NINE + timedelta(minutes=15), child_id=third, room_id=clinic.hall,
                          therapist_id=_another_therapist(clinic)))  # fmt: skip
    write(clinic, row(clinic, NINE + HALF_HOUR, child_id=third, room_id=clinic.hall,
                      therapist_id=_another_therapist(clinic)))  # fmt: skip


def test_children_of_one_sitting_share_their_therapist(clinic):
    sitting = new_id()
    group = {"form": "group", "sitting_id": sitting, "room_id": clinic.hall}
    write(clinic, row(clinic, **group), row(clinic, **group, child_id=clinic.other))
    with pytest.raises(Taken, match="child already"):
        write(clinic, row(clinic, **group))
    with pytest.raises(Taken, match="full"):
        write(clinic, row(clinic, **group, child_id=_another_child(clinic)))


def test_a_session_cannot_slip_into_a_foreign_sitting_one_to_one(clinic):
    first = row(clinic)
    write(clinic, first)
    with pytest.raises(Exception, match="ck_therapy_session_sitting"):
        write(clinic, row(clinic, child_id=clinic.other, sitting_id=first["sitting_id"]))


def test_moving_reopening_and_taking_out_of_the_bin_are_checked_like_booking(clinic):
    first, cancelled = row(clinic), row(clinic, status="cancelled", reason="ill")
    later = row(clinic, NINE + timedelta(hours=2))
    binned = row(clinic, deleted_at=NINE)
    write(clinic, first, cancelled, later, binned)
    for target, values in (
        (cancelled, {"status": "booked"}),
        (later, {"starts_at": NINE, "ends_at": NINE + HALF_HOUR}),
        (binned, {"deleted_at": None}),
    ):
        with pytest.raises(Taken), clinic.database.engine.begin() as connection:
            connection.execute(update(TABLE).where(TABLE.c.id == target["id"]).values(values))


def test_what_is_cancelled_absent_void_or_binned_holds_nothing(clinic):
    write(
        clinic,
        row(clinic, status="cancelled", reason="ill"),
        row(clinic, status="absent", reason="ill"),
        row(clinic, state="void"),
        row(clinic, deleted_at=NINE),
        row(clinic),
    )
    assert written(clinic) == 5


def test_a_correction_stands_beside_the_version_it_corrects_until_it_is_approved(clinic):
    with clinic.database.work(SYSTEM) as work:
        session = records.save(work, TherapySession, _values(clinic))
        for step in ("submit", "review", "approve"):
            records.take_step(work, TherapySession, session, step)
        corrected = records.correct(work, TherapySession, session, "时间记错")
        for step in ("submit", "review", "approve"):
            records.take_step(work, TherapySession, corrected, step)
    with pytest.raises(Taken):
        write(clinic, row(clinic))


@pytest.mark.parametrize("length", [0, -30, 16 * 60])
def test_a_session_ends_after_it_begins_and_on_the_same_day(clinic, length):
    with pytest.raises(Exception, match="ck_therapy_session"):
        write(clinic, row(clinic, minutes=length))


def test_the_guard_is_whole_and_a_missing_part_is_named(clinic):
    name = guard.names(clinic.database.dialect)[0]
    with clinic.database.engine.begin() as connection:
        assert guard.missing(connection) == ()
        on = "" if clinic.database.dialect == "sqlite" else " ON therapy_session"
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
        assert guard.missing(connection) == (name,)
        guard.install(connection)
        assert guard.missing(connection) == ()


def test_the_form_says_who_has_the_slot_before_the_database_must_refuse(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(work, TherapySession, _values(clinic))
    with pytest.raises(Invalid) as refused, clinic.database.work(clinic.director) as work:
        records.save(work, TherapySession, _values(clinic, child_id=clinic.other), confirmed=True)
    assert not isinstance(refused.value, Taken)
    assert [problem.field for problem in refused.value.problems] == ["therapist_id"]
    assert "李静 is already treating 曾小乐 (PT), 09:00–09:30." in str(refused.value)


def test_of_two_who_book_the_same_slot_at_the_same_moment_one_wins_and_the_other_is_told(clinic):
    for round_ in range(4):
        start = NINE + round_ * HALF_HOUR
        outcomes = _race(clinic, start)
        assert sorted(outcomes) == ["booked", "told"], outcomes


def _race(clinic, start) -> list[str]:
    ready, outcomes = threading.Barrier(2), []

    def book(child: str) -> None:
        try:
            ready.wait()
            with clinic.database.engine.begin() as connection:
                connection.execute(insert(TABLE), row(clinic, start, child_id=child))
                time.sleep(0.1)  # Both have looked before either commits, unless one had to wait.
            outcomes.append("booked")
        except Taken as taken:
            outcomes.append("told" if taken.problems[0].message.startswith("The therapist") else str(taken))

    threads = [threading.Thread(target=book, args=(child,)) for child in (clinic.child, clinic.other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return outcomes


def _values(clinic, **given) -> dict:
    values = {"child_id": clinic.child, "therapist_id": clinic.therapist, "therapy": "PT", "form": "single",
              "starts_at": NINE, "ends_at": NINE + HALF_HOUR, "status": "booked"}  # fmt: skip
    return {**values, **given}


def _another_child(clinic) -> str:
    from models.child import Child
    from tests.factories import make

    with clinic.database.work(SYSTEM) as work:
        return make(work, Child, unit_id=clinic.sunflower)


def _another_therapist(clinic) -> str:
    with clinic.database.work(SYSTEM) as work:
        return records.save(work, Staff, {"name": "吴敏", "sex": "2", "post": "therapist"})


# --- the function and the database agree ------------------------------------------------------------

_sessions = st.lists(
    st.tuples(
        st.integers(0, 3),  # child
        st.integers(0, 1),  # therapist
        st.sampled_from([None, "room", "hall"]),
        st.sampled_from([None, "frame"]),
        st.integers(0, 7),  # start, in quarters of an hour
        st.integers(1, 4),  # length
        st.booleans(),  # one of the common group
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sessions=_sessions)
def test_the_function_and_the_database_agree_about_every_booking(clinic, sessions):
    children = _children(clinic)
    limits = {clinic.room: 1, clinic.hall: 2, clinic.frame: 1}
    common, standing = new_id(), []
    with clinic.database.engine.connect() as connection, connection.begin() as transaction:
        for child, therapist, room, equipment, start, length, grouped in sessions:
            values = row(
                clinic, NINE + timedelta(minutes=15 * start), 15 * length, child_id=children[child],
                therapist_id=(clinic.therapist, clinic.colleague)[0 if grouped else therapist],
                room_id=getattr(clinic, room) if room else None,
                equipment_id=getattr(clinic, equipment) if equipment else None,
            )  # fmt: skip
            if grouped:
                values |= {"form": "group", "sitting_id": common}
            proposal = _booking(values)
            said = {clash.kind for clash in clashes([proposal], standing, limits)}
            refused = _refused(connection, values)
            assert (refused in said) if refused else not said
            if not refused:
                standing.append(proposal)
        transaction.rollback()


def _refused(connection, values) -> str:
    """Write one row in a savepoint and return what the database refused it for; empty when it took it."""
    try:
        with connection.begin_nested():
            connection.execute(insert(TABLE), values)
    except Taken as taken:
        return taken.what
    return ""


def _booking(values) -> Booking:
    names = ("id", "child_id", "therapist_id", "starts_at", "ends_at", "room_id", "equipment_id", "sitting_id")
    return Booking(**{name: values.get(name) for name in names})


_known: dict[int, list[str]] = {}


def _children(clinic) -> list[str]:
    if id(clinic) not in _known:
        _known[id(clinic)] = [clinic.child, clinic.other, _another_child(clinic), _another_child(clinic)]
    return _known[id(clinic)]


@given(st.integers(0, 40), st.integers(1, 20), st.integers(0, 40), st.integers(1, 20))
def test_clashes_are_mutual(start, length, other_start, other_length):
    def at(key: str, begin: int, long: int) -> Booking:
        minutes = timedelta(minutes=5)
        return Booking(key, key, "t", NINE + begin * minutes, NINE + (begin + long) * minutes)

    one, other = at("a", start, length), at("b", other_start, other_length)
    assert bool(clashes([one], [other], {})) == bool(clashes([other], [one], {})) == one.meets(other)


def test_a_group_is_judged_as_a_whole(clinic):
    first = Booking("1", "a", clinic.therapist, NINE, NINE + HALF_HOUR, clinic.room, sitting_id="s", form="group")
    second = replace(first, id="2", child_id="b")
    assert [each.kind for each in clashes([first, second], [], {clinic.room: 1})] == ["room"]
    assert not clashes([first, second], [], {clinic.room: 2})


def test_what_may_not_be_seen_is_known_to_be_taken_but_not_by_whom(clinic):
    from tests.conftest import actor

    write(clinic, row(clinic, child_id=clinic.other))
    with clinic.database.read(actor("therapist", staff_id=clinic.caregiver)) as work:
        taken = occupancy(work, NINE.date(), NINE.date())
        proposal = Booking("n", clinic.child, clinic.therapist, NINE, NINE + HALF_HOUR, therapy="OT")
        words = [conflict.words for conflict in taken.conflicts(proposal) if conflict.kind == "therapist"]
    assert words == ["李静 is already treating another child (PT), 09:00–09:30."]


def test_only_what_tells_free_from_busy_is_open_to_those_who_may_read_sessions_at_all(clinic):
    from models.core.errors import Forbidden
    from models.core.freebusy import busy
    from tests.conftest import actor

    write(clinic, row(clinic, child_id=clinic.other, note="秘密"))
    with clinic.database.read(actor("therapist")) as work:
        assert len(busy(work, TherapySession, ("starts_at", "therapist_id"))) == 1
        with pytest.raises(Forbidden):
            busy(work, TherapySession, ("note",))
    with clinic.database.read(actor("finance")) as work, pytest.raises(Forbidden):
        busy(work, TherapySession, ("starts_at",))
