"""The planner's room for its tests: a department, its page, and dialogs that are answered at once."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from models.therapy import TherapySession
from tests.models import clinic as department
from tests.models.clinic import MONDAY, prescribe
from tests.ui.conftest import make_app
from views.planner import PlanTheWeek
from views.publish_dialog import PublishDialog


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    return department.clinic(home)


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, clinic.director)
    yield made
    made.close()


@pytest.fixture
def page(app, qtbot) -> PlanTheWeek:
    made = PlanTheWeek(app)
    qtbot.addWidget(made)
    made.seconds = 3
    made.resize(1000, 600)
    made.show()
    return made


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Dialogs are answered with their deed as soon as they are opened."""
    monkeypatch.setattr(PublishDialog, "exec", lambda dialog: dialog.publish())
    monkeypatch.setattr("views.publish_dialog.confirm", lambda *_args, **_given: True)


def sessions(clinic) -> list:
    with clinic.database.read(clinic.director) as work:
        asked = select(TherapySession).where(TherapySession.status == "booked", TherapySession.deleted_at.is_(None))
        found = list(work.scalars(asked))
        return sorted((each.starts_at, each.child_id, each.therapist_id) for each in found)


def told(app) -> list[str]:
    said: list[str] = []
    app.telling.connect(lambda text, _undo, _label: said.append(text))
    return said


def planned(page: PlanTheWeek) -> PlanTheWeek:
    page.open(day=MONDAY)
    page.plan()
    return page


@pytest.fixture
def crowded(clinic) -> SimpleNamespace:
    """The only speech therapist is there on one half day of the week; two children want her daily."""
    from models.core import records
    from models.core.access import SYSTEM
    from models.staff import Staff

    with clinic.database.work(SYSTEM) as work:
        records.save(work, Staff, {"work_days": ["1"]}, id=clinic.chen)
    prescribe(clinic, clinic.child, "ST", sessions=2)
    return clinic
