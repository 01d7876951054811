"""Paper jobs 打印任务: what is to be printed for many children, what came of it so far, and how long the rest takes.

A job is a list of documents; a document is one file (or one printing) and holds one paper or many. What happens to it
is told as events, which a journal keeps (``models.paper_journal``): a job that was broken off goes on from there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from models.core.words import Code, CodeList
from resources import N_

FOLDER, PRINTER, CHECK = "folder", "printer", "check"
TARGETS = CodeList(
    "paper_target", Code(FOLDER, N_("Into a folder"), "存入文件夹"), Code(PRINTER, N_("To the printer"), "直接打印")
)
EACH, CHILD, UNIT, ALL = "each", "child", "unit", "all"
MANNERS = CodeList(
    "paper_manner",
    Code(EACH, N_("A file for every paper"), "每份一个文件"),
    Code(CHILD, N_("A file for every child"), "每名儿童一个文件"),
    Code(UNIT, N_("A bound volume for every unit"), "每班组合订一册"),
    Code(ALL, N_("One bound volume"), "全部合订一册"),
)
Event = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One paper of one child."""

    child_id: str
    name: str
    paper: str


@dataclass(frozen=True)
class Document:
    """What becomes one file: its name within the folder, and the papers in it, in their order."""

    file: str
    entries: tuple[Entry, ...]

    @property
    def bound(self) -> bool:
        """Whether it holds several papers, each of which begins on a front page."""
        return len(self.entries) > 1


@dataclass(frozen=True)
class PrinterChoice:
    """The printer that was chosen once for a whole job."""

    name: str
    copies: int = 1
    duplex: bool = False
    file: str = ""
    """Print into a PDF file instead, where there is no printer."""


@dataclass(frozen=True)
class PaperJob:
    """One printing for many children.

    Attributes:
        period: the month, 2026-10.
        papers: the keys of the catalogue.
        target: ``folder``, ``printer``, or ``check``: gather and lay out everything, print nothing.
        replace: files of the same name may be replaced; the person was asked.
        keep: final papers are kept by the home under their number (``models.kept_papers``).
    """

    id: str
    made_at: datetime
    period: str
    papers: tuple[str, ...]
    documents: tuple[Document, ...]
    target: str = FOLDER
    folder: str = ""
    replace: bool = False
    printer: PrinterChoice | None = None
    language: str = "zh_CN"
    keep: bool = False

    @property
    def count(self) -> int:
        """How many papers."""
        return sum(len(each.entries) for each in self.documents)

    def as_json(self) -> Event:
        """Return it as plain values."""
        return asdict(self) | {"made_at": self.made_at.isoformat()}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> PaperJob:
        """Return the job that :meth:`as_json` wrote."""
        documents = tuple(
            Document(each["file"], tuple(Entry(**entry) for entry in each["entries"])) for each in found["documents"]
        )
        printer = PrinterChoice(**found["printer"]) if found["printer"] else None
        made_at = datetime.fromisoformat(found["made_at"])
        more = {"made_at": made_at, "papers": tuple(found["papers"]), "documents": documents, "printer": printer}
        return cls(**{**found, **more})


@dataclass(frozen=True)
class Failure:
    """A paper that could not be printed, and why."""

    child_id: str
    name: str
    reason: str
    paper: str = ""


@dataclass
class JobState:
    """A job and what came of it so far.

    Attributes:
        files: the documents that are finished, by number, with the name they were written under.
        begun: documents whose writing had begun, with that name; what lies there is ours.
        failures: by number of document and entry.
        empty: papers for which there is nothing to print, or in which nothing is recorded: (name, paper).
        gaps: characters that no face has, by child; they stand as 〓[U+XXXX] on paper.
        ended: nothing is left to do, or nothing can be done.
        stopped: the person has stopped it.
        unsure: documents that were on their way to the printer when the program ended.
    """

    job: PaperJob
    files: dict[int, str] = field(default_factory=dict)
    begun: dict[int, str] = field(default_factory=dict)
    failures: dict[tuple[int, int], Failure] = field(default_factory=dict)
    empty: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    printed: int = 0
    ended: bool = False
    stopped: bool = False
    problem: str = ""
    now: str = ""
    _within: tuple[int, float] = (-1, 0.0)

    def remaining(self) -> list[int]:
        """Return the numbers of the documents still to be made."""
        failed = {document for document, _entry in self.failures}
        return [n for n in range(len(self.job.documents)) if n not in self.files and n not in failed]

    def done(self) -> int:
        """Return how many papers are behind us, printed or not."""
        left = self.remaining()
        return self.job.count - sum(len(self.job.documents[n].entries) for n in left)

    def share(self) -> float:
        """Return how much of the job is done, from 0 to 1."""
        number, share = self._within
        within = len(self.job.documents[number].entries) * share if number in self.remaining() else 0.0
        return min((self.done() + within) / max(self.job.count, 1), 1.0)

    def unsure(self) -> list[str]:
        """Name those whose paper was on its way to the printer when the program ended."""
        if self.job.target != PRINTER:
            return []
        numbers = [n for n in self.begun if n not in self.files]
        return [entry.name for n in numbers for entry in self.job.documents[n].entries]

    def hear(self, event: Event) -> None:
        """Take in what happened."""
        getattr(self, f"_{event['what']}")(event)

    def _run(self, event: Event) -> None:
        self.ended = self.stopped = False
        self.problem = ""

    def _begun(self, event: Event) -> None:
        self.begun[event["n"]] = event["file"]

    def _at(self, event: Event) -> None:
        self.now, self._within = event["name"], (event["n"], event["share"])

    def _done(self, event: Event) -> None:
        self.files[event["n"]] = event["file"]
        self.printed += event["printed"]

    def _failed(self, event: Event) -> None:
        entry = self.job.documents[event["n"]].entries[event["entry"]]
        failure = Failure(entry.child_id, entry.name, event["reason"], entry.paper)
        self.failures[event["n"], event["entry"]] = failure

    def _empty(self, event: Event) -> None:
        entry = self.job.documents[event["n"]].entries[event["entry"]]
        self.empty[event["n"], event["entry"]] = (entry.name, entry.paper)

    def _gaps(self, event: Event) -> None:
        self.gaps[event["name"]] = event["signs"]

    def _stopped(self, event: Event) -> None:
        self.stopped, self.now = True, ""

    def _broken(self, event: Event) -> None:
        self.stopped, self.problem, self.now = True, event["reason"], ""

    def _ended(self, event: Event) -> None:
        self.ended, self.now = True, ""

    def _retry(self, event: Event) -> None:
        for n in {document for document, _entry in self.failures}:
            if self.files.pop(n, None) is not None:
                self.printed -= sum(
                    (n, entry) not in self.failures for entry in range(len(self.job.documents[n].entries))
                )
        self.failures.clear()
        self.ended = False


def state_after(job: PaperJob, events: Iterable[Event]) -> JobState:
    """Return where a job stands after these events."""
    state = JobState(job)
    for event in events:
        state.hear(event)
    return state


_RECENT, _ENOUGH = 25, 3


class Pace:
    """How long papers take, by kind: the middle of the last ones, so that one slow paper frightens nobody."""

    def __init__(self) -> None:
        self._took: dict[str, list[float]] = defaultdict(list)

    def took(self, paper: str, seconds: float) -> None:
        """Note that one paper of a kind took so long."""
        self._took[paper] = [*self._took[paper], seconds][-_RECENT:]

    def left(self, papers: Mapping[str, int]) -> float | None:
        """Return the seconds for so many papers of each kind, or None while too little is known."""
        known = [each for some in self._took.values() for each in some]
        if len(known) < _ENOUGH:
            return None
        usual = median(known)
        return sum(count * (median(self._took[key]) if self._took.get(key) else usual) for key, count in papers.items())
