"""A morning's attendance from the keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.scheduling.booking import Attendance
from tests.views.therapy.conftest import MONDAY, session, told
from views.therapy_attendance import AttendancePage


@pytest.fixture
def morning(app, clinic, qtbot) -> AttendancePage:
    page = AttendancePage(app)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.open(day=MONDAY)
    page.table.setFocus()
    return page


def test_a_morning_is_recorded_from_the_keyboard_and_signed(morning, clinic, app):
    said = told(app)
    QTest.keyClicks(morning.table, "d")
    QTest.keyClicks(morning.table, "a1")
    assert morning.count.text() == "2 sessions, 0 not recorded yet · 2 not saved"
    assert session(clinic, clinic.keys[0])["status"] == "booked"
    morning.save_and_sign()
    assert [session(clinic, key)["status"] for key in clinic.keys[:2]] == ["done", "absent"]
    assert session(clinic, clinic.keys[1])["reason"] == "ill" and said == ["2 sessions signed"]


def test_a_key_too_many_is_taken_back_and_minutes_are_counted_up(morning):
    QTest.keyClicks(morning.table, "l+")
    assert morning.table.line().chosen == Attendance("late", None, 15)
    QTest.keyClick(morning.table, Qt.Key.Key_Backspace)
    assert morning.table.line().status == "booked"


def test_all_others_done_and_undone_again(morning, clinic, app):
    undo = []
    app.telling.connect(lambda _text, back, _label: undo.append(back))
    morning.all_done()
    morning.save()
    assert session(clinic, clinic.keys[0])["status"] == "done"
    undo[-1]()
    assert session(clinic, clinic.keys[0])["status"] == "booked"


def test_an_absence_without_its_reason_is_not_recorded(morning, clinic, monkeypatch):
    shown = []
    monkeypatch.setattr(morning.app, "show_error", shown.append)
    QTest.keyClicks(morning.table, "a")
    morning.save()
    assert "reason" in str(shown[0]) and session(clinic, clinic.keys[0])["status"] == "booked"
