"""The month of care 养: what was out of the ordinary, and the ordinary in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from models.care_words import APPETITE, BATH, MOOD, SLEEP, threshold
from models.core.database import Work
from models.month import Grid, Month, Section, month_section
from models.nursing import day_lines, unusual
from models.shifts import SHIFTS
from resources import N_, _

_MOST_EVENTS = 12


@month_section("care", N_("Daily care"), order=10)
def care_month(work: Work, child_id: str, month: Month) -> Section:
    """Care of one month: exceptions in order of time, the ordinary in figures."""
    last = min(month.last, work.today)
    records = list(reversed(day_lines(work, child_id, month.first, last)))
    facts = ((_("Days with nursing records"), str(len({each["day"] for each in records}))), *_figures(records))
    events = list(_events(records))
    grids = []
    if events:
        shown = sorted(events, key=lambda each: -each[0])[:_MOST_EVENTS]
        rows = tuple(row for _gravity, row in sorted(shown, key=lambda each: each[1][0]))
        grids.append(Grid((_("Date"), _("Shift"), _("Out of the ordinary")), rows, _("Exceptions"), widths=(2, 1.2, 7)))
    texts: tuple[tuple[str, str], ...] = ()
    if len(events) > _MOST_EVENTS:
        texts = (
            (_("Further exceptions"), _("{n} more are in the nursing records.").format(n=len(events) - _MOST_EVENTS)),
        )
    return Section(_("Daily care"), facts=tuple(facts), grids=tuple(grids), texts=texts, area="care")


def _figures(records: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    degrees = [each["temperature"] for each in records if each["temperature"] is not None]
    if degrees:
        fever = {each["day"] for each in records if (each["temperature"] or 0) >= threshold("fever_from", each["day"])}
        yield _("Temperature taken"), _("{n} times, highest {t} °C").format(n=len(degrees), t=f"{max(degrees):.1f}")
        yield _("Days with fever"), str(len(fever))
    for label, name, codes in (
        (_("Appetite"), "appetite", APPETITE),
        (_("Sleep"), "sleep", SLEEP),
        (_("Mood"), "mood", MOOD),
    ):
        common = Counter(each[name] for each in records if each[name]).most_common(1)
        if common:
            share = common[0][1] / sum(1 for each in records if each[name])
            yield label, _("mostly “{word}” ({share})").format(word=codes.label(common[0][0]), share=f"{share:.0%}")
    for label, name in ((_("Vomiting"), "vomiting"), (_("Seizures"), "seizures")):
        total = sum(each[name] or 0 for each in records)
        if total:
            yield label, _("{n} times").format(n=total)
    baths = sum(1 for each in records if each["bath"] in ("bath", "wash"))
    if baths:
        yield BATH.label("bath"), _("{n} times").format(n=baths)


def _events(records: Sequence[dict[str, Any]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    weight = {"danger": 3, "warning": 2, "info": 1}
    for each in records:
        found = unusual(each, each["day"])
        words = [one.text for one in found] + ([each["note"]] if each["note"] else [])
        if words:
            gravity = max((weight[one.level] for one in found), default=1)
            yield gravity, (each["at"].strftime("%Y-%m-%d %H:%M"), SHIFTS.label(each["shift"]), _("; ").join(words))
