"""Tasks 后台任务: unbounded work beside the window — one worker, progress, cancel, answers on the window's thread.

    def count(progress, cancelled):
        for month in range(12):
            if cancelled():
                return None
            progress(month / 12, _("month {n}").format(n=month + 1))
            ...
        return total

    task = app.tasks.run(count, then=self.show_total, progress=self.bar.show)
    task.cancel()      # neither ``then`` nor ``failed`` is called any more

The function gets plain values and returns plain values: it never sees a widget, an entity or a session
of somebody else. There is exactly one worker, so that database work never competes with itself;
what computes for a minute and touches no database is done ``beside()`` it, so that papers need not wait.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from shiboken6 import isValid

Progress = Callable[[float, str], None]
Function = Callable[[Progress, Callable[[], bool]], Any]

TURNS = 0.0005
"""Seconds after which a computing worker lets the window have its turn; Python's own 5 ms, waited for at each of the many
small calls of one repaint, would be felt."""

_ARRIVED = QEvent.Type(QEvent.registerEventType())


class Task:
    """One piece of work that was handed over; keep it to be able to cancel it."""

    def __init__(
        self,
        function: Function,
        then: Callable[[Any], None],
        failed: Callable[[Exception], None],
        progress: Progress | None,
    ) -> None:
        self.function, self.then, self.failed, self.progress = function, then, failed, progress
        self.finished = False
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; its answer is dropped whatever happens."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether someone has asked it to stop."""
        return self._stop.is_set()

    def perform(self, tell: Progress) -> Callable[[], None]:
        """Do the work and return what is to be called with its answer on the window's thread."""
        if self.cancelled:
            return _nothing
        try:
            answer = self.function(tell, lambda: self.cancelled)
        except Exception as error:  # the presenter decides what a person is told
            return _call(self.failed, error)
        return _call(self.then, answer)


class Tasks(QObject):
    """The program's one background worker.

    Attributes:
        changed: emitted when work is handed over or finished; ``running`` says how much there is.
    """

    changed = Signal()

    def __init__(self, show_error: Callable[[Exception], None] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.show_error = show_error or _raise_hook
        self.running = 0
        self._waiting: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._arrived: queue.SimpleQueue[tuple[Task, Callable[[], None], bool]] = queue.SimpleQueue()
        self._tasks: list[Task] = []
        self._worker: threading.Thread | None = None
        self._beside: Tasks | None = None

    def beside(self) -> Tasks:
        """Return the worker for long computing that touches no database."""
        if self._beside is None:
            self._beside = Tasks(self.show_error, self)
        return self._beside

    def run(
        self,
        function: Function,
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
    ) -> Task:
        """Hand work over; ``then`` gets its answer, ``failed`` what it raised (default: the error presenter)."""
        task = Task(function, then, failed or self.show_error, progress)
        self._tasks.append(task)
        self.running += 1
        self._start()
        self._waiting.put(task)
        self.changed.emit()
        return task

    def close(self, seconds: float = 10.0) -> bool:
        """Cancel everything and wait for the worker to end; return whether it did."""
        if self._beside is not None:
            self._beside.close(seconds)
        for task in self._tasks:
            task.cancel()
        if self._worker is None:
            return True
        self._waiting.put(None)
        self._worker.join(seconds)
        ended = not self._worker.is_alive()
        self._worker = None
        return ended

    def _start(self) -> None:
        if self._worker is None:
            sys.setswitchinterval(TURNS)
            self._worker = threading.Thread(target=self._work, name="qinghe-worker", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            answer = task.perform(self._teller(task))
            self._deliver(task, answer, last=True)

    def _teller(self, task: Task) -> Progress:
        def tell(share: float, text: str = "") -> None:
            if task.progress is not None and not task.cancelled:
                self._deliver(task, _call(task.progress, share, text), last=False)

        return tell

    def _deliver(self, task: Task, call: Callable[[], None], *, last: bool) -> None:
        """Put an answer down and wake the window; posting an event is safe from every thread, a signal is not."""
        self._arrived.put((task, call, last))
        if isValid(self):
            QCoreApplication.postEvent(self, QEvent(_ARRIVED))

    def event(self, event: QEvent) -> bool:  # Qt's spelling
        if event.type() != _ARRIVED:
            return super().event(event)
        while not self._arrived.empty():
            self._receive(*self._arrived.get())
        return True

    def _receive(self, task: Task, call: Callable[[], None], last: bool) -> None:
        if last:
            task.finished = True
            self.running -= 1
            self._tasks.remove(task)
            self.changed.emit()
        if not task.cancelled:
            call()


class InlineTasks(Tasks):
    """Work that is done at once in the same thread: for tests, and where there is no event loop."""

    def beside(self) -> Tasks:
        return self

    def run(
        self,
        function: Function,
        then: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
        progress: Progress | None = None,
    ) -> Task:
        task = Task(function, then, failed or self.show_error, progress)
        answer = task.perform(progress or _unheard)
        task.finished = True
        answer()
        return task


def _call(function: Callable[..., None], *values: Any) -> Callable[[], None]:
    """Return the call, to be made later unless the widget it belongs to has died meanwhile."""

    def call() -> None:
        owner = getattr(function, "__self__", None)
        if not isinstance(owner, QObject) or isValid(owner):
            function(*values)

    return call


def _unheard(share: float, text: str = "") -> None:
    return None


def _nothing() -> None:
    return None


def _raise_hook(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)
