"""A whole home on a PostgreSQL server: made, filled, checked, signed in to and backed up like one in a file."""

from __future__ import annotations

from sqlalchemy import text

from models.child import Child
from models.core import queries
from models.core.home import Home
from models.demo_making import make_demo_home
from tests.conftest import _admin, _named
from tests.homes import PASSWORD


def test_the_demo_home_lives_on_a_server_as_well(postgres_url, tmp_path):
    with _admin(postgres_url) as connection:
        connection.execute(text("CREATE DATABASE demo_on_server"))
    address = _named(postgres_url, "demo_on_server")
    made = make_demo_home(tmp_path / "home", children=6, months=1, password=PASSWORD, server_url=address)
    assert made.home.backend == "postgresql"
    home = Home.open(tmp_path / "home")
    database, director = home.sign_in("director", PASSWORD)
    with database.read(director) as work:
        assert queries.count(work, Child) >= 6
    database.close()
    assert not list((tmp_path / "home").glob("*.db*"))
