"""Record sheet 表单: any record as its signed form, laid out from its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.papers import PaperField, PaperHead, RecordPaper
from reports.blocks import EMPTY, Cell, Fixed, Part, Photo, Row, facts, held, label_room, prose
from reports.layout import BAND
from reports.page import WIDTH, Paper, render
from reports.sections import PHOTO
from reports.signing import known, signing
from reports.styles import MM
from resources import _


def record_paper_sheet(record: RecordPaper, head: PaperHead, photo: bytes | None = None) -> Paper:
    """Lay one record out as its form."""
    whole = head.but(form_name=record.title, subject=record.subject, file_number=record.file_number, state=record.state)
    banded = len(record.sections) > 1
    parts = [*_about(record), *_fields(record, banded=banded, photo=photo), *_signing(record)]
    notes = (_("Corrected version. Reason: {reason}").format(reason=record.corrects),) if record.corrects else ()
    return Paper(whole, held(parts), notes=notes, closed=record.final)


def render_record(record: RecordPaper, head: PaperHead, photo: bytes | None = None) -> bytes:
    """Return one record's form as a PDF document."""
    return render([record_paper_sheet(record, head, photo)])


def bundle_sheet(title: str, records: Sequence[RecordPaper], head: PaperHead) -> Paper:
    """Lay several small records of one kind out together, each with who recorded it; empty fields are left out."""
    parts = [_bundled(number, each) for number, each in enumerate(records, start=1)]
    return Paper(head.but(form_name=title), (Part("", facts(records[0].about, slots=3, width=WIDTH)), *parts))


def _bundled(number: int, record: RecordPaper) -> Part:
    width = WIDTH - BAND
    fields = [each for _title, some in record.sections for each in some if each.text]
    pairs = [(each.label, each.text) for each in fields if not each.long]
    signed = "\u3000".join(f"{each.role} {known(each)}" for each in record.signed if each.at)
    if signed:
        pairs.append((_("Signatures"), signed))
    texts = (prose(each.label, each.text) for each in fields if each.long)
    return Part(str(number), (*facts(pairs, 3, width), *texts))


def _about(record: RecordPaper) -> Iterator[Part]:
    """The child a form belongs to, above the form's own fields."""
    if record.about:
        yield Part("", facts(record.about, slots=3, width=WIDTH, empty=_empty(record)))


def _fields(record: RecordPaper, *, banded: bool, photo: bytes | None) -> Iterator[Part]:
    width = WIDTH - (BAND if banded else 0.0)
    for number, (title, fields) in enumerate(record.sections):
        name = (title or _("Particulars")) if banded else ""
        if record.pictured and not number:
            beside = [each for each in fields if not each.long and len(each.text) <= 80]
            below = [each for each in fields if each not in beside]
            short = tuple(_rows(beside, record, width - PHOTO, 2))
            top = Row((Cell(rows=short), Cell(art=Photo(photo))), (1.0, Fixed(PHOTO)))
            yield Part(name, (top, *_rows(below, record, width, 2)))
        else:
            yield Part(name, tuple(_rows(fields, record, width, 2)))


def _rows(fields: Sequence[PaperField], record: RecordPaper, width: float, slots: int) -> Iterator[Row]:
    """Short fields side by side, long texts in tall cells, in the order of the form."""
    room = label_room(each.label for _title, all_fields in record.sections for each in all_fields)
    waiting: list[tuple[str, str]] = []
    for each in fields:
        if not each.long:
            waiting.append((each.label, each.words))
            continue
        yield from facts(waiting, slots, width, _empty(record), room)
        waiting = []
        yield prose(each.label, each.text, empty=_empty(record), least=20 * MM, label_width=room)
    yield from facts(waiting, slots, width, _empty(record), room)


def _empty(record: RecordPaper) -> str:
    """Empty cells of an approved form are closed; a draft's are left to write in."""
    return EMPTY if record.final else " "


def _signing(record: RecordPaper) -> Iterator[Part]:
    """The signatures: what the workflow knows, and room for ink and seal."""
    if record.signed:
        yield Part("", signing(record.signed))
