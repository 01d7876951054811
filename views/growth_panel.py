"""Growth of one child 生长发育: type the measurements and see at once what they mean, in words and in the curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from models.core import records
from models.core.errors import Invalid, Problem, Unconfirmed
from models.core.fields import field_of
from models.growth import GrowthMeasurement, chart_of, measurements, subject_of
from models.growth_results import GrowthSubject, Measured, age_words, assess, doubts
from models.growth_standards import INDICATORS, INTERPOLATED, UNITS, growth_age
from resources import N_, _
from ui.editors import Editor, editor_for
from ui.figure import FigureCanvas
from ui.table import RowsTable
from ui.text import ElidedLabel, PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Banner, Button, Chip, Segmented, clear, column, row, rule

if TYPE_CHECKING:
    from reports.charts import Palette
    from ui.app import App

TYPED = ("measured_on", "weight", "stature", "position", "head", "not_assessable", "note")
SHORT = (
    ("weight", N_("Weight")), ("stature", N_("Height")), ("weight_for_length", N_("Weight/height")), ("bmi", N_("BMI")),
    ("head", N_("Head")),
)  # fmt: skip
_LABELS = {"stature": N_("Length/height"), "head": N_("Head"), "position": N_("Measuring position")}
_SOON = 150
_TONES = {
    "severe_underweight": "danger", "severe_stunting": "danger", "severe_wasting": "danger", "moderate_wasting": "danger",
    "severe_obesity": "danger", "obesity": "warning", "overweight": "warning", "underweight": "warning", "stunting": "warning",
    "wasting": "warning", "mild_wasting": "warning", "risk_of_overweight": "info",
}  # fmt: skip


@dataclass
class Shown:
    """The child on show and what was measured so far."""

    subject: GrowthSubject
    measured: list[Measured]


class GrowthPanel(QWidget):
    """Typing, result, curve and history of one child; ``on_saved`` is told after a measurement is saved."""

    def __init__(self, app: App, on_saved: Callable[[], Any] | None = None) -> None:
        super().__init__()
        self.app, self.on_saved = app, on_saved or (lambda: None)
        self.shown: Shown | None = None
        self.editors: dict[str, Editor] = {}
        self.may_write = app.may("create", GrowthMeasurement)
        self.soon = QTimer(self, singleShot=True, interval=_SOON)
        self.soon.timeout.connect(self.evaluate)
        line = row(self, 5)
        left, right = column(None, 2), column(None, 2)
        line.addLayout(left, 0)
        line.addLayout(right, 1)
        self._lay_out_left(left)
        self._lay_out_right(right)
        theme.changed.connect(self.soon.start)

    # --- building ---

    def _lay_out_left(self, lines: Any) -> None:
        self.form, self.more = QWidget(), QWidget()
        grid = self._grid(self.form)
        for name, place, wide in (
            ("weight", (0, 0), 2), ("stature", (0, 2), 2), ("head", (0, 4), 2), ("measured_on", (2, 0), 3), ("position", (2, 3), 3),
        ):  # fmt: skip
            self._field(grid, name, place, wide)
        grid = self._grid(self.more)
        self._field(grid, "not_assessable", (0, 0), 6)
        self._field(grid, "note", (2, 0), 6)
        self.more.hide()
        lines.addWidget(self.form)
        lines.addWidget(self.more)
        self.warning = Banner("", "warning", _("Confirm and save"), partial(self.save, confirmed=True))
        self.warning.hide()
        lines.addWidget(self.warning)
        self.buttons = QWidget()
        bar = row(self.buttons, 2)
        self.save_button = Button(_("Save"), "check", "primary", self.save, keys="Ctrl+Return")
        bar.addWidget(self.save_button)
        self.more_button = Button(_("Note, not assessable"), "chevron-down", "quiet", self._show_more)
        bar.addWidget(self.more_button)
        bar.addStretch(1)
        lines.addWidget(self.buttons)
        lines.addWidget(rule())
        self.standard = Segmented(
            [("china", _("China")), ("who", "WHO")], lambda _value: self.evaluate(), name=_("Standard")
        )
        self.heading = ElidedLabel("", "strong")
        head = row(None, 2)
        head.addWidget(self.heading, 1)
        head.addWidget(self.standard)
        lines.addLayout(head)
        self.result = column(None, 1)
        lines.addLayout(self.result)
        lines.addStretch(1)
        for each in (self.form, self.buttons):
            each.setVisible(self.may_write)

    def _grid(self, holder: QWidget) -> QGridLayout:
        holder.setFixedWidth(theme.size(318))
        holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(2))
        grid.setVerticalSpacing(space(1))
        for place in range(6):
            grid.setColumnStretch(place, 1)
        return grid

    def _show_more(self) -> None:
        self.more.setVisible(not self.more.isVisible())
        self.more_button.set_icon("chevron-up" if self.more.isVisible() else "chevron-down")

    def _field(self, grid: QGridLayout, name: str, place: tuple[int, int], wide: int) -> None:
        meaning = field_of(GrowthMeasurement, name)
        editor = editor_for(meaning, self.app)
        label = ElidedLabel(_(_LABELS.get(name, meaning.label)), "caption", tone="muted")
        label.setBuddy(editor)
        grid.addWidget(label, place[0], place[1], 1, wide)
        grid.addWidget(editor, place[0] + 1, place[1], 1, wide)
        editor.changed.connect(self._typed)
        self.editors[name] = editor

    def _lay_out_right(self, lines: Any) -> None:
        bar = row(None, 2)
        self.indicator = Segmented(
            [(key, _(words)) for key, words in SHORT], lambda _value: self.evaluate(), name=_("Curve")
        )
        bar.addWidget(self.indicator)
        bar.addStretch(1)
        lines.addLayout(bar)
        self.canvas = FigureCanvas(name=_("Growth curve"))
        lines.addWidget(self.canvas, 3)
        self.basis = PlainLabel("", "caption", tone="muted", wrap=True)
        lines.addWidget(self.basis)
        headings = (_("Date"), _("Weight"), _("Height"), _("Head"), _("BMI"), _("Age"), _("Result"))
        self.history = HistoryTable(headings, numeric=(1, 2, 3, 4), on_open=self._open, name=_("Measurements"))
        self.history.setMinimumHeight(theme.size(96))
        lines.addWidget(self.history, 2)

    # --- the child ---

    def show_child(self, child_id: str) -> None:
        """Show a child with an empty form for today, or with what was typed and not saved."""
        with self.app.read() as work:
            self.shown = Shown(subject_of(work, child_id), measurements(work, child_id))
        kept = self.app.drafts.look(self._draft_key()) or {}
        self.more.setVisible(bool(self.may_write and (kept.get("note") or kept.get("not_assessable"))))
        for name, editor in self.editors.items():
            editor.set_value(None)
            if name in kept:
                editor.set_typed(kept[name])
        if "measured_on" not in kept:
            self.editors["measured_on"].set_value(self.app.today())
        self._choose_indicator()
        self._clear_marks()
        self._show_history()
        self.evaluate()

    def refresh(self) -> None:
        """Read the measurements again, keeping what is typed."""
        if self.shown is None:
            return
        with self.app.read() as work:
            child_id = self.shown.subject.child_id
            self.shown = Shown(subject_of(work, child_id), measurements(work, child_id))
        self._show_history()
        self.evaluate()

    def first(self) -> None:
        """Put the cursor into the first field to be typed."""
        self.editors["weight"].setFocus()

    def _draft_key(self) -> str:
        return f"growth:{self.shown.subject.child_id if self.shown else ''}"

    def _choose_indicator(self) -> None:
        assert self.shown is not None
        age = growth_age(self.shown.subject.born_on, self.app.today())
        if self.indicator.value() in ("head", "weight", "weight_for_length") and age and age.months >= 84:
            self.indicator.set_value("stature")
        elif age and age.months < 84 and self.indicator.value() == "stature":
            self.indicator.set_value("weight")

    def _show_history(self) -> None:
        assert self.shown is not None
        self.history.show_rows([self._history_row(self.shown.subject, each) for each in reversed(self.shown.measured)])

    def _history_row(self, subject: GrowthSubject, values: Measured) -> tuple[str, ...]:
        found = assess(subject, values)
        unusual = list(dict.fromkeys(words for judged in found.judged if (words := judged.group_words())))
        levels = [judged.level_words() for judged in found.judged if judged.reading.indicator in ("weight", "stature")]
        said = found.why_not or _(", ").join(unusual) or " / ".join(levels)
        numbers = (values.weight, values.stature, values.head, values.bmi)
        return (
            values.day.isoformat(),
            *(f"{each:.1f}" if each else "" for each in numbers),
            age_words(subject, values),
            said,
        )

    def _open(self, place: int) -> None:
        assert self.shown is not None
        self.app.open_record(GrowthMeasurement, list(reversed(self.shown.measured))[place].id)

    # --- while typing ---

    def typed(self) -> Measured:
        """Return what is typed, as far as it is understood."""
        values = {name: editor.value() for name, editor in self.editors.items()}
        return Measured(
            values["measured_on"] or self.app.today(), values["weight"], values["stature"], values["position"] or "",
            values["head"], values["not_assessable"] or "", values["note"] or "",
        )  # fmt: skip

    def _typed(self) -> None:
        self._clear_marks()
        self.app.drafts.keep(self._draft_key(), {name: each.typed() for name, each in self.editors.items()})
        self.soon.start()

    def evaluate(self) -> None:
        """Say what the typed (or the latest) values mean, and draw the curve."""
        self.soon.stop()
        if self.shown is None:
            return
        typed = self.typed()
        typing = bool(typed.weight or typed.stature or typed.head)
        current = typed if typing else (self.shown.measured[-1] if self.shown.measured else None)
        self._say(current, typing)
        points = [*self.shown.measured, typed] if typing else self.shown.measured
        self._draw(sorted(points, key=lambda each: each.day), "" if typing else current.id if current else None)

    def _say(self, values: Measured | None, typing: bool) -> None:
        clear(self.result)
        if values is None or self.shown is None:
            self.heading.setText(_("Result"))
            self.result.addWidget(PlainLabel(_("Nothing was measured yet."), tone="muted", wrap=True))
            return
        subject = self.shown.subject
        when = _("Result") if typing else _("Last result, {day}").format(day=values.day)
        self.heading.setText(when)
        self.result.addWidget(
            PlainLabel(age_words(subject, values) or _("before the birth"), "caption", tone="muted", wrap=True)
        )
        found = assess(subject, values, self.standard.value())
        if found.why_not:
            self.result.addWidget(PlainLabel(found.why_not, tone="warning", wrap=True))
        for judged in found.judged:
            self.result.addWidget(_result_line(judged))
        for problem in self._doubts(subject, values) if typing else ():
            self.result.addWidget(
                PlainLabel(problem.message, tone="warning" if problem.warning else "danger", wrap=True)
            )

    def _doubts(self, subject: GrowthSubject, values: Measured) -> list[Problem]:
        assert self.shown is not None
        return list(doubts(subject, values, [each for each in self.shown.measured if each.day < values.day]))

    def _draw(self, points: list[Measured], current: str | None) -> None:
        assert self.shown is not None
        from reports.charts import growth_figure

        chart = chart_of(self.shown.subject, points, self.indicator.value(), self.standard.value(), current)
        self.canvas.show_figure(
            growth_figure(chart, screen_palette(), (self.canvas.width() * 0.75, self.canvas.height() * 0.75))
        )
        said = [chart.source or _("This standard has no lines for this at this age.")]
        if chart.source and self.standard.value() == "china":
            said.append(_(INTERPOLATED))
        self.basis.setText(" · ".join(said))

    # --- saving ---

    def save(self, *, confirmed: bool = False) -> bool:
        """Save what is typed; return whether it is saved."""
        if self.shown is None or not self.may_write:
            return False
        for editor in self.editors.values():
            editor.settle()
        broken = {name: words for name, editor in self.editors.items() if (words := editor.problem())}
        if broken:
            self._mark([Problem(name, words) for name, words in broken.items()])
            return False
        values = {name: editor.value() for name, editor in self.editors.items()}
        values["child_id"] = self.shown.subject.child_id
        try:
            with self.app.work() as work:
                made = records.save(work, GrowthMeasurement, values, confirmed=confirmed)
        except Unconfirmed as doubt:
            self._mark(doubt.problems, asks=True)
            return False
        except Invalid as refusal:
            self._mark(refusal.problems)
            return False
        except Exception as error:
            self.app.show_error(error)
            return False
        self._saved(made)
        return True

    def _saved(self, made: str) -> None:
        assert self.shown is not None
        self.app.drafts.forget(self._draft_key())
        name = self.shown.subject.name
        self.app.notify(_("{name}: measurement saved.").format(name=name), partial(self._take_back, made))
        self.show_child(self.shown.subject.child_id)
        self.on_saved()

    def _take_back(self, made: str) -> None:
        with self.app.work() as work:
            records.put_in_bin(work, GrowthMeasurement, made)
        self.refresh()

    def _mark(self, problems: Any, *, asks: bool = False) -> None:
        self._clear_marks()
        for problem in problems:
            editor = self.editors.get(problem.field)
            if editor:
                editor.mark("warning" if problem.warning else "danger")
                editor.describe(problem.message)
        words = "\n".join(problem.message for problem in problems)
        self.warning.tell(words, "warning" if asks else "danger")
        for button in self.warning.findChildren(Button):
            button.setVisible(asks)

    def _clear_marks(self) -> None:
        self.warning.hide()
        for editor in self.editors.values():
            editor.mark("")


class HistoryTable(RowsTable):
    """The measurements so far; the day and the numbers stay whole, the words take what is left."""

    def fit_columns(self, sample: int = 60) -> None:
        widths = [theme.size(98), *[theme.size(66)] * 4]
        spare = self.viewport().width() - sum(widths)
        for place, width in enumerate(
            [*widths, max(spare // 2, theme.size(90)), max(spare - spare // 2, theme.size(90))]
        ):
            self.setColumnWidth(place, width)


def _result_line(judged: Any) -> QWidget:
    """One reading: what, value, z, level, and the class as a chip where there is one."""
    holder = QWidget()
    holder.setMinimumHeight(theme.size(24))
    line = row(holder, 2)
    indicator = judged.reading.indicator
    name = ElidedLabel(_(dict(SHORT)[indicator]), tone="muted")
    name.setAccessibleDescription(INDICATORS.label(indicator))
    line.addWidget(name, 1)
    line.addWidget(PlainLabel(f"{judged.reading.value:.1f} {UNITS[indicator]}", "number"))
    if judged.z_words():
        line.addWidget(PlainLabel(_("z {z}").format(z=judged.z_words()), "caption"))
    if judged.level_words():
        line.addWidget(Chip(judged.level_words(), "neutral"))
    if judged.group_words():
        line.addWidget(Chip(judged.group_words(), _TONES.get(judged.reading.group, "warning")))
    return holder


def screen_palette() -> Palette:
    """Return the chart's colours in the theme of the moment."""
    from reports.charts import Palette

    names = {
        "ground": "surface", "ink": "text", "muted": "muted", "grid": "line", "band": "good_soft", "median": "good", "inner": "edge",
        "outer": "warning", "child": "care",
    }  # fmt: skip
    return Palette(**{part: color(name).name() for part, name in names.items()}, text=9.0)
