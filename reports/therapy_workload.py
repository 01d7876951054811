"""Therapy workload 康复工作量统计表: the month of the department in figures, signed by whoever made and checked it."""

from __future__ import annotations

from collections.abc import Sequence

from models.papers import PaperHead
from models.period import month_title
from models.therapy_workload import OUTCOMES, Count, CountLine, Workload, reasons
from reports.blocks import EMPTY, Part, Row, held, nothing, signatures, table
from reports.layout import BAND
from reports.page import Paper
from reports.therapy_weeks import ACROSS
from resources import N_, _

_WIDTH = ACROSS - BAND
_HEADS = {
    "done": N_("Done"), "late": N_("Late or left early"), "made_up": N_("Made up"), "absent": N_("Absent"),
    "cancelled": N_("Cancelled"), "booked": N_("Not recorded"),
}  # fmt: skip
PARTLY = N_("Only the children entrusted to the person printing are counted.")
MEANING = N_(
    "Children's sessions are all bookings of the month: done, late, made up, absent, cancelled and not recorded. Minutes are those "
    "the children were treated; a sitting with several children counts once, with its whole length."
)


def workload_paper(month: Workload, head: PaperHead) -> Paper:
    """Lay the month out: by therapist, by therapy, the absences by reason, by child."""
    whole = head.but(period=month_title(month.month.first), state="" if month.finished else "draft")
    notes = [_(MEANING), *([_(PARTLY)] if month.partial else [])]
    notes += [] if month.finished else [_("The month is not over yet: this is a draft.")]
    parts = (
        _part(_("By therapist"), _("Therapist"), month.therapists, month.whole),
        _part(_("By therapy"), _("Therapy"), month.therapies, month.whole),
        _part(_("By child"), _("Child"), month.children, month.whole, sittings=False),
        _absences(_("Absences"), month),
        Part(
            _("Signatures"), signatures([(_("Made by"), ""), (_("Checked by"), ""), (_("Head of department"), "")], 3)
        ),
    )
    return Paper(whole, held(parts), landscape=True, notes=tuple(notes))


def _part(title: str, what: str, lines: Sequence[CountLine], whole: Count, *, sittings: bool = True) -> Part:
    if not lines:
        return Part(title, (nothing(_("Nothing recorded this month.")),))
    numbered = any(line.number for line in lines)
    headings = [what, *([_("File number")] if numbered else []), _("Children's sessions")]
    headings += [_(_HEADS[status]) for status in OUTCOMES] + [_("Minutes"), _("Kept in %")]
    headings += [_("Sittings"), _("Of these groups"), _("Minutes of sittings")] if sittings else []
    rows = [_cells(line.name, line.number if numbered else None, line.count, sittings) for line in lines]
    total = _cells(_("Total"), "" if numbered else None, whole, sittings)
    first = 2 if numbered else 1
    widths = (
        2.0,
        *((1.2,) if numbered else ()),
        1.25,
        *((1.0,) * len(OUTCOMES)),
        1.1,
        1.3,
        *((1.1,) * 3 if sittings else ()),
    )
    body = table(headings, rows, numeric=range(first, len(headings)), total=total, width=_WIDTH, widths=widths)
    return Part(title, body)


def _cells(name: str, number: str | None, count: Count, sittings: bool) -> list[str]:
    cells = [name, *([] if number is None else [number]), str(count.sessions)]
    cells += [_figure(count.by_status[status]) for status in OUTCOMES]
    cells += [_figure(count.minutes), EMPTY if count.attendance is None else f"{count.attendance:.0f}%"]
    cells += [_figure(count.sittings), _figure(count.groups), _figure(count.sitting_minutes)] if sittings else []
    return cells


def _figure(number: int) -> str:
    return f"{number:,}" if number else EMPTY


def _absences(title: str, month: Workload) -> Part:
    """Who or what failed for which reason; only those with absences."""
    if not month.whole.by_status["absent"]:
        return Part(title, (nothing(_("No absences in this month.")),))
    said = [words for _code, words in reasons()]
    total = _reason_cells(_("Total"), month.whole)
    made: list[Row] = []
    for what, lines in (
        (_("Therapy"), month.therapies), (_("Therapist"), month.therapists), (_("Child"), month.children),
    ):  # fmt: skip
        rows = [_reason_cells(line.name, line.count) for line in lines if line.count.by_status["absent"]]
        made += table(
            [what, *said, _("Total")], rows, numeric=range(1, len(said) + 2), total=total, width=_WIDTH,
            widths=(2.6, *((1.2,) * len(said)), 1.0),
        )  # fmt: skip
    return Part(title, tuple(made))


def _reason_cells(name: str, count: Count) -> list[str]:
    return [name, *(_figure(count.by_reason[code]) for code, _words in reasons()), _figure(count.by_status["absent"])]
