"""A copy is made when it is first looked at, and is the same document ever after."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.copies import PaperCopy, recognised
from models.core import records
from tests.reports.reading import faults, text_of
from ui import papers
from views import open_rooms

open_rooms()


@pytest.fixture
def shown(sign_in):
    app = sign_in("director")
    app.shown = []
    app.preview = lambda title, make, filename: app.shown.append(
        (title, make(lambda *a: None, lambda: False), filename)
    )
    with app.database.work(app.actor) as work:
        values = {"name": "曾小乐", "number": "2020-001", "sex": "1", "born_on": date(2020, 1, 1)}
        app.child = records.save(work, Child, values, confirmed=True)
        copy = {"child_id": app.child, "recipient": "school", "recipient_name": "实验小学", "purpose": "入学"}
        app.copy = records.save(work, PaperCopy, copy)
    return app


def test_the_copy_is_made_once_and_shown_unchanged_whatever_happens_to_the_file(shown):
    papers.show_record_paper(shown, PaperCopy, shown.copy)
    with shown.database.work(shown.actor) as work:
        records.save(work, Child, {"name": "曾大乐"}, id=shown.child)
    papers.show_record_paper(shown, PaperCopy, shown.copy)
    (title, first, name), (_title, again, _name) = shown.shown
    assert first == again and "曾小乐" in text_of(again)
    assert faults(first) == []
    assert "实验小学" in title and "实验小学" in name
    with shown.database.read(shown.actor) as work:
        found = recognised(work, first)
        assert found.id == shown.copy and found.pages >= 3


def test_the_copies_stand_in_the_childs_file(shown, qtbot):
    from views.child_papers import PapersTab

    tab = PapersTab(shown)
    qtbot.addWidget(tab)
    assert PaperCopy in tab.reads
