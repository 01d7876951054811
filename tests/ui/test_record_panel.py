"""One record from beginning to end: saved, refused, confirmed, merged, passed on, corrected, drafted, left."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.admission import Admission
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.medical import Allergy, Diagnosis
from tests.conftest import actor
from tests.factories import make
from tests.ui.conftest import make_app, type_in
from ui import dialogs
from ui.editors import Editor
from ui.form import RecordDialog, RecordPanel
from ui.widgets import Button


@pytest.fixture
def panel(qtbot, app):
    made = RecordPanel(app, Child)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.fixture
def told(app):
    """What was told in passing."""
    heard = []
    app.telling.connect(lambda text, undo, label: heard.append((text, undo)))
    return heard


@pytest.fixture
def errors(app, monkeypatch):
    shown = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: shown.append(error))
    return shown


def fill(panel, **values):
    for name, value in values.items():
        panel.form.set_value(name, value)
        panel.form.changed.emit(name)


def value_of(app, kind, record_id, name):
    with app.read() as work:
        return queries.values(work, kind, record_id)[name]


def buttons(panel):
    QApplication.processEvents()
    return {each.text() for each in panel.findChildren(Button) if not each.isHidden()}


NEW = {"name": "区晓明", "number": "2026-009", "sex": "1", "born_on": date(2022, 7, 9)}


# --- saving ---


def test_a_new_record_is_saved_told_and_read(panel, app, told):
    panel.begin()
    fill(panel, **NEW)
    assert panel.save()
    assert value_of(app, Child, panel.record_id, "name") == "区晓明"
    assert [text for text, _undo in told] == ["Saved."]
    assert panel.form.read_only and not panel.new


def test_saving_twice_makes_one_record(panel, app):
    panel.begin()
    fill(panel, **NEW)
    panel.save()
    panel.edit()
    panel.save()
    with app.read() as work:
        assert queries.count(work, Child, search="2026009") + queries.count(work, Child, search="2026-009") >= 1
        assert len([row for row in queries.rows(work, Child) if row.values[1] == "2026-009"]) == 1


def test_a_refusal_lists_every_problem_and_nothing_typed_is_lost(panel, app):
    panel.begin()
    fill(panel, name="区晓明", born_on=date(2030, 1, 1))
    assert not panel.save()
    assert not panel.problems.isHidden()
    assert panel.form.editor("name").value() == "区晓明"
    assert not panel.form.cells["sex"].message.isHidden()


def test_what_cannot_be_understood_keeps_the_record_from_being_saved(panel, app):
    panel.begin()
    fill(panel, **NEW)
    panel.form.editor("born_on").set_typed("下辈子")
    assert not panel.save()
    with app.read() as work:
        assert queries.count(work, Child) == 3


def test_a_line_of_the_problem_box_leads_to_its_field(panel, qtbot):
    panel.begin()
    panel.save()
    gone = []
    panel.problems.go_to.connect(gone.append)
    next(each for each in panel.problems.findChildren(Button) if each.text() == "Sex").click()
    assert gone == ["sex"]


def test_warnings_are_confirmed_in_place(panel, app):
    panel.begin()
    # The certificate says another category of disability than the one entered.
    fill(panel, **NEW, disabilities=["1"], disability_grade="1", disability_certificate="32010220220709001431")
    assert not panel.save()
    assert panel.problems.property("tone") == "warning"
    assert panel.form.cells["disability_certificate"].message.symbol.tint == "warning"
    panel.problems.confirm.click()
    assert panel.form.read_only
    assert value_of(app, Child, panel.record_id, "disability_certificate") == "32010220220709001431"


def test_an_unexpected_failure_leaves_the_typing_and_is_presented(panel, app, errors, monkeypatch):
    panel.begin()
    fill(panel, **NEW)
    monkeypatch.setattr(records, "save", lambda *_args, **_more: (_ for _ in ()).throw(OSError(28, "No space left")))
    assert not panel.save()
    assert isinstance(errors[0], OSError)
    assert panel.form.editor("name").value() == "区晓明"
    assert app.drafts.look("Child/new/")["name"] == "区晓明"


# --- two people ---


def test_fields_that_only_one_side_changed_are_merged_without_a_question(panel, app, children):
    panel.open(children.ids[0], edit=True)
    with app.database.work(SYSTEM) as work:
        records.save(work, Child, {"bed": "3"}, id=children.ids[0])
    fill(panel, languages="普通话")
    assert panel.save()
    assert value_of(app, Child, children.ids[0], "bed") == "3"
    assert value_of(app, Child, children.ids[0], "languages") == "普通话"


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_the_same_field_changed_by_two_is_chosen_side_by_side(panel, app, children, monkeypatch, keep):
    panel.open(children.ids[0], edit=True)
    with app.database.work(SYSTEM) as work:
        records.save(work, Child, {"bed": "3", "guardian": "民政局"}, id=children.ids[0])
    fill(panel, bed="7", languages="普通话")
    seen = []

    def choose(parent, app, kind, changed):
        seen.extend((each.field, each.mine, each.theirs) for each in changed.conflicts)
        return {"bed": getattr(changed.conflicts[0], keep)}

    monkeypatch.setattr(dialogs, "settle_conflicts", choose)
    assert panel.save()
    assert seen == [("bed", "7", "3")]
    assert value_of(app, Child, children.ids[0], "bed") == ("7" if keep == "mine" else "3")
    assert value_of(app, Child, children.ids[0], "languages") == "普通话"
    assert value_of(app, Child, children.ids[0], "guardian") == "民政局"


def test_going_back_from_the_choice_loses_nothing(panel, app, children, monkeypatch):
    panel.open(children.ids[0], edit=True)
    with app.database.work(SYSTEM) as work:
        records.save(work, Child, {"bed": "3"}, id=children.ids[0])
    fill(panel, bed="7")
    monkeypatch.setattr(dialogs, "settle_conflicts", lambda *_args: None)
    assert not panel.save()
    assert panel.form.editor("bed").value() == "7"
    assert value_of(app, Child, children.ids[0], "bed") == "3"


def test_the_choice_shows_both_values_in_words(qtbot, app, children):
    from models.core.errors import Changed, Conflict

    changed = Changed([Conflict("sex", "1", "2", "1"), Conflict("unit_id", None, None, None)], "李护士", 3)
    dialog = dialogs.ConflictDialog(None, app, Child, changed)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(type(dialogs.PlainLabel("")))]
    assert "Male" in texts and "Female" in texts and "(empty)" in texts
    dialog._all(1)
    assert dialog.chosen() == {"sex": "1", "unit_id": None}


# --- passing on ---


@pytest.fixture
def admission(app):
    with app.database.work(app.actor) as work:
        return make(work, Admission)


def open_admission(qtbot, app, admission):
    made = RecordPanel(app, Admission)
    qtbot.addWidget(made)
    made.open(admission, edit=False)
    made.show()
    return made


def test_a_draft_goes_from_hand_to_hand_and_is_corrected_by_a_new_version(qtbot, app, admission, monkeypatch):
    panel = open_admission(qtbot, app, admission)
    assert "Submit" in buttons(panel)
    for step, state in (("submit", "submitted"), ("review", "reviewed"), ("approve", "approved")):
        panel.act(step)
        assert value_of(app, Admission, admission, "state") == state
    assert "Edit" not in buttons(panel)
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_args: "日期写错")
    panel.act("correct")
    assert panel.record_id != admission and not panel.form.read_only
    assert value_of(app, Admission, panel.record_id, "supersedes_id") == admission
    assert "Earlier version" in buttons(panel)


def test_returning_asks_for_a_reason_and_thinking_better_of_it_changes_nothing(qtbot, app, admission, monkeypatch):
    panel = open_admission(qtbot, app, admission)
    panel.act("submit")
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_args: None)
    panel.act("return")
    assert value_of(app, Admission, admission, "state") == "submitted"
    monkeypatch.setattr(dialogs, "ask_reason", lambda *_args: "缺签名")
    panel.act("return")
    assert value_of(app, Admission, admission, "state") == "returned"
    assert value_of(app, Admission, admission, "state_reason") == "缺签名"
    assert panel.head.why.isVisibleTo(panel) and panel.head.why.label.text() == "Returned because: 缺签名"
    panel.act("submit")
    assert not panel.head.why.isVisibleTo(panel)


def test_a_reason_must_be_given(qtbot):
    dialog = dialogs.ReasonDialog(None, "Return: why?", "", "Return")
    qtbot.addWidget(dialog)
    dialog._agree()
    assert dialog.result() == 0 and "reason" in dialog.message.label.text()
    dialog.edit.set_value("缺签名")
    dialog._agree()
    assert dialog.result() == 1


def test_only_steps_that_the_person_may_take_are_offered(qtbot, children):
    with children.database.work(SYSTEM) as work:
        record_id = make(work, Diagnosis, child_id=children.ids[0])
    app = make_app(children.database, children.carer)
    panel = RecordPanel(app, Diagnosis)
    qtbot.addWidget(panel)
    panel.open(record_id)
    assert panel.form.read_only
    assert not buttons(panel) & {"Edit", "Submit", "Review", "Approve", "Void"}


def test_the_bin_can_be_undone(panel, app, children, told):
    panel.open(children.ids[1])
    panel.act("bin")
    assert value_of(app, Child, children.ids[1], "deleted_at") is not None
    told[-1][1]()
    assert value_of(app, Child, children.ids[1], "deleted_at") is None


def test_the_history_says_every_change_in_words(panel, app, children):
    panel.open(children.ids[0], edit=True)
    fill(panel, bed="7")
    panel.save()
    panel.show_history()
    texts = [label.text() for label in panel.history.findChildren(type(dialogs.PlainLabel("")))]
    assert "Bed: (empty) → 7" in texts
    assert "Changed" in texts and "Created" in texts


def test_opening_a_record_of_a_child_is_noted(qtbot, app, children):
    with app.database.work(app.actor) as work:
        record_id = make(work, Allergy, child_id=children.ids[0])
    panel = RecordPanel(app, Allergy)
    qtbot.addWidget(panel)
    panel.open(record_id)
    with app.database.read(SYSTEM) as work:
        from sqlalchemy import select

        noted = work.scalars(
            select(AuditEntry.child_id).where(AuditEntry.event == "opened", AuditEntry.record_id == record_id)
        ).all()
    assert noted == [children.ids[0]]


# --- drafts and leaving ---


def test_typing_is_drafted_and_offered_again(qtbot, panel, app):
    panel.begin()
    type_in(panel.form.editor("name").edit, "区晓明")
    panel.form.editor("born_on").set_typed("去年冬天")
    panel.form.changed.emit("born_on")
    app.drafts.flush()
    again = RecordPanel(app, Child)
    qtbot.addWidget(again)
    again.begin()
    assert not again.drafting.banner.isHidden()
    again.drafting.banner.take.click()
    assert again.form.editor("name").value() == "区晓明"
    assert again.form.editor("born_on").typed() == "去年冬天"


def test_a_saved_form_leaves_no_draft(panel, app):
    panel.begin()
    fill(panel, **NEW)
    app.drafts.flush()
    panel.save()
    assert app.drafts.keys() == []


def test_escape_asks_only_when_something_would_be_lost(panel, app, children, monkeypatch):
    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda parent: asked.append(1) or dialogs.KEEP_EDITING)
    gone = []
    panel.done.connect(lambda: gone.append(1))
    panel.open(children.ids[0], edit=True)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert (asked, gone) == ([], [1])
    panel.open(children.ids[0], edit=True)
    fill(panel, bed="9")
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert (asked, gone) == ([1], [1])
    assert panel.form.editor("bed").value() == "9"


def test_a_dialog_closes_when_its_record_is_saved(qtbot, app):
    dialog = RecordDialog(app, Child, None, {"sex": "1"})
    qtbot.addWidget(dialog)
    dialog.show()
    fill(dialog.panel, **NEW)
    QTest.keyClick(dialog, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    if dialog.isVisible():  # a window without focus hears no shortcut
        dialog.panel.save()
    assert not dialog.isVisible() and dialog.saved_id == dialog.panel.record_id


def test_a_record_that_is_not_there_is_explained_and_no_empty_form_appears(qtbot, app, errors):
    dialog = RecordDialog(app, Child, "0" * 32)
    qtbot.addWidget(dialog)
    assert len(errors) == 1
    assert dialog.exec() == 0


def test_a_child_of_another_unit_cannot_be_opened(qtbot, children, monkeypatch):
    app = make_app(children.database, children.carer)
    shown = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: shown.append(error))
    dialog = RecordDialog(app, Child, children.ids[2])
    qtbot.addWidget(dialog)
    assert dialog.exec() == 0 and shown


def test_no_more_than_eighty_controls_wait_on_a_screen_reader_when_reading(panel, children):
    panel.open(children.ids[0], edit=False)
    assert len(panel.findChildren(Editor)) == 0


def test_moments_of_the_event_and_of_recording_are_kept_apart(app, admission):
    assert value_of(app, Admission, admission, "recorded_at") == datetime(2026, 11, 20, 9, 30)
    assert value_of(app, Admission, admission, "arrived_at") != datetime(2026, 11, 20, 9, 30)


def test_someone_without_the_role_reads_and_cannot_edit(qtbot, children):
    app = make_app(children.database, actor("finance"))
    panel = RecordPanel(app, Child)
    qtbot.addWidget(panel)
    panel.open(children.ids[0], edit=True)
    assert panel.form.read_only and "Edit" not in buttons(panel)
