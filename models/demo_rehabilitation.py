"""The demo home's rehabilitation 演示康复: assessments with a course, plans with goals — all invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models import scales
from models.age import months_later, years_on
from models.core.record import new_id
from models.demo import World, demo_part
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.therapies import SKILL_OF

PROGRAMMES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "cp": (("PT", 3, "single"), ("OT", 2, "single"), ("CE", 2, "group")),
    "cp_epilepsy": (("PT", 2, "single"), ("OT", 1, "single"), ("TCM", 2, "single")),
    "autism": (("ST", 2, "single"), ("SI", 2, "single"), ("COG", 2, "group")),
    "down": (("PT", 1, "single"), ("ST", 2, "single"), ("COG", 2, "group")),
    "intellectual": (("COG", 2, "group"), ("ST", 1, "single"), ("OT", 1, "single")),
    "hearing": (("ST", 3, "single"),),
    "spina": (("PT", 2, "single"), ("HYD", 1, "single")),
    "visual": (("OT", 1, "single"), ("SI", 2, "single"), ("MUS", 1, "single")),
}
"""What is prescribed a week, by what a child has: therapy, sessions, alone or in a group."""
SCALES_FOR = {
    "cp": ("GMFM88", "GMFCS_ER"), "cp_epilepsy": ("GMFM88", "GMFCS_ER"), "autism": ("CARS", "ATEC"), "spina": ("GMFM88",),
}  # fmt: skip
GOALS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "PT": (("独立坐稳30秒，双手玩玩具", "坐位需扶髋，能维持5秒", "连续3天，5次中有4次"),
           ("扶栏杆侧走3米", "扶站10秒", "连续3天，3次中有2次"),
           ("独立上下3级台阶", "一手扶栏杆两步一级", "每天1次，连续5天")),
    "OT": (("用勺自己吃完半碗饭", "需手把手辅助", "一周5餐中有4餐"),
           ("双手配合串5颗大珠", "能串1颗", "10分钟内完成，5次中有4次"),
           ("自己脱套头衫", "能拉下一只袖子", "每晚1次，连续5天")),
    "ST": (("用两词句表达需要", "用单词表达", "每次训练主动表达5次"),
           ("听懂含两个条件的指令", "听懂单步指令", "10次中有8次"),
           ("清楚说出自己的名字", "只发元音", "5次中有4次")),
    "SI": (("在吊缆上保持平衡1分钟", "10秒后要求下来", "连续3次训练"),
           ("接受手部涂抹触觉刺激3分钟", "立刻缩手", "连续3次训练")),
    "COG": (("按颜色和形状两个条件分类", "能按颜色分类", "10次中有8次"),
            ("安静等待轮到自己", "等待不到30秒", "集体课中每节3次")),
    "CE": (("从地面爬起到扶站", "需两人辅助", "每节课2次，连续5节"),),
    "TCM": (("下肢肌张力降低，踝可背屈至中立位", "踝背屈差15度", "评估2次均达到"),),
    "HYD": (("水中独立站立1分钟", "扶池边站立", "连续3次训练"),),
    "MUS": (("跟随节奏敲鼓4拍", "随意敲击", "5次中有4次"),),
}  # fmt: skip
ICF_OF = {
    "独立坐稳30秒，双手玩玩具": "d4153", "扶栏杆侧走3米": "d450", "独立上下3级台阶": "d4551", "用勺自己吃完半碗饭": "d550",
    "双手配合串5颗大珠": "d440", "自己脱套头衫": "d5401", "用两词句表达需要": "d330", "听懂含两个条件的指令": "d310",
    "清楚说出自己的名字": "b320", "在吊缆上保持平衡1分钟": "b235", "接受手部涂抹触觉刺激3分钟": "b265",
    "按颜色和形状两个条件分类": "d137", "安静等待轮到自己": "d250", "从地面爬起到扶站": "d410",
    "下肢肌张力降低，踝可背屈至中立位": "b735", "水中独立站立1分钟": "d4154", "跟随节奏敲鼓4拍": "d130",
}  # fmt: skip
VERSIONS = {"GMFM88": "GMFM-88 中文版", "WEEFIM": "WeeFIM 1.0", "ERXIN2": "WS/T 580-2017"}
METHODS = {
    "PT": "关节活动、肌力训练、姿势控制与步行训练", "OT": "手功能与日常生活活动训练", "ST": "口部运动、词汇与句子训练",
    "SI": "前庭、触觉与本体觉活动", "COG": "配对、分类、注意与规则训练", "CE": "节律性意向与习作程序", "TCM": "头皮与四肢推拿",
    "HYD": "水中步行与平衡训练", "MUS": "节奏与声音模仿",
}  # fmt: skip
FINDINGS = {
    "cp": "双下肢肌张力高，独坐、站立与转移困难，手功能落后", "cp_epilepsy": "肌张力高，抗重力能力差，进食与转移依赖他人",
    "autism": "社交回避，语言少，感觉寻求明显，轮流与等待困难", "down": "肌张力低，动作不稳，语言表达落后于理解",
    "intellectual": "认知与适应能力落后，注意时间短", "hearing": "听觉言语输入不足，发音不清", "spina": "双下肢肌力差，步行需支具",
    "visual": "视觉缺失，空间探索少，手功能依赖触觉",
}  # fmt: skip
CONTRAINDICATIONS = {"cp": ["unstable_hip"], "cp_epilepsy": ["epilepsy"], "heart": ["heart"], "spina": []}


@demo_part(order=50)
def assessments(world: World) -> None:
    """Assess the treated children every three months, most of them getting better slowly."""
    rows = []
    for index, child in enumerate(treated(world)):
        assessor = _assessor(world, child, index)
        for scale_code in _scales_for(world, child):
            rows += _course(world, child, scale_code, assessor)
    world.work.bulk(Assessment, rows)


def treated(world: World) -> list[dict[str, Any]]:
    """Return the children in treatment, the home's own and those from outside."""
    mine = [child for child in world.children if child["rehabilitation"] and child["condition"] in PROGRAMMES]
    return [*mine, *world.clients]


def programme(child: dict[str, Any]) -> tuple[tuple[str, int, str], ...]:
    """Return what is prescribed for a child a week."""
    return PROGRAMMES[child["condition"]]


def able(world: World, therapy: str) -> list[dict[str, Any]]:
    """Return the therapists who are trained for a therapy; teachers help out where no therapist is."""
    skill = SKILL_OF[therapy]
    people = [*world.of_post("therapist"), *world.of_post("teacher")]
    return [each for each in people if skill in (each.get("skills") or ())]


def _assessor(world: World, child: dict[str, Any], index: int) -> dict[str, Any]:
    people = able(world, programme(child)[0][0]) or world.of_post("therapist") or world.staff
    return people[index % len(people)]


def _scales_for(world: World, child: dict[str, Any]) -> tuple[str, ...]:
    fitting = SCALES_FOR.get(child["condition"], ())
    last = "ERXIN2" if years_on(child["born_on"], world.today) < 6 else "WEEFIM"
    return (*(code for code in fitting if _fits(code, child, world)), last)


def _fits(code: str, child: dict[str, Any], world: World) -> bool:
    return years_on(child["born_on"], world.today) >= (2 if code in ("CARS", "ATEC") else 1)


def _course(world: World, child: dict[str, Any], code: str, assessor: dict[str, Any]) -> list[dict[str, Any]]:
    scale = scales.scale_named(code)
    assert scale is not None
    first = max(
        months_later(world.first_day, -3), child["admitted_on"] + timedelta(days=7), months_later(child["born_on"], 6)
    )
    days = [first + timedelta(days=91 * count + world.random.randint(0, 9)) for count in range(8)]
    days = [day for day in days if day < world.today and day.weekday() < 5]
    ability = world.random.uniform(0.15, 0.6)
    rows = []
    for count, day in enumerate(days if scale.formula != "level" else days[:1]):
        scores = _scores(world, scale, ability + 0.035 * count, child, day)
        result = scales.evaluate(scale, scores, scales.age_in_months(child["born_on"], day))
        settled = (world.today - day).days > 40
        rows.append({
            "id": new_id(), "child_id": child["id"], "scale": code, "kind": "initial" if not count else "review",
            "assessed_on": day, "assessor_id": assessor["id"], "scores": scores, "derived": result.derived, "total": result.total,
            "level": result.level, "scale_version": VERSIONS.get(code), "state": "approved" if settled else "submitted",
            "conclusion": _conclusion(count, world), "advice": "继续目前方案，三个月后复评",
            "next_on": months_later(day, 3), **recorded(assessor, day),
        })  # fmt: skip
    return rows


def _scores(world: World, scale: scales.Scale, ability: float, child: dict[str, Any], day: date) -> dict[str, Any]:
    if scale.formula == "level":
        return {"level": world.random.choice(scales.LEVELS)}
    better_low = scale.better == "lower"
    months = scales.age_in_months(child["born_on"], day)
    scores: dict[str, Any] = {}
    for place, domain in enumerate(scale.entries):
        low, high = domain.minimum or 0, domain.maximum or 100
        share = min(max(ability - 0.08 * place + world.random.uniform(-0.02, 0.02), 0.02), 0.97)
        high = min(high, months * 1.05) if scale.formula == "quotient" else high
        value = low + (1 - share if better_low else share) * (high - low)
        scores[domain.code] = round(round(value / scale.step) * scale.step, 2)
    return scores


def _conclusion(count: int, world: World) -> str:
    if not count:
        return "完成初期评估，据此制定康复计划"
    return world.random.choice(
        ("较上次有进步", "稳步进步，配合良好", "变化不大，需调整训练方法", "进步明显，可提高目标难度")
    )


def recorded(person: dict[str, Any], day: date) -> dict[str, Any]:
    """Return who recorded something on a day, as bulk rows need it."""
    from datetime import datetime, time

    return {
        "recorded_at": datetime.combine(day, time(16, 40)), "recorded_by": person["name"],
        "recorded_by_id": person.get("account_id") or "system",
    }  # fmt: skip


@demo_part(order=51)
def plans(world: World) -> None:
    """Give each treated child a plan of half a year, and the one before it where the child was here already."""
    parts: dict[type, list[dict[str, Any]]] = {RehabilitationPlan: [], PlannedTherapy: [], RehabilitationGoal: []}
    for index, child in enumerate(treated(world)):
        lead = _assessor(world, child, index)
        start = world.today.replace(day=1) - timedelta(days=world.random.choice((20, 50, 50, 80, 80, 110, 110, 140)))
        start = max(start.replace(day=1), child["admitted_on"] + timedelta(days=10))
        child["plan_id"], child["goal_ids"] = _plan(world, parts, child, lead, start, running=True)
        before = months_later(start, -6)
        if before > child["admitted_on"]:
            _plan(world, parts, child, lead, before, running=False)
    for kind, rows in parts.items():
        world.work.bulk(kind, rows)


def _plan(
    world: World, parts: dict[type, list[dict[str, Any]]], child: dict[str, Any], lead: dict[str, Any], start: date, *,
    running: bool,
) -> tuple[str, dict[str, list[str]]]:  # fmt: skip
    plan_id, end = new_id(), months_later(start, 6) - timedelta(days=1)
    condition = child["condition"]
    parts[RehabilitationPlan].append({
        "id": plan_id, "child_id": child["id"], "state": "approved" if running else "archived", "starts_on": start, "ends_on": end,
        "review_on": min(months_later(start, 3 if months_later(start, 3) >= world.today or not running else 6), end),
        "lead_id": lead["id"], "findings": FINDINGS[condition], "strengths": "喜欢与人互动，对音乐和水有兴趣",
        "methods": "；".join(METHODS[therapy] for therapy, _n, _form in programme(child) if therapy in METHODS),
        "at_home": "每天晨间护理时做关节被动活动10分钟；进食时保持端坐位", "heard": "孩子用笑声和手势表示喜欢水中活动；护理员希望练习自己吃饭",
        "contraindications": CONTRAINDICATIONS.get(condition) or None,
        "precautions": "移位须两人；训练中注意呼吸与面色" if condition.startswith("cp") else None,
        "outcome": None if running else "continued", "closed_on": None if running else end,
        "evaluation": None if running else "主要目标达到或接近达到，续订新计划", **recorded(lead, start - timedelta(days=2)),
    })  # fmt: skip
    goals: dict[str, list[str]] = {}
    for therapy, sessions, form in programme(child):
        parts[PlannedTherapy].append({
            "id": new_id(), "child_id": child["id"], "plan_id": plan_id, "therapy": therapy, "sessions_a_week": sessions,
            "minutes": 60 if form == "group" else 30, "form": form, "priority": 2, "method": METHODS.get(therapy),
            "therapist_id": None, "precautions": "移位须两人；踝足支具下站立" if therapy == "PT" and condition == "cp" else None,
            **recorded(lead, start - timedelta(days=2)),
        })  # fmt: skip
        goals[therapy] = _goals(world, parts[RehabilitationGoal], child, plan_id, therapy, (start, end), running)
    return plan_id, goals


def _goals(
    world: World, rows: list[dict[str, Any]], child: dict[str, Any], plan_id: str, therapy: str, span: tuple[date, date],
    running: bool,
) -> list[str]:  # fmt: skip
    start, end = span
    texts = world.random.sample(GOALS.get(therapy, ()), k=min(2, len(GOALS.get(therapy, ()))))
    made: list[str] = []
    for place, (text, baseline, criterion) in enumerate(texts):
        ratings = _ratings(world, start, min(end, world.today))
        last = ratings[-1][1] if ratings else None
        rows.append({
            "id": new_id(), "child_id": child["id"], "plan_id": plan_id, "parent_id": made[0] if place else None,
            "term": "short" if place else "long", "therapy": therapy, "text": text, "baseline": baseline, "criterion": criterion,
            "due_on": end if not place else months_later(start, 3), "weight": 2 - place, "first_rating": "-2",
            "rating": None if last is None else str(last), "rated_on": date.fromisoformat(ratings[-1][0]) if ratings else None,
            "ratings": ratings or None, "icf": ICF_OF.get(text), "gas_levels": _levels(baseline, criterion), "status": "active" if running and (last or 0) < 1 else "achieved",
            **recorded(_assessor(world, child, 0), start),
        })  # fmt: skip
        made.append(rows[-1]["id"])
    return made


def _levels(baseline: str, criterion: str) -> dict[str, str]:
    """What each rating of a goal means: from the baseline to more than the criterion."""
    return {
        "-2": baseline, "-1": "较基线有进步，仍需较多辅助", "0": criterion, "1": "超过标准，换环境偶需提示", "2": "换环境、换人也能独立完成",
    }  # fmt: skip


def _ratings(world: World, start: date, until: date) -> list[list[Any]]:
    found, rating = [], -2
    day = start + timedelta(days=28)
    while day <= until:
        rating = min(2, rating + world.random.choice((0, 0, 1, 1)))
        found.append([day.isoformat(), rating])
        day += timedelta(days=30)
    return found
