"""Drafts 草稿: what was typed and not yet saved, kept encrypted so that a crash or a lock loses nothing.

drafts = Drafts(home, actor)
drafts.keep("Child/new", form.values())      # the form calls this at most two seconds after a key
values = drafts.take("Child/new")            # read and removed, once it is back on the screen
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.core.access import Actor
from models.core.errors import Unusable
from models.core.files import remove, sweep_parts, write_whole
from models.core.home import Home

_TAGS: dict[str, tuple[Any, Any]] = {
    "datetime": (datetime, datetime.fromisoformat),
    "date": (date, date.fromisoformat),
    "time": (time, time.fromisoformat),
    "decimal": (Decimal, Decimal),
}


@dataclass(frozen=True)
class Draft:
    """One draft: the form it belongs to, when it was kept, and what was typed."""

    key: str
    kept_at: datetime
    values: dict[str, Any]


class Drafts:
    """The drafts of one person."""

    def __init__(self, home: Home, actor: Actor) -> None:
        self._key, self._clock = home.key, home.clock
        self.folder = home.folder / "drafts" / self._key.mark("drafts", actor.account_id.encode())[:32]
        self.purpose = f"drafts/{actor.account_id}"

    def keep(self, key: str, values: dict[str, Any]) -> None:
        """Keep what is typed in a form, instead of what was kept before."""
        content = {"key": key, "kept_at": self._clock().isoformat(), "values": values}
        plain = json.dumps(content, ensure_ascii=False, default=_tagged).encode("utf-8", "surrogatepass")
        write_whole(self._file(key), self._key.seal(self.purpose, plain))

    def take(self, key: str) -> dict[str, Any] | None:
        """Return a draft's values and remove it; None when there is none."""
        draft = self._read(self._file(key))
        remove(self._file(key))
        return draft.values if draft else None

    def look(self, key: str) -> dict[str, Any] | None:
        """Return a draft's values and leave it where it is."""
        draft = self._read(self._file(key))
        return draft.values if draft else None

    def forget(self, key: str) -> None:
        """Remove a draft, because its form was saved or given up."""
        remove(self._file(key))

    def list(self) -> list[Draft]:
        """Return all drafts, the newest first."""
        return sorted(self._all(), key=lambda draft: draft.kept_at, reverse=True)

    def _all(self) -> Iterator[Draft]:
        sweep_parts(self.folder)
        for file in self.folder.glob("*.draft"):
            if draft := self._read(file):
                yield draft

    def _file(self, key: str) -> Path:
        return self.folder / (self._key.mark("drafts", key.encode())[:32] + ".draft")

    def _read(self, file: Path) -> Draft | None:
        """Return a draft; one that cannot be read is as good as none, and must not keep anybody from working."""
        try:
            plain = self._key.unseal(self.purpose, file.read_bytes())
        except (FileNotFoundError, Unusable):
            return None
        content = json.loads(plain.decode("utf-8", "surrogatepass"), object_hook=_untagged)
        return Draft(content["key"], datetime.fromisoformat(content["kept_at"]), content["values"])


def _tagged(value: Any) -> dict[str, str]:
    for tag, (kind, _made) in _TAGS.items():
        if isinstance(value, kind):
            return {f"${tag}": str(value) if isinstance(value, Decimal) else value.isoformat()}
    raise TypeError(f"a draft cannot hold {value!r}")


def _untagged(value: dict[str, Any]) -> Any:
    if len(value) == 1 and (name := next(iter(value))).startswith("$") and name[1:] in _TAGS:
        return _TAGS[name[1:]][1](value[name])
    return value
