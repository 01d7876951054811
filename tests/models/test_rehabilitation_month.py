"""A child's month in rehabilitation and at school, what is due, and what the week shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models.alerts import alerts_for
from models.child import Caseload
from models.core import records
from models.core.access import SYSTEM
from models.education import ClassAttendance, IepGoal, Schooling, TermReview
from models.education_month import education_month, education_plan_lines, iep_lines
from models.measurement import course
from models.month import Month
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.rehabilitation_file import assessments, correct_plan, plan_on, plan_sheet, previous, trends
from models.rehabilitation_month import rehabilitation_month, rehabilitation_plan_lines
from models.reminders import due_now
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.scheduling.week import read_week, session_sheet, to_make_up
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor

OCTOBER = Month(2026, 10)
START = datetime(2026, 10, 12, 9, 0)


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    """A child with an approved plan, goals, two assessments, and five sessions of October."""
    with home.database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4})
        records.save(work, Caseload, {"child_id": home.child, "staff_id": therapist, "starts_on": date(2026, 1, 1)})
        plan = records.save(work, RehabilitationPlan, {
            "child_id": home.child, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28),
            "review_on": date(2026, 11, 24), "findings": "独坐不稳", "contraindications": ["epilepsy"],
        })  # fmt: skip
        of_plan = {"child_id": home.child, "plan_id": plan}
        records.save(
            work, PlannedTherapy, {**of_plan, "therapy": "PT", "sessions_a_week": 3, "minutes": 30, "form": "single"}
        )
        long = records.save(work, RehabilitationGoal, {
            **of_plan, "term": "long", "text": "独站", "baseline": "不能", "criterion": "1分钟", "due_on": date(2027, 2, 1),
        })  # fmt: skip
        short = records.save(work, RehabilitationGoal, {
            **of_plan, "term": "short", "text": "扶站10秒", "baseline": "3秒", "criterion": "5次中4次",
            "due_on": date(2026, 12, 1), "first_rating": "-2", "parent_id": long, "therapy": "PT",
        })  # fmt: skip
        for day, rating in ((date(2026, 9, 20), "-1"), (date(2026, 10, 20), "0"), (date(2026, 11, 10), "1")):
            records.save(work, RehabilitationGoal, {"rating": rating, "rated_on": day}, id=short)
        for step in ("submit", "approve"):
            records.take_step(work, RehabilitationPlan, plan, step)
        for day, total in ((date(2026, 4, 1), 40), (date(2026, 10, 15), 55)):
            records.save(work, Assessment, {
                "child_id": home.child, "scale": "BARTHEL", "kind": "review", "assessed_on": day, "scores": {"total": total},
            })  # fmt: skip
    return SimpleNamespace(
        **vars(home), therapist=therapist, hall=hall, plan=plan, short=short, long=long,
        li=actor("therapist", staff_id=therapist),
    )  # fmt: skip


def wish(clinic, start, **given) -> Wish:
    return Wish((clinic.child,), "PT", clinic.therapist, start, start + timedelta(minutes=30), clinic.hall, **given)


@pytest.fixture
def october(clinic) -> SimpleNamespace:
    """Two done (one late), one absent and made up, one cancelled, one never recorded."""
    with clinic.database.work(SYSTEM) as work:
        keys = [booking.book(work, wish(clinic, START + timedelta(days=each))).created[0] for each in (0, 1, 2, 3, 4)]
        booking.attend(work, {
            keys[0]: Attendance("done"), keys[1]: Attendance("late", "other", 10), keys[2]: Attendance("absent", "ill"),
        })  # fmt: skip
        booking.cancel(work, [keys[3]], "power")
        again = booking.book(work, wish(clinic, START + timedelta(days=7), makes_up_id=keys[2])).created[0]
        booking.attend(work, {again: Attendance("done")})
        records.save(work, TherapySession, {"result": "扶站8秒"}, id=keys[0])
    return SimpleNamespace(**vars(clinic), keys=keys)


def section(clinic, make, month=OCTOBER):
    with clinic.database.read(clinic.director) as work:
        return make(work, clinic.child, month)


def test_the_month_counts_planned_and_done_by_therapy_with_attendance(october):
    made = section(october, rehabilitation_month)
    facts = dict(made.facts)
    assert facts["Sessions planned / done"] == "5 / 3"
    assert facts["Hours planned / done"] == "2.0 / 1.3"
    assert facts["Attendance rate"] == "75%"
    row = made.grids[0].rows[0]
    assert row == ("Physiotherapy (PT)", "5", "2", "1", "1", "1", "2.0", "1.3", "75%")


def test_the_month_says_why_sessions_failed_how_it_went_and_where_the_goals_stand(october):
    made = section(october, rehabilitation_month)
    texts = dict(made.texts)
    assert texts["Reasons of absence and cancelling"] == "Ill 1, Power cut 1"
    assert "扶站8秒" in texts["Course of treatment"]
    goals = next(grid for grid in made.grids if grid.title == "Goals")
    assert [row[1] for row in goals.rows] == ["独站", "扶站10秒"]
    assert goals.rows[1][3:5] == ("−1 less than expected", "0 as expected")
    last = next(grid for grid in made.grids if grid.title == "Last assessments")
    assert last.rows[0][1:4] == ("2026-10-15", "55 Moderately dependent", "+15")


def test_a_month_without_anything_is_empty(home):
    assert section(home, rehabilitation_month, Month(2025, 1)).empty
    assert section(home, education_month, Month(2025, 1)).empty


def test_the_next_month_says_what_is_prescribed_and_reviewed(clinic):
    with clinic.database.read(clinic.director) as work:
        lines = list(rehabilitation_plan_lines(work, clinic.child, Month(2026, 11)))
    assert lines == ["Rehabilitation: PT 3 × 30 min a week", "Review of the rehabilitation plan on 2026-11-24"]


def test_assessments_stand_beside_the_one_before_and_make_a_trend(clinic):
    with clinic.database.read(clinic.li) as work:
        lines = assessments(work, clinic.child)
        before = previous(work, clinic.child, "BARTHEL", date(2026, 10, 15), lines[0].id)
    assert [(line.total, line.change, line.better) for line in lines] == [(55, "+15", True), (40, "", None)]
    assert before["total"] == 40
    assert trends(lines)[0].points == ((date(2026, 4, 1), 40), (date(2026, 10, 15), 55))


def test_an_assessment_and_its_correction_are_compared_with_the_one_before_not_with_each_other(clinic):
    with clinic.database.work(clinic.director) as work:
        new = assessments(work, clinic.child)[0].id
        for step in ("submit", "approve"):
            records.take_step(work, Assessment, new, step)
        correction = records.correct(work, Assessment, new, "抄录有误")
    with clinic.database.read(clinic.director) as work:
        day = date(2026, 10, 15)
        found = [previous(work, clinic.child, "BARTHEL", day, each)["total"] for each in (new, correction)]
        changes = {line.id: line.change for line in assessments(work, clinic.child)}
        judged = {line.id: line.verdict.change for line in course(work, clinic.child, "BARTHEL") if line.verdict}
    assert found == [40, 40]
    assert changes[new] == changes[correction] == "+15"
    assert judged == {new: 15, correction: 15}


def test_correcting_a_plan_takes_its_goals_and_therapies_along(clinic):
    with clinic.database.work(clinic.director) as work:
        new = correct_plan(work, clinic.plan, "复评后调整")
        sheet = plan_sheet(work, new)
        assert [goal.text for goal in sheet.goals] == ["独站", "扶站10秒"]
        assert sheet.goals[1].parent_id == sheet.goals[0].id and sheet.goals[0].id != clinic.long
        assert plan_on(work, clinic.child, work.today) == clinic.plan


def test_goal_attainment_weighs_the_rated_goals(clinic):
    with clinic.database.read(clinic.director) as work:
        assert plan_sheet(work, clinic.plan).attainment == 60.0


def due(clinic, who) -> list[str]:
    with clinic.database.read(who) as work:
        return [each.text for each in due_now(work) if each.area == "rehabilitation"]


def test_a_therapist_is_told_what_is_due(october):
    with october.database.work(SYSTEM) as work:
        booking.book(work, wish(october, datetime(2026, 11, 20, 10, 0)))
    said = due(october, october.li)
    assert "1 session today; next 10:00 曾小乐" in said
    assert "5 therapy sessions to sign" in said
    assert "Review the rehabilitation plan" in said
    assert "Treatment has rested for 32 days: examine before it goes on" in said
    assert not any("assessment" in each for each in said)


def test_signed_sessions_are_no_longer_asked_for(october):
    with october.database.work(october.li) as work:
        booking.attend(work, {october.keys[4]: Attendance("done")})
        assert booking.sign(work, october.keys) == 5
    assert [each for each in due(october, october.li) if "sign" in each] == ["1 therapy session to sign"]


def test_a_child_in_treatment_without_an_assessment_gets_its_first(clinic):
    with clinic.database.work(SYSTEM) as work:
        for line in assessments(work, clinic.child):
            records.put_in_bin(work, Assessment, line.id)
    assert "Initial rehabilitation assessment" in due(clinic, clinic.li)


def test_what_speaks_against_therapies_is_an_alert(clinic):
    with clinic.database.read(clinic.care) as work:
        assert "In therapy: Epilepsy" in [each.text for each in alerts_for(work, [clinic.child])]


def test_the_week_shows_whole_sittings_and_what_is_taken_by_others(october):
    with october.database.work(SYSTEM) as work:
        group = Wish((october.child, october.other), "CE", october.therapist, START + timedelta(hours=2),
                     START + timedelta(hours=3), october.hall)  # fmt: skip
        booking.book(work, group)
        booking.book(work, Wish((october.other,), "OT", october.therapist, START + timedelta(hours=5),
                                START + timedelta(hours=6)))  # fmt: skip
    with october.database.read(october.director) as work:
        whole = read_week(work, date(2026, 10, 12), date(2026, 10, 18))
    assert [(block.therapy, len(block.members)) for block in whole.blocks if block.starts_at.day == 12] == [
        ("PT", 1), ("CE", 2), ("OT", 1)]  # fmt: skip
    with october.database.read(october.li) as work:
        mine = read_week(work, date(2026, 10, 12), date(2026, 10, 18))
    monday = [block for block in mine.blocks if block.starts_at.day == 12]
    assert [(block.known, len(block.members), block.others) for block in monday] == [
        (True, 1, 0), (True, 1, 1), (False, 0, 0)]  # fmt: skip
    assert len(mine.of("child", october.child)) == 6


def test_a_session_is_opened_with_its_goals_its_risks_and_what_was_noted_last(october):
    with october.database.read(october.li) as work:
        sheet = session_sheet(work, october.keys[1])
    assert [goal.text for goal in sheet.goals] == ["扶站10秒", "独站"]
    assert (sheet.last_result, sheet.last_on, sheet.risks) == ("扶站8秒", date(2026, 10, 12), ("epilepsy",))


def test_missed_sessions_wait_to_be_made_up(october):
    with october.database.work(october.li) as work:
        assert to_make_up(work, october.child, date(2026, 10, 1)) == []
        booking.attend(work, {october.keys[4]: Attendance("absent", "school")})
        assert [each.reason for each in to_make_up(work, october.child, date(2026, 10, 1))] == ["school"]


@pytest.fixture
def pupil(home) -> SimpleNamespace:
    """A child at a special school with one annual and one short goal, one reviewed in the spring."""
    with home.database.work(SYSTEM) as work:
        records.save(work, Schooling, {
            "child_id": home.child, "school": "市特殊教育学校", "stage": "51", "kind": "special", "grade": 1,
            "starts_on": date(2025, 9, 1),
        })  # fmt: skip
        goal = {"child_id": home.child, "domain": "language", "present_level": "用哭表达", "criterion": "每天3次",
                "starts_on": date(2025, 9, 1), "due_on": date(2026, 12, 31)}  # fmt: skip
        annual = records.save(work, IepGoal, {**goal, "term": "annual", "text": "表达需要", "progress": 60})
        records.save(work, IepGoal, {**goal, "term": "short", "text": "用图片要水", "parent_id": annual})
        records.save(work, TermReview, {
            "child_id": home.child, "goal_id": annual, "reviewed_on": date(2026, 6, 20), "rating": "2", "evidence": "每天1次",
        })  # fmt: skip
        records.save(work, ClassAttendance, {
            "child_id": home.child, "month": date(2026, 10, 1), "school_days": 18, "present_days": 15, "ill_days": 3,
        })  # fmt: skip
    return home


def test_the_month_at_school(pupil):
    made = section(pupil, education_month)
    facts = dict(made.facts)
    assert facts["School"] == "市特殊教育学校 grade 1"
    assert facts["Attendance in class"] == "15 of 18 days (83%)" and facts["Days missed"] == "ill 3"
    assert made.grids[0].rows == (
        ("Language and communication", "Annual goal", "表达需要", "60%", "In progress", "Partly, with help"),
        ("Language and communication", "Short-term goal", "用图片要水", "", "In progress", ""),
    )
    assert dict(section(pupil, education_month, Month(2026, 6)).texts)["Reviewed this month"] == "表达需要: 每天1次"


def test_reviews_of_the_last_term_are_still_asked_for_and_those_of_this_one_a_month_before_its_end(pupil):
    def said(now: datetime) -> list[str]:
        pupil.database.clock = lambda: now
        with pupil.database.read(pupil.director) as work:
            return [each.text for each in due_now(work) if each.area == "education" and "Term review" in each.text]

    assert said(datetime(2026, 10, 1, 9)) == ["Term review: 1 IEP goals (School year 2025–2026, second term)"]
    assert said(datetime(2026, 12, 20, 9)) == []
    assert said(datetime(2027, 1, 10, 9)) == ["Term review: 2 IEP goals (School year 2026–2027, first term)"]


def test_a_child_of_school_age_without_a_school_is_named(home):
    with home.database.read(actor("director")) as work:
        said = [each.text for each in due_now(work) if each.area == "education"]
    assert sorted(said) == ["No school is recorded"] * 2


def test_what_education_intends(pupil):
    with pupil.database.read(pupil.director) as work:
        lines = list(education_plan_lines(work, pupil.child, Month(2026, 12)))
        assert lines == ["IEP goal due 2026-12-31: 表达需要", "IEP goal due 2026-12-31: 用图片要水"]
        assert "end of the term" in list(education_plan_lines(work, pupil.child, Month(2027, 1)))[0]
        assert [line.parent_id is None for line in iep_lines(work, pupil.child)] == [True, False]
