"""Recorder 记录器: write down what matplotlib draws, as lines and searchable text of a PDF page.

About two dozen primitives of a chart reach paper as vectors in the home's own faces: no pictures, no second font
engine, and a drawing that was recorded once can be put on any number of pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from math import cos, radians, sin
from typing import Any

from reports import fonts
from reports.pen import Pen


@dataclass(frozen=True)
class _Words:
    x: float
    y: float
    text: str
    face: str
    size: float
    angle: float
    grey: float


@dataclass
class Drawing:
    """What was drawn: operators for lines and areas, and the words with their places."""

    operators: list[str] = field(default_factory=list)
    words: list[_Words] = field(default_factory=list)

    def draw_on(self, pen: Pen, x: float, y: float) -> None:
        """Put the drawing on a page with its lower left corner at (x, y)."""
        if self.operators:
            pen.raw(f"1 0 0 1 {x:.2f} {y:.2f} cm " + "\n".join(self.operators))
        for each in self.words:
            face, turn = fonts.chain(each.face), radians(each.angle)
            text = fonts.printable(each.text, face)
            if each.angle:
                matrix = (cos(turn), sin(turn), -sin(turn), cos(turn))
                pen.turned(x + each.x, y + each.y, text, face, each.size, matrix, each.grey)
            else:
                pen.text(x + each.x, y + each.y, text, face, each.size, each.grey)


def recorded(figure: Any, size: tuple[float, float], only: Iterable[Any] | None = None) -> Drawing:
    """Record a figure of ``size`` points, or only some of its artists."""
    drawing = Drawing()
    renderer = _renderer_type()(drawing, size)
    if only is None:
        figure.draw(renderer)
    else:
        for artist in only:
            artist.draw(renderer)
    return drawing


@cache
def _renderer_type() -> type:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.path import Path

    class Recorder(RendererBase):
        """Answers matplotlib's calls; the method names and arguments are matplotlib's."""

        def __init__(self, drawing: Drawing, size: tuple[float, float]) -> None:
            super().__init__()
            self.drawing, self.size = drawing, size

        def get_canvas_width_height(self) -> tuple[float, float]:
            return self.size

        def flipy(self) -> bool:
            return False

        def points_to_pixels(self, points: Any) -> Any:
            return points

        def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803
            line = gc.get_linewidth() if gc.get_rgb()[3:] != (0.0,) else 0.0
            rgbFace = None if rgbFace is not None and tuple(rgbFace[3:]) == (0.0,) else rgbFace
            if rgbFace is None and not line:
                return
            clip = gc.get_clip_rectangle() if rgbFace is None else None
            bounds = clip.extents if clip is not None else None
            outline = " ".join(_segments(path.iter_segments(transform, clip=bounds, simplify=True), Path))
            if outline:
                paint = "B" if rgbFace is not None and line else "f" if rgbFace is not None else "S"
                self.drawing.operators.append(f"q {_clipping(gc)}{_colours(gc, rgbFace, line)}{outline} {paint} Q")

        def draw_text(
            self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
        ) -> None:
            face, size = _face(prop), prop.get_size_in_points()
            self.drawing.words.append(_Words(x, y, s, face, size, angle, _grey(gc.get_rgb())))

        def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
            face, size = fonts.chain(_face(prop)), prop.get_size_in_points()
            return face.width(fonts.printable(s, face), size), size, size * 0.14

        def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
            raise NotImplementedError("charts on paper hold no pictures")

    return Recorder


def _segments(segments: Iterable[tuple[Any, int]], codes: Any) -> Iterable[str]:
    here = (0.0, 0.0)
    for points, code in segments:
        if code == codes.MOVETO:
            yield f"{points[0]:.2f} {points[1]:.2f} m"
        elif code == codes.LINETO:
            yield f"{points[0]:.2f} {points[1]:.2f} l"
        elif code == codes.CURVE3:
            (x, y), (a, b, c, d) = here, points
            first = (x + 2 * (a - x) / 3, y + 2 * (b - y) / 3)
            second = (c + 2 * (a - c) / 3, d + 2 * (b - d) / 3)
            yield f"{first[0]:.2f} {first[1]:.2f} {second[0]:.2f} {second[1]:.2f} {c:.2f} {d:.2f} c"
        elif code == codes.CURVE4:
            yield " ".join(f"{each:.2f}" for each in points) + " c"
        elif code == codes.CLOSEPOLY:
            yield "h"
            continue
        here = (points[-2], points[-1])


def _clipping(gc: Any) -> str:
    box = gc.get_clip_rectangle()
    if box is None:
        return ""
    x, y, wide, high = box.bounds
    return f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re W n "


def _colours(gc: Any, fill: Any, line: float) -> str:
    made = ""
    if line:
        offset, pattern = gc.get_dashes()
        dashes = f"[{' '.join(f'{each:.2f}' for each in pattern)}] {offset:.2f} d " if pattern else ""
        made = f"{line:.2f} w {_rgb(gc.get_rgb())} RG {dashes}1 j "
    return made + (f"{_rgb(fill)} rg " if fill is not None else "")


def _rgb(colour: Any) -> str:
    return " ".join(f"{part:.3g}" for part in colour[:3])


def _grey(colour: Any) -> float:
    red, green, blue = colour[:3]
    return round(0.299 * red + 0.587 * green + 0.114 * blue, 3)


def _face(prop: Any) -> str:
    return "hei-bold" if "Bold" in str(prop.get_file() or "") else "hei"
