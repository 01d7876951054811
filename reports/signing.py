"""Signing 签署: the boxes at the end of a form — what the program knows of who signed, and room for ink and seal."""

from __future__ import annotations

from collections.abc import Sequence

from models.papers import Signed
from reports.blocks import Cell, Row, date_line, label
from reports.styles import CENTRED, MM
from resources import _

_ABREAST = 5


def signing(signed: Sequence[Signed], *, sealed: bool = True) -> tuple[Row, ...]:
    """Return a box for everyone who signs, five abreast; the last one has the place of the seal."""
    rows: list[Row] = []
    lines = -(-len(signed) // _ABREAST)
    for number in range(lines):
        some = signed[len(signed) * number // lines : len(signed) * (number + 1) // lines]
        rows += _line(some, sealed=sealed and number == lines - 1, wide=len(some) <= 3)
    return tuple(rows)


def _line(signed: Sequence[Signed], *, sealed: bool, wide: bool) -> tuple[Row, Row]:
    share = (1.0,) * len(signed)
    last = len(signed) - 1
    boxes = tuple(
        Cell(
            known(each),
            CENTRED.but(size=8.5),
            top=True,
            foot=_foot(last=sealed and number == last) if wide else _short(),
        )
        for number, each in enumerate(signed)
    )
    heads = Row(tuple(label(each.role) for each in signed), share, keep=True)
    return heads, Row(boxes, share, least=(24 if wide else 18) * MM)


def known(signed: Signed) -> str:
    """Who took the step on the screen; the ink on paper is another matter."""
    if signed.at is None:
        return signed.name
    return _("On record: {name} {at}").format(name=signed.name, at=signed.at.strftime("%Y-%m-%d %H:%M"))


def _foot(*, last: bool) -> tuple[str, ...]:
    signature = _("Signature:") + "\u3000" * 5
    return (signature + (_("(seal)") if last else "\u3000" * 2), date_line())


def _short() -> tuple[str, ...]:
    return (date_line(),)
