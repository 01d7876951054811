"""The furniture by itself: words stay words, layouts keep their pieces, input waits for committed text."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.conftest import actor
from tests.homes import PASSWORD, make_home
from tests.ui.conftest import type_in
from ui import pages as registry
from ui.dialog import Dialog, Line, height_needed
from ui.drafts import DELAY, DraftKeeper
from ui.pages import ChildTab, Page, allowed, child_tab, child_tabs, page, pages
from ui.preferences import Preferences
from ui.text import ElidedLabel, PlainLabel, plain_tip
from ui.widgets import Banner, Button, Clickable, Flow, SearchBox, Segmented, StateChip, initial_of

HOSTILE = "张三<img src='file:///etc/passwd'><b>x</b> & <5ml>"


# --- dialogs ---


def test_a_dialog_grows_for_what_is_wrong_and_only_for_that(qtbot):
    dialog = Dialog("回执", "说明" * 60, width=300)
    line = Line("日期")
    dialog.body.addWidget(line)
    qtbot.addWidget(dialog)
    dialog.show()
    before, field = dialog.height(), line.edit.height()
    for _time in range(2):
        line.complain("请填写日期。" * 12)
        QApplication.processEvents()
        grown = dialog.height()
        line.complain("")
        QApplication.processEvents()
    assert grown > before and line.edit.height() == field, "no field is cut"
    assert dialog.height() == grown, "it grows once, however often one errs"


def test_no_dialog_is_higher_than_the_screen(qtbot):
    dialog = Dialog("很长", "一二三四五六七八九十" * 400, width=300)
    qtbot.addWidget(dialog)
    dialog.show()
    assert height_needed(dialog) < dialog.screen().availableGeometry().height()


# --- words stay words ---


@pytest.mark.parametrize("kind", [PlainLabel, ElidedLabel, Banner])
def test_a_label_never_takes_data_for_markup(qtbot, kind):
    widget = kind(HOSTILE)
    qtbot.addWidget(widget)
    label = widget.label if isinstance(widget, Banner) else widget
    assert label.text() == HOSTILE and label.textFormat() == Qt.TextFormat.PlainText


def test_a_tooltip_never_takes_data_for_markup():
    assert "<img" not in plain_tip(HOSTILE) and "&lt;img" in plain_tip(HOSTILE)
    assert plain_tip("曾小乐") == "曾小乐"


def test_a_long_word_is_cut_with_the_whole_in_its_tooltip(qtbot):
    label = ElidedLabel("阿依古丽·买买提江·阿卜杜拉")
    qtbot.addWidget(label)
    label.resize(60, 24)
    label.grab()
    assert "阿卜杜拉" in label.toolTip()
    label.resize(600, 24)
    label.grab()
    assert label.toolTip() == ""


def test_states_are_told_in_words_and_tone(qtbot):
    chip = StateChip("returned")
    qtbot.addWidget(chip)
    assert chip.text() == "Returned" and chip.property("tone") == "warning"


@pytest.mark.parametrize(
    ("name", "initial"), [("曾小乐", "乐"), ("阿依古丽·买买提", "提"), ("Anna", "A"), ("", "·"), ("𠮷田", "田")]
)
def test_a_name_has_an_initial(name, initial):
    assert initial_of(name) == initial


# --- laying out ---


def test_pieces_of_a_flow_break_into_lines_and_none_is_lost(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = Flow(holder, 2)
    pieces = [QWidget() for _number in range(7)]
    for piece in pieces:
        piece.setFixedSize(90, 30)
        flow.addWidget(piece)
    flow.setGeometry(QRect(0, 0, 300, 400))
    assert {piece.y() for piece in pieces} == {0, 38, 76}
    assert all(piece.geometry().right() <= 300 for piece in pieces)
    assert flow.heightForWidth(300) == 106 and flow.heightForWidth(2000) == 30


def test_exactly_one_of_several_choices_is_chosen(qtbot):
    heard = []
    choice = Segmented([("a", "A"), ("b", "B")], heard.append, value="b")
    qtbot.addWidget(choice)
    assert choice.value() == "b"
    choice.set_value("a")
    assert heard == [] and choice.value() == "a"
    choice._group.button(1).click()
    assert heard == ["b"]


def test_a_button_without_words_has_a_name_for_screen_readers(qtbot):
    button = Button("", "search", tip="Search")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Search" and "Search" in button.toolTip()


def test_a_tile_is_pressed_by_enter_and_space(qtbot):
    pressed = []
    tile = Clickable("Open", lambda: pressed.append(1))
    qtbot.addWidget(tile)
    qtbot.keyClick(tile, Qt.Key.Key_Return)
    qtbot.keyClick(tile, Qt.Key.Key_Space)
    assert pressed == [1, 1]


def test_search_waits_for_committed_text(qtbot):
    asked = []
    box = SearchBox(asked.append, delay=1)
    qtbot.addWidget(box)
    box.show()
    QApplication.sendEvent(box, QInputMethodEvent("zeng'x", []))
    qtbot.wait(20)
    assert asked == []
    type_in(box, "曾")
    qtbot.waitUntil(lambda: asked == ["曾"])


# --- the registries ---


def test_pages_stand_in_the_order_of_the_home_and_only_for_those_who_may(monkeypatch):
    monkeypatch.setattr(registry, "_pages", {})
    page("b", "B", area="care", needs=("NursingRecord", "read"), order=2)(Page)
    page("a", "A", area="care", order=1)(Page)
    page("t", "T", area="today")(Page)
    page("s", "S", area="system", roles=("sysadmin",))(Page)
    assert [entry.key for entry in pages()] == ["t", "a", "b", "s"]
    assert [entry.key for entry in pages(actor("finance"))] == ["t", "a"]
    assert [entry.key for entry in pages(actor("sysadmin"))] == ["t", "a", "s"]
    with pytest.raises(ValueError, match="no such area"):
        page("x", "X", area="nowhere")


def test_tabs_of_the_child_are_registered_alike(monkeypatch):
    monkeypatch.setattr(registry, "_tabs", {})
    child_tab("g", "Growth", area="care", needs=("GrowthMeasurement", "read"), order=30)(ChildTab)
    assert [tab.key for tab in child_tabs(actor("nurse"))] == ["g"] and child_tabs(actor("finance")) == []
    assert allowed((), None)


# --- what is kept ---


def test_preferences_of_two_people_do_not_mix_and_survive_a_broken_file(tmp_path):
    file = tmp_path / "desk.json"
    Preferences(file, "one").set("theme", "dark")
    Preferences(file, "two").set("theme", "light")
    assert Preferences(file, "one").get("theme") == "dark" and Preferences(file, "two").get("theme") == "light"
    file.write_text("{broken", encoding="utf-8")
    assert Preferences(file, "one").get("theme", "system") == "system"
    Preferences(file, "one").set("theme", "dark")
    assert json.loads(file.read_text(encoding="utf-8"))["one"]["theme"] == "dark"


def test_preferences_that_cannot_be_written_cost_no_work(tmp_path):
    kept = Preferences(tmp_path / "missing" / "desk.json", "one")
    kept.set("theme", "dark")
    assert kept.get("theme") == "dark"


@pytest.fixture
def keeper(tmp_path, qapp):
    home = make_home(tmp_path / "home").home
    database, who = home.sign_in("director", PASSWORD)
    yield SimpleNamespace(drafts=DraftKeeper(home, who), home=home, who=who)
    database.close()


def test_what_is_typed_reaches_the_disk_within_two_seconds_encrypted(keeper, qtbot):
    assert DELAY <= 1500
    for part in ("曾", "曾小", "曾小乐"):
        keeper.drafts.keep("Child/new", {"name": part})
    qtbot.waitUntil(lambda: any(keeper.home.folder.rglob("*.draft")), timeout=2000)
    (file,) = keeper.home.folder.rglob("*.draft")
    assert "曾小乐".encode() not in file.read_bytes()
    assert DraftKeeper(keeper.home, keeper.who).take("Child/new") == {"name": "曾小乐"}
    assert not any(keeper.home.folder.rglob("*.draft"))


def test_a_saved_form_leaves_no_draft_behind(keeper):
    keeper.drafts.keep("Child/new", {"name": "曾"})
    keeper.drafts.forget("Child/new")
    keeper.drafts.flush()
    assert keeper.drafts.keys() == [] and keeper.drafts.look("Child/new") is None


def test_enter_presses_the_button_that_has_the_focus_and_ctrl_enter_does_not(qtbot):
    pressed: list[bool] = []
    button = Button("Next", on_click=lambda: pressed.append(True))
    qtbot.addWidget(button)
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [True]
    qtbot.keyClick(button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pressed == [True]
