"""Whatever goes wrong is told calmly, with a code, and without a child's data in what is copied."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from models.core.errors import Changed, Forbidden, Invalid, Missing, Problem, Unusable
from ui.errors import Catcher, ErrorDialog, code_of, details_of, words_for


def failed(error: BaseException) -> BaseException:
    """Return an error as it is after being raised."""
    try:
        raise error
    except BaseException as raised:
        return raised


def disk_full() -> OSError:
    return OSError(28, "No space left on device")


EXPECTED = [
    (Forbidden("Your roles do not allow this."), "not open to you"),
    (Missing("This record is not there."), "Not found"),
    (Invalid([Problem("name", "Please fill this in.")]), "look at this again"),
    (Changed((), "单雄", 3), "Changed by someone else"),
    (Unusable("This file is not this home's database."), "cannot be opened"),
    (ZeroDivisionError("张三"), "Something went wrong"),
    (PermissionError(13, "denied", "/home/张三.pdf"), "may not be written"),
    (disk_full(), "disk is full"),
    (MemoryError(), "no memory left"),
]


@pytest.mark.parametrize(("error", "title"), EXPECTED)
def test_every_error_has_a_title_and_says_what_is_safe(error, title):
    said = words_for(failed(error))
    assert title in said.title and (said.text or said.advice)


def test_refusals_have_no_code_and_mistakes_have_one():
    assert words_for(failed(Forbidden("no"))).code == ""
    assert words_for(failed(ZeroDivisionError())).code.startswith("QH-")


def test_the_same_mistake_has_the_same_code_and_another_has_another():
    assert code_of(failed(ZeroDivisionError("a"))) == code_of(failed(ZeroDivisionError("b")))
    assert code_of(failed(ZeroDivisionError())) != code_of(failed(KeyError()))


def test_copied_details_name_places_but_no_values():
    details = details_of(failed(ValueError("张三 110101201505050017")))
    assert "ValueError" in details and "test_errors.py" in details
    assert "张三" not in details and "110101" not in details


def test_markup_in_an_error_stays_text(qtbot):
    dialog = ErrorDialog(None, failed(Forbidden("<img src='file:///x'><b>no</b>")))
    qtbot.addWidget(dialog)
    shown = [label for label in dialog.findChildren(QLabel) if "<b>no</b>" in label.text()]
    assert shown and all(label.textFormat() == Qt.TextFormat.PlainText for label in shown)


def test_an_error_while_one_is_shown_is_not_shown_again(monkeypatch):
    shown, catcher = [], Catcher()

    def present(_parent, error):
        shown.append(error)
        catcher.caught.emit(KeyError("second"))

    monkeypatch.setattr("ui.errors.present", present)
    catcher.caught.emit(failed(ValueError("first")))
    assert len(shown) == 1
