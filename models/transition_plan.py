"""The young people on their way out 成年安置: the cohort, one person's steps, and the acts upon them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from models.age import months_later
from models.child import Child
from models.core import queries, records
from models.core.database import Work
from models.core.settings import value
from models.placement import ADULT_DEPARTURES, Placement
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import COHORT_AGE, Done, Life, Planned, StepMark, marks, planned, rules_on
from models.transition_words import DOMAINS, HAND_OVER

AFTER_CARE_MONTHS = 37
"""So long after leaving a young adult stays in the cohort: until the last after-care contact is made."""
DRAFT_STATES = ("void", "superseded")


@dataclass(frozen=True)
class Readiness:
    """The latest rating of one domain, and the level before it."""

    domain: str
    level: int | None = None
    own: int | None = None
    target: int | None = None
    before: int | None = None
    rated_on: date | None = None
    evidence: str = ""


@dataclass(frozen=True)
class YoungPerson:
    """One young person with everything that page, drawing and paper need."""

    child_id: str
    name: str
    number: str
    born_on: date
    margin_months: int
    """How far the date of birth may be off, in months; 0 when it is known."""
    life: Life
    plan_id: str
    track: str
    worker: str
    steps: tuple[StepMark, ...]
    readiness: tuple[Readiness, ...]

    @property
    def adult_on(self) -> date:
        """The eighteenth birthday."""
        return self.life.adult_on

    def count(self, *statuses: str) -> int:
        """Count the steps in one of these states."""
        return sum(1 for step in self.steps if step.status in statuses)

    @property
    def level(self) -> float | None:
        """The mean of the rated domains, or None before the first rating."""
        levels = [each.level for each in self.readiness if each.level is not None]
        return sum(levels) / len(levels) if levels else None


def cohort(work: Work) -> list[YoungPerson]:
    """Return everyone from fourteen until after-care ends, by their eighteenth birthday."""
    return young_people(work, None)


def young_person(work: Work, child_id: str, as_of: date | None = None) -> YoungPerson | None:
    """Return one child's transition, at whatever age, as it stood on a day; None when the child may not be seen."""
    found = young_people(work, [child_id], as_of)
    return found[0] if found else None


def young_people(work: Work, child_ids: Sequence[str] | None, as_of: date | None = None) -> list[YoungPerson]:
    """Return the young people, or the asked children, by their eighteenth birthday."""
    statement = select(Child).where(Child.deleted_at.is_(None), Child.state != "void")
    if child_ids is None:
        statement = statement.where(Child.born_on <= months_later(work.today, -12 * COHORT_AGE))
    else:
        statement = statement.where(Child.id.in_(child_ids))
    children = list(work.scalars(statement))
    if child_ids is None:
        children = _of_the_cohort(work, children)
    people = _gather(work, children, as_of or work.today)
    return sorted(people, key=lambda person: (person.adult_on, person.number))


def _of_the_cohort(work: Work, children: list[Child]) -> list[Child]:
    """Leave out who left otherwise than as an adult, and whose after-care is over."""
    gone = select(Placement.child_id).where(
        Placement.kind == "left", Placement.departure.in_(ADULT_DEPARTURES),
        Placement.deleted_at.is_(None), Placement.state != "void",
    )  # fmt: skip
    adults = set(work.scalars(gone))
    oldest = months_later(work.today, -AFTER_CARE_MONTHS)

    def belongs(child: Child) -> bool:
        return child.left_on is None or (child.id in adults and child.left_on >= oldest)

    return [child for child in children if belongs(child)]


def _gather(work: Work, children: list[Child], today: date) -> list[YoungPerson]:
    ids = [child.id for child in children]
    plans = {plan.child_id: plan for plan in _of(work, TransitionPlan, ids)}
    workers = queries.titles(work, "staff", [plan.worker_id for plan in plans.values()])
    acts = _acts(work, ids, plans)
    ratings = _ratings(work, ids, today)
    rules = rules_on(today, value(work, "home_region"))
    found = []
    for child in children:
        plan = plans.get(child.id)
        life = life_of(child, plan)
        steps = planned(life, rules)
        done = {**_rated(steps, ratings[child.id]), **_until(acts[child.id], today)}
        found.append(
            YoungPerson(
                child.id,
                child.name,
                child.number,
                child.born_on,
                (child.birth_margin_months or 6) if child.birth_estimated else 0,
                life,
                plan.id if plan else "",
                plan.track if plan else "",
                workers.get(plan.worker_id or "", "") if plan else "",
                marks(steps, done, today),
                readiness_of(ratings[child.id]),
            )  # fmt: skip
        )
    return found


def life_of(child: Child, plan: TransitionPlan | None) -> Life:
    """Return what the dates depend on, from the child's file and the plan."""
    return Life(
        child.born_on, bool(plan and plan.studying), plan.school_ends_on if plan else None,
        bool(plan and plan.dependent), child.left_on, child.admitted_on,
    )  # fmt: skip


def _of(work: Work, kind: Any, ids: Sequence[str]) -> Iterable[Any]:
    statement = select(kind).where(kind.child_id.in_(ids), kind.deleted_at.is_(None), kind.state.not_in(DRAFT_STATES))
    return work.scalars(statement.order_by(kind.id))


def _acts(work: Work, ids: Sequence[str], plans: dict[str, TransitionPlan]) -> defaultdict[str, dict[str, Done]]:
    """What was done about the steps: from the records that prove it, and from steps ticked off by hand."""
    found: defaultdict[str, dict[str, Done]] = defaultdict(dict)
    for plan in plans.values():
        found[plan.child_id] |= dict(_proved_by_plan(plan))
    for child_id, done in _handed_over(work, ids).items():
        found[child_id]["handover"] = done
    for contact in _of(work, AfterCareContact, ids):
        if contact.step:
            found[contact.child_id].setdefault(contact.step, Done(contact.at.date(), contact.summary()))
    for step in _of(work, TransitionStep, ids):
        if step.open:
            known = found[step.child_id].get(step.code, Done(None))
            found[step.child_id][step.code] = Done(known.done_on, known.result, known.not_needed, step.id)
        else:
            found[step.child_id][step.code] = Done(
                step.done_on, step.not_needed_reason or step.result or "", bool(step.not_needed), step.id
            )
    return found


def _proved_by_plan(plan: TransitionPlan) -> Iterator[tuple[str, Done]]:
    proofs = (("open_plan", plan.opened_on), ("assessment", plan.assessed_on), ("assessment_school", plan.assessed_on),
              ("own_view", plan.signed_on), ("approval", plan.approved_on))  # fmt: skip
    for code, day in proofs:
        if day is not None:
            yield code, Done(day, plan.approval_number or "" if code == "approval" else "")


def _handed_over(work: Work, ids: Sequence[str]) -> dict[str, Done]:
    """The children whose whole hand-over list is settled, with the day of the last item."""
    items: defaultdict[str, list[HandOverItem]] = defaultdict(list)
    for item in _of(work, HandOverItem, ids):
        items[item.child_id].append(item)
    found = {}
    for child_id, listed in items.items():
        given = [item.given_on for item in listed if item.given_on]
        if given and all(item.given_on or item.not_needed for item in listed):
            found[child_id] = Done(max(given))
    return found


def _until(acts: dict[str, Done], today: date) -> dict[str, Done]:
    """What had been done by a day."""
    return {code: act for code, act in acts.items() if act.done_on is None or act.done_on <= today}


def _ratings(work: Work, ids: Sequence[str], today: date) -> defaultdict[str, list[ReadinessRating]]:
    found: defaultdict[str, list[ReadinessRating]] = defaultdict(list)
    for rating in sorted(_of(work, ReadinessRating, ids), key=lambda each: (each.rated_on, each.id)):
        if rating.rated_on <= today:
            found[rating.child_id].append(rating)
    return found


def _rated(steps: list[Planned], ratings: list[ReadinessRating]) -> dict[str, Done]:
    """Yearly assessments count as done on the day on which three quarters of the domains were rated."""
    yearly = [step for step in steps if step.code == "baseline" or step.code.startswith("review")]
    found = {}
    for index, step in enumerate(yearly):
        until = yearly[index + 1].window.opens if index + 1 < len(yearly) else date.max
        seen: set[str] = set()
        for rating in ratings:
            if step.window.opens <= rating.rated_on < until:
                seen.add(rating.domain)
                if len(seen) * 4 >= len(DOMAINS.codes) * 3:
                    found[step.code] = Done(rating.rated_on)
                    break
    return found


def readiness_of(ratings: Sequence[ReadinessRating]) -> tuple[Readiness, ...]:
    """Return the latest rating of every domain in the order of the list; unrated ones stay empty."""
    by_domain: defaultdict[str, list[ReadinessRating]] = defaultdict(list)
    for rating in ratings:
        by_domain[rating.domain].append(rating)
    return tuple(_latest(code.code, by_domain[code.code]) for code in DOMAINS)


def _latest(domain: str, ratings: list[ReadinessRating]) -> Readiness:
    if not ratings:
        return Readiness(domain)
    last = ratings[-1]
    before = ratings[-2].staff_level if len(ratings) > 1 else None
    own = next((each.own_level for each in reversed(ratings) if each.own_level is not None), None)
    return Readiness(domain, last.staff_level, own, last.target_level, before, last.rated_on, last.evidence or "")


# Acts


def save_plan(work: Work, child_id: str, values: dict[str, Any], **how: Any) -> str:
    """Save a child's plan and lay its steps out anew; return the plan's id."""
    plan_id = records.save(work, TransitionPlan, {"child_id": child_id, **values}, **how)
    lay_out(work, child_id)
    return plan_id


def lay_out(work: Work, child_id: str) -> int:
    """Write the steps of one young person down with their dates, so that lists and exports have them; return how many changed.

    Steps that are done or not needed keep the dates under which that happened.
    """
    child = queries.load(work, Child, child_id)
    plan = next(iter(_of(work, TransitionPlan, [child_id])), None)
    kept = {step.code: step for step in _of(work, TransitionStep, [child_id])}
    changed = 0
    for step in planned(life_of(child, plan), rules_on(work.today, value(work, "home_region"))):
        old = kept.pop(step.code, None)
        values = {"opens_on": step.window.opens, "due_on": step.window.due, "statutory": step.statutory,
                  "source": step.source[:200] if step.statutory else ""}  # fmt: skip
        if old is None:
            records.save(work, TransitionStep, {"child_id": child_id, "code": step.code, **values})
        elif old.open and any(getattr(old, name) != each for name, each in values.items()):
            records.save(work, TransitionStep, values, id=old.id)
        else:
            continue
        changed += 1
    for old in kept.values():
        if old.open:
            records.put_in_bin(work, TransitionStep, old.id)
            changed += 1
    return changed


def settle(work: Work, child_id: str, code: str, **values: Any) -> str:
    """Note that a step was done (``done_on``, ``result``) or is not needed (``not_needed``, its reason)."""
    known = next((each for each in _of(work, TransitionStep, [child_id]) if each.code == code), None)
    if known is None:
        lay_out(work, child_id)
        known = next(each for each in _of(work, TransitionStep, [child_id]) if each.code == code)
    return records.save(work, TransitionStep, values, id=known.id)


def rate(work: Work, child_id: str, rated_on: date, levels: dict[str, dict[str, Any]]) -> int:
    """Save the ratings of several domains at once and return how many."""
    for domain, values in levels.items():
        records.save(work, ReadinessRating, {"child_id": child_id, "domain": domain, "rated_on": rated_on, **values})
    return len(levels)


def start_hand_over(work: Work, child_id: str) -> int:
    """Put every usual item on a child's hand-over list that is not there yet and return how many."""
    have = {item.kind for item in _of(work, HandOverItem, [child_id])}
    missing = [code.code for code in HAND_OVER if code.code not in have]
    for kind in missing:
        records.save(work, HandOverItem, {"child_id": child_id, "kind": kind})
    return len(missing)
