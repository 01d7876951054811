"""Columns of the daily entry 日常护理录入: which key opens which field, and what typing means. No widgets here."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.care import NursingRecord
from models.core.fields import Field, field_of, words_of
from resources import N_, _


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, and the fields behind it in the order of asking."""

    key: str
    label: str
    fields: tuple[str, ...]

    @property
    def title(self) -> str:
        """The heading in the language in use."""
        return _(self.label)

    def meanings(self) -> tuple[Field, ...]:
        """Return the fields behind the column."""
        return tuple(field_of(NursingRecord, name) for name in self.fields)


COLUMNS = (
    Column("T", N_("°C"), ("temperature", "temperature_site")),
    Column("F", N_("Food"), ("appetite", "feeding", "feed_ml")),
    Column("D", N_("Drink"), ("fluid_ml",)),
    Column("S", N_("Sleep"), ("sleep", "sleep_hours")),
    Column("M", N_("Mood"), ("mood",)),
    Column("P", N_("Stool"), ("stools", "stool")),
    Column("U", N_("Urine"), ("urine", "urine_times")),
    Column("V", N_("Vomit"), ("vomiting",)),
    Column("K", N_("Skin"), ("skin",)),
    Column("B", N_("Wash"), ("bath",)),
    Column("R", N_("Turned"), ("turned",)),
    Column("Z", N_("Fits"), ("seizures", "seizure_minutes")),
    Column("N", N_("Note"), ("note",)),
)
AGAIN = "A"
"""The key that takes a temperature between times."""
BY_KEY = {column.key: column for column in COLUMNS}


def cell_words(column: Column, values: Mapping[str, Any]) -> str:
    """Say what a cell shows: counts first, then the word, units where a bare number would be unclear."""
    said = []
    for meaning in column.meanings():
        value = values.get(meaning.name)
        if value in (None, "") or meaning.name in ("temperature_site", "feeding"):
            continue
        words = words_of(meaning, value)
        if meaning.name == "temperature":
            words = f"{value:.1f}"
        elif meaning.name in ("feed_ml", "fluid_ml"):
            words = f"{words} mL"
        elif meaning.name in ("sleep_hours", "seizure_minutes"):
            words = f"{words} {_(meaning.unit)}"
        elif meaning.name in ("stools", "vomiting", "seizures", "turned", "urine_times"):
            words = f"{words}×" if value or column.key != "P" else "0"
        said.append(words)
    return " ".join(said)


def understood(meaning: Field, typed: str) -> Any:
    """Return the value that typing means for a number field, None while it means nothing yet.

    For the temperature the digits alone are enough: ``65`` is 36.5, ``385`` is 38.5, ``02`` is 40.2.
    """
    text = unicodedata.normalize("NFKC", typed).strip().replace(",", ".").replace("。", ".")
    if not text:
        return None
    if meaning.name == "temperature":
        return _degrees(text)
    try:
        return float(text) if meaning.kind == "decimal" else int(text)
    except ValueError:
        return None


def _degrees(text: str) -> float | None:
    if "." in text:
        try:
            return round(float(text), 1)
        except ValueError:
            return None
    if not text.isdecimal() or len(text) not in (2, 3):
        return None
    if len(text) == 3:
        return int(text) / 10
    tens = 40 if text[0] in "012" else 30
    return tens + int(text[0]) + int(text[1]) / 10


def number_hint(meaning: Field) -> str:
    """Say what may be typed into a number field."""
    if meaning.name == "temperature":
        return _("two digits are enough: 65 is 36.5")
    return _(meaning.unit)
