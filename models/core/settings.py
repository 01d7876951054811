"""Settings 设置: what a home decides for itself, declared with label and default beside the name.

An area declares its own with :func:`setting`; nothing is stored until somebody changes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.audit import Event
from models.core.database import Work
from models.core.errors import Forbidden, Invalid, Problem
from models.core.fields import bound_words
from models.core.record import Base
from models.core.words import Code, CodeList
from resources import N_, _

KINDS: dict[str, type] = {"text": str, "integer": int, "yes_no": bool, "code": str}


@dataclass(frozen=True)
class Declared:
    """One setting: its label, its default, who may change it and what it may be."""

    name: str
    label: str
    default: Any
    section: str
    kind: str = "text"
    unit: str = ""
    help: str = ""
    codes: CodeList | None = None
    minimum: int | None = None
    maximum: int | None = None
    keepers: frozenset[str] = frozenset({"director"})
    hidden: bool = False

    @property
    def title(self) -> str:
        """The label in the language in use."""
        return _(self.label)


_declared: dict[str, Declared] = {}


def setting(
    name: str, label: str, default: Any, section: str, *, keepers: Iterable[str] = ("director",), **more: Any
) -> Declared:
    """Declare a setting."""
    made = Declared(name, label, default, section, keepers=frozenset(keepers), **more)
    _declared[name] = made
    return made


def declared() -> tuple[Declared, ...]:
    """Return all settings, in the order of their declaration."""
    return tuple(_declared.values())


LANGUAGE_CODES = CodeList("language", Code("zh_CN", "中文", "中文"), Code("en", "English", "English"))
HOME, SAFETY, KEEPING = N_("The home"), N_("Signing in"), N_("Safekeeping")

setting("home_name", N_("Name of the home"), "", HOME)
setting("home_region", N_("Region"), "", HOME, help=N_("The six digits of the county or district, e.g. 320102."))
setting("invented", N_("Invented demo home"), False, HOME, kind="yes_no", keepers=(), hidden=True)
setting("language", N_("Language of papers"), "zh_CN", HOME, kind="code", codes=LANGUAGE_CODES)

setting(
    "lock_minutes",
    N_("Lock the window after"),
    10,
    SAFETY,
    kind="integer",
    unit=N_("minutes"),
    minimum=1,
    maximum=120,
    keepers=("secadmin",),
)
setting("password_days", N_("A password is good for"), 90, SAFETY, kind="integer", unit=N_("days"), minimum=0, maximum=730, keepers=("secadmin",),
        help=N_("0: until it is changed."))  # fmt: skip

setting(
    "attachment_megabytes",
    N_("Largest attachment"),
    20,
    KEEPING,
    kind="integer",
    unit="MB",
    minimum=1,
    maximum=500,
    keepers=("sysadmin", "director"),
)
setting(
    "backup_minutes",
    N_("Back up every"),
    15,
    KEEPING,
    kind="integer",
    unit=N_("minutes"),
    minimum=5,
    maximum=240,
    keepers=("sysadmin", "director"),
)
setting("backup_place", N_("Second place for backups"), "", KEEPING, keepers=("sysadmin", "director"),
        help=N_("A folder on another disk or computer, e.g. a USB disk."))  # fmt: skip


class Setting(Base):
    """One setting that this home has changed 设置."""

    title: ClassVar[str] = N_("Setting")

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    changed_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)
    changed_by: Mapped[str] = mapped_column(String(100), nullable=False)

    def guard(self, work: Work) -> None:
        known = _declared.get(self.name)
        if not work.actor.system and (self in work.deleted or known is None or not work.actor.roles & known.keepers):
            raise Forbidden(
                _("Your roles do not allow this: {what}.").format(what=known.title if known else _(self.title))
            )


def value(work: Work, name: str) -> Any:
    """Return a setting's value, or its default."""
    stored = work.scalar(select(Setting).where(Setting.name == name))
    return _declared[name].default if stored is None else stored.value


def values(work: Work) -> dict[str, Any]:
    """Return all settings by name."""
    stored = {each.name: each.value for each in work.scalars(select(Setting))}
    return {each.name: stored.get(each.name, each.default) for each in declared()}


def change(work: Work, name: str, new: Any) -> None:
    """Change a setting, when the person may and the value fits.

    Raises:
        Invalid: when the value does not fit.
    """
    known = _declared[name]
    message = _wrong(known, new)
    if message:
        raise Invalid([Problem(name, message)])
    row = work.scalar(select(Setting).where(Setting.name == name))
    old = known.default if row is None else row.value
    if old == new:
        return
    if row is None:
        row = Setting(name=name)
        work.add(row)
    row.value, row.changed_at, row.changed_by = new, work.now, work.actor.name
    work.flush()
    work.events.append(Event("settings", "Setting", name, details={name: [old, new]}))


def _wrong(known: Declared, new: Any) -> str:
    fits = isinstance(new, KINDS[known.kind]) and isinstance(new, bool) == (known.kind == "yes_no")
    if not fits:
        return _("Please enter a whole number.") if known.kind == "integer" else _("Please fill this in.")
    if known.codes is not None and new not in known.codes:
        return _("Please choose from the list.")
    if known.minimum is not None and new < known.minimum:
        return bound_words(_("At least {n} {unit}."), known.minimum, known.unit)
    if known.maximum is not None and new > known.maximum:
        return bound_words(_("At most {n} {unit}."), known.maximum, known.unit)
    return ""
