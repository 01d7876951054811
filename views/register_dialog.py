"""Adapting a register 台账设置: title, which columns in which order under which headings, and what narrows it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from models.core.errors import Invalid
from models.registers import LONGEST, Column, Template, filterable, keep, possible
from resources import _
from ui.dialog import Dialog, Line
from ui.editors import editor_for
from ui.layouts import Scroll
from ui.text import PlainLabel
from ui.theme import row_height, theme
from ui.widgets import IconButton, column, row

if TYPE_CHECKING:
    from ui.app import App

SOURCE, HEADING = int(Qt.ItemDataRole.UserRole), int(Qt.ItemDataRole.UserRole) + 1


class RegisterDialog(Dialog):
    """The template of one register; ``kept`` is its id when it was kept."""

    def __init__(self, app: App, template: Template, parent: QWidget | None = None) -> None:
        words = _("Tick the columns and put them in order (Alt+↑, Alt+↓); a heading may be changed. The entries stay.")
        super().__init__(_("Adapt the register"), words, parent, width=720)
        self.app, self.template, self.kept = app, template, ""
        self.usual = {each.source: each.heading for each in possible(template.record_type)}
        self.name = QLineEdit(template.title)
        self.name.setMaxLength(80)
        self.title_line = Line(_("Title"), self.name)
        self.body.addWidget(self.title_line)
        both = row(None, 4)
        both.addLayout(self._columns(), 3)
        both.addWidget(self._filters(), 2)
        self.body.addLayout(both, 1)
        self.offer(_("Keep"), self.keep)
        self.resize(theme.size(760), theme.size(560))

    # --- columns ---

    def _columns(self) -> Any:
        lines = column(None, 1)
        self.list = QListWidget()
        self.list.setMinimumHeight(theme.size(160))
        self.columns_line = Line(_("Columns"), self.list)
        chosen = {each.source: each.heading for each in self.template.columns}
        rest = [source for source in self.usual if source not in chosen]
        for source in [*chosen, *rest]:
            self._add(source, chosen.get(source, ""), ticked=source in chosen)
        self.list.currentItemChanged.connect(lambda *_items: self._show_heading())
        lines.addWidget(self.columns_line, 1)
        acts = row(None, 1)
        self.heading = QLineEdit()
        self.heading.setMaxLength(LONGEST)
        self.heading.setAccessibleName(_("Heading"))
        self.heading.setPlaceholderText(_("Heading"))
        self.heading.textEdited.connect(self._renamed)
        acts.addWidget(self.heading, 1)
        acts.addWidget(IconButton("chevron-up", _("Further to the left"), lambda: self.move(-1)))
        acts.addWidget(IconButton("chevron-down", _("Further to the right"), lambda: self.move(1)))
        lines.addLayout(acts)
        for keys, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self, lambda by=by: self.move(by))
        self.list.setCurrentRow(0)
        return lines

    def _add(self, source: str, heading: str, *, ticked: bool) -> None:
        item = QListWidgetItem(heading or self.usual.get(source, ""))
        item.setSizeHint(QSize(0, row_height()))
        item.setData(SOURCE, source)
        item.setData(HEADING, heading)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.addItem(item)

    def _show_heading(self) -> None:
        item = self.list.currentItem()
        self.heading.setText(item.text() if item else "")

    def _renamed(self, text: str) -> None:
        item = self.list.currentItem()
        if item is not None:
            usual = self.usual.get(item.data(SOURCE), "")
            item.setData(HEADING, "" if text.strip() == usual else text.strip())
            item.setText(text.strip() or usual)

    def move(self, by: int) -> None:  # type: ignore[override]  # a dialog is moved by its frame, a column by this
        """Move the marked column."""
        place = self.list.currentRow()
        target = place + by
        if 0 <= target < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(target, item)
            self.list.setCurrentRow(target)

    def columns(self) -> tuple[Column, ...]:
        """Return the ticked columns in their order."""
        items = (self.list.item(number) for number in range(self.list.count()))
        ticked = (each for each in items if each.checkState() == Qt.CheckState.Checked)
        return tuple(Column(each.data(SOURCE), each.data(HEADING) or "") for each in ticked)

    # --- filters ---

    def _filters(self) -> QWidget:
        scroll = Scroll(3)
        lines = scroll.body
        lines.addWidget(PlainLabel(_("Only these entries"), "strong"))
        self.narrowing: dict[str, Any] = {}
        for meaning in filterable(self.template.record_type):
            part = column(None, 1)
            part.addWidget(PlainLabel(meaning.title, "caption"))
            editor = editor_for(replace(meaning, kind="codes", required=False), self.app)
            editor.set_value(list(self.template.filters.get(meaning.name, ())))
            self.narrowing[meaning.name] = editor
            part.addWidget(editor)
            lines.addLayout(part)
        if not self.narrowing:
            lines.addWidget(
                PlainLabel(_("These entries have nothing by which they could be narrowed."), "caption", wrap=True)
            )
        lines.addStretch(1)
        return scroll

    def filters(self) -> dict[str, tuple[str, ...]]:
        """Return what narrows the register; nothing chosen is no condition."""
        return {name: tuple(each.value()) for name, each in self.narrowing.items() if each.value()}

    # --- keeping ---

    def keep(self) -> None:
        """Keep the template, or say what is wrong with it and lose nothing."""
        changed = replace(
            self.template, title=self.name.text().strip(), columns=self.columns(), filters=self.filters(),
        )  # fmt: skip
        try:
            with self.app.work() as work:
                self.kept = keep(work, changed)
        except Invalid as refusal:
            self._complain(refusal)
            return
        self.accept()

    def _complain(self, refusal: Invalid) -> None:
        """Say beside title and columns what is wrong with them, and go to the first of them."""
        lines = {"name": self.title_line, "columns": self.columns_line}
        said: dict[Line, list[str]] = {line: [] for line in lines.values()}
        for problem in refusal.problems:
            said[lines.get(problem.field, self.columns_line)].append(problem.message)
        for line, messages in said.items():
            line.complain("\n".join(messages))
        next(line for line, messages in said.items() if messages).setFocus()
