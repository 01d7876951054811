"""The encrypted database file, looked at from outside: is it whole, is it ours, does the key fit?

SQLCipher authenticates every page by itself: a page of 4,096 bytes ends with its HMAC-SHA512 under a
key made of the data key and the file's first 16 bytes. Checking that needs no database connection,
so a file that is not in order is told from one that is before anything could be written to it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from models.core.errors import Unusable
from resources import _

PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16
WAL_HEADER, FRAME_HEADER = 32, 24


def examine(file: Path, key: bytes) -> None:
    """Look at a database file and say in words why it must not be opened.

    Raises:
        Unusable: when it is missing, empty, not encrypted, another home's, cut off or damaged.
    """
    if not file.exists():
        raise Unusable(_("The database file is not where it should be: {file}").format(file=file))
    size = file.stat().st_size
    with file.open("rb") as stream:
        first = stream.read(PAGE)
    if size == 0:
        raise Unusable(_("The database file is empty. Restore the newest backup; nothing was written."))
    if first.startswith(b"SQLite format 3\0"):
        raise Unusable(_("This is a database without encryption, not one of this program. Nothing was written."))
    if size < PAGE:
        raise Unusable(_("The database file is cut off. Restore the newest backup; nothing was written."))
    log = _log_frame(file.with_name(file.name + "-wal"))
    if log is not None:
        if not page_fits(log[1], log[0], key, first[:SALT]):
            raise Unusable(
                _("The file {file} belongs to another database. Nothing was written.").format(file=file.name + "-wal")
            )
    elif not page_fits(first, 1, key, first[:SALT]):
        raise Unusable(why_unreadable(file, key))
    elif size < _claimed_pages(first, key) * PAGE:
        raise Unusable(_("The database file is cut off. Restore the newest backup; nothing was written."))


def why_unreadable(file: Path, key: bytes) -> str:
    """Say why a file cannot be read: when later pages fit, the first is damaged; when none does, it is not ours."""
    if any(fits for _number, fits in pages(file, key, most=50)):
        return _("The database file is damaged in its first page. Restore the newest backup; nothing was written.")
    return _("This file is not this home's database, or its key does not fit. Nothing was written.")


def _log_frame(log: Path) -> tuple[int, bytes] | None:
    """Return number and content of the first page that SQLite would take from a write-ahead log.

    A log of another file would be written into this one at the next check point, so the first page
    is enough to look at; without a valid one SQLite takes nothing from the log.
    """
    if not log.exists():
        return None
    with log.open("rb") as stream:
        header, frame, page = stream.read(WAL_HEADER), stream.read(FRAME_HEADER), stream.read(PAGE)
    if len(page) < PAGE or header[16:24] != frame[8:16]:
        return None
    order: Literal["big", "little"] = "big" if header[3] & 1 else "little"
    start = _checksum(header[:24], order, (0, 0))
    if _checksum(frame[:8] + page, order, start) != _pair(frame[16:24]) or start != _pair(header[24:32]):
        return None
    return int.from_bytes(frame[:4], "big"), page


def _checksum(content: bytes, order: Literal["big", "little"], start: tuple[int, int]) -> tuple[int, int]:
    """SQLite's running checksum of a write-ahead log."""
    first, second = start
    for place in range(0, len(content), 8):
        first = (first + int.from_bytes(content[place : place + 4], order) + second) & 0xFFFFFFFF
        second = (second + int.from_bytes(content[place + 4 : place + 8], order) + first) & 0xFFFFFFFF
    return first, second


def _pair(content: bytes) -> tuple[int, int]:
    return int.from_bytes(content[:4], "big"), int.from_bytes(content[4:], "big")


def _claimed_pages(first: bytes, key: bytes) -> int:
    """Return how many pages the file has by its own word, which stands encrypted in its first page."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    vector = first[PAGE - RESERVED : PAGE - RESERVED + IV]
    opened = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor().update(first[SALT : PAGE - RESERVED])
    return int.from_bytes(opened[28 - SALT : 32 - SALT], "big")


def pages(file: Path, key: bytes, most: int | None = None) -> Iterator[tuple[int, bool]]:
    """Yield number and soundness of the pages of a file."""
    with file.open("rb") as stream:
        number, salt = 0, b""
        while (page := stream.read(PAGE)) and (most is None or number < most):
            number += 1
            salt = salt or page[:SALT]
            yield number, page_fits(page, number, key, salt)


def damaged_pages(file: Path, key: bytes) -> list[int]:
    """Return the numbers of all pages of a file at rest that were changed by anything but this program."""
    return [number for number, fits in pages(file, key) if not fits]


def page_fits(page: bytes, number: int, key: bytes, salt: bytes) -> bool:
    """Whether a page carries the right seal."""
    if len(page) < PAGE:
        return False
    body = page[SALT if number == 1 else 0 : PAGE - RESERVED + IV]
    wanted = hmac.digest(_page_key(key, salt), body + number.to_bytes(4, "little"), "sha512")
    return hmac.compare_digest(wanted, page[PAGE - 64 :])


_page_keys: dict[bytes, bytes] = {}


def _page_key(key: bytes, salt: bytes) -> bytes:
    known = hashlib.sha256(key + salt).digest()
    if known not in _page_keys:
        _page_keys.clear()  # one file at a time; no keys are collected
        _page_keys[known] = hashlib.pbkdf2_hmac("sha512", key, bytes(each ^ 0x3A for each in salt), 2, 32)
    return _page_keys[known]
