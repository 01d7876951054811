"""Children from outside share the therapists and the ledger, and are nowhere among the home's own children."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from models.admission import admit
from models.child import Child
from models.children import head_counts
from models.core import queries, records, titles
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid, Missing, Unconfirmed
from models.core.exchange import taken_out
from models.core.record import record_types
from models.entitlement_home import ledger
from models.finding import children_by_id, find_children
from models.month import Month, children_of
from models.nursing import NursingRecord
from models.outreach import ServiceAgreement, is_client, unserved
from models.outreach_clients import clients, end_agreement, find_clients, prefilled, renew, take_in
from models.presence import birthdays, head_count
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationPlan
from models.reminders import due_now
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.scheduling.week import children_to_book, read_week
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import NOW, actor

NAME = "周小满"
KEPT = (RehabilitationPlan, PlannedTherapy, Assessment, TherapySession)
CHILD = {"name": NAME, "sex": "1", "born_on": date(2021, 11, 21), "disabilities": ["6"]}
AGREEMENT = {
    "guardian": "周建国", "relation": "father", "telephone": "13800000000", "funding": "free", "sessions_a_week": 2,
    "starts_on": date(2026, 9, 1), "ends_on": date(2026, 12, 31), "consent_on": date(2026, 9, 1),
}  # fmt: skip


@pytest.fixture
def open_door(home) -> SimpleNamespace:
    """A home with two residents, a therapist, and a client of the neighbourhood with a plan, an assessment, sessions."""
    with home.database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["st"]})
    social = actor("social")
    with home.database.work(social) as work:
        client = take_in(work, CHILD, {**AGREEMENT, "lead_id": therapist})
    made = SimpleNamespace(
        **vars(home), therapist=therapist, client=client, social=social, li=actor("therapist", staff_id=therapist)
    )
    with home.database.work(made.li) as work:
        plan = records.save(work, RehabilitationPlan, {
            "child_id": client, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28),
            "review_on": date(2026, 11, 24), "findings": "语言少",
        })  # fmt: skip
        line = {
            "child_id": client,
            "plan_id": plan,
            "therapy": "ST",
            "sessions_a_week": 2,
            "minutes": 30,
            "form": "single",
        }
        records.save(work, PlannedTherapy, line)
        records.take_step(work, RehabilitationPlan, plan, "submit")
        records.save(work, Assessment, {
            "child_id": client, "scale": "BARTHEL", "kind": "initial", "assessed_on": date(2026, 9, 2),
            "scores": {"total": 60},
        })  # fmt: skip
    made.session = book(made, datetime(2026, 11, 16, 9))
    book(made, datetime(2026, 11, 20, 14))
    return made


def book(made, start: datetime, who=None) -> str:
    wish = Wish((made.client,), "ST", made.therapist, start, start + timedelta(minutes=30))
    with made.database.work(who or made.li) as work:
        return booking.book(work, wish, confirmed=True).created[0]


def agreement_of(made) -> str:
    with made.database.read(SYSTEM) as work:
        return work.scalar(select(ServiceAgreement.id).where(ServiceAgreement.child_id == made.client))


# --- apart from residents ---------------------------------------------------------------------------


def joined_names(work):
    other = aliased(Child)
    return list(work.scalars(select(other.name).select_from(Child).outerjoin(other, other.id == Child.id)))


READINGS = {
    "entity": lambda work: [child.name for child in work.scalars(select(Child))],
    "columns": lambda work: list(work.scalars(select(Child.name))),
    "alias": lambda work: list(work.scalars(select(aliased(Child).name))),
    "subquery": lambda work: list(work.scalars(select(select(Child.name).subquery().c.name))),
    "join of an alias": joined_names,
    "exists": lambda work: list(work.scalars(select(Child.name).where(select(Child.id).exists()))),
    "list": lambda work: [row.values[0] for row in queries.rows(work, Child)],
    "search of the list": lambda work: [row.values[0] for row in queries.rows(work, Child, search="zhou")],
    "choice": lambda work: [title for _key, title in queries.choices(work, "child")],
    "finder": lambda work: [found.name for found in find_children(work, "周")],
    "recent": lambda work: [found.name for found in children_by_id(work, list(work.info.get("ids", ())))],
    "monthly records": lambda work: [each.name for each in children_of(work, Month(2026, 11))],
    "birthdays": lambda work: [each.name for each in birthdays(work, date(2026, 11, 20), date(2026, 11, 27))],
    "export": lambda work: [str(value) for row in taken_out(work, Child).rows for value in row],
}  # fmt: skip


@pytest.mark.parametrize("role", ["director", "social", "therapist", "archive", "safety"])
def test_no_way_of_reading_children_meets_a_client_by_chance(open_door, role):
    who = open_door.li if role == "therapist" else actor(role)
    with open_door.database.work(who) as work:
        work.info["ids"] = [open_door.client]
        met = {
            reading for reading, names in READINGS.items()
            if (reading != "export" or who.may("export", Child)) and any(NAME in name for name in names(work))
        }  # fmt: skip
    assert not met


def test_no_count_counts_a_client(open_door):
    with open_door.database.read(open_door.director) as work:
        assert queries.count(work, Child) == 2
        assert work.scalar(select(func.count()).select_from(Child)) == 2
        assert (head_counts(work).everyone, head_counts(work).living, head_count(work).whole) == (2, 2, 2)


def test_no_list_of_any_record_type_names_a_client_but_those_of_the_rehabilitation_department(open_door):
    with open_door.database.read(open_door.director) as work:
        found = {
            kind.__name__ for kind in record_types()
            for row in queries.rows(work, kind, fields=list(queries.listed_fields(kind))) if NAME in map(str, row.values)
        }  # fmt: skip
    assert found and found <= {kind.__name__ for kind in record_types() if kind.reaches_aside()}
    assert {"TherapySession", "ServiceAgreement", "RehabilitationPlan"} <= found


@pytest.mark.parametrize("role", ["director", "social", "therapist", "nurse", "caregiver", "archive"])
def test_every_reminder_about_a_client_leads_to_its_own_room_or_the_timetable(open_door, role):
    who = open_door.li if role == "therapist" else open_door.care if role == "caregiver" else actor(role)
    with open_door.database.read(who) as work:
        told = [due for due in due_now(work) if due.child_name == NAME or NAME in due.text]
    assert {due.page for due in told} <= {"outreach", "therapy_week", "entitlement", "my_day"}
    if role in ("nurse", "caregiver", "archive"):
        assert not told


@pytest.mark.parametrize("role", ["caregiver", "nurse", "teacher", "safety"])
def test_those_who_have_no_business_with_agreements_see_no_client_even_by_id(open_door, role):
    who = open_door.care if role == "caregiver" else actor(role)
    with open_door.database.read(who) as work:
        assert queries.titles(work, "child", [open_door.client]) == {}
        assert titles.titles(work, Child, [open_door.client]) == {}
        assert not list(work.scalars(select(TherapySession.id).where(TherapySession.child_id == open_door.client)))
        with pytest.raises(Missing):
            queries.load(work, Child, open_door.client)


def test_a_carer_who_has_the_client_on_the_caseload_by_mistake_sees_it_no_more(open_door):
    from models.child import Caseload

    with open_door.database.work(SYSTEM) as work:
        values = {"child_id": open_door.client, "staff_id": open_door.caregiver, "starts_on": date(2020, 1, 1)}
        records.save(work, Caseload, values)
    with open_door.database.read(open_door.care) as work:
        assert queries.titles(work, "child", [open_door.client]) == {}


# --- the same calendar and ledger -------------------------------------------------------------------


def test_therapists_and_social_workers_find_the_client_where_it_belongs(open_door):
    for who in (open_door.li, open_door.social, open_door.director):
        with open_door.database.read(who) as work:
            (found,) = clients(work, "served")
            assert (found.name, found.number, found.guardian, found.lead) == (NAME, "T2026-001", "周建国", "李静")
            assert (found.planned, found.treated, found.status) == (2, 0, "served")
            # An assessment of the client says whose it is; searching among the home's children does not find it.
            assert titles.titles(work, Child, [open_door.client]) == {open_door.client: NAME}
            assert NAME not in [each.title for each in titles.choices(work, Child)]
            assert [
                block.members[0].name for block in read_week(work, date(2026, 11, 16), date(2026, 11, 22)).blocks
            ] == [NAME] * 2
    with open_door.database.read(open_door.li) as work:
        assert NAME in [child.name for child in children_to_book(work)]


def test_the_ledger_keeps_clients_in_rows_of_their_own(open_door):
    with open_door.database.work(open_door.li) as work:
        booking.attend(work, {open_door.session: Attendance("done")})
    asked = (date(2026, 11, 16), date(2026, 11, 22))
    with open_door.database.read(open_door.li) as work:
        (row,) = ledger(work, *asked, who="clients").rows
        assert (row.name, row.figures.prescribed, row.figures.delivered) == (NAME, 2, 1)
        assert not ledger(work, *asked).rows


def test_nobody_is_booked_twice_whether_client_or_resident(open_door):
    with open_door.database.work(SYSTEM) as work:
        from models.child import Caseload

        records.save(
            work,
            Caseload,
            {"child_id": open_door.child, "staff_id": open_door.therapist, "starts_on": date(2020, 1, 1)},
        )
    start = datetime(2026, 11, 20, 14)
    wish = Wish((open_door.child,), "ST", open_door.therapist, start, start + timedelta(minutes=30))
    with pytest.raises(Invalid), open_door.database.work(open_door.li) as work:
        booking.book(work, wish, confirmed=True)


# --- by agreement -----------------------------------------------------------------------------------


def test_a_client_has_no_residents_file(open_door):
    values = {"child_id": open_door.client, "at": NOW, "temperature": 36.8}
    with pytest.raises(Forbidden, match="no resident's file"), open_door.database.work(open_door.director) as work:
        records.save(work, NursingRecord, values, confirmed=True)


def test_a_resident_needs_no_agreement(open_door):
    with pytest.raises(Forbidden, match="lives in the home"), open_door.database.work(open_door.director) as work:
        records.save(work, ServiceAgreement, {**AGREEMENT, "child_id": open_door.child})


def test_beyond_the_agreement_nothing_is_booked_and_what_lies_within_can_still_be_finished(open_door):
    with pytest.raises(Forbidden, match="No service agreement holds on 2027-01-04"):
        book(open_door, datetime(2027, 1, 4, 9))
    open_door.database.clock = lambda: datetime(2027, 1, 5, 9)
    with open_door.database.work(open_door.li) as work:
        booking.attend(work, {open_door.session: Attendance("done")})
    plan = {
        "child_id": open_door.client,
        "starts_on": date(2027, 1, 5),
        "ends_on": date(2027, 6, 1),
        "review_on": date(2027, 3, 1),
    }
    with pytest.raises(Forbidden, match="please renew"), open_door.database.work(open_door.li) as work:
        records.save(work, RehabilitationPlan, {**plan, "findings": "语言少"})
    with open_door.database.read(open_door.li) as work:
        assert [each.status for each in clients(work)] == ["ended"]
        assert NAME not in [child.name for child in children_to_book(work)]
        assert queries.titles(work, "child", [open_door.client]) == {open_door.client: NAME}, "read-only, not gone"


def test_a_week_is_planned_only_on_the_days_the_agreement_holds(open_door):
    days = [date(2026, 12, 28) + timedelta(days=each) for each in range(5)]
    with open_door.database.read(open_door.director) as work:
        barred = unserved(work, [open_door.client, open_door.child], days)
    assert barred == [(open_door.client, date(2027, 1, 1))]


def test_ending_an_agreement_takes_a_reason_and_cancels_what_is_booked_after_it(open_door):
    later = book(open_door, datetime(2026, 11, 24, 9))
    agreement = agreement_of(open_door)
    with pytest.raises(Invalid), open_door.database.work(open_door.director) as work:
        end_agreement(work, agreement, date(2026, 11, 20), "")
    with open_door.database.work(open_door.director) as work:
        assert end_agreement(work, agreement, date(2026, 11, 20), "family", "搬家") == 1
    with open_door.database.read(open_door.director) as work:
        assert queries.values(work, TherapySession, later)["status"] == "cancelled"
        assert queries.values(work, ServiceAgreement, agreement)["ending"] == "family"


def test_a_renewed_agreement_keeps_its_terms_and_may_not_overlap(open_door):
    agreement = agreement_of(open_door)
    with pytest.raises(Invalid, match="Another agreement"), open_door.database.work(open_door.social) as work:
        renew(work, agreement, date(2026, 12, 1), date(2027, 6, 30), date(2026, 12, 1))
    with open_door.database.work(open_door.social) as work:
        renew(work, agreement, date(2027, 1, 1), date(2027, 6, 30), date(2026, 12, 20))
    with open_door.database.read(open_door.social) as work:
        (found,) = clients(work)
    assert (found.guardian, found.starts_on, found.status) == ("周建国", date(2027, 1, 1), "later")
    book(open_door, datetime(2027, 1, 4, 9))


def test_who_is_taken_in_twice_or_lives_here_is_told(open_door):
    with pytest.raises(Unconfirmed, match="T2026-001"), open_door.database.work(open_door.social) as work:
        take_in(work, CHILD, AGREEMENT)
    resident = {"name": "曾小乐", "sex": "1", "born_on": date(2020, 1, 1)}
    with pytest.raises(Unconfirmed, match="lives or lived"), open_door.database.work(open_door.social) as work:
        take_in(work, resident, AGREEMENT)
    with open_door.database.work(open_door.social) as work:
        assert is_client(work, take_in(work, resident, AGREEMENT, confirmed=True))


def test_without_consent_one_is_warned_and_the_end_is_told_in_time(open_door):
    with pytest.raises(Unconfirmed, match="consent"), open_door.database.work(open_door.social) as work:
        take_in(work, {**CHILD, "name": "赵明"}, {**AGREEMENT, "consent_on": None})
    open_door.database.clock = lambda: datetime(2026, 12, 5, 9)
    with open_door.database.read(open_door.social) as work:
        told = [due for due in due_now(work) if due.page == "outreach"]
    assert [(due.child_name, due.due) for due in told] == [(NAME, date(2026, 12, 31))]


def test_therapists_read_agreements_but_only_social_workers_and_the_director_make_them(open_door):
    assert open_door.li.may("read", ServiceAgreement) and not open_door.li.may("create", ServiceAgreement)
    with pytest.raises(Forbidden), open_door.database.work(open_door.li) as work:
        take_in(work, {**CHILD, "name": "赵明"}, AGREEMENT)


# --- moving in --------------------------------------------------------------------------------------


def test_a_client_who_moves_in_stays_one_child_with_one_file(open_door):
    """The admission takes the client's own file: a resident's number, the plan and the sessions as they were."""
    agreement = agreement_of(open_door)
    with open_door.database.read(open_door.social) as work:
        begun = prefilled(work, open_door.client)
        before = {kind: queries.count(work, kind, where=[kind.child_id == open_door.client]) for kind in KEPT}
    assert begun["sender"] == "family" and begun["sender_detail"] == "周建国 13800000000"
    form = {"arrived_at": NOW, "category": "B", "custody": "L2", "sender": begun["sender"]}
    worker = actor("social", staff_id=open_door.therapist)
    with open_door.database.work(worker) as work:
        work.confirmed = True
        made = admit(work, {**CHILD, "number": "T2026-001"}, form, child_id=open_door.client)
    assert made.child_id == open_door.client
    with open_door.database.read(worker) as work:
        child = queries.values(work, Child, open_door.client)
        assert child["number"].startswith("2026-") and not is_client(work, open_door.client)
        ended = queries.values(work, ServiceAgreement, agreement)
        assert (ended["ended_on"], ended["ending"]) == (NOW.date(), "admitted")
        assert clients(work) == [] and [each.id for each in find_children(work, NAME)] == [open_door.client]
    with open_door.database.read(SYSTEM) as work:
        after = {kind: queries.count(work, kind, where=[kind.child_id == open_door.client]) for kind in KEPT}
    assert after == before and min(after.values()) > 0


def test_the_finder_knows_clients_only_for_those_who_work_with_them(open_door):
    """A therapist finds a client by name or guardian; a carer finds nobody."""
    for who, expected in ((open_door.li, [open_door.client]), (actor("caregiver"), [])):
        with open_door.database.read(who) as work:
            assert [each.id for each in find_clients(work, CHILD["name"])] == expected
            assert [each.id for each in find_clients(work, AGREEMENT["guardian"])] == expected
