"""Editors: typed in any usual way, silent while Chinese is composed, named for those who cannot see."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from models.core.fields import Field
from models.core.words import Code, CodeList
from resources import use_language
from tests.ui.conftest import type_in
from ui.editors import ChoiceBar, CodeBox, CodesEdit, LongCodePicker, LongText, YesNo, editor_for

FEW = CodeList("few", Code("a", "Apple", "苹果"), Code("b", "Pear", "梨"))
SOME = CodeList(
    "some",
    *(Code(f"c{n}", f"Choice {n}", word) for n, word in enumerate(("发热", "咳嗽", "腹泻", "呕吐", "皮疹", "惊厥"))),
)
MANY = CodeList("many", *(Code(str(n), f"Group {n}", f"第{n}族") for n in range(60)))


def made(qtbot, app, kind="text", **meaning):
    editor = editor_for(Field("Label", kind, name="x", **meaning), app)
    qtbot.addWidget(editor)
    editor.show()
    return editor


def leave(qtbot, editor):
    """Go to another control, as Tab does."""
    elsewhere = QPushButton(editor.parentWidget())
    qtbot.addWidget(elsewhere)
    with qtbot.waitSignal(editor.left, timeout=2000):
        QApplication.sendEvent(editor.inner(), _focus_out())


def _focus_out():
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent

    return QFocusEvent(QEvent.Type.FocusOut)


def composing(text):
    return QInputMethodEvent(text, [])


VALUES = [
    ("text", "曾小乐"), ("long_text", "第一行\n第二行"), ("integer", 12), ("decimal", 37.5), ("money", Decimal("1200.50")),
    ("date", date(2026, 3, 5)), ("datetime", datetime(2026, 3, 5, 14, 30)), ("time", time(8, 30)), ("yes_no", False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=lambda each: str(each) if isinstance(each, str) else "")
def test_what_is_shown_is_what_comes_back(qtbot, app, kind, value):
    editor = made(qtbot, app, kind)
    assert editor.value() is None
    editor.set_value(value)
    assert editor.value() == value and editor.problem() == ""
    editor.set_value(None)
    assert editor.value() is None


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=lambda each: str(each) if isinstance(each, str) else "")
def test_showing_a_value_tells_no_one_that_it_changed(qtbot, app, kind, value):
    editor = made(qtbot, app, kind)
    with qtbot.assertNotEmitted(editor.changed):
        editor.set_value(value)


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=lambda each: str(each) if isinstance(each, str) else "")
def test_a_draft_brings_back_exactly_what_was_typed(qtbot, app, kind, value):
    first, second = made(qtbot, app, kind), made(qtbot, app, kind)
    first.set_value(value)
    second.set_typed(first.typed())
    assert second.value() == value


@pytest.mark.parametrize(
    ("kind", "typed", "meant", "written"),
    [
        ("date", "２０２６年３月５日", date(2026, 3, 5), "2026-03-05"),
        ("date", "昨天", date(2026, 11, 19), "2026-11-19"),
        ("datetime", "昨天晚上8点", datetime(2026, 11, 19, 20), "2026-11-19 20:00"),
        ("time", "8点半", time(8, 30), "08:30"),
        ("decimal", "３７。５", 37.5, "37.5"),
        ("money", "￥1，200", Decimal("1200.00"), "1,200.00"),
        ("text", "阿依古丽•买买提", "阿依古丽·买买提", "阿依古丽·买买提"),
        ("text", "11010520030701123x", "11010520030701123X", "11010520030701123X"),
    ],
)
def test_what_people_type_is_understood_at_once_and_written_out_when_left(qtbot, app, kind, typed, meant, written):
    editor = made(qtbot, app, kind)
    type_in(editor.edit, typed)
    assert editor.value() == meant
    assert editor.edit.text() == typed
    leave(qtbot, editor)
    assert editor.edit.text() == written


def test_what_cannot_be_understood_stays_as_typed_and_is_explained(qtbot, app):
    editor = made(qtbot, app, "date")
    type_in(editor.edit, "下辈子")
    leave(qtbot, editor)
    assert editor.edit.text() == "下辈子" and editor.value() is None
    assert "2026-03-05" in editor.problem()
    assert editor.typed() == "下辈子"


@pytest.mark.parametrize("kind", ["text", "long_text", "decimal", "date"])
def test_nothing_happens_while_chinese_is_composed(qtbot, app, kind):
    editor = made(qtbot, app, kind)
    inner = editor.inner()
    with qtbot.assertNotEmitted(editor.changed):
        QApplication.sendEvent(inner, composing("ni'hao"))
    assert not editor.value()
    with qtbot.waitSignal(editor.changed):
        type_in(inner, "你好" if "text" in kind else "12")


def test_nothing_is_cut_off_and_rare_characters_count_once(qtbot, app):
    editor = made(qtbot, app, "text", length=5)
    editor.set_value("𠮷𠮷𠮷𠮷𠮷")
    assert editor.problem() == ""
    type_in(editor.edit, "长长")
    assert len(editor.value()) == 7 and "7" in editor.problem()


def test_a_number_shows_its_unit_and_says_it_to_a_screen_reader(qtbot, app):
    editor = made(qtbot, app, "decimal", unit="kg")
    assert editor.inner().accessibleName() == "Label (kg)"
    assert editor.edit.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize("kind", ["text", "long_text", "integer", "date", "datetime", "time", "yes_no", "attachment"])
def test_every_editor_has_a_name(qtbot, app, kind):
    assert made(qtbot, app, kind).accessibleName() == "Label"


def test_up_and_down_move_a_date_by_a_day(qtbot, app):
    editor = made(qtbot, app, "date")
    editor.set_value(date(2026, 3, 1))
    QTest.keyClick(editor.edit, Qt.Key.Key_Down)
    assert editor.value() == date(2026, 2, 28)


def test_a_day_is_chosen_in_the_month_by_keys_and_the_field_has_the_focus_again(qtbot, app):
    editor = made(qtbot, app, "datetime")
    editor.set_value(datetime(2026, 3, 5, 14, 30))
    with qtbot.waitSignal(editor.changed):
        editor.show_calendar()
        QTest.keyClick(editor._panel.grid, Qt.Key.Key_Right)
        QTest.keyClick(editor._panel.grid, Qt.Key.Key_PageDown)
        QTest.keyClick(editor._panel.grid, Qt.Key.Key_Return)
    assert editor.value() == datetime(2026, 4, 6, 14, 30)
    assert editor._panel.isHidden()


# --- choosing ---


def test_the_kind_of_choice_follows_from_the_number_of_choices(qtbot, app):
    assert isinstance(made(qtbot, app, "code", codes=FEW), ChoiceBar)
    assert isinstance(made(qtbot, app, "code", codes=SOME), CodeBox)
    assert isinstance(made(qtbot, app, "code", codes=MANY), LongCodePicker)
    assert isinstance(made(qtbot, app, "codes", codes=SOME), CodesEdit)


@pytest.mark.parametrize(
    ("typed", "found"), [("咳", "c1"), ("ks", "c1"), ("kesou", "c1"), ("Choice 3", "c3"), ("jj", "c5")]
)
def test_a_choice_is_found_by_chinese_english_and_pinyin(qtbot, app, typed, found):
    use_language("zh_CN")
    editor = made(qtbot, app, "code", codes=SOME)
    with qtbot.waitSignal(editor.changed):
        if typed.isascii():
            QTest.keyClicks(editor.box, typed)
        else:
            editor.box._go_to(typed)
    assert editor.value() == found


def test_a_code_that_is_no_longer_in_the_list_is_kept_and_called_unknown(qtbot, app):
    editor = made(qtbot, app, "code", codes=SOME)
    editor.set_value("retired")
    assert editor.value() == "retired"
    assert editor.box.currentText() == "unknown entry"


def test_one_press_chooses_and_a_second_takes_back(qtbot, app):
    editor = made(qtbot, app, "yes_no")
    assert isinstance(editor, YesNo)
    yes, no = editor.findChildren(QPushButton)
    yes.click()
    assert editor.value() is True
    no.click()
    assert editor.value() is False
    no.click()
    assert editor.value() is None


def test_several_choices_are_pressed_on_and_off(qtbot, app):
    editor = made(qtbot, app, "codes", codes=SOME)
    editor.set_value(["c1", "c3"])
    chips = editor.findChildren(QPushButton)
    chips[0].click()
    chips[3].click()
    assert editor.value() == ["c0", "c1"]


def test_the_wheel_over_a_list_does_not_change_what_was_chosen(qtbot, app):
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    editor = made(qtbot, app, "code", codes=SOME)
    editor.set_value("c2")
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(editor.box, turn)
    assert editor.value() == "c2" and not turn.isAccepted()


def test_a_long_text_grows_with_its_lines(qtbot, app):
    editor = made(qtbot, app, "long_text")
    assert isinstance(editor, LongText)
    small = editor.edit.height()
    editor.set_value("\n".join("一" for _ in range(9)))
    qtbot.waitUntil(lambda: editor.edit.height() > small)


# --- references ---


def test_a_child_is_found_by_initials_and_taken_with_enter(qtbot, app, children):
    editor = made(qtbot, app, "reference", target="child")
    editor.edit.setFocus()
    type_in(editor.edit, "zxl")
    editor.search()
    with qtbot.waitSignal(editor.changed):
        QTest.keyClick(editor.edit, Qt.Key.Key_Return)
    assert editor.value() == children.ids[0]
    assert editor.edit.text() == "曾小乐"


def test_leaving_takes_the_only_child_that_can_be_meant_and_explains_any_other(qtbot, app, children):
    editor = made(qtbot, app, "reference", target="child")
    type_in(editor.edit, "阿依古丽")
    editor.settle()
    assert editor.value() == children.ids[2]
    editor.edit.setText("没有这个人")
    editor.settle()
    assert editor.value() is None and "没有这个人" in editor.problem()
    assert editor.typed() is None or isinstance(editor.typed(), str)


def test_escape_puts_back_what_was_there(qtbot, app, children):
    editor = made(qtbot, app, "reference", target="child")
    editor.set_value(children.ids[0])
    editor.open()
    type_in(editor.edit, "zs")
    QTest.keyClick(editor.edit, Qt.Key.Key_Escape)
    assert editor.value() == children.ids[0] and editor.edit.text() == "曾小乐"


def test_a_caregiver_is_offered_only_the_own_children(qtbot, children):
    from tests.ui.conftest import make_app

    app = make_app(children.database, children.carer)
    editor = made(qtbot, app, "reference", target="child")
    editor.open()
    assert {each.title for each in editor.panel().model.found} == {"曾小乐", "张三"}
    editor.set_value(children.ids[2])
    assert "阿依古丽" not in editor.edit.text()


def test_the_list_of_a_picker_is_no_popup_so_that_chinese_reaches_the_line(qtbot, app, children):
    editor = made(qtbot, app, "reference", target="child")
    editor.open()
    assert editor.panel().windowType() != Qt.WindowType.Popup
    assert QApplication.activePopupWidget() is None
