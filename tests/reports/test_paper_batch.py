"""Batches of any paper: volumes without those that fail, papers kept under a number, nothing replaced unasked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.core.record import new_id
from models.kept_papers import KeptPaper
from models.month import Month, children_of
from models.paper_jobs import ALL, CHECK, EACH, JobState, PaperJob
from models.paper_plan import Plan, planned
from reports import catalogue as papers
from reports.catalogue import Wanted, catalogue, paper_named
from reports.paper_batch import Folder, Stage, carry_out, paper_bytes
from tests.reports.reading import faults, text_of

OCTOBER = Month(2026, 10)


@pytest.fixture
def batch(sqlite_database, tmp_path: Path):
    """Two children, and a function that prints for them."""
    from datetime import date

    from models.child import Child
    from models.core import records
    from models.core.access import SYSTEM
    from tests.conftest import actor

    with sqlite_database.work(SYSTEM) as work:
        for number, name in (("2020-001", "曾小乐"), ("2020-002", "张三")):
            values = {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)}
            records.save(work, Child, values, confirmed=True)
    director = actor("director")
    with sqlite_database.read(director) as work:
        children = children_of(work, OCTOBER)

    def run(*keys: str, manner: str = EACH, home=None, **more) -> JobState:
        plan = Plan(OCTOBER, [paper_named(key) for key in keys], manner)
        job = PaperJob(
            new_id(), sqlite_database.clock(), str(OCTOBER), keys, planned(children, plan), folder=str(tmp_path), **more
        )
        state = JobState(job)
        carry_out(state, stage(home))
        return state

    def stage(home=None) -> Stage:
        return Stage(sqlite_database, director, Folder(str(tmp_path)), home=home)

    return SimpleNamespace(
        run=run, stage=stage, children=children, database=sqlite_database, director=director, folder=tmp_path
    )


def files(batch) -> list[str]:
    return sorted(each.name for each in batch.folder.glob("*.pdf"))


def test_the_catalogue_has_every_declared_paper_of_a_child_and_only_for_those_who_may(batch):
    from models.forms import FORMS
    from tests.conftest import actor

    keys = [each.key for each in catalogue()]
    assert len(keys) == len(set(keys))
    assert {"monthly", "file", "child_week", "funded_sheet"} <= set(keys)
    assert {key for key, form in FORMS.items() if form.of.startswith("child")} <= set(keys)
    assert catalogue(actor("auditor")) == []
    assert {each.key for each in catalogue(actor("caregiver"))} < set(keys)


def test_every_paper_is_the_same_bytes_in_preview_and_file(batch):
    child, compared = batch.children[0], set()
    for kind in catalogue(batch.director):
        state = batch.run(kind.key, replace=True)
        assert not state.failures, (kind.key, state.failures)
        name = state.files[0]
        if name:
            shown = paper_bytes(batch.database, batch.director, kind.key, Wanted(child.id, OCTOBER))
            assert shown == (batch.folder / name).read_bytes(), kind.key
            assert faults(shown) == []
            compared.add(kind.key)
    assert {"monthly", "file"} <= compared


def test_a_paper_that_cannot_be_drawn_is_named_and_left_out_of_the_volume(batch, monkeypatch):
    draw = papers.monthly_paper

    def fails(record, head):
        if record.name == "曾小乐":
            raise ZeroDivisionError
        return draw(record, head)

    with monkeypatch.context() as patch:
        patch.setattr(papers, "monthly_paper", fails)
        state = batch.run("monthly", manner=ALL)
    assert [each.name for each in state.failures.values()] == ["曾小乐"]
    (name,) = files(batch)
    text = text_of((batch.folder / name).read_bytes())
    assert "张三" in text and "曾小乐" not in text
    state.hear({"what": "retry"})
    carry_out(state, batch.stage())
    assert state.printed == 2 and not state.failures
    assert "曾小乐" in text_of((batch.folder / name).read_bytes())
    assert files(batch) == [name]


def test_a_file_that_came_meanwhile_is_left_alone(batch):
    plan = planned(batch.children, Plan(OCTOBER, [paper_named("monthly")]))
    (batch.folder / plan[0].file).write_bytes(b"mine")
    state = batch.run("monthly")
    assert (batch.folder / plan[0].file).read_bytes() == b"mine"
    assert state.files[0] == plan[0].file.replace(".pdf", " (2).pdf")


def test_checking_writes_nothing(batch):
    state = batch.run("monthly", target=CHECK)
    assert state.ended and state.printed == 0 and files(batch) == []


def test_a_full_disk_stops_the_job_which_then_goes_on(batch, monkeypatch):
    from reports import paper_batch

    def full(file, content):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(paper_batch, "write_whole", full)
        state = batch.run("monthly")
    assert state.stopped and "could not be written" in state.problem and not state.ended
    carry_out(state, batch.stage())
    assert state.ended and len(files(batch)) == 2


@pytest.mark.parametrize(("paper", "later"), [("monthly", timedelta(days=34)), ("file", timedelta(hours=2))])
def test_final_papers_are_kept_under_a_number_and_come_out_the_same_again(batch, home_folder, paper, later):
    from models.core.home import Home
    from tests.slow.harness import unlocked

    home: Home = unlocked(home_folder)
    first = batch.run(paper, home=home, keep=True)
    assert first.printed == 2 and not first.failures
    content = {name: (batch.folder / name).read_bytes() for name in files(batch)}
    with batch.database.read(batch.director) as work:
        numbers = sorted(each.number for each in work.query(KeptPaper))
    assert len(numbers) == 2
    assert any(numbers[0] in text_of(each) for each in content.values())
    now = batch.database.clock()
    batch.database.clock = lambda: now + later
    again = batch.run(paper, home=home, keep=True, replace=True)
    assert again.printed == 2
    assert {name: (batch.folder / name).read_bytes() for name in files(batch)} == content
