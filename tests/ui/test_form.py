"""The form: every field of every type, errors beside it, read in words, nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.errors import Problem
from models.core.fields import fields_of
from models.core.record import record_types
from resources import use_language
from tests.factories import example
from tests.ui.conftest import type_in
from ui.editors import Editor
from ui.form import RecordForm
from ui.form_grid import FormGrid
from ui.record_form import form_fields
from ui.text import PlainLabel


def form_of(qtbot, app, kind=Child, **options):
    form = RecordForm(app, kind, **options)
    qtbot.addWidget(form)
    form.resize(900, 900)
    form.show()
    return form


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_every_type_has_a_form_that_gives_back_what_it_was_given(qtbot, app, kind):
    with app.database.work(SYSTEM) as work:
        given = example(work, kind)
    form = form_of(qtbot, app, kind)
    assert set(form.cells) == {meaning.name for meaning in form_fields(kind)}
    form.load(given)
    assert not form.is_changed() and form.unread() == []
    form.settle()
    back = form.values()
    assert {name: back[name] for name in form.editors if name in given} == {
        name: given[name] for name in form.editors if name in given
    }
    assert all(not editor.value() for name, editor in form.editors.items() if name not in given)


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_every_control_of_every_form_has_a_name(qtbot, app, kind):
    form = form_of(qtbot, app, kind)
    for name, editor in form.editors.items():
        meaning = next(each for each in fields_of(kind) if each.name == name)
        assert meaning.title in editor.accessibleName() or editor.accessibleName() == meaning.title
        assert editor.inner().accessibleName()


@pytest.mark.parametrize("width", [1000, 700, 420, 260])
def test_a_form_sets_itself_out_at_any_width_without_overlap(qtbot, app, width):
    form = form_of(qtbot, app)
    form.resize(width, 3000)
    QApplication.processEvents()
    QApplication.processEvents()
    for grid in form.findChildren(FormGrid):
        places = [cell.body.geometry() for cell in grid.cells]
        assert all(not one.intersects(other) for index, one in enumerate(places) for other in places[index + 1 :])
        assert all(place.right() <= grid.width() for place in places)


def test_the_tab_key_follows_the_order_of_the_paper(qtbot, app):
    form = form_of(qtbot, app)
    order = list(form.editors.values())
    chain, widget = [], order[0].focusProxy() or order[0]
    for _step in range(400):
        owner: QWidget | None = widget
        while owner is not None and not isinstance(owner, Editor):
            owner = owner.parentWidget()
        if owner is not None and owner not in chain:
            chain.append(owner)
        widget = widget.nextInFocusChain()
    assert chain[: len(order)] == order


# --- errors ---


def test_a_field_is_judged_when_it_is_left_not_while_it_is_typed(qtbot, app):
    form = form_of(qtbot, app)
    born, message = form.editor("born_on"), form.cells["born_on"].message
    type_in(born.edit, "2026-13")
    assert message.isHidden()
    born.settle_later()
    qtbot.waitUntil(lambda: not message.isHidden())
    assert "2026-03-05" in message.label.text()
    assert born.inner().accessibleDescription() == message.label.text()
    born.edit.clear()
    type_in(born.edit, "2020-1-3")
    assert message.isHidden()


def test_an_empty_required_field_is_not_scolded_before_saving(qtbot, app):
    form = form_of(qtbot, app)
    form.editor("name").settle_later()
    QApplication.processEvents()
    QApplication.processEvents()
    assert form.cells["name"].message.isHidden()


def test_all_problems_stand_beside_their_fields_and_the_first_has_the_focus(qtbot, app):
    form = form_of(qtbot, app)
    form.show_problems(
        [Problem("sex", "Please fill this in."), Problem("bed", "Taken.", warning=True), Problem("", "As a whole.")]
    )
    assert form.cells["sex"].message.label.text() == "Please fill this in."
    assert form.cells["bed"].message.symbol.tint == "warning"
    assert form.cells["name"].message.isHidden()
    assert form.editor("sex").inner().property("wrong") is True
    form.clear_problems()
    assert form.cells["sex"].message.isHidden()


def test_a_help_text_gives_way_to_an_error_and_comes_back(qtbot, app):
    form = form_of(qtbot, app)
    message = form.cells["number"].message
    help_text = message.label.text()
    form.show_problems([Problem("number", "Another child already has this file number.")])
    assert message.label.text() == "Another child already has this file number."
    form.clear_problems()
    assert message.label.text() == help_text and not message.isHidden()


# --- reading ---


def texts_of(widget):
    QApplication.processEvents()
    return [label.text() for label in widget.findChildren(PlainLabel) if not label.isHidden()]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_record_is_read_in_words_with_no_editor_and_no_code(qtbot, app, children, language):
    use_language(language)
    form = form_of(qtbot, app, read_only=True)
    with app.read() as work:
        form.load(queries.values(work, Child, children.ids[0]))
    texts = texts_of(form)
    assert form.editors == {}
    assert "曾小乐" in texts and "2019-05-01" in texts and "1" not in texts
    assert any("Former name" in text or "曾用名" in text for text in texts if ":" in text or "：" in text), texts


def test_markup_in_a_value_is_shown_as_it_is(qtbot, app):
    form = form_of(qtbot, app, read_only=True)
    hostile = "张三<img src='file:///etc/passwd'><b>x</b>"
    form.load({"name": hostile})
    label = next(each for each in form.findChildren(PlainLabel) if each.text() == hostile)
    from PySide6.QtCore import Qt

    assert label.textFormat() == Qt.TextFormat.PlainText


def test_a_fixed_child_is_named_and_kept(qtbot, app, children):
    from models.medical import Allergy

    form = form_of(qtbot, app, Allergy, fixed=("child_id",))
    form.load({"child_id": children.ids[0]})
    assert "child_id" not in form.editors
    assert form.values()["child_id"] == children.ids[0]


def test_a_change_tells_its_field(qtbot, app):
    form = form_of(qtbot, app)
    with qtbot.waitSignal(form.changed) as heard:
        type_in(form.editor("name").edit, "曾")
    assert heard.args == ["name"] and form.is_changed()


def test_a_record_saved_from_its_form_reads_the_same(qtbot, app, children):
    form = form_of(qtbot, app)
    form.load({"name": "𠮷小禾", "number": "2026-001", "sex": "2", "born_on": date(2025, 1, 3)})
    with app.work() as work:
        record_id = records.save(work, Child, form.values(), confirmed=True)
    with app.read() as work:
        assert queries.values(work, Child, record_id)["name"] == "𠮷小禾"
