"""How therapy looks 康复外观: the colour, letter and words of each therapy, and the columns and blocks of its week."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from models.holidays import DayKind
from models.leave import LEAVE_KINDS
from models.scheduling.occupancy import span
from models.scheduling.week import Block, Week
from models.therapies import REASONS, STATUSES, THERAPIES, Opening, mark, opening_hours, short_name
from resources import N_, _, ngettext
from ui.week import Band, Column, Shade, Tile

DAY = 1440
"""The minutes of a day: a week lying sideways counts on from its first midnight."""

TINTS = {
    "PT": "rehabilitation", "OT": "allowance", "ST": "care", "SI": "education", "COG": "today", "CE": "child",
    "MUS": "social_work", "PSY": "system", "PHY": "safety", "HYD": "info", "TCM": "transition",
}  # fmt: skip
"""One quiet colour a therapy; it never stands without the therapy's letter or word."""
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def tint(therapy: str) -> str:
    """Return the colour of a therapy."""
    return TINTS.get(therapy, "neutral")


def minutes_of(moment: datetime) -> int:
    """Return the minute of the day."""
    return moment.hour * 60 + moment.minute


def weekday(day: date) -> str:
    """Name the weekday of a day."""
    return _(WEEKDAYS[day.weekday()])


def week_span(
    days: Iterable[date], own: Mapping[date, tuple[Opening, ...]] | None = None
) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """Return the minutes that the rooms are open on some days, and the midday between; ``own`` are the home's hours."""
    begins, ends, noons = [], [], []
    for day in days:
        hours = (own or {}).get(day) or opening_hours(day)
        begins.append(hours[0].starts.hour * 60 + hours[0].starts.minute)
        ends.append(hours[-1].ends.hour * 60 + hours[-1].ends.minute)
        noons += [
            (one.ends.hour * 60 + one.ends.minute, other.starts.hour * 60 + other.starts.minute)
            for one, other in zip(hours, hours[1:], strict=False)
        ]
    fold = [(max(noon[0] for noon in noons), min(noon[1] for noon in noons))] if noons else []
    return (min(begins), max(ends)), [each for each in fold if each[1] - each[0] >= 60]


def day_columns(week: Week, days: Iterable[date], today: date, staff_id: str = "") -> list[Column]:
    """Return one column a day; a therapist's leave is shaded, holidays and working weekends are named."""
    columns = []
    for day in days:
        kind = week.occupancy.days.get(day) or DayKind(day, True)
        columns.append(
            Column(
                day.isoformat(), weekday(day), f"{day:%m-%d}", kind.words if kind.kind != "weekend" else "",
                closed=not kind.open, now=day == today, marked=day == today, shades=tuple(_leave_shades(week, staff_id, day)),
            )
        )  # fmt: skip
    return columns


def staff_columns(week: Week, day: date, today: date, people: Iterable[tuple[str, str]]) -> list[Column]:
    """Return one column a therapist for one day, with the number of sittings beneath the name."""
    kind = week.occupancy.days.get(day) or DayKind(day, True)
    columns = []
    for staff_id, name in people:
        count = sum(1 for block in week.of("therapist", staff_id) if block.starts_at.date() == day and block.holds)
        load = ngettext("{n} session", "{n} sessions", count).format(n=count) if count else _("free")
        shades = tuple(_leave_shades(week, staff_id, day))
        columns.append(Column(staff_id, name, load, "", not kind.open, day == today, shades=shades))
    return columns


def department_bands(week: Week, days: list[date], today: date) -> list[Band]:
    """Return the days of a whole department's week side by side, as long as the rooms are open or booked."""
    (low, high), _noon = week_span(days, week.occupancy.hours)
    low = min([low, *(minutes_of(block.starts_at) for block in week.blocks)])
    high = max([high, *(minutes_of(block.ends_at) for block in week.blocks)])
    bands = []
    for count, day in enumerate(days):
        kind = week.occupancy.days.get(day) or DayKind(day, True)
        note = kind.words if kind.kind != "weekend" else ""
        bands.append(
            Band(
                count * DAY + low, count * DAY + high, f"{weekday(day)} {day:%m-%d}", note, not kind.open, day == today
            )
        )
    return bands


def department_folds(
    days: list[date], bands: list[Band], own: Mapping[date, tuple[Opening, ...]]
) -> list[tuple[int, int]]:
    """Return what is folded away of a department's week: middays and nights; ``own`` are the home's hours."""
    _span, noons = week_span(days, own)
    found = [(count * DAY + begin, count * DAY + end) for count in range(len(days)) for begin, end in noons]
    return found + [(one.end, other.start) for one, other in zip(bands, bands[1:], strict=False)]


def department_rows(week: Week, days: list[date], today: date, people: Iterable[tuple[str, str]]) -> list[Column]:
    """Return one row a therapist for a whole week: the hours booked beside the name, leave shaded."""
    booked: dict[str, float] = {}
    for block in week.blocks:
        if block.holds:
            hours = (block.ends_at - block.starts_at).total_seconds() / 3600
            booked[block.therapist_id] = booked.get(block.therapist_id, 0) + hours
    rows = []
    for staff_id, name in people:
        load = _("{n} h").format(n=f"{booked[staff_id]:g}") if staff_id in booked else ""
        shades = [
            Shade(count * DAY + shade.start, count * DAY + shade.end, shade.words)
            for count, day in enumerate(days)
            for shade in _leave_shades(week, staff_id, day)
        ]
        rows.append(Column(staff_id, name, load, now=today in days, shades=tuple(shades)))
    return rows


def department_tiles(
    blocks: Iterable[Block], days: list[date], now: datetime, shown: Collection[str], marks: Mapping[str, str]
) -> list[Tile]:
    """Return a whole week's blocks as tiles in the rows of their therapists."""
    offsets = {day: count * DAY for count, day in enumerate(days)}
    found = []
    for block in blocks:
        offset = offsets.get(block.starts_at.date())
        if offset is None or not _drawn(block, shown):
            continue
        tile = tile_of(block, "therapist", now, block.therapist_id, marks)
        found.append(replace(tile, start=offset + tile.start, end=offset + tile.end))
    return found


def _leave_shades(week: Week, staff_id: str, day: date) -> list[Shade]:
    if not staff_id:
        return []
    (begin, end), _folds = week_span([day], week.occupancy.hours)
    shades = []
    for absence in week.occupancy.absences:
        words = _("Leave: {kind}").format(kind=LEAVE_KINDS.label(absence.kind))
        if absence.staff_id != staff_id:
            continue
        if absence.covers(day, "morning"):
            shades.append(Shade(begin, 720, words))
        if absence.covers(day, "afternoon"):
            shades.append(Shade(720, end, words))
    return [Shade(begin, end, shades[0].words)] if len(shades) == 2 else shades


def tiles(
    blocks: Iterable[Block],
    by: str,
    now: datetime,
    shown: Collection[str],
    *,
    key_of: str = "day",
    marks: Mapping[str, str] | None = None,
) -> list[Tile]:
    """Return the blocks as tiles, told from the side of the ``therapist``, ``room``, ``child`` or ``group``."""
    return [
        tile_of(block, by, now, block.starts_at.date().isoformat() if key_of == "day" else block.therapist_id, marks)
        for block in blocks
        if _drawn(block, shown)
    ]


def as_proposed(found: Iterable[Tile]) -> list[Tile]:
    """Return blocks of a proposal as tiles that are told apart from what is published, and cannot be moved."""
    note = _("Proposed, not yet published")
    return [replace(tile, look="proposed", note=note, movable=False, tip="\n".join((tile.tip, note))) for tile in found]


def beside_proposal(found: Iterable[Tile], moving: Collection[str], leaving: Collection[str]) -> list[Tile]:
    """Return standing blocks, those that the proposal would move or take out with a word about it."""
    told = dict.fromkeys(moving, ("moving", _("Would move"))) | dict.fromkeys(leaving, ("leaving", _("Would fall out")))
    return [_would(tile, *told[tile.key]) if tile.key in told and tile.look == "booked" else tile for tile in found]


def _would(tile: Tile, look: str, words: str) -> Tile:
    return replace(tile, look=look, note=words, tip="\n".join((tile.tip, words)))


def _drawn(block: Block, shown: Collection[str]) -> bool:
    return (not shown or block.therapy in shown) and (not block.known or block.statuses != {"cancelled"})


def tile_of(block: Block, by: str, now: datetime, column: str, marks: Mapping[str, str] | None = None) -> Tile:
    """Return one block as a tile; ``marks`` are the letters of the therapies where many are drawn at once."""
    title, detail = _texts(block, by)
    letter = mark(block.therapy) if marks is None else marks.get(block.therapy, "")
    return Tile(
        block.key, column, minutes_of(block.starts_at), minutes_of(block.ends_at), title, detail, letter,
        tint(block.therapy), _look(block, now), status_words(block, now), block.movable, _tip(block, now),
        _short(block, by), block.locked,
    )  # fmt: skip


def therapy_marks() -> dict[str, str]:
    """Return the letter of every therapy in the language in use."""
    return {code.code: mark(code.code) for code in THERAPIES}


def _short(block: Block, by: str) -> str:
    """Name whom a block is for, in a child's week with whom it is, in as few characters as can be."""
    if not block.known:
        return ""
    return given_name(block.therapist) if by == "child" else short_names([each.name for each in block.members])


def short_names(names: Sequence[str]) -> str:
    """Name those treated together in next to no room: the given name, or how many there are."""
    return given_name(names[0]) if len(names) == 1 else f"{len(names)}×"


def given_name(name: str) -> str:
    """Return the part of a name by which a person is known in the house."""
    if name.isascii():
        return name.split()[-1] if name else ""
    return name.split("·")[0][:3] if "·" in name else name[-2:]


def group_name(block: Block) -> str:
    """Name a group: its therapy, and who takes part."""
    return f"{short_name(block.therapy)} {_(', ').join(member.name for member in block.members)}"


def _texts(block: Block, by: str) -> tuple[str, str]:
    if not block.known:
        return _("Taken"), block.therapist if by == "room" else block.room
    if by == "child":
        word = short_name(block.therapy)
        name = block.therapist if word == mark(block.therapy) else f"{word} {block.therapist}"
        return name, block.room
    count = len(block.members) + block.others
    size = _("{n} children").format(n=count) if count > 1 else ""
    place = block.therapist if by in ("room", "group") else block.room
    return _(", ").join(member.name for member in block.members), _(" · ").join(filter(None, (size, place)))


def who(block: Block) -> str:
    """Name the children of a block: the one, or how many and which."""
    names = [member.name for member in block.members]
    if not names:
        return _("another child")
    if len(names) + block.others == 1:
        return names[0]
    return _("Group of {n}: {names}").format(n=len(names) + block.others, names=_(", ").join(names))


def _look(block: Block, now: datetime) -> str:
    if not block.known:
        return "taken"
    if block.statuses <= {"absent", "cancelled"}:
        return "missed"
    if "booked" in block.statuses:
        return "due" if block.ends_at < now else "booked"
    return "signed" if all(member.signed for member in block.members) else "done"


def status_words(block: Block, now: datetime) -> str:
    """Say the state of a block in words: attendance, with the reason when there is one."""
    if not block.known:
        return ""
    if len(block.members) == 1:
        member = block.members[0]
        if member.status == "booked":
            return _("to be recorded") if block.ends_at < now else ""
        return " ".join(filter(None, (STATUSES.label(member.status), REASONS.label(member.reason))))
    here = sum(member.status in ("done", "late", "made_up") for member in block.members)
    if "booked" in block.statuses:
        return _("to be recorded") if block.ends_at < now else ""
    return _("{n} of {all} attended").format(n=here, all=len(block.members))


def _tip(block: Block, now: datetime) -> str:
    lines = [
        f"{span(block.starts_at, block.ends_at)}  {THERAPIES.label(block.therapy)}",
        who(block),
        _(" · ").join(filter(None, (block.therapist, block.room, block.equipment))),
        status_words(block, now),
        _("Locked: it stays where it is") if block.locked else "",
    ]
    return "\n".join(line for line in lines if line)
