"""The timeline and the chart: drawn, reached by keys, said to those who cannot see."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from resources import use_language
from ui.figure import FigureCanvas, image_of
from ui.timeline import Entry, Timeline, wrapped

ENTRIES = [
    Entry(date(2026, 10, 3), "education", "Term review", "会数到十"),
    Entry(datetime(2026, 11, 20, 9, 30), "care", "Growth measurement", "12.5 kg", "submitted", key="newest"),
    Entry(date(2026, 11, 1), "safety", "Incident", "<b>x</b>" * 60),
]


@pytest.fixture
def timeline(qtbot):
    made = Timeline(ENTRIES)
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


def test_the_newest_stands_above(timeline):
    assert [entry.title for entry in timeline.entries] == ["Growth measurement", "Incident", "Term review"]


def test_enter_opens_the_entry(qtbot, timeline):
    timeline.setCurrentIndex(timeline.model().index(0, 0))
    with qtbot.waitSignal(timeline.opened) as heard:
        QTest.keyClick(timeline, Qt.Key.Key_Return)
    assert heard.args[0].key == "newest"


def test_an_entry_is_said_with_its_day_and_state(timeline):
    said = timeline.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "11-20 09:30 · Growth measurement · 12.5 kg · Submitted"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_is_drawn_without_a_word_of_markup_being_taken(timeline, language):
    use_language(language)
    assert not timeline.grab().toImage().isNull()


def test_the_model_keeps_qts_rules(timeline, qtmodeltester):
    qtmodeltester.check(timeline.model(), force_py=True)


@given(st.text(min_size=1, max_size=300))
def test_a_long_text_becomes_two_lines_and_loses_no_character_before_its_end(qapp, text):
    lines = wrapped(text, 200)
    assert len(lines) <= 2
    said, whole = "".join(lines).rstrip("…"), " ".join(text.split())
    assert whole.replace(" ", "").startswith(said.replace(" ", "")[: len(said.replace(" ", ""))]) or "\ufffd" in said


# --- the canvas ---


def figure():
    from matplotlib.figure import Figure

    made = Figure()
    made.add_subplot().plot([0, 1, 2], [10, 11, 13])
    return made


def test_a_figure_is_drawn_in_exactly_the_pixels_there_are(qapp):
    image = image_of(figure(), QSize(320, 200), 1.5)
    assert (image.width(), image.height()) == (480, 300)
    assert image.devicePixelRatio() == 1.5


def test_the_canvas_shows_a_figure_and_follows_the_window(qtbot):
    canvas = FigureCanvas(figure(), name="Growth chart")
    qtbot.addWidget(canvas)
    canvas.resize(400, 250)
    canvas.show()
    first = canvas.grab().toImage()
    canvas.resize(300, 200)
    qtbot.waitUntil(lambda: canvas._image is not None and canvas._image.width() == 300)
    assert canvas.accessibleName() == "Growth chart" and not first.isNull()
