"""Rule sets, the accreditation of an event, outlets, standing accreditations and allocations over REST."""

import copy
import hashlib
from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from service.domain.accreditation.packaged import packaged_rules
from tests import factories
from tests.conftest import SignInAs
from tests.factories import Headers, Stage

JSON = dict[str, Any]


@pytest.fixture
def staged(pressed: tuple[Headers, Stage]) -> tuple[Headers, Stage]:
    return pressed


async def ask(client: httpx.AsyncClient, headers: Headers, path: str, **query: Any) -> JSON:
    answer = await client.get(f"/api/v1{path}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: JSON = answer.json()
    return found


# Rules ----------------------------------------------------------------------------------------------------------


async def test_a_new_version_stands_beside_the_one_that_it_was_made_from(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    (first,) = await ask(client, admin, "/rule-sets")
    assert (first["code"], first["version"], "one_day" in first["classes"]) == ("vn-press", 1, True)
    body = copy.deepcopy(packaged_rules())
    body["classes"][0]["retention_days"] = 30
    sent = {"based_on": 1, "note": "Rút ngắn thời gian lưu giữ.", "body": body}
    made = await client.post("/api/v1/rule-sets/vn-press", json=sent, headers=admin)
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert [one["version"] for one in await ask(client, admin, "/rule-sets/vn-press")] == [2, 1]
    old, new = [await ask(client, admin, f"/rule-sets/vn-press/{version}") for version in (1, 2)]
    assert old["body"] == packaged_rules()
    assert new["body"]["classes"][0]["retention_days"] == 30
    overtaken = await client.post("/api/v1/rule-sets/vn-press", json=sent, headers=admin)
    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "changed_meanwhile")


async def test_what_is_wrong_with_rules_is_told_by_place(client: httpx.AsyncClient, admin: Headers) -> None:
    await ask(client, admin, "/rule-sets")
    body = copy.deepcopy(packaged_rules())
    body["classes"][1]["asks"][0]["code"] = "religion"
    refused = await client.post("/api/v1/rule-sets/vn-press", json={"based_on": 1, "body": body}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (422, "rules_invalid")
    assert refused.json()["errors"][0]["pointer"].startswith("/classes/1/asks/0")


async def test_rules_are_changed_by_whoever_may_everywhere(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    organiser = await sign_in_as(Role.ORGANISER)
    await ask(client, organiser, "/rule-sets")
    sent = {"based_on": 1, "body": packaged_rules()}
    refused = await client.post("/api/v1/rule-sets/vn-press", json=sent, headers=organiser)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await client.get("/api/v1/rule-sets/no-such", headers=organiser)).status_code == 404


async def test_an_accreditation_is_opened_with_somebody_in_every_seat(
    client: httpx.AsyncClient, admin: Headers, organisation: Organisation, stage: Stage
) -> None:
    path = f"/api/v1/events/{stage.event_id}/accreditation"
    found = await ask(client, admin, f"/events/{stage.event_id}/accreditation")
    assert [(one["code"], one["cap"]) for one in found["classes"]] == [("one_day", None)]
    assert [(one["authority"], one["organisation"]["id"]) for one in found["acting"]] == [
        ("press_management", str(organisation.id))
    ]
    acting = {"press_management": {"organisation_id": str(organisation.id)}}
    wish = {
        "rule_set_id": found["rule_set_id"],
        "classes": ["one_day", "domestic"],
        "acting": acting,
        "caps": {"": 9, "one_day": 4},
        "closes_at": "2099-11-20T00:00:00+07:00",
    }
    refused = await client.put(path, json=wish, headers=admin)
    assert [one["pointer"] for one in refused.json()["errors"]] == ["/acting/host", "/acting/security"]
    wish["acting"] = acting | dict.fromkeys(("host", "security"), acting["press_management"])
    changed = await client.put(path, json=wish, headers=admin)
    assert (changed.status_code, changed.json()["cap"]) == (200, 9)
    assert [(one["code"], one["cap"]) for one in changed.json()["classes"]] == [("one_day", 4), ("domestic", None)]
    # The seed of the draw stays as it was promised.
    assert changed.json()["draw_commitment"] == found["draw_commitment"]


async def test_without_an_accreditation_there_is_none_to_see(
    client: httpx.AsyncClient, admin: Headers, organisation: Organisation
) -> None:
    event = await factories.make_event(client, admin, organisation)
    answer = await client.get(f"/api/v1/events/{event['id']}/accreditation", headers=admin)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Allocations ----------------------------------------------------------------------------------------------------


async def test_places_are_shared_out_as_foreseen_and_can_be_drawn_again(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, organisation: Organisation
) -> None:
    for number in range(3):
        outlet = {"name": f"Báo Thử {number}", "kind": "print", "country": "VN"}
        person = await factories.register_journalist(client, number, outlet=outlet)
        await factories.send_in(client, person["headers"], stage.event_id)
    path = f"/events/{stage.event_id}/accreditation"
    plan = await ask(client, admin, path)
    wish = {
        "rule_set_id": plan["rule_set_id"],
        "classes": ["one_day"],
        "acting": {"press_management": {"organisation_id": str(organisation.id)}},
        "caps": {"": 2},
        "closes_at": "2099-11-20T00:00:00+07:00",
    }
    await client.put(f"/api/v1{path}", json=wish, headers=admin)
    pending = await ask(client, admin, f"/events/{stage.event_id}/allocations/dry-run")
    assert (pending["candidates"], {one["why"] for one in pending["left_out"]}) == ([], {"pending"})
    made = await factories.allocate(client, admin, stage.event_id)
    assert hashlib.sha256(made["seed"].encode()).hexdigest() == plan["draw_commitment"]
    places = [(one["rank"], one["place"]) for one in made["ranking"]]
    assert places == [(1, "granted"), (2, "granted"), (3, "cap_full")]
    assert (await ask(client, admin, f"/allocations/{made['id']}"))["ranking"] == made["ranking"]
    (row,) = await ask(client, admin, f"/events/{stage.event_id}/allocations")
    assert row["id"] == made["id"]
    assert (await ask(client, admin, path))["draw_commitment"] != plan["draw_commitment"]
    states = [one["state"] for one in (await ask(client, admin, f"/events/{stage.event_id}/applications"))["items"]]
    assert sorted(states) == ["approved", "approved", "waitlisted"]
    body = {"criteria": [], "mark": "0" * 64}
    overtaken = await client.post(f"/api/v1/events/{stage.event_id}/allocations", json=body, headers=admin)
    assert (overtaken.status_code, overtaken.json()["code"]) == (409, "changed_meanwhile")


# Outlets and standing accreditations ----------------------------------------------------------------------------


async def test_outlets_are_found_by_all_their_names_and_become_one(client: httpx.AsyncClient, admin: Headers) -> None:
    outlets = []
    for number, name in enumerate(("Báo Sóng Xanh", "Sóng Xanh Online")):
        await factories.register_journalist(
            client, number, outlet={"name": name, "kind": "online", "country": "VN"}, full_name=f"Nguyễn Văn {number}"
        )
        outlets += (await ask(client, admin, "/outlets", q=name))["items"]
    keeper, doubled = (one["id"] for one in outlets)
    wish = {"name": "Tạp chí Sóng Xanh", "kind": "magazine", "country": "VN", "languages": ["vi"]}
    changed = await client.put(f"/api/v1/outlets/{keeper}", json=wish, headers=admin)
    assert (changed.json()["name"], changed.json()["kind"]) == ("Tạp chí Sóng Xanh", "magazine")
    known = await client.post(f"/api/v1/outlets/{keeper}/aliases", json={"name": "sóng xanh online"}, headers=admin)
    assert (known.status_code, known.json()["code"]) == (409, "already_exists")
    tried = await factories.post(client, f"/outlets/{doubled}/merge", {"into_id": keeper, "preview": True}, admin)
    moved = await factories.post(client, f"/outlets/{doubled}/merge", {"into_id": keeper}, admin)
    assert tried == moved
    assert moved["people"] == 1
    found = await ask(client, admin, f"/outlets/{keeper}")
    assert {one["name"] for one in found["aliases"]} == {"Báo Sóng Xanh", "Sóng Xanh Online"}
    assert sorted(one["full_name"] for one in found["people"]) == ["Nguyễn Văn 0", "Nguyễn Văn 1"]
    assert (await ask(client, admin, f"/outlets/{doubled}"))["merged_into_id"] == keeper
    alias = next(one["id"] for one in found["aliases"] if one["name"] == "Báo Sóng Xanh")
    assert (await client.delete(f"/api/v1/outlets/{keeper}/aliases/{alias}", headers=admin)).status_code == 204


async def test_a_standing_accreditation_is_given_for_a_year_confirmed_and_ended(
    client: httpx.AsyncClient, admin: Headers, organisation: Organisation, stage: Stage
) -> None:
    person = await factories.register_journalist(client)
    give = {
        "organisation_id": str(organisation.id),
        "journalist_id": person["id"],
        "class_code": "domestic",
        "valid_from": "2026-11-01",
        "valid_until": "2027-10-31",
        "ground": "Đưa tin thường xuyên.",
    }
    made = await factories.post(client, "/standing-accreditations", give, admin)
    twice = await client.post("/api/v1/standing-accreditations", json=give, headers=admin)
    assert (twice.status_code, twice.json()["code"]) == (409, "already_exists")
    (row,) = (await ask(client, admin, "/standing-accreditations", holds=True))["items"]
    assert (row["id"], row["full_name"], row["outlet_name"]) == (made["id"], "Nguyễn Thị Biển", "Báo Sóng Xanh")
    wish = {"media_role": "writer", "zones_wanted": ["A"]}
    confirm = f"/api/v1/press/events/{stage.event_id}/confirm"
    closed = await client.post(confirm, json=wish, headers=person["headers"])
    assert (closed.status_code, closed.json()["code"]) == (409, "closed")
    await open_domestic(client, admin, stage, organisation)
    confirmed = await client.post(confirm, json=wish, headers=person["headers"])
    assert (confirmed.status_code, confirmed.json()["state"]) == (201, "submitted")
    seen = await ask(client, admin, f"/applications/{confirmed.json()['id']}")
    assert (seen["outcome"], seen["reviews"]) == ("passed", [])
    ended = await factories.post(
        client, f"/standing-accreditations/{made['id']}/end", {"ground": "Chuyển cơ quan."}, admin
    )
    assert (ended["ended_at"], ended["end_ground"]) == ("2026-11-23T02:00:00Z", "Chuyển cơ quan.")
    assert (await ask(client, admin, "/standing-accreditations", holds=True))["items"] == []
    unknown = await client.post(f"/api/v1/standing-accreditations/{uuid4()}/end", json={"ground": "x"}, headers=admin)
    assert unknown.status_code == 404


async def open_domestic(client: httpx.AsyncClient, headers: Headers, stage: Stage, organisation: Organisation) -> None:
    """The event takes domestic applications too."""
    path = f"/events/{stage.event_id}/accreditation"
    plan = await ask(client, headers, path)
    seats = ("press_management", "host", "security")
    wish = {
        "rule_set_id": plan["rule_set_id"],
        "classes": ["one_day", "domestic"],
        "acting": {code: {"organisation_id": str(organisation.id)} for code in seats},
        "closes_at": "2099-11-20T00:00:00+07:00",
    }
    assert (await client.put(f"/api/v1{path}", json=wish, headers=headers)).status_code == 200


async def test_what_no_database_can_keep_is_refused(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, organisation: Organisation
) -> None:
    body = copy.deepcopy(packaged_rules())
    body["name"]["en"] = "Rules\x00"
    refused = await client.post("/api/v1/rule-sets/vn-press", json={"based_on": 1, "body": body}, headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (422, "rules_invalid")
    plan = await ask(client, admin, f"/events/{stage.event_id}/accreditation")
    seat = {"organisation_id": str(organisation.id)}
    for code in ("a" * 41, "not\x00this", "Not This"):
        wish = {
            "rule_set_id": plan["rule_set_id"],
            "classes": ["one_day"],
            "acting": {"press_management": seat, code: seat},
            "closes_at": "2099-11-20T00:00:00+07:00",
        }
        answer = await client.put(f"/api/v1/events/{stage.event_id}/accreditation", json=wish, headers=admin)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
