"""What the tests of the home's rules share."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.models import clinic as department


@pytest.fixture
def clinic(home: SimpleNamespace) -> SimpleNamespace:
    """The home with a therapy department: people, rooms, and children to treat."""
    return department.clinic(home)
