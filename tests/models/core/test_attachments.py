"""Photographs and papers: kept encrypted under their hash, cleaned of where they were taken, found damaged when they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from models.core import attachments, settings
from models.core.access import SYSTEM
from models.core.attachments import checked, shown_name
from models.core.errors import Forbidden, Invalid, Missing, Unusable
from models.core.home import Home
from models.core.keys import DataKey
from models.core.sealed_files import PIECE, SealedWriter, unsealed
from tests.homes import PASSWORD

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS, ORIENTATION = 0x8825, 0x0112


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), turned: int = 1) -> bytes:
    """A picture that says where it was taken, left half red."""
    made = Image.new("RGB", size, "white")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    exif[GPS] = {1: "N", 2: (31.0, 14.0, 0.0)}
    stream = io.BytesIO()
    made.save(stream, kind, exif=exif, **({"quality": 95, "comment": b"Nanjing"} if kind == "JPEG" else {}))
    return stream.getvalue()


@pytest.fixture
def opened(home_folder):
    home = Home.open(home_folder)
    database, actor = home.sign_in("director", PASSWORD)
    yield home, database, actor
    database.close()


@pytest.mark.parametrize("content", [picture(), picture("PNG"), PDF], ids=["jpeg", "png", "pdf"])
def test_a_file_comes_back_as_it_was_kept(opened, content):
    home, database, actor = opened
    with database.work(actor) as work:
        digest = attachments.store(home, work, content, "照片.jpg")
        assert attachments.store(home, work, content) == digest
    with database.read(actor) as work:
        assert attachments.read(home, work, digest) == checked(content, 20)[0]
        assert attachments.information(work, digest).name == "照片.jpg"
    stored = attachments.place(home.folder, digest).read_bytes()
    assert b"%PDF" not in stored and b"JFIF" not in stored and b"PNG" not in stored


def test_a_file_is_taken_from_its_place(opened, tmp_path):
    home, database, actor = opened
    (tmp_path / "scan.pdf").write_bytes(PDF)
    with database.work(actor) as work:
        digest = attachments.store(home, work, tmp_path / "scan.pdf")
        assert attachments.information(work, digest).name == "scan.pdf"
        with pytest.raises(Invalid):
            attachments.store(home, work, tmp_path / "gone.pdf")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("turned", [1, 6])
def test_where_a_picture_was_taken_is_not_kept(kind, turned):
    plain, _type = checked(picture(kind, turned=turned) + b"<script>hidden behind the picture</script>", 20)
    kept = Image.open(io.BytesIO(plain))
    assert dict(kept.getexif()) == {}
    assert not any(word in plain for word in (b"Exif", b"eXIf", b"Nanjing", b"script"))
    assert kept.size == ((60, 40) if turned == 1 else (40, 60))
    top = kept.convert("RGB").getpixel((5, 5))
    assert top[1] < 60, "the red half stays where a viewer showed it"


def test_an_upright_photograph_loses_nothing():
    original = picture()
    before, after = (
        Image.open(io.BytesIO(each)).convert("RGB").tobytes() for each in (original, checked(original, 20)[0])
    )
    assert sum(abs(a - b) for a, b in zip(before, after, strict=True)) / len(before) < 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JPEG, PNG"),
        (b"MZ\x90\x00 an exe called photo.jpg", "JPEG, PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG, PNG"),
        (b"%PDF-1.7 cut off", "JPEG, PNG"),
        (picture()[:200], "damaged"),
        (picture("PNG")[:60], "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 100, "damaged"),
        (PDF + b"\0" * 1_000_001 + b"%%EOF", "at most 1 MB"),
    ],
)  # fmt: skip
def test_what_is_not_a_picture_or_paper_is_refused_in_words(content, words):
    with pytest.raises(Invalid, match=words):
        checked(content, 1)


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked():
    stream = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(stream, "PNG")
    with pytest.raises(Invalid, match="900 million"):
        checked(stream.getvalue(), 20)


def test_the_size_is_a_setting(opened):
    home, database, actor = opened
    with database.work(actor) as work:
        settings.change(work, "attachment_megabytes", 1)
        with pytest.raises(Invalid, match="at most 1 MB"):
            attachments.store(home, work, PDF + b"\0" * 1_000_000 + b"%%EOF")


def test_a_damaged_exchanged_or_missing_file_is_noticed(opened):
    home, database, actor = opened
    with database.work(actor) as work:
        one, two = (attachments.store(home, work, PDF + extra + b"%%EOF") for extra in (b"1", b"2"))
    file = attachments.place(home.folder, one)
    for harm in (
        file.read_bytes()[:-1],
        file.read_bytes()[:20] + b"\0" + file.read_bytes()[21:],
        attachments.place(home.folder, two).read_bytes(),
        b"",
    ):
        file.write_bytes(harm)
        with database.read(actor) as work, pytest.raises(Unusable):
            attachments.read(home, work, one)
    file.unlink()
    with database.read(actor) as work, pytest.raises(Missing):
        attachments.read(home, work, one)


def test_attachments_are_not_for_administrators_nor_by_path(opened):
    home, database, actor = opened
    with database.work(actor) as work:
        digest = attachments.store(home, work, PDF)
    from tests.conftest import actor as person

    for who in ("sysadmin", "secadmin", "auditor"):
        with database.read(person(who)) as work, pytest.raises(Missing):
            attachments.read(home, work, digest)
        with pytest.raises(Forbidden), database.work(person(who)) as work:
            attachments.store(home, work, PDF + b"%%EOF")
    with database.read(actor) as work, pytest.raises(Missing):
        attachments.read(home, work, "../../keys.json")
    with pytest.raises(Missing):
        attachments.place(home.folder, "../../keys.json")


def test_an_interrupted_storing_leaves_an_orphan_that_is_swept_later(opened):
    import os

    home, database, actor = opened
    with pytest.raises(RuntimeError), database.work(actor) as work:
        digest = attachments.store(home, work, PDF)
        raise RuntimeError
    file = attachments.place(home.folder, digest)
    assert file.exists()
    with database.read(SYSTEM) as work:
        assert attachments.sweep(home, work) == 0
        os.utime(file, (0, 0))
        assert attachments.sweep(home, work) == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\x\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        (" . ", ""),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_is_shown_without_paths_and_tricks(name, shown):
    assert shown_name(name) == shown


KEY = DataKey(bytes(32))


def sealed(content: bytes, purpose: str = "test") -> bytes:
    stream = io.BytesIO()
    with SealedWriter(stream, KEY, purpose) as writer:
        for start in range(0, len(content), 70_001):
            writer.write(content[start : start + 70_001])
    return stream.getvalue()


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.integers(0, 2 * PIECE + 10), st.integers(0, 255))
def test_a_sealed_file_of_any_length_opens(length, fill):
    content = bytes([fill]) * length
    assert b"".join(unsealed(io.BytesIO(sealed(content)), KEY, "test")) == content


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_sealed_file_never_opens(data):
    whole = bytearray(sealed(b"a" * (PIECE + 500)))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unusable):
        b"".join(unsealed(io.BytesIO(bytes(whole)), KEY, "test"))


@pytest.mark.parametrize("length", [0, 7, 15, 40, PIECE, PIECE + 31, PIECE + 40, 2 * PIECE + 47])
def test_a_cut_sealed_file_never_opens(length):
    with pytest.raises(Unusable):
        b"".join(unsealed(io.BytesIO(sealed(b"a" * 2 * PIECE + b"b")[:length]), KEY, "test"))


def test_a_file_sealed_for_one_purpose_is_not_taken_for_another():
    with pytest.raises(Unusable):
        b"".join(unsealed(io.BytesIO(sealed(b"secret", "draft")), KEY, "attachment"))


def test_a_picture_of_many_pictures_keeps_its_first(tmp_path: Path):
    stream = io.BytesIO()
    one, two = Image.new("RGB", (20, 20), "red"), Image.new("RGB", (20, 20), "blue")
    one.save(stream, "MPO", save_all=True, append_images=[two])
    kept = Image.open(io.BytesIO(checked(stream.getvalue(), 1)[0]))
    assert (kept.format, getattr(kept, "n_frames", 1)) == ("JPEG", 1)
