"""What an operator sets for wallets: all of it or none, and every mistake is one line that names the setting."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from service.cli import read_settings, shown
from service.settings import Settings
from service.store.folders import CannotStart
from service.store.wallets.apple import AppleSigner, pkpass
from service.store.wallets.google import GoogleSigner
from tests.conftest import NOW
from tests.faces import pass_face
from tests.wallet_keys import ACCOUNT, ISSUER, Authority, Kit, account_file, new_key, pem

LINK = "https://biendao.example.vn/pass/Zm9vYmFy"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return Kit.make(tmp_path_factory.mktemp("apple"))


def test_no_settings_no_signers() -> None:
    assert AppleSigner.read(Settings(), now=NOW) is None
    assert GoogleSigner.read(Settings()) is None


@pytest.mark.parametrize(
    "left_out", ["apple_pass_type", "apple_team", "apple_certificate", "apple_key", "apple_intermediate"]
)
def test_half_a_wallet_is_refused_when_settings_are_read(kit: Kit, left_out: str) -> None:
    with pytest.raises(ValueError, match=rf"go together; missing: BIENDAO_{left_out.upper()};"):
        kit.settings(**{left_out: ""})


def test_the_command_line_tells_it_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIENDAO_APPLE_KEY_PASSWORD", "mở ra")
    with pytest.raises(CannotStart) as refused:
        read_settings()
    assert "go together" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "mở ra" not in str(refused.value)
    assert (shown("apple_key_password", "mở ra"), shown("apple_key", "/etc/key.pem")) == ("(hidden)", "/etc/key.pem")


def test_a_locked_key_opens_with_its_password(kit: Kit) -> None:
    path = kit.put("locked.pem", pem(kit.key, "mở ra"))
    found = AppleSigner.read(kit.settings(apple_key=path, apple_key_password="mở ra"), now=NOW)
    assert found is not None
    assert found.key.public_key() == kit.certificate.public_key()


def problem(kit: Kit, now: datetime = NOW, **changes: str) -> str:
    with pytest.raises(ValueError, match="BIENDAO_APPLE_") as refused:
        AppleSigner.read(kit.settings(**changes), now=now)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_keys_that_do_not_open_are_told(kit: Kit) -> None:
    locked = kit.put("locked.pem", pem(kit.key, "mở ra"))
    assert "has a password, and none is set" in problem(kit, apple_key=locked)
    assert "its password is another" in problem(kit, apple_key=locked, apple_key_password="không phải")
    assert "has no password, but one is set" in problem(kit, apple_key_password="mở ra")
    assert problem(kit, apple_key=kit.put("other.pem", pem(new_key()))) == (
        "BIENDAO_APPLE_KEY is not the key of BIENDAO_APPLE_CERTIFICATE"
    )


def test_files_that_are_not_what_they_should_be_are_told(kit: Kit) -> None:
    missing = str(kit.folder / "missing.pem")
    assert problem(kit, apple_certificate=missing).endswith("can't be read: No such file or directory")
    rubbish = kit.put("rubbish.cer", b"\x30\x82 rubbish")
    assert "is not a certificate in PEM or DER" in problem(kit, apple_intermediate=rubbish)
    stranger = Authority.root().certificate.public_bytes(Encoding.PEM)
    assert "did not issue" in problem(kit, apple_intermediate=kit.put("stranger.pem", stranger))


def test_a_certificate_of_another_pass_type_or_team_is_told(kit: Kit) -> None:
    assert problem(kit, apple_pass_type="pass.vn.example.other") == (
        "BIENDAO_APPLE_CERTIFICATE is for pass.vn.example.biendao, but BIENDAO_APPLE_PASS_TYPE is pass.vn.example.other"
    )
    assert "but BIENDAO_APPLE_TEAM is ZZZZZZZZZZ" in problem(kit, apple_team="ZZZZZZZZZZ")


def test_an_ended_certificate_is_told_at_the_start_and_at_every_pass(kit: Kit) -> None:
    short = kit.intermediate.pass_certificate(kit.key, days=30)
    path = kit.put("short.pem", short.public_bytes(Encoding.PEM))
    after = NOW + timedelta(days=31)
    line = "BIENDAO_APPLE_CERTIFICATE ended on 23/12/2026; see docs/wallets.md"
    assert problem(kit, now=after, apple_certificate=path) == line
    held = AppleSigner.read(kit.settings(apple_certificate=path), now=NOW)
    assert held is not None
    with pytest.raises(ValueError, match=line):
        pkpass(pass_face(), signer=held, link=LINK, now=after)
    assert "is valid from 22/11/2026 only" in problem(kit, now=NOW - timedelta(days=2))


def test_the_two_settings_of_google_go_together() -> None:
    for half in ({"google_wallet_issuer": ISSUER}, {"google_wallet_account": "account.json"}):
        with pytest.raises(ValueError, match=r"BIENDAO_GOOGLE_WALLET_ISSUER, .* go together; missing: BIENDAO_GOOGLE"):
            Settings(**half)


def google_problem(path: str, issuer: str = ISSUER) -> str:
    with pytest.raises(ValueError, match="BIENDAO_GOOGLE_WALLET_") as refused:
        GoogleSigner.read(Settings(google_wallet_issuer=issuer, google_wallet_account=path))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_an_account_is_read_and_its_key_never_shown(tmp_path: Path) -> None:
    key = new_key()
    path = account_file(tmp_path, key)
    found = GoogleSigner.read(Settings(google_wallet_issuer=ISSUER, google_wallet_account=path))
    assert found is not None
    assert (found.issuer, found.account, found.key_bits, found.private_pem) == (ISSUER, ACCOUNT, 2048, pem(key))
    assert "PRIVATE" not in repr(found)


def test_accounts_that_are_none_are_told(tmp_path: Path) -> None:
    key = new_key()
    assert "can't be read: No such file" in google_problem(str(tmp_path / "missing.json"))
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "text.json").write_text("not JSON")
    for name in ("list.json", "text.json"):
        assert "is not a service account's key in JSON" in google_problem(str(tmp_path / name))
    for member in ("client_email", "private_key"):
        assert "is not a service account's key" in google_problem(account_file(tmp_path, key, **{member: None}))
    assert "the private_key in" in google_problem(account_file(tmp_path, key, private_key="-----BEGIN"))
    assert "up to 20 digits" in google_problem(account_file(tmp_path, key), issuer="BCR2DN4T")


def test_keys_that_google_would_not_take_are_told(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    held = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    short = pem(rsa.generate_private_key(65537, 1024)).decode()  # noqa: S505 (it is to be refused)
    for private_key in (held, short):
        told = google_problem(account_file(tmp_path, new_key(), private_key=private_key))
        assert told.endswith("is not an RSA key of 2048 bits or more")
