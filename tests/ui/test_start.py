"""From the double click to the shell: fast, through the first run, sign-in and out, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from models.core.home import Home
from models.founding import FIRST_POSTS
from tests.homes import PASSWORD, make_home
from ui.shell import Shell
from ui.start import Entrance, doorplate
from views.entrance import EntranceRooms
from views.first_run import FirstRun
from views.sign_in import SignIn

ROOT = Path(__file__).parent.parent.parent
HEAVY = (
    "sqlalchemy",
    "alembic",
    "matplotlib",
    "ortools",
    "reportlab",
    "pypinyin",
    "openpyxl",
    "argon2",
    "models.child",
)

SCRIPT = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from ui.speech import speak
from ui.start import Entrance
from ui.theme import theme
from views.entrance import EntranceRooms
speak("zh_CN"); theme.use("light")
entrance = Entrance(Path({folder!r}), EntranceRooms())
window = EntranceRooms().sign_in(entrance)
window.show(); application.processEvents()
print(time.process_time())
print(",".join(name for name in {heavy!r} if name in sys.modules))
"""


def test_the_sign_in_window_stands_before_anything_heavy_is_loaded(tmp_path):
    (tmp_path / "home.json").write_text(json.dumps({"name": "青禾儿童福利院"}), encoding="utf-8")
    script = SCRIPT.format(root=str(ROOT), folder=str(tmp_path), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n")[1] == ""


def test_the_doorplate_is_read_without_a_key(tmp_path):
    assert doorplate(tmp_path / "nothing") is None
    (tmp_path / "home.json").write_text("{broken", encoding="utf-8")
    assert doorplate(tmp_path).name == ""
    (tmp_path / "home.json").write_text(json.dumps({"name": "甲", "invented": True}), encoding="utf-8")
    assert doorplate(tmp_path).invented


@pytest.fixture
def entrance(tmp_path, qapp, monkeypatch):
    """The entrance of a small home, with the few rooms that are needed."""
    made = make_home(tmp_path / "home")
    made.home.lock()
    entrance = Entrance(tmp_path / "home", EntranceRooms())
    yield entrance
    entrance.finish()
    if entrance.window is not None:
        entrance.window.hide()


def signed_in(entrance: Entrance, qtbot, username: str = "director") -> Shell:
    entrance.begin()
    window = entrance.window
    assert isinstance(window, SignIn)
    window.username.setText(username)
    window.password.setText(PASSWORD)
    window.sign_in()
    qtbot.waitUntil(lambda: isinstance(entrance.window, Shell), timeout=20_000)
    return entrance.window


def test_signing_in_opens_the_shell_and_signing_out_the_sign_in_window(entrance, qtbot):
    shell = signed_in(entrance, qtbot)
    assert shell.home_name == "青禾儿童福利院" and entrance.app.actor.username == "director"
    shell.sign_out()
    assert isinstance(entrance.window, SignIn) and entrance.app is None
    assert list((entrance.folder / "backups").glob("*-*")), "the day's last backup was made"


def test_a_wrong_password_is_told_in_place_and_nothing_is_lost(entrance, qtbot):
    entrance.begin()
    window = entrance.window
    window.username.setText("director")
    window.password.setText("wrong")
    qtbot.keyClick(window.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.trouble.isVisible(), timeout=20_000)
    assert "not right" in window.trouble.label.text() and window.username.text() == "director"


def test_a_theme_is_kept_for_the_person_and_for_the_next_sign_in_window(entrance, qtbot):
    shell = signed_in(entrance, qtbot)
    shell.look("dark", 125)
    shell.sign_out()
    assert entrance.desk.get("theme") == "dark" and entrance.desk.get("text_size") == 125


def test_a_home_is_made_by_the_first_run(tmp_path, qtbot, monkeypatch):
    from tests.homes import CHEAP

    create = Home.create.__func__
    monkeypatch.setattr(Home, "create", classmethod(lambda cls, *a, **k: create(cls, *a, cost=CHEAP, **k)))
    entrance = Entrance(tmp_path / "home", EntranceRooms())
    entrance.begin()
    window = entrance.window
    assert isinstance(window, FirstRun)
    window.begin()
    step = window.home_step
    step.next()
    assert step.place.note.text(), "the region is asked for beside its field"
    step.province.setCurrentIndex(step.province.findText("江苏省"))
    step.prefecture.setCurrentIndex(step.prefecture.findText("南京市"))
    step.next()
    rows = window.accounts_step.rows
    for number, each in enumerate(rows):
        each.name.setText(f"王{'敏丽芳静'[number]}")
    window.accounts_step.next()
    assert "10" in rows[0].trouble.text(), "the director's password is asked for beside its field"
    rows[0].password.setText(PASSWORD)
    window.accounts_step.next()
    qtbot.waitUntil(lambda: hasattr(window, "key_step"), timeout=30_000)
    assert not window.key_step.open.isEnabled()
    window.key_step.save_to(tmp_path / "key.pdf")
    assert (tmp_path / "key.pdf").read_bytes().startswith(b"%PDF")
    window.key_step.agreed.setChecked(True)
    window.key_step.open.click()
    qtbot.waitUntil(lambda: isinstance(entrance.window, Shell), timeout=30_000)
    assert entrance.window.home_name == "南京市 Children's Welfare Home"
    assert {each.role for each in FIRST_POSTS} == {"director", "sysadmin", "secadmin", "auditor"}
    entrance.finish()
    entrance.window.hide()


def test_a_home_comes_back_from_a_backup_on_a_new_computer(entrance, tmp_path, qtbot):
    shell = signed_in(entrance, qtbot)
    shell.sign_out()
    fresh = Entrance(tmp_path / "new" / "home", EntranceRooms())
    (tmp_path / "new").mkdir()
    fresh.begin()
    window = fresh.window
    assert isinstance(window, FirstRun)
    window.restore()
    step = window.stack.currentWidget()
    step.take(tmp_path)
    assert "not a backup" in step.trouble.label.text() and not step.button.isEnabled()
    step.take(entrance.folder / "backups")
    assert "青禾儿童福利院" in step.found.text()
    step.username.edit.setText("director")
    step.password.edit.setText("wrong")
    step.start()
    qtbot.waitUntil(lambda: step.trouble.isVisible(), timeout=20_000)
    assert "not right" in step.trouble.label.text()
    step.password.edit.setText(PASSWORD)
    step.start()
    qtbot.waitUntil(lambda: isinstance(fresh.window, SignIn), timeout=30_000)
    assert Home.open(tmp_path / "new" / "home").name == "青禾儿童福利院"
    fresh.window.hide()
