"""Signing and checking pass codes: the only module that speaks JOSE (RFC 7515, ES256 of RFC 7518).

Google Wallet's links are signed here too, RS256 with the operator's own key, and never read back.

The algorithm is pinned on both sides; what a code says of its own algorithm is only ever compared.
"""

import json
import re
import secrets
from collections import OrderedDict
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk, jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from service.domain.codes import Claims
from service.store import base64url
from service.store.vault import Vault

ALGORITHM = "ES256"
WALLET_ALGORITHM = "RS256"
PASS_TYPE, LIST_TYPE = "JWT", "revocations+jws"
LONGEST_CODE = 512
ROOM = 213
"""Bytes that a QR code of version 10 at error correction M holds."""
_PURPOSE = "signing_key.private"
_FORM = re.compile(r"[A-Za-z0-9_-]{20,200}\.[A-Za-z0-9_-]{4,300}\.[A-Za-z0-9_-]{86}", re.ASCII)
_KID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
_KEPT = 1000
_signers: OrderedDict[bytes, Key] = OrderedDict()
_checkers: OrderedDict[tuple[str, str], Key] = OrderedDict()
_Name = TypeVar("_Name")


def new_key(vault: Vault) -> tuple[str, dict[str, Any], bytes]:
    """A new P-256 key: its kid, its public JWK (RFC 7517), and its private part sealed."""
    private = ec.generate_private_key(ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = jwk.construct(pem, ALGORITHM).public_key().to_dict()
    kid = secrets.token_urlsafe(4)
    named = {name: value.decode() if isinstance(value, bytes) else value for name, value in public.items()}
    return kid, {**named, "kid": kid, "use": "sig", "alg": ALGORITHM}, vault.seal(pem, purpose=_PURPOSE)


def sign(claims: Claims, *, kid: str, sealed: bytes, vault: Vault) -> str:
    """The code of a pass. Raises ValueError when it would need a QR code above version 10."""
    code: str = jws.sign(claims.packed(), _signer(sealed, vault), headers={"kid": kid}, algorithm=ALGORITHM)
    if len(code) > ROOM:
        raise ValueError(f"a code of {len(code)} characters does not fit; use fewer or shorter zone codes")
    return code


def sign_list(told: dict[str, Any], *, kid: str, sealed: bytes, vault: Vault) -> str:
    """A revocation list as a compact JWS; its `typ` (RFC 8725, section 3.11) keeps it apart from passes."""
    headers = {"kid": kid, "typ": LIST_TYPE}
    signed: str = jws.sign(told, _signer(sealed, vault), headers=headers, algorithm=ALGORITHM)
    return signed


def read_list(signed: str, public: dict[str, Any]) -> dict[str, Any] | None:
    """What a revocation list tells, or None when `public` has not signed it as one."""
    header = _json(signed.split(".", 1)[0])
    expected = {"alg": ALGORITHM, "kid": public["kid"], "typ": LIST_TYPE}
    if header != expected:
        return None
    try:
        told = json.loads(jws.verify(signed, jwk.construct(public, ALGORITHM), algorithms=[ALGORITHM]))
    except (JOSEError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def sign_wallet(claims: dict[str, Any], *, private_pem: bytes) -> str:
    """Claims for Google Wallet as a JWT, signed RS256 with a service account's key: Google takes nothing else.

    Vietnamese letters stay UTF-8 and are not escaped, for links are to be short.
    """
    key = _signers.get(private_pem)
    if key is None:
        key = jwk.construct(private_pem, WALLET_ALGORITHM)
        _keep(_signers, private_pem, key)
    payload = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
    signed: str = jws.sign(payload, key, algorithm=WALLET_ALGORITHM)
    return signed


def _signer(sealed: bytes, vault: Vault) -> Key:
    key = _signers.get(sealed)
    if key is None:
        key = jwk.construct(vault.open(sealed, purpose=_PURPOSE), ALGORITHM)
        _keep(_signers, sealed, key)
    return key


def kid_of(code: str) -> str | None:
    """The key that a code names, or None when it has not the form of a code of ours at all."""
    if len(code) > LONGEST_CODE or not _FORM.fullmatch(code) or not all(map(_is_canonical, code.split("."))):
        return None
    header = _json(code.split(".", 1)[0])
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ"}:
        return None
    if header["alg"] != ALGORITHM or header["typ"] != PASS_TYPE:
        return None
    kid = header["kid"]
    return kid if isinstance(kid, str) and _KID.fullmatch(kid) else None


def verified_serial(code: str, public: dict[str, Any]) -> str | None:
    """The serial inside a code that `public` has signed, or None when it has not, or signed something else."""
    if kid_of(code) != public["kid"]:
        return None
    # Kept by the point itself: a kid is only a name.
    name = (public["x"], public["y"])
    key = _checkers.get(name)
    if key is None:
        key = jwk.construct(public, ALGORITHM)
        _keep(_checkers, name, key)
    try:
        payload = jws.verify(code, key, algorithms=[ALGORITHM])
        return Claims.unpacked(json.loads(payload)).serial
    except (JOSEError, ValueError, OverflowError):
        return None


def _is_canonical(part: str) -> bool:
    try:
        base64url.decode(part)
    except ValueError:
        return False
    return True


def _json(part: str) -> Any:
    try:
        return json.loads(base64url.decode(part))
    except (ValueError, RecursionError):
        return None


def _keep(cache: OrderedDict[_Name, Key], name: _Name, key: Key) -> None:
    cache[name] = key
    if len(cache) > _KEPT:
        cache.popitem(last=False)
