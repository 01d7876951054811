"""Signing with a key on a token: the same signature as with a file, from a key that the program never sees."""

from __future__ import annotations

import shutil
import subprocess
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from models.core.errors import Invalid
from models.papers import PaperHead
from reports.blocks import Part, facts
from reports.digital_signature import FILE, PASSWORD, sign, signatures_in
from reports.page import Paper, render
from reports.signing_token import DRIVER, TokenKey, certificates_on, open_token, wrong_pin
from resources import use_language
from tests.reports import tokens
from tests.reports.certificates import certificate
from tests.reports.reading import faults, squeezed, text_of
from tests.reports.tokens import LABEL, PIN, make_token, plugged_in

pytestmark = tokens.needs_token

NOW = datetime(2026, 11, 20, 9, 30)


@pytest.fixture(scope="module")
def paper() -> bytes:
    head = PaperHead("青禾儿童福利院", "儿童月度综合记录", NOW, "曾院长", subject="曾小乐", number="2026-000001")
    return render([Paper(head, (Part("情况", facts([("姓名", "曾小乐"), ("性别", "男")])),))])


@pytest.fixture(params=["rsa", "ec"])
def kind(request) -> str:
    return request.param


@pytest.fixture
def driver(tmp_path, kind):
    """A key is plugged in; on it lies one certificate with its private key."""
    make_token(tmp_path / "token", certificate(kind), kind=kind)
    with plugged_in(tmp_path / "token") as found:
        yield found


def only_one(driver) -> TokenKey:
    (found,) = certificates_on(driver, NOW)
    return found.key


def refused(deed) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        deed()
    return {each.field: each.message for each in refusal.value.problems}


def test_what_is_plugged_in_is_listed_by_holder_issuer_and_until_when_without_a_pin(driver):
    (found,) = certificates_on(driver, NOW)
    assert (found.certificate.holder, found.certificate.issuer) == ("青禾儿童福利院",) * 2
    assert (found.certificate.last.year, found.fault, found.key.token) == (2027, "", LABEL)
    assert found.key.driver == str(driver) and found.key.holder == "青禾儿童福利院"


@pytest.mark.parametrize("stamped", [False, True])
def test_a_paper_signed_with_a_token_is_the_paper_with_a_signature_after_it(paper, driver, stamped):
    signer = open_token(only_one(driver), PIN, NOW, stamped=stamped)
    signed = sign(paper, signer)
    assert signed.startswith(paper), "not one byte of what was there is touched"
    (found,) = signatures_in(signed)
    assert (found.holder, found.intact, found.whole) == ("青禾儿童福利院", True, True)
    assert squeezed(text_of(signed)).startswith(squeezed(text_of(paper))) and faults(signed) == []
    assert ("Digitallysigned:青禾儿童福利院" in squeezed(text_of(signed))) == stamped
    assert b"/ETSI.CAdES.detached" in signed
    assert [each.intact for each in signatures_in(sign(paper, signer))] == [True], (
        "a second paper is signed like the first"
    )
    spoilt = bytearray(signed)
    spoilt[len(paper) // 2] ^= 1
    assert [each.intact for each in signatures_in(bytes(spoilt))] == [False]


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_a_reader_of_others_agrees(paper, driver, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(sign(paper, open_token(only_one(driver), PIN, NOW)))
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said and "Total document signed" in said and "ETSI.CAdES.detached" in said


def test_certificates_of_authorities_on_the_token_go_into_the_signature(paper, tmp_path):
    from pyhanko.pdf_utils.reader import PdfFileReader

    authority = certificate("ec", signing=False, holder="民政认证中心")
    make_token(tmp_path / "token", certificate(), authority)
    with plugged_in(tmp_path / "token") as driver:
        first, second = certificates_on(driver, NOW)
        assert (first.fault, second.certificate.holder) == ("", "民政认证中心"), "those that can sign stand first"
        assert "not issued for signing" in second.fault
        signed = sign(paper, open_token(first.key, PIN, NOW))
    (found,) = PdfFileReader(BytesIO(signed)).embedded_regular_signatures
    assert found.signer_cert.subject.native["common_name"] == "青禾儿童福利院"
    assert [each.subject.native["common_name"] for each in found.other_embedded_certs] == ["民政认证中心"]


# --- what cannot be signed with ---


def test_a_wrong_pin_is_said_beside_the_pin_and_warns_of_the_lock(driver):
    key = only_one(driver)
    said = refused(lambda: open_token(key, "1111", NOW))
    assert set(said) == {PASSWORD} and "PIN is wrong" in said[PASSWORD] and "locks itself" in said[PASSWORD]
    assert refused(lambda: open_token(key, "", NOW)) == {PASSWORD: "Enter the PIN of the key."}
    for _time in range(20):  # a session left behind at each wrong PIN would use up those of a small token
        refused(lambda: open_token(key, "1111", NOW))
    assert open_token(key, PIN, NOW).certificate.holder == "青禾儿童福利院"


def test_how_near_the_lock_is_is_said_as_the_token_says_it():
    from pkcs11 import TokenFlag

    assert "One try is left" in wrong_pin(TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_COUNT_LOW)
    assert "is locked" in wrong_pin(TokenFlag.USER_PIN_LOCKED) and "wrong PINs" in wrong_pin(TokenFlag.USER_PIN_LOCKED)
    assert "do not guess" in wrong_pin(0)
    use_language("zh_CN")
    assert wrong_pin(0) == "口令不正确。连续输错几次后密钥盘会自行锁定，请勿猜测。"


def test_an_absent_token_and_another_one_are_said_beside_the_driver(paper, driver, tmp_path, kind):
    key, signer = only_one(driver), open_token(only_one(driver), PIN, NOW)
    with plugged_in(tmp_path / "nothing"):
        for deed in (
            lambda: certificates_on(driver, NOW),
            lambda: open_token(key, PIN, NOW),
            lambda: sign(paper, signer),
        ):
            assert refused(deed) == {DRIVER: "No key is plugged in. Plug it in and repeat."}
    make_token(tmp_path / "another", certificate(kind), kind=kind)
    with plugged_in(tmp_path / "another"):
        assert LABEL in refused(lambda: open_token(key, PIN, NOW))[DRIVER], "the key that is missing is named"
    with plugged_in(tmp_path / "token"):
        assert signatures_in(sign(paper, signer))[0].intact, "plugged in again, it signs"


def test_a_key_plugged_in_after_the_first_look_is_seen_at_the_second(tmp_path):
    with plugged_in(tmp_path / "token") as driver:
        assert "No key is plugged in" in refused(lambda: certificates_on(driver, NOW))[DRIVER]
        tokens.initialise()
        assert refused(lambda: certificates_on(driver, NOW)) == {DRIVER: "There is no certificate on this key."}


def test_a_driver_that_is_none_is_said_beside_the_driver(tmp_path):
    picture = tmp_path / "图片.so"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for file in (picture, _any_library()):
        assert "no PKCS#11 driver" in refused(lambda file=file: certificates_on(file, NOW))[DRIVER]
    for file in (tmp_path / "nowhere.so", tmp_path):
        assert "cannot be found" in refused(lambda file=file: certificates_on(file, NOW))[DRIVER]


def _any_library():
    """A real library of the system that is no driver."""
    import _sqlite3

    return Path(_sqlite3.__file__)


def test_a_token_without_a_certificate_and_one_without_the_private_key_are_refused(tmp_path):
    make_token(tmp_path / "empty")
    with plugged_in(tmp_path / "empty") as driver:
        assert refused(lambda: certificates_on(driver, NOW)) == {DRIVER: "There is no certificate on this key."}
    make_token(tmp_path / "bare", certificate(), with_key=False)
    with plugged_in(tmp_path / "bare") as driver:
        key = only_one(driver)
        assert "private key" in refused(lambda: open_token(key, PIN, NOW))[FILE]


def test_an_expired_certificate_is_listed_with_its_fault_and_costs_no_try_of_the_pin(tmp_path):
    make_token(tmp_path / "token", certificate(days=30))
    with plugged_in(tmp_path / "token") as driver:
        (found,) = certificates_on(driver, NOW)
        assert found.fault == "The certificate expired on 2026-01-31."
        assert refused(lambda: open_token(found.key, "1111", NOW)) == {FILE: found.fault}


def test_a_certificate_with_an_sm2_key_is_listed_but_cannot_sign(tmp_path):
    prime256v1, sm2 = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a811ccf5501822d")
    content = certificate("ec").public_bytes(Encoding.DER)
    assert content.count(prime256v1) == 1
    make_token(tmp_path / "token", _Foreign(content.replace(prime256v1, sm2)), kind="ec")
    with plugged_in(tmp_path / "token") as driver:
        (found,) = certificates_on(driver, NOW)
        assert "SM2" in found.fault and found.certificate.holder == "青禾儿童福利院"
        assert "SM2" in refused(lambda: open_token(found.key, PIN, NOW))[FILE]


class _Foreign:
    """A certificate that our library could not have made."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def public_bytes(self, _encoding) -> bytes:
        return self.content


def test_a_certificate_taken_from_the_token_is_missed(driver, tmp_path):
    key = only_one(driver)
    gone = TokenKey(**{**vars(key), "certificate": "00"})
    assert "no longer on the key" in refused(lambda: open_token(gone, PIN, NOW))[FILE]


def test_the_pin_is_nowhere_in_what_is_kept_in_memory(driver):
    signer = open_token(only_one(driver), PIN, NOW)
    assert PIN not in repr(signer) and PIN not in str(vars(only_one(driver)))


def test_nobody_stays_logged_in(driver):
    import pkcs11

    key = only_one(driver)
    open_token(key, PIN, NOW)
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
    (token,) = (each for each in pkcs11.lib(str(driver)).get_tokens() if each.label == LABEL)
    with token.open() as session:
        assert list(session.get_objects(wanted)) == [], "a private key is seen by who has logged in only"
    with token.open(user_pin=PIN) as session:
        assert len(list(session.get_objects(wanted))) == 1
