"""The ways through the child's file 档案目录: the areas at the left, and under the open one its tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QPushButton

from resources import _
from ui.icons import icon
from ui.pages import AREAS, ChildTab
from ui.text import restyle, set_tip
from ui.theme import space, theme
from ui.widgets import Scroll, column

WIDTH, WIDEST, INDENT = 148, 196, 68


@dataclass(frozen=True)
class Leaf:
    """One tab of the file; ``branch`` is the area under which it stands, or its own key when it stands alone."""

    key: str
    title: str
    branch: str
    icon: str
    tint: str
    make: Callable[[], ChildTab]


class Rail(QFrame):
    """The list of areas; ``on_leaf(key)`` is called when a tab is chosen."""

    def __init__(self, leaves: list[Leaf], on_leaf: Callable[[str], Any]) -> None:
        super().__init__()
        self.setAccessibleName(_("Parts of the file"))
        self.leaves = leaves
        self._on_leaf = on_leaf
        self._branches = {branch: list(each) for branch, each in groupby(leaves, key=lambda leaf: leaf.branch)}
        self._heads: dict[str, QPushButton] = {}
        self._rows: dict[str, QPushButton] = {}
        self._last: dict[str, str] = {}
        self.setFixedWidth(self._width())
        self._build()

    def _width(self) -> int:
        """As wide as the longest title asks, within bounds."""
        metrics = QFontMetrics(theme.font("strong"))
        longest = max(metrics.horizontalAdvance(leaf.title) for leaf in self.leaves)
        return max(theme.size(WIDTH), min(longest + theme.size(INDENT), theme.size(WIDEST)))

    def _build(self) -> None:
        scroll = Scroll(0)
        scroll.body.setContentsMargins(space(3), 0, space(1), space(2))
        for number, (branch, leaves) in enumerate(self._branches.items(), start=1):
            scroll.body.addWidget(self._head(branch, leaves[0], number))
            for leaf in leaves if len(leaves) > 1 else ():
                scroll.body.addWidget(self._row(leaf))
        scroll.body.addStretch(1)
        column(self, 0).addWidget(scroll)

    def _head(self, branch: str, first: Leaf, number: int) -> QPushButton:
        area = AREAS.get(branch)
        button = _entry(_branch_title(branch, first), "area")
        button.setIcon(icon(area.icon if area and branch != first.key else first.icon, first.tint))
        button.setIconSize(QSize(theme.size(17), theme.size(17)))
        if number <= 9:
            set_tip(button, f"{button.accessibleName()}  Alt+{number}")
        button.clicked.connect(lambda *_args: self.choose_branch(branch))
        self._heads[branch] = button
        return button

    def _row(self, leaf: Leaf) -> QPushButton:
        button = _entry(leaf.title, "page")
        button.clicked.connect(lambda *_args: self._on_leaf(leaf.key))
        self._rows[leaf.key] = button
        return button

    def choose_branch(self, branch: str) -> None:
        """Go to the tab of an area that was last open."""
        self._on_leaf(self._last.get(branch, self._branches[branch][0].key))

    def choose_number(self, number: int) -> None:
        """Go to an area by its place in the list, from 1."""
        branches = list(self._branches)
        if number <= len(branches):
            self.choose_branch(branches[number - 1])

    def step(self, key: str, by: int) -> None:
        """Go to the tab before or after."""
        keys = [leaf.key for leaf in self.leaves]
        self._on_leaf(keys[(keys.index(key) + by) % len(keys)])

    def branch_of(self, key: str) -> str:
        """Return the area under which a tab stands."""
        return next((leaf.branch for leaf in self.leaves if leaf.key == key), "")

    def mark(self, key: str) -> None:
        """Show which tab is open."""
        branch = next(leaf.branch for leaf in self.leaves if leaf.key == key)
        self._last[branch] = key
        for name, button in self._heads.items():
            button.setChecked(name == branch and key not in self._rows)
            button.setProperty("active", name == branch)
            restyle(button)
        for name, button in self._rows.items():
            button.setChecked(name == key)
            button.setVisible(name in {leaf.key for leaf in self._branches[branch]})


def _branch_title(branch: str, first: Leaf) -> str:
    if branch == "child":
        return _("File")
    area = AREAS.get(branch)
    return area.title if area and branch != first.key else first.title


def _entry(title: str, kind: str) -> QPushButton:
    button = QPushButton((" " if kind == "area" else "") + title.replace("&", "&&"))
    button.setProperty("nav", kind)
    button.setCheckable(True)
    button.setAutoDefault(False)
    button.setAccessibleName(title)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
