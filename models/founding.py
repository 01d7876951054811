"""Founding 建院: what the program proposes when a home is made — regions to choose from, first accounts, passwords."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import choice

from models.core.accounts import NewAccount, load_account, named
from models.core.database import Work
from models.core.passwords import password_problem
from resources import N_, _, table

DIVISIONS = "codes/admin_divisions.csv"


@dataclass(frozen=True)
class FirstPost:
    """One of the first four accounts: its role, the user name proposed and what the person does."""

    role: str
    username: str
    task: str


FIRST_POSTS = (
    FirstPost("director", "director", N_("Sees and approves everything of the home.")),
    FirstPost("sysadmin", "sysadmin", N_("Makes accounts and backups; sees no child.")),
    FirstPost("secadmin", "secadmin", N_("Gives roles and confirms accounts; sees no child.")),
    FirstPost("auditor", "auditor", N_("Reads who did what; sees no child.")),
)
"""The director, and the three administrators who watch one another (三员分立)."""
_CONSONANTS, _VOWELS, _DIGITS = "bdfghjkmnprstwz", "aeiou", "23456789"


def new_password() -> str:
    """Return a random first password that can be read out and typed, e.g. ``Kudame-4738-ros`` (about 44 bits)."""
    while True:
        made = f"{_syllables(3).capitalize()}-{''.join(choice(_DIGITS) for _each in range(4))}-{_syllables(2)[:3]}"
        if not password_problem(made, ""):
            return made


def _syllables(number: int) -> str:
    return "".join(choice(_CONSONANTS) + choice(_VOWELS) for _each in range(number))


def provinces() -> list[tuple[str, str]]:
    """Return (code, name) of all provinces."""
    return [(row["code"], row["name"]) for row in table(DIVISIONS) if row["level"] == "province"]


def prefectures(province: str) -> list[tuple[str, str]]:
    """Return (code, name) of the prefectures of a province; empty for a municipality."""
    return [
        (row["code"], row["name"])
        for row in table(DIVISIONS)
        if row["level"] == "prefecture" and row["parent_code"] == province
    ]


def counties(parent: str) -> list[tuple[str, str]]:
    """Return (code, name) of the counties and districts of a prefecture, or of a municipality."""
    return [
        (row["code"], row["name"])
        for row in table(DIVISIONS)
        if row["level"] == "county" and row["parent_code"] == parent
    ]


def regions() -> list[tuple[str, str, str]]:
    """Return (code, whole name, own name) of every region."""
    return [(row["code"], _whole(row), row["name"]) for row in table(DIVISIONS)]


def _whole(row: dict[str, str]) -> str:
    return "".join(dict.fromkeys(each for each in (row["province"], row["prefecture"], row["name"]) if each))


def region_name(code: str) -> str:
    """Return the whole name of a region, e.g. 江苏省南京市玄武区."""
    return next((_whole(row) for row in table(DIVISIONS) if row["code"] == code), "")


def first_accounts(entries: Sequence[tuple[FirstPost, str, str, str]]) -> list[NewAccount]:
    """Return the accounts of (post, name, user name, password) entries."""
    return [
        NewAccount(username.strip(), name.strip(), password, (post.role,)) for post, name, username, password in entries
    ]


def ask_for_new_password(work: Work, username: str) -> None:
    """Let a person choose a password of their own at the first signing in, because this one was printed."""
    account = named(work, username)
    if account is not None:
        load_account(work, account.id).must_change_password = True
        work.flush()


def server_problem(address: str) -> str:
    """Say what is wrong with the address of a PostgreSQL database, or nothing; the server is not asked yet."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address.strip())
    except ArgumentError:
        return _("An address looks like postgresql://user:password@server/database.")
    if not url.drivername.startswith("postgresql"):
        return _("Only PostgreSQL is supported; an address begins with postgresql://")
    if not ((url.host or url.query.get("host")) and url.database):
        return _("The address must name the server and the database.")
    return ""


NAME_PROPOSED = N_("{region} Children's Welfare Home")


def proposed_name(region: str) -> str:
    """Return a name for the home of a region, e.g. 南京市儿童福利院."""
    for row in table(DIVISIONS):
        if row["code"] == region:
            return _(NAME_PROPOSED).format(region=row["prefecture"] or row["province"])
    return ""
