"""The record of the comparison set by typst, through its Python package: words in, document out.

It is no dependency of the program: ``pip install typst==0.15.2``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from resources import path

TEMPLATE = Path(__file__).with_name("typst_record.typ")
PAGES = 3


class Setter:
    """A compiler with the home's faces loaded once, as whoever prints many records would use it."""

    def __init__(self) -> None:
        import typst

        self._typst: Any = typst
        self._compiler = typst.Compiler(
            TEMPLATE, font_paths=[path("fonts", "OFL-HanaMin.txt").parent], ignore_system_fonts=True
        )

    def document(self, records: Sequence[dict[str, Any]], **more: Any) -> bytes:
        """Return one document with all records, given as plain lists and words."""
        words = json.dumps([{**each, "pages": PAGES} for each in records])
        made = self._compiler.compile(format="pdf", sys_inputs={"records": words}, **more)
        assert isinstance(made, bytes)
        return made
