"""Making the demo home 生成演示福利院: a home with twelve accounts of one password, filled with invented data."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from models.core.access import ROLES, SYSTEM
from models.core.accounts import NewAccount, accounts
from models.core.home import Home, Progress, silent
from models.core.keys import Cost
from models.demo import World, fill
from models.founding import new_password
from resources import current_language

NAME, REGION = "青禾儿童福利院", "320102"
USERNAMES = (
    "director", "nurse", "therapist", "caregiver", "teacher", "social", "safety", "finance", "archive",
    "sysadmin", "secadmin", "auditor",
)  # fmt: skip
"""The accounts of a demo home; each is named after its role."""
_COST = Cost(memory_kib=16384, passes=2)
"""Invented data need not be guarded like a child's, and twelve keys are made at once."""


class Stopped(Exception):
    """The person does not want the demo home after all; nothing is left of it."""


@dataclass(frozen=True)
class MadeDemo:
    """A demo home just made, locked, and the one password of all its accounts."""

    home: Home
    password: str


def make_demo_home(
    folder: Path,
    *,
    children: int = 120,
    months: int = 12,
    seed: int = 1,
    password: str = "",
    server_url: str | None = None,
    today: date | None = None,
    progress: Progress = silent,
    cancelled: Callable[[], bool] = lambda: False,
) -> MadeDemo:
    """Make an invented home, the same for the same seed and day.

    Raises:
        Stopped: when ``cancelled`` answers yes; the folder is gone again then.
    """
    password = password or new_password()
    moment = datetime.combine(today, datetime.now().time()) if today else datetime.now()
    first = [NewAccount(name, ROLES.label(name), password, (name,)) for name in USERNAMES]
    made = Home.create(
        folder, NAME, REGION, first, backend_url=server_url, language=current_language(), invented=True, cost=_COST,
        clock=lambda: moment,
    )  # fmt: skip
    try:
        _fill(made.home, Random(seed), moment.date(), months, children, _watched(progress, cancelled))
    except BaseException:
        made.home.lock()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made.home.lock()
    return MadeDemo(made.home, password)


def _fill(home: Home, random: Random, today: date, months: int, children: int, progress: Progress) -> None:
    database = home.open_database()
    try:
        with database.work(SYSTEM) as work:
            world = World(work, random, today, months, size=children)
            world.accounts = {row.username: row.id for row in accounts(work)}
            fill(world, progress)
    finally:
        database.close()


def _watched(progress: Progress, cancelled: Callable[[], bool]) -> Progress:
    def tell(share: float, what: str) -> None:
        if cancelled():
            raise Stopped
        progress(share, what)

    return tell
