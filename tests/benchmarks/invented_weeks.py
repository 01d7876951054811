"""Other weeks in the ranges of chw-1: other seeds, loads, days, slots, group mixes, scarce equipment, locked sessions."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

PROFESSIONS = (("PT", "HT"), ("OT", "SI"), ("ST", "MU"))
POOLS = {"gym": "PT", "ot": "OT", "booth": "ST", "si": "SI", "pool": "HT", "music": "MU", "hall": "GROUP"}


@dataclass(frozen=True)
class Range:
    """What a week is like."""

    children: int = 60
    therapists: int = 8
    load: float = 0.85
    days: int = 5
    minutes: int = 30
    groups: int = 4
    scarce: bool = False
    """Little equipment that many need, and rooms for half of the therapists."""
    seed: int = 1


def week(wanted: Range) -> dict[str, Any]:
    """Return an invented week in the format chw-1."""
    random = Random(wanted.seed)
    scale = 30 // wanted.minutes
    slots = 16 * scale
    therapists = [_therapist(random, number, wanted, slots, scale) for number in range(wanted.therapists)]
    children = [_child(random, number, wanted, slots, scale) for number in range(wanted.children)]
    places = {name: max(1, wanted.therapists // (6 if wanted.scarce else 3)) for name in ("gym", "ot", "booth")}
    pools = [
        {"id": name, "capacity": places.get(name, max(1, wanted.therapists // 12)), "therapies": [therapy]}
        for name, therapy in POOLS.items()
    ]
    made = {
        "format": "chw-1",
        "name": f"invented-{wanted.children}x{wanted.therapists}-s{wanted.seed}",
        "seed": wanted.seed,
        "calendar": {
            "days": wanted.days, "slots_per_day": slots, "slot_minutes": wanted.minutes, "day_start": "09:00",
            "closed": [[6 * scale, 8 * scale]], "am": [0, 6 * scale], "pm": [8 * scale, slots],
        },
        "therapists": therapists, "children": children, "pools": pools,
        "equipment": [{"id": "gait", "units": 1}, {"id": "stander", "units": 1 if wanted.scarce else 2}],
        "prescriptions": [], "groups": _groups(random, wanted, scale), "locked": [],
    }  # fmt: skip
    made["prescriptions"] = _prescriptions(random, wanted, made, scale)
    return made


def _therapist(random: Random, number: int, wanted: Range, slots: int, scale: int) -> dict[str, Any]:
    skills = list(PROFESSIONS[number % 3])
    days = [day for day in range(wanted.days) if random.random() < 0.95] or [0]
    windows = [{"day": day, "start": 0, "end": slots - random.choice((0, 0, 2)) * scale} for day in days]
    day, start = random.choice(days), random.choice((8, 12)) * scale
    blocked = [{"day": day, "start": start, "end": start + 2 * scale, "reason": "meeting"}]
    given = skills if number % 6 < 3 else skills[:1]
    return {"id": f"T{number:02}", "skills": given, "windows": windows, "blocked": blocked, "max_slots_day": 12 * scale}


def _child(random: Random, number: int, wanted: Range, slots: int, scale: int) -> dict[str, Any]:
    busy = [
        {"day": day, "start": 8 * scale, "end": random.choice((10, 11)) * scale, "reason": "nap"}
        for day in range(wanted.days)
        if random.random() < 0.65
    ]
    if random.random() < 0.4:
        day = random.randrange(wanted.days)
        busy += [{"day": each, "start": 0, "end": 4 * scale, "reason": "school"} for each in range(day, wanted.days)]
    most = 1 if random.random() < 0.08 else 2
    return {"id": f"C{number:03}", "unavailable": busy, "max_sessions_day": most, "min_gap": scale}


def _groups(random: Random, wanted: Range, scale: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"G{number:02}", "therapy": random.choice(("PT", "OT", "ST")), "pool": "hall", "sessions": 1,
            "members": [f"C{each:03}" for each in random.sample(range(wanted.children), min(4, wanted.children))],
            "duration": 2 * scale, "priority": 2,
        }
        for number in range(wanted.groups)
    ]  # fmt: skip


def _prescriptions(random: Random, wanted: Range, made: dict[str, Any], scale: int) -> list[dict[str, Any]]:
    """Fill the therapists' weeks of each profession up to the load."""
    found: list[dict[str, Any]] = []
    for profession in PROFESSIONS:
        mine = [each for each in made["therapists"] if profession[0] in each["skills"]]
        room = sum(min(12 * scale, span["end"] - 2 * scale) for each in mine for span in each["windows"]) * wanted.load
        room -= sum(each["duration"] for each in made["groups"] if each["therapy"] == profession[0])
        while room > 2 * scale:
            therapy = (
                profession[1]
                if random.random() < 0.15 and any(profession[1] in t["skills"] for t in mine)
                else profession[0]
            )
            able = [each["id"] for each in mine if therapy in each["skills"]]
            sessions = min(wanted.days, random.choice((1, 2, 2, 2, 3, 3, 4, 5)))
            duration = random.choice((1, 1, 1, 2)) * scale
            room -= sessions * duration
            found.append({
                "id": f"R{len(found):04}", "child": f"C{random.randrange(wanted.children):03}", "therapy": therapy,
                "sessions": sessions, "duration": duration, "priority": random.choice((1, 2, 2, 3)),
                "equipment": random.choice(("gait", "stander")) if random.random() < (0.3 if wanted.scarce else 0.05) else None,
                "preferred_therapist": random.choice(able) if random.random() < 0.45 else None,
                "preferred_half": random.choice(("am", "pm")) if random.random() < 0.15 else None,
            })  # fmt: skip
    return found
