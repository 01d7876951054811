"""What speaks against a child's therapies: until when, said at booking, barred in planning, ended early with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.alerts import alerts_for
from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.department import ContraindicationRule
from models.immunisation import VaccineDose
from models.precautions import Precaution, end_early, precautions_on
from models.rehabilitation import RehabilitationPlan
from models.scheduling.conflicts import Booking
from models.scheduling.occupancy import conflicts
from models.staff import Staff
from tests.conftest import actor

TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def clinic(database) -> SimpleNamespace:
    with database.work(SYSTEM) as work:
        child = records.save(work, Child, {"name": "曾小乐", "number": "1", "sex": "1", "born_on": date(2020, 1, 1)})
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt", "hydro"]})
    return SimpleNamespace(database=database, child=child, li=li)


def bar(clinic, who=SYSTEM, **values) -> str:
    given = {
        "child_id": clinic.child,
        "kind": "fracture",
        "source": "fracture",
        "starts_on": TODAY,
        "ends_on": date(2026, 12, 24),
    }
    with clinic.database.work(who) as work:
        return records.save(work, Precaution, given | values)


def said(clinic, therapy: str, day: date = MONDAY) -> list[str]:
    start = datetime.combine(day, datetime.min.time()).replace(hour=9)
    wish = Booking("wish", clinic.child, clinic.li, start, start + timedelta(minutes=30), therapy=therapy)
    with clinic.database.read(SYSTEM) as work:
        return [each.words for each in conflicts(work, wish) if each.kind == "risk"]


def bars(clinic, first: date = MONDAY, last: date = MONDAY):
    with clinic.database.read(SYSTEM) as work:
        return precautions_on(work, [clinic.child], first, last).get(clinic.child, ())


def test_it_bars_the_therapies_of_the_list_and_warns_at_booking_until_its_end(clinic):
    bar(clinic, words="左桡骨")
    (found,) = bars(clinic)
    assert found.barred and found.concerns("PT", MONDAY) and not found.concerns("ST", MONDAY)
    assert said(clinic, "PT") == ["Barred for 曾小乐: Fracture, 左桡骨, in force until 2026-12-24."]
    assert said(clinic, "ST") == [] and said(clinic, "PT", date(2026, 12, 25)) == []


def test_it_stands_on_the_childs_banner(clinic):
    bar(clinic, words="左桡骨", therapies=["HYD"])
    with clinic.database.read(SYSTEM) as work:
        texts = [each.text for each in alerts_for(work, [clinic.child])]
    assert texts == ["Fracture, 左桡骨: no Water, in force until 2026-12-24"]


def test_own_words_alone_concern_all_therapies(clinic):
    bar(clinic, kind=None, words="术后不可俯卧", grade="care")
    (found,) = bars(clinic)
    assert not found.barred and found.concerns("MUS", MONDAY)
    assert said(clinic, "PT")[0].startswith("Take care with 曾小乐: 术后不可俯卧")


def test_an_entry_of_the_homes_own_list_brings_its_therapies(clinic):
    with clinic.database.work(SYSTEM) as work:
        rule = records.save(work, ContraindicationRule, {"name": "石膏固定", "therapies": ["HYD"], "lasting": "temporary",
                                                         "effective_from": TODAY})  # fmt: skip
    bar(clinic, kind=None, rule_id=rule)
    assert [(each.words, each.therapies) for each in bars(clinic)] == [("石膏固定", {"HYD"})]


def test_the_home_says_how_long_a_contraindication_lasts_as_a_rule(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(work, ContraindicationRule, {"name": "骨折", "code": "fracture", "lasting": "temporary", "days": 42,
                                                  "effective_from": TODAY})  # fmt: skip
    bar(clinic, ends_on=None)
    assert bars(clinic)[0].last == date(2026, 12, 31)


def test_ended_early_it_no_longer_holds_and_says_why(clinic):
    key = bar(clinic)
    with pytest.raises(Invalid), clinic.database.work(SYSTEM) as work:
        end_early(work, key, TODAY, "")
    with clinic.database.work(SYSTEM) as work:
        end_early(work, key, TODAY, "复查拍片已愈合")
    assert bars(clinic) == () and len(bars(clinic, TODAY, TODAY)) == 1
    with clinic.database.work(SYSTEM) as work:
        end_early(work, key, TODAY - timedelta(days=1), "登记有误")
    assert bars(clinic, TODAY, MONDAY) == (), "ended before it began"


def test_without_an_end_it_asks_and_with_nothing_said_it_is_refused(clinic):
    with pytest.raises(Unconfirmed):
        bar(clinic, actor("director"), ends_on=None)
    with pytest.raises(Invalid):
        bar(clinic, kind=None)
    with pytest.raises(Invalid):
        bar(clinic, ends_on=TODAY - timedelta(days=1))


def test_the_day_of_a_vaccination_bars_the_water(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(work, VaccineDose, {"child_id": clinic.child, "vaccine": "HepB", "outcome": "given", "given_on": TODAY},
                     confirmed=True)  # fmt: skip
    (found,) = bars(clinic, TODAY, MONDAY)
    assert (found.first, found.last, found.therapies) == (TODAY, TODAY, {"HYD"})


def test_what_the_plan_warns_of_is_said_and_does_not_bar(clinic):
    with clinic.database.work(SYSTEM) as work:
        plan = records.save(work, RehabilitationPlan, {
            "child_id": clinic.child, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
            "findings": "髋不稳", "contraindications": ["unstable_hip"],
        })  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan, "submit")
    (found,) = bars(clinic)
    assert (found.barred, found.source, found.record_id) == (False, "plan", "")
    assert said(clinic, "PT") == ["曾小乐's plan warns: Unstable hip."]
