"""One domain of an assessment 能区: its limits, the score, what follows from it, and the score before."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QWidget

from models import scales
from models.core.fields import Field
from models.scales import Domain, Result, Scale
from resources import _
from ui.app import App
from ui.editors import ChoiceBar, CodeBox, Editor, NumberEdit
from ui.text import ElidedLabel, PlainLabel
from ui.theme import theme
from ui.widgets import column, row


class DomainRow(QWidget):
    """One domain: its name and limits, the score, what follows from it, and the score before."""

    def __init__(self, app: App, scale: Scale, domain: Domain, *, goals: bool) -> None:
        super().__init__()
        self.scale, self.domain = scale, domain
        lines = column(self, 0)
        line = row(None, 2)
        if goals:
            self.goal: QCheckBox | None = QCheckBox()
            self.goal.setAccessibleName(_("Goal area: {name}").format(name=domain.title))
            self.goal.setToolTip(_("Goal area"))
            line.addWidget(self.goal)
        else:
            self.goal = None
        name = ElidedLabel(domain.title)
        line.addWidget(name, 3)
        self.editor = self._editor(app)
        self.editor.name(domain.title, _limits(domain))
        line.addWidget(self.editor, 0)
        for attribute, width in (("derived", 64), ("before", 74), ("change", 64)):
            label = PlainLabel("", "number", tone="" if attribute == "derived" else "muted")
            label.setFixedWidth(theme.size(width))
            setattr(self, attribute, label)
            line.addWidget(label)
        lines.addLayout(line)
        self.wrong = PlainLabel("", "caption", tone="danger")
        self.wrong.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.wrong.hide()
        lines.addWidget(self.wrong)

    derived: PlainLabel
    before: PlainLabel
    change: PlainLabel

    def _editor(self, app: App) -> Editor:
        domain, scale = self.domain, self.scale
        if domain.choices:
            choices = [(code, code, (code,)) for code in domain.choices]
            made: Editor = ChoiceBar(choices) if scale.formula == "level" else CodeBox(choices)
            made.setFixedWidth(theme.size(250 if scale.formula == "level" else 130))
            return made
        whole = scale.step == int(scale.step)
        limits = f"{domain.minimum or 0:g}–{domain.maximum:g}" if domain.maximum is not None else ""
        meaning = Field(domain.chinese, "integer" if whole else "decimal", unit=limits, decimals=scale.decimals or 1)
        number = NumberEdit(meaning, app.now)
        number.setFixedWidth(theme.size(130))
        return number

    def show_before(self, value: Any) -> None:
        """Show the score of the assessment before."""
        self.before.setText(
            "" if value in (None, "") else f"{value:g}" if isinstance(value, int | float) else str(value)
        )
        self._before = value

    _before: Any = None

    def show_result(self, result: Result, *, compared: bool = True) -> None:
        """Show what follows from the score, and the difference to the one before where the two may be compared."""
        derived = result.derived.get(self.domain.code)
        unit = "%" if self.scale.formula == "percent_mean" else ""
        self.derived.setText("" if derived is None else f"{derived:g}{unit}")
        now = self.editor.value()
        both = (
            compared
            and isinstance(now, int | float)
            and isinstance(self._before, int | float)
            and not self.wrong.isVisible()
        )
        self.change.setText(f"{now - self._before:+g}".replace("-", "−") if both else "")
        tone = {True: "good", False: "warning", None: ""}[
            scales.better(self.scale, self._before, now) if both else None
        ]
        self.change.set_tone(tone or "muted")

    def complain(self, words: str) -> None:
        """Say what is wrong with the score."""
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
        if words:
            self.change.setText("")
        self.editor.mark("danger" if words else "")


def _limits(domain: Domain) -> str:
    if domain.minimum is None or domain.maximum is None:
        return ""
    return _("Between {low} and {high}.").format(low=f"{domain.minimum:g}", high=f"{domain.maximum:g}")
