"""The demo home's units, rooms and staff 演示福利院: invented, the same for the same seed."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from models.core.accounts import Account
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_names import adult_name
from models.rooms import Equipment, Room
from models.staff import Staff, UnitStaff
from models.unit import Unit

HOUSEHOLDS = (
    "向日葵家庭",
    "蒲公英家庭",
    "小石榴家庭",
    "青禾家庭",
    "满天星家庭",
    "三叶草家庭",
    "小橘灯家庭",
    "山茶家庭",
)
WARDS = ("婴幼儿班", "一班", "二班", "三班", "四班", "五班", "六班", "七班")
CHILDREN_PER_HOUSEHOLD, CHILDREN_PER_WARD = 6, 13

ROOMS = (
    ("PT大厅", "pt", 8, ("pt",)),
    ("OT室", "ot", 4, ("ot",)),
    ("言语训练一室", "st", 1, ("st",)),
    ("言语训练二室", "st", 1, ("st",)),
    ("感统训练室", "sensory", 6, ("sensory",)),
    ("引导式教育室", "conductive", 8, ("conductive", "pt")),
    ("水疗室", "hydro", 2, ("hydro",)),
    ("理疗室", "physical_agents", 4, ("physical_agents", "tcm")),
    ("多感官室", "multisensory", 2, ("psychology", "music", "ot")),
    ("特教教室", "classroom", 10, ("special_education",)),
    ("心理咨询室", "counselling", 1, ("psychology",)),
)
EQUIPMENT = (
    ("减重步态训练仪", 0, 1, 12), ("站立架", 0, 6, 12), ("电动起立床", 0, 2, 12), ("功率自行车", 0, 2, 24),
    ("手功能训练台", 1, 3, 24), ("言语评估系统", 2, 1, 24), ("平衡触觉板组", 4, 2, 24), ("Bobath球", 0, 8, 24),
    ("水疗浴缸", 6, 2, 12), ("中频治疗仪", 7, 2, 12), ("多感官泡泡管", 8, 1, 24),
)  # fmt: skip

# post, number of people as a share of 120 children (at least one), share of women, account
POSTS = (
    ("director", 1, 0.5, "director"),
    ("doctor", 2, 0.5, ""),
    ("nurse", 5, 1.0, "nurse"),
    ("therapist", 10, 0.7, "therapist"),
    ("teacher", 6, 0.8, "teacher"),
    ("social_worker", 3, 0.7, "social"),
    ("safety", 2, 0.0, "safety"),
    ("finance", 2, 0.8, "finance"),
    ("archivist", 1, 1.0, "archive"),
)
ADMINISTRATORS = ("sysadmin", "secadmin", "auditor")
THERAPY_SKILLS = (
    ["pt", "conductive"], ["ot", "sensory"], ["st"], ["pt", "hydro", "conductive"], ["special_education", "pt"],
    ["tcm", "physical_agents", "pt"], ["psychology", "music", "ot"], ["ot", "st"], ["pt", "tcm"], ["st", "sensory"],
)  # fmt: skip
WORKDAYS = ["1", "2", "3", "4", "5"]


@demo_part(order=0)
def units(world: World) -> None:
    """Make households and wards in which the children fit, and an observation room."""
    wanted = max(2, round(world.size / 10))
    households = max(1, wanted // 3)
    names = [(name, "household") for name in _names(HOUSEHOLDS, households, "家庭")]
    names += [(name, "ward") for name in _names(WARDS, max(1, _wards_needed(world.size, households)), "班")]
    for index, (name, kind) in enumerate([*names, ("观察室", "observation")]):
        per_unit = {"household": CHILDREN_PER_HOUSEHOLD + 1, "ward": CHILDREN_PER_WARD + 3}.get(kind, 4)
        world.units.append({
            "id": new_id(), "name": name, "kind": kind, "beds": per_unit, "place": f"{'AB'[index % 2]}栋{index // 4 + 1}楼",
            "lives": "mixed", "telephone": f"8{index + 100:03d}", "opened_on": date(2015, 3, 1),
        })  # fmt: skip
    world.work.bulk(Unit, [dict(unit) for unit in world.units])


def _wards_needed(size: int, households: int) -> int:
    return -(-(size - size // 24 - households * CHILDREN_PER_HOUSEHOLD) // CHILDREN_PER_WARD)


def _names(known: tuple[str, ...], number: int, kind: str) -> list[str]:
    return [known[index] if index < len(known) else f"{kind}{index + 1}" for index in range(number)]


@demo_part(order=5)
def rooms(world: World) -> None:
    """Make the rooms of treatment and lessons, and what stands in them."""
    for name, kind, capacity, skills in ROOMS:
        world.rooms.append({"id": new_id(), "name": name, "kind": kind, "capacity": capacity, "skills": list(skills)})
    world.work.bulk(Room, [{**room, "place": "康复楼2楼"} for room in world.rooms])
    inspected = world.today - timedelta(days=300)
    rows = [
        {
            "id": new_id(), "name": name, "number": f"KF-{index + 1:03d}", "room_id": world.rooms[room]["id"], "quantity": quantity,
            "inspected_on": inspected + timedelta(days=9 * index), "inspection_months": months,
        }
        for index, (name, room, quantity, months) in enumerate(EQUIPMENT)
    ]  # fmt: skip
    world.work.bulk(Equipment, rows)


@demo_part(order=10)
def staff(world: World) -> None:
    """Make people of all posts, give the demo accounts their persons, and put everyone where they work."""
    taken: set[str] = set()
    people = [_person(world, post, women, taken) for post, number, women, _account in POSTS
              for _each in range(_scaled(number, world.size))]  # fmt: skip
    people += [_person(world, "caregiver", 0.85, taken) for _each in range(_carers(world))]
    people += [_person(world, "other", 0.5, taken) for _each in ADMINISTRATORS]
    for index, person in enumerate(people):
        person["number"] = f"Y{index + 1:03d}"
    _give_skills(people)
    _give_accounts(world, people)
    world.staff.extend(people)
    not_columns = {"account_id", "unit_ids"}
    world.work.bulk(
        Staff, [{name: value for name, value in each.items() if name not in not_columns} for each in people]
    )
    _put_in_units(world)
    _choose_leaders(world)


def _scaled(number: int, size: int) -> int:
    return max(1, round(number * size / 120))


def _carers(world: World) -> int:
    return 4 * len(world.units)


def _person(world: World, post: str, women: float, taken: set[str]) -> dict[str, Any]:
    random, today = world.random, world.today
    sex = "2" if random.random() < women else "1"
    joined = today - timedelta(days=random.randint(200, 4500))
    shifts = post in {"caregiver", "nurse", "safety"}
    last = today - timedelta(days=random.choice([340, 350, 370]) if random.random() < 0.05 else random.randint(20, 330))
    return {
        "id": new_id(), "name": adult_name(random, sex, taken), "sex": sex, "post": post, "account_id": "",
        "telephone": f"8{random.randint(200, 999)}", "joined_on": joined, "skills": None, "unit_ids": [],
        "entry_checked_on": joined - timedelta(days=12), "entry_result": "clear",
        "yearly_checked_on": max(last, joined - timedelta(days=12)), "yearly_result": "clear",
        "health_valid_to": today + timedelta(days=random.randint(10, 500)),
        "work_days": [*WORKDAYS, "6", "7"] if shifts else list(WORKDAYS),
        "works_from": None if shifts else time(8), "works_until": None if shifts else time(17),
        "break_from": None if shifts else time(11, 30), "break_until": None if shifts else time(14),
    }  # fmt: skip


def _give_skills(people: list[dict[str, Any]]) -> None:
    therapists = [each for each in people if each["post"] == "therapist"]
    for index, person in enumerate(therapists):
        person["skills"] = THERAPY_SKILLS[index % len(THERAPY_SKILLS)]
        person["licence"] = f"KFZL2019{index + 11:04d}"
    for person in people:
        if person["post"] == "teacher":
            person["skills"] = ["special_education"]


def _give_accounts(world: World, people: list[dict[str, Any]]) -> None:
    """Link each demo account to the first person of its post."""
    wanted = {account: post for post, _number, _women, account in POSTS if account} | {"caregiver": "caregiver"}
    others = iter([each for each in people if each["post"] == "other"])
    for username, account_id in world.accounts.items():
        post = wanted.get(username)
        person = next((each for each in people if each["post"] == post), None) if post else None
        person = person or (next(others, None) if username in ADMINISTRATORS else None)
        account = world.work.get(Account, account_id) if person else None
        if person and account:
            person["account_id"], account.staff_id, account.name = account_id, person["id"], person["name"]


def _put_in_units(world: World) -> None:
    everywhere = {"doctor": "医疗", "nurse": "护理", "teacher": "教育", "social_worker": "社会工作"}
    rows = []
    for person in world.staff:
        if person["post"] in everywhere:
            rows += [_assignment(world, person, unit, everywhere[person["post"]]) for unit in world.units]
    for index, person in enumerate(world.of_post("caregiver")):
        unit = _carer_units(world)[index % len(world.units)]
        rows.append(_assignment(world, person, unit, "带班" if index < len(world.units) else "护理"))
    world.work.bulk(UnitStaff, rows)


def _carer_units(world: World) -> list[dict[str, Any]]:
    """The units in the order in which carers are given; the first ward comes first, it is the demo carer's."""
    return sorted(world.units, key=lambda unit: (unit["kind"] != "ward", unit["name"] != "一班"))


def _assignment(world: World, person: dict[str, Any], unit: dict[str, Any], role: str) -> dict[str, Any]:
    person["unit_ids"].append(unit["id"])
    return {
        "id": new_id(), "staff_id": person["id"], "unit_id": unit["id"], "role": role,
        "starts_on": min(person["joined_on"], world.first_day),
    }  # fmt: skip


def _choose_leaders(world: World) -> None:
    for unit in world.units:
        first = next((each for each in world.of_post("caregiver") if unit["id"] in each["unit_ids"]), None)
        row = world.work.get(Unit, unit["id"])
        if row and first:
            row.leader_id = first["id"]
    world.work.flush()
