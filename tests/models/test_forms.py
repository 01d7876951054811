"""The papers of a child: declared once, for whom, of what, by whose right."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from models.child import Child
from models.core import records
from models.core.access import ROLES, SYSTEM
from models.core.errors import Forbidden, Missing
from models.core.record import record_types
from models.forms import FORMS, Asked, Form, forms_for, forms_of_record, gathered
from models.papers import blank_paper, record_paper
from models.placement import Placement
from resources import use_language
from tests.conftest import actor
from tests.forms_house import furnish
from tests.reports.test_form_paper import OCTOBER, asked_of

TYPES = {kind.__name__: kind for kind in record_types()}


def titles_in(form: Form) -> list[str]:
    return [section.title for section in form.sections]


def test_every_paper_is_about_something_and_needs_a_right_that_exists():
    for kind in FORMS.values():
        assert kind.of in {"child", "child_month", "child_year"} | set(TYPES)
        assert kind.needs in TYPES
        assert set(kind.beside) <= set(TYPES)


def test_every_paper_has_a_name_of_its_own_in_both_languages():
    from resources import _

    for language in ("zh_CN", "en"):
        use_language(language)
        names = [_(kind.title) for kind in FORMS.values()]
        assert len(set(names)) == len(names)
    use_language("zh_CN")
    assert all(not _(kind.title).isascii() for kind in FORMS.values())


def test_papers_are_refused_to_who_may_not_print_them(home):
    for role in ROLES:
        someone = actor(role.code, staff_id=home.caregiver)
        with home.database.read(someone) as work:
            for kind in FORMS.values():
                if someone.may("print", kind.needs):
                    continue
                assert kind not in forms_for(work, kind.of)
                assert not [name for name in kind.beside if kind in forms_of_record(work, name)]
                with pytest.raises(Forbidden):
                    gathered(work, kind, Asked(home.child))


def test_a_child_that_is_not_entrusted_has_no_papers(home):
    with home.database.read(home.care) as work:
        for kind in forms_for(work, "child"):
            with pytest.raises(Missing):
                gathered(work, kind, Asked(home.other))


def test_a_record_offers_its_own_paper_first_and_then_those_of_its_child(home):
    with home.database.read(home.director) as work:
        assert [each.key for each in forms_of_record(work, "Admission")] == ["admission_form", "admission_set"]
        assert [each.key for each in forms_of_record(work, "VaccineDose")] == ["immunisation_certificate"]
        assert forms_of_record(work, "Unit") == []


def test_papers_of_a_child_are_found_beside_every_record_that_offers_them(home):
    made = furnish(home)
    beside = {(kind.key, name) for kind in FORMS.values() for name in kind.beside if name in made}
    with home.database.read(home.director) as work:
        found = {each: gathered(work, FORMS[each[0]], Asked("", made[each[1]], OCTOBER)) for each in beside}
    assert len(beside) >= 8
    assert {each: sheets[0].subject for each, sheets in found.items()} == dict.fromkeys(beside, "曾小乐")


def test_the_immunisation_certificate_follows_the_order_of_the_programme(home):
    use_language("en")
    from models.immunisation import VaccineDose

    with home.database.work(SYSTEM) as work:
        for vaccine, day in (("MMR", date(2020, 9, 1)), ("BCG", date(2020, 1, 2)), ("HepB", date(2020, 1, 1))):
            values = {"child_id": home.child, "vaccine": vaccine, "given_on": day, "batch": f"B-{vaccine}"}
            records.save(work, VaccineDose, values, confirmed=True)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["immunisation_certificate"], Asked(home.child))
    batches = [row[3] for row in form.sections[0].grids[0].rows]
    assert batches == ["B-HepB", "B-BCG", "B-MMR"]
    due = form.sections[2].grids[0].rows
    assert any(row[2] == "Overdue" for row in due)
    assert form.final and form.pictured


def test_the_medication_sheet_marks_every_dose_on_its_day_and_leaves_room_where_nothing_is_recorded(home):
    use_language("en")
    furnish(home)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["medication_sheet"], Asked(home.child, period=OCTOBER))
    grid = form.sections[0].grids[0]
    assert grid.headings[2:] == tuple(str(day) for day in range(1, 32))
    morning = next(row for row in grid.rows if row[1] == "08:00")
    assert morning[1 + 6] == "R"
    assert morning[1 + 7] == "\u3000"
    (need,) = form.sections[1].grids[0].rows
    assert need[3] == "发热" and need[5] == "单雄"


def test_the_evaluation_compares_with_the_score_before_and_counts_the_goals(home):
    use_language("en")
    furnish(home, times=3)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["rehabilitation_evaluation"], Asked(home.child))
        (plan,) = gathered(work, FORMS["rehabilitation_plan"], Asked(home.child))
    goals = next(section for section in form.sections if section.title == "Goals")
    assert dict(goals.facts)["Goals achieved"] == "0 / 3"
    assert goals.grids[0].rows[0][3] == "−2"
    assessed = next(section for section in plan.sections if section.title == "Assessed")
    assert assessed.grids[0].rows[0][4].startswith("45 (")
    assert plan.state == "draft" and not plan.final


def test_a_draft_is_marked_and_an_approved_form_is_final(home):
    made = furnish(home)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["admission_form"], Asked(record_id=made["Admission"]))
        assert form.state == "draft" and not form.final
    with home.database.work(home.director) as work:
        for step in ("submit", "approve"):
            records.take_step(work, TYPES["Admission"], made["Admission"], step)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["admission_form"], Asked(record_id=made["Admission"]))
        assert form.final and form.state == ""
        assert form.signed[0].at is not None and form.signed[-1].at is not None


def test_the_leaving_set_lists_what_is_handed_over_with_its_sum_in_capitals(home):
    use_language("en")
    from models.belongings import KeepsakeItem

    furnish(home)
    with home.database.work(SYSTEM) as work:
        from models.staff import Staff

        witness = records.save(work, Staff, {"name": "见证人", "sex": "2", "post": "social_worker"})
        money = {
            "child_id": home.child,
            "kind": "money",
            "name": "压岁钱",
            "amount": Decimal("1575.00"),
            "received_on": date(2026, 1, 1),
        }
        records.save(work, KeepsakeItem, {**money, "keeper_id": home.caregiver, "witness_id": witness}, confirmed=True)
        left = {
            "child_id": home.child,
            "kind": "left",
            "departure": "D3",
            "document": "皖收〔2026〕1号",
            "starts_on": date(2026, 11, 1),
        }
        records.save(work, Placement, left, confirmed=True)
    with home.database.read(home.director) as work:
        approval, notice, handed, after = gathered(work, FORMS["leaving_set"], Asked(home.child))
    assert dict(approval.sections[1].facts)["Document"] == "皖收〔2026〕1号"
    assert len(approval.opinions) == 3
    assert any(row[1] == "药品000" or row[0] == "药品000" for row in notice.sections[2].grids[0].rows)
    kept = next(section for section in handed.sections if section.title == "Kept things").grids[0].rows
    assert kept[-1][2] == "壹仟伍佰柒拾伍元整" and kept[-1][4] == "1,575.00"
    assert [row[1] for row in after.sections[1].grids[0].rows][0] == "2026-12-01"


def test_the_leaving_form_names_the_day_of_leaving(home):
    use_language("zh_CN")
    with home.database.work(SYSTEM) as work:
        records.save(
            work,
            Placement,
            {"child_id": home.child, "kind": "residential", "starts_on": date(2020, 3, 15)},
            confirmed=True,
        )
        left = {"kind": "left", "departure": "D3", "starts_on": date(2026, 11, 1), "document": "民收〔2026〕3号"}
        records.save(work, Placement, {"child_id": home.child, **left}, confirmed=True)
    with home.database.read(home.director) as work:
        (form,) = gathered(work, FORMS["leaving_form"], Asked(home.child))
    leaving = dict(next(each for each in form.sections if each.title == "离院").facts)
    assert leaving["离院日期"] == "2026-11-01" and leaving["离院方式"] == "被依法收养（国内）"


def test_parts_of_a_set_that_a_person_may_not_print_are_withheld_not_empty(home):
    use_language("en")
    furnish(home)
    with home.database.work(SYSTEM) as work:
        records.save(
            work, TYPES["Caseload"], {"child_id": home.child, "staff_id": home.caregiver, "starts_on": date(2020, 1, 1)}
        )
    with home.database.read(actor("social", staff_id=home.caregiver)) as work:
        forms = gathered(work, FORMS["leaving_set"], Asked(home.child))
    health = next(section for section in forms[1].sections if section.title == "Health")
    assert health.withheld


def test_the_programs_own_flags_stand_on_no_form(home):
    use_language("en")
    with home.database.read(home.director) as work:
        own = record_paper(work, Child, home.child)
    labels = {each.label for _title, fields in own.sections for each in fields}
    assert "Outreach client" not in labels and "Placement" in labels and "Left on" in labels
    for kind in TYPES.values():
        found = {each.name for _title, fields in blank_paper(kind).sections for each in fields}
        assert not found & {"outreach", "sealed", "locked", "signed_late", "admission_id", "sitting_id", "series_id"}, (
            kind
        )


def test_a_sealed_incident_prints_only_for_those_to_whom_it_is_open(home):
    from models.safety import Incident

    with home.database.work(SYSTEM) as work:
        values = {
            "child_id": home.child,
            "kind": "fall",
            "what": "密封",
            "noticed_at": datetime(2026, 11, 1, 9),
            "decision": "yes",
            "situations": ["1"],
        }
        incident = records.save(work, Incident, values, confirmed=True)
    someone = actor("safety", staff_id=home.caregiver)
    with home.database.read(someone) as work, pytest.raises(Missing):
        gathered(work, FORMS["incident_report"], Asked(record_id=incident))


def test_asking_beside_a_record_and_for_the_child_gives_the_same_plan(home):
    made = furnish(home)
    with home.database.read(home.director) as work:
        kind = FORMS["rehabilitation_plan"]
        assert gathered(work, kind, asked_of(kind, home, made)) == gathered(
            work, kind, Asked(home.child, made["RehabilitationPlan"])
        )
