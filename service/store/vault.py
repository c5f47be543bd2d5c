"""Secrets at rest: sealing with AES-256-GCM, keyed hashes for look-up, tokens and passwords."""

import hashlib
import hmac
import os
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pwdlib import PasswordHash

_NONCE = 12
_passwords = PasswordHash.recommended()


class Vault:
    """Seals and opens small secrets with keys derived (HKDF-SHA256, RFC 5869) from the service's secret key.

    `key_id` names the secret key without telling anything of it.
    """

    def __init__(self, secret_key: str) -> None:
        self._seal = AESGCM(self._derive(secret_key, b"biendao seal v1"))
        self._hash_key = self._derive(secret_key, b"biendao look-up v1")
        self._mark_key = self._derive(secret_key, b"biendao links v1")
        self.key_id = self._derive(secret_key, b"biendao key id v1")[:4].hex()

    @staticmethod
    def _derive(secret_key: str, purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())

    def seal(self, plain: bytes, *, purpose: str) -> bytes:
        """`plain` encrypted; it opens only under the same `purpose` (a table's and column's name)."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seal.encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """What `seal` was given. Raises ValueError when the key or the purpose is another."""
        try:
            return self._seal.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except InvalidTag as wrong:
            raise ValueError(f"{purpose} was sealed with another key; is BIENDAO_SECRET_KEY the right one?") from wrong

    def look_up(self, value: str) -> bytes:
        """A keyed hash (HMAC-SHA256): equal values meet, and nobody without the key can try values out."""
        return hmac.digest(self._hash_key, value.encode(), "sha256")

    def mark(self, value: bytes) -> bytes:
        """Sixteen bytes (HMAC-SHA256) that nobody without the key can make: what makes a link ours."""
        return hmac.digest(self._mark_key, value, "sha256")[:16]


def new_token(prefix: str) -> str:
    """A bearer token with 256 bits of chance; the prefix lets leak scanners know it."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """What the database keeps of a token: it has too much chance in it to need a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def hash_password(password: str) -> str:
    """An Argon2id hash (RFC 9106) of the password in NFC: keyboards spell accents differently (RFC 8265)."""
    return _passwords.hash(unicodedata.normalize("NFC", password))


def password_fits(password: str, hashed: str) -> bool:
    """Whether `password` is the one that was hashed."""
    return _passwords.verify(unicodedata.normalize("NFC", password), hashed)


NOBODYS_HASH = hash_password(secrets.token_urlsafe(16))
"""Checked when no account fits, so that the time of an answer doesn't tell which addresses exist."""
