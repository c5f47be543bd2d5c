"""Forged, foreign and damaged codes: none of them is read as a pass."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from jose import jwk, jws

from service.domain.codes import Claims
from service.store import signing
from service.store.vault import Vault

VAULT = Vault("a-secret-key-of-the-tests-0123456789abcdef")
KID, PUBLIC, SEALED = signing.new_key(VAULT)
CLAIMS = Claims("7G3K9M2QXB", ("A", "B"), datetime(2026, 11, 24, tzinfo=UTC), datetime(2026, 11, 27, tzinfo=UTC))
CODE = signing.sign(CLAIMS, kid=KID, sealed=SEALED, vault=VAULT)
HEADER, PAYLOAD, SIGNATURE = CODE.split(".")


def encode(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def pem(curve: ec.EllipticCurve) -> bytes:
    key = ec.generate_private_key(curve)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signed_by_a_stranger(**header: Any) -> str:
    signer = jwk.construct(pem(ec.SECP256R1()), "ES256")
    code: str = jws.sign(CLAIMS.packed(), signer, headers={"kid": KID, **header}, algorithm="ES256")
    return code


def test_what_we_sign_we_read() -> None:
    assert signing.kid_of(CODE) == KID
    assert signing.verified_serial(CODE, PUBLIC) == "7G3K9M2QXB"
    assert json.loads(decode(HEADER)) == {"alg": "ES256", "kid": KID, "typ": "JWT"}
    assert json.loads(decode(PAYLOAD)) == {"s": "7G3K9M2QXB", "z": "AB", "v": CLAIMS.packed()["v"]}


def test_the_public_key_is_public_and_the_private_one_sealed() -> None:
    assert set(PUBLIC) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (PUBLIC["kty"], PUBLIC["crv"], PUBLIC["use"], PUBLIC["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert b"PRIVATE" not in SEALED
    with pytest.raises(ValueError, match="another key"):
        VAULT.open(SEALED, purpose="another.column")


def test_a_stranger_with_our_kid_has_a_bad_signature() -> None:
    forged = signed_by_a_stranger()
    assert signing.kid_of(forged) == KID
    assert signing.verified_serial(forged, PUBLIC) is None


def test_another_events_key_proves_nothing_here() -> None:
    other_kid, other_public, other_sealed = signing.new_key(VAULT)
    code = signing.sign(CLAIMS, kid=other_kid, sealed=other_sealed, vault=VAULT)
    relabelled = ".".join((HEADER, *code.split(".")[1:]))
    assert signing.kid_of(code) == other_kid
    assert signing.verified_serial(code, PUBLIC) is None
    assert signing.verified_serial(relabelled, PUBLIC) is None
    assert signing.verified_serial(relabelled, other_public) is None
    assert signing.verified_serial(CODE, other_public) is None


def test_other_claims_under_our_signature_are_refused() -> None:
    wider = encode({**CLAIMS.packed(), "z": "ABCDE"})
    assert signing.verified_serial(f"{HEADER}.{wider}.{SIGNATURE}", PUBLIC) is None


def test_our_signature_on_something_else_is_no_pass() -> None:
    signer = jwk.construct(VAULT.open(SEALED, purpose="signing_key.private"), "ES256")
    for payload in ({"sub": "1"}, {"s": 7, "z": "A", "v": "bbbbcccc"}, b"[" * 100, b"\xff\xfe"):
        code = jws.sign(payload, signer, headers={"kid": KID}, algorithm="ES256")
        assert signing.verified_serial(code, PUBLIC) is None


def hs256_with_the_public_key() -> str:
    """The attack on libraries that let a code choose its own algorithm (RFC 8725, section 2.1)."""
    begun = f"{encode({'alg': 'HS256', 'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}"
    secret = jwk.construct(PUBLIC, "ES256").to_pem()
    return f"{begun}.{encode(hmac.digest(secret, begun.encode(), hashlib.sha256))}"


def es384_on_another_curve() -> str:
    code: str = jws.sign(
        CLAIMS.packed(), jwk.construct(pem(ec.SECP384R1()), "ES384"), headers={"kid": KID}, algorithm="ES384"
    )
    return code


FOREIGN = {
    "empty": "",
    "alg none": f"{encode({'alg': 'none', 'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}.",
    "alg None with our signature": f"{encode({'alg': 'None', 'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}.{SIGNATURE}",
    "no algorithm": f"{encode({'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}.{SIGNATURE}",
    "HS256 with the public key": hs256_with_the_public_key(),
    "ES384": es384_on_another_curve(),
    "a key brought along": signed_by_a_stranger(jwk=PUBLIC),
    "a key's address brought along": signed_by_a_stranger(jku="http://127.0.0.1/keys"),
    "an extension that must be understood": signed_by_a_stranger(crit=["exp"]),
    "a header that is a list": f"{encode(['ES256', KID, 'JWT', 0, 0])}.{PAYLOAD}.{SIGNATURE}",
    "a kid that is a number": f"{encode({'alg': 'ES256', 'kid': 12345678, 'typ': 'JWT'})}.{PAYLOAD}.{SIGNATURE}",
    "a deep header": f"{encode(b'[' * 140)}.{PAYLOAD}.{SIGNATURE}",
    "a binary header": f"{encode(bytes(range(60)))}.{PAYLOAD}.{SIGNATURE}",
    "no signature": f"{HEADER}.{PAYLOAD}",
    "cut short": CODE[:-1],
    "grown": CODE + "A",
    "four parts": f"{CODE}.{SIGNATURE}",
    "padded": f"{CODE}==",
    "standard base64": f"{HEADER}.{PAYLOAD}.{'+/' * 43}",
    "with a space": f" {CODE}",
    "with a line end": f"{CODE}\n",
    "oversized": f"{HEADER}.{'A' * 600}.{SIGNATURE}",
    "very oversized": "A" * 1_000_000,
    "binary": bytes(range(256)).decode("latin-1"),
    "full-width letters": CODE.replace("e", "ｅ"),
    "a lone surrogate": f"\ud800{CODE[1:]}",
    "NUL": f"{CODE[:-1]}\0",
}


@pytest.mark.parametrize("code", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_has_not_our_form_names_no_key(code: str) -> None:
    assert signing.kid_of(code) is None


def test_no_part_can_be_written_in_another_way() -> None:
    """The last letter of a part has bits that decoders overlook: same bytes, another text."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    rewritten = [
        ".".join((*parts[:place], part[:-1] + letter, *parts[place + 1 :]))
        for parts in (CODE.split("."),)
        for place, part in enumerate(parts)
        for letter in letters
        if letter != part[-1] and decode(part[:-1] + letter) == decode(part)
    ]
    assert len(rewritten) >= 15
    assert {signing.kid_of(code) for code in rewritten} == {None}


@given(place=st.integers(0, len(CODE) - 1), letter=st.characters(codec="ascii"))
def test_no_single_letter_can_be_changed(place: int, letter: str) -> None:
    changed = CODE[:place] + letter + CODE[place + 1 :]
    good = signing.kid_of(changed) == KID and signing.verified_serial(changed, PUBLIC) is not None
    assert good == (changed == CODE)


@given(cut=st.integers(0, len(CODE) - 1))
def test_no_part_of_a_code_is_a_code(cut: int) -> None:
    assert signing.kid_of(CODE[:cut]) is None


@given(text=st.text(max_size=600))
def test_any_text_is_answered(text: str) -> None:
    assert signing.kid_of(text) is None


def test_a_code_that_would_not_fit_a_badge_is_not_signed() -> None:
    zones = tuple(f"Z{number:02}" for number in range(30))
    crowded = Claims("7G3K9M2QXB", zones, CLAIMS.valid_from, CLAIMS.valid_until)
    with pytest.raises(ValueError, match="does not fit"):
        signing.sign(crowded, kid=KID, sealed=SEALED, vault=VAULT)


@pytest.mark.parametrize("zones", ["ABCDEFGHIJK", ("A1", "B1", "C1", "D1"), ("VIP", "PRS", "CEN")], ids=str)
def test_the_zones_of_a_large_event_fit(zones: tuple[str, ...]) -> None:
    many = Claims("7G3K9M2QXB", tuple(zones), CLAIMS.valid_from, CLAIMS.valid_until)
    assert len(signing.sign(many, kid=KID, sealed=SEALED, vault=VAULT)) <= signing.ROOM
