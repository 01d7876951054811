"""When to back up, and what to keep: every 15 minutes if something changed, at closing, and a second place.

keeper = Keeper(home, database)
keeper.tick()       # called by a timer, in a worker thread
keeper.closing()    # called once, when the window has closed
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from models.core import attachments, settings
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.backup import FOLDER, Found, backup, backups, copy_elsewhere, newest, read_manifest
from models.core.database import Database
from models.core.errors import Refused
from models.core.home import Home
from resources import _

ALL_FOR = timedelta(days=2)
DAYS, WEEKS, MONTHS = 30, 12, 24
SECOND_PLACE_WITHIN = timedelta(days=7)
QUIET_EVENTS = ("backup", "signed_in", "signed_out")
"""Events that are no reason for a new backup."""


def kept(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return which backups to keep: all of 2 days, daily for 30, weekly for 12, monthly for 24, yearly for ever.

    The newest of each period stays, and always the newest of all.
    """
    falling = sorted(moments, reverse=True)
    keep = set(falling[:1]) | {moment for moment in falling if now - moment <= ALL_FOR}
    rules: tuple[tuple[timedelta | None, Callable[[datetime], object]], ...] = (
        (timedelta(days=DAYS), lambda moment: moment.date()),
        (timedelta(weeks=WEEKS), lambda moment: moment.isocalendar()[:2]),
        (timedelta(days=31 * MONTHS), lambda moment: (moment.year, moment.month)),
        (None, lambda moment: moment.year),
    )
    for span, period in rules:
        latest: dict[object, datetime] = {}
        for moment in falling:
            if span is None or now - moment <= span:
                latest.setdefault(period(moment), moment)
        keep |= set(latest.values())
    return keep


class Keeper:
    """Backs up one home by itself.

    Attributes:
        problem: what went wrong last, in words for the safekeeping page, or nothing.
    """

    def __init__(self, home: Home, database: Database) -> None:
        self.home, self.database = home, database
        self.place = home.folder / FOLDER
        self.problem = ""
        self._last: Found | None = None

    def due(self) -> bool:
        """Whether something changed and the last backup is old enough."""
        with self.database.read(SYSTEM) as work:
            minutes = settings.value(work, "backup_minutes")
        last = self._newest()
        if last and timedelta() <= self.database.clock() - last.manifest.moment < timedelta(minutes=minutes):
            return False
        return self.changed()

    def changed(self) -> bool:
        """Whether the audit trail names any change since the last backup."""
        last = self._newest()
        if last is None:
            return True
        since = select(func.count(AuditEntry.sequence)).where(
            AuditEntry.sequence > last.manifest.audit[0], AuditEntry.event.not_in(QUIET_EVENTS)
        )
        with self.database.read(SYSTEM) as work:
            return bool(work.scalar(since))

    def tick(self) -> Path | None:
        """Back up when it is due."""
        return self.now() if self.due() else None

    def closing(self) -> Path | None:
        """Back up at the end of the day's work, when something changed."""
        return self.now() if self.changed() else None

    def now(self) -> Path | None:
        """Back up, copy to the second place, and clear away what need not be kept; never raise a refusal."""
        try:
            made = backup(self.home, self.database)
            self._last = Found(made, read_manifest(made)[0])
            self._second_place(made)
            self._clear(self.place)
        except Refused as error:
            self.problem = str(error)
            return None
        return made

    def _second_place(self, made: Path) -> None:
        self.problem = ""
        place = self.second_place()
        if place is None:
            return
        try:
            copy_elsewhere(made, place, self.home.key)
            self._clear(place)
        except Refused as error:
            last = newest(place)
            if last is None or self.database.clock() - last.manifest.moment > SECOND_PLACE_WITHIN:
                self.problem = _("There has been no backup in the second place for a week.") + " " + str(error)

    def second_place(self) -> Path | None:
        """Return the folder for this home in the second place, when one is named."""
        with self.database.read(SYSTEM) as work:
            named = str(settings.value(work, "backup_place")).strip()
        return Path(named) / f"qinghe-{self.home.id[-12:]}" if named else None

    def _clear(self, place: Path) -> None:
        clear(place, self.database.clock())

    def _newest(self) -> Found | None:
        """The last backup: the one just made, even when the clock was set back since the one before."""
        return self._last or newest(self.place)


def clear(place: Path, now: datetime) -> list[Path]:
    """Remove backups that need not be kept, and attachments that no backup names any more."""
    found = backups(place)
    keep = kept((each.manifest.moment for each in found), now)
    gone = [each.path for each in found if each.manifest.moment not in keep]
    for path in gone:
        hidden = path.with_name(f".{path.name}.gone")
        path.rename(hidden)  # at once no backup any more, whatever happens next
        shutil.rmtree(hidden, ignore_errors=True)
    if gone:
        named = {digest for each in backups(place) for digest in each.manifest.files}
        for digest in attachments.stored_hashes(place) - named:
            attachments.place(place, digest).unlink(missing_ok=True)
    for rest in [*place.glob(".*.gone"), *place.glob(".*.part")]:
        if now.timestamp() - rest.stat().st_mtime > 86_400:
            shutil.rmtree(rest, ignore_errors=True)
    return gone
