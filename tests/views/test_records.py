"""The generic pages: every type has one, and it lists, opens, saves and prints."""

from __future__ import annotations

import pytest

from models.child import Child
from models.core import queries
from models.core.access import SYSTEM
from models.core.record import record_types
from models.rehabilitation import Assessment
from models.staff import Staff
from resources import use_language
from tests.conftest import actor
from tests.factories import make
from tests.ui.conftest import _look, app, children, make_app  # noqa: F401 (fixtures)
from ui import papers
from ui.pages import page_named, pages
from ui.text import PlainLabel
from ui.widgets import Button
from views import open_rooms

own_page = (Assessment, Child)
in_a_form = [kind for kind in record_types() if kind not in own_page]


@pytest.fixture(autouse=True)
def rooms(qapp):
    open_rooms()


def page_of(qtbot, app, kind):  # noqa: F811
    made = page_named(f"records.{kind.__name__}").made_by(app)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    made.reload()
    return made


@pytest.mark.parametrize("kind", in_a_form, ids=lambda kind: kind.__name__)
def test_every_type_has_a_page_that_opens_and_gives_the_list_back(qtbot, app, kind):  # noqa: F811
    with app.database.work(SYSTEM) as work:
        record_id = make(work, kind)
    page = page_of(qtbot, app, kind)
    if not app.may("read", kind) or page.table.model.row_of(record_id) < 0:
        return
    page.open(record_id=record_id)
    assert page.panel.record_id == record_id and page.place() == {"record_id": record_id}
    page.show_list()
    assert page.panel is None and page.stack.currentWidget() is page.table


def test_a_new_record_is_begun_filled_saved_and_stands_in_the_list(qtbot, app):  # noqa: F811
    page = page_of(qtbot, app, Staff)
    before = page.table.model.count
    page.new()
    for name, value in (("name", "单丹"), ("sex", "2"), ("post", "nurse")):
        page.panel.form.set_value(name, value)
    page.save()
    page.reload()
    assert page.table.model.count == before + 1
    assert page.stack.currentWidget() is page.table


@pytest.mark.parametrize("kind", own_page)
def test_what_has_a_page_of_its_own_is_begun_there_wherever_one_begins_it(qtbot, app, kind):  # noqa: F811
    """The plain form of an assessment has no scores, the plain form of a child no bed."""
    went = []
    app.going.connect(lambda key, target: went.append((key, target)))
    app.new_record(kind, child_id="c1")
    page_of(qtbot, app, kind).new()
    key = {"Assessment": "assessment", "Child": "admission"}[kind.__name__]
    assert went == [(key, {"new": True, "child_id": "c1"}), (key, {"new": True})]


def test_an_assessment_opens_on_its_page_from_its_list_too(qtbot, app, children):  # noqa: F811
    with app.work() as work:
        made = make(work, Assessment, child_id=children.ids[0])
    went = []
    app.going.connect(lambda key, target: went.append((key, target)))
    page_of(qtbot, app, Assessment).show_record(made)
    assert went == [("assessment", {"record_id": made})]


@pytest.mark.parametrize("role", ["director", "nurse", "caregiver"])
@pytest.mark.parametrize("kind", own_page)
def test_who_may_only_read_sees_a_record_on_the_same_page_as_who_may_write(qtbot, children, kind, role):  # noqa: F811
    """A nurse who opened an assessment from a file saw a form without a single score."""
    app = make_app(children.database, actor(role, staff_id=children.carer.staff_id))  # noqa: F811
    with app.database.work(SYSTEM) as work:
        made = children.ids[0] if kind is Child else make(work, kind, child_id=children.ids[0])
    went = []
    app.going.connect(lambda key, target: went.append((key, target)))
    app.open_record(kind, made)
    page_of(qtbot, app, kind).show_record(made)
    assert went == [{Assessment: ("assessment", {"record_id": made}), Child: ("child", {"child_id": made})}[kind]] * 2
    assert app.may_enter(kind) == (role == "director")
    app.close()


def test_a_target_narrows_the_list_to_a_child(qtbot, app, children):  # noqa: F811
    from models.medical import Allergy

    with app.work() as work:
        make(work, Allergy, child_id=children.ids[0])
        make(work, Allergy, child_id=children.ids[1])
    page = page_of(qtbot, app, Allergy)
    page.open(child_id=children.ids[0])
    assert page.table.model.count == 1


def test_the_page_of_all_lists_counts_only_what_the_person_may_see(qtbot, children):  # noqa: F811
    carer = make_app(children.database, children.carer)
    page = page_named("records").made_by(carer)
    qtbot.addWidget(page)
    page.reload()
    texts = [label.text() for label in page.findChildren(PlainLabel)]
    assert texts[texts.index("Children") : texts.index("Children") + 3].count("2") == 1
    assert "Counselling notes" not in texts


def test_pages_are_for_those_who_may_read(children):  # noqa: F811
    keys = {entry.key for entry in pages(children.carer)}
    assert "records.Child" in keys and "records.CounsellingNote" not in keys


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_record_prints_as_its_form_and_a_list_as_it_is_shown(qtbot, app, children, monkeypatch, language):  # noqa: F811
    use_language(language)
    shown = []
    monkeypatch.setattr(type(app), "preview", lambda self, title, pdf, name: shown.append((title, pdf(), name)))
    papers.show_record_paper(app, Child, children.ids[0])
    page = page_of(qtbot, app, Child)
    page.table.print()
    assert [pdf[:5] for _title, pdf, _name in shown] == [b"%PDF-", b"%PDF-"]
    assert "曾小乐" in shown[0][2]


def test_a_record_that_vanished_is_explained_and_the_list_stays(qtbot, app, monkeypatch):  # noqa: F811
    told = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: told.append(error))
    page = page_of(qtbot, app, Staff)
    page.open(record_id="0" * 32)
    assert told and page.stack.currentWidget() is page.table


def test_leaving_by_the_back_link_asks_only_about_unsaved_typing(qtbot, app, monkeypatch):  # noqa: F811
    from ui import dialogs

    asked = []
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda parent: asked.append(1) or dialogs.DISCARD)
    page = page_of(qtbot, app, Staff)
    page.new()
    page.panel.form.set_value("name", "单丹")
    next(each for each in page.findChildren(Button) if each.text() == "Back to the list").click()
    assert asked == [1] and page.panel is None
    with app.read() as work:
        assert queries.count(work, Staff, search="单丹") == 0
