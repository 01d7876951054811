"""The look: every pair of colours that may meet can be read, and nothing depends on one text size."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor

from ui.icons import icon, icon_names
from ui.sheet import style_sheet
from ui.theme import AREA_NAMES, PALETTES, TEXT_SIZES, TONES, color, row_height, space, theme

GROUNDS = ("surface", "raised", "sunken", "side", "selection")
WORDS = ("text", "muted")


def luminance(shade: QColor) -> float:
    """Return the relative luminance after WCAG 2.2."""
    parts = [shade.redF(), shade.greenF(), shade.blueF()]
    r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio after WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs() -> list[tuple[str, str]]:
    """Return every (words, ground) pair that may meet on a screen."""
    found = [(word, ground) for word in WORDS for ground in GROUNDS]
    found += [(tone, f"{tone}_soft") for tone in (*TONES, "accent", "demo")]
    found += [(tone, ground) for tone in (*TONES, "accent") for ground in ("surface", "raised")]
    found += [(area, ground) for area in AREA_NAMES for ground in ("surface", "raised", "side", f"{area}_soft")]
    return [
        *found,
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("text", "danger_soft"),
        ("text", "info_soft"),
    ]


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_words_can_be_read_on_every_ground(name):
    theme.use(name)
    least = 7.0 if name == "contrast" else 4.5
    weak = {pair: round(contrast(color(pair[0]), color(pair[1])), 2) for pair in pairs()}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < least} == {}


@pytest.mark.parametrize("name", sorted(PALETTES))
def test_edges_and_the_focus_ring_can_be_seen(name):
    theme.use(name)
    for mark in ("edge", "focus"):
        for ground in ("surface", "raised"):
            assert contrast(color(mark), color(ground)) >= 3.0, (mark, ground)


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_spaces_rows_and_fonts_grow_together(size):
    theme.use("light", size)
    assert space(4) == round(16 * size / 100)
    assert row_height() == round(30 * size / 100)
    assert theme.font("body").pixelSize() == round(14 * size / 100)
    assert f"font-size: {round(20 * size / 100)}px" in style_sheet(theme)


def test_every_colour_and_picture_of_the_style_sheet_exists():
    for name in PALETTES:
        theme.use(name)
        sheet = style_sheet(theme)
        assert "@" not in sheet and "$" not in sheet


def test_the_three_looks_know_the_same_colours():
    assert len({frozenset(palette) for palette in PALETTES.values()}) == 1


def test_every_icon_is_drawn_and_an_unknown_one_is_an_error(qapp):
    for name in icon_names():
        drawn = icon(name, "care").pixmap(20, 20).toImage()
        assert any(drawn.pixelColor(x, y).alpha() for x in range(20) for y in range(20)), name
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_an_icon_follows_the_theme_without_being_made_again(qapp):
    mark = icon("square", "text")
    light = mark.pixmap(40, 40).toImage()
    theme.use("dark")
    assert mark.pixmap(40, 40).toImage() != light
