"""The roster's figures 在院儿童变动与构成: who came, who left and why, and who lives here on the last day.

Opening number + came in − left = closing number, by construction and proved by test: a stay is told from the
placements in the order in which they were entered, half-open, so that the day of a move counts for the new place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.age import years_on
from models.child import Child
from models.child_words import CUSTODY, DISABILITIES, IN_HOUSE, PLACEMENTS
from models.core.database import Work
from models.core.words import CodeList
from models.institution import Line, Rows, kept, report_section, those
from models.period import ReportPeriod
from models.placement import DEPARTURES, Placement
from models.staff import SEX
from resources import N_, _

AGE_BANDS = ((0, 0), (1, 2), (3, 5), (6, 11), (12, 14), (15, 17), (18, 200))
"""Completed years from–to, both inclusive: infants, toddlers, pre-school, primary, lower and upper secondary, adults."""


@dataclass(frozen=True)
class Move:
    """One placement of a child, with where the child was before; empty before the first."""

    id: str
    child_id: str
    kind: str
    starts_on: date
    ends_on: date | None
    departure: str | None
    before: str

    @property
    def enters(self) -> bool:
        """Whether the child comes into the home's care with it."""
        return self.kind != "left" and self.before in ("", "left")

    @property
    def leaves(self) -> bool:
        """Whether the child leaves the home's care with it."""
        return self.kind == "left" and self.before not in ("", "left")

    def holds(self, day: date) -> bool:
        """Whether the child is there at the end of a day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def moves_until(work: Work, day: date) -> list[Move]:
    """Return every placement that began by a day, each beside the child's one before."""
    asked = select(
        Placement.id, Placement.child_id, Placement.kind, Placement.starts_on, Placement.ends_on, Placement.departure
    ).where(*kept(Placement), Placement.starts_on <= day)
    found, last = [], defaultdict[str, str](str)
    for each in work.execute(asked.order_by(Placement.starts_on, Placement.id)):
        found.append(Move(*each, last[each.child_id]))
        last[each.child_id] = each.kind
    return found


def living_on(moves: Iterable[Move], day: date) -> list[Move]:
    """Return the placement of every child in the home's care at the end of a day."""
    latest: dict[str, Move] = {}
    for each in moves:
        if each.holds(day):
            latest[each.child_id] = each
    return [each for each in latest.values() if each.kind != "left"]


@report_section("roster", N_("Roster movement"), area="child", order=10, needs="Placement")
def roster(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Opening number, who came and who left by reason, closing number."""
    moves = moves_until(work, period.last)
    opening = living_on(moves, period.first - timedelta(days=1))
    yield _line("opening", _("Number at the beginning"), opening)
    came = [each for each in moves if each.enters and each.starts_on >= period.first]
    yield _line("came", _("Came in"), came)
    yield from _came_by_ground(work, came)
    left = [each for each in moves if each.leaves and each.starts_on >= period.first]
    yield _line("left", _("Left the home"), left)
    yield from _parts("left", left, [each.departure for each in left], DEPARTURES)
    closing = living_on(moves, period.last)
    yield _line("closing", _("Number at the end"), closing, total=True)


def _came_by_ground(work: Work, came: Sequence[Move]) -> Iterator[Line]:
    """First admissions by the basis of guardianship; who had left before has come back."""
    back = [each for each in came if each.before]
    first = [each for each in came if not each.before]
    custody = _of_children(work, Child.custody, first)
    yield from _parts("came", first, [custody.get(each.child_id) for each in first], CUSTODY)
    if back:
        yield _line("came.back", _("Came back"), back, indent=1)


@report_section("residents", N_("Children in care on the last day"), area="child", order=11, needs="Child")
def residents(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Who lives here at the end: by sex, age, disability and where they live."""
    day = min(period.last, work.today) if period.first <= work.today else period.last
    living = living_on(moves_until(work, day), day)
    sex = _of_children(work, Child.sex, living)
    yield _line("living", _("Children in care"), living, total=True)
    yield from _parts("sex", living, [sex.get(each.child_id) for each in living], SEX)
    yield from _by_age(work, living, day)
    yield from _by_disability(work, living)
    yield _line("here", _("Of these living in the home"), [each for each in living if each.kind in IN_HOUSE])
    yield Line("placements", _("By placement"), None)
    yield from _parts("placement", living, [each.kind for each in living], PLACEMENTS)


def _by_age(work: Work, living: Sequence[Move], day: date) -> Iterator[Line]:
    born = _of_children(work, Child.born_on, living)
    ages = [(each, years_on(born[each.child_id], day)) for each in living if each.child_id in born]
    yield Line("ages", _("By age"), None)
    for low, high in AGE_BANDS:
        band = [each for each, age in ages if low <= age <= high]
        yield _line(f"age.{low}", _band_words(low, high), band, indent=1)


def _band_words(low: int, high: int) -> str:
    if high == 0:
        return _("Under 1 year")
    if high > 100:
        return _("{n} years and more").format(n=low)
    return _("{low} to {high} years").format(low=low, high=high)


def _by_disability(work: Work, living: Sequence[Move]) -> Iterator[Line]:
    """Count each kind; a child with several stands in several lines, so these do not add up."""
    found = _of_children(work, Child.disabilities, living)
    disabled = [each for each in living if found.get(each.child_id)]
    yield _line("disabled", _("With a disability"), disabled)
    for code in DISABILITIES:
        those_with = [each for each in disabled if code.code in found[each.child_id]]
        if those_with:
            yield _line(f"disability.{code.code}", DISABILITIES.label(code.code), those_with, indent=1)


@report_section("care_days", N_("Care"), area="care", order=20, needs="Placement")
def care_days(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Days of care by where the children were; a day belongs to the place where the child sleeps.

    Days in hospital stand there in any case: that there were none is a figure that is asked for.
    """
    last = min(period.last, work.today)
    moves = [each for each in moves_until(work, last) if each.kind != "left"]
    days: Counter[str] = Counter()
    rows: defaultdict[str, list[Move]] = defaultdict(list)
    for each in moves:
        spent = _days_in(each, period.first, last)
        days[each.kind] += spent
        if spent:
            rows[each.kind].append(each)
    held = [each for several in rows.values() for each in several]
    unit = _("days")
    yield Line("care_days", _("Days of care"), sum(days.values()), unit, rows=_rows(held), total=True)
    for code in PLACEMENTS:
        if days[code.code] or code.code == "hospital":
            title = PLACEMENTS.label(code.code)
            yield Line(f"care_days.{code.code}", title, days[code.code], unit, rows=_rows(rows[code.code]), indent=1)


def _days_in(move: Move, first: date, last: date) -> int:
    end = last + timedelta(days=1) if move.ends_on is None else min(move.ends_on, last + timedelta(days=1))
    return max(0, (end - max(move.starts_on, first)).days)


# --- lines ------------------------------------------------------------------------------------------


def _line(key: str, title: str, moves: Sequence[Move], **words: Any) -> Line:
    return Line(key, title, len(moves), rows=_rows(moves), **words)


def _rows(moves: Iterable[Move]) -> Rows:
    return those(Placement, [each.id for each in moves])


def _parts(key: str, moves: Sequence[Move], codes: Sequence[str | None], names: CodeList) -> Iterator[Line]:
    groups: defaultdict[str, list[Move]] = defaultdict(list)
    for each, code in zip(moves, codes, strict=True):
        groups[code or ""].append(each)
    order = [code.code for code in names if code.code in groups]
    for code in [*order, *(each for each in groups if each not in set(order))]:
        yield _line(f"{key}.{code}", names.label(code) or _("Not stated"), groups[code], indent=1)


def _of_children(work: Work, column: Any, moves: Sequence[Move]) -> dict[str, Any]:
    wanted = {each.child_id for each in moves}
    asked = select(Child.id, column).where(Child.deleted_at.is_(None))
    return {child_id: value for child_id, value in work.execute(asked) if child_id in wanted}
