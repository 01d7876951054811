"""Attempts 登录尝试: five wrong passwords close an account for thirty minutes, whatever workstation they come from.

Nobody has the database's key at that moment, so they are kept in a file beside it, under the same
meaningless names as in the key file (people type passwords into the field for the name). What was
refused goes into the audit trail as soon as somebody has signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models.core.errors import SignInRefused
from models.core.files import locked, read_json, write_json
from resources import _

ALLOWED = 5
WINDOW = timedelta(minutes=30)
KEPT = 1000
"""Refusals waiting for the audit trail; older ones are only counted."""


class Attempts:
    """The file ``sign_in.json`` of a home."""

    def __init__(self, file: Path, clock: Callable[[], datetime]) -> None:
        self.file, self.clock = file, clock

    def begin(self, slot: str) -> None:
        """Count an attempt before its password is looked at, so that stopping the program gains nothing.

        Raises:
            SignInRefused: when there have been too many.
        """
        now = self.clock()
        with self._changing() as content:
            recent = [moment for moment in content["open"].get(slot, []) if _counts(moment, now)]
            refused = len(recent) >= ALLOWED
            if not refused:
                content["open"][slot] = [*recent, now.isoformat()]
            _note(content, slot, now)
        if refused:
            raise SignInRefused(
                _("Too many failed attempts. Please try again in {n} minutes.").format(n=_minutes_left(recent, now))
            )

    def succeeded(self, slot: str) -> list[tuple[str, datetime]]:
        """Forget the failures of one account and hand over all refusals not yet in the audit trail."""
        with self._changing() as content:
            content["open"].pop(slot, None)
            last = max((place for place, each in enumerate(content["refused"]) if each[0] == slot), default=None)
            if last is not None:
                del content["refused"][last]  # the attempt that succeeded
            return [(each[0], datetime.fromisoformat(each[1])) for each in content["refused"]]

    def noted(self, count: int) -> None:
        """Forget the first ``count`` refusals; they are in the audit trail now."""
        with self._changing() as content:
            content["refused"] = content["refused"][count:]

    def release(self, slot: str) -> None:
        """Open a closed account again, because its person proved to be who they are in another way."""
        with self._changing() as content:
            content["open"].pop(slot, None)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        with locked(self.file):
            content = self._read()
            yield content
            now = self.clock()
            content["open"] = {
                slot: moments
                for slot, moments in content["open"].items()
                if any(_counts(each, now) for each in moments)
            }
            write_json(self.file, content)

    def _read(self) -> dict[str, Any]:
        try:
            content = read_json(self.file)
        except (FileNotFoundError, ValueError):
            content = {}
        return {"open": content.get("open") or {}, "refused": content.get("refused") or []}


def _note(content: dict[str, Any], slot: str, now: datetime) -> None:
    content["refused"] = [*content["refused"], [slot, now.isoformat()]][-KEPT:]


def _counts(moment: str, now: datetime) -> bool:
    """Whether an attempt still counts; setting the clock back does not wipe it out."""
    return now - datetime.fromisoformat(moment) < WINDOW


def _minutes_left(recent: list[str], now: datetime) -> int:
    oldest = datetime.fromisoformat(recent[-ALLOWED])
    return max(1, min(30, round((oldest + WINDOW - now).total_seconds() / 60)))
