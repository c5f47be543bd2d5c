"""Reads a detached PKCS #7 signature (SignedData, RFC 5652) and checks it, with nothing but DER and RSA.

Written for the tests alone, so that what signs is not what checks.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

SEQUENCE, SET, OID, OCTETS, UTC_TIME, FIRST = 0x30, 0x31, 0x06, 0x04, 0x17, 0xA0
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")
_CONTENT_TYPE = bytes.fromhex("2a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
_SIGNING_TIME = bytes.fromhex("2a864886f70d010905")
_SHA256 = bytes.fromhex("608648016503040201")


@dataclass(frozen=True)
class Item:
    """One DER value: its tag, its content, and all of its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> list["Item"]:
        return read_all(self.content)


def read_all(der: bytes) -> list[Item]:
    """The values that stand one after the other in `der`; lengths have to fit exactly."""
    found = []
    while der:
        size, start = der[1], 2
        if size & 0x80:
            start = 2 + (size & 0x7F)
            size = int.from_bytes(der[2:start])
        assert len(der) >= start + size
        found.append(Item(der[0], der[start : start + size], der[: start + size]))
        der = der[start + size :]
    return found


@dataclass(frozen=True)
class Signed:
    """What a detached signature holds."""

    certificates: list[x509.Certificate]
    attributes: dict[bytes, Item]
    attributes_der: bytes
    serial_number: int
    digest_oid: bytes
    signature: bytes

    @property
    def signed_at(self) -> datetime:
        told = self.attributes[_SIGNING_TIME]
        assert told.tag == UTC_TIME
        return datetime.strptime(told.content.decode(), "%y%m%d%H%M%SZ").replace(tzinfo=UTC)

    def signer(self) -> x509.Certificate:
        [found] = [held for held in self.certificates if held.serial_number == self.serial_number]
        return found

    def proves(self, content: bytes) -> bool:
        """Whether `content` is what was signed, by the certificate inside that the signature names."""
        assert self.digest_oid == _SHA256
        assert self.attributes[_CONTENT_TYPE].content == _DATA
        if self.attributes[_MESSAGE_DIGEST].content != hashlib.sha256(content).digest():
            return False
        key = self.signer().public_key()
        assert isinstance(key, RSAPublicKey)
        try:
            key.verify(self.signature, self.attributes_der, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def read(der: bytes) -> Signed:
    """The one signature in `der`, which carries no content of its own."""
    [info] = read_all(der)
    kind, wrapped = info.children()
    assert (kind.tag, kind.content, wrapped.tag) == (OID, _SIGNED_DATA, FIRST)
    [signed] = wrapped.children()
    _version, _digests, encapsulated, certificates, signer_infos = signed.children()
    # Detached: the type of the content stands there, the content doesn't.
    assert [(part.tag, part.content) for part in encapsulated.children()] == [(OID, _DATA)]
    assert (certificates.tag, signer_infos.tag) == (FIRST, SET)
    [signer] = signer_infos.children()
    _number, issuer_and_serial, digest, attributes, _algorithm, signature = signer.children()
    assert (attributes.tag, signature.tag) == (FIRST, OCTETS)
    pairs = [attribute.children() for attribute in attributes.children()]
    return Signed(
        certificates=[x509.load_der_x509_certificate(held.whole) for held in certificates.children()],
        attributes={name.content: values.children()[0] for name, values in pairs},
        # Signed as a SET, though it stands there with a tag of its own (RFC 5652, 5.4).
        attributes_der=bytes([SET]) + attributes.whole[1:],
        serial_number=int.from_bytes(issuer_and_serial.children()[1].content),
        digest_oid=digest.children()[0].content,
        signature=signature.content,
    )
