"""Digital signature 数字签名: sign a paper with the home's certificate, so that any reader sees who signed and that nothing was changed.

A signature is put after the document (an incremental update), in the form PAdES-B; what was there stays byte for byte.
pyHanko takes a second to load: everything here is called beside the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from models.core.errors import Invalid, Problem
from reports import fonts
from reports.styles import GREY, MM
from resources import N_, _

FILE, PASSWORD = "certificate", "password"
"""The fields beside which it is said what is wrong; the password of a token is its PIN."""
FIELD = "QinghePaper"
REASON = N_("Kept paper of the home")
_LARGEST = 1_000_000
_STAMP = (62 * MM, 10 * MM)
_MARGINS = 25 * MM, 15 * MM


@dataclass(frozen=True)
class Certificate:
    """Whose certificate it is and how long it holds."""

    holder: str
    issuer: str
    serial: str
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Signer:
    """A certificate that was opened with its password; it is kept in memory only, as long as it is needed.

    Attributes:
        stamped: put a visible stamp on the first page.
        ready: makes the key ready for one signing; a token is logged in to only as long.
    """

    certificate: Certificate
    ready: Callable[[], AbstractContextManager[Any]] = field(repr=False, compare=False)
    stamped: bool = False


@dataclass(frozen=True)
class Signature:
    """One signature found in a document.

    Attributes:
        intact: nothing that was signed has been changed.
        whole: nothing was added after it either.
    """

    holder: str
    at: datetime | None
    intact: bool
    whole: bool


def open_certificate(file: Path, password: str, now: datetime, *, stamped: bool = False) -> Signer:
    """Open a certificate file (PKCS#12, ``.p12`` or ``.pfx``).

    Raises:
        Invalid: with the problem beside the field ``certificate`` or ``password``.
    """
    content = _read(file)
    key, certificate, _others = _unlocked(content, password)
    if certificate is None:
        raise refused(FILE, _("This file holds no certificate that has its private key with it."))
    if key is None:
        raise refused(
            FILE, _("This file holds a certificate without its private key, so nothing can be signed with it.")
        )
    facts = facts_of(certificate)
    if fault := fault_of(certificate, facts, now):
        raise refused(FILE, fault)
    from pyhanko.sign.signers import SimpleSigner

    opened = SimpleSigner.load_pkcs12_data(content, (), password.encode("utf-8") or None)
    return Signer(facts, lambda: nullcontext(opened), stamped)


def sign(document: bytes, signer: Signer) -> bytes:
    """Return the document with the signature after it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

    class Additions(IncrementalPdfFileWriter):
        """What is written after the document; its description, by which it is PDF/A, stays as it is."""

        def _update_meta(self) -> None:
            pass

    about = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=_(REASON),
        name=signer.certificate.holder,
    )  # fmt: skip
    box = _stamp_place(document) if signer.stamped else None
    place = SigFieldSpec(FIELD, on_page=0, box=box)
    style = _stamp_style(signer.certificate) if signer.stamped else None
    with signer.ready() as key:
        made = signers.PdfSigner(about, signer=key, stamp_style=style, new_field_spec=place)
        return bytes(made.sign_pdf(Additions(BytesIO(document))).getvalue())


def signatures_in(document: bytes) -> list[Signature]:
    """Return the signatures of a document, each with whether what it signed is unchanged; nothing is fetched.

    Whether the certificate itself is to be trusted is a question for a reader with a list of authorities.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        return [_told(each) for each in PdfFileReader(BytesIO(document), strict=False).embedded_regular_signatures]
    except (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return []  # no readable document: nothing can be said of its signatures


def _told(embedded: Any) -> Signature:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    holder = _name(embedded.signer_cert.subject.native)
    trusting = ValidationContext(trust_roots=[embedded.signer_cert], allow_fetching=False)
    try:
        status = validate_pdf_signature(embedded, signer_validation_context=trusting)
    except Exception:  # whatever a damaged signature makes the library say, it is not intact
        return Signature(holder, None, False, False)
    whole = status.coverage is not None and status.coverage.name == "ENTIRE_FILE"
    return Signature(holder, status.signer_reported_dt, bool(status.intact and status.valid), whole)


# --- opening ---


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise refused(FILE, _("The certificate file cannot be read: {file}").format(file=file)) from error
    if len(content) > _LARGEST or not _is_pkcs12(content):
        raise refused(FILE, _("This is not a certificate file of the kind PKCS#12 (.p12 or .pfx)."))
    return content


def _is_pkcs12(content: bytes) -> bool:
    from asn1crypto.pkcs12 import Pfx

    try:
        return bool(Pfx.load(content, strict=True)["version"].native == "v3")
    except (ValueError, TypeError, KeyError):
        return False


def _unlocked(content: bytes, password: str) -> tuple[Any, Any, Any]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        return pkcs12.load_key_and_certificates(content, password.encode("utf-8") or None)
    except UnsupportedAlgorithm as error:
        raise _strange_key() from error
    except (ValueError, TypeError) as error:
        wrong = "password" in str(error).lower() or "mac" in str(error).lower() or not password
        raise (
            refused(PASSWORD, _("The password does not open this certificate.")) if wrong else _strange_key()
        ) from error


def _strange_key() -> Invalid:
    return refused(
        FILE, _("The key in this file is of a kind that cannot be used here (such as SM2); RSA or ECDSA is needed.")
    )


def fault_of(certificate: Any, facts: Certificate, now: datetime) -> str:
    """Return why nothing can be signed with a certificate; nothing when it can."""
    if now > facts.last:
        return _("The certificate expired on {day}.").format(day=facts.last.date())
    if now < facts.first:
        return _("The certificate is not valid before {day}.").format(day=facts.first.date())
    return "" if _may_sign(certificate) else _("This certificate was not issued for signing documents.")


def _may_sign(certificate: Any) -> bool:
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return bool(usage.digital_signature or usage.content_commitment)


def facts_of(certificate: Any) -> Certificate:
    """Return whose certificate it is and how long it holds."""
    from asn1crypto.x509 import Certificate as Raw
    from cryptography.hazmat.primitives.serialization import Encoding

    raw = Raw.load(certificate.public_bytes(Encoding.DER))
    first, last = (
        each.astimezone().replace(tzinfo=None)
        for each in (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    )
    return Certificate(
        _name(raw.subject.native), _name(raw.issuer.native), f"{certificate.serial_number:X}", first, last
    )


def _name(subject: Any) -> str:
    """The common name of a holder, or the institution where there is none."""
    for part in ("common_name", "organization_name", "organizational_unit_name", "email_address"):
        found = subject.get(part)
        if found:
            return str(found if isinstance(found, str) else found[0])[:120]
    return _("(nameless)")


# --- the visible stamp ---


def _stamp_place(document: bytes) -> tuple[int, int, int, int]:
    """Where the stamp stands: at the top of the first page, between the marks at its corners, where forms have nothing."""
    import pypdfium2

    opened = pypdfium2.PdfDocument(document)
    try:
        wide, high = opened.get_page_size(0)
    finally:
        opened.close()
    left, right = _MARGINS
    x, top = left + (wide - left - right - _STAMP[0]) / 2, high - 3.5 * MM
    return round(x), round(top - _STAMP[1]), round(x + _STAMP[0]), round(top)


def _stamp_style(certificate: Certificate) -> Any:
    """The stamp's face: a page of our own, so that its typeface is embedded like everything else's."""
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import StaticStampStyle

    class Face(PdfContent):
        def render(self) -> bytes:
            page = PdfFileReader(BytesIO(_stamp_page(certificate)))
            self.resources.xobject["/Stamp"] = self._ensure_writer.import_page_as_xobject(page)
            self.box = BoxConstraints(width=_STAMP[0], height=_STAMP[1])
            return b"/Stamp Do"

    return StaticStampStyle(background=Face(), border_width=0)


def _stamp_page(certificate: Certificate) -> bytes:
    from reports.pen import Pen

    wide, high = _STAMP
    face = fonts.chain("hei")
    pen = Pen(_("Digital signature"), certificate.holder, datetime(2000, 1, 1))
    pen.frame(0.5, 0.5, wide - 1, high - 1, 0.6)
    about = _("{issuer}, no. {serial}").format(issuer=certificate.issuer, serial=certificate.serial[:20])
    lines = (
        (_("Digitally signed: {holder}").format(holder=certificate.holder), 8.5, high - 11.5, 0.0),
        (about, 6.0, high - 21.5, GREY),
    )
    for words, size, y, grey in lines:
        shown = _fitted(words, face, (wide - 10) / size)
        pen.centred(wide / 2, y, shown, face, size, grey)
    pen.end_page(_STAMP)
    return pen.finish()


def _fitted(text: str, face: Any, width: float) -> str:
    words = fonts.printable(text, face)
    while words and face.width(words, 1.0) > width:
        words = words[:-2] + "…" if len(words) > 2 else ""
    return words


def refused(where: str, message: str) -> Invalid:
    """Return the refusal that is said beside a field."""
    return Invalid([Problem(where, message)])
