"""Facts and words: fonts, icons, translations and dated reference tables."""

from __future__ import annotations

import csv
import sys
from functools import cache
from pathlib import Path

from resources.language import N_, _, current_language, ngettext, sentences, use_language

__all__ = ["N_", "_", "current_language", "ngettext", "path", "sentences", "table", "use_language"]


def path(*parts: str) -> Path:
    """Return the place of a shipped file, in the source tree and in a frozen program."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen, "resources") if frozen else Path(__file__).parent
    return root.joinpath(*parts)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Read a reference table, e.g. ``table("codes/ethnic_groups.csv")``, as rows of text."""
    with path("reference", *name.split("/")).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
