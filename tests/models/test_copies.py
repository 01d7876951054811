"""Copies for recipients: what must not be in them is nowhere in them, and what left the home is known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from models.belongings import Sibling
from models.care import NursingRecord
from models.child import Child
from models.copies import (
    RECIPIENTS,
    PaperCopy,
    copy_of,
    for_recipient,
    given_to,
    names_for,
    next_number,
    recognised,
    rules_for,
)
from models.copy_names import Names, people_in
from models.copy_papers import COPY_PAPERS, kept_back, monthly, paper_problems
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid
from models.core.exchange import Listing
from models.core.fields import Field, fields_of
from models.core.record import record_types
from models.education import IepGoal
from models.file_papers import ORDER, FileEntry, WholeFile, whole_file
from models.forms import FORMS, Form
from models.immunisation import VaccineDose
from models.month import Section
from models.papers import PaperField, RecordPaper, Signed, paper_head
from models.rehabilitation import Assessment
from models.safety import Incident
from models.social_work import ContactNote, SocialCase
from reports.copy_paper import render_copy
from tests.factories import make
from tests.forms_house import furnish
from tests.reports import samples
from tests.reports.reading import faults, squeezed, text_of

AT = datetime(2026, 10, 7, 9, 30)
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


def copied(home, recipient, **asked):
    with home.database.work(home.director) as work:
        values = {
            "child_id": home.child,
            "recipient": recipient,
            "recipient_name": "市中级人民法院",
            "purpose": "监护权案件",
            **asked,
        }
        copy = records.save(work, PaperCopy, values)
        whole, mark = copy_of(work, copy, lambda work, sha: None)
        document, pages = render_copy(whole, paper_head(work, "", copy=mark))
    assert faults(document) == []
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


@pytest.mark.parametrize(
    "paper",
    [
        WholeFile("c", "曾小乐", "1", (), b"picture", ()),
        replace(samples.empty(), photo=b"picture"),
        [Form("表", (("姓名", "曾小乐"),), pictured=True, picture="a", photo=b"picture")],
    ],
    ids=["file", "month", "form"],
)
def test_the_photo_is_on_no_paper_for_an_inspector_and_on_those_for_a_court(paper):
    shown = {
        recipient: (made[0] if isinstance(made, list) else made).photo
        for recipient in ("inspector", "court")
        for made in [given_to(paper, recipient, Names({}, "[{letter}]"))]
    }
    assert shown == {"inspector": None, "court": b"picture"}


@pytest.mark.parametrize(
    ("recipient", "areas", "warned", "planned"),
    [
        ("court", ["care", "treatment", "education", "social_work"], True, True),
        ("hospital", ["care", "treatment"], True, False),
        ("school", ["education"], False, False),
    ],
)
def test_a_month_has_only_the_areas_of_its_recipient(recipient, areas, warned, planned):
    """What is put together from all areas is only for whoever gets all, warnings only for whoever treats."""
    sections = [
        Section(area, texts=(("小结", OTHER),), area=area) for area in ("care", "treatment", "education", "social_work")
    ]
    month = samples.record(*sections, warnings=(f"避开{OTHER}",), plan=(f"与{OTHER}同组",))
    made = given_to(month, recipient, Names({OTHER: ""}, "[{letter}]"))
    assert [each.area for each in made.sections] == areas and OTHER not in repr(made)
    assert (bool(made.warnings), bool(made.plan)) == (warned, planned)


def test_a_form_has_only_the_areas_of_its_recipient_and_covers_names_to_its_last_line():
    sections = tuple(Section(area, texts=(("经过", OTHER),), area=area) for area in ("education", "social_work", ""))
    form = Form(
        "计划",
        (("同伴", OTHER),),
        sections,
        (Signed("填表人", OTHER),),
        warnings=(OTHER,),
        notes=(f"交{OTHER}",),
        subject=OTHER,
    )
    (made,) = given_to([form], "school", Names({OTHER: ""}, "[{letter}]"))
    assert [each.area for each in made.sections] == ["education", ""] and OTHER not in repr(made)
    assert made.notes == ("交[A]",) and made.signed[0].name == "[A]"


def test_a_name_is_covered_wherever_a_record_may_say_it():
    """In its own values, in what it is about, in what it corrects, and in a list."""
    fields = (PaperField("经过", f"和{OTHER}争执", long=True, name="x"),)
    record = RecordPaper(
        "谈话", (("对象", OTHER),), (("", fields),), (), subject=OTHER, corrects=f"{OTHER}的记录", kind="ContactNote"
    )
    listing = Listing("谈话", (Field("经过", name="x"),), ((f"{OTHER}来访",),), (f"含{OTHER}",))
    entries = (FileEntry("child", "谈话", "", record, "Child"), FileEntry("child", "谈话", "", listing, "Child"))
    made = given_to(
        WholeFile("c", "曾小乐", "1", (("同伴", OTHER),), None, entries), "court", Names({OTHER: ""}, "[{letter}]")
    )
    assert OTHER not in repr(made) and "[A]的记录" in repr(made)


def test_a_school_gets_no_social_work_and_no_ground_of_guardianship(told):
    with told.database.work(SYSTEM) as work:
        make(work, IepGoal, child_id=told.child)
    _copy, whole, _document, _pages = copied(told, "school")
    assert {each.area for each in whole.entries} <= {"child", "education", "rehabilitation"}
    own = next(each.paper for each in whole.entries if each.kind == "Child")
    shown = {each.name for _title, fields in own.sections for each in fields}
    assert "custody" not in shown and "guardian" not in shown and "name" in shown


@pytest.mark.parametrize("dedicated", [False, True], ids=["records", "forms"])
def test_what_a_recipient_may_not_have_is_left_out_whatever_is_in_the_file(told, dedicated):
    """For every recipient: no area, type, field or line of a form that the rules withhold is in the copy."""
    furnish(told)
    forms = left_out = 0
    with told.database.work(told.director) as work:
        whole = whole_file(work, told.child, dedicated=dedicated)
        child = work.get_one(Child, told.child)
        for code in RECIPIENTS:
            rules = rules_for(code.code)
            withheld = {label for label, rule in kept_back(rules).items() if rule == "omit"}
            copy = for_recipient(whole, code.code, names_for(work, child, code.code))
            left_out += len(whole.entries) - len(copy.entries)
            for entry in copy.entries:
                assert entry.area in rules.areas and entry.kind not in rules.omitted
                papers = entry.paper if isinstance(entry.paper, tuple) else (entry.paper,)
                sheets = [each for each in papers if isinstance(each, Form)]
                forms += len(sheets)
                for sheet in sheets:
                    said = [*sheet.facts, *(pair for part in sheet.sections for pair in (*part.facts, *part.texts))]
                    assert not {label for label, _text in said} & withheld, (code.code, sheet.name)
                for paper in (each for each in papers if isinstance(each, RecordPaper)):
                    names = {f.name for _t, some in paper.sections for f in some}
                    assert not {f"{entry.kind}.{name}" for name in names} & rules.omitted
    assert left_out and bool(forms) is dedicated, "there was something to be left out"


# --- every paper, by the same rules ---

GRANDMOTHER, REPORTER, FOSTER = "欧阳秀兰", "钱有为", "冯德海"


@pytest.fixture
def known(told):
    """The same child, with relatives and outsiders named in fields and in free text."""
    with told.database.work(SYSTEM) as work:
        work.confirmed = True
        child = work.get_one(Child, told.child)
        child.guardian = f"祖母{GRANDMOTHER}"
        told_of = f"{GRANDMOTHER}来电（13912345678），{OTHER[0]} {OTHER[1:]}在旁；{REPORTER}报告，{FOSTER}证实，证件320102195001011234。"
        make(work, ContactNote, child_id=told.child, purpose=told_of, at=AT, with_whom=f"外婆 {GRANDMOTHER}、{FOSTER}")
        make(
            work,
            Incident,
            child_id=told.child,
            noticed_at=AT,
            course=told_of,
            persons=f"证人{FOSTER}",
            measures=told_of,
        )
        make(work, NursingRecord, child_id=told.child, at=AT, note=told_of)
        make(work, SocialCase, child_id=told.child, source=f"邻居{REPORTER}", opened_on=AT.date())
        make(work, Assessment, child_id=told.child)
        make(work, VaccineDose, child_id=told.child)
    return told


def papers_for(recipient):
    """Every paper that this kind of recipient gets; of the single kinds of record, which are all in the file, some."""
    rules = rules_for(recipient)
    alone = {"records.ContactNote", "records.Incident", "records.NursingRecord", "records.Child"}
    for code in COPY_PAPERS:
        if code.code.startswith("records.") and code.code not in alone:
            continue
        month = "2026-10" if monthly(code.code) else None
        if not list(paper_problems(code.code, month, rules)):
            yield code.code, month


def everything_in(document):
    """All that can be read in a document: text, description, bookmarks, whatever else it carries."""
    with pikepdf.open(BytesIO(document)) as opened:
        said = [str(value) for value in opened.docinfo.values()] if opened.trailer.get("/Info") else []
        with opened.open_metadata() as metadata:
            said += [str(value) for value in metadata.values()]
        with opened.open_outline() as outline:
            waiting = list(outline.root)
            while waiting:
                item = waiting.pop()
                said.append(item.title)
                waiting += item.children
        for each in opened.objects:
            if isinstance(each, pikepdf.Dictionary):
                said += [str(value) for value in each.as_dict().values() if isinstance(value, pikepdf.String)]
    return squeezed(text_of(document) + "\n".join(said))


@pytest.mark.parametrize("recipient", [code.code for code in RECIPIENTS])
def test_no_name_that_a_recipient_may_not_read_survives_in_any_paper(known, recipient):
    """Other children for everyone; relatives, witnesses and numbers by the rules: text, metadata and bookmarks."""
    readable = rules_for(recipient).readable
    hidden = {OTHER, THIRD}
    hidden |= set() if "relative" in readable else {GRANDMOTHER}
    hidden |= set() if "witness" in readable else {FOSTER}
    hidden |= set() if "reporter" in readable else {REPORTER}
    hidden |= set() if "numbers" in readable else {"13912345678", "320102195001011234"}
    hidden |= {known.name, "豆豆"} if rules_for(recipient).masked else set()
    made = 0
    for paper, month in papers_for(recipient):
        _copy, _content, document, pages = copied(known, recipient, paper=paper, month=month)
        read = everything_in(document)
        assert not [each for each in hidden if each in read], paper
        assert pages and "2026-00" in read, "its number stands in it"
        made += 1
    assert made >= 5


def test_a_court_reads_the_relatives_and_the_young_person_its_own_family(known):
    for recipient in ("court", "young_person"):
        _copy, _content, document, _pages = copied(known, recipient, paper="records.ContactNote")
        assert GRANDMOTHER in squeezed(text_of(document))
    assert REPORTER not in squeezed(text_of(document)), "who reported is protected, from the young person too"


def test_the_same_person_is_called_the_same_throughout(known):
    _copy, _content, document, _pages = copied(known, "inspector", paper="month", month="2026-10")
    read = squeezed(text_of(document))
    assert "relativeA来电" in read
    assert "139****" in read and "320102****" in read


def test_a_paper_that_a_recipient_does_not_get_is_refused_at_its_field(known):
    for paper in ("records.ContactNote", "form.immunisation_certificate"):
        with pytest.raises(Invalid) as refusal:
            copied(known, "school", paper=paper)
        assert {problem.field for problem in refusal.value.problems} == {"paper"}
    with pytest.raises(Invalid) as refusal:
        copied(known, "court", paper="month")
    assert {problem.field for problem in refusal.value.problems} == {"month"}


def test_every_declared_form_of_a_child_can_be_copied():
    codes = {code.code for code in COPY_PAPERS}
    assert {f"form.{key}" for key, form in FORMS.items() if form.of in ("child", "child_month")} <= codes
    assert "records.PaperCopy" not in codes


@given(st.text(alphabet="罗小舟王敏 \n\u200b·ab", max_size=30))
def test_a_name_is_found_however_it_is_spaced(around):
    spaced = "罗\u200b小\n舟"
    said = Names({"罗小舟": "", "阿依古丽·买买提": ""}, "[{letter}]").said(
        f"{around}|{spaced}|阿依古丽•买买提|{around}"
    )
    assert "小舟" not in squeezed(said.replace("\u200b", "")).split("|")[1] and "买买提" not in said


@given(st.sampled_from(["欧阳秀兰", "王芳", "李建国"]), st.sampled_from(["祖母", "外婆 ", "邻居", "证人", ""]))
def test_a_relation_before_a_name_is_not_part_of_it(name, before):
    assert list(people_in(f"{before}{name}（13800000000）、市民政局")) == [name]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("李秀英家庭（新安镇）", ["李秀英"]), ("康复科、教务处", []), ("高中同学、周末志愿者", []), ("祖父母家", []),
        ("高秀兰和王强（13800000000）", ["高秀兰", "王强"]), ("阿依古丽·买买提 姑姑", ["阿依古丽·买买提"]), ("Anna Berg, lawyer", ["Anna Berg"]),
    ],
)  # fmt: skip
def test_offices_and_common_words_are_not_taken_for_people(said, names):
    assert list(people_in(said)) == names


def test_a_brother_in_the_same_home_is_named_to_those_who_may_know_the_family(known):
    with known.database.work(SYSTEM) as work:
        make(work, Sibling, child_id=known.child, name=OTHER)
    for recipient, readable in (("young_person", True), ("court", True), ("inspector", False)):
        _copy, _content, document, _pages = copied(known, recipient, paper="records.ContactNote")
        assert (OTHER in squeezed(text_of(document))) is readable, recipient


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


def test_a_copy_asked_for_before_its_recipient_lost_the_paper_is_not_made(told):
    """The rules may have become stricter since the copy was noted."""
    with told.database.work(told.director) as work:
        asked = {"child_id": told.child, "recipient": "court", "recipient_name": "法院", "purpose": "案件"}
        copy = records.save(work, PaperCopy, {**asked, "paper": "records.ContactNote"})
    with told.database.engine.begin() as connection:
        connection.execute(update(PaperCopy.__table__).values(recipient="school"))
    with told.database.work(told.director) as work, pytest.raises(Invalid) as refusal:
        copy_of(work, copy, lambda work, sha: None)
    assert {problem.field for problem in refusal.value.problems} == {"paper"}


def test_a_copy_without_ground_is_refused_beside_its_field(told):
    with pytest.raises(Invalid) as refusal, told.database.work(told.director) as work:
        records.save(work, PaperCopy, {"child_id": told.child, "recipient": "court"})
    assert {problem.field for problem in refusal.value.problems} == {"recipient_name", "purpose"}
