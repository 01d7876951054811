"""The queue beside the window, with its real process: the top bar, the printer, stopping and going on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.record import new_id
from models.month import Month, children_of
from models.paper_jobs import PRINTER, PaperJob, PrinterChoice
from models.paper_journal import Journal, kept_jobs
from models.paper_plan import Plan, planned
from reports.catalogue import paper_named
from tests.reports.reading import pages_in
from ui.tasks import Tasks
from views.paper_queue import Beside, PaperQueue

OCTOBER = Month(2026, 10)


@pytest.fixture
def app(sign_in):
    app = sign_in("director")
    with app.database.work(SYSTEM) as work:
        for number in range(5):
            values = {"name": f"曾小{'一二三四五'[number]}", "number": f"2020-{number:03d}", "sex": "1"}
            records.save(work, Child, {**values, "born_on": date(2020, 1, 1)}, confirmed=True)
    app.tasks = Tasks(app.show_error, app)
    return app


def job_of(app, folder: Path, **more) -> PaperJob:
    with app.read() as work:
        children = children_of(work, OCTOBER)
    documents = planned(children, Plan(OCTOBER, [paper_named("monthly")]))
    return PaperJob(new_id(), app.now(), str(OCTOBER), ("monthly",), documents, folder=str(folder), **more)


def test_jobs_run_one_after_another_beside_the_window_and_can_be_stopped_and_gone_on_with(app, tmp_path, qtbot):
    queue = PaperQueue(app)
    assert isinstance(queue._maker, Beside)
    shares: list[float] = []
    app.doing.connect(lambda doing: shares.append(doing.share if doing else -1.0))
    first, second = job_of(app, tmp_path / "first"), job_of(app, tmp_path / "second")
    queue.add(first)
    queue.add(second)
    assert queue.is_waiting(second.id) and queue.running == first.id
    qtbot.waitUntil(lambda: queue.state(first.id).printed >= 1, timeout=120_000)
    queue.stop(second.id)
    queue.stop(first.id)
    qtbot.waitUntil(lambda: not queue.running, timeout=60_000)
    stopped = queue.state(first.id)
    assert stopped.stopped and not stopped.ended and stopped.printed < 5
    assert shares[-1] == -1.0 and max(shares) < 1
    remembered = [each for each in kept_jobs(app.home, app.actor) if each.stopped]
    assert {each.job.id for each in remembered} == {first.id, second.id}
    queue.resume(first.id)
    queue.resume(second.id)
    qtbot.waitUntil(lambda: queue.state(second.id).ended, timeout=120_000)
    assert len(list((tmp_path / "first").glob("*.pdf"))) == len(list((tmp_path / "second").glob("*.pdf"))) == 5
    assert queue.state(first.id).printed == 5


def test_closing_the_window_breaks_a_job_off_and_keeps_what_is_done(app, tmp_path, qtbot):
    queue = PaperQueue(app)
    job = job_of(app, tmp_path / "papers")
    queue.add(job)
    qtbot.waitUntil(lambda: queue.state(job.id).printed >= 1, timeout=120_000)
    queue.close()
    (state,) = kept_jobs(app.home, app.actor)
    assert not state.ended and not state.stopped and 1 <= state.printed < 5


def test_a_printer_gets_the_pages_that_a_folder_would_get(app, tmp_path, qtbot):
    out = tmp_path / "printer"
    out.mkdir()
    queue = PaperQueue(app)
    queue.add(job_of(app, tmp_path / "papers"))
    job = job_of(app, Path(), target=PRINTER, printer=PrinterChoice("", file=str(out)))
    queue.add(job)
    qtbot.waitUntil(lambda: queue.state(job.id).ended or queue.state(job.id).stopped, timeout=180_000)
    assert queue.state(job.id).problem == "" and queue.state(job.id).printed == 5
    pages = sum(pages_in(each.read_bytes()) for each in (tmp_path / "papers").glob("*.pdf"))
    assert sum(pages_in(each.read_bytes()) for each in out.glob("*.pdf")) == pages


def test_a_job_of_yesterday_is_told_when_the_window_opens_and_goes_on_at_a_press(app, tmp_path, qtbot):
    from ui.tasks import InlineTasks
    from views.paper_queue import queue_of, remind

    app.tasks = InlineTasks()
    job = job_of(app, tmp_path / "papers")
    journal = Journal(app.home, app.actor, job.id)
    journal.begin(job)
    journal.add({"what": "done", "n": 0, "file": job.documents[0].file, "printed": 1})
    told = []
    app.telling.connect(lambda *words: told.append(words))
    remind(app)
    words, go_on, label = told[0]
    assert "1 of 5" in words and label == "Continue"
    go_on()
    assert queue_of(app).state(job.id).ended
    assert len(list((tmp_path / "papers").glob("*.pdf"))) == 4
    assert "5 papers are printed." in told[-1][0]
