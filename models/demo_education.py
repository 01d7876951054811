"""The demo home's education 演示教育: schools, IEP goals with their reviews, attendance in class — all invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.age import months_later, years_on
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_rehabilitation import recorded
from models.education import ClassAttendance, IepGoal, Schooling, TermReview
from models.holidays import day_kind
from models.month import Month
from models.school_terms import Term, term_of

KEEPS_UP = {"", "heart", "cleft", "hearing", "spina"}
SCHOOLS = {
    "kindergarten": ("111", "市中心幼儿园"), "ordinary": ("211", "青河路小学"), "middle": ("311", "市第三中学"),
    "special": ("51", "市特殊教育学校"), "in_house": ("51", "本院特教班"), "vocational": ("361", "市职业技术学校"),
}  # fmt: skip
IEP: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "language": (("能用两词句表达需要", "用单词或手势表达", "每天主动表达5次", "用图片要水和食物"),
                 ("能回答“谁”“哪里”的问题", "只回答是或不是", "10次中有8次", "看图回答“是谁”")),
    "self_care": (("能独立完成如厕", "需提醒和帮助整理衣裤", "连续5天无提醒", "听到提醒后自己去厕所"),
                  ("能独立穿脱外套", "能脱不能穿", "每天2次，连续5天", "能拉上拉链")),
    "cognition": (("能点数10以内的物品", "能唱数到10，点数到3", "10次中有9次", "手口一致点数到5"),
                  ("能按两个条件分类", "能按颜色分类", "10次中有8次", "按形状分类")),
    "social": (("能在集体课中轮流等待", "等待不到1分钟", "每节课3次", "等待3分钟"),),
    "fine_motor": (("能用剪刀沿直线剪10厘米", "能握剪刀剪碎", "5次中有4次", "连续剪3刀"),),
    "gross_motor": (("能跟随口令做完一套操", "完成三分之一", "每周3次", "完成一半"),),
}  # fmt: skip


@demo_part(order=55)
def schooling(world: World) -> None:
    """Send the children to school by age and ability."""
    teachers = world.of_post("teacher") or world.staff
    rows = []
    for index, child in enumerate(world.children):
        kind = school_kind(child, years_on(child["born_on"], world.today))
        if kind is None:
            continue
        child["school_kind"] = kind
        rows.append(_enrolment(world, child, kind, teachers[index % len(teachers)]))
    world.work.bulk(Schooling, rows)


def school_kind(child: dict[str, Any], age: int) -> str | None:
    """Return the kind of school a child goes to by age and ability; None for the small and the grown."""
    if age < 3 or (age >= 18 and not child["condition"]):
        return None
    if child["condition"] in KEEPS_UP:
        return "kindergarten" if age < 6 else "ordinary" if age < 12 else "middle" if age < 15 else "vocational"
    if child["condition"] == "cp_epilepsy" and age >= 6:
        return "in_house"
    return "in_house" if age < 7 else "special"


def _enrolment(world: World, child: dict[str, Any], kind: str, teacher: dict[str, Any]) -> dict[str, Any]:
    age = years_on(child["born_on"], world.today)
    stage, school = SCHOOLS[kind]
    years = max(0, age - {"kindergarten": 3, "ordinary": 6, "middle": 12, "vocational": 15}.get(kind, 6))
    start = max(date(term_of(world.today).year - years, 9, 1), child["admitted_on"])
    grade = {"ordinary": years + 1, "middle": years + 7, "vocational": years + 1}.get(kind)
    known = {"middle": "ordinary"}.get(kind, kind)
    number = f"L{child['number'].replace('-', '')}{age:02d}"
    return {
        "id": new_id(), "child_id": child["id"], "school": school, "stage": stage, "kind": known, "grade": grade,
        "class_name": f"（{world.random.randint(1, 4)}）班", "student_number": number if age >= 6 else None,
        "class_teacher": world.random.choice(("陈老师", "刘老师", "赵老师", "何老师")), "starts_on": start,
        "teacher_id": teacher["id"], "has_iep": kind in ("special", "in_house"),
        "supports": "前排就座，任务分小步，图片提示" if kind in ("special", "in_house") else None,
        **recorded(teacher, max(start, world.first_day)),
    }  # fmt: skip


@demo_part(order=56)
def iep(world: World) -> None:
    """Give children with special teaching goals for the school year, and review those of the last term."""
    goals: list[dict[str, Any]] = []
    reviews: list[dict[str, Any]] = []
    teachers = world.of_post("teacher") or world.staff
    for index, child in enumerate(
        each for each in world.children if each.get("school_kind") in ("special", "in_house")
    ):
        teacher = teachers[index % len(teachers)]
        term = term_of(world.today)
        last = Term(term.year, 1) if term.number == 2 else Term(term.year - 1, 2)
        for domain in world.random.sample(sorted(IEP), k=3):
            for year in (term.year - 1, term.year):
                _year(world, child, teacher, (domain, year), goals, reviews, last)
    world.work.bulk(IepGoal, goals)
    world.work.bulk(TermReview, reviews)


def _year(
    world: World, child: dict[str, Any], teacher: dict[str, Any], what: tuple[str, int], goals: list[dict[str, Any]],
    reviews: list[dict[str, Any]], last: Term,
) -> None:  # fmt: skip
    domain, year = what
    start, due = date(year, 9, 8), date(year + 1, 7, 5)
    if child["admitted_on"] > start or start > world.today:
        return
    texts = IEP[domain]
    text, level, criterion, short = texts[year % len(texts)]
    past = due < world.today
    reached = world.random.choice((60, 80, 100)) if past else world.random.choice((20, 35, 50, 65))
    annual = {
        "id": new_id(), "child_id": child["id"], "domain": domain, "term": "annual", "text": text, "present_level": level,
        "criterion": criterion, "responsible_id": teacher["id"], "starts_on": start, "due_on": due, "progress": reached,
        "status": "mastered" if past and reached == 100 else "changed" if past else "active", "parent_id": None,
        "services": "每周个别训练2次", **recorded(teacher, start),
    }  # fmt: skip
    goals.append(annual)
    goals.append({**annual, "id": new_id(), "term": "short", "text": short, "parent_id": annual["id"],
                  "due_on": months_later(start, 4), "progress": min(100, reached + 20),
                  "status": "mastered" if past or reached > 50 else "active"})  # fmt: skip
    for term in (Term(year, 1), Term(year, 2)):
        if term.last < world.today and term <= last and (term != last or world.random.random() < 0.92):
            day = term.last - timedelta(days=world.random.randint(18, 30))
            reviews.append({
                "id": new_id(), "child_id": child["id"], "goal_id": annual["id"], "school_term": term.code,
                "reviewed_on": day, "rating": world.random.choice("1223334"), "reviewer_id": teacher["id"],
                "evidence": world.random.choice(("课堂观察5次，3次独立完成", "在提示下能完成", "已能在班组生活中使用", "情绪影响表现，需继续")),
                "next_step": world.random.choice(("减少提示，扩大到班组生活", "继续原目标", "提高难度")),
                "present": "班主任、特教教师、康复治疗师、护理员", **recorded(teacher, day),
            })  # fmt: skip


@demo_part(order=57)
def attendance(world: World) -> None:
    """Count each pupil's days in class month by month."""
    rows = []
    teachers = world.of_post("teacher") or world.staff
    pupils = [child for child in world.children if child.get("school_kind")]
    month = Month(world.first_day.year, world.first_day.month)
    while month.last < world.today:
        days = _school_days(month)
        for index, child in enumerate(pupils if days else ()):
            if child["admitted_on"] >= month.first:
                continue
            ill = world.random.choices((0, 1, 2, 4), (10, 4, 2, 1))[0]
            therapy = world.random.choice((0, 0, 1)) if child["rehabilitation"] else 0
            ill, therapy = min(ill, days), min(therapy, max(0, days - ill))
            rows.append({
                "id": new_id(), "child_id": child["id"], "month": month.first, "school_days": days,
                "present_days": days - ill - therapy, "ill_days": ill or None, "therapy_days": therapy or None,
                **recorded(teachers[index % len(teachers)], month.last),
            })  # fmt: skip
        month = month.next()
    world.work.bulk(ClassAttendance, rows)


def _school_days(month: Month) -> int:
    """School days of a month without the long holidays (mid-January to February, July and August)."""
    days = [month.first + timedelta(days=count) for count in range(month.days)]
    teaching = [day for day in days if day.month not in (7, 8) and not (day.month == 2 and day.day < 24)]
    return sum(day_kind(day).open for day in teaching if not (day.month == 1 and day.day > 18))
