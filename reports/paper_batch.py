"""Paper batch 批量打印: carries a job of papers out, document by document, and tells what happens.

What cannot be printed is named, with its reason, and the others go on; what is not noted in the trail is not written.
What has been told has happened: who keeps the events (``models.paper_journal``) can go on from them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, overload

from models.core.access import Actor
from models.core.database import Database, Work
from models.core.errors import Forbidden, Refused, Unusable
from models.core.files import write_whole
from models.forms import Form
from models.kept_papers import document as kept_document
from models.kept_papers import keep
from models.month import Month, Photos
from models.paper_jobs import CHECK, Document, Entry, Event, JobState
from models.paper_names import Names
from models.papers import PaperHead, paper_head
from reports.catalogue import CataloguePaper, Wanted, drawn, paper_named, says_something
from reports.fonts import missing_glyphs
from reports.page import Paper, render, texts_of
from resources import _

if TYPE_CHECKING:
    from models.core.home import Home

_log = logging.getLogger(__name__)
_GATHERING = 0.6
"""The share of the time of a bound volume that goes into gathering."""


class Target(Protocol):
    """Where the documents go."""

    def place(self, state: JobState, number: int) -> str:
        """Return under which name a document will be kept, or where it is sent."""

    def put(self, place: str, pdf: bytes) -> None:
        """Put it there, whole or not at all.

        Raises:
            Unusable: when nothing can be put there.
        """


class Folder:
    """Documents become files; one that is there already is left alone unless the person has said otherwise."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def place(self, state: JobState, number: int) -> str:
        wished = state.job.documents[number].file
        if number in state.begun:  # what lies there under this name is ours, half a job ago
            return state.begun[number]
        if state.job.replace or not (self.folder / wished).exists():
            return wished
        beside = (self.folder / wished).parent.iterdir()
        return Names("", [each.relative_to(self.folder).as_posix() for each in beside]).free(wished)

    def put(self, place: str, pdf: bytes) -> None:
        try:
            write_whole(self.folder / place, pdf)
        except OSError as error:
            raise Unusable(_("The file could not be written: {file}").format(file=self.folder / place)) from error


@dataclass(frozen=True)
class Stage:
    """With what a job is carried out.

    Attributes:
        tell: hears every event; those but ``at`` are to be kept.
        cancelled: whether the person wants it to stop; asked between two papers.
        home: where final papers are kept, if that is wished.
    """

    database: Database
    actor: Actor
    target: Target
    photos: Photos = lambda work, sha: None
    tell: Callable[[Event], None] = lambda event: None
    cancelled: Callable[[], bool] = lambda: False
    home: Home | None = None


def carry_out(state: JobState, stage: Stage) -> None:
    """Make every document of a job that is not yet made."""
    run = _Run(state, stage)
    run.tell("run")
    try:
        run.head = _head(stage)
        for number in state.remaining():
            run.document(number)
    except _Stopped:
        run.tell("stopped")
    except Refused as refusal:
        run.tell("broken", reason=str(refusal))
    else:
        run.tell("ended")


def paper_bytes(database: Database, actor: Actor, key: str, wanted: Wanted) -> bytes:
    """Return the very bytes of one paper of one child; making them is noted as a printing.

    Raises:
        Refused: when the person may not print it, or there is nothing to print.
    """
    paper = paper_named(key)
    with database.work(actor) as work:
        head = paper_head(work, _(paper.title))
        values = gathered_all(work, paper, wanted)
    return render([sheet for value in values for sheet in paper.lay(value, head)], through=paper.through)


def gathered_all(work: Work, paper: CataloguePaper, wanted: Wanted) -> list[Any]:
    """Gather one paper of one child to be shown; that is noted as a printing.

    Raises:
        Refused: when the person may not print it, or there is nothing to print.
    """
    values = _allowed(paper, work.actor).gather(work, wanted)
    if not values:
        raise Unusable(_("There is nothing to print for this choice."))
    if not any(each.event == "printed" for each in work.events):  # some are noted where they are gathered
        paper.note(work, wanted.child_id, wanted.month)
    return values


def gathered_once(work: Work, paper: CataloguePaper, wanted: Wanted) -> Any:
    """Gather a paper that is one sheet."""
    return gathered_all(work, paper, wanted)[0]


def _allowed(paper: CataloguePaper, actor: Actor) -> CataloguePaper:
    if not paper.allowed(actor):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(paper.title)))
    return paper


def _head(stage: Stage) -> PaperHead:
    with stage.database.read(stage.actor) as work:
        return paper_head(work, "")


class _Stopped(Exception):
    """The person wants it to stop."""


@dataclass(frozen=True)
class _Gathered:
    """One sheet that can be laid out: what was gathered for which entry."""

    entry: int
    child: str
    paper: CataloguePaper
    value: Any


@dataclass
class _Run:
    state: JobState
    stage: Stage
    head: PaperHead = field(init=False)

    def tell(self, what: str, **more: Any) -> None:
        """Say what has happened."""
        event = {"what": what, **more}
        self.state.hear(event)
        self.stage.tell(event)

    def document(self, number: int) -> None:
        """Make one document and put it where it belongs."""
        document = self.state.job.documents[number]
        sheets = list(self._gathered(number, document))
        if self.state.job.target == CHECK:
            for each in sheets:
                self._laid(each, document)  # names the characters that no face has
            sheets = []
        pdf, sheets = self._drawn(number, document, sheets)
        if sheets:
            self._deliver(number, document, sheets, pdf)
        elif not self._failed_in(number):
            self.tell("done", n=number, file="", printed=0)

    def _deliver(self, number: int, document: Document, sheets: Sequence[_Gathered], pdf: bytes) -> None:
        place = self.stage.target.place(self.state, number)
        self.tell("begun", n=number, file=place)
        printed = self._note(document, sheets, place)
        self.stage.target.put(place, pdf)
        self.tell("done", n=number, file=place, printed=printed)

    def _failed_in(self, number: int) -> bool:
        return any(document == number for document, _entry in self.state.failures)

    def _note(self, document: Document, sheets: Sequence[_Gathered], place: str) -> int:
        papers = {each.entry: each.paper for each in sheets}
        where = str(Path(self.state.job.folder) / place) if self.state.job.folder else place
        with self.stage.database.work(self.stage.actor) as work:
            for entry, paper in papers.items():
                paper.note(work, document.entries[entry].child_id, self._month(), self.state.job.id, where)
        return len(papers)

    def _month(self) -> Month:
        return Month.parse(self.state.job.period)

    # --- gathering ---

    def _gathered(self, number: int, document: Document) -> Iterator[_Gathered]:
        for index, entry in enumerate(document.entries):
            self._step(number, entry.name, _GATHERING * index / len(document.entries))
            paper = paper_named(entry.paper)
            values = self._values(number, index, entry, paper)
            if values is not None and not any(map(says_something, values)):
                self.tell("empty", n=number, entry=index)
                if all(isinstance(each, Form) for each in values):
                    continue  # an empty form is printed from the child's file, where one wants to fill it in by hand
            yield from (_Gathered(index, entry.name, paper, value) for value in values or ())

    def _values(self, number: int, index: int, entry: Entry, paper: CataloguePaper) -> list[Any] | None:
        wanted = Wanted(entry.child_id, self._month(), self.stage.photos)
        try:
            with self.stage.database.read(self.stage.actor) as work:
                return _allowed(paper, self.stage.actor).gather(work, wanted)
        except Refused as refusal:
            self.tell("failed", n=number, entry=index, reason=str(refusal))
        except Exception:
            _log.exception("a paper could not be gathered")
            words = _("The record could not be gathered; the log has the details.")
            self.tell("failed", n=number, entry=index, reason=words)
        return None

    def _step(self, number: int, name: str, share: float) -> None:
        if self.stage.cancelled():
            raise _Stopped
        self.tell("at", n=number, name=name, share=share)

    # --- drawing ---

    def _laid(self, sheet: _Gathered, document: Document) -> list[Paper]:
        made = sheet.paper.lay(sheet.value, self.head.but(form_name=_(sheet.paper.title)))
        gaps = missing_glyphs("".join(text for each in made for text in texts_of(each)))
        if gaps and sheet.child not in self.state.gaps:
            self.tell("gaps", name=sheet.child, signs="".join(gaps))
        if document.bound and len({each.paper for each in document.entries}) > 1:
            return [
                replace(each, bookmark=f"{each.head.subject or sheet.child} · {_(sheet.paper.title)}") for each in made
            ]
        return made

    def _drawn(self, number: int, document: Document, sheets: list[_Gathered]) -> tuple[bytes, list[_Gathered]]:
        """Return the document without those papers that cannot be drawn, and which papers are in it."""
        while sheets:
            papers = _Laid(sheets, lambda sheet: self._laid(sheet, document))
            try:
                return self._render(number, document, papers), sheets
            except _Stopped:
                raise
            except Exception as error:
                bad, words = papers.current.entry, str(error)
                if not isinstance(error, Refused):
                    _log.exception("a paper could not be drawn")
                    words = _("The paper could not be drawn; the log has the details.")
                self.tell("failed", n=number, entry=bad, reason=words)
                sheets = [each for each in sheets if each.entry != bad]
        return b"", []

    def _render(self, number: int, document: Document, papers: _Laid) -> bytes:
        if self.state.job.keep and len(papers) == 1 and papers.sheets[0].paper.kept_as:
            return self._kept(document.entries[0], papers)
        if papers.sheets[0].paper.through:
            whole = papers.all_of_first()
            return render(whole, through=True, on_paper=self._drawing(number, [papers.sheets[0].child] * len(whole)))
        names = [each.child for each in papers.sheets]
        return render(papers, duplex=document.bound, on_paper=self._drawing(number, names))

    def _kept(self, entry: Entry, papers: _Laid) -> bytes:
        """Return the very bytes that the home keeps of a final paper: those of before, or made now with a number."""
        sheet = papers.sheets[0]
        head = self.head.but(form_name=_(sheet.paper.title))
        assert self.stage.home is not None
        with self.stage.database.work(self.stage.actor) as work:
            made = keep(
                work, self.stage.home, sheet.paper.kept_as, title=_(sheet.paper.title), said=sheet.value,
                make=lambda number, check: drawn(sheet.paper, sheet.value, head.but(number=number, check=check)),
                child_id=entry.child_id, period=sheet.paper.period(self._month()), subject=entry.name,
            )  # fmt: skip
            return kept_document(work, self.stage.home, made.id)

    def _drawing(self, number: int, names: Sequence[str]) -> Callable[[int], None]:
        rest = 1 - _GATHERING
        return lambda at: self._step(number, names[at], _GATHERING + rest * at / len(names))


class _Laid(Sequence[Paper]):
    """The sheets of a document, each laid out when its turn comes, so that a long volume needs no more room."""

    def __init__(self, sheets: list[_Gathered], lay: Callable[[_Gathered], list[Paper]]) -> None:
        self.sheets, self._lay = sheets, lay
        self.current = sheets[0]
        self._kept: dict[int, Paper] = {}

    def __len__(self) -> int:
        return len(self.sheets)

    @overload
    def __getitem__(self, index: int) -> Paper: ...
    @overload
    def __getitem__(self, index: slice) -> list[Paper]: ...
    def __getitem__(self, index: int | slice) -> Paper | list[Paper]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        index %= len(self)
        if index not in self._kept:
            self.current = self.sheets[index]
            made = self._lay(self.current)[0]
            self._kept = {**{key: self._kept[key] for key in list(self._kept)[-1:]}, index: made}
        return self._kept[index]

    def all_of_first(self) -> list[Paper]:
        """Return all sheets of the first paper, which is a volume of its own."""
        return self._lay(self.sheets[0])
