"""Batch choices 打印选项: which papers, into which files or to which printer; kept as they were for the next time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from models.core import settings
from models.core.errors import Refused
from models.month import Month
from models.paper_jobs import ALL, CHILD, EACH, FOLDER, MANNERS, PRINTER, TARGETS, UNIT, PrinterChoice
from models.paper_names import LONGEST_RULE, meant, named, rule_problem, shown
from models.paper_plan import BY_CHILD, BY_UNIT, FLAT
from resources import N_, _, ngettext
from ui.app import App
from ui.dialog import Line
from ui.printers import choose_printer, usual_printer
from ui.text import ElidedLabel, PlainLabel
from ui.widgets import Button, Card, Scroll, Segmented, column, row

KEPT = "papers.batch"
PLACES = (
    (FLAT, N_("All files side by side")),
    (BY_CHILD, N_("A folder for every child")),
    (BY_UNIT, N_("A folder for every unit")),
)
EXAMPLE = {"number": "2020-001", "name": "曾小乐"}


class PaperList(Card):
    """The papers of the catalogue that the person may print, each to be ticked; ``changed`` tells of a tick."""

    changed = Signal()

    def __init__(self, app: App, ticked: list[str]) -> None:
        super().__init__(_("Papers"), gap=1, margin=3)
        from reports.catalogue import catalogue

        self.kinds = {each.key: each for each in catalogue(app.actor)}
        self.boxes: dict[str, QCheckBox] = {}
        wanted = [each for each in ticked if each in self.kinds] or list(self.kinds)[:1]
        self.more = Button("", "chevron-down", "quiet", self._unfold)
        self.more.setProperty("square", False)
        self.tools.addWidget(self.more)
        for key, kind in self.kinds.items():
            box = QCheckBox(_(kind.title).replace("&", "&&"))
            box.setChecked(key in wanted)
            box.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[key] = box
            self.body.addWidget(box)
        self.unfolded = False
        self._show()

    def _unfold(self) -> None:
        self.unfolded = not self.unfolded
        self._show()

    def _show(self) -> None:
        """Show the ticked papers, or all of them."""
        for box in self.boxes.values():
            box.setVisible(self.unfolded or box.isChecked())
        self.more.setText(_("Only the chosen") if self.unfolded else _("All {n} papers").format(n=len(self.boxes)))
        self.more.set_icon("chevron-up" if self.unfolded else "chevron-down")
        self.more.setAccessibleName(self.more.text())

    def keys(self) -> list[str]:
        """Return the keys of the ticked papers, in the order of the catalogue."""
        return [key for key, box in self.boxes.items() if box.isChecked()]

    def tick(self, keys: list[str]) -> None:
        """Tick these papers and no others."""
        for key, box in self.boxes.items():
            box.setChecked(key in keys)
        self._show()


class Choices(Scroll):
    """Everything beside month and children; ``changed`` tells of another choice."""

    changed = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(3)
        self.app = app
        self.setAccessibleName(_("How to print"))
        last: dict[str, Any] = dict(app.settings.get(KEPT, {}))
        with app.read() as work:
            self.rule = str(settings.value(work, "paper_names"))
        self.printer = PrinterChoice(**last["printer"]) if last.get("printer") else usual_printer()
        self.papers = PaperList(app, list(last.get("papers", [])))
        self.body.addWidget(self.papers)
        self.body.addWidget(self._how(last))
        self.body.addStretch(1)
        self.papers.changed.connect(self._tell)
        self._show()

    # --- building ---

    def _how(self, last: dict[str, Any]) -> QWidget:
        card = Card(_("How to print"), gap=2, margin=3)
        options = [(code.code, str(code)) for code in TARGETS]
        self.target = Segmented(options, lambda _value: self._tell(), value=last.get("target"), name=_("How to print"))
        card.body.addWidget(self.target)
        self.manner = _box(_("What becomes one file"), [(code.code, str(code)) for code in MANNERS], last.get("manner"))
        self.places = _box(_("Where the files lie"), [(key, _(words)) for key, words in PLACES], last.get("places"))
        for each in (self.manner, self.places):
            each.currentIndexChanged.connect(lambda _index: self._tell())
        card.body.addWidget(self.manner)
        card.body.addWidget(self._into_folder())
        card.body.addWidget(self._to_printer())
        self.keep = QCheckBox(_("Keep as final, with a number"))
        self.keep.setChecked(bool(last.get("keep")))
        self.keep.toggled.connect(lambda _on: self._tell())
        self.check = QCheckBox(_("Check everything before printing"))
        self.check.setChecked(bool(last.get("check")))
        for tick in (self.keep, self.check):
            card.body.addWidget(tick)
        self.check.toggled.connect(lambda _on: self._tell())
        return card

    def _into_folder(self) -> QWidget:
        self.folder_part = QWidget()
        lines = column(self.folder_part, 2)
        line = row(None, 2)
        self.folder_label = ElidedLabel("", tone="muted")
        line.addWidget(self.folder_label, 1)
        line.addWidget(Button(_("Folder…"), "folder", on_click=self.choose_folder))
        lines.addLayout(line)
        lines.addWidget(self.places)
        self.names = QLineEdit(shown(self.rule))
        self.names.setMaxLength(LONGEST_RULE)
        self.names.setReadOnly(not self._may_name())
        self.names.textEdited.connect(lambda _text: self._say_example())
        self.names.editingFinished.connect(self._keep_rule)
        self.name_line = Line(_("Names of printed files"), self.names, "")
        lines.addWidget(self.name_line)
        return self.folder_part

    def _to_printer(self) -> QWidget:
        self.printer_part = QWidget()
        line = row(self.printer_part, 2)
        self.printer_label = PlainLabel("", tone="muted", wrap=True)
        line.addWidget(self.printer_label, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(Button(_("Printer…"), "printer", on_click=self.choose_printer))
        return self.printer_part

    # --- what is chosen ---

    @property
    def folder(self) -> str:
        """The folder for the files; empty while none was ever chosen."""
        return str(self.app.settings.get("papers.folder", ""))

    def month_changed(self, month: Month, *, over: bool) -> None:
        """Show the example for another month; papers of a month that runs are not final."""
        self.month = month
        self.keep.setEnabled(over)
        self._say_example()

    def manner_now(self) -> str:
        """Return what becomes one document; a printer gets every paper by itself, each on a fresh sheet."""
        return str(self.manner.currentData()) if self.target.value() == FOLDER else EACH

    def keeps(self) -> bool:
        """Whether the papers are to be kept as final ones."""
        return self.keep.isEnabled() and self.keep.isVisibleTo(self) and self.keep.isChecked()

    def choose_folder(self) -> bool:
        """Ask for the folder; return whether there is one now."""
        folder = QFileDialog.getExistingDirectory(self, _("Folder for the papers"), self.folder or str(Path.home()))
        if folder:
            self.app.settings.set("papers.folder", folder)
            self._tell()
        return bool(self.folder)

    def choose_printer(self) -> bool:
        """Ask for the printer; return whether there is one now."""
        try:
            chosen = choose_printer(self.window(), self.printer)
        except Refused as refusal:
            self.app.show_error(refusal)
            return False
        if chosen is not None:
            self.printer = chosen
            self._tell()
        return chosen is not None

    def _tell(self) -> None:
        self._show()
        printer = {"name": self.printer.name, "copies": self.printer.copies, "duplex": self.printer.duplex, "file": self.printer.file} if self.printer else None  # fmt: skip
        kept = {"papers": self.papers.keys(), "target": self.target.value(), "manner": self.manner.currentData(),
                "places": self.places.currentData(), "keep": self.keep.isChecked(), "check": self.check.isChecked(), "printer": printer}  # fmt: skip
        self.app.settings.set(KEPT, kept)
        self.changed.emit()

    # --- showing ---

    month = Month(2026, 1)

    def _show(self) -> None:
        folder = self.target.value() == FOLDER
        self.folder_part.setVisible(folder)
        self.printer_part.setVisible(not folder)
        self.folder_label.setText(self.folder or _("No folder chosen yet"))
        self.printer_label.setText(self._printer_words())
        self.manner.setVisible(folder)
        bound = self.manner.currentData() in {UNIT, ALL}
        self.places.setVisible(folder and not bound)
        self.name_line.setVisible(folder and not bound)
        self.keep.setVisible(self.manner_now() == EACH and self.app.may("create", "KeptPaper"))
        self._say_example()

    def _printer_words(self) -> str:
        if self.printer is None:
            return _("No printer chosen yet")
        copies = ngettext("{n} copy", "{n} copies", self.printer.copies).format(n=self.printer.copies)
        sides = _("both sides") if self.printer.duplex else _("one side")
        return " · ".join([self.printer.name or _("PDF file"), copies, sides])

    def _may_name(self) -> bool:
        return self.app.may("edit", "Setting") and "director" in self.app.actor.roles

    def _say_example(self) -> None:
        rule = meant(self.names.text())
        problem = rule_problem(rule)
        self.name_line.complain(problem)
        if not problem:
            self.name_line.note.setText(_("E.g. {name}").format(name=named(rule, self._example())))
            self.name_line.note.setVisible(True)

    def _example(self) -> dict[str, str]:
        keys = self.papers.keys()
        kind = self.papers.kinds.get(keys[0]) if keys else None
        several = self.manner.currentData() == CHILD and len(keys) > 1
        form = _("Papers") if several else _(kind.title) if kind else ""
        period = str(self.month) if several else kind.period(self.month) if kind else ""
        return {**EXAMPLE, "unit": _("Sunflower"), "form": form, "period": period}

    def _keep_rule(self) -> None:
        rule = meant(self.names.text())
        if rule_problem(rule) or rule == self.rule or not self._may_name():
            return
        try:
            with self.app.work() as work:
                settings.change(work, "paper_names", rule)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.rule = rule

    def printer_for_job(self) -> PrinterChoice | None:
        """Return the printer with its present options, or None when papers go into a folder."""
        return replace(self.printer) if self.printer and self.target.value() == PRINTER else None


def _box(name: str, options: list[tuple[str, str]], chosen: str | None) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for key, words in options:
        box.addItem(words, key)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
