"""Signing token 签名密钥盘: sign with a key that never leaves its USB key (UKey), card or store, reached by its PKCS#11 driver.

Nothing stays open between two uses: for each the driver is started, does one thing and is ended. So a key may be plugged
in or out at any time, and nobody stays logged in to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from reports.digital_signature import FILE, PASSWORD, Certificate, Signer, facts_of, fault_of, refused
from resources import _, sentences

DRIVER = "driver"
"""The field beside which it is said what is wrong with the driver or with what is plugged in."""
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class TokenKey:
    """Where a certificate is found again.

    Attributes:
        driver: the library of its PKCS#11 driver.
        serial: the serial number of its token.
        token: what is written on the token.
        certificate: SHA-256 of the certificate.
    """

    driver: str
    serial: str
    token: str
    certificate: str
    holder: str


@dataclass(frozen=True)
class OnToken:
    """One certificate on a token; ``fault`` says why nothing can be signed with it."""

    key: TokenKey
    certificate: Certificate
    fault: str = ""


@dataclass(frozen=True)
class _Found:
    """A certificate as it lies on the token, with the mark that it shares with its private key."""

    content: bytes
    mark: bytes
    name: str


def certificates_on(driver: Path, now: datetime) -> list[OnToken]:
    """Return the certificates on everything that is plugged in, those that can sign first; no PIN is needed.

    Raises:
        Invalid: with the problem beside the field ``driver``.
    """
    with _started(driver) as library:
        listed = [_listed(driver, token, each, now) for token in _tokens(library) for each in _certificates(token)]
    if not listed:
        raise refused(DRIVER, _("There is no certificate on this key."))
    return sorted(listed, key=lambda each: bool(each.fault))


def open_token(key: TokenKey, pin: str, now: datetime, *, stamped: bool = False) -> Signer:
    """Log in to the token once to see that PIN, certificate and private key belong together, and return what signs.

    Raises:
        Invalid: with the problem beside the field ``driver``, ``certificate`` or ``password``.
    """
    with _started(Path(key.driver)) as library:
        token = _token(library, key)
        certificate = _loaded(_certificate(token, key).content)
    facts = facts_of(certificate)
    # An unusable certificate costs no try of the PIN.
    if fault := _fault(certificate, facts, now):
        raise refused(FILE, fault)
    with _ready(key, pin) as signer:
        _hold_private_key(signer)
    return Signer(facts, partial(_ready, key, pin), stamped)


# --- the driver ---


@contextmanager
def _started(driver: Path) -> Iterator[Any]:
    import pkcs11

    if not driver.is_file():
        raise refused(DRIVER, _("The driver's file cannot be found: {file}").format(file=driver))
    with _ONE_AT_A_TIME:
        try:
            _see_driver(driver)
            library = pkcs11.lib(str(driver))
        except (OSError, AttributeError, pkcs11.PKCS11Error) as error:
            words = _(
                "This file is no PKCS#11 driver that can be loaded here; the 64-bit one of the key's maker is needed."
            )
            raise refused(DRIVER, words) from error
        try:
            yield library
        except pkcs11.PKCS11Error as error:
            words = _("The key or its driver reported a fault. Unplug the key, plug it in again and repeat.")
            raise refused(DRIVER, words) from error
        finally:
            with suppress(pkcs11.PKCS11Error):
                library.finalize()


def _see_driver(driver: Path) -> None:
    """Load the library for itself first: Windows then looks for what it needs in its own folder too."""
    import ctypes

    altered_search_path = 0x8
    library = ctypes.CDLL(str(driver.absolute()), winmode=altered_search_path)
    library.C_GetFunctionList  # noqa: B018 (an AttributeError tells that it is no driver)


def _tokens(library: Any) -> list[Any]:
    from pkcs11 import PKCS11Error, TokenFlag

    found = []
    for slot in library.get_slots(token_present=True):
        with suppress(PKCS11Error):  # what cannot be read is no key of ours
            found.append(slot.get_token())
    ready = [each for each in found if each.flags & TokenFlag.TOKEN_INITIALIZED]
    if not ready:
        raise refused(DRIVER, _("No key is plugged in. Plug it in and repeat."))
    return ready


def _token(library: Any, key: TokenKey) -> Any:
    for each in _tokens(library):
        if each.serial.hex() == key.serial:
            return each
    words = _("Another key is plugged in. Plug in “{token}” and repeat.")
    raise refused(DRIVER, words.format(token=key.token))


# --- certificates ---


def _certificates(token: Any) -> list[_Found]:
    from pkcs11 import Attribute, CertificateType, ObjectClass

    wanted = {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: CertificateType.X_509}
    with token.open() as session:
        found = [
            _Found(each[Attribute.VALUE], each[Attribute.ID], each[Attribute.LABEL])
            for each in session.get_objects(wanted)
        ]
    return [each for each in found if _loaded(each.content) is not None]


def _certificate(token: Any, key: TokenKey) -> _Found:
    for each in _certificates(token):
        if _digest(each.content) == key.certificate:
            return each
    raise refused(FILE, _("This certificate is no longer on the key. Look for certificates again and choose one."))


def _listed(driver: Path, token: Any, found: _Found, now: datetime) -> OnToken:
    certificate = _loaded(found.content)
    facts = facts_of(certificate)
    key = TokenKey(str(driver), token.serial.hex(), token.label, _digest(found.content), facts.holder)
    return OnToken(key, facts, _fault(certificate, facts, now))


def _fault(certificate: Any, facts: Certificate, now: datetime) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        usable = isinstance(certificate.public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    except (UnsupportedAlgorithm, ValueError):
        usable = False
    if not usable:
        return _("The key is of a kind that cannot be used here (such as SM2); RSA or ECDSA is needed.")
    return fault_of(certificate, facts, now)


def _loaded(content: bytes) -> Any:
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(content)
    except ValueError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# --- signing ---


@contextmanager
def _ready(key: TokenKey, pin: str) -> Iterator[Any]:
    """Log in to the token for one signing."""
    from asn1crypto.x509 import Certificate as Raw
    from pyhanko.sign.pkcs11 import PKCS11Signer

    with _started(Path(key.driver)) as library:
        token = _token(library, key)
        found = _certificate(token, key)
        raw = Raw.load(found.content)
        above = [each for each in (Raw.load(other.content) for other in _certificates(token)) if each.ca]
        with _logged_in(token, pin) as session:
            yield PKCS11Signer(
                session, signing_cert=raw, ca_chain=above, key_id=found.mark or None,
                key_label=None if found.mark else found.name, use_raw_mechanism=_hashes_here(token, raw),
            )  # fmt: skip


def _hashes_here(token: Any, certificate: Any) -> bool:
    """Whether the program makes the digest: many tokens only sign one that is finished."""
    from pkcs11 import Mechanism

    whole = Mechanism.SHA256_RSA_PKCS if certificate.public_key.algorithm == "rsa" else Mechanism.ECDSA_SHA256
    return whole not in token.slot.get_mechanisms()


@contextmanager
def _logged_in(token: Any, pin: str) -> Iterator[Any]:
    import pkcs11

    if not pin:
        raise refused(PASSWORD, _("Enter the PIN of the key."))
    if token.flags & pkcs11.TokenFlag.USER_PIN_LOCKED:
        raise refused(PASSWORD, _locked())
    try:
        session = token.open(user_pin=pin)
    except pkcs11.PinLocked as error:
        raise refused(PASSWORD, _locked()) from error
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise refused(PASSWORD, wrong_pin(token.slot.get_token().flags)) from error
    except (pkcs11.UserPinNotInitialized, pkcs11.PinExpired) as error:
        raise refused(PASSWORD, _("This key has no valid PIN yet; the tool of its maker sets one.")) from error
    try:
        yield session
    finally:
        with suppress(pkcs11.PKCS11Error):
            session.close()


def wrong_pin(flags: int) -> str:
    """Say that a PIN was wrong, and how near the token is to being locked."""
    from pkcs11 import TokenFlag

    if flags & TokenFlag.USER_PIN_LOCKED:
        return _locked()
    wrong = _("The PIN is wrong.")
    if flags & TokenFlag.USER_PIN_FINAL_TRY:
        return sentences(wrong, _("One try is left; if it is wrong too, the key is locked."))
    return sentences(wrong, _("After a few wrong tries a key locks itself: do not guess."))


def _locked() -> str:
    return _("The key is locked after too many wrong PINs. Its maker or the authority that issued it can unlock it.")


def _hold_private_key(signer: Any) -> None:
    """Refuse a certificate whose private key is not on the token."""
    from pkcs11 import PKCS11Error

    try:
        signer.signing_cert  # noqa: B018 (pyHanko looks for the private key when it is asked for the certificate)
    except PKCS11Error as error:
        if type(error) is not PKCS11Error:
            raise
        words = _("The private key of this certificate is not on the key, so nothing can be signed with it.")
        raise refused(FILE, words) from error
