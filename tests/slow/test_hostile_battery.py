"""All two thousand hostile texts in the places of every template."""

from __future__ import annotations

import pytest

from tests.reports.hostile import STRINGS
from tests.reports.test_hostile import TEMPLATES, troubles


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_hostile_text_prints_as_itself_in_every_template(template: str) -> None:
    assert troubles(template, STRINGS) == []
