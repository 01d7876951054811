"""A window on a real small home, for the tests of the furniture."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget

from models.child import Child
from models.core import records
from models.core.access import SYSTEM, Actor
from models.core.database import Database
from models.core.errors import SignInRefused
from models.staff import Staff, UnitStaff
from models.unit import Unit
from resources import _
from tests.conftest import actor
from ui.app import App
from ui.preferences import Preferences
from ui.shell import Shell
from ui.tasks import InlineTasks
from ui.theme import theme


class SmallHome:
    """As much of a home as the window asks for, with the password ``right``."""

    name, invented = "青禾儿童福利院", True

    def confirm_password(self, username: str, password: str) -> None:
        if password != "right":
            raise SignInRefused(_("The user name or the password is not right."))


@pytest.fixture(autouse=True)
def _look(qapp: QApplication) -> Iterator[None]:
    theme.use("light", 100)
    yield
    theme.use("light", 100)


@pytest.fixture
def children(sqlite_database: Database) -> SimpleNamespace:
    """Two units, a caregiver in the first, two children in it and one in the other."""
    with sqlite_database.work(SYSTEM) as work:
        first = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        second = records.save(work, Unit, {"name": "二班", "kind": "ward"})
        carer = records.save(work, Staff, {"name": "单雄", "sex": "1", "post": "caregiver"})
        records.save(work, UnitStaff, {"staff_id": carer, "unit_id": first, "starts_on": date(2020, 1, 1)})
        ids = [
            records.save(
                work, Child, {"name": name, "number": number, "sex": "1", "born_on": date(2019, 5, 1), "unit_id": unit}
            )
            for name, number, unit in (
                ("曾小乐", "2020-001", first),
                ("张三", "2020-002", first),
                ("阿依古丽·买买提", "2019-002", second),
            )
        ]
    return SimpleNamespace(database=sqlite_database, ids=ids, carer=actor("caregiver", staff_id=carer))


def type_in(widget: QWidget, text: str) -> None:
    """Type committed text as an input method does; key events cannot say 汉字."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def make_app(database: Database, who: Actor) -> App:
    """Return an application for one person, with work done at once."""
    app = App(database, who, settings=Preferences())
    app.tasks = InlineTasks()
    drafts = app.drafts
    app.home = SmallHome()
    assert drafts is app.drafts
    return app


@pytest.fixture
def app(children: SimpleNamespace) -> Iterator[App]:
    made = make_app(children.database, actor("director", name="王院长"))
    yield made
    made.close()


@pytest.fixture
def shell(app: App, qtbot) -> Iterator[Shell]:
    """The director's window on the small home."""
    made = Shell(app, home_name="青禾儿童福利院", invented=True)
    qtbot.addWidget(made)
    made.start()
    made.showNormal()
    made.resize(1093, 614)
    qtbot.waitExposed(made)
    yield made
    made.lock.close()
