"""The journalists' REST: one profile, one application per event, and what each is told."""

import asyncio
import unicodedata
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from service.domain.accounts import Organisation, Role
from service.domain.accreditation import Application, Journalist, Outlet
from service.domain.audit import AuditEntry
from service.store.database import Database
from tests import factories
from tests.conftest import NOW, Clock, SignInAs
from tests.factories import JSON, Headers, Stage
from tests.web.asking import counting

BODY: JSON = {
    "full_name": "Nguyễn Thị Biển",
    "email": "Bien@toasoan.example",
    "password": "một câu dài dễ nhớ",
    "phone": "+84 28 3822 0000",
    "outlet": {"name": "Báo Sóng Xanh", "kind": "print", "country": "VN"},
    "press_card_number": "nb 000.123",
    "press_card_expires_on": "2030-12-31",
    "consent": True,
}
SOMEWHERE = "0198c0de-0000-7000-8000-000000000000"


async def register(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    body = {name: value for name, value in (BODY | changes).items() if value is not None}
    return await client.post("/api/v1/press/register", json=body)


async def sign_in(client: httpx.AsyncClient, address: str, password: str) -> httpx.Response:
    return await client.post("/api/v1/press/token", data={"username": address, "password": password})


async def count(database: Database, table: Any) -> int:
    async with database.session() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.fixture
async def organiser(sign_in_as: SignInAs) -> Headers:
    return await sign_in_as(Role.ORGANISER)


@pytest.fixture
async def reviewer(sign_in_as: SignInAs) -> Headers:
    return await sign_in_as(Role.REVIEWER)


@pytest.fixture
async def stage(client: httpx.AsyncClient, organiser: Headers, organisation: Organisation) -> Stage:
    return await factories.make_stage(client, organiser, organisation)


@pytest.fixture
async def journalist(client: httpx.AsyncClient) -> Headers:
    return dict((await factories.register_journalist(client))["headers"])


async def decide(
    client: httpx.AsyncClient, headers: Headers, application: JSON, state: str, *zones: str, reason: str = ""
) -> JSON:
    body = {"to_state": state, "zones": list(zones), "reason": reason}
    return dict(await factories.post(client, f"/applications/{application['id']}/decision", body, headers))


async def test_a_journalist_registers_and_signs_in(client: httpx.AsyncClient) -> None:
    answer = await register(client)
    assert (answer.status_code, answer.json()) == (201, {"email": "bien@toasoan.example"})
    signed = await sign_in(client, " BIEN@toasoan.example ", BODY["password"])
    assert signed.status_code == 200
    token = signed.json()["access_token"]
    assert token.startswith("bdj_")
    assert signed.json() == {"access_token": token, "token_type": "bearer", "expires_in": 12 * 3600}
    me = (await client.get("/api/v1/press/me", headers={"Authorization": f"Bearer {token}"})).json()
    assert me == {
        "id": me["id"],
        "full_name": "Nguyễn Thị Biển",
        "email": "bien@toasoan.example",
        "outlet_id": me["outlet_id"],
        "press_card_expires_on": "2030-12-31",
        "language": "vi",
    }


async def test_a_known_address_gets_the_same_answer_and_nothing_changes(
    client: httpx.AsyncClient, database: Database
) -> None:
    first = await register(client)
    second = await register(client, email="bien@TOASOAN.example", password="một câu khác hẳn", full_name="Người Khác")
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert await count(database, Journalist) == 1
    assert (await sign_in(client, "bien@toasoan.example", "một câu khác hẳn")).status_code == 401
    assert (await sign_in(client, "bien@toasoan.example", BODY["password"])).status_code == 200


async def test_a_refusal_does_not_tell_who_is_registered(client: httpx.AsyncClient) -> None:
    await register(client)
    wrongs: list[JSON] = [
        {"press_card_number": "..."},
        {"press_card_expires_on": "2020-01-01"},
        {"outlet": None, "outlet_id": SOMEWHERE},
        {"outlet": BODY["outlet"] | {"name": "\u0301"}},
    ]
    for wrong in wrongs:
        answers = [await register(client, **wrong, email=f"{who}@toasoan.example") for who in ("bien", "chua.ai")]
        assert [answer.status_code for answer in answers] == [422, 422]
        assert answers[0].json()["errors"] == answers[1].json()["errors"]


async def test_one_address_at_once_is_one_journalist(client: httpx.AsyncClient, database: Database) -> None:
    answers = await asyncio.gather(*(register(client) for _ in range(3)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert 201 in {answer.status_code for answer in answers}
    assert await count(database, Journalist) == 1


async def test_asking_often_is_slowed_down(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    # Whether the address is known is not told by the limit either: every attempt counts.
    statuses = [(await register(client)).status_code for _ in range(10)]
    assert statuses == [201] * 10
    answer = await register(client, email="BIEN@toasoan.example")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.headers["retry-after"] == "900"
    assert (await register(client, email="khac@toasoan.example")).status_code == 201
    await sign_in_as(Role.VIEWER)
    assert (await sign_in(client, "bien@toasoan.example", BODY["password"])).status_code == 200


async def test_passwords_cannot_be_tried_out(client: httpx.AsyncClient, clock: Clock) -> None:
    await register(client)
    wrong = [await sign_in(client, BODY["email"], f"không phải {number}") for number in range(10)]
    assert {(answer.status_code, answer.json()["code"]) for answer in wrong} == {(401, "sign_in_failed")}
    assert (await sign_in(client, BODY["email"], BODY["password"])).status_code == 429
    clock.at += timedelta(minutes=16)
    assert (await sign_in(client, BODY["email"], BODY["password"])).status_code == 200
    unknown = await sign_in(client, "khong.co@toasoan.example", BODY["password"])
    assert (unknown.status_code, unknown.json()["code"]) == (401, "sign_in_failed")


WRONG: list[tuple[JSON, str]] = [
    ({"consent": None}, "/consent"),
    ({"consent": False}, "/consent"),
    ({"full_name": "   "}, "/full_name"),
    ({"full_name": "Biển\0"}, "/full_name"),
    ({"full_name": "Biển\u202e"}, "/full_name"),
    ({"full_name": "B" * 301}, "/full_name"),
    ({"email": "không phải địa chỉ"}, "/email"),
    ({"email": "a@" + "b" * 300 + ".example"}, "/email"),
    ({"password": "ngắn"}, "/password"),
    ({"phone": "gọi cho tôi"}, "/phone"),
    ({"outlet": {"name": "Báo", "kind": "blog"}}, "/outlet/kind"),
    ({"outlet": {"name": "Báo", "kind": "print", "country": "Việt Nam"}}, "/outlet/country"),
    ({"outlet": None}, ""),
    ({"outlet_id": SOMEWHERE}, ""),
    ({"outlet": None, "outlet_id": SOMEWHERE}, "/outlet_id"),
    ({"press_card_number": "Đ"}, "/press_card_number"),
    ({"press_card_number": "000\n123"}, "/press_card_number"),
    ({"press_card_number": "---"}, "/press_card_number"),
    ({"press_card_expires_on": "2026-02-30"}, "/press_card_expires_on"),
    ({"press_card_expires_on": "2026-11-22"}, "/press_card_expires_on"),
    ({"language": "fr"}, "/language"),
    ({"role": "admin"}, "/role"),
]


async def test_what_is_wrong_is_named_and_keeps_nothing(client: httpx.AsyncClient, database: Database) -> None:
    for changes, pointer in WRONG:
        answer = await register(client, **changes)
        assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), changes
    assert await count(database, Journalist) == await count(database, Outlet) == 0


async def test_a_card_is_good_to_the_end_of_its_last_day_in_the_city(client: httpx.AsyncClient, clock: Clock) -> None:
    clock.at = datetime.fromisoformat("2026-11-24T00:30:00+07:00")
    late = await register(client, press_card_expires_on="2026-11-23")
    assert (late.status_code, late.json()["errors"][0]["code"]) == (422, "expired")
    assert (await register(client, press_card_expires_on="2026-11-24")).status_code == 201


async def test_an_outlet_is_found_whatever_its_accents_and_case(client: httpx.AsyncClient, database: Database) -> None:
    names = ["Báo Sóng Xanh", "bao song xanh", "  BÁO  SÓNG\u00a0XANH ", unicodedata.normalize("NFD", "Báo Sóng Xanh")]
    for number, name in enumerate(names):
        outlet = {"name": name, "kind": "online", "country": "VN"}
        assert (await register(client, email=f"{number}@toasoan.example", outlet=outlet)).status_code == 201
    async with database.session() as session:
        (outlet,) = await session.scalars(select(Outlet))
        homes = set(await session.scalars(select(Journalist.outlet_id)))
    assert (outlet.name, outlet.folded) == ("Báo Sóng Xanh", "bao song xanh")
    assert homes == {outlet.id}
    known = await register(client, email="5@toasoan.example", outlet=None, outlet_id=str(outlet.id))
    assert known.status_code == 201


async def test_a_new_outlet_named_by_several_at_once_is_one(client: httpx.AsyncClient, database: Database) -> None:
    answers = await asyncio.gather(*(register(client, email=f"{number}@toasoan.example") for number in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert (await count(database, Journalist), await count(database, Outlet)) == (4, 1)
    async with database.session() as session:
        added = select(func.count()).where(col(AuditEntry.noun) == "outlet", col(AuditEntry.action) == "added")
        assert await session.scalar(added) == 1


async def test_journalists_and_staff_have_different_keys(
    client: httpx.AsyncClient, journalist: Headers, organiser: Headers
) -> None:
    assert (await client.get("/api/v1/events", headers=journalist)).status_code == 401
    assert (await client.get("/api/v1/press/me", headers=organiser)).status_code == 401
    assert (await client.get("/api/v1/press/me")).status_code == 401
    assert (await client.get("/api/v1/press/me", headers={"Authorization": "Bearer bdj_x"})).status_code == 401


async def test_events_that_take_applications(
    client: httpx.AsyncClient, journalist: Headers, organiser: Headers, organisation: Organisation, stage: Stage
) -> None:
    for facts in (
        {"state": "draft", "accreditation_closes_at": "2027-01-01T00:00:00Z"},
        {"state": "open"},
        {"state": "open", "accreditation_closes_at": NOW.isoformat()},
        {"state": "closed", "accreditation_closes_at": "2027-01-01T00:00:00Z"},
    ):
        await factories.make_event(client, organiser, organisation, **facts)
    async with counting(client) as alone:
        (shown,) = (await client.get("/api/v1/press/events", headers=journalist)).json()
    assert shown == {
        "id": stage.event_id,
        "title_vi": "Hội nghị Biển Đông",
        "title_en": "East Sea Conference",
        "accreditation_closes_at": "2099-11-19T17:00:00Z",
        "zones": ["A", "B"],
    }
    sooner = [
        await factories.make_event(client, organiser, organisation, state="open", accreditation_closes_at=at)
        for at in ("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z")
    ]
    async with counting(client) as three:
        listed = (await client.get("/api/v1/press/events", headers=journalist)).json()
    assert [one["id"] for one in listed] == [sooner[1]["id"], sooner[0]["id"], stage.event_id]
    assert len(three) == len(alone)


async def test_an_application_is_submitted(client: httpx.AsyncClient, journalist: Headers, stage: Stage) -> None:
    made = await factories.apply(client, journalist, stage.event_id, "B", "A", "B", note="Xin đứng gần\nbục.")
    assert made == {
        "id": made["id"],
        "event_id": stage.event_id,
        "event_title_vi": "Hội nghị Biển Đông",
        "event_title_en": "East Sea Conference",
        "state": "submitted",
        "media_role": "writer",
        "zones_wanted": ["A", "B"],
        "zones_granted": [],
        "submitted_at": "2026-11-23T02:00:00Z",
        "decided_at": None,
        "reason": "",
        "history": [{"to_state": "submitted", "reason": "", "zones": [], "decided_at": "2026-11-23T02:00:00Z"}],
    }
    assert (await client.get(f"/api/v1/press/applications/{made['id']}", headers=journalist)).json() == made
    assert (await client.get("/api/v1/press/applications", headers=journalist)).json() == [made]


async def test_there_is_one_application_per_event(
    client: httpx.AsyncClient, journalist: Headers, stage: Stage, database: Database
) -> None:
    path = f"/api/v1/press/events/{stage.event_id}/applications"
    body = {"media_role": "writer", "zones_wanted": ["A"]}
    at_once = await asyncio.gather(*(client.post(path, json=body, headers=journalist) for _ in range(4)))
    assert sorted(answer.status_code for answer in at_once) == [201, 409, 409, 409]
    later = await client.post(path, json=body, headers=journalist)
    refused = [answer for answer in (*at_once, later) if answer.status_code == 409]
    assert {answer.json()["code"] for answer in refused} == {"already_exists"}
    assert await count(database, Application) == 1


async def test_what_takes_no_application_is_closed(
    client: httpx.AsyncClient,
    journalist: Headers,
    organiser: Headers,
    organisation: Organisation,
    stage: Stage,
    clock: Clock,
) -> None:
    body = {"media_role": "writer", "zones_wanted": ["A"]}
    closed: list[JSON] = [
        {"state": "draft", "accreditation_closes_at": "2027-01-01T00:00:00Z"},
        {"state": "closed", "accreditation_closes_at": "2027-01-01T00:00:00Z"},
        {"state": "cancelled", "accreditation_closes_at": "2027-01-01T00:00:00Z"},
        {"state": "open"},
    ]
    events = [(await factories.make_event(client, organiser, organisation, **facts))["id"] for facts in closed]
    for event_id in events:
        answer = await client.post(f"/api/v1/press/events/{event_id}/applications", json=body, headers=journalist)
        assert (answer.status_code, answer.json()["code"]) == (409, "closed")
    path = f"/api/v1/press/events/{stage.event_id}/applications"
    clock.at = datetime.fromisoformat("2099-11-20T00:00:00+07:00")
    signed = await sign_in(client, "phong.vien.1@toasoan.example", factories.PASSWORD)
    late = {"Authorization": f"Bearer {signed.json()['access_token']}"}
    answer = await client.post(path, json=body, headers=late)
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")
    clock.at -= timedelta(microseconds=1)
    assert (await client.post(path, json=body, headers=late)).status_code == 201


WRONG_APPLICATIONS: list[tuple[JSON, str]] = [
    ({"zones_wanted": ["A", "Z"]}, "/zones_wanted"),
    ({"zones_wanted": []}, "/zones_wanted"),
    ({"zones_wanted": ["a"]}, "/zones_wanted/0"),
    ({"zones_wanted": ["ABCDE"]}, "/zones_wanted/0"),
    ({"media_role": "spy"}, "/media_role"),
    ({"note": "\0"}, "/note"),
    ({"note": "a" * 10_001}, "/note"),
    ({"state": "approved"}, "/state"),
]


async def test_a_wrong_application_keeps_nothing(
    client: httpx.AsyncClient, journalist: Headers, stage: Stage, database: Database
) -> None:
    path = f"/api/v1/press/events/{stage.event_id}/applications"
    for changes, pointer in WRONG_APPLICATIONS:
        body = {"media_role": "writer", "zones_wanted": ["A"]} | changes
        answer = await client.post(path, json=body, headers=journalist)
        assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer]), changes
    assert await count(database, Application) == 0


async def test_an_unknown_event_is_not_found(client: httpx.AsyncClient, journalist: Headers) -> None:
    body = {"media_role": "writer", "zones_wanted": ["A"]}
    answer = await client.post(f"/api/v1/press/events/{SOMEWHERE}/applications", json=body, headers=journalist)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_anothers_application_does_not_exist(
    client: httpx.AsyncClient, journalist: Headers, stage: Stage
) -> None:
    made = await factories.apply(client, journalist, stage.event_id)
    other = (await factories.register_journalist(client, 2))["headers"]
    path = f"/api/v1/press/applications/{made['id']}"
    answers = [
        await client.get(path, headers=other),
        await client.post(f"{path}/withdraw", headers=other),
        await client.post(f"{path}/answer", json={"text": "Tôi"}, headers=other),
        *[await client.get(f"{path}/{name}", headers=other) for name in ("pass", "pass/qr.svg", "pass/qr.png")],
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert (await client.get("/api/v1/press/applications", headers=other)).json() == []
    assert (await client.get(path, headers=journalist)).json() == made


async def test_who_is_rejected_sees_why(
    client: httpx.AsyncClient, journalist: Headers, reviewer: Headers, stage: Stage, clock: Clock
) -> None:
    made = await factories.apply(client, journalist, stage.event_id)
    clock.at += timedelta(hours=1)
    await decide(client, reviewer, made, "in_review")
    clock.at += timedelta(hours=1)
    await decide(client, reviewer, made, "rejected", reason="Thẻ nhà báo\nkhông đúng tên.")
    seen = (await client.get(f"/api/v1/press/applications/{made['id']}", headers=journalist)).json()
    assert seen == made | {
        "state": "rejected",
        "decided_at": "2026-11-23T04:00:00Z",
        "reason": "Thẻ nhà báo\nkhông đúng tên.",
        "history": [
            {"to_state": "submitted", "reason": "", "zones": [], "decided_at": "2026-11-23T02:00:00Z"},
            {"to_state": "in_review", "reason": "", "zones": [], "decided_at": "2026-11-23T03:00:00Z"},
            {
                "to_state": "rejected",
                "reason": "Thẻ nhà báo\nkhông đúng tên.",
                "zones": [],
                "decided_at": "2026-11-23T04:00:00Z",
            },
        ],
    }


async def test_what_is_asked_for_is_answered(
    client: httpx.AsyncClient, journalist: Headers, reviewer: Headers, stage: Stage
) -> None:
    made = await factories.apply(client, journalist, stage.event_id)
    path = f"/api/v1/press/applications/{made['id']}/answer"
    body = {"text": "Thẻ mới có hạn đến 31/12/2030."}
    early = await client.post(path, json=body, headers=journalist)
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
    await decide(client, reviewer, made, "needs_information", reason="Thẻ nhà báo sắp hết hạn.")
    empty = await client.post(path, json={"text": " \n"}, headers=journalist)
    assert empty.status_code == 422
    answered = (await client.post(path, json=body, headers=journalist)).json()
    assert (answered["state"], answered["submitted_at"]) == ("submitted", made["submitted_at"])
    assert [(step["to_state"], step["reason"]) for step in answered["history"]] == [
        ("submitted", ""),
        ("needs_information", "Thẻ nhà báo sắp hết hạn."),
        ("submitted", "Thẻ mới có hạn đến 31/12/2030."),
    ]


async def test_withdrawing_ends_the_pass(
    client: httpx.AsyncClient, journalist: Headers, reviewer: Headers, organiser: Headers, stage: Stage
) -> None:
    made = await factories.apply(client, journalist, stage.event_id)
    path = f"/api/v1/press/applications/{made['id']}"
    assert (await client.get(f"{path}/pass", headers=journalist)).status_code == 404
    await decide(client, reviewer, made, "approved", "A", "B")
    assert (await client.get(f"{path}/pass", headers=journalist)).status_code == 404
    issued = await factories.post(client, f"/applications/{made['id']}/pass", {}, organiser)
    own = (await client.get(f"{path}/pass", headers=journalist)).json()
    shared = ("id", "code", "human_code", "zones", "valid_from", "valid_until", "valid_days", "state", "state_ground")
    assert own == {name: issued[name] for name in shared}
    withdrawn = await client.post(f"{path}/withdraw", headers=journalist)
    assert (withdrawn.status_code, withdrawn.json()["state"], withdrawn.json()["zones_granted"]) == (
        200,
        "withdrawn",
        [],
    )
    ended = (await client.get(f"{path}/pass", headers=journalist)).json()
    assert ended == own | {"state": "revoked", "state_ground": "withdrawn"}
    again = await client.post(f"{path}/withdraw", headers=journalist)
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    refused = await client.post(f"/api/v1/applications/{made['id']}/pass", headers=organiser)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_move")


async def test_the_pass_is_shown_as_a_drawing_and_as_a_picture(
    client: httpx.AsyncClient, journalist: Headers, reviewer: Headers, organiser: Headers, stage: Stage
) -> None:
    made = await factories.apply(client, journalist, stage.event_id)
    await decide(client, reviewer, made, "approved", "A")
    await factories.post(client, f"/applications/{made['id']}/pass", {}, organiser)
    path = f"/api/v1/press/applications/{made['id']}/pass"
    drawing = await client.get(f"{path}/qr.svg", headers=journalist)
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    assert drawing.text.startswith("<svg ")
    picture = await client.get(f"{path}/qr.png?size=200", headers=journalist)
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert {answer.headers["cache-control"] for answer in (drawing, picture)} == {"private, no-store"}


async def test_my_applications_are_asked_for_in_few_statements(
    client: httpx.AsyncClient, journalist: Headers, organiser: Headers, organisation: Organisation, stage: Stage
) -> None:
    first = await factories.apply(client, journalist, stage.event_id)
    async with counting(client) as alone:
        assert (await client.get("/api/v1/press/applications", headers=journalist)).json() == [first]
    made = [first]
    for _ in range(2):
        event = await factories.make_event(
            client, organiser, organisation, state="open", accreditation_closes_at="2027-01-01T00:00:00Z"
        )
        await factories.make_occurrence(client, organiser, event["id"], stage.venue_id)
        made.append(await factories.apply(client, journalist, event["id"]))
    async with counting(client) as three:
        assert (await client.get("/api/v1/press/applications", headers=journalist)).json() == made[::-1]
    assert len(three) == len(alone)
