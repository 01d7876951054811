"""Copies for recipients: what must not be in them is nowhere in them, and what left the home is known again."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.copies import (
    RECIPIENTS,
    Names,
    PaperCopy,
    copy_of_file,
    for_recipient,
    names_for,
    next_number,
    recognised,
    rules_for,
)
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.core.fields import fields_of
from models.core.record import record_types
from models.education import IepGoal
from models.file_papers import ORDER, whole_file
from models.papers import paper_head
from models.social_work import ContactNote
from reports.child_file import render_copy
from tests.factories import make
from tests.reports.reading import sound, squeezed, text_of

OTHER, THIRD = "罗小舟", "单𠮷"


@pytest.fixture
def told(home):
    """A child whose records speak of two others."""
    with home.database.work(SYSTEM) as work:
        work.confirmed = True
        child = work.get_one(Child, home.child)
        child.former_name = "豆豆"
        for number, name in (("2020-801", OTHER), ("2020-802", THIRD)):
            make(work, Child, name=name, number=number, born_on=date(2018, 5, 1))
        said = f"和{OTHER}争执，{THIRD}劝开，{OTHER}道歉；{child.name}难过。"
        make(work, ContactNote, child_id=home.child, purpose=said)
        home.name, home.number = child.name, child.number
    return home


def copied(home, recipient):
    with home.database.work(home.director) as work:
        values = {
            "child_id": home.child,
            "recipient": recipient,
            "recipient_name": "市中级人民法院",
            "purpose": "监护权案件",
        }
        copy = records.save(work, PaperCopy, values)
        whole, mark = copy_of_file(work, copy, lambda work, sha: None)
        document, pages = render_copy(whole, paper_head(work, "", copy=mark))
    sound(document)
    return copy, whole, document, pages


# --- the rules are sound ---


def test_every_rule_names_a_recipient_an_area_and_a_field_that_exist():
    kinds = {kind.__name__: {each.name for each in fields_of(kind)} for kind in record_types()}
    for recipient in RECIPIENTS:
        rules = rules_for(recipient.code)
        assert rules.areas <= set(ORDER)
        for what in rules.omitted | rules.hidden:
            kind, _dot, name = what.partition(".")
            assert kind in kinds and (not name or name in kinds[kind]), what


# --- names ---


@given(st.lists(st.sampled_from(["罗小舟", "罗小", "小舟", "王敏", "Anna Berg"]), unique=True), st.text(max_size=40))
def test_no_known_name_is_left_and_the_same_child_has_the_same_letter(known, around):
    names = Names(dict.fromkeys(known, ""), "[{letter}]")
    said = names.said(around + "".join(known) + around)
    assert not any(name in said for name in known if name not in around)
    assert names.said("".join(known)) == names.said("".join(known))


def test_the_longer_name_is_found_before_the_shorter_one_in_it():
    assert Names({"罗小": "", "罗小舟": ""}, "[{letter}]").said("罗小舟和罗小") == "[A]和[B]"


# --- what is in a copy ---


def test_a_court_reads_of_other_children_only_that_there_were_others(told):
    _copy, _whole, document, _pages = copied(told, "court")
    text = squeezed(text_of(document))
    assert OTHER not in text and THIRD not in text
    assert f"和anotherchildA争执，anotherchildB劝开，anotherchildA道歉；{told.name}难过" in text


def test_an_inspector_does_not_read_the_childs_own_name_either(told):
    _copy, whole, document, _pages = copied(told, "inspector")
    assert told.name not in squeezed(text_of(document)) and "豆豆" not in squeezed(text_of(document))
    assert whole.photo is None


def test_a_school_gets_no_social_work_and_no_ground_of_guardianship(told):
    with told.database.work(SYSTEM) as work:
        make(work, IepGoal, child_id=told.child)
    _copy, whole, _document, _pages = copied(told, "school")
    assert {each.area for each in whole.entries} <= {"child", "education", "rehabilitation"}
    own = next(each.paper for each in whole.entries if each.kind == "Child")
    shown = {each.name for _title, fields in own.sections for each in fields}
    assert "custody" not in shown and "guardian" not in shown and "name" in shown


def test_what_a_recipient_may_not_have_is_left_out_whatever_is_in_the_file(told):
    """For every recipient: no area, type or field that the rules withhold is in the copy."""
    with told.database.work(told.director) as work:
        whole = whole_file(work, told.child)
        child = work.get_one(Child, told.child)
        for code in RECIPIENTS:
            rules = rules_for(code.code)
            copy = for_recipient(whole, code.code, names_for(work, child, code.code))
            for entry in copy.entries:
                assert entry.area in rules.areas and entry.kind not in rules.omitted
                for paper in entry.paper if isinstance(entry.paper, tuple) else [entry.paper]:
                    names = {f.name for _t, some in getattr(paper, "sections", ()) for f in some}
                    assert not {f"{entry.kind}.{name}" for name in names} & rules.omitted


# --- what left the home ---


def test_copies_are_numbered_through_the_year(told):
    with told.database.work(told.director) as work:
        first = next_number(work)
    copied(told, "court")
    _copy, _whole, document, _pages = copied(told, "school")
    assert first.endswith("-0001")
    text = squeezed(text_of(document))
    assert f"{first[:4]}-0002" in text, "its number stands on every page"
    with pikepdf.open(BytesIO(document)) as opened:
        assert f"{first[:4]}-0002" in str(opened.docinfo["/Keywords"]), "and in the document itself"


def test_a_document_is_known_by_its_bytes_and_a_changed_one_is_not(told):
    copy, _whole, document, pages = copied(told, "court")
    with told.database.work(told.director) as work:
        records.save(work, PaperCopy, {"digest": sha256(document).hexdigest(), "pages": pages}, id=copy)
    with told.database.read(told.director) as work:
        assert recognised(work, document).id == copy
        assert recognised(work, document + b"\n") is None


def test_a_copy_without_ground_is_refused_beside_its_field(told):
    with pytest.raises(Invalid) as refusal, told.database.work(told.director) as work:
        records.save(work, PaperCopy, {"child_id": told.child, "recipient": "court"})
    assert {problem.field for problem in refusal.value.problems} == {"recipient_name", "purpose"}
