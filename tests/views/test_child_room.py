"""The child's room: the file on one screen, the list, the guided admission, the roster from Excel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from sqlalchemy import select

from models import child_file as files
from models import timeline
from models.admission import Admission, AdmissionPaper, FamilySearchNotice, admit
from models.belongings import Sibling
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Missing
from models.need_to_know import break_glass
from models.placement import move
from models.reminders import due_now
from tests.conftest import NOW
from tests.models.test_child_import import GOOD, changed, workbook
from tests.ui.conftest import children, make_app, type_in  # noqa: F401 (a fixture)
from ui.app import App
from views import open_rooms
from views.admission import AdmissionPage
from views.child_file import ChildFile
from views.child_records import AreaRecords
from views.children import ChildrenPage
from views.import_children import ImportChildren

open_rooms()
ARRIVED = datetime(2026, 11, 2, 15, 40)


@pytest.fixture
def director(children: SimpleNamespace) -> Iterator[App]:  # noqa: F811
    from tests.conftest import actor

    app = make_app(children.database, actor("director", name="王院长"))
    yield app
    app.close()


@pytest.fixture
def carer(children: SimpleNamespace) -> Iterator[App]:  # noqa: F811
    app = make_app(children.database, children.carer)
    yield app
    app.close()


def page_of(made, qtbot):
    qtbot.addWidget(made)
    made.resize(1040, 560)
    made.show()
    return made


def said(widget) -> str:
    QApplication.processEvents()
    parts = [*widget.findChildren(QLabel), *widget.findChildren(QPushButton)]
    return " | ".join(each.text() for each in parts if each.isVisibleTo(widget) and each.text())


def press(widget, text: str) -> None:
    QApplication.processEvents()
    button = next(each for each in widget.findChildren(QPushButton) if text in each.text() and each.isVisibleTo(widget))
    button.click()


def opened(database, child_id) -> int:
    with database.read(SYSTEM) as work:
        asked = select(AuditEntry.sequence).where(AuditEntry.event == "opened", AuditEntry.child_id == child_id)
        return len(list(work.scalars(asked)))


# --- the file ---


def test_opening_a_file_is_noted_once_and_reading_on_is_not(director, children, qtbot):  # noqa: F811
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    file.show_tab("timeline")
    file.reload()
    file.open(child_id=children.ids[0], tab="overview")
    assert opened(children.database, children.ids[0]) == 1
    file.open(child_id=children.ids[1])
    file.open(child_id=children.ids[0])
    assert opened(children.database, children.ids[0]) == 2


def test_the_head_says_who_it_is_and_what_everyone_must_know(director, children, qtbot):  # noqa: F811
    with children.database.work(SYSTEM) as work:
        records.save(work, Child, {"emergency_note": "对<b>花生</b>过敏", "bed": "03"}, id=children.ids[0])
        move(work, children.ids[0], "residential", date(2026, 1, 1))
        move(work, children.ids[0], "hospital", date(2026, 11, 1), place="市儿童医院")
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    words = said(file.head)
    for expected in ("曾小乐", "2020-001", "7 y 6 m", "bed 03", "对<b>花生</b>过敏", "In hospital", "市儿童医院"):
        assert expected in words


def test_a_child_of_another_unit_stays_closed(carer, children, qtbot):  # noqa: F811
    file = page_of(ChildFile(carer), qtbot)
    with pytest.raises(Missing):
        file.open(child_id=children.ids[2])
    assert file.child_id == "" and file.nobody.isVisibleTo(file) and opened(children.database, children.ids[2]) == 0


def test_emergency_access_stands_in_a_red_frame_until_it_ends(carer, children, qtbot):  # noqa: F811
    break_glass(children.database, children.carer, "2019-002", "emergency", "抽搐，查看用药")
    file = page_of(ChildFile(carer), qtbot)
    file.open(child_id=children.ids[2])
    assert file.frame.objectName() == "glass" and "抽搐，查看用药" in said(file)
    children.database.clock = lambda: NOW + timedelta(minutes=31)
    file.reload()
    assert file.child_id == "" and file.nobody.isVisibleTo(file)


def test_every_kind_of_record_about_a_child_is_within_reach(director, children, qtbot):  # noqa: F811
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    with director.read() as work:
        wanted = set(timeline.kinds(work))
    found = set()
    for leaf in file.rail.leaves:
        file.show_tab(leaf.key)
        assert file.stack.currentWidget().child_id == children.ids[0]
        tab = file._tabs[leaf.key]
        found |= set(tab.kinds) if isinstance(tab, AreaRecords) else set()
    assert found == wanted


def test_keys_lead_from_tab_to_tab(director, children, qtbot):  # noqa: F811
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    keys = [leaf.key for leaf in file.rail.leaves]
    file._step(1)
    assert file.key == keys[1]
    file._step(-1)
    file._step(-1)
    assert file.key == keys[-1]
    file.rail.choose_number(1)
    assert file.key == "overview"


def test_the_file_follows_what_is_saved(director, children, qtbot):  # noqa: F811
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    with director.work() as work:
        records.save(work, Child, {"name": "曾大乐", "comfort_note": "爱听儿歌"}, id=children.ids[0])
        records.save(work, Sibling, {"child_id": children.ids[0], "relation": "twin", "other_id": children.ids[1]})
    qtbot.waitUntil(lambda: "爱听儿歌" in said(file) and "张三" in said(file))
    assert "曾大乐" in said(file.head)


def test_what_is_due_for_one_child_is_what_today_says_of_it(director, children, qtbot):  # noqa: F811
    with children.database.work(SYSTEM) as work:
        for child_id in children.ids[:2]:
            form = {
                "arrived_at": ARRIVED,
                "category": "A",
                "situation": "abandoned",
                "custody": "L1",
                "sender": "police",
            }
            admit(work, {}, {**form}, child_id=child_id)
    with director.read() as work:
        whole = [
            due for due in due_now(work) if due.child_id == children.ids[0] and due.kind not in {"away", "birthday"}
        ]
        assert whole and files.due_for(work, children.ids[0]) == whole
        assert due_now(work) != whole
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0])
    assert "admission papers are missing" in said(file)


def test_a_paper_is_ticked_and_taken_back(director, children, qtbot):  # noqa: F811
    with children.database.work(SYSTEM) as work:
        form = {"arrived_at": ARRIVED, "category": "D", "custody": "L4", "sender": "court"}
        made = admit(work, {}, form, child_id=children.ids[0])
    told: list = []
    director.telling.connect(lambda text, undo, label: told.append(undo))
    file = page_of(ChildFile(director), qtbot)
    file.open(child_id=children.ids[0], tab="admission")
    tab = file.stack.currentWidget()
    press_first = next(
        each for each in tab.findChildren(QPushButton) if each.accessibleName().startswith("Received today")
    )
    press_first.click()

    def received():
        with director.read() as work:
            asked = select(AdmissionPaper.id).where(AdmissionPaper.received_on.is_not(None))
            return len(list(work.scalars(asked)))

    assert received() == 1
    told[-1]()
    assert received() == 0 and made.child_id == children.ids[0]


# --- the list ---


def test_the_list_counts_who_is_here_and_opens_the_file(director, children, qtbot):  # noqa: F811
    with children.database.work(SYSTEM) as work:
        move(work, children.ids[0], "residential", date(2026, 1, 1))
        move(work, children.ids[0], "hospital", date(2026, 11, 1), place="市儿童医院")
    page = page_of(ChildrenPage(director), qtbot)
    page.reload()
    assert "All units  2/3" in said(page) and "向日葵家庭  1/2" in said(page)
    page.open(group="away")
    page.reload()
    assert page.table.model.rowCount() == 1
    went: list = []
    director.going.connect(lambda key, target: went.append((key, target["child_id"])))
    page.table._open_row(0)
    assert went == [("child", children.ids[0])]


def test_an_empty_home_says_what_comes_next(sqlite_database, qtbot):
    from tests.conftest import actor

    app = make_app(sqlite_database, actor("director"))
    page = page_of(ChildrenPage(app), qtbot)
    page.reload()
    went: list = []
    app.going.connect(lambda key, _target: went.append(key))
    press(page, "Admit the first child")
    assert went == ["admission"]
    app.close()


# --- the admission ---


def typed(page: AdmissionPage, form: str, **values) -> None:
    for name, value in values.items():
        page.forms[form].set_value(name, value)
        page._changed(name)


@pytest.fixture
def admission(director, qtbot) -> AdmissionPage:
    return page_of(AdmissionPage(director), qtbot)


def fill(page: AdmissionPage, **coming) -> None:
    typed(page, "child", name="苏小禾", sex="2", born_on=date(2026, 9, 1))
    typed(page, "coming", category="A", situation="abandoned", arrived_at=ARRIVED, **coming)


def test_a_child_is_admitted_from_the_door_to_the_bed(admission, director, children):  # noqa: F811
    fill(admission)
    coming = admission.forms["coming"]
    assert (coming.editor("custody").value(), coming.editor("sender").value()) == ("T1", "police")
    assert "Publish the family-search notice" in said(admission.side)
    admission._received_toggled("photo", True)
    admission._admit(submit=True)
    with director.read() as work:
        child = queries.values(work, Child, work.scalar(select(Child.id).where(Child.name == "苏小禾")))
        form = work.scalar(select(Admission.state).where(Admission.child_id == child["id"]))
        photo = work.scalar(select(AdmissionPaper.received_on).where(AdmissionPaper.paper == "photo"))
    assert (child["placement"], child["number"], form, photo) == ("temporary", "2026-001", "submitted", ARRIVED.date())


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_written(admission, director):
    typed(admission, "child", name="苏小禾")
    admission.save()
    assert {problem for problem in ("Sex", "Date of birth", "Category of the child") if problem in said(admission.problems)} == {
        "Sex", "Date of birth", "Category of the child",
    }  # fmt: skip
    with director.read() as work:
        assert queries.count(work, Child) == 3


def test_an_unusual_basis_is_confirmed_not_refused(admission, director):
    fill(admission, custody="L4")
    admission.save()
    admission.problems.confirmed.emit()
    with director.read() as work:
        assert work.scalar(select(Admission.state)) == "draft"


def test_typing_is_kept_as_a_draft(admission, director, qtbot):
    fill(admission)
    again = page_of(AdmissionPage(director), qtbot)
    assert again.draft.isVisibleTo(again)
    again.draft.take.click()
    assert again.forms["child"].editor("name").value() == "苏小禾"
    assert again.finding.isVisibleTo(again)


def test_a_child_who_was_here_before_is_recognised(admission, director, children):  # noqa: F811
    with children.database.work(SYSTEM) as work:
        move(work, children.ids[0], "residential", date(2026, 1, 1))
        move(work, children.ids[0], "left", date(2026, 5, 1), departure="D2", document="3号")
    typed(admission, "child", name="曾小乐")
    press(admission, "Admit again")
    typed(admission, "coming", category="B", custody="L2", sender="township", arrived_at=ARRIVED)
    admission._admit(submit=False)
    with director.read() as work:
        assert queries.count(work, Child) == 3
        assert work.scalar(select(Child.placement).where(Child.id == children.ids[0])) == "temporary"


def test_a_notice_begins_with_the_rule_of_the_situation(director, children):  # noqa: F811
    from models.admission import suggested_notice

    with children.database.work(SYSTEM) as work:
        form = {"arrived_at": ARRIVED, "category": "A", "situation": "trafficked", "custody": "T1", "sender": "rescue"}
        admit(work, {}, form, child_id=children.ids[0])
        values = suggested_notice(work, children.ids[0])
        records.save(work, FamilySearchNotice, values)
    assert (values["rule"], values["media"]) == ("trafficked30", ["newspaper", "platform"])


# --- the roster ---


def test_a_roster_is_looked_at_tried_and_taken_over(director, children, qtbot, tmp_path):  # noqa: F811
    page = page_of(ImportChildren(director), qtbot)
    page.take(workbook(tmp_path, [GOOD]))
    assert "1 row was read; all of them can be taken over." in said(page)
    went: list = []
    director.going.connect(lambda key, _target: went.append(key))
    press(page, "Take over 1 child")
    with director.read() as work:
        assert queries.count(work, Child) == 4
    assert went == ["children"]


def test_a_wrong_roster_comes_back_marked(director, children, qtbot, tmp_path):  # noqa: F811
    page = page_of(ImportChildren(director), qtbot)
    page.take(workbook(tmp_path, [GOOD, changed(姓名="王五", 性别="?", 身份证号=None)]))
    assert "1 can be taken over, 1 have errors" in said(page)
    page.write_marked(tmp_path / "marked.xlsx")
    assert (tmp_path / "marked.xlsx").stat().st_size > 4000
    page._mapped(1, "")
    assert "0 can be taken over, 2 have errors" in said(page)
    with director.read() as work:
        assert queries.count(work, Child) == 3
