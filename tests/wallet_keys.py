"""Throw-away keys for wallets: an authority shaped like Apple's (root, WWDR, Pass Type ID), and a service account."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID, ObjectIdentifier

from service.settings import Settings
from tests.conftest import NOW

PASS_TYPE, TEAM = "pass.vn.example.biendao", "A1B2C3D4E5"
ISSUER, ACCOUNT = "3388000000022222222", "wallet@bien-dao-example.iam.gserviceaccount.com"
# Apple's certificates say by these what they are for; neither is known to e-mail programs.
_PASS_SIGNING = ObjectIdentifier("1.2.840.113635.100.4.14")
_PASS_TYPE_ID = ObjectIdentifier("1.2.840.113635.100.6.1.16")


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey, password: str = "") -> bytes:
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


@dataclass(frozen=True)
class Authority:
    """A certificate and its key, which may issue others."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @classmethod
    def root(cls) -> "Authority":
        key = new_key()
        name = _name("Throw-away Root CA")
        return cls(_certificate(name, key, name, key, authority=True), key)

    def below(self, common_name: str) -> "Authority":
        key = new_key()
        issued = _certificate(_name(common_name), key, self.certificate.subject, self.key, authority=True)
        return Authority(issued, key)

    def pass_certificate(
        self, key: rsa.RSAPrivateKey, *, pass_type: str = PASS_TYPE, team: str = TEAM, days: int = 365
    ) -> x509.Certificate:
        """A Pass Type ID certificate that began a day before NOW and lasts `days` from NOW."""
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.USER_ID, pass_type),
                x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {pass_type}"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, team),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sở Ngoại vụ"),
            ]
        )
        return _certificate(name, key, self.certificate.subject, self.key, authority=False, days=days)


@dataclass(frozen=True)
class Kit:
    """A folder with all files that the settings of Apple Wallet name, and who issued them."""

    folder: Path
    root: Authority
    intermediate: Authority
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @classmethod
    def make(cls, folder: Path) -> "Kit":
        root = Authority.root()
        intermediate = root.below("Throw-away WWDR G4")
        key = new_key()
        kit = cls(folder, root, intermediate, key, intermediate.pass_certificate(key))
        kit.put("root.pem", root.certificate.public_bytes(Encoding.PEM))
        kit.put("wwdr.cer", intermediate.certificate.public_bytes(Encoding.DER))
        kit.put("pass.pem", kit.certificate.public_bytes(Encoding.PEM))
        kit.put("key.pem", pem(key))
        return kit

    def put(self, name: str, held: bytes) -> str:
        path = self.folder / name
        path.write_bytes(held)
        return str(path)

    def settings(self, **changes: str) -> Settings:
        told: dict[str, Any] = {
            "apple_pass_type": PASS_TYPE,
            "apple_team": TEAM,
            "apple_certificate": str(self.folder / "pass.pem"),
            "apple_key": str(self.folder / "key.pem"),
            "apple_intermediate": str(self.folder / "wwdr.cer"),
        }
        return Settings(**{**told, **changes})


def account_file(folder: Path, key: rsa.RSAPrivateKey, **changes: Any) -> str:
    """A service account's key as Google hands it out; a change to None leaves a member out."""
    told = {"type": "service_account", "client_email": ACCOUNT, "private_key": pem(key).decode(), **changes}
    path = folder / "account.json"
    path.write_text(json.dumps({name: value for name, value in told.items() if value is not None}))
    return str(path)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    subject: x509.Name,
    key: rsa.RSAPrivateKey,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    *,
    authority: bool,
    days: int = 3650,
) -> x509.Certificate:
    begins = NOW - timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(_later(begins, days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([_PASS_SIGNING]), critical=True).add_extension(
            x509.UnrecognizedExtension(_PASS_TYPE_ID, b"\x0c\x17" + PASS_TYPE.encode()), critical=False
        )
    return builder.sign(issuer_key, SHA256())


def _later(begins: datetime, days: int) -> datetime:
    return begins + timedelta(days=days + 1)
