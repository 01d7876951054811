"""Papers for the archive: PDF/A-2 with true tags, the same bytes every time, checked clause by clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from reports.archival import colour_profile
from reports.fonts import chain
from reports.monthly_record import monthly_paper, render_bound, render_monthly
from reports.page import Paper, missing_in, render
from reports.square_code import _bars
from resources import use_language
from tests.reports import samples
from tests.reports.pdfa import elements, failures, kids
from tests.reports.reading import _through, faults, layout_of, squeezed, text_of
from tests.reports.samples import HEAD
from tests.reports.test_papers import PAPERS, sheets
from tests.reports.test_therapy_papers import SHEETS, printed

CODED = HEAD.but(number="2026-000123", check="QH1 2026-000123 " + "a3f49b02" * 4)


def photographed() -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (250, 350), "#886644").save(file, "PNG")
    return render_monthly(replace(samples.ordinary(), photo=file.getvalue()), CODED)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", [*PAPERS, *SHEETS])
def test_every_paper_keeps_every_clause_that_can_be_checked(name: str, language: str) -> None:
    use_language(language)
    pdf = PAPERS[name]() if name in PAPERS else printed(SHEETS[name]())
    assert failures(pdf) == []


def test_photos_codes_copies_bound_volumes_and_hostile_texts_keep_them_too() -> None:
    use_language("zh_CN")
    made = (
        photographed(),
        render_bound([samples.ordinary(), samples.empty(), samples.ordinary()], HEAD.but(copy="法院 第3份", demo=True)),
        sheets("</rdf:li> & ]]> ) >> endobj \x00\x1b\u202e\ud842 \U0002ebf0\ue000\ufffe𠮷"),
    )
    for pdf in made:
        assert failures(pdf) == []
        assert faults(pdf) == []


def _spoilt(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    file = BytesIO()
    with pikepdf.open(BytesIO(photographed())) as document:
        change(document)
        document.save(file)
    return file.getvalue()


def _intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def _script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.beep()")


def _untagged(document: pikepdf.Pdf) -> None:
    document.Root.MarkInfo.Marked = False


def _renamed(document: pikepdf.Pdf) -> None:
    document.docinfo["/Title"] = "anders"


def _bare(document: pikepdf.Pdf) -> None:
    page = document.pages[0]
    page.contents_add(b"BT /F1 9 Tf <0001> Tj ET")


def _mixed_up(document: pikepdf.Pdf) -> None:
    cell = next(each for each in elements(document) if each.S == Name.TD and "/K" in each)
    cell.K = int(cell.K) + 1


def _silent(document: pikepdf.Pdf) -> None:
    del next(each for each in elements(document) if Name.Figure == each.S).Alt


def _notdef(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"/Artifact BMC BT /F1 9 Tf <0000> Tj ET EMC")


def _thin(document: pikepdf.Pdf) -> None:
    font = next(iter(document.pages[0].obj.Resources.Font.values()))
    font.DescendantFonts[0].W[1][1] = 3


@pytest.mark.parametrize(
    "spoil",
    [_intent, _script, _untagged, _renamed, _bare, _mixed_up, _silent, _notdef, _thin],
    ids=lambda each: each.__name__,
)
def test_the_check_notices_what_is_wrong(spoil: Callable[[pikepdf.Pdf], None]) -> None:
    use_language("zh_CN")
    assert failures(_spoilt(lambda document: None)) == []
    assert failures(_spoilt(spoil))


def spoken(element: pikepdf.Dictionary) -> list[str]:
    return [str(each.S)[1:] for each in kids(element) if isinstance(each, Dictionary) and "/S" in each]


def test_headings_tables_and_cells_are_what_they_are() -> None:
    use_language("zh_CN")
    heard = _heard(render_monthly(samples.ordinary(), HEAD))
    assert [text for kind, text in heard if kind == "H1"] == ["儿童月度综合记录"]
    headings = ["养护", "生长发育", "医疗", "康复", "教育", "安全", "社会工作", "津贴", "下月计划", "签字"]
    assert [text for kind, text in heard if kind == "H2"] == headings
    assert [text for kind, text in heard if kind == "H3"] == ["每日护理", "用药", "训练统计", "目标进展"]
    start = heard.index(("TH", "日期"))
    assert [kind for kind, _text in heard[start : start + 11]] == ["TH"] * 11
    assert heard[start + 11 : start + 13] == [("TD", "10-01"), ("TD", "36.4")]
    assert ("P", "本月无记录。") in heard


def _heard(pdf: bytes) -> list[tuple[str, str]]:
    """What a reader for the blind reads out, as poppler finds it: (kind, text)."""
    found, kind = list[tuple[str, str]](), ""
    for line in _through(pdf, "pdfinfo", "-struct-text", "{}").splitlines():
        words = line.strip()
        if words.startswith('"'):
            found.append((kind, words.strip('"')))
        elif words and not words.startswith("/"):
            kind = words.split()[0].rstrip(":")
    return found


def test_a_chart_is_told_in_words() -> None:
    use_language("zh_CN")
    with pikepdf.open(BytesIO(photographed())) as document:
        told = [str(each.Alt) for each in elements(document) if Name.Figure == each.S]
    assert told[0] == "照片"
    assert "年龄别体重" in told[1] and "共12次测量" in told[1]
    assert CODED.check in told[-1]


def test_a_cell_parted_by_a_page_is_one_cell_and_repeated_headings_are_furniture() -> None:
    use_language("zh_CN")
    with pikepdf.open(BytesIO(PAPERS["monthly_overfull"]())) as document:
        pieces = [
            len([each for each in kids(cell) if isinstance(each, int) or "/MCID" in each])
            for cell in elements(document)
            if cell.S == Name.TD
        ]
        heads = [each for each in elements(document) if each.S == Name.H2]
        assert max(pieces) >= 3
        assert len(heads) == 5
        assert spoken(document.Root.StructTreeRoot.K[0])[:3] == ["P", "H1", "P"]


def test_the_words_of_the_tags_are_the_words_of_the_record() -> None:
    use_language("zh_CN")
    text = squeezed("".join(text for _kind, text in _heard(render_monthly(samples.ordinary(), HEAD))))
    for section in samples.ordinary().sections:
        for _name, value in section.facts:
            assert squeezed(value) in text
        for grid in section.grids:
            assert all(squeezed("".join(cell or "/" for cell in row)) in text for row in grid.rows)
        for _name, words in section.texts:
            assert squeezed(words) in text


def test_the_same_paper_is_the_same_bytes() -> None:
    assert photographed() == photographed()
    assert PAPERS["monthly_ordinary"]() == PAPERS["monthly_ordinary"]()


def test_the_code_stands_on_the_first_page_only_and_the_number_on_every_page() -> None:
    use_language("zh_CN")
    pages = layout_of(render_monthly(samples.ordinary(), CODED)).split("=== page ===")[:3]
    assert "编号：2026-000123" in pages[0]
    assert all("2026-000123" in page for page in pages)
    with pikepdf.open(BytesIO(render_monthly(samples.ordinary(), CODED))) as document:
        bars = [str(page.Contents.read_bytes()).count(" re") for page in document.pages]
    assert bars[0] > 200 > bars[1]
    plain = render_monthly(samples.ordinary(), HEAD)
    assert "编号：2026" not in text_of(plain)


def test_the_code_says_the_text() -> None:
    text = CODED.check
    count, bars = _bars(text)
    dark = {(row, column + each) for row, column, length in bars for each in range(length)}
    assert count == 33  # version 4: two interleaved blocks of 32 bytes at level M
    bits = "".join(str(int(((row, column) in dark) ^ ((row + column) % 2 == 0))) for row, column in _way(count))
    stored = bytes(int(bits[at : at + 8], 2) for at in range(0, 64 * 8, 8))
    plain = "".join(f"{each:08b}" for each in stored[0::2] + stored[1::2])
    assert plain[:4] == "0100"
    assert bytes(int(plain[12 + at : 20 + at], 2) for at in range(0, 8 * int(plain[4:12], 2), 8)).decode() == text


def _way(count: int) -> list[tuple[int, int]]:
    """The squares of a code of version 4 that hold data, in the order of ISO/IEC 18004."""
    found, upwards = list[tuple[int, int]](), True
    for right in (*range(count - 1, 6, -2), *range(5, 0, -2)):
        for row in reversed(range(count)) if upwards else range(count):
            found += [(row, column) for column in (right, right - 1) if not _fixed(row, column, count)]
        upwards = not upwards
    return found


def _fixed(row: int, column: int, count: int) -> bool:
    corner = (row < 9 and column < 9) or (row < 9 and column >= count - 8) or (row >= count - 8 and column < 9)
    return corner or 6 in (row, column) or (abs(row - 26) <= 2 and abs(column - 26) <= 2)


def test_characters_without_a_face_are_named_before_printing() -> None:
    use_language("zh_CN")
    record = replace(samples.ordinary(), facts=(("姓名", "王\U0002ebf0明"),), plan=("给\U0001f600笑脸",))
    paper = monthly_paper(record, HEAD)
    assert missing_in([paper]) == {"\U0002ebf0": "王\U0002ebf0明", "\U0001f600": "1. 给\U0001f600笑脸"}
    with pikepdf.open(BytesIO(render([paper]))) as document:
        assert str(document.docinfo["/QingheMissing"]).splitlines() == [
            "U+2EBF0 王\U0002ebf0明",
            "U+1F600 1. 给\U0001f600笑脸",
        ]
    with pikepdf.open(BytesIO(render([Paper(HEAD, ())]))) as document:
        assert "/QingheMissing" not in document.docinfo


def test_a_private_character_is_no_character_of_any_face() -> None:
    assert not any(chain(face).has("\ue000") for face in ("song", "song-bold", "hei", "hei-bold"))


def test_the_colours_are_those_of_srgb() -> None:
    from PIL import Image, ImageCms

    ours, theirs = ImageCms.ImageCmsProfile(BytesIO(colour_profile())), ImageCms.createProfile("sRGB")
    picture = Image.frombytes("RGB", (4, 1), bytes((200, 30, 90, 10, 120, 240, 128, 128, 128, 1, 254, 7)))
    turned = ImageCms.profileToProfile(picture, ours, theirs)
    assert turned is not None
    assert all(abs(one - other) <= 1 for one, other in zip(picture.tobytes(), turned.tobytes(), strict=True))


def test_a_paper_is_small() -> None:
    use_language("zh_CN")
    assert len(render_monthly(samples.ordinary(), CODED)) < 160_000
    bound = [replace(samples.ordinary(), name=f"儿童{n}", number=f"2020-{n:03d}") for n in range(20)]
    assert len(render_bound(bound, CODED)) < 20 * 45_000
