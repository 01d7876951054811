"""The class list 班级出勤: one month of all pupils on one sheet, typed like a table, saved in one step."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTableView

from models.core import records
from models.core.errors import Invalid, Refused
from models.core.fields import field_of
from models.core.search import fold
from models.education import ClassAttendance, Schooling
from models.education_month import PupilMonth, class_list, usual_school_days
from models.month import Month
from models.period import month_title
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import color, row_height, theme
from ui.widgets import Banner, Button, EmptyState, IconButton, row

Index = QModelIndex | QPersistentModelIndex
DAYS = ("school_days", "present_days", "ill_days", "therapy_days", "other_days")


class Pupils(QAbstractTableModel):
    """The pupils of a month; the days are typed, the days present follow from those missed."""

    altered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pupils: list[PupilMonth] = []
        self.typed: dict[int, dict[str, int | None]] = {}
        self.wrong: dict[int, str] = {}
        self.usual = 0

    def show(self, pupils: list[PupilMonth], usual: int) -> None:
        """Show another month."""
        self.beginResetModel()
        self.pupils, self.usual, self.typed, self.wrong = pupils, usual, {}, {}
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.pupils)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 3 + len(DAYS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if 2 <= section < 2 + len(DAYS) else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        heads = [_("Child"), _("School"), *(field_of(ClassAttendance, name).title for name in DAYS), _("Note")]
        return heads[section]

    def value(self, row_: int, name: str) -> int | None:
        """Return a number as typed, else as recorded, else as proposed."""
        pupil, typed = self.pupils[row_], self.typed.get(row_, {})
        if name in typed:
            return typed[name]
        recorded: int | None = getattr(pupil, name)
        if recorded is None and name == "school_days":
            return self.usual
        if recorded is None and name == "present_days":
            return self.rest(row_)
        return recorded

    def rest(self, row_: int) -> int:
        """The days present when those missed are taken off."""
        missed = sum(self.value(row_, name) or 0 for name in DAYS[2:])
        return (self.value(row_, "school_days") or 0) - missed

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row_, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(row_, column, editing=role == Qt.ItemDataRole.EditRole)
        if role == Qt.ItemDataRole.TextAlignmentRole and 2 <= column < 2 + len(DAYS):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            saved = self.pupils[row_].id and row_ not in self.typed
            return color(
                "danger"
                if column == 2 + len(DAYS)
                else "text"
                if saved or column == 0 or row_ in self.typed
                else "muted"
            )
        if role == Qt.ItemDataRole.FontRole and (column == 0 or row_ in self.typed):
            return theme.font("strong")
        return None

    def _text(self, row_: int, column: int, *, editing: bool) -> str:
        pupil = self.pupils[row_]
        if column < 2:
            return (pupil.name, pupil.school)[column]
        if column == 2 + len(DAYS):
            return self.wrong.get(row_, "")
        value = self.value(row_, DAYS[column - 2])
        return "" if value is None or (value == 0 and column > 3) else str(value)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return usual | Qt.ItemFlag.ItemIsEditable if 2 <= index.column() < 2 + len(DAYS) else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        words = fold(str(value))
        if words and not words.isdigit():
            return False
        row_ = index.row()
        typed = self.typed.setdefault(row_, {})
        typed[DAYS[index.column() - 2]] = int(words) if words else None
        if index.column() != 3:
            typed["present_days"] = self.rest(row_)
        self.wrong.pop(row_, None)
        self.dataChanged.emit(self.index(row_, 0), self.index(row_, self.columnCount() - 1))
        self.altered.emit()
        return True

    def take_usual(self) -> None:
        """Take every pupil without a record as present on all days."""
        for row_, pupil in enumerate(self.pupils):
            if not pupil.id and row_ not in self.typed:
                self.typed[row_] = {"school_days": self.usual, "present_days": self.usual}
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.altered.emit()


@page(
    "class_attendance",
    N_("Class attendance"),
    area="education",
    icon="table",
    needs=("ClassAttendance", "create"),
    order=20,
)
class ClassAttendancePage(Page):
    """One month of all pupils."""

    reads = (ClassAttendance, Schooling)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        today = app.today()
        self.month = Month(today.year, today.month)
        self.tools.add(IconButton("chevron-left", _("The month before"), lambda: self._go(-1)))
        self.said = PlainLabel("", "strong")
        self.tools.add(self.said)
        self.tools.add(IconButton("chevron-right", _("The next month"), lambda: self._go(1)))
        self.save_button = Button(_("Save"), "save", "primary", self.save)
        lines = self.column(3)
        hint = _("Type the days missed; the days present follow. Enter or ↓ goes on to the next child.")
        lines.addWidget(PlainLabel(hint, tone="muted", wrap=True))
        self.banner = Banner("", "danger")
        self.banner.hide()
        lines.addWidget(self.banner)
        self.model = Pupils(self)
        self.model.altered.connect(self._count)
        self.table = self._table()
        lines.addWidget(self.table, 1)
        self.empty = EmptyState("school", _("No pupils"), _("Enrol a child in the education tab of its file."))
        lines.addWidget(self.empty, 1)
        foot = row(None, 2)
        self.usual = Button(_("All others present on all days"), "check-check", on_click=self.model.take_usual)
        foot.addWidget(self.usual)
        foot.addStretch(1)
        self.count = PlainLabel("", tone="muted")
        foot.addWidget(self.count)
        foot.addWidget(self.save_button)
        lines.addLayout(foot)

    def _table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(_("Class attendance"))
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QTableView.EditTrigger.AllEditTriggers)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(row_height())
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for section, width in enumerate((130, 160, 96, 96, 96, 118, 96)):
            table.setColumnWidth(section, theme.size(width))
        return table

    def reload(self) -> None:
        with self.app.read() as work:
            pupils, usual = class_list(work, self.month), usual_school_days(work, self.month)
        self.stale = False
        self.model.show(pupils, usual)
        self.said.setText(month_title(self.month.first))
        self.table.setVisible(bool(pupils))
        self.empty.setVisible(not pupils)
        if pupils:
            self.table.setCurrentIndex(self.model.index(0, 4))
        self._count()

    def open(self, **target: Any) -> None:
        """Go to a month."""
        if target.get("month"):
            self.month = Month.parse(str(target["month"])[:7])
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"month": str(self.month)}

    def _go(self, step: int) -> None:
        index = self.month.year * 12 + self.month.month - 1 + step
        self.month = Month(index // 12, index % 12 + 1)
        self.reload()

    def _count(self) -> None:
        open_ = sum(not pupil.id for pupil in self.model.pupils)
        self.count.setText(_("{n} pupils, {m} without a record").format(n=len(self.model.pupils), m=open_))
        self.save_button.setEnabled(bool(self.model.typed))
        self.usual.setEnabled(open_ > 0)

    def save(self) -> None:
        """Save everything that was typed, all or nothing."""
        row_ = -1
        try:
            with self.app.work() as work:
                for row_ in sorted(self.model.typed):
                    pupil = self.model.pupils[row_]
                    days = {name: self.model.value(row_, name) for name in DAYS}
                    values = {**days, "child_id": pupil.child_id, "month": self.month.first}
                    records.save(
                        work, ClassAttendance, values, id=pupil.id or None, version=pupil.version, confirmed=True
                    )
        except Invalid as wrong:
            self.model.wrong[row_] = str(wrong)
            self.banner.tell(
                _("{child}: {problem}").format(child=self.model.pupils[row_].name, problem=str(wrong)), "danger"
            )
            self.table.setCurrentIndex(self.model.index(row_, 3))
            return
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        count = len(self.model.typed)
        self.banner.hide()
        self.app.notify(
            ngettext("Attendance of {n} child saved", "Attendance of {n} children saved", count).format(n=count)
        )
        self.reload()
