"""Certificates for tests: made here, good for nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

SECRET = "印章-2026"
FIRST = datetime(2026, 1, 1)


@cache
def key_of(kind: str):
    """A key; making one takes a while, so every kind is made once."""
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def certificate(
    kind: str = "rsa", *, days: int = 365, first: datetime = FIRST, signing: bool = True, holder: str = "青禾儿童福利院",
) -> x509.Certificate:  # fmt: skip
    """A certificate written for oneself; one that is not for signing is an authority's."""
    key = key_of(kind)
    name = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "民政局"),
        x509.NameAttribute(NameOID.COMMON_NAME, holder),
    ])  # fmt: skip
    usage = x509.KeyUsage(signing, signing, not signing, False, False, False, False, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first + timedelta(days=days))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=not signing, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def certificate_file(
    folder: Path, *, kind: str = "rsa", days: int = 365, first: datetime = FIRST, with_key: bool = True, signing: bool = True,
    holder: str = "青禾儿童福利院",
) -> Path:  # fmt: skip
    """Write a certificate with its key as a PKCS#12 file, locked with ``SECRET``."""
    key, made = key_of(kind), certificate(kind, days=days, first=first, signing=signing, holder=holder)
    locked = BestAvailableEncryption(SECRET.encode())
    content = (
        pkcs12.serialize_key_and_certificates("青禾".encode(), key, made, None, locked)
        if with_key
        else pkcs12.serialize_key_and_certificates(None, None, None, [made], locked)
    )
    file = folder / f"{kind}{days}{with_key}{signing}.p12"
    file.write_bytes(content)
    return file
