"""A database that is damaged, foreign, cut off or of another key says so in its own words and is never written to."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.child import Child
from models.core import cipher_file, records
from models.core.access import SYSTEM
from models.core.checking import check
from models.core.database import Database, sqlcipher_engine
from models.core.errors import Refused, Unusable
from models.core.files import write_whole
from models.core.home import Home
from tests.homes import PASSWORD, make_home


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A home with a hundred children, and its key."""
    home = make_home(tmp_path_factory.mktemp("filled") / "home").home
    database = home.open_database()
    with database.work(SYSTEM) as work:
        for number in range(100):
            values = {"name": "曾小乐", "number": f"{number}", "sex": "1", "born_on": date(2020, 1, 1)}
            records.save(work, Child, values, confirmed=True)
    database.close()
    return home.folder, home.key.raw


@pytest.fixture
def folder(filled, tmp_path):
    return Path(shutil.copytree(filled[0], tmp_path / "home"))


def state_of(folder):
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.glob("home.db*")
        if not file.name.endswith("-shm")
    }


def cut_in_half(file):
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2 // 4096 * 4096])


def plain_database(file):
    file.unlink()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE child (name)")
    connection.commit()
    connection.close()


def other_key(file):
    engine = sqlcipher_engine(file.with_name("other.db"), os.urandom(32), create=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE child (name)")
        connection.commit()
    engine.dispose()
    file.with_name("other.db").replace(file)


def flip_in_first_page(file):
    content = bytearray(file.read_bytes())
    content[1000] ^= 4
    file.write_bytes(content)


HARMS = {
    "missing": (Path.unlink, "not where it should be"),
    "empty": (lambda file: file.write_bytes(b""), "is empty"),
    "a few bytes": (lambda file: file.write_bytes(b"\x01" * 100), "cut off"),
    "cut in half": (cut_in_half, "cut off"),
    "not encrypted": (plain_database, "without encryption"),
    "another key": (other_key, "not this home's database"),
    "noise": (lambda file: file.write_bytes(os.urandom(40960)), "not this home's database"),
    "a letter": (lambda file: file.write_bytes(b"Dear Sir, " * 1000), "not this home's database"),
    "zeros": (lambda file: file.write_bytes(bytes(40960)), "not this home's database"),
    "a flipped bit at the start": (flip_in_first_page, "damaged in its first page"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_database_says_what_is_wrong_and_is_not_written(folder, harm):
    act, words = HARMS[harm]
    act(folder / "home.db")
    before = state_of(folder)
    home = Home.open(folder)
    with pytest.raises(Unusable, match=words):
        home.sign_in("director", PASSWORD)
    assert state_of(folder) == before
    with pytest.raises(Refused):
        _ = home.key


def test_a_log_of_another_database_is_not_mixed_into_this_one(folder, tmp_path):
    other = make_home(tmp_path / "other").home
    database = other.open_database()
    with database.work(SYSTEM) as work:
        records.save(
            work, Child, {"name": "阿", "number": "1", "sex": "1", "born_on": date(2020, 1, 1)}, confirmed=True
        )
    shutil.copy(other.folder / "home.db-wal", folder / "home.db-wal")
    database.close()
    before = state_of(folder)
    with pytest.raises(Unusable, match="belongs to another database"):
        Home.open(folder).sign_in("director", PASSWORD)
    assert state_of(folder) == before


def test_a_damaged_first_page_is_told_although_there_is_a_log(folder, tmp_path):
    home = Home.open(folder)
    database, _actor = home.sign_in("director", PASSWORD)
    shutil.copy(folder / "home.db-wal", tmp_path / "log")
    database.close()
    flip_in_first_page(folder / "home.db")
    log = cipher_file._log_frame(tmp_path / "log")
    assert log is not None
    if log[0] != 1:  # a log that holds the first page would heal it
        shutil.copy(tmp_path / "log", folder / "home.db-wal")
        with pytest.raises(Unusable, match="damaged"):
            Home.open(folder).sign_in("director", PASSWORD)


def test_work_that_lies_only_in_the_log_is_there_after_a_crash(folder, filled, tmp_path):
    home = Home.open(folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    database = home.open_database()
    with database.work(SYSTEM) as work:
        records.save(
            work, Child, {"name": "新来", "number": "new", "sex": "1", "born_on": date(2020, 1, 1)}, confirmed=True
        )
    crashed = Path(shutil.copytree(folder, tmp_path / "crashed", ignore=shutil.ignore_patterns("*-shm")))
    database.close()
    database, _actor = Home.open(crashed).sign_in("director", PASSWORD)
    with database.read(SYSTEM) as work:
        assert work.scalar(select(Child.name).where(Child.number == "new")) == "新来"
    database.close()


def test_a_torn_log_does_not_keep_a_home_from_opening(folder, tmp_path):
    """A log whose first frame is torn was never acknowledged; SQLite passes it over, and so do we."""
    home = Home.open(folder)
    database, _actor = home.sign_in("director", PASSWORD)
    with database.work(SYSTEM) as work:
        records.save(
            work, Child, {"name": "新来", "number": "new", "sex": "1", "born_on": date(2020, 1, 1)}, confirmed=True
        )
    log = bytearray((folder / "home.db-wal").read_bytes())
    log[1000:1512] = bytes(512)
    crashed = Path(shutil.copytree(folder, tmp_path / "crashed", ignore=shutil.ignore_patterns("*-shm", "*-wal")))
    database.close()
    (crashed / "home.db-wal").write_bytes(log)
    reopened, _actor = Home.open(crashed).sign_in("director", PASSWORD)
    with reopened.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall() == []
    reopened.close()


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999999), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(filled, tmp_path_factory, place, bit):
    folder, key = filled
    file = tmp_path_factory.getbasetemp() / "flipped.db"
    content = bytearray((folder / "home.db").read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    file.write_bytes(content)
    number = int(place * len(content)) // 4096 + 1
    found = cipher_file.damaged_pages(file, key)
    # The first 16 bytes make the key of every page.
    assert found == [number] or (int(place * len(content)) < 16 and len(found) == len(content) // 4096)


def test_the_check_names_a_damaged_page_and_a_normal_home_is_in_order(folder):
    home = Home.open(folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    database = home.open_database()
    assert check(home, database) == []
    database.close()
    content = bytearray((folder / "home.db").read_bytes())
    content[-2000] ^= 1
    (folder / "home.db").write_bytes(content)
    database = Database(sqlcipher_engine(folder / "home.db", home.key.raw))
    findings = check(home, database)
    assert findings[0].part == "file" and str(len(content) // 4096) in findings[0].text
    database.close()


def test_the_check_finds_missing_attachments_and_strange_keys(folder):
    from models.core import attachments

    home = Home.open(folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    database = home.open_database()
    pdf = b"%PDF-1.7\n%%EOF"
    with database.work(SYSTEM) as work:
        one, two = (attachments.store(home, work, pdf + extra + b"%%EOF", f"{extra}.pdf") for extra in (b"1", b"2"))
    attachments.place(folder, one).unlink()
    attachments.place(folder, two).write_bytes(b"x")
    home.keys.add("stranger", "Strange-door-55", home.key)
    findings = [(finding.part, finding.grave) for finding in check(home, database)]
    assert sorted(findings) == [("attachments", True), ("attachments", True), ("keys", True)]
    database.close()


def test_without_its_driver_nothing_is_opened(folder, monkeypatch):
    """The standard library's driver would ignore the key and write plain text."""
    import sqlcipher3

    class Plain:
        DatabaseError, Error = sqlite3.DatabaseError, sqlite3.Error
        connect = staticmethod(sqlite3.connect)
        sqlite_version_info = sqlite3.sqlite_version_info
        version = sqlite_version = sqlite3.sqlite_version
        paramstyle = "qmark"

    monkeypatch.setattr(sqlcipher3, "dbapi2", Plain)
    monkeypatch.setitem(__import__("sys").modules, "sqlcipher3.dbapi2", Plain)
    before = state_of(folder)
    with pytest.raises(Unusable, match="cannot encrypt"):
        Home.open(folder).sign_in("director", PASSWORD)
    assert state_of(folder) == before


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    old=st.binary(max_size=200), new=st.binary(max_size=200), fails=st.sampled_from(["write", "fsync", "replace", ""])
)
def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path_factory, old, new, fails):
    place = tmp_path_factory.mktemp("whole") / "settings"
    place.write_bytes(old)
    with pytest.MonkeyPatch.context() as patch:

        def fail(*_given):
            raise OSError(28, "No space left on device")

        if fails == "fsync":
            patch.setattr(os, "fsync", fail)
        elif fails == "replace":
            patch.setattr(Path, "replace", fail)
        elif fails == "write":
            patch.setattr(Path, "open", fail)
        if fails:
            with pytest.raises(OSError, match="No space"):
                write_whole(place, new)
        else:
            write_whole(place, new)
    assert place.read_bytes() == (old if fails else new)
    assert [file.name for file in place.parent.iterdir()] == ["settings"]
