"""Form paper 专用表单: lays out any declared paper of a child — facts, sections, opinions, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.forms import Form
from models.papers import PaperHead
from reports.blocks import EMPTY, Part, Row, facts, held, opinion
from reports.page import BINDING, EDGE, WIDTH, Paper, render
from reports.sections import mind, section_part, who, word_room
from reports.signing import signing
from reports.styles import A4
from resources import _


def form_paper(form: Form, head: PaperHead) -> Paper:
    """Lay one form out; ``head`` gives institution, printer and time, and the number of a kept paper."""
    whole = head.but(
        form_name=form.name, period=form.period or head.period, subject=form.subject, file_number=form.file_number,
        state=form.state or head.state,
    )  # fmt: skip
    width = A4[1] - BINDING - EDGE if form.landscape else WIDTH
    parts = [*_about(form, width), *_sections(form, width), *_ending(form)]
    tied = held(parts) if len(parts) > 1 and (form.signed or form.opinions) else tuple(parts)
    named = " ".join(filter(None, (form.file_number, form.subject, form.name)))
    return Paper(whole, tied, landscape=form.landscape, notes=form.notes, closed=form.final, bookmark=named)


def render_forms(forms: Sequence[Form], head: PaperHead) -> bytes:
    """Return the sheets of one paper as a PDF document."""
    return render([form_paper(each, head) for each in forms])


def _about(form: Form, width: float) -> list[Part]:
    empty = EMPTY if form.final else " "
    if form.pictured:
        return [Part("", who(form.facts, form.warnings, form.photo, empty))]
    room = word_room([name for name, _value in form.facts])
    rows = (*facts(form.facts, 3 if width <= WIDTH else 4, width, empty, room), *mind(form.warnings))
    return [Part("", rows)] if rows else []


def _sections(form: Form, width: float) -> list[Part]:
    nothing_said = _("none") if form.final else _("Nothing recorded.")
    return [
        section_part(each, nothing_said=nothing_said, width=width, open_cells=not form.final) for each in form.sections
    ]


def _ending(form: Form) -> list[Part]:
    """Signatures and opinions, the seal's place in the last of them."""
    signatures = signing(form.signed, sealed=form.sealed and not form.opinions) if form.signed else ()
    last = len(form.opinions) - 1
    room = word_room(form.opinions)
    opinions = tuple(
        opinion(each, seal=form.sealed and number == last, label_width=room)
        for number, each in enumerate(form.opinions)
    )
    rows: tuple[Row, ...] = (*signatures, *opinions)
    together = [replace(each, keep=True) for each in rows[:-1]]  # nobody signs on one page and seals on the next
    return [Part(_("Signatures"), (*together, rows[-1]))] if rows else []
