"""The demo home's social work and allowances 演示福利院·社工与基本生活费."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from models.allowances import AllowanceEntitlement, AllowanceRate, Facts, amount_of, decide, month_of, rules_on
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_safety import signed
from models.month import Month
from models.social_work import ContactNote, CounsellingNote, SocialCase
from resources import table

CASES = (
    ("admission", "入院适应与依恋建立", "入院初期夜间易醒，需要固定照料人", "建立安全依恋，三个月内情绪平稳", "home"),
    ("family", "寻亲与亲属联系", "有线索待核实，需与公安、街道沟通", "查清亲属情况，形成书面结论", "reunion"),
    ("placement", "家庭寄养前评估", "适合家庭环境，沟通能力逐步提高", "完成寄养前评估并匹配家庭", "foster"),
    ("placement", "收养意向匹配", "健康状况已披露，需做心理准备", "完成收养前准备", "adoption"),
    ("behaviour", "情绪与行为支持", "遇到变化易哭闹、自伤", "学会用图片表达，减少自伤次数", "home"),
    ("school", "随班就读适应", "课堂跟不上，同伴少", "与学校共同制定支持措施", "home"),
    ("transition", "成年安置准备", "生活技能参差，缺少社会经验", "完成技能训练和安置方案", "independence"),
)
STAGES = ("assessment", "planning", "intervention", "intervention", "evaluation", "follow_up")
PURPOSES = (
    ("talk", "儿童本人", "了解近期心情和愿望", "愿意说话，情绪平稳", 30),
    ("telephone", "班主任", "了解在校表现", "上课参与增加，作业需提醒", 15),
    ("activity", "儿童本人", "户外活动陪伴", "主动要求再来一次", 60),
    ("meeting", "护理、康复、教育", "个案会议", "统一照料要点，明确分工", 50),
    ("visit", "寄养家庭", "家访", "居住环境整洁，互动良好", 70),
    ("authority", "街道民政办", "核实户籍材料", "材料补齐，等待答复", 20),
    ("family", "外祖母", "亲属探视陪同", "见面顺利，约定下月再来", 45),
)
WORDS = (
    "想去看火车",
    "喜欢和小满一起画画",
    "不想换班",
    "想吃草莓蛋糕",
    "用图卡选了“回家”",
    "想学骑车",
    "晚上怕黑，想开小灯",
)


@demo_part(order=65)
def social_cases(world: World) -> None:
    """Open a case for about a third of the children, with contacts every few weeks."""
    workers = world.of_post("social_worker") or world.of_post("director")
    chosen = world.random.sample(world.children, k=min(len(world.children), max(3, len(world.children) // 3)))
    cases = [_case(world, child, world.random.choice(workers)) for child in chosen]
    world.work.bulk(SocialCase, cases)
    names = {worker["id"]: worker for worker in workers}
    notes = [note for case in cases for note in _contacts(world, case, names[case["worker_id"]])]
    world.work.bulk(ContactNote, notes)
    _counselling(world, cases, names)


def _case(world: World, child: dict[str, Any], worker: dict[str, Any]) -> dict[str, Any]:
    random = world.random
    older = (world.today - child["born_on"]).days > 15 * 365
    kind, subject, needs, aims, permanence = random.choice(CASES[:-1]) if not older else CASES[-1]
    opened = max(child["admitted_on"], world.today - timedelta(days=random.randint(20, 300)))
    runaway = "autism" in child.get("conditions", ()) and random.random() < 0.4
    return {
        "id": new_id(), "child_id": child["id"], "kind": kind, "subject": subject, "stage": random.choice(STAGES),
        "opened_on": opened, "worker_id": worker["id"], "source": random.choice(("班组", "学校", "医务室", "院务会")),
        "review_on": world.today + timedelta(days=random.randint(-6, 70)), "needs": needs, "aims": aims,
        "plan": "每两周一次面谈，每月与照料人沟通一次", "permanence": permanence,
        "asked": random.choice(("talk", "pictures", "observed")), "child_view": random.choice(WORDS),
        "runaway": "high" if runaway else "none", "self_harm": "medium" if kind == "behaviour" else "none",
        "risk_plan": "出入佩戴定位卡，外出一对一" if runaway else None,
        "recorded_at": datetime.combine(opened, time(10, 15)), **signed(worker),
    }  # fmt: skip


def _contacts(world: World, case: dict[str, Any], worker: dict[str, Any]) -> list[dict[str, Any]]:
    random, day, found = world.random, case["opened_on"] + timedelta(days=3), []
    while day < world.today:
        way, whom, purpose, result, minutes = random.choice(PURPOSES)
        at = datetime.combine(day, time(random.randint(9, 17), random.choice((0, 15, 30, 45))))
        later = day + timedelta(days=random.randint(14, 35))
        found.append({
            "id": new_id(), "child_id": case["child_id"], "case_id": case["id"], "at": at, "minutes": minutes, "way": way,
            "with_whom": whom, "worker_id": worker["id"], "purpose": purpose, "result": result,
            "child_words": random.choice(WORDS) if whom == "儿童本人" else None, "next_step": purpose,
            "next_on": later, "recorded_at": at + timedelta(hours=1), **signed(worker),
        })  # fmt: skip
        day = later + timedelta(days=random.choice((0, 0, 1, 3)))
    return found


def _counselling(world: World, cases: list[dict[str, Any]], workers: dict[str, dict[str, Any]]) -> None:
    """Write a few counselling notes; their author alone reads them."""
    signing = next((each for each in workers.values() if each["account_id"]), next(iter(workers.values())))
    rows = []
    for case in [each for each in cases if each["kind"] in {"behaviour", "transition"}][:6]:
        at = datetime.combine(world.today - timedelta(days=world.random.randint(3, 40)), time(15, 30))
        rows.append({
            "id": new_id(), "sealed": True, "child_id": case["child_id"], "at": at, "minutes": 45,
            "occasion": "情绪支持", "consent": "本人口头同意，已说明保密及例外", "content": "谈到对离开的担心，用沙盘表达想法。",
            "judgement": "焦虑程度轻至中等，支持资源尚可", "risk": "low", "next_on": world.today + timedelta(days=5),
            "recorded_at": at + timedelta(hours=1), **signed(signing),
        })  # fmt: skip
    world.work.bulk(CounsellingNote, rows)


# Allowances

OWN_RATES = (("special", "institution", "1180.00", "本院所在地特困供养标准（示例）"),)


@demo_part(order=70)
def allowances(world: World) -> None:
    """Take over the rates of Anhui, and pay every month of the demo; the present month is still open."""
    officer = (world.of_post("finance") or world.of_post("director"))[0]
    rates = _rates(world, officer)
    world.work.bulk(AllowanceRate, rates)
    amounts = {(rate["category"], rate["mode"]): rate["amount"] for rate in rates}
    month, this, rows = month_of(world.first_day), month_of(world.today), []
    while month <= this:
        rows += [
            line
            for child in [*world.children, *world.left]
            if (line := _entitlement(child, month, this, amounts, officer)) is not None
        ]
        month = month.next()
    world.work.bulk(AllowanceEntitlement, rows)


def _rates(world: World, officer: dict[str, Any]) -> list[dict[str, Any]]:
    known = [row for row in table("allowance_rates.csv") if row["region"] == "34"]
    rates = [(row["category"], row["mode"], row["monthly_amount"], row["source"], row["region_zh"]) for row in known]
    rates += [(*own, "") for own in OWN_RATES]
    return [
        {
            "id": new_id(), "category": category, "mode": mode, "amount": Decimal(amount), "region": region,
            "effective_from": date(2024, 1, 1), "source": source, "recorded_at": datetime(2024, 1, 5, 9, 0), **signed(officer),
        }
        for category, mode, amount, source, region in rates
    ]  # fmt: skip


def _entitlement(
    child: dict[str, Any], month: Month, this: Month, amounts: dict[tuple[str, str], Decimal], officer: dict[str, Any]
) -> dict[str, Any] | None:
    rules = rules_on(month.first)
    facts = Facts(
        child["born_on"], child["admitted_on"], child.get("left_on"), temporary=child["custody"].startswith("T")
    )
    decision = decide(facts, month, rules)
    category = rules.category_of(child["category"])
    standard = amounts.get((category, "institution"))
    if not decision.entitled or standard is None:
        return None
    closed = month < this
    return {
        "id": new_id(), "child_id": child["id"], "month": str(month), "kind": "regular", "category": category,
        "mode": "institution", "standard": standard, "days": decision.days,
        "amount": amount_of(standard, decision, month, rules), "reason": decision.reason or None,
        "batch": f"{month.year}{month.month:02d}-01" if closed else None,
        "paid_on": month.first.replace(day=27) if closed else None, "state": "approved" if closed else "draft",
        "slot": f"{child['id']}:{month}", "recorded_at": datetime.combine(month.first.replace(day=20), time(10, 0)),
        **signed(officer),
    }  # fmt: skip
