"""Drafting 草稿保存: what is being typed is kept within two seconds, and offered again when the form is next opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from models.core.record import Record
from resources import _
from ui.record_form import RecordForm
from ui.widgets import Banner, Button

if TYPE_CHECKING:
    from ui.app import App

PATIENCE = 1500
"""Milliseconds after the first keystroke at which the draft is written; the promise is two seconds."""


class DraftBanner(Banner):
    """Tells that unsaved typing from before is still there."""

    def __init__(self) -> None:
        super().__init__("", "info")
        line = self.layout()
        assert line is not None
        self.take = Button(_("Go on with it"))
        self.drop = Button(_("Throw it away"), kind="quiet")
        line.addWidget(self.take)
        line.addWidget(self.drop)
        self.hide()


class Drafting(QObject):
    """Keeps the draft of one form; does nothing where the program has no place for drafts."""

    def __init__(self, app: App, kind: type[Record], form: RecordForm) -> None:
        super().__init__(form.parent())
        self.drafts: Any = getattr(app, "drafts", None)
        self.kind, self.form, self.key = kind, form, ""
        self.banner = DraftBanner()
        self.banner.take.clicked.connect(self._take)
        self.banner.drop.clicked.connect(self.forget)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self.keep_now)
        self.watch(form)

    def watch(self, form: RecordForm) -> None:
        """Watch another form."""
        self._timer.stop()
        self.form = form
        form.changed.connect(self._changed)

    def start(self, key: str) -> None:
        """Begin to keep drafts under a key, offering what lies there already."""
        self.key = key
        found = self.drafts.look(key) if self.drafts is not None else None
        if found:
            self.banner.tell(_("Unsaved entries of an earlier time were kept."), "info")
        self.banner.setVisible(bool(found))

    def stop(self) -> None:
        """Keep no more drafts."""
        self._timer.stop()
        self.key = ""
        self.banner.hide()

    def keep_now(self) -> None:
        """Write the draft at once, if anything is typed."""
        waiting = self._timer.isActive()
        self._timer.stop()
        if waiting and self.key and self.drafts is not None:
            self.drafts.keep(self.key, self.form.typed())

    def forget(self) -> None:
        """Remove the draft, because its form was saved or given up."""
        self._timer.stop()
        self.banner.hide()
        if self.key and self.drafts is not None:
            self.drafts.forget(self.key)

    def _changed(self, _name: str) -> None:
        if self.key and self.drafts is not None and not self._timer.isActive():
            self._timer.start()

    def _take(self) -> None:
        found = self.drafts.look(self.key) if self.drafts is not None else None
        self.banner.hide()
        if found:
            self.form.set_typed(found)
            self.form.settle()
