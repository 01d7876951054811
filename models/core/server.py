"""The server 服务器: a home's database on PostgreSQL, where several workstations share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from models.core.database import postgres_engine
from models.core.errors import Unusable
from models.core.keys import DataKey
from resources import _


@contextmanager
def explaining() -> Iterator[None]:
    """Say in words that a server cannot be reached."""
    try:
        yield
    except OperationalError as error:
        raise Unusable(
            _("The database server cannot be reached. Is it running, and is the network connected? Nothing was lost.")
        ) from error


def server(url: str) -> Engine:
    """Connect to the server.

    Raises:
        Unusable: when it cannot be reached, or would not keep the home's data safely.
    """
    with explaining():
        return postgres_engine(url)


def empty_server(url: str) -> Engine:
    """Connect to a server's database in which a new home shall be made.

    Raises:
        Unusable: when there is something in it already.
    """
    engine = server(url)
    if inspect(engine).get_table_names():
        engine.dispose()
        raise Unusable(_("The database on the server is not empty. Nothing was written; please name an empty one."))
    return engine


def backend_of(url: str | None, key: DataKey) -> dict[str, str]:
    """Return what ``home.json`` says about a server: its address in the clear, its password sealed."""
    if not url:
        return {}
    made = make_url(url).set(drivername="postgresql+psycopg")
    told = {"backend_url": made.set(password=None).render_as_string()}
    if made.password:
        told["backend_secret"] = key.seal("server", str(made.password).encode()).hex()
    return told


def server_url(card: dict[str, Any], key: DataKey) -> str:
    """Return the server's address with its password; without one the server's own means decide (PGPASSFILE)."""
    made = make_url(card["backend_url"])
    if secret := card.get("backend_secret"):
        made = made.set(password=key.unseal("server", bytes.fromhex(secret)).decode())
    return made.render_as_string(hide_password=False)
