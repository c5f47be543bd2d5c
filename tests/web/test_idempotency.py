"""A request that is repeated with its Idempotency-Key is answered as the first time and changes nothing again."""

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy import func, select, update
from sqlmodel import col

from service.domain.accounts import Organisation, Role
from service.domain.audit import AuditEntry, RepeatedRequest
from service.domain.places import Venue
from service.store.database import Database
from tests import factories
from tests.conftest import SignInAs

VENUE = {"name_vi": "Hội trường Thử", "name_en": "Test Hall", "kind": "hall", "unit_id": factories.SAI_GON}
PATH = "/api/v1/venues"


def keyed(headers: dict[str, str], key: str) -> dict[str, str]:
    return headers | {"Idempotency-Key": key}


async def count(database: Database, table: type[Venue | RepeatedRequest]) -> int:
    async with database.transaction() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def test_the_same_request_again_is_answered_as_the_first_time(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    first = await client.post(PATH, json=VENUE, headers=keyed(headers, "hoi-truong-1"))
    again = await client.post(PATH, json=VENUE, headers=keyed(headers, "hoi-truong-1"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(database, Venue) == 1
    async with database.transaction() as session:
        added = select(func.count()).where(col(AuditEntry.noun) == "venue")
        assert await session.scalar(added) == 1
    changed = [
        await client.patch(f"{PATH}/{first.json()['id']}", json={"capacity": 9}, headers=keyed(headers, "s"))
        for _ in "12"
    ]
    assert [one.status_code for one in changed] == [200, 200]
    assert changed[0].content == changed[1].content


async def test_an_answer_without_a_body_is_repeated_too(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    venue = await factories.make_venue(client, headers)
    event = await factories.make_event(client, headers, organisation)
    stop = await factories.make_occurrence(client, headers, event["id"], venue["id"])
    path = f"/api/v1/occurrences/{stop['id']}"
    removed = [await client.delete(path, headers=keyed(headers, "xoa-1")) for _ in range(2)]
    assert [(one.status_code, one.content) for one in removed] == [(204, b""), (204, b"")]
    assert (await client.delete(path, headers=keyed(headers, "xoa-2"))).status_code == 404


async def test_a_key_belongs_to_one_request(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = keyed(await sign_in_as(Role.ORGANISER), "mot-lan")
    made = await client.post(PATH, json=VENUE, headers=headers)
    for answer in (
        await client.post(PATH, json=VENUE | {"capacity": 9}, headers=headers),
        await client.post(f"{PATH}?again=1", json=VENUE, headers=headers),
        await client.patch(f"{PATH}/{made.json()['id']}", json=VENUE, headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert await count(database, Venue) == 1


async def test_two_at_once_make_one_thing_and_get_one_answer(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for number in range(5):
        asked = [client.post(PATH, json=VENUE, headers=keyed(headers, f"cung-luc-{number}")) for _ in range(4)]
        answers = await asyncio.gather(*asked)
        assert [one.status_code for one in answers] == [201] * 4
        assert len({one.content for one in answers}) == 1
        assert await count(database, Venue) == number + 1


async def test_a_refusal_is_not_kept(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    viewer = keyed(await sign_in_as(Role.VIEWER), "khong-duoc")
    assert (await client.post(PATH, json=VENUE, headers=viewer)).status_code == 403
    headers = await sign_in_as(Role.ADMIN)
    refused = await client.post(PATH, json={}, headers=keyed(headers, "sua-lai"))
    assert refused.status_code == 422
    assert (await client.post(PATH, json=VENUE, headers=keyed(headers, "sua-lai"))).status_code == 201
    event = await factories.make_event(client, headers, organisation)
    path = f"/api/v1/events/{event['id']}/state"
    for _ in range(2):
        closed = await client.post(path, json={"state": "closed"}, headers=keyed(headers, "dong"))
        assert (closed.status_code, closed.json()["code"]) == (409, "illegal_move")
    await client.post(path, json={"state": "open"}, headers=headers)
    assert (await client.post(path, json={"state": "closed"}, headers=keyed(headers, "dong"))).status_code == 200
    assert await count(database, RepeatedRequest) == 2


async def test_keys_of_different_callers_never_meet(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    one = keyed(await sign_in_as(Role.ORGANISER), "cua-toi")
    other = keyed(await sign_in_as(Role.ADMIN), "cua-toi")
    made = [await client.post(PATH, json=VENUE, headers=headers) for headers in (one, other)]
    assert [answer.status_code for answer in made] == [201, 201]
    assert len({answer.json()["id"] for answer in made}) == 2
    assert (await client.post(PATH, json=VENUE, headers={"Idempotency-Key": "cua-toi"})).status_code == 401
    ended = await client.post("/api/v1/token/revoke", headers={"Authorization": one["Authorization"]})
    assert ended.status_code == 204
    # The answer was kept for somebody who may see it; whose token has ended may no longer.
    assert (await client.post(PATH, json=VENUE, headers=one)).status_code == 401
    assert await count(database, Venue) == 2


async def test_a_key_is_forgotten_after_a_day(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = keyed(await sign_in_as(Role.ORGANISER), "hom-qua")
    await client.post(PATH, json=VENUE, headers=headers)
    async with database.transaction() as session:
        yesterday = col(RepeatedRequest.created_at) - timedelta(hours=24, seconds=1)
        await session.execute(update(RepeatedRequest).values(created_at=yesterday))
    assert (await client.post(PATH, json=VENUE, headers=headers)).status_code == 201
    assert await count(database, Venue) == 2
    assert await count(database, RepeatedRequest) == 1


async def test_keys_that_are_none(client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for key in (b"", b"x" * 256, "khóa".encode(), b"a\tb"):
        sent = [*((name.encode(), value.encode()) for name, value in headers.items()), (b"Idempotency-Key", key)]
        answer = await client.post(PATH, json=VENUE, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), key
        assert [one["pointer"] for one in answer.json()["errors"]] == ["/header/Idempotency-Key"]
    assert (await client.get(PATH, headers=keyed(headers, "x" * 256))).status_code == 200
    assert await count(database, Venue) == 0
