"""Paper preview 打印预览: one paper of the catalogue about one child, as it will be printed; kept ones as they are kept."""

from __future__ import annotations

from typing import Any

from models.core.home import Home
from models.month import ChildOfMonth, Month, photos_in
from models.papers import file_name, paper_head
from models.period import period_words
from resources import _
from ui.app import App
from views.keeping import Printable, show_paper


def show_paper_of(app: App, key: str, child: ChildOfMonth, month: Month, *, final: bool) -> None:
    """Show the very bytes of a child's paper; one that is final shows what is kept of it, or offers to keep it.

    What belongs to no month is kept as known today, and so is always final.
    """
    from reports.catalogue import Wanted, paper_named
    from reports.paper_batch import paper_bytes

    kind, wanted = paper_named(key), Wanted(child.id, month, photos_in(app.home))
    title = " · ".join(filter(None, (child.name, _(kind.title), period_words(kind.period(month)))))
    name = file_name(child.number, child.name, _(kind.title), kind.period(month))
    if (final or kind.of == "child") and kind.kept_as and isinstance(app.home, Home):
        app.tasks.run(
            lambda _progress, _stop: _printable(app, kind, wanted, child, title, name),
            lambda made: show_paper(app, made),
        )
    else:
        app.preview(title, lambda: paper_bytes(app.database, app.actor, key, wanted), name)


def _printable(app: App, kind: Any, wanted: Any, child: ChildOfMonth, title: str, name: str) -> Printable:
    """Gather a paper that can be kept; that it is shown is noted as a printing."""
    from reports.catalogue import drawn
    from reports.paper_batch import gathered_once

    with app.work() as work:
        head = paper_head(work, _(kind.title))
        said = gathered_once(work, kind, wanted)
    return Printable(
        kind.kept_as, title, said, lambda number, check: drawn(kind, said, head.but(number=number, check=check)),
        child_id=child.id, period=kind.period(wanted.month), subject=child.name, needs=kind.needs[0], filename=name,
        name=_(kind.title),
    )  # fmt: skip
