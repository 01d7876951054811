"""A child's whole file: cover, contents with true page numbers, every paper the person may print."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Missing
from models.file_papers import WholeFile, whole_file
from models.growth import GrowthMeasurement
from models.papers import paper_head
from models.placement import Placement
from models.safety import Incident
from reports.child_file import render_file
from resources import use_language
from tests.conftest import actor
from tests.factories import make
from tests.reports.reading import faults, pages_in, text_of
from tests.reports.samples import HEAD


@pytest.fixture
def kept(home: SimpleNamespace) -> SimpleNamespace:
    """A child with placements and many measurements."""
    with home.database.work(SYSTEM) as work:
        for month in range(1, 11):
            values = {
                "child_id": home.child,
                "measured_on": date(2026, month, 5),
                "weight": 18 + month / 10,
                "stature": 110 + month,
            }
            records.save(work, GrowthMeasurement, values, confirmed=True)
        for start, kind in ((date(2020, 3, 1), "household"), (date(2021, 4, 1), "hospital")):
            values = {"child_id": home.child, "kind": kind, "starts_on": start, "place": "市医院儿科"}
            records.save(work, Placement, values, confirmed=True)
    return home


def file_of(home: SimpleNamespace, who: object) -> tuple[WholeFile, bytes]:
    with home.database.work(who) as work:
        whole = whole_file(work, home.child)
        return whole, render_file(whole, paper_head(work, ""))


def test_contents_name_every_paper_with_the_page_on_which_it_begins(kept: SimpleNamespace) -> None:
    use_language("zh_CN")
    whole, pdf = file_of(kept, kept.director)
    assert faults(pdf) == []
    pages = text_of(pdf).split("\f")
    total = pages_in(pdf)
    assert "儿童个人档案" in pages[0]
    assert "档案目录" in pages[1]
    lines = re.findall(r"^(\d+) \S+ (\S+) (?:[\d-]+|/) (\d+) (\d+)$", pages[1], re.MULTILINE)
    assert len(lines) == len(whole.entries) >= 3
    for (_number, title, length, page), entry in zip(lines, whole.entries, strict=True):
        assert title == entry.title
        assert title in pages[int(page) - 1]
        assert int(page) + int(length) - 1 <= total
    for number in range(total):
        assert f"第 {number + 1} 页 共 {total} 页" in pages[number]


def test_a_fact_too_long_for_its_place_beside_the_photo_goes_on_over_the_pages_of_the_cover() -> None:
    long = "".join(chr(0x4E00 + number) for number in range(4_000))
    whole = WholeFile("c1", "曾小乐", "2020-001", (("姓名", "曾小乐"), ("入院经过", long)), None, ())
    assert set(long) <= set(text_of(render_file(whole, HEAD))), "every sign of it is another one"


def test_daily_entries_become_one_list_and_small_records_one_paper(kept: SimpleNamespace) -> None:
    whole, pdf = file_of(kept, kept.director)
    titles = [entry.title for entry in whole.entries]
    assert titles.count("Growth measurements") == 1
    assert titles.count("Placements") == 1
    text = text_of(pdf)
    assert all(f"2026-{month:02d}-05" in text for month in range(1, 11))
    assert "2020-03-01" in text
    assert "2021-04-01" in text


def test_only_what_the_person_may_print_and_only_of_the_children_entrusted(kept: SimpleNamespace) -> None:
    whole, _pdf = file_of(kept, kept.care)
    assert [entry.title for entry in whole.entries] == ["Registration form of a child"]
    with kept.database.work(actor("caregiver", staff_id="nobody")) as work, pytest.raises(Missing):
        whole_file(work, kept.child)


def test_the_printing_of_a_file_is_noted(kept: SimpleNamespace) -> None:
    file_of(kept, kept.director)
    with kept.database.read(SYSTEM) as work:
        (note,) = [each for each in work.query(AuditEntry) if each.event == "printed"]
    assert (note.type_name, note.record_id) == (Child.__name__, kept.child)


@pytest.mark.parametrize("dedicated", [False, True])
def test_a_sealed_record_is_not_bound_even_for_those_who_may_read_it(home: SimpleNamespace, dedicated: bool) -> None:
    """The bound file passes through many hands."""
    with home.database.work(SYSTEM) as work:
        incident = make(work, Incident, child_id=home.child)
    bound = {}
    for sealed in (False, True):
        with home.database.work(SYSTEM) as work:
            work.get_one(Incident, incident).sealed = sealed
        with home.database.work(SYSTEM) as work:
            bound[sealed] = {entry.kind for entry in whole_file(work, home.child, dedicated=dedicated).entries}
    assert bound[False] - bound[True] == {"Incident"}
