"""Settings are declared once, changed by those who keep them, and noted."""

from __future__ import annotations

import pytest

from models.core import settings
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid
from models.core.settings import Setting
from tests.conftest import actor


def test_a_setting_has_its_default_until_it_is_changed(database):
    director = actor("director")
    with database.work(director) as work:
        assert settings.value(work, "backup_minutes") == 15
        settings.change(work, "backup_minutes", 30)
    with database.read(actor("caregiver")) as work:
        assert settings.value(work, "backup_minutes") == 30
        assert settings.values(work)["lock_minutes"] == 10


@pytest.mark.parametrize(
    ("who", "name", "value"),
    [
        ("caregiver", "home_name", "x"),
        ("director", "lock_minutes", 5),
        ("sysadmin", "password_days", 0),
        ("director", "invented", True),
    ],
)
def test_only_its_keepers_change_a_setting(database, who, name, value):
    with pytest.raises(Forbidden), database.work(actor(who)) as work:
        settings.change(work, name, value)
    with pytest.raises(Forbidden), database.work(actor(who)) as work:
        work.add(Setting(name=name, value=value, changed_at=work.now, changed_by="x"))


def test_no_setting_is_invented_or_deleted_by_a_person(database):
    with pytest.raises(Forbidden), database.work(actor("director")) as work:
        work.add(Setting(name="unheard_of", value=1, changed_at=work.now, changed_by="x"))
    with database.work(SYSTEM) as work:
        settings.change(work, "home_name", "青禾")
    with pytest.raises(Forbidden), database.work(actor("director")) as work:
        work.delete(work.get(Setting, "home_name"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("backup_minutes", 1),
        ("backup_minutes", 900),
        ("backup_minutes", "15"),
        ("backup_minutes", True),
        ("language", "fr"),
    ],
)
def test_a_value_must_fit(database, name, value):
    with pytest.raises(Invalid), database.work(actor("director")) as work:
        settings.change(work, name, value)


def test_every_default_fits_its_own_declaration():
    assert [each.name for each in settings.declared() if settings._wrong(each, each.default)] == []
