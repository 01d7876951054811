"""Whole homes for tests: the ordinary accounts, keys that cost little, everything else real."""

from __future__ import annotations

from pathlib import Path

from models.core.accounts import NewAccount
from models.core.home import Created, Home
from models.core.keys import Cost

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "Harvest-moon-27"
ACCOUNTS = (
    NewAccount("director", "院长", PASSWORD, ("director",)),
    NewAccount("sysadmin", "系统管理员", PASSWORD, ("sysadmin",)),
    NewAccount("secadmin", "安全管理员", PASSWORD, ("secadmin",)),
    NewAccount("auditor", "安全审计员", PASSWORD, ("auditor",)),
    NewAccount("caregiver", "单雄", PASSWORD, ("caregiver",)),
)


def make_home(folder: Path, **options: object) -> Created:
    """Make the ordinary small home, unlocked."""
    return Home.create(folder, "青禾儿童福利院", "320102", ACCOUNTS, cost=CHEAP, **options)  # type: ignore[arg-type]
