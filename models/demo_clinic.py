"""The demo home's clinic 演示康复科: precautions with an end, home programmes and what became of them — all invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from models.core import records
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_rehabilitation import able, recorded, treated
from models.department import ContraindicationRule, named_against
from models.home_programme import HomeProgramme, ProgrammeTick
from models.precautions import Precaution
from models.staff import Staff

ITEMS: dict[str, tuple[tuple[str, str, str, str, tuple[str, ...]], ...]] = {
    "PT": (
        ("端坐进食", "髋屈90度坐椅，双足踏实，桌面与肘同高，进食全程保持", "每餐", "头后仰时暂停喂食", ("early", "late")),
        ("踝关节牵伸", "仰卧伸膝，缓慢背屈至有阻力处，保持30秒后放松", "每侧5次", "不可快速用力", ("early",)),
    ),
    "OT": (("自己用勺", "给加粗勺，先完成最后一步，逐步减少辅助", "午餐", "", ("early",)),),
    "ST": (
        ("说出想要的东西", "先等5秒，给两个选项，说出后再给", "每班10次", "", ("early", "late")),
        ("看图说话", "睡前看图书，问“这是谁、在做什么”", "10分钟", "", ("late",)),
    ),
    "COG": (("按颜色收玩具", "先示范一次，再请儿童自己分放", "1次", "", ("late",)),),
    "SI": (("刷擦手臂与腿", "软毛刷由远端向近端，力度均匀", "3分钟", "皮肤发红即停止", ("early",)),),
    "CE": (("自己翻身起床", "口令“一、二、三”，等候儿童发力后再辅助", "每天起床时", "", ("early",)),),
    "TCM": (("夜间摆位", "侧卧，两腿间放枕，每两小时更换", "整夜", "检查受压处皮肤", ("night",)),),
}  # fmt: skip
"""What is practised, by therapy: what, how, how much, what to beware of, in which shifts."""
PRECAUTIONS: tuple[tuple[str | None, str | None, str, str, list[str] | None, int, int | None, str], ...] = (
    ("fracture", "左桡骨远端，石膏固定", "barred", "fracture", None, -12, 30, "市儿童医院骨科"),
    ("postoperative", "跟腱延长术后，佩戴支具", "care", "operation", ["PT", "CE"], -20, 60, "市儿童医院康复科"),
    ("skin_lesion", "臀部皮肤破损", "barred", "skin", None, -3, 7, ""),
    (None, "近期频繁呛咳，训练中不进食", "care", "therapist", ["OT", "ST"], -5, 14, ""),
    ("infection", "上呼吸道感染", "barred", "infection", None, -2, 3, ""),
)
"""Contraindication, own words, how strictly, source, therapies, first and last day from today, who ordered it."""


@demo_part(order=52)
def department(world: World) -> None:
    """Name who heads the therapists, and add an entry to the list of contraindications."""
    therapists = world.of_post("therapist")
    if therapists:
        records.save(world.work, Staff, {"heads_therapy": True}, id=therapists[0]["id"])
    values = {"name": "石膏或外固定", "therapies": ["HYD", "PT", "CE"], "lasting": "temporary", "days": 42,
              "effective_from": world.first_day}  # fmt: skip
    records.save(world.work, ContraindicationRule, values)


@demo_part(order=53)
def precautions(world: World) -> None:
    """Let some of the treated children have a reason not to be treated for a while."""
    rows = []
    for child, each in zip(treated(world)[2::7], PRECAUTIONS, strict=False):
        kind, words, grade, source, therapies, first, last, doctor = each
        person = (world.of_post("doctor") or world.of_post("nurse") or world.staff)[0]
        day = max(world.today + timedelta(days=first), child["admitted_on"])
        rows.append({
            "id": new_id(), "child_id": child["id"], "kind": kind, "words": words, "grade": grade, "source": source,
            "therapies": therapies or _named(kind), "starts_on": day, "ends_on": world.today + timedelta(days=last or 14),
            "ordered_by": doctor or None, "state": "current", **recorded(person, day),
        })  # fmt: skip
    world.work.bulk(Precaution, rows)


def _named(kind: str | None) -> list[str] | None:
    """The therapies the program's list names for a contraindication; none means all."""
    return sorted(named_against(kind or "")) or None


@demo_part(order=90)
def programmes(world: World) -> None:
    """Give the treated children something to practise, and tick most of it on the last fourteen days."""
    items: list[dict[str, Any]] = []
    ticks: list[dict[str, Any]] = []
    for place, child in enumerate(treated(world)):
        therapies = [therapy for therapy in child.get("goal_ids", {}) if therapy in ITEMS][:2]
        for therapy in therapies:
            what = ITEMS[therapy][place % len(ITEMS[therapy])]
            item = _item(world, child, therapy, what)
            items.append(item)
            ticks += _ticks(world, child, item)
    world.work.bulk(HomeProgramme, items)
    world.work.bulk(ProgrammeTick, ticks)


def _item(
    world: World, child: dict[str, Any], therapy: str, what: tuple[str, str, str, str, tuple[str, ...]]
) -> dict[str, Any]:
    name, how, amount, beware, shifts = what
    person = (able(world, therapy) or world.staff)[0]
    day = max(world.today - timedelta(days=30), child["admitted_on"])
    return {
        "id": new_id(), "child_id": child["id"], "what": name, "how": how, "amount": amount, "beware": beware or None,
        "therapy": therapy, "goal_id": (child["goal_ids"][therapy] or [None])[0], "therapist_id": person["id"], "place": "unit",
        "shifts": list(shifts), "starts_on": day, "ends_on": world.today + timedelta(days=61), "state": "current",
        **recorded(person, day),
    }  # fmt: skip


def _ticks(world: World, child: dict[str, Any], item: dict[str, Any]) -> list[dict[str, Any]]:
    carers = [each for each in world.of_post("caregiver") if child["unit_id"] in each["unit_ids"]]
    carers = carers or world.of_post("caregiver") or world.staff
    rows = []
    for back in range(14, 0, -1):
        day = world.today - timedelta(days=back)
        for shift in item["shifts"] if day >= item["starts_on"] else ():
            chance, carer = world.random.random(), carers[back % len(carers)]
            if chance > 0.9:
                continue
            reason = None if chance < 0.78 else world.random.choice(("ill", "refused", "asleep", "no_time"))
            rows.append({
                "id": new_id(), "child_id": child["id"], "programme_id": item["id"], "day": day, "shift": shift,
                "outcome": "not_possible" if reason else "done", "reason": reason, "by_id": carer["id"], "state": "submitted",
                **recorded(carer, day), "recorded_at": datetime.combine(day, time(14, 30)),
            })  # fmt: skip
    return rows
