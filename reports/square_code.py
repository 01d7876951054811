"""Square code 二维码: a short text as a QR code of small squares, by which a paper is checked against the home's records."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.pen import Pen

_MASK = 0
"""One pattern for all: the text ends in a hash, which is as good as chance, so no pattern suits it better than another;
trying all eight takes four times as long."""


def draw_code(pen: Pen, text: str, x: float, y: float, size: float) -> None:
    """Draw the code with its lower left corner at (x, y), black on the white of the page."""
    count, bars = _bars(text)
    step = size / count
    pen.raw(
        "0 g "
        + " ".join(
            f"{x + column * step:.3f} {y + size - (row + 1) * step:.3f} {length * step:.3f} {step:.3f} re"
            for row, column, length in bars
        )
        + " f"
    )


@lru_cache(maxsize=64)
def _bars(text: str) -> tuple[int, tuple[tuple[int, int, int], ...]]:
    """Return how many squares a side has, and the dark bars as (row, column, length)."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    return code.moduleCount, tuple(bar for row, line in enumerate(code.modules) for bar in _runs(row, line))


def _runs(row: int, line: list[bool]) -> Iterator[tuple[int, int, int]]:
    column = 0
    for dark, squares in groupby(line, bool):
        length = len(list(squares))
        if dark:
            yield row, column, length
        column += length
