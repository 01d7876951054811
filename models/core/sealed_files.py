"""Sealed files 加密文件: contents of any length, encrypted and authenticated in pieces as they pass by.

A piece carries its number and whether it is the last, so that pieces cannot be changed, exchanged,
repeated or cut off. Memory stays small whatever the size.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.core.errors import Unusable
from models.core.keys import DataKey
from resources import _

MAGIC = b"QHSEAL1\n"
PIECE, TAG = 256 * 1024, 16


class SealedWriter:
    """Write a sealed file piece by piece; it is whole only after :meth:`close`.

    with SealedWriter(stream, key, "attachment") as writer:
        writer.write(piece)
    """

    def __init__(self, stream: BinaryIO, key: DataKey, purpose: str) -> None:
        self.stream, self.purpose = stream, purpose.encode()
        self.cipher, self.prefix = AESGCM(key.part(purpose)), os.urandom(7)
        self.number, self.waiting = 0, bytearray()
        stream.write(MAGIC + self.prefix)

    def write(self, content: bytes) -> None:
        """Add to the content."""
        self.waiting += content
        while len(self.waiting) > PIECE:
            self._put(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _put(self, piece: bytes, *, last: bool) -> None:
        self.stream.write(self.cipher.encrypt(_nonce(self.prefix, self.number, last), piece, self.purpose))
        self.number += 1

    def __enter__(self) -> SealedWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()


def unsealed(stream: BinaryIO, key: DataKey, purpose: str) -> Iterator[bytes]:
    """Yield the content of a sealed file piece by piece.

    Raises:
        Unusable: when it was changed or cut off, or is not this home's.
    """
    if stream.read(len(MAGIC)) != MAGIC or len(prefix := stream.read(7)) < 7:
        raise Unusable(_("This file was damaged or does not belong to this home."))
    cipher, number = AESGCM(key.part(purpose)), 0
    piece = stream.read(PIECE + TAG)
    while True:
        following = stream.read(PIECE + TAG)
        try:
            yield cipher.decrypt(_nonce(prefix, number, not following), piece, purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Unusable(_("This file was damaged or does not belong to this home.")) from error
        if not following:
            return
        piece, number = following, number + 1


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
