"""Incidents in a minute, rounds by keyboard, hazards around the board."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt

from models.core import queries, records
from models.core.access import SYSTEM
from models.core.accounts import Account
from models.core.sealing import holders
from models.hazards import MOVES
from models.safety import Hazard, Incident, PatrolRound
from models.staff import Staff
from resources import use_language
from tests.conftest import NOW, actor
from tests.ui.conftest import make_app, type_in
from ui.widgets import Clickable
from views.hazards import Hazards, HazardTile
from views.incidents import Incidents
from views.naming import SealBar
from views.patrol_rounds import PatrolRounds


@pytest.fixture
def house(sqlite_database, qtbot):
    """A home with two safety officers, and pages for one of them."""
    with sqlite_database.work(SYSTEM) as work:
        staff = [records.save(work, Staff, {"name": name, "sex": "1", "post": "safety"}) for name in ("曾利翔", "仇安")]
        for who, roles in (("safety", ["safety"]), ("director", ["director"]), ("nurse", ["nurse"])):
            work.add(Account(id=f"account-{who}", username=who, name=who, roles=roles, created_at=NOW))
    app = make_app(sqlite_database, actor("safety", staff_id=staff[0]))

    def show(kind):
        page = kind(app)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.reload()
        page.show()
        return page

    yield SimpleNamespace(database=sqlite_database, app=app, staff=staff, show=show)
    app.close()


def all_of(house, kind):
    with house.database.read(SYSTEM) as work:
        return [queries.values(work, kind, row.id) for row in queries.rows(work, kind)]


# Incidents


def test_the_safe_minimum_is_kind_and_one_sentence_and_a_key(house, qtbot):
    page = house.show(Incidents)
    page.new()
    form = page.entry.short.form
    form.set_value("kind", "fall")
    type_in(form.editor("what").inner(), "从床上滑落")
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    if page.entry is not None:  # without a window manager the shortcut may not be heard
        page.entry.short.save()
    saved = all_of(house, Incident)
    assert [(each["what"], each["noticed_at"], each["decision"]) for each in saved] == [("从床上滑落", NOW, "open")]
    assert page.entry is None


def test_the_kind_suggests_the_report_and_the_clock_is_running(house):
    page = house.show(Incidents)
    page.new()
    entry = page.entry
    assert entry.hint.isHidden() and entry.clock.text() == "Report: 30 min left"
    entry.short.form.set_value("kind", "missing")
    entry.short.form.changed.emit("kind")
    assert not entry.hint.isHidden() and "missing, or trafficked" in entry.hint.label.text()
    entry.short.form.set_value("decision", "yes")
    entry.short.form.changed.emit("decision")
    assert entry.short.form.editor("situations").value() == ["7"] and entry.hint.isHidden()
    house.database.clock = lambda: NOW + timedelta(minutes=42)
    entry.tick()
    assert entry.clock.text() == "Report: overdue for 12 min"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(house):
    page = house.show(Incidents)
    page.new()
    page.entry.short.form.set_value("kind", "burn")
    assert not page.entry.short.save()
    assert page.entry.short.form.cells["what"].message.label.text() == "Please fill this in."
    assert page.entry.short.form.editor("kind").value() == "burn"


def test_what_waits_stands_above_the_list_until_it_is_decided(house):
    values = {"kind": "burn", "what": "烫伤", "noticed_at": NOW - timedelta(hours=2)}
    with house.database.work(house.app.actor) as work:
        incident = records.save(work, Incident, values)
    page = house.show(Incidents)
    rows = page.waiting.findChildren(Clickable)
    assert [row.accessibleName() for row in rows] == ["Decide on the report: overdue for 1 h 30 min ·  · 烫伤"]
    with house.database.work(house.app.actor) as work:
        records.save(work, Incident, {"decision": "no"}, id=incident)
    page.reload()
    assert page.waiting.isHidden()


def test_a_sealed_incident_says_to_whom_it_is_open_and_its_author_names_more(house):
    values = {"kind": "abuse", "what": "瘀伤", "noticed_at": NOW, "decision": "yes", "situations": ["4"]}
    with house.database.work(house.app.actor) as work:
        incident = records.save(work, Incident, values)
    page = house.show(Incidents)
    page.open(incident_id=incident)
    bar = page.findChild(SealBar)
    assert bar.words.text() == "Sealed: open to safety, director only."
    bar._keep({"account-director", "account-nurse"})
    assert bar.words.text() == "Sealed: open to safety, director, nurse only."
    bar._keep({"account-nurse"})
    with house.database.read(house.app.actor) as work:
        assert set(holders(work, incident)) == {"account-director", "account-nurse"}


# Rounds


def test_a_round_is_walked_by_keys_alone(house, qtbot):
    page = house.show(PatrolRounds)
    page.new()
    entry = page.entry
    lines = entry.checklist.lines
    qtbot.keyClick(lines[0], Qt.Key.Key_1)
    qtbot.keyClick(lines[1], Qt.Key.Key_Space)
    qtbot.keyClick(lines[2], Qt.Key.Key_2)
    type_in(lines[2].note, "压力不足")
    qtbot.keyClick(lines[2].note, Qt.Key.Key_Return)
    qtbot.keyClick(lines[3], Qt.Key.Key_1)
    qtbot.keyClick(lines[3], Qt.Key.Key_0)
    assert (entry.checklist.passed(), entry.checklist.failed()) == (["children", "exits"], ["fire_gear"])
    assert entry.progress.text() == f"3 of {len(lines)} · 1 not in order"
    entry.short.form.set_value("route", "北楼")
    entry.short.form.set_value("second_id", house.staff[1])
    assert entry.short.save()
    saved = all_of(house, PatrolRound)[0]
    assert (saved["kind"], saved["failed"], saved["leader_id"]) == ("day", ["fire_gear"], house.staff[0])
    assert saved["findings"] == "Extinguishers and hydrants in place: 压力不足"


def test_walking_alone_is_asked_about_and_can_be_confirmed(house):
    page = house.show(PatrolRounds)
    page.new()
    page.entry.short.form.set_value("route", "全院")
    page.entry._pass_rest()
    assert not page.entry.short.save() and not page.entry.short.problems.isHidden()
    page.entry.short.problems.confirm.click()
    assert len(all_of(house, PatrolRound)) == 1


def test_the_tiles_say_which_rounds_are_walked_missed_due_and_later(house):
    with house.database.work(SYSTEM) as work:
        records.save(
            work, PatrolRound,
            {"kind": "night", "started_at": NOW - timedelta(hours=12), "route": "全院", "leader_id": house.staff[0]},
        )  # fmt: skip
    page = house.show(PatrolRounds)
    said = [tile.accessibleName().rpartition(": ")[2] for tile in page.slots.findChildren(Clickable)]
    assert said == ["walked 21:30", "missed", "to be walked now", "later", "later", "later"]


# Hazards


@pytest.fixture
def hazard(house):
    values = {"what": "通道堆物", "place": "北楼", "found_on": date(2026, 11, 10), "group": "building", "grade": "ordinary",
              "responsible_id": house.staff[1], "deadline": date(2026, 11, 15)}  # fmt: skip
    with house.database.work(SYSTEM) as work:
        house.hazard = records.save(work, Hazard, values)
    return house


def test_the_board_shows_each_hazard_in_its_stage_with_what_presses(hazard):
    page = hazard.show(Hazards)
    assert [tile.accessibleName() for tile in page.findChildren(HazardTile)] == ["通道堆物 · 北楼 · 仇安 · 5 days late"]
    assert page.words.text() == "1 hazard is open · 1 overdue · 0 major"
    page.whose.set_value("own")
    page.reload()
    assert not [tile for tile in page.findChildren(HazardTile) if not tile.isHidden() and tile.isVisibleTo(page)]


def test_a_hazard_offers_the_acts_of_its_stage_and_goes_on(hazard, monkeypatch):
    page = hazard.show(Hazards)
    page.open(hazard_id=hazard.hazard)
    panel = page.panel
    acts = [panel.acts.itemAt(index).widget().text() for index in range(panel.acts.count())]
    assert acts == ["Begin putting right", "Put right"]

    def fill_in(dialog):
        dialog.short.form.set_value("rectified_how", "已清理")
        return dialog.short.save(), dialog.made

    monkeypatch.setattr("views.hazards.ask", fill_in)
    panel.act(next(act for act in MOVES if act.name == "rectify"))
    assert all_of(hazard, Hazard)[0]["stage"] == "rectified"
    assert [panel.acts.itemAt(index).widget().text() for index in range(panel.acts.count())] == [
        "Not good enough",
        "Checked: good",
    ]


def test_a_hazard_found_on_a_round_begins_with_what_was_found(hazard, monkeypatch):
    with hazard.database.work(SYSTEM) as work:
        found = records.save(
            work, PatrolRound,
            {"kind": "day", "started_at": NOW, "route": "北楼", "leader_id": hazard.staff[0], "failed": ["gas"], "findings": "阀门漏气\n其他"},
        )  # fmt: skip
    shown = {}

    def look(dialog):
        shown.update(dialog.short.form.values())
        return False, None

    monkeypatch.setattr("views.hazards.ask", look)
    hazard.show(Hazards).open(new=True, round_id=found)
    assert (shown["what"], shown["place"], shown["deadline"]) == ("阀门漏气", "北楼", date(2026, 11, 27))


def test_an_empty_board_says_what_to_do_in_chinese(house):
    use_language("zh_CN")
    page = house.show(Hazards)
    assert page.words.text() == "未销号隐患 0 项 · 逾期 0 项 · 重大 0 项"
