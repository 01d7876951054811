"""The vaccination plan: the programme's own examples, and what must hold for every child and history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.age import months_later
from models.vaccine_plan import Barrier, Given, Planned, plan, refusals
from models.vaccine_programme import live_injected, programme_on, series_of

TODAY = date(2026, 11, 20)
NOW = programme_on(TODAY)


def lines(
    born: date, sex: str = "1", doses: tuple[Given, ...] = (), today: date = TODAY, barriers: tuple[Barrier, ...] = ()
) -> dict[str, Planned]:
    return {f"{each.vaccine}-{each.number}": each for each in plan(NOW, born, sex, doses, today, barriers)}


def test_a_newborn_gets_the_whole_programme_at_its_ages() -> None:
    born = date(2026, 11, 20)
    found = lines(born, "2")
    assert found["HepB-1"].status == found["BCG-1"].status == "due"
    ages = {"HepB-2": 1, "HepB-3": 6, "IPV-1": 2, "IPV-2": 3, "bOPV-3": 4, "bOPV-4": 48, "DTaP-1": 2, "DTaP-2": 4, "DTaP-3": 6,
            "DTaP-4": 18, "DTaP-5": 72, "MMR-1": 8, "MMR-2": 18, "JE-L-1": 8, "JE-L-2": 24, "MPSV-A-1": 6, "MPSV-A-2": 9,
            "MPSV-AC-3": 36, "MPSV-AC-4": 72, "HepA-L-1": 18, "2vHPV-1": 156, "2vHPV-2": 162}  # fmt: skip
    assert {name: found[name].on for name in ages} == {
        name: months_later(born, months) for name, months in ages.items()
    }
    assert len(found) == 24
    assert "2vHPV-1" not in lines(born, "1")


def test_hpv_is_for_girls_born_from_the_day_on() -> None:
    assert "2vHPV-1" in lines(date(2011, 11, 10), "2")
    assert "2vHPV-1" not in lines(date(2011, 11, 9), "2")


@pytest.mark.parametrize(
    "born, clamped", [(date(2026, 8, 31), date(2027, 2, 28)), (date(2026, 10, 31), date(2027, 4, 30))]
)
def test_months_are_calendar_months_clamped_to_the_end(born: date, clamped: date) -> None:
    assert (
        lines(
            born,
            doses=(Given("HepB", born), Given("BCG", born), Given("HepB", months_later(born, 1))),
            today=months_later(born, 1),
        )["HepB-3"].on
        == clamped
    )


def test_doses_of_the_older_edition_stay_valid_and_are_never_begun_anew() -> None:
    born = date(2018, 3, 10)
    older = tuple(Given("DTaP", months_later(born, months)) for months in (3, 4, 5, 18)) + (
        Given("DT", months_later(born, 72)),
    )
    found = [each for each in plan(NOW, born, "1", older, TODAY) if each.series == "DTP"]
    assert [each.status for each in found] == ["given"] * 5


def test_the_fifth_dose_at_six_years_is_dtap_since_2025() -> None:
    born = date(2020, 10, 20)
    four = tuple(Given("DTaP", months_later(born, months)) for months in (3, 4, 5, 18))
    fifth = lines(born, doses=four)["DTaP-5"]
    assert (fifth.status, fifth.due_on, fifth.overdue_from) == ("due", date(2026, 10, 20), date(2027, 10, 20))
    assert [each.vaccine for each in programme_on(date(2024, 12, 31)).of_series("DTP")] == ["DTaP"] * 4 + ["DT"]
    assert [each.vaccine for each in programme_on(date(2025, 1, 1)).of_series("DTP")] == ["DTaP"] * 5


@pytest.mark.parametrize(
    "before, wanted",
    [(4, ("DT-5", 12)), (3, ("DT-4", 6)), (2, ("DT-3", 6)), (1, ("DT-2", 0))],
)  # fmt: skip
def test_from_seven_years_dt_completes_what_is_missing(before: int, wanted: tuple[str, int]) -> None:
    born = months_later(TODAY, -(84 + 2))
    doses = tuple(Given("DTaP", months_later(TODAY, -months)) for months in (9, 7, 5, 3)[:before])
    name, months = wanted
    found = lines(born, doses=doses)[name]
    expected = max(TODAY, months_later(doses[-1].day, months)) if months else TODAY
    assert found.on == expected


def test_from_twelve_years_nothing_of_it_is_given_any_more() -> None:
    found = lines(months_later(TODAY, -144), doses=())
    assert found["DT-1"].status == "too_old" and found["DT-1"].on is None
    assert found["BCG-1"].status == "too_old"


def test_the_polysaccharide_series_changes_at_two_years() -> None:
    toddler = lines(months_later(TODAY, -23))
    assert toddler["MPSV-A-1"].status == "overdue" and toddler["MPSV-A-1"].on == TODAY
    assert "MPSV-A-2" not in toddler and toddler["MPSV-AC-3"].on == months_later(TODAY, 3)
    two = lines(months_later(TODAY, -30))
    assert "MPSV-A-1" not in two and two["MPSV-AC-3"].on == TODAY
    both = tuple(Given("MPSV-A", months_later(TODAY, months)) for months in (-30, -27))
    assert lines(months_later(TODAY, -37), doses=both)["MPSV-AC-3"].status == "due"


def test_two_injected_live_vaccines_keep_28_days() -> None:
    born = months_later(TODAY, -9)
    given_ten_days_ago = (Given("MMR", TODAY - timedelta(days=10)),)
    assert lines(born, doses=given_ten_days_ago)["JE-L-1"].on == TODAY + timedelta(days=18)
    assert lines(born, doses=(Given("MMR", TODAY),))["JE-L-1"].on == TODAY
    assert lines(born, doses=(Given("VarV", TODAY - timedelta(days=10)),))["MMR-1"].on == TODAY + timedelta(days=18)
    assert lines(born, doses=(Given("Immunoglobulin", TODAY - timedelta(days=10)),))["MMR-1"].on == months_later(
        TODAY - timedelta(days=10), 3
    )


def test_combined_vaccines_count_in_both_series() -> None:
    born = months_later(TODAY, -7)
    doses = tuple(Given("DTaP-IPV-Hib", months_later(born, months)) for months in (2, 3, 4))
    found = lines(born, doses=doses)
    assert "IPV-1" not in found and found["bOPV-4"].status == "later"
    assert found["DTaP-4"].on == months_later(born, 18)


def test_the_chosen_way_is_kept() -> None:
    born = months_later(TODAY, -12)
    found = lines(
        born, doses=(Given("JE-I", months_later(born, 8)), Given("JE-I", months_later(born, 8) + timedelta(days=8)))
    )
    assert found["JE-I-3"].on == months_later(born, 24) and "JE-L-1" not in found
    finished = lines(
        months_later(TODAY, -36),
        doses=(Given("HepA-I", months_later(TODAY, -12)), Given("HepA-L", months_later(TODAY, -1))),
    )
    assert "HepA-I-3" not in finished and all(
        each.status == "given" for each in finished.values() if each.series == "HepA"
    )


def test_what_is_put_off_waits_and_what_is_forbidden_stays_away() -> None:
    born = months_later(TODAY, -9)
    off = lines(born, barriers=(Barrier("MMR", TODAY + timedelta(days=40), "fever"),))["MMR-1"]
    assert (off.status, off.on, off.why) == ("barred", TODAY + timedelta(days=40), "fever")
    never = lines(born, barriers=(Barrier("MMR", None, "immune deficiency"),))["MMR-1"]
    assert (never.status, never.on) == ("barred", None)
    assert lines(born, barriers=(Barrier("MMR", TODAY - timedelta(days=1), "over"),))["MMR-1"].status == "due"


def test_it_is_said_what_speaks_against_a_day() -> None:
    born = date(2026, 1, 20)
    assert "least age" in next(refusals(NOW, born, "1", (), "MMR", date(2026, 9, 1)))
    doses = (Given("IPV", date(2026, 4, 15)),)
    assert "interval" in next(refusals(NOW, born, "1", doses, "IPV", date(2026, 4, 25)))
    assert "live vaccine" in " ".join(
        refusals(NOW, born, "1", (Given("MMR", date(2026, 9, 20)),), "JE-L", date(2026, 10, 1))
    )
    assert "complete" in next(refusals(NOW, born, "1", (Given("BCG", born),), "BCG", TODAY))
    assert not list(refusals(NOW, born, "1", (), "MMR", date(2026, 9, 20)))


def test_two_old_measles_rubella_doses_still_want_one_of_the_three() -> None:
    born = date(2010, 1, 1)
    found = lines(born, doses=(Given("MR", date(2010, 9, 1)), Given("MR", date(2011, 7, 1))))
    assert found["MMR-3"].status == "overdue"


def test_a_dose_too_many_moves_the_numbers_on() -> None:
    born = date(2020, 1, 1)
    doses = tuple(Given("MPSV-A", date(2020, month, 1)) for month in (7, 10, 12))
    assert "MPSV-AC-4" in lines(born, doses=doses)


# --- what must hold for every child -------------------------------------------------------------------

VACCINES = st.sampled_from(["HepB", "BCG", "IPV", "bOPV", "DTaP", "DT", "MMR", "MR", "JE-L", "JE-I", "MPSV-A", "MPSV-AC",
                            "HepA-L", "HepA-I", "2vHPV", "VarV", "Immunoglobulin", "DTaP-IPV-Hib", "Flu"])  # fmt: skip


@st.composite
def children(draw: st.DrawFn) -> tuple[date, str, tuple[Given, ...]]:
    born = draw(st.dates(TODAY - timedelta(days=19 * 365), TODAY))
    sex = draw(st.sampled_from(["1", "2"]))
    lived = (TODAY - born).days
    doses = draw(st.lists(st.tuples(VACCINES, st.integers(0, lived)), max_size=14))
    return born, sex, tuple(Given(vaccine, born + timedelta(days=days)) for vaccine, days in doses)


@given(children())
def test_every_proposed_day_keeps_all_ages_and_intervals(child: tuple[date, str, tuple[Given, ...]]) -> None:
    born, sex, doses = child
    made = plan(NOW, born, sex, doses, TODAY)
    proposed = [each for each in made if each.status in ("due", "overdue", "later")]
    for each in proposed:
        assert each.on is not None and each.on >= TODAY
        earlier = [
            Given(other.vaccine, other.on)
            for other in proposed
            if other.on and (other.on, other.number) < (each.on, each.number)
        ]
        assert not list(refusals(NOW, born, sex, (*doses, *earlier), each.vaccine, each.on)), each
    live = [each.on for each in proposed if live_injected(each.vaccine)] + [
        each.day for each in doses if live_injected(each.vaccine)
    ]
    new = {each.on for each in proposed if live_injected(each.vaccine)}
    for day in new:
        assert all(day == other or abs((day - other).days) >= 28 for other in live if day and other)


@given(children())
def test_the_plan_comes_to_its_end_when_doses_are_given_on_the_proposed_days(
    child: tuple[date, str, tuple[Given, ...]],
) -> None:
    born, sex, doses = child
    have, today = list(doses), TODAY
    for _round in range(60):
        waiting = [each for each in plan(NOW, born, sex, have, today) if each.status in ("due", "overdue", "later")]
        if not waiting:
            break
        first = min(waiting, key=lambda each: each.on or date.max)
        assert first.on is not None
        today = max(today, first.on)
        have.append(Given(first.vaccine, today))
    else:
        pytest.fail("the plan never ends")


@given(children())
def test_nothing_given_is_lost_and_nothing_is_planned_twice(child: tuple[date, str, tuple[Given, ...]]) -> None:
    born, sex, doses = child
    made = plan(NOW, born, sex, doses, TODAY)
    assert sum(each.status == "given" for each in made) == sum(len(series_of(each.vaccine)) for each in doses)
    numbers = [(each.series, each.number) for each in made]
    assert len(numbers) == len(set(numbers))
