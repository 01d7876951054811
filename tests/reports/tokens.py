"""A real token for tests: SoftHSM keeps keys and certificates behind the same PKCS#11 calls as a USB key."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.reports.certificates import key_of

PIN, LABEL = "2468-1357", "青禾院章"
DRIVERS = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)
DRIVER = next((Path(each) for each in DRIVERS if Path(each).is_file()), Path(DRIVERS[0]))

needs_token = pytest.mark.skipif(
    shutil.which("softhsm2-util") is None or sys.platform == "win32",
    reason="SoftHSM, which plays the USB key, is of Linux (softhsm2)",
)


@contextmanager
def plugged_in(folder: Path) -> Iterator[Path]:
    """Plug in what lies in a folder (nothing, if it is empty) and return the driver that reaches it."""
    import pkcs11

    folder.mkdir(exist_ok=True)
    settings = folder.with_suffix(".conf")
    settings.write_text(f"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    pkcs11.unload(str(DRIVER))  # another token than the one before
    try:
        yield DRIVER
    finally:
        pkcs11.unload(str(DRIVER))
        os.environ.pop("SOFTHSM2_CONF")
        os.environ.update({"SOFTHSM2_CONF": before} if before else {})


def initialise() -> None:
    """Make a token without anything on it in the folder that is plugged in."""
    pins = ("--pin", PIN, "--so-pin", "so-pin-7")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, *pins], check=True, capture_output=True
    )


def make_token(folder: Path, *certificates: x509.Certificate, kind: str = "rsa", with_key: bool = True) -> None:
    """Make a token with certificates of the test's key, and that key unless it is left out."""
    import pkcs11

    with plugged_in(folder) as driver:
        initialise()
        (token,) = (each for each in pkcs11.lib(str(driver)).get_tokens() if each.label == LABEL)
        with token.open(rw=True, user_pin=PIN) as session:
            for number, each in enumerate(certificates):
                session.create_object(_certificate(each, number))
            if with_key:
                session.create_object(_key(kind))


def _certificate(made: x509.Certificate, number: int) -> dict:
    from pkcs11 import Attribute
    from pkcs11.util.x509 import decode_x509_certificate

    known = decode_x509_certificate(made.public_bytes(Encoding.DER))
    return {**known, Attribute.TOKEN: True, Attribute.ID: bytes([7 + number]), Attribute.LABEL: f"certificate {number}"}


def _key(kind: str) -> dict:
    from pkcs11 import Attribute
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key

    content = key_of(kind).private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    known = decode_rsa_private_key(content) if kind == "rsa" else decode_ec_private_key(content)
    secret = {Attribute.PRIVATE: True, Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}
    return {**known, **secret, Attribute.TOKEN: True, Attribute.ID: bytes([7]), Attribute.LABEL: "key"}
