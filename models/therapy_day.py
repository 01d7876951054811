"""A therapist's day on paper 治疗师当日训练单: the day with goals, what to beware of, and room to note by hand."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.database import Work
from models.my_day import DaySitting, MyDay, my_day
from models.person_name import masked_name
from models.scheduling.week import therapists
from models.therapies import REASONS, STATUSES, THERAPIES
from models.therapy_timetables import Asked
from resources import _


@dataclass(frozen=True)
class DayLine:
    """One child's line: empty texts are written by hand."""

    time: str
    name: str
    therapy: str
    room: str
    cautions: str
    goals: str
    last: str
    attended: str


@dataclass(frozen=True)
class DaySheet:
    """One therapist's day."""

    subject: str
    day: MyDay
    lines: tuple[DayLine, ...]
    child_id: str = ""
    public: bool = False


def therapist_day(work: Work, asked: Asked) -> list[DaySheet]:
    """Gather the day of each chosen therapist, of all who have one when none is chosen."""
    chosen = [each for each in therapists(work, asked.ids) if not asked.ids or each[0] in asked.ids]
    found = []
    for key, name in chosen:
        day = my_day(work, key, asked.day)
        if day.sittings or asked.ids:
            lines = tuple(line for each in day.sittings for line in _lines(each, masked=asked.masked))
            found.append(DaySheet(name, day, lines))
    return found


def _lines(sitting: DaySitting, *, masked: bool) -> list[DayLine]:
    block = sitting.block
    time = f"{block.starts_at:%H:%M}–{block.ends_at:%H:%M}"
    if not sitting.children:
        return [DayLine(time, _("Taken"), THERAPIES.label(block.therapy), block.room, "", "", "", "")]
    made = []
    for child in sitting.children:
        member = child.member
        booked = member.status == "booked"
        made.append(
            DayLine(
                time,
                masked_name(member.name, child.number) if masked else member.name,
                THERAPIES.label(block.therapy),
                block.room,
                _("; ").join(child.cautions),
                "\n".join(child.goals),
                f"{child.last_on:%m-%d} {child.last_result}" if child.last_on else "",
                "" if booked else " ".join(filter(None, (STATUSES.label(member.status), REASONS.label(member.reason)))),
            )
        )
    return made
