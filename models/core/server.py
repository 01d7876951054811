"""The server 服务器: a home's database on PostgreSQL, where several workstations share it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import OperationalError

from models.core.database import postgres_engine
from models.core.errors import Unusable
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
