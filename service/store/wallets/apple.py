"""Passes for Apple Wallet: a `.pkpass` is a zip of pass.json, texts and pictures, with a signed manifest.

Source: Apple, Wallet Passes ("Creating the Source for a Pass", "Building a Pass").
"""

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from service.domain.faces import PassFace
from service.domain.localtime import local, local_day
from service.settings import Settings
from service.store.wallets.apple_face import LANGUAGES, Texts, contents
from service.store.wallets.configured import content
from service.store.wallets.drawings import pictures

MEDIA_TYPE = "application/vnd.apple.pkpass"
_Key = RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class AppleSigner:
    """What signs passes: a Pass Type ID certificate with its key, and Apple's intermediate (WWDR) above it."""

    pass_type: str
    team: str
    certificate: x509.Certificate
    key: _Key
    intermediate: x509.Certificate

    @classmethod
    def read(cls, settings: Settings, *, now: datetime) -> Self | None:
        """The signer that the settings name, or None when Apple Wallet is not set up.

        Raises ValueError, one line, when a file can't be read, is no longer or not yet valid, or doesn't belong to
        the others.
        """
        if not settings.apple_pass_type:
            return None
        certificate = _certificate("BIENDAO_APPLE_CERTIFICATE", settings.apple_certificate)
        intermediate = _certificate("BIENDAO_APPLE_INTERMEDIATE", settings.apple_intermediate)
        key = _key(settings.apple_key, settings.apple_key_password)
        if key.public_key() != certificate.public_key():
            raise ValueError("BIENDAO_APPLE_KEY is not the key of BIENDAO_APPLE_CERTIFICATE")
        _belongs(certificate, NameOID.USER_ID, settings.apple_pass_type, "BIENDAO_APPLE_PASS_TYPE")
        _belongs(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME, settings.apple_team, "BIENDAO_APPLE_TEAM")
        try:
            certificate.verify_directly_issued_by(intermediate)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as other:
            raise ValueError(
                "BIENDAO_APPLE_INTERMEDIATE did not issue BIENDAO_APPLE_CERTIFICATE; passes need Apple's WWDR G4"
            ) from other
        signer = cls(settings.apple_pass_type, settings.apple_team, certificate, key, intermediate)
        signer.check(now)
        return signer

    def check(self, now: datetime) -> None:
        """Raises ValueError, one line, when one of the certificates is not valid at `now`: phones refuse the pass."""
        for setting, held in (("CERTIFICATE", self.certificate), ("INTERMEDIATE", self.intermediate)):
            if now > held.not_valid_after_utc:
                ended = f"{local_day(held.not_valid_after_utc):%d/%m/%Y}"
                raise ValueError(f"BIENDAO_APPLE_{setting} ended on {ended}; see docs/wallets.md")
            if now < held.not_valid_before_utc:
                begins = f"{local_day(held.not_valid_before_utc):%d/%m/%Y}"
                raise ValueError(f"BIENDAO_APPLE_{setting} is valid from {begins} only; is the clock right?")


def pkpass(face: PassFace, *, signer: AppleSigner, link: str, now: datetime) -> bytes:
    """The pass as a signed event ticket, of media type `MEDIA_TYPE`, some 10 kB.

    `link` leads to the holder's page. Adding a pass with a serial that is there already takes its place. Raises
    ValueError when a certificate is not valid at `now`.
    """
    signer.check(now)
    texts = Texts()
    told = {
        **contents(face, texts, link=link, now=now),
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
    }
    files = {"pass.json": json.dumps(told, ensure_ascii=False).encode(), **pictures()}
    for language in LANGUAGES:
        files[f"{language}.lproj/pass.strings"] = texts.strings(language)
    # SHA-1 is what the format prescribes for single files; the manifest itself is signed with SHA-256.
    hashes = {name: hashlib.sha1(held, usedforsecurity=False).hexdigest() for name, held in files.items()}
    manifest = json.dumps(hashes).encode()
    return _zipped({**files, "manifest.json": manifest, "signature": _signature(manifest, signer)}, now)


def _signature(manifest: bytes, signer: AppleSigner) -> bytes:
    """A detached PKCS #7 signature (RFC 2315, RFC 5652) in DER with both certificates and the time of signing.

    The time is the machine's own, read by the library. `Binary`: without it the library would sign the manifest
    with other ends of lines than it has in the zip.
    """
    builder = PKCS7SignatureBuilder().set_data(manifest).add_signer(signer.certificate, signer.key, SHA256())
    options = (PKCS7Options.DetachedSignature, PKCS7Options.Binary, PKCS7Options.NoCapabilities)
    return builder.add_certificate(signer.intermediate).sign(Encoding.DER, options)


def _zipped(files: dict[str, bytes], now: datetime) -> bytes:
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        for name, held in files.items():
            entry = ZipInfo(name, local(now).timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, held)
    return kept.getvalue()


def _certificate(setting: str, path: str) -> x509.Certificate:
    """Apple hands certificates out in DER (.cer); tools make PEM of them."""
    held = content(setting, path)
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in held else x509.load_der_x509_certificate
        return load(held)
    except ValueError as problem:
        raise ValueError(f"{setting}: {path} is not a certificate in PEM or DER") from problem


def _key(path: str, password: str) -> _Key:
    held = content("BIENDAO_APPLE_KEY", path)
    try:
        key = load_pem_private_key(held, password.encode() if password else None)
    except TypeError as problem:
        # The library's word for a password without a lock, and for a lock without a password.
        wrong = "has no password, but one is set" if password else "has a password, and none is set"
        raise ValueError(f"BIENDAO_APPLE_KEY: {path} {wrong}: BIENDAO_APPLE_KEY_PASSWORD") from problem
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise ValueError(f"BIENDAO_APPLE_KEY: {path} is no private key in PEM, or its password is another") from problem
    if isinstance(key, _Key):
        return key
    raise ValueError(f"BIENDAO_APPLE_KEY: {path} is neither an RSA nor an EC key")


def _belongs(certificate: x509.Certificate, part: x509.ObjectIdentifier, wanted: str, setting: str) -> None:
    """Apple writes whose certificate it is into its subject; Wallet compares that with pass.json."""
    told = [str(attribute.value) for attribute in certificate.subject.get_attributes_for_oid(part)]
    if told and wanted not in told:
        raise ValueError(f"BIENDAO_APPLE_CERTIFICATE is for {', '.join(told)}, but {setting} is {wanted}")
