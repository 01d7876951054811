"""Measurement error 测量误差: whether a change between two assessments is larger than what chance alone may bring.

The literature gives it for few scales and few populations; what is known stands in ``rehab/measurement_error.csv``
with its source. Where nothing is known the program says so, and scores of different versions of a scale are not
compared at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models import scales
from models.core.queries import titles
from models.rehabilitation import AIDS, Assessment, RehabilitationPlan
from models.scales import TOTAL, Scale
from resources import _, current_language, table

if TYPE_CHECKING:
    from models.core.database import Work


@dataclass(frozen=True)
class MeasurementError:
    """The smallest change of one measure that is more than measurement error.

    Attributes:
        statistic: as the source names it, e.g. ``MDC90`` or ``SRD``.
        applies: whether it was found in children like ours; otherwise it is told, never used to judge.
    """

    change: float
    statistic: str
    population: str
    source: str
    applies: bool


@cache
def _errors() -> Mapping[tuple[str, str], dict[str, str]]:
    return {(row["scale_code"], row["measure"]): row for row in table("rehab/measurement_error.csv")}


def measurement_error(scale: str, measure: str = TOTAL) -> MeasurementError | None:
    """Return what the literature gives for a measure of a scale; None where the program knows nothing."""
    row = _errors().get((scale, measure))
    if row is None:
        return None
    people = row["population_zh" if current_language() == "zh_CN" else "population_en"]
    return MeasurementError(float(row["change"]), row["statistic"], people, row["source"], row["applies"] == "yes")


@dataclass(frozen=True)
class Verdict:
    """What may be said of the change of one measure between two assessments.

    ``kind`` is ``real`` (larger than measurement error), ``chance`` (within it), ``unknown`` (no figure for children
    like ours) or ``versions`` (different versions: not compared).
    """

    kind: str
    change: float | None
    better: bool | None
    words: str

    @property
    def tone(self) -> str:
        """The tone in which it is shown; its words say the same."""
        if self.kind == "real":
            return "good" if self.better else "warning"
        return "warning" if self.kind == "versions" else "info"


def verdict(
    scale: Scale, before: float | None, now: float | None, measure: str = TOTAL, *, versions: tuple[str, str] = ("", "")
) -> Verdict | None:
    """Judge the change of a measure; None while there is nothing to compare."""
    if before is None or now is None:
        return None
    if differ(*versions):
        words = _("Different versions ({before}, now {now}): the scores are not compared.")
        return Verdict("versions", None, None, words.format(before=versions[0], now=versions[1]))
    change, error = round(now - before, 2), measurement_error(scale.code, measure)
    better = scales.better(scale, before, now)
    if error is None:
        return Verdict("unknown", change, better, _("No published measurement error for this scale is on file."))
    facts = {"n": f"{error.change:g}", "statistic": error.statistic, "who": error.population}
    if not error.applies:
        words = _("Measurement error known only for {who}: {n} ({statistic}). Not judged by it.")
        return Verdict("unknown", change, better, words.format(**facts))
    if abs(change) > error.change:
        return Verdict("real", change, better, _("Larger than the measurement error of {n} ({statistic}; {who}).").format(**facts))  # fmt: skip
    return Verdict("chance", change, better, _("Within the measurement error of {n} ({statistic}; {who}): it may be chance.").format(**facts))  # fmt: skip


def differ(before: str | None, now: str | None) -> bool:
    """Whether two versions of a scale are known to differ."""
    return bool(before and now and before.strip().casefold() != now.strip().casefold())


def comparison_notes(before: Mapping[str, Any], version: str | None, aids: str | None) -> list[str]:
    """Say what else stands between two assessments: a version that was not noted, aids used once only."""
    notes = []
    if bool(before.get("scale_version")) != bool(version):
        notes.append(_("The version is noted on one of the two only: compare with care."))
    if before.get("aids") and aids and before["aids"] != aids:
        words = _("Last time {before}, now {now}.")
        notes.append(words.format(before=AIDS.label(before["aids"]), now=AIDS.label(aids)))
    return notes


@dataclass(frozen=True)
class CourseLine:
    """One assessment of a scale in its course."""

    id: str
    assessed_on: date
    version: str
    aids: str | None
    assessor: str
    total: float | None
    level: str | None
    scores: Mapping[str, Any]
    verdict: Verdict | None

    @property
    def value(self) -> str:
        """The total and the level in words."""
        said = f"{self.total:g}" if self.total is not None else ""
        return " ".join(filter(None, (said, scales.SCALE_LEVELS.label(self.level))))


def course(work: Work, child_id: str, scale_code: str) -> list[CourseLine]:
    """Return all assessments of a child with a scale, oldest first, each judged against the one before."""
    kind = Assessment
    statement = select(kind).where(
        kind.child_id == child_id, kind.scale == scale_code, kind.deleted_at.is_(None),
        kind.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    found = list(work.scalars(statement.order_by(kind.assessed_on, kind.id)))
    names = titles(work, "staff", (each.assessor_id for each in found))
    scale = scales.scale_named(scale_code)
    lines: list[CourseLine] = []
    for place, each in enumerate(found):
        before = each.one_before(found[:place])
        judged = None
        if before is not None and scale is not None and scale.formula != "level":
            judged = verdict(
                scale, before.total, each.total, versions=(before.scale_version or "", each.scale_version or "")
            )
        lines.append(
            CourseLine(
                each.id, each.assessed_on, each.scale_version or "", each.aids, names.get(each.assessor_id or "", ""),
                each.total, each.level, each.scores or {}, judged,
            )
        )  # fmt: skip
    return lines


def stretches(lines: Sequence[CourseLine]) -> list[list[tuple[date, float]]]:
    """Return the totals over time, cut where the version changed: a line never joins two versions."""
    found: list[list[tuple[date, float]]] = []
    last: CourseLine | None = None
    for line in lines:
        if line.total is None:
            continue
        if last is None or differ(last.version, line.version):
            found.append([])
        found[-1].append((line.assessed_on, line.total))
        last = line
    return found


# --- from the assessment to the plan ----------------------------------------------------------------


def plan_from(work: Work, assessment_id: str) -> dict[str, Any]:
    """Return the values with which a plan that rests on an assessment begins: its findings, its advice, its words."""
    from models.age import months_later
    from models.core.queries import load

    found = load(work, Assessment, assessment_id)
    scale = scales.scale_named(found.scale)
    head = _("{scale}, {day}").format(scale=scale.title if scale else "", day=found.assessed_on.isoformat())
    said = [f"{head}{_(': ')}{result_words(found)}", *weak_words(scale, found), found.conclusion or ""]
    first = work.today
    return {
        "child_id": found.child_id, "assessment_id": found.id, "findings": "\n".join(filter(None, said)),
        "methods": found.advice, "heard": found.heard, "starts_on": first, "ends_on": months_later(first, 6),
        "review_on": months_later(first, 3), "lead_id": found.assessor_id or work.actor.staff_id,
    }  # fmt: skip


def baseline_from(work: Work, plan_id: str) -> str:
    """Return the result of the assessment a plan rests on, proposed as the baseline of its goals; empty without one."""
    statement = (
        select(Assessment)
        .join(RehabilitationPlan, RehabilitationPlan.assessment_id == Assessment.id)
        .where(RehabilitationPlan.id == plan_id)
    )
    found = work.scalar(statement)
    scale = scales.scale_named(found.scale) if found else None
    if found is None or scale is None:
        return ""
    head = _("{scale}, {day}").format(scale=scale.title, day=found.assessed_on.isoformat())
    return f"{head}{_(': ')}{result_words(found)}"


def result_words(found: Assessment) -> str:
    """Say the result of an assessment: total and level."""
    value = "" if found.total is None else f"{found.total:g}"
    return " ".join(filter(None, (value, scales.SCALE_LEVELS.label(found.level)))) or _("see the scores by domain")


def weak_words(scale: Scale | None, found: Assessment) -> list[str]:
    """Name the weakest domains of an assessment, where its domains have limits to be judged by."""
    if scale is None or scale.better == "lower":
        return []
    shares = [
        (float(value) / domain.maximum, domain)
        for domain in scale.entries
        if domain.maximum and isinstance(value := (found.scores or {}).get(domain.code), int | float)
    ]
    weak = sorted((pair for pair in shares if pair[0] < 0.5), key=lambda pair: pair[0])[:3] if len(shares) > 1 else []
    said = _(", ").join(f"{domain.title} {share:.0%}" for share, domain in weak)
    return [_("Weakest: {domains}").format(domains=said)] if said else []
