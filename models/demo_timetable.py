"""The demo home's therapy timetable 演示课表: one week laid out without a clash, then lived through day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from models.age import years_on
from models.child import Caseload
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_rehabilitation import able, programme, recorded, treated
from models.demo_routines import AFTER_FOOD, RESTING, duty_slots, routine_slots
from models.holidays import day_kind
from models.leave import StaffLeave
from models.therapies import SKILL_OF, opening_hours
from models.therapy import TherapySession

SLOT = 30
MORNING, AFTERNOON = 7, 6
SLOTS = MORNING + AFTERNOON
MOST = 10
"""So many half hours a therapist of the demo home treats a day."""
AHEAD = 14
"""Days beyond today for which the demo home has booked already."""
RESULTS = {
    "PT": ("独坐平稳20秒", "扶站时膝部仍屈曲，需提示", "侧走2米，步态较上次稳", "配合关节活动，踝背屈改善"),
    "OT": ("用勺舀起6次，洒出2次", "能串3颗珠", "双手配合有进步", "握笔需手把手"),
    "ST": ("模仿发音“爸”“妈”清楚", "主动说出“要水”3次", "听指令8/10", "注意力短，完成一半"),
    "SI": ("吊缆上坚持40秒", "对触觉刷仍有躲避", "滑板爬行3个来回"),
    "COG": ("按颜色分类10/10，形状6/10", "能等待轮流2次", "集体课中离座1次"),
    "CE": ("完成从坐到站4次", "跟随口令良好"), "TCM": ("推拿后肌张力降低", "情绪平稳，配合"), "HYD": ("水中站立50秒", "喜欢踢水"),
    "MUS": ("跟拍4拍成功", "主动敲鼓"),
}  # fmt: skip


@dataclass
class Slotted:
    """One sitting of the model week: who, what, with whom, where, on which weekday and in which slot."""

    children: list[dict[str, Any]]
    therapy: str
    therapist: dict[str, Any]
    room_id: str | None
    weekday: int
    slot: int
    length: int


class _Board:
    """The model week while it is being filled: what is free for whom."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.busy: set[tuple[str, int, int]] = {
            (each["id"], weekday, slot) for each in world.of_post("therapist") for weekday, slot in duty_slots()
        }
        self.away = {child["id"]: routine_slots(child, world.today) for child in treated(world)}
        self.days: Counter[tuple[str, int]] = Counter()
        self.rooms: Counter[tuple[str, int, int]] = Counter()
        self.load: Counter[str] = Counter()
        self.week: list[Slotted] = []

    def place(self, children: list[dict[str, Any]], therapy: str, length: int, avoid: set[int]) -> Slotted | None:
        """Put one sitting where everybody is free, spread over the week; None when there is no place."""
        people = sorted(able(self.world, therapy), key=lambda each: self.load[each["id"]])
        rooms = self._rooms_for(therapy, len(children))
        for weekday in sorted(set(range(5)) - avoid, key=lambda each: (self._day_load(children, each), each)):
            for slot in self._slots(children):
                if any(not self._comes(child, therapy, (weekday, slot, length)) for child in children):
                    continue
                for therapist in people:
                    full = self.days[therapist["id"], weekday] + length > MOST
                    if full or not self._free([therapist, *children], weekday, slot, length):
                        continue
                    room = next(
                        (each for each in rooms if self._has_room(each, weekday, slot, length, len(children))), None
                    )
                    if room or not rooms:
                        return self._take(children, therapy, therapist, room, (weekday, slot, length))
        return None

    def _slots(self, children: list[dict[str, Any]]) -> list[int]:
        """Those who go to school are treated in the afternoon if possible, the small ones in the morning."""
        pupils = any(years_on(child["born_on"], self.world.today) >= 6 for child in children)
        late, early = list(range(MORNING, SLOTS)), list(range(MORNING))
        return [*late, *early] if pupils else [*early, *late]

    def _day_load(self, children: list[dict[str, Any]], weekday: int) -> int:
        return sum(1 for child in children for slot in range(SLOTS) if (child["id"], weekday, slot) in self.busy)

    def _comes(self, child: dict[str, Any], therapy: str, at: tuple[int, int, int]) -> bool:
        """Whether a child is neither at a meal, asleep nor in class, has rested, and has not had its share of the day."""
        weekday, slot, length = at
        away = self.away.get(child["id"], {})
        why = {away.get((weekday, slot + step), "") for step in range(length)}
        if why - {"", AFTER_FOOD} or (AFTER_FOOD in why and therapy in RESTING):
            return False
        near = ((child["id"], weekday, slot - 1), (child["id"], weekday, slot + length))
        most = 2 if years_on(child["born_on"], self.world.today) < 3 else 5
        return not any(each in self.busy for each in near) and self.days[child["id"], weekday] < most

    def _free(self, people: list[dict[str, Any]], weekday: int, slot: int, length: int) -> bool:
        same_half = slot + length <= MORNING or slot >= MORNING and slot + length <= SLOTS
        return same_half and not any(
            (each["id"], weekday, slot + step) in self.busy for each in people for step in range(length)
        )

    def _rooms_for(self, therapy: str, size: int) -> list[dict[str, Any]]:
        return [
            room for room in self.world.rooms if SKILL_OF[therapy] in room["skills"] and (room["capacity"] or 1) >= size
        ]

    def _has_room(self, room: dict[str, Any], weekday: int, slot: int, length: int, size: int) -> bool:
        return all(self.rooms[room["id"], weekday, slot + step] + size <= room["capacity"] for step in range(length))

    def _take(
        self, children: list[dict[str, Any]], therapy: str, therapist: dict[str, Any], room: dict[str, Any] | None,
        at: tuple[int, int, int],
    ) -> Slotted:  # fmt: skip
        weekday, slot, length = at
        for step in range(length):
            self.busy |= {(each["id"], weekday, slot + step) for each in (therapist, *children)}
            if room:
                self.rooms[room["id"], weekday, slot + step] += len(children)
        self.load[therapist["id"]] += length
        self.days[therapist["id"], weekday] += length
        self.days += Counter((child["id"], weekday) for child in children)
        made = Slotted(children, therapy, therapist, room["id"] if room else None, weekday, slot, length)
        self.week.append(made)
        return made


@demo_part(order=52)
def timetable(world: World) -> None:
    """Lay out the model week, live through it from the first day to a fortnight ahead, and put it down."""
    board = _Board(world)
    _groups(board)
    for child in sorted(treated(world), key=lambda each: each["number"]):
        for therapy, sessions, form in programme(child):
            days: set[int] = set()
            for _each in range(sessions if form == "single" else 0):
                placed = board.place([child], therapy, 1, days)
                days |= {placed.weekday} if placed else set()
    away = _leaves(world)
    _entrust(world, board.week)
    rows = [row for day in _days(world) for row in _day(world, board.week, day, away)]
    _make_up(world, rows)
    world.work.bulk(TherapySession, rows)


def _groups(board: _Board) -> None:
    """Put children of one programme and of near age together, five at most."""
    members: defaultdict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for child in sorted(treated(board.world), key=lambda each: each["born_on"]):
        for therapy, sessions, form in programme(child):
            if form == "group":
                members[therapy, sessions].append(child)
    for (therapy, sessions), children in members.items():
        size = -(-len(children) // -(-len(children) // 5))
        for start in range(0, len(children), size):
            days: set[int] = set()
            for _each in range(sessions):
                placed = board.place(children[start : start + size], therapy, 2, days)
                days |= {placed.weekday} if placed else set()


def _leaves(world: World) -> set[tuple[str, date]]:
    """Send some therapists on leave; return who is away on which day."""
    rows, away = [], set()
    for person in world.of_post("therapist")[1:]:
        start = world.first_day + timedelta(
            days=world.random.randint(10, max(20, (world.today - world.first_day).days))
        )
        days = [start + timedelta(days=count) for count in range(world.random.choice((1, 2, 5)))]
        kind = world.random.choice(("annual", "training", "ill"))
        rows.append({"id": new_id(), "staff_id": person["id"], "kind": kind, "starts_on": days[0], "ends_on": days[-1],
                     "part": "day", **recorded(person, min(days[0], world.today))})  # fmt: skip
        away |= {(person["id"], day) for day in days}
    world.work.bulk(StaffLeave, rows)
    return away


def _entrust(world: World, week: list[Slotted]) -> None:
    """Entrust each child to whoever treats it, where this is not so yet."""
    from sqlalchemy import select

    known = set(map(tuple, world.work.execute(select(Caseload.staff_id, Caseload.child_id))))
    mine = {
        (each.therapist["id"], child["id"]) for each in week for child in each.children if not child.get("outreach")
    }
    wanted = mine - known
    rows = [{"id": new_id(), "staff_id": staff, "child_id": child, "task": "康复治疗", "starts_on": world.first_day}
            for staff, child in sorted(wanted)]  # fmt: skip
    world.work.bulk(Caseload, rows)


def _days(world: World) -> Iterator[date]:
    day = world.first_day
    while day <= world.today + timedelta(days=AHEAD):
        if day_kind(day).open:
            yield day
        day += timedelta(days=1)


def starts(day: date, slot: int) -> datetime:
    """Return when a slot of the model week begins on a day, in its season."""
    morning, afternoon = opening_hours(day)
    first, count = (morning.starts, slot) if slot < MORNING else (afternoon.starts, slot - MORNING)
    return datetime.combine(day, first) + timedelta(minutes=SLOT * count)


def _day(world: World, week: list[Slotted], day: date, away: set[tuple[str, date]]) -> Iterator[dict[str, Any]]:
    # A working weekend stands in for the weekday whose holiday it repays; the model takes the Friday.
    weekday = min(day.weekday(), 4)
    for each in week:
        if each.weekday != weekday:
            continue
        sitting = new_id()
        begin = starts(day, each.slot)
        for child in each.children:
            if child["admitted_on"] + timedelta(days=14) <= day <= (child.get("until") or day):
                yield _session(world, each, child, (sitting, begin), away)


def _session(
    world: World, each: Slotted, child: dict[str, Any], at: tuple[str, datetime], away: set[tuple[str, date]]
) -> dict[str, Any]:
    sitting, begin = at
    day, key = begin.date(), new_id()
    single = len(each.children) == 1
    row = {
        "id": key, "child_id": child["id"], "therapist_id": each.therapist["id"], "therapy": each.therapy,
        "form": "single" if single else "group", "room_id": each.room_id, "starts_at": begin,
        "ends_at": begin + timedelta(minutes=SLOT * each.length), "sitting_id": key if single else sitting, "status": "booked",
        "state": "draft", "goals": child.get("goal_ids", {}).get(each.therapy) or None,
        **recorded(each.therapist, min(day, world.today)),
    }  # fmt: skip
    if (each.therapist["id"], day) in away:
        return {**row, "status": "cancelled", "reason": "therapist"}
    if row["ends_at"] <= datetime.combine(world.today, time(9)):
        row |= _attended(world, each.therapy, child)
        row |= _signed(world, day)
    return row


def _attended(world: World, therapy: str, child: dict[str, Any]) -> dict[str, Any]:
    random = world.random
    chance = random.random()
    if chance < 0.045:
        return {"status": "absent", "reason": random.choices(("ill", "away", "school", "refused"), (6, 2, 2, 1))[0]}
    if chance < 0.055:
        return {"status": "cancelled", "reason": random.choice(("power", "equipment", "ill"))}
    noted = {"response": random.choices("54321", (3, 6, 4, 1, 0.3))[0],
             "result": random.choice(RESULTS.get(therapy, ("配合良好",))) if random.random() < 0.35 else None}  # fmt: skip
    if chance < 0.08:
        return {**noted, "status": "late", "reason": "other", "minutes_missed": random.choice((5, 10))}
    return {**noted, "status": "done"}


def _signed(world: World, day: date) -> dict[str, Any]:
    days = (world.today - day).days
    if days <= 1 or (days <= 4 and world.random.random() < 0.12):
        return {}
    return {"state": "approved" if days > 35 else "submitted", "signed_on": day, "signed_late": False}


def _make_up(world: World, rows: list[dict[str, Any]]) -> None:
    """Make up one in three missed single sessions a week later, where child, therapist and room are free then."""
    taken = {
        (row["starts_at"] + timedelta(minutes=SLOT * step), row[name])
        for row in rows
        if row["status"] not in ("absent", "cancelled")
        for step in range(int((row["ends_at"] - row["starts_at"]).total_seconds() // 60 // SLOT))
        for name in _TAKES
    }
    working = {row["starts_at"].date() for row in rows}
    for row in [each for each in rows if each["status"] == "absent" and each["form"] == "single"]:
        day = row["starts_at"].date() + timedelta(days=7)
        if day not in working or day >= world.today or world.random.random() > 0.4:
            continue
        free = [begin for slot in range(SLOTS) if not _needs(row, begin := starts(day, slot)) & taken]
        if free:
            taken |= _needs(row, free[0])
            rows.append(_made_up(row, free[0]))


_TAKES = ("child_id", "therapist_id", "room_id")


def _needs(row: dict[str, Any], begin: datetime) -> set[tuple[datetime, Any]]:
    return {(begin, row[name]) for name in _TAKES if row[name]}


def _made_up(row: dict[str, Any], begin: datetime) -> dict[str, Any]:
    key = new_id()
    return {
        **row, "id": key, "sitting_id": key, "starts_at": begin, "ends_at": begin + timedelta(minutes=SLOT),
        "makes_up_id": row["id"], "status": "made_up", "reason": None, "state": "submitted", "response": "4",
        "signed_on": begin.date(), "signed_late": False,
    }  # fmt: skip
