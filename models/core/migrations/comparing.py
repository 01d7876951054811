"""How the schema is compared with the record types, for the environment of Alembic and for the test."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.types import TypeDecorator


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write a type of our own as the plain column it is: migrations must not change when our code does."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


OPTIONS: dict[str, Any] = {
    "render_as_batch": True,
    "render_item": render_item,
    "compare_type": True,
    "transaction_per_migration": False,
}
