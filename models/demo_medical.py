"""The demo home's treatment 演示医疗记录: diagnoses, allergies, visits, orders with every dose, vaccinations."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from models.age import age_on, months_later
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_care import hash_of, recorded, someone
from models.dose_times import due_times, rhythm
from models.immunisation import VaccineDose
from models.medical import Allergy, Diagnosis, MedicalVisit
from models.medication import Dose, MedicationOrder
from models.placement import Placement
from models.stays import in_house_on, stays_of
from models.vaccine_programme import DEFAULT_OPTION, in_cohort, programme_on

DIAGNOSES: dict[str, tuple[tuple[str, str, str, list[str], str], ...]] = {
    "cp": (("脑性瘫痪（痉挛型双瘫）", "G80.1", "disability", [], ""),),
    "epilepsy": (("癫痫", "G40.9", "illness", ["seizures"], "侧卧、松开衣领、计时；超过5分钟拨打120并通知医生"),),
    "down": (("21-三体综合征", "Q90.9", "defect", [], ""),),
    "autism": (("孤独症谱系障碍", "F84.0", "disability", ["runs_away"], "外出一对一看护"),),
    "intellectual": (("智力发育障碍", "F79", "disability", [], ""),),
    "hearing": (("双侧感音神经性听力损失", "H90.3", "disability", [], ""),),
    "spina": (("脊柱裂术后", "Q05.9", "defect", ["pressure"], "每2小时翻身，查看骶尾部皮肤"),),
    "visual": (("先天性白内障术后", "Q12.0", "defect", [], ""),),
    "heart": (("先天性心脏病（室间隔缺损）", "Q21.0", "defect", ["heart"], "避免剧烈活动和哭闹；口唇发紫立即就医"),),
    "cleft": (("唇腭裂术后", "Q37.9", "defect", ["aspiration"], "坐位慢喂"),),
}
ALLERGIES = (
    ("青霉素", "medicine", "severe", "皮疹、呼吸急促"), ("鸡蛋", "food", "moderate", "口周红肿"), ("牛奶蛋白", "food", "moderate", "腹泻、湿疹"),
    ("头孢", "medicine", "moderate", "荨麻疹"), ("花生", "food", "anaphylaxis", "喉头水肿"), ("尘螨", "airborne", "mild", "鼻炎"),
    ("橡胶", "contact", "mild", "接触处发红"),
)  # fmt: skip
HOSPITALS = ("市儿童医院", "市第一人民医院", "市妇幼保健院", "市康复医院")
PRESCRIBER = "市儿童医院 周医生"
MINOR = {
    "cold": "上呼吸道感染",
    "flu": "流行性感冒",
    "stomach": "急性胃炎",
    "diarrhoea": "急性腹泻",
    "bronchitis": "支气管炎",
    "rash": "皮疹待查",
}
LONG_TERM: dict[str, tuple[tuple[str, str, float, str, str, str, str], ...]] = {
    "epilepsy": (("左乙拉西坦口服溶液", "100mg/mL", 3.0, "ml", "bid", "antiepileptic", ""), ("丙戊酸钠口服溶液", "40mg/mL", 5.0, "ml", "bid", "antiepileptic", "饭后服")),
    "cp": (("巴氯芬片", "10mg/片", 0.5, "tablet", "tid", "ordinary", "饭后服"),),
    "heart": (("地高辛口服溶液", "0.05mg/mL", 1.0, "ml", "bid", "heart", "服前测心率，<90次/分不服并报告"),),
    "down": (("左甲状腺素钠片", "50µg/片", 0.5, "tablet", "qd", "ordinary", "清晨空腹"),),
    "autism": (("利培酮口服液", "1mg/mL", 0.5, "ml", "qn", "psychotropic", ""),),
}  # fmt: skip
SHARE_TREATED = {"epilepsy": 1.0, "cp": 0.2, "heart": 0.5, "down": 0.35, "autism": 0.25}


@demo_part(order=44)
def diagnoses(world: World) -> None:
    """Write the diagnoses behind each child's condition, and the allergies of one child in eight."""
    found, allergies = [], []
    for index, child in enumerate([*world.children, *world.left]):
        day = child["admitted_on"] + timedelta(days=world.random.randint(1, 30))
        for condition in child["conditions"]:
            for name, icd, kind, risks, instructions in DIAGNOSES.get(condition, ()):
                found.append({
                    "id": new_id(), "child_id": child["id"], "name": name, "icd": icd, "kind": kind, "status": "chronic", "risks": risks or None,
                    "diagnosed_on": min(day, world.today), "diagnosed_by": world.random.choice(HOSPITALS), "instructions": instructions or None,
                    **recorded(world, "nurse", min(day, world.today)),
                })  # fmt: skip
        if index % 8 == 2:
            substance, kind, severity, reaction = world.random.choice(ALLERGIES)
            child["allergy"] = substance
            allergies.append({
                "id": new_id(), "child_id": child["id"], "substance": substance, "kind": kind, "severity": severity, "reaction": reaction,
                "known_since": min(day, world.today), "proof": "医院诊断", **recorded(world, "nurse", min(day, world.today)),
            })  # fmt: skip
    found += _isolated(world)
    world.work.bulk(Diagnosis, found)
    world.work.bulk(Allergy, allergies)


def _isolated(world: World) -> list[dict[str, Any]]:
    """One child has a catching illness just now."""
    here = [child for child in world.children if child["placement"] in ("residential", "household")]
    if not here:
        return []
    # Rather one who is not in treatment: a whole week's therapies would wait.
    here = [child for child in here if not child["rehabilitation"]] or here
    child, day = here[len(here) // 3], world.today - timedelta(days=2)
    return [{
        "id": new_id(), "child_id": child["id"], "name": "手足口病", "icd": "B08.4", "kind": "infection", "status": "confirmed", "risks": ["infection"],
        "diagnosed_on": day, "diagnosed_by": "本院医务室", "isolation_until": day + timedelta(days=10), "instructions": "观察室隔离，餐具单独消毒",
        **recorded(world, "nurse", day),
    }]  # fmt: skip


@demo_part(order=45)
def visits(world: World) -> None:
    """Write visits for illnesses, yearly checks, stays in hospital as the placements say, and what is planned."""
    rows: list[dict[str, Any]] = []
    for child in world.children:
        rows += _visits_for_illness(world, child)
        rows += _check_ups(world, child)
        if child["conditions"] and world.random.random() < 0.12:
            day = world.today + timedelta(days=world.random.randint(2, 25))
            rows.append(_visit(world, child, "outpatient", day, "专科复查", status="planned"))
    rows += _hospital_stays(world)
    world.work.bulk(MedicalVisit, rows)


def _visit(world: World, child: dict[str, Any], kind: str, day: date, reason: str, **more: Any) -> dict[str, Any]:
    at_home = kind == "round"
    return {
        "id": new_id(), "child_id": child["id"], "kind": kind, "status": "done", "starts_on": day, "reason": reason,
        "hospital": "本院医务室" if at_home else world.random.choice(HOSPITALS), "escort_id": None if at_home else someone(world, "caregiver", child["unit_id"] or ""),
        **more, **recorded(world, "nurse", min(day, world.today)),
    }  # fmt: skip


def _visits_for_illness(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    days = child.get("illnesses", {})
    starts = [day for day in days if day - timedelta(days=1) not in days and day < world.today]
    made = []
    for day in starts:
        name = MINOR[days[day][0]]
        if world.random.random() < 0.6:
            kind = "round" if world.random.random() < 0.65 else "outpatient"
            cost = None if kind == "round" else Decimal(world.random.randint(60, 420))
            made.append(
                _visit(
                    world,
                    child,
                    kind,
                    day,
                    days[day][1],
                    diagnosis=name,
                    treatment="对症处理，多饮水，观察体温",
                    cost=cost,
                )
            )
    return made


def _check_ups(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    day = world.first_day + timedelta(days=hash_of(child["born_on"]) % 330)
    if not child["admitted_on"] < day < world.today:
        return []
    return [
        _visit(
            world,
            child,
            "check_up",
            day,
            "年度健康体检",
            findings="心肺听诊未见异常，牙齿已查",
            treatment="继续康复训练",
        )
    ]


def _hospital_stays(world: World) -> list[dict[str, Any]]:
    """One inpatient record for each stretch in hospital that the placements know."""
    from sqlalchemy import select

    children = {child["id"]: child for child in world.children}
    made = []
    statement = select(Placement.child_id, Placement.starts_on, Placement.ends_on, Placement.place).where(
        Placement.kind == "hospital"
    )
    for row in world.work.execute(statement):
        child = children.get(row.child_id)
        if child:
            reason = "癫痫持续状态" if "epilepsy" in child["conditions"] else "支气管肺炎"
            made.append(_visit(world, child, "inpatient", row.starts_on, reason, hospital=row.place, ends_on=row.ends_on, diagnosis=reason,
                               status="done" if row.ends_on else "under_way", stay_days=max((row.ends_on - row.starts_on).days, 1) if row.ends_on else None))  # fmt: skip
    return made


# --- medicines ----------------------------------------------------------------------------------------


@demo_part(order=46)
def medicines(world: World) -> None:
    """Order what each condition needs and record every dose since; a few are refused, missed or vomited."""
    orders = [order for child in world.children for order in _orders_of(world, child)]
    world.work.bulk(MedicationOrder, [dict(order) for order in orders])
    stays = stays_of(world.work, [child["id"] for child in world.children], world.first_day, world.today)
    nurses = world.of_post("nurse") or world.staff
    rows: list[dict[str, Any]] = []
    for order in orders:
        rows += _doses_of(world, order, stays.get(order["child_id"], []), nurses)
        if len(rows) > 8000:
            world.work.bulk(Dose, rows)
            rows = []
    world.work.bulk(Dose, rows)


def _orders_of(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    since = max(world.first_day, child["admitted_on"])
    for condition in child["conditions"]:
        for medicine in LONG_TERM.get(condition, ())[: 1 + (hash_of(child["born_on"]) % 2)]:
            if world.random.random() < SHARE_TREATED.get(condition, 0):
                made.append(_order(world, child, medicine, since))
    if age_on(child["born_on"], world.today).years < 3:
        made.append(_order(world, child, ("维生素D滴剂", "400单位/粒", 1.0, "capsule", "qd", "ordinary", ""), since))
    for day in [day for day in child.get("illnesses", {}) if day - timedelta(days=1) not in child["illnesses"]]:
        if (
            child["illnesses"][day][0] in ("flu", "bronchitis")
            and day > world.today - timedelta(days=60)
            and day < world.today
        ):
            drug = "阿奇霉素干混悬剂" if child.get("allergy") in ("青霉素", "头孢") else "头孢克洛干混悬剂"
            medicine = (drug, "0.125g/袋", 1.0, "sachet", "tid" if "头孢" in drug else "qd", "ordinary", "饭后服")
            made.append(
                _order(
                    world,
                    child,
                    medicine,
                    day,
                    ends_on=day + timedelta(days=4),
                    reason=MINOR[child["illnesses"][day][0]],
                )
            )
    if world.random.random() < 0.15:
        made.append(_order(world, child, ("布洛芬混悬液", "20mg/mL", 5.0, "ml", "prn", "ordinary", "体温≥38.5℃时服"), since,
                           minimum_hours=6.0, maximum_a_day=4, reason="发热"))  # fmt: skip
    return made


def _order(
    world: World, child: dict[str, Any], medicine: tuple[str, str, float, str, str, str, str], since: date, **more: Any
) -> dict[str, Any]:
    drug, strength, dose, unit, frequency, watched, instructions = medicine
    return {
        "id": new_id(), "child_id": child["id"], "drug": drug, "strength": strength, "dose": dose, "dose_unit": unit, "route": "oral",
        "frequency": frequency, "starts_at": datetime.combine(since, time(6)), "prescriber": PRESCRIBER, "watched": watched,
        "double_check": watched == "heart", "instructions": instructions or None, "ends_on": None, **more, **recorded(world, "nurse", since),
    }  # fmt: skip


def _doses_of(
    world: World, order: dict[str, Any], stays: list[Any], nurses: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    random, when = world.random, rhythm(order["frequency"], None, order["starts_at"].date())
    until = datetime.combine(min(order["ends_on"] or world.today, world.today), time(23, 59))
    until = min(until, _recorded_until(world))
    rows = []
    for due in due_times(when, order["starts_at"], None, order["starts_at"], until):
        if stays and not in_house_on(stays, due.date()):
            continue
        if due.date() == world.today and random.random() < 0.1:
            continue
        giver = nurses[(hash_of(due.date()) + due.hour) % len(nurses)]
        chance = random.random()
        outcome = (
            "given" if chance < 0.975 else "refused" if chance < 0.988 else "missed" if chance < 0.995 else "repeated"
        )
        given_at = due + timedelta(minutes=random.randint(-12, 35)) if outcome in ("given", "repeated") else None
        checker = _second(world, giver) if order["double_check"] else None
        rows.append({
            "id": new_id(), "child_id": order["child_id"], "order_id": order["id"], "due_at": due, "outcome": outcome, "given_at": given_at,
            "amount": order["dose"] if given_at else None, "giver_id": giver["id"] if given_at else None,
            "checker_id": checker["id"] if checker and given_at else None, "reason": "外出未归" if outcome == "missed" else None,
            "recorded_at": (given_at or due) + timedelta(minutes=2), "recorded_by": giver["name"], "recorded_by_id": giver["account_id"] or giver["id"],
        })  # fmt: skip
    return rows


def _recorded_until(world: World) -> datetime:
    """The doses of this morning are recorded too, once the morning is over; the rest of the day waits for someone."""
    morning = datetime.combine(world.today, time(8, 20))
    return (
        morning if world.work.now >= datetime.combine(world.today, time(9)) else datetime.combine(world.today, time())
    )


def _second(world: World, giver: dict[str, Any]) -> dict[str, Any] | None:
    """Someone else who may check a dose."""
    others = [each for post in ("nurse", "doctor", "caregiver") for each in world.of_post(post) if each is not giver]
    return others[0] if others else None


# --- vaccinations -------------------------------------------------------------------------------------


@demo_part(order=47)
def vaccinations(world: World) -> None:
    """Vaccinate by age and by the programme of the day; one child in eight is behind with its latest doses."""
    rows: list[dict[str, Any]] = []
    for child in [*world.children, *world.left]:
        rows += _vaccinations_of(world, child)
    world.work.bulk(VaccineDose, rows)


def _vaccinations_of(world: World, child: dict[str, Any]) -> list[dict[str, Any]]:
    random, born = world.random, child["born_on"]
    last_day = child.get("left_on") or world.today
    delays: dict[int, int] = {}
    given: dict[str, list[date]] = {}
    rows = []
    for age, vaccine, series, interval in _wanted(child, last_day):
        delay = delays.setdefault(age, random.randint(0, 1) if age == 0 else random.randint(1, 18))
        day = months_later(born, age) + timedelta(days=delay)
        before = given.get(series, [])
        if before and interval:
            day = max(day, interval.after(before[-1]))
        if day >= last_day:
            continue
        given.setdefault(series, []).append(day)
        rows.append(_vaccination(world, child, vaccine, day, len(given[series])))
    rows.sort(key=lambda row: row["given_on"])
    behind = random.random() < 0.12 and len(rows) > 4
    return rows[: -random.randint(1, 2)] if behind else rows


def _wanted(child: dict[str, Any], last_day: date) -> list[tuple[int, str, str, Any]]:
    """The doses up to a day, each by the programme that was in force when it was due."""
    born, found = child["born_on"], []
    months = age_on(born, max(last_day, born)).in_months
    for age in range(months + 1):
        due = months_later(born, age)
        for rule in programme_on(max(due, date(2021, 1, 1))).rules:
            chosen = DEFAULT_OPTION.get(rule.series, rule.vaccine) == rule.vaccine
            if rule.due_age == age and chosen and in_cohort(rule.vaccine, born, child["sex"], last_day):
                found.append((age, rule.vaccine, rule.series, rule.interval))
    series_done = [each for each in found if each[2] != "DTP"]
    return sorted([*series_done, *[each for each in found if each[2] == "DTP"][:5]], key=lambda each: each[0])


def _vaccination(world: World, child: dict[str, Any], vaccine: str, day: date, number: int) -> dict[str, Any]:
    random = world.random
    before = day < child["admitted_on"]
    return {
        "id": new_id(), "child_id": child["id"], "vaccine": vaccine, "outcome": "given", "given_on": day, "dose_number": number,
        "batch": f"{day.year}{random.randint(10000, 99999)}", "clinic": "入院前接种（接种证转录）" if before else "南湖街道社区卫生服务中心",
        "site": "oral" if vaccine == "bOPV" else random.choice(["left_arm", "right_arm"]),
        "reaction": random.choices(["none", "local", "fever"], [95, 3, 2])[0], **recorded(world, "nurse", max(day, child["admitted_on"])),
    }  # fmt: skip
