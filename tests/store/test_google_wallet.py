"""Links for Google Wallet, checked with the public key alone: signature, claims, ids, length, both languages."""

import base64
import json
import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from service.domain.faces import PassFace
from service.settings import Settings
from service.store.wallets.google import ROOMY, SAFE_LENGTH, SAVE, GoogleSigner, length, save_link
from tests.conftest import NOW
from tests.faces import LIBRARY, MUSEUM, pass_face
from tests.wallet_keys import ACCOUNT, ISSUER, account_file, new_key

LINK = "https://biendao.example.vn/pass/" + "Zm9vYmFy" * 5
ID = re.compile(rf"{ISSUER}\.[A-Za-z0-9._-]+", re.ASCII)
NAME = "Triển lãm bản đồ và trưng bày tư liệu “Hoàng Sa, Trường Sa của Việt Nam – Những bằng chứng lịch sử”"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return new_key()


@pytest.fixture(scope="module")
def signer(key: RSAPrivateKey, tmp_path_factory: pytest.TempPathFactory) -> GoogleSigner:
    folder: Path = tmp_path_factory.mktemp("google")
    found = GoogleSigner.read(
        Settings(google_wallet_issuer=ISSUER, google_wallet_account=account_file(folder, key)),
    )
    assert found is not None
    return found


def linked(signer: GoogleSigner, room: int = ROOMY, face: PassFace | None = None, **changes: Any) -> str:
    return save_link(face or pass_face(**changes), signer=signer, link=LINK, now=NOW, room=room)


def opened(link: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of a link."""
    assert link.startswith(SAVE)
    header, payload, _ = link.removeprefix(SAVE).split(".")
    return tuple(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in (header, payload))


def parts(link: str) -> tuple[dict[str, Any], dict[str, Any]]:
    payload = opened(link)[1]["payload"]
    [ticket_class], [ticket] = payload["eventTicketClasses"], payload["eventTicketObjects"]
    return ticket_class, ticket


def test_the_signature_is_the_accounts_rs256(signer: GoogleSigner, key: RSAPrivateKey) -> None:
    link = linked(signer)
    assert opened(link)[0] == {"alg": "RS256", "typ": "JWT"}
    signed, _, signature = link.removeprefix(SAVE).rpartition(".")
    held = base64.urlsafe_b64decode(signature + "==")
    key.public_key().verify(held, signed.encode(), PKCS1v15(), SHA256())
    with pytest.raises(InvalidSignature):
        key.public_key().verify(held, signed.encode() + b"A", PKCS1v15(), SHA256())


def test_claims_are_those_of_a_save_link(signer: GoogleSigner) -> None:
    claims = opened(linked(signer))[1]
    assert {name: value for name, value in claims.items() if name != "payload"} == {
        "iss": ACCOUNT,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(NOW.timestamp()),
        "origins": ["https://biendao.example.vn"],
    }
    assert set(claims["payload"]) == {"eventTicketClasses", "eventTicketObjects"}


def test_the_card_says_everything_when_there_is_room(signer: GoogleSigner) -> None:
    face = pass_face()
    ticket_class, ticket = parts(linked(signer))
    assert ticket_class == {
        "id": ticket["classId"],
        "issuerName": "Sở Ngoại vụ Thành phố Hồ Chí Minh",
        "reviewStatus": "UNDER_REVIEW",
        "eventName": {
            "defaultValue": {"language": "vi", "value": face.event_vi},
            "translatedValues": [{"language": "en", "value": face.event_en}],
        },
        "venue": {
            "name": {
                "defaultValue": {"language": "vi", "value": MUSEUM.venue_vi},
                "translatedValues": [{"language": "en", "value": MUSEUM.venue_en}],
            },
            "address": {"defaultValue": {"language": "vi", "value": MUSEUM.address}},
        },
        "dateTime": {"start": "2026-11-23T08:00:00+07:00", "end": "2026-11-25T17:30:00+07:00"},
        "merchantLocations": [{"latitude": 10.788062, "longitude": 106.704702}],
    }
    assert ticket == {
        "id": f"{ISSUER}.7H3KX9QW2M",
        "classId": ticket_class["id"],
        "state": "ACTIVE",
        "ticketHolderName": "Đặng Thị Ngọc Ánh",
        "hexBackgroundColor": "#0A4F7A",
        "validTimeInterval": {
            "start": {"date": "2026-11-23T00:00:00+07:00"},
            "end": {"date": "2026-11-26T00:00:00+07:00"},
        },
        "barcode": {"type": "QR_CODE", "value": face.code, "alternateText": face.human_code},
        "ticketType": {
            "defaultValue": {"language": "vi", "value": "Báo chí"},
            "translatedValues": [{"language": "en", "value": "Press"}],
        },
        "textModulesData": [
            {"id": "zones", "header": "Khu vực · Zones", "body": "A, P"},
            {"id": "days", "header": "Ngày · Days", "body": "23–25/11/2026"},
            {"id": "outlet", "header": "Cơ quan · Organisation", "body": "Báo Tuổi Trẻ"},
        ],
        "linksModuleData": {"uris": [{"id": "pass", "uri": LINK, "description": "Trang thẻ · Pass page"}]},
    }


@pytest.mark.parametrize("serial", ["7H3KX9QW2M", "7H3 KX9/QW2M", "thẻ+1", "a.b_c-d"])
def test_ids_have_only_letters_that_google_takes(signer: GoogleSigner, serial: str) -> None:
    ticket_class, ticket = parts(linked(signer, serial=serial))
    assert all(ID.fullmatch(told) for told in (ticket_class["id"], ticket["id"], ticket["classId"]))


def test_passes_of_one_event_share_a_class(signer: GoogleSigner) -> None:
    one, other = parts(linked(signer)), parts(linked(signer, serial="OTHER00001", holder_name="Lê Văn Ếch"))
    assert one[0] == other[0]
    assert one[1]["id"] != other[1]["id"]


def test_a_class_that_tells_something_else_is_another_class(signer: GoogleSigner) -> None:
    told = (
        {},
        {"event_vi": "Triển lãm, đổi tên"},
        {"places": (LIBRARY,)},
        {"event_id": UUID(int=7)},
    )
    classes = [parts(linked(signer, **changes))[0] for changes in told]
    assert len({made["id"] for made in classes}) == len(told)
    assert all(len(made["id"]) == len(ISSUER) + 1 + 16 for made in classes)


def test_a_link_that_travels_stays_short(signer: GoogleSigner) -> None:
    link = linked(signer, room=SAFE_LENGTH)
    assert len(link) < SAFE_LENGTH
    ticket_class, ticket = parts(link)
    assert ticket_class["eventName"]["defaultValue"]["value"] == pass_face().event_vi
    assert set(ticket) >= {"barcode", "ticketHolderName", "validTimeInterval", "hexBackgroundColor", "state"}
    assert save_link(pass_face(), signer=signer, link=LINK, now=NOW) == link


def test_room_is_filled_with_the_most_useful_first(signer: GoogleSigner) -> None:
    lengths = [len(linked(signer, room=room)) for room in (SAFE_LENGTH, 2100, 2400, 2700, ROOMY)]
    assert lengths == sorted(set(lengths))
    assert all(made < room for made, room in zip(lengths, (SAFE_LENGTH, 2100, 2400, 2700, ROOMY), strict=True))
    ticket_class, ticket = parts(linked(signer, room=2100))
    assert "translatedValues" in ticket_class["eventName"]
    assert "linksModuleData" not in ticket


def test_long_names_are_told_whole_even_when_the_link_gets_longer(signer: GoogleSigner) -> None:
    link = linked(signer, room=SAFE_LENGTH, event_vi=NAME, organiser_vi="Ủy ban nhân dân Thành phố Hồ Chí Minh")
    ticket_class, ticket = parts(link)
    assert len(link) >= SAFE_LENGTH
    assert ticket_class["eventName"] == {"defaultValue": {"language": "vi", "value": NAME}}
    assert "ticketType" not in ticket


@pytest.mark.parametrize("room", [SAFE_LENGTH, ROOMY])
def test_the_length_is_told_without_signing(signer: GoogleSigner, room: int) -> None:
    link = linked(signer, room=room)
    assert length(opened(link)[1], signer) == len(link)


def test_two_places_and_a_group(signer: GoogleSigner) -> None:
    ticket_class, ticket = parts(linked(signer, places=(MUSEUM, LIBRARY), organisation_name=""))
    assert "venue" not in ticket_class
    assert ticket_class["dateTime"] == {"start": "2026-11-23T08:00:00+07:00", "end": "2026-11-27T23:59:59+07:00"}
    assert ticket_class["merchantLocations"] == [{"latitude": 10.788062, "longitude": 106.704702}]
    assert {"id": "venues", "header": "Địa điểm · Venues", "body": f"{MUSEUM.venue_vi}; {LIBRARY.venue_vi}"} in ticket[
        "textModulesData"
    ]
    assert [module["id"] for module in ticket["textModulesData"]] == ["zones", "venues", "days"]


def test_hours_of_the_pass_and_hours_over_midnight(signer: GoogleSigner) -> None:
    night = replace(MUSEUM, daily_from=time(18), daily_to=time(2))
    face = pass_face(
        places=(night,), valid_days=(date(2026, 11, 24),), daily_from=time(19), daily_to=time(21), event_en=""
    )
    ticket_class, ticket = parts(linked(signer, face=face))
    assert ticket_class["dateTime"]["end"] == "2026-11-25T23:59:59+07:00"
    assert "translatedValues" not in ticket_class["eventName"]
    assert ticket["textModulesData"][1]["body"] == "24/11/2026 · 19:00–21:00"
