"""The demo home's children 演示儿童: invented, with ages, disabilities and histories as homes have them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.age import birthday, months_later, years_on
from models.child import Caseload, Child
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_names import child_name
from models.identity import check_character

AGE_SHARES = ((0, 1, 6), (1, 3, 14), (3, 6, 24), (6, 12, 38), (12, 15, 18), (15, 17, 9), (17, 18, 6), (18, 21, 8))
"""From, to (years), children of 120."""
CONDITIONS: tuple[tuple[str, list[str], int], ...] = (
    ("cp", ["4"], 34), ("down", ["5"], 18), ("autism", ["6"], 14), ("intellectual", ["5"], 14), ("cp_epilepsy", ["4", "5"], 14),
    ("hearing", ["2", "3"], 7), ("spina", ["4"], 6), ("visual", ["1"], 4), ("heart", [], 7), ("cleft", ["3"], 4), ("", [], 24),
)  # fmt: skip
"""What a child has, the disability categories it leads to, and how often among 146."""
HARMLESS = frozenset({"", "heart", "cleft"})
NOTES = {
    "cp": ("坐位进食，食物打成糊状，防呛咳", "移位须两人，注意髋关节"),
    "cp_epilepsy": ("吞咽困难，进食须坐位、慢喂",),
    "autism": ("怕突然的大声，先用图片预告",),
    "hearing": ("佩戴助听器，请面对面说话",),
    "visual": ("看不见，靠近前先出声",),
    "heart": ("先天性心脏病，避免剧烈活动",),
    "spina": ("定时导尿，注意皮肤压红",),
    "down": ("颈椎不稳，禁止翻滚动作",),
}
COMFORTS = (
    "喜欢听儿歌，轻拍后背能安静下来", "喜欢荡秋千", "抱着小毯子才肯睡", "喜欢看绘本", "爱玩水", "喜欢帮阿姨做事",
    "听到自己的名字会笑", "不喜欢被突然抱起",
)  # fmt: skip
WAYS = {
    "cp": ["sounds", "eyes"], "cp_epilepsy": ["sounds", "eyes"], "autism": ["words", "pictures"], "down": ["words", "gestures"],
    "intellectual": ["words", "gestures"], "hearing": ["sign", "gestures"],
}  # fmt: skip
CATEGORIES = (("A", "L1", 74), ("B", "L2", 18), ("C", "L3", 10), ("D", "L4", 8), ("E", "P1", 10))
FORMER_AREA = "110110"
"""An area code given up in 1985 (燕山区): a number made with it and a later birth can belong to no real person."""
DISTRICTS = ("城东区", "新安镇", "南湖街道", "青河乡", "石桥镇", "北门街道")
EARLIEST_ADMISSION_DAYS = 3


@demo_part(order=20)
def children(world: World) -> None:
    """Make the children, of whom one in twenty-four has left."""
    taken: set[str] = set()
    everyone = [_child(world, born_on, taken) for born_on in _births(world)]
    leaving = sorted((each for each in everyone if _may_have_left(world, each)), key=lambda each: each["born_on"])
    leaving = [*leaving[:2], *leaving[30:]][: world.size // 24]
    _number(everyone)
    _name_siblings(everyone)
    for child in everyone:
        (world.left if child in leaving else world.children).append(child)
    for child in world.left:
        _let_leave(world, child)
    _give_beds(world)
    world.work.bulk(Child, [_row(world, child) for child in everyone])
    _make_caseloads(world)


def _births(world: World) -> list[date]:
    """Return dates of birth over all ages, several of them close to eighteen."""
    total = sum(share for _low, _high, share in AGE_SHARES)
    born: list[date] = []
    for low, high, share in AGE_SHARES:
        for _each in range(max(1, round(world.size * share / total))):
            months = world.random.randint(low * 12 + (low >= 18), high * 12 - 1)
            born.append(months_later(world.today, -months) - timedelta(days=world.random.randint(2, 27)))
    for index, days in enumerate((12, 75, 160)):
        if world.size >= 20:
            born[-1 - index - world.size // 20] = months_later(world.today, -18 * 12) + timedelta(days=days)
    world.random.shuffle(born)
    return (born + born)[: world.size]


def _child(world: World, born_on: date, taken: set[str]) -> dict[str, Any]:
    random = world.random
    sex = "1" if random.random() < 0.56 else "2"
    name, group = child_name(random, sex, taken)
    condition, disability, _share = _weighted(random, CONDITIONS)
    category, custody, _share = _weighted(random, CATEGORIES)
    admitted_on = _admission_day(world, born_on, category)
    age = years_on(born_on, world.today)
    return {
        "id": new_id(), "name": name, "sex": sex, "born_on": born_on, "ethnic_group": group, "category": category,
        "custody": custody, "admitted_on": admitted_on, "disability": list(disability),
        "conditions": [part for part in condition.split("_") if part], "condition": condition,
        "rehabilitation": condition not in HARMLESS and age < 18 and random.random() < 0.85,
        "birth_estimated": category == "A" and random.random() < 0.7, "studying": age >= 6,
        "gestation_weeks": random.choice([29, 31, 33, 35]) if age < 3 and random.random() < 0.3 else None,
        "placement": "residential", "grade": random.choice("1223334") if disability else None,
    }  # fmt: skip


def _weighted(random: Any, choices: tuple[tuple[Any, Any, int], ...]) -> tuple[Any, Any, int]:
    return random.choices(choices, weights=[each[2] for each in choices])[0]


def _admission_day(world: World, born_on: date, category: str) -> date:
    """A foundling comes in the first weeks of life, others later; nobody on or after the eighteenth birthday."""
    span = 60 if category == "A" else 2500
    latest = min(world.today - timedelta(days=2), birthday(born_on, 17))
    days = min(
        world.random.randint(EARLIEST_ADMISSION_DAYS, span), max((latest - born_on).days, EARLIEST_ADMISSION_DAYS)
    )
    return max(born_on, min(born_on + timedelta(days=days), latest))


def _number(everyone: list[dict[str, Any]]) -> None:
    used: dict[int, int] = {}
    for child in sorted(everyone, key=lambda each: each["admitted_on"]):
        year = child["admitted_on"].year
        used[year] = used.get(year, 0) + 1
        child["number"] = f"{year}-{used[year]:03d}"


def _name_siblings(everyone: list[dict[str, Any]]) -> None:
    """Let a few children of one family share the surname and know of each other."""
    families = [each for each in everyone if each["category"] in {"B", "C"} and "·" not in each["name"]]
    for one, other in zip(families[0:8:2], families[1:8:2], strict=False):
        other["name"] = one["name"][0] + other["name"][1:]
        other["sibling_id"], other["category"], other["custody"] = one["id"], one["category"], one["custody"]


def _may_have_left(world: World, child: dict[str, Any]) -> bool:
    return (
        child["admitted_on"] < world.first_day - timedelta(days=200) and years_on(child["born_on"], world.today) != 17
    )


def _let_leave(world: World, child: dict[str, Any]) -> None:
    adult = birthday(child["born_on"], 18)
    if adult < world.today:
        child["departure"] = "D5" if child["condition"] in HARMLESS else "D6"
        child["left_on"] = min(world.today - timedelta(days=5), adult + timedelta(days=40))
    else:
        child["departure"] = world.random.choice(["D3", "D3", "D1", "D2"])
        child["left_on"] = world.today - timedelta(days=world.random.randint(15, 150))
    child.update(placement="left", unit_id=None, rehabilitation=False)


def _give_beds(world: World) -> None:
    """Put newcomers into the observation room, those who can into households, the rest by age into wards."""
    of_kind: dict[str, list[dict[str, Any]]] = {}
    for unit in world.units:
        of_kind.setdefault(unit["kind"], []).append(unit)
    rest = sorted(world.children, key=lambda each: each["born_on"], reverse=True)
    newcomers = [each for each in rest if (world.today - each["admitted_on"]).days <= 14]
    able = [each for each in rest if each["condition"] in HARMLESS | {"hearing", "down"} and _age(world, each) >= 4]
    seats = {unit["id"]: 0 for unit in world.units}
    _spread(newcomers[:4], of_kind["observation"], seats)
    settled = [each for each in able if each not in newcomers][: 6 * len(of_kind["household"])]
    _spread(sorted(settled, key=lambda each: each["number"]), of_kind["household"], seats, in_turn=True)
    for child in settled:
        child["placement"] = "household"
    _spread([each for each in rest if "unit_id" not in each], of_kind["ward"], seats)


def _spread(
    children: list[dict[str, Any]], units: list[dict[str, Any]], seats: dict[str, int], *, in_turn: bool = False
) -> None:
    """Give children units evenly: neighbours in age together, or one by one in turn."""
    share = -(-len(children) // len(units)) or 1
    for index, child in enumerate(children):
        unit = units[index % len(units)] if in_turn else units[index // share]
        seats[unit["id"]] += 1
        child.update(unit_id=unit["id"], bed=f"{seats[unit['id']]:02d}")


def _age(world: World, child: dict[str, Any]) -> int:
    return years_on(child["born_on"], world.today)


def _row(world: World, child: dict[str, Any]) -> dict[str, Any]:
    random, estimated = world.random, child["birth_estimated"]
    registered = (world.today - child["admitted_on"]).days > 150
    number = _identity_number(child, world.random.randint(1, 499)) if registered else None
    notes = NOTES.get(child["condition"], ())
    row = {name: child.get(name) for name in (
        "id", "name", "number", "sex", "born_on", "ethnic_group", "category", "custody", "admitted_on", "left_on", "unit_id",
        "bed", "placement", "gestation_weeks")}  # fmt: skip
    return {
        **row, **_birth(child, random), **_certificate(world, child, number), **_register(world, child, registered, number),
        "ethnic_presumed": estimated or None, "blood_group": random.choice("1233455"), "rhesus": "2",
        "guardian": "市民政局", "temporary_ground": None,
        "emergency_note": random.choice(notes) if notes and random.random() < 0.45 else None,
        "comfort_note": random.choice(COMFORTS) if random.random() < 0.6 else None,
        "communication": WAYS.get(child["condition"], ["speech"]) if _age(world, child) >= 2 else ["sounds"],
        "languages": "普通话",
    }  # fmt: skip


def _birth(child: dict[str, Any], random: Any) -> dict[str, Any]:
    preterm = child["gestation_weeks"]
    facts = {"birth_weight": preterm * 62 - 300 if preterm else None, "birth_basis": "actual"}
    if child["birth_estimated"]:
        day = child["admitted_on"]
        young = years_on(child["born_on"], day) < 1
        facts |= {
            "birth_basis": "examined" if young else "bone_age", "birth_margin_months": 1 if young else random.choice([3, 6]),
            "birth_note": f"{day:%Y-%m-%d} 入院体检推定" if young else f"{day:%Y-%m-%d} 市医院骨龄鉴定",
        }  # fmt: skip
    return facts


def _register(world: World, child: dict[str, Any], registered: bool, number: str | None) -> dict[str, Any]:
    place = f"本市{world.random.choice(DISTRICTS)}"
    return {
        "identity_status": "issued" if number else "unregistered", "identity_number": number,
        "registration_status": ("collective" if child["category"] == "A" else "family") if registered else "none",
        "registration_place": "本院集体户口" if registered and child["category"] == "A" else place if registered else None,
        "registered_on": child["admitted_on"] + timedelta(days=120) if registered else None, "native_place": place,
    }  # fmt: skip


def _identity_number(child: dict[str, Any], serial: int) -> str:
    serial = serial * 2 - (child["sex"] == "1")
    first = f"{FORMER_AREA}{child['born_on']:%Y%m%d}{serial:03d}"
    return first + check_character(first)


def _certificate(world: World, child: dict[str, Any], number: str | None) -> dict[str, Any]:
    categories = child["disability"]
    if not categories or _age(world, child) < 3:
        return {"disabilities": categories or None, "disability_grade": None}
    certified = number and world.random.random() < 0.9
    return {
        "disabilities": categories, "disability_grade": child["grade"],
        "disability_certificate": f"{number}{categories[0]}{child['grade']}" if certified else None,
        "disability_valid_to": world.today + timedelta(days=world.random.randint(-10, 3300)) if certified else None,
    }  # fmt: skip


def _make_caseloads(world: World) -> None:
    """Give each treated child two therapists, and every one of them to the first, who leads the department."""
    therapists = world.of_post("therapist")
    rows = []
    for index, child in enumerate(each for each in world.children if each["rehabilitation"]):
        others = therapists[1:] or therapists
        chosen = {therapists[0]["id"]: "康复科负责"} if therapists else {}
        for offset in (index, index + 3):
            chosen.setdefault(others[offset % len(others)]["id"], "康复治疗") if others else None
        starts = max(child["admitted_on"], world.first_day)
        rows += [{"id": new_id(), "child_id": child["id"], "staff_id": staff_id, "task": task, "starts_on": starts}
                 for staff_id, task in chosen.items()]  # fmt: skip
    for index, child in enumerate([*world.children, *world.left]):
        workers = world.of_post("social_worker")
        if workers:
            rows.append({"id": new_id(), "child_id": child["id"], "staff_id": workers[index % len(workers)]["id"],
                         "task": "个案管理", "starts_on": child["admitted_on"]})  # fmt: skip
    world.work.bulk(Caseload, rows)
