"""The worker process: killed in the middle of a job it loses nothing, and the job goes on with the children not done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.home import Home
from models.month import Month, children_of
from models.paper_jobs import JobState, PaperJob
from models.paper_journal import Journal, kept_jobs
from models.paper_plan import Plan, planned
from reports.catalogue import paper_named
from reports.paper_worker import Order, hired
from tests.homes import PASSWORD

OCTOBER = Month(2026, 10)
CHILDREN = 6


@pytest.fixture
def home(home_folder: Path):
    home = Home.open(home_folder)
    database, actor = home.sign_in("director", PASSWORD)
    with database.work(SYSTEM) as work:
        for number in range(CHILDREN):
            values = {"name": f"曾小{'一二三四五六'[number]}", "number": f"2020-{number:03d}", "sex": "1"}
            records.save(work, Child, {**values, "born_on": date(2020, 1, 1)}, confirmed=True)
    yield home, database, actor
    database.close()


def worked(home: Home, actor, job_id: str, *, kill_after: int = 0) -> list[str]:
    """Let a worker do a job; kill it after so many documents. Return what it told."""
    connection, process = hired(Order(home.folder, home.key.raw, actor))
    told: list[str] = []
    connection.send(("job", job_id))
    while True:
        assert connection.poll(120), "the worker says nothing"
        _job, event = connection.recv()
        told.append(event["what"])
        if event["what"] == "over":
            connection.send(("close", ""))
            break
        if kill_after and told.count("done") == kill_after:
            process.kill()
            break
    process.join(30)
    assert not process.is_alive()
    return told


def test_a_job_that_is_killed_goes_on_with_those_not_done_and_prints_nobody_twice(home, tmp_path: Path):
    home, database, actor = home
    with database.read(actor) as work:
        children = children_of(work, OCTOBER)
    documents = planned(children, Plan(OCTOBER, [paper_named("monthly")]))
    job = PaperJob("k" * 32, database.clock(), str(OCTOBER), ("monthly",), documents, folder=str(tmp_path / "papers"))
    Journal(home, actor, job.id).begin(job)

    worked(home, actor, job.id, kill_after=2)
    before = state_of(home, actor)
    assert not before.ended and 2 <= len(before.files) < CHILDREN
    kept = {
        file: file.read_bytes() for file in (tmp_path / "papers").glob("*.pdf") if file.name in before.files.values()
    }
    assert all(each.startswith(b"%PDF") and each.rstrip().endswith(b"%%EOF") for each in kept.values())

    told = worked(home, actor, job.id)
    after = state_of(home, actor)
    assert after.ended and not after.failures and after.printed == CHILDREN
    assert told.count("done") == CHILDREN - len(before.files)
    files = sorted(each.name for each in (tmp_path / "papers").glob("*.pdf"))
    assert files == sorted(each.file for each in documents)
    assert all(file.read_bytes() == content for file, content in kept.items())
    with database.read(SYSTEM) as work:
        noted = {each.child_id for each in work.query(AuditEntry) if each.event == "printed"}
    assert noted == {each.id for each in children}


def state_of(home: Home, actor) -> JobState:
    (state,) = kept_jobs(home, actor)
    return state
