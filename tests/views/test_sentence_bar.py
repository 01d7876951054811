"""One sentence at the screen: shown back as chips, judged day by day, booked with Enter, taken back with one key."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.core import queries
from models.core.access import SYSTEM
from models.core.errors import Invalid, Problem
from models.therapy import TherapySession
from tests.views.therapy.conftest import MONDAY, app, clinic, told, week  # noqa: F401 (the fixtures)
from ui.tasks import Tasks
from ui.text import PlainLabel
from ui.widgets import Chip, MenuButton
from views.sentence_bar import SentenceBar


@pytest.fixture
def bar(week, qtbot) -> SentenceBar:  # noqa: F811
    week.grid.setFocus()
    QTest.keyClicks(week.grid, "/")
    assert isinstance(week.line, SentenceBar)
    week.line._soon.setInterval(0)
    return week.line


def write(bar: SentenceBar, text: str, qtbot) -> None:
    bar.edit.write(text)
    qtbot.waitUntil(lambda: bar.answer is not None, timeout=3000)


def chips(bar: SentenceBar) -> list[str]:
    found = [bar.flow.itemAt(index).widget() for index in range(bar.flow.count())]
    return [each.text() for each in found if isinstance(each, Chip | MenuButton)]


def verdict(bar: SentenceBar) -> list[str]:
    lines = [bar.verdict.itemAt(index).layout() for index in range(bar.verdict.count())]
    return [line.itemAt(1).widget().text() for line in lines if isinstance(line.itemAt(1).widget(), PlainLabel)]


def sessions(clinic) -> int:  # noqa: F811
    with clinic.database.read(SYSTEM) as work:
        return queries.count(work, TherapySession)


def test_a_series_is_shown_back_judged_booked_and_taken_back_by_keys_alone(bar, week, clinic, app, qtbot):  # noqa: F811
    said = told(app)
    write(bar, "曾小乐 every Tue Thu 9:30 PT 30 min until 2026-12-10", qtbot)
    assert chips(bar) == [
        "曾小乐",
        "every week: Tue, Thu",
        "09:30",
        "30 min",
        "PT",
        "李静",
        "PT大厅",
        "until 2026-12-10",
    ]
    assert verdict(bar) == ["6 sessions are free · 2026-11-24 – 2026-12-10"] and bar.button.text() == "Book 6 sessions"
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sessions(clinic) == 9 and said[-1].startswith("Booked: 曾小乐 every Tue Thu")
    assert week.day == date(2026, 11, 24) and bar.edit.text() == ""
    QTest.keyClick(bar.edit, Qt.Key.Key_Escape)
    QTest.keyClick(week.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert sessions(clinic) == 3
    QTest.keyClick(week.grid, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert sessions(clinic) == 9


def test_a_series_is_booked_beside_the_window_and_once(bar, week, clinic, app, qtbot):  # noqa: F811
    write(bar, "曾小乐 every Tue Thu 9:30 PT 30 min until 2026-12-10", qtbot)
    app.tasks = Tasks(app.show_error, app)
    threads: list[threading.Thread] = []
    plain = app.work
    app.work = lambda: (threads.append(threading.current_thread()), plain())[1]
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert not bar.isEnabled() and bar.button.text() == "Booking…"
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(bar.isEnabled)
    assert sessions(clinic) == 9 and bar.edit.text() == "" and bar.button.text() == "Book"
    assert len(threads) == 1 and threading.main_thread() not in threads


def test_what_cannot_be_booked_any_more_is_told_and_the_sentence_stays(bar, clinic, app, qtbot, monkeypatch):  # noqa: F811
    write(bar, "王小雨 24号 10:00 PT", qtbot)
    told_of: list[Exception] = []
    monkeypatch.setattr(app, "show_error", told_of.append)
    monkeypatch.setattr("views.sentence_bar.book_planned", refuse)
    bar.book()
    assert isinstance(told_of[0], Invalid) and bar.isEnabled() and bar.edit.text() == "王小雨 24号 10:00 PT"
    assert sessions(clinic) == 3


def refuse(*_given):
    raise Invalid([Problem("", "taken meanwhile")])


def test_enter_before_the_preview_waits_for_it(bar, clinic, qtbot):  # noqa: F811
    bar._soon.setInterval(50)
    bar.edit.write("王小雨 24号 10:00 PT")
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sessions(clinic) == 3
    qtbot.waitUntil(lambda: sessions(clinic) == 4, timeout=3000)


def test_each_conflict_is_said_in_words_before_it_is_saved(bar, clinic, qtbot):  # noqa: F811
    write(bar, "王小雨 2026-11-16 9:00 PT", qtbot)
    assert verdict(bar)[-1] == "11-16 李静 is already treating 曾小乐 (PT), 09:00–09:30." and not bar.button.isEnabled()
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sessions(clinic) == 3


def test_what_is_missing_is_asked_and_what_is_unknown_is_underlined_and_holds_the_booking(bar, clinic, qtbot):  # noqa: F811
    write(bar, "曾小乐", qtbot)
    assert chips(bar)[-2:] == ["On which day?", "At what time?"]
    write(bar, "曾小乐 大概 24号 10:00 PT", qtbot)
    formats = bar.edit.document().firstBlock().layout().formats()
    assert [(each.start, each.length) for each in formats] == [(4, 2)] and "not understood: 大概" in chips(bar)
    assert not bar.button.isEnabled()
    QTest.keyClick(bar.edit, Qt.Key.Key_Return)
    assert sessions(clinic) == 3


def test_a_name_that_fits_two_is_chosen_from_the_chip(bar, week, clinic, qtbot):  # noqa: F811
    from models.child import Caseload, Child
    from models.core import records

    with clinic.database.work(SYSTEM) as work:
        unit = queries.values(work, Child, clinic.first)["unit_id"]
        other = records.save(work, Child, {"name": "李小雨", "number": "2020-003", "sex": "1", "born_on": date(2020, 1, 1),
                                           "unit_id": unit})  # fmt: skip
        records.save(work, Caseload, {"child_id": other, "staff_id": clinic.li, "starts_on": date(2026, 1, 1)})
    week.stop_writing()
    week.write()
    fresh = week.line
    write(fresh, "小雨 24号 10:00 PT", qtbot)
    assert "小雨: 2 fit" in chips(fresh) and not fresh.button.isEnabled()
    piece = fresh.reading.unclear[0]
    fresh._choose(piece, next(name for name in piece.choices if name.title == "李小雨"))
    assert fresh.edit.text() == "李小雨 24号 10:00 PT"


def test_hostile_text_stays_text(bar, qtbot):
    write(bar, "<img src=x onerror=alert(1)> {name} %s 9:30", qtbot)
    assert any("<img" in words for words in chips(bar))
    label = next(bar.flow.itemAt(index).widget() for index in range(bar.flow.count()))
    assert label.textFormat() == Qt.TextFormat.PlainText
