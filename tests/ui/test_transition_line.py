"""The drawn ways: rows lie where their days are, are walked by keys, said in words, and drawn in every look."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from models.transition_dates import Done, Life, marks, planned, rules_on
from models.transition_plan import Readiness, YoungPerson
from models.transition_words import DOMAINS
from resources import use_language
from ui.readiness_chart import ReadinessChart, readiness_words
from ui.theme import theme
from ui.time_rows import month_ticks
from ui.transition_line import CohortLines, PersonLine, status_words, step_words

TODAY = date(2026, 11, 20)
BORN = date(2009, 1, 10)


def person(born=BORN, done=None, name="曾小乐", margin=0, **life):
    whole = Life(born, **life)
    steps = marks(planned(whole, rules_on(TODAY, "340102")), done or {}, TODAY)
    readiness = tuple(Readiness(code.code, 2, 3, 4, 1, TODAY) for code in DOMAINS)
    return YoungPerson(name, name, "2012-001", born, margin, whole, "", "work", "", steps, readiness)


@pytest.fixture
def line(qtbot):
    made = PersonLine()
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show_person(person(done={"baseline": Done(date(2023, 2, 1)), "bank_account": Done(date(2026, 1, 1))}), TODAY)
    made.show()
    return made


def row_of(line, code):
    return next(index for index in range(line.row_count()) if line.can_open(index) and line.step_at(index).code == code)


def test_days_lie_in_their_order_between_the_labels_and_the_words(line):
    days = [BORN.replace(year=BORN.year + age) for age in range(14, 21)]
    places = [line.place_of(day) for day in days]
    assert places == sorted(places) and len(set(places)) == len(places)
    assert line.plot().left() <= places[0] and places[-1] <= line.plot().right()
    assert line.place_of(line.first) == line.plot().left() and line.place_of(date(1990, 1, 1)) == line.plot().left()


def test_a_step_says_how_it_stands_in_words_not_only_in_colour(line):
    words = {
        line.step_at(row).code: status_words(line.step_at(row), TODAY)
        for row in range(line.row_count())
        if line.can_open(row)
    }
    assert words["baseline"] == "done 2023-02-01"
    assert words["insurance"] == "16 months late"
    assert words["assessment"] == "until 2027-01-10"
    assert words["approval"] == "from 2026-12-10"
    said = step_words(line.step_at(row_of(line, "assessment")), TODAY)
    assert "72号" in said and "from 2026-07-10 until 2027-01-10" in said


def test_keys_walk_over_the_headings_and_enter_opens(line, qtbot):
    opened = []
    line.opened.connect(opened.append)
    line.setFocus()
    line.current = -1
    for _each in range(5):
        qtbot.keyClick(line, Qt.Key.Key_Down)
    assert line.can_open(line.current) and not line.can_open(0)
    assert line.accessibleDescription() == line.row_words(line.current)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_End)
    qtbot.keyClick(line, Qt.Key.Key_Home)
    assert opened == [row_of(line, "identity_card") - 1] and line.current == 1


def test_what_is_chosen_is_brought_into_view(line):
    line.resize(1000, 240)
    line.choose(line.row_count() - 1)
    assert line.verticalScrollBar().value() > 0
    line.choose(1)
    assert line.verticalScrollBar().value() <= line.tops()[1]


def test_a_press_opens_the_row_under_the_pointer(line, qtbot):
    index = row_of(line, "baseline")
    point = QPoint(60, line.tops()[index] + 46 + 10)
    assert line.row_at(point) == index
    with qtbot.waitSignal(line.opened) as caught:
        qtbot.mouseClick(line.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert caught.args == [index]
    assert line.row_at(QPoint(60, 5)) == -1


def test_the_two_years_around_today_show_what_belongs_to_them_and_all_that_is_overdue(line):
    whole = line.row_count()
    line.show_person(line.person, TODAY, whole=False)
    shown = [line.step_at(row).code for row in range(line.row_count()) if line.can_open(row)]
    assert line.row_count() < whole and "assessment" in shown and "baseline" not in shown and "insurance" in shown


@pytest.mark.parametrize("look", ["light", "dark", "contrast"])
def test_every_look_draws_something_and_the_eighteenth_birthday_stands_in_it(line, look):
    theme.use(look)
    line.show_person(person(margin=9), TODAY)
    picture = line.viewport().grab().toImage()
    assert picture.pixelColor(line.place_of(line.person.adult_on), 60) == theme.color("transition")
    colors = {picture.pixelColor(x, y).name() for x in range(0, 1000, 7) for y in range(60, 500, 7)}
    assert len(colors) > 5 and QColor(theme.color("raised")).name() in colors


def test_the_cohort_says_of_everyone_when_and_how_much(qtbot):
    lines = CohortLines()
    qtbot.addWidget(lines)
    lines.resize(1000, 400)
    lines.show_people(
        [
            person(date(2008, 2, 29), name="甲", left_on=date(2026, 3, 10)),
            person(),
            person(date(2012, 11, 20), name="乙"),
        ],
        TODAY,
    )
    lines.show()
    assert lines.row_words(0).startswith("甲 · left 2026-03-10 · Work and an own life · ")
    assert "of age in 51 days" in lines.row_words(1)
    assert lines.row_words(2) == "乙 · of age in 4 years · Work and an own life · 1 due"
    lines.viewport().grab()
    mark = next(step for step in lines.people[1].steps if step.code == "approval")
    tip = lines.tip_at(QPoint(lines.place_of(mark.due_on), 0), 1)
    assert "Approval by the civil-affairs department" in tip
    assert lines.tip_at(QPoint(5, 0), 1) == lines.row_words(1)


def test_an_axis_has_as_many_marks_as_there_is_room_for():
    wide = month_ticks(date(2026, 1, 1), date(2027, 1, 1), 1200)
    narrow = month_ticks(date(2026, 1, 1), date(2032, 1, 1), 300)
    assert [words for _day, words, _main in wide][:3] == ["2026", "Feb", "Mar"]
    assert {words for _day, words, _main in narrow} == {str(year) for year in range(2026, 2033)}
    use_language("zh_CN")
    assert month_ticks(date(2026, 1, 1), date(2027, 1, 1), 1200)[1][1] == "2月"


def test_readiness_is_said_in_words_and_drawn(qtbot):
    chart = ReadinessChart()
    qtbot.addWidget(chart)
    chart.show_readiness([Readiness("money"), Readiness("travel", 2, 3, 4, 1, TODAY, "独立乘车")])
    chart.resize(700, chart.sizeHint().height())
    assert chart.accessibleDescription() == "Money: not rated yet; Getting around: level 2, With some help"
    assert readiness_words(chart.readiness[1]).splitlines()[1:] == [
        "own rating 3", "before 1", "target 4", "rated 2026-11-20", "独立乘车",
    ]  # fmt: skip
    picture = chart.grab().toImage()
    assert picture.pixelColor(round(chart._x(2)), 28 + 34 + 17) == theme.color("transition")
