"""Incidents are reported in time and sealed, rounds are walked, hazards are closed by someone else."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.alerts import alerts_for
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.accounts import Account
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Invalid, Missing, Unconfirmed
from models.core.sealing import SealHolder, holders, name_holders, people, stop_naming
from models.file_papers import whole_file
from models.hazards import MOVES, board, move, moves_for
from models.incidents import incident_lines, safety_of_the_month, save_incident
from models.month import Month
from models.patrols import figures_of, missing_rounds, slots_of, unfilled
from models.reminders import due_now
from models.safety import HAZARD_MOVES, Hazard, Incident, PatrolRound, clock_of
from models.staff import Staff
from resources import table
from tests.conftest import NOW, actor

FALL = {"kind": "fall", "what": "从床上滑落", "noticed_at": NOW - timedelta(hours=1), "decision": "no"}
ABUSE = {
    "kind": "injury_unexplained",
    "what": "背部多处不明瘀伤",
    "noticed_at": NOW - timedelta(minutes=20),
    "decision": "yes",
    "situations": ["4"],
}
NURSE = actor("nurse", staff_id="s-nurse")
SAFETY = actor("safety", staff_id="s-safety")
SOCIAL = actor("social", staff_id="s-social")


@pytest.fixture
def sealed(home):
    """A caregiver reports suspicious bruises; the home's director has an account, other people too."""
    with home.database.work(SYSTEM) as work:
        for each in (home.director, home.care, SAFETY):
            work.add(
                Account(
                    id=each.account_id, username=each.username, name=each.name, roles=sorted(each.roles), created_at=NOW
                )
            )
    with home.database.work(home.care) as work:
        home.incident = save_incident(work, {**ABUSE, "child_id": home.child})
    return home


# The seal


PROBES = {
    "by key": lambda work, which: work.get(Incident, which),
    "list": lambda work, which: queries.rows(work, Incident),
    "count": lambda work, which: queries.count(work, Incident),
    "plain count": lambda work, which: work.scalar(select(func.count()).select_from(Incident)),
    "search": lambda work, which: queries.rows(work, Incident, search="瘀伤"),
    "choices": lambda work, which: queries.choices(work, "incident"),
    "titles": lambda work, which: queries.titles(work, "incident", [which]),
    "page": lambda work, which: incident_lines(work),
    "reminders": lambda work, which: [due for due in due_now(work) if due.target.get("incident_id") == which],
    "holders": lambda work, which: list(work.scalars(select(SealHolder.record_id))),
}


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("who", [SAFETY, SOCIAL, actor("director", name="second")], ids=["safety", "social", "unnamed"])
def test_nothing_tells_of_a_sealed_incident_to_those_who_are_not_named(sealed, probe, who):
    with sealed.database.read(who) as work:
        assert not PROBES[probe](work, sealed.incident)


@pytest.mark.parametrize("probe", [each for each in PROBES if each != "reminders"])
def test_the_named_director_and_the_author_see_it_in_every_way(sealed, probe):
    for who in (sealed.director, sealed.care):
        with sealed.database.read(who) as work:
            assert PROBES[probe](work, sealed.incident)


def test_a_seal_that_hides_is_not_told_by_banner_month_or_trail(sealed):
    with sealed.database.work(sealed.director) as work:
        records.save(work, Incident, {"precaution": "不得单独与某人相处"}, id=sealed.incident)
        assert alerts_for(work, [sealed.child]) == []
        assert dict(safety_of_the_month(work, sealed.child, Month(2026, 11)).facts)["Incidents"] == "0"
    with sealed.database.engine.connect() as connection:
        rows = list(
            connection.execute(select(AuditEntry.__table__).where(AuditEntry.type_name == "Incident")).mappings()
        )
    assert len(rows) == 3
    for row in rows:
        assert row["child_id"] == ""
        assert "瘀伤" not in row["details"] and "不得单独" not in row["details"]
        assert all(value == ["•", "•"] for name, value in json.loads(row["details"]).items() if name not in {"state"})


def test_a_sealed_incident_is_not_bound_into_the_child_s_file(sealed):
    with sealed.database.work(sealed.director) as work:
        open_one = records.save(work, Incident, {**FALL, "child_id": sealed.child})
        papers = [entry.paper for entry in whole_file(work, sealed.child).entries if entry.area == "safety"]
        assert [row[1] for listing in papers for row in listing.rows] == [
            queries.values(work, Incident, open_one)["what"]
        ]


def test_a_reason_for_voiding_a_sealed_incident_is_not_told_by_the_trail(sealed):
    with sealed.database.work(sealed.care) as work:
        records.take_step(work, Incident, sealed.incident, "void", "经查系摔伤所致")
    with sealed.database.engine.connect() as connection:
        details = connection.execute(select(AuditEntry.__table__.c.details)).scalars()
        assert not [each for each in details if "摔伤" in each]


def test_an_incident_is_sealed_at_the_moment_of_the_decision_and_stays_so(home):
    with home.database.work(home.care) as work:
        incident = records.save(work, Incident, {**FALL, "child_id": home.child})
    with home.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 1
    with home.database.work(home.care) as work:
        records.save(work, Incident, {"decision": "yes", "situations": ["4"]}, id=incident)
    with home.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 0
    with home.database.work(home.care) as work:
        records.save(work, Incident, {"decision": "no", "decision_reason": "误判"}, id=incident)
    with home.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 0


def test_the_author_opens_it_to_one_more_person_and_to_nobody_else(sealed):
    with sealed.database.work(sealed.care) as work:
        name_holders(work, queries.load(work, Incident, sealed.incident), [SAFETY.account_id, SAFETY.account_id])
    with sealed.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 1
        assert set(holders(work, sealed.incident)) == {sealed.director.account_id, SAFETY.account_id}
    with sealed.database.read(SOCIAL) as work:
        assert queries.count(work, Incident) == 0


def test_nobody_names_himself_a_holder(sealed):
    with pytest.raises(Forbidden), sealed.database.work(SAFETY) as work:
        work.add(SealHolder(record_id=sealed.incident, account_id=SAFETY.account_id))
    with pytest.raises(Missing), sealed.database.work(SAFETY) as work:
        name_holders(work, queries.load(work, Incident, sealed.incident), [SAFETY.account_id])


def test_a_named_person_may_not_widen_the_circle(sealed):
    with sealed.database.work(sealed.care) as work:
        name_holders(work, queries.load(work, Incident, sealed.incident), [SAFETY.account_id])
    with pytest.raises(Forbidden), sealed.database.work(SAFETY) as work:
        name_holders(work, queries.load(work, Incident, sealed.incident), [SOCIAL.account_id])


def test_the_author_closes_it_again_to_a_named_person_but_never_to_the_director(sealed):
    with sealed.database.work(sealed.care) as work:
        incident = queries.load(work, Incident, sealed.incident)
        name_holders(work, incident, [SAFETY.account_id])
        stop_naming(work, incident, [SAFETY.account_id, sealed.director.account_id])
    with sealed.database.read(sealed.director) as work:
        assert holders(work, sealed.incident) == [sealed.director.account_id]
    with sealed.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 0


def test_whoever_has_an_account_can_be_named_but_no_administrator(sealed):
    with sealed.database.work(SYSTEM) as work:
        work.add(Account(id="a", username="auditor", name="审计员", roles=["auditor"], created_at=NOW))
    with sealed.database.read(sealed.care) as work:
        assert {name for _account, name in people(work)} == {"director", "caregiver", "safety"}


# Whose incident it is


@pytest.mark.parametrize(("child", "seen"), [("child", 1), ("other", 0), (None, 1)], ids=["own", "foreign", "no child"])
def test_an_incident_is_seen_by_those_to_whom_the_child_is_entrusted_or_by_all(home, child, seen):
    with home.database.work(SYSTEM) as work:
        records.save(work, Incident, {**FALL, "child_id": getattr(home, child) if child else None})
    with home.database.read(home.care) as work:
        assert queries.count(work, Incident) == seen
    with home.database.read(SAFETY) as work:
        assert queries.count(work, Incident) == 1


def test_an_incident_cannot_be_entered_for_a_child_of_another_unit(home):
    with pytest.raises(Missing), home.database.work(home.care) as work:
        records.save(work, Incident, {**FALL, "child_id": home.other})


def test_an_incident_without_a_child_is_entered_by_anyone(home):
    with home.database.work(home.care) as work:
        assert records.save(work, Incident, {"kind": "fire", "what": "厨房油烟", "noticed_at": NOW})


# Its rules


def problems_of_saving(home, values):
    with pytest.raises(Invalid) as caught, home.database.work(SAFETY) as work:
        records.save(work, Incident, {**FALL, **values})
    return {problem.field for problem in caught.value.problems}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"noticed_at": NOW + timedelta(hours=1)}, "noticed_at"),
        ({"happened_at": NOW}, "happened_at"),
        ({"decision": "yes"}, "situations"),
        ({"kind": "abuse"}, "decision_reason"),
        ({"reported_at": NOW - timedelta(hours=2), "reported_to": ["police"]}, "reported_at"),
        ({"reported_at": NOW}, "reported_to"),
        ({"decision": "open", "closed_on": NOW.date()}, "decision"),
        ({"decision": "yes", "situations": ["7"], "closed_on": NOW.date()}, "reported_at"),
        ({"closed_on": date(2026, 11, 1)}, "closed_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(home, values, field):
    assert field in problems_of_saving(home, values)


def test_the_minimum_of_a_quick_entry_is_three_fields(home):
    with home.database.work(home.care) as work:
        incident = records.save(work, Incident, {"kind": "fall", "what": "跌倒", "noticed_at": NOW})
        values = queries.values(work, Incident, incident)
    assert (values["decision"], values["sealed"], values["state"]) == ("open", False, "submitted")


@given(st.datetimes(datetime(2021, 1, 1), datetime(2030, 1, 1)), st.lists(st.sampled_from("123456789"), unique=True))
def test_the_clock_of_the_report_starts_with_noticing_and_is_never_later_than_any_of_its_situations(
    noticed, situations
):
    clock = clock_of(noticed, situations, None)
    assert clock.started == noticed < clock.due
    assert all(clock.due <= clock_of(noticed, [each], None).due for each in situations)


def test_the_nine_situations_are_data_with_their_source():
    rows = table("mandatory_report.csv")
    assert [row["code"] for row in rows] == list("123456789")
    assert all(row["source"] and row["effective_from"] for row in rows)


def test_today_tells_the_holder_to_report_and_stops_when_it_was_reported(sealed):
    with sealed.database.work(sealed.director) as work:
        work.now = NOW + timedelta(minutes=30)
        due = next(each for each in due_now(work) if each.page == "incidents")
        assert due.overdue(work.now) and "Report at once" in due.text
        records.save(
            work, Incident, {"reported_at": NOW, "reported_to": ["police"], "receipt": "2026-17"}, id=sealed.incident
        )
        assert not [each for each in due_now(work) if each.page == "incidents"]


def test_the_banner_warns_of_a_child_that_went_missing_and_of_a_precaution(home):
    with home.database.work(SYSTEM) as work:
        records.save(
            work, Incident,
            {**FALL, "kind": "missing", "decision_reason": "十分钟内在院内找到", "child_id": home.child,
             "precaution": "外出须一对一", "precaution_until": date(2026, 12, 31)},
        )  # fmt: skip
    with home.database.read(home.care) as work:
        assert [alert.level for alert in alerts_for(work, [home.child])] == ["danger", "warning"]
        assert alerts_for(work, [home.child])[1].text == "外出须一对一"
        work.now = datetime(2027, 9, 1)
        assert alerts_for(work, [home.child]) == []


# Rounds


RULES = list(table("patrol_rules.csv"))
MIDNIGHT = datetime(2026, 11, 20)


@given(st.dates(date(2026, 5, 1), date(2030, 1, 1)), st.booleans())
def test_the_rounds_of_a_day_follow_one_another_and_a_holiday_has_more(day, holiday):
    slots = slots_of(day, RULES, holiday=holiday)
    assert len(slots) == (5 if holiday else 4)
    for kind in {slot.kind for slot in slots}:
        own = [slot for slot in slots if slot.kind == kind]
        assert all(before.due == after.opens for before, after in zip(own, own[1:], strict=False))


@given(st.lists(st.tuples(st.sampled_from(["day", "night"]), st.integers(0, 2000)), max_size=8))
def test_a_round_fills_one_slot_of_its_kind_at_most(rounds):
    slots = slots_of(MIDNIGHT.date(), RULES, holiday=False)
    begun = [(kind, MIDNIGHT + timedelta(minutes=minutes)) for kind, minutes in rounds]
    missing = unfilled(slots, begun)
    assert len(slots) - len(begun) <= len(missing) <= len(slots)
    assert set(missing) <= set(slots)
    assert unfilled(slots, [*begun, *((slot.kind, slot.opens) for slot in slots)]) == []


def walk(home, started_at, **more):
    with home.database.work(SYSTEM) as work:
        staff = work.scalar(select(Staff.id))
        values = {"kind": "night", "started_at": started_at, "route": "全院", "leader_id": staff, **more}
        return records.save(work, PatrolRound, values)


def test_today_tells_the_missed_rounds_of_the_last_day_to_who_answers_for_them(home):
    walk(home, datetime(2026, 11, 19, 22, 0))
    with home.database.read(SAFETY) as work:
        assert [(slot.kind, slot.number) for slot in missing_rounds(work)] == [
            ("day", 1),
            ("day", 2),
            ("night", 2),
            ("day", 1),
        ]
        assert [due.overdue(work.now) for due in due_now(work) if due.page == "patrols"] == [True, True, True, False]
    with home.database.read(home.care) as work:
        assert not [due for due in due_now(work) if due.page == "patrols"]


def test_a_month_counts_the_rounds_it_asked_for(home):
    walk(home, datetime(2026, 11, 1, 22, 0))
    walk(home, datetime(2026, 11, 2, 4, 0))
    with home.database.read(SAFETY) as work:
        figures = figures_of(work, Month(2026, 11))
    assert (figures.asked, figures.done) == (19 * 4, 2)
    assert len(figures.missed) == 19 * 4 - 2


def test_a_round_alone_is_to_be_confirmed_and_with_oneself_is_refused(home):
    with home.database.read(SYSTEM) as work:
        staff = work.scalar(select(Staff.id))
    alone = {"kind": "night", "started_at": NOW, "route": "北楼", "leader_id": staff}
    with pytest.raises(Unconfirmed), home.database.work(SAFETY) as work:
        records.save(work, PatrolRound, alone)
    with home.database.work(SAFETY) as work:
        records.save(work, PatrolRound, alone, confirmed=True)
    with pytest.raises(Invalid, match="somebody else"), home.database.work(SAFETY) as work:
        records.save(work, PatrolRound, {**alone, "second_id": staff}, confirmed=True)


def test_what_is_not_in_order_is_said(home):
    with pytest.raises(Invalid, match="not in order"), home.database.work(SAFETY) as work:
        records.save(
            work, PatrolRound,
            {"kind": "night", "started_at": NOW, "route": "北楼", "leader_id": home.caregiver, "failed": ["exits"]},
            confirmed=True,
        )  # fmt: skip


# Hazards


@pytest.fixture
def hazard(home):
    with home.database.work(SYSTEM) as work:
        home.checker = records.save(work, Staff, {"name": "仇安", "sex": "1", "post": "safety"})
        home.hazard = records.save(
            work, Hazard,
            {"what": "北楼疏散通道堆放杂物", "place": "北楼二层", "found_on": date(2026, 11, 10), "group": "equipment",
             "grade": "ordinary", "responsible_id": home.caregiver, "deadline": date(2026, 11, 15)},
        )  # fmt: skip
    home.officer = actor("safety", staff_id=home.checker, name="officer")
    return home


def stage(home):
    with home.database.read(SAFETY) as work:
        return queries.values(work, Hazard, home.hazard)["stage"]


def test_a_hazard_goes_round_the_loop_and_back_when_it_was_not_good_enough(hazard):
    with hazard.database.work(hazard.care) as work:
        move(work, hazard.hazard, "rectify", {"rectified_how": "已清理"})
    with hazard.database.work(hazard.officer) as work:
        move(work, hazard.hazard, "send_back", {"verified_result": "仍有纸箱"})
    assert stage(hazard) == "rectifying"
    with hazard.database.work(hazard.care) as work:
        move(work, hazard.hazard, "rectify", {"rectified_how": "全部清空"})
    with hazard.database.work(hazard.officer) as work:
        move(work, hazard.hazard, "verify", {})
        move(work, hazard.hazard, "close", {})
        assert queries.values(work, Hazard, hazard.hazard)["closed_on"] == NOW.date()
    assert stage(hazard) == "closed"


def test_a_stage_cannot_be_jumped(hazard):
    with pytest.raises(Invalid, match="cannot move"), hazard.database.work(hazard.officer) as work:
        records.save(work, Hazard, {"stage": "verified"}, id=hazard.hazard)


def test_who_put_it_right_does_not_check_it(hazard):
    with hazard.database.work(hazard.care) as work:
        move(work, hazard.hazard, "rectify", {"rectified_how": "已清理"})
    with pytest.raises(Invalid, match="Somebody else"), hazard.database.work(hazard.officer) as work:
        move(work, hazard.hazard, "verify", {"verified_by_id": hazard.caregiver})


def test_only_the_safety_officer_or_the_director_closes(hazard):
    with hazard.database.work(hazard.officer) as work:
        move(work, hazard.hazard, "rectify", {"rectified_how": "已清理"})
        move(work, hazard.hazard, "verify", {})
    with pytest.raises(Forbidden), hazard.database.work(hazard.care) as work:
        move(work, hazard.hazard, "close", {})
    with hazard.database.read(hazard.care) as work:
        assert moves_for(work, "verified") == []


def test_a_major_hazard_names_its_situation_and_is_told_to_the_department(hazard):
    with pytest.raises(Invalid) as caught, hazard.database.work(hazard.officer) as work:
        records.save(work, Hazard, {"grade": "major"}, id=hazard.hazard)
    assert {problem.field for problem in caught.value.problems} == {"situation", "interim"}
    with hazard.database.work(hazard.officer) as work:
        records.save(work, Hazard, {"grade": "major", "situation": "E3", "interim": "专人看守"}, id=hazard.hazard)
        move(work, hazard.hazard, "rectify", {"rectified_how": "已清理"})
        move(work, hazard.hazard, "verify", {})
    with pytest.raises(Invalid, match="reported to the department"), hazard.database.work(hazard.officer) as work:
        move(work, hazard.hazard, "close", {})


def test_every_act_follows_the_stages_that_the_record_allows():
    for each in MOVES:
        assert all(each.target in HAZARD_MOVES[source] for source in each.sources)


def test_the_board_and_today_tell_what_is_overdue_to_who_does_it(hazard):
    with hazard.database.read(hazard.care) as work:
        assert [card.overdue for card in board(work)["registered"]] == [True]
        assert [due.overdue(work.now) for due in due_now(work) if due.page == "hazards"] == [True]
    with hazard.database.read(NURSE) as work:
        assert not [due for due in due_now(work) if due.page == "hazards"]
