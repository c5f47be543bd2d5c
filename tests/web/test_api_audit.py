"""The record of changes over HTTP."""

import httpx

from service.domain.accounts import Organisation, OrganisationKind, Role
from service.store.database import Database
from service.usecases import accounts, audit
from tests import factories
from tests.conftest import NOW, SignInAs
from tests.web.asking import counting


async def test_the_record_of_an_event_is_read_newest_first(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ADMIN)
    me = (await client.get("/api/v1/me", headers=headers)).json()["staff_id"]
    stage = await factories.make_stage(client, headers, organisation)
    await client.patch(f"/api/v1/zones/{stage.zones['A']}", json={"capacity": 10}, headers=headers)
    other = await factories.make_event(client, headers, organisation)
    answer = await client.get("/api/v1/audit", params={"event_id": stage.event_id}, headers=headers)
    items = answer.json()["items"]
    (key,) = (await client.get(f"/api/v1/events/{stage.event_id}/keys", headers=headers)).json()
    assert [(one["noun"], one["action"], one["object_id"], one["details"]) for one in items] == [
        ("zone", "changed", stage.zones["A"], {"fields": ["capacity"]}),
        ("occurrence", "added", stage.occurrence_id, {"venue": stage.venue_id, "unit": "26740"}),
        ("event", "open", stage.event_id, {"before": "draft"}),
        ("key", "added", key["id"], {}),
        ("event", "added", stage.event_id, {}),
    ]
    assert items[0] == items[0] | {"actor_kind": "staff", "actor_id": me, "event_id": stage.event_id}
    assert set(items[0]) == {
        "id",
        "at",
        "actor_kind",
        "actor_id",
        "action",
        "noun",
        "object_id",
        "event_id",
        "details",
    }
    only = (
        await client.get("/api/v1/audit", params={"event_id": stage.event_id, "noun": "event"}, headers=headers)
    ).json()
    assert [one["action"] for one in only["items"]] == ["open", "added"]
    theirs = (await client.get("/api/v1/audit", params={"event_id": other["id"]}, headers=headers)).json()
    assert [one["action"] for one in theirs["items"]] == ["added"]


async def test_pages_of_the_record_meet_and_ask_as_often(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True)
    stage = await factories.make_stage(client, headers, organisation)
    path = "/api/v1/audit"
    whole = (await client.get(path, headers=headers)).json()["items"]
    found, cursor, asked = [], None, set()
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        async with counting(client) as statements:
            page = (await client.get(path, params=query, headers=headers)).json()
        found += page["items"]
        cursor = page["next"]
        asked.add(len(statements))
        if cursor is None:
            break
    assert found == whole
    assert {one["noun"] for one in whole} == {"organisation", "staff", "venue", "event", "key", "occurrence"}
    assert stage.event_id in {one["event_id"] for one in whole}
    assert len(asked) == 1


async def test_the_record_is_for_those_who_may_see_it(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    async with database.transaction() as session:
        museum = await accounts.add_organisation(
            session, actor=audit.SYSTEM, name_vi="Bảo tàng", name_en="Museum", kind=OrganisationKind.MUSEUM, now=NOW
        )
    everywhere = await sign_in_as(Role.ADMIN, everywhere=True)
    event = await factories.make_event(client, everywhere, museum)
    admin = await sign_in_as(Role.ADMIN)
    organiser = await sign_in_as(Role.ORGANISER)
    answers = [
        await client.get("/api/v1/audit", headers=organiser),
        await client.get("/api/v1/audit", headers=admin),
        await client.get("/api/v1/audit", params={"event_id": event["id"]}, headers=admin),
        await client.get("/api/v1/audit", params={"event_id": str(organisation.id)}, headers=admin),
        await client.get("/api/v1/audit?noun=' OR 1=1", headers=everywhere),
        await client.get("/api/v1/audit?cursor=rubbish", headers=everywhere),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (403, "forbidden"),
        (403, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
        (422, "invalid"),
        (422, "cursor_invalid"),
    ]
