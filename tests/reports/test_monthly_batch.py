"""A month printed for many children: every paper noted before it is written, failures named, the others go on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models import month as months
from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Refused, Unusable
from models.month import Month, Section, children_of, gather, month_section
from models.papers import file_name, recent_prints
from reports.catalogue import Wanted
from reports.monthly_batch import monthly_records
from reports.paper_batch import paper_bytes
from resources import use_language
from tests.conftest import actor
from tests.reports.reading import faults, pages_in, text_of

OCTOBER = Month(2026, 10)


@pytest.fixture
def areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only our own two areas, so that the test does not depend on the rooms'."""
    monkeypatch.setattr(months, "_sections", [])

    @month_section("care", "Care", order=10, needs="NursingRecord")
    def care(work: Any, child_id: str, month: Month) -> Section:
        return Section("养护", texts=(("小结", f"{month}：一切如常。"),))

    @month_section("allowance", "Allowance", order=80)
    def allowance(work: Any, child_id: str, month: Month) -> Section:
        return Section("津贴", facts=(("标准", "2,450.00 元"),))


def printed_events(home: SimpleNamespace) -> list[AuditEntry]:
    with home.database.read(SYSTEM) as work:
        return [each for each in work.query(AuditEntry) if each.event == "printed"]


def test_a_month_of_all_children_becomes_one_file_each_and_a_note_each(
    home: SimpleNamespace, areas: None, tmp_path: Path
) -> None:
    use_language("zh_CN")
    told: list[tuple[float, str]] = []
    outcome = monthly_records(
        home.database, home.director, OCTOBER, [home.child, home.other], tmp_path,
        progress=lambda share, name: told.append((share, name)),
    )  # fmt: skip
    assert [file.name for file in outcome.files] == [
        "2020-001_曾小乐_儿童月度综合记录_2026-10.pdf", "2019-002_阿依古丽·买买提_儿童月度综合记录_2026-10.pdf",
    ]  # fmt: skip
    assert outcome.printed == 2
    assert not outcome.failures
    assert "一切如常" in text_of(outcome.files[0].read_bytes())
    assert [each.record_id for each in printed_events(home)] == [home.child, home.other]
    assert told[-1][0] == 1.0
    assert [share for share, _name in told] == sorted(share for share, _name in told)
    with home.database.read(home.director) as work:
        (last,) = recent_prints(work)
    assert (last.papers, last.period) == (2, "2026年10月")


def test_the_preview_is_the_very_file(home: SimpleNamespace, areas: None, tmp_path: Path) -> None:
    shown = paper_bytes(home.database, home.director, "monthly", Wanted(home.child, OCTOBER))
    outcome = monthly_records(home.database, home.director, OCTOBER, [home.child], tmp_path)
    assert outcome.files[0].read_bytes() == shown
    assert faults(shown) == []


def test_a_bound_month_is_one_file_that_begins_every_child_on_a_fresh_sheet(
    home: SimpleNamespace, areas: None, tmp_path: Path
) -> None:
    outcome = monthly_records(home.database, home.director, OCTOBER, [home.child, home.other], tmp_path, bound=True)
    (file,) = outcome.files
    assert outcome.printed == 2
    assert pages_in(file.read_bytes()) == 3
    assert len(printed_events(home)) == 2


def test_who_cannot_be_printed_is_named_and_the_others_go_on(
    home: SimpleNamespace, areas: None, tmp_path: Path
) -> None:
    @month_section("safety", "Safety", order=60, needs="Child")
    def fails(work: Any, child_id: str, month: Month) -> Section:
        if child_id == home.child:
            raise ZeroDivisionError
        if child_id == "nobody":
            raise Refused
        return Section("安全")

    outcome = monthly_records(home.database, home.director, OCTOBER, [home.child, "nobody", home.other], tmp_path)
    assert outcome.printed == 1
    assert [(each.child_id, each.name) for each in outcome.failures] == [
        (home.child, "曾小乐"),
        ("nobody", "(unknown)"),
    ]
    assert all(each.reason for each in outcome.failures)
    assert [each.record_id for each in printed_events(home)] == [home.other]


def test_cancelling_keeps_what_is_done_and_starts_no_more(home: SimpleNamespace, areas: None, tmp_path: Path) -> None:
    done: list[float] = []

    def cancelled() -> bool:
        return bool(list(tmp_path.glob("*.pdf")))

    outcome = monthly_records(
        home.database, home.director, OCTOBER, [home.child, home.other], tmp_path,
        cancelled=cancelled, progress=lambda share, name: done.append(share),
    )  # fmt: skip
    assert outcome.cancelled
    assert len(outcome.files) == 1
    assert len(printed_events(home)) == 1


def test_a_bound_volume_that_is_cancelled_leaves_no_file_and_no_note(
    home: SimpleNamespace, areas: None, tmp_path: Path
) -> None:
    asked = iter([False, False, False, True])
    outcome = monthly_records(
        home.database,
        home.director,
        OCTOBER,
        [home.child, home.other],
        tmp_path,
        bound=True,
        cancelled=lambda: next(asked),
    )
    assert outcome.cancelled
    assert not list(tmp_path.glob("*.pdf"))
    assert not printed_events(home)


def test_a_place_that_cannot_be_written_is_said_in_words(home: SimpleNamespace, areas: None, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    with pytest.raises(Unusable, match="could not be written"):
        monthly_records(home.database, home.director, OCTOBER, [home.child], place)


def test_each_prints_only_the_children_entrusted_and_only_the_areas_allowed(
    home: SimpleNamespace, areas: None, tmp_path: Path
) -> None:
    use_language("zh_CN")
    outcome = monthly_records(home.database, home.care, OCTOBER, [home.child, home.other], tmp_path)
    assert [each.child_id for each in outcome.failures] == [home.other]
    assert "阿依古丽" not in outcome.failures[0].name
    text = text_of(outcome.files[0].read_bytes())
    assert "一切如常" in text
    assert "2,450.00" not in text
    assert "无权查看" in text


def test_who_may_not_print_gets_no_record(home: SimpleNamespace, areas: None) -> None:
    with home.database.read(actor("safety")) as work, pytest.raises(Forbidden):
        gather(work, home.child, OCTOBER)


def test_the_month_knows_who_was_there(home: SimpleNamespace) -> None:
    with home.database.work(SYSTEM) as work:
        for number, (came, left) in {
            "A": ("2026-11-01", None),
            "B": ("2026-01-01", "2026-09-30"),
            "C": ("2026-10-31", None),
        }.items():
            from datetime import date

            records.save(
                work, Child,
                {"name": "儿童" + number, "number": number, "sex": "1", "born_on": date(2020, 1, 1),
                 "admitted_on": date.fromisoformat(came), "left_on": date.fromisoformat(left) if left else None},
            )  # fmt: skip
    with home.database.read(home.director) as work:
        assert [each.number for each in children_of(work, OCTOBER)] == ["2019-002", "2020-001", "C"]
        assert [each.number for each in children_of(work, OCTOBER, home.sunflower)] == ["2020-001"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("曾小乐", "曾小乐"),
        ("a/b\\c:d", "abcd"),
        ("..", ""),
        ("x\u202egpj.exe", "xgpj.exe"),
        ("名\x00\n", "名"),
        ("很" * 200, "很" * 60),
    ],
)
def test_a_name_never_becomes_a_path(name: str, kept: str) -> None:
    assert file_name("1", name, "表") == "_".join(filter(None, ("1", kept, "表"))) + ".pdf"


def test_devices_of_windows_are_no_file_names() -> None:
    assert file_name("CON") == "_CON.pdf"
    assert file_name("com1.x") == "_com1.x.pdf"
    assert file_name("...") == "paper.pdf"
