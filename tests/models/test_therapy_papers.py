"""What the therapy papers gather: weeks by therapist, child and room, masks, and a workload whose sums close."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.child import Caseload, Child
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Invalid
from models.funded_programmes import ProgrammeEnrolment
from models.leave import StaffLeave
from models.month import Month
from models.papers import recent_prints
from models.person_name import masked_name
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.staff import Staff
from models.therapies import REASONS, TREATED
from models.therapy_papers import THERAPY_PAPERS, gathered, period_of
from models.therapy_timetables import SIMPLE, Asked, subjects
from models.therapy_workload import OUTCOMES, Count, Counted, count, counts_by
from models.unit import Unit
from reports.therapy_papers import render_sheets, therapy_document
from resources import use_language
from tests.conftest import actor

MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(database) -> SimpleNamespace:
    """Two therapists, three children, one of them only entrusted to the second; singles, a group, an absence, a cancelled one."""
    with database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        li, zhou = (
            records.save(work, Staff, {"name": name, "sex": "2", "post": "therapist", "skills": skills})
            for name, skills in (("李静", ["pt", "conductive"]), ("周航", ["ot"]))
        )
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "skills": ["pt"]})
        born = {"sex": "1", "born_on": date(2020, 1, 1), "unit_id": unit}
        first, second, third = (
            records.save(work, Child, {"name": name, "number": number, **born})
            for name, number in (("曾小乐", "2020-001"), ("阿依古丽·买买提", "2019-002"), ("王小雨", "2021-003"))
        )
        for child in (first, second):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
        records.save(work, StaffLeave, {"staff_id": zhou, "kind": "ill", "starts_on": MONDAY + timedelta(days=1),
                                        "ends_on": MONDAY + timedelta(days=1), "part": "morning"})  # fmt: skip

        def book(children, therapy, staff, start, length=HALF_HOUR):
            return booking.book(
                work, Wish(children, therapy, staff, start, start + length, hall), confirmed=True
            ).created

        done = book((first,), "PT", li, NINE)[0]
        ill = book((second,), "PT", li, NINE + HALF_HOUR)[0]
        group = book((first, second), "CE", li, NINE + timedelta(hours=5), timedelta(hours=1))
        other = book((third,), "OT", zhou, NINE + timedelta(days=2))[0]
        dropped = book((first,), "PT", li, NINE + timedelta(days=3))[0]
        booking.attend(work, {done: Attendance("done"), ill: Attendance("absent", "ill")})
        booking.attend(work, dict.fromkeys(group, Attendance("done")))
        booking.cancel(work, [dropped], "away")
    return SimpleNamespace(
        database=database, li=li, zhou=zhou, hall=hall, first=first, second=second, third=third, other=other,
        director=actor("director"), therapist=actor("therapist", staff_id=li, name="李静"),
    )  # fmt: skip


def gather(clinic, key: str, who=None, *, day=MONDAY, ids=(), masked=False):
    with clinic.database.work(who or clinic.director) as work:
        return gathered(work, THERAPY_PAPERS[key], Asked(day, ids, masked))


def test_the_department_stands_on_one_sheet_with_groups_leave_and_sums(clinic):
    use_language("zh_CN")
    week = gather(clinic, "department_week")[0]
    rows = {row.name: row for row in week.rows}
    assert rows["李静"].halves[0] == (("09:00 曾小乐 PT", "09:30 阿依古丽·买买提 PT"), ("14:00 引导式2人",))
    assert rows["周航"].away[1] == ("病假", "")
    assert rows["周航"].therapy == "OT" and rows["周航"].halves[2][0] == ("09:00 王小雨",)
    assert week.per_day == (3, 0, 1, 0, 0) and week.sittings == 4  # the cancelled one takes no place
    assert rows["李静"].minutes == 120


def test_a_therapist_sees_only_that_others_are_busy(clinic):
    week = gather(clinic, "department_week", clinic.therapist)[0]
    rows = {row.name: row for row in week.rows}
    assert rows["周航"].halves[2][0] == ("09:00 Taken",)
    assert gather(clinic, "child_week", clinic.therapist, ids=(clinic.third,)) == []


def test_a_therapists_week_names_children_and_rooms(clinic):
    week = gather(clinic, "therapist_week", ids=(clinic.li,))[0]
    assert [(f"{each.starts_at:%a %H:%M}", each.title, each.detail) for each in week.lessons] == [
        ("Mon 09:00", "曾小乐", "PT · PT大厅"), ("Mon 09:30", "阿依古丽·买买提", "PT · PT大厅"),
        ("Mon 14:00", "2 children: 曾小乐, 阿依古丽·买买提", "Conductive · PT大厅"),
    ]  # fmt: skip


def test_a_childs_week_for_the_wall_speaks_simply(clinic):
    use_language("zh_CN")
    week = gather(clinic, "child_week", ids=(clinic.first,))[0]
    assert [each.title for each in week.lessons] == ["运动", "引导式小组"]
    assert week.number == "2020-001" and not week.public
    assert all(code.chinese and len(code.chinese) <= 5 for code in SIMPLE)


def test_a_door_sheet_masks_the_names_and_bears_no_file_number(clinic):
    sheet = gather(clinic, "room_day", ids=(clinic.hall,), masked=True)[0]
    assert [each.title for each in sheet.lessons][:2] == ["曾＊＊ 20-001", "阿＊＊ 19-002"]
    assert sheet.public
    open_sheet = gather(clinic, "room_week", ids=(clinic.hall,))[0]
    assert not open_sheet.public and open_sheet.lessons[0].title == "曾小乐"


@pytest.mark.parametrize(
    ("name", "number", "mask"),
    [("曾小乐", "2020-001", "曾＊＊ 20-001"), ("单雄", "", "单＊"), ("阿依古丽·买买提", "2019-002", "阿＊＊ 19-002"),
     ("Anna Berg", "7", "A. B. 7"), ("乐", "", "乐＊"), ("", "", "＊"), ("𠮷田", "2020-1", "𠮷＊ 20-1")],
)  # fmt: skip
def test_a_mask_keeps_the_first_sign_and_the_end_of_the_number(name, number, mask):
    assert masked_name(name, number) == mask


@given(st.text(min_size=2, max_size=20), st.text(alphabet="0123456789-", max_size=9))
def test_no_mask_ever_gives_the_whole_name_away(name, number):
    said = masked_name(name)
    letters = [sign for sign in name if sign.isalpha()]
    assert len([sign for sign in said if sign.isalpha()]) <= max(2, len(letters) // 2)
    assert masked_name(name, number).startswith(said)


# --- the month -----------------------------------------------------------------------------------------------


def test_the_months_sums_close_whichever_way_they_are_counted(clinic):
    month = gather(clinic, "workload")[0]
    for lines in (month.therapists, month.children, month.therapies):
        summed = Count()
        for line in lines:
            summed.add(line.count)
        assert summed.by_status == month.whole.by_status and summed.by_reason == month.whole.by_reason
        assert summed.minutes == month.whole.minutes
    for lines in (month.therapists, month.therapies):
        assert sum(line.count.sittings for line in lines) == month.whole.sittings == 2
        assert sum(line.count.sitting_minutes for line in lines) == month.whole.sitting_minutes == 90
    assert month.whole.by_status == Counter(done=3, absent=1, cancelled=1, booked=1)
    assert month.whole.groups == 1 and month.whole.minutes == 150 and month.whole.by_reason == Counter(ill=1)
    assert not month.finished and not month.partial


def test_a_therapists_own_month_says_that_it_is_partial(clinic):
    month = gather(clinic, "workload", clinic.therapist)[0]
    assert month.partial and month.whole.sessions == 5


SESSIONS = st.lists(
    st.builds(
        Counted,
        st.sampled_from("abc"), st.sampled_from("xy"), st.sampled_from(["PT", "OT"]), st.sampled_from(["single", "group"]),
        st.sampled_from(OUTCOMES), st.sampled_from([None, *(code.code for code in REASONS)]),
        st.tuples(st.sampled_from("123456789"), st.just(NINE)), st.integers(10, 60), st.integers(0, 9),
    )
)  # fmt: skip


@given(SESSIONS)
def test_whatever_was_booked_every_way_of_counting_comes_to_the_same(sessions):
    whole = count(sessions)
    assert whole.sessions == len(sessions) == sum(whole.by_status[status] for status in OUTCOMES)
    assert sum(whole.by_reason.values()) == whole.by_status["absent"]
    assert whole.groups <= whole.sittings <= sum(each.status in TREATED for each in sessions)
    for key in ("child_id", "therapist_id", "therapy"):
        summed = Count()
        for each in counts_by(sessions, key).values():
            summed.add(each)
        assert (summed.by_status, summed.by_reason, summed.minutes) == (whole.by_status, whole.by_reason, whole.minutes)


# --- who may, and what is noted ---------------------------------------------------------------------------------


def test_whoever_may_not_print_sessions_prints_none(clinic):
    for key, kind in THERAPY_PAPERS.items():
        with pytest.raises(Forbidden):
            gather(clinic, key, actor("caregiver"))
        assert kind.needs[1] == "print"


def test_each_printing_is_noted_with_the_child_and_counted_once(clinic):
    gather(clinic, "child_week", ids=(clinic.first, clinic.second), masked=True)
    with clinic.database.read(SYSTEM) as work:
        found = work.execute(
            select(AuditEntry.child_id, AuditEntry.type_name).where(AuditEntry.event == "printed")
        ).all()
    assert {each.child_id for each in found} == {clinic.first, clinic.second}
    with clinic.database.read(clinic.director) as work:
        last = recent_prints(work)[0]
    assert (last.form, last.papers, last.period) == ("Week of a child in therapy", 2, "2026-11-16")


def test_the_period_names_the_week_by_its_monday_and_the_month_by_itself():
    thursday = date(2026, 11, 19)
    assert period_of(THERAPY_PAPERS["child_week"], thursday) == "2026-11-16"
    assert period_of(THERAPY_PAPERS["workload"], thursday) == "2026-11"
    assert period_of(THERAPY_PAPERS["room_day"], thursday) == "2026-11-19"


def test_every_paper_can_be_made_in_both_languages_from_a_real_home(clinic):
    with clinic.database.work(SYSTEM) as work:
        enrolment = {
            "child_id": clinic.first,
            "programme": "sz_physical",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
        }
        records.save(work, ProgrammeEnrolment, enrolment, confirmed=True)
    for language in ("zh_CN", "en"):
        use_language(language)
        for kind in THERAPY_PAPERS.values():
            pdf = therapy_document(clinic.database, clinic.director, kind, Asked(MONDAY, masked=kind.masked))
            assert pdf.startswith(b"%PDF"), kind.key


def test_nothing_to_print_is_said_in_words(clinic):
    from models.papers import PaperHead

    with pytest.raises(Invalid):
        render_sheets([], PaperHead("", "", NINE, ""))


def test_whom_a_paper_can_be_about_is_offered(clinic):
    with clinic.database.read(clinic.director) as work:
        assert [name for _key, name, _more in subjects(work, "therapist", MONDAY)] == ["李静", "周航"]
        assert [number for _key, _name, number in subjects(work, "child", MONDAY)] == [
            "2019-002",
            "2020-001",
            "2021-003",
        ]
        assert subjects(work, "room", MONDAY)[0][1:] == ("PT大厅", "Physiotherapy hall")
        assert subjects(work, "funded", MONDAY) == [] and subjects(work, "", MONDAY) == []
        assert subjects(work, "child", MONDAY + timedelta(weeks=3)) == []


def test_the_funded_childrens_sheets_are_gathered_by_programme(clinic):
    with clinic.database.work(SYSTEM) as work:
        for child, programme in ((clinic.first, "sz_physical"), (clinic.second, "js_autism")):
            values = {
                "child_id": child,
                "programme": programme,
                "starts_on": date(2026, 1, 1),
                "ends_on": date(2026, 12, 31),
            }
            records.save(work, ProgrammeEnrolment, values, confirmed=True)
    months = gather(clinic, "funded_month")
    assert len(months) == 2 and {len(each.sheets) for each in months} == {1}
    sheet = gather(clinic, "funded_sheet", ids=(clinic.first,))[0]
    assert sheet.month == Month(2026, 11) and (sheet.attended_days, sheet.lessons, sheet.minutes) == (1, 3, 90)
