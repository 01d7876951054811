"""The repair dialog: every hit session with what can be done, by key, approved at once; and offered when a record hits somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from models.leave import StaffLeave
from models.medical import Diagnosis
from models.rooms import Room
from models.therapy import TherapySession
from tests.conftest import actor
from tests.models import clinic as department
from tests.models.clinic import MONDAY, at, booked, prescribe, save
from tests.ui.conftest import make_app
from ui.notify import OFFER_KEY, Offer, Toast
from ui.record_panel import RecordPanel
from views.act_history import history_of
from views.repair_dialog import RepairDialog
from views.repair_offers import repair_leave

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def hit(home) -> SimpleNamespace:
    """Two sessions of one therapist on Tuesday."""
    clinic = department.clinic(home)
    for child, clock in ((clinic.child, "09:00"), (clinic.third, "10:00")):
        prescribe(clinic, child, sessions=1)
        booked(clinic, child, 1, clock)
    return clinic


@pytest.fixture
def app(hit, qtbot) -> Iterator:
    made = make_app(hit.database, hit.director)
    yield made
    made.close()


def sessions(clinic) -> list:
    with clinic.database.read(clinic.director) as work:
        asked = select(TherapySession).where(TherapySession.status == "booked", TherapySession.deleted_at.is_(None))
        return sorted((each.starts_at, each.child_id, each.therapist_id) for each in work.scalars(asked))


def dialog_for(app, hit, qtbot, **given) -> RepairDialog:
    made = RepairDialog(app, None, **({"kind": "therapist", "whom": hit.li, "first": TUESDAY, "last": TUESDAY} | given))
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_leave_lists_every_hit_session_with_the_best_repair_preselected(app, hit, qtbot):
    dialog = dialog_for(app, hit, qtbot)
    assert len(dialog.table.rows.rows) == 2 and "2 sessions are hit" in dialog.said.text()
    assert dialog.approve_button.isEnabled() and not dialog.back.isVisible()
    assert not dialog.reason.isVisible()


def test_choices_are_changed_by_key_and_approved_by_enter(app, hit, qtbot):
    dialog = dialog_for(app, hit, qtbot)
    (week,) = dialog.case.weeks
    best = week.choices[0]
    QTest.keyClick(dialog.table, Qt.Key.Key_Left)
    assert week.choices[0].place is None and dialog.reason.isVisible() and dialog.back.isVisible()
    QTest.keyClick(dialog.table, Qt.Key.Key_1)
    assert week.choices[0] == best
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.change is not None and all(
        who != hit.li or when.date() != at(1, "09:00").date() for when, _c, who in sessions(hit)
    )
    history_of(app).add(dialog.words, dialog.change)
    assert history_of(app).undo(app)
    assert [when for when, _child, _who in sessions(hit)] == [at(1, "09:00"), at(1, "10:00")]


def test_a_leave_that_was_entered_is_repaired_from_its_record(app, hit, qtbot, monkeypatch):
    leave = save(hit, StaffLeave, staff_id=hit.li, kind="ill", starts_on=TUESDAY, ends_on=TUESDAY, part="morning")
    seen: list[tuple] = []
    monkeypatch.setattr(RepairDialog, "exec", lambda dialog: seen.append((dialog.happening(), dialog.approve())))
    assert repair_leave(app, None, leave) is not None
    assert history_of(app).done, "it is undone like everything else that is done to the week"
    assert (seen[0][0].kind, seen[0][0].whom, seen[0][0].part) == ("therapist", hit.li, "morning")


def test_when_nobody_is_hit_it_says_so(app, hit, qtbot):
    dialog = dialog_for(app, hit, qtbot, whom=hit.chen)
    assert dialog.stack.currentIndex() == 1 and not dialog.approve_button.isEnabled()


def test_a_closed_day_concerns_the_department_and_asks_for_nobody(app, hit, qtbot):
    dialog = RepairDialog(app, None, kind="day", first=MONDAY, last=MONDAY)
    qtbot.addWidget(dialog)
    assert not dialog.question.whom.isEnabled() and dialog.question.whom_words() == "Department"
    assert dialog.happening().whom == ""


def test_a_leave_of_a_fortnight_is_one_list_and_one_approval(app, hit, qtbot):
    booked(hit, hit.child, 1, "09:00", weeks=1)
    dialog = dialog_for(app, hit, qtbot, first=MONDAY, last=MONDAY + timedelta(days=11))
    assert [row[0] for row in dialog.table.rows.rows] == ["11-24 Tue 09:00", "11-24 Tue 10:00", "12-01 Tue 09:00"]
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert {who for _when, _child, who in sessions(hit)} == {hit.zhou}
    history_of(app).add(dialog.words, dialog.change)
    assert history_of(app).undo(app)
    assert {who for _when, _child, who in sessions(hit)} == {hit.li}


def test_a_leave_longer_than_is_looked_at_says_how_far(app, hit, qtbot):
    dialog = dialog_for(app, hit, qtbot, last=MONDAY + timedelta(weeks=9))
    assert dialog.notice.isVisible() and "2027-01-03" in dialog.notice.label.text()


# --- offered after saving -------------------------------------------------------------------------------------


def told(app) -> list[tuple]:
    said: list[tuple] = []
    app.telling.connect(lambda *what: said.append(what))
    return said


def saved_in_the_form(app, qtbot, kind, values, record_id=None) -> None:
    panel = RecordPanel(app, kind)
    qtbot.addWidget(panel)
    if record_id:
        panel.open(record_id, edit=True)
        panel.form.load({**panel.base, **values})
    else:
        panel.begin(values)
    assert panel.save(confirmed=True)


def test_a_leave_saved_in_its_plain_form_offers_the_repair_filled_in(app, hit, qtbot, monkeypatch):
    seen: list = []
    monkeypatch.setattr(RepairDialog, "exec", lambda dialog: seen.append(dialog.happening()))
    said = told(app)
    leave = {"staff_id": hit.li, "kind": "ill", "starts_on": TUESDAY, "ends_on": TUESDAY, "part": "day"}
    saved_in_the_form(app, qtbot, StaffLeave, leave)
    words, act, label = said[-1]
    assert (words, label) == ("2 booked sessions are hit.", "Repair…") and isinstance(act, Offer)
    act()
    assert (seen[0].kind, seen[0].whom, seen[0].first, seen[0].last) == ("therapist", hit.li, TUESDAY, TUESDAY)


def test_a_closed_room_offers_it_and_what_is_booked_there_goes_elsewhere(app, hit, qtbot, monkeypatch):
    save(hit, Room, name="另一间", kind="pt", capacity=2, skills=["pt"])
    monkeypatch.setattr(RepairDialog, "exec", lambda dialog: dialog.approve())
    said = told(app)
    saved_in_the_form(app, qtbot, Room, {"closed": True}, hit.hall)
    assert said[-1][0] == "2 booked sessions are hit."
    before = sessions(hit)
    said[-1][1]()
    with hit.database.read(hit.director) as work:
        rooms = set(work.scalars(select(TherapySession.room_id).where(TherapySession.status == "booked")))
    assert hit.hall not in rooms and sessions(hit) == before, "another room at the same time is all it takes"


def test_an_isolated_child_offers_it_and_who_may_not_repair_is_told_who_will(app, hit, qtbot):
    isolated = {
        "child_id": hit.child, "name": "手足口病", "diagnosed_on": app.today(), "risks": ["infection"],
        "isolation_until": TUESDAY, "status": "confirmed",
    }  # fmt: skip
    said = told(app)
    saved_in_the_form(app, qtbot, Diagnosis, isolated)
    assert said[-1][0] == "1 booked session is hit." and isinstance(said[-1][1], Offer)
    nurse = make_app(hit.database, actor("nurse", staff_id=hit.li))
    said = told(nurse)
    saved_in_the_form(nurse, qtbot, Diagnosis, {**isolated, "child_id": hit.third})
    assert "The therapists see it in the planner" in said[-1][0] and said[-1][1] is None
    nurse.close()


def test_a_leave_that_hits_nobody_offers_nothing(app, hit, qtbot):
    said = told(app)
    leave = {"staff_id": hit.chen, "kind": "ill", "starts_on": TUESDAY, "ends_on": TUESDAY, "part": "day"}
    saved_in_the_form(app, qtbot, StaffLeave, leave)
    assert [words for words, _act, _label in said] == ["Saved."]


def test_an_offer_is_taken_by_its_key_and_not_by_the_way_back(qtbot):
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    qtbot.addWidget(window)
    toast, taken = Toast(window), []
    window.show()
    toast.tell("2 booked sessions are hit.", Offer(lambda: taken.append("repair")), "Repair…")
    toast.undo()
    assert taken == [] and toast.isVisible() and toast.hint.text() == OFFER_KEY
    toast.take()
    assert taken == ["repair"] and not toast.isVisible()
    toast.tell("Moved", lambda: taken.append("back"))
    assert not toast.hint.isVisible()
    toast.undo()
    assert taken == ["repair", "back"]
