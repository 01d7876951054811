"""Attachments 附件: photographs, scans and PDF papers, encrypted in the home's folder under their keyed hash.

What a file is, is read from its content, never from its name. Pictures are written anew, so that neither the
place where they were taken nor anything hidden behind them is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import DateTime, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core import settings
from models.core.database import Work
from models.core.errors import Invalid, Missing, Problem, Unusable
from models.core.files import patiently, sync_folder
from models.core.home import Home
from models.core.keys import DataKey
from models.core.record import Base
from models.core.sealed_files import SealedWriter, unsealed
from resources import N_, _

FOLDER = "attachments"
PIXELS = 50_000_000
HASH = re.compile(r"[0-9a-f]{64}")
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png"}


class StoredFile(Base):
    """One attachment 附件; ``hash`` is what fields of kind ``attachment`` hold."""

    title: ClassVar[str] = N_("Attachment")

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), nullable=False)
    media_type: Mapped[str] = mapped_column(String(40), nullable=False)
    size: Mapped[int] = mapped_column(Integer, nullable=False)
    stored_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)
    stored_by: Mapped[str] = mapped_column(String(100), nullable=False)


def store(home: Home, work: Work, content: bytes | Path, name: str = "") -> str:
    """Keep a file and return its hash; the same content is kept once.

    The file is on the disk before its row is committed; should the commit fail, :func:`sweep` finds it.

    Raises:
        Invalid: when it is too large or not a JPEG, PNG or PDF.
    """
    limit = settings.value(work, "attachment_megabytes")
    shown = shown_name(name or (content.name if isinstance(content, Path) else ""))
    plain, media_type = checked(_content(content, limit), limit)
    digest = hmac.new(home.key.part("attachment name"), plain, hashlib.sha256).hexdigest()
    if work.scalar(select(StoredFile).where(StoredFile.hash == digest)) is None:
        work.add(
            StoredFile(
                hash=digest,
                name=shown,
                media_type=media_type,
                size=len(plain),
                stored_at=work.now,
                stored_by=work.actor.name,
            )
        )
        work.flush()
        work.record_event("created", "StoredFile", digest[:32], name=[None, shown])
    if not is_sound(home.folder, home.key, digest):
        write_sealed(place(home.folder, digest), home.key, digest, plain)
    return digest


def read(home: Home, work: Work, digest: str) -> bytes:
    """Return a file's content.

    Raises:
        Missing: when it is not there, or not for this person.
        Unusable: when it was damaged.
    """
    known = information(work, digest)
    try:
        return b"".join(opened(place(home.folder, known.hash), home.key, known.hash))
    except FileNotFoundError as error:
        raise Missing(_("The attached file is missing in the home's folder; it may be in a backup.")) from error


def information(work: Work, digest: str) -> StoredFile:
    """Return what is known about a file: name, type and size.

    Raises:
        Missing: when it is not there, or not for this person.
    """
    found = work.scalar(select(StoredFile).where(StoredFile.hash == digest))
    if found is None:
        raise Missing(_("This record is not there, or it is not entrusted to you."))
    return found


def place(folder: Path, digest: str) -> Path:
    """Return where a file lies; only a hash ever becomes a path."""
    if not HASH.fullmatch(digest):
        raise Missing(_("This record is not there, or it is not entrusted to you."))
    return folder / FOLDER / digest[:2] / digest


def opened(file: Path, key: DataKey, digest: str) -> Any:
    """Yield a stored file's content in pieces."""
    with file.open("rb") as stream:
        yield from unsealed(stream, key, f"attachment/{digest}")


def is_sound(folder: Path, key: DataKey, digest: str) -> bool:
    """Whether a stored file is there, whole, and has the content its name promises."""
    found = hmac.new(key.part("attachment name"), digestmod=hashlib.sha256)
    try:
        for piece in opened(place(folder, digest), key, digest):
            found.update(piece)
    except (FileNotFoundError, Unusable):
        return False
    return hmac.compare_digest(found.hexdigest(), digest)


def write_sealed(file: Path, key: DataKey, digest: str, plain: bytes) -> None:
    """Write a content encrypted, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.urandom(4).hex()}.part")
    try:
        with part.open("wb") as stream:
            with SealedWriter(stream, key, f"attachment/{digest}") as writer:
                writer.write(plain)
            stream.flush()
            os.fsync(stream.fileno())
        patiently(lambda: part.replace(file))
    finally:
        part.unlink(missing_ok=True)
    sync_folder(file.parent)
    sync_folder(file.parent.parent)


def stored_hashes(folder: Path) -> set[str]:
    """Return the hashes of all files that lie in a home's or backup's folder."""
    return {file.name for file in (folder / FOLDER).glob("??/*") if HASH.fullmatch(file.name)}


def sweep(home: Home, work: Work) -> int:
    """Remove files that no row names (an interrupted storing) and return how many there were."""
    known = set(work.scalars(select(StoredFile.hash)))
    orphans = [place(home.folder, digest) for digest in stored_hashes(home.folder) - known]
    old = [file for file in orphans if work.now.timestamp() - file.stat().st_mtime > 86_400]
    for file in [*old, *(home.folder / FOLDER).glob("??/.*.part")]:
        file.unlink(missing_ok=True)
    return len(old)


# --- what a file is ---


def checked(content: bytes, megabytes: int) -> tuple[bytes, str]:
    """Return the content as it will be kept and its media type.

    Raises:
        Invalid: when it is too large or nothing we keep.
    """
    if len(content) > megabytes * 1_000_000:
        raise _refused(
            _("The file has {n} MB; at most {m} MB can be attached.").format(
                n=len(content) // 1_000_000 + 1, m=megabytes
            )
        )
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content, "application/pdf"
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _clean_picture(content)
    raise _refused(_("Only photographs and scans (JPEG, PNG) and PDF papers can be attached."))


def _clean_picture(content: bytes) -> tuple[bytes, str]:
    """Write a picture anew, upright, with its colours and nothing else."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # ours is lower and is asked before anything is unpacked
    try:
        with Image.open(io.BytesIO(content), formats=list(TYPES)) as picture:
            width, height = picture.size
            if width * height > PIXELS:
                raise _refused(
                    _("The picture has {n} million pixels; at most {m} million can be attached.").format(
                        n=width * height // 1_000_000, m=PIXELS // 1_000_000
                    )
                )
            kind = "PNG" if content.startswith(b"\x89") else "JPEG"
            turned = picture.getexif().get(0x0112, 1) != 1
            upright = ImageOps.exif_transpose(picture) if turned else picture
            upright.load()
            return _written(upright, kind, keep_quality=not turned and picture.format == kind), TYPES[kind]
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise _refused(_("The picture is damaged and cannot be shown.")) from error


def _written(picture: Any, kind: str, *, keep_quality: bool) -> bytes:
    profile = picture.info.get("icc_profile")
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None or kind == "JPEG" else {"transparency": transparency}
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if kind == "JPEG":
        options["quality"] = "keep" if keep_quality else 92
    else:
        options["optimize"] = False
    made = io.BytesIO()
    picture.save(made, kind, exif=b"", **options)
    return made.getvalue()


def _content(content: bytes | Path, megabytes: int) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        with content.open("rb") as stream:
            return stream.read(megabytes * 1_000_000 + 1)
    except OSError as error:
        raise _refused(_("The file cannot be read: {file}").format(file=content)) from error


def shown_name(name: str) -> str:
    """Return a file's name as it may be shown: no path, no control or direction characters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(
        letter for letter in last if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    return plain.strip(" .")[:100]


def _refused(message: str) -> Invalid:
    return Invalid([Problem("", message)])
