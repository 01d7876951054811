"""Listing 清单: any list on paper as it is shown — its columns, order, filters and sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.core.exchange import Listing
from models.core.fields import Field
from models.core.money import in_capitals
from models.papers import PaperHead
from models.registers import BLANK
from reports.blocks import LABEL_WIDTH, Cell, Fixed, Part, Row, label, table
from reports.columns import fitting, needs_of
from reports.page import BINDING, EDGE, WIDTH, Paper, render
from reports.styles import A4, VALUE
from resources import _


def listing_paper(listing: Listing, head: PaperHead) -> Paper:
    """Lay a list out, upright or across as its columns need."""
    whole = head.but(form_name=head.form_name or listing.title, period=head.period or _as_of(head))
    headings = (_("No."), *listing.headings)
    rows = [(str(number), *_inked(listing, texts)) for number, texts in enumerate(listing.texts(), start=1)]
    total = _totals(listing)
    across = sum(needs_of(headings, [*rows, *([total] if total else [])])) > WIDTH
    width = (A4[1] - BINDING - EDGE) if across else WIDTH
    numeric = frozenset({0} | {index for index, column in enumerate(listing.columns, start=1) if column.numeric})
    body = table(
        headings,
        rows,
        numeric=numeric,
        widths=fitting(headings, [*rows, *([total] if total else [])], width),
        width=width,
        total=total,
    )
    parts = (Part("", (*_notes(listing), *body, *(() if rows else _none()), *_capitals(listing))),)
    return Paper(whole, parts, landscape=across, notes=_offices(listing))


def render_listing(listing: Listing, head: PaperHead) -> bytes:
    """Return a list as a PDF document."""
    return render([listing_paper(listing, head)])


def _inked(listing: Listing, texts: Sequence[str]) -> Iterator[str]:
    """A cell for a signature is left free; every other empty one is closed with a stroke."""
    for column, text in zip(listing.columns, texts, strict=True):
        yield " " if column.name == BLANK and not text else text


def _as_of(head: PaperHead) -> str:
    return _("As of {day}").format(day=head.printed_at.date().isoformat())


def _notes(listing: Listing) -> tuple[Row, ...]:
    """What narrowed the list."""
    if not listing.notes:
        return ()
    return (Row((label(_("Shown")), Cell(_("; ").join(listing.notes))), (Fixed(LABEL_WIDTH), 1.0), keep=True),)


def _offices(listing: Listing) -> tuple[str, ...]:
    """Who makes, checks and approves a list of money 制表 审核 批准."""
    if not listing.sums():
        return ()
    gap = "\u3000" * 9
    return ("", gap.join((_("Made by:"), _("Checked by:"), _("Approved by:"))) + gap)


def _none() -> tuple[Row, ...]:
    return (Row((Cell(_("No entries."), VALUE.but(align="center")),), (1.0,), least=24.0),)


def _totals(listing: Listing) -> tuple[str, ...]:
    sums = listing.sums()
    if not sums or not listing.rows:
        return ()
    return ("", *(_total(index, column, sums) for index, column in enumerate(listing.columns)))


def _total(index: int, column: Field, sums: dict[int, Decimal]) -> str:
    if index in sums:
        return f"{sums[index]:,.2f}"
    return _("Total") if index == 0 else ""


def _capitals(listing: Listing) -> tuple[Row, ...]:
    """The total of the last column of money in capitals 大写."""
    sums = listing.sums()
    if not sums or not listing.rows:
        return ()
    last = max(sums)
    words = _("{label}: {words}").format(label=listing.columns[last].title, words=in_capitals(sums[last]))
    return (Row((label(_("In capitals")), Cell(words)), (Fixed(LABEL_WIDTH), 1.0)),)
