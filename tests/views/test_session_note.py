"""A session's note by keyboard: three goals, the response and the signature in at most twelve keys; as last time in two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.home_programme import HomeProgramme
from models.practice import tick
from models.precautions import Precaution
from models.rehabilitation import PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.shifts import shift_of
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.text import PlainLabel
from views.session_panel import SessionPanel
from views.therapy_calendar import TherapyCalendar

DAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(sqlite_database) -> SimpleNamespace:
    """A child with three goals, treated a week ago, and two sessions on a Monday; a home programme since then."""
    with sqlite_database.work(SYSTEM) as work:
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        born = {"sex": "1", "born_on": date(2020, 1, 1)}
        child = records.save(work, Child, {"name": "曾小乐", "number": "1", **born})
        other = records.save(work, Child, {"name": "王小雨", "number": "2", **born})
        for each in (child, other):
            records.save(work, Caseload, {"child_id": each, "staff_id": li, "starts_on": date(2026, 1, 1)})
        plan = records.save(work, RehabilitationPlan, {
            "child_id": child, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
            "findings": "独坐不稳",
        })  # fmt: skip
        goals = [
            records.save(work, RehabilitationGoal, {
                "child_id": child, "plan_id": plan, "term": "short", "text": text, "baseline": "3秒", "criterion": "5次中4次",
                "due_on": date(2026, 12, 1 + place), "therapy": "PT",
            })
            for place, text in enumerate(("扶站10秒", "侧走3米", "上3级台阶"))
        ]  # fmt: skip
        records.save(work, PlannedTherapy, {"child_id": child, "plan_id": plan, "therapy": "PT", "sessions_a_week": 3,
                                            "minutes": 30, "form": "single", "precautions": "右踝支具下训练"})  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan, "submit")
        before, first, second = (
            booking.book(work, Wish((whom,), "PT", li, start, start + HALF_HOUR)).created[0]
            for whom, start in ((child, NINE - timedelta(days=7)), (child, NINE), (other, NINE + HALF_HOUR))
        )
        records.save(work, TherapySession, {
            "status": "done", "response": "4", "goals": goals[:2], "goal_notes": {goals[0]: {"help": "assisted", "trials": "3/5"}},
        }, id=before)  # fmt: skip
        sit = records.save(work, HomeProgramme, {"child_id": child, "what": "端坐进食", "starts_on": date(2026, 11, 1),
                                                 "ends_on": date(2026, 12, 1), "place": "unit"})  # fmt: skip
        for count in range(5):
            tick(work, sit, shift_of(DAY - timedelta(days=7 - count), "early"))
        tick(work, sit, shift_of(DAY - timedelta(days=1), "early"), "not_possible", "ill")
        records.save(work, Precaution, {"child_id": child, "kind": "fracture", "words": "左桡骨", "grade": "care", "source": "fracture",
                                        "starts_on": DAY, "ends_on": date(2026, 12, 24)})  # fmt: skip
    return SimpleNamespace(database=sqlite_database, li=li, goals=goals, first=first, second=second, child=child)


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, actor("therapist", staff_id=clinic.li, name="李静"))
    yield made
    made.close()


@pytest.fixture
def panel(app, clinic, qtbot) -> SessionPanel:
    page = TherapyCalendar(app)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    qtbot.waitExposed(page)
    page.open(day=DAY)
    page._opened(clinic.first)
    found = page._side_widget()
    assert isinstance(found, SessionPanel)
    return found


class Keys:
    """Types and counts."""

    def __init__(self) -> None:
        self.count = 0

    def type(self, *keys: str | Qt.Key) -> None:
        for key in keys:
            widget = QApplication.focusWidget()
            assert widget is not None
            if isinstance(key, str):
                QTest.keyClicks(widget, key)
            else:
                QTest.keyClick(widget, key)
            self.count += 1


def session(clinic, key) -> dict:
    with clinic.database.read(SYSTEM) as work:
        return queries.values(work, TherapySession, key)


def texts(widget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget))


ENTER = Qt.Key.Key_Return


def test_three_goals_response_and_signature_take_no_more_than_twelve_keys(panel, clinic):
    keys = Keys()
    keys.type(ENTER, "3", ENTER, "2", ENTER, "4", ENTER, "5", ENTER, ENTER)
    assert keys.count <= 12
    saved = session(clinic, clinic.first)
    assert (saved["status"], saved["state"], saved["response"]) == ("done", "submitted", "5")
    assert [saved["goal_notes"][goal]["help"] for goal in clinic.goals] == ["prompted", "assisted", "active"]
    assert panel.session_id == clinic.second, "the next session stands there at once"


def test_how_it_went_is_one_key_more_and_a_goal_left_alone_is_not_noted(panel, clinic):
    Keys().type(ENTER, "3", "+", ENTER, ENTER, "1", "0", ENTER, "4", ENTER, ENTER)
    saved = session(clinic, clinic.first)
    assert saved["goal_notes"] == {clinic.goals[0]: {"help": "prompted", "today": "+"}}
    assert saved["goals"] == clinic.goals[:1]


def test_trials_are_typed_in_the_row_and_enter_goes_on(panel, clinic):
    Keys().type(ENTER, "t", *"8/10", ENTER, "4", ENTER, ENTER, ENTER, ENTER)
    notes = session(clinic, clinic.first)["goal_notes"]
    assert notes[clinic.goals[0]]["trials"] == "8/10" and notes[clinic.goals[1]] == {"help": "active"}


def test_as_last_time_is_one_key(panel, clinic):
    keys = Keys()
    keys.type("l")
    assert [line.worked_on() for line in panel.rows] == [True, True, False]
    assert panel.rows[0].note() == {"trials": "3/5", "help": "assisted"} and panel.response.value() == "4"
    keys.type(ENTER, ENTER, ENTER, ENTER, ENTER)
    assert keys.count <= 6 and session(clinic, clinic.first)["state"] == "submitted"


def test_the_session_opens_with_practice_last_time_and_precautions(panel):
    said = texts(panel)
    assert "端坐进食: 5 of 7 · not done: Ill ×1 · 1 not noted" in said
    assert "Last time (11-09)" in said and "扶站10秒: 3/5 · With help" in said
    assert "Fracture, 左桡骨" in said and "右踝支具下训练" in said


def test_escape_leaves_the_note_and_what_was_typed_is_kept(panel, clinic):
    Keys().type(ENTER, "3", Qt.Key.Key_Escape)
    assert panel.rows[0].worked_on()
    panel.keep()
    assert session(clinic, clinic.first)["goal_notes"] == {clinic.goals[0]: {"help": "prompted"}}


def test_a_group_is_noted_child_by_child_and_signed_together(app, clinic, qtbot):
    with clinic.database.work(SYSTEM) as work:
        other = queries.values(work, TherapySession, clinic.second)["child_id"]
        start = NINE + timedelta(hours=1)
        group = booking.book(work, Wish((clinic.child, other), "PT", clinic.li, start, start + HALF_HOUR)).created
    page = TherapyCalendar(app)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    qtbot.waitExposed(page)
    page.open(day=DAY)
    page._opened(page.week.block_of(group[0]).key)
    panel = page._side_widget()
    first, second = (member.session_id for member in panel.block.members)
    panel.show_session(first)
    page.activateWindow()
    panel.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel)
    Keys().type(ENTER, *[ENTER] * (len(panel.steps.steps) - 1), ENTER)
    assert panel.session_id == second and session(clinic, first)["status"] == "done"
    assert session(clinic, first)["state"] == "draft", "nobody is signed before the last"
    Keys().type(*[ENTER] * len(panel.steps.steps))
    assert {session(clinic, key)["state"] for key in (first, second)} == {"submitted"}
