"""Work beside the window: answers come back on the window's thread, or not at all."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject

from ui.tasks import InlineTasks, Tasks


@pytest.fixture
def tasks(qtbot):
    made = Tasks()
    yield made
    assert made.close()


def test_the_answer_arrives_on_the_windows_thread_and_the_work_was_elsewhere(qtbot, tasks):
    seen = []
    tasks.run(
        lambda progress, cancelled: threading.get_ident(), lambda answer: seen.append((answer, threading.get_ident()))
    )
    qtbot.waitUntil(lambda: bool(seen))
    worker, here = seen[0]
    assert here == threading.get_ident() != worker


def test_work_is_done_one_after_the_other_in_its_order(qtbot, tasks):
    order = []
    for number in range(20):
        tasks.run(lambda progress, cancelled, number=number: number, order.append)
    qtbot.waitUntil(lambda: len(order) == 20)
    assert order == list(range(20))
    assert tasks.running == 0


def test_progress_is_told_in_shares_and_words(qtbot, tasks):
    told, done = [], []

    def work(progress, cancelled):
        for step in range(3):
            progress(step / 3, f"step {step}")

    tasks.run(work, done.append, progress=lambda share, text: told.append((round(share, 2), text)))
    qtbot.waitUntil(lambda: bool(done))
    assert told == [(0.0, "step 0"), (0.33, "step 1"), (0.67, "step 2")]


def test_cancelled_work_stops_and_its_answer_is_dropped(qtbot, tasks):
    started, answers = threading.Event(), []

    def work(progress, cancelled):
        started.set()
        while not cancelled():
            threading.Event().wait(0.005)
        return "too late"

    task = tasks.run(work, answers.append)
    assert started.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: task.finished)
    assert answers == []


def test_what_fails_is_told_to_who_asked_or_to_the_presenter(qtbot):
    presented, failed = [], []
    tasks = Tasks(show_error=presented.append)
    tasks.run(lambda progress, cancelled: 1 / 0, print, failed=failed.append)
    tasks.run(lambda progress, cancelled: [][1], print)
    qtbot.waitUntil(lambda: bool(presented))
    assert [type(each) for each in failed + presented] == [ZeroDivisionError, IndexError]
    assert tasks.close()


def test_an_answer_for_a_widget_that_died_is_dropped(qtbot, tasks):
    class Asker(QObject):
        def hear(self, answer):
            told.append(answer)

    from shiboken6 import delete

    asker, heard, told, go = Asker(), [], [], threading.Event()
    tasks.run(lambda progress, cancelled: go.wait(5), asker.hear)
    delete(asker)
    go.set()
    tasks.run(lambda progress, cancelled: None, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert told == [], "the dead hear nothing"


def test_closing_cancels_what_still_runs(qtbot):
    tasks = Tasks()
    tasks.run(
        lambda progress, cancelled: [
            None for _ in iter(lambda: not cancelled() and not threading.Event().wait(0.002), False)
        ],
        print,
    )
    assert tasks.close(5)


def test_inline_tasks_have_answered_when_run_returns(qtbot):
    answers = []
    task = InlineTasks().run(lambda progress, cancelled: (progress(0.5, ""), 42)[1], answers.append)
    assert (answers, task.finished) == ([42], True)
