"""Drafting 草稿保存: what is being typed in a form is kept within two seconds, and offered again at its next opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from resources import _
from ui.record_form import RecordForm
from ui.widgets import Banner, Button

if TYPE_CHECKING:
    from ui.app import App


class DraftBanner(Banner):
    """Tells that unsaved typing from before is still there."""

    def __init__(self) -> None:
        super().__init__("", "info")
        line = self.layout()
        assert line is not None
        self.label.setAlignment(Qt.AlignmentFlag.AlignVCenter)  # the words stand at the height of the buttons'
        line.setAlignment(self.symbol, Qt.AlignmentFlag.AlignVCenter)
        self.take = Button(_("Go on with it"))
        self.drop = Button(_("Throw it away"), kind="quiet")
        line.addWidget(self.take)
        line.addWidget(self.drop)
        self.hide()


class Drafting(QObject):
    """Keeps the draft of one form at a time."""

    def __init__(self, app: App, form: RecordForm, parent: QObject) -> None:
        super().__init__(parent)
        self.app, self.form, self.key = app, form, ""
        self.banner = DraftBanner()
        self.banner.take.clicked.connect(self._take)
        self.banner.drop.clicked.connect(self.forget)
        self.watch(form)

    def watch(self, form: RecordForm) -> None:
        """Watch another form."""
        self.form = form
        form.changed.connect(self._changed)

    def start(self, key: str) -> None:
        """Begin to keep drafts under a key, offering what lies there already."""
        self.key = key
        found = self.app.drafts.look(key)
        if found:
            self.banner.tell(_("Unsaved entries of an earlier time were kept."), "info")
        self.banner.setVisible(bool(found))

    def stop(self) -> None:
        """Keep no more drafts."""
        self.key = ""
        self.banner.hide()

    def keep_now(self) -> None:
        """Write what waits at once."""
        self.app.drafts.flush()

    def forget(self) -> None:
        """Remove the draft, because its form was saved or given up."""
        self.banner.hide()
        if self.key:
            self.app.drafts.forget(self.key)

    def _changed(self, _name: str) -> None:
        if self.key:
            self.app.drafts.keep(self.key, self.form.typed())

    def _take(self) -> None:
        found = self.app.drafts.look(self.key)
        self.banner.hide()
        if found:
            self.form.set_typed(found)
            self.form.settle()
