"""Fixtures of the safekeeping tests: an empty database on the server, for homes that are made there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.conftest import _admin, _made, _named


@pytest.fixture
def postgres_empty_url(postgres_url: str) -> Iterator[str]:
    name = f"empty_{next(_made)}"
    with _admin(postgres_url) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _named(postgres_url, name)
    with _admin(postgres_url) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def second_empty_url(postgres_empty_url: str, postgres_url: str) -> Iterator[str]:
    name = f"empty_{next(_made)}"
    with _admin(postgres_url) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield _named(postgres_url, name)
    with _admin(postgres_url) as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
