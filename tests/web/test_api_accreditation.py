"""Outlets and applications, as reviewers work with them."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from service.domain.accounts import OrganisationKind, Role
from service.domain.accreditation import APPLICATION_MOVES, Application, ApplicationState, Decision
from service.domain.audit import AuditEntry
from service.domain.passes import EntryPass, PassState
from service.store.database import Database
from service.usecases import accounts, audit
from tests import factories
from tests.conftest import NOW, PASSWORD, SignInAs
from tests.factories import Stage
from tests.web.asking import counting

State = ApplicationState
REASON = "Theo kết luận của Ban tổ chức."


@pytest.fixture
async def reviewer(stage: Stage, sign_in_as: SignInAs) -> dict[str, str]:
    return await sign_in_as(Role.REVIEWER)


async def applied(client: httpx.AsyncClient, stage: Stage, number: int = 1, **facts: Any) -> str:
    journalist = await factories.register_journalist(client, number, **facts)
    return str((await factories.apply(client, journalist["headers"], stage.event_id, "A", "B"))["id"])


async def decide(
    client: httpx.AsyncClient, headers: dict[str, str], application_id: str, **body: Any
) -> httpx.Response:
    return await client.post(f"/api/v1/applications/{application_id}/decision", json=body, headers=headers)


async def test_an_application_is_opened_with_its_evidence_and_that_is_recorded(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, database: Database
) -> None:
    number = await applied(client, stage, press_card_number="BD-048 271")
    seen = (await client.get(f"/api/v1/applications/{number}", headers=reviewer)).json()
    assert seen == {
        "id": number,
        "event_id": stage.event_id,
        "state": "submitted",
        "media_role": "writer",
        "zones_wanted": ["A", "B"],
        "zones_granted": [],
        "full_name": "Nguyễn Thị Biển",
        "outlet": {"id": seen["outlet"]["id"], "name": "Báo Sóng Xanh", "kind": "print", "country": "VN"},
        "submitted_at": "2026-11-23T02:00:00Z",
        "decided_at": None,
        "email": "phong.vien.1@toasoan.example",
        "phone": "",
        "press_card_number": "BD048271",
        "press_card_expires_on": "2099-12-31",
        "same_press_card": 0,
        "note": "",
        "history": [
            {
                "from_state": None,
                "to_state": "submitted",
                "reason": "",
                "zones": [],
                "decided_at": "2026-11-23T02:00:00Z",
            }
        ],
        "reference": number.replace("-", "")[-8:].upper(),
        "class_code": "",
        "outcome": "pending",
        "readiness": "ready",
        "days_granted": None,
        "escort": False,
        "fields": {
            "full_name": "Nguyễn Thị Biển",
            "outlet": "Báo Sóng Xanh",
            "email": "phong.vien.1@toasoan.example",
            "press_card_number": "BD048271",
            "press_card_expires_on": "2099-12-31",
            "media_role": "writer",
            "zones_wanted": ["A", "B"],
        },
        "files": [],
        "reviews": [],
        "conditions": {"zones": None, "days": None, "escort": False},
        "limits": [],
        "appeals": [],
        "timeline": seen["timeline"],
    }
    assert [(one["kind"], one["code"]) for one in seen["timeline"]] == [("step", "submitted"), ("look", "viewed")]
    me = (await client.get("/api/v1/me", headers=reviewer)).json()
    async with database.session() as session:
        (entry,) = await session.scalars(
            select(AuditEntry).where(col(AuditEntry.noun) == "application", col(AuditEntry.action) == "viewed")
        )
    assert (str(entry.actor_id), str(entry.object_id), str(entry.event_id)) == (me["staff_id"], number, stage.event_id)
    assert entry.details == {"fields": sorted(seen["fields"])}


async def test_a_press_card_that_two_have_named_is_noticed(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage
) -> None:
    first = await applied(client, stage, 1, press_card_number="BD-048 271")
    await applied(client, stage, 2, press_card_number="bd048271")
    assert (await client.get(f"/api/v1/applications/{first}", headers=reviewer)).json()["same_press_card"] == 1


async def test_the_queue_is_searched_without_accents_and_turned_page_by_page(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage
) -> None:
    names = ("Đặng Thị Thử Một", "Lê Văn Thử Hai", "Trần Thị Thử Ba")
    numbers = []
    for place, name in enumerate(names):
        outlet = {"name": f"Đài Ví Dụ {place}", "kind": "television", "country": "VN"}
        numbers.append(await applied(client, stage, place, full_name=name, outlet=outlet))
    await decide(client, reviewer, numbers[1], to_state="rejected", reason=REASON)
    path = f"/api/v1/events/{stage.event_id}/applications"

    async def found(**query: Any) -> list[str]:
        answer = (await client.get(path, params=query, headers=reviewer)).json()
        return [one["full_name"] for one in answer["items"]]

    assert await found() == list(names)
    assert await found(q="dang thi") == [names[0]]
    assert await found(q="ĐẶNG THỊ") == [names[0]]
    assert await found(q="đài ví dụ 2") == [names[2]]
    assert await found(q="%") == []
    assert await found(state="rejected") == [names[1]]
    assert await found(state="submitted", q="thu") == [names[0], names[2]]

    turned, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(path, params=params, headers=reviewer)).json()
        turned += [one["id"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert turned == numbers
    assert "press_card_number" not in page["items"][0]

    async with counting(client) as one_row:
        await client.get(path, params={"limit": 1}, headers=reviewer)
    async with counting(client) as three_rows:
        await client.get(path, params={"limit": 3}, headers=reviewer)
    assert len(one_row) == len(three_rows)


async def test_outlets_are_found_without_accents(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage
) -> None:
    for place, name in enumerate(("Báo Sóng Xanh", "Đài Hải Đăng")):
        await applied(client, stage, place, outlet={"name": name, "kind": "radio", "country": "VN"})
    found = (await client.get("/api/v1/outlets", params={"q": "hai dang"}, headers=reviewer)).json()
    assert [(one["name"], one["kind"]) for one in found["items"]] == [("Đài Hải Đăng", "radio")]


async def test_approving_twice_is_refused_and_changes_nothing(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, database: Database
) -> None:
    number = await applied(client, stage)
    assert (await decide(client, reviewer, number, to_state="approved", zones=["A"])).status_code == 200
    again = await decide(client, reviewer, number, to_state="approved", zones=["A", "B"])
    assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
    async with database.session() as session:
        (kept,) = await session.scalars(select(Application))
        steps = await session.scalar(select(func.count()).select_from(Decision))
    assert (kept.state, kept.zones_granted, steps) == (State.APPROVED, ["A"], 2)


async def test_two_reviewers_at_once_decide_once(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, database: Database
) -> None:
    number = await applied(client, stage)
    answers = await asyncio.gather(
        *(decide(client, reviewer, number, to_state="approved", zones=["A"]) for _ in range(4)),
        *(decide(client, reviewer, number, to_state="rejected", reason=REASON) for _ in range(4)),
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"illegal_move"}
    async with database.session() as session:
        assert await session.scalar(select(func.count()).select_from(Decision)) == 2


FACTS: dict[State, dict[str, Any]] = {
    State.APPROVED: {"zones": ["A"]},
    State.APPROVED_WITH_CONDITIONS: {"zones": ["A"], "reason": REASON},
}
WAYS: dict[State, tuple[State, ...]] = {
    State.SUBMITTED: (),
    State.IN_REVIEW: (State.IN_REVIEW,),
    State.NEEDS_INFORMATION: (State.NEEDS_INFORMATION,),
    State.WAITLISTED: (State.WAITLISTED,),
    State.APPROVED: (State.APPROVED,),
    State.APPROVED_WITH_CONDITIONS: (State.APPROVED_WITH_CONDITIONS,),
    State.REJECTED: (State.REJECTED,),
    State.REVOKED: (State.APPROVED, State.REVOKED),
}
BY_JOURNALIST = {State.DRAFT, State.SUBMITTED, State.WITHDRAWN}


@pytest.mark.parametrize("start", WAYS)
async def test_only_the_moves_of_the_table_are_possible(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, database: Database, start: State
) -> None:
    number = await applied(client, stage)
    for step in WAYS[start]:
        answer = await decide(client, reviewer, number, to_state=step, **FACTS.get(step, {"reason": REASON}))
        assert answer.status_code == 200
    allowed = APPLICATION_MOVES[start] - BY_JOURNALIST
    for wanted in State:
        if wanted not in allowed:
            facts = FACTS.get(wanted, {"reason": REASON})
            answer = await decide(client, reviewer, number, to_state=wanted, **facts)
            assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move"), wanted
    async with database.session() as session:
        (kept,) = await session.scalars(select(Application))
    assert kept.state == start


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"to_state": "approved"}, "/zones"),
        ({"to_state": "approved", "zones": ["Z"]}, "/zones"),
        ({"to_state": "approved", "zones": ["A", "Z"]}, "/zones"),
        ({"to_state": "approved_with_conditions", "zones": ["A"]}, "/reason"),
        ({"to_state": "approved_with_conditions", "reason": REASON}, "/zones"),
        ({"to_state": "rejected"}, "/reason"),
        ({"to_state": "rejected", "reason": " \n "}, "/reason"),
        ({"to_state": "rejected", "reason": "x\0"}, "/reason"),
        ({"to_state": "needs_information"}, "/reason"),
        ({"to_state": "waitlisted"}, "/reason"),
        ({"to_state": "agreed"}, "/to_state"),
        ({"to_state": "approved", "zones": ["A"] * 51}, "/zones"),
        ({"to_state": "approved", "zones": ["A"], "by": "me"}, "/by"),
    ],
)
async def test_a_decision_that_lacks_something_is_pointed_at(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, body: dict[str, Any], pointer: str
) -> None:
    number = await applied(client, stage)
    answer = await decide(client, reviewer, number, **body)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [pointer])


async def test_revoking_ends_the_pass_in_the_same_step(
    client: httpx.AsyncClient, admin: dict[str, str], stage: Stage, database: Database
) -> None:
    number = await applied(client, stage)
    early = await client.post(f"/api/v1/applications/{number}/pass", headers=admin)
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
    await decide(client, admin, number, to_state="approved_with_conditions", zones=["B", "A"], reason=REASON)
    issued = (await client.post(f"/api/v1/applications/{number}/pass", headers=admin)).json()
    assert (issued["zones"], issued["category"], issued["holder_name"]) == (["A", "B"], "press", "Nguyễn Thị Biển")
    assert (await client.post(f"/api/v1/applications/{number}/pass", headers=admin)).json()["id"] == issued["id"]
    ground = "Tác nghiệp ngoài khu vực được cấp."
    revoked = (await decide(client, admin, number, to_state="revoked", reason=ground)).json()
    assert (revoked["state"], revoked["zones_granted"]) == ("revoked", [])
    async with database.session() as session:
        (kept,) = await session.scalars(select(EntryPass))
    assert (kept.state, kept.state_ground, kept.state_authority) == (PassState.REVOKED, ground, "Sở Thử nghiệm")
    assert kept.list_version == issued["list_version"] + 1


async def test_a_pass_replaced_while_it_is_revoked_does_not_survive(
    client: httpx.AsyncClient, admin: dict[str, str], stage: Stage, database: Database
) -> None:
    for number in range(6):
        application = await applied(client, stage, number)
        await decide(client, admin, application, to_state="approved", zones=["A"])
        issued = (await client.post(f"/api/v1/applications/{application}/pass", headers=admin)).json()
        replaced, revoked = await asyncio.gather(
            client.post(f"/api/v1/passes/{issued['id']}/replace", json={"ground": "Mất thẻ"}, headers=admin),
            decide(client, admin, application, to_state="revoked", reason=REASON),
        )
        assert revoked.status_code == 200
        assert replaced.status_code in (201, 409)
    async with database.session() as session:
        states = set(await session.scalars(select(col(EntryPass.state))))
    assert states <= {PassState.REPLACED, PassState.REVOKED}


async def test_decisions_are_never_changed(
    client: httpx.AsyncClient, reviewer: dict[str, str], stage: Stage, database: Database
) -> None:
    await decide(client, reviewer, await applied(client, stage), to_state="rejected", reason=REASON)
    for statement in ("UPDATE decision SET reason = ''", "DELETE FROM decision"):
        with pytest.raises(DBAPIError, match="append-only"):
            async with database.transaction() as session:
                await session.execute(text(statement))


async def test_permission_of_another_organisation_opens_nothing(
    client: httpx.AsyncClient, stage: Stage, database: Database
) -> None:
    number = await applied(client, stage)
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
    form = {"username": "khac@example.vn", "password": PASSWORD}
    token = (await client.post("/api/v1/token", data=form)).json()["access_token"]
    stranger = {"Authorization": f"Bearer {token}"}
    for answer in (
        await client.get(f"/api/v1/applications/{number}", headers=stranger),
        await client.get(f"/api/v1/events/{stage.event_id}/applications", headers=stranger),
        await decide(client, stranger, number, to_state="approved", zones=["A"]),
        await client.post(f"/api/v1/applications/{number}/pass", headers=stranger),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_an_organiser_sees_and_does_not_decide(
    client: httpx.AsyncClient, sign_in_as: SignInAs, stage: Stage
) -> None:
    organiser = await sign_in_as(Role.ORGANISER)
    number = await applied(client, stage)
    assert (await client.get(f"/api/v1/applications/{number}", headers=organiser)).status_code == 200
    assert (await decide(client, organiser, number, to_state="approved", zones=["A"])).status_code == 403
