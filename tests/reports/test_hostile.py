"""Hostile texts in every place of every paper: they print as themselves, nothing is fetched or opened, time stays bounded.

What is printed of a text is documented at :func:`reports.fonts.printable`: no control and no invisible characters, one
kind of line break, a sign no face can draw as 〓[U+XXXX]. Everything else must be read back as it was.

Every template gets a part of the two thousand texts here, so that all of them are tried; the long battery puts all
two thousand into every template (``tests/slow/test_hostile_battery.py``).
"""

from __future__ import annotations

import subprocess
import time
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from models.file_papers import FileEntry, WholeFile
from models.forms import Form
from models.institution import InstitutionReport, Line, ReportLine, ReportSection
from models.papers import Signed, file_name
from models.period import ReportPeriod
from reports.archival import plain_words
from reports.child_file import volume
from reports.first_papers import Slip, first_papers
from reports.form_paper import form_paper
from reports.institution_report import institution_paper
from reports.listing import listing_paper
from reports.monthly_record import monthly_paper
from reports.page import Paper, render
from reports.record_sheet import bundle_sheet, record_paper_sheet
from reports.therapy_papers import LAYOUTS
from resources import use_language
from tests.reports import samples
from tests.reports.hostile import COUNT, STRINGS, filled, missing, overheard, page_of, places, plain, read
from tests.reports.reading import squeezed, text_of
from tests.reports.samples import HEAD
from tests.reports.test_papers import INCIDENT, LEDGER
from tests.reports.test_therapy_papers import SHEETS

LONGEST_SECONDS = 12.0
"""CPU seconds within which any paper is made, whatever stands in it; an ordinary one takes a tenth of a second."""

MONTH = samples.record(
    samples.care(),
    samples.therapy(),
    *samples.ordinary().sections[2:3],
    warnings=("青霉素过敏", "癫痫"),
    plan=("康复复评", "接种"),
)
CHARTED = samples.record(samples.growth())
FORM = Form(
    "个案计划", MONTH.facts, (samples.therapy(),), (Signed("填表人", "单雄"), Signed("院长")), ("科室意见", "院长意见"), sealed=True,
    warnings=("青霉素过敏",), notes=("本表一式两份",), period="2026年10月", subject="曾小乐", file_number="2020-001", pictured=True,
)  # fmt: skip
REPORT = InstitutionReport(
    ReportPeriod("month", 2026, 10),
    tuple(
        ReportSection(f"s{n}", "安全", "safety", tuple(ReportLine(Line(f"k{m}", "隐患", m, "项"), m, 1) for m in range(6)))
        for n in range(6)
    ),
    running=False, partial=True,
)  # fmt: skip
WHOLE = WholeFile(
    "c1", "曾小乐", "2020-001", MONTH.facts, None,
    (
        FileEntry("child", "登记表", "", INCIDENT, "Child"), FileEntry("care", "护理", "2026-10-01", LEDGER, "NursingRecord"),
        FileEntry("safety", "事件", "", (INCIDENT, INCIDENT), "Incident"),
    ),
)  # fmt: skip
Lay = Callable[[Any, Any], list[Paper]]
TEMPLATES: dict[str, tuple[Any, Lay]] = {
    "monthly": (MONTH, lambda value, head: [monthly_paper(value, head)]),
    "charts": (CHARTED, lambda value, head: [monthly_paper(value, head)]),
    "form": (FORM, lambda value, head: [form_paper(value, head)]),
    "two_forms": ((FORM, FORM), lambda value, head: [form_paper(each, head) for each in value]),
    "record": (INCIDENT, lambda value, head: [record_paper_sheet(value, head)]),
    "bundle": ((INCIDENT, INCIDENT), lambda value, head: [bundle_sheet(value[0].title, value, head)]),
    "listing": (LEDGER, lambda value, head: [listing_paper(value, head)]),
    "child_file": (WHOLE, volume),
    "institution": (REPORT, lambda value, head: [institution_paper(value, head)]),
    **{f"therapy_{name}": (make(), lambda value, head: [LAYOUTS[type(each)](each, head) for each in value]) for name, make in SHEETS.items() if "empty" not in name},
}  # fmt: skip
"""Every template with ordinary values; what prints labels in head, foot and bookmarks is filled with them."""


def made(template: str, texts: Sequence[str]) -> tuple[bytes, int]:
    """Return a template's document with these texts in its places, again from the first where they are too few."""
    value, lay = TEMPLATES[template]
    given = [0]

    def give() -> str:
        given[0] += 1
        return texts[(given[0] - 1) % len(texts)]

    head = filled(HEAD, give)
    return render(lay(filled(value, give), head)), given[0]


def room(template: str) -> int:
    """Return how many texts a template takes."""
    return places(HEAD) + places(TEMPLATES[template][0])


@cache
def printing(template: str) -> tuple[int, ...]:
    """Return which places of a template are printed in full, found out with ordinary texts."""
    texts = [f"甲{number:05d}，{'很长的文字' * 12}{number:05d}乙" for number in range(room(template))]
    found = squeezed(text_of(made(template, texts)[0]))
    whole = tuple(number for number, text in enumerate(texts) if squeezed(text) in found)
    return whole or tuple(n for n, _text in enumerate(texts) if f"甲{n:05d}" in found)


def troubles(template: str, texts: Sequence[str]) -> list[tuple[str, Any]]:
    """Put texts into the printing places of a template, document after document, and return what went wrong.

    Wrong is a text that cannot be read back, anything opened or called meanwhile, and a document that takes too long.
    """
    use_language("zh_CN")
    spots, size, wrong = printing(template), room(template), []
    made(template, ["平常"])  # faces and charts are opened once, before anyone listens
    for start in range(0, len(texts), len(spots)):
        some = list(zip(spots, texts[start : start + len(spots)], strict=False))
        placed = ["平常"] * size
        for spot, text in some:
            placed[spot] = text
        began = time.process_time()
        (document, _given), heard = overheard(partial(made, template, placed))
        wrong += [("slow", start)] if time.process_time() - began >= LONGEST_SECONDS else []
        wrong += [("heard", each) for each in heard]
        found = read(document)
        wrong += [
            ("lost", (spot, text[:60], text[-5:]))
            for spot, text in some
            if missing(text, found, fitted=spot < places(HEAD))
        ]
    return wrong


HEAVY = frozenset({"child_file", "therapy_department_of_12", "therapy_therapist_week", "two_forms"})
_TURNS = [name for name in TEMPLATES for _turn in range(1 if name in HEAVY else 4)]


def share(template: str) -> list[str]:
    """Return this template's part of the two thousand: all of them are told off among the templates, fewer to the heavy."""
    return [text for number, text in enumerate(STRINGS) if _TURNS[number % len(_TURNS)] == template]


def test_a_file_opened_or_a_program_started_would_be_heard(tmp_path: Path) -> None:
    def act() -> None:
        (tmp_path / "x.png").write_bytes(b"")
        subprocess.run(["true"], check=True)

    heard = {what for what, _whom in overheard(act)[1]}
    assert {"open", "subprocess.Popen"} <= heard


@pytest.mark.parametrize(
    ("text", "pages", "lost"),
    [
        ("甲乙§0001", ["x甲乙§0001y"], False),
        ("甲乙§0001", ["x甲乙", "§0001y"], False),
        ("甲乙§0001", ["x甲乙§000", "2y"], True),
        ("甲乙§0001", ["§0001y", "x甲乙"], True),
        ("甲" * 30 + "§0001", ["甲" * 20, "甲" * 10 + "§00", "01"], False),
        ("甲" * 30 + "§0001", ["甲" * 20, "甲" * 9 + "§0001"], True),
        ("甲" * 30 + "§0001", ["甲" * 20, "甲" * 10 + "§00", "x01"], True),
        ("/§0001", ["/§0002"], True),
        ("/§0001", ["/§0002", "§1001"], True),
        ("/§0001", ["x/§0", "001\nx"], False),
        ("/§0001", ["x/§0 /§002", "001\nx"], False),
        ("甲\n乙§0001", ["甲·乙§0001"], False),
    ],
)
def test_a_text_counts_as_read_only_when_every_sign_of_it_follows_the_one_before(
    text: str, pages: list[str], lost: bool
) -> None:
    assert missing(text, [page_of(each) for each in pages]) is lost


def test_there_are_two_thousand_different_texts_of_every_kind() -> None:
    assert len(STRINGS) == len(set(STRINGS)) == COUNT
    assert sum(len(text) >= 10_000 for text in STRINGS) == 10
    together = "".join(STRINGS)
    assert all(
        each in together
        for each in ("<img src", ")Tj ET", "\u202e", "\ud800", "👨‍👩‍👧‍👦", "=cmd", "{{7*7}}", "\x00", "א")
    )
    assert set().union(*(share(template) for template in TEMPLATES)) == set(STRINGS), "every text is tried somewhere"


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_hostile_text_prints_as_itself_and_opens_nothing(template: str) -> None:
    assert troubles(template, share(template)) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_most_places_of_a_template_are_tried(template: str) -> None:
    use_language("zh_CN")
    assert len(printing(template)) >= 5


def test_a_hostile_text_in_bookmarks_and_description_stays_text_and_the_document_sound() -> None:
    use_language("zh_CN")
    for start in range(0, 400, 8):
        texts = [text for text in STRINGS[10:][start : start + 8] if plain(text)]
        document, _given = made("two_forms", texts)
        with pikepdf.open(BytesIO(document)) as opened, opened.open_outline() as outline:
            assert not opened.get_warnings() and not opened.check_pdf_syntax()
            assert "/OpenAction" not in opened.Root and "/JavaScript" not in str(opened.Root.get("/Names", ""))
            assert not [page for page in opened.pages if "/Annots" in page], "no link, no action"
            titles = "".join(squeezed(str(each.title)) for each in outline.root)
            assert titles and "\x00" not in titles
            said = squeezed(str(opened.docinfo["/Author"]))
            assert squeezed(plain_words(texts[0]))[:20] in said


@pytest.mark.parametrize("text", STRINGS[10:400:3])
def test_a_hostile_text_makes_a_harmless_file_name(text: str) -> None:
    name = file_name(text, text, ending="pdf")
    assert name.endswith(".pdf") and not set(name) & set('/\\:*?"<>|') and not name.startswith(".")
    assert len(name.encode("utf-8")) <= 255, "as long as a disk takes"
    assert not [each for each in name if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


def test_a_password_slip_prints_what_it_is_given() -> None:
    use_language("zh_CN")
    texts = [text for text in STRINGS[10:60] if plain(text)]
    slips = [Slip(each, each, each, each) for each in texts]
    first_papers(HEAD, "平常", slips[:1])  # faces are opened once, before anyone listens
    document, heard = overheard(lambda: first_papers(HEAD, texts[0], slips))
    assert heard == []
    found = read(document)
    assert not [text for text in texts if missing(text, found)]
