"""The window: areas and pages by what a person may, places kept over a change of language, a way back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit

from models.child import Child
from models.core import records
from resources import current_language, use_language
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui import pages as registry
from ui.pages import Page, page
from ui.shell import Shell
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button


@pytest.fixture(autouse=True)
def _three_pages(monkeypatch):
    """Only three invented pages, so that these tests tell the shell's story alone."""
    monkeypatch.setattr(registry, "_pages", {})

    @page("first", "Today", area="today", icon="sun")
    class First(Page):
        def __init__(self, app):
            super().__init__(app)
            self.seen = []
            self.column().addWidget(QLineEdit())

        def reload(self):
            self.seen.append("reload")

    @page("children", "Children", area="child", needs=("Child", "read"))
    class Children(Page):
        reads = (Child,)

        def __init__(self, app):
            super().__init__(app)
            self.seen, self.at = [], {}
            self.label = PlainLabel()
            self.column().addWidget(self.label)

        def reload(self):
            self.seen.append("reload")

        def open(self, **target):
            self.at = target

        def place(self):
            return self.at

    @page("broken", "Care", area="care")
    class Broken(Page):
        def reload(self):
            raise ZeroDivisionError("张三's secret")


def test_the_window_shows_the_areas_a_person_may_enter(shell, children, qtbot):
    assert shell.sidebar.areas() == ["today", "child", "care"]
    narrow = Shell(make_app(children.database, actor("sysadmin")))
    qtbot.addWidget(narrow)
    assert "child" not in narrow.sidebar.areas()


def test_a_page_reads_when_it_is_first_shown_and_when_its_types_change(shell, app):
    shell.go("children")
    shown = shell._frames["children"].page
    assert shown.seen == ["reload"]
    with app.work() as work:
        records.save(work, Child, {"name": "周晴", "number": "2026-001", "sex": "2", "born_on": app.today()})
    assert shown.seen == ["reload", "reload"]


def test_a_hidden_page_waits_until_it_is_shown(shell, app):
    shell.go("children")
    shown = shell._frames["children"].page
    shell.go("first")
    with app.work() as work:
        records.save(work, Child, {"name": "周晴", "number": "2026-001", "sex": "2", "born_on": app.today()})
    assert shown.seen == ["reload"] and shown.stale
    shell.go("children")
    assert shown.seen == ["reload", "reload"]


def test_alt_left_goes_back_to_the_place_before(shell, app, qtbot):
    app.go("children", child_id="abc")
    app.go("first")
    qtbot.keyClick(shell, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shell.current == "children" and shell.place() == {"child_id": "abc"}


def test_a_change_of_language_keeps_the_place(shell, app):
    app.go("children", child_id="abc")
    shell.speak("zh_CN")
    assert current_language() == "zh_CN"
    assert shell.current == "children" and shell.place() == {"child_id": "abc"}
    assert "儿童" in shell._frames["children"].title.text()
    use_language("en")


def test_larger_text_rebuilds_the_window_at_the_same_place(shell, app):
    app.go("children", child_id="abc")
    shell.look(None, 150)
    assert theme.text_size == 150 and shell.place() == {"child_id": "abc"}


def test_the_page_on_show_has_the_keys_from_the_start(shell):
    assert shell.focusWidget() is shell._frames[shell.current].page


def test_a_button_beside_the_title_does_not_take_the_keys(shell):
    """Qt gives a page that is shown instead of the one with the focus to its first field, and the tools stand first."""
    shell.go("children")
    page = shell._frames["first"].page
    page.tools.add(Button("New", "plus"))
    field = QLineEdit(shell._frames["children"].page)
    field.show()
    field.setFocus()
    shell.go("first")
    assert shell.focusWidget() is page


def test_closing_the_finder_gives_the_keys_to_the_page(shell, qtbot):
    """Nobody had the focus before it opened, as after signing in."""
    shell.setFocus()
    shell.open_finder()
    qtbot.keyClick(shell.finder.box, Qt.Key.Key_Escape)
    assert shell.focusWidget() is shell._frames[shell.current].page


def test_a_broken_page_is_told_in_its_place_and_the_rest_goes_on(shell):
    shell.go("broken")
    words = [label.text() for label in shell._frames["broken"].findChildren(QLabel) if label.isVisible()]
    assert any("Something went wrong" in text for text in words)
    assert not any("张三" in text for text in words)
    shell.go("first")
    assert shell.current == "first"


def test_a_message_with_a_way_back_is_undone_by_ctrl_z(shell, app, qtbot):
    undone = []
    app.notify("Moved to the bin.", undo=lambda: undone.append(1))
    assert shell.toast.isVisible()
    shell.setFocus()
    qtbot.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1] and not shell.toast.isVisible()


def test_window_and_page_are_remembered(shell, app):
    shell.go("children")
    shell.close()
    assert app.settings.get("shell.page") == "children" and app.settings.get("shell.geometry")


def test_nothing_is_cut_at_the_smallest_window(shell, qtbot):
    shell.resize(1093, 614)
    qtbot.wait(10)
    assert shell.size().width() == 1093 and shell.size().height() == 614
    assert shell.sidebar.minimumSizeHint().height() <= 614


def test_the_registers_of_a_long_menu_wait_below_a_fold(app, qtbot):
    """Daily pages stand open; a register is one key away, unfolds when it is opened, and the finder knows it."""
    for number in range(12):
        page(f"room{number}", f"Room {number}", area="care", order=number if number < 7 else 60 + number)(Page)
    shell = Shell(app)
    qtbot.addWidget(shell)
    shell.resize(1366, 768)
    shell.show()
    shell.go("room0")
    bar = shell.sidebar
    assert bar._pages["room6"].isVisible() and not bar._pages["room7"].isVisible()
    fold = bar._folds["care"]
    assert fold.text() == "6 more" and "Care" in fold.accessibleName()
    fold.setFocus()
    qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert bar._pages["room11"].isVisible()
    bar.turn_fold("care")
    shell.go("room9")
    assert bar._pages["room9"].isVisible() and bar._pages["room9"].isChecked()


def test_python_signals_can_be_emitted_for_ever(qapp):
    """PySide6 6.12.0 dropped a reference of True at every emit and aborted after some hundreds."""

    class Bell(QObject):
        rung = Signal(bool)
        told = Signal(object)

    bell, heard = Bell(), []
    bell.rung.connect(heard.append)
    bell.told.connect(heard.append)
    for _each in range(5000):
        bell.rung.emit(True)
        bell.told.emit(None)
    assert len(heard) == 10000


@pytest.fixture
def letters(app, qtbot):
    """A window with a list of letters and a page on which one is begun, or read."""

    @page("letters", "Letters", area="papers")
    class Letters(Page):
        """The list."""

    @page("letter", "New letter", area="papers")
    class Letter(Page):
        at = ""

        def open(self, **target):
            self.at = target.get("record_id", "")

        def place(self):
            return {"record_id": self.at} if self.at else {}

        def heading(self):
            return "Letter" if self.at else ""

        def stands_under(self):
            return "letters" if self.at else ""

    shell = Shell(app)
    qtbot.addWidget(shell)
    shell.show()
    return shell


def marked(shell: Shell) -> list[str]:
    return [key for key, button in shell.sidebar._pages.items() if button.isChecked()]


def test_what_is_read_stands_under_its_list_in_the_menu(letters):
    letters.go("letter")
    assert marked(letters) == ["letter"]
    letters.go("letter", {"record_id": "abc"})
    assert marked(letters) == ["letters"] and letters.current == "letter"
    letters.turn()
    letters.turn()
    assert marked(letters) == ["letters"]


def test_going_to_what_is_begun_does_not_find_what_was_read_last(letters, qtbot):
    letters.go("letter", {"record_id": "abc"})
    qtbot.mouseClick(letters.sidebar._pages["letter"], Qt.MouseButton.LeftButton)
    assert letters.place() == {} and marked(letters) == ["letter"]
    letters.back()
    assert letters.place() == {"record_id": "abc"} and marked(letters) == ["letters"]
    qtbot.mouseClick(letters.sidebar._pages["letters"], Qt.MouseButton.LeftButton)
    assert letters.current == "letters" and marked(letters) == ["letters"]


def test_title_and_menu_follow_a_page_that_goes_on_by_itself(letters):
    letters.go("letter")
    frame = letters._frames["letter"]
    frame.page.at = "abc"  # the letter was saved
    frame.page.moved.emit()
    assert frame.title.text() == "Letter" and marked(letters) == ["letters"]


def test_pressing_what_is_marked_leaves_it_marked(letters, qtbot):
    letters.go("letters")
    qtbot.mouseClick(letters.sidebar._pages["letters"], Qt.MouseButton.LeftButton)
    assert marked(letters) == ["letters"]
