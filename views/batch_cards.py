"""Batch cards 打印进度: every job of the queue — how far it is, at whom, how long it still takes, what came of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QProgressBar, QWidget

from models.month import Month
from models.paper_jobs import CHECK, FOLDER, PRINTER, JobState
from models.period import month_title
from resources import _, ngettext, sentences
from ui.app import App
from ui.text import PlainLabel
from ui.widgets import Button, Card, IconButton, Symbol, clear, column, row
from views.paper_queue import PaperQueue

_NAMED, _CARDS = 6, 2


class Cards(QWidget):
    """The jobs that are running, waiting or broken off; when there are none, the last that are finished."""

    def __init__(self, app: App, queue: PaperQueue) -> None:
        super().__init__()
        self.app, self.queue = app, queue
        self.lines = column(self, 2)
        self.cards: dict[str, JobCard] = {}
        queue.changed.connect(self.show_jobs)
        self.show_jobs()

    def show_jobs(self) -> None:
        """Show every job as it stands; the cards themselves are made anew only when others are to be seen."""
        shown = self._shown()
        if [each.job.id for each in shown] != list(self.cards):
            clear(self.lines)
            self.cards = {each.job.id: JobCard(self.app, self.queue, each.job.id) for each in shown}
            for card in self.cards.values():
                self.lines.addWidget(card)
        for card in self.cards.values():
            card.tell()
        self.setVisible(bool(shown))

    def _shown(self) -> list[JobState]:
        busy = [each for each in self.queue.states if not each.ended]
        ended = [each for each in self.queue.states if each.ended]
        return busy or list(reversed(ended[-_CARDS:]))


class JobCard(Card):
    """One job."""

    def __init__(self, app: App, queue: PaperQueue, job_id: str) -> None:
        super().__init__(gap=1, margin=2)
        self.app, self.queue, self.job_id = app, queue, job_id
        line = row(None, 2)
        self.symbol = Symbol("printer", "muted", 18)
        line.addWidget(self.symbol)
        words = column(None, 0)
        self.name = PlainLabel("", "strong", wrap=True)
        self.text = PlainLabel("", tone="muted", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        for each in (self.name, self.text, self.bar):
            words.addWidget(each)
        line.addLayout(words, 1)
        self.buttons = self._buttons()
        for button in self.buttons.values():
            line.addWidget(button)
        self.body.addLayout(line)

    def _buttons(self) -> dict[str, QWidget]:
        queue, job = self.queue, self.job_id
        return {
            "stop": Button(_("Stop"), "x", on_click=lambda: queue.stop(job)),
            "resume": Button(_("Continue"), "rotate-cw", on_click=lambda: queue.resume(job)),
            "retry": Button(_("Try the failed ones again"), "rotate-cw", on_click=lambda: queue.retry(job)),
            "show": Button(_("Show"), "eye", on_click=self.show_file),
            "folder": Button(_("Open folder"), "folder-open", on_click=self.open_folder),
            "forget": IconButton("x", _("Take off the list"), lambda: queue.forget(job)),
        }

    @property
    def state(self) -> JobState:
        """The job as it stands."""
        return self.queue.state(self.job_id)

    def tell(self) -> None:
        """Show the job as it stands now."""
        state = self.state
        running, waiting = self.job_id == self.queue.running, self.queue.is_waiting(self.job_id)
        self.name.setText(title_of(state))
        text, tone = status_of(state, running=running, waiting=waiting, left=self.queue.left() if running else None)
        self.text.setText(text)
        self.symbol.name, self.symbol.tint = _SYMBOLS[tone], tone
        self.symbol.update()
        self.bar.setVisible(running or waiting or not state.ended)
        self.bar.setValue(round(state.share() * 1000))
        files = [name for name in state.files.values() if name]
        self._offer(
            stop=running or waiting,
            resume=not (running or waiting or state.ended),
            retry=state.ended and bool(state.failures),
            show=state.ended and state.job.target == FOLDER and len(files) == 1,
            folder=state.job.target == FOLDER and bool(files),
            forget=not (running or waiting),
        )

    def _offer(self, **wanted: bool) -> None:
        for name, on in wanted.items():
            self.buttons[name].setVisible(on)

    def open_folder(self) -> None:
        """Open the folder with the files in the system's own window."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.state.job.folder))

    def show_file(self) -> None:
        """Show the one file that was made."""
        name = next(each for each in self.state.files.values() if each)
        file = Path(self.state.job.folder) / name
        try:
            self.app.preview(file.name, file.read_bytes(), file.name)
        except OSError:
            self.app.notify(_("The file is not there any more: {file}").format(file=file))


_SYMBOLS = {"muted": "printer", "good": "circle-check", "warning": "triangle-alert", "info": "clock"}


def title_of(state: JobState) -> str:
    """Name a job: its papers, its month, how many."""
    titles = _titles()
    named = [titles.get(key, key) for key in state.job.papers]
    more = len(named) - 1
    several = ngettext("{first} and {n} other paper", "{first} and {n} other papers", more)
    forms = several.format(first=named[0], n=more) if more else named[0]
    count = ngettext("{n} paper", "{n} papers", state.job.count).format(n=state.job.count)
    return " · ".join([forms, month_title(Month.parse(state.job.period).first), count])


def status_of(state: JobState, *, running: bool, waiting: bool, left: float | None = None) -> tuple[str, str]:
    """Say how a job stands, and in which tone."""
    if running:
        return _running_words(state, left), "info"
    if waiting:
        return _("Waiting for its turn"), "muted"
    words = _parted_words(state) if not state.ended else _ended_words(state)
    trouble = not state.ended or state.failures or state.gaps
    return "\n".join([words, *details_of(state)]), "warning" if trouble else "good"


def _running_words(state: JobState, left: float | None) -> str:
    verb = _("{done} of {n} checked") if state.job.target == CHECK else _("{done} of {n}")
    words = [verb.format(done=state.done(), n=state.job.count), state.now]
    if left is not None:
        words.append(time_words(left))
    if state.failures:
        words.append(_("{n} failed.").format(n=len(state.failures)))
    return " · ".join(filter(None, words))


def time_words(seconds: float) -> str:
    """Say how long something still takes, no more exactly than is known."""
    if seconds < 10:
        return _("a few seconds left")
    if seconds < 55:
        return _("about {n} s left").format(n=round(seconds / 5) * 5)
    minutes = max(round(seconds / 60), 1)
    return ngettext("about {n} minute left", "about {n} minutes left", minutes).format(n=minutes)


def _parted_words(state: JobState) -> str:
    if state.problem:
        return state.problem
    words = _("Stopped.") if state.stopped else _("Broken off when the program ended.")
    rest = _("{done} of {n} are done; “Continue” makes only the rest.")
    return sentences(words, rest.format(done=state.done(), n=state.job.count))


def _ended_words(state: JobState) -> str:
    if state.job.target == CHECK:
        return ngettext("{n} paper checked.", "{n} papers checked.", state.done()).format(n=state.done())
    if state.job.target == PRINTER:
        printer = state.job.printer.name if state.job.printer else ""
        words = ngettext("{n} paper sent to {printer}.", "{n} papers sent to {printer}.", state.printed)
        return words.format(n=state.printed, printer=printer or _("PDF file"))
    words = ngettext("{n} paper printed into {folder}.", "{n} papers printed into {folder}.", state.printed)
    return words.format(n=state.printed, folder=state.job.folder)


def details_of(state: JobState) -> list[str]:
    """Say line by line what did not go as wished: failures, nothing to print, characters without a face."""
    by_reason: dict[str, list[str]] = {}
    for each in state.failures.values():
        by_reason.setdefault(each.reason, []).append(each.name)
    lines = [
        _("Not printed: {name}. {reason}").format(name=_some(names), reason=reason)
        for reason, names in by_reason.items()
    ]
    lines += _empty_words(state)
    for name, signs in list(state.gaps.items())[:_NAMED]:
        words = _("{name}: no font has {signs}; they are printed as marked gaps.")
        lines.append(words.format(name=name, signs=" ".join(signs)))
    if not state.ended and state.unsure():
        lines.append(_("May have come out of the printer already: {names}").format(names=_some(state.unsure())))
    return lines


def _empty_words(state: JobState) -> list[str]:
    """Say of whom nothing is recorded, and on which paper where there are several."""
    if len(state.job.papers) < 2:
        names = [name for name, _paper in state.empty.values()]
        return [_("Nothing recorded: {names}").format(names=_some(names))] if names else []
    by_paper: dict[str, list[str]] = {}
    for name, paper in state.empty.values():
        by_paper.setdefault(paper, []).append(name)
    words, titles = _("Nothing recorded for “{paper}”: {names}"), _titles()
    return [words.format(paper=titles.get(paper, paper), names=_some(names)) for paper, names in by_paper.items()]


def _titles() -> dict[str, str]:
    from reports.catalogue import catalogue

    return {each.key: _(each.title) for each in catalogue()}


def _some(names: list[str]) -> str:
    """Name some, and how many more there are; whoever stands there several times is named once."""
    once = list(Counter(names))
    words = _(", ").join(once[:_NAMED])
    return words if len(once) <= _NAMED else _("{names} and {n} more").format(names=words, n=len(once) - _NAMED)
