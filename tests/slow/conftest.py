"""The long runs wait until they are asked for: ``python dev.py battery`` (or ``pytest tests/slow``)."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long runs out of a run that did not name this folder."""
    if any("slow" in argument for argument in config.args):
        return
    waiting = [item for item in items if HERE in item.path.parents]
    items[:] = [item for item in items if HERE not in item.path.parents]
    config.hook.pytest_deselected(items=waiting)
