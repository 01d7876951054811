"""A whole real home with its window, for the tests of the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.core.home import Home
from tests.homes import PASSWORD, make_home
from ui.app import App
from ui.keeping import AutoBackup
from ui.preferences import Preferences
from ui.tasks import InlineTasks


@pytest.fixture(scope="session")
def home_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("homes") / "home"
    make_home(folder).home.lock()
    return folder


@pytest.fixture
def sign_in(home_folder: Path, tmp_path: Path, qapp) -> Iterator[Callable[[str], App]]:
    """Return a function that signs one of the home's accounts in and returns its application."""
    import shutil

    folder = tmp_path / "home"
    shutil.copytree(home_folder, folder)
    made: list[App] = []

    def enter(username: str) -> App:
        home = Home.open(folder)
        database, who = home.sign_in(username, PASSWORD)
        app = App(database, who, home=home, settings=Preferences())
        app.tasks = InlineTasks()
        app.keeping = AutoBackup(app)
        made.append(app)
        return app

    yield enter
    for app in made:
        app.close()
        app.database.close()
