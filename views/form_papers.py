"""Forms on paper 专用表单打印: shows a declared paper of a child, and offers it where the user stands.

What a record's own paper is, and what else is offered beside it, follows from ``models.forms`` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import models  # noqa: F401 (every form is declared)
from models.core.record import Record, record_type, record_types
from models.forms import FORMS, Asked, Form, FormKind, forms_for, forms_of_record, gathered
from models.month import photos_in
from models.papers import PaperHead, file_name, note_printed, paper_head
from models.period import ReportPeriod
from resources import _
from ui import papers
from ui.buttons import Menu
from views.keeping import Printable, show_paper

if TYPE_CHECKING:
    from ui.app import App


def show_form(app: App, key: str, asked: Asked) -> None:
    """Show one declared paper before it is printed, the kept one where there is one; that it was made is noted first."""
    kind = FORMS[key]
    with app.work() as work:
        sheets = gathered(work, kind, asked, photos_in(app.home))
        head = paper_head(work, "")
        period = str(asked.period) if kind.of == "child_month" and asked.period else ""
        note_printed(work, kind.title, record_type(kind.needs), asked.record_id, asked.child_id, period=period)
    show_paper(app, _printable(kind, asked, sheets, head, period))


def _printable(kind: FormKind, asked: Asked, sheets: list[Form], head: PaperHead, period: str) -> Printable:
    title, first = _(kind.title), sheets[0]

    def draw(number: str, check: str) -> bytes:
        from reports.form_paper import render_forms

        return render_forms(sheets, head.but(number=number, check=check))

    about_record = kind.of in {each.__name__ for each in record_types()}
    return Printable(
        kind.key, title, tuple(sheets), draw, child_id=asked.child_id, record_id=asked.record_id if about_record else "",
        period=period, subject=first.subject, final=all(each.final for each in sheets),
        filename=file_name(first.file_number, first.subject, title, period or first.period),
    )  # fmt: skip


def offer_forms(menu: Menu, app: App, child_id: str, area: str = "") -> None:
    """Add the papers of a child to a menu: those of the area one stands in at once, and all of them one step away."""
    with app.read() as work:
        kinds = [*forms_for(work, "child"), *forms_for(work, "child_month")]
    if not kinds:
        return
    for kind in kinds:
        if record_type(kind.needs).area == area:
            menu.add(_(kind.title), partial(_show_of_child, app, kind, child_id), "file-text")
    whole = Menu(menu)
    whole.setTitle(_("All forms of this child"))
    for kind in kinds:
        whole.add(_(kind.title), partial(_show_of_child, app, kind, child_id), "file-text")
    menu.addMenu(whole)


def _show_of_child(app: App, kind: FormKind, child_id: str) -> None:
    show_form(app, kind.key, Asked(child_id, period=_period(app, kind)))


def _period(app: App, kind: FormKind) -> ReportPeriod | None:
    return ReportPeriod.of("month", app.today()) if kind.of == "child_month" else None


def _show_of_record(app: App, kind: FormKind, type_name: str, record_id: str) -> None:
    """A paper beside a record is about its child; the record says which."""
    from models.core import queries

    with app.read() as work:
        found = queries.values(work, record_type(type_name), record_id)
    child_id = record_id if type_name == "Child" else found.get("child_id") or ""
    show_form(app, kind.key, Asked(child_id, record_id, _period(app, kind)))


@papers.beside
def papers_beside(app: App, kind: type[Record], record_id: str) -> list[tuple[str, Callable[[], None]]]:
    """Name the papers that a record's own menu offers beside its form."""
    with app.read() as work:
        found = [each for each in forms_of_record(work, kind.__name__) if each.of != kind.__name__]
    return [(_(each.title), partial(_show_of_record, app, each, kind.__name__, record_id)) for each in found]


def _own_paper(kind: FormKind) -> Callable[[App, str], None]:
    return lambda app, record_id: _show_of_record(app, kind, kind.of, record_id)


for _kind in FORMS.values():
    if _kind.of in {each.__name__ for each in record_types()}:
        papers.paper(_kind.of)(_own_paper(_kind))
