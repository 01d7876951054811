"""Monthly batch 批量打印: the month of many children in one go, as single papers or as one bound volume."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.core.access import Actor
from models.core.database import Database
from models.core.errors import Unusable
from models.core.record import new_id
from models.month import Month, Photos
from models.paper_jobs import ALL, EACH, Event, Failure, JobState, PaperJob
from models.paper_plan import Plan, planned, who_of
from reports.catalogue import paper_named
from reports.paper_batch import Folder, Stage, carry_out

Progress = Callable[[float, str], None]


@dataclass
class Outcome:
    """What came of printing a month.

    Attributes:
        files: the documents written.
        printed: how many records they hold.
        gaps: characters that no face has, by child; they stand as 〓[U+XXXX] on paper.
    """

    files: list[Path] = field(default_factory=list)
    printed: int = 0
    failures: list[Failure] = field(default_factory=list)
    gaps: dict[str, str] = field(default_factory=dict)
    cancelled: bool = False


def monthly_records(
    database: Database,
    actor: Actor,
    month: Month,
    child_ids: Sequence[str],
    out: Path,
    *,
    bound: bool = False,
    progress: Progress = lambda share, text: None,
    cancelled: Callable[[], bool] = lambda: False,
    photos: Photos = lambda work, sha: None,
) -> Outcome:
    """Print a month's records of these children into the folder ``out``.

    Raises:
        Unusable: when the folder cannot be written; what was written before stays.
    """
    with database.read(actor) as work:
        children = who_of(work, child_ids)
    plan = Plan(month, (paper_named("monthly"),), ALL if bound else EACH)
    job = PaperJob(
        new_id(), database.clock(), str(month), ("monthly",), planned(children, plan), folder=str(out), replace=True
    )
    state = JobState(job)
    carry_out(state, Stage(database, actor, Folder(str(out)), photos, _teller(state, progress), cancelled))
    if state.problem:
        raise Unusable(state.problem)
    return outcome_of(state)


def outcome_of(state: JobState) -> Outcome:
    """Return what came of a job in one piece."""
    files = [Path(state.job.folder) / name for _number, name in sorted(state.files.items()) if name]
    return Outcome(files, state.printed, list(state.failures.values()), state.gaps, state.stopped)


def _teller(state: JobState, progress: Progress) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        if event["what"] in {"at", "ended"}:
            progress(state.share(), event.get("name", ""))

    return tell
