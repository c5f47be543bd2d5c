"""Every operation and every page states who may ask for it, and refuses the others before it looks at what they sent."""

from uuid import uuid4

import httpx
import pytest

from service.domain.accounts import ROLE_PERMISSIONS, Organisation, OrganisationKind, Permission, Role
from service.store.database import Database
from service.usecases import accounts, audit
from service.web.console import routers as console_routers
from service.web.door import routers as door_routers
from service.web.holder import routers as holder_routers
from service.web.press import routers as press_routers
from tests import factories
from tests.conftest import NOW, PASSWORD, SignInAs
from tests.web.one_of_each import make_one_of_each
from tests.web.operations import OPERATIONS, Operation

PERMISSIONS = frozenset(Permission)
STAFF = [one for one in OPERATIONS if one.permission in PERMISSIONS]
GUARDED = [one for one in OPERATIONS if one.permission != "public"]
PUBLIC = {
    "GET /.well-known/jwks.json",
    "GET /healthz",
    "GET /metrics",
    "GET /readyz",
    "POST /api/v1/check",
    "POST /api/v1/door/devices",
    "POST /api/v1/press/register",
    "POST /api/v1/press/token",
    "POST /api/v1/token",
}
"""All that anybody may ask for; whoever opens another operation to everybody says so here."""
OPEN_PAGES = {
    "GET /console/sign-in",
    "POST /console/sign-in",
    "GET /check",
    "POST /check",
    "GET /p/keeper.js",
    "GET /p/{token}",
    "GET /p/{token}/apple.pkpass",
    "GET /p/{token}/days.ics",
    "GET /p/{token}/google",
    "GET /p/{token}/qr.png",
    "GET /press",
    "GET /press/events/{event_id}",
    "GET /press/events/{event_id}/draw",
    "GET /press/events/{event_id}/draws/{number}.csv",
    "GET /press/events/{event_id}/draws/{number}/taken.csv",
    "GET /press/link/{token}",
    "GET /press/privacy",
    "GET /press/sign-in",
    "POST /press/link/{token}",
    "POST /press/sign-in",
}
"""Pages that ask for no sign-in. A pass's own address is the key to it."""
OF_THE_WHOLE_CITY = {
    "places:read",
    "places:write",
    "events:read",
    "attendance:read",
}
"""Permissions that hold for the things of every organisation: one register, one calendar, one table of figures."""
OF_THE_WHOLE_CITY_TOO = "/api/v1/outlets"
"""Where one register is kept by everybody who opens events to the press."""
UNKNOWN_TO_OTHERS = {"GET /api/v1/events/{event_id}/vetting", "POST /api/v1/events/{event_id}/vetting"}
"""An authority that was never asked about an event is told that there is nothing."""


async def ask(client: httpx.AsyncClient, operation: Operation, headers: dict[str, str] | None = None) -> httpx.Response:
    """A request whose ids name nothing and whose body is empty: whoever is not refused gets a 404 or a 422."""
    body = {} if "requestBody" in operation.facts else None
    return await client.request(operation.method, operation.at(), json=body, headers=headers)


def test_every_operation_states_a_permission() -> None:
    known = PERMISSIONS | {"staff", "journalist", "device", "public"}
    assert {str(one): one.permission for one in OPERATIONS if one.permission not in known} == {}
    assert {str(one) for one in OPERATIONS if one.permission == "public"} == PUBLIC


async def test_without_credentials_nothing_answers_but_what_is_public(client: httpx.AsyncClient) -> None:
    forged = {"Authorization": "Bearer bds_khong-co-ma-nay"}
    for headers in ({}, forged):
        answers = {str(one): await ask(client, one, headers) for one in GUARDED}
        assert {name: one.status_code for name, one in answers.items()} == {str(one): 401 for one in GUARDED}
        assert {one.json()["code"] for one in answers.values()} == {"unauthenticated"}
        assert {one.headers["www-authenticate"] for one in answers.values()} == {"Bearer"}
    for one in OPERATIONS:
        if one.permission == "public":
            assert (await ask(client, one)).status_code not in (401, 403), one


@pytest.mark.parametrize("role", [*Role, None])
async def test_a_role_opens_exactly_what_its_permissions_name(
    client: httpx.AsyncClient, sign_in_as: SignInAs, role: Role | None
) -> None:
    headers = await sign_in_as(*([role] if role else []), everywhere=True)
    allowed = ROLE_PERMISSIONS[role] if role else frozenset()
    answers = {one: await ask(client, one, headers) for one in STAFF}
    refused = {str(one) for one, answer in answers.items() if answer.status_code == 403}
    assert refused == {str(one) for one in STAFF if one.permission not in allowed}
    assert {answer.json()["code"] for answer in answers.values() if answer.status_code == 403} <= {"forbidden"}
    opened = {str(one): answer.status_code for one, answer in answers.items() if str(one) not in refused}
    assert {name: status for name, status in opened.items() if status not in (200, 404, 422)} == {}


async def test_staff_devices_and_journalists_do_not_enter_by_each_others_doors(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    staff = await sign_in_as(Role.ADMIN, everywhere=True)
    stage = await factories.make_stage(client, staff, organisation)
    device = (await factories.enrol_device(client, staff, *stage.gates.values()))["headers"]
    journalist = (await factories.register_journalist(client))["headers"]
    for headers, own in ((staff, {*PERMISSIONS, "staff"}), (device, {"device"}), (journalist, {"journalist"})):
        others = [one for one in GUARDED if one.permission not in own]
        answers = {str(one): (await ask(client, one, headers)).status_code for one in others}
        assert answers == {str(one): 401 for one in others}
        mine = [one for one in GUARDED if one.permission in own and str(one) != "POST /api/v1/token/revoke"]
        assert 401 not in {(await ask(client, one, headers)).status_code for one in mine}


async def test_another_organisations_things_are_closed_to_every_role(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database, organisation: Organisation
) -> None:
    owner = await sign_in_as(Role.ADMIN, everywhere=True)
    ids = await make_one_of_each(client, owner, organisation)
    stranger = await sign_in_elsewhere(client, database)
    answers: dict[str, int] = {}
    for one in STAFF:
        if one.permission in OF_THE_WHOLE_CITY or not (ids.keys() & one.named("path") or one.example()):
            continue
        if one.path.startswith(OF_THE_WHOLE_CITY_TOO):
            continue
        body = belonging_to(organisation, one.example(), ids)
        query = {name: value for name, value in ids.items() if name in one.named("query")} or None
        answer = await client.request(one.method, one.at(**ids), json=body, params=query, headers=stranger)
        answers[str(one)] = answer.status_code
    assert {name: status for name, status in answers.items() if status != 403} == dict.fromkeys(UNKNOWN_TO_OTHERS, 404)
    assert len(answers) > 25


async def sign_in_elsewhere(client: httpx.AsyncClient, database: Database) -> dict[str, str]:
    """The headers of somebody who has every role, in another organisation only."""
    async with database.transaction() as session:
        museum = await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Bảo tàng Thử nghiệm",
            name_en="Museum of Tests",
            kind=OrganisationKind.MUSEUM,
            now=NOW,
        )
        await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="nguoi.la@example.vn",
            name="Người Lạ",
            password=PASSWORD,
            grants=[(museum.id, role) for role in Role],
            now=NOW,
        )
    answer = await client.post("/api/v1/token", data={"username": "nguoi.la@example.vn", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def belonging_to(organisation: Organisation, body: object, ids: dict[str, str]) -> object:
    """An example in which every organisation and every gate is one of the organisation's own."""
    if isinstance(body, list):
        return [belonging_to(organisation, one, ids) for one in body]
    if not isinstance(body, dict):
        return body
    own = {
        "organisation_id": str(organisation.id),
        "gate_ids": [ids["gate_id"]],
        "event_id": ids["event_id"],
        "pass_ids": [ids["pass_id"]],
        "application_ids": [ids["application_id"]],
        "review_ids": [ids["review_id"]],
    }
    return {name: own.get(name, belonging_to(organisation, value, ids)) for name, value in body.items()}


async def test_pages_lead_who_is_not_signed_in_to_the_form(client: httpx.AsyncClient) -> None:
    asked = {}
    for router in (*console_routers, *door_routers, *holder_routers, *press_routers):
        for route in router.routes:
            if route.include_in_schema:
                continue
            for method in route.methods:
                path = route.path_format.format(**{name: uuid4() for name in route.param_convertors})
                headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
                answer = await client.request(method, path, headers=headers)
                asked[f"{method} {route.path}"] = (answer.status_code, answer.headers.get("location", "").split("?")[0])
    assert {name: asked[name] for name in asked if name not in OPEN_PAGES} == {
        name: (303, "/press/sign-in" if " /press" in name else "/console/sign-in")
        for name in asked
        if name not in OPEN_PAGES
    }
    assert len(asked) > len(OPEN_PAGES)


async def test_pages_refuse_staff_without_a_role_and_changes_from_another_site(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    headers = await sign_in_as()
    cookie = {"Cookie": f"biendao_session={headers['Authorization'].removeprefix('Bearer ')}", "Accept": "text/html"}
    pages = [
        (method, route.path_format.format(**{name: uuid4() for name in route.param_convertors}))
        for router in console_routers
        for route in router.routes
        for method in route.methods
        if f"{method} {route.path}" not in {*OPEN_PAGES, "POST /console/sign-out"}
    ]
    own = {
        method + path: await client.request(method, path, headers=cookie | {"Sec-Fetch-Site": "same-origin"})
        for method, path in pages
    }
    assert {name: answer.status_code for name, answer in own.items()} == dict.fromkeys(own, 403)
    assert {answer.headers["content-type"] for answer in own.values()} == {"text/html; charset=utf-8"}
    changes = [path for method, path in pages if method != "GET"]
    for path in [*changes, "/console/sign-out"]:
        for site in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
            answer = await client.post(path, headers=cookie | site | {"Accept": "application/json"})
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_mismatch")
