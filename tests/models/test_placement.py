"""Placements: the moves that are permitted, and what follows from each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.child import Caseload, Child
from models.child_words import PLACEMENTS
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Invalid
from models.placement import Placement, history_of, may_move, move, moves_from, sleeping_here
from models.reminders import due_now
from models.staff import Staff
from tests.conftest import actor

DAY = date(2026, 3, 1)


def moved(home, kind, day=DAY, by=None, **values):
    with home.database.work(by or home.director) as work:
        return move(work, home.child, kind, day, **values)


def refused(home, kind, day=DAY, **values):
    with pytest.raises(Invalid) as refusal:
        moved(home, kind, day, **values)
    return {problem.field for problem in refusal.value.problems}


def child(home):
    with home.database.read(SYSTEM) as work:
        return work.get(Child, home.child)


def test_a_stay_begins_and_is_written_onto_the_child(home):
    moved(home, "temporary")
    assert child(home).placement == "temporary"


def test_a_stay_does_not_begin_in_hospital(home):
    assert refused(home, "hospital", place="市一院") == {"kind"}


def test_a_move_ends_the_one_before_on_its_day(home):
    moved(home, "temporary")
    moved(home, "residential", DAY + timedelta(days=30))
    with home.database.read(home.director) as work:
        latest, first = history_of(work, home.child)
    assert (first["ends_on"], latest["ends_on"]) == (DAY + timedelta(days=30), None)


def test_a_move_entered_late_finds_its_place_in_the_history(home):
    moved(home, "temporary")
    moved(home, "household", DAY + timedelta(days=60))
    moved(home, "hospital", DAY + timedelta(days=20), place="市儿童医院")
    with home.database.read(home.director) as work:
        history = [(each["kind"], each["ends_on"]) for each in history_of(work, home.child)]
    assert history == [
        ("household", None), ("hospital", DAY + timedelta(days=60)), ("temporary", DAY + timedelta(days=20)),
    ]  # fmt: skip
    assert child(home).placement == "household"


def test_a_late_entry_may_not_break_the_move_that_follows_it(home):
    leaving = {"departure": "D1", "document": "法院裁定1号"}
    moved(home, "residential")
    moved(home, "left", DAY + timedelta(days=90), **leaving)
    assert refused(home, "left", DAY + timedelta(days=30), **leaving) == {"kind"}
    assert refused(home, "hospital", DAY + timedelta(days=95), place="市一院") == {"kind"}


def test_a_nurse_records_a_stay_in_hospital_though_she_does_not_edit_files(home):
    nurse = actor("nurse", staff_id=home.caregiver)
    moved(home, "residential")
    moved(home, "hospital", DAY + timedelta(days=3), by=nurse, place="市儿童医院神经科", bed="12")
    now = child(home)
    assert (now.placement, now.unit_id, now.bed) == ("hospital", home.sunflower, "12")
    with home.database.read(SYSTEM) as work:
        followed = select(AuditEntry.username).where(AuditEntry.type_name == "Child", AuditEntry.event == "changed")
        assert list(work.scalars(followed))[-1] == "nurse"


def test_whoever_is_away_does_not_sleep_here_and_stands_on_today(home):
    moved(home, "residential")
    moved(home, "hospital", DAY + timedelta(days=3), place="市儿童医院", expected_back_on=date(2026, 11, 18))
    with home.database.read(home.director) as work:
        assert home.child not in set(work.scalars(select(Child.id).where(sleeping_here())))
        lines = [line for line in due_now(work) if line.needs[0] == "Placement"]
    assert [(line.kind, line.due) for line in lines] == [("due", date(2026, 11, 18))]


def test_leaving_gives_back_the_bed_and_ends_the_caseloads_but_the_social_workers(home):
    with home.database.work(SYSTEM) as work:
        social = records.save(work, Staff, {"name": "解敏", "sex": "2", "post": "social_worker"})
        for staff_id in (home.caregiver, social):
            records.save(work, Caseload, {"child_id": home.child, "staff_id": staff_id, "starts_on": DAY})
    moved(home, "residential")
    moved(home, "left", DAY + timedelta(days=9), departure="D2", document="皖民接〔2026〕3号")
    now = child(home)
    assert (now.placement, now.unit_id, now.left_on) == ("left", None, DAY + timedelta(days=9))
    with home.database.read(SYSTEM) as work:
        ends = dict(tuple(each) for each in work.execute(select(Caseload.staff_id, Caseload.ends_on)))
    assert ends == {home.caregiver: DAY + timedelta(days=9), social: None}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, {"departure", "document"}),
        ({"departure": "D5", "document": "1号"}, {"departure"}),
        ({"departure": "D1", "document": " "}, {"document"}),
    ],
)
def test_nobody_leaves_without_a_way_and_a_document(home, values, fields):
    moved(home, "residential")
    assert refused(home, "left", DAY + timedelta(days=9), **values) == fields


def test_a_way_of_leaving_belongs_to_leaving_alone(home):
    assert refused(home, "residential", departure="D1") == {"departure"}


def test_a_move_is_not_recorded_ahead_nor_before_birth(home):
    assert refused(home, "residential", date(2026, 11, 21)) == {"starts_on"}
    assert refused(home, "residential", date(2019, 12, 31)) == {"starts_on"}


def test_a_child_may_change_the_unit_without_another_placement(home):
    moved(home, "residential", unit_id=home.sunflower)
    moved(home, "residential", DAY + timedelta(days=5), unit_id=home.second)
    assert child(home).unit_id == home.second
    assert refused(home, "residential", DAY + timedelta(days=6), unit_id=home.second) == {"kind"}


def test_voiding_the_last_move_brings_the_child_back(home):
    moved(home, "residential")
    mistaken = moved(home, "hospital", DAY + timedelta(days=3), place="市一院")
    with home.database.work(home.director) as work:
        records.take_step(work, Placement, mistaken, "void", "录错儿童")
    assert child(home).placement == "residential"


def test_a_child_who_left_may_come_back(home):
    moved(home, "residential")
    moved(home, "left", DAY + timedelta(days=9), departure="D2", document="3号")
    moved(home, "temporary", DAY + timedelta(days=40), unit_id=home.second)
    now = child(home)
    assert (now.placement, now.left_on, now.unit_id) == ("temporary", None, home.second)


@given(st.lists(st.sampled_from([code.code for code in PLACEMENTS]), max_size=12))
def test_no_path_of_permitted_moves_passes_leaving_without_a_new_admission(wanted):
    now, path = "", []
    for kind in wanted:
        if may_move(now, kind):
            path.append((now, kind))
            now = kind
    assert all(new in {"temporary", "residential", "household"} for old, new in path if old in {"left", ""})


def test_from_every_placement_a_way_leads_home_and_out():
    for code in PLACEMENTS:
        assert moves_from(code.code), code.code
        if code.code != "left":
            assert may_move(code.code, "left")
