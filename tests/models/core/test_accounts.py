"""Three administrators watch one another: none can alone make an account that sees a child."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import accounts
from models.core.access import ROLES, SYSTEM
from models.core.accounts import Account, NewAccount, roles_problem, separated_roles
from models.core.errors import Forbidden, Invalid, Missing, SignInRefused
from models.core.home import Home
from models.core.passwords import password_problem
from tests.homes import PASSWORD, make_home

NEW = "Autumn/field 31"
NURSE = NewAccount("nurse.liu", "刘护士", NEW)


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request, tmp_path):
    """The small home, open on both back ends: (home, database, people by user name)."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgres_empty_url")
    home = make_home(tmp_path / "home", backend_url=url).home
    database = home.open_database()
    with database.read(SYSTEM) as work:
        people = {each.username: each.actor() for each in work.query(Account)}
    yield home, database, people
    database.close()


def test_an_account_needs_both_administrators(opened):
    home, database, people = opened
    with database.work(people["sysadmin"]) as work:
        made = accounts.create_account(work, home.keys, home.key, NURSE)
    with pytest.raises(Forbidden, match="security administrator"), database.work(people["sysadmin"]) as work:
        accounts.change_roles(work, made, ["nurse"])
    with database.work(people["secadmin"]) as work:
        accounts.change_roles(work, made, ["nurse"])
    _database, actor = home.sign_in("nurse.liu", NEW)
    _database.close()
    assert actor.roles == {"nurse"} and home.must_change_password


def test_the_system_administrator_cannot_make_an_account_with_roles(opened):
    home, database, people = opened
    with pytest.raises(Forbidden), database.work(people["sysadmin"]) as work:
        accounts.create_account(work, home.keys, home.key, NewAccount("spy", "某人", NEW, ("director",)))
    assert not home.keys.has("spy")


def test_the_security_administrator_makes_no_accounts_and_sets_no_passwords(opened):
    home, database, people = opened
    with pytest.raises(Forbidden, match="system administrator"), database.work(people["secadmin"]) as work:
        accounts.create_account(work, home.keys, home.key, NURSE)
    with pytest.raises(Forbidden, match="system administrator"), database.work(people["secadmin"]) as work:
        accounts.set_password(work, home.keys, home.key, people["director"].account_id, NEW)
    home.sign_in("director", PASSWORD)[0].close()


@pytest.mark.parametrize("who", ["director", "auditor", "caregiver"])
def test_nobody_else_touches_accounts(opened, who):
    home, database, people = opened
    for act in (
        lambda work: accounts.create_account(work, home.keys, home.key, NURSE),
        lambda work: accounts.change_roles(work, people["caregiver"].account_id, ["director"]),
        lambda work: accounts.deactivate(work, home.keys, people["sysadmin"].account_id),
    ):
        with pytest.raises((Forbidden, Missing)), database.work(people[who]) as work:
            act(work)


@pytest.mark.parametrize("who", ["sysadmin", "secadmin"])
def test_nobody_changes_the_own_roles(opened, who):
    _home, database, people = opened
    with pytest.raises(Forbidden), database.work(people[who]) as work:
        accounts.change_roles(work, people[who].account_id, ["director"])


def test_a_password_set_by_the_system_administrator_opens_nothing_until_confirmed(opened):
    home, database, people = opened
    director = people["director"].account_id
    with database.work(people["sysadmin"]) as work:
        accounts.set_password(work, home.keys, home.key, director, NEW)
    with pytest.raises(SignInRefused, match="confirm"):
        home.sign_in("director", NEW)
    home.hold(home.keys.unwrap("secadmin", PASSWORD))
    with pytest.raises(Forbidden), database.work(people["sysadmin"]) as work:
        accounts.confirm(work, director)
    with database.work(people["secadmin"]) as work:
        accounts.confirm(work, director)
    home.sign_in("director", NEW)[0].close()


def test_a_closed_account_loses_its_key_and_may_come_back(opened):
    home, database, people = opened
    caregiver = people["caregiver"].account_id
    with database.work(people["sysadmin"]) as work:
        accounts.deactivate(work, home.keys, caregiver)
    assert not home.keys.has("caregiver")
    with pytest.raises(SignInRefused, match="not right"):
        Home.open(home.folder).sign_in("caregiver", PASSWORD)
    with database.work(people["sysadmin"]) as work:
        accounts.set_password(work, home.keys, home.key, caregiver, NEW)
    with database.work(people["secadmin"]) as work:
        accounts.confirm(work, caregiver)
    home.sign_in("caregiver", NEW)[0].close()


def test_accounts_are_never_deleted(opened):
    _home, database, people = opened
    for who in (people["sysadmin"], SYSTEM):
        with pytest.raises(Forbidden), database.work(who) as work:
            work.delete(accounts.load_account(work, people["caregiver"].account_id))


def test_the_last_administrator_stays(opened):
    home, database, people = opened
    with pytest.raises(Forbidden, match="appoint"), database.work(people["sysadmin"]) as work:
        accounts.deactivate(work, home.keys, people["secadmin"].account_id)
    with pytest.raises(Forbidden, match="appoint"), database.work(people["secadmin"]) as work:
        accounts.change_roles(work, people["sysadmin"].account_id, [])
    assert home.keys.has("secadmin")


def test_one_person_with_two_accounts_does_not_join_separate_powers(opened):
    _home, database, people = opened
    with database.work(people["secadmin"]) as work:
        accounts.link_staff(work, people["caregiver"].account_id, "s" * 32)
    with pytest.raises(Invalid, match="separate"), database.work(people["secadmin"]) as work:
        accounts.link_staff(work, people["auditor"].account_id, "s" * 32)


def test_the_system_administrator_links_no_account_to_other_staff(opened):
    _home, database, people = opened
    with pytest.raises(Forbidden), database.work(people["sysadmin"]) as work:
        accounts.link_staff(work, people["caregiver"].account_id, "s" * 32)


def test_a_user_name_is_taken_once_however_it_is_written(opened):
    home, database, people = opened
    with pytest.raises(Invalid, match="already"), database.work(people["sysadmin"]) as work:
        accounts.create_account(work, home.keys, home.key, NewAccount("DIRECTOR", "某人", NEW))


def test_what_is_done_to_accounts_is_in_the_trail(opened):
    from tests.models.core.test_home import events

    home, database, people = opened
    with database.work(people["secadmin"]) as work:
        accounts.change_roles(work, people["caregiver"].account_id, ["nurse"])
    kind, who, details = events(database, "account")[-1]
    assert (who, details["roles"]) == ("secadmin", [["caregiver"], ["nurse"]])
    assert PASSWORD not in str(events(database, "account"))


@given(st.sets(st.sampled_from([code.code for code in ROLES])))
def test_separate_roles_exclude_every_other(roles):
    joined = bool(roles & separated_roles()) and len(roles) > 1
    assert bool(roles_problem(roles)) == joined


@pytest.mark.parametrize(
    "password",
    ["Short-1", "alllowercaseletters", "lower and 12345678"[:9], "Password123!", "P@ssw0rd2026", "Qwertyuiop1!", "Qinghe-2026",
     "Director-2026", "rotceriD-2026", "Aa1!Aa1!Aa1!", "1qaz2wsx3edcA!", "Woaini-13141", "x" * 129 + "A1!"],
)  # fmt: skip
def test_guessable_passwords_are_refused(password):
    assert password_problem(password, "director")


@pytest.mark.parametrize(
    "password", [PASSWORD, NEW, "三月的Regen-42天", "correct Horse 7 battery", "Ｈarvest-moon-２７"]
)
def test_good_passwords_pass(password):
    assert password_problem(password, "director") == ""
