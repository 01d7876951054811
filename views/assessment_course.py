"""The course of a scale 评定变化: every assessment with it, drawn and listed, cut where the version changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.measurement import CourseLine, stretches
from resources import _
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.trend import TrendLine
from ui.widgets import Card, clear, column


class CourseCard(Card):
    """All assessments of a child with one scale; one of them is opened by pressing it."""

    def __init__(self, on_open: Callable[[str], Any]) -> None:
        super().__init__(_("Course"), gap=2)
        self.on_open = on_open
        self.lines: list[CourseLine] = []
        self.holder = column(None, 2)
        self.body.addLayout(self.holder)

    def show_course(self, lines: Sequence[CourseLine], shown_id: str) -> None:
        """Show these assessments, oldest first."""
        clear(self.holder)
        self.lines = list(lines)[::-1]
        self.setVisible(len(self.lines) > 1 or any(line.id != shown_id for line in self.lines))
        for points in stretches(lines)[-2:]:
            if len(points) > 1:
                self.holder.addWidget(TrendLine(points))
        versions = {line.version for line in self.lines if line.version}
        if len(versions) > 1:
            words = _("Made with different versions; a line never joins two of them.")
            self.holder.addWidget(PlainLabel(words, "caption", wrap=True))
        self.holder.addWidget(self._table(versions=len(versions) > 1))

    def _table(self, *, versions: bool) -> RowsTable:
        """Return the list; the version only where there are several: the card has no room for what says nothing."""
        heads = [_("Date"), *([_("Version")] if versions else ()), _("Result"), _("Difference")]
        rows = [
            (line.assessed_on.isoformat(), *([line.version] if versions else ()), line.value, change_words(line))
            for line in self.lines
        ]
        table = RowsTable(
            heads, rows, (len(heads) - 1,), lambda index: self.on_open(self.lines[index].id), name=_("Course")
        )
        table.narrowest = 64  # The card is narrow and its texts are short.
        table.fit_columns()
        table.setFixedHeight(theme.size(34) + theme.size(30) * min(len(rows), 8) + space(2))
        return table


def change_words(line: CourseLine) -> str:
    """Say the difference to the assessment before, and whether it is more than measurement error."""
    judged = line.verdict
    if judged is None:
        return ""
    if judged.kind == "versions" or judged.change is None:
        return _("other version")
    change = f"{judged.change:+g}".replace("-", "−")
    word = {"real": _("beyond error"), "chance": _("within error")}.get(judged.kind, "")
    return " ".join(filter(None, (change, word)))
