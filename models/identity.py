"""Identity numbers 公民身份号码: GB 11643-1999, with the exceptions that a children's home really meets.

    read("11010519491231002x")   -> Identity(number="11010519491231002X", area="北京市朝阳区", …)
    problems_with(number, sex="1", born_on=…, today=…)

A foundling has no number before the household registration; a number may differ from the known date of
birth, and then the household register prevails. Both are states of the child (:data:`STATUS`), not errors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from models.core.errors import Problem
from models.core.words import Code, CodeList
from resources import N_, _, table

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"

STATUS = CodeList(
    "identity_status",
    Code("issued", N_("Number issued"), "已有公民身份号码"),
    Code("unregistered", N_("No household registration yet, no number"), "尚未落户，无号码"),
    Code("differs", N_("Number differs; the household register prevails"), "号码与出生日期等不符，以户籍为准"),
)


@dataclass(frozen=True)
class Identity:
    """What a number of 18 places says: where it was issued, when the person was born, and the sex."""

    number: str
    area_code: str
    area: str
    born_on: date
    sex: str


class Unreadable(ValueError):
    """The text is no identity number; the message says why, for the person who typed it."""


def normalised(text: str | None) -> str:
    """Return a number as it is stored: half-width, no spaces or dashes, a capital X.

    >>> normalised("１１０１０５ 19491231 002ｘ")
    '11010519491231002X'
    """
    plain = unicodedata.normalize("NFKC", text or "")
    return re.sub(r"[\s\-_—–·.]", "", plain).upper().replace("×", "X").replace("Х", "X")


def check_character(first: str) -> str:
    """Return the eighteenth place for the first seventeen."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first, strict=True))
    return CHECK_CHARACTERS[total % 11]


@cache
def _areas() -> dict[str, str]:
    """Every area code that was valid at some time; codes are abolished, numbers are not."""
    known = {row["code"]: row["last_name"] for row in table("codes/admin_divisions_retired.csv")}
    for row in table("codes/admin_divisions.csv"):
        parts = dict.fromkeys(each for each in (row["province"], row["prefecture"], row["name"]) if each)
        known[row["code"]] = "".join(parts)
    known.update({row["code"]: row["name"] for row in table("codes/identity_area_extras.csv")})
    return known


def area_name(code: str) -> str | None:
    """Return the name of an area code that is or once was valid, or None."""
    name = _areas().get(code)
    if name is None or len(name) > 6 or code.endswith("0000"):
        return name
    province = _areas().get(code[:2] + "0000", "")
    return name if name.startswith(province) else province + name


def read(text: str) -> Identity:
    """Read a number by itself: form, check digit, date and area.

    Raises:
        Unreadable: when it cannot be a number that was ever issued.
    """
    number = normalised(text)
    _check_form(number)
    if check_character(number[:17]) != number[17]:
        raise Unreadable(_("The check digit does not fit; one of the digits was mistyped."))
    area = area_name(number[:6])
    if area is None:
        raise Unreadable(_("The first six digits {code} never were an area code.").format(code=number[:6]))
    return Identity(number, number[:6], area, _date_in(number), "1" if int(number[16]) % 2 else "2")


def _check_form(number: str) -> None:
    if re.fullmatch(r"\d{15}", number):
        raise Unreadable(
            _("This is an old number of 15 digits; please take the one of 18 from the household register.")
        )
    if len(number) != 18:
        raise Unreadable(_("An identity number has 18 places; this has {n}.").format(n=len(number)))
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Unreadable(_("An identity number has digits only; the last place may be an X."))


def _date_in(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Unreadable(_("Digits 7 to 14, {text}, are no date.").format(text=number[6:14])) from None


def problems_with(
    number: str | None,
    *,
    sex: str | None,
    born_on: date | None,
    today: date,
    status: str | None = "issued",
    reason: str | None = None,
    presumed: bool = False,
    field: str = "identity_number",
) -> Iterator[Problem]:
    """Yield what is wrong with a child's number, beside what else is known of the child.

    Args:
        status: one of :data:`STATUS`; ``differs`` accepts any disagreement, but asks for the reason.
        presumed: the date of birth is an estimate, so the register's date is the better one.
    """
    if status == "differs" and not (reason or "").strip():
        yield Problem("identity_note", _("Please note how the number differs and what the household register says."))
    if not number:
        if status in {"issued", "differs"}:
            yield Problem(field, _("Please enter the number, or choose that there is none yet."))
        return
    if status == "unregistered":
        yield Problem("identity_status", _("There is a number, so the child is registered; please change this."))
    try:
        identity = read(number)
    except Unreadable as why:
        yield Problem(field, str(why))
        return
    if identity.born_on > today:
        yield Problem(field, _("The number says the child will be born on {day}.").format(day=identity.born_on))
    elif status != "differs":
        yield from _disagreements(identity, sex, born_on, presumed, field)


def _disagreements(
    identity: Identity, sex: str | None, born_on: date | None, presumed: bool, field: str
) -> Iterator[Problem]:
    if born_on and identity.born_on != born_on:
        advice = (
            _("The number says {day}. The present date is an estimate: take over the register's date?")
            if presumed
            else _(
                "The number says born on {day}. Where the household register is right, choose so and give the reason."
            )
        )
        yield Problem(field, advice.format(day=identity.born_on))
    if sex in {"1", "2"} and identity.sex != sex:
        yield Problem(field, _("The 17th digit belongs to the other sex."))


def masked(number: str | None) -> str:
    """Return a number as it may be shown beside a name: the first six places and the last two.

    >>> masked("11010519491231002X")
    '110105**********2X'
    """
    return f"{number[:6]}{'*' * 10}{number[-2:]}" if number and len(number) == 18 else ""
