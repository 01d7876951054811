"""Read a paper back as a stranger would: with poppler and qpdf, not with our own code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile


def _through(pdf: bytes, *command: str) -> str:
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        words = [file.name if each == "{}" else each for each in command]
        done = subprocess.run(words, capture_output=True, check=True)
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode("utf-8")


def layout_of(pdf: bytes) -> str:
    """Return the text as it stands on the page, without blank lines and with single gaps."""
    text = _through(pdf, "pdftotext", "-layout", "{}", "-")
    lines = ["  ".join(line.split()) for line in text.replace("\f", "\n=== page ===\n").splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


def text_of(pdf: bytes) -> str:
    """Return the text in the order in which it was written."""
    return _through(pdf, "pdftotext", "-raw", "{}", "-")


def squeezed(text: str) -> str:
    """Return a text without any white space, for comparing what lines have broken."""
    return "".join(text.split())


def fonts_of(pdf: bytes) -> list[tuple[str, str, str]]:
    """Return (name, embedded, with Unicode map) of every font."""
    lines = _through(pdf, "pdffonts", "{}").splitlines()[2:]
    return [(line.split()[0], line.split()[-5], line.split()[-3]) for line in lines]


def pages_in(pdf: bytes) -> int:
    """Return the number of pages."""
    return int(
        next(line for line in _through(pdf, "pdfinfo", "{}").splitlines() if line.startswith("Pages:")).split()[1]
    )


def faults(pdf: bytes) -> list[str]:
    """Return what qpdf finds wrong with the structure, and poppler with the fonts."""
    said = _through(pdf, "qpdf", "--check", "{}")
    fonts = fonts_of(pdf)
    found = [] if "No syntax or stream encoding errors" in said else [said]
    found += [] if fonts else ["no font at all"]
    return found + [
        f"{name}: embedded {kept}, with map {read}" for name, kept, read in fonts if (kept, read) != ("yes", "yes")
    ]


def agreed(name: str, text: str) -> str:
    """Return the text kept under ``tests/golden/papers``, after keeping this one there where ``QINGHE_GOLDEN=1`` asks for it."""
    file = Path(__file__).parents[1] / "golden" / "papers" / f"{name}.txt"
    if os.environ.get("QINGHE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file.read_text(encoding="utf-8")
