"""Table acts 列表操作: what is done with many rows at once — moved on, thrown away, put back, exported, printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from models.core import exchange, records
from models.core.errors import Refused
from models.core.exchange import Listing
from models.core.record import Record
from models.core.workflow import STEPS, Step, step_named
from resources import _, ngettext
from ui import papers
from ui.table_model import Line
from ui.text import PlainLabel
from ui.widgets import Button, IconButton, clear, row

if TYPE_CHECKING:
    from ui.app import App
    from ui.table import RecordTable

BATCH = ("submit", "review", "approve", "archive")
"""The steps that may be taken with many at once; those that need a reason are taken one by one."""


class ManyBar(QWidget):
    """The line above a list that offers what can be done with the selected rows."""

    def __init__(self, app: App, kind: type[Record], table: RecordTable) -> None:
        super().__init__()
        self.app, self.kind, self.table = app, kind, table
        self._line = row(self, 2)
        self.hide()

    def show_many(self, count: int, states: set[str]) -> None:
        """Offer what these rows, in these states, are ready for."""
        self._begin(_chosen_words(count))
        for step in steps_for(self.app, self.kind, states):
            self._line.addWidget(Button(_(step.label), on_click=partial(self.table.take_step, step.name)))
        if self.app.may("edit", self.kind):
            self._line.addWidget(Button(_("Move to the bin"), "trash-2", "quiet", self.table.put_in_bin))
        self._line.addWidget(IconButton("x", _("Select nothing"), self.table.view.clearSelection))
        self._end()

    def show_bin(self, count: int) -> None:
        """Offer the way back from the bin."""
        self._begin(_chosen_words(count) if count else _("The bin"))
        if count and self.app.may("edit", self.kind):
            self._line.addWidget(Button(_("Put back"), "archive-restore", on_click=self.table.take_from_bin))
        self._line.addWidget(Button(_("Back to the list"), "arrow-left", "quiet", self.table.leave_bin))
        self._end()

    def _begin(self, words: str) -> None:
        clear(self._line)
        self._line.addWidget(PlainLabel(words, "strong"))

    def _end(self) -> None:
        self._line.addStretch(1)
        self.show()


def _chosen_words(count: int) -> str:
    return ngettext("{n} selected", "{n} selected", count).format(n=count)


def steps_for(app: App, kind: type[Record], states: set[str]) -> list[Step]:
    """Return the steps this person may take with at least one record in these states."""
    if kind.first_state == "current":
        return []
    return [step for step in STEPS if step.name in BATCH and states & step.sources and app.may(step.action, kind)]


def each_by_itself(app: App, ids: Sequence[str], act: Callable[[Any, str], Any]) -> list[str]:
    """Do something with each record by itself, so that one refusal keeps no other from being done."""
    done: list[str] = []
    refused: list[Refused] = []
    for each in ids:
        try:
            with app.work() as work:
                act(work, each)
            done.append(each)
        except Refused as refusal:
            refused.append(refusal)
    if refused:
        app.show_error(refused[0])
    return done


def put_in_bin(app: App, kind: type[Record], ids: Sequence[str]) -> None:
    """Move records to the bin and offer them back in passing."""
    from ui.record_acts import undo_bin

    done = each_by_itself(app, ids, lambda work, each: records.put_in_bin(work, kind, each))
    if done:
        words = ngettext("{n} moved to the bin.", "{n} moved to the bin.", len(done)).format(n=len(done))
        app.notify(words, partial(undo_bin, app, kind, done), _("Undo"))


def take_from_bin(app: App, kind: type[Record], ids: Sequence[str]) -> None:
    """Put records back from the bin."""
    done = each_by_itself(app, ids, lambda work, each: records.take_from_bin(work, kind, each))
    if done:
        app.notify(ngettext("{n} put back.", "{n} put back.", len(done)).format(n=len(done)))


def take_step(app: App, kind: type[Record], lines: Sequence[Line], name: str) -> None:
    """Move every record that is ready for it one step along its workflow."""
    step = step_named(name)
    ready = [line.id for line in lines if line.state in step.sources]
    done = each_by_itself(app, ready, lambda work, each: records.take_step(work, kind, each, name))
    if done:
        text = ngettext("{step}: {n} record.", "{step}: {n} records.", len(done))
        app.notify(text.format(step=_(step.label), n=len(done)))


# --- taking along ---


def ask_file(parent: QWidget, name: str, ending: str) -> Path | None:
    """Ask where a list should be written."""
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Export"), f"{name}{ending}", f"*{ending}")
    if not chosen:
        return None
    file = Path(chosen)
    return file if file.suffix.lower() == ending else file.with_name(file.name + ending)


def export_list(app: App, kind: type[Record], shown: dict[str, Any], file: Path) -> None:
    """Write a list into a file as it is shown, beside the window."""

    def take(progress: Any, cancelled: Any) -> int:
        with app.work() as work:
            listing = exchange.taken_out(work, kind, **shown)
        exchange.write(listing, file)
        return len(listing.rows)

    def tell(count: int) -> None:
        words = ngettext("{n} record written to {file}.", "{n} records written to {file}.", count)
        app.notify(words.format(n=count, file=file.name))

    app.tasks.run(take, tell)


def print_list(app: App, kind: type[Record], shown: dict[str, Any]) -> None:
    """Show a list on paper as it is shown."""

    def read(progress: Any, cancelled: Any) -> Listing:
        with app.work() as work:
            return exchange.put_on_paper(work, kind, **shown)

    app.tasks.run(read, lambda listing: papers.show_list_paper(app, listing))
