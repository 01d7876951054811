"""Table 列表: any list of records — searched, narrowed, sorted and paged by the database, and taken along as shown.

table = RecordTable(app, Visit)
table = RecordTable(app, Visit, where=(Visit.child_id == child_id,), hide=("child_id",))
table.on_open = lambda record_id: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from models.core.exchange import STATE
from models.core.fields import Field
from models.core.record import Record
from resources import _, ngettext
from ui import papers
from ui.filter_bar import FilterBar
from ui.rows_table import RowsTable
from ui.table_acts import ManyBar, ask_file, export_list, print_list, put_in_bin, take_from_bin, take_step
from ui.table_columns import ColumnSet, empty_bin, nothing_found, nothing_yet
from ui.table_model import STATE_ROLE, Line, RecordsModel
from ui.table_view import StateDelegate, TableView
from ui.text import PlainLabel
from ui.theme import control_height, theme
from ui.widgets import Button, EmptyState, Flow, Menu, MenuButton, SearchBox, Skeleton, clear, column, row

if TYPE_CHECKING:
    from ui.app import App

__all__ = ["RecordTable", "RowsTable"]


class RecordTable(QWidget):
    """One record type as a list with its search, filters, columns, steps for many, export and print.

    Args:
        where: conditions that always hold.
        fields: the columns shown at first; the type's listed fields when left out.
        hide: names of columns not to be shown, e.g. ``child_id`` inside a child's file.
        on_open: called with the id of a record to be opened; the app's form when left out.
        defaults: values of a new record begun from here.
        compact: without filters and export, for a small list inside another screen.
        nothing: what an empty list says; such a list is only looked at, nothing is begun from it.
    """

    chosen = Signal(str)
    """The current row's record id."""

    def __init__(
        self,
        app: App,
        kind: type[Record],
        where: Iterable[Any] = (),
        fields: Sequence[Field] | None = None,
        on_open: Callable[[str], Any] | None = None,
        parent: QWidget | None = None,
        *,
        hide: Sequence[str] = (),
        defaults: dict[str, Any] | None = None,
        compact: bool = False,
        nothing: str = "",
    ) -> None:
        super().__init__(parent)
        self.app, self.kind, self.nothing = app, kind, nothing
        self.where, self.defaults = tuple(where), dict(defaults or {})
        self.on_open: Callable[[str], Any] = on_open or (lambda record_id: app.open_record(kind, record_id))
        self.on_new: Callable[[], Any] = lambda: app.new_record(kind, **self.defaults)
        self.columns = ColumnSet(app.settings, kind, fields, hide)
        self.model = RecordsModel(app, kind, self.columns.kept(), self)
        self.view = TableView()
        self.filters = FilterBar(app, kind)
        self._stale, self._sized, self._arranging = True, False, False
        self._lay_out(compact)
        self._connect()

    # --- building ---

    def _lay_out(self, compact: bool) -> None:
        lines = column(self, 2)
        self.search = SearchBox(self._searched)
        self.search.setFixedWidth(theme.size(240))
        self.count = PlainLabel("", "caption")
        self.bar = row(None, 2)
        self.bar.addWidget(self._narrowing(compact), 1, Qt.AlignmentFlag.AlignTop)
        self.count.setFixedHeight(control_height())
        self.bar.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        if not compact:
            more = MenuButton("", self._more, "ellipsis", "quiet", tip=_("Columns, export, print"))
            self.bar.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)
        if self.app.may_enter(self.kind) and not self.nothing:
            self.new_button = Button(
                _("New"), "plus", "primary", self.new, tip=_("New: {what}").format(what=_(self.kind.title))
            )
            self.bar.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(self.bar)
        self.many = ManyBar(self.app, self.kind, self)
        lines.addWidget(self.many)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.view)
        self.empty = QWidget()
        column(self.empty, 0)
        self.stack.addWidget(self.empty)
        # On a shared server the first page may take a moment: quiet bars stand in for it.
        self.stack.addWidget(Skeleton(10))
        self.stack.setCurrentIndex(2)
        lines.addWidget(self.stack, 1)
        self.view.setAccessibleName(_(self.kind.titles))
        self.view.setModel(self.model)

    def _narrowing(self, compact: bool) -> QWidget:
        """Search and chips in a line, or in two where the window is narrow."""
        holder = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        flow = Flow(holder, 2)
        flow.addWidget(self.search)
        if compact:
            self.filters.setParent(self)
            self.filters.hide()
        else:
            flow.addWidget(self.filters)
        return holder

    def _connect(self) -> None:
        self._keep_soon = QTimer(self, singleShot=True, interval=400)
        self._keep_soon.timeout.connect(self._keep_layout)
        self._reload_soon = QTimer(self, singleShot=True, interval=0)
        self._reload_soon.timeout.connect(self.reload)
        self.model.counted.connect(self._counted)
        self.filters.changed.connect(self._narrowed)
        self.view.opened.connect(self._open_row)
        self.view.thrown.connect(self.put_in_bin)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        head = self.view.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSectionsMovable(True)
        head.sectionClicked.connect(self._sort)
        head.sectionMoved.connect(lambda *_args: self._keep_layout())
        head.sectionResized.connect(lambda *_args: self._keep_soon.start() if not self._arranging else None)
        self.app.live.changed.connect(self._heard)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._row_menu)

    # --- columns ---

    def _keep_layout(self) -> None:
        """Remember order and widths as this person has them now."""
        if self._arranging or not self._sized:
            return
        head = self.view.horizontalHeader()
        widths = {each.name: head.sectionSize(index) for index, each in enumerate(self.model.columns)}
        self.columns.keep([each.name for each in self.shown_columns()], widths)

    def _arrange(self) -> None:
        """Give the columns their kept widths, or those their texts need."""
        self._arranging = True
        head, widths = self.view.horizontalHeader(), self.columns.widths()
        for index in range(len(self.model.columns)):
            head.moveSection(head.visualIndex(index), index)
        self.view.fit_columns()
        for index, each in enumerate(self.model.columns):
            if each.name in widths:
                self.view.setColumnWidth(index, widths[each.name])
            delegate = StateDelegate(STATE_ROLE, self.view) if each is STATE else self.view.itemDelegate()
            self.view.setItemDelegateForColumn(index, delegate)
        self._arranging, self._sized = False, True

    def show_columns(self, columns: Sequence[Field]) -> None:
        """Show other columns and remember them."""
        self.columns.keep([each.name for each in columns], {})
        self._sized = False
        self.model.show_columns(columns)

    def shown_columns(self) -> list[Field]:
        """Return the columns as they stand on the screen, from left to right."""
        head = self.view.horizontalHeader()
        return [self.model.columns[index] for index in sorted(range(len(self.model.columns)), key=head.visualIndex)]

    def _toggle_column(self, meaning: Field, _on: bool = False) -> None:
        shown = [each for each in self.shown_columns() if each.name != meaning.name]
        if len(shown) == len(self.model.columns):
            shown.append(meaning)
        if shown:
            self.show_columns(shown)

    # --- what is shown ---

    def reload(self) -> None:
        """Read the list anew, staying at the same place."""
        self._reload_soon.stop()
        self._stale = False
        chosen, scroll = self.current_id(), self.view.verticalScrollBar().value()
        self.model.select(where=(*self.where, *self.filters.where()))
        self.view.verticalScrollBar().setValue(scroll)
        place = self.model.row_of(chosen) if chosen else -1
        if place >= 0:
            self.view.selectRow(place)

    def set_where(self, where: Iterable[Any], defaults: dict[str, Any] | None = None) -> None:
        """Show other records for good, e.g. another child's."""
        self.where = tuple(where)
        self.defaults = dict(defaults or {})
        self.reload()

    def _heard(self, types: Any) -> None:
        if self.kind.__name__ not in types:
            return
        if self.isVisible():
            self._reload_soon.start()
        else:
            self._stale = True

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        if self._stale:
            self._reload_soon.start()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._stale = True
        return super().event(event)

    def _searched(self, text: str) -> None:
        if text.strip() != self.model.selection.search:
            self.model.select(search=text.strip())

    def _narrowed(self) -> None:
        self.model.select(where=(*self.where, *self.filters.where()))

    def _sort(self, section: int) -> None:
        name = self.model.columns[section].name
        selection = self.model.selection
        falling = not selection.descending if selection.order == name else False
        order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
        self.view.horizontalHeader().setSortIndicatorShown(True)
        self.view.horizontalHeader().setSortIndicator(section, order)
        self.model.select(order=name, descending=falling)

    def _counted(self, count: int) -> None:
        self.count.setText(ngettext("{n} record", "{n} records", count).format(n=f"{count:,}"))
        if not self._sized and count:
            self._arrange()
        if count == 0:
            self._show_empty()
        self.stack.setCurrentIndex(0 if count else 1)
        self._selection_changed()

    def _show_empty(self) -> None:
        holder = self.empty.layout()
        assert holder is not None
        clear(holder)
        selection = self.model.selection
        if selection.binned:
            holder.addWidget(empty_bin(self.leave_bin))
        elif selection.search or self.filters.where():
            holder.addWidget(nothing_found(self.show_all))
        elif self.nothing:
            holder.addWidget(EmptyState("clipboard-list", self.nothing))
        else:
            holder.addWidget(nothing_yet(self.kind, self.new if self.app.may_enter(self.kind) else None))

    def show_all(self) -> None:
        """Take search and filters away."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.model.selection = type(self.model.selection)(
            order=self.model.selection.order, descending=self.model.selection.descending
        )
        self.filters.clear()

    # --- opening, beginning, throwing away ---

    def current_id(self) -> str:
        """Return the id of the current row's record, empty when there is none."""
        line = self.model.line(self.view.currentIndex().row()) if self.view.currentIndex().isValid() else None
        return line.id if line else ""

    def chosen_lines(self) -> list[Line]:
        """Return the selected rows."""
        return self.model.lines(self.view.chosen_rows())

    def _open_row(self, place: int) -> None:
        for line in self.model.lines([place]):
            self.on_open(line.id)

    def new(self) -> None:
        """Begin a new record."""
        if self.app.may_enter(self.kind):
            self.on_new()

    def put_in_bin(self) -> None:
        """Move the selected records to the bin; a word in passing offers them back."""
        if not self.model.selection.binned and self.app.may("edit", self.kind):
            put_in_bin(self.app, self.kind, [line.id for line in self.chosen_lines()])

    def take_from_bin(self) -> None:
        """Put the selected records back into the list."""
        take_from_bin(self.app, self.kind, [line.id for line in self.chosen_lines()])

    def take_step(self, name: str) -> None:
        """Move every selected record that is ready for it one step along its workflow."""
        take_step(self.app, self.kind, self.chosen_lines(), name)

    def show_bin(self) -> None:
        """Show what was thrown away."""
        self.model.select(binned=True)

    def leave_bin(self) -> None:
        """Show the list again."""
        self.model.select(binned=False)

    def _selection_changed(self) -> None:
        record_id = self.current_id()
        if record_id:
            self.chosen.emit(record_id)
        count = len(self.view.selectionModel().selectedRows())
        if self.model.selection.binned:
            self.many.show_bin(count)
        elif count > 1:
            states = {line.state for line in self.model.lines(self.view.chosen_rows()[:500])}
            self.many.show_many(count, states)
        else:
            self.many.hide()

    # --- taking along ---

    def _more(self, menu: Menu) -> None:
        if self.app.may("export", self.kind):
            menu.add(_("Export as Excel…"), partial(self.export, ".xlsx"), "sheet")
            menu.add(_("Export as CSV…"), partial(self.export, ".csv"), "file-text")
        if self.app.may("print", self.kind):
            menu.add(_("Print the list…"), self.print, "printer")
        menu.add(_("Show the bin"), self.show_bin, "trash-2")
        menu.addSeparator()
        shown = {each.name for each in self.model.columns}
        columns = menu.addMenu(_("Columns"))
        for meaning in self.columns.possible():
            action = columns.addAction(meaning.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(meaning.name in shown)
            action.triggered.connect(partial(self._toggle_column, meaning))
        columns.addSeparator()
        columns.addAction(_("As at first")).triggered.connect(lambda: self.show_columns(self.columns.usual()))

    def as_shown(self) -> dict[str, Any]:
        """Return the selection, order and columns on the screen, for export and print."""
        selection, columns = self.model.selection, self.shown_columns()
        notes = self.filters.notes()
        if selection.search:
            notes.append(_("Search: {words}").format(words=selection.search))
        return {
            "fields": [each for each in columns if each is not STATE], "state": STATE in columns, "notes": notes,
            "search": selection.search, "where": selection.where, "order": selection.order,
            "descending": selection.descending,
        }  # fmt: skip

    def export(self, ending: str) -> None:
        """Take the list along as a file, exactly as it is shown."""
        file = ask_file(self, f"{_(self.kind.titles)} {self.app.today()}", ending)
        if file is not None:
            self.export_to(file)

    def export_to(self, file: Path) -> None:
        """Write the list into a file, beside the window."""
        export_list(self.app, self.kind, self.as_shown(), file)

    def print(self) -> None:
        """Show the list on paper, exactly as it is shown."""
        print_list(self.app, self.kind, self.as_shown())

    def _row_menu(self, place: Any) -> None:
        if not self.view.indexAt(place).isValid():
            return
        menu = Menu(self.view)
        menu.add(_("Open"), lambda: self._open_row(self.view.currentIndex().row()), "arrow-up-right", keys="Enter")
        if self.app.may("print", self.kind):
            menu.add(_("Print…"), lambda: papers.show_record_paper(self.app, self.kind, self.current_id()), "printer")
        if self.model.selection.binned:
            menu.add(_("Put back"), self.take_from_bin, "archive-restore")
        elif self.app.may("edit", self.kind):
            menu.addSeparator()
            menu.add(_("Move to the bin"), self.put_in_bin, "trash-2", keys="Del")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.view.viewport().mapToGlobal(place))
