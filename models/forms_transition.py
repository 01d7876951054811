"""Forms of the transition 成年安置表单: the plan for an adult life, and the record of the after-care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.form_words import (
    Words,
    about,
    child_beside,
    child_of,
    day_words,
    left_facts,
    may_print,
    record_of,
    records_of,
    unsigned,
    with_state,
)
from models.forms import Asked, Form, form
from models.month import Grid, Section
from models.placement import Placement
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import STATUS, phase_of
from models.transition_lists import hand_over_list
from models.transition_plan import YoungPerson, young_person
from models.transition_words import DOMAINS, HAND_OVER, OUTCOMES, PHASES, REACHED, SITUATION, STEPS
from resources import N_, _

_PLAN = ("opened_on", "worker_id", "track", "second_track", "studying", "school_ends_on")
_ASSESSED = ("work_ability", "capacity", "self_care", "assessed_on")
_APPROVAL = ("approval_number", "approved_on")


@form(
    "transition_plan",
    N_("Transition plan"),
    of="child",
    needs="TransitionPlan",
    beside=("TransitionPlan", "ReadinessRating", "TransitionStep"),
)
def transition_plan(work: Work, asked: Asked) -> list[Form]:
    """Return the plan for one young person's adult life 成年安置预案, with readiness, steps and hand-over."""
    child = child_beside(work, asked, TransitionPlan, ReadinessRating, TransitionStep)
    plan = record_of(work, asked, TransitionPlan, child)
    words, person = Words(work, TransitionPlan, plan), young_person(work, child.id)
    sections = [
        Section(_("Plan"), facts=words.pairs(*_PLAN), texts=words.pairs("aims")),
        Section(_("Comprehensive assessment"), facts=words.pairs(*_ASSESSED), texts=words.pairs("health")),
        Section(_("Readiness"), grids=tuple(_readiness(person))),
        Section(_("Steps"), grids=tuple(_steps(person))),
        Section(
            _("Life afterwards"), facts=words.pairs("grant"), texts=words.pairs("housing", "livelihood", "support")
        ),
        Section(
            _("The young person's own view"),
            facts=words.pairs("signed_on"),
            texts=words.pairs("own_wish", "disagreement"),
        ),
    ]
    if may_print(work, HandOverItem):
        sections.append(Section(_("Hand-over list"), grids=tuple(_items(work, child))))
    sections.append(Section(_("Approval"), facts=words.pairs(*_APPROVAL)))
    made = replace(
        about(work, child, _("Transition plan"), alerts=True), pictured=True, sections=tuple(sections), sealed=True,
        opinions=(_("Signature of the young person"), _("Opinion of the home"), _("Opinion of the civil-affairs department"),
                  _("Opinions of the departments concerned")),
    )  # fmt: skip
    return [with_state(work, made, plan, (_("Named social worker"), _("Head of department"), _("Director")))]


@form("after_care", N_("After-care record"), of="child", needs="AfterCareContact", beside=("AfterCareContact",))
def after_care(work: Work, asked: Asked) -> list[Form]:
    """Return every contact after leaving 离院后随访记录, one block each, and the contacts still due."""
    child = child_of(work, asked, AfterCareContact)
    left = record_of(work, Asked(child.id), Placement, child, Placement.kind == "left")
    contacts = records_of(work, AfterCareContact, child.id)
    person = young_person(work, child.id)
    sections = [
        Section(_("Leaving"), facts=left_facts(Words(work, Placement, left), "departure", "destination", "telephone")),
        Section(_("After-care contacts"), grids=tuple(_contact_grid(work, contacts))),
        *(_contact(work, each) for each in contacts),
        Section(_("Contacts still due"), grids=tuple(_still_due(person))),
    ]
    return [
        replace(
            about(work, child, _("After-care record"), brief=True), sections=tuple(sections), final=bool(contacts),
            signed=unsigned(_("Social worker"), _("Head of department"), _("Director")),
        )
    ]  # fmt: skip


def _readiness(person: YoungPerson | None) -> Iterator[Grid]:
    """The latest level of every domain, by staff and by the young person, with what is aimed at."""
    rated = [each for each in person.readiness if each.level is not None] if person else []
    headings = (
        _("Domain"),
        _("Level before"),
        _("Level by staff"),
        _("Own level"),
        _("Target level"),
        _("Rated on"),
        _("What was seen"),
    )
    rows = tuple(
        (
            DOMAINS.label(each.domain), _level(each.before), _level(each.level), _level(each.own), _level(each.target),
            day_words(each.rated_on), each.evidence,
        )
        for each in rated
    )  # fmt: skip
    if rows:
        yield Grid(
            headings,
            rows,
            _("Levels 0 not begun … 4 alone"),
            frozenset({1, 2, 3, 4}),
            (2, 0.9, 0.9, 0.9, 0.9, 1.4, 3.4),
        )


def _level(value: int | None) -> str:
    return "" if value is None else str(value)


def _steps(person: YoungPerson | None) -> Iterator[Grid]:
    headings = (_("Phase"), _("Step"), _("Due on"), _("Standing"), _("Done on"), _("Result"), _("Rule"))
    rows = tuple(
        (
            PHASES.label(phase_of(each.code)), STEPS.label(each.code), day_words(each.due_on), STATUS.label(each.status),
            day_words(each.done_on), each.result, each.source if each.statutory else "",
        )
        for each in (person.steps if person else ())
    )  # fmt: skip
    if rows:
        yield Grid(headings, rows, widths=(1.3, 2.75, 1.3, 1.05, 1.3, 1.2, 2.6))


def _items(work: Work, child: Child) -> Iterator[Grid]:
    rows = tuple(
        (
            HAND_OVER.label(each.kind), each.detail or (_("not needed") if each.not_needed else ""),
            "" if each.amount is None else f"{each.amount:,.2f}", day_words(each.ready_on), day_words(each.given_on), each.receiver,
        )
        for each in hand_over_list(work, child.id)
    )  # fmt: skip
    headings = (
        _("Item"),
        _("Detail of the item"),
        _("Amount (yuan)"),
        _("Ready on"),
        _("Handed over on"),
        _("Received and signed by"),
    )
    if rows:
        yield Grid(headings, rows, "", frozenset({2}), (2.6, 2.4, 1.3, 1.4, 1.5, 1.6))


def _contact_grid(work: Work, contacts: list[AfterCareContact]) -> Iterator[Grid]:
    workers = titles(work, "staff", [each.worker_id for each in contacts])
    rows = tuple(
        (
            day_words(each.at), STEPS.label(each.step), REACHED.label(each.reached), SITUATION.label(each.situation),
            _(", ").join(OUTCOMES.label(code) for code in each.outcomes or ()), workers.get(each.worker_id or "", ""),
            day_words(each.next_on),
        )
        for each in contacts
    )  # fmt: skip
    headings = (
        _("When"),
        _("Planned contact"),
        _("Reached"),
        _("On the whole"),
        _("Outcomes"),
        _("Social worker"),
        _("Next contact on"),
    )
    if rows:
        yield Grid(headings, rows, widths=(1.7, 1.8, 1.3, 1, 2.6, 1.1, 1.4))


def _contact(work: Work, each: AfterCareContact) -> Section:
    words = Words(work, AfterCareContact, each)
    facts = words.pairs("reached", "housing", "occupation", "money", "health", "relations")
    said = [pair for pair in words.pairs("troubles", "action") if pair[1].strip()]
    return Section(each.at.date().isoformat(), facts=facts, texts=tuple(said))


def _still_due(person: YoungPerson | None) -> Iterator[Grid]:
    rows = tuple(
        (STEPS.label(each.code), day_words(each.due_on), STATUS.label(each.status))
        for each in (person.steps if person else ()) if phase_of(each.code) == "after_care" and not each.settled
    )  # fmt: skip
    if rows:
        yield Grid((_("Planned contact"), _("Due on"), _("Standing")), rows, widths=(4, 2, 2))
