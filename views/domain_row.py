"""One domain of an assessment 能区: its limits, the score, what follows from it, and the score before."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from models import scales
from models.core.fields import Field
from models.scales import Domain, Result, Scale
from resources import N_, _
from ui.app import App
from ui.editors import ChoiceBar, CodeBox, Editor, NumberEdit
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import column, row

DERIVED = {"percent_mean": N_("Share"), "quotient_by_domain": N_("Quotient")}
"""What follows from the score of a domain by itself, where a scale has such a thing."""


def _beside(scale: Scale) -> list[tuple[str, str, int]]:
    """Return what stands right of a score: (attribute, heading, width)."""
    derived = [("derived", DERIVED[scale.formula], 58)] if scale.formula in DERIVED else []
    return [*derived, ("before", N_("Before"), 56), ("change", N_("Difference"), 60)]


def headings(scale: Scale) -> QHBoxLayout:
    """Return the line above the domains that says what stands in their columns."""
    line = row(None, 2)
    line.addWidget(PlainLabel(_("☑ goal area") if scale.formula == "percent_mean" else "", "caption"), 1)
    for _attribute, words, width in _beside(scale):
        label = PlainLabel(_(words), "caption")
        label.setAlignment(Qt.AlignmentFlag.AlignRight)
        label.setFixedWidth(theme.size(width))
        line.addWidget(label)
    return line


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
        line.addWidget(PlainLabel(domain.title, wrap=True), 1, Qt.AlignmentFlag.AlignVCenter)
        self.editor = self._editor(app)
        self.editor.name(domain.title, _limits(domain))
        self.said = PlainLabel("", "number")
        self.said.setFixedWidth(theme.size(84))
        self.said.hide()
        line.addWidget(self.editor, 0)
        line.addWidget(self.said, 0)
        wide = self.editor.minimumWidth()
        for attribute, _heading, width in _beside(scale):
            label = PlainLabel("", "number", tone="" if attribute == "derived" else "muted")
            label.setFixedWidth(theme.size(width))
            setattr(self, attribute, label)
            line.addWidget(label)
            wide += theme.size(width) + line.spacing()
        lines.addLayout(line)
        self.wrong = PlainLabel("", "caption", tone="danger", wrap=True)
        self.wrong.setFixedWidth(wide)
        self.wrong.hide()
        lines.addWidget(self.wrong, 0, Qt.AlignmentFlag.AlignRight)

    derived: PlainLabel | None = None
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
        number.setFixedWidth(theme.size(116))
        return number

    def set_read_only(self, read_only: bool) -> None:
        """Say the score instead of letting it be typed."""
        value = self.editor.value()
        number = f"{value:g}" if isinstance(value, int | float) else str(value or "—")
        most = self.domain.maximum
        self.said.setText(f"{number} / {most:g}" if most is not None and not self.domain.choices else number)
        self.said.setVisible(read_only)
        self.editor.setVisible(not read_only)
        if self.goal is not None:
            self.goal.setEnabled(not read_only)

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
        if self.derived is not None:
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
