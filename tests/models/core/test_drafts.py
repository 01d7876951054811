"""What was typed and not saved outlives a crash, and nobody else can read it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.drafts import Drafts, _tagged, _untagged
from models.core.home import Home
from tests.homes import PASSWORD

TYPED = {
    "name": "阿依古丽·买买提 𠮷", "weight": 9.25, "born_on": date(2020, 2, 29), "at": datetime(2026, 11, 20, 9, 30, 1),
    "time": time(7, 5), "yuan": Decimal("1320.50"), "needs": ["a", "b"], "nothing": None, "yes": True,
}  # fmt: skip


@pytest.fixture
def opened(home_folder):
    home = Home.open(home_folder)
    database, actor = home.sign_in("caregiver", PASSWORD)
    yield home, actor
    database.close()


def test_a_draft_comes_back_as_it_was_typed_and_once(opened):
    drafts = Drafts(*opened)
    drafts.keep("Child/new", {"name": "阿"})
    drafts.keep("Child/new", TYPED)
    assert drafts.look("Child/new") == TYPED
    assert Drafts(*opened).take("Child/new") == TYPED
    assert drafts.take("Child/new") is None


def test_drafts_are_listed_newest_first_and_forgotten_one_by_one(opened):
    drafts = Drafts(*opened)
    for key in ("Child/new", "Incident/../../etc/passwd", "x" * 500):
        drafts.keep(key, {"text": key})
    assert [draft.key for draft in drafts.list()] == ["x" * 500, "Incident/../../etc/passwd", "Child/new"]
    drafts.forget("x" * 500)
    assert len(drafts.list()) == 2


def test_a_draft_says_nothing_to_others(opened, home_folder):
    home, caregiver = opened
    Drafts(home, caregiver).keep("Child/new", TYPED)
    database, director = Home.open(home_folder).sign_in("director", PASSWORD)
    database.close()
    assert Drafts(home, director).list() == []
    for file in (home_folder / "drafts").rglob("*.draft"):
        assert "阿依古丽".encode() not in file.read_bytes()
        assert "Child" not in file.name


def test_a_damaged_draft_keeps_nobody_from_working(opened):
    drafts = Drafts(*opened)
    drafts.keep("one", {"a": 1})
    drafts.keep("two", {"a": 2})
    file = drafts._file("one")
    file.write_bytes(file.read_bytes()[:-1] + b"\0")
    assert drafts.take("one") is None
    assert [draft.key for draft in drafts.list()] == ["two"]


@given(
    st.dictionaries(
        st.text(max_size=8),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.text(),
            st.dates(),
            st.times(),
            st.datetimes(),
            st.decimals(allow_nan=False, allow_infinity=False),
        ),
    )
)
def test_any_value_survives(values):
    import json

    text = (
        json.dumps(values, default=_tagged, ensure_ascii=False)
        .encode("utf-8", "surrogatepass")
        .decode("utf-8", "surrogatepass")
    )
    assert json.loads(text, object_hook=_untagged) == values
