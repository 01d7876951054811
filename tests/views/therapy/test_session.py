"""The session's panel: goals, attendance, signing, cancelling, making up."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtTest import QTest

from models.core import records
from models.core.access import SYSTEM
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.therapy import TherapySession
from tests.views.therapy.conftest import NINE, panel, session, told
from views.attendance_dialog import AttendanceDialog


def test_choosing_a_block_opens_it_with_goals_and_what_to_mind(week, clinic):
    week.grid.choose(clinic.keys[0])
    week._chosen(clinic.keys[0])
    shown = panel(week)
    assert shown.title.text() == "曾小乐" and [line.goal.text for line in shown.rows] == ["扶站10秒"]


def test_what_was_worked_on_is_kept_when_going_on_to_the_next_block(week, clinic):
    week._chosen(clinic.keys[0])
    shown = panel(week)
    shown.rows[0].box.setChecked(True)
    shown.rows[0].trials.setText("４/５")
    shown.result.set_value("扶站8秒")
    week._chosen(clinic.keys[1])
    saved = session(clinic, clinic.keys[0])
    assert saved["goals"] == [clinic.goal] and saved["goal_notes"] == {clinic.goal: {"trials": "4/5"}}
    assert saved["result"] == "扶站8秒"


def test_attendance_is_one_key_and_signing_one_press(week, clinic, app):
    said = told(app)
    week.grid.choose(clinic.keys[0])
    week.grid.setFocus()
    QTest.keyClicks(week.grid, "d")
    assert session(clinic, clinic.keys[0])["status"] == "done" and said == ["Attended: 曾小乐"]
    assert panel(week).sheet.values["status"] == "done"
    panel(week).sign()
    assert session(clinic, clinic.keys[0])["state"] == "submitted" and said[-1] == "1 session signed"
    week._chosen(clinic.keys[0])
    assert not panel(week)._editable and not week.grid.tile(clinic.keys[0]).movable


def test_cancelling_asks_for_the_reason(week, clinic, qtbot, monkeypatch):
    def answer(dialog: AttendanceDialog) -> int:
        dialog._accept()
        assert dialog.wrong.text() == "Please give the reason."
        assert dialog.body.indexOf(dialog.wrong) == dialog.body.indexOf(dialog.reason) + 1, "right below its field"
        assert dialog.reason.inner().property("wrong")
        dialog.reason.set_value("away")
        return 1

    monkeypatch.setattr(AttendanceDialog, "exec", answer)
    week._chosen(clinic.keys[2])
    panel(week).cancel()
    assert (session(clinic, clinic.keys[2])["status"], session(clinic, clinic.keys[2])["reason"]) == (
        "cancelled",
        "away",
    )
    assert len(week.grid.tiles) == 2


def test_a_missed_session_leads_to_a_make_up(week, clinic):
    with clinic.database.work(SYSTEM) as work:
        booking.attend(work, {clinic.keys[0]: Attendance("absent", "ill")})
    week.reload()
    week._chosen(clinic.keys[0])
    panel(week)._make_up()
    booked = week._side_widget()
    assert (
        booked.makes_up_id == clinic.keys[0]
        and booked.children_ids == [clinic.first]
        and booked.therapy.value() == "PT"
    )


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(week, clinic, app, monkeypatch):
    shown = []
    monkeypatch.setattr(app, "show_error", shown.append)
    with clinic.database.work(SYSTEM) as work:
        records.save(work, TherapySession, {"note": "改约"}, id=clinic.keys[0])
    week._moved(clinic.keys[0], "2026-11-17", 600, 630)
    assert type(shown[0]).__name__ == "Changed" and session(clinic, clinic.keys[0])["starts_at"] == NINE
    week._moved(clinic.keys[0], "2026-11-17", 600, 630)
    assert session(clinic, clinic.keys[0])["starts_at"] == datetime(2026, 11, 17, 10, 0)
