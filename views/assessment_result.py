"""What an assessment comes to 评估结果: total, level, the difference to the last one, the profile — while typing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from models import scales
from models.measurement import comparison_notes, differ, verdict
from models.scales import Domain, Result, Scale
from resources import _, current_language
from ui.text import PlainLabel
from ui.trend import ProfileBars
from ui.widgets import Banner, Card, Chip, row


class ResultCard(Card):
    """The result of the scores typed so far, beside the assessment before."""

    def __init__(self) -> None:
        super().__init__(_("Result"), gap=2)
        line = row(None, 2)
        self.total = PlainLabel("", "display")
        self.level = Chip("")
        line.addWidget(self.total)
        line.addWidget(self.level, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        self.body.addLayout(line)
        self.against = PlainLabel("", tone="muted", wrap=True)
        self.body.addWidget(self.against)
        self.verdict = Banner("", "info")
        self.body.addWidget(self.verdict)
        self.profile = ProfileBars()
        self.body.addWidget(self.profile)
        self.more = PlainLabel("", tone="muted", wrap=True)
        self.body.addWidget(self.more)

    def show_result(
        self, scale: Scale, result: Result, scores: dict[str, Any], months: float | None, before: dict[str, Any] | None,
        version: str = "", aids: str | None = None,
    ) -> None:  # fmt: skip
        """Show what follows from the scores; ``before`` is the last assessment with this scale."""
        level = scales.SCALE_LEVELS.label(result.level)
        says_all = scale.formula == "level"
        self.total.setText(level if says_all else "–" if result.total is None else f"{result.total:g}{_unit(scale)}")
        self.total.setVisible(bool(scale.main_measure) or result.total is not None)
        self.level.setText(level)
        self.level.setVisible(bool(level) and not says_all)
        apart = differ((before or {}).get("scale_version"), version)
        self.against.setText(_against(scale, result, before) if not apart else "")
        self.against.setVisible(bool(self.against.text()))
        self._judge(scale, result, before, version, aids)
        self.profile.show_rows([
            (domain.title, _share(domain, scores.get(domain.code), months),
             None if apart else _share(domain, (before or {}).get("scores", {}).get(domain.code), months))
            for domain in scale.entries
            if not domain.choices
        ])  # fmt: skip
        extra = [
            f"{scales.measure_title(scale, measure)} {value:g}{_derived_change(measure, value, before, apart)}"
            for measure, value in result.derived.items()
            if measure not in {domain.code for domain in scale.entries}
        ]
        extra += [
            f"{scales.measure_title(scale, measure)}{_(': ')}{scales.SCALE_LEVELS.label(label)}"
            for measure, label in result.levels.items()
            if measure not in ("total", "DQ", "level")
        ]
        self.more.setText("\n".join(extra))
        self.more.setVisible(bool(extra))

    def _judge(
        self, scale: Scale, result: Result, before: dict[str, Any] | None, version: str, aids: str | None
    ) -> None:
        """Say whether the change is more than measurement error, and what else stands between the two assessments."""
        found = None
        if before is not None and scale.formula != "level":
            versions = (before.get("scale_version") or "", version)
            found = verdict(scale, before["total"], result.total, versions=versions)
            if found is None and differ(*versions):
                found = verdict(scale, 0, 0, versions=versions)
        notes = comparison_notes(before, version, aids) if before is not None else []
        words = [found.words if found else "", *notes]
        self.verdict.tell("\n".join(filter(None, words)), found.tone if found else "info")
        self.verdict.setVisible(any(words))


def _against(scale: Scale, result: Result, before: dict[str, Any] | None) -> str:
    """Say how the total stands to that of the assessment before."""
    if before is None:
        return _("First assessment with this scale.")
    day, then = before["assessed_on"], before["total"]
    if then is None or result.total is None:
        return _("Last time: {day}").format(day=day)
    change = f"{result.total - then:+.4g}".replace("-", "−") if result.total != then else ""
    better = scales.better(scale, then, result.total)
    word = {True: _("better"), False: _("worse"), None: _("unchanged") if result.total == then else ""}[better]
    told = " ".join(filter(None, (change, word)))
    return _("{day}: {then} → {now} ({change})").format(day=day, then=f"{then:g}", now=f"{result.total:g}", change=told)


def _derived_change(measure: str, value: float, before: dict[str, Any] | None, apart: bool) -> str:
    """Say the difference of a derived score to the assessment before: `` (+2)``."""
    then = (before or {}).get("derived", {}).get(measure)
    if apart or not isinstance(then, int | float):
        return ""
    return _(" (before {then}, {change})").format(then=f"{then:g}", change=f"{value - then:+.3g}".replace("-", "−"))


def _share(domain: Domain, value: Any, months: float | None) -> float | None:
    if not isinstance(value, int | float):
        return None
    low = domain.minimum or 0
    high = domain.maximum if domain.maximum is not None else None
    if high is None:
        return value / months if months else None
    return (value - low) / (high - low) if high > low else None


def _unit(scale: Scale) -> str:
    return "%" if scale.formula == "percent_mean" else ""


def about(scale: Scale) -> str:
    """Say what a reader of the result should know of the scale; its sources are Chinese and shown in Chinese."""
    parts = [_("No item texts are kept, only scores.")]
    if current_language() == "zh_CN":
        parts = [
            scale.population,
            _("Rights: {words}").format(words=scale.rights) if scale.rights else "",
            *parts,
            _("Computed: {words}").format(words=scale.rule) if scale.rule else "",
            _("Not verified: {words}").format(words=scale.unverified) if scale.unverified else "",
        ]
    return "\n".join(part for part in parts if part)
