"""Kept reasons 留存的未排原因: why sessions wait, kept with a plan as data and said in the language of whoever reads it.

Children and therapists are kept by their ids, for who reads a plan may not know every child; rooms, equipment and contraindications
of one child's own with the words that somebody gave them.
Plans of earlier days hold a sentence instead, in the language of whoever planned, with ⟦id⟧ for people: it is said as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from models.core.database import Work
from models.core.queries import titles
from models.scheduling.gather import Gathered
from models.scheduling.places import parts_of, resource_words
from models.scheduling.plan_words import unveiled
from models.scheduling.reason_words import NO_GRID
from models.scheduling.reasons import Fact, Reason
from resources import _

OF_PLACES = frozenset({"resource", "never_room"})
"""The rules whose facts are about rooms and equipment, not about people."""
OF_THERAPISTS = frozenset({"never_there", "therapist_taken"})
"""The rules whose facts are about therapists, not about children."""


def kept_reason(reason: Reason, gathered: Gathered) -> dict[str, Any]:
    """Return a reason as it is kept."""
    parts = {part for fact in reason.facts if fact.rule in OF_PLACES for key in fact.whom for part in parts_of(key)}
    own = {code for fact in reason.facts for code in fact.reasons if code in gathered.names}
    places = {part: gathered.places.names.get(part, "") for part in parts}
    return {
        "rule": reason.rule, "missing": reason.missing, "therapy": reason.therapy, "children": list(reason.children),
        "minutes": reason.minutes, "times": reason.times, "facts": [asdict(fact) for fact in reason.facts],
        "begins": gathered.problem.grid.begins, "slot": gathered.problem.grid.minutes,
        "names": places | {code: gathered.names[code] for code in own},
    }  # fmt: skip


def reasons_said(work: Work, kept: Iterable[Mapping[str, Any] | str]) -> list[str]:
    """Say kept reasons, with the names of people as far as the reader may know them."""
    every = list(kept)
    sentences = unveiled(work, (each if isinstance(each, str) else "" for each in every))
    reasons = {number: _reason(each) for number, each in enumerate(every) if not isinstance(each, str)}
    names = {whom: word for each in reasons.values() for whom, word in _people(each)}
    names |= titles(work, "child", names) | titles(work, "staff", names)
    return [
        sentence if isinstance(each, str) else _said(each, reasons[number], names)
        for number, (each, sentence) in enumerate(zip(every, sentences, strict=True))
    ]


def _reason(kept: Mapping[str, Any]) -> Reason:
    facts = tuple(
        Fact(
            each["rule"], each["times"], tuple(each["whom"]), tuple(each["reasons"]), each["locked"],
            tuple(each["until"]) if each["until"] else None,
        )
        for each in kept["facts"]
    )  # fmt: skip
    return Reason(
        "",
        kept["rule"],
        kept["missing"],
        kept["therapy"],
        tuple(kept["children"]),
        kept["minutes"],
        kept["times"],
        facts,
    )


def _people(reason: Reason) -> Iterator[tuple[str, str]]:
    """Yield whom a reason is about, each with what somebody is called whom the reader may not know."""
    for child in reason.children:
        yield child, _("another child")
    for fact in reason.facts:
        for whom in fact.whom if fact.rule not in OF_PLACES else ():
            yield whom, _("another therapist") if fact.rule in OF_THERAPISTS else _("another child")


def _said(kept: Mapping[str, Any], reason: Reason, people: Mapping[str, str]) -> str:
    keys = {key for fact in reason.facts if fact.rule in OF_PLACES for key in fact.whom}
    names = {**people, **kept["names"], **{key: resource_words(key, kept["names"]) for key in keys}}
    return reason.words(names, replace(NO_GRID, minutes=kept["slot"], begins=kept["begins"]))
