"""A small therapy department and its week on the screen, for the tests of the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.rehabilitation import PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.staff import Staff
from models.therapy import TherapySession
from models.unit import Unit
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.text import PlainLabel
from views.booking_panel import BookingPanel, Draft
from views.session_panel import SessionPanel
from views.therapy_calendar import TherapyCalendar

MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(sqlite_database) -> SimpleNamespace:
    """A therapist with two children and a plan for one of them, a colleague, a hall."""
    with sqlite_database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "一班", "kind": "ward"})
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        zhou = records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist", "skills": ["ot"]})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "skills": ["pt"]})
        born = {"sex": "1", "born_on": date(2020, 1, 1), "unit_id": unit}
        first, second = (
            records.save(work, Child, {"name": name, "number": number, **born})
            for name, number in (("曾小乐", "2020-001"), ("王小雨", "2020-002"))
        )
        for child in (first, second):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
        plan = {"child_id": first, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
                "findings": "独坐不稳", "contraindications": ["epilepsy"]}  # fmt: skip
        plan_id = records.save(work, RehabilitationPlan, plan)
        records.save(work, PlannedTherapy, {"child_id": first, "plan_id": plan_id, "therapy": "PT", "sessions_a_week": 3,
                                            "minutes": 30, "form": "single"})  # fmt: skip
        goal = records.save(work, RehabilitationGoal, {"child_id": first, "plan_id": plan_id, "term": "short", "text": "扶站10秒",
                            "baseline": "3秒", "criterion": "5次中4次", "due_on": date(2026, 12, 1), "therapy": "PT"})  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan_id, "submit")
        keys = [
            booking.book(work, Wish((child,), "PT", li, start, start + HALF_HOUR, hall)).created[0]
            for child, start in ((first, NINE), (second, NINE + HALF_HOUR), (first, NINE + timedelta(days=4, hours=5)))
        ]
    return SimpleNamespace(
        database=sqlite_database, li=li, zhou=zhou, hall=hall, first=first, second=second, goal=goal, keys=keys
    )


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, actor("therapist", staff_id=clinic.li, name="李静"))
    yield made
    made.close()


@pytest.fixture
def week(app, qtbot) -> TherapyCalendar:
    page = TherapyCalendar(app)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.open(day=MONDAY)
    return page


@pytest.fixture(autouse=True)
def _yes(monkeypatch):
    """Questions about warnings are answered with yes."""
    monkeypatch.setattr("views.therapy_acts.confirm", lambda *_args, **_given: True)


def session(clinic, key) -> dict:
    with clinic.database.read(SYSTEM) as work:
        return queries.values(work, TherapySession, key)


def told(app) -> list[str]:
    said: list[str] = []
    app.telling.connect(lambda text, _undo, _label: said.append(text))
    return said


def panel(week) -> SessionPanel:
    found = week._side_widget()
    assert isinstance(found, SessionPanel)
    return found


def begin(week, start=NINE + timedelta(days=1), child="", **given) -> BookingPanel:
    week._book(
        Draft(start, start + HALF_HOUR, given.get("staff", week.app.actor.staff_id), "", (child,) if child else ())
    )
    found = week._side_widget()
    assert isinstance(found, BookingPanel)
    return found


def verdict(panel) -> list[str]:

    lines = [panel.verdict.itemAt(index) for index in range(panel.verdict.count())]
    return [item.layout().itemAt(1).widget().text() for item in lines if item.layout()
            and isinstance(item.layout().itemAt(1).widget(), PlainLabel)]  # fmt: skip
