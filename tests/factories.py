"""Make an ordinary record of any type: valid values from its fields, its references made on the way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from models.core import records
from models.core.database import Work
from models.core.fields import Field, fields_of
from models.core.record import Record, new_id, record_type


def example(work: Work, kind: type[Record], **given: Any) -> dict[str, Any]:
    """Return valid values for a new record; a type whose rules need more says so in ``example_values``."""
    own = getattr(kind, "example_values", None)
    values = {**(own(work) if own else {}), **given}
    for meaning in fields_of(kind):
        if meaning.name not in values and meaning.required:
            values[meaning.name] = value_for(work, meaning)
    return values


def make(work: Work, kind: type[Record], **given: Any) -> str:
    """Save an ordinary record and return its id."""
    return records.save(work, kind, example(work, kind, **given), confirmed=True)


def value_for(work: Work, meaning: Field) -> Any:
    """Return an ordinary value of a field's kind."""
    if meaning.kind == "reference":
        return make(work, record_type(meaning.target))
    if meaning.codes is not None:
        first = next(iter(meaning.codes)).code
        return [first] if meaning.kind == "codes" else first
    today = work.today
    number = max(meaning.minimum or 1, 1)
    ordinary: dict[str, Any] = {
        "integer": int(number), "decimal": float(number), "money": Decimal("1575.00"), "date": today - timedelta(days=400),
        "datetime": datetime.combine(today, time(8, 30)), "time": time(8, 30), "yes_no": False, "json": {},
        "attachment": "0" * 64,
    }  # fmt: skip
    text = f"{meaning.name} {new_id()[-8:]}"
    return ordinary.get(meaning.kind, text[: meaning.length or 60])


def a_date(days_ago: int, today: date = date(2026, 11, 20)) -> date:
    """Return a day so many days before the tests' today."""
    return today - timedelta(days=days_ago)
