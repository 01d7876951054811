"""How the demo home's children came: admissions with their papers, notices that run, placements, kept things."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from models.admission import Admission, AdmissionPaper, FamilySearchNotice
from models.admission_rules import notice_ends, notice_rule_for, papers_wanted
from models.age import months_later, years_on
from models.belongings import ChildPaper, KeepsakeItem, Sibling
from models.core.record import new_id
from models.demo import World, demo_part
from models.placement import Placement

CARRIED = ("红色小包被", "手写字条（出生年月）", "奶瓶和半袋奶粉", "银色手镯", "蓝色婴儿帽", "平安符")
CLOTHES = ("黄色连体衣、小棉被", "红色棉袄、尿不湿", "白色内衣、花布包被", "蓝色外套、布鞋")
PLACES = ("市人民医院门诊楼前", "火车站候车室", "本院门口", "派出所门前", "青河桥头", "城东菜市场")
SENDER_OF = {"A": "police", "B": "township", "C": "township", "D": "court", "E": "civil_affairs"}
NEWSPAPER = "《市日报》第{n}期"
AWAY = (
    ("hospital", "市儿童医院神经科", 6), ("hospital", "市第一人民医院呼吸科", 2), ("foster", "王桂芳家庭（南湖街道）", 400),
    ("foster", "李秀英家庭（新安镇）", 250), ("boarding", "市特殊教育学校", 80), ("boarding", "市职业技术学校", 80),
    ("adoption_trial", "收养申请家庭", 20), ("outside_care", "省儿童医院康复中心", 12),
)  # fmt: skip


@demo_part(order=30)
def admissions(world: World) -> None:
    """Write each child's admission form, approved for those who came long ago."""
    forms, papers, notices = [], [], []
    for child in [*world.children, *world.left]:
        form = _form(world, child)
        forms.append(form)
        papers += _papers(world, child, form)
        if child["category"] == "A":
            notices.append(_notice(world, child, form))
    world.work.bulk(Admission, forms)
    world.work.bulk(AdmissionPaper, papers)
    world.work.bulk(FamilySearchNotice, notices)


def _by(world: World, post: str, day: date) -> dict[str, Any]:
    """Who recorded it and when; the hour of the event and of the recording are never the same."""
    people = world.of_post(post)
    at = datetime.combine(min(day, world.today - timedelta(days=1)), time(16, world.random.randint(0, 59)))
    person = world.random.choice(people) if people else None
    if person is None:
        return {"recorded_at": at}
    return {"recorded_at": at, "recorded_by": person["name"], "recorded_by_id": person["account_id"] or person["id"]}


def _form(world: World, child: dict[str, Any]) -> dict[str, Any]:
    random, day = world.random, child["admitted_on"]
    foundling = child["category"] == "A"
    age_days = (world.today - day).days
    doctor, worker = (random.choice(world.of_post(post) or [{"id": None}]) for post in ("nurse", "social_worker"))
    at = datetime.combine(day, time(random.randint(8, 17), random.choice([5, 20, 35, 50])))
    return {
        "id": new_id(), "child_id": child["id"], "arrived_at": at, "category": child["category"], "custody": child["custody"],
        "situation": "abandoned" if foundling else None, "sender": SENDER_OF[child["category"]],
        "sender_detail": "城东派出所 民警两名护送" if foundling else "街道民政办工作人员护送",
        "found_at": at - timedelta(hours=random.randint(3, 40)) if foundling else None,
        "found_place": random.choice(PLACES) if foundling else None, "clothing": random.choice(CLOTHES) if foundling else None,
        "carried": random.choice(CARRIED) if foundling else None,
        "initial_health": random.choice(["一般情况可", "体重偏低，精神反应可", "皮肤黄染，已送检", "呼吸平稳，无发热"]),
        "received_medical_id": doctor["id"], "received_office_id": worker["id"],
        "observation_until": day + timedelta(days=14),
        "state": "submitted" if age_days < 20 else "reviewed" if age_days < 60 else "approved",
        **_by(world, "social_worker", day),
    }  # fmt: skip


def _papers(world: World, child: dict[str, Any], form: dict[str, Any]) -> list[dict[str, Any]]:
    """The checklist of the category; whoever came lately still lacks some, and one in thirty a single old paper."""
    day, made = child["admitted_on"], []
    for rule in papers_wanted(form["category"], form["situation"], max(day, date(2026, 4, 1))):
        due = day + timedelta(days=rule.due_days)
        missing = (world.today - day).days < 100 and world.random.random() < 0.25 or world.random.random() < 0.003
        received = None if missing else min(due, world.today - timedelta(days=1))
        made.append({
            "id": new_id(), "child_id": child["id"], "admission_id": form["id"], "paper": rule.code, "needed": rule.required,
            "due_on": due, "received_on": max(received, day) if received else None,
            "number": f"〔{day.year}〕{world.random.randint(1, 300)}号" if received and rule.code == "acceptance" else None,
            **_by(world, "social_worker", day),
        })  # fmt: skip
    return made


def _notice(world: World, child: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    published = min(child["admitted_on"] + timedelta(days=world.random.randint(2, 6)), world.today)
    rule = notice_rule_for(form["situation"], max(published, date(2016, 1, 1))) or "foundling60"
    ends = notice_ends(rule, published)
    over = ends < world.today - timedelta(days=3)
    return {
        "id": new_id(), "child_id": child["id"], "rule": rule, "media": ["newspaper"], "published_on": published, "ends_on": ends,
        "medium_detail": NEWSPAPER.format(n=world.random.randint(1000, 9000)), "result": "unclaimed" if over else "running",
        "result_on": ends + timedelta(days=1) if over else None,
        "text": f"儿童，{form['found_at']:%Y年%m月%d日}发现于{form['found_place']}，衣着：{form['clothing']}。知情者请与本院联系。",
        **_by(world, "social_worker", published),
    }  # fmt: skip


@demo_part(order=31)
def placements(world: World) -> None:
    """Write the stretches of each stay; a few children are in hospital, at school or with a family today."""
    away = iter(_who_is_away(world))
    absent = dict(zip([child["id"] for child in _candidates(world)], away, strict=False))
    rows = []
    for child in [*world.children, *world.left]:
        stretches = _stretches(world, child, absent.get(child["id"]))
        for (kind, starts, extra), following in zip(stretches, [*stretches[1:], None], strict=True):
            rows.append({
                "id": new_id(), "child_id": child["id"], "kind": kind, "starts_on": starts,
                "ends_on": following[1] if following else None, **extra, **_by(world, "social_worker", starts),
            })  # fmt: skip
    world.work.bulk(Placement, rows)
    _update_children(world)


def _who_is_away(world: World) -> list[tuple[str, str, int]]:
    return list(AWAY[: max(1, round(len(AWAY) * world.size / 120))])


def _candidates(world: World) -> list[dict[str, Any]]:
    """Those who may be away: long in the home; each away place takes one that fits it.

    Who is treated in the home stays there, but for the first of the list: that one's therapies wait for its return.
    """
    settled = [each for each in world.children if (world.today - each["admitted_on"]).days > 600]
    settled.sort(key=lambda each: bool(each["rehabilitation"]))
    treated = [each for each in settled if each["rehabilitation"]]
    chosen: list[dict[str, Any]] = []
    for kind, _place, _days in _who_is_away(world):
        among = settled if chosen else [*treated, *settled]
        fits = [each for each in among if each not in chosen and _fits(world, each, kind)]
        chosen += fits[:1] or [each for each in settled if each not in chosen][:1]
    return chosen


def _fits(world: World, child: dict[str, Any], kind: str) -> bool:
    age = years_on(child["born_on"], world.today)
    wanted = {"boarding": range(8, 21), "foster": range(3, 12), "adoption_trial": range(1, 8)}
    return age in wanted.get(kind, range(30))


def _stretches(
    world: World, child: dict[str, Any], away: tuple[str, str, int] | None
) -> list[tuple[str, date, dict[str, Any]]]:
    day, unit = child["admitted_on"], {"unit_id": child.get("unit_id")}
    settled = "household" if child["placement"] == "household" else "residential"
    stay: list[tuple[str, date, dict[str, Any]]] = [("temporary", day, unit)]
    formal = day + timedelta(days=world.random.randint(14, 40))
    if formal < world.today and (child.get("left_on") is None or formal < child["left_on"]):
        stay.append((settled, formal, unit))
    elif child["placement"] != "left":
        child["placement"] = "temporary"
    if away:
        kind, place, days = away
        back = world.today + timedelta(days=3) if kind in {"hospital", "outside_care"} else None
        stay.append((kind, world.today - timedelta(days=days), {**unit, "place": place, "expected_back_on": back}))
        child["placement"] = kind
    if child.get("left_on"):
        leaving = {
            "departure": child["departure"],
            "document": f"民函〔{child['left_on'].year}〕12号",
            "reason": "本人同意",
        }
        stay.append(("left", child["left_on"], leaving))
    return stay


def _update_children(world: World) -> None:
    from models.child import Child

    for child in world.children:
        row = world.work.get(Child, child["id"])
        if row and row.placement != child["placement"]:
            row.placement = child["placement"]
    world.work.flush()


@demo_part(order=32)
def belongings(world: World) -> None:
    """Papers with the days until which they are valid, things kept for later, and a few siblings."""
    rows = [paper for child in world.children for paper in _own_papers(world, child)]
    world.work.bulk(ChildPaper, rows)
    world.work.bulk(KeepsakeItem, [item for child in world.children for item in _kept(world, child)])
    world.work.bulk(Sibling, _siblings(world))


def _own_papers(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    day, age, made = child["admitted_on"], years_on(child["born_on"], world.today), []
    kinds = ["vaccination", "insurance"] + (["household"] if (world.today - day).days > 150 else [])
    for kind in kinds + (["id_card", "bank"] if age >= 16 else []):
        issued = max(day + timedelta(days=130), months_later(child["born_on"], 16 * 12)) if kind == "id_card" else day
        made.append({
            "id": new_id(), "child_id": child["id"], "kind": kind, "issued_on": min(issued, world.today - timedelta(days=1)),
            "valid_to": world.today + timedelta(days=world.random.randint(20, 1500)) if kind == "id_card" else None,
            "holder": "档案室", **_by(world, "archivist", day),
        })  # fmt: skip
    return made


def _kept(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    day, made = child["admitted_on"], []
    keepers = world.of_post("archivist") + world.of_post("finance")
    if child["category"] == "A" and keepers:
        made.append({"kind": "found", "name": world.random.choice(CARRIED), "received_on": day, "amount": None,
                     "keeper_id": keepers[0]["id"], "witness_id": None, "place": "档案室保险柜"})  # fmt: skip
    if years_on(child["born_on"], world.today) >= 16 and len(keepers) > 1:
        made.append({"kind": "passbook", "name": "个人存折", "received_on": day, "amount": Decimal(world.random.randint(20, 400) * 100),
                     "keeper_id": keepers[1]["id"], "witness_id": keepers[0]["id"], "place": "财务室"})  # fmt: skip
    return [{"id": new_id(), "child_id": child["id"], **item, **_by(world, "social_worker", day)} for item in made]


def _siblings(world: World) -> list[dict[str, Any]]:
    by_id = {each["id"]: each for each in world.children}
    made = []
    for other in world.children:
        one = by_id.get(other.get("sibling_id", ""))
        if one is None:
            continue
        relation = ("elder" if other["born_on"] < one["born_on"] else "younger") + (
            "_brother" if other["sex"] == "1" else "_sister"
        )
        made.append({
            "id": new_id(), "child_id": one["id"], "other_id": other["id"], "name": other["name"], "relation": relation,
            "together": True, "lives": None, **_by(world, "social_worker", one["admitted_on"]),
        })  # fmt: skip
    return made
