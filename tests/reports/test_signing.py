"""Signing: a reader sees who signed and that nothing was changed; a wrong certificate is refused in plain words."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from io import BytesIO

import pikepdf
import pytest

from models.core.errors import Invalid
from models.papers import PaperHead
from reports.blocks import Part, facts
from reports.digital_signature import FILE, PASSWORD, open_certificate, sign, signatures_in
from reports.page import Paper, render
from resources import use_language
from tests.reports.certificates import SECRET, certificate_file
from tests.reports.pdfa import failures
from tests.reports.reading import faults, squeezed, text_of

NOW = datetime(2026, 11, 20, 9, 30)
STAMP = (76, 3, 68, 11)


@pytest.fixture(scope="module")
def paper() -> bytes:
    head = PaperHead("青禾儿童福利院", "儿童月度综合记录", NOW, "曾院长", subject="曾小乐", number="2026-000001")
    pairs = [("姓名", "曾小乐"), ("性别", "男"), ("备注", "𠮷" * 200)]
    return render([Paper(head, (Part("情况", facts(pairs)),))])


@pytest.fixture(scope="module", params=["rsa", "ec"])
def signer(request, tmp_path_factory):
    file = certificate_file(tmp_path_factory.mktemp("certificates"), kind=request.param)
    return open_certificate(file, SECRET, NOW)


def test_a_signed_paper_is_the_paper_with_a_signature_after_it(paper, signer):
    signed = sign(paper, signer)
    assert signed.startswith(paper), "not one byte of what was there is touched"
    (found,) = signatures_in(signed)
    assert (found.holder, found.intact, found.whole) == ("青禾儿童福利院", True, True)
    assert squeezed(text_of(signed)) == squeezed(text_of(paper))


def test_one_flipped_byte_is_detected(paper, signer):
    signed = bytearray(sign(paper, signer))
    for place in (len(paper) // 2, 200, len(paper) - 40):
        signed[place] ^= 1
        assert all(not each.intact for each in signatures_in(bytes(signed))), place
        signed[place] ^= 1
    assert signatures_in(bytes(signed))[0].intact


def test_what_is_added_after_the_signature_is_seen(paper, signer):
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sign(paper, signer)))
    writer.root["/Lang"] = generic.pdf_string("de")
    writer.update_root()
    later = BytesIO()
    writer.write(later)
    assert not signatures_in(later.getvalue())[0].whole


def test_an_unsigned_or_broken_file_has_no_signatures(paper):
    for content in (paper, b"", b"%PDF-1.7\nnothing\n%%EOF", paper[: len(paper) // 2]):
        assert signatures_in(content) == []


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_a_reader_of_others_agrees(paper, signer, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(sign(paper, signer))
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said
    spoilt = bytearray(file.read_bytes())
    spoilt[len(paper) // 2] ^= 1
    file.write_bytes(spoilt)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" not in said


FORMS = {
    "6.4-6.11 /AcroForm in the catalogue",
    "page 1: 6.2.10, 6.3, 6.5, 6.10 transparency, a note, an action or a show",
}
"""What our own checker never allows because the program draws no forms; ISO 19005-2 allows a signature field (6.4)."""


@pytest.mark.parametrize("stamped", [False, True])
def test_archival_form_and_tags_outlive_the_signature(paper, tmp_path, stamped):
    signer = open_certificate(certificate_file(tmp_path), SECRET, NOW, stamped=stamped)
    signed = sign(paper, signer)
    assert faults(signed) == []
    assert set(failures(signed)) - set(failures(paper)) <= FORMS
    with pikepdf.open(BytesIO(paper)) as before, pikepdf.open(BytesIO(signed)) as after:
        with before.open_metadata() as was, after.open_metadata() as now:
            assert now.pdfa_status == was.pdfa_status
        assert ("/StructTreeRoot" in after.Root) == ("/StructTreeRoot" in before.Root)
        assert after.Root.get("/MarkInfo") == before.Root.get("/MarkInfo")
        assert len(after.Root.get("/OutputIntents", [])) == len(before.Root.get("/OutputIntents", []))
        (widget,) = after.pages[0].Annots
        assert widget.F & 4 and not widget.F & (1 | 2 | 32), "printed, not hidden"
        size = [float(each) for each in widget.Rect]
        assert stamped == ((size[2] - size[0]) * (size[3] - size[1]) > 0)
        assert not stamped or "/N" in widget.AP


def test_the_stamp_is_chinese_embedded_and_on_the_page(paper, tmp_path):
    from tests.reports.reading import fonts_of

    use_language("zh_CN")
    signer = open_certificate(certificate_file(tmp_path), SECRET, NOW, stamped=True)
    signed = sign(paper, signer)
    assert all(embedded == "yes" for _name, embedded, _unicode in fonts_of(signed))
    assert "青禾儿童福利院" in (signer.certificate.holder, signer.certificate.issuer)
    assert _ink(signed, STAMP) > _ink(paper, STAMP) + 200


def _ink(pdf: bytes, box: tuple[int, int, int, int]) -> int:
    """How many dark dots stand in a box, given in millimetres from the upper left corner of the first page."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    page = document[0].render(scale=2, may_draw_forms=True).to_pil().convert("L")
    left, top, wide, high = (round(each * 72 / 25.4 * 2) for each in box)
    return sum(value < 128 for value in page.crop((left, top, left + wide, top + high)).tobytes())


# --- what cannot be signed with ---


def refused(file, password=SECRET, now=NOW) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        open_certificate(file, password, now)
    return {each.field: each.message for each in refusal.value.problems}


def test_a_wrong_password_is_said_beside_the_password(tmp_path):
    file = certificate_file(tmp_path)
    for wrong in ("", "falsch", SECRET + " "):
        assert refused(file, wrong) == {PASSWORD: "The password does not open this certificate."}


def test_an_expired_certificate_is_said_beside_the_file(tmp_path):
    file = certificate_file(tmp_path, days=30)
    assert refused(file) == {FILE: "The certificate expired on 2026-01-31."}
    assert refused(file, now=datetime(2025, 12, 1)) == {FILE: "The certificate is not valid before 2026-01-01."}


def test_a_certificate_without_its_key_or_for_something_else_is_refused(tmp_path):
    assert PASSWORD not in refused(certificate_file(tmp_path, with_key=False))
    assert "not issued for signing" in refused(certificate_file(tmp_path, signing=False))[FILE]


def test_a_file_that_is_none_is_refused(tmp_path):
    picture = tmp_path / "picture.p12"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "not a certificate file" in refused(picture)[FILE]
    assert "cannot be read" in refused(tmp_path / "nowhere.p12")[FILE]
    assert "cannot be read" in refused(tmp_path)[FILE]


def test_the_password_is_nowhere_in_what_is_kept_in_memory(tmp_path):
    signer = open_certificate(certificate_file(tmp_path), SECRET, NOW)
    assert SECRET not in repr(signer) and "key" not in repr(signer).lower()
