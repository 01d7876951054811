"""The child's tabs of care and treatment, and the home's list of vaccinations due."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QPushButton

from models.core import records
from models.core.access import SYSTEM
from models.immunisation import VaccineDose
from models.medical import Diagnosis, MedicalVisit
from models.medication import MedicationOrder
from models.nursing import save_row
from models.shifts import shift_at, shift_of
from tests.conftest import NOW, actor
from tests.views.care_house import House, apps, house  # noqa: F401
from views.care_tab import CareDaysTab
from views.immunisation import Immunisation, ImmunisationTab
from views.treatment import StopDialog, TreatmentTab

TODAY = NOW.date()


def texts(table) -> list[tuple[str, ...]]:
    return [row.texts for row in table.rows.rows]


def words(widget) -> str:
    return " | ".join(each.text() for each in [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)])


@pytest.fixture
def treated(house: House) -> House:  # noqa: F811
    child = {"child_id": house.children[0]}
    with house.database.work(SYSTEM) as work:
        records.save(
            work,
            Diagnosis,
            {**child, "name": "癫痫<b>", "icd": "G40", "diagnosed_on": date(2024, 1, 1), "risks": ["seizures"]},
        )
        records.save(
            work,
            MedicalVisit,
            {
                **child,
                "kind": "inpatient",
                "reason": "肺炎",
                "starts_on": date(2026, 10, 1),
                "ends_on": date(2026, 10, 6),
            },
        )
        values = {"drug": "左乙拉西坦", "dose": 3.0, "dose_unit": "ml", "route": "oral", "frequency": "bid", "prescriber": "周医生",
                  "starts_at": datetime(2026, 11, 19, 21, 0)}  # fmt: skip
        records.save(work, MedicationOrder, {**child, **values})
    return house


def shown(kind, house: House, apps, qtbot, who):  # noqa: F811
    tab = kind(apps(who))
    qtbot.addWidget(tab)
    tab.resize(760, 420)
    tab.show()
    tab.show_child(house.children[0])
    return tab


def test_the_treatment_tab_tells_what_a_doctor_asks_first(treated: House, apps, qtbot) -> None:  # noqa: F811
    tab = shown(TreatmentTab, treated, apps, qtbot, treated.nurse)
    assert "青霉素 · Medicine · Severe" in words(tab.allergies)
    assert texts(tab.diagnoses)[0][:3] == ("癫痫<b>", "G40", "Confirmed")
    assert texts(tab.medicines)[0][:4] == ("左乙拉西坦", "In use now", "3 mL, by mouth", "Twice a day")
    assert texts(tab.visits)[0][:2] == ("2026-10-01 (5 days)", "Hospital stay")
    assert "08:00 左乙拉西坦: Overdue 1 h 30 min" in words(tab.today)
    QAbstractItemModelTester(tab.medicines.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_teacher_sees_allergies_only(treated: House, apps, qtbot) -> None:  # noqa: F811
    tab = shown(TreatmentTab, treated, apps, qtbot, actor("teacher", staff_id=treated.carer.staff_id, name="t"))
    assert "青霉素" in words(tab) and not hasattr(tab, "medicines") and "癫痫" not in words(tab)


def test_an_order_is_stopped_with_a_reason(treated: House, apps, qtbot) -> None:  # noqa: F811
    tab = shown(TreatmentTab, treated, apps, qtbot, treated.nurse)
    dialog = StopDialog(tab.app, tab.orders[0])
    qtbot.addWidget(dialog)
    dialog.stop()
    assert dialog.reason.note.text() == "Please give a reason."
    dialog.reason.edit.setText("换药")
    dialog.stop()
    tab.show_child(treated.children[0])
    assert texts(tab.medicines)[0][0] == "nothing noted"
    tab.ended.set_value(True)
    tab.show_child(treated.children[0])
    assert texts(tab.medicines)[0][1] == "No longer taken"


def test_the_care_tab_tells_days_and_exceptions(house: House, apps, qtbot) -> None:  # noqa: F811
    with house.database.work(house.second) as work:
        save_row(work, house.children[0], shift_at(NOW), {"appetite": "all"}, usual=True)
        save_row(
            work, house.children[0], shift_of(TODAY - timedelta(days=3), "early"), {"temperature": 38.6, "note": "咳嗽"}
        )
        save_row(work, house.children[0], shift_of(TODAY - timedelta(days=40), "early"), {"appetite": "all"})
    tab = shown(CareDaysTab, house, apps, qtbot, house.second)
    assert [row[2] for row in texts(tab.table)] == ["As usual", "Unusual"]
    assert texts(tab.table)[1][3:5] == ("38.6 °C", "High fever 38.6 °C, 咳嗽")
    assert tab.count.text() == "2 days written · 1 days with fever"
    tab.which.set_value("odd")
    tab._show()
    assert len(texts(tab.table)) == 1
    tab.span.set_value(90)
    tab.which.set_value("all")
    tab.show_child(house.children[0])
    assert len(texts(tab.table)) == 3


def test_the_plan_of_a_child_is_shown_and_follows_what_is_recorded(house: House, apps, qtbot) -> None:  # noqa: F811
    tab = shown(ImmunisationTab, house, apps, qtbot, house.nurse)
    first = texts(tab.table)
    assert first[0][1] == "Overdue" and "2026" in tab.source.text()
    with house.database.work(SYSTEM) as work:
        for vaccine, day in (("HepB", date(2019, 5, 1)), ("Flu", date(2025, 10, 1))):
            records.save(work, VaccineDose, {"child_id": house.children[0], "vaccine": vaccine, "given_on": day})
    tab.order.set_value("series")
    tab.show_child(house.children[0])
    assert texts(tab.table)[0][:3] == ("Hepatitis B  1/3", "Given", "2019-05-01")
    assert texts(tab.table)[-1][0] == "Influenza" and tab.count.text().startswith("1 of ")


def test_the_home_sees_who_is_due_and_opens_the_child(house: House, apps, qtbot) -> None:  # noqa: F811
    app = apps(house.nurse)
    gone: list = []
    app.going.connect(lambda page, target: gone.append((page, target)))
    page = Immunisation(app)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert {row[1] for row in texts(page.table)} == {"曾小乐", "张三", "阿依古丽·买买提", "𠮷田"}
    assert texts(page.table)[0][0] == "Overdue" and "4 children" in page.count.text()
    page.table.opened.emit(0)
    assert gone == [("child", {"child_id": page.found[0].child_id, "tab": "immunisation"})]
    page._unit_chosen(house.unit)
    page._span_chosen("now")
    assert page._until() == TODAY
    page._span_chosen("next")
    assert page._until() == date(2026, 12, 31)
