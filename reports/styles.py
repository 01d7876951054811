"""Styles 字号与线条: the sizes, faces and rules of a Chinese form, said once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from reports import fonts

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)

ER_HAO, XIAO_ER, SAN_HAO, XIAO_SAN, SI_HAO, XIAO_SI, WU_HAO, XIAO_WU, LIU_HAO = 22, 18, 16, 15, 14, 12, 10.5, 9, 7.5
"""The named sizes 字号 in points, 二号 to 六号."""

OUTER, INNER, HAIR = 1.5, 0.5, 0.35
"""Widths of the frame, of the grid inside it, and of guides."""

INK, GREY, FAINT, GHOST = 0.0, 0.35, 0.55, 0.92
"""Grey values: text, secondary text, guides, watermark; nothing on paper depends on colour."""
TINT = 0.955
"""The ground of headings in a grid: seen on screen and paper, gone on a photocopy, and never needed."""


@dataclass(frozen=True)
class Style:
    """How a text is set.

    Attributes:
        face: a name of :func:`reports.fonts.chain`.
        leading: distance of lines as a multiple of the size.
        align: left, center or right.
        indent: set prose with the first line two characters in 首行缩进, and both edges even.
        grey: 0 black … 1 white.
        even: several lines are made about equally long, as in labels and headings.
        choices: broken only between the entries of a list of choices, never inside one.
    """

    face: str = "song"
    size: float = XIAO_WU
    leading: float = 1.4
    align: str = "left"
    indent: bool = False
    grey: float = INK
    even: bool = False
    choices: bool = False

    @property
    def chain(self) -> fonts.Chain:
        """The faces to set it with."""
        return fonts.chain(self.face)

    @property
    def line(self) -> float:
        """The height of one line."""
        return self.size * self.leading

    def but(self, **changes: Any) -> Style:
        """Return this style with something changed."""
        return replace(self, **changes)


TITLE = Style("song-bold", XIAO_ER + 2, align="center")
HOUSE = Style("hei", XIAO_SI, align="center")
LABEL = Style("hei", XIAO_WU, align="center", even=True)
VALUE = Style("song", XIAO_WU + 0.5, leading=1.32)
CENTRED = VALUE.but(align="center")
NUMBER = VALUE.but(align="right")
CHOICES = VALUE.but(choices=True, leading=1.45)
PROSE = VALUE.but(indent=True, leading=1.5)
HEADING = LABEL.but(face="hei-bold", align="left")
BAND_NAME = LABEL.but(face="hei-bold")
SMALL = Style("song", XIAO_WU - 0.5, leading=1.3)
NOTE = Style("hei", LIU_HAO, grey=GREY)
