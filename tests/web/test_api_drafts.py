"""The journalists' REST of applications by class: written in pieces, sent in when whole, changed, appealed against."""

from typing import Any

import httpx
import pytest

from tests import factories
from tests.factories import Headers, Stage

JSON = dict[str, Any]
PRESS = "/api/v1/press"


@pytest.fixture
def staged(pressed: tuple[Headers, Stage]) -> tuple[Headers, Stage]:
    return pressed


@pytest.fixture
async def journalist(client: httpx.AsyncClient) -> Headers:
    return dict((await factories.register_journalist(client))["headers"])


async def test_an_event_says_what_it_asks_who_looks_and_until_when_to_apply(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    told = (await client.get(f"{PRESS}/events/{stage.event_id}/accreditation", headers=journalist)).json()
    (one_day,) = told["classes"]
    assert (one_day["code"], one_day["press_card"], one_day["days"]) == ("one_day", "required", 1)
    assert {(one["code"], one["required"]) for one in one_day["asks"]} == {
        ("days_wanted", True),
        ("assignment", False),
        ("file:portrait", True),
        ("file:press_card", True),
    }
    assert [(one["code"], one["days"]) for one in one_day["authorities"]] == [("press_management", 1)]
    assert "file:press_card" in one_day["authorities"][0]["sees"]
    assert len(told["draw_commitment"]) == 64


async def test_a_draft_is_found_again_and_written_in_pieces(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    first, again = [await factories.begin(client, journalist, stage.event_id) for _ in range(2)]
    assert (first["id"], first["state"], first["version"]) == (again["id"], "draft", 1)
    assert first["missing"] == ["days_wanted", "zones_wanted", "file:portrait", "file:press_card"]
    path = f"{PRESS}/applications/{first['id']}"
    body = {"version": 1, "zones_wanted": ["B"], "media_role": "photographer"}
    written = (await client.patch(path, json=body, headers=journalist)).json()
    assert (written["version"], written["zones_wanted"], written["media_role"]) == (2, ["B"], "photographer")
    assert written["missing"] == ["days_wanted", "file:portrait", "file:press_card"]
    assert (await client.get(f"{path}/written", headers=journalist)).json() == written
    # The list of one's own applications holds drafts, which have no step yet.
    (own,) = (await client.get(f"{PRESS}/applications", headers=journalist)).json()
    assert (own["id"], own["state"], own["history"]) == (first["id"], "draft", [])


async def test_of_two_windows_only_the_first_saves(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    draft = await factories.begin(client, journalist, stage.event_id)
    path = f"{PRESS}/applications/{draft['id']}"
    first = await client.patch(path, json={"version": 1, "note": "Cửa sổ một"}, headers=journalist)
    second = await client.patch(path, json={"version": 1, "note": "Cửa sổ hai"}, headers=journalist)
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    assert (await client.get(f"{path}/written", headers=journalist)).json()["note"] == "Cửa sổ một"


async def test_answers_that_cannot_be_kept_are_named_one_by_one(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    draft = await factories.begin(client, journalist, stage.event_id)
    answers = {"birth_year": "năm nay", "days_wanted": ["hôm nào cũng được"], "shoe_size": "42"}
    path = f"{PRESS}/applications/{draft['id']}"
    refused = await client.patch(path, json={"version": 1, "answers": answers}, headers=journalist)
    assert refused.status_code == 422
    assert {(one["pointer"], one["code"]) for one in refused.json()["errors"]} == {
        ("/answers/birth_year", "not_a_year"),
        ("/answers/days_wanted", "not_a_day"),
        ("/answers/shoe_size", "invalid"),
    }


async def test_what_is_missing_is_named_and_sent_twice_is_sent_once(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    draft = await factories.begin(client, journalist, stage.event_id)
    path = f"{PRESS}/applications/{draft['id']}"
    refused = await client.post(f"{path}/submit", json={"version": 1}, headers=journalist)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_complete")
    assert [one["pointer"] for one in refused.json()["errors"]] == [f"/{code}" for code in draft["missing"]]
    sent = await factories.send_in(client, journalist, stage.event_id)
    assert (sent["state"], sent["missing"], sent["writable"]) == ("submitted", [], True)
    again = await client.post(f"{path}/submit", json={"version": sent["version"]}, headers=journalist)
    assert (again.status_code, again.json()["version"]) == (200, sent["version"])
    (own,) = (await client.get(f"{PRESS}/applications", headers=journalist)).json()
    assert [step["to_state"] for step in own["history"]] == ["submitted"]


async def test_files_are_made_anew_replaced_and_removed(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    draft = await factories.begin(client, journalist, stage.event_id)
    path = f"{PRESS}/applications/{draft['id']}/files"
    kind = {**journalist, "Content-Type": "image/jpeg"}
    kept = await client.put(f"{path}/portrait?name=Ảnh của tôi.JPG", content=factories.picture(900, 1200), headers=kind)
    assert (kept.status_code, kept.json()["kind"], kept.json()["media_type"]) == (200, "portrait", "image/jpeg")
    opened = await client.get(f"{path}/portrait", headers=journalist)
    assert (opened.content[:2], opened.headers["content-type"]) == (b"\xff\xd8", "image/jpeg")
    assert opened.headers["cache-control"] == "no-store"
    refused = await client.put(f"{path}/press_card", content=b"<svg onload='x'/>", headers=kind)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_refused")
    other = await client.put(f"{path}/passport", content=factories.picture(), headers=kind)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "/file:passport")
    assert (await client.delete(f"{path}/portrait", headers=journalist)).status_code == 204
    assert (await client.get(f"{path}/portrait", headers=journalist)).status_code == 404


async def test_another_journalist_finds_nothing(client: httpx.AsyncClient, stage: Stage, journalist: Headers) -> None:
    sent = await factories.send_in(client, journalist, stage.event_id)
    stranger = (await factories.register_journalist(client, 2))["headers"]
    path = f"{PRESS}/applications/{sent['id']}"
    asked = [
        await client.get(f"{path}/written", headers=stranger),
        await client.get(f"{path}/files/portrait", headers=stranger),
        await client.patch(path, json={"version": sent["version"], "note": "x"}, headers=stranger),
        await client.post(f"{path}/submit", json={"version": sent["version"]}, headers=stranger),
        await client.post(f"{path}/appeal", json={"text": "x"}, headers=stranger),
        await client.delete(f"{path}/files/portrait", headers=stranger),
    ]
    assert [one.status_code for one in asked] == [404] * len(asked)


async def test_consents_are_given_and_taken_back_one_by_one(
    client: httpx.AsyncClient, stage: Stage, journalist: Headers
) -> None:
    async def agreed() -> set[str]:
        rows = (await client.get(f"{PRESS}/consents", headers=journalist)).json()
        assert len(rows) == 3
        return {one["purpose"] for one in rows if one["given_at"]}

    assert await agreed() == {"accreditation"}
    await client.put(f"{PRESS}/consents/portrait_on_badge", headers=journalist)
    assert await agreed() == {"accreditation", "portrait_on_badge"}
    sent = await factories.send_in(client, journalist, stage.event_id)
    await client.delete(f"{PRESS}/consents/accreditation", headers=journalist)
    assert await agreed() == {"portrait_on_badge"}
    own = (await client.get(f"{PRESS}/applications/{sent['id']}", headers=journalist)).json()
    assert own["state"] == "withdrawn"


async def test_a_focal_point_adds_a_colleague_and_writes_for_them(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    focal = await factories.register_journalist(client)
    nobody = await client.get(f"{PRESS}/people", headers=focal["headers"])
    assert (nobody.status_code, nobody.json()["code"]) == (403, "forbidden")
    outlet_id = (await client.get(f"{PRESS}/me", headers=focal["headers"])).json()["outlet_id"]
    named = await client.put(f"/api/v1/outlets/{outlet_id}/focal-points/{focal['id']}", headers=admin)
    assert named.status_code == 204
    body = {"full_name": "Trần Thị Sóng", "email": "song@toasoan.example"}
    added = await factories.post(client, "/press/people", body, focal["headers"])
    wish = {"event_id": stage.event_id, "class_code": "one_day"}
    draft = await factories.post(client, f"/press/people/{added['id']}/draft", wish, focal["headers"])
    assert (draft["journalist_id"], draft["state"]) == (added["id"], "draft")
    people = (await client.get(f"{PRESS}/people", headers=focal["headers"])).json()
    assert {(one["full_name"], one["has_agreed"], len(one["applications"])) for one in people} == {
        ("Trần Thị Sóng", False, 1),
        ("Nguyễn Thị Biển", True, 0),
    }
