"""A home is one folder; only its people open it, and it says nothing to others."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.core import settings
from models.core.accounts import NewAccount
from models.core.audit import AuditEntry
from models.core.errors import Invalid, SignInRefused, Unusable
from models.core.home import Home
from tests.conftest import NOW
from tests.homes import ACCOUNTS, CHEAP, PASSWORD, make_home

NEW = "Autumn/field 31"


@pytest.fixture
def clock():
    """A clock the test may set."""

    class Clock:
        now = NOW

        def __call__(self) -> datetime:
            return self.now

    return Clock()


def events(database, *kinds):
    from models.core.access import SYSTEM

    with database.read(SYSTEM) as work:
        rows = work.scalars(select(AuditEntry).where(AuditEntry.event.in_(kinds)).order_by(AuditEntry.sequence))
        return [(row.event, row.username, json.loads(row.details)) for row in rows]


def test_a_new_home_opens_for_its_people(home_folder):
    database, actor = Home.open(home_folder).sign_in("director", PASSWORD)
    assert (actor.username, actor.roles) == ("director", frozenset({"director"}))
    with database.read(actor) as work:
        assert settings.value(work, "home_name") == "青禾儿童福利院"
    database.close()


def test_name_and_password_are_the_same_however_the_input_method_wrote_them(home_folder):
    database, actor = Home.open(home_folder).sign_in(" Ｄirector ", "Harvest-moon-２７")
    assert actor.username == "director"
    database.close()


def test_nothing_in_the_folder_can_be_read_without_a_password(home_folder):
    secrets = [PASSWORD, "director", "单雄", "CREATE TABLE", "SQLite format"]
    for file in home_folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert [word for word in secrets if word.encode() in content] == [], file.name


def test_unknown_names_and_wrong_passwords_are_refused_in_the_same_words(home_folder):
    home = Home.open(home_folder)
    words = set()
    for username, password in (("director", "wrong"), ("nobody", PASSWORD), ("", "")):
        with pytest.raises(SignInRefused) as refused:
            home.sign_in(username, password)
        words.add(str(refused.value))
    assert len(words) == 1
    with pytest.raises(SignInRefused):
        _ = home.key


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(home_folder, monkeypatch):
    from models.core import keys

    worked = []
    derive = keys._derive
    monkeypatch.setattr(keys, "_derive", lambda *given: worked.append(given[2]) or derive(*given))
    file = Home.open(home_folder).keys
    assert file.unwrap("director", "wrong") is None
    assert file.unwrap("nobody", "wrong") is None
    assert worked[0] == worked[1]


def test_five_failures_close_an_account_for_half_an_hour(home_folder, clock):
    home = Home.open(home_folder, clock)
    for _attempt in range(5):
        with pytest.raises(SignInRefused, match="not right"):
            home.sign_in("director", "wrong")
    with pytest.raises(SignInRefused, match="30 minutes"):
        home.sign_in("director", PASSWORD)
    with pytest.raises(SignInRefused, match="30 minutes"):
        Home.open(home_folder, clock).sign_in("DIRECTOR", PASSWORD)
    home.sign_in("caregiver", PASSWORD)[0].close()
    clock.now += timedelta(minutes=29)
    with pytest.raises(SignInRefused, match="1 minutes"):
        home.sign_in("director", PASSWORD)
    clock.now += timedelta(minutes=2)
    home.sign_in("director", PASSWORD)[0].close()


def test_a_database_that_cannot_be_opened_is_not_held_against_the_person(home_folder, clock):
    home = Home.open(home_folder, clock)
    aside = home.database_file.with_suffix(".aside")
    home.database_file.rename(aside)
    for _attempt in range(6):
        with pytest.raises(Unusable):
            home.sign_in("director", PASSWORD)
    aside.rename(home.database_file)
    home.sign_in("director", PASSWORD)[0].close()


def test_unknown_names_are_closed_like_known_ones(home_folder, clock):
    home = Home.open(home_folder, clock)
    for _attempt in range(5):
        with pytest.raises(SignInRefused, match="not right"):
            home.sign_in("nobody", "wrong")
    with pytest.raises(SignInRefused, match="30 minutes"):
        home.sign_in("nobody", "wrong")


def test_setting_the_clock_back_does_not_open_a_closed_account(home_folder, clock):
    home = Home.open(home_folder, clock)
    for _attempt in range(5):
        with pytest.raises(SignInRefused):
            home.sign_in("director", "wrong")
    clock.now -= timedelta(days=400)
    with pytest.raises(SignInRefused, match="30 minutes"):
        home.sign_in("director", PASSWORD)


def test_refusals_reach_the_audit_trail_when_somebody_signs_in(home_folder, clock):
    home = Home.open(home_folder, clock)
    for username in ("director", "nobody", "director"):
        with pytest.raises(SignInRefused):
            home.sign_in(username, "wrong")
    for _twice in range(2):
        database, _actor = home.sign_in("caregiver", PASSWORD)
        database.close()
    database, _actor = home.sign_in("director", PASSWORD)
    told = events(database, "refused", "signed_in")
    database.close()
    assert [(kind, details.get("username", who)) for kind, who, details in told] == [
        ("refused", "director"), ("refused", "?"), ("refused", "director"),
        ("signed_in", "caregiver"), ("signed_in", "caregiver"), ("signed_in", "director"),
    ]  # fmt: skip


def test_the_recovery_key_gives_an_account_a_new_password(tmp_path):
    made = make_home(tmp_path / "home")
    assert len(made.recovery_key.split("-")) == 9
    home = Home.open(made.home.folder)
    home.recover(made.recovery_key.lower().replace("-", " "), "director", NEW)
    with pytest.raises(SignInRefused):
        home.sign_in("director", PASSWORD)
    database, _actor = home.sign_in("director", NEW)
    assert events(database, "account")[-1][2]["how"] == "recovered"
    database.close()


def test_a_mistyped_recovery_key_is_told_from_another_homes(tmp_path):
    home = make_home(tmp_path / "one").home
    other = make_home(tmp_path / "two")
    swapped = ("A" if other.recovery_key[0] != "A" else "B") + other.recovery_key[1:]
    with pytest.raises(Unusable, match="typed"):
        home.recover(swapped, "director", NEW)
    with pytest.raises(SignInRefused, match="belong"):
        home.recover(other.recovery_key, "director", NEW)


def test_a_person_changes_the_own_password(home_folder):
    home = Home.open(home_folder)
    database, actor = home.sign_in("caregiver", PASSWORD)
    with pytest.raises(SignInRefused):
        home.change_own_password(database, actor, "wrong", NEW)
    with pytest.raises(Invalid):
        home.change_own_password(database, actor, PASSWORD, PASSWORD)
    home.change_own_password(database, actor, PASSWORD, NEW)
    home.sign_out(database, actor)
    database, _actor = home.sign_in("caregiver", NEW)
    database.close()


def test_a_password_must_be_changed_after_its_days(home_folder, clock):
    home = Home.open(home_folder, clock)
    clock.now = datetime.now()
    home.sign_in("director", PASSWORD)[0].close()
    assert not home.must_change_password
    clock.now += timedelta(days=91)
    home.sign_in("director", PASSWORD)[0].close()
    assert home.must_change_password


def test_two_homes_never_share_a_key(tmp_path):
    one, two = (make_home(tmp_path / name).home for name in ("one", "two"))
    assert one.key.raw != two.key.raw
    (tmp_path / "one" / "keys.json").write_bytes((tmp_path / "two" / "keys.json").read_bytes())
    before = (tmp_path / "one" / "home.db").read_bytes()
    with pytest.raises(Unusable, match="not this home's"):
        Home.open(tmp_path / "one").sign_in("director", PASSWORD)
    assert (tmp_path / "one" / "home.db").read_bytes() == before


def test_a_wrap_moved_to_another_name_opens_nothing(home_folder):
    home = Home.open(home_folder)
    content = json.loads((home_folder / "keys.json").read_text())
    content["users"][home.keys.slot("sysadmin")] = content["users"][home.keys.slot("director")]
    (home_folder / "keys.json").write_text(json.dumps(content))
    with pytest.raises(SignInRefused):
        home.sign_in("sysadmin", PASSWORD)


def test_a_home_is_never_made_over_something_else(home_folder, tmp_path):
    with pytest.raises(Unusable, match="not empty"):
        make_home(home_folder)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    with pytest.raises(Unusable, match="not empty"):
        make_home(tmp_path / "letters")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "letters"]


def test_a_home_needs_its_administrators_and_sound_passwords(tmp_path):
    with pytest.raises(Invalid, match="security administrator"):
        Home.create(tmp_path / "home", "青禾", "320102", ACCOUNTS[:2], cost=CHEAP)
    weak = NewAccount("auditor", "审计", "Password123", ("auditor",))
    with pytest.raises(Invalid, match="guess"):
        Home.create(tmp_path / "home", "青禾", "320102", [*ACCOUNTS[:3], weak], cost=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_home_or_with_a_newer_one_is_told_apart(home_folder, tmp_path):
    with pytest.raises(Unusable, match="no home"):
        Home.open(tmp_path)
    card = json.loads((home_folder / "home.json").read_text())
    (home_folder / "home.json").write_text(json.dumps({**card, "format": 9}))
    with pytest.raises(Unusable, match="newer"):
        Home.open(home_folder)
    (home_folder / "home.json").write_text("{")
    with pytest.raises(Unusable, match="damaged"):
        Home.open(home_folder)


def test_a_lost_or_damaged_key_file_says_so(home_folder):
    home = Home.open(home_folder)
    (home_folder / "keys.json").write_bytes(b"\x00" * 50)
    with pytest.raises(Unusable, match="key file of this home is damaged"):
        home.sign_in("director", PASSWORD)
    (home_folder / "keys.json").unlink()
    with pytest.raises(Unusable, match="key file of this home is missing"):
        home.sign_in("director", PASSWORD)


def test_an_older_database_put_in_place_is_noticed(home_folder):
    home = Home.open(home_folder)
    older = (home_folder / "home.db").read_bytes()
    database, actor = home.sign_in("director", PASSWORD)
    home.sign_out(database, actor)
    (home_folder / "home.db").write_bytes(older)
    home.sign_in("director", PASSWORD)[0].close()
    assert "older" in home.warnings[0]


def test_a_home_on_a_server_keeps_its_password_sealed(postgres_url, tmp_path, postgres_empty_url):
    home = make_home(tmp_path / "home", backend_url=postgres_empty_url).home
    home.lock()
    database, actor = Home.open(tmp_path / "home").sign_in("director", PASSWORD)
    with database.read(actor) as work:
        assert settings.value(work, "home_region") == "320102"
    database.close()
    with pytest.raises(Unusable, match="not empty"):
        make_home(tmp_path / "second", backend_url=postgres_empty_url)


def test_a_servers_password_is_never_written_in_the_clear():
    from models.core.keys import DataKey
    from models.core.server import backend_of, server_url

    key = DataKey.new()
    told = backend_of("postgresql://qinghe:s3cret@server/home", key)
    assert "s3cret" not in json.dumps(told)
    assert server_url(told, key) == "postgresql+psycopg://qinghe:s3cret@server/home"


def test_a_folder_that_cannot_be_written_is_said_in_words(home_folder, tmp_path, monkeypatch):
    (tmp_path / "letter").write_text("a file where a folder should be")
    with pytest.raises(Unusable, match="cannot be written"):
        make_home(tmp_path / "letter" / "home")
    home = Home.open(home_folder)

    def read_only(*_given):
        raise PermissionError(13, "Read-only file system")

    monkeypatch.setattr("models.core.attempts.write_json", read_only)
    with pytest.raises(Unusable, match="cannot be written"):
        home.sign_in("director", PASSWORD)
