"""A series is changed as far as one says: every day judged first, one step, one undo."""

from __future__ import annotations

import threading
from datetime import date, time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from models.core.access import SYSTEM
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.scheduling.series import Series, book_planned, plan_series
from models.therapy import TherapySession
from tests.views.therapy.conftest import HALF_HOUR, NINE, app, clinic, told, week  # noqa: F401 (fixtures)
from ui.tasks import Tasks
from views.series_dialog import SeriesDialog


@pytest.fixture
def mondays(week, clinic):  # noqa: F811
    """Three Mondays at eleven, one series; on the second, somebody else is there half an hour later."""
    start = NINE + timedelta(hours=2)
    with clinic.database.work(SYSTEM) as work:
        wish = Wish((clinic.first,), "PT", clinic.li, start, start + HALF_HOUR, clinic.hall)
        series = Series(wish, start.date() + timedelta(weeks=2), frozenset({0}))
        made = book_planned(work, plan_series(work, series)).created
        blocked = start + timedelta(weeks=1, hours=3)
        booking.book(work, Wish((clinic.second,), "PT", clinic.li, blocked, blocked + HALF_HOUR, clinic.hall))
    week.open(day=start.date())
    return made


def times(clinic, keys):  # noqa: F811
    with clinic.database.read(SYSTEM) as work:
        rows = work.execute(select(TherapySession.id, TherapySession.starts_at).where(TherapySession.id.in_(keys)))
        found = {row[0]: row[1] for row in rows}
    return [found[key] for key in keys]


def watched_threads(app):  # noqa: F811
    """Note in which thread every unit of work from now on is opened."""
    threads: list[threading.Thread] = []
    for name in ("read", "work"):
        plain = getattr(app, name)

        def opened(plain=plain):
            threads.append(threading.current_thread())
            return plain()

        setattr(app, name, opened)
    return threads


def dialog_of(week, key, qtbot):  # noqa: F811
    block = week.week.block_of(key)
    made = SeriesDialog(week.app, block, week)
    qtbot.addWidget(made)
    return made


def test_every_day_is_judged_and_what_cannot_move_stays(week, clinic, mondays, qtbot):  # noqa: F811
    before = times(clinic, mondays)
    dialog = dialog_of(week, mondays[0], qtbot)
    assert len(dialog.planned) == 3 and not dialog.button.isEnabled(), "nothing is asked yet"
    dialog.editors["begins"].set_value(time(14, 0))
    dialog.judge()
    verdicts = [row[2] for row in dialog.table.rows.rows]
    assert "Not possible" in verdicts[1] and "王小雨" in verdicts[1]
    assert dialog.button.text() == "Change 2 sessions" and "1 session stays" in dialog.told.text()
    dialog.keep()
    after = times(clinic, mondays)
    assert [moment.hour for moment in after] == [14, 11, 14]
    week.history.add("series", dialog.change)
    week.undo()
    assert times(clinic, mondays) == before


def test_a_series_is_judged_and_changed_beside_the_window(week, clinic, mondays, qtbot):  # noqa: F811
    week.app.tasks = Tasks(week.app.show_error, week.app)
    threads = watched_threads(week.app)
    dialog = dialog_of(week, mondays[0], qtbot)
    qtbot.waitUntil(lambda: len(dialog.planned) == 3)
    dialog.editors["begins"].set_value(time(13, 0))
    dialog.judge()
    dialog.editors["begins"].set_value(time(14, 0))
    dialog.judge()
    assert not dialog.button.isEnabled() and "Checking" in dialog.told.text(), "what is not judged cannot be kept"
    qtbot.waitUntil(lambda: dialog.button.isEnabled())
    assert dialog.button.text() == "Change 2 sessions", "the answer to what was asked last"
    dialog.keep()
    dialog.reject()
    assert dialog.running, "what is being changed is not given up halfway"
    qtbot.waitUntil(lambda: dialog.change is not None)
    assert [moment.hour for moment in times(clinic, mondays)] == [14, 11, 14]
    assert threads and threading.main_thread() not in threads


def test_what_is_typed_must_be_judged_before_it_can_be_kept(week, clinic, mondays, qtbot):  # noqa: F811
    dialog = dialog_of(week, mondays[0], qtbot)
    dialog.editors["begins"].set_value(time(14, 0))
    dialog.judge()
    assert dialog.button.isEnabled()
    qtbot.keyClicks(dialog.editors["minutes"].inner(), "4")
    dialog.keep()
    assert dialog.change is None and not dialog.button.isEnabled()


def test_a_wrong_entry_is_said_and_nothing_is_changed(week, clinic, mondays, qtbot):  # noqa: F811
    dialog = dialog_of(week, mondays[0], qtbot)
    assert "what is to be otherwise" in dialog.told.text()
    for name, text, words in (("begins", "25:70", "Begins at: "), ("minutes", "2", "Length: At least 5 min")):
        dialog.editors[name].inner().setText(text)
        dialog.judge()
        assert words in dialog.told.text() and not dialog.button.isEnabled() and not dialog.planned
        assert dialog.editors[name].inner().property("wrong")
    dialog.editors["begins"].inner().setText("14:00")
    dialog.editors["minutes"].inner().setText("")
    dialog.judge()
    assert dialog.button.isEnabled() and not dialog.editors["minutes"].inner().property("wrong")


def test_only_this_one_is_changed_when_one_says_so(week, clinic, mondays, qtbot):  # noqa: F811
    dialog = dialog_of(week, mondays[0], qtbot)
    dialog.scope.set_value("this")
    dialog.editors["weekday"].set_value("2")
    dialog.judge()
    dialog.keep()
    assert [moment.weekday() for moment in times(clinic, mondays)] == [1, 0, 0]


def test_it_is_reached_by_key_from_the_week(week, clinic, mondays, monkeypatch):  # noqa: F811
    seen = []
    monkeypatch.setattr(SeriesDialog, "exec", lambda dialog: seen.append(dialog.session_id))
    week.grid.choose(week.week.block_of(mondays[0]).key)
    week.grid.setFocus()
    QTest.keyClick(week.grid, Qt.Key.Key_S)
    assert seen == [mondays[0]]


def test_a_single_session_has_no_series_to_choose(week, clinic, qtbot):  # noqa: F811
    week.open(day=date(2026, 11, 16))
    dialog = dialog_of(week, clinic.keys[0], qtbot)
    assert not dialog.scope.isEnabled() and len(dialog.planned) == 1
