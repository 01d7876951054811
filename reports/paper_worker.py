"""Paper worker 打印进程: carries jobs out in a process of its own, so that the window never waits for it.

    connection, process = hired(order)
    connection.send(("job", job_id))       # its journal says what is left to do
    connection.recv()                      # events, one after another

Gathering a month is a tenth of a second of pure Python; in a thread it holds the window up, see decision 0090. When the
program ends, in whatever way, the connection breaks and the worker ends with it.
"""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from models.core.access import Actor
from models.core.errors import Unusable
from models.core.home import Home
from models.core.keys import DataKey
from models.month import photos_in
from models.paper_jobs import PRINTER, Event, JobState
from models.paper_journal import Journal
from reports.paper_batch import Folder, Stage, Target, carry_out
from resources import use_language

_log = logging.getLogger(__name__)
_BELOW_NORMAL = 0x4000


@dataclass(frozen=True)
class Order:
    """Who acts on which home; it goes to the worker through a pipe and is written nowhere."""

    folder: Path
    key: bytes
    actor: Actor


def hired(order: Order) -> tuple[Connection, BaseProcess]:
    """Start a worker and return the way to speak with it."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, order), name="qinghe-papers", daemon=True)
    process.start()
    theirs.close()
    return ours, process  # type: ignore[return-value]  # a pipe's ends are connections on every system


def serve(connection: Connection, order: Order) -> None:
    """Carry out the jobs that are asked for, until there is nobody to ask."""
    import models  # noqa: F401 (every record type)
    from models.scales import use_home_scales

    _step_back()
    home = Home.open(order.folder)
    home.hold(DataKey(order.key))
    use_home_scales(home.folder / "scales")
    desk = Desk(connection)
    database = home.open_database()
    while (job_id := desk.jobs.get()) is not None:
        journal = Journal(home, order.actor, job_id)
        with journal.held():  # another window of this person may be at it; then nothing is left to do
            state = journal.read()
            if state is not None:
                use_language(state.job.language)
                target: Target = desk if state.job.target == PRINTER else Folder(state.job.folder)
                tell = _Teller(desk, journal, job_id).tell
                carry_out(
                    state, Stage(database, order.actor, target, photos_in(home), tell, desk.stopping.is_set, home)
                )
        connection.send((job_id, {"what": "over"}))
    database.close()


class Desk:
    """The worker's side of the connection: what is asked of it, and the printer at the other end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.jobs: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.stopping = threading.Event()
        self.leaving = False
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                what, value = self.connection.recv()
                if what == "job":
                    self.stopping.clear()  # here, in the order of what is said: a stop may follow at once
                    self.jobs.put(value)
                elif what == "stop":
                    self.stopping.set()
                elif what == "printed":
                    self.answers.put(value)
                else:
                    self.leaving = what == "leave"
                    self.stopping.set()
                    self.jobs.put(None)
        # Nobody is there any more. What is done is in the journal, and nothing half-written has its name yet.
        os._exit(0)

    def place(self, state: JobState, number: int) -> str:
        """Return the name of the printer."""
        return state.job.printer.name if state.job.printer else ""

    def put(self, place: str, pdf: bytes) -> None:
        """Let the window's process print it, and wait until it has gone."""
        self.connection.send(("", {"what": "print", "place": place, "pdf": pdf}))
        problem = self.answers.get()
        if problem:
            raise Unusable(problem)


@dataclass(frozen=True)
class _Teller:
    desk: Desk
    journal: Journal
    job_id: str

    def tell(self, event: Event) -> None:
        # Nobody has stopped what the end of the program breaks off: it is offered again.
        if event["what"] != "at" and not (event["what"] == "stopped" and self.desk.leaving):
            self.journal.add(event)
        self.desk.connection.send((self.job_id, event))


def _step_back() -> None:
    """Let the window and everything else on this computer go first."""
    with suppress(OSError, AttributeError):
        if sys.platform == "win32":
            import ctypes

            kernel: Any = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
        else:
            os.nice(5)
