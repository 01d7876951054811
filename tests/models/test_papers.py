"""What stands on papers: the head, a record's form with who signed it, the note in the trail, the last printings."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import records, settings
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Missing
from models.core.record import record_types
from models.incidents import Incident
from models.papers import blank_paper, may_print, note_printed, paper_head, recent_prints, record_paper
from resources import use_language
from tests.conftest import actor


def test_the_head_knows_the_home_the_person_and_whether_it_is_invented(home: SimpleNamespace) -> None:
    with home.database.work(SYSTEM) as work:
        settings.change(work, "home_name", "青禾市儿童福利院")
        settings.change(work, "invented", True)
    with home.database.read(home.director) as work:
        head = paper_head(work, "表")
    assert (head.institution, head.demo, head.printed_by) == ("青禾市儿童福利院", True, "director")
    assert head.printed_at == home.database.clock()


def test_a_childs_form_shows_every_field_with_its_choices(home: SimpleNamespace) -> None:
    use_language("zh_CN")
    with home.database.read(home.director) as work:
        paper = record_paper(work, Child, home.child)
    fields = {field.label: field for _title, some in paper.sections for field in some}
    assert paper.title == "儿童基本情况登记表"
    assert fields["姓名"].text == "曾小乐"
    assert (True, "男") in fields["性别"].choices
    assert (False, "女") in fields["性别"].choices
    assert fields["班组"].text == "向日葵家庭"
    assert (paper.subject, paper.file_number, paper.pictured) == ("曾小乐", "2020-001", True)


def test_every_type_has_a_form_to_be_filled_in_by_hand_in_both_languages() -> None:
    for language in ("zh_CN", "en"):
        use_language(language)
        for kind in record_types():
            paper = blank_paper(kind)
            assert paper.title
            assert paper.sections
            assert [each.name for each in paper.signed] == ["", "", ""]


def test_who_may_not_print_or_not_see_gets_no_form(home: SimpleNamespace) -> None:
    with home.database.read(actor("safety")) as work, pytest.raises(Forbidden):
        may_print(work, Child)
    with home.database.read(home.care) as work, pytest.raises(Missing):
        record_paper(work, Child, home.other)


def test_the_form_says_who_filled_it_in_and_who_answers_for_it(home: SimpleNamespace) -> None:
    safety = actor("safety", name="safety")
    with home.database.work(safety) as work:
        values = _ordinary(Incident)
        incident = records.save(work, Incident, {**values, "child_id": home.child}, confirmed=True)
    with home.database.work(home.director) as work:
        for step in ("submit", "review", "approve"):
            if any(each.name == step for each in records.steps_for(work, Incident, _state(work, incident))):
                records.take_step(work, Incident, incident, step)
    with home.database.read(home.director) as work:
        paper = record_paper(work, Incident, incident)
    assert paper.final
    assert paper.signed[0].name == "safety"
    assert paper.signed[2].name == "director"
    assert paper.signed[2].at == home.database.clock()


def test_printing_is_noted_and_ones_own_printings_are_remembered(home: SimpleNamespace) -> None:
    with home.database.work(home.director) as work:
        note_printed(work, "Child", Child, home.child, home.child)
        for child in (home.child, home.other):
            note_printed(
                work, "Monthly record of a child", Child, child, child, period="2026-10", batch="b", place="/x"
            )
    with home.database.work(home.care) as work:
        note_printed(work, "Child", Child, home.child, home.child)
    with home.database.read(home.director) as work:
        assert [(each.form, each.papers) for each in recent_prints(work)] == [
            ("Monthly record of a child", 2), ("Registration form of a child", 1),
        ]  # fmt: skip
        assert len(recent_prints(work, limit=1)) == 1
    with home.database.read(SYSTEM) as work:
        assert len([each for each in work.query(AuditEntry) if each.event == "printed"]) == 4


def _state(work, incident: str) -> str:
    return work.get(Incident, incident).state


def _ordinary(kind: type) -> dict[str, object]:
    """The fewest values with which a record of a type can be saved."""
    from datetime import datetime, time

    from models.core.fields import fields_of

    made: dict[str, object] = {}
    for each in fields_of(kind):
        if each.required and each.kind != "reference":
            made[each.name] = {
                "date": date(2026, 11, 19), "datetime": datetime(2026, 11, 19, 10), "time": time(10), "integer": 1, "decimal": 1.0,
                "yes_no": True, "code": each.codes.codes[0].code if each.codes else "", "money": 1,
            }.get(each.kind, "一切如常")  # fmt: skip
    return made
