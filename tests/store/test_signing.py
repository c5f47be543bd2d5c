"""Forged, foreign and damaged codes: none of them is read as a pass."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
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


def test_a_kid_is_only_a_name() -> None:
    """Whatever was read before: the key itself decides, and two keys of one name aren't taken for each other."""
    other_kid, other_public, other_sealed = signing.new_key(VAULT)
    renamed = {**other_public, "kid": KID}
    assert signing.verified_serial(CODE, PUBLIC) == CLAIMS.serial
    assert signing.verified_serial(CODE, renamed) is None
    code = signing.sign(CLAIMS, kid=KID, sealed=other_sealed, vault=VAULT)
    assert signing.kid_of(code) == KID
    assert signing.verified_serial(code, PUBLIC) is None
    assert signing.verified_serial(code, renamed) == CLAIMS.serial
    assert signing.verified_serial(code, other_public) is None
    assert other_kid != KID


def test_the_twin_of_a_signature_is_the_same_pass() -> None:
    """Who sees (r, s) can write (r, n - s), which proves as much (ECDSA): it is no other pass, only another text."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    raw = decode(SIGNATURE)
    twin = raw[:32] + (order - int.from_bytes(raw[32:])).to_bytes(32)
    code = f"{HEADER}.{PAYLOAD}.{encode(twin)}"
    assert code != CODE
    assert signing.verified_serial(code, PUBLIC) == CLAIMS.serial


def test_other_claims_under_our_signature_are_refused() -> None:
    wider = encode({**CLAIMS.packed(), "z": "ABCDE"})
    assert signing.verified_serial(f"{HEADER}.{wider}.{SIGNATURE}", PUBLIC) is None


def test_our_signature_on_something_else_is_no_pass() -> None:
    signer = jwk.construct(VAULT.open(SEALED, purpose="signing_key.private"), "ES256")
    for payload in ({"sub": "1"}, {"s": 7, "z": "A", "v": "bbbbcccc"}, b"[" * 100, b"\xff\xfe"):
        code = jws.sign(payload, signer, headers={"kid": KID}, algorithm="ES256")
        assert signing.verified_serial(code, PUBLIC) is None


def headed(header: object) -> str:
    """Our claims and our signature under another header."""
    return f"{encode(header)}.{PAYLOAD}.{SIGNATURE}"


PUBLIC_TEXTS = {
    "PEM": jwk.construct(PUBLIC, "ES256").to_pem(),
    "JWK": json.dumps(PUBLIC).encode(),
    "JWK without spaces": json.dumps(PUBLIC, separators=(",", ":"), sort_keys=True).encode(),
    "x and y": decode(PUBLIC["x"]) + decode(PUBLIC["y"]),
}


def hs256(secret: bytes) -> str:
    """The attack on libraries that let a code choose its own algorithm (RFC 8725, section 2.1)."""
    begun = f"{encode({'alg': 'HS256', 'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}"
    return f"{begun}.{encode(hmac.digest(secret, begun.encode(), hashlib.sha256))}"


def hs512(secret: bytes) -> str:
    """A keyed hash of as many bytes as our signatures have, under the name of our algorithm."""
    begun = f"{HEADER}.{PAYLOAD}"
    return f"{begun}.{encode(hmac.digest(secret, begun.encode(), hashlib.sha512))}"


def es256_on_another_curve(curve: ec.EllipticCurve, length: int) -> str:
    """A signature of a key of another curve that names our key and our algorithm, cut or filled to our length."""
    key = ec.generate_private_key(curve)
    r, s = decode_dss_signature(key.sign(f"{HEADER}.{PAYLOAD}".encode(), ec.ECDSA(SHA256())))
    raw = r.to_bytes(length) + s.to_bytes(length)
    return f"{HEADER}.{PAYLOAD}.{encode(raw[:64].ljust(64))}"


def es384_on_another_curve() -> str:
    code: str = jws.sign(
        CLAIMS.packed(), jwk.construct(pem(ec.SECP384R1()), "ES384"), headers={"kid": KID}, algorithm="ES384"
    )
    return code


FOREIGN = {
    "empty": "",
    "alg none": f"{encode({'alg': 'none', 'kid': KID, 'typ': 'JWT'})}.{PAYLOAD}.",
    "alg None with our signature": headed({"alg": "None", "kid": KID, "typ": "JWT"}),
    "no algorithm": headed({"kid": KID, "typ": "JWT"}),
    **{f"HS256 with the public key as {name}": hs256(secret) for name, secret in PUBLIC_TEXTS.items()},
    "RS256": headed({"alg": "RS256", "kid": KID, "typ": "JWT"}),
    "a list of algorithms": headed({"alg": ["ES256"], "kid": KID, "typ": "JWT"}),
    "ES384": es384_on_another_curve(),
    "a key brought along": signed_by_a_stranger(jwk=PUBLIC),
    "a key's address brought along": signed_by_a_stranger(jku="http://127.0.0.1/keys"),
    "an extension that must be understood": signed_by_a_stranger(crit=["exp"]),
    "a header that is a list": headed(["ES256", KID, "JWT", 0, 0]),
    "a kid that is a number": headed({"alg": "ES256", "kid": 12345678, "typ": "JWT"}),
    "a kid that no database takes": headed({"alg": "ES256", "kid": "a\ud800", "typ": "JWT"}),
    "a kid with NUL": headed({"alg": "ES256", "kid": "a\0", "typ": "JWT"}),
    "an empty kid": headed({"alg": "ES256", "kid": "", "typ": "JWT"}),
    "another type": headed({"alg": "ES256", "kid": KID, "typ": "JWS"}),
    "no type": headed({"alg": "ES256", "kid": KID, "typ": None}),
    "a deep header": headed(b"[" * 140),
    "a binary header": headed(bytes(range(60))),
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
    assert signing.verified_serial(code, PUBLIC) is None


FORGED = {
    **{f"HS512 with the public key as {name}": hs512(secret) for name, secret in PUBLIC_TEXTS.items()},
    "P-384": es256_on_another_curve(ec.SECP384R1(), 48),
    "P-521": es256_on_another_curve(ec.SECP521R1(), 66),
    "secp256k1": es256_on_another_curve(ec.SECP256K1(), 32),
    "a signature of zeros (CVE-2022-21449)": f"{HEADER}.{PAYLOAD}.{encode(bytes(64))}",
    "a signature of ones": f"{HEADER}.{PAYLOAD}.{encode(bytes([255]) * 64)}",
    "r and s exchanged": f"{HEADER}.{PAYLOAD}.{encode(decode(SIGNATURE)[32:] + decode(SIGNATURE)[:32])}",
    "the same header in another order": headed({"kid": KID, "typ": "JWT", "alg": "ES256"}),
    "a deep payload": f"{HEADER}.{encode(b'[' * 200)}.{SIGNATURE}",
    "a binary payload": f"{HEADER}.{encode(bytes(range(200)))}.{SIGNATURE}",
    "a number of many digits": f"{HEADER}.{encode(b'9' * 220)}.{SIGNATURE}",
}


@pytest.mark.parametrize("code", FORGED.values(), ids=FORGED.keys())
def test_what_only_looks_like_ours_is_forged(code: str) -> None:
    assert signing.kid_of(code) == KID
    assert signing.verified_serial(code, PUBLIC) is None


@pytest.mark.parametrize("depth", [1000, 100_000])
def test_nothing_is_unpacked_before_it_is_measured(depth: int) -> None:
    for bomb in (b"[" * depth, b'{"a":' * depth, b"9" * depth):
        for code in (f"{encode(bomb)}.{PAYLOAD}.{SIGNATURE}", f"{HEADER}.{encode(bomb)}.{SIGNATURE}"):
            assert signing.kid_of(code) is None
            assert signing.verified_serial(code, PUBLIC) is None


def test_no_part_can_be_written_in_another_way() -> None:
    """The last letter of a part has bits that decoders overlook: same bytes, another text. We refuse the other text."""
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


def test_no_byte_can_be_flipped() -> None:
    """Every byte of header, claims and signature, written again as base64 has it."""
    parts = [decode(part) for part in CODE.split(".")]
    for place, part in enumerate(parts):
        for at in range(len(part)):
            flipped = bytes(byte ^ 1 if number == at else byte for number, byte in enumerate(part))
            code = ".".join(encode(flipped if number == place else whole) for number, whole in enumerate(parts))
            assert signing.verified_serial(code, PUBLIC) is None


def test_no_part_of_a_code_is_a_code() -> None:
    for cut in range(len(CODE)):
        assert signing.kid_of(CODE[:cut]) is None
        assert signing.kid_of(CODE[len(CODE) - cut :]) is None


@given(text=st.text(max_size=600))
def test_any_text_is_answered(text: str) -> None:
    assert signing.kid_of(text) is None
    assert signing.verified_serial(text, PUBLIC) is None


@given(header=st.binary(max_size=140), payload=st.binary(max_size=220), signature=st.binary(min_size=64, max_size=64))
def test_any_three_parts_are_answered(header: bytes, payload: bytes, signature: bytes) -> None:
    code = ".".join(map(encode, (header, payload, signature)))
    assert signing.verified_serial(code, PUBLIC) is None
    assert signing.verified_serial(f"{HEADER}.{encode(payload)}.{encode(signature)}", PUBLIC) is None


def test_a_code_that_would_not_fit_a_badge_is_not_signed() -> None:
    zones = tuple(f"Z{number:02}" for number in range(30))
    crowded = Claims("7G3K9M2QXB", zones, CLAIMS.valid_from, CLAIMS.valid_until)
    with pytest.raises(ValueError, match="does not fit"):
        signing.sign(crowded, kid=KID, sealed=SEALED, vault=VAULT)


@pytest.mark.parametrize("zones", ["ABCDEFGHIJK", ("A1", "B1", "C1", "D1"), ("VIP", "PRS", "CEN")], ids=str)
def test_the_zones_of_a_large_event_fit(zones: tuple[str, ...]) -> None:
    many = Claims("7G3K9M2QXB", tuple(zones), CLAIMS.valid_from, CLAIMS.valid_until)
    assert len(signing.sign(many, kid=KID, sealed=SEALED, vault=VAULT)) <= signing.ROOM


TOLD = {"event": "0198c0de", "version": 7, "ended": [["7G3K9M2QXB", "revoked", 7, "Mất thẻ", "Lễ tân"]]}


def test_a_revocation_list_is_read_with_its_own_key_only() -> None:
    signed = signing.sign_list(TOLD, kid=KID, sealed=SEALED, vault=VAULT)
    _, other, _ = signing.new_key(VAULT)
    assert signing.read_list(signed, PUBLIC) == TOLD
    assert signing.read_list(signed, other) is None
    assert signing.read_list(signed, {**other, "kid": KID}) is None
    header, payload, signature = signed.split(".")
    assert json.loads(decode(header)) == {"alg": "ES256", "kid": KID, "typ": "revocations+jws"}
    shorter = encode({**TOLD, "ended": []})
    for forged in (f"{header}.{shorter}.{signature}", f"{HEADER}.{payload}.{signature}", signed[:-2], "", "a.b.c"):
        assert signing.read_list(forged, PUBLIC) is None


def test_a_list_is_no_pass_and_a_pass_is_no_list() -> None:
    signed = signing.sign_list(CLAIMS.packed(), kid=KID, sealed=SEALED, vault=VAULT)
    assert signing.kid_of(signed) is None
    assert signing.verified_serial(signed, PUBLIC) is None
    assert signing.read_list(CODE, PUBLIC) is None
