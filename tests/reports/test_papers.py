"""The papers of the home as readable text, in both languages, empty, ordinary and overfull — and unmoved by hostile data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from models.core.exchange import Listing
from models.core.fields import Field
from models.month import Grid, Section
from models.papers import PaperField, RecordPaper, Signed
from reports.fonts import chain, printable
from reports.listing import render_listing
from reports.monthly_record import render_bound, render_monthly
from reports.record_sheet import render_record
from resources import use_language
from tests.reports import samples
from tests.reports.hostile import missing, read
from tests.reports.reading import agreed, faults, layout_of, pages_in, squeezed, text_of
from tests.reports.samples import HEAD

LEDGER = Listing(
    "基本生活费发放台账",
    (
        Field("姓名", name="name"), Field("档案编号", name="number"), Field("天数", "integer", name="days"),
        Field("金额", "money", name="amount", unit="元"), Field("备注", "long_text", name="note"),
    ),
    tuple((f"儿童{n}", f"2020-{n:03d}", 31, Decimal("2450.50"), "住院7天" if n == 3 else None) for n in range(1, 6)),
    ("月份：2026年10月", "班组：向日葵家庭"),
)  # fmt: skip
INCIDENT = RecordPaper(
    "安全事故报告",
    (("姓名", "曾小乐"), ("档案编号", "2020-001"), ("性别", "男")),
    (
        ("经过", (
            PaperField("发现时间", "2026-10-17 10:20"),
            PaperField("伤情", "轻微（院内处理）", choices=((False, "无伤"), (True, "轻微（院内处理）"), (False, "严重（需住院）"))),
            PaperField("经过", "上午活动时在滑梯旁摔倒，右膝擦伤约2cm×1cm，x<y>z，已消毒包扎。", long=True),
        )),
        ("处理", (PaperField("送医", ""), PaperField("处理结果", "", long=True))),
    ),
    (Signed("填表人", "单雄", datetime(2026, 10, 17, 11, 0)), Signed("科室负责人", "周医生", datetime(2026, 10, 18, 9, 0)), Signed("院长")),
    state="reviewed", subject="曾小乐", file_number="2020-001",
)  # fmt: skip

PAPERS: dict[str, Callable[[], bytes]] = {
    "monthly_empty": lambda: render_monthly(samples.empty(), HEAD),
    "monthly_ordinary": lambda: render_monthly(samples.ordinary(), HEAD),
    "monthly_overfull": lambda: render_monthly(samples.overfull(), HEAD),
    "monthly_draft_of_a_demo_home": lambda: render_monthly(
        replace(samples.empty(), finished=False), HEAD.but(demo=True)
    ),
    "listing": lambda: render_listing(LEDGER, HEAD),
    "listing_empty": lambda: render_listing(replace(LEDGER, rows=()), HEAD),
    "incident_reviewed": lambda: render_record(INCIDENT, HEAD),
    "incident_archived": lambda: render_record(replace(INCIDENT, state="archived", final=True), HEAD),
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_reads_as_kept(name: str, language: str) -> None:
    use_language(language)
    pdf = PAPERS[name]()
    text = layout_of(pdf)
    assert text == agreed(f"{name}.{language}", text)
    assert faults(pdf) == []


@pytest.mark.parametrize("name", PAPERS)
def test_the_same_record_makes_the_same_bytes(name: str) -> None:
    assert PAPERS[name]() == PAPERS[name]()


HOSTILE = (
    "x<y>z", "<5ml 且 >2ml", "a < b & c > d", "&lt;b&gt;", "&#60;", "<b>粗", "</para>", "<br/>", "<para>", "<b><i></b></i>",
    "<img src='/etc/passwd' width='10' height='10'/>", '<img src="http://127.0.0.1:9/x.png"/>', "<a href='file:///etc/passwd'>x</a>",
    "<onDraw name='x' label='y'/>", "<font color='[[[getattr(pow,Word(\"__globals__\"))]]]'>x</font>", "<seq id='x'/>",
    "<super>2</super>", "<!-- -->", "<![CDATA[x]]>", "<?xml version='1.0'?>", "{name}", "%(name)s", "{{7*7}}", "${jndi:x}",
    ")Tj ET q", "\\) Tj (", "(unbalanced", "endstream endobj", "/F1 12 Tf", "<FEFF>", "\\u0041\\n", "=cmd|'/c calc'!A1",
    "𠮷㛃𬭎·阿依古丽·买买提", "\x00\x01\x07\x1b[31m红", "\u202e倒\u202c序", "零\u200b宽\ufeff", "\u2028行\u2029段", "e\u0301",
    "\U0002ebf0Ext I", "😀", "…" * 30, "。" * 60, "（" * 60, "A" * 300, "很长" * 150, "一\n二\r\n三\t四", " 前后 ", "'\"`", "/", "□☑",
)  # fmt: skip


def months(text: str) -> bytes:
    section = Section(
        "养护" + text, ((text, "甲" + text), ("乙", text + "1")), (Grid((text, "二"), ((text, text + "2"),) * 3, text),),
        ((text, text + "3"), ("四", text + "4")), area="care",
    )  # fmt: skip
    made = samples.record(
        section,
        facts=(("姓名", text + "5"), (text, text + "6")),
        warnings=(text + "7",),
        plan=(text + "8",),
        name=text,
        number=text,
    )
    return render_bound([made, made], HEAD.but(institution=text, printed_by=text))


def sheets(text: str) -> bytes:
    fields = (
        PaperField(text, text + "1"),
        PaperField("甲", text + "2", long=True),
        PaperField(text, "", choices=((True, text), (False, "乙"))),
    )
    made = replace(
        INCIDENT,
        sections=((text, fields), ("丙", fields)),
        about=(("丁", text + "3"),),
        signed=(Signed(text, text),),
        corrects=text,
    )
    return render_record(replace(made, title=text, subject=text, file_number=text), HEAD)


def lists(text: str) -> bytes:
    columns = (Field(text, name="a"), Field("乙", "long_text", name="b", unit=text))
    return render_listing(Listing(text, columns, ((text, text + "1"),) * 4, (text + "2",)), HEAD)


_heard: list[tuple[str, str]] = []
_listening = False


def _listen(event: str, details: tuple[object, ...]) -> None:
    if _listening and event in {
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
        "exec",
    }:
        _heard.append((event, str(details[0]) if details else ""))


sys.addaudithook(_listen)


@pytest.fixture
def listening() -> Iterator[list[tuple[str, str]]]:
    """What the program opens or calls meanwhile."""
    global _listening
    _heard.clear()
    _listening = True
    yield _heard
    _listening = False


def test_hostile_texts_are_printed_as_text_in_every_field_of_every_template(listening: list[tuple[str, str]]) -> None:
    global _listening
    made = {}
    for template in (months, sheets, lists):
        template("ordinary")
        _heard.clear()
        for text in HOSTILE:
            made[template, text] = template(text)
        assert not [each for each in listening if each[0] != "open" or not each[1].endswith(".ttf")]
    _listening = False
    for (template, text), pdf in made.items():
        found = squeezed(text_of(pdf))
        ends = "12345678" if template is months else "123" if template is sheets else "12"
        plain = squeezed(printable(text, chain("song")))
        if len(plain) > 100:  # may be parted between pages
            assert not [end for end in ends if missing(text + end, read(pdf))], (template, text)
            continue
        for end in ends:
            assert plain + end in found, (template, text, end)


def test_a_hostile_text_leaves_the_document_sound() -> None:
    for text in HOSTILE[::4]:
        assert faults(months(text)) == []


def test_an_empty_list_and_an_empty_month_say_so() -> None:
    use_language("zh_CN")
    assert "无记录" in text_of(PAPERS["listing_empty"]())
    assert text_of(PAPERS["monthly_empty"]()).count("本月无记录。") == 8


def test_a_draft_a_void_and_a_demo_paper_are_marked_on_every_page() -> None:
    use_language("zh_CN")
    overfull = replace(samples.overfull(), finished=False)
    pdf = render_monthly(overfull, HEAD.but(demo=True))
    text, pages = text_of(pdf), pages_in(pdf)
    assert pages > 8
    assert squeezed(text).count("草稿装订线") == pages
    assert text.count("演示数据·全部为虚构") == pages
    assert text.count("内部资料·注意保密") == pages
    assert "作废" in squeezed(text_of(render_record(replace(INCIDENT, state="void"), HEAD)))
    assert "草稿" not in squeezed(text_of(render_record(replace(INCIDENT, state="approved"), HEAD)))


def test_every_page_says_which_it_is_when_and_by_whom_it_was_printed() -> None:
    use_language("zh_CN")
    pdf = PAPERS["monthly_overfull"]()
    text, pages = text_of(pdf), pages_in(pdf)
    for page in range(1, pages + 1):
        assert f"第 {page} 页 共 {pages} 页" in text
    assert text.count("打印时间：2026-11-02 09:30 打印人：林院长") == pages
    assert text.count("（续表）") == pages - 1


def test_in_a_bound_volume_every_child_begins_on_a_front_page_with_its_own_numbers() -> None:
    use_language("zh_CN")
    from io import BytesIO

    import pikepdf

    records = [samples.empty(), samples.ordinary(), samples.empty(), samples.overfull()]
    records = [replace(each, name=f"儿童{n}", number=f"2020-{n}") for n, each in enumerate(records)]
    pdf = render_bound(records, HEAD)
    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        assert [str(each.title) for each in outline.root] == [f"2020-{n} 儿童{n}" for n in range(4)]
        places = [document.pages.index(pikepdf.Page(each.destination[0])) for each in outline.root]
        assert all(place % 2 == 0 for place in places)
    text = text_of(pdf)
    assert text.count("第 1 页 共 1 页") == 2
    assert "第 1 页 共 3 页" in text


def test_a_withheld_area_says_so_instead_of_seeming_empty() -> None:
    use_language("zh_CN")
    pdf = render_monthly(samples.record(Section("津贴", withheld=True)), HEAD)
    assert "无权查看" in text_of(pdf)
    assert "本月无记录" not in text_of(pdf)


def test_a_photo_is_printed_and_a_damaged_one_leaves_its_place_free() -> None:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (2500, 3500), "#888888").save(file, "JPEG")
    with_photo = render_monthly(replace(samples.empty(), photo=file.getvalue()), HEAD)
    assert b"/DCTDecode" in with_photo
    assert len(with_photo) < 60_000
    for broken in (b"", b"not a picture", file.getvalue()[:300], b"<svg/>"):
        assert b"/DCTDecode" not in render_monthly(replace(samples.empty(), photo=broken), HEAD)


def test_the_document_says_what_it_is_and_when_it_was_made() -> None:
    from io import BytesIO

    import pikepdf

    use_language("zh_CN")
    with pikepdf.open(BytesIO(PAPERS["monthly_ordinary"]())) as document:
        information = document.docinfo
        assert str(information["/Title"]) == "儿童月度综合记录 曾小乐 2026年10月"
        assert str(information["/Author"]) == "青禾市儿童福利院"
        assert str(information["/CreationDate"]) == "D:20261102093000+08'00'"
        assert str(document.Root.Lang) == "zh-CN"


def test_dates_in_lists_stand_in_one_form() -> None:
    listing = Listing("名册", (Field("出生日期", "date", name="born"),), ((date(2020, 1, 1),),))
    assert "2020-01-01" in text_of(render_listing(listing, HEAD))
