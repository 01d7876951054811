"""Theme 外观: the tokens from which every screen is drawn — colours, spacing, type — and nothing else.

    theme.use("dark", text_size=125)     # the whole window follows at once
    layout.setSpacing(space(3))          # 12 px at 100 %
    painter.setPen(color("care"))        # the quiet colour of an area

There is one spacing scale (4 px), one type scale, one accent, and one quiet colour an area. Colours are
asked for by what they mean; ``tests/ui/test_theme.py`` computes the contrast of every pair that may meet.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from resources import N_, path

THEMES = {"system": N_("Like the system"), "light": N_("Light"), "dark": N_("Dark"), "contrast": N_("High contrast")}
TEXT_SIZES = (100, 125, 150)
TONES = ("neutral", "info", "good", "warning", "danger")
AREA_NAMES = (
    "today", "child", "care", "treatment", "rehabilitation", "education", "safety", "social_work", "allowance",
    "transition", "papers", "home", "system",
)  # fmt: skip

_LIGHT = {
    "surface": "#f5f6f4", "raised": "#ffffff", "sunken": "#ebeeeb", "side": "#eef1ee",
    "line": "#dde2dd", "edge": "#7d8781", "text": "#1b2320", "muted": "#525d57", "disabled": "#8d9791",
    "accent": "#12705f", "accent_hover": "#0e5f50", "on_accent": "#ffffff", "selection": "#d3e9e2",
    "focus": "#12705f", "good": "#1d6b34", "warning": "#855000", "danger": "#b3261e", "info": "#1b5e9b",
    "neutral": "#525d57", "shade": "#1b2320", "demo": "#7a4b00",
    "today": "#7a5b00", "child": "#0f6e66", "care": "#a1466b", "treatment": "#ab3838", "rehabilitation": "#2b659f",
    "education": "#6a55b0", "safety": "#a54710", "social_work": "#8a4b9b", "allowance": "#4f6b1d",
    "transition": "#2e7040", "papers": "#59636f", "home": "#6b5b4a", "system": "#4c5560",
}  # fmt: skip
_DARK = {
    "surface": "#151918", "raised": "#1d2321", "sunken": "#101413", "side": "#181d1b",
    "line": "#2e3633", "edge": "#75817b", "text": "#e7ebe9", "muted": "#aab5af", "disabled": "#6d7873",
    "accent": "#5cbda9", "accent_hover": "#76cdbb", "on_accent": "#08231d", "selection": "#224a42",
    "focus": "#5cbda9", "good": "#7cc68c", "warning": "#e0b266", "danger": "#f2958c", "info": "#86b9e8",
    "neutral": "#aab5af", "shade": "#000000", "demo": "#e0b266",
    "today": "#d6b65c", "child": "#5cbdb0", "care": "#e295b3", "treatment": "#ea938f", "rehabilitation": "#86b5e4",
    "education": "#b3a4ea", "safety": "#e8a274", "social_work": "#cf9fdc", "allowance": "#aec470",
    "transition": "#85c596", "papers": "#aab4bf", "home": "#c4b29e", "system": "#a9b2bc",
}  # fmt: skip
_CONTRAST = {
    "surface": "#000000", "raised": "#000000", "sunken": "#14181a", "side": "#000000",
    "line": "#8a938f", "edge": "#ffffff", "text": "#ffffff", "muted": "#e6ebe8", "disabled": "#a2aaa6",
    "accent": "#6fe7ce", "accent_hover": "#a5f3e2", "on_accent": "#000000", "selection": "#0b4a3d",
    "focus": "#ffe14d", "good": "#8ff0a4", "warning": "#ffd479", "danger": "#ffb3ac", "info": "#a9d5ff",
    "neutral": "#e6ebe8", "shade": "#000000", "demo": "#ffd479",
    "today": "#ffe08a", "child": "#7fe8da", "care": "#ffc0d6", "treatment": "#ffbdb8", "rehabilitation": "#b3d8ff",
    "education": "#d5caff", "safety": "#ffcba6", "social_work": "#f0c8fa", "allowance": "#d6ec9b",
    "transition": "#a9ecba", "papers": "#d5dde5", "home": "#ead9c5", "system": "#d5dde5",
}  # fmt: skip
PALETTES = {"light": _LIGHT, "dark": _DARK, "contrast": _CONTRAST}
_SOFTNESS = {"light": 0.11, "dark": 0.13, "contrast": 0.0}
_SPACES = (0, 4, 8, 12, 16, 24, 32, 48)


@dataclass(frozen=True)
class Type:
    """One step of the type scale: pixels at 100 % and weight."""

    pixels: int
    weight: QFont.Weight = QFont.Weight.Normal


TYPES = {
    "caption": Type(12),
    "body": Type(14),
    "number": Type(14),
    "strong": Type(14, QFont.Weight.Bold),
    "heading": Type(16, QFont.Weight.Bold),
    "title": Type(20, QFont.Weight.Bold),
    "display": Type(28, QFont.Weight.Bold),
}


class Theme(QObject):
    """The look in use; ``changed`` tells drawn widgets to draw again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.wish = "system"
        self.name = "light"
        self.text_size = 100
        self._colors: dict[str, QColor] = {}
        self._families: list[str] = []
        self.complete = False
        self._fill()

    def use(self, name: str | None = None, text_size: int | None = None) -> None:
        """Change the look: ``system``, ``light``, ``dark`` or ``contrast``, and the text size in percent."""
        self.wish = name if name in THEMES else self.wish
        self.text_size = text_size if text_size in TEXT_SIZES else self.text_size
        self.name = _of_system() if self.wish == "system" else self.wish
        self._fill()
        self.apply()
        self.changed.emit()

    def apply(self) -> None:
        """Give style, palette, font and style sheet to the application; without one there is nothing to do."""
        from PySide6.QtWidgets import QApplication

        from ui.sheet import style_sheet

        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        sheet, font = style_sheet(self), self.font()
        if application.styleSheet() == sheet and application.font().families() == font.families():
            return  # polishing every widget of the window anew takes seconds
        if application.style().objectName() != "fusion":
            application.setStyle("Fusion")
        application.setPalette(self.palette())
        application.setFont(font)
        application.setStyleSheet(sheet)

    def _fill(self) -> None:
        tokens = PALETTES[self.name]
        self._colors = {name: QColor(value) for name, value in tokens.items()}
        ground, share = QColor(tokens["raised"]), _SOFTNESS[self.name]
        for name in (*AREA_NAMES, *TONES, "accent", "demo"):
            self._colors[f"{name}_soft"] = mix(self._colors[name], ground, share)
        self._colors["neutral_soft"] = QColor(tokens["sunken"])

    def color(self, name: str) -> QColor:
        """Return a colour by its meaning, e.g. ``text``, ``care``, ``care_soft``.

        Raises:
            KeyError: for a colour the theme does not have.
        """
        return self._colors[name]

    def size(self, pixels: float) -> int:
        """Return a length of the 100 % design at the text size in use."""
        return round(pixels * self.text_size / 100)

    def font(self, role: str = "body") -> QFont:
        """Return the font of one step of the type scale."""
        step = TYPES[role]
        font = QFont(self.families())
        font.setPixelSize(self.size(step.pixels))
        font.setWeight(step.weight)
        font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
        return font

    def families(self) -> list[str]:
        """Return the font families of the screen, loading the bundled ones at first use."""
        if not self._families:
            self._families = ["Microsoft YaHei UI"] if sys.platform == "win32" else _bundled_families()
        return self._families

    def palette(self) -> QPalette:
        """Return the tokens as a Qt palette, for everything that the style sheet does not name."""
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.color(name))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("disabled"))
        return palette


_R = QPalette.ColorRole
_ROLES = {
    _R.Window: "surface", _R.WindowText: "text", _R.Base: "raised", _R.AlternateBase: "surface", _R.Text: "text",
    _R.Button: "raised", _R.ButtonText: "text", _R.BrightText: "danger", _R.Highlight: "accent",
    _R.HighlightedText: "on_accent", _R.PlaceholderText: "muted", _R.ToolTipBase: "raised", _R.ToolTipText: "text",
    _R.Link: "accent", _R.LinkVisited: "accent", _R.Light: "raised", _R.Midlight: "line", _R.Mid: "line",
    _R.Dark: "edge", _R.Shadow: "shade", _R.Accent: "accent",
}  # fmt: skip


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """Return ``share`` of one colour in another."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a * share + b * (1 - share)) for a, b in pairs))


def _of_system() -> str:
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        return "light"
    hints = application.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def _bundled_families() -> list[str]:
    families: list[str] = []
    for name in ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"):
        families += _families_of(name)
    return list(dict.fromkeys(families)) or [QFont().family()]


def _families_of(name: str) -> list[str]:
    file = path("fonts", name)
    if not file.exists():
        return []
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))


def load_rare_characters() -> None:
    """Load the face of the rare characters 生僻字; done after the first window, for it is large."""
    known = theme.families()
    if not theme.complete:
        theme.complete = True
        theme._families = list(dict.fromkeys([*known, *_families_of("HanaMinB.ttf")]))
        theme.apply()


theme = Theme()
changed: Any = theme.changed


def color(name: str) -> QColor:
    """Return a colour of the theme in use by its meaning."""
    return theme.color(name)


def space(step: int) -> int:
    """Return a step of the spacing scale in pixels: 1 → 4, 2 → 8, 3 → 12, 4 → 16, 5 → 24, 6 → 32, 7 → 48."""
    return theme.size(_SPACES[step])


def row_height() -> int:
    """Return the height of a table row."""
    return theme.size(30)


def control_height() -> int:
    """Return the height of a button or an editor."""
    return theme.size(32)
