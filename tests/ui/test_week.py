"""The drawn week: where things lie, how they are moved by mouse and by keyboard, and what is said about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.week import Band, Column, Tile, Verdict, WeekGrid, verdict_of
from ui.week_axis import Axis, lanes
from ui.week_tile import _name, caption

DAYS = [Column("mon", "周一"), Column("tue", "周二", now=True, marked=True), Column("wed", "周三", closed=True)]
TILES = [
    Tile("a", "mon", 540, 570, "曾小乐", "PT大厅", "PT", "rehabilitation", movable=True),
    Tile("b", "tue", 600, 660, "王小雨", mark="OT", look="done"),
    Tile("c", "mon", 870, 900, "李小明", movable=True),
]


@given(
    st.integers(0, 60), st.integers(200, 600), st.integers(0, 1440), st.booleans(), st.floats(300, 900), st.floats(0.5, 2)
)  # fmt: skip
def test_pixels_and_minutes_lead_back_to_each_other(begin, length, minute, folded, height, least):
    folds = [(begin + 60, begin + 120)] if folded else []
    axis = Axis(begin, begin + length, folds=folds, height=height, least=least, fold_height=20)
    minute = min(max(minute, begin), begin + length)
    assert abs(axis.minute(axis.y(minute) + 0.001) - minute) <= 1
    assert axis.height >= length * least * 0.5
    assert [axis.y(m) for m in axis.marks(30)] == sorted(axis.y(m) for m in axis.marks(30))


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(1, 40)).map(lambda pair: (pair[0], sum(pair))), max_size=12))
def test_what_overlaps_lies_side_by_side_and_nothing_else(spans):
    placed = lanes(spans)
    for one, (first, wide) in enumerate(placed):
        assert first < wide
        for other, (second, other_wide) in enumerate(placed[:one]):
            if spans[one][0] < spans[other][1] and spans[other][0] < spans[one][1]:
                assert first != second and wide == other_wide
    for index, (start, end) in enumerate(spans):
        alone = all(start >= b or end <= a for at, (a, b) in enumerate(spans) if at != index)
        assert not alone or placed[index] == (0, 1)


@pytest.fixture
def grid(qtbot) -> WeekGrid:
    made = WeekGrid()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    qtbot.waitExposed(made)
    made.show_week(DAYS, TILES, span=(480, 1020), folds=[(690, 840)])
    made.setFocus()
    return made


def mouse(grid: WeekGrid, kind: QEvent.Type, point: QPoint) -> None:
    button = Qt.MouseButton.LeftButton
    where = QPointF(point)
    event = QMouseEvent(kind, where, grid.viewport().mapToGlobal(where), button, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(grid.viewport(), event)


def drag(grid: WeekGrid, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
    mouse(grid, QEvent.Type.MouseButtonPress, start)
    mouse(grid, QEvent.Type.MouseMove, start + (end - start) / 2)
    mouse(grid, QEvent.Type.MouseMove, end)
    if drop:
        mouse(grid, QEvent.Type.MouseButtonRelease, end)


def middle(grid: WeekGrid, column: str, start: int, end: int) -> QPoint:
    return grid.place_of(column, start, end).center()


def test_a_block_is_dragged_to_another_day_and_time(grid, qtbot):
    with qtbot.waitSignal(grid.moved) as told:
        drag(grid, middle(grid, "mon", 540, 570), middle(grid, "tue", 900, 930))
    key, column, start, end = told.args
    assert (key, column, end - start) == ("a", "tue", 30) and abs(start - 900) <= 5 and start % 5 == 0


def test_the_end_of_a_block_is_dragged_longer(grid, qtbot):
    edge = grid.place_of("mon", 540, 570).bottomLeft() + QPoint(30, -3)
    with qtbot.waitSignal(grid.moved) as told:
        drag(grid, edge, middle(grid, "mon", 590, 610))
    assert told.args[:3] == ["a", "mon", 540] and 590 <= told.args[3] <= 610


def test_a_place_is_judged_while_dragging_and_a_bad_one_refuses_the_drop(grid, qtbot):
    asked = []

    def judge(key, column, start, end):
        asked.append((key, column, start))
        return Verdict("danger", ("The room is full.",))

    grid.judge = judge
    moved = []
    grid.moved.connect(lambda *_args: moved.append(1))
    with qtbot.waitSignal(grid.refused) as told:
        drag(grid, middle(grid, "mon", 540, 570), middle(grid, "tue", 900, 930))
    assert told.args == ["The room is full."] and not moved and asked[-1][1] == "tue"
    assert "The room is full." not in grid.cursor_words()


def test_the_verdict_is_said_while_the_block_is_held(grid):
    grid.judge = lambda key, column, start, end: Verdict("danger", ("The room is full.",))
    drag(grid, middle(grid, "mon", 540, 570), middle(grid, "tue", 900, 930), drop=False)
    assert "The room is full." in grid.accessibleDescription()
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert "The room is full." not in grid.accessibleDescription()


def test_what_may_not_be_moved_stays(grid):
    moved = []
    grid.moved.connect(lambda *_args: moved.append(1))
    drag(grid, middle(grid, "tue", 600, 660), middle(grid, "mon", 900, 930))
    assert not moved and grid.current == "b"


def test_an_empty_place_is_drawn_out_or_pressed_to_book(grid, qtbot):
    with qtbot.waitSignal(grid.drafted) as told:
        drag(grid, middle(grid, "mon", 600, 605), middle(grid, "mon", 655, 660))
    column, start, end = told.args
    assert column == "mon" and start == 600 and 650 <= end <= 660
    with qtbot.waitSignal(grid.drafted) as told:
        spot = middle(grid, "mon", 615, 620)
        mouse(grid, QEvent.Type.MouseButtonPress, spot)
        mouse(grid, QEvent.Type.MouseButtonRelease, spot)
    assert told.args == ["mon", 600, 630]


def test_the_keyboard_goes_over_slots_blocks_and_the_folded_midday(grid):
    grid.put_cursor("mon", 510)
    for _step in range(3):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.cursor_place() == ("mon", 600)
    grid.put_cursor("mon", 660)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    assert grid.cursor_place() == ("mon", 840)
    QTest.keyClick(grid, Qt.Key.Key_Up)
    assert grid.cursor_place() == ("mon", 660)


def test_the_cursor_chooses_the_block_it_meets_and_says_it(grid, qtbot):
    grid.put_cursor("mon", 510)
    with qtbot.waitSignal(grid.chosen) as told:
        QTest.keyClick(grid, Qt.Key.Key_Down)
    assert told.args == ["a"]
    assert grid.accessibleDescription() == "周一 · 09:00–09:30 · PT · 曾小乐 · PT大厅"
    with qtbot.waitSignal(grid.opened):
        QTest.keyClick(grid, Qt.Key.Key_Return)


def test_a_block_is_carried_by_keys_made_longer_and_laid_down(grid, qtbot):
    grid.choose("a")
    QTest.keyClick(grid, Qt.Key.Key_Space)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    for _step in range(2):
        QTest.keyClick(grid, Qt.Key.Key_Down)
    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(grid.moved) as told:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert told.args == ["a", "tue", 570, 615]


def test_letters_and_paging_are_passed_on(grid, qtbot):
    with qtbot.waitSignal(grid.keyed) as told:
        QTest.keyClicks(grid, "n")
    assert told.args == ["N"]
    with qtbot.waitSignal(grid.paged) as told:
        QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert told.args == [1]


def test_whoever_may_only_look_can_neither_drag_nor_book(grid):
    grid.bookable = False
    happened = []
    for signal in (grid.moved, grid.drafted):
        signal.connect(lambda *_args: happened.append(1))
    drag(grid, middle(grid, "mon", 540, 570), middle(grid, "tue", 900, 930))
    drag(grid, middle(grid, "mon", 600, 605), middle(grid, "mon", 655, 660))
    assert not happened


def test_a_fold_opens_where_something_lies_in_it(grid):
    folded = grid._frame.axis.folds
    grid.show_week(DAYS, [*TILES, Tile("d", "mon", 720, 750, "x")], span=(480, 1020), folds=[(690, 840)])
    assert folded == ((690, 840),) and grid._frame.axis.folds == ()


def test_it_paints_in_every_look_and_scrolls_when_there_are_many_columns(grid):
    from ui.theme import theme

    for name in ("light", "dark", "contrast"):
        theme.use(name, 125)
        assert not grid.grab().isNull()
    grid.show_week([Column(str(n), f"李{n}") for n in range(20)], [], span=(480, 1020))
    assert grid.horizontalScrollBar().maximum() > 0


LOOKS = ("booked", "done", "signed", "missed", "due", "taken", "proposed", "moving", "leaving")


def department(grid: WeekGrid, days: int = 5, people: int = 12) -> None:
    """Show a department's week lying sideways, with every look of a block."""
    bands = [Band(day * 1440 + 480, day * 1440 + 1020, f"Day {day}", marked=day == 1) for day in range(days)]
    nights = [(one.end, other.start) for one, other in zip(bands, bands[1:], strict=False)]
    tiles = [
        Tile(f"{who}-{day}-{count}", str(who), day * 1440 + 540 + 60 * count, day * 1440 + 570 + 60 * count, "欧阳小雨",
             mark="PT", look=LOOKS[(who + day) % len(LOOKS)], movable=True, short="小雨", locked=who == 3)
        for who in range(people) for day in range(days) for count in range(2)
    ]  # fmt: skip
    columns = [Column(str(who), f"李{who}", "12 h", now=True) for who in range(people)]
    grid.show_week(columns, tiles, span=(480, bands[-1].end), folds=nights, bands=bands)


def test_a_cut_name_gives_way_to_the_given_name_and_a_group_keeps_its_names(qapp):
    metrics = QFontMetrics(caption(bold=True))
    one = Tile("a", "1", 0, 30, "欧阳小雨", short="小雨")
    group = Tile("b", "1", 0, 30, "欧阳小雨、王小雨、曾小乐、何晨", short="4×")

    def room(words):
        return metrics.horizontalAdvance(words) + 1

    assert _name(one, metrics, room("欧阳小雨")) == "欧阳小雨"
    assert _name(one, metrics, room("欧阳…")) == "小雨"
    assert _name(group, metrics, room("欧阳小雨、王…")) == group.title
    assert _name(group, metrics, room("欧…")) == group.title, "how many they are stands below"


def test_lying_sideways_it_paints_every_look_at_every_zoom(grid):
    from ui.theme import theme

    grid.minute_now = lambda: 1440 + 600
    for name in ("light", "dark", "contrast"):
        theme.use(name, 100)
        for zoom in (0.5, 1, 3):
            department(grid)
            grid.set_zoom(zoom)
            assert not grid.grab().isNull()


def test_what_lies_under_the_mouse_stays_there_when_looking_closer(grid):
    department(grid)
    point = grid.place_of("6", 2 * 1440 + 600, 2 * 1440 + 630).center()
    before = grid._at(point)
    grid.set_zoom(2.0, point)
    after = grid._at(point)
    assert after[0] == before[0] and abs(after[1] - before[1]) <= 5
    assert grid.horizontalScrollBar().maximum() > 0


def test_scrolling_paints_no_lane_twice(grid, monkeypatch):
    grid.show_week([Column(str(n), f"李{n}") for n in range(40)], [], span=(480, 1020))
    painted = []
    draw = grid._strips._draw
    monkeypatch.setattr(grid._strips, "_draw", lambda painter, index: (painted.append(index), draw(painter, index)))
    bar = grid.horizontalScrollBar()
    for value in (*range(0, bar.maximum(), 97), *range(bar.maximum(), 0, -53)):
        bar.setValue(value)
        grid.viewport().grab()
    assert len(painted) == len(set(painted)) == 40


def test_a_wheel_with_control_looks_closer_and_tells_it(grid, qtbot):
    with qtbot.waitSignal(grid.zoomed) as told:
        grid.zoom_by(1)
    assert told.args == [1.25] and grid.zoom == 1.25
    grid.zoom_by(-20)
    assert grid.zoom == 0.5


def test_a_night_is_never_carried_into(grid):
    department(grid)
    grid.resize(1400, 500)
    start = grid.place_of("0", 540, 570).center()
    late = grid.place_of("0", 1010, 1020).center()
    drag(grid, start, late, drop=False)
    held = grid._drag
    assert held.kind == "move" and held.end <= 1020 and held.end - held.start == 30
    QTest.keyClick(grid, Qt.Key.Key_Escape)


def test_a_block_that_may_not_move_says_so_when_it_is_pulled(grid, qtbot):
    with qtbot.waitSignal(grid.fixed) as told:
        drag(grid, middle(grid, "tue", 600, 660), middle(grid, "mon", 900, 930))
    assert told.args == ["b"]


def test_the_place_is_said_with_its_day(grid):
    department(grid)
    grid.choose("0-2-0")
    assert grid.accessibleDescription().startswith("李0 · Day 2 09:00–09:30 · PT · 欧阳小雨")


def test_the_gravest_word_gives_the_tone():
    assert verdict_of([]).tone == "good"
    assert verdict_of([("a", True)]) == Verdict("warning", ("a",))
    assert verdict_of([("a", True), ("b", False)]) == Verdict("danger", ("b",))
