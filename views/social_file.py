"""One child's social file 社工档案: the cases with their stage, and every contact along a line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.calendar_rules import distance_words, span_words
from models.core import records
from models.social_work import CASE_KINDS, CASE_STAGES, PERMANENCE, WAYS, ContactNote, CounsellingNote, SocialCase
from models.social_work_lists import SocialFile, social_file
from resources import _
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.timeline import Entry, Timeline
from ui.widgets import Button, Chip, Clickable, EmptyState, Flow, Symbol, clear, column, row
from views.naming import open_sealed
from views.short_form import ShortDialog, ask

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

CONTACT = (
    "way", "at", "minutes", "with_whom", "purpose", "course", "child_words", "result", "next_step", "next_on", "case_id",
)  # fmt: skip
STAGE_TONES = {"closed": "neutral", "follow_up": "neutral", "intake": "warning"}
CASE_WIDTH = 300


class SocialFilePanel(QWidget):
    """Cases above, contacts below, and the acts beside."""

    def __init__(self, app: App, *, named: bool = False) -> None:
        super().__init__()
        self.app, self.child_id, self._named = app, "", named
        self.file: SocialFile | None = None
        lines = column(self, 3)
        bar = row(None, 2)
        self.name = PlainLabel("", "title")
        bar.addWidget(self.name)
        bar.addStretch(1)
        for act in self._acts():
            bar.addWidget(act)
        lines.addLayout(bar)
        self.cases = QWidget()
        Flow(self.cases, 2)
        lines.addWidget(self.cases)
        self.timeline = Timeline()
        self.timeline.opened.connect(lambda entry: self.open_record(*entry.key))
        may = app.may("create", ContactNote)
        self.empty = EmptyState(
            "messages-square", _("No notes yet"), _("Every talk, call and visit leaves a short note."),
            _("New contact note") if may else "", self.new_contact,
        )  # fmt: skip
        self.stack = QStackedWidget()
        self.stack.addWidget(self.timeline)
        self.stack.addWidget(self.empty)
        lines.addWidget(self.stack, 1)

    def _acts(self) -> list[Button]:
        found = []
        if self.app.may("create", CounsellingNote):
            found.append(Button(_("Counselling"), "lock-keyhole", "quiet", self.new_counselling))
        if self.app.may("create", SocialCase):
            found.append(Button(_("New case"), "folder-open", on_click=self.new_case))
        if self.app.may("create", ContactNote):
            found.append(Button(_("New contact note"), "plus", "primary", self.new_contact))
        return found

    def show_child(self, child_id: str) -> None:
        """Show one child's file."""
        self.child_id = child_id
        with self.app.read() as work:
            self.file = social_file(work, child_id)
        self.name.setText(self.file.child_name if self._named else "")
        flow = self.cases.layout()
        assert flow is not None
        clear(flow)
        for case in self.file.cases:
            flow.addWidget(self._case_tile(case))
        self.cases.setVisible(bool(self.file.cases))
        entries = [self._contact_entry(note) for note in self.file.contacts]
        entries += [self._sealed_entry(note) for note in self.file.counselling]
        self.timeline.show_entries(entries)
        self.stack.setCurrentIndex(0 if entries else 1)

    def _case_tile(self, case: dict[str, Any]) -> QWidget:
        tile = Clickable(
            f"{case['subject']} · {CASE_STAGES.label(case['stage'])}", partial(self.open_record, SocialCase, case["id"])
        )
        tile.setProperty("card", True)
        tile.setFixedWidth(theme.size(CASE_WIDTH))
        lines = column(tile, 1)
        lines.setContentsMargins(space(3), space(2), space(3), space(2))
        head = row(None, 2)
        head.addWidget(ElidedLabel(case["subject"], "strong"), 1)
        head.addWidget(Chip(CASE_STAGES.label(case["stage"]), STAGE_TONES.get(case["stage"], "info")))
        lines.addLayout(head)
        said = [CASE_KINDS.label(case["kind"]), PERMANENCE.label(case["permanence"])]
        lines.addWidget(ElidedLabel(" · ".join(each for each in said if each), "caption"))
        lines.addLayout(self._review(case))
        return tile

    def _review(self, case: dict[str, Any]) -> Any:
        line = row(None, 1)
        day, today = case["review_on"], self.app.today()
        if case["closed_on"]:
            line.addWidget(PlainLabel(_("closed {day}").format(day=case["closed_on"].isoformat()), "caption"))
        elif day:
            late = day < today
            line.addWidget(Symbol("calendar-clock", "danger" if late else "muted", 14))
            late_words = _("review {length} late").format(length=span_words(day, today))
            words = late_words if late else _("review {when}").format(when=distance_words(day, today))
            line.addWidget(PlainLabel(words, "caption", tone="danger" if late else ""))
        else:
            line.addWidget(PlainLabel(_("no review planned"), "caption"))
        line.addStretch(1)
        return line

    def _contact_entry(self, note: dict[str, Any]) -> Entry:
        title = " · ".join(each for each in (note["purpose"], note["with_whom"]) if each)
        minutes = _("{n} min").format(n=note["minutes"]) if note["minutes"] else ""
        text = [
            WAYS.label(note["way"]),
            minutes,
            note["result"] or "",
            f"“{note['child_words']}”" if note["child_words"] else "",
        ]
        return Entry(
            note["at"], "social_work", title, " · ".join(each for each in text if each), key=(ContactNote, note["id"])
        )

    def _sealed_entry(self, note: dict[str, Any]) -> Entry:
        title = _("Counselling session") + f" · {note['occasion']}"
        return Entry(
            note["at"], "social_work", title, _("sealed"), icon="lock-keyhole", key=(CounsellingNote, note["id"])
        )

    # --- acts ---

    def _again(self) -> None:
        if self.child_id:
            self.show_child(self.child_id)

    def open_record(self, kind: type, record_id: str) -> None:
        """Open one record; a sealed one says to whom it is open."""
        if kind is CounsellingNote:
            open_sealed(self.app, CounsellingNote, record_id)
        else:
            self.app.open_record(kind, record_id)
        self._again()

    def new_case(self) -> None:
        """Open a case."""
        today, staff = self.app.today(), self.app.actor.staff_id
        self.app.new_record(SocialCase, child_id=self.child_id, opened_on=today, stage="intake", worker_id=staff)
        self._again()

    def new_counselling(self) -> None:
        """Write a counselling note."""
        at = self.app.now().replace(second=0, microsecond=0)
        self.app.new_record(CounsellingNote, child_id=self.child_id, at=at)
        self._again()

    def new_contact(self) -> None:
        """Write a contact note."""
        if not self.child_id or self.file is None:
            return
        running = [case for case in self.file.cases if case["stage"] != "closed"]
        values = {"at": self.app.now().replace(second=0, microsecond=0), "way": "talk", "minutes": 30,
                  "case_id": running[0]["id"] if len(running) == 1 else None}  # fmt: skip
        child_id, staff = self.child_id, self.app.actor.staff_id

        def save(work: Work, given: dict[str, Any]) -> str:
            return records.save(work, ContactNote, {**given, "child_id": child_id, "worker_id": staff})

        title = _("New contact note")
        dialog = ShortDialog(
            self.app,
            title,
            self.file.child_name,
            ContactNote,
            CONTACT,
            save,
            values=values,
            draft=f"ContactNote/new/{child_id}",
        )
        if ask(dialog)[0]:
            self.app.notify(_("The contact is noted."))
            self._again()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(640), theme.size(480))
