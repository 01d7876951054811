"""Form 表单: the door to everything that follows from one declaration of a record type.

RecordForm(app, Visit)                     the fields alone, for screens of one's own
RecordPanel(app, Visit)                    with head, saving, workflow and history
RecordDialog(app, Visit, visit_id).exec()  the panel over the window
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from models.core.errors import Refused
from models.core.record import Record
from resources import _
from ui.record_form import RecordForm
from ui.record_panel import RecordPanel
from ui.theme import theme
from ui.widgets import column

if TYPE_CHECKING:
    from ui.app import App

__all__ = ["RecordDialog", "RecordForm", "RecordPanel"]


class RecordDialog(QDialog):
    """One record over the window; closes when it is saved or left.

    Args:
        record_id: the record to show; None to begin a new one.
        defaults: values of a new record.
    """

    def __init__(
        self,
        app: App,
        kind: type[Record],
        record_id: str | None = None,
        defaults: dict[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent or app.window_now())
        self.app = app
        self.setObjectName("record_dialog")
        self.setWindowTitle(_(kind.title))
        self.setModal(True)
        self.panel = RecordPanel(app, kind)
        self.saved_id = ""
        column(self, 0).addWidget(self.panel)
        self.panel.saved.connect(self._saved)
        self.panel.done.connect(self.accept)
        # In the window the shell hands Ctrl+S to the page; here nobody else does.
        QShortcut(QKeySequence("Ctrl+S"), self, self.panel.save)
        self._failed = False
        try:
            if record_id:
                self.panel.open(record_id)
            else:
                self.panel.begin(defaults)
        except Refused as refusal:
            self._failed = True
            app.show_error(refusal)
        self._size()

    def exec(self) -> int:
        """Show the dialog until the person is through; nothing is shown when the record is not to be had."""
        return int(QDialog.DialogCode.Rejected) if self._failed else super().exec()

    def _saved(self, record_id: str) -> None:
        self.saved_id = record_id

    def _size(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(theme.size(920), room.width() - 40), min(theme.size(720), room.height() - 60))
        self.setMinimumSize(theme.size(420), theme.size(360))

    def reject(self) -> None:
        """Leave, asking only when something would be lost."""
        if self._failed or self.panel.may_leave():
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._failed or not self.isVisible() or self.panel.may_leave():
            event.accept()
        else:
            event.ignore()
