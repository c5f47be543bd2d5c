"""Sign-in, the caller, organisations and staff over HTTP."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from service.domain.accounts import Organisation, OrganisationKind, Role, Staff
from service.domain.audit import AuditEntry
from service.store.database import Database
from service.usecases import accounts, audit
from tests.conftest import NOW, PASSWORD, Clock, SignInAs
from tests.web.asking import counting

COLLEAGUE = {
    "email": "Ngoc.Lan@example.vn",
    "name": "Lê Ngọc Lan",
    "password": "sóng vỗ bờ đảo xa",
}


async def sign_in(client: httpx.AsyncClient, address: str, password: str) -> httpx.Response:
    return await client.post("/api/v1/token", data={"username": address, "password": password})


async def test_token_is_an_oauth2_answer_that_nobody_keeps(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    await sign_in_as(Role.ORGANISER)
    # What the Authorize button of /docs sends: every field of the form, most of them empty.
    form = {
        "grant_type": "password",
        "username": " ORGANISER@example.vn ",
        "password": PASSWORD,
        "scope": "",
        "client_id": "",
        "client_secret": "",
    }
    answer = await client.post("/api/v1/token", data=form)
    assert answer.status_code == 200
    body = answer.json()
    assert body["access_token"].startswith("bds_")
    assert body == {"access_token": body["access_token"], "token_type": "bearer", "expires_in": 12 * 3600}
    assert answer.headers["cache-control"] == "no-store"


async def test_docs_know_where_to_sign_in(client: httpx.AsyncClient) -> None:
    schema = (await client.get("/openapi.json")).json()
    flow = schema["components"]["securitySchemes"]["Staff"]["flows"]["password"]
    assert flow["tokenUrl"] == "/api/v1/token"


async def test_a_password_is_the_same_however_its_accents_are_typed(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    await sign_in_as(Role.VIEWER)
    decomposed = "mật khẩu thử 2026".replace("ậ", "a\u0323\u0302").replace("ẩ", "a\u0302\u0309")
    assert decomposed != PASSWORD
    assert (await sign_in(client, "viewer@example.vn", decomposed)).status_code == 200


async def test_wrong_passwords_and_unknown_addresses_get_one_answer(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    await sign_in_as(Role.VIEWER)
    wrong = await sign_in(client, "viewer@example.vn", "sai rồi")
    unknown = await sign_in(client, "khong.co@example.vn", PASSWORD)
    for answer in (wrong, unknown):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        body = answer.json()
        del body["trace_id"]
        assert body == {
            "type": "/problems/sign_in_failed",
            "title": "Thư điện tử và mật khẩu không khớp.",
            "status": 401,
            "code": "sign_in_failed",
            "detail": "",
            "instance": "/api/v1/token",
            "errors": [],
        }


WRONG_FORMS: list[dict[str, str]] = [
    {"username": "viewer@example.vn"},
    {"username": "a\0b@example.vn", "password": "x"},
    {"username": "a" * 501, "password": "x"},
    {"username": "viewer@example.vn", "password": "x" * 2000},
    {"username": "viewer@example.vn", "password": "x", "grant_type": "client_credentials"},
]


async def test_a_sign_in_that_cannot_be_one_is_refused(client: httpx.AsyncClient) -> None:
    for form in WRONG_FORMS:
        answer = await client.post("/api/v1/token", data=form)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_the_eleventh_failure_waits_and_so_does_the_right_password(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    await sign_in_as(Role.VIEWER)
    await sign_in_as(Role.REVIEWER)
    failed = [(await sign_in(client, "viewer@example.vn", "sai rồi")).status_code for _ in range(10)]
    assert failed == [401] * 10
    refused = await sign_in(client, "viewer@example.vn", "sai rồi")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "900"
    assert (await sign_in(client, " Viewer@EXAMPLE.vn", PASSWORD)).status_code == 429
    assert (await sign_in(client, "reviewer@example.vn", PASSWORD)).status_code == 200


async def test_a_quarter_of_an_hour_later_one_may_try_again(
    client: httpx.AsyncClient, sign_in_as: SignInAs, clock: Clock
) -> None:
    await sign_in_as(Role.VIEWER)
    for _ in range(10):
        await sign_in(client, "viewer@example.vn", "sai rồi")
    clock.at = NOW + timedelta(minutes=14)
    assert (await sign_in(client, "viewer@example.vn", PASSWORD)).status_code == 429
    clock.at = NOW + timedelta(minutes=15)
    assert (await sign_in(client, "viewer@example.vn", PASSWORD)).status_code == 200


async def test_ended_expired_and_unknown_tokens_are_nobody(
    client: httpx.AsyncClient, sign_in_as: SignInAs, clock: Clock
) -> None:
    ended = await sign_in_as(Role.VIEWER)
    living = await sign_in_as(Role.REVIEWER)
    assert (await client.post("/api/v1/token/revoke", headers=ended)).status_code == 204
    unknown = {"Authorization": "Bearer bds_khong-co-ma-nay"}
    strange = {"Authorization": "Basic dmlld2VyOng="}
    for headers in (ended, unknown, strange, {}):
        answer = await client.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    clock.at = NOW + timedelta(hours=11, minutes=59)
    assert (await client.get("/api/v1/me", headers=living)).status_code == 200
    clock.at = NOW + timedelta(hours=12)
    expired = await client.get("/api/v1/me", headers=living)
    assert (expired.status_code, expired.json()["code"]) == (401, "unauthenticated")


async def test_me_tells_grants_and_what_they_allow(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.VIEWER, Role.REVIEWER)
    body = (await client.get("/api/v1/me", headers=headers)).json()
    assert UUID(body.pop("staff_id")).version == 7
    assert body == {
        "name": "Người Thử",
        "email": "viewer-reviewer@example.vn",
        "language": "vi",
        "grants": [
            {
                "organisation": {
                    "id": str(organisation.id),
                    "name_vi": "Sở Thử nghiệm",
                    "name_en": "Department of Tests",
                },
                "role": role,
            }
            for role in ("viewer", "reviewer")
        ],
        "permissions": [
            "accreditation:decide",
            "accreditation:read",
            "attendance:read",
            "events:read",
            "passes:read",
            "places:read",
        ],
    }


async def test_organisations_are_added_by_those_who_manage_staff_everywhere(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    ward = {
        "name_vi": "Ủy ban nhân dân phường Sài Gòn",
        "name_en": "People's Committee of Sai Gon Ward",
        "kind": "unit",
    }
    here = await sign_in_as(Role.ADMIN)
    assert (await client.post("/api/v1/organisations", json=ward, headers=here)).status_code == 403
    everywhere = await sign_in_as(Role.ADMIN, everywhere=True)
    made = await client.post("/api/v1/organisations", json=ward, headers=everywhere)
    assert made.status_code == 201
    again = await client.post("/api/v1/organisations", json=ward, headers=everywhere)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")
    viewer = await sign_in_as(Role.VIEWER)
    listed = (await client.get("/api/v1/organisations", headers=viewer)).json()
    assert listed == {
        "items": [
            {
                "id": str(organisation.id),
                "name_vi": "Sở Thử nghiệm",
                "name_en": "Department of Tests",
                "kind": "department",
                "created_at": "2026-11-23T02:00:00Z",
            },
            made.json(),
        ],
        "next": None,
    }


async def test_organisations_come_in_pages(client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database) -> None:
    headers = await sign_in_as(Role.VIEWER)
    async with database.transaction() as session:
        for number in (2, 3, 4):
            await accounts.add_organisation(
                session,
                actor=audit.SYSTEM,
                name_vi=f"Bảo tàng {number}",
                name_en=f"Museum {number}",
                kind=OrganisationKind.MUSEUM,
                now=NOW,
            )
    first = (await client.get("/api/v1/organisations?limit=2", headers=headers)).json()
    second = (await client.get("/api/v1/organisations", params={"cursor": first["next"]}, headers=headers)).json()
    names = [one["name_vi"] for page in (first, second) for one in page["items"]]
    assert names == ["Sở Thử nghiệm", "Bảo tàng 2", "Bảo tàng 3", "Bảo tàng 4"]
    assert second["next"] is None


async def test_an_admin_grants_within_their_own_organisation_only(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ADMIN)
    async with database.transaction() as session:
        museum = await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Bảo tàng Thành phố",
            name_en="City Museum",
            kind=OrganisationKind.MUSEUM,
            now=NOW,
        )
    for grants in (
        [{"organisation_id": str(museum.id), "role": "viewer"}],
        [{"organisation_id": None, "role": "viewer"}],
        [{"organisation_id": str(organisation.id), "role": "viewer"}, {"organisation_id": None, "role": "viewer"}],
    ):
        answer = await client.post("/api/v1/staff", json=COLLEAGUE | {"grants": grants}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    grants = [{"organisation_id": str(organisation.id), "role": "organiser"}]
    made = await client.post("/api/v1/staff", json=COLLEAGUE | {"grants": grants}, headers=headers)
    assert made.status_code == 201
    body = made.json()
    assert body == {
        "id": body["id"],
        "email": "ngoc.lan@example.vn",
        "name": "Lê Ngọc Lan",
        "language": "vi",
        "active": True,
        "created_at": body["created_at"],
        "grants": [
            {
                "organisation": {
                    "id": str(organisation.id),
                    "name_vi": "Sở Thử nghiệm",
                    "name_en": "Department of Tests",
                },
                "role": "organiser",
            }
        ],
    }
    assert (await sign_in(client, "ngoc.lan@example.vn", COLLEAGUE["password"])).status_code == 200
    again = await client.post("/api/v1/staff", json=COLLEAGUE | {"grants": grants}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "already_exists")


WRONG_STAFF: list[tuple[dict[str, object], str]] = [
    ({"email": "không phải thư"}, "/email"),
    ({"name": "A\u0000B"}, "/name"),
    ({"name": ""}, "/name"),
    ({"password": "ngắn"}, "/password"),
    ({"grants": []}, "/grants"),
    ({"grants": [{"organisation_id": None, "role": "king"}]}, "/grants/0/role"),
    ({"language": "fr"}, "/language"),
    ({"root": True}, "/root"),
]


async def test_staff_that_is_not_right_is_refused(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True)
    for wrong, pointer in WRONG_STAFF:
        body = COLLEAGUE | {"grants": [{"organisation_id": None, "role": "viewer"}]} | wrong
        answer = await client.post("/api/v1/staff", json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], wrong


async def test_a_granted_organisation_must_exist(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True)
    grants = [{"organisation_id": "0198c0de-0000-7000-8000-000000000000", "role": "viewer"}]
    answer = await client.post("/api/v1/staff", json=COLLEAGUE | {"grants": grants}, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (404, "organisation")


async def test_deactivated_staff_are_out_at_once(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    admin = await sign_in_as(Role.ADMIN)
    chief = await sign_in_as(Role.ADMIN, everywhere=True)
    viewer = await sign_in_as(Role.VIEWER)
    me = (await client.get("/api/v1/me", headers=viewer)).json()["staff_id"]
    chief_id = (await client.get("/api/v1/me", headers=chief)).json()["staff_id"]
    admin_id = (await client.get("/api/v1/me", headers=admin)).json()["staff_id"]
    assert (await client.post(f"/api/v1/staff/{chief_id}/deactivate", headers=admin)).status_code == 403
    own = await client.post(f"/api/v1/staff/{admin_id}/deactivate", headers=admin)
    assert (own.status_code, own.json()["code"]) == (409, "illegal_move")
    answer = await client.post(f"/api/v1/staff/{me}/deactivate", headers=admin)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert (await client.post(f"/api/v1/staff/{me}/deactivate", headers=admin)).status_code == 200
    assert (await client.get("/api/v1/me", headers=viewer)).status_code == 401
    assert (await sign_in(client, "viewer@example.vn", PASSWORD)).status_code == 401
    async with database.transaction() as session:
        noted = await session.scalar(
            select(func.count()).where(col(AuditEntry.object_id) == UUID(me), col(AuditEntry.action) == "deactivated")
        )
    assert noted == 1


async def test_an_admin_sees_the_staff_of_their_own_organisation(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    admin = await sign_in_as(Role.ADMIN)
    await sign_in_as(Role.VIEWER)
    chief = await sign_in_as(Role.ADMIN, everywhere=True)
    listed = (await client.get("/api/v1/staff", headers=admin)).json()["items"]
    assert [one["email"] for one in listed] == ["admin@example.vn", "viewer@example.vn"]
    all_of_them = (await client.get("/api/v1/staff", headers=chief)).json()["items"]
    assert [one["email"] for one in all_of_them] == ["admin@example.vn", "viewer@example.vn", "admin-all@example.vn"]
    assert [one["grants"][0]["organisation"] for one in all_of_them][2] is None


async def test_lists_ask_the_database_as_often_for_three_as_for_one(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True)
    asked = {}
    for rows in (1, 3):
        for path in ("/api/v1/staff", "/api/v1/organisations"):
            async with counting(client) as statements:
                answer = await client.get(path, headers=headers)
            assert len(answer.json()["items"]) == rows
            asked.setdefault(path, []).append(len(statements))
        if rows == 1:
            async with database.transaction() as session:
                for number in (2, 3):
                    made = await accounts.add_organisation(
                        session,
                        actor=audit.SYSTEM,
                        name_vi=f"Bảo tàng {number}",
                        name_en=f"Museum {number}",
                        kind=OrganisationKind.MUSEUM,
                        now=NOW,
                    )
                    await accounts.add_staff(
                        session,
                        actor=audit.SYSTEM,
                        email=f"nhan.vien.{number}@example.vn",
                        name="Nhân viên",
                        password=PASSWORD,
                        grants=[(made.id, Role.VIEWER), (made.id, Role.REVIEWER)],
                        now=NOW,
                    )
    assert all(one == three for one, three in asked.values())


async def test_the_same_key_adds_one_member_of_staff(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True) | {"Idempotency-Key": "them-can-bo-1"}
    body = COLLEAGUE | {"grants": [{"organisation_id": None, "role": "viewer"}]}
    answers = await asyncio.gather(*(client.post("/api/v1/staff", json=body, headers=headers) for _ in range(2)))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).where(col(Staff.email) == "ngoc.lan@example.vn")) == 1
