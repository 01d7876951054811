"""The key's part of the signing settings: its driver, and which of the certificates on it signs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from models.core.errors import Invalid
from resources import _
from ui.dialog import Line
from ui.rows_table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, column, row
from views.signing import desk, shown

if TYPE_CHECKING:
    from reports.signing_token import OnToken
    from ui.app import App

DRIVER = "signing.driver"


class TokenPanel(QWidget):
    """Choose the driver, look what is plugged in, choose a certificate.

    ``on_choose`` gets where the certificate is found again, ``bring`` scrolls to a part of this panel.
    """

    def __init__(self, app: App, on_choose: Callable[[dict[str, str]], Any], bring: Callable[[QWidget], Any]) -> None:
        super().__init__()
        self.app, self.on_choose, self.bring = app, on_choose, bring
        self.found: Sequence[OnToken] = ()
        lines = column(self, 3)
        self.driver = Line(
            _("Driver of the key"),
            shown(""),
            _("The library that came with the key (PKCS#11: .dll on Windows, .so on Linux). It runs inside this program: choose only the one of the key's maker."),
        )  # fmt: skip
        lines.addWidget(self.driver)
        line = row(None, 2)
        line.addWidget(Button(_("Choose the driver…"), "folder-open", on_click=self.choose_driver))
        self.look_button = Button(_("Look for certificates"), "search", on_click=self.look)
        line.addWidget(self.look_button)
        line.addStretch(1)
        lines.addLayout(line)
        self._offer(lines)
        self.certificate = Line(_("Certificate"), shown(""))
        lines.addWidget(self.certificate)

    def _offer(self, lines: Any) -> None:
        headings = (_("Holder"), _("Issuer"), _("Valid until"), _("Key"), _("Can it sign?"))
        self.table = RowsTable(headings, on_open=self.choose)
        self.table.selectionModel().selectionChanged.connect(lambda *_change: self._say_fault())
        self.list = Line(_("Certificates on the key"), self.table)
        lines.addWidget(self.list)
        self.why = PlainLabel("", "caption", tone="danger", wrap=True)
        lines.addWidget(self.why)
        line = row(None, 2)
        self.use_button = Button(_("Sign with this certificate"), "check", "primary", self._choose_marked)
        line.addWidget(self.use_button)
        line.addStretch(1)
        lines.addLayout(line)

    def show_chosen(self, name: str) -> None:
        """Show the driver and what is chosen."""
        for line, text in ((self.driver, desk(self.app).get(DRIVER, "")), (self.certificate, name)):
            if isinstance(line.edit, QLineEdit):
                line.edit.setText(text)
                line.edit.setPlaceholderText(_("none chosen"))
        self.look_button.setVisible(bool(desk(self.app).get(DRIVER)))
        self.certificate.setVisible(bool(name))
        self._show_found()

    def complain_no_more(self) -> None:
        """Take back what was said to be wrong."""
        self.driver.complain("")
        self.certificate.complain("")

    # --- the driver ---

    def choose_driver(self) -> None:
        """Choose the driver's library."""
        start = desk(self.app).get(DRIVER, "") or _usual_place()
        kinds = _("Drivers") + (" (*.dll)" if sys.platform == "win32" else " (*.so *.so.* *.dylib)")
        name, _kind = QFileDialog.getOpenFileName(self, _("Driver of the key"), start, kinds)
        if name:
            self.remember_driver(Path(name))

    def remember_driver(self, file: Path) -> None:
        """Remember the driver and look at once what it finds."""
        desk(self.app).set(DRIVER, str(file))
        if isinstance(self.driver.edit, QLineEdit):
            self.driver.edit.setText(str(file))
        self.look_button.show()
        self.look()

    def look(self) -> None:
        """List the certificates on what is plugged in."""
        self.complain_no_more()
        self.found = ()
        self._show_found()
        self.look_button.setEnabled(False)
        driver, now = Path(desk(self.app).get(DRIVER, "")), self.app.now()

        def work(progress: Any, cancelled: Any) -> list[OnToken]:
            from reports.signing_token import certificates_on

            return certificates_on(driver, now)

        self.app.tasks.run(work, self._seen, self._refused)

    def _seen(self, found: list[OnToken]) -> None:
        self.look_button.setEnabled(True)
        self.found = found
        self._show_found()
        self.table.selectRow(0)
        self.table.setFocus()
        self.bring(self.use_button)

    def _refused(self, error: Exception) -> None:
        self.look_button.setEnabled(True)
        if not isinstance(error, Invalid):
            self.app.show_error(error)
            return
        for problem in error.problems:
            self.driver.complain(problem.message)
        self.bring(self.driver)

    # --- the certificates ---

    def _show_found(self) -> None:
        self.table.show_rows([_line(each) for each in self.found])
        self.table.setFixedHeight(theme.size(44 + 32 * min(max(len(self.found), 1), 5)))
        self.list.setVisible(bool(self.found))
        self._say_fault()
        self.use_button.setVisible(bool(self.found))

    def _say_fault(self) -> None:
        """Say below the list why nothing can be signed with what is marked."""
        one = self._marked()
        self.why.setText(one.fault if one is not None else "")
        self.why.setVisible(bool(self.why.text()))
        self.use_button.setEnabled(one is not None and not one.fault)

    def _marked(self) -> OnToken | None:
        rows = self.table.chosen_rows()
        return self.found[rows[0]] if rows and rows[0] < len(self.found) else None

    def _choose_marked(self) -> None:
        rows = self.table.chosen_rows()
        if rows:
            self.choose(rows[0])

    def choose(self, number: int) -> None:
        """Sign with a certificate of the list, unless it cannot sign."""
        one = self.found[number]
        if one.fault:
            self._say_fault()
        else:
            self.found = ()
            self.on_choose(asdict(one.key))


def _line(one: OnToken) -> tuple[str, ...]:
    known = one.certificate
    return known.holder, known.issuer, str(known.last.date()), one.key.token, _("no") if one.fault else _("yes")


def _usual_place() -> str:
    """Where drivers mostly lie."""
    places = (r"C:\Windows\System32", "/usr/lib/x86_64-linux-gnu", "/usr/lib")
    return next((each for each in places if Path(each).is_dir()), str(Path.home()))
