"""Monthly batch 批量打印: the month of many children in one go, as single papers or as one bound volume.

What cannot be printed is named, with its reason, and the others go on; what is not noted in the trail is not written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from models.child import Child
from models.core.access import Actor
from models.core.database import Database, Work
from models.core.errors import Refused, Unusable
from models.core.files import write_whole
from models.core.queries import titles
from models.month import Month, MonthlyRecord, Photos, gather
from models.papers import PaperHead, file_name, note_printed, paper_head
from reports.fonts import missing_glyphs
from reports.monthly_record import FORM, month_words, monthly_paper
from reports.page import Paper, render, texts_of
from resources import _

Progress = Callable[[float, str], None]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A child whose record could not be printed, and why."""

    child_id: str
    name: str
    reason: str


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


class _Stopped(Exception):
    """The person has cancelled."""


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
    outcome = Outcome()
    with database.read(actor) as work:
        head = paper_head(work, _(FORM))
    run = _Run(database, actor, month, out, head, outcome, progress, cancelled, photos, len(child_ids), token_hex(8))
    try:
        (run.bound if bound else run.single)(child_ids)
    except _Stopped:
        outcome.cancelled = True
    return outcome


def preview_month(
    database: Database, actor: Actor, month: Month, child_id: str, photos: Photos = lambda work, sha: None
) -> bytes:
    """Return the very bytes of one child's record; making them is noted as a printing."""
    with database.work(actor) as work:
        head = paper_head(work, _(FORM))
        record = gather(work, child_id, month, photos)
        _note(work, record)
    return render([monthly_paper(record, head)])


@dataclass
class _Run:
    database: Database
    actor: Actor
    month: Month
    out: Path
    head: PaperHead
    outcome: Outcome
    progress: Progress
    cancelled: Callable[[], bool]
    photos: Photos
    total: int
    batch: str

    def single(self, child_ids: Sequence[str]) -> None:
        """One file a child, each noted before it is written."""
        for record, paper in self._papers(child_ids):
            pdf = self._drawn([paper], record)
            if pdf:
                self._keep([record], pdf, _file_of(record))

    def bound(self, child_ids: Sequence[str]) -> None:
        """One file for all, begun on a fresh sheet for every child."""
        made = [(record, paper) for record, paper in self._papers(child_ids, share=0.6)]
        if not made:
            return
        papers = [paper for _record, paper in made]
        pdf = render(papers, duplex=True, on_paper=lambda number: self._step(0.6 + 0.4 * number / len(papers), ""))
        self._keep([record for record, _paper in made], pdf, file_name(_(FORM), str(self.month), _("bound")))

    def _papers(self, child_ids: Sequence[str], share: float = 1.0) -> Iterator[tuple[MonthlyRecord, Paper]]:
        for number, child_id in enumerate(child_ids):
            self._step(share * number / max(self.total, 1), "")
            record = self._gathered(child_id)
            if record:
                self._step(share * number / max(self.total, 1), record.name)
                yield record, self._laid_out(record)
        self._step(share, "")

    def _step(self, share: float, name: str) -> None:
        if self.cancelled():
            raise _Stopped
        self.progress(share, name)

    def _gathered(self, child_id: str) -> MonthlyRecord | None:
        try:
            with self.database.read(self.actor) as work:
                return gather(work, child_id, self.month, self.photos)
        except Refused as refusal:
            self._failed(child_id, self._name_of(child_id), str(refusal))
        except Exception:
            _log.exception("a monthly record could not be gathered")
            self._failed(
                child_id, self._name_of(child_id), _("The record could not be gathered; the log has the details.")
            )
        return None

    def _laid_out(self, record: MonthlyRecord) -> Paper:
        paper = monthly_paper(record, self.head)
        gaps = missing_glyphs("".join(texts_of(paper)))
        if gaps:
            self.outcome.gaps[record.name] = "".join(gaps)
        return paper

    def _drawn(self, papers: list[Paper], record: MonthlyRecord) -> bytes:
        try:
            return render(papers)
        except Exception:
            _log.exception("a monthly record could not be drawn")
            self._failed(record.child_id, record.name, _("The paper could not be drawn; the log has the details."))
            return b""

    def _keep(self, records: Sequence[MonthlyRecord], pdf: bytes, name: str) -> None:
        file = self.out / name
        with self.database.work(self.actor) as work:
            for record in records:
                _note(work, record, self.batch, str(file))
        try:
            write_whole(file, pdf)
        except OSError as error:
            raise Unusable(_("The file could not be written: {file}").format(file=file)) from error
        self.outcome.files.append(file)
        self.outcome.printed += len(records)

    def _failed(self, child_id: str, name: str, reason: str) -> None:
        self.outcome.failures.append(Failure(child_id, name, reason))

    def _name_of(self, child_id: str) -> str:
        with self.database.read(self.actor) as work:
            return titles(work, Child.__tablename__, [child_id]).get(child_id, _("(unknown)"))


def _note(work: Work, record: MonthlyRecord, batch: str = "", place: str = "") -> None:
    period = month_words(record.month)
    note_printed(work, FORM, Child, record.child_id, record.child_id, period=period, batch=batch, place=place)


def _file_of(record: MonthlyRecord) -> str:
    return file_name(record.number, record.name, _(FORM), str(record.month))
