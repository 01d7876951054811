"""Forms of care 养护表单: the hand-over between shifts, and a child's growth on one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models import growth_standards as standards
from models.age import age_on
from models.care import HandOver
from models.core.database import Work
from models.core.queries import load, titles
from models.form_words import FINAL, Words, about, child_of, unsigned
from models.forms import Asked, Form, form
from models.growth import GrowthMeasurement, measurements, subject_of
from models.growth_chart import GrowthChart
from models.growth_results import GrowthSubject, Judged, Measured, assess, chart_of, standards_words
from models.month import Grid, Section
from models.papers import Signed
from models.shifts import SHIFTS
from resources import N_, _

_HEADS = ("expected", "present", "out", "hospital")
_TOLD = ("special", "unusual", "away", "treatment", "incidents", "equipment", "to_do")


@form("shift_hand_over", N_("Shift hand-over sheet"), of="HandOver", needs="HandOver")
def shift_hand_over(work: Work, asked: Asked) -> list[Form]:
    """Return the hand-over of a unit between two shifts 交接班记录, with both signatures."""
    record: HandOver = load(work, HandOver, asked.record_id)
    words = Words(work, HandOver, record)
    unit = titles(work, "unit", [record.unit_id]).get(record.unit_id, "")
    names = titles(work, "staff", [record.handed_by_id, record.received_by_id])
    final = record.state in FINAL or record.received_at is not None
    signed = (
        Signed(_("Handing over"), names.get(record.handed_by_id or "", ""), record.handed_at),
        Signed(_("Taking over"), names.get(record.received_by_id or "", ""), record.received_at),
        Signed(_("Head of department")),
    )
    return [
        Form(
            _("Shift hand-over sheet"), facts=((_("Unit"), unit), *words.pairs("day", "shift", "at")),
            sections=(Section(_("Head count"), facts=words.pairs(*_HEADS)), Section(_("Told"), texts=words.pairs(*_TOLD))),
            signed=signed, subject=unit, period=f"{record.day.isoformat()} {SHIFTS.label(record.shift)}", final=final,
            state="" if final or record.state == "submitted" else record.state,
        )
    ]  # fmt: skip


# --- growth ---


@form("growth_sheet", N_("Growth sheet"), of="child", needs="GrowthMeasurement", beside=("GrowthMeasurement",))
def growth_sheet(work: Work, asked: Asked) -> list[Form]:
    """Return all measurements with what the standards say, and the curves with their bands 生长发育记录."""
    child = child_of(work, asked, GrowthMeasurement)
    subject, known = subject_of(work, child.id), measurements(work, child.id)
    sections = [Section(_("Measurements"), grids=tuple(_measured_grid(subject, known)))]
    charts = tuple(_charts(subject, known))
    if charts:
        sections.append(Section(_("Curves"), chart=charts, texts=((_("Basis"), standards_words(charts[0])),)))
    sections.append(Section(_("Judged"), grids=tuple(_judged_grid(subject, known))))
    return [
        replace(
            about(work, child, _("Growth sheet")), sections=tuple(sections), pictured=True,
            signed=unsigned(_("Measured by"), _("Doctor"), _("Head of department")), final=bool(known),
            notes=(_("z is the distance from the median in standard deviations; a band stands where the date of birth is estimated."),),
        )
    ]  # fmt: skip


def _measured_grid(subject: GrowthSubject, known: list[Measured]) -> Iterator[Grid]:
    """One line a measuring, each value with its z beneath."""
    z = _("z")
    headings = (
        _("Date"), _("Age"), f"{_('Weight (kg)')}\n{z}", f"{_('Length or height (cm)')}\n{z}", f"{_('Head (cm)')}\n{z}", f"{_('BMI (kg/m²)')}\n{z}", _("Remark"),
    )  # fmt: skip
    rows = tuple(_measured_row(subject, each) for each in known)
    if rows:
        yield Grid(headings, rows, widths=(1.3, 1.4, 1.4, 1.5, 1.4, 1.4, 1.7))


def _measured_row(subject: GrowthSubject, each: Measured) -> tuple[str, ...]:
    judged = assess(subject, each)
    found = {one.reading.indicator: one.z_words() for one in judged.judged}
    age = age_on(subject.born_on, max(each.day, subject.born_on)).words(estimated=subject.estimated)
    values = ((getattr(each, name), found.get(name, "")) for name in ("weight", "stature", "head", "bmi"))
    cells = ("\n".join(filter(None, (f"{value:.1f}", z))) if value else "" for value, z in values)
    return each.day.isoformat(), age, *cells, judged.why_not or each.note


def _judged_grid(subject: GrowthSubject, known: list[Measured]) -> Iterator[Grid]:
    """What the latest value of each indicator means in words."""
    latest: dict[str, tuple[Measured, Judged]] = {}
    for each in known:
        latest |= {judged.reading.indicator: (each, judged) for judged in assess(subject, each).judged}
    rows = tuple(
        (
            str(code), each.day.isoformat(),
            f"{judged.reading.value:.1f} {standards.UNITS[code.code]}", judged.z_words(), judged.level_words(), judged.group_words(),
        )
        for code in standards.INDICATORS if code.code in latest
        for each, judged in [latest[code.code]]
    )  # fmt: skip
    if rows:
        headings = (_("What"), _("Date"), _("Measured value"), _("z"), _("Growth level"), _("Nutrition"))
        yield Grid(headings, rows, _("Latest values"), frozenset({2, 3}), (2.2, 1.4, 1.6, 1.2, 1.6, 2.8))


def _charts(subject: GrowthSubject, known: list[Measured]) -> Iterator[GrowthChart]:
    """Weight and stature, then head for the small and BMI for all: whatever was measured."""
    if not known or not subject.table_sex:
        return
    months = age_on(subject.born_on, max(known[-1].day, subject.born_on)).in_months
    for indicator in ("weight", "stature", "head" if months < 36 else "bmi", "bmi" if months < 36 else ""):
        points = [each for each in known if indicator and getattr(each, indicator)]
        if points:
            yield chart_of(subject, points, indicator, current=points[-1].id)
