"""Records 记录: a page for every record type that has none of its own — list, form, paper — and one that lists them all.

A room that draws a type itself takes it out of the menu by leaving it out of ``GENERIC``; its page stays
reachable by ``app.go("records.Room")`` and from the page of all lists.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.child import Child
from models.core import queries
from models.core.exchange import Listing
from models.core.fields import fields_of
from models.core.record import Record, record_type, record_types
from models.papers import note_printed, paper_head, record_paper
from resources import N_, _
from ui import papers
from ui.form import RecordPanel
from ui.pages import AREAS, Page, entry_page, page
from ui.printing import safe_name
from ui.table import RecordTable
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Button, Card, Clickable, Flow, Scroll, Section, Symbol, area_tint, column, row
from views.keeping import Printable, show_paper

if TYPE_CHECKING:
    from ui.app import App

GENERIC: dict[str, str] = {
    "Unit": "house", "Staff": "id-card-lanyard", "UnitStaff": "users", "Caseload": "user-check", "Room": "door-open",
    "Equipment": "package-open", "StaffLeave": "calendar-x", "CalendarDay": "calendar-days", "Schooling": "school", "IepGoal": "target",
    "TermReview": "notebook-text", "Routine": "sun", "StaffCommitment": "calendar-clock",
    "CounsellingNote": "lock-keyhole", "Diagnosis": "stethoscope", "Allergy": "triangle-alert",
    "MedicalVisit": "ambulance", "MedicationOrder": "pill", "Assessment": "clipboard-check",
    "RehabilitationPlan": "clipboard-list", "RehabilitationGoal": "target", "ProgrammeEnrolment": "badge-check",
    "AllowanceRate": "coins",

}  # fmt: skip
"""The types whose generic page stands in the menu of their area, each with its icon."""


class RecordsPage(Page):
    """The list of one record type; a record opens in its place and gives the list back."""

    kind: ClassVar[type[Record]]

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.stack = QStackedWidget()
        self.column(0).addWidget(self.stack)
        self.table = RecordTable(app, self.kind, on_open=self.show_record)
        self.table.on_new = self.new
        self.front: QWidget = self.table
        self.stack.addWidget(self.front)
        self.panel: RecordPanel | None = None
        self._holder: QWidget | None = None

    def put_above(self, *parts: QWidget) -> None:
        """Let parts of a room's own stand above the list."""
        self.stack.removeWidget(self.table)
        self.front = QWidget()
        lines = column(self.front, 3)
        for part in parts:
            lines.addWidget(part)
        lines.addWidget(self.table, 1)
        self.table.show()
        self.stack.addWidget(self.front)
        self.stack.setCurrentWidget(self.front)

    def reload(self) -> None:
        self.table.reload()

    def open(self, **target: Any) -> None:
        """Show one record, begin one, or show the list of one child."""
        if target.get("record_id"):
            self.show_record(str(target["record_id"]))
        elif target.get("new"):
            self.begin(dict(target.get("defaults") or {}))
        else:
            self.show_list()
        if target.get("child_id") and "child" in self.table.filters.available():
            self.table.filters.set_child(str(target["child_id"]), self._child_name(str(target["child_id"])))

    def place(self) -> dict[str, Any]:
        return {"record_id": self.panel.record_id} if self.panel is not None and not self.panel.new else {}

    def show_record(self, record_id: str) -> None:
        """Show one record, on its own page where its type has one."""
        if entry_page(self.kind):
            self.app.open_record(self.kind, record_id)
            return
        panel = self._open_panel()
        try:
            panel.open(record_id)
        except Exception as error:  # not there, or not for this person: the list stays
            self.show_list()
            self.app.show_error(error)

    def new(self) -> None:
        """Begin a new record."""
        if self.app.may_enter(self.kind) and (self.panel is None or self.panel.may_leave()):
            self.begin({})

    def begin(self, defaults: dict[str, Any]) -> None:
        """Begin a new record with some values, on its own page where its type has one."""
        if entry_page(self.kind):
            self.app.new_record(self.kind, **{**self.table.defaults, **defaults})
        else:
            self._open_panel().begin({**self.table.defaults, **defaults})

    def save(self) -> None:
        if self.panel is not None:
            self.panel.save()

    def leave(self) -> bool:
        self.app.drafts.flush()
        return True

    def show_list(self) -> None:
        """Give the list back."""
        self.stack.setCurrentWidget(self.front)
        if self._holder is not None:
            self.stack.removeWidget(self._holder)
            self._holder.deleteLater()
        self.panel = self._holder = None
        self.table.view.setFocus()

    def _open_panel(self) -> RecordPanel:
        if self._holder is not None:
            self.stack.removeWidget(self._holder)
            self._holder.deleteLater()
        self._holder = QWidget()
        lines = column(self._holder, 2)
        back = Button(_("Back to the list"), "arrow-left", "link", self._back)
        lines.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        card = Card(gap=0, margin=0)
        self.panel = RecordPanel(self.app, self.kind)
        card.body.addWidget(self.panel)
        lines.addWidget(card, 1)
        self.panel.done.connect(self.show_list)
        self.stack.addWidget(self._holder)
        self.stack.setCurrentWidget(self._holder)
        return self.panel

    def _back(self) -> None:
        if self.panel is None or self.panel.may_leave():
            self.show_list()

    def _child_name(self, child_id: str) -> str:
        with self.app.read() as work:
            return queries.titles(work, "child", [child_id]).get(child_id, "")


def key_of(kind: type[Record]) -> str:
    """Return the key of a type's generic page."""
    return f"records.{kind.__name__}"


def _order(kind: type[Record]) -> int:
    """After the rooms' own pages, in the order of ``GENERIC``."""
    names = list(GENERIC)
    return 60 + names.index(kind.__name__) if kind.__name__ in names else 94


def register(kind: type[Record]) -> None:
    """Register the generic page of a record type."""
    targets = [
        record_type(meaning.target) for meaning in fields_of(kind) if meaning.kind == "reference" and meaning.listed
    ]
    made = type(
        f"{kind.__name__}Page",
        (RecordsPage,),
        {"kind": kind, "reads": (kind, *targets), "__doc__": f"The list of {kind.__name__}."},
    )
    page(
        key_of(kind), kind.titles, area=kind.area, icon=GENERIC.get(kind.__name__, "file-text"),
        needs=(kind.__name__, "read"), order=_order(kind), menu=kind.__name__ in GENERIC,
    )(made)  # fmt: skip


for _kind in record_types():
    register(_kind)


@page("records", N_("All lists"), area="home", icon="layout-list", order=99)
class AllLists(Page):
    """Every kind of record this person may read, by area, with its number."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet = Scroll(5)
        self.column(0).addWidget(self.sheet)

    def reload(self) -> None:
        from ui.widgets import clear

        clear(self.sheet.body)
        with self.app.read() as work:
            counts = {kind: queries.count(work, kind) for kind in record_types() if self.app.may("read", kind)}
        for area in AREAS.values():
            kinds = [kind for kind in counts if kind.area == area.key]
            if kinds:
                self.sheet.body.addWidget(self._section(area.title, kinds, counts))
        self.sheet.body.addStretch(1)

    def _section(self, title: str, kinds: list[type[Record]], counts: dict[type[Record], int]) -> QWidget:
        section = Section(title)
        holder = QWidget()
        flow = Flow(holder, 2)
        for kind in kinds:
            flow.addWidget(self._tile(kind, counts[kind]))
        section.body.addWidget(holder)
        return section

    def _tile(self, kind: type[Record], count: int) -> QWidget:
        tile = Clickable(f"{_(kind.titles)} {count}", partial(self.app.go, key_of(kind)))
        tile.setProperty("card", True)
        line = row(tile, 2)
        line.setContentsMargins(space(3), space(2), space(3), space(2))
        line.addWidget(Symbol(GENERIC.get(kind.__name__, "file-text"), area_tint(kind.area)))
        line.addWidget(PlainLabel(_(kind.titles)))
        line.addWidget(PlainLabel(f"{count:,}", "caption"))
        return tile


@papers.every_record
def show_sheet(app: App, kind: type[Record], record_id: str) -> None:
    """Show the printed form of any record, the kept one where there is one; that it was made is noted first."""
    with app.work() as work:
        sheet = record_paper(work, kind, record_id)
        head = paper_head(work, "")
        values = queries.values(work, kind, record_id)
        child_id = record_id if kind is Child else values.get("child_id") or ""
        note_printed(work, kind.__name__, kind, record_id, child_id)
        photo = _photo(app, work, sheet.photo)

    def draw(number: str, check: str) -> bytes:
        from reports.record_sheet import render_record

        return render_record(sheet, head.but(number=number, check=check), photo)

    filename = safe_name(f"{sheet.title} {sheet.subject} {app.today()}.pdf")
    said = (replace(sheet, state="", final=True), photo)
    final = _is_final(kind, values)
    show_paper(
        app,
        Printable(
            kind.__name__,
            sheet.title,
            said,
            draw,
            child_id,
            record_id,
            subject=sheet.subject,
            final=final,
            filename=filename,
        ),
    )


def _is_final(kind: type[Record], values: dict[str, Any]) -> bool:
    """Whether the form of a record may be kept: it is approved, or it is what is known of a child today; never sealed."""
    living = values["state"] == "current" and (kind is Child or bool(values.get("child_id")))
    return not values.get("sealed") and (values["state"] in {"approved", "archived"} or living)


def _photo(app: App, work: Any, digest: str | None) -> bytes | None:
    if not digest or app.home is None:
        return None
    from models.core import attachments
    from models.core.errors import Missing, Unusable

    try:
        return attachments.read(app.home, work, digest)
    except (Missing, Unusable):
        return None


@papers.every_list
def show_listing(app: App, listing: Listing) -> None:
    """Show a list on paper."""
    with app.read() as work:
        head = paper_head(work, listing.title)

    def make() -> bytes:
        from reports.listing import render_listing

        return render_listing(listing, head)

    app.preview(listing.title, make, safe_name(f"{listing.title} {app.today()}.pdf"))
