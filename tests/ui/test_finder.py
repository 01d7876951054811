"""The finder: everything by a few keys, nothing a person may not see, and no harm to Chinese input."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionFrame

from models.child import Child
from models.core.fields import fields_of
from models.core.record import record_types
from models.scheduling.week_plan import WeekPlan
from resources import use_language
from tests.ui.conftest import make_app, type_in
from ui import finder as finder_module
from ui.finder import _learn_pinyin, begins, fits, means_new
from ui.shell import Shell


def titles(finder):
    return [hit.title for hit in finder.hits.hits]


@pytest.fixture
def finder(shell):
    shell.open_finder()
    return shell.finder


@pytest.mark.parametrize("typed", ["曾", "zxl", "zengxiaole", "2020-001"])
def test_a_child_is_found_and_opened_by_the_keyboard_alone(shell, app, finder, qtbot, typed):
    went = []
    app.going.disconnect()
    app.going.connect(lambda key, target: went.append((key, target["child_id"])))
    type_in(finder.box, typed)
    assert titles(finder)[0] == "曾小乐"
    qtbot.keyClick(finder.box, Qt.Key.Key_Return)
    assert went[0][0] == "child" and not finder.isVisible()
    assert app.settings.get("recent.children") == [went[0][1]]


def test_recent_children_stand_first_when_nothing_is_typed(shell, app, children):
    app.settings.set("recent.children", [children.ids[2]])
    shell.open_finder()
    assert titles(shell.finder)[0] == "阿依古丽·买买提"


def test_arrows_go_round_and_escape_closes(finder, qtbot):
    qtbot.keyClicks(finder.box, "2")
    first = finder.list.currentIndex().row()
    qtbot.keyClick(finder.box, Qt.Key.Key_Up)
    assert finder.list.currentIndex().row() == finder.hits.rowCount() - 1
    qtbot.keyClick(finder.box, Qt.Key.Key_Down)
    assert finder.list.currentIndex().row() == first
    qtbot.keyClick(finder.box, Qt.Key.Key_Escape)
    assert not finder.isVisible()


def test_escape_in_the_finder_is_not_for_the_page_behind_it(shell, finder, qtbot):
    behind = []
    QShortcut(QKeySequence("Esc"), shell, lambda: behind.append(1))
    qtbot.keyClick(finder.box, Qt.Key.Key_Escape)
    assert not finder.isVisible() and not behind
    qtbot.keyClick(shell, Qt.Key.Key_Escape)
    assert behind == [1]


def test_what_an_input_method_is_composing_is_not_searched(finder):
    before = titles(finder)
    QApplication.sendEvent(finder.box, QInputMethodEvent("zeng'xiao", []))
    assert titles(finder) == before and finder.box.text() == ""
    type_in(finder.box, "曾")
    assert titles(finder)[0] == "曾小乐"


def test_the_finder_is_no_popup(finder):
    assert finder.windowType() == Qt.WindowType.Widget and not finder.isWindow()


def test_a_caregiver_finds_only_entrusted_children_and_is_offered_the_emergency(children, qtbot):
    app = make_app(children.database, children.carer)
    shell = Shell(app)
    qtbot.addWidget(shell)
    shell.open_finder()
    shell.finder.box.setText("aygl")
    assert "阿依古丽·买买提" not in titles(shell.finder)
    assert any("Emergency" in title for title in titles(shell.finder))
    app.close()


def test_actions_are_found_by_their_words(finder):
    finder.box.setText("lock")
    assert "Lock" in titles(finder)


def test_full_width_letters_find_as_well():
    assert fits("Hand-over", "ｈａｎｄ")


def test_what_is_typed_is_not_cut_at_its_feet(finder, qtbot):
    finder.box.setText("pinggu")
    qtbot.wait(10)
    how = QStyleOptionFrame()
    finder.box.initStyleOption(how)
    inner = finder.box.style().subElementRect(QStyle.SubElement.SE_LineEditContents, how, finder.box)
    assert inner.height() >= finder.box.fontMetrics().height()


def test_pinyin_of_a_later_word_of_a_name_finds_it_too(monkeypatch, app):
    monkeypatch.setattr(finder_module, "_known", {})
    use_language("zh_CN")
    _learn_pinyin.__wrapped__("zh_CN")
    assert fits("Assessment", "pinggu") and fits("Assessment", "kfpg")
    assert not fits("Assessment", "inggu") and not fits("Assessment", "p")
    assert begins("Assessment", "kangfu") and not begins("Assessment", "pinggu")


def test_what_begins_with_the_words_is_told_from_what_only_holds_them():
    assert begins("Rooms", "room") and not begins("Opening hours of therapy rooms", "room")


def test_a_new_record_is_meant_by_its_name_with_or_without_the_word_new():
    assert means_new("Incident", "inci") and means_new("Incident", "new inc")
    assert not means_new("Incident", "new unit")


def test_what_the_program_makes_itself_is_not_offered_as_an_empty_form(app):
    assert app.may_enter(Child) and not app.may_enter(WeekPlan)


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_no_form_is_offered_that_lacks_what_it_must_hold(kind):
    needed = [each.name for each in fields_of(kind) if each.required and each.hidden]
    assert not (needed and kind.by_hand)
