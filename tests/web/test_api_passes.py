"""Passes and the keys that sign them, over the REST API."""

import asyncio
import io
from typing import Any
from uuid import UUID

import httpx
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from service.domain.accounts import Organisation, OrganisationKind, Role
from service.domain.audit import AuditEntry
from service.domain.codes import Claims
from service.domain.passes import EntryPass
from service.store import passes as store
from service.store import signing
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit
from tests import factories
from tests.conftest import NOW, PASSWORD, SECRET
from tests.factories import JSON, Headers, Stage
from tests.web.asking import counting

SOMEWHERE = "0198c0de-0000-7000-8000-000000000000"
GROUND = {"ground": "Thẻ bị báo mất", "authority": "Ban tổ chức"}


@pytest.fixture
async def stranger(client: httpx.AsyncClient, database: Database) -> Headers:
    """An administrator of another organisation."""
    async with database.transaction() as session:
        other = await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Sở Khác",
            name_en="Another Department",
            kind=OrganisationKind.DEPARTMENT,
            now=NOW,
        )
        await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="khac@example.vn",
            name="Người Khác",
            password=PASSWORD,
            grants=[(other.id, Role.ADMIN)],
            now=NOW,
        )
    answer = await client.post("/api/v1/token", data={"username": "khac@example.vn", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def granted(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> str:
    """An application that was approved for zones A and B."""
    journalist = await factories.register_journalist(client)
    made = await factories.apply(client, journalist["headers"], stage.event_id)
    body = {"to_state": "approved", "zones": ["B", "A"]}
    await factories.post(client, f"/applications/{made['id']}/decision", body, admin)
    return str(made["id"])


async def change(client: httpx.AsyncClient, headers: Headers, one: JSON, step: str) -> httpx.Response:
    return await client.post(f"/api/v1/passes/{one['id']}/{step}", json=GROUND, headers=headers)


async def found(client: httpx.AsyncClient, headers: Headers, stage: Stage, **query: Any) -> list[str]:
    answer = await client.get("/api/v1/passes", params={"event_id": stage.event_id} | query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [one["holder_name"] for one in answer.json()["items"]]


async def keys_of(client: httpx.AsyncClient, headers: Headers, stage: Stage) -> list[JSON]:
    return list((await client.get(f"/api/v1/events/{stage.event_id}/keys", headers=headers)).json())


async def published(client: httpx.AsyncClient) -> dict[str, JSON]:
    """The public keys by their kid."""
    return {key["kid"]: key for key in (await client.get("/.well-known/jwks.json")).json()["keys"]}


async def serial_of(client: httpx.AsyncClient, code: str) -> str | None:
    """What somebody learns from a code who has nothing but the published keys."""
    kid = signing.kid_of(code)
    known = await published(client)
    return signing.verified_serial(code, known[kid]) if kid in known else None


async def test_the_pass_of_an_application_is_issued_once(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    application = await granted(client, admin, stage)
    path = f"/api/v1/applications/{application}/pass"
    at_once = await asyncio.gather(*(client.post(path, headers=admin) for _ in range(4)))
    assert [answer.status_code for answer in at_once] == [201] * 4
    issued = (await client.post(path, headers=admin)).json()
    assert all(answer.json() == issued for answer in at_once)
    assert issued == {
        "id": issued["id"],
        "event_id": stage.event_id,
        "serial": issued["serial"],
        "application_id": application,
        "holder_name": "Nguyễn Thị Biển",
        "organisation_name": "Báo Sóng Xanh",
        "category": "press",
        "zones": ["A", "B"],
        "valid_from": "2026-11-19T17:00:00Z",
        "valid_until": "2026-11-27T17:00:00Z",
        "valid_days": None,
        "heads": 1,
        "attention": "",
        "state": "active",
        "state_ground": "",
        "state_authority": "",
        "state_at": "2026-11-23T02:00:00Z",
        "list_version": 1,
        "human_code": issued["human_code"],
        "issued_at": "2026-11-23T02:00:00Z",
        "code": issued["code"],
        "version": 1,
        "replaces_id": None,
        "native_name": "",
        "class_code": "",
        "daily_from": None,
        "daily_to": None,
        "badge": "none",
        "link": issued["link"],
    }
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(EntryPass)) == 1


async def test_what_was_not_granted_gets_no_pass(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    journalist = (await factories.register_journalist(client))["headers"]
    made = await factories.apply(client, journalist, stage.event_id)
    path = f"/applications/{made['id']}"
    for state in ("submitted", "in_review", "waitlisted", "rejected"):
        if state != "submitted":
            await factories.post(client, f"{path}/decision", {"to_state": state, "reason": "Hết chỗ."}, admin)
        answer = await client.post(f"/api/v1{path}/pass", headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move"), state


async def test_a_group_gets_one_pass(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    body = {
        "holder_name": "Trường THCS Hải Âu (cô  Mai)",
        "organisation_name": "Trường THCS Hải Âu",
        "category": "pupil",
        "zones": ["A", "A"],
        "valid_from": "2026-11-24T08:00:00+07:00",
        "valid_until": "2026-11-25T11:30:00+07:00",
        "valid_days": ["2026-11-25", "2026-11-24", "2026-11-24"],
        "heads": 40,
        "attention": "Một học sinh đi xe lăn.",
    }
    made = await factories.post(client, f"/events/{stage.event_id}/passes", body, admin)
    told = {
        "holder_name": "Trường THCS Hải Âu (cô Mai)",
        "zones": ["A"],
        "valid_from": "2026-11-24T01:00:00Z",
        "valid_until": "2026-11-25T04:30:00Z",
        "valid_days": ["2026-11-24", "2026-11-25"],
        "heads": 40,
        "attention": "Một học sinh đi xe lăn.",
        "application_id": None,
    }
    assert {name: made[name] for name in told} == told
    assert (await client.get(f"/api/v1/passes/{made['id']}", headers=admin)).json() == made


WRONG: list[tuple[JSON, str]] = [
    ({"zones": ["A", "Z"]}, "/zones"),
    ({"zones": []}, "/zones"),
    ({"zones": ["a"]}, "/zones/0"),
    ({"zones": ["A"] * 51}, "/zones"),
    ({"valid_from": "2026-11-25T00:00:00Z", "valid_until": "2026-11-24T00:00:00Z"}, "/valid_until"),
    ({"valid_from": "2026-11-25T00:00:00Z", "valid_until": "2026-11-25T07:00:00+07:00"}, "/valid_until"),
    ({"valid_from": "2026-11-25T00:00:00"}, "/valid_from"),
    ({"valid_from": "1969-12-31T00:00:00Z"}, "/valid_from"),
    ({"valid_until": "2199-01-01T00:00:00Z"}, "/valid_until"),
    ({"valid_until": "9999-12-31T23:59:59-12:00"}, "/valid_until"),
    ({"valid_days": []}, "/valid_days"),
    ({"valid_days": ["2026-12-24"]}, "/valid_days"),
    ({"valid_days": ["9999-12-31"]}, "/valid_days/0"),
    ({"valid_days": ["0001-01-01"]}, "/valid_days/0"),
    ({"category": "press"}, "/category"),
    ({"category": "spy"}, "/category"),
    ({"heads": 0}, "/heads"),
    ({"heads": 1001}, "/heads"),
    ({"heads": 1.5}, "/heads"),
    ({"holder_name": "\u200b"}, "/holder_name"),
    ({"attention": "VIP\0"}, "/attention"),
    ({"serial": "0000000000"}, "/serial"),
]


async def test_a_wrong_wish_is_pointed_at_and_keeps_nothing(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    for changes, pointer in WRONG:
        body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": ["A"]} | changes
        answer = await client.post(f"/api/v1/events/{stage.event_id}/passes", json=body, headers=admin)
        assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), changes
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(EntryPass)) == 0


async def test_zones_that_no_badge_can_show_are_refused(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    codes = [f"KV{number}" for number in range(4)]
    for code in codes:
        await factories.make_zone(client, admin, stage.occurrence_id, code=code)
    body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": codes}
    answer = await client.post(f"/api/v1/events/{stage.event_id}/passes", json=body, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/zones")
    assert "fewer or shorter zone codes" in answer.json()["detail"]
    assert (await factories.issue_pass(client, admin, stage.event_id, *codes[:3]))["zones"] == codes[:3]


async def test_an_event_without_a_showing_has_no_passes(
    client: httpx.AsyncClient, admin: Headers, organisation: Organisation
) -> None:
    event = await factories.make_event(client, admin, organisation, state="open")
    body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": ["A"]}
    answer = await client.post(f"/api/v1/events/{event['id']}/passes", json=body, headers=admin)
    assert answer.status_code == 422
    unknown = await client.post(f"/api/v1/events/{SOMEWHERE}/passes", json=body, headers=admin)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


async def test_passes_are_found_by_name_and_by_what_stands_under_the_code(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    names = ["Đặng Thùy Trâm", "Trần Hải Yến", "Lê Ô-Lô 100%"]
    made = [
        await factories.issue_pass(client, admin, stage.event_id, holder_name=name, organisation_name=organisation)
        for name, organisation in zip(names, ("Đoàn Ví Dụ", "Hội Mẫu", ""), strict=True)
    ]
    assert await found(client, admin, stage) == names
    for q, expected in (
        ("dang thuy", names[:1]),
        ("ĐẶNG", names[:1]),
        ("doan vi du", names[:1]),
        ("hội mẫu", names[1:2]),
        ("%", names[2:]),
        ("_", []),
        ("\\", []),
        ("không ai", []),
    ):
        assert await found(client, admin, stage, q=q) == expected, q
    # Codes whose letters are mixed up with 0 and 1 are rare: this one is written into the row.
    async with database.transaction() as session:
        row = await session.get_one(EntryPass, UUID(made[1]["id"]))
        row.human_code = "0000000000"
    for q in ("0000000000", "ooooooOOOO", "OOOOO-00000", " oo oo oo oo oo ", made[1]["serial"].lower()):
        assert await found(client, admin, stage, q=q) == names[1:2], q
    assert await found(client, admin, stage, q="0000000001") == []
    refused = await client.get("/api/v1/passes", params={"event_id": stage.event_id, "q": "\0"}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


async def test_the_list_is_narrowed_and_turned_page_by_page(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    names = [f"Người Thử {number}" for number in range(3)]
    made = [
        await factories.issue_pass(client, admin, stage.event_id, holder_name=name, category=category)
        for name, category in zip(names, ("guest", "delegate", "staff"), strict=True)
    ]
    assert (await change(client, admin, made[0], "revoke")).status_code == 200
    assert await found(client, admin, stage, state="revoked") == names[:1]
    assert await found(client, admin, stage, state="active", category="staff") == names[2:]
    path, query = "/api/v1/passes", {"event_id": stage.event_id, "limit": "2"}
    first = (await client.get(path, params=query, headers=admin)).json()
    second = (await client.get(path, params=query | {"cursor": first["next"]}, headers=admin)).json()
    assert [one["holder_name"] for one in first["items"] + second["items"]] == names
    assert second["next"] is None
    assert "code" not in first["items"][0]
    async with counting(client) as one_row:
        await client.get(path, params=query | {"limit": "1"}, headers=admin)
    async with counting(client) as three_rows:
        await client.get(path, params=query | {"limit": "3"}, headers=admin)
    assert len(one_row) == len(three_rows)
    async with database.session() as session:
        entries = list(await session.scalars(select(AuditEntry).where(col(AuditEntry.action) == "viewed")))
    assert {(entry.noun, str(entry.object_id)) for entry in entries} == {("passes", stage.event_id)}


async def test_a_pass_is_suspended_resumed_and_revoked(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    row = {name: value for name, value in one.items() if name not in ("code", "link")}
    ended = {"state_ground": "Thẻ bị báo mất", "state_authority": "Ban tổ chức"}
    early = await change(client, admin, one, "resume")
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
    for step, expected in (
        ("suspend", {"state": "suspended", "list_version": 2} | ended),
        ("resume", {"state": "active", "list_version": 3}),
        ("suspend", {"state": "suspended", "list_version": 4} | ended),
        ("revoke", {"state": "revoked", "list_version": 5} | ended),
    ):
        answer = await change(client, admin, one, step)
        assert (answer.status_code, answer.json()) == (200, row | expected)
    for step in ("revoke", "suspend", "resume", "replace"):
        answer = await change(client, admin, one, step)
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    assert (await client.get(f"/api/v1/passes/{one['id']}", headers=admin)).json() == one | {
        "state": "revoked",
        "list_version": 5,
        **ended,
    }


async def test_a_pass_is_revoked_once(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    answers = await asyncio.gather(*(change(client, admin, one, "revoke") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]


async def test_a_pass_ends_for_a_reason(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    for body in ({}, {"ground": ""}, {"ground": " "}, {"ground": "x\0"}, {"ground": "x", "by": "me"}):
        for step in ("revoke", "suspend", "replace"):
            answer = await client.post(f"/api/v1/passes/{one['id']}/{step}", json=body, headers=admin)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), body
    assert (await client.get(f"/api/v1/passes/{one['id']}", headers=admin)).json() == one


async def test_a_replaced_pass_has_one_heir(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    application = await granted(client, admin, stage)
    old = await factories.post(client, f"/applications/{application}/pass", {}, admin)
    answers = await asyncio.gather(*(change(client, admin, old, "replace") for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    (new,) = (answer.json() for answer in answers if answer.status_code == 201)
    own = ("id", "serial", "code", "human_code", "list_version", "version", "replaces_id", "link")
    assert (new["version"], new["replaces_id"]) == (2, old["id"])
    assert {name: new[name] for name in new if name not in own} == {name: old[name] for name in old if name not in own}
    assert all(new[name] != old[name] for name in own)
    seen = (await client.get(f"/api/v1/passes/{old['id']}", headers=admin)).json()
    assert (seen["state"], seen["state_ground"], seen["state_authority"]) == ("replaced", *GROUND.values())
    again = await factories.post(client, f"/applications/{application}/pass", {}, admin)
    assert again == new


async def test_codes_are_drawn(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id, "A", "B")
    path = f"/api/v1/passes/{one['id']}"
    drawing = await client.get(f"{path}/qr.svg", headers=admin)
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert 'viewBox="0 0 65 65"' in drawing.text
    for size, side in ((None, 520), (65, 65), (354, 325), (2000, 1950)):
        picture = await client.get(f"{path}/qr.png", params={} if size is None else {"size": size}, headers=admin)
        assert picture.headers["content-type"] == "image/png"
        image = Image.open(io.BytesIO(picture.content))
        assert image.size == (side, side)
        if side > 65:
            (read,) = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
            assert read.text == one["code"]
    assert picture.headers["cache-control"] == drawing.headers["cache-control"] == "private, no-store"
    for size in ("64", "2001", "big"):
        wrong = await client.get(f"{path}/qr.png", params={"size": size}, headers=admin)
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/query/size")


async def test_rotation_keeps_old_passes(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    old = await factories.issue_pass(client, admin, stage.event_id)
    (first,) = await keys_of(client, admin, stage)
    assert first == {
        "id": first["id"],
        "event_id": stage.event_id,
        "kid": signing.kid_of(old["code"]),
        "state": "active",
        "created_at": "2026-11-23T02:00:00Z",
        "struck_at": None,
    }
    rotated = await factories.post(client, f"/events/{stage.event_id}/keys/rotate", {}, admin)
    assert await keys_of(client, admin, stage) == [first | {"state": "retired"}, rotated]
    new = await factories.issue_pass(client, admin, stage.event_id)
    assert (signing.kid_of(new["code"]), rotated["state"]) == (rotated["kid"], "active")
    assert set(await published(client)) == {first["kid"], rotated["kid"]}
    assert [await serial_of(client, one["code"]) for one in (old, new)] == [old["serial"], new["serial"]]


async def test_keys_turn_once_however_many_ask(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    path = f"/api/v1/events/{stage.event_id}"
    body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": ["A"]}
    answers = await asyncio.gather(
        *(client.post(f"{path}/keys/rotate", headers=admin) for _ in range(3)),
        *(client.post(f"{path}/passes", json=body, headers=admin) for _ in range(5)),
    )
    assert [answer.status_code for answer in answers] == [201] * 8
    assert sorted(key["state"] for key in await keys_of(client, admin, stage)).count("active") == 1
    for answer in answers[3:]:
        assert await serial_of(client, answer.json()["code"]) == answer.json()["serial"]


async def test_striking_says_the_number_first(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    living, suspended, revoked = [await factories.issue_pass(client, admin, stage.event_id) for _ in range(3)]
    await change(client, admin, suspended, "suspend")
    await change(client, admin, revoked, "revoke")
    (key,) = await keys_of(client, admin, stage)
    path = f"/api/v1/keys/{key['id']}/strike"
    asked = await client.post(path, json={"reason": "Khóa bị lộ"}, headers=admin)
    assert (asked.status_code, asked.json()) == (200, {"key": key, "passes": 2, "struck": False})
    assert await keys_of(client, admin, stage) == [key]
    assert await serial_of(client, living["code"]) == living["serial"]
    done = await client.post(path, json={"reason": "Khóa bị lộ", "confirm": True}, headers=admin)
    struck = key | {"state": "struck", "struck_at": "2026-11-23T02:00:00Z"}
    assert (done.status_code, done.json()) == (200, {"key": struck, "passes": 2, "struck": True})
    (_, successor) = await keys_of(client, admin, stage)
    assert await keys_of(client, admin, stage) == [struck, successor]
    assert set(await published(client)) == {successor["kid"]}
    ended = (await client.get(f"/api/v1/passes/{living['id']}", headers=admin)).json()
    assert (ended["state"], ended["state_ground"], ended["list_version"]) == ("revoked", "Khóa bị lộ", 6)
    again = await client.post(path, json={"reason": "Khóa bị lộ", "confirm": True}, headers=admin)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    unknown = await client.post(f"/api/v1/keys/{SOMEWHERE}/strike", json={"reason": "Khóa"}, headers=admin)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    # A new key signs, and who had a good pass gets a new one; who was suspended was so for another reason.
    assert await factories.post(client, f"/keys/{key['id']}/reissue", {}, admin) == {"issued": 1}
    assert await factories.post(client, f"/keys/{key['id']}/reissue", {}, admin) == {"issued": 0}
    rows = (await client.get("/api/v1/passes", params={"event_id": stage.event_id}, headers=admin)).json()["items"]
    (heir,) = [row for row in rows if row["replaces_id"] == living["id"]]
    heir = (await client.get(f"/api/v1/passes/{heir['id']}", headers=admin)).json()
    assert (successor["state"], signing.kid_of(heir["code"])) == ("active", successor["kid"])
    assert await serial_of(client, heir["code"]) == heir["serial"]
    assert heir["list_version"] == 7
    early = await client.post(f"/api/v1/keys/{successor['id']}/reissue", headers=admin)
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")


async def test_a_key_is_not_struck_under_passes_that_are_being_signed(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    """Else a pass would be born dead, and not counted among those that die."""
    await factories.issue_pass(client, admin, stage.event_id)
    (key,) = await keys_of(client, admin, stage)
    async with database.session() as signing_now, database.session() as striking:
        assert await store.find_active_key(signing_now, UUID(stage.event_id)) is not None
        await (await striking.connection()).exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(DBAPIError, match="lock timeout"):
            await store.lock_key(striking, UUID(key["id"]))


async def test_published_keys_are_public_and_can_be_kept(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    # The event is open, so its key is there before the first pass.
    one_key = await client.get("/.well-known/jwks.json")
    assert len(one_key.json()["keys"]) == 1
    rotated = await factories.post(client, f"/events/{stage.event_id}/keys/rotate", {}, admin)
    answer = await client.get("/.well-known/jwks.json")
    assert [one["kid"] for one in answer.json()["keys"]] == [one_key.json()["keys"][0]["kid"], rotated["kid"]]
    key = answer.json()["keys"][1]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    tag = answer.headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        kept = await client.get("/.well-known/jwks.json", headers={"If-None-Match": sent})
        assert (kept.status_code, kept.content, kept.headers["etag"]) == (304, b"", tag)
    for sent in (one_key.headers["etag"], '"other"', ""):
        assert (await client.get("/.well-known/jwks.json", headers={"If-None-Match": sent})).status_code == 200
    await factories.post(client, f"/events/{stage.event_id}/keys/rotate", {}, admin)
    changed = await client.get("/.well-known/jwks.json", headers={"If-None-Match": tag})
    assert (changed.status_code, len(changed.json()["keys"])) == (200, 3)


async def test_a_code_that_somebody_else_signed_proves_nothing(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    kid, _, sealed = signing.new_key(Vault(SECRET))
    claims = Claims(one["serial"], ("A", "B"), NOW, NOW.replace(year=2027))
    ours = signing.kid_of(one["code"])
    assert ours is not None
    assert await serial_of(client, signing.sign(claims, kid=kid, sealed=sealed, vault=Vault(SECRET))) is None
    assert await serial_of(client, signing.sign(claims, kid=ours, sealed=sealed, vault=Vault(SECRET))) is None


async def test_permission_of_another_organisation_reaches_nothing(
    client: httpx.AsyncClient, admin: Headers, stranger: Headers, stage: Stage
) -> None:
    application = await granted(client, admin, stage)
    one = await factories.post(client, f"/applications/{application}/pass", {}, admin)
    (key,) = await keys_of(client, admin, stage)
    body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": ["A"]}
    asked: list[tuple[str, str, JSON | None]] = [
        ("GET", f"/passes?event_id={stage.event_id}", None),
        ("GET", f"/passes/{one['id']}", None),
        ("GET", f"/passes/{one['id']}/qr.svg", None),
        ("GET", f"/passes/{one['id']}/qr.png", None),
        ("POST", f"/events/{stage.event_id}/passes", body),
        ("POST", f"/applications/{application}/pass", None),
        *[("POST", f"/passes/{one['id']}/{step}", GROUND) for step in ("revoke", "suspend", "resume", "replace")],
        ("GET", f"/events/{stage.event_id}/keys", None),
        ("POST", f"/events/{stage.event_id}/keys/rotate", None),
        ("POST", f"/keys/{key['id']}/strike", {"reason": "Khóa bị lộ", "confirm": True}),
    ]
    for method, path, sent in asked:
        answer = await client.request(method, f"/api/v1{path}", json=sent, headers=stranger)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (method, path)
    assert (await client.get(f"/api/v1/passes/{one['id']}", headers=admin)).json() == one
    assert await keys_of(client, admin, stage) == [key]


async def test_what_does_not_exist_is_not_found(client: httpx.AsyncClient, admin: Headers) -> None:
    answers = [
        *[await client.get(f"/api/v1/passes/{SOMEWHERE}{end}", headers=admin) for end in ("", "/qr.svg", "/qr.png")],
        *[await change(client, admin, {"id": SOMEWHERE}, step) for step in ("revoke", "suspend", "resume", "replace")],
        await client.get(f"/api/v1/passes?event_id={SOMEWHERE}", headers=admin),
        await client.post(f"/api/v1/applications/{SOMEWHERE}/pass", headers=admin),
        await client.get(f"/api/v1/events/{SOMEWHERE}/keys", headers=admin),
        await client.post(f"/api/v1/events/{SOMEWHERE}/keys/rotate", headers=admin),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
