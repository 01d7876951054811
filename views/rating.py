"""Rating 能力评定: the twelve domains on one sheet — a level by staff, one by the young person, and what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from models.core.errors import Invalid, Refused
from models.transition_plan import Readiness, YoungPerson, rate
from models.transition_words import DOMAINS, LEVELS
from resources import _, sentences
from ui.dialog import Dialog
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Scroll, Segmented

if TYPE_CHECKING:
    from ui.app import App

UNRATED = None
CHOICES: list[tuple[Any, str]] = [(UNRATED, "–"), *((level, str(level)) for level in range(5))]


class RatingRow:
    """One domain on the sheet; the levels start from what was rated before."""

    def __init__(self, grid: QGridLayout, place: int, before: Readiness) -> None:
        self.domain = before.domain
        name = DOMAINS.label(before.domain)
        last = "" if before.level is None else _("last time {n}").format(n=before.level)
        grid.addWidget(PlainLabel(name, "strong"), place, 0)
        self.staff = Segmented(CHOICES, name=_("{domain}: level by staff").format(domain=name))
        self.own = Segmented(CHOICES, name=_("{domain}: own level").format(domain=name))
        self.evidence = QLineEdit()
        self.evidence.setAccessibleName(_("{domain}: evidence").format(domain=name))
        self.evidence.setPlaceholderText(last)
        grid.addWidget(self.staff, place, 1)
        grid.addWidget(self.own, place, 2)
        grid.addWidget(self.evidence, place, 3)

    def values(self) -> dict[str, Any] | None:
        """Return what was rated, None when this domain was left out."""
        if self.staff.value() is UNRATED:
            return None
        return {
            "staff_level": self.staff.value(),
            "own_level": self.own.value(),
            "evidence": self.evidence.text().strip() or None,
        }


class RatingDialog(Dialog):
    """The sheet of all domains."""

    def __init__(self, app: App, person: YoungPerson) -> None:
        super().__init__(
            _("Rate readiness: {name}").format(name=person.name), self._scale(), app.window_now(), width=820
        )
        self.app, self.person = app, person
        self.trouble = Banner("", "danger")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        sheet = Scroll(0)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, space(2), 0)
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(space(1))
        grid.setColumnStretch(3, 1)
        for place, words in enumerate((_("Domain"), _("Level by staff"), _("Own level"), _("What was seen"))):
            grid.addWidget(PlainLabel(words, "caption"), 0, place)
        self.rows = [RatingRow(grid, index + 1, each) for index, each in enumerate(person.readiness)]
        sheet.body.addWidget(holder)
        sheet.body.addStretch(1)
        self.body.addWidget(sheet, 1)
        self.offer(_("Save"), self.save)
        self.resize(theme.size(880), min(theme.size(640), self.screen().availableGeometry().height() - theme.size(60)))

    def _scale(self) -> str:
        return " · ".join(f"{code.code} {code}" for code in LEVELS)

    def save(self) -> None:
        """Save what was rated; nothing is lost when something is missing."""
        levels = {each.domain: values for each in self.rows if (values := each.values()) is not None}
        try:
            with self.app.work() as work:
                work.confirmed = True
                rate(work, self.person.child_id, work.today, levels)
        except Invalid as refusal:
            self.trouble.tell(sentences(*(problem.message for problem in refusal.problems)), "danger")
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            self.accept()
