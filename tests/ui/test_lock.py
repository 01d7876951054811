"""The lock covers every window at once and keeps what was being typed."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout

from tests.ui.conftest import type_in
from ui.lock import Cover


@pytest.fixture
def form(shell, qtbot):
    """A form with a half-typed word, open over the window."""
    dialog = QDialog(shell)
    edit = QLineEdit(dialog)
    QVBoxLayout(dialog).addWidget(edit)
    dialog.edit = edit
    dialog.show()
    qtbot.addWidget(dialog)
    type_in(edit, "曾小")
    edit.setFocus()
    return dialog


def covers(shell, form):
    return [*shell.findChildren(Cover), *form.findChildren(Cover)]


def test_every_window_is_covered_and_its_content_switched_off(shell, form):
    shell.lock.lock()
    found = covers(shell, form)
    assert {cover.window() for cover in found} == {shell, form}
    assert all(cover.isVisible() and cover.size() == cover.window().size() for cover in found)
    assert not form.edit.isEnabled() and form.edit.text() == "曾小"


def test_the_password_gives_everything_back(shell, form, qtbot):
    shell.lock.lock()
    assert shell.lock.unlock("wrong") and shell.lock.locked
    assert shell.lock.unlock("right") == ""
    assert form.isVisible() and form.edit.isEnabled() and form.edit.text() == "曾小"
    qtbot.waitUntil(lambda: not any(cover.isVisible() for cover in covers(shell, form)))


def test_escape_does_not_close_a_form_behind_the_cover(shell, form, qtbot):
    shell.lock.lock()
    cover = form.findChild(Cover)
    qtbot.keyClick(cover.password, Qt.Key.Key_Escape)
    assert form.isVisible() and shell.lock.locked


def test_shortcuts_do_nothing_while_locked(shell, qtbot):
    shell.lock.lock()
    qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not shell.finder.isVisible()


def test_idle_minutes_lock_by_themselves(shell, monkeypatch):
    shell.lock.minutes = 10
    now = shell.lock._alive
    monkeypatch.setattr(time, "monotonic", lambda: now + 599)
    shell.lock._look()
    assert not shell.lock.locked
    monkeypatch.setattr(time, "monotonic", lambda: now + 605)
    shell.lock._look()
    assert shell.lock.locked


def test_a_window_that_appears_later_is_covered_too(shell, qtbot):
    shell.lock.lock()
    late = QDialog(shell)
    qtbot.addWidget(late)
    late.show()
    shell.lock._window_came(late.windowHandle())
    assert late.findChild(Cover) is not None


def test_drafts_are_written_before_the_cover_falls(shell, app):
    app.drafts.keep("Child/new", {"name": "曾小"})
    shell.lock.lock()
    assert app.drafts._waiting == {} and app.drafts.look("Child/new") == {"name": "曾小"}
