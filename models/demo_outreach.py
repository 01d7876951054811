"""The demo home's funded children and outreach clients 演示救助项目与社区服务对象 — all invented."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.age import months_later
from models.child import Child
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_rehabilitation import recorded, treated
from models.funded_programmes import ProgrammeEnrolment
from models.outreach import ServiceAgreement

CLIENTS = (
    ("周小满", "1", 5, "autism", "6", "周建国", "father", "free", "阳光花园3幢201室"),
    ("许知夏", "2", 4, "cp", "4", "许文静", "mother", "aid", "东风路18号"),
    ("顾一鸣", "1", 6, "hearing", "2", "陈桂英", "grandparent", "fee", "青河乡前进村"),
)
"""Name, sex, age, what the child has, disability, guardian, relation, who pays, address."""
THERAPIES = {"autism": ["ST", "SI", "COG"], "cp": ["PT", "OT", "CE"], "hearing": ["ST"]}


@demo_part(order=25)
def clients(world: World) -> None:
    """Take in three children of the neighbourhood; the third one's agreement has ended."""
    worker = (world.of_post("social_worker") or world.staff)[0]
    therapists = world.of_post("therapist") or world.staff
    children, agreements = [], []
    for place, (name, sex, age, condition, disability, *family) in enumerate(CLIENTS):
        start = (world.first_day + timedelta(days=4 + 9 * place)).replace(day=1)
        child = {
            "id": new_id(), "name": name, "number": f"T{world.today.year}-{place + 1:03d}", "sex": sex, "condition": condition,
            "born_on": _birth(world.today, age, place), "admitted_on": start, "rehabilitation": True, "outreach": True,
            "disability": [disability], "conditions": [condition], "placement": None, "unit_id": None,
        }  # fmt: skip
        world.clients.append(child)
        children.append({
            "id": child["id"], "name": name, "number": child["number"], "sex": sex, "born_on": child["born_on"],
            "outreach": True, "disabilities": [disability], "disability_grade": "3", "identity_status": "unregistered",
            "birth_basis": "actual", **recorded(worker, start),
        })  # fmt: skip
        agreements.append(_agreement(world, child, family, therapists[place % len(therapists)], worker))
    world.work.bulk(Child, children)
    world.work.bulk(ServiceAgreement, agreements)


def _birth(today: date, age: int, place: int) -> date:
    return months_later(today, -12 * age - 2 - place) - timedelta(days=3 * place)


def _agreement(
    world: World, child: dict[str, Any], family: list[str], lead: dict[str, Any], worker: dict[str, Any]
) -> dict[str, Any]:  # fmt: skip
    guardian, relation, funding, address = family
    start = child["admitted_on"]
    ended = child["condition"] == "hearing"
    child["until"] = world.today - timedelta(days=9) if ended else None
    soon = world.today + timedelta(days=18) if funding == "free" else months_later(start, 12)
    return {
        "id": new_id(), "child_id": child["id"], "guardian": guardian, "relation": relation, "address": address,
        "telephone": f"138{world.random.randrange(10**8):08d}", "starts_on": start, "ends_on": max(soon, start),
        "therapies": THERAPIES[child["condition"]], "sessions_a_week": 6 if not ended else 3, "funding": funding,
        "fee": Decimal("60.00") if funding == "fee" else None, "lead_id": lead["id"], "worker_id": worker["id"],
        "consent_on": start, "ended_on": child["until"], "ending": "moved" if ended else None,
        "note": "随父母迁往外地，已转介当地机构" if ended else None, **recorded(worker, start),
    }  # fmt: skip


@demo_part(order=53)
def enrolments(world: World) -> None:
    """Enrol some children so that lights of all three colours are seen, whatever the day on which the demo begins."""
    wanted = [child for child in treated(world) if child["admitted_on"] <= world.first_day]
    residents = [child for child in wanted if not child.get("outreach")]
    programmes = ("rescue", "rescue", "rescue", "js_intellectual", "sz_physical")
    rows = [
        _enrolment(world, child, programme, place)
        for place, (child, programme) in enumerate(zip(residents, programmes, strict=False))
    ]
    aided = [child for child in world.clients if child["condition"] == "cp"]
    rows += [_enrolment(world, child, "rescue", 9) for child in aided]
    world.work.bulk(ProgrammeEnrolment, rows)


def _enrolment(world: World, child: dict[str, Any], programme: str, place: int) -> dict[str, Any]:
    clerk = (world.of_post("social_worker") or world.staff)[0]
    # Approved for a year, the first months of it behind: however long the demo is, it is in force on its last day.
    begun = months_later(world.today.replace(day=1), -8)
    start = max(world.first_day, child["admitted_on"].replace(day=1), begun)
    whole_year = place == 1  # as many months approved as there are: none may be missed, the light is amber
    return {
        "id": new_id(), "child_id": child["id"], "programme": programme, "card_number": f"JZ{start.year}{place + 17:04d}",
        "starts_on": start, "ends_on": months_later(start, 10 if whole_year else 12) - timedelta(days=1),
        "approved_on": start - timedelta(days=12), "approved_amount": Decimal("18000.00"), "approved_months": 10,
        **recorded(clerk, start),
    }  # fmt: skip
