"""Accounts, trail, bin, settings and safekeeping: each administrator does the own part and no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QSpinBox

from models.child import Child
from models.core import accounts, audit, backup, records, settings
from models.core.access import SYSTEM
from models.core.home import Home
from tests.homes import PASSWORD
from ui.pages import pages
from views import open_rooms, safekeeping
from views.audit_trail import AuditTrail
from views.bin import Bin
from views.home_settings import HomeSettings, SettingLine
from views.people import AccountDialog, NewAccountDialog, People
from views.safekeeping import RestoreDialog, Safekeeping

open_rooms()


@pytest.fixture
def told():
    return []


def heard(app, told):
    app.telling.connect(lambda text, undo, _label: told.append((text, undo)))
    return app


def account_of(app, username):
    with app.read() as work:
        return next(each for each in accounts.accounts(work) if each.username == username)


def child_in(app):
    with app.database.work(SYSTEM) as work:
        return records.save(work, Child, {"name": "张三", "number": "2026-001", "sex": "1", "born_on": app.today()})


def cells(table):
    model = table.rows
    return [[model.index(row, col).data() for col in range(model.columnCount())] for row in range(model.rowCount())]


# --- accounts ---


def test_a_new_account_waits_for_a_role_and_then_signs_in(sign_in, qtbot, told):
    app = heard(sign_in("sysadmin"), told)
    dialog = NewAccountDialog(app)
    qtbot.addWidget(dialog)
    dialog.save()
    assert dialog.name.note.text() and dialog.username.note.text(), "each field says what it lacks"
    dialog.name.edit.setText("赵敏")
    dialog.username.edit.setText("zhaomin")
    dialog.password.edit.setText(PASSWORD)
    dialog.save()
    assert "赵敏" in told[-1][0]
    secadmin = sign_in("secadmin")
    given = AccountDialog(secadmin, account_of(secadmin, "zhaomin"))
    qtbot.addWidget(given)
    given.boxes["nurse"].setChecked(True)
    given.save()
    home = Home.open(app.home.folder)
    database, who = home.sign_in("zhaomin", PASSWORD)
    assert who.roles == {"nurse"} and home.must_change_password
    database.close()


def test_separate_roles_cannot_be_joined(sign_in, qtbot):
    app = sign_in("secadmin")
    dialog = AccountDialog(app, account_of(app, "caregiver"))
    qtbot.addWidget(dialog)
    dialog.boxes["auditor"].setChecked(True)
    dialog.save()
    assert "no other role" in dialog.trouble.label.text()
    assert account_of(app, "caregiver").roles == ("caregiver",)


@pytest.mark.parametrize(
    ("username", "gives", "makes"), [("sysadmin", False, True), ("secadmin", True, False), ("director", False, False)]
)
def test_each_administrator_is_offered_only_the_own_acts(sign_in, qtbot, username, gives, makes):
    app = sign_in(username)
    page = People(app)
    qtbot.addWidget(page)
    page.reload()
    assert len(cells(page.table)) == 5
    dialog = AccountDialog(app, account_of(app, "caregiver"))
    qtbot.addWidget(dialog)
    assert (dialog.gives, dialog.makes) == (gives, makes)
    assert bool(dialog.boxes) == gives


# --- the trail ---


def test_the_auditor_sees_the_events_and_that_the_chain_is_whole(sign_in, qtbot):
    app = sign_in("auditor")
    page = AuditTrail(app)
    qtbot.addWidget(page)
    page.reload()
    assert cells(page.table)[0][3] == "Signed in"
    page.check()
    assert "unchanged" in page.verdict.label.text()
    page.event_kind.setCurrentIndex(page.event_kind.findData("exported"))
    assert cells(page.table) == []


def test_a_changed_entry_is_named(sign_in, qtbot):
    app = sign_in("auditor")
    with app.database.engine.begin() as connection:
        connection.execute(
            audit.AuditEntry.__table__.update().where(audit.AuditEntry.sequence == 2).values(username="x")
        )
    page = AuditTrail(app)
    qtbot.addWidget(page)
    page.check()
    assert "Entry 2" in page.verdict.label.text()


def test_the_trail_page_is_for_the_auditor_alone(sign_in):
    keys = {name: {entry.key for entry in pages(sign_in(name).actor)} for name in ("auditor", "director", "caregiver")}
    assert "audit_trail" in keys["auditor"]
    assert "audit_trail" not in keys["director"] | keys["caregiver"]
    assert "safekeeping" in keys["director"] and "safekeeping" not in keys["auditor"] | keys["caregiver"]


# --- the bin ---


def test_a_record_comes_back_from_the_bin_and_may_be_thrown_away_again(sign_in, qtbot, told):
    app = heard(sign_in("director"), told)
    child = child_in(app)
    with app.work() as work:
        records.put_in_bin(work, Child, child)
    page = Bin(app)
    qtbot.addWidget(page)
    page.reload()
    assert "张三" in cells(page.table)[0][0]
    page.put_back_current()
    assert cells(page.table) == [] and page.stack.currentIndex() == 1
    told[-1][1]()
    assert len(cells(page.table)) == 1


# --- settings ---


def setting_line(page, name):
    return next(each for each in page.findChildren(SettingLine) if each.declared.name == name)


def test_a_setting_is_saved_when_its_field_is_left_and_only_by_its_keeper(sign_in, qtbot, told):
    app = heard(sign_in("secadmin"), told)
    app.window = None
    page = HomeSettings(app)
    qtbot.addWidget(page)
    page.reload()
    minutes = setting_line(page, "lock_minutes").editor
    assert isinstance(minutes, QSpinBox) and minutes.isEnabled()
    assert not setting_line(page, "home_name").editor.isEnabled()
    minutes.setValue(5)
    minutes.editingFinished.emit()
    with app.read() as work:
        assert settings.value(work, "lock_minutes") == 5
    assert told[-1][0].startswith("Saved")


def test_a_new_name_stands_on_the_doorplate(sign_in, qtbot):
    app = sign_in("director")
    page = HomeSettings(app)
    qtbot.addWidget(page)
    page.reload()
    setting_line(page, "home_name").save("新院名")
    assert Home.open(app.home.folder).name == "新院名"


# --- safekeeping ---


def test_a_backup_is_made_checked_and_restored_elsewhere(sign_in, qtbot, told):
    app = heard(sign_in("director"), told)
    page = Safekeeping(app)
    qtbot.addWidget(page)
    page.reload()
    assert "no backup" in page.last.text()
    page.back_up()
    assert "verified" in told[-1][0] and len(cells(page.table)) == 1
    page.check()
    assert "in order" in page.banner.label.text()
    child_in(app)
    (found,) = backup.backups(app.home.folder / backup.FOLDER)
    dialog = RestoreDialog(app, found)
    qtbot.addWidget(dialog)
    words = [label.text() for label in dialog.findChildren(type(page.last))]
    assert any("Children 1" in text for text in words), "what would be lost is said"
    dialog.start()
    restored = app.home.folder.with_name(f"home-{found.path.name}")
    assert Home.open(restored).name == "青禾儿童福利院"
    again = RestoreDialog(app, found)
    qtbot.addWidget(again)
    again.start()
    assert "not empty" in again.folder.note.text()


def test_time_since_a_backup_is_said_in_words(sign_in):
    now = sign_in("director").now()
    said = [safekeeping.since(now - timedelta(minutes=minutes), now) for minutes in (0, 1, 59, 60, 180, 3000)]
    assert said == ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "3 hours ago", "2 days ago"]
