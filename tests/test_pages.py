"""Every page of the program, opened on a demo home: in both languages, for screen readers, without a text as markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from tests.pages_walk import controls_of, texts_of
from tests.test_languages import ALLOWED, translations
from ui.pages import pages
from ui.speech import speak
from views import open_rooms

open_rooms()
SHOWN = [entry for entry in pages() if entry.menu or entry.key == "child"]
WORDS = re.compile(r"[A-Za-z]{4,}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(params=["zh_CN", "en"])
def language(request) -> Iterator[str]:
    speak(request.param)
    yield request.param
    speak("en")


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.key)
def test_every_page_opens_without_trouble_and_is_all_in_one_language(walker, language, entry):
    window = walker.open(entry)
    frame = window._frames[entry.key]
    assert frame._trouble is None, [label.text() for label in frame.findChildren(QLabel)]
    foreign = _english_in_chinese if language == "zh_CN" else _chinese_in_english
    assert [each for each in texts_of(window) if foreign(each.text, each.data)] == []


def _english_in_chinese(text: str, data: bool) -> bool:
    """Whether a text is, or holds, English words; data may hold names and codes but no sentence of ours."""
    ours = not data or text in translations()
    return ours and bool(WORDS.search(ALLOWED.sub("", text)))


def _chinese_in_english(text: str, data: bool) -> bool:
    """Whether a button or heading is Chinese; data of a Chinese home is."""
    return not data and bool(HAN.search(text.replace("中文", ""))) and text in _chinese_words()


@cache
def _chinese_words() -> set[str]:
    return {text for texts in translations().values() for text in texts.values()}


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.key)
def test_every_control_has_a_name_and_no_label_guesses_markup(walker, entry):
    speak("zh_CN")
    window = walker.open(entry)
    unnamed = [_described(each) for each in controls_of(window) if not _name_of(each)]
    guessing = [
        label.text()
        for label in window.findChildren(QLabel)
        if label.textFormat() == Qt.TextFormat.AutoText and label.text()
    ]
    assert unnamed == []
    assert guessing == []
    speak("en")


def _name_of(widget: QWidget) -> str:
    """Return the name a screen reader would say."""
    from PySide6.QtGui import QAccessible

    if isinstance(widget, QScrollArea) or type(widget) is QAbstractScrollArea:
        return "a scrolled part"
    interface = QAccessible.queryAccessibleInterface(widget)
    name = interface.text(QAccessible.Text.Name) if interface else ""
    parent = widget.parentWidget()
    inside = isinstance(parent, QComboBox | QAbstractSpinBox)
    return name or (parent.accessibleName() if parent is not None and inside else "")


def _described(widget: QWidget) -> str:
    parents = []
    parent = widget.parentWidget()
    while parent is not None and len(parents) < 4:
        parents.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} in {' in '.join(parents)}"


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.key)
def test_nothing_editable_lies_in_a_popup(walker, entry):
    """There, Chinese could not be typed."""
    window = walker.open(entry)
    editable = window.findChildren(QLineEdit) + window.findChildren(QTextEdit)
    caught = [each for each in editable if each.window().windowType() == Qt.WindowType.Popup]
    assert caught == []


@pytest.mark.parametrize("entry", SHOWN, ids=lambda entry: entry.key)
def test_every_page_fits_the_smallest_first_class_window(walker, entry):
    """1366×768 at 125 %: nothing of the window is pushed off the screen."""
    window = walker.open(entry)
    window.resize(1093, 614)
    assert window.minimumSizeHint().width() <= 1093
    assert window.minimumSizeHint().height() <= 614
