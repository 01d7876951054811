"""The child's month 在院情况: the days in the home and away, moves, and what became of papers and notices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from models.admission import ADMISSION_PAPERS, AdmissionPaper
from models.admission_clocks import running_clocks
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core.database import Work
from models.month import Grid, Month, Section, month_plan, month_section
from models.placement import DEPARTURES, Placement
from resources import N_, _


@month_section("child", N_("Stay"), order=5, needs="Placement")
def stay_month(work: Work, child_id: str, month: Month) -> Section:
    """Where the child was in a month, day by day counted, and which papers came."""
    stays = _stays(work, child_id, month)
    days = days_by_placement(stays, month, work.today)
    home = sum(number for kind, number in days.items() if kind in IN_HOUSE)
    away = {kind: number for kind, number in days.items() if kind not in IN_HOUSE}
    facts = [(_("Days in the home"), str(home)), (_("Days away"), str(sum(away.values())))]
    facts += [(PLACEMENTS.label(kind), _("{n} d").format(n=number)) for kind, number in away.items()]
    moved = [stay for stay in stays if month.first <= stay.starts_on <= month.last]
    return Section(_("Stay"), tuple(facts), _grids(moved), _texts(work, child_id, month), area="child")


def _stays(work: Work, child_id: str, month: Month) -> list[Placement]:
    asked = select(Placement).where(
        Placement.child_id == child_id, Placement.deleted_at.is_(None), Placement.state != "void",
        Placement.starts_on <= month.last,
    )  # fmt: skip
    found = list(work.scalars(asked.order_by(Placement.starts_on, Placement.id)))
    return [stay for stay in found if stay.ends_on is None or stay.ends_on >= month.first]


def days_by_placement(stays: list[Placement], month: Month, today: date) -> dict[str, int]:
    """Count the days of a month by placement; the day of a move belongs to the new one, the future to none."""
    days: dict[str, int] = {}
    last = min(month.last, today)
    for stay in stays:
        starts = max(stay.starts_on, month.first)
        ends = min(stay.ends_on - timedelta(days=1) if stay.ends_on else last, last)
        number = (ends - starts).days + 1
        if number > 0 and stay.kind != "left":
            days[stay.kind] = days.get(stay.kind, 0) + number
    return days


def _grids(moved: list[Placement]) -> tuple[Grid, ...]:
    if not moved:
        return ()
    rows = tuple(
        (each.starts_on.isoformat(), PLACEMENTS.label(each.kind), _where(each), each.reason or "") for each in moved
    )
    return (Grid((_("Date"), _("Placement"), _("Place"), _("Reason")), rows, widths=(2, 2.5, 4, 4)),)


def _where(stay: Placement) -> str:
    if stay.kind == "left":
        return " ".join(filter(None, (DEPARTURES.label(stay.departure), stay.destination, stay.document)))
    return stay.place or ""


def _texts(work: Work, child_id: str, month: Month) -> tuple[tuple[str, str], ...]:
    if not work.actor.may("read", AdmissionPaper):
        return ()
    asked = select(AdmissionPaper).where(AdmissionPaper.child_id == child_id, AdmissionPaper.deleted_at.is_(None))
    papers = list(work.scalars(asked.order_by(AdmissionPaper.due_on)))
    came = [each for each in papers if each.received_on and month.first <= each.received_on <= month.last]
    missing = [
        each for each in papers
        if each.needed and each.due_on and each.due_on <= month.last and not (each.received_on and each.received_on <= month.last)
    ]  # fmt: skip
    found = ((_("Papers received"), came), (_("Papers still missing"), missing))
    return tuple((label, _(", ").join(_name(each) for each in some)) for label, some in found if some)


def _name(paper: AdmissionPaper) -> str:
    return paper.name or ADMISSION_PAPERS.label(paper.paper)


@month_plan(order=5)
def stay_plan(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """The deadlines of the admission that end in a month to come."""
    if work.actor.may("read", "Admission"):
        for clock in running_clocks(work, child_id).get(child_id, []):
            if not clock.done and month.first <= clock.due_on <= month.last:
                yield _("{what} (by {day})").format(what=clock.words, day=clock.due_on)
