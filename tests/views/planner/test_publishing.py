"""Keeping a proposal and publishing it, whole or in parts, over what was changed meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.scheduling import plans
from tests.models.clinic import MONDAY, booked, prescribe
from tests.views.planner.conftest import planned, sessions, told
from views.planner import PlanTheWeek
from views.planner_publish import VersionsDialog
from views.publish_dialog import PublishDialog

# --- keeping and publishing ----------------------------------------------------------------------------


def test_publishing_books_the_week_in_one_step_and_is_taken_back_in_one(page, clinic, app):
    prescribe(clinic, clinic.child, sessions=3)
    said = told(app)
    planned(page).save()
    assert len(sessions(clinic)) == 3 and "Version 1 of the week is published" in said
    assert not page.publish_button.isEnabled()
    page.undo()
    assert sessions(clinic) == []
    page.redo()
    assert len(sessions(clinic)) == 3


def test_a_second_version_shows_only_what_it_changes(page, clinic, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page).save()
    prescribe(clinic, clinic.third, sessions=1)
    page._start_afresh()
    page.plan()
    page.save()
    with clinic.database.read(clinic.director) as work:
        assert [each["number"] for each in plans.versions(work, MONDAY)] == [2, 1]
    dialog = VersionsDialog(page.app, MONDAY, page)
    qtbot.addWidget(dialog)
    assert [len(dialog.list.rows())] == [1]
    dialog.table.selectRow(1)
    assert len(dialog.list.rows()) == 2


def test_the_change_list_by_child_and_by_therapist(page, clinic, qtbot, monkeypatch):
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, sessions=1)
    shown: list[PublishDialog] = []
    monkeypatch.setattr(PublishDialog, "exec", lambda dialog: shown.append(dialog))
    planned(page).save()
    rows = {}
    for order in ("time", "child", "therapist"):
        shown[0].list.order.set_value(order)
        rows[order] = shown[0].list.rows()
    assert [row[1] for row in rows["child"]] == sorted(row[1] for row in rows["time"])
    assert all("·" in row[0] for row in rows["therapist"])


def test_leaving_asks_nothing_and_the_proposal_lies_there_again(page, clinic, app, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    page.take_out(page.desk.now.placements[0])
    kept = page.desk.now.placements
    assert page.leave() and sessions(clinic) == []
    again = PlanTheWeek(app)
    qtbot.addWidget(again)
    again.open(day=MONDAY)
    assert again.desk.now.placements == kept and again.publish_button.isEnabled()


def test_a_proposal_that_no_longer_fits_is_not_laid_on_the_table(page, clinic, app, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    booked(clinic, clinic.child, 2, "09:00")
    said = told(app)
    again = PlanTheWeek(app)
    qtbot.addWidget(again)
    again.open(day=MONDAY)
    assert len(again.desk.now.placements) == 1 and "does not fit" in said[-1]


def test_what_was_booked_elsewhere_meanwhile_is_told_and_never_overwritten(page, clinic):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    kept = page.desk.now.placements
    booked(clinic, clinic.third, 2, "09:00", therapist_id=clinic.zhou)
    page.reload()
    assert page.notice.isVisible() and page.desk.now.placements == kept
    dialog = PublishDialog(page.app, page._kept[1], (), page)
    assert not dialog.button.isEnabled()
    dialog.deleteLater()
    page._start_afresh()
    assert not page.notice.isVisible() and page.unpublished() == 0


# --- a part of it ---


@pytest.fixture
def in_parts(page, clinic) -> PublishDialog:
    """A proposal with a new session of 曾小乐 and one of 王小雨, in the dialog that publishes it."""
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, sessions=1)
    page.open(day=MONDAY.isoformat())
    page.plan()
    page.keep()
    return PublishDialog(page.app, page._kept[1], (), page)


def test_only_one_childs_changes_are_published_and_the_rest_lies_on_the_table(page, clinic, app, in_parts):
    in_parts.only.set_value(f"child:{clinic.child}")
    in_parts.only.changed.emit()
    assert in_parts.button.text() == "Publish 1 of 2 changes"
    assert [row[0][0] for row in sorted(in_parts.list.rows(), key=lambda row: row[1])] in (["☑", "☐"], ["☐", "☑"])
    in_parts.publish()
    assert [child for _when, child, _who in sessions(clinic)] == [clinic.child]
    assert in_parts.words == "Version 1 of the week is published; 1 change stays proposed"
    page._start_afresh()
    assert page.unpublished() == 1, "王小雨 is still proposed"


def test_space_leaves_a_change_out_and_takes_it_in_again(in_parts):
    table = in_parts.list.table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert in_parts.button.text() == "Publish 1 of 2 changes" and table.currentIndex().row() == 0
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert in_parts.button.text() == "Publish 2 changes" and in_parts.chosen is None


def test_what_is_arranged_for_this_plan_only_is_published_as_a_whole(page, in_parts):
    whole = PublishDialog(page.app, page._kept[1], ("李静 works until 18:00",), page)
    assert whole.only is None
