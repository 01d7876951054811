"""The Today screen: grouped, countable, each line opens its place, calm when there is nothing."""

from __future__ import annotations

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

import models
import models.reminders as reminders
from models.reminders import Due
from resources import use_language
from tests.conftest import NOW, actor
from tests.ui.conftest import make_app
from ui.pages import pages
from ui.text import PlainLabel
from ui.widgets import Clickable, EmptyState
from views import open_rooms
from views.today import SHOWN_OF_MANY, TaskRow, Today

LINES = [
    Due(
        "给药",
        "treatment",
        NOW - timedelta(hours=2),
        child_name="曾小乐",
        child_id="c1",
        page="child",
        target={"tab": "care"},
    ),
    Due("疏散通道", "safety", date(2026, 11, 18), page="nowhere"),
    Due("体检", "care", date(2026, 11, 20), child_name="张三", child_id="c2", page="nowhere"),
    Due("住院", "child", date(2026, 11, 24), kind="away", child_name="李四", child_id="c3"),
]


@pytest.fixture
def lines(monkeypatch):
    """What the areas tell, put in by the test."""
    told: list[Due] = []
    monkeypatch.setattr(reminders, "_sources", [lambda work: list(told)])
    return told


@pytest.fixture
def today(sqlite_database, qtbot, lines):
    def make(*found):
        lines[:] = found
        page = Today(make_app(sqlite_database, actor("director")))
        qtbot.addWidget(page)
        page.resize(1100, 700)
        page.reload()
        page.show()
        return page

    return make


def rows(page):
    return [row for row in page.findChildren(TaskRow) if not row.isHidden() and row.parent()]


def test_each_line_says_group_child_matter_and_time_to_a_screen_reader(today):
    page = today(*LINES)
    assert [row.accessibleName() for row in rows(page)] == [
        "Overdue · 曾小乐 · 给药 · 2 h late",
        "Overdue · 疏散通道 · 2 days late",
        "Today · 张三 · 体检",
        "Away · 李四 · 住院",
    ]


def test_a_line_opens_the_child_or_the_page_where_it_is_done(today, qtbot):
    page = today(*LINES)
    gone = []
    page.app.going.connect(lambda key, target: gone.append((key, target)))
    for row in rows(page)[:3]:
        qtbot.keyClick(row, Qt.Key.Key_Return)
    assert gone == [("child", {"child_id": "c1", "tab": "care"}), ("child", {"child_id": "c2"})]


def test_many_lines_of_one_area_are_folded_and_unfold_by_a_press(today, qtbot):
    page = today(*[Due(f"接种 {n}", "treatment", date(2026, 11, 1)) for n in range(20)])
    assert len(rows(page)) == SHOWN_OF_MANY
    fold = next(each for each in page.findChildren(Clickable) if not isinstance(each, TaskRow))
    assert fold.accessibleName() == f"{20 - SHOWN_OF_MANY} more: Treatment"
    qtbot.keyClick(fold, Qt.Key.Key_Space)
    assert len(rows(page)) == 20


def test_one_area_can_be_looked_at_alone_and_all_again(today):
    page = today(*LINES)
    page.choose("safety")
    assert [row.accessibleName().split(" · ")[1] for row in rows(page)] == ["疏散通道", "李四"]
    page.choose("safety")
    assert len(rows(page)) == 4


def test_without_anything_due_the_page_says_so_calmly(today):
    page = today()
    assert page.findChildren(EmptyState)
    assert "Nothing is due" in {label.text() for label in page.findChildren(PlainLabel)}


def test_a_name_with_markup_stays_text(today):
    page = today(Due("<b>x</b>", "care", NOW, child_name='张三<img src="file:///x.png">', child_id="c"))
    shown = {label.text() for label in page.findChildren(PlainLabel)}
    assert {"<b>x</b>", '张三<img src="file:///x.png">'} <= shown


def test_the_page_speaks_chinese(today):
    use_language("zh_CN")
    page = today(*LINES)
    assert page.heading() == "今天，星期五，2026-11-20"
    assert rows(page)[0].accessibleName() == "已逾期 · 曾小乐 · 给药 · 逾期2小时"


def test_arrows_go_from_line_to_line(today, qtbot):
    page = today(*LINES)
    first, second = rows(page)[:2]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert page.focusWidget() is second


def test_the_clock_reads_again_only_while_the_page_is_seen(today, lines):
    page = today()
    lines.append(Due("新", "care", datetime(2026, 11, 20, 8, 0)))
    page._tick()
    assert len(rows(page)) == 1
    page.hide()
    lines.clear()
    page._tick()
    assert len(rows(page)) == 1


def pages_named_by_reminders():
    for file in sorted(Path(models.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Due":
                yield from (
                    (file.name, each.value.value)
                    for each in node.keywords
                    if each.arg == "page" and isinstance(each.value, ast.Constant)
                )


def test_every_reminder_leads_to_a_room_that_exists():
    open_rooms()
    known = {entry.key for entry in pages()}
    named = list(pages_named_by_reminders())
    assert named and [each for each in named if each[1] not in known] == []
