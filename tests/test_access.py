"""No one sees what is not theirs: the probes through which a naive row filter leaks."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import aliased

from models.child import Child
from models.core import queries
from models.core.errors import Forbidden

PROBES = {
    "entity": lambda work: [child.name for child in work.scalars(select(Child))],
    "columns": lambda work: list(work.scalars(select(Child.name))),
    "alias": lambda work: list(work.scalars(select(aliased(Child).name))),
    "subquery": lambda work: list(work.scalars(select(select(Child.name).subquery().c.name))),
    "list": lambda work: [row.values[0] for row in queries.rows(work, Child)],
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
