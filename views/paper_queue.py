"""Paper queue 打印队列: the person's print jobs, one after another beside the window, and what came of them.

The queue lives as long as the window. A job that was broken off by the end of the program is found again in its
journal and offered: it goes on with the children that are not yet done.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from models.core.errors import Refused
from models.month import photos_in
from models.paper_jobs import PRINTER, Event, JobState, Pace, PaperJob
from models.paper_journal import Journal, kept_jobs
from resources import _, ngettext, sentences
from ui.app import App, Doing
from ui.pages import companion
from ui.printers import send
from ui.tasks import InlineTasks, Tasks

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

LOOK_EVERY = 80
"""Milliseconds between two looks at what the worker has told."""
REMIND_AFTER = 1200
"""The window first shows what it is there for."""
Hear = Callable[[str, Event], None]


class Maker(Protocol):
    """Who carries jobs out."""

    def start(self, state: JobState) -> None:
        """Begin a job; what happens is told to the queue, at last ``over``."""

    def stop(self) -> None:
        """Stop after the paper in hand."""

    def close(self) -> None:
        """Let go of everything."""


class AtOnce:
    """Carries jobs out at once in this thread: for tests, and where there is no home to open elsewhere."""

    def __init__(self, app: App, hear: Hear) -> None:
        self.app, self._hear, self._stopped = app, hear, False

    def start(self, state: JobState) -> None:
        from reports.paper_batch import Folder, Stage, carry_out

        app, job, self._stopped = self.app, state.job, False
        journal = Journal(app.home if hasattr(app.home, "key") else None, app.actor, job.id)
        copy = journal.read() if journal.file else None

        def tell(event: Event) -> None:
            if event["what"] != "at":
                journal.add(event)
            self._hear(job.id, event)

        target = _Printing(job) if job.target == PRINTER else Folder(job.folder)
        photos = photos_in(app.home if hasattr(app.home, "folder") else None)
        stage = Stage(app.database, app.actor, target, photos, tell, lambda: self._stopped, _real_home(app))
        carry_out(copy or JobState(job), stage)
        self._hear(job.id, {"what": "over"})

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        self._stopped = True


class _Printing:
    """The printer as the place where documents go."""

    def __init__(self, job: PaperJob) -> None:
        self.job = job

    def place(self, state: JobState, number: int) -> str:
        return self.job.printer.name if self.job.printer else ""

    def put(self, place: str, pdf: bytes) -> None:
        assert self.job.printer is not None
        send(pdf, self.job.printer, self.job.id[:8])


class Beside:
    """Carries jobs out in a process of their own; the window only looks now and then at what it has told."""

    def __init__(self, app: App, hear: Hear) -> None:
        self.app, self._hear = app, hear
        self._connection: Connection | None = None
        self._process: BaseProcess | None = None
        self._state: JobState | None = None
        self._printing = Tasks(app.show_error, app)
        self._timer = QTimer(app, interval=LOOK_EVERY)
        self._timer.timeout.connect(self._look)

    def start(self, state: JobState) -> None:
        from reports.paper_worker import Order, hired

        self._state = state
        if self._process is None or not self._process.is_alive():
            home = self.app.home
            self._connection, self._process = hired(Order(home.folder, home.key.raw, self.app.actor))
        self._say("job", state.job.id)
        self._timer.start()

    def stop(self) -> None:
        self._say("stop", "")

    def close(self) -> None:
        self._timer.stop()
        self._say("leave", "")
        self._printing.close(2.0)
        if self._process is not None:
            self._process.join(10)
            if self._process.is_alive():  # it is in the middle of something long; the journal knows how far it is
                self._process.kill()
            self._process = self._connection = None

    def rest(self) -> None:
        """Send the worker home when there is nothing more to do."""
        self._timer.stop()
        self._say("close", "")
        self._process = self._connection = None

    def _say(self, what: str, value: str) -> None:
        if self._connection is not None:
            try:
                self._connection.send((what, value))
            except OSError:  # it has died; the next look finds that out
                pass

    def _look(self) -> None:
        assert self._connection is not None
        try:
            while self._connection is not None and self._connection.poll():
                job_id, event = self._connection.recv()
                self._take(job_id, event)
        except (EOFError, OSError):
            self._died()

    def _take(self, job_id: str, event: Event) -> None:
        if event["what"] == "print":
            self._print(event)
        else:
            self._hear(job_id, event)

    def _print(self, event: Event) -> None:
        """Print what the worker has made, in a thread; it waits for the answer."""
        assert self._state is not None and self._state.job.printer is not None
        choice, title = self._state.job.printer, self._state.now or self._state.job.period
        self._printing.run(
            lambda _progress, _cancelled: send(event["pdf"], choice, title),
            lambda _nothing: self._say("printed", ""),
            lambda error: self._say("printed", str(error) if isinstance(error, Refused) else _("The printer does not answer.")),
        )  # fmt: skip

    def _died(self) -> None:
        self._timer.stop()
        self._process = self._connection = None
        if self._state is not None:
            words = _("The printing has ended unexpectedly. What is finished stays; the rest can be continued.")
            job_id = self._state.job.id
            self._hear(job_id, {"what": "broken", "reason": words})
            self._hear(job_id, {"what": "over"})


class PaperQueue(QObject):
    """The jobs of the person who is signed in.

    Attributes:
        states: all jobs, the oldest first.
        changed: something is to be shown anew.
        over: a job has come to its end, or to a stop.
    """

    changed = Signal()
    over = Signal(object)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.app = app
        self.states: list[JobState] = kept_jobs(_real_home(app), app.actor)
        self.waiting: list[str] = []
        self.running = ""
        self.pace = Pace()
        self._since = 0.0
        inline = isinstance(app.tasks, InlineTasks) or _real_home(app) is None
        self._maker: AtOnce | Beside = (AtOnce if inline else Beside)(app, self._hear)
        app.at_close.append(self.close)

    # --- what the person wants ---

    def add(self, job: PaperJob) -> JobState:
        """Put a job at the end of the queue."""
        self._journal(job.id).begin(job)
        state = JobState(job)
        self.states.append(state)
        self._queue(job.id)
        return state

    def resume(self, job_id: str) -> None:
        """Go on with a job that was stopped or broken off."""
        self._queue(job_id)

    def retry(self, job_id: str) -> None:
        """Try again what has failed, and only that."""
        event = {"what": "retry"}
        self._journal(job_id).add(event)
        self.state(job_id).hear(event)
        self._queue(job_id)

    def stop(self, job_id: str) -> None:
        """Stop a job; what is finished stays, and it can be gone on with."""
        if job_id == self.running:
            self._maker.stop()
        elif job_id in self.waiting:
            self.waiting.remove(job_id)
            self._hear(job_id, {"what": "stopped"})
            self._journal(job_id).add({"what": "stopped"})
            self.changed.emit()

    def forget(self, job_id: str) -> None:
        """Take a job off the list; its files stay where they are."""
        if job_id != self.running:
            self.states = [each for each in self.states if each.job.id != job_id]
            self._journal(job_id).forget()
            self.changed.emit()

    def close(self) -> None:
        """Stop; what is not done can be gone on with another day."""
        self.waiting.clear()
        self._maker.close()

    # --- what is known ---

    def state(self, job_id: str) -> JobState:
        """Return a job with what came of it."""
        return next(each for each in self.states if each.job.id == job_id)

    def is_waiting(self, job_id: str) -> bool:
        """Whether a job is waiting for its turn."""
        return job_id in self.waiting

    def broken_off(self) -> list[JobState]:
        """Return the jobs that were neither finished nor are being worked on."""
        return [each for each in self.states if not each.ended and each.job.id not in (self.running, *self.waiting)]

    def left(self) -> float | None:
        """Return the seconds that the running job still needs, or None while that cannot be said."""
        if not self.running:
            return None
        state = self.state(self.running)
        entries = [entry for n in state.remaining() for entry in state.job.documents[n].entries]
        whole = self.pace.left(Counter(entry.paper for entry in entries))
        behind = state.share() * state.job.count - state.done()
        return whole * max(1 - behind / max(len(entries), 1), 0.0) if whole is not None else None

    # --- what happens ---

    def _queue(self, job_id: str) -> None:
        self.waiting.append(job_id)
        self._next()
        self._tell()

    def _next(self) -> None:
        if self.running or not self.waiting:
            return
        self.running = self.waiting.pop(0)
        self.pace, self._since = Pace(), 0.0
        state = self.state(self.running)
        state.hear({"what": "run"})
        self._maker.start(state)

    def _hear(self, job_id: str, event: Event) -> None:
        if event["what"] == "over":
            self._over(job_id)
            return
        state = self.state(job_id)
        state.hear(event)
        self._time(state, event)
        self._tell()

    def _time(self, state: JobState, event: Event) -> None:
        """Note how long papers take, from the moment the first was begun."""
        now = time.monotonic()
        if event["what"] == "done" and self._since:
            entries = state.job.documents[event["n"]].entries
            for entry in entries:
                self.pace.took(entry.paper, (now - self._since) / len(entries))
        if event["what"] == "done" or (event["what"] == "at" and not self._since):
            self._since = now

    def _over(self, job_id: str) -> None:
        self.running = ""
        self._next()
        if not self.running and isinstance(self._maker, Beside):
            self._maker.rest()
        self._tell()
        self.over.emit(self.state(job_id))

    def _tell(self) -> None:
        doing = None
        if self.running:
            state = self.state(self.running)
            waiting = f" +{len(self.waiting)}" if self.waiting else ""
            doing = Doing(_("Papers") + waiting, round(state.share(), 2), "documents")
        self.app.tell_doing(doing)
        self.changed.emit()

    def _journal(self, job_id: str) -> Journal:
        return Journal(_real_home(self.app), self.app.actor, job_id)


def _real_home(app: App) -> Any:
    return app.home if hasattr(type(app.home), "key") else None


def queue_of(app: App) -> PaperQueue:
    """Return the queue of a window, which is made when it is first asked for."""
    found = app.findChild(PaperQueue)
    return found if found is not None else PaperQueue(app)


@companion
def _begin(app: App) -> None:
    if app.may("print", "Child"):
        QTimer.singleShot(REMIND_AFTER, app, lambda: remind(app))


def remind(app: App) -> None:
    """Tell of a job that the end of the program has broken off, and offer to go on with it."""
    if not getattr(app.home, "signed_in", True):
        return  # the person has signed out before the window had told it
    queue = queue_of(app)
    queue.over.connect(lambda state: _tell_over(app, state))
    broken = [each for each in queue.broken_off() if each.problem or not each.stopped]
    if broken:
        state = broken[-1]
        words = _("A printing was broken off: {done} of {n} papers are done.")
        app.notify(
            words.format(done=state.done(), n=state.job.count), lambda: queue.resume(state.job.id), _("Continue")
        )


def _tell_over(app: App, state: JobState) -> None:
    if state.ended:
        words = ngettext("{n} paper is printed.", "{n} papers are printed.", state.printed).format(n=state.printed)
        failed = len(state.failures)
        app.notify(sentences(words, _("{n} failed.").format(n=failed) if failed else ""))
