"""What a sentence means in this home 预约语句与本院: its names, what the child's plan supplies, and every day judged.

The grammar is pure (:mod:`models.scheduling.sentence`); here it meets the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select

from models.child import Child
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.search import fold
from models.rehabilitation_file import plan_on, plan_sheet
from models.rooms import Room
from models.scheduling.booking import Wish
from models.scheduling.occupancy import conflicts
from models.scheduling.recurrence import LONGEST, week_of
from models.scheduling.sentence import Asked, Name, Vocabulary
from models.scheduling.series import Planned, Series, plan_series
from models.scheduling.week import Need, needs_of, therapists
from models.staff import Staff
from models.therapies import SKILL_OF
from resources import _

USUAL_MINUTES = 30
USUAL_WEEKS = 12
"""How long a session lasts, and a series at most, where neither sentence nor plan says it."""


def vocabulary(work: Work) -> Vocabulary:
    """Return the names a person may use: the children entrusted who live here or are served, therapists, open rooms."""
    from models.outreach import served_on
    from models.placement import living_here

    found: list[Name] = []
    known = or_(living_here(), served_on(work.today))
    children = select(Child.id, Child.name, Child.search_text).where(Child.deleted_at.is_(None), known)
    found += [Name("child", each.id, each.name, _keys(each.search_text)) for each in work.execute(children)]
    treating = {key for key, _name in therapists(work)}
    staff = select(Staff.id, Staff.name, Staff.search_text).where(Staff.id.in_(treating))
    found += [Name("therapist", each.id, each.name, _keys(each.search_text)) for each in work.execute(staff)]
    rooms = select(Room.id, Room.name, Room.search_text).where(Room.deleted_at.is_(None), Room.closed.is_not(True))
    found += [Name("room", each.id, each.name, _keys(each.search_text)) for each in work.execute(rooms)]
    return Vocabulary(tuple(found))


def _keys(search_text: str) -> frozenset[str]:
    """Return the pinyin, initials and numbers under which a record is found, at least two characters each."""
    return frozenset(word for word in fold(search_text or "").split() if len(word) > 1 and word.isascii())


def completed(work: Work, asked: Asked, staff_id: str = "") -> tuple[Asked, tuple[str, ...]]:
    """Fill in what the sentence leaves open from the child's plan, and say what was filled in.

    Therapy, length and therapist come from what the plan still lacks this week, the room from what the therapy needs;
    a series without an end lasts as long as the plan, at most twelve weeks.
    """
    whole = asked
    day = asked.day or work.today
    needs = needs_of(work, asked.children[0], week_of(day)[0]) if asked.children else []
    need = _need(needs, asked.therapy)
    if not whole.therapy and need:
        whole = replace(whole, therapy=need.therapy)
    if not whole.therapist:
        whole = replace(whole, therapist=(need.therapist_id if need else "") or _able(work, staff_id, whole.therapy))
    if not whole.minutes:
        whole = replace(whole, minutes=need.minutes if need else USUAL_MINUTES)
    if not whole.room and whole.therapy:
        whole = replace(whole, room=_fitting_room(work, whole.therapy))
    if whole.every and not whole.last and not whole.count and whole.children:
        whole = replace(whole, last=_end_of_plan(work, whole.children[0], day))
    filled = [name for name in ("therapy", "therapist", "minutes", "room", "last") if getattr(whole, name) != getattr(asked, name)]  # fmt: skip
    return whole, tuple(filled)


def _need(needs: Sequence[Need], therapy: str) -> Need | None:
    """The plan's need that is meant: of the named therapy; without one the only one, or the only one still lacking."""
    if therapy:
        return next((need for need in needs if need.therapy == therapy), None)
    lacking = [need for need in needs if need.missing]
    return needs[0] if len(needs) == 1 else lacking[0] if len(lacking) == 1 else None


def _able(work: Work, staff_id: str, therapy: str) -> str:
    """The person at the screen, where that is a therapist who can give the therapy."""
    skills = work.scalar(select(Staff.skills).where(Staff.id == staff_id)) if staff_id else None
    return staff_id if skills and SKILL_OF.get(therapy, "") in skills else ""


def _fitting_room(work: Work, therapy: str) -> str:
    rooms = select(Room.id, Room.skills).where(Room.deleted_at.is_(None), Room.closed.is_not(True)).order_by(Room.name)
    skill = SKILL_OF.get(therapy, "")
    return next((each.id for each in work.execute(rooms) if skill in (each.skills or ())), "")


def _end_of_plan(work: Work, child_id: str, day: date) -> date:
    latest = day + timedelta(weeks=USUAL_WEEKS)
    plan_id = plan_on(work, child_id, day)
    return max(day, min(latest, plan_sheet(work, plan_id).ends_on)) if plan_id else latest


def lacking(asked: Asked) -> tuple[str, ...]:
    """Return what is still needed to book: kinds of pieces in the order in which people say them."""
    lacks = {
        "child": not asked.children, "day": asked.day is None and not asked.weekdays, "time": asked.start is None,
        "therapy": not asked.therapy, "therapist": not asked.therapist, "minutes": not asked.minutes,
    }  # fmt: skip
    return tuple(kind for kind, missing in lacks.items() if missing)


def forecast(work: Work, asked: Asked) -> list[Planned]:
    """Judge every occurrence of what is asked for; nothing is booked yet.

    Raises:
        Invalid: when something needed is missing, or the series makes no sense.
    """
    if lacking(asked):
        raise Invalid([Problem(kind, _("Please fill this in.")) for kind in lacking(asked)])
    # Without a day a series begins today, or tomorrow where its time is over for today.
    gone = bool(asked.start and asked.start < work.now.time())
    first = asked.day or work.today + timedelta(days=int(gone))
    wish = _wish(asked, first)
    if not asked.every:
        return [Planned(wish, conflicts=tuple(conflicts(work, *wish.bookings())))]
    last = asked.last or first + timedelta(weeks=LONGEST)
    if asked.count:
        weeks = -(-asked.count // max(len(asked.weekdays), 1)) * asked.every + 8
        last = min(last, first + timedelta(weeks=min(weeks, LONGEST)))
    return _first(plan_series(work, Series(wish, last, asked.weekdays, asked.every)), asked.count)


def _wish(asked: Asked, day: date) -> Wish:
    begin = datetime.combine(day, asked.start or time())
    end = begin + timedelta(minutes=asked.minutes)
    return Wish(asked.children, asked.therapy, asked.therapist, begin, end, asked.room or None)


def _first(planned: list[Planned], count: int) -> list[Planned]:
    """Return the first so many that do not rest, with those that rest between them; all without a number."""
    if not count:
        return planned
    kept: list[Planned] = []
    for each in planned:
        if sum(not before.skipped for before in kept) == count:
            break
        kept.append(each)
    return kept
