"""Files 文件: writing so that after a crash the old or the new content is there, whole, and never neither."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

PATIENCE = 3.0
"""Seconds for which a virus scanner may hold a file before we give up."""

T = TypeVar("T")


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file's content at once and durably."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{token_hex(4)}.part")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        patiently(lambda: part.replace(file))
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def write_json(file: Path, content: Any) -> None:
    """Replace a JSON file at once and durably."""
    write_whole(file, json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode())


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Raises:
        ValueError: when it holds anything else.
    """
    content = json.loads(patiently(file.read_bytes).decode())
    if not isinstance(content, dict):
        raise ValueError(f"{file.name} holds no object")
    return content


def remove(file: Path) -> None:
    """Remove a file durably; one that is not there is fine."""
    patiently(lambda: file.unlink(missing_ok=True))
    sync_folder(file.parent)


def sync_file(file: Path) -> None:
    """Wait until a file's content is on the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until a folder's names are on the disk; Windows does that by itself."""
    if os.name == "nt" or not folder.exists():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def patiently(act: Callable[[], T]) -> T:
    """Repeat an act that Windows refuses for a moment because a scanner holds the file."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except PermissionError:
            if os.name != "nt" or time.monotonic() > until:
                raise
            time.sleep(0.05)


def sweep_parts(folder: Path) -> None:
    """Remove what an interrupted writing left behind."""
    for part in folder.glob(".*.part"):
        if part.is_file():
            part.unlink(missing_ok=True)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep other programs and workstations away from a file while it is read and rewritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(file.name + ".lock").open("a+b") as stream:
        _lock(stream.fileno())
        try:
            yield
        finally:
            _unlock(stream.fileno())


if os.name == "nt":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined] # Windows only
                return
            except OSError:  # it gives up after ten tries
                time.sleep(0.05)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined] # Windows only

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
