"""Every declared paper of a child, laid out: with nothing, with something, with far too much, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from models.forms import FORMS, Asked, Form, FormKind, gathered
from models.month import Grid, Section
from models.papers import Signed, paper_head
from models.period import ReportPeriod
from reports.fonts import printable
from reports.form_paper import form_paper, render_forms
from reports.page import pages_of
from reports.styles import LABEL
from resources import use_language
from tests.forms_house import furnish, words
from tests.reports.reading import agreed, faults, layout_of, squeezed, text_of
from tests.reports.samples import FACTS, HEAD, care, growth

OCTOBER = ReportPeriod("month", 2026, 10)
LANGUAGES = ("zh_CN", "en")


def asked_of(kind: FormKind, home: SimpleNamespace, made: dict[str, str]) -> Asked:
    """What a person who stands in the child's file, or at the record, asks for."""
    if kind.of in ("child", "child_month"):
        return Asked(home.child, period=OCTOBER if kind.of == "child_month" else None)
    return Asked(record_id=made[kind.of])


def said_in(form: Form) -> Iterator[str]:
    """Every value that a form says."""
    yield from (value for _label, value in form.facts)
    for section in form.sections:
        yield from (value for _label, value in (*section.facts, *section.texts))
        for grid in section.grids:
            yield from (cell for row in grid.rows for cell in row)


def printed(work: object, forms: list[Form]) -> str:
    pdf = render_forms(forms, paper_head(work, ""))  # type: ignore[arg-type]
    assert faults(pdf) == []
    return text_of(pdf)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_of_a_child_without_any_record_is_a_form_to_fill_in(home, language):
    use_language(language)
    with home.database.read(home.director) as work:
        for kind in FORMS.values():
            if kind.of not in ("child", "child_month"):
                continue
            forms = gathered(work, kind, asked_of(kind, home, {}))
            text = squeezed(printed(work, forms))
            assert all(squeezed(each.name) in text for each in forms), kind.key
            assert "曾小乐" in text
            assert not any(each.final for each in forms), kind.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_says_everything_that_was_gathered(home, language):
    use_language(language)
    made = furnish(home)
    with home.database.read(home.director) as work:
        for kind in FORMS.values():
            forms = gathered(work, kind, asked_of(kind, home, made))
            text = squeezed(printed(work, forms))
            # A cell that is parted between two pages has head and foot of the page in its middle.
            ends = [squeezed(value) for form in forms for value in said_in(form)]
            lost = [value for value in ends if value not in text and not (value[:4] in text and value[-4:] in text)]
            assert not lost, (kind.key, lost)
            assert not all(form.blank for form in forms), kind.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_far_too_much_goes_on_over_the_pages_without_loss(home, language):
    use_language(language)
    made = furnish(home, times=14, long=words(260))
    with home.database.read(home.director) as work:
        for kind in FORMS.values():
            forms = gathered(work, kind, asked_of(kind, home, made))
            text = squeezed(printed(work, forms))
            told = {
                token
                for form in forms
                for value in said_in(form)
                for token in re.findall(r"w\d{4}|[\u4e00-\u9fff]{2,4}\d{3}", value)
            }
            lost = sorted(token for token in told if token not in text)
            assert not lost, (kind.key, lost[:5])


def test_a_long_table_repeats_its_heads_and_says_that_it_goes_on() -> None:
    use_language("zh_CN")
    rows = tuple((str(number), f"内容{number:03d}") for number in range(90))
    form = Form("长表", FACTS, (Section("明细", grids=(Grid(("序号", "长表之内容"), rows),)),), final=True)
    text = text_of(render_forms([form], HEAD))
    assert text.count("长表之内容") >= 2
    assert "（续表）" in text
    assert all(f"内容{number:03d}" in text for number in range(90))


def test_empty_cells_of_a_final_form_are_closed_and_those_of_a_draft_stay_open() -> None:
    use_language("zh_CN")
    sections = (Section("情况", facts=(("地点", ""),), texts=(("经过", ""),)),)
    final = text_of(render_forms([Form("表", (("姓名", ""),), sections, final=True)], HEAD))
    draft = text_of(render_forms([Form("表", (("姓名", ""),), sections, state="draft")], HEAD))
    assert "/" in final and "无" in final
    assert "/" not in draft.replace("2026-11-02", "")
    assert "草稿" in squeezed(draft) and "草稿" not in squeezed(final)


def test_an_empty_table_of_an_open_form_has_lines_to_write_on() -> None:
    use_language("zh_CN")
    empty = Section("清单", grids=(Grid(("名称", "数量"), ()),))
    paper = form_paper(Form("表", (("姓名", "曾小乐"),), (empty,)), HEAD)
    (sheet,) = pages_of(paper)
    assert (
        sum(
            1
            for strip in sheet.strips
            if len(strip.row.cells) == 2 and not any(c.text.strip() for c in strip.row.cells)
        )
        == 3
    )


def test_signatures_opinions_and_seal_stand_together_and_the_seal_stands_last() -> None:
    use_language("zh_CN")
    signed = (Signed("填表人", "张三"), Signed("科室负责人"), Signed("院长"))
    long = Section("经过", texts=(("经过", "一二三四五六七八九十。" * 190),))
    form = Form("表", FACTS, (long,), signed, ("本院意见", "主管民政部门意见"), sealed=True)
    sheets = pages_of(form_paper(form, HEAD))
    last = [cell.text for strip in sheets[-1].strips for cell in strip.row.cells]
    assert {"填表人", "本院意见", "主管民政部门意见"} <= set(last)
    assert text_of(render_forms([form], HEAD)).count("（盖章）") == 1


@pytest.mark.parametrize("name", ["خ" * 12, "养护\ue863\ue863"])
def test_the_name_of_a_part_stands_whole_in_its_band_where_no_face_has_its_signs(name: str) -> None:
    """What is printed of such a sign, 〓[U+XXXX], is far longer than the sign."""
    use_language("zh_CN")
    form = Form("表", (("姓名", "曾小乐"),), (Section(name, facts=(("地点", "院内"),)),))
    assert printable(name, LABEL.chain) in squeezed(text_of(render_forms([form], HEAD)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_looks_as_it_was_agreed(language: str) -> None:
    use_language(language)
    form = Form(
        "生长发育记录", FACTS, (care(), growth(), Section("其他")), (Signed("填表人", "张三"), Signed("院长")), ("本院意见",),
        sealed=True, warnings=("青霉素过敏",), notes=("填表说明。",), period="2026年10月", subject="曾小乐", file_number="2020-001",
        final=True, pictured=True,
    )  # fmt: skip
    text = layout_of(render_forms([form], HEAD))
    assert text == agreed(f"form.{language}", text)


def test_the_same_form_gives_the_same_bytes() -> None:
    form = Form("表", FACTS, (care(),), final=True)
    assert render_forms([form], HEAD) == render_forms([form], HEAD)
