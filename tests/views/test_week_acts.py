"""The whole department, groups, locks, undo and redo, proposals and what others change: by mouse and by keyboard."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from models.core import records
from models.core.access import SYSTEM
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.scheduling.week_plan import WeekPlan
from tests.conftest import actor
from tests.ui.conftest import SmallHome, make_app
from tests.ui.test_week import drag, middle
from tests.views.therapy.conftest import HALF_HOUR, MONDAY, NINE, app, clinic, session, told, week  # noqa: F401 (fixtures)
from ui.widgets import Menu
from views.therapy_calendar import TherapyCalendar
from views.therapy_keys import WeekKeysDialog
from views.therapy_look import DAY


@pytest.fixture(autouse=True)
def _yes(monkeypatch):
    """Questions are answered with yes."""
    monkeypatch.setattr("views.therapy_acts.confirm", lambda *_args, **_given: True)


def choose(week, key: str) -> None:  # noqa: F811
    week.grid.choose(key)
    week.grid.setFocus()


# --- a whole department -------------------------------------------------------------------------------


def test_the_department_stands_on_one_screen_with_a_row_a_therapist_and_all_days(week, clinic):  # noqa: F811
    week.open(by="department", day=MONDAY)
    assert [row.title for row in week.grid.columns] == ["李静", "周航"] and week.grid.columns[0].subtitle == "1.5 h"
    assert [band.title for band in week.grid.bands] == ["Mon 11-16", "Tue 11-17", "Wed 11-18", "Thu 11-19", "Fri 11-20"]
    assert [(tile.start // DAY, tile.start % DAY, tile.short) for tile in week.grid.tiles] == [
        (0, 540, "小乐"), (0, 570, "小雨"), (4, 840, "小乐")]  # fmt: skip


def test_in_the_department_a_block_is_dragged_to_another_day_and_person_judged_on_the_way(week, clinic):  # noqa: F811
    week.open(by="department", day=MONDAY)
    week.resize(1500, 600)
    verdict = week.judge(clinic.keys[0], clinic.li, 570, 600)
    assert verdict.tone == "danger" and "王小雨" in verdict.words[0]
    drag(week.grid, middle(week.grid, clinic.li, 540, 570), middle(week.grid, clinic.zhou, DAY + 600, DAY + 630))
    moved = session(clinic, clinic.keys[0])
    assert moved["therapist_id"] == clinic.zhou and moved["starts_at"].date() == (MONDAY + timedelta(days=1))


def test_lying_sideways_the_arrows_turn_and_carry_over_the_night(week, clinic):  # noqa: F811
    week.open(by="department", day=MONDAY)
    choose(week, clinic.keys[2])
    QTest.keyClick(week.grid, Qt.Key.Key_Space)
    for _step in range(20):
        QTest.keyClick(week.grid, Qt.Key.Key_Left)
    held = week.grid._drag
    assert held.start // DAY == 3 and held.end // DAY == 3 and "Thu" in week.grid.accessibleDescription()
    QTest.keyClick(week.grid, Qt.Key.Key_Down)
    QTest.keyClick(week.grid, Qt.Key.Key_Return)
    assert session(clinic, clinic.keys[2])["therapist_id"] == clinic.zhou


def test_the_cursor_goes_from_evening_to_the_next_morning(week):  # noqa: F811
    week.open(by="department", day=MONDAY)
    week.grid.put_cursor(week.grid.columns[1].key, week.grid.bands[0].end - 30)
    QTest.keyClick(week.grid, Qt.Key.Key_Right)
    assert week.grid.cursor_place()[1] == week.grid.bands[1].start
    QTest.keyClick(week.grid, Qt.Key.Key_Up)
    assert week.grid.cursor_place()[0] == week.grid.columns[0].key


def test_an_empty_place_of_the_department_is_booked_for_that_therapist_and_day(week, clinic):  # noqa: F811
    week.open(by="department", day=MONDAY)
    week._drafted(clinic.zhou, 2 * DAY + 600, 2 * DAY + 630)
    panel = week._side_widget()
    assert (panel.therapist.value(), panel.day.value()) == (clinic.zhou, MONDAY + timedelta(days=2))


def test_what_is_looked_at_closer_is_remembered_for_each_kind_of_view(week, app):  # noqa: F811
    week.open(by="department", day=MONDAY)
    QTest.keyClick(week.grid, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    larger = week.grid.zoom
    week._set_by("therapist")
    assert larger > 1 and week.grid.zoom == 1
    week._set_by("department")
    assert week.grid.zoom == larger
    QTest.keyClick(week.grid, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert week.grid.zoom == 1


# --- groups and locks ---------------------------------------------------------------------------------


@pytest.fixture
def fresh(clinic) -> list[str]:  # noqa: F811
    """Two sessions of the same therapy in the week to come."""
    with clinic.database.work(SYSTEM) as work:
        start = NINE + timedelta(days=7)
        return [
            booking.book(work, Wish((child,), "PT", clinic.li, start + count * HALF_HOUR, start + (count + 1) * HALF_HOUR,
                                    clinic.hall)).created[0]
            for count, child in enumerate((clinic.first, clinic.second))
        ]  # fmt: skip


@pytest.fixture
def coming(week, fresh):  # noqa: F811
    week.open(day=MONDAY + timedelta(days=7))
    return week


def test_a_block_laid_on_another_of_its_kind_joins_it_as_a_group(coming, clinic, fresh, app):  # noqa: F811
    said = told(app)
    day = coming.grid.tile(fresh[0]).column
    drag(coming.grid, middle(coming.grid, day, 570, 600), middle(coming.grid, day, 540, 570), drop=False)
    assert "Lay down to join as a group of 2" in coming.grid.accessibleDescription()
    QTest.mouseRelease(coming.grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(coming.grid, day, 540, 570))
    one, other = (session(clinic, key) for key in fresh)
    assert one["sitting_id"] == other["sitting_id"] and said == ["王小雨 joined the group"]
    coming._set_by("group")
    assert len(coming.grid.tiles) == 1 and coming.chooser.value() == "all"
    assert [name for _key, name in coming._choices()] == ["All groups", "PT 曾小乐, 王小雨"]


def test_by_keys_a_group_is_made_split_and_everything_taken_back_and_done_again(coming, clinic, fresh, monkeypatch):  # noqa: F811
    shown: list[Menu] = []
    monkeypatch.setattr(Menu, "popup", lambda menu, *_place: shown.append(menu))
    choose(coming, fresh[1])
    QTest.keyClicks(coming.grid, "m")
    shown[-1].actions()[1].trigger()
    assert session(clinic, fresh[1])["starts_at"] == session(clinic, fresh[0])["starts_at"]
    block = coming.week.block_of(fresh[0])
    choose(coming, block.key)
    QTest.keyClicks(coming.grid, "x")
    names = [action.text() for action in shown[-1].actions()[1:]]
    assert names == ["曾小乐", "王小雨"]
    shown[-1].actions()[2].trigger()
    assert "already treating" in coming.grid.accessibleDescription()
    for _step in range(4):
        QTest.keyClick(coming.grid, Qt.Key.Key_Down)
    QTest.keyClick(coming.grid, Qt.Key.Key_Return)
    alone = session(clinic, fresh[1])
    assert alone["form"] == "single" and alone["starts_at"].hour == 10
    for _step in range(2):
        QTest.keyClick(coming.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session(clinic, fresh[1])["starts_at"].minute == 30 and session(clinic, fresh[0])["form"] == "single"
    for _step in range(2):
        QTest.keyClick(coming.grid, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session(clinic, fresh[1])["starts_at"].hour == 10


def test_there_must_be_something_to_join(week, clinic, app):  # noqa: F811
    said = told(app)
    with clinic.database.work(SYSTEM) as work:
        start = datetime(2026, 12, 7, 9)
        booking.book(work, Wish((clinic.first,), "PT", clinic.li, start, start + HALF_HOUR, clinic.hall))
    week.go_to(start.date())
    choose(week, week.grid.tiles[0].key)
    QTest.keyClicks(week.grid, "m")
    assert said[-1].startswith("There is no other session")


def test_a_locked_block_is_signed_said_and_stays(coming, clinic, fresh, app):  # noqa: F811
    said = told(app)
    choose(coming, fresh[0])
    QTest.keyClicks(coming.grid, "l")
    tile = coming.grid.tile(fresh[0])
    assert tile.locked and not tile.movable and "Locked" in tile.tip and said[-1] == "曾小乐 locked in its place"
    drag(coming.grid, middle(coming.grid, tile.column, 540, 570), middle(coming.grid, tile.column, 900, 930))
    assert said[-1] == "The session is locked; unlock it first (L)."
    assert session(clinic, fresh[0])["starts_at"].hour == 9
    QTest.keyClick(coming.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert coming.grid.tile(fresh[0]).movable


def test_a_block_is_made_longer_straight_from_the_keyboard(coming, clinic, fresh):  # noqa: F811
    choose(coming, fresh[1])
    QTest.keyClick(coming.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(coming.grid, Qt.Key.Key_Return)
    assert session(clinic, fresh[1])["ends_at"].minute == 15


def test_what_can_be_done_with_a_block_is_offered_by_the_menu_key(coming, fresh, monkeypatch):
    shown: list[Menu] = []
    monkeypatch.setattr(Menu, "popup", lambda menu, *_place: shown.append(menu))
    coming._block_menu(fresh[0], QPoint())
    words = [action.text().split("\t")[0] for action in shown[-1].actions() if not action.isSeparator()]
    assert words == ["Open", "Attended", "Cancel session…", "Join as a group…", "Lock", "Change the series…"]


# --- back and forth -----------------------------------------------------------------------------------


def test_undo_and_redo_survive_other_views_and_name_what_they_do(coming, clinic, fresh, app):  # noqa: F811
    coming.grid.moved.emit(fresh[1], (MONDAY + timedelta(days=8)).isoformat(), 600, 630)
    coming._set_by("day")
    coming.go_to(MONDAY)
    menu = Menu()
    coming._history_lines(menu)
    assert [action.text().split("\t")[0] for action in menu.actions()] == [
        "Undo: 王小雨 moved to 11-24 10:00–10:30",
        "Redo",
    ]
    coming.undo()
    assert session(clinic, fresh[1])["starts_at"] == NINE + timedelta(days=7) + HALF_HOUR
    another = TherapyCalendar(app)
    another.redo()
    assert session(clinic, fresh[1])["starts_at"].day == 24


def test_what_somebody_else_has_changed_since_is_not_taken_back(coming, clinic, fresh, app, monkeypatch):  # noqa: F811
    shown = []
    monkeypatch.setattr(app, "show_error", shown.append)
    coming.grid.moved.emit(fresh[1], (MONDAY + timedelta(days=8)).isoformat(), 600, 630)
    with clinic.database.work(SYSTEM) as work:
        booking.move(work, fresh[1], datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 9, 30))
    coming.undo()
    assert "has changed this since" in str(shown[0]) and session(clinic, fresh[1])["starts_at"].day == 25


def test_in_the_window_the_page_has_its_keys_before_the_window(clinic, fresh, qtbot):  # noqa: F811
    from ui.shell import Shell
    from views import open_rooms

    open_rooms()
    made = make_app(clinic.database, actor("therapist", staff_id=clinic.li, name="李静"))
    made.home = SmallHome()
    shell = Shell(made, home_name="青禾儿童福利院", invented=True)
    qtbot.addWidget(shell)
    shell.show()
    shell.go("therapy_week", {"day": (MONDAY + timedelta(days=7)).isoformat()})
    page = shell._frames["therapy_week"].page
    page.grid.moved.emit(fresh[1], (MONDAY + timedelta(days=8)).isoformat(), 600, 630)
    shell.toast.hide()
    page.grid.setFocus()
    qtbot.waitUntil(page.grid.hasFocus)
    QTest.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session(clinic, fresh[1])["starts_at"].day == 23
    QTest.keyClick(page.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert session(clinic, fresh[1])["starts_at"].day == 24
    shell.lock.close()
    made.close()


# --- proposals, others, the card ------------------------------------------------------------------------


def test_a_proposal_lies_beside_what_is_published_and_cannot_be_moved(coming, clinic, fresh):  # noqa: F811
    begin = NINE + timedelta(days=8)

    def item(start, sitting):
        return {"task": "t", "children": [clinic.first], "therapy": "PT", "kind": "plan", "therapist": clinic.li,
                "starts": start.isoformat(), "ends": (start + HALF_HOUR).isoformat(), "room": clinic.hall, "tool": None,
                "sitting": sitting, "makes_up": None}  # fmt: skip

    with clinic.database.work(SYSTEM) as work:
        plan = {"monday": MONDAY + timedelta(days=7), "stage": "proposed",
                "items": [item(begin, fresh[1]), item(NINE + timedelta(days=7), fresh[0])]}  # fmt: skip
        records.save(work, WeekPlan, plan)
    coming.reload()
    ghosts = [tile for tile in coming.grid.tiles if tile.look == "proposed"]
    assert [(tile.column, tile.start, tile.movable) for tile in ghosts] == [("2026-11-24", 540, False)]
    assert ghosts[0].note == "Proposed, not yet published" and coming.overlay.isVisible()
    moved = [tile for tile in coming.grid.tiles if tile.note == "Would move"]
    assert [tile.key for tile in moved] == [fresh[1]]
    coming.overlay.click()
    assert not any(tile.look == "proposed" for tile in coming.grid.tiles)


def test_what_another_workstation_changes_is_read_again_quietly(coming, clinic, fresh, app):  # noqa: F811
    said = told(app)
    coming.ask_for_changes()
    assert not said
    with clinic.database.work(SYSTEM) as work:
        booking.move(work, fresh[1], datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 9, 30))
    coming.ask_for_changes()
    assert said == ["Somebody else has changed this week; it was read again."]
    assert coming.grid.tile(fresh[1]).column == "2026-11-25"
    coming.ask_for_changes()
    assert len(said) == 1


def test_while_something_is_held_the_week_is_not_read_anew(coming, clinic, fresh, app):  # noqa: F811
    said = told(app)
    choose(coming, fresh[0])
    QTest.keyClick(coming.grid, Qt.Key.Key_Space)
    with clinic.database.work(SYSTEM) as work:
        booking.move(work, fresh[1], datetime(2026, 11, 25, 9), datetime(2026, 11, 25, 9, 30))
    coming.ask_for_changes()
    assert coming.grid.busy() and said[-1].endswith("when you are done.")
    QTest.keyClick(coming.grid, Qt.Key.Key_Escape)
    coming.ask_for_changes()
    assert coming.grid.tile(fresh[1]).column == "2026-11-25"


def test_the_card_names_every_key_and_sign(week, qtbot, monkeypatch):  # noqa: F811
    opened = []
    monkeypatch.setattr(WeekKeysDialog, "exec", lambda dialog: opened.append(dialog.windowTitle()))
    week.grid.setFocus()
    QTest.keyClicks(week.grid, "?")
    QTest.keyClick(week.grid, Qt.Key.Key_F1)
    assert opened == ["Keys and signs of the therapy week"] * 2


def test_whoever_may_only_read_is_offered_nothing_to_change(clinic, qtbot):  # noqa: F811
    reader = make_app(clinic.database, actor("nurse"))
    page = TherapyCalendar(reader)
    qtbot.addWidget(page)
    page.show()
    page.open(by="department", day=MONDAY)
    page.write()
    assert page.line is None and not page.grid.bookable
    reader.close()
