"""The demo home's young people on their way out 演示福利院·成年安置."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from models.age import birthday, months_later, years_on
from models.calendar_rules import Window
from models.core.record import new_id
from models.core.settings import value
from models.demo import World, demo_part
from models.demo_safety import signed
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import Life, after_care_codes, planned, rules_on
from models.transition_words import DEPENDENT_TRACKS, DOMAINS, HAND_OVER

SLOW = frozenset({"cp", "intellectual", "autism", "cp_epilepsy", "down"})
EVIDENCE = (
    "连续两周自己整理床铺",
    "能按清单购物并找零",
    "独立乘公交往返学校",
    "会煮面、炒青菜",
    "能说出自己的用药和时间",
    "会用手机联系社工",
)
MEASURES = ("每周一次超市实践", "在类家庭轮流做饭", "跟岗实习两周", "与志愿者结对练习乘车", "请银行来院讲课")
WISHES = (
    "想学烘焙，有自己的房间",
    "想继续读中职，毕业后工作",
    "希望和好朋友住得近",
    "想留在这个城市",
    "愿意去福利院，想继续画画",
)
PROVED_BY_PLAN = frozenset({"open_plan", "own_view", "approval", "assessment", "assessment_school"})
DONE_SHARE, LATE_SHARE = 0.9, 0.12


@demo_part(order=75)
def transition(world: World) -> None:
    """Plan, rate, tick off and follow up, for everyone from fourteen on and for those who left as adults."""
    rules = rules_on(world.today, value(world.work, "home_region"))
    rows: dict[type, list[dict[str, Any]]] = {
        TransitionPlan: [], ReadinessRating: [], TransitionStep: [], HandOverItem: [], AfterCareContact: [],
    }  # fmt: skip
    adults = [child for child in world.left if child.get("departure") in {"D5", "D6"}]
    for child in [*world.children, *adults]:
        if years_on(child["born_on"], world.today) >= 14:
            _one(world, child, rules, rows)
    for kind, made in rows.items():
        world.work.bulk(kind, made)


def _one(
    world: World, child: dict[str, Any], rules: list[dict[str, str]], rows: dict[type, list[dict[str, Any]]]
) -> None:
    worker = world.random.choice(world.of_post("social_worker") or world.of_post("director"))
    plan = _plan(world, child, worker) if years_on(child["born_on"], world.today) >= 16 else None
    life = Life(
        child["born_on"], bool(plan and plan["studying"]), plan["school_ends_on"] if plan else None,
        bool(plan and plan["track"] in DEPENDENT_TRACKS), child.get("left_on"), child["admitted_on"],
    )  # fmt: skip
    if plan:
        rows[TransitionPlan].append(plan)
    rows[ReadinessRating] += _ratings(world, child, worker)
    for step in planned(life, rules):
        rows[TransitionStep].append(_step(world, child, step.code, step.window, step.statutory, step.source, worker))
    near = life.placement_on - world.today < timedelta(days=60)
    if near or child.get("left_on"):
        rows[HandOverItem] += _hand_over(world, child, worker, life)
    if child.get("left_on"):
        rows[AfterCareContact] += _after_care(world, child, worker, rules, life)


def _track(world: World, child: dict[str, Any]) -> str:
    if child.get("departure") == "D6" or (set(child["conditions"]) & SLOW and child.get("grade") in {"1", "2"}):
        return world.random.choice(("adult_home", "adult_home", "supported"))
    return world.random.choice(("work", "study", "society", "society"))


def _plan(world: World, child: dict[str, Any], worker: dict[str, Any]) -> dict[str, Any]:
    random, adult, gone = world.random, birthday(child["born_on"], 18), child.get("left_on")
    track = _track(world, child)
    studying = track == "study" or (adult < world.today and not gone)
    opened = min(
        max(birthday(child["born_on"], 16), child["admitted_on"]) + timedelta(days=random.randint(3, 60)), world.today
    )
    ends = date(max(adult.year, world.today.year) + 1, 6, 30) if studying else None
    done = bool(gone) or (adult - world.today).days < 20 and not studying
    return {
        "id": new_id(), "child_id": child["id"], "opened_on": opened, "worker_id": worker["id"], "track": track,
        "second_track": "supported" if track in {"work", "study"} else None, "studying": studying, "school_ends_on": ends,
        "aims": "按本人意愿和能力安置，离院后三年内持续跟进", "own_wish": random.choice(WISHES),
        "work_ability": "none" if track == "adult_home" else "partial" if track == "supported" else "full",
        "capacity": "partial" if track in DEPENDENT_TRACKS else "full",
        "self_care": "partial" if track in DEPENDENT_TRACKS else "full",
        "assessed_on": adult - timedelta(days=random.randint(60, 150)) if done else None,
        "housing": "申请公租房，过渡期住社会化安置房" if track in {"work", "society"} else None,
        "signed_on": min(adult - timedelta(days=65), world.today) if done else None,
        "approval_number": f"民儿〔{adult.year}〕{random.randint(3, 40)}号" if done else None,
        "approved_on": min(adult - timedelta(days=random.randint(3, 25)), world.today) if done else None,
        "state": "approved" if done else "draft", "recorded_at": datetime.combine(opened, time(14, 10)), **signed(worker),
    }  # fmt: skip


def _ratings(world: World, child: dict[str, Any], worker: dict[str, Any]) -> list[dict[str, Any]]:
    """Rate every domain once a year since fourteen, a little better each time."""
    random, rows = world.random, []
    base = 0 if set(child["conditions"]) & SLOW else 1
    for age in range(14, 18):
        day = birthday(child["born_on"], age) + timedelta(days=random.randint(5, 70))
        if day > world.today or day < child["admitted_on"] or random.random() < 0.06:
            continue
        for code in DOMAINS:
            level = max(0, min(4, base + age - 14 + random.choice((-1, 0, 0, 1))))
            own = max(0, min(4, level + random.choice((0, 0, 1, 1, -1))))
            rows.append({
                "id": new_id(), "child_id": child["id"], "domain": code.code, "rated_on": day, "staff_level": level,
                "own_level": own, "evidence": random.choice(EVIDENCE) if level >= 3 or random.random() < 0.4 else None,
                "target_level": min(4, level + 1), "target_on": months_later(day, 12), "measure": random.choice(MEASURES),
                "recorded_at": datetime.combine(day, time(16, 20)), **signed(worker),
            })  # fmt: skip
    return rows


def _step(
    world: World, child: dict[str, Any], code: str, window: Window, statutory: bool, source: str, worker: dict[str, Any]
) -> dict[str, Any]:
    random, day = world.random, None
    derived = code in PROVED_BY_PLAN or code in after_care_codes() or code == "handover"
    if not derived and window.due < world.today and random.random() < DONE_SHARE:
        late = random.random() < LATE_SHARE
        day = window.due + timedelta(days=random.randint(3, 40)) if late else _within(world, window)
    done_on = min(day, world.today) if day else None
    return {
        "id": new_id(), "child_id": child["id"], "code": code, "opens_on": window.opens, "due_on": window.due,
        "statutory": statutory, "source": source[:200] if statutory else "", "worker_id": worker["id"], "done_on": done_on,
        "slot": f"{child['id']}:{code}", "recorded_at": datetime.combine(min(window.opens, world.today), time(9, 0)),
        **signed(worker),
    }  # fmt: skip


def _within(world: World, window: Window) -> date:
    return window.opens + timedelta(days=world.random.randint(0, max((window.due - window.opens).days, 0)))


def _hand_over(world: World, child: dict[str, Any], worker: dict[str, Any], life: Life) -> list[dict[str, Any]]:
    given = child.get("left_on")
    witness = (world.of_post("archivist") or world.of_post("director"))[0]
    rows = []
    for code in HAND_OVER:
        needless = code.code in {"inheritance", "guardian"} or (
            code.code == "disability_card" and not child["disability"]
        )
        ready = not needless and (given or world.random.random() < 0.5)
        rows.append({
            "id": new_id(), "child_id": child["id"], "kind": code.code, "not_needed": needless, "quantity": 1,
            "ready_on": min(life.placement_on, world.today) - timedelta(days=10) if ready else None,
            "given_on": None if needless else given, "giver_id": worker["id"] if given and not needless else None,
            "receiver": child["name"] if given and not needless else None,
            "witness_id": witness["id"] if given and not needless else None,
            "recorded_at": datetime.combine(min(life.placement_on, world.today), time(11, 0)), **signed(worker),
        })  # fmt: skip
    return rows


def _after_care(
    world: World, child: dict[str, Any], worker: dict[str, Any], rules: list[dict[str, str]], life: Life
) -> list[dict[str, Any]]:
    random, rows = world.random, []
    for step in planned(life, rules):
        if step.code not in after_care_codes() or step.window.due > world.today or random.random() < 0.12:
            continue
        reached = random.choice(("met", "spoken", "spoken", "written"))
        at = datetime.combine(step.window.due - timedelta(days=random.randint(0, 12)), time(18, 30))
        rows.append({
            "id": new_id(), "child_id": child["id"], "step": step.code, "at": at, "reached": reached,
            "worker_id": worker["id"], "situation": random.choice(("good", "good", "watch")),
            "outcomes": ["housed", "contact", random.choice(("employed", "studying"))], "occupation": "烘焙店学徒",
            "housing": "公租房", "recorded_at": at + timedelta(hours=1), **signed(worker),
        })  # fmt: skip
    return rows
