"""Measuring: what is typed is judged and drawn at once, saved in one act, kept as a draft, taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from models.core import records
from models.core.access import SYSTEM
from models.growth import GrowthMeasurement, measurements
from tests.conftest import NOW
from tests.ui.conftest import type_in
from tests.views.care_house import House, apps, house  # noqa: F401
from views.growth import Growth, GrowthTab
from views.growth_panel import GrowthPanel


def measured(house: House, child: int):  # noqa: F811
    with house.database.read(house.director) as work:
        return measurements(work, house.children[child])


@pytest.fixture
def panel(house: House, apps, qtbot) -> GrowthPanel:  # noqa: F811
    made = GrowthPanel(apps(house.nurse))
    qtbot.addWidget(made)
    made.resize(800, 460)
    made.show()
    made.show_child(house.children[0])
    return made


def put(panel: GrowthPanel, name: str, text: str) -> None:
    inner = panel.editors[name].inner()
    inner.selectAll()
    type_in(inner, text)


def said(panel: GrowthPanel) -> str:
    QApplication.processEvents()
    return " | ".join(label.text() for label in panel.findChildren(QLabel) if label.text())


def test_what_is_typed_is_judged_and_drawn_before_it_is_saved(panel: GrowthPanel) -> None:
    put(panel, "weight", "14.0")
    put(panel, "stature", "１０５")
    panel.evaluate()
    words = said(panel)
    assert "105.0 cm" in words and "Stunted" in words and "WS/T 586-2018" not in words
    assert panel.canvas.figure is not None and not panel.shown.measured


def test_saving_keeps_it_clears_the_form_and_can_be_taken_back(panel: GrowthPanel, house: House, qtbot) -> None:  # noqa: F811
    told: list = []
    panel.app.telling.connect(lambda text, undo, label: told.append(undo))
    put(panel, "weight", "22.5")
    put(panel, "stature", "121.5")
    assert panel.save()
    assert [(each.weight, each.stature, each.position) for each in measured(house, 0)] == [(22.5, 121.5, "standing")]
    assert panel.editors["weight"].value() is None and panel.history.model().rowCount() == 1
    told[-1]()
    assert measured(house, 0) == []


def test_the_impossible_is_marked_beside_its_field_and_nothing_is_lost(panel: GrowthPanel, house: House) -> None:  # noqa: F811
    put(panel, "weight", "500")
    assert not panel.save()
    assert measured(house, 0) == [] and panel.editors["weight"].value() == 500
    assert "500 kg cannot be" in said(panel)


def test_the_unlikely_is_confirmed(panel: GrowthPanel, house: House) -> None:  # noqa: F811
    put(panel, "weight", "70")
    put(panel, "stature", "121")
    assert not panel.save() and "SD from the median" in said(panel)
    assert panel.save(confirmed=True) and len(measured(house, 0)) == 1


def test_what_is_not_a_number_is_said_and_kept(panel: GrowthPanel, house: House) -> None:  # noqa: F811
    put(panel, "weight", "twenty")
    assert not panel.save()
    assert measured(house, 0) == []


def test_unsaved_typing_comes_back(panel: GrowthPanel, house: House) -> None:  # noqa: F811
    put(panel, "weight", "22.5")
    panel.show_child(house.children[1])
    assert panel.editors["weight"].value() is None
    panel.show_child(house.children[0])
    assert panel.editors["weight"].value() == 22.5


def test_both_standards_and_every_curve_can_be_shown(panel: GrowthPanel) -> None:
    put(panel, "weight", "22.5")
    put(panel, "stature", "121.5")
    for indicator in ("weight", "stature", "weight_for_length", "bmi", "head"):
        for standard in ("china", "who"):
            panel.indicator.set_value(indicator)
            panel.standard.set_value(standard)
            panel.evaluate()
            assert panel.canvas.figure.axes and panel.canvas.figure.axes[0].lines, (indicator, standard)


def test_the_page_lists_who_is_due_and_goes_on_to_the_next(house: House, apps, qtbot) -> None:  # noqa: F811
    with house.database.work(SYSTEM) as work:
        records.save(
            work, GrowthMeasurement, {"child_id": house.children[0], "measured_on": date(2026, 11, 1), "weight": 22.0}
        )
    page = Growth(apps(house.nurse))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert page.said.text() == "3 children are due"
    assert page.child_id == house.children[1]
    page.next_child()
    assert page.child_id == house.children[2] and page.panel.shown.subject.child_id == house.children[2]
    page.open(child_id=house.children[0])
    assert page.panel.history.model().rowCount() == 1


def test_the_tab_shows_the_same_and_a_carer_may_measure(house: House, apps, qtbot) -> None:  # noqa: F811
    tab = GrowthTab(apps(house.carer))
    qtbot.addWidget(tab)
    tab.show()
    tab.show_child(house.children[0])
    assert not tab.panel.form.isHidden()
    assert NOW.date() == tab.panel.editors["measured_on"].value()


def test_who_may_only_read_has_no_form(house: House, apps, qtbot) -> None:  # noqa: F811
    from tests.conftest import actor

    tab = GrowthTab(apps(actor("teacher", staff_id=house.carer.staff_id, name="t")))
    qtbot.addWidget(tab)
    tab.show()
    tab.show_child(house.children[0])
    assert tab.panel.form.isHidden() and not tab.panel.save()
