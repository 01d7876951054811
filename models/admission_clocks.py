"""The running clocks of admissions 入院时限提醒: missing papers, notices that end, what must follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from models.admission import Admission, AdmissionPaper, FamilySearchNotice
from models.admission_rules import Clock, Facts, clocks
from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.placement import living_here
from models.reminders import Due, reminder
from resources import _, ngettext

AHEAD = timedelta(days=14)
WATCHED = timedelta(days=600)
"""Admissions older than this have no clock left that anyone waits for."""


def running_clocks(work: Work, child_id: str | None = None) -> dict[str, list[Clock]]:
    """Return the clocks of all recent admissions, or of one child's, by child."""
    asked = (
        select(Admission.child_id, Admission.situation, Admission.arrived_at, Child.registration_status)
        .join(Child, Child.id == Admission.child_id)
        .where(
            Admission.deleted_at.is_(None),
            Admission.state.not_in(["void", "superseded"]),
            living_here(),
            Child.deleted_at.is_(None),
            Admission.arrived_at >= work.now - WATCHED,
        )  # fmt: skip
        .order_by(Admission.arrived_at)
    )
    if child_id:
        asked = asked.where(Admission.child_id == child_id)
    notices, papers = _notices(work, child_id), _received(work, child_id)
    return {
        each: clocks(_facts(situation, arrived.date(), registered, notices.get(each), papers[each]))
        for each, situation, arrived, registered in work.execute(asked)
    }


def _facts(
    situation: str | None, arrived_on: date, registered: str | None,
    notice: tuple[date, date | None, str | None] | None, papers: frozenset[str],
) -> Facts:  # fmt: skip
    published, ends, result = notice or (None, None, None)
    return Facts(
        situation=situation, arrived_on=arrived_on, notice_published_on=published, notice_ends_on=ends,
        claimed=result in {"claimed", "returned"}, papers_received=papers, registered=registered not in {None, "none"},
    )  # fmt: skip


def _notices(work: Work, child_id: str | None) -> dict[str, tuple[date, date | None, str | None]]:
    asked = select(
        FamilySearchNotice.child_id, FamilySearchNotice.published_on, FamilySearchNotice.ends_on,
        FamilySearchNotice.result,
    ).where(FamilySearchNotice.deleted_at.is_(None), FamilySearchNotice.state != "void")  # fmt: skip
    if child_id:
        asked = asked.where(FamilySearchNotice.child_id == child_id)
    return {each[0]: (each[1], each[2], each[3]) for each in work.execute(asked.order_by(FamilySearchNotice.ends_on))}


def _received(work: Work, child_id: str | None) -> defaultdict[str, frozenset[str]]:
    asked = select(AdmissionPaper.child_id, AdmissionPaper.paper).where(
        AdmissionPaper.deleted_at.is_(None), AdmissionPaper.received_on.is_not(None)
    )
    if child_id:
        asked = asked.where(AdmissionPaper.child_id == child_id)
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for each, paper in work.execute(asked):
        found[each] |= {paper}
    return found


@reminder
def admission_clocks(work: Work) -> Iterator[Due]:
    """Deadlines that follow from an admission and are not yet met, a fortnight ahead."""
    running = running_clocks(work)
    names = titles(work, "child", running)
    for child_id, ticking in running.items():
        for clock in ticking:
            if not clock.done and clock.due_on <= work.today + AHEAD:
                yield _due(clock.words, clock.due_on, child_id, names, "FamilySearchNotice")


@reminder
def ending_notices(work: Work) -> Iterator[Due]:
    """Notices that end within a week or have ended without a result being recorded."""
    asked = (
        select(FamilySearchNotice.child_id, FamilySearchNotice.ends_on)
        .join(Child, Child.id == FamilySearchNotice.child_id)
        .where(
            FamilySearchNotice.deleted_at.is_(None),
            FamilySearchNotice.state != "void",
            FamilySearchNotice.result == "running",
            FamilySearchNotice.ends_on <= work.today + timedelta(days=7),
            living_here(),
            Child.deleted_at.is_(None),
        )  # fmt: skip
    )
    ending = [(child_id, ends) for child_id, ends in work.execute(asked)]
    names = titles(work, "child", {child_id for child_id, _ends in ending})
    for child_id, ends in ending:
        yield _due(_("The family-search notice ends: record the result"), ends, child_id, names, "FamilySearchNotice")


@reminder
def missing_papers(work: Work) -> Iterator[Due]:
    """One line a child for required admission papers that are due within a fortnight or overdue."""
    asked = (
        select(AdmissionPaper.child_id, AdmissionPaper.due_on)
        .join(Child, Child.id == AdmissionPaper.child_id)
        .where(
            AdmissionPaper.deleted_at.is_(None),
            AdmissionPaper.needed.is_(True),
            AdmissionPaper.received_on.is_(None),
            AdmissionPaper.due_on <= work.today + AHEAD,
            living_here(),
            Child.deleted_at.is_(None),
        )  # fmt: skip
    )
    missing = [(child_id, due_on) for child_id, due_on in work.execute(asked)]
    names = titles(work, "child", {child_id for child_id, _due_on in missing})
    for child_id, number in Counter(child_id for child_id, _due_on in missing).items():
        first = min(due_on for each, due_on in missing if each == child_id and due_on)
        words = ngettext("{n} admission paper is missing", "{n} admission papers are missing", number)
        yield _due(words.format(n=number), first, child_id, names, "AdmissionPaper")


def _due(text: str, day: date | None, child_id: str, names: dict[str, str], type_name: str) -> Due:
    return Due(
        text=text, area="child", due=day, child_id=child_id, child_name=names.get(child_id, ""),
        needs=(type_name, "edit"), page="child", target={"child_id": child_id, "tab": "admission"},
    )  # fmt: skip
