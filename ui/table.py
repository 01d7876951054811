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
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QStackedWidget, QWidget

from models.core import exchange, records
from models.core.errors import Refused
from models.core.exchange import STATE, Listing
from models.core.fields import Field, fields_of
from models.core.queries import listed_fields
from models.core.record import Record
from models.core.workflow import STEPS, Step
from resources import _, ngettext
from ui import papers
from ui.filter_bar import FilterBar
from ui.pages import AREAS
from ui.table_model import STATE_ROLE, Line, RecordsModel, RowsModel
from ui.table_view import StateDelegate, TableView
from ui.text import PlainLabel
from ui.theme import control_height, theme
from ui.widgets import Button, EmptyState, Flow, IconButton, Menu, MenuButton, SearchBox, Skeleton, clear, column, row

if TYPE_CHECKING:
    from ui.app import App

_BATCH = ("submit", "review", "approve", "archive")


class RecordTable(QWidget):
    """One record type as a list with its search, filters, columns, steps for many, export and print.

    Args:
        where: conditions that always hold.
        fields: the columns shown at first; the type's listed fields when left out.
        hide: names of columns not to be shown, e.g. ``child_id`` inside a child's file.
        on_open: called with the id of a record to be opened; the app's form when left out.
        defaults: values of a new record begun from here.
        compact: without filters and export, for a small list inside another screen.
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
    ) -> None:
        super().__init__(parent)
        self.app, self.kind, self.hide_fields = app, kind, tuple(hide)
        self.where, self.defaults = tuple(where), dict(defaults or {})
        self.on_open: Callable[[str], Any] = on_open or (lambda record_id: app.open_record(kind, record_id))
        self.on_new: Callable[[], Any] = lambda: app.new_record(kind, **self.defaults)
        self._first_fields = tuple(fields) if fields is not None else None
        self.model = RecordsModel(app, kind, self._columns(), self)
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
        if self.app.may("create", self.kind):
            self.new_button = Button(
                _("New"), "plus", "primary", self.new, tip=_("New: {what}").format(what=_(self.kind.title))
            )
            self.bar.addWidget(self.new_button, 0, Qt.AlignmentFlag.AlignTop)
        lines.addLayout(self.bar)
        self.many = QWidget()
        self._many_line = row(self.many, 2)
        self.many.hide()
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

    def _possible(self) -> list[Field]:
        """Everything that may be a column: no files, no long texts, nothing confidential."""
        found = [
            each
            for each in fields_of(self.kind)
            if each.kind not in {"json", "attachment"} and not each.confidential and (not each.hidden or each.listed)
            and each.name not in self.hide_fields
        ]  # fmt: skip
        return found if self.kind.first_state == "current" else [*found, STATE]

    def _usual(self) -> list[Field]:
        first = self._first_fields or listed_fields(self.kind)
        names = {each.name for each in first} | {"state"}
        return [each for each in self._possible() if each.name in names]

    def _columns(self) -> list[Field]:
        kept = self.app.settings.get(self._layout_key(), {})
        possible = {each.name: each for each in self._possible()}
        found = (
            [possible[name] for name in kept.get("columns", []) if name in possible] if isinstance(kept, dict) else []
        )
        return found or self._usual()

    def _layout_key(self) -> str:
        return f"table.{self.kind.__name__}" + (".inside" if self.hide_fields else "")

    def _keep_layout(self) -> None:
        """Remember order and widths as this person has them now."""
        if self._arranging or not self._sized:
            return
        head = self.view.horizontalHeader()
        order = sorted(range(len(self.model.columns)), key=head.visualIndex)
        names = [self.model.columns[index].name for index in order]
        widths = {self.model.columns[index].name: head.sectionSize(index) for index in order}
        self.app.settings.set(self._layout_key(), {"columns": names, "widths": widths})

    def _arrange(self) -> None:
        """Give the columns their kept widths, or those their texts need."""
        self._arranging = True
        kept = self.app.settings.get(self._layout_key(), {})
        widths = kept.get("widths", {}) if isinstance(kept, dict) else {}
        self.view.fit_columns()
        for index, each in enumerate(self.model.columns):
            if each.name in widths:
                self.view.setColumnWidth(index, int(widths[each.name]))
            delegate = StateDelegate(STATE_ROLE, self.view) if each is STATE else self.view.itemDelegate()
            self.view.setItemDelegateForColumn(index, delegate)
        self._arranging, self._sized = False, True

    def show_columns(self, columns: Sequence[Field]) -> None:
        """Show other columns and remember them."""
        self.app.settings.set(self._layout_key(), {"columns": [each.name for each in columns], "widths": {}})
        self._sized = False
        self.model.show_columns(columns)

    def _toggle_column(self, meaning: Field) -> None:
        shown = [each for each in self._ordered() if each.name != meaning.name]
        if len(shown) == len(self.model.columns):
            shown.append(meaning)
        if shown:
            self.show_columns(shown)

    def _ordered(self) -> list[Field]:
        head = self.view.horizontalHeader()
        return [self.model.columns[index] for index in sorted(range(len(self.model.columns)), key=head.visualIndex)]

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
        narrowed = bool(self.model.selection.search or self.filters.where() or self.model.selection.binned)
        area = AREAS.get(self.kind.area)
        what = _(self.kind.titles)
        if self.model.selection.binned:
            shown = EmptyState(
                "trash-2",
                _("The bin is empty"),
                _("What is thrown away stays here for 30 days."),
                _("Back to the list"),
                self.leave_bin,
            )
        elif narrowed:
            shown = EmptyState(
                "search",
                _("Nothing found"),
                _("No record fits this search and these filters."),
                _("Show all"),
                self.show_all,
            )
        elif self.app.may("create", self.kind):
            shown = EmptyState(
                area.icon if area else "file-text",
                _("Nothing here yet: {what}").format(what=what),
                "",
                _("New: {what}").format(what=_(self.kind.title)),
                self.new,
            )
        else:
            shown = EmptyState(area.icon if area else "file-text", _("Nothing here yet: {what}").format(what=what))
        holder.addWidget(shown)

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
        if self.app.may("create", self.kind):
            self.on_new()

    def put_in_bin(self) -> None:
        """Move the selected records to the bin; a word in passing offers them back."""
        from ui.record_panel import undo_bin

        ids = [line.id for line in self.chosen_lines()]
        if not ids or self.model.selection.binned or not self.app.may("edit", self.kind):
            return
        done = self._each(ids, lambda work, each: records.put_in_bin(work, self.kind, each))
        if done:
            words = ngettext("{n} moved to the bin.", "{n} moved to the bin.", len(done)).format(n=len(done))
            self.app.notify(words, partial(undo_bin, self.app, self.kind, done), _("Undo"))

    def take_from_bin(self) -> None:
        """Put the selected records back into the list."""
        done = self._each(
            [line.id for line in self.chosen_lines()], lambda work, each: records.take_from_bin(work, self.kind, each)
        )
        if done:
            self.app.notify(ngettext("{n} put back.", "{n} put back.", len(done)).format(n=len(done)))

    def _each(self, ids: Sequence[str], act: Callable[[Any, str], Any]) -> list[str]:
        """Do something with each record by itself, so that one refusal keeps no other from being done."""
        done, refused = [], []
        for each in ids:
            try:
                with self.app.work() as work:
                    act(work, each)
                done.append(each)
            except Refused as refusal:
                refused.append(refusal)
        if refused:
            self.app.show_error(refused[0])
        return done

    def show_bin(self) -> None:
        """Show what was thrown away."""
        self.model.select(binned=True)

    def leave_bin(self) -> None:
        """Show the list again."""
        self.model.select(binned=False)

    # --- many at once ---

    def _selection_changed(self) -> None:
        line = self.current_id()
        if line:
            self.chosen.emit(line)
        count = len(self.view.selectionModel().selectedRows())
        binned = self.model.selection.binned
        if count < 2 and not binned:
            self.many.hide()
            return
        clear(self._many_line)
        self._many_line.addWidget(
            PlainLabel(
                _("The bin")
                if binned and not count
                else ngettext("{n} selected", "{n} selected", count).format(n=count),
                "strong",
            )
        )
        if binned:
            self._fill_bin_line(count)
        else:
            self._fill_many_line()
        self._many_line.addStretch(1)
        self.many.show()

    def _fill_bin_line(self, count: int) -> None:
        if count and self.app.may("edit", self.kind):
            self._many_line.addWidget(Button(_("Put back"), "archive-restore", on_click=self.take_from_bin))
        self._many_line.addWidget(Button(_("Back to the list"), "arrow-left", "quiet", self.leave_bin))

    def _fill_many_line(self) -> None:
        states = {line.state for line in self.model.lines(self.view.chosen_rows()[:500])}
        for step in self._steps_for(states):
            self._many_line.addWidget(Button(_(step.label), on_click=partial(self.take_step, step.name)))
        if self.app.may("edit", self.kind):
            self._many_line.addWidget(Button(_("Move to the bin"), "trash-2", "quiet", self.put_in_bin))
        self._many_line.addWidget(IconButton("x", _("Select nothing"), self.view.clearSelection))

    def _steps_for(self, states: set[str]) -> list[Step]:
        return [
            step for step in STEPS
            if step.name in _BATCH and states & step.sources and self.app.may(step.action, self.kind)
            and self.kind.first_state != "current"
        ]  # fmt: skip

    def take_step(self, name: str) -> None:
        """Move every selected record that is ready for it one step along its workflow."""
        step = next(each for each in STEPS if each.name == name)
        ready = [line.id for line in self.chosen_lines() if line.state in step.sources]
        done = self._each(ready, lambda work, each: records.take_step(work, self.kind, each, name))
        if done:
            text = ngettext("{step}: {n} record.", "{step}: {n} records.", len(done))
            self.app.notify(text.format(step=_(step.label), n=len(done)))

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
        for meaning in self._possible():
            action = columns.addAction(meaning.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(meaning.name in shown)
            action.triggered.connect(lambda _checked=False, meaning=meaning: self._toggle_column(meaning))
        columns.addSeparator()
        columns.addAction(_("As at first")).triggered.connect(lambda: self.show_columns(self._usual()))

    def as_shown(self) -> dict[str, Any]:
        """Return the selection, order and columns on the screen, for export and print."""
        selection, columns = self.model.selection, self._ordered()
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
        name = f"{_(self.kind.titles)} {self.app.today()}{ending}"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Export"), name, f"*{ending}")
        if chosen:
            file = Path(chosen)
            self.export_to(file if file.suffix.lower() == ending else file.with_name(file.name + ending))

    def export_to(self, file: Path) -> None:
        """Write the list into a file, beside the window."""
        shown = self.as_shown()

        def take(progress: Any, cancelled: Any) -> int:
            with self.app.work() as work:
                listing = exchange.taken_out(work, self.kind, **shown)
            exchange.write(listing, file)
            return len(listing.rows)

        self.app.tasks.run(take, lambda count: self.app.notify(
            ngettext("{n} record written to {file}.", "{n} records written to {file}.", count).format(n=count, file=file.name)))  # fmt: skip

    def print(self) -> None:
        """Show the list on paper, exactly as it is shown."""
        shown = self.as_shown()

        def read(progress: Any, cancelled: Any) -> Listing:
            with self.app.work() as work:
                listing = exchange.as_shown(work, self.kind, **shown)
                work.record_event("printed", self.kind.__name__, rows=len(listing.rows))
            return listing

        self.app.tasks.run(read, partial(papers.show_list_paper, self.app))

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


class RowsTable(TableView):
    """A table of finished rows; ``numeric`` names the columns that are numbers, ``on_open`` gets a row's number."""

    def __init__(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]] = (),
        numeric: Iterable[int] = (),
        on_open: Callable[[int], Any] | None = None,
        parent: QWidget | None = None,
        *,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self.rows = RowsModel(headings, frozenset(numeric), self)
        self.setModel(self.rows)
        self.setAccessibleName(name or " ".join(headings))
        if on_open:
            self.opened.connect(on_open)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.rows.show(rows)
        self.fit_columns()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit_columns()
