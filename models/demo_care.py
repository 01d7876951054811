"""The demo home's daily care 演示养育记录: growth along each child's own line, nursing days, hand-overs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from models.age import age_on, months_later
from models.care import HandOver, NursingRecord
from models.child_words import IN_HOUSE
from models.core.record import new_id
from models.demo import World, demo_part
from models.growth import GrowthMeasurement, next_due
from models.growth_standards import body_mass_index, growth_age
from models.growth_who import who_lms, who_value
from models.shifts import shifts_of
from models.stays import Stay, in_house_on, stays_of

OWN_LINES = {
    "cp": (-1.6, -1.4),
    "down": (-0.6, -1.7),
    "spina": (-0.8, -1.5),
    "heart": (-1.3, -0.9),
    "cleft": (-0.9, -0.5),
}
"""Weight and height of the middle child of a condition, in SD; others lie a little below the median."""
ILLNESSES = (
    ("cold", "流涕、轻咳，多饮水", (37.4, 38.2), 3),
    ("flu", "发热、咳嗽，遵医嘱退热", (38.4, 39.4), 4),
    ("stomach", "进食后呕吐，少量多次喂水", (36.9, 37.8), 2),
    ("diarrhoea", "稀水样便，予补液盐", (37.0, 38.0), 3),
    ("bronchitis", "痰多，拍背排痰，雾化两次", (37.6, 38.6), 5),
    ("rash", "躯干少许红疹，已报告护士", (36.6, 37.2), 2),
)
NOTES = (
    "午睡后自己穿鞋",
    "主动和同伴分享玩具",
    "今天散步一小时，食欲好",
    "情绪好，唱歌",
    "换牙，进软食",
    "晒太阳30分钟",
)
HARDLY_MOVES = frozenset({"cp", "cp_epilepsy", "spina"})


@demo_part(order=40)
def growth(world: World) -> None:
    """Measure every child as often as its age asks, each along its own line of the standard."""
    rows: list[dict[str, Any]] = []
    for child in [*world.children, *world.left]:
        rows += _growth_of(world, child)
    world.work.bulk(GrowthMeasurement, rows)


def _growth_of(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    random = world.random
    weight_z, stature_z = (random.gauss(mean, 0.5) for mean in _own_line(child))
    day = max(child["admitted_on"], months_later(world.today, -36) + timedelta(days=random.randint(0, 170)))
    last_day = child.get("left_on") or world.today
    not_assessable = "contractures" if child["condition"] in HARDLY_MOVES and random.random() < 0.12 else None
    made: list[dict[str, Any]] = []
    tallest = 0.0
    while day <= last_day:
        values = _measured(child, day, weight_z + random.gauss(0, 0.08), stature_z + random.gauss(0, 0.04))
        if values:
            tallest = values["stature"] = max(values["stature"], tallest)
            values["bmi"] = body_mass_index(values["weight"], values["stature"])
            made.append({"id": new_id(), "child_id": child["id"], "measured_on": day, "not_assessable": not_assessable,
                         "measured_by_id": someone(world, "nurse"), **values, **recorded(world, "nurse", day)})  # fmt: skip
        following = next_due(child["born_on"], day, world.today) or months_later(day, 6)
        day = min(following, months_later(day, 6)) + timedelta(days=random.randint(-4, 3))
    return made if random.random() > 0.06 else made[:-1]


def _own_line(child: dict[str, Any]) -> tuple[float, float]:
    return OWN_LINES.get((child["conditions"] or [""])[0], (-0.3, -0.4))


def _measured(child: dict[str, Any], day: date, weight_z: float, stature_z: float) -> dict[str, Any] | None:
    """Return the values on a day at these distances from WHO's medians (they have no steps between ages)."""
    table_sex = "boys" if child["sex"] == "1" else "girls"
    age = growth_age(child["born_on"], day, child["gestation_weeks"])
    if age is None:
        return None
    tall, head = who_lms("stature", table_sex, age), who_lms("head", table_sex, age)
    mass = who_lms("bmi", table_sex, age)
    if tall is None or mass is None:
        return None
    stature = round(who_value(stature_z, tall), 1)
    weight = round(who_value(max(weight_z, -3.4), mass) * (stature / 100) ** 2, 1)
    lying = age_on(child["born_on"], day).in_months < 24
    return {
        "stature": stature, "weight": weight, "position": "lying" if lying else "standing",
        "head": round(who_value(weight_z * 0.4, head), 1) if head and age.months < 36 else None,
    }  # fmt: skip


def someone(world: World, post: str, unit_id: str = "") -> str | None:
    people = [each for each in world.of_post(post) if not unit_id or unit_id in each["unit_ids"]] or world.of_post(post)
    return world.random.choice(people)["id"] if people else None


def recorded(world: World, post: str, day: date, at: time = time(16, 30)) -> dict[str, Any]:
    people = world.of_post(post)
    moment = datetime.combine(day, at) + timedelta(minutes=world.random.randint(0, 40))
    if not people:
        return {"recorded_at": moment}
    person = people[hash_of(day) % len(people)]
    return {
        "recorded_at": moment,
        "recorded_by": person["name"],
        "recorded_by_id": person["account_id"] or person["id"],
    }


def hash_of(day: date) -> int:
    """Return a number that depends on the day alone, so that one person records one day."""
    return day.toordinal() * 7919


# --- nursing ------------------------------------------------------------------------------------------


@demo_part(order=41)
def nursing(world: World) -> None:
    """Write the early shift of every child on every day, nights of the small and ill, all shifts of the last days."""
    stays = stays_of(world.work, [child["id"] for child in world.children], world.first_day, world.today)
    carers = {
        unit["id"]: [each for each in world.of_post("caregiver") if unit["id"] in each["unit_ids"]]
        for unit in world.units
    }
    for child in world.children:
        child["illnesses"] = _illnesses(world, child)
    rows: list[dict[str, Any]] = []
    for child in world.children:
        people = carers.get(child["unit_id"] or "") or world.of_post("caregiver")
        rows += _days_of(world, child, stays.get(child["id"], []), people)
        if len(rows) > 8000:
            world.work.bulk(NursingRecord, rows)
            rows = []
    world.work.bulk(NursingRecord, rows)


def _illnesses(world: World, child: dict[str, Any]) -> dict[date, tuple[str, str, tuple[float, float]]]:
    """Return the days on which a child is ill, and with what; about four times a year."""
    found: dict[date, tuple[str, str, tuple[float, float]]] = {}
    days = (world.today - world.first_day).days + 1
    for _each in range(max(1, round(days / 365 * world.random.choice([2, 3, 4, 6])))):
        start = world.first_day + timedelta(days=world.random.randrange(days))
        name, note, degrees, length = world.random.choice(ILLNESSES)
        found |= {start + timedelta(days=index): (name, note, degrees) for index in range(length)}
    return found


def _days_of(
    world: World, child: dict[str, Any], stays: list[Stay], people: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    rows = []
    day = max(world.first_day, child["admitted_on"])
    small = (world.today - child["born_on"]).days < 1100
    frail = child["condition"] in ("cp_epilepsy", "heart")
    recent = world.today - timedelta(days=14)
    while day < world.today:
        if not stays or in_house_on(stays, day):
            shifts = shifts_of(day)
            wanted = (
                shifts
                if day >= recent
                else [
                    each
                    for each in shifts
                    if each.code == "early" or (each.code == "night" and (small or frail) and day.toordinal() % 3 == 0)
                ]
            )
            for shift in wanted:
                moment = shift.ends - timedelta(minutes=world.random.randint(20, 90))
                rows.append(_record(world, child, shift.code, day, moment, people))
        day += timedelta(days=1)
    return rows


def _record(
    world: World, child: dict[str, Any], shift: str, day: date, moment: datetime, people: list[dict[str, Any]]
) -> dict[str, Any]:
    random = world.random
    carer = people[(hash_of(day) + len(shift)) % len(people)]
    ill = child["illnesses"].get(moment.date()) or child["illnesses"].get(day)
    row: dict[str, Any] = {
        "id": new_id(), "child_id": child["id"], "unit_id": child["unit_id"], "day": day, "shift": shift, "at": moment,
        "carer_id": carer["id"], "extra": False, "usual": ill is None and random.random() < 0.7,
        "recorded_at": moment + timedelta(minutes=4), "recorded_by": carer["name"], "recorded_by_id": carer["account_id"] or carer["id"],
        **_ordinary(child, shift, day, random),
    }  # fmt: skip
    if ill:
        row |= _ill(ill, shift, random)
    if "epilepsy" in child["conditions"] and random.random() < 0.03:
        row |= {
            "seizures": random.choice([1, 1, 2]),
            "seizure_minutes": random.choice([0.5, 1.0, 2.0, 3.0]),
            "usual": False,
        }
    if row.get("note") is None and random.random() < 0.01:
        row["note"] = random.choice(NOTES)
    return row


def _ordinary(child: dict[str, Any], shift: str, day: date, random: Any) -> dict[str, Any]:
    months = max((day - child["born_on"]).days // 30, 0)
    hardly = child["condition"] in HARDLY_MOVES
    asleep = shift == "night"
    return {
        "temperature": round(random.gauss(36.5, 0.18), 1) if shift != "late" or random.random() < 0.3 else None,
        "feeding": "bottle" if months < 10 else "fed" if hardly else "helped" if months < 36 else "self",
        "appetite": None if asleep and months > 12 else random.choices(["all", "most", "half"], [80, 17, 3])[0],
        "feed_ml": random.choice([150, 180, 180, 210]) if months < 12 else None,
        "sleep": random.choices(["well", "light", "restless"], [88, 9, 3])[0] if asleep or shift == "early" else None,
        "sleep_hours": round(random.gauss(8.4 if asleep else 1.6, 0.4), 1) if asleep or shift == "early" else None,
        "mood": None if asleep else random.choices(["cheerful", "calm", "tired", "tearful"], [45, 47, 6, 2])[0],
        "stools": random.choices([0, 1, 2], [25, 60, 15])[0] if shift == "early" else None,
        "stool": random.choices(["formed", "soft", "hard"], [70, 25, 5])[0] if shift == "early" else None,
        "urine": "normal" if shift != "night" else None,
        "skin": random.choices(["intact", "red"], [99, 1])[0],
        "bath": random.choices(["bath", "wash", "none"], [50, 20, 30])[0] if shift == "late" or day.toordinal() % 2 else "none",
        "turned": random.randint(3, 4) if hardly and months > 24 and child["condition"] == "cp_epilepsy" else None,
    }  # fmt: skip


def _ill(ill: tuple[str, str, tuple[float, float]], shift: str, random: Any) -> dict[str, Any]:
    name, note, (low, high) = ill
    values: dict[str, Any] = {
        "usual": False, "temperature": round(random.uniform(low, high), 1), "mood": random.choice(["tired", "tearful", "calm"]),
        "appetite": random.choice(["half", "little", "most"]), "sleep": "restless" if shift == "night" else None,
        "note": note if random.random() < 0.6 else None,
    }  # fmt: skip
    if name == "stomach":
        values["vomiting"] = random.randint(1, 2)
    if name == "diarrhoea":
        values |= {"stools": random.randint(3, 5), "stool": "watery"}
    if name == "rash":
        values["skin"] = "rash"
    return values


# --- hand-overs ---------------------------------------------------------------------------------------


@demo_part(order=42)
def hand_overs(world: World) -> None:
    """Write and sign the hand-overs of the last fourteen days; the latest of one unit waits for its receiver."""
    rows = []
    for index, unit in enumerate(world.units):
        children = [child for child in world.children if child["unit_id"] == unit["id"]]
        if not children:
            continue
        for back in range(14, 0, -1):
            day = world.today - timedelta(days=back)
            for shift in shifts_of(day):
                waiting = index % 5 == 1 and back == 1 and shift.code == "night"
                rows.append(_hand_over(world, unit["id"], children, shift, waiting))
    world.work.bulk(HandOver, rows)


def _hand_over(world: World, unit_id: str, children: list[dict[str, Any]], shift: Any, waiting: bool) -> dict[str, Any]:
    people = [each for each in world.of_post("caregiver") if unit_id in each["unit_ids"]] or world.of_post("caregiver")
    turn = hash_of(shift.day) + len(shift.code)
    one, other = people[turn % len(people)], people[(turn + 1) % len(people)]
    here = [child for child in children if child["placement"] in IN_HOUSE]
    hospital = sum(child["placement"] == "hospital" for child in children)
    out = sum(child["placement"] in ("outside_care", "boarding") for child in children)
    ill = [
        f"{child['name']}：{child['illnesses'][shift.day][1]}"
        for child in here
        if shift.day in child.get("illnesses", {})
    ]
    frail = [f"{child['name']}：癫痫" for child in here if "epilepsy" in child["conditions"]]
    signed = shift.ends + timedelta(minutes=world.random.randint(2, 15))
    return {
        "id": new_id(), "unit_id": unit_id, "day": shift.day, "shift": shift.code, "at": shift.ends,
        "expected": len(here) + hospital + out, "present": len(here), "out": out, "hospital": hospital,
        "special": "\n".join(frail) or "无", "unusual": "\n".join(ill) or "无", "away": "无" if not (hospital or out) else f"住院{hospital}人，外出{out}人",
        "treatment": "按医嘱给药", "incidents": "无", "equipment": "门窗、氧气、吸痰器已查，钥匙已交",
        "handed_by_id": one["id"], "handed_at": signed, "state": "submitted",
        "received_by_id": None if waiting else other["id"], "received_at": None if waiting else signed + timedelta(minutes=3),
        "recorded_at": signed, "recorded_by": one["name"], "recorded_by_id": one["account_id"] or one["id"],
    }  # fmt: skip
