"""A child about whom every form has something to say: once, or far too much."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from models.admission import Admission, AdmissionPaper, FamilySearchNotice
from models.belongings import ChildPaper, KeepsakeItem
from models.care import HandOver, NursingRecord
from models.core import records
from models.core.access import SYSTEM
from models.core.database import Work
from models.education import IepGoal, Schooling, TermReview
from models.growth import GrowthMeasurement
from models.immunisation import VaccineDose
from models.medical import Allergy, Diagnosis, MedicalVisit
from models.medication import Dose, MedicationOrder
from models.placement import Placement
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.safety import Incident
from models.school_terms import term_of
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan

DAY = date(2026, 10, 6)


def words(count: int, mark: str = "w") -> str:
    """A text of so many words, each of which can be found again."""
    return " ".join(f"{mark}{number:04d}" for number in range(count))


def furnish(home: SimpleNamespace, times: int = 1, long: str = "一句话。") -> dict[str, str]:
    """Write ``times`` records of everything for the home's child; return the ids of the last by type."""
    made: dict[str, str] = {}
    with home.database.work(SYSTEM) as work:
        for fill in (_came, _owns, _treated, _trained, _taught, _grew_up, _in_the_unit):
            made |= fill(work, home, times, long)
    return made


def _save(work: Work, record_type: Any, home: SimpleNamespace, /, **values: Any) -> str:
    return records.save(work, record_type, {"child_id": home.child, **values}, confirmed=True)


def _came(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    came = _save(
        work, Admission, home, arrived_at=datetime(2020, 3, 15, 10), category="A", situation="abandoned", custody="L1",
        sender="police", sender_detail="城东派出所", found_place="市医院门诊楼前", clothing=long, carried="红布包",
        initial_health=long,
    )  # fmt: skip
    for number in range(times):
        _save(
            work,
            AdmissionPaper,
            home,
            admission_id=came,
            paper="other",
            name=f"材料{number:03d}",
            number=f"文号{number}",
        )
    notice = {"rule": "foundling60", "media": ["newspaper"], "published_on": date(2020, 4, 1), "text": long}
    _save(work, FamilySearchNotice, home, **notice)
    _save(work, Placement, home, kind="residential", starts_on=date(2020, 3, 15))
    return {"Admission": came}


def _owns(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    for number in range(times):
        _save(work, KeepsakeItem, home, kind="found", name=f"物品{number:03d}", description=long[:400], received_on=DAY)
        _save(work, ChildPaper, home, kind="birth", number=f"证号{number:03d}", issuer="市医院")
        _save(work, HandOverItem, home, kind="savings", detail=f"存单{number:03d}", quantity=1)
    return {}


def _treated(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    _save(work, Allergy, home, substance="青霉素", kind="medicine", severity="severe", reaction="皮疹")
    for number in range(times):
        _save(work, Diagnosis, home, name=f"诊断{number:03d}", diagnosed_on=DAY, instructions=long)
        visit = {"kind": "check_up", "starts_on": date(2020, 3, 20), "reason": f"体检{number:03d}", "findings": long}
        _save(work, MedicalVisit, home, **visit)
        _save(work, GrowthMeasurement, home, measured_on=DAY - timedelta(days=30 * number), weight=18.5, stature=109.0)
        dose = {"vaccine": "Flu", "given_on": DAY - timedelta(days=40 * number), "batch": f"批{number:03d}"}
        _save(work, VaccineDose, home, **dose)
        order = {
            "drug": f"药品{number:03d}",
            "dose": 1.0,
            "dose_unit": "tablet",
            "route": "oral",
            "prescriber": "王医生",
        }
        clock = _save(work, MedicationOrder, home, **order, frequency="bid", starts_at=datetime(2026, 10, 1))
        due = datetime.combine(DAY, time(8))
        _save(work, Dose, home, order_id=clock, due_at=due, outcome="refused", note=f"吐出{number:03d}")
        need = {**order, "drug": f"必要时{number:03d}", "minimum_hours": 4.0}
        need_id = _save(work, MedicationOrder, home, **need, frequency="prn", starts_at=datetime(2026, 10, 1))
        last = _save(
            work,
            Dose,
            home,
            order_id=need_id,
            due_at=due,
            given_at=due,
            outcome="given",
            reason="发热",
            giver_id=home.caregiver,
        )
    return {"Dose": last}


def _trained(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    for number in range(min(times, 6)):
        tested = {"scale": "BARTHEL", "kind": "review", "scores": {"total": 40 + 5 * number}, "conclusion": long}
        assessed = _save(work, Assessment, home, **tested, assessed_on=DAY - timedelta(days=90 * (6 - number)))
    span = {"starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1)}
    plan = _save(work, RehabilitationPlan, home, **span, findings=long, methods=long, heard="喜欢水")
    for number in range(times):
        _save(
            work,
            PlannedTherapy,
            home,
            plan_id=plan,
            therapy="PT",
            sessions_a_week=3,
            minutes=30,
            form="single",
            method=f"训练法{number:03d}",
        )
        _save(
            work, RehabilitationGoal, home, plan_id=plan, term="short", therapy="PT", text=f"康复目标{number:03d}", baseline="扶站3秒",
            criterion="5次中4次", due_on=date(2026, 12, 31), first_rating="-2", rating="0", note=long, gas_levels={"0": "独站10秒"},
        )  # fmt: skip
    return {"RehabilitationPlan": plan, "Assessment": assessed}


def _taught(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    _save(
        work,
        Schooling,
        home,
        school="市特殊教育学校",
        stage="211",
        kind="special",
        starts_on=date(2026, 9, 1),
        supports=long,
    )
    for number in range(times):
        goal = {
            "domain": "language",
            "term": "annual",
            "text": f"教育目标{number:03d}",
            "present_level": f"现状{number:03d}",
        }
        goal_id = _save(
            work,
            IepGoal,
            home,
            **goal,
            criterion="每天3次",
            starts_on=date(2026, 9, 1),
            due_on=date(2027, 7, 1),
            steps=long,
        )
        review = {
            "goal_id": goal_id,
            "school_term": term_of(DAY).code,
            "reviewed_on": DAY,
            "rating": "2",
            "present": "班主任",
        }
        _save(work, TermReview, home, **review, evidence=long)
    return {"IepGoal": goal_id}


def _grew_up(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    plan = _save(work, TransitionPlan, home, opened_on=DAY, track="work", aims=long, own_wish=long)
    for number in range(times):
        _save(
            work, ReadinessRating, home, domain="self_care", rated_on=DAY, staff_level=2, evidence=f"见证{number:03d}"
        )
        moment = datetime(2026, 10, 1, 9) + timedelta(hours=number)
        contact = _save(
            work, AfterCareContact, home, at=moment, reached="met", situation="good", troubles=long, housing="公租房"
        )
    return {"TransitionPlan": plan, "AfterCareContact": contact}


def _in_the_unit(work: Work, home: SimpleNamespace, times: int, long: str) -> dict[str, str]:
    _save(work, NursingRecord, home, at=datetime(2020, 3, 16, 9), temperature=37.4, note="观察")
    for number in range(times):
        noticed = datetime(2026, 10, 1, 9) + timedelta(hours=number)
        incident = _save(
            work, Incident, home, kind="fall", what=f"跌倒{number:03d}", noticed_at=noticed, course=long, measures=long
        )
    told = {"special": long, "unusual": long, "to_do": "换床单"}
    counted = {"expected": 1, "present": 1, "out": 0, "hospital": 0}
    shift = {"unit_id": home.sunflower, "day": DAY, "shift": "early", "at": datetime(2026, 10, 6, 15)}
    hand_over = records.save(work, HandOver, {**shift, **counted, **told}, confirmed=True)
    return {"Incident": incident, "HandOver": hand_over}
