"""Keys 密钥: one random data key a home, kept only wrapped — once for every user and once for the recovery key.

The data key opens the database, attachments, drafts and backups. A password never leaves this
module: Argon2id makes a key of it that unwraps the data key, or does not. Removing a user deletes
a wrap; nothing needs to be encrypted anew. See ``docs/decisions/0005-keys.md``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.core.errors import Unusable
from models.core.files import locked, read_json, write_json
from resources import _

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's letters: none of them is taken for another on paper."""
GROUPS, GROUP = 9, 4
"""A recovery key: eight groups of four letters (160 random bits) and one that finds typing errors."""


@dataclass(frozen=True)
class Cost:
    """How dear one guess of a password is; written beside every wrap, so that it may grow later."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4


class DataKey:
    """The home's data key while somebody is signed in."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @classmethod
    def new(cls) -> DataKey:
        """Return a new random key."""
        return cls(os.urandom(32))

    def part(self, purpose: str) -> bytes:
        """Return the key of one purpose, so that nothing sealed for one can be passed off as another."""
        return hmac.digest(self.raw, b"qinghe/" + purpose.encode(), "sha256")

    def seal(self, purpose: str, content: bytes) -> bytes:
        """Encrypt and authenticate a content for one purpose."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.part(purpose)).encrypt(nonce, content, purpose.encode())

    def unseal(self, purpose: str, sealed: bytes) -> bytes:
        """Open what :meth:`seal` made.

        Raises:
            Unusable: when it was changed, or sealed with another key or for another purpose.
        """
        try:
            return AESGCM(self.part(purpose)).decrypt(sealed[:12], sealed[12:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise Unusable(_("This file was damaged or does not belong to this home.")) from error

    def mark(self, purpose: str, content: bytes) -> str:
        """Return a keyed digest, which tells nothing to those without the key."""
        return hmac.new(self.part(purpose), content, "sha256").hexdigest()


class KeyFile:
    """The file ``keys.json`` of a home: the wraps, none of which names its user in the clear."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @classmethod
    def create(cls, file: Path, home_id: str, cost: Cost) -> KeyFile:
        """Make a key file without any wrap."""
        write_json(file, {"format": 1, "home": home_id, "cost": asdict(cost), "users": {}})
        return cls(file)

    @cached_property
    def home_id(self) -> str:
        """The home for which these wraps are."""
        return str(self._read()["home"])

    def slot(self, username: str) -> str:
        """Return the name under which a user's wrap is kept."""
        return hashlib.sha256(f"{self.home_id}/{fold_name(username)}".encode()).hexdigest()[:32]

    def has(self, username: str) -> bool:
        """Whether this user can open the home."""
        return self.slot(username) in self._read()["users"]

    def slots(self) -> frozenset[str]:
        """Return the slots of all users who can open the home."""
        return frozenset(self._read()["users"])

    def unwrap(self, username: str, password: str) -> DataKey | None:
        """Return the data key, or None; an unknown user takes as long as a wrong password."""
        content, slot = self._read(), self.slot(username)
        wrap = content["users"].get(slot) or _decoy(slot, content["cost"])
        return _unwrap(wrap, password, self._bound(slot))

    def add(self, username: str, password: str, key: DataKey) -> None:
        """Let a user open the home with this password from now on."""
        slot = self.slot(username)
        with self._changing() as content:
            content["users"][slot] = _wrap(key, password, Cost(**content["cost"]), self._bound(slot))

    def remove(self, username: str) -> None:
        """Take the home's key from a user."""
        with self._changing() as content:
            content["users"].pop(self.slot(username), None)

    def new_recovery_key(self, key: DataKey) -> str:
        """Make the recovery key, which replaces an earlier one; it is returned once and kept nowhere."""
        text = _printed(os.urandom(20))
        with self._changing() as content:
            content["recovery"] = _wrap(key, _typed(text), Cost(**content["cost"]), self._bound("recovery"))
        return text

    def recover(self, recovery_key: str) -> DataKey | None:
        """Return the data key for the printed recovery key, or None when it is another home's.

        Raises:
            Unusable: when the text cannot be a recovery key, because it was mistyped.
        """
        typed = _typed(recovery_key)
        if len(typed) != GROUPS * GROUP or _check_group(typed[:-GROUP]) != typed[-GROUP:]:
            raise Unusable(_("This recovery key is not typed right; please compare it letter by letter."))
        wrap = self._read().get("recovery")
        return _unwrap(wrap, typed, self._bound("recovery")) if wrap else None

    def _bound(self, slot: str) -> bytes:
        return f"qinghe/{self.home_id}/{slot}".encode()

    def _read(self) -> dict[str, Any]:
        try:
            content = read_json(self.file)
        except FileNotFoundError as error:
            raise Unusable(
                _("The key file of this home is missing: {file}. Put it back from a backup.").format(file=self.file)
            ) from error
        except (ValueError, UnicodeDecodeError) as error:
            raise Unusable(
                _("The key file of this home is damaged: {file}. Put it back from a backup.").format(file=self.file)
            ) from error
        if content.get("format") != 1 or not isinstance(content.get("users"), dict):
            raise Unusable(
                _("The key file of this home is damaged: {file}. Put it back from a backup.").format(file=self.file)
            )
        return content

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        with locked(self.file):
            content = self._read()
            yield content
            write_json(self.file, content)


def fold_name(username: str) -> str:
    """Return a user name as it is compared: full-width letters made half-width, case folded."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _secret(password: str) -> bytes:
    # A Chinese input method may give full-width digits; they are the same password.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    return hash_secret_raw(_secret(password), salt, cost.passes, cost.memory_kib, cost.lanes, 32, Type.ID)


def _wrap(key: DataKey, password: str, cost: Cost, bound: bytes) -> dict[str, Any]:
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = AESGCM(_derive(password, salt, cost)).encrypt(nonce, key.raw, bound)
    return {"salt": salt.hex(), "nonce": nonce.hex(), "wrapped": wrapped.hex(), "cost": asdict(cost)}


def _unwrap(wrap: dict[str, Any], password: str, bound: bytes) -> DataKey | None:
    salt, nonce, wrapped = (bytes.fromhex(wrap[name]) for name in ("salt", "nonce", "wrapped"))
    try:
        return DataKey(AESGCM(_derive(password, salt, Cost(**wrap["cost"]))).decrypt(nonce, wrapped, bound))
    except InvalidTag:
        return None


def _decoy(slot: str, cost: dict[str, Any]) -> dict[str, Any]:
    salt = hashlib.sha256(slot.encode()).hexdigest()[:32]
    return {"salt": salt, "nonce": "00" * 12, "wrapped": "00" * 48, "cost": cost}


def _printed(noise: bytes) -> str:
    """Return 20 random bytes as nine groups of letters, the last of which checks the others."""
    number = int.from_bytes(noise, "big")
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(155, -1, -5))
    letters += _check_group(letters)
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def _check_group(letters: str) -> str:
    number = int.from_bytes(hashlib.sha256(letters.encode()).digest()[:3], "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in (15, 10, 5, 0))


def _typed(text: str) -> str:
    """Return a recovery key as it was meant: without gaps, and with look-alike letters read as digits."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in plain if letter in ALPHABET)
