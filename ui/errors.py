"""Errors 出错说明: whatever went wrong, told calmly — what happened, what is safe, what to do, and a code.

Refusals (``models.core.errors.Refused``) are meant for the user and keep their own words. Everything else
is our mistake: it is logged with its place in the program, shown without a traceback, and its details can be
copied for support. They name files and lines of the program, never a value, so no child's data leaves with them.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import sys
import threading
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, Signal, qInstallMessageHandler, qVersion
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from resources import _
from ui.dialog import fit_height
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, Symbol, column, row

logger = logging.getLogger("qinghe")


@dataclass(frozen=True)
class Words:
    """How one error is told."""

    title: str
    text: str
    advice: str = ""
    icon: str = "info"
    tone: str = "info"
    code: str = ""


def words_for(error: BaseException) -> Words:
    """Return the words for an error."""
    from models.core.errors import Refused

    if isinstance(error, Refused):
        return _refusal(error)
    if isinstance(error, MemoryError):
        return _trouble(_("The computer has no memory left"), _("Close other programs, then try again."), error)
    if isinstance(error, PermissionError):
        return _trouble(_("The file or folder may not be written"), _file_advice(error), error)
    if isinstance(error, FileNotFoundError):
        return _trouble(_("A file is not where it should be"), _file_advice(error), error)
    if isinstance(error, OSError) and error.errno == 28:
        return _trouble(
            _("The disk is full"), _("Free some space, then do it again; your entries are still here."), error
        )
    if _is_database(error):
        return _database_trouble(error)
    return _trouble(
        _("Something went wrong in the program"),
        _("Try once more. If it happens again, copy the details for support."),
        error,
    )


def _refusal(error: BaseException) -> Words:
    from models.core.errors import Changed, Forbidden, Invalid, Missing, Unusable

    if isinstance(error, Invalid):
        text = "\n".join(dict.fromkeys(problem.message for problem in error.problems))
        return Words(_("Please look at this again"), text, "", "pencil", "warning")
    if isinstance(error, Forbidden):
        return Words(_("This is not open to you"), str(error), _("The director or an administrator can help."), "lock")
    if isinstance(error, Missing):
        return Words(_("Not found"), str(error), "", "search")
    if isinstance(error, Changed):
        return Words(_("Changed by someone else meanwhile"), _("{name} has saved this record since you opened it. Your entries are still here.").format(name=error.by),
                     _("Open it again to compare the two versions."), "git-compare", "warning")  # fmt: skip
    if isinstance(error, Unusable):
        return Words(
            _("This cannot be opened"),
            str(error),
            _("Nothing was written; what is stored is as it was."),
            "shield-alert",
            "warning",
        )
    return Words(_("This cannot be done"), str(error))


def _trouble(title: str, advice: str, error: BaseException) -> Words:
    safe = _("What was saved before is safe; what you are typing is kept as a draft.")
    return Words(title, safe, advice, "life-buoy", "warning", code_of(error))


def _database_trouble(error: BaseException) -> Words:
    text = str(getattr(error, "orig", error)).lower()
    if "full" in text:
        return _trouble(
            _("The disk is full"), _("Free some space, then do it again; your entries are still here."), error
        )
    if "locked" in text or "busy" in text:
        return _trouble(
            _("The store is busy"), _("Someone else is saving just now. Please try again in a moment."), error
        )
    if "malformed" in text or "not a database" in text:
        return _trouble(
            _("The store may be damaged"),
            _("Do not go on entering. Ask the system administrator to check it and restore a backup."),
            error,
        )
    return _trouble(_("The store did not answer"), _("Check the connection, then try again."), error)


def _is_database(error: BaseException) -> bool:
    return any(kind.__name__ in {"DBAPIError", "DatabaseError"} for kind in type(error).__mro__)


def _file_advice(error: OSError) -> str:
    name = Path(error.filename).name if isinstance(error.filename, str) else ""
    shown = _("It is about {name}. ").format(name=name) if name else ""
    return shown + _("Close the file in other programs or choose another folder, then try again.")


def code_of(error: BaseException) -> str:
    """Return the code of an error: the same for the same mistake at the same place."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].name}" if frames else ""
    return "QH-" + hashlib.sha256(f"{type(error).__name__}/{place}".encode()).hexdigest()[:6].upper()


def details_of(error: BaseException) -> str:
    """Return what support needs: versions, kind and places in the program, but no message and no value."""
    lines = [
        f"Qinghe · {code_of(error)}",
        f"Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}",
    ]
    here: BaseException | None = error
    while here is not None:
        lines.append(f"{type(here).__module__}.{type(here).__name__}")
        lines += [
            f"  {_short(each.filename)}:{each.lineno} {each.name}" for each in traceback.extract_tb(here.__traceback__)
        ]
        here = here.__cause__ or here.__context__
    return "\n".join(lines)


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-2:])


def log(error: BaseException) -> None:
    """Write an unexpected error into the program's log, without a message or value."""
    from models.core.errors import Refused

    if not isinstance(error, Refused):
        logger.error("%s", details_of(error))


class ErrorDialog(QDialog):
    """The calm presenter."""

    def __init__(self, parent: QWidget | None, error: BaseException) -> None:
        super().__init__(parent)
        self.error, self.words = error, words_for(error)
        self.setWindowTitle(_("Qinghe"))
        self.setAccessibleName(self.words.title)
        line = row(self, 4, 5)
        symbol = Symbol(self.words.icon, self.words.tone, 32)
        line.addWidget(symbol)
        line.setAlignment(symbol, _top())
        lines = column(None, 2)
        line.addLayout(lines, 1)
        lines.addWidget(PlainLabel(self.words.title, "heading", wrap=True))
        for text in (self.words.text, self.words.advice):
            if text:
                lines.addWidget(PlainLabel(text, wrap=True, selectable=True))
        if self.words.code:
            lines.addWidget(PlainLabel(_("Code: {code}").format(code=self.words.code), "caption", selectable=True))
        lines.addSpacing(space(2))
        lines.addLayout(self._buttons())
        self.setMinimumWidth(theme.size(460))
        self.setMaximumWidth(theme.size(620))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)

    def _buttons(self) -> Any:
        buttons = row(None, 2)
        if self.words.code:
            self.copy = Button(_("Copy details"), "copy", "quiet", self._copy)
            buttons.addWidget(self.copy)
        buttons.addStretch(1)
        close = Button(_("Close"), kind="primary", on_click=self.accept)
        close.setDefault(True)
        QTimer.singleShot(0, close.setFocus)
        buttons.addWidget(close)
        return buttons

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(details_of(self.error))
        self.copy.setText(_("Copied"))


def _top() -> Any:
    from PySide6.QtCore import Qt

    return Qt.AlignmentFlag.AlignTop


def present(parent: QWidget | None, error: BaseException) -> None:
    """Tell the user about an error and wait until it was read."""
    log(error)
    dialog = ErrorDialog(parent, error)
    dialog.exec()
    dialog.deleteLater()


class Catcher(QObject):
    """Catches what nobody else has caught — in slots, in threads, in Qt — and has it presented once at a time."""

    caught = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._presenting = False
        self.caught.connect(self._present)

    def install(self) -> None:
        """Take over the hooks of Python and Qt."""
        sys.excepthook = self._hook
        threading.excepthook = lambda found: self._hook(found.exc_type, found.exc_value, found.exc_traceback)
        qInstallMessageHandler(hear_qt)

    def _hook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        self.caught.emit(error)

    def _present(self, error: BaseException) -> None:
        if self._presenting:
            log(error)
            return
        self._presenting = True
        try:
            present(QApplication.activeWindow(), error)
        finally:
            self._presenting = False


def hear_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write Qt's own warnings into the log instead of to a console nobody sees."""
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }
    logger.log(level.get(kind, logging.ERROR), "Qt: %s", message)
