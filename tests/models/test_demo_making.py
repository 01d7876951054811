"""The demo home: made in one go, the same for the same seed, and gone without a trace when it is not wanted."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.core import queries
from models.core.access import SYSTEM
from models.core.home import Home
from models.demo_making import USERNAMES, Stopped, make_demo_home

TODAY = date(2026, 11, 20)


def names(folder, password):
    home = Home.open(folder)
    database, _actor = home.sign_in("director", password)
    with database.read(SYSTEM) as work:
        found = [row.values[0] for row in queries.rows(work, Child)]
    database.close()
    return found


def test_a_demo_home_opens_for_all_its_accounts_and_says_that_it_is_invented(tmp_path):
    made = make_demo_home(tmp_path / "demo", children=4, months=1, today=TODAY)
    assert Home.open(tmp_path / "demo").invented
    for username in USERNAMES:
        database, who = Home.open(tmp_path / "demo").sign_in(username, made.password)
        assert who.roles == {username}
        database.close()


def test_the_same_seed_makes_the_same_children(tmp_path):
    made = [make_demo_home(tmp_path / str(n), children=4, months=1, seed=3, today=TODAY) for n in range(2)]
    assert names(tmp_path / "0", made[0].password) == names(tmp_path / "1", made[1].password)


def test_a_demo_home_that_is_not_wanted_leaves_nothing(tmp_path):
    seen = []
    with pytest.raises(Stopped):
        make_demo_home(
            tmp_path / "demo", children=4, months=1, today=TODAY,
            progress=lambda share, what: seen.append(share), cancelled=lambda: len(seen) > 2,
        )  # fmt: skip
    assert not (tmp_path / "demo").exists()
