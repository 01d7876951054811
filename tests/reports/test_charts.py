"""Growth charts: the same figure on the screen and, as vectors with searchable words, on paper."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from reports.charts import PAPER, chart_row, growth_drawings, growth_figure
from reports.pen import Pen
from tests.reports import samples
from tests.reports.reading import faults, text_of

SIZE = (230.0, 156.0)


def paper_of(*drawings: object) -> bytes:
    pen = Pen("曲线", "试", datetime(2026, 11, 2))
    for number, each in enumerate(drawings):
        each.draw_on(pen, 60, 600 - 170 * number)  # type: ignore[attr-defined]
    pen.end_page()
    return pen.finish()


def test_a_chart_on_paper_is_lines_and_words_never_a_picture() -> None:
    pdf = paper_of(*growth_drawings(samples.chart("weight", 17.0, 0.12), SIZE))
    text = text_of(pdf)
    for word in ("年龄别体重", "WS/T 423-2022", "年龄 (岁)", "P50", "P97", "18"):
        assert word in text
    assert b"/Subtype /Image" not in pdf
    assert faults(pdf) == []


def test_one_childs_way_never_shows_in_anothers_chart() -> None:
    first, second = samples.chart("weight", 17.0, 0.12), samples.chart("weight", 20.0, 0.3)
    second = replace(second, y_range=first.y_range)
    ground, way = growth_drawings(first, SIZE)
    same_ground, other_way = growth_drawings(second, SIZE)
    assert same_ground is ground
    assert way.operators != other_way.operators
    assert growth_drawings(first, SIZE)[1].operators == way.operators


def test_charts_drawn_by_many_threads_are_all_alike() -> None:
    chart = samples.chart("stature", 105.0, 0.4)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _number: growth_drawings(chart, SIZE)[1].operators, range(16)))
    assert all(each == made[0] for each in made)


def test_the_screen_shows_the_same_chart_in_colour() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = growth_figure(samples.chart("weight", 17.0, 0.12))
    (axes,) = figure.axes
    assert [text.get_text() for text in figure.texts] == ["年龄别体重", "WS/T 423-2022"]
    assert len(axes.lines) == 7
    file = BytesIO()
    FigureCanvasAgg(figure).print_png(file)
    assert len(file.getvalue()) > 10_000


def test_a_chart_on_paper_has_no_colour_that_a_copier_would_lose() -> None:
    ground, way = growth_drawings(samples.chart("weight", 17.0, 0.12), SIZE)
    for operators in (*ground.operators, *way.operators):
        words = operators.split()
        for index, word in enumerate(words):
            if word in {"rg", "RG"}:
                assert len(set(words[index - 3 : index])) == 1
    assert PAPER.child == "#000000"


def test_two_charts_stand_side_by_side_and_nothing_makes_no_row() -> None:
    chart = samples.chart("weight", 17.0, 0.12)
    ((row),) = chart_row((chart, chart), 461.0)
    assert len(row.cells) == 2
    assert chart_row(None, 461.0) == ()
    assert chart_row(replace(chart, curves=(), points=()), 461.0) == ()


def test_without_a_standard_the_points_alone_are_drawn() -> None:
    bare = replace(samples.chart("weight", 17.0, 0.12), curves=(), source="")
    assert faults(paper_of(*growth_drawings(bare, SIZE))) == []
    assert growth_drawings(replace(bare, points=bare.points[:1]), SIZE)[1].operators
