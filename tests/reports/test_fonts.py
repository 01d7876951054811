"""Every character that goes into a paper can be read out of it again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import fonts
from reports.fonts import chain, missing_glyphs, printable
from reports.pen import Pen
from resources import table, use_language
from tests.reports.reading import faults, fonts_of, squeezed, text_of

AT = datetime(2026, 11, 2, 9, 30)


def written(text: str, face: str = "song") -> bytes:
    """A document with this text, forty characters a line, fifty lines a page."""
    pen, faces = Pen("试", "试", AT), chain(face)
    clean = printable(text, faces)
    lines = [clean[start : start + 40] for start in range(0, len(clean), 40)]
    for first in range(0, len(lines), 50):
        for number, line in enumerate(lines[first : first + 50]):
            pen.text(60, 780 - 14 * number, line, faces, 10)
        pen.end_page()
    return pen.finish()


@pytest.mark.parametrize("face", ["song", "song-bold", "hei", "hei-bold"])
def test_all_standard_characters_come_out_as_they_went_in(face: str) -> None:
    standard = "".join(row["char"] for row in table("hanzi/tgh8105.csv"))
    assert len(standard) == 8105
    assert squeezed(text_of(written(standard, face))) == standard


@pytest.mark.parametrize("face", ["song", "song-bold", "hei", "hei-bold"])
def test_quotation_marks_are_as_wide_as_the_writing_of_the_paper(face: str) -> None:
    use_language("zh_CN")
    assert [chain(face).width(mark, 10) for mark in "‘’“”"] == [10] * 4
    use_language("en")
    assert all(2 < chain(face).width(mark, 10) < 6 for mark in "‘’“”")
    assert chain(face).width("安", 10) == 10
    said = "mostly “All” and ‘well’"
    assert text_of(written(said, face)).strip() == said


def test_every_standard_character_has_a_shape_of_its_own_in_every_face() -> None:
    standard = "".join(row["char"] for row in table("hanzi/tgh8105.csv"))
    for name in ("song", "song-bold", "hei", "hei-bold"):
        faces = chain(name)
        shapes = {faces.face_of(each).file.outline(faces.face_of(each).glyphs[ord(each)]) for each in standard}
        assert b"" not in shapes
        assert len(shapes) == len(standard), name


def test_every_name_a_home_may_enter_comes_out_as_it_went_in() -> None:
    names = [row["name"] for row in table("names/synthetic_names.csv") if row["expected_valid"] == "true"]
    above = {each for name in names for each in name if each > "\uffff"}
    assert len(names) > 60 and len(above) > 10
    text = squeezed("".join(names))
    assert missing_glyphs(text) == []
    assert squeezed(text_of(written(text))) == text


def test_a_character_that_was_measured_before_it_was_checked_is_marked_all_the_same() -> None:
    faces = chain("hei")
    faces.width("\U000313ff", 9)
    assert printable("\U000313ff", faces) == "〓[U+313FF]"


def test_rare_characters_and_names_with_a_dot_survive() -> None:
    names = "㛃𠮷𬭎·阿依古丽·买买提囧㐂𪚥龘"
    pdf = written(names)
    assert squeezed(text_of(pdf)) == names
    assert faults(pdf) == []


def test_ticked_and_empty_boxes_are_there_in_every_face() -> None:
    for face in ("song", "song-bold", "hei", "hei-bold", "fang"):
        assert squeezed(text_of(written("□男☑女", face))) == "□男☑女"


def test_a_character_no_face_has_is_marked_and_named_before_printing() -> None:
    text = "王\U0002ebf0\U0001f600明"
    assert missing_glyphs(text) == ["\U0002ebf0", "\U0001f600"]
    assert squeezed(text_of(written(text))) == "王〓[U+2EBF0]〓[U+1F600]明"
    assert missing_glyphs("曾小乐 x<y>z ①½℃㎡…—“”‘’【】〔〕×÷≤≥±→") == []


def test_controls_and_direction_marks_leave_no_trace_and_change_no_order() -> None:
    text = "\x00a\x07b\u202ec\u2066d\u200be\ufefff\x1bg\u0085h\r\ni\tj"
    assert printable(text, chain("song")) == "abcdefg\nh\ni j"
    assert squeezed(text_of(written("甲\u202e乙丙\u202c丁"))) == "甲乙丙丁"


def test_half_a_character_is_marked_too() -> None:
    assert printable("a\ud842b", chain("song")) == "a〓[U+D842]b"


@given(st.text(max_size=60))
def test_whatever_is_printable_can_be_set_by_the_faces(text: str) -> None:
    faces = chain("hei")
    clean = printable(text, faces)
    assert "".join(piece for _face, piece in faces.runs(clean)) == clean
    assert all(faces.has(each) for each in clean if each != "\n")
    assert printable(clean, faces) == clean


def test_no_font_slips_in_that_is_not_embedded_and_each_face_comes_once() -> None:
    pen = Pen("试", "试", AT)
    for face in ("song", "song-bold", "hei", "hei-bold"):
        pen.text(60, 700, "字体 Font 𠮷", chain(face), 12)
    pen.end_page()
    pdf = pen.finish()
    assert faults(pdf) == []
    names = [name.split("+")[1] for name, _embedded, _mapped in fonts_of(pdf)]
    assert sorted(names) == [
        "HanaMinB", "NotoSansSC-Bold", "NotoSansSC-Regular", "NotoSerifSC-Bold", "NotoSerifSC-Regular",
    ]  # fmt: skip


def test_the_same_text_makes_the_same_bytes_also_from_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _number: written("青禾儿童福利院 𠮷 2026"), range(12)))
    assert len(set(made)) == 1


def test_reportlab_itself_can_use_the_faces() -> None:
    from io import BytesIO

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    from reports.blocks import esc

    fonts.ready()
    file = BytesIO()
    style = ParagraphStyle("x", fontName="Qinghe-song", fontSize=12, wordWrap="CJK", leading=16)
    hostile = "x<y>z & <img src='/etc/passwd'/> 𠮷氏 </para>"
    SimpleDocTemplate(file, initialFontName="Qinghe-song").build([Paragraph(esc(hostile), style)])
    assert squeezed(text_of(file.getvalue())) == squeezed(hostile)


def test_a_subset_holds_what_its_glyphs_are_built_of() -> None:
    from fontTools.ttLib import TTFont as Reader

    face = chain("hei").faces[0]
    glyphs = [0, *(face.glyphs[ord(each)] for each in "éüñ☑一")]
    from io import BytesIO

    made = Reader(BytesIO(face.file.subset(glyphs)))
    for name in made.getGlyphOrder():
        made["glyf"][name].getCoordinates(made["glyf"])
    assert [made["hmtx"].metrics[name][0] for name in made.getGlyphOrder()][: len(glyphs)] == [
        face.advances[glyph] for glyph in glyphs
    ]
