"""Emergency access and finding: what a person sees without being entrusted with a child, and what is noted."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from models.child import BreakGlass
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Invalid, Missing
from models.finding import children_by_id, find_children
from models.need_to_know import break_glass, may_break_glass, running_until
from models.reminders import due_now
from tests.conftest import actor


def names(found):
    return [each.name for each in found]


def events(database):
    with database.read(SYSTEM) as work:
        return [(each.event, each.child_id) for each in work.scalars(select(AuditEntry).order_by(AuditEntry.sequence))]


@pytest.mark.parametrize("typed", ["曾", "小乐", "zengxiaole", "zxl", "ZXL", "2020-001", "ｚｘｌ", "曾 2020"])
def test_a_child_is_found_by_characters_pinyin_initials_and_number(home, typed):
    with home.database.read(home.director) as work:
        assert names(find_children(work, typed)) == ["曾小乐"]


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "x'; --", "nobody"])
def test_nothing_is_found_by_nothing_or_by_wild_cards(home, typed):
    with home.database.read(home.director) as work:
        assert find_children(work, typed) == []


def test_a_whole_word_comes_before_a_beginning(home):
    with home.database.read(home.director) as work:
        assert names(find_children(work, "2"))[0] in {"曾小乐", "阿依古丽·买买提"}
        assert names(find_children(work, "aygl")) == ["阿依古丽·买买提"]


def test_only_children_entrusted_to_the_person_are_found(home):
    with home.database.read(home.care) as work:
        assert find_children(work, "aygl") == []
        assert names(children_by_id(work, [home.other, home.child])) == ["曾小乐"]


def test_in_an_emergency_a_file_opens_for_half_an_hour_and_the_trail_says_so(home):
    assert may_break_glass(home.care)
    found = break_glass(home.database, home.care, "2019-002", "emergency", "抽搐，需要查看用药")
    assert found == home.other
    with home.database.read(home.care) as work:
        assert names(find_children(work, "aygl")) == ["阿依古丽·买买提"]
        running = running_until(work, home.other)
        assert running and (running.ends_at - running.starts_at).total_seconds() == 1800
    assert ("break_glass", home.other) in events(home.database)


def test_emergency_access_ends_by_itself(home):
    break_glass(home.database, home.care, "2019-002", "emergency", "抽搐，需要查看用药")
    home.database.clock = lambda: datetime(2026, 11, 20, 10, 1)
    with home.database.read(home.care) as work:
        assert find_children(work, "aygl") == [] and running_until(work, home.other) is None


def test_a_child_already_entrusted_needs_no_emergency(home):
    assert break_glass(home.database, home.care, "2020-001", "other", "只是看看而已") == home.child
    assert all(event != "break_glass" for event, _child in events(home.database))


def test_a_wrong_number_is_refused_and_noted(home):
    with pytest.raises(Missing):
        break_glass(home.database, home.care, "1999-999", "emergency", "抽搐，需要查看用药")
    assert ("refused", "") in events(home.database)


def test_a_reason_in_words_is_needed(home):
    with pytest.raises(Invalid):
        break_glass(home.database, home.care, "2019-002", "emergency", "  急 ")


@pytest.mark.parametrize("role", ["sysadmin", "secadmin", "auditor", "director"])
def test_administrators_have_no_emergency_and_the_director_needs_none(home, role):
    assert not may_break_glass(actor(role))
    with pytest.raises(Forbidden):
        break_glass(home.database, actor(role), "2019-002", "emergency", "抽搐，需要查看用药")


def test_the_director_is_asked_to_review_every_emergency_until_it_is_done(home):
    break_glass(home.database, home.care, "2019-002", "emergency", "抽搐，需要查看用药")

    def lines(by):
        with home.database.read(by) as work:
            return [
                (line.text, line.due, line.target["record_id"])
                for line in due_now(work)
                if line.needs[0] == "BreakGlass"
            ]

    ((text, due, glass_id),) = lines(home.director)
    assert "抽搐" in text and due == date(2026, 11, 23) and lines(home.care) == []
    with home.database.work(home.director) as work:
        records.take_step(work, BreakGlass, glass_id, "review")
    assert lines(home.director) == []
