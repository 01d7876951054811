"""Preferences 个人偏好: how a person likes the window — never what is known about a child.

    app.settings.get("columns.Child", [])
    app.settings.set("columns.Child", ["name", "number"])

They lie in one small file beside the home, one part an account and one (``""``) for the workstation,
which holds what must be known before anybody has signed in: language, theme and text size.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORKSTATION = ""


class Preferences:
    """The preferences of one account, kept in a file (or only in memory, for tests and when it cannot be written)."""

    def __init__(self, file: Path | None = None, account_id: str = WORKSTATION) -> None:
        self._file, self._account = file, account_id
        self._values: dict[str, Any] = dict(_read(file).get(account_id, {}))

    def get(self, name: str, default: Any = None) -> Any:
        """Return a preference."""
        return self._values.get(name, default)

    def set(self, name: str, value: Any) -> None:
        """Keep a preference; ``value`` is anything JSON can hold."""
        if self._values.get(name) == value:
            return
        self._values[name] = value
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        whole = _read(self._file)
        whole[self._account] = self._values
        part = self._file.with_suffix(".part")
        try:
            part.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self._file)
        except OSError:
            # A folder that cannot be written costs a comfort, not work; the preference lasts until closing.
            self._file = None


def _read(file: Path | None) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return {}
    return {key: part for key, part in found.items() if isinstance(part, dict)} if isinstance(found, dict) else {}
