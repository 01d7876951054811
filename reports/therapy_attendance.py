"""Therapy attendance 康复训练考勤表: a funded child's month for the seal of home and federation, and all together.

Lessons and minutes are those really done. Days on which nothing counts are closed with a stroke, so that nothing can
be added; who has signed on the screen stands printed, for the others there is room to sign by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.core.fields import field_of, words_of
from models.funded_days import AttendanceSheet, TrainingDay
from models.papers import PaperHead
from models.period import month_title
from models.therapies import REASONS, short_name
from models.therapy_funded import FundedMonth
from reports.blocks import EMPTY, Cell, Fixed, Part, Row, date_line, facts, held, label
from reports.columns import holding, roomy
from reports.page import WIDTH, Paper
from reports.pen import Pen
from reports.styles import CENTRED, INNER, LABEL, MM, TINT, Style
from reports.therapy_weeks import ACROSS
from resources import N_, _, ngettext

SHORT_DAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_TEXT = Style("song", 8.0, leading=1.2, align="center", even=True)
_SMALL = LABEL.but(size=8)
HOW = N_(
    "Lessons and minutes are those the child was treated. Names printed have signed on the screen; an empty place is signed by "
    "hand; / is closed."
)


def attendance_paper(sheet: AttendanceSheet, head: PaperHead) -> Paper:
    """Lay one funded child's month out: a line a day, the totals, and the places for signatures and seals."""
    whole = head.but(
        period=month_title(sheet.month.first), file_number=sheet.number, subject=sheet.name,
        state="" if sheet.finished else "draft",
    )  # fmt: skip
    texts = [_day_texts(each) for each in sheet.days]
    heads = (_head(texts),)
    rows = [_day_row(day, words, heads) for day, words in zip(sheet.days, texts, strict=True)]
    parts = (
        Part("", _who(sheet)),
        Part("", (*heads, *rows, _total(sheet, heads), *_asked(sheet))),
        Part("", (seals(),)),
    )
    return Paper(whole, held(parts), notes=tuple(_notes(sheet)), closed=False, bookmark=f"{sheet.number} {sheet.name}")


def _notes(sheet: AttendanceSheet) -> Iterator[str]:
    yield _(HOW)
    if sheet.unsigned:
        words = ngettext("{n} session is not signed yet.", "{n} sessions are not signed yet.", sheet.unsigned)
        yield words.format(n=sheet.unsigned)
    if not sheet.finished:
        yield _("The month is not over yet: this is a draft.")


def _who(sheet: AttendanceSheet) -> tuple[Row, ...]:
    from models.child import Child

    aided = _("{programme} ({first} to {last})").format(
        programme=sheet.programme, first=sheet.starts_on.isoformat(), last=sheet.ends_on.isoformat()
    )
    pairs = (
        (_("Name"), sheet.name),
        (_("Sex"), words_of(field_of(Child, "sex"), sheet.sex)),
        (_("Date of birth"), sheet.born_on.isoformat()),
        (_("Disability"), words_of(field_of(Child, "disabilities"), sheet.disabilities)),
        (_("Aid card"), sheet.card_number),
        (_("Guardian"), sheet.guardian),
        (_("Programme"), aided),
    )
    return facts(pairs, slots=3, width=WIDTH)


_SHARES = (0.5, 0.7, 1.6, 0.8, 0.85, 0.85, 1.5, 1.4, 3.0)


def _head(rows: Sequence[Sequence[str]]) -> Row:
    names = (
        _("Day"), _("Weekday"), _("Therapies"), _("Lessons"), _("In groups"), _("Minutes"), _("Therapist (signed)"),
        _("Carer (countersigned)"), _("Remark"),
    )  # fmt: skip
    columns = roomy(_SHARES, names, rows, WIDTH, _TEXT)
    return Row(tuple(Cell(each, _SMALL, ground=True) for each in names), columns, keep=True)


def _day_texts(day: TrainingDay) -> list[str]:
    done = [lesson for lesson in day.lessons if lesson.done] if day.enrolled else []
    texts = [str(day.day.day), _(SHORT_DAYS[day.day.weekday()])]
    if done:
        kinds = dict.fromkeys(lesson.therapy for lesson in done)
        said = [f"{short_name(kind)} {sum(each.lessons for each in done if each.therapy == kind)}" for kind in kinds]
        texts += [
            _(", ").join(said),
            str(day.lesson_count),
            str(day.group_count) if day.group_count else EMPTY,
            str(day.minutes),
        ]
        texts += [_names(each.therapist for each in done if each.signed_on), _names(each.witness for each in done)]
    else:
        texts += [EMPTY] * 6
    return [*texts, _remark(day) or EMPTY]


def _day_row(day: TrainingDay, texts: Sequence[str], heads: tuple[Row, ...]) -> Row:
    closed = day.kind is not None and not day.kind.open
    cells = tuple(Cell(text, _TEXT, ground=closed and place < 2) for place, text in enumerate(texts))
    return Row(cells, heads[0].columns, heads=heads)


def _names(names: Iterator[str]) -> str:
    """The names of those who signed; a blank to sign by hand where nobody has."""
    return _(", ").join(dict.fromkeys(filter(None, names))) or " "


def _remark(day: TrainingDay) -> str:
    if not day.enrolled:
        return _("outside the aid period")
    missed = dict.fromkeys(REASONS.label(each.reason) for each in day.lessons if not each.done and each.reason)
    said = list(missed)
    if day.kind is not None and day.kind.kind not in ("ordinary", "weekend"):
        said.insert(0, _("in lieu") if day.kind.kind == "adjusted_workday" else day.kind.words)
    return _(", ").join(said)


def _total(sheet: AttendanceSheet, heads: tuple[Row, ...]) -> Row:
    bold = _TEXT.but(face="song-bold", size=9)
    texts = (
        _("Days trained: {n}").format(n=sheet.attended_days), str(sheet.lessons), str(sheet.group_lessons or EMPTY),
        str(sheet.minutes), EMPTY, EMPTY, _absences(sheet) or EMPTY,
    )  # fmt: skip
    cells = (Cell(_("Total"), LABEL, ground=True), *(Cell(text, bold) for text in texts[:-1]), Cell(texts[-1], _TEXT))
    first, second, *others = heads[0].columns
    return Row(cells, (first + second, *others), heads=heads)


def _absences(sheet: AttendanceSheet) -> str:
    return _(", ").join(f"{REASONS.label(code)} {count}" for code, count in sheet.absences)


def _asked(sheet: AttendanceSheet) -> Iterator[Row]:
    """What the programme asks for, and whether the month meets it."""
    said = _("{n} days count in full").format(n=sheet.full_days)
    if sheet.needed:
        enough = sheet.full_days >= sheet.needed
        verdict = _("requirement met") if enough else _("{n} days short").format(n=sheet.needed - sheet.full_days)
        said = _("{n} of {m} days count in full: {verdict}").format(n=sheet.full_days, m=sheet.needed, verdict=verdict)
    norm = Cell(sheet.norm_words or EMPTY, _TEXT.but(align="left"))
    yield Row((label(_("Required")), norm, label(_("Fulfilment")), Cell(said, _TEXT.but(align="left"))),
              (Fixed(60), 1.2, Fixed(60), 1.0), keep=True)  # fmt: skip


def seals() -> Row:
    """Return the row in which therapist and department sign, and home and federation put their seals."""
    signature, seal = _("Signature:") + "\u3000" * 4, _("(seal)")
    boxes = (
        (_("Made by"), (signature, date_line())),
        (_("Head of department"), (signature, date_line())),
        (_("Designated institution"), (seal + "\u3000" * 2, date_line())),
        (_("Disabled persons' federation"), (seal + "\u3000" * 2, date_line())),
    )
    small = CENTRED.but(size=8.5)
    cells = tuple(
        Cell(rows=(Row((Cell(role, _SMALL, ground=True),), (1.0,)), Row((Cell("", small, foot=foot),), (1.0,), least=17 * MM)))
        for role, foot in boxes
    )  # fmt: skip
    return Row(cells, (1.0, 1.0, 1.2, 1.2))


# --- all together -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayStrip:
    """The days of a month side by side: one or two lines of figures a day, closed days tinted."""

    lines: tuple[tuple[str, ...], ...]
    tinted: frozenset[int]
    size: float = 7.2
    height: float = 22.0

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        count = max(len(self.lines[0]), 1)
        step = width / count
        for place in self.tinted:
            pen.fill(x + place * step, y, step, height, TINT)
        pen.lines([(x + place * step, y, x + place * step, y + height) for place in range(1, count)], INNER)
        face = _TEXT.chain
        leading = self.size * 1.2
        top = y + (height + leading * len(self.lines)) / 2
        for number, texts in enumerate(self.lines):
            base = top - (number + 0.5) * leading - self.size * 0.36
            for place, text in enumerate(texts):
                size = min(self.size, self.size * (step - 1.5) / max(face.width(text, self.size), 1.0))
                pen.centred(x + (place + 0.5) * step, base, text, face, size)


def funded_month_paper(month: FundedMonth, head: PaperHead) -> Paper:
    """Lay all children of one programme out: a line a child, lessons above minutes for each day of the month."""
    finished = all(sheet.finished for sheet in month.sheets)
    whole = head.but(period=month_title(month.month.first), subject=month.programme, state="" if finished else "draft")
    heads = (_month_head(month),)
    rows = [_child_row(number, sheet, heads) for number, sheet in enumerate(month.sheets, start=1)]
    top = facts([(_("Programme"), month.programme), (_("Required"), month.norm_words)], slots=2, width=ACROSS)
    parts = (Part("", top), Part("", (*heads, *rows, _month_total(month, heads))), Part("", (seals(),)))
    notes = [_("Each day: lessons above, minutes below; / where the child was not trained.")]
    notes += [] if finished else [_("The month is not over yet: this is a draft.")]
    return Paper(whole, held(parts), landscape=True, notes=tuple(notes), closed=False, bookmark=month.programme)


_DAYS = Fixed(421)
_WIDE = (Fixed(24), 1.3, _DAYS, Fixed(30), Fixed(30), Fixed(38), Fixed(40), 1.1)


def _month_head(month: FundedMonth) -> Row:
    days = month.sheets[0].days
    strip = DayStrip(
        (tuple(str(each.day.day) for each in days), tuple(_(SHORT_DAYS[each.day.weekday()])for each in days)),
        _closed(days), 7.0, 24.0,
    )  # fmt: skip
    names = (_("Days"), _("Full days"), _("Lessons"), _("Minutes"), _("Carer (countersigned)"))
    cells = [Cell(_("No."), _SMALL, ground=True), Cell(_("Name and aid card"), _SMALL, ground=True), Cell(art=strip)]
    columns = holding(_WIDE, (_("No."), _("Name and aid card"), "", *names), _SMALL, ACROSS)
    return Row((*cells, *(Cell(each, _SMALL, ground=True) for each in names)), columns, keep=True)


def _closed(days: Sequence[TrainingDay]) -> frozenset[int]:
    return frozenset(place for place, each in enumerate(days) if each.kind is not None and not each.kind.open)


def _child_row(number: int, sheet: AttendanceSheet, heads: tuple[Row, ...]) -> Row:
    counted = [day if day.enrolled and day.attended else None for day in sheet.days]
    lessons = tuple(str(day.lesson_count) if day else EMPTY for day in counted)
    minutes = tuple(str(day.minutes) if day else "" for day in counted)
    bold = _TEXT.but(face="song-bold")
    who = "\n".join(filter(None, (sheet.name, sheet.card_number)))
    figures = (sheet.attended_days, sheet.full_days, sheet.lessons, sheet.minutes)
    cells = (
        Cell(str(number), _TEXT), Cell(who, _TEXT), Cell(art=DayStrip((lessons, minutes), _closed(sheet.days))),
        *(Cell(str(each or EMPTY), bold) for each in figures), Cell(" ", _TEXT),
    )  # fmt: skip
    return Row(cells, heads[0].columns, heads=heads)


def _month_total(month: FundedMonth, heads: tuple[Row, ...]) -> Row:
    days = list(zip(*(sheet.days for sheet in month.sheets), strict=True))
    here = tuple(str(sum(each.attended and each.enrolled for each in day) or EMPTY) for day in days)
    bold = _TEXT.but(face="song-bold")
    figures = [
        sum(getattr(sheet, name) for sheet in month.sheets)
        for name in ("attended_days", "full_days", "lessons", "minutes")
    ]
    number, named, *others = heads[0].columns
    rest = ACROSS - sum(each for each in heads[0].columns if isinstance(each, Fixed))
    shares = sum(each for each in heads[0].columns if not isinstance(each, Fixed))
    first = Fixed(number + (named if isinstance(named, Fixed) else rest * named / shares))
    cells = (
        Cell(_("Children a day"), LABEL.but(size=8), ground=True),
        Cell(art=DayStrip((here,), _closed(month.sheets[0].days), height=16.0)),
        *(Cell(str(each or EMPTY), bold) for each in figures), Cell(EMPTY, _TEXT),
    )  # fmt: skip
    return Row(cells, (first, *others), heads=heads)
