"""A therapist's sessions as a calendar file, read back by a reader of its own that knows only the standard."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from models.child import Caseload, Child
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.scheduling.calendar_export import Event, therapist_calendar, written
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import NOW, actor

MONDAY = date(2026, 11, 16)
SUNDAY = date(2026, 11, 29)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)
HOSTILE = (
    "a,b;c\\d", "zwei\nZeilen\r\nEND:VEVENT", "BEGIN:VEVENT\r\nSUMMARY:x", "ATTACH:file:///etc/passwd", '"q" : ;X-A=1', "\x00\x07红",
    "😀𠮷·" * 60, "长" * 300, "\u2028\u2029\u202e", "\\n\\,\\;", " ", "=cmd|x", "<b>x</b>", "{x} %s",
)  # fmt: skip


# --- a reader by the letter of RFC 5545, which shares nothing with the writer ---------------------------------------


def unfolded(content: bytes) -> list[str]:
    """Return the content lines; every physical line ends in CRLF and is at most 75 octets long."""
    assert content.endswith(b"\r\n")
    physical = content.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in physical)
    assert b"\n" not in content.replace(b"\r\n", b"")
    joined = b"\r\n".join(physical).replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
    return joined.decode("utf-8").split("\r\n")


def components(content: bytes) -> list[dict[str, tuple[dict[str, str], str]]]:
    """Return every component as {property: (parameters, value)}, checking that BEGIN and END match."""
    found, stack = [], []
    for line in unfolded(content):
        head, value = re.match(r'((?:[^:"]|"[^"]*")*):(.*)', line, re.DOTALL).groups()
        name, *parameters = head.split(";")
        if name == "BEGIN":
            stack.append({"": ({}, value)})
        elif name == "END":
            done = stack.pop()
            assert done[""][1] == value
            found.append(done)
        else:
            assert name not in stack[-1], f"{name} twice"
            stack[-1][name] = (dict(each.split("=", 1) for each in parameters), value)
    assert not stack
    return found


def plain(text: str) -> str:
    """Take the escapes of a TEXT value back."""
    return re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], text)


def events_in(content: bytes) -> list[SimpleNamespace]:
    """Return the events as a calendar would show them, with their moments in the world's time."""
    zones = {each["TZID"][1]: each for each in components(content) if each[""][1] == "VTIMEZONE"}
    rules = [each for each in components(content) if each[""][1] == "STANDARD"]
    assert list(zones) == ["Asia/Shanghai"] and len(rules) == 1
    offset = timedelta(hours=int(rules[0]["TZOFFSETTO"][1][:3]))

    def moment(of: tuple[dict[str, str], str]) -> datetime:
        assert of[0] == {"TZID": "Asia/Shanghai"}
        return datetime.strptime(of[1], "%Y%m%dT%H%M%S").replace(tzinfo=timezone(offset)).astimezone(UTC)

    return [
        SimpleNamespace(
            uid=each["UID"][1], sequence=int(each["SEQUENCE"][1]), start=moment(each["DTSTART"]), end=moment(each["DTEND"]),
            summary=plain(each["SUMMARY"][1]), place=plain(each.get("LOCATION", ({}, ""))[1]), status=each["STATUS"][1],
            stamp=each["DTSTAMP"][1], names=set(each),
        )
        for each in components(content)
        if each[""][1] == "VEVENT"
    ]  # fmt: skip


# --- the home -----------------------------------------------------------------------------------------------------


@pytest.fixture
def clinic(database) -> SimpleNamespace:
    with database.work(SYSTEM) as work:
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        zhou = records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist", "skills": ["pt"]})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "skills": ["pt"]})
        first, second = (
            records.save(work, Child, {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)})
            for name, number in (("曾小乐", "2020-001"), ("王小雨", "2021-003"))
        )
        for child in (first, second):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
        wishes = [
            Wish((first,), "PT", li, NINE, NINE + HALF_HOUR, hall),
            Wish((second,), "PT", li, NINE + HALF_HOUR, NINE + 2 * HALF_HOUR, hall),
            Wish((first, second), "CE", li, NINE + timedelta(hours=5), NINE + timedelta(hours=6), hall),
            Wish((first,), "PT", zhou, NINE + timedelta(days=1), NINE + timedelta(days=1) + HALF_HOUR, hall),
        ]
        keys = [booking.book(work, wish, confirmed=True).created for wish in wishes]
    who = actor("therapist", staff_id=li, name="李静")
    return SimpleNamespace(database=database, li=li, zhou=zhou, first=first, second=second, keys=keys, who=who)


def exported(clinic, who=None, *, named=False, staff="") -> list[SimpleNamespace]:
    with clinic.database.work(who or clinic.who) as work:
        made = therapist_calendar(work, staff or clinic.li, MONDAY, SUNDAY, named=named)
    found = events_in(made.content)
    assert len(found) == made.events
    return found


def test_each_sitting_is_one_event_at_the_right_moment_of_the_world_with_masked_names(clinic):
    found = exported(clinic)
    assert [(each.start.strftime("%d %H:%M"), each.summary, each.place) for each in found] == [
        ("16 01:00", "PT 曾＊＊ 20-001", "PT大厅"), ("16 01:30", "PT 王＊＊ 21-003", "PT大厅"),
        ("16 06:00", "Conductive, group of 2: 曾＊＊ 20-001, 王＊＊ 21-003", "PT大厅"),
    ]  # fmt: skip
    assert all(each.status == "CONFIRMED" for each in found)
    assert {each.stamp for each in found} == {(NOW - timedelta(hours=8)).strftime("%Y%m%dT%H%M%SZ")}


def test_an_event_keeps_its_mark_when_it_is_moved_and_says_that_it_is_newer(clinic):
    before = exported(clinic)[0]
    with clinic.database.work(SYSTEM) as work:
        booking.move(
            work, clinic.keys[0][0], NINE + timedelta(days=2), NINE + timedelta(days=2) + HALF_HOUR, confirmed=True
        )
    after = {each.uid: each for each in exported(clinic)}
    assert after[before.uid].start == before.start + timedelta(days=2)
    assert after[before.uid].sequence > before.sequence
    assert len(after) == 3


def test_what_was_cancelled_or_taken_back_is_told_as_cancelled(clinic):
    with clinic.database.work(SYSTEM) as work:
        booking.cancel(work, [clinic.keys[0][0]], "away")
        records.put_in_bin(work, TherapySession, clinic.keys[1][0])
    found = exported(clinic)
    assert [each.status for each in found] == ["CANCELLED", "CANCELLED", "CONFIRMED"]


def test_a_group_goes_on_when_one_child_is_cancelled(clinic):
    with clinic.database.work(SYSTEM) as work:
        booking.cancel(work, [clinic.keys[2][0]], "away")
    group = exported(clinic)[2]
    assert (group.status, group.summary) == ("CONFIRMED", "Conductive 王＊＊ 21-003")


def test_nothing_clinical_leaves_the_house(clinic):
    with clinic.database.work(SYSTEM) as work:
        booking.attend(work, {clinic.keys[0][0]: Attendance("absent", "ill", note="发热38.5")})
        records.save(
            work, TherapySession, {"result": "扶站8秒", "note": "易疲劳"}, id=clinic.keys[1][0], confirmed=True
        )
    with clinic.database.work(clinic.who) as work:
        content = therapist_calendar(work, clinic.li, MONDAY, SUNDAY).content.decode()
    for word in ("扶站", "疲劳", "38.5", "ill", "Absent", "曾小乐", "王小雨", "DESCRIPTION", "COMMENT"):
        assert word not in content, word
    assert "CLASS:PRIVATE" in content


def test_whole_names_need_the_right_and_the_choice_and_are_noted(clinic):
    with pytest.raises(Forbidden):
        exported(clinic, named=True)
    director = actor("director")
    assert exported(clinic, director)[0].summary == "PT 曾＊＊ 20-001"
    assert exported(clinic, director, named=True)[0].summary == "PT 曾小乐"
    with clinic.database.read(SYSTEM) as work:
        noted = [json.loads(each) for each in work.scalars(
            select(AuditEntry.details).where(AuditEntry.event == "exported").order_by(AuditEntry.sequence))]  # fmt: skip
    assert [each["names"] for each in noted] == ["masked", "whole"]
    assert noted[0]["rows"] == 3 and noted[0]["form"] == "ICS"


def test_whoever_may_not_export_gets_no_file(clinic):
    for role in ("caregiver", "nurse", "auditor"):
        with pytest.raises(Forbidden):
            exported(clinic, actor(role))


def test_only_children_entrusted_to_the_person_are_in_the_file(clinic):
    stranger = actor("therapist", staff_id=clinic.zhou)
    assert exported(clinic, stranger, staff=clinic.li) == []


def test_hostile_texts_stay_in_their_place():
    moment = datetime(2026, 11, 16, 9, 0)
    made = [
        Event(f"{number}@qinghe.invalid", 1, moment, moment + HALF_HOUR, text, text, moment, False)
        for number, text in enumerate(HOSTILE)
    ]
    found = events_in(written(made, HOSTILE[1], moment))
    assert len(found) == len(HOSTILE)
    for each, text in zip(found, HOSTILE, strict=True):
        kept = "".join(sign for sign in " ".join(text.split()) if sign.isprintable() or sign in "\u202e")
        assert each.summary.replace("\u202e", "") == kept[:500].replace("\u202e", "")
        assert each.names <= {"", "UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "LOCATION",
                              "CLASS", "STATUS", "TRANSP"}  # fmt: skip


def test_an_empty_calendar_is_still_a_calendar():
    kinds = [each[""][1] for each in components(written([], "李静", NINE))]
    assert kinds == ["STANDARD", "VTIMEZONE", "VCALENDAR"]
