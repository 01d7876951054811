"""A whole morning's attendance from the keyboard: forty sessions, three exceptions, counted in keys and in seconds."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from models.child import Caseload, Child
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import SignInRefused
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.scheduling.countersign import countersign_as, witnesses
from models.staff import Staff, UnitStaff
from models.therapy import TherapySession
from models.unit import Unit
from tests.conftest import actor
from tests.ui.conftest import make_app
from views.therapy_attendance import AttendancePage

MONDAY = date(2026, 11, 16)
EIGHT = datetime(2026, 11, 16, 8, 0)
HALF_HOUR = timedelta(minutes=30)
NAMES = "赵一 钱二 孙三 李四 周五 吴六 郑七 王八 冯九 陈十".split()


@pytest.fixture
def department(sqlite_database) -> SimpleNamespace:
    """Ten therapists with four children each in one morning: forty sessions; one head who treats all of them."""
    with sqlite_database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "一班", "kind": "ward"})
        other = records.save(work, Unit, {"name": "二班", "kind": "ward"})
        carer = records.save(work, Staff, {"name": "单雄", "sex": "1", "post": "caregiver"})
        records.save(work, UnitStaff, {"staff_id": carer, "unit_id": unit, "starts_on": date(2020, 1, 1)})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 40, "skills": ["pt"]})
        staff = [
            records.save(work, Staff, {"name": name, "sex": "2", "post": "therapist", "skills": ["pt"]})
            for name in NAMES
        ]
        born = {"sex": "1", "born_on": date(2019, 1, 1)}
        keys, children = [], []
        for place, therapist in enumerate(staff):
            for number in range(4):
                name = "曾小乐" if (place, number) == (6, 2) else f"{NAMES[number]}{'甲乙丙丁戊己庚辛壬癸'[place]}"
                values = {"name": name, "number": f"20{place:02d}-{number:03d}", **born}
                child = records.save(work, Child, {**values, "unit_id": unit if place else other})
                records.save(work, Caseload, {"child_id": child, "staff_id": staff[0], "starts_on": date(2026, 1, 1)})
                start = EIGHT + number * HALF_HOUR
                wish = Wish((child,), "PT", therapist, start, start + HALF_HOUR, hall)
                keys.append(booking.book(work, wish, confirmed=True).created[0])
                children.append(child)
    return SimpleNamespace(database=sqlite_database, staff=staff, keys=keys, children=children, carer=carer, hall=hall)


@pytest.fixture
def app(department, qtbot) -> Iterator:
    made = make_app(department.database, actor("therapist", staff_id=department.staff[0], name="赵一"))
    yield made
    made.close()


@pytest.fixture
def morning(app, qtbot) -> AttendancePage:
    page = AttendancePage(app)
    qtbot.addWidget(page)
    page.resize(1000, 620)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.open(day=MONDAY)
    page._set_half("morning")
    page.chooser.set_value("everyone")
    page._set_staff()
    page.table.setFocus()
    return page


class Typist:
    """Counts every key that is pressed."""

    def __init__(self) -> None:
        self.keys = 0

    def press(self, widget, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.keys += 1
        QTest.keyClick(widget, key, modifier)

    def type(self, widget, text: str) -> None:
        self.keys += len(text)
        if text.isascii():
            QTest.keyClicks(widget, text)
        else:
            widget.setText(text)  # Chinese is committed by an input method, not typed key by key

    def find(self, page: AttendancePage, text: str) -> None:
        self.type(page.table, "/")
        self.type(page.search, text)
        self.press(page.search, Qt.Key.Key_Return)


CTRL = Qt.KeyboardModifier.ControlModifier


def states(department) -> Counter:
    with department.database.read(SYSTEM) as work:
        return Counter(work.scalars(select(TherapySession.status)))


def test_forty_sessions_with_three_exceptions_take_few_keys_and_little_time(morning, department):
    typist, started = Typist(), time.perf_counter()
    assert len(morning.table.lines.lines) == 40
    typist.press(morning.table, Qt.Key.Key_D, CTRL)
    for who, what in (("zxl", "a1"), ("lisigui", "a4"), ("qej", "l")):
        typist.find(morning, who)
        typist.type(morning.table, what)
    typist.press(morning.table, Qt.Key.Key_Return, CTRL)
    taken = time.perf_counter() - started
    assert states(department) == {"done": 37, "absent": 2, "late": 1}
    assert typist.keys <= 26, typist.keys
    assert taken < 8, taken  # the person types for longer than the program works; a slow machine is shared by others


def test_the_three_exceptions_are_the_right_children(morning, department):
    typist = Typist()
    typist.press(morning.table, Qt.Key.Key_D, CTRL)
    typist.find(morning, "zxl")
    typist.type(morning.table, "a1")
    morning.save()
    with department.database.read(SYSTEM) as work:
        absent = work.execute(
            select(Child.name, TherapySession.reason)
            .join(Child, Child.id == TherapySession.child_id)
            .where(TherapySession.status == "absent")
        ).all()
    assert [tuple(each) for each in absent] == [("曾小乐", "ill")]


def test_all_present_is_taken_back_by_one_key_and_so_is_what_was_saved(morning, department):
    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    assert all(line.chosen for line in morning.table.lines.lines)
    QTest.keyClick(morning.table, Qt.Key.Key_Z, CTRL)
    assert not any(line.chosen for line in morning.table.lines.lines)
    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    morning.save()
    assert states(department) == {"done": 40}
    QTest.keyClick(morning.table, Qt.Key.Key_Z, CTRL)
    assert states(department) == {"booked": 40}


def test_an_absence_and_its_reason_are_one_act(morning):
    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    QTest.keyClicks(morning.table, "a2")
    line = morning.table.lines.lines[0]
    assert line.chosen == Attendance("absent", "away")
    QTest.keyClick(morning.table, Qt.Key.Key_Z, CTRL)
    assert line.chosen == Attendance("done")


def test_a_forgotten_reason_is_asked_for_and_nothing_is_recorded(morning, department, monkeypatch):
    shown = []
    monkeypatch.setattr(morning.app, "show_error", shown.append)
    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    QTest.keyClicks(morning.table, "a")
    morning.save()
    assert "reason" in str(shown[0]) and states(department) == {"booked": 40}


def test_a_child_who_is_ill_is_absent_from_all_of_the_morning_at_once(morning, department):
    with department.database.work(SYSTEM) as work:
        start = EIGHT + 5 * HALF_HOUR
        wish = Wish((department.children[0],), "PT", department.staff[3], start, start + HALF_HOUR, department.hall)
        booking.book(work, wish, confirmed=True)
    morning.reload()
    QTest.keyClick(morning.table, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(morning.table, "1")
    chosen = [line for line in morning.table.lines.lines if line.chosen]
    assert len(chosen) == 2 and {line.member.child_id for line in chosen} == {department.children[0]}
    QTest.keyClick(morning.table, Qt.Key.Key_Z, CTRL)
    assert not any(line.chosen for line in morning.table.lines.lines)


def test_what_was_chosen_stays_when_a_colleague_saves_something_else(morning, department):
    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    with department.database.work(SYSTEM) as work:
        records.save(work, TherapySession, {"note": "改约"}, id=department.keys[0])
    morning.reload()
    chosen = [line for line in morning.table.lines.lines if line.chosen]
    assert len(chosen) == 39  # the one that was changed meanwhile is looked at anew
    QTest.keyClick(morning.table, Qt.Key.Key_Z, CTRL)
    assert not any(line.chosen for line in morning.table.lines.lines)


def test_finding_by_name_or_pinyin_goes_to_the_child(morning):
    typist = Typist()
    for typed in ("曾小", "zengxiao", "zxl"):
        typist.find(morning, typed)
        assert morning.table.line().member.name == "曾小乐"
        assert morning.table.hasFocus()


# --- countersigning ---------------------------------------------------------------------------------------


class Home:
    """As much of a home as signing asks for, with the password ``right``."""

    def confirm_password(self, username: str, password: str) -> None:
        if password != "right":
            raise SignInRefused("no")


@pytest.fixture
def carer(department, monkeypatch) -> None:
    account = SimpleNamespace(active=True, actor=lambda: actor("caregiver", staff_id=department.carer, name="单雄"))
    monkeypatch.setattr("models.core.accounts.named", lambda work, username: account if username == "shan" else None)


def test_the_carer_countersigns_recorded_sessions_of_the_own_unit(department, carer):
    who = actor("therapist", staff_id=department.staff[0])
    with department.database.work(SYSTEM) as work:
        booking.attend(work, dict.fromkeys(department.keys[:38], Attendance("done")))
    made = countersign_as(department.database, who, Home(), "shan", "right", department.keys)
    assert (made.name, made.count, made.left) == ("单雄", 34, 6)  # four children of another unit, two not recorded
    with department.database.read(SYSTEM) as work:
        assert set(witnesses(work, department.keys).values()) == {"单雄"}


def test_a_wrong_password_countersigns_nothing(department, carer):
    who = actor("therapist", staff_id=department.staff[0])
    with pytest.raises(SignInRefused):
        countersign_as(department.database, who, Home(), "shan", "wrong", department.keys)
    with department.database.read(SYSTEM) as work:
        assert witnesses(work, department.keys) == {}


def test_the_dialog_says_who_signed_and_shows_it_in_the_list(morning, department, carer):
    from views.countersign_dialog import CountersignDialog

    QTest.keyClick(morning.table, Qt.Key.Key_D, CTRL)
    morning.save()
    morning.app.home = Home()
    dialog = CountersignDialog(morning.app, department.keys, morning)
    dialog.user.edit.setText("shan")
    dialog.password.edit.setText("wrong")
    dialog.sign()
    assert dialog.done_by is None and dialog.password.note.isVisibleTo(dialog)
    dialog.password.edit.setText("right")
    dialog.sign()
    assert dialog.words() == "单雄 countersigned 36 sessions; 4 are left to others"
    morning.reload()
    assert sum(line.witness == "单雄" for line in morning.table.lines.lines) == 36
