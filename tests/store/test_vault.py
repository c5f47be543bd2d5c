"""Secrets at rest: what is sealed opens only under its purpose and its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store.vault import (
    NOBODYS_HASH,
    Vault,
    hash_password,
    new_token,
    password_fits,
    token_hash,
)

VAULT = Vault("a-secret-key-of-the-tests-0123456789abcdef")
OTHER = Vault("another-secret-key-of-tests-0123456789abcd")
PURPOSE = "journalist.press_card"


@given(plain=st.binary(max_size=300))
def test_what_is_sealed_opens(plain: bytes) -> None:
    sealed = VAULT.seal(plain, purpose=PURPOSE)
    assert VAULT.open(sealed, purpose=PURPOSE) == plain
    # A nonce of 12 bytes before, a tag of 16 behind.
    assert len(sealed) == 12 + len(plain) + 16


def test_nobody_sees_what_is_inside_nor_that_two_are_alike() -> None:
    one, other = (VAULT.seal("thẻ 000123".encode(), purpose=PURPOSE) for _ in range(2))
    assert one != other
    assert b"000123" not in one + other


def test_another_purpose_opens_nothing() -> None:
    sealed = VAULT.seal(b"000123", purpose=PURPOSE)
    with pytest.raises(ValueError, match=r"signing_key\.private was sealed with another key"):
        VAULT.open(sealed, purpose="signing_key.private")


def test_another_key_opens_nothing() -> None:
    sealed = VAULT.seal(b"000123", purpose=PURPOSE)
    with pytest.raises(ValueError, match="BIENDAO_SECRET_KEY"):
        OTHER.open(sealed, purpose=PURPOSE)
    assert Vault("a-secret-key-of-the-tests-0123456789abcdef").open(sealed, purpose=PURPOSE) == b"000123"


def test_damage_opens_nothing() -> None:
    sealed = VAULT.seal(b"000123", purpose=PURPOSE)
    damaged = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    for other in [*damaged, *(sealed[:cut] for cut in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(ValueError):  # noqa: PT011 (whatever it says: it is damaged)
            VAULT.open(other, purpose=PURPOSE)


def test_equal_values_meet_under_one_key_only() -> None:
    assert VAULT.look_up("press card 000123") == VAULT.look_up("press card 000123")
    assert len(VAULT.look_up("")) == 32
    others = {VAULT.look_up("press card 000124"), OTHER.look_up("press card 000123"), VAULT.look_up("")}
    assert VAULT.look_up("press card 000123") not in others
    assert len(others) == 3


def test_tokens_are_known_by_their_hash() -> None:
    tokens = [new_token("bdj") for _ in range(100)]
    assert {token[:4] for token in tokens} == {"bdj_"}
    assert len({token_hash(token) for token in tokens}) == 100
    assert token_hash("a token that \ud800 nobody has") == token_hash("a token that \ud800 nobody has")


def test_passwords_fit_however_their_accents_are_typed() -> None:
    hashed = hash_password("mật khẩu")
    assert hashed.startswith("$argon2id$")
    assert password_fits("mật khẩu", hashed)
    assert password_fits("ma\u0323\u0302t kha\u0302\u0309u", hashed)
    assert not password_fits("mat khau", hashed)
    assert not password_fits("mật khẩu", NOBODYS_HASH)
