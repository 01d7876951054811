"""The demo home's safety 演示福利院·安全: rounds, hazards and incidents as a year brings them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from models.age import months_later
from models.calendar_rules import in_force
from models.core.record import new_id
from models.core.sealing import SealHolder
from models.demo import World, demo_part
from models.drills import Drill
from models.holidays import day_kind
from models.patrols import Slot, slots_of
from models.safety import Hazard, Incident, PatrolRound
from models.safety_words import checkpoints_of
from resources import table

ROUTES = ("A栋各层与院区", "B栋各层与食堂", "全院", "康复楼与教学楼")
FINDINGS = (
    ("exits", "二层东侧通道临时停放轮椅", "当场移走并提醒班组"),
    ("windows", "活动室窗户限位器松动", "用扎带临时固定，报后勤维修"),
    ("fire_doors", "防火门闭门器失灵", "已报修，安排专人看守"),
    ("water", "浴室防滑垫缺一块", "当班补齐"),
    ("medicine", "治疗室药柜未及时上锁", "当场上锁，记入交接"),
    ("power", "值班室插线板串接", "拆除并换独立插座"),
    ("yard", "秋千链条锈蚀", "停用并挂牌"),
)
MISSED_SHARE, FOUND_SHARE = 0.02, 0.05


def signed(person: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that say who recorded something."""
    return {"recorded_by_id": person["account_id"] or person["id"], "recorded_by": person["name"]}


@demo_part(order=60)
def patrol_rounds(world: World) -> None:
    """Walk the rounds that the rules ask for; few are missed, some find something."""
    guards = world.of_post("safety") + world.of_post("caregiver")
    rows = []
    days = (world.today - world.first_day).days
    for day in (world.first_day + timedelta(days=count) for count in range(days + 1)):
        rules = in_force(table("patrol_rules.csv"), day, key="rule_id") or list(table("patrol_rules.csv"))
        holiday = day_kind(day).kind in {"holiday", "expected"}
        for slot in slots_of(day, rules, holiday=holiday):
            if slot.due <= world.work.now and world.random.random() >= MISSED_SHARE:
                rows.append(_round(world, slot, guards))
        if day.day == 5:
            rows.append(_inspection(world, day))
    world.work.bulk(PatrolRound, rows)


def _round(world: World, slot: Slot, guards: list[dict[str, Any]]) -> dict[str, Any]:
    random = world.random
    first, second = random.sample(guards, 2) if len(guards) > 1 else (guards[0], None)
    start = slot.opens + (slot.due - slot.opens) * random.uniform(0.15, 0.8)
    start = start.replace(second=0, microsecond=0)
    points = checkpoints_of(slot.kind)
    code, what, done = random.choice(FINDINGS) if random.random() < FOUND_SHARE else ("", "", "")
    failed = [code] if code in points else []
    return {
        "id": new_id(), "kind": slot.kind, "started_at": start, "ended_at": start + timedelta(minutes=random.randint(18, 45)),
        "route": random.choice(ROUTES), "leader_id": first["id"], "second_id": second["id"] if second else None,
        "passed": [point for point in points if point not in failed], "failed": failed or None,
        "findings": what if failed else None, "action": done if failed else None,
        "recorded_at": start + timedelta(minutes=50), **signed(first),
    }  # fmt: skip


def _inspection(world: World, day: date) -> dict[str, Any]:
    officer = world.of_post("safety")[0]
    start = datetime.combine(day, time(9, 10))
    return {
        "id": new_id(), "kind": "fire", "started_at": start, "ended_at": start + timedelta(minutes=95), "route": "全院",
        "leader_id": officer["id"], "second_id": world.of_post("director")[0]["id"],
        "passed": checkpoints_of("fire"), "failed": None, "recorded_at": start + timedelta(hours=2), **signed(officer),
    }  # fmt: skip


# what, place, group, grade, situation, days ago found, days given, stage
HAZARDS = (
    ("A栋二层疏散指示灯不亮", "A栋二层", "equipment", "ordinary", None, 9, 5, "registered"),
    ("食堂燃气报警器临近校验期", "食堂", "equipment", "ordinary", None, 6, 20, "registered"),
    ("康复楼电梯年检即将到期", "康复楼", "equipment", "ordinary", None, 14, 30, "rectifying"),
    ("B栋北侧疏散通道堆放旧床", "B栋一层", "equipment", "major", "E3", 4, 3, "rectifying"),
    ("户外滑梯护栏焊缝开裂", "活动场", "building", "ordinary", None, 20, 10, "rectified"),
    ("锅炉房操作证复审未取", "锅炉房", "qualification", "ordinary", None, 25, 15, "verified"),
    ("三班卫生间地面积水易滑", "A栋三层", "building", "ordinary", None, 40, 7, "closed"),
    ("应急照明蓄电池老化", "A栋、B栋", "equipment", "ordinary", None, 52, 14, "closed"),
    ("值班记录缺签字", "值班室", "management", "ordinary", None, 33, 3, "closed"),
    ("配电间门未锁", "康复楼一层", "equipment", "ordinary", None, 58, 2, "closed"),
)
REPAIRS = ("已更换并测试正常", "已清理，设置禁放标识", "已维修，复测合格", "已补办，材料归档")


@demo_part(order=61)
def hazards(world: World) -> None:
    """Make hazards in every stage of the loop, one of them major."""
    officers, workers = world.of_post("safety"), world.of_post("caregiver") + world.of_post("other")
    rows = [_hazard(world, each, officers, workers) for each in HAZARDS]
    world.work.bulk(Hazard, rows)


def _hazard(
    world: World, given: tuple[Any, ...], officers: list[dict[str, Any]], workers: list[dict[str, Any]]
) -> dict[str, Any]:
    what, place, group, grade, situation, ago, term, stage = given
    found_on = world.today - timedelta(days=ago)
    order = ("registered", "rectifying", "rectified", "verified", "closed").index(stage)
    fixed = found_on + timedelta(days=min(term, max(ago - 3, 1)))
    return {
        "id": new_id(), "stage": stage, "what": what, "place": place, "found_on": found_on, "group": group, "grade": grade,
        "situation": situation, "found_by_id": officers[0]["id"], "responsible_id": world.random.choice(workers)["id"],
        "deadline": found_on + timedelta(days=term), "interim": "专人看守，设置警示" if grade == "major" else None,
        "told_department_on": found_on if grade == "major" else None,
        "rectified_on": fixed if order >= 2 else None,
        "rectified_how": world.random.choice(REPAIRS) if order >= 2 else None,
        "verified_on": fixed + timedelta(days=1) if order >= 3 else None,
        "verified_by_id": officers[-1]["id"] if order >= 3 else None,
        "verified_result": "现场复查合格" if order >= 3 else None,
        "closed_on": fixed + timedelta(days=2) if order >= 4 else None,
        "recorded_at": datetime.combine(found_on, time(15, 20)), **signed(officers[0]),
    }  # fmt: skip


# kind, scenario, plan, days ago, start, minutes, seconds until all were out, result, problems, improvement, done
DRILLS = (
    ("fire", "fire", "A栋二层厨房电器起火，疏散至操场", 530, time(9, 30), 35, 205, "good", "", "", True),
    ("evacuation", "earthquake", "地震避险与全院疏散", 505, time(15, 10), 30, 260, "partly",
     "卧床儿童转移担架不足", "每层增配软担架一副", True),
    ("fire", "night_fire", "B栋夜间火情，值班人员疏散卧床儿童", 345, time(20, 30), 40, 318, "partly",
     "夜班人员不熟悉轮椅下楼方法", "康复科示教轮椅与抱运方法，夜班逐人过关", True),
    ("emergency", "missing", "外出活动儿童走失处置", 300, time(14, 40), 50, None, "good", "", "", True),
    ("evacuation", "earthquake", "康复楼训练时段避险疏散", 320, time(10, 20), 25, 240, "good", "", "", True),
    ("fire", "fire", "食堂燃气泄漏起火，全院疏散", 168, time(10, 5), 40, 232, "partly",
     "东侧集合点人数核对慢", "按班组分区集合，点名册随身携带", False),
    ("evacuation", "violence", "外来人员闯入，锁闭与转移", 190, time(16, 0), 30, None, "good", "", "", True),
)  # fmt: skip


@demo_part(order=61)
def drills(world: World) -> None:
    """Hold the drills of the last year and a half; the evacuation is overdue, the fire drill soon due."""
    officer = world.of_post("safety")[0]
    days = (world.today - world.first_day).days
    rows = [_drill(world, each, officer) for each in DRILLS if each[3] <= max(days, 200)]
    world.work.bulk(Drill, rows)


def _drill(world: World, given: tuple[Any, ...], officer: dict[str, Any]) -> dict[str, Any]:
    kind, scenario, plan, ago, start, minutes, seconds, result, found, better, done = given
    held_on = world.today - timedelta(days=ago)
    every = next(int(row["every_months"]) for row in table("drill_rules.csv") if row["kind"] == kind)
    present = max(3, round(len(world.children) * (0.6 + 0.3 * world.random.random())))
    return {
        "id": new_id(), "kind": kind, "scenario": scenario, "plan": plan, "held_on": held_on, "started": start,
        "leader_id": officer["id"], "children": present, "adults": max(2, present // 3),
        "helpers": "辖区消防救援站两名指战员现场指导" if scenario == "fire" else None, "minutes": minutes,
        "seconds": seconds, "course": "按预案发出警报，分组疏散、清点人数、总结讲评。", "result": result,
        "found": found or None, "better": better or None,
        "better_by": held_on + timedelta(days=30) if better else None,
        "better_on": held_on + timedelta(days=21) if better and done else None,
        "next_on": months_later(held_on, every), "recorded_at": datetime.combine(held_on, time(17, 0)), **signed(officer),
    }  # fmt: skip


# kind, what, place, injury, part of the body, first aid, measures, weight
EVENTS = (
    ("fall", "活动时绊倒", "活动室", "light", "左膝擦伤", "清洁消毒，冷敷", "活动前清理地面玩具", 26),
    ("fall", "从矮床滑落", "寝室", "none", "", "查看全身，观察两小时", "夜间加挂床挡", 14),
    ("bite", "与同伴争抢玩具被咬", "教室", "light", "右前臂齿痕，未破皮", "肥皂水冲洗", "分组活动，备足同类玩具", 12),
    ("clash", "排队时相互推搡", "走廊", "none", "", "分开安抚", "调整排队顺序", 9),
    ("choking", "进食过快呛咳", "餐厅", "none", "", "拍背后缓解", "食物切小，专人喂食", 8),
    ("seizure", "强直阵挛发作约两分钟", "寝室", "none", "", "侧卧，计时，清理口腔分泌物", "通知医生复核用药", 10),
    ("burn", "碰到热水杯，手背发红", "餐厅", "light", "左手背一度烫伤", "流动冷水冲洗二十分钟", "热水不进活动区", 4),
    ("self_harm", "情绪激动时撞头", "寝室", "light", "前额红肿", "保护头部，冷敷", "加软垫，请心理老师介入", 5),
    ("missing", "午休后未归，十分钟后在花坛找到", "院区", "none", "", "清点人数，广播寻找", "午休交接当面点名", 2),
    ("fall", "轮椅转移时滑倒", "浴室", "medium", "额部裂伤1厘米", "压迫止血，送医缝合", "转移须两人，地面防滑", 4),
)  # fmt: skip


@demo_part(order=62)
def incidents(world: World) -> None:
    """Make the incidents of everyday life, and one that had to be reported and is sealed."""
    carers = world.of_post("caregiver")
    days = (world.today - world.first_day).days
    rows = [_incident(world, carers, days) for _each in range(max(6, round(world.size * world.months / 24)))]
    world.work.bulk(Incident, rows)
    _sealed_incident(world)
    _undecided_incident(world)


def _undecided_incident(world: World) -> None:
    """Make one incident of this morning for which nobody has decided yet whether it must be reported."""
    child, carer = world.random.choice(world.children), world.random.choice(world.of_post("caregiver"))
    noticed = (world.work.now - timedelta(minutes=50)).replace(second=0, microsecond=0)
    world.work.bulk(Incident, [{
        "id": new_id(), "sealed": False, "child_id": child["id"], "kind": "injury_unexplained", "decision": "open",
        "what": "晨检发现左耳后抓痕，原因待查", "noticed_at": noticed, "place": "寝室", "unit_id": child.get("unit_id"),
        "injury": "light", "injury_text": "左耳后两道抓痕", "first_aid": "清洁消毒，拍照留存",
        "leader_told_at": noticed + timedelta(minutes=10), "recorded_at": noticed + timedelta(minutes=12), **signed(carer),
    }])  # fmt: skip


def _incident(world: World, carers: list[dict[str, Any]], days: int) -> dict[str, Any]:
    random = world.random
    kind, what, place, injury, part, aid, measures, _weight = random.choices(EVENTS, [each[7] for each in EVENTS])[0]
    child, carer = random.choice(world.children), random.choice(carers)
    day = max(child["admitted_on"] or world.first_day, world.first_day + timedelta(days=random.randint(0, days)))
    noticed = min(datetime.combine(day, time(random.randint(7, 20), random.choice((5, 20, 35, 50)))), world.work.now)
    told = noticed + timedelta(minutes=random.randint(5, 30))
    recent = (world.today - day).days < 4
    serious = kind in {"missing", "self_harm"}
    return {
        "id": new_id(), "sealed": False, "child_id": child["id"], "kind": kind, "what": what, "noticed_at": noticed,
        "happened_at": noticed - timedelta(minutes=random.randint(0, 10)), "place": place, "unit_id": child.get("unit_id"),
        "injury": injury, "injury_text": part or None, "first_aid": aid, "decision": "no",
        "decision_reason": "当场处置，无侵害迹象" if serious else None, "leader_told_at": told,
        "hospital": "市儿童医院" if injury == "medium" else None,
        "hospital_at": noticed + timedelta(minutes=40) if injury == "medium" else None,
        "director_told_at": told + timedelta(minutes=20) if injury == "medium" or serious else None,
        "cctv": "kept" if injury == "medium" or serious else None, "measures": measures,
        "precaution": "外出须一对一看护" if kind == "missing" else None,
        "precaution_until": day + timedelta(days=120) if kind == "missing" else None,
        "closed_on": None if recent else min(day + timedelta(days=3), world.today),
        "conclusion": None if recent else "已落实措施，未再发生", "recorded_at": told, **signed(carer),
    }  # fmt: skip


def _sealed_incident(world: World) -> None:
    """Make one incident of mandatory report, open to the director and the safety officer alone."""
    random, officer = world.random, world.of_post("safety")[0]
    child = next((each for each in world.children if (world.today - each["born_on"]).days > 8 * 365), world.children[0])
    noticed = datetime.combine(world.today - timedelta(days=random.randint(20, 40)), time(16, 40))
    incident_id = new_id()
    world.work.bulk(Incident, [{
        "id": incident_id, "sealed": True, "child_id": child["id"], "kind": "injury_unexplained",
        "what": "返院后发现背部多处不明瘀伤", "noticed_at": noticed, "place": "寝室", "injury": "medium",
        "injury_text": "背部三处瘀伤", "decision": "yes", "situations": ["4"], "decision_reason": "多处损伤，原因不明",
        "reported_at": noticed + timedelta(minutes=18), "reported_to": ["police", "civil"],
        "reported_name": "辖区派出所值班民警", "receipt": "受案回执（示例）", "director_told_at": noticed + timedelta(minutes=6),
        "department_told_at": noticed + timedelta(minutes=25), "cctv": "kept", "recorded_at": noticed + timedelta(minutes=10),
        **signed(officer),
    }])  # fmt: skip
    for username in ("director", "safety"):
        if world.accounts.get(username):
            world.work.add(SealHolder(record_id=incident_id, account_id=world.accounts[username]))
    world.work.flush()
