"""Widgets 部件: the few pieces of furniture from which every room is made, under one name.

Each takes finished, translated text. Nothing here knows a record, a page or a home.
"""

from __future__ import annotations

from ui.buttons import Button, Click, Clickable, IconButton, Menu, MenuButton, SearchBox, Segmented
from ui.layouts import Flow, Laid, Scroll, Sides, Toolbar, clear, column, row, rule
from ui.signs import (
    TONE_ICONS,
    Avatar,
    Banner,
    Card,
    Chip,
    EmptyState,
    KeyHint,
    Section,
    Skeleton,
    StateChip,
    Symbol,
    area_tint,
    initial_of,
    state_tone,
)

__all__ = [
    "Avatar",
    "Banner",
    "Button",
    "Card",
    "Chip",
    "Click",
    "Clickable",
    "EmptyState",
    "Flow",
    "IconButton",
    "KeyHint",
    "Laid",
    "Menu",
    "MenuButton",
    "Scroll",
    "Sides",
    "SearchBox",
    "Section",
    "Segmented",
    "Skeleton",
    "StateChip",
    "Symbol",
    "TONE_ICONS",
    "Toolbar",
    "area_tint",
    "clear",
    "column",
    "initial_of",
    "row",
    "rule",
    "state_tone",
]
