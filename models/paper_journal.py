"""Paper journal 打印日志: keeps each job of a person with what came of it, line by line and encrypted.

A line is written when it has happened and is never changed; one that was cut off in the middle is left out. So a job
survives the end of the program at any moment, and goes on with the documents that are not yet done.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from models.core.errors import Unusable
from models.core.files import locked, remove, write_whole
from models.paper_jobs import Event, JobState, PaperJob, state_after

if TYPE_CHECKING:
    from models.core.access import Actor
    from models.core.home import Home

KEPT = 4
"""So many finished jobs of a person are remembered."""
_log = logging.getLogger(__name__)


class Journal:
    """The lines of one job; without a home it is kept nowhere."""

    def __init__(self, home: Home | None, actor: Actor, job_id: str) -> None:
        self._home = home
        self._purpose = f"paper_jobs/{actor.account_id}"
        self.file = folder_of(home, actor) / f"{job_id}.job" if home is not None else None

    def begin(self, job: PaperJob) -> None:
        """Write the job itself, before anything is done."""
        if self.file is not None:
            write_whole(self.file, self._line(job.as_json()))

    def add(self, event: Event) -> None:
        """Write what has happened; it is in the file when this returns, whatever becomes of the program."""
        if self.file is not None:
            with self.file.open("ab") as stream:
                stream.write(b"\n" + self._line(event))  # the line before may have been cut off in the middle

    def read(self) -> JobState | None:
        """Return where the job stands, or None when it cannot be read."""
        lines = list(self._lines())
        return state_after(PaperJob.from_json(lines[0]), lines[1:]) if lines else None

    def held(self) -> AbstractContextManager[None]:
        """Keep other windows of this person away from the job while it is carried out."""
        return nullcontext() if self.file is None else locked(self.file)

    def forget(self) -> None:
        """Remove it."""
        if self.file is not None:
            remove(self.file)
            remove(self.file.with_name(self.file.name + ".lock"))

    def _line(self, content: Event) -> bytes:
        assert self._home is not None
        plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return base64.b64encode(self._home.key.seal(self._purpose, plain)) + b"\n"

    def _lines(self) -> Iterator[Event]:
        assert self._home is not None and self.file is not None
        for line in self.file.read_bytes().splitlines():
            try:
                plain = self._home.key.unseal(self._purpose, base64.b64decode(line))
            except (Unusable, ValueError):
                continue  # cut off while it was written
            yield json.loads(plain.decode("utf-8", "surrogatepass"))


def folder_of(home: Home, actor: Actor) -> Path:
    """Return the place of a person's journals in the folder of the home."""
    return home.folder / "paper_jobs" / home.key.mark("paper_jobs", actor.account_id.encode())[:32]


def kept_jobs(home: Home | None, actor: Actor) -> list[JobState]:
    """Return the person's jobs, the oldest first; finished ones beyond a few are forgotten."""
    if home is None or not (folder := folder_of(home, actor)).is_dir():
        return []
    found = [state for file in folder.glob("*.job") if (state := _read(home, actor, file.stem)) is not None]
    found.sort(key=lambda each: each.job.made_at)
    over = {each.job.id for each in [each for each in found if each.ended][:-KEPT]}
    for job_id in over:
        Journal(home, actor, job_id).forget()
    return [each for each in found if each.job.id not in over]


def _read(home: Home, actor: Actor, job_id: str) -> JobState | None:
    try:
        return Journal(home, actor, job_id).read()
    except (OSError, ValueError, KeyError, TypeError):
        _log.warning("a print job could not be read and is left out")
        return None
