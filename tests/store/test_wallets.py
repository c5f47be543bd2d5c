"""Passes for Apple Wallet, opened and checked as a phone would: hashes, signature and chain, fields, both languages."""

import hashlib
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from PIL import Image

from service.domain.faces import ZoneFace
from service.store.wallets.apple import AppleSigner, pkpass
from service.store.wallets.apple_face import Texts, contrast
from tests import signed_data
from tests.conftest import NOW
from tests.faces import LIBRARY, MUSEUM, pass_face
from tests.wallet_keys import PASS_TYPE, TEAM, Kit

LINK = "https://biendao.example.vn/pass/Zm9vYmFy"
PICTURES = {f"{name}{density}.png" for name in ("icon", "logo") for density in ("", "@2x", "@3x")}
REQUIRED = {"description", "formatVersion", "organizationName", "passTypeIdentifier", "serialNumber", "teamIdentifier"}
# What Apple documents of a Pass, as far as it may stand in one of ours.
KNOWN = REQUIRED | {
    *("logoText", "backgroundColor", "foregroundColor", "labelColor", "relevantDate", "relevantDates", "locations"),
    *("expirationDate", "sharingProhibited", "barcodes", "eventTicket"),
}
MOST_FIELDS = {"headerFields": 3, "primaryFields": 1, "secondaryFields": 4, "auxiliaryFields": 4, "backFields": 50}
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
RGB = re.compile(r"rgb\((\d+), (\d+), (\d+)\)")


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return Kit.make(tmp_path_factory.mktemp("apple"))


@pytest.fixture(scope="module")
def signer(kit: Kit) -> AppleSigner:
    found = AppleSigner.read(kit.settings(), now=NOW)
    assert found is not None
    return found


def opened(signer: AppleSigner, **changes: Any) -> dict[str, bytes]:
    made = pkpass(pass_face(**changes), signer=signer, link=LINK, now=NOW)
    with ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {name: archive.read(name) for name in archive.namelist()}


def told(signer: AppleSigner, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(opened(signer, **changes)["pass.json"])
    return found


def strings(held: bytes) -> dict[str, str]:
    """A .strings file, taken apart line by line."""
    pairs = (re.fullmatch(r'"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";', line) for line in held.decode().splitlines())
    return {json.loads(f'"{pair[1]}"'): json.loads(f'"{pair[2]}"') for pair in pairs if pair}


def test_every_file_is_in_the_manifest_with_its_hash(signer: AppleSigner) -> None:
    files = opened(signer)
    manifest = json.loads(files["manifest.json"])
    assert set(files) == {
        *PICTURES,
        *("pass.json", "vi.lproj/pass.strings", "en.lproj/pass.strings", "manifest.json", "signature"),
    }
    assert manifest == {
        name: hashlib.sha1(held).hexdigest()  # noqa: S324 (Apple's format)
        for name, held in files.items()
        if name not in ("manifest.json", "signature")
    }


def test_the_signature_proves_the_manifest_and_leads_to_the_root(kit: Kit, signer: AppleSigner) -> None:
    files = opened(signer)
    before = datetime.now(UTC).replace(microsecond=0)
    signed = signed_data.read(opened(signer)["signature"])
    assert before <= signed.signed_at <= datetime.now(UTC)
    signed = signed_data.read(files["signature"])
    assert signed.proves(files["manifest.json"])
    assert {held.subject for held in signed.certificates} == {
        kit.certificate.subject,
        kit.intermediate.certificate.subject,
    }
    signed.signer().verify_directly_issued_by(kit.intermediate.certificate)
    kit.intermediate.certificate.verify_directly_issued_by(kit.root.certificate)


def test_tampering_shows(signer: AppleSigner) -> None:
    files = opened(signer)
    forged = files["pass.json"].replace("Đặng Thị Ngọc Ánh".encode(), "Một Người Khác Hẳn".encode())
    assert forged != files["pass.json"]
    manifest = json.loads(files["manifest.json"])
    assert hashlib.sha1(forged).hexdigest() != manifest["pass.json"]  # noqa: S324 (Apple's format)
    manifest["pass.json"] = hashlib.sha1(forged).hexdigest()  # noqa: S324 (Apple's format)
    signed = signed_data.read(files["signature"])
    assert not signed.proves(json.dumps(manifest).encode())
    broken = replace(signed, signature=signed.signature[:-1] + bytes([signed.signature[-1] ^ 1]))
    assert not broken.proves(files["manifest.json"])


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the same is checked above without openssl")
def test_openssl_agrees(kit: Kit, signer: AppleSigner, tmp_path: Path) -> None:
    files = opened(signer)
    for name in ("manifest.json", "signature"):
        (tmp_path / name).write_bytes(files[name])

    def verify() -> subprocess.CompletedProcess[bytes]:
        # The certificates of the tests live around NOW, whatever the machine's clock says; their purpose is Apple's.
        command = "openssl cms -verify -binary -inform DER -in signature -content manifest.json -out /dev/null"
        chain = ["-CAfile", str(kit.folder / "root.pem"), "-purpose", "any", "-no_check_time"]
        return subprocess.run([*command.split(), *chain], cwd=tmp_path, capture_output=True, check=False)

    good = verify()
    assert good.returncode == 0, good.stderr
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"].replace(b"a", b"b"))
    assert verify().returncode != 0


def test_pass_json_is_what_apple_documents(signer: AppleSigner) -> None:
    found = told(signer, heads=12, native_name="Ánh Đặng", places=(MUSEUM, LIBRARY))
    assert set(found) >= REQUIRED
    assert set(found) <= KNOWN
    assert (found["formatVersion"], found["passTypeIdentifier"], found["teamIdentifier"]) == (1, PASS_TYPE, TEAM)
    assert found["serialNumber"] == "7H3KX9QW2M"
    assert found["sharingProhibited"] is True
    ticket = found["eventTicket"]
    assert set(ticket) == set(MOST_FIELDS)
    assert all(len(ticket[group]) <= most for group, most in MOST_FIELDS.items())
    fields = [field for group in ticket.values() for field in group]
    assert len({field["key"] for field in fields}) == len(fields)
    assert all(set(field) == {"key", "label", "value"} and all(field.values()) for field in fields)


def test_the_front_says_who_where_and_when(signer: AppleSigner) -> None:
    ticket = told(signer)["eventTicket"]
    front = {field["key"]: field["value"] for group in ticket if group != "backFields" for field in ticket[group]}
    assert front == {
        "class": "Báo chí",
        "event": "Triển lãm Hoàng Sa, Trường Sa của Việt Nam",
        "holder": "Đặng Thị Ngọc Ánh",
        "outlet": "Báo Tuổi Trẻ",
        "days": "23–25/11/2026",
        "hours": "08:00–17:30",
        "zones": "A, P",
    }
    back = {field["key"]: field["value"] for field in ticket["backFields"]}
    assert back["link"] == LINK
    assert back["place1"] == f"{MUSEUM.venue_vi}, {MUSEUM.address}, 23/11/2026–25/11/2026"
    assert back["zone_names"] == "A – Sảnh trưng bày, P – Trung tâm báo chí"


def test_the_code_is_shown_as_it_is_scanned(signer: AppleSigner) -> None:
    face = pass_face()
    assert told(signer)["barcodes"] == [
        {
            "format": "PKBarcodeFormatQR",
            "message": face.code,
            "messageEncoding": "iso-8859-1",
            "altText": face.human_code,
        }
    ]
    assert face.code.encode("iso-8859-1") == face.code.encode("ascii")


def test_times_and_places_when_the_phone_offers_the_pass(signer: AppleSigner) -> None:
    found = told(signer)
    assert found["relevantDate"] == "2026-11-23T08:00:00+07:00"
    assert found["relevantDates"][1] == {
        "startDate": "2026-11-24T08:00:00+07:00",
        "endDate": "2026-11-24T17:30:00+07:00",
    }
    assert found["expirationDate"] == "2026-11-26T00:00:00+07:00"
    assert W3C.fullmatch(found["expirationDate"])
    assert found["locations"] == [{"latitude": 10.788062, "longitude": 106.704702, "relevantText": MUSEUM.venue_vi}]
    later = pkpass(pass_face(), signer=signer, link=LINK, now=NOW + timedelta(days=1, hours=12))
    with ZipFile(io.BytesIO(later)) as archive:
        assert json.loads(archive.read("pass.json"))["relevantDate"] == "2026-11-25T08:00:00+07:00"
    assert "locations" not in told(signer, places=(LIBRARY,))
    assert "relevantDate" not in told(signer, places=())


def test_both_languages_have_every_text(signer: AppleSigner) -> None:
    files = opened(signer)
    vi, en = (strings(files[f"{language}.lproj/pass.strings"]) for language in ("vi", "en"))
    assert list(vi) == list(en)
    assert list(vi) == list(vi.values())
    found = json.loads(files["pass.json"])
    fields = [field for group in found["eventTicket"].values() for field in group]
    assert {field["label"] for field in fields} <= set(en)
    assert en[found["description"]] == "Entry pass: Hoang Sa and Truong Sa of Viet Nam"
    assert en["Báo chí"] == "Press"
    assert en["Họ và tên"] == "Name"
    assert "Đặng Thị Ngọc Ánh" not in en


def test_one_word_with_two_translations_keeps_both(signer: AppleSigner) -> None:
    texts = Texts()
    assert [texts.add("Báo chí", "Press"), texts.add("Báo chí", "Media"), texts.add("Báo chí", "Press")] == [
        "Báo chí",
        "Báo chí ",
        "Báo chí",
    ]
    assert strings(texts.strings("vi")) == {"Báo chí": "Báo chí", "Báo chí ": "Báo chí"}
    assert strings(texts.strings("en")) == {"Báo chí": "Press", "Báo chí ": "Media"}
    files = opened(signer, event_vi='Họp báo “Biển\\Đảo" 1', zones=(ZoneFace("A", "Sảnh", ""),))
    vi = strings(files["vi.lproj/pass.strings"])
    assert vi['Họp báo “Biển\\Đảo" 1'] == 'Họp báo “Biển\\Đảo" 1'


@pytest.mark.parametrize("colour", ["#0A4F7A", "#FFD400", "#777777", "#000000", "#FFFFFF", "#8A5A00"])
def test_letters_stand_out_from_the_colour_of_the_class(signer: AppleSigner, colour: str) -> None:
    found = told(signer, colour=colour)
    read = {}
    for name in ("backgroundColor", "foregroundColor", "labelColor"):
        parts = RGB.fullmatch(found[name])
        assert parts is not None
        read[name] = (int(parts[1]), int(parts[2]), int(parts[3]))
    assert "#{:02X}{:02X}{:02X}".format(*read["backgroundColor"]) == colour
    assert contrast(read["foregroundColor"], read["backgroundColor"]) >= 4.5
    assert read["labelColor"] == read["foregroundColor"]


def test_pictures_have_apples_sizes_and_the_houses_blue(signer: AppleSigner) -> None:
    files = opened(signer)
    sizes = {name: Image.open(io.BytesIO(files[name])).size for name in PICTURES}
    for name, points in (("icon", 29), ("logo", 50)):
        assert [sizes[f"{name}{density}.png"] for density in ("", "@2x", "@3x")] == [
            (points * scale,) * 2 for scale in (1, 2, 3)
        ]
    icon = Image.open(io.BytesIO(files["icon@3x.png"])).convert("RGB")
    assert icon.getpixel((3, 3)) == (0x07, 0x30, 0x4D)


def test_hours_of_the_pass_itself_and_a_day_pass(signer: AppleSigner) -> None:
    found = told(signer, daily_from=time(7), daily_to=time(12), valid_days=(date(2026, 11, 24),))
    front = {field["key"]: field["value"] for field in found["eventTicket"]["auxiliaryFields"]}
    assert front == {"days": "24/11/2026", "hours": "07:00–12:00", "zones": "A, P"}
    assert found["relevantDate"] == "2026-11-24T07:00:00+07:00"
