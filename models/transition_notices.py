"""What Today and the monthly record tell of the transition to adulthood 成年安置."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from models.age import years_on
from models.calendar_rules import months_before
from models.child import Child
from models.core.database import Work
from models.month import Grid, Month, Section, month_plan, month_section
from models.reminders import Due, reminder
from models.transition import TransitionStep
from models.transition_dates import COHORT_AGE, STATUS, StepMark
from models.transition_plan import YoungPerson, cohort, young_person
from models.transition_words import DOMAINS, STEPS, TRACKS
from resources import N_, _

SOON = timedelta(days=30)


@reminder
def steps_due(work: Work) -> Iterator[Due]:
    """Tell, one line a young person, the most pressing step that is open or overdue."""
    if not work.actor.may("edit", TransitionStep):
        return
    people = cohort(work)
    for person in people:
        pressing = [step for step in person.steps if _pressing(step, work)]
        if pressing:
            yield _due(person, pressing)
    yield from _birthdays(work, people)


def _pressing(step: StepMark, work: Work) -> bool:
    return step.status == "overdue" or (step.status == "open" and (step.statutory or step.due_on <= work.today + SOON))


def _due(person: YoungPerson, steps: list[StepMark]) -> Due:
    first, more = steps[0], len(steps) - 1
    name = STEPS.label(first.code)
    text = _("{step}, and {n} more").format(step=name, n=more) if more else name
    return Due(
        text, "transition", first.due_on, child_id=person.child_id, child_name=person.name,
        needs=("TransitionStep", "edit"), page="transition", target={"child_id": person.child_id},
    )  # fmt: skip


def _birthdays(work: Work, people: Iterable[YoungPerson]) -> Iterator[Due]:
    """Tell who comes of age within half a year, so that nobody is surprised by it."""
    for person in people:
        if months_before(person.adult_on, 6) <= work.today <= person.adult_on and person.life.left_on is None:
            yield Due(
                _("Comes of age on {day}").format(day=person.adult_on.isoformat()), "transition", person.adult_on,
                kind="notice", child_id=person.child_id, child_name=person.name, needs=("TransitionStep", "edit"),
                page="transition", target={"child_id": person.child_id},
            )  # fmt: skip


@month_section("transition", N_("Transition to adulthood"), order=85)
def transition_of_the_month(work: Work, child_id: str, month: Month) -> Section | None:
    """Tell the readiness and the steps of a young person; younger children have no such section."""
    person = _young(work, child_id, month)
    if person is None:
        return None
    facts = [(_("Comes of age"), person.adult_on.isoformat())]
    if person.track:
        facts.append((_("Track"), TRACKS.label(person.track)))
    if person.level is not None:
        facts.append((_("Readiness, mean of 0–4"), f"{person.level:.1f}"))
    facts.append((_("Steps overdue"), str(person.count("overdue"))))
    return Section(_("Transition to adulthood"), tuple(facts), grids=_grids(person, month), area="transition")


def _young(work: Work, child_id: str, month: Month) -> YoungPerson | None:
    """The child as a young person at the end of the month, None under fourteen: most are spared the whole gathering."""
    child = work.get(Child, child_id)
    if child is None or years_on(child.born_on, month.last) < COHORT_AGE:
        return None
    return young_person(work, child_id, min(month.last, work.today))


def _grids(person: YoungPerson, month: Month) -> tuple[Grid, ...]:
    rated = [each for each in person.readiness if each.rated_on and month.first <= each.rated_on <= month.last]
    steps = [step for step in person.steps if _touches(step, month)]
    grids = []
    if rated:
        rows = tuple(
            (DOMAINS.label(each.domain), str(each.level), "" if each.own is None else str(each.own), each.evidence)
            for each in rated
        )
        headings = (_("Domain"), _("Staff"), _("Own"), _("What was seen"))
        grids.append(Grid(headings, rows, numeric=frozenset({1, 2}), widths=(2, 0.8, 0.8, 5)))
    if steps:
        lines = tuple((STEPS.label(step.code), step.due_on.isoformat(), STATUS.label(step.status)) for step in steps)
        grids.append(Grid((_("Step"), _("Due on"), _("State")), lines, widths=(4, 1.4, 1.4)))
    return tuple(grids)


def _touches(step: StepMark, month: Month) -> bool:
    if step.done_on:
        return month.first <= step.done_on <= month.last
    return step.status == "overdue" or (step.status == "open" and step.opens_on <= month.last)


@month_plan(order=85)
def transition_next_month(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """Say which steps come due in the month."""
    person = _young(work, child_id, month) if work.actor.may("read", TransitionStep) else None
    for step in person.steps if person else ():
        if not step.settled and month.first <= step.due_on <= month.last:
            yield _("{step}, until {day}").format(step=STEPS.label(step.code), day=step.due_on.isoformat())
