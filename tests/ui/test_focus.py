"""The keys stay where a person has them: what is filled anew, what is made later than it stands."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from ui.focus import line_up
from ui.widgets import Button, Scroll, Segmented, clear, column


def test_what_is_filled_anew_stays_at_its_place_with_the_keys_where_they_were(qtbot):
    """Rating the tenth goal reads the page again: neither may the page jump nor the keys go astray."""
    area = Scroll()
    qtbot.addWidget(area)

    def fill():
        clear(area.body)
        for number in range(30):
            area.body.addWidget(Button(f"{number % 10}", on_click=fill))

    fill()
    area.resize(200, 200)
    area.show()
    QApplication.processEvents()
    pressed = area.findChildren(Button)[14]
    pressed.setFocus()
    area.ensureWidgetVisible(pressed)
    at = area.verticalScrollBar().value()
    pressed.click()
    qtbot.wait(20)
    found = area.findChildren(Button)
    assert len(found) == 30 and area.window().focusWidget() is found[14] is not pressed
    assert at > 0 and area.verticalScrollBar().value() == at


def test_it_may_be_filled_twice_before_it_is_seen(qtbot):
    area = Scroll()
    qtbot.addWidget(area)
    area.body.addWidget(Button("1"))
    area.show()
    area.findChildren(Button)[0].setFocus()
    for _time in range(2):
        clear(area.body)
        area.body.addWidget(Button("1"))
    qtbot.wait(20)
    assert area.window().focusWidget() is area.findChildren(Button)[-1]


def test_tab_goes_through_what_was_made_later_where_it_stands(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    lines = column(page)
    first, last = Button("first"), Button("last")
    lines.addWidget(first)
    lines.addWidget(last)
    late, words, box = Button("late"), QLabel("only words"), QComboBox()
    box.addItem("one")
    part = QWidget()
    within = column(part)
    for each in (words, late, box):
        within.addWidget(each)
    lines.insertWidget(1, part)
    page.show()
    line_up(first, part)
    first.setFocus()
    passed = []
    for _press in range(3):
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        passed.append(page.focusWidget())
    assert passed == [late, box, last]


def test_arrow_keys_go_through_choices_that_fill_the_page_anew(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    lines = column(page)
    picked = []

    def fill(value):
        picked.append(value)
        clear(lines)
        lines.addWidget(Segmented([(each, each) for each in "abc"], fill, value=value))

    fill("a")
    page.show()
    QApplication.processEvents()
    page.findChildren(QAbstractButton)[0].setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(page.focusWidget(), key)
        qtbot.wait(20)
    assert picked == ["a", "b", "c", "b"] and page.focusWidget().text() == "b"
