"""No one sees what is not theirs: the probes through which a naive row filter leaks."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import aliased, joinedload, make_transient_to_detached, relationship, selectinload

from models.child import Child
from models.core import queries
from models.core.errors import Forbidden
from models.unit import Unit


def joined_names(work):
    other = aliased(Child)
    return list(work.scalars(select(other.name).select_from(Child).outerjoin(other, other.id == Child.id)))


PROBES = {
    "entity": lambda work: [child.name for child in work.scalars(select(Child))],
    "columns": lambda work: list(work.scalars(select(Child.name))),
    "alias": lambda work: list(work.scalars(select(aliased(Child).name))),
    "subquery": lambda work: list(work.scalars(select(select(Child.name).subquery().c.name))),
    "list": lambda work: [row.values[0] for row in queries.rows(work, Child)],
    "join of an alias": lambda work: joined_names(work),
    "exists": lambda work: list(work.scalars(select(Child.name).where(select(Child.id).exists()))),
}


@pytest.mark.parametrize("probe", PROBES)
def test_a_caregiver_reads_only_the_children_of_the_own_unit(home, probe):
    with home.database.read(home.care) as work:
        assert PROBES[probe](work) == ["曾小乐"]


@pytest.mark.parametrize(
    "statement",
    [select(func.count(Child.id)), select(func.count()).select_from(Child)],
    ids=["count of a column", "count by select_from"],
)
def test_counts_do_not_count_what_may_not_be_seen(home, statement):
    with home.database.read(home.care) as work:
        assert work.scalar(statement) == 1


def test_a_foreign_child_cannot_be_had_by_its_key(home):
    with home.database.read(home.care) as work:
        assert work.get(Child, home.other) is None


@pytest.mark.parametrize(
    "statement",
    [select(Child.__table__.c.name), text("SELECT name FROM child"), update(Child).values(name="x"), delete(Child)],
    ids=["core", "text", "bulk update", "bulk delete"],
)
def test_statements_that_pass_by_the_records_are_refused(home, statement):
    with pytest.raises(Forbidden), home.database.work(home.care) as work:
        work.execute(statement)


def test_emergency_access_opens_one_child_for_thirty_minutes(home):
    """The condition reads the moment anew at each statement, also when it was built long ago."""
    from dataclasses import dataclass
    from datetime import timedelta

    from models.child import BreakGlass
    from models.core import records
    from models.core.access import SYSTEM
    from tests.conftest import NOW

    @dataclass
    class Clock:
        now = NOW

        def __call__(self):
            return self.now

    clock = Clock()
    home.database.clock = clock

    def seen():
        with home.database.read(home.care) as work:
            return work.scalar(select(func.count(Child.id)))

    assert seen() == 1
    with home.database.work(SYSTEM) as work:
        glass = {"account_id": home.care.account_id, "child_id": home.other, "reason": "emergency", "reason_text": "fever",
                 "starts_at": NOW, "ends_at": NOW + timedelta(minutes=30)}  # fmt: skip
        records.save(work, BreakGlass, glass)
    assert seen() == 2
    clock.now = NOW + timedelta(minutes=29)
    assert seen() == 2
    clock.now = NOW + timedelta(minutes=30)
    assert seen() == 1


Unit.probe_children = relationship(
    Child, primaryjoin=Child.unit_id == Unit.id, viewonly=True, foreign_keys=[Child.unit_id]
)
"""The home's own types have no relationships; this one, only here, shows that none would be a way around."""


@pytest.mark.parametrize("options", [(), (joinedload,), (selectinload,)], ids=["lazy", "joined", "selectin"])
def test_relationships_carry_the_conditions_too(home, options):
    with home.database.read(home.care) as work:
        loading = [load(Unit.probe_children) for load in options]
        units = work.scalars(select(Unit).options(*loading)).unique().all()
        assert sorted(len(unit.probe_children) for unit in units) == [0, 1]


def test_a_new_object_loads_only_what_may_be_seen(home):
    with home.database.read(home.care) as work:
        unit = Unit(id=home.second, name="二班", kind="ward", version=1)
        make_transient_to_detached(unit)
        work.add(unit)
        assert unit.probe_children == []
