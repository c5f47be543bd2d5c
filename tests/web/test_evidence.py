"""Opening the files of applications: who may, by which link, what is kept of it, and what the answer can't do."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import select

from service.domain.accounts import Access
from service.domain.accreditation import Application, Delegation, Evidence, EvidenceKind, Journalist, VerdictKind
from service.domain.audit import AuditEntry
from service.settings import Settings
from service.store import base64url
from service.store.database import Database
from service.usecases.accreditation import evidence
from tests.conftest import NOW, Clock
from tests.press_story import VAULT, PressStory, attach, make_journalist, make_submitted, open_press, open_session, say
from tests.web.browsing import browser, sign_in, text_of

__all__ = ["browser"]
KINDS = ("portrait", "press_card", "passport", "identity_card", "assignment_letter", "equipment_list")


@pytest.fixture
async def press(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await open_press(session)


@pytest.fixture
async def application(database: Database, press: PressStory) -> Application:
    """A domestic journalist's, with papers besides what its class asks."""
    async with database.transaction() as session:
        made, _ = await make_submitted(session, press)
        for kind in (EvidenceKind.PASSPORT, EvidenceKind.IDENTITY_CARD, EvidenceKind.EQUIPMENT_LIST):
            await attach(session, made, kind)
    return made


@pytest.fixture
async def file_ids(database: Database, application: Application) -> dict[str, UUID]:
    async with database.session() as session:
        found = await session.scalars(select(Evidence).where(Evidence.application_id == application.id))
        return {one.kind.value: one.id for one in found}


def link(evidence_id: UUID, access: Access) -> str:
    return evidence.link_of(evidence_id, access=access, secrets=VAULT, now=NOW)


async def openings(database: Database) -> list[AuditEntry]:
    async with database.session() as session:
        found = await session.scalars(select(AuditEntry).where(AuditEntry.noun == "evidence").order_by(AuditEntry.id))
        return list(found)


async def statuses(browser: httpx.AsyncClient, ids: dict[str, UUID], access: Access) -> dict[str, int]:
    return {kind: (await browser.get(link(ids[kind], access))).status_code for kind in KINDS}


# Who may ----------------------------------------------------------------------------------------------------------

OF_ROLE = {
    "press_management": {"press_card", "assignment_letter"},
    "host": {"equipment_list"},
    "security": {"portrait", "passport", "identity_card"},
    # Of another class's applications; has no review here.
    "foreign_ministry": set(),
    "organiser": {"portrait", "press_card", "assignment_letter", "equipment_list"},
    "reviewer": {"portrait", "press_card", "assignment_letter", "equipment_list"},
    "outsider": set(),
}


@pytest.mark.parametrize("role", OF_ROLE)
async def test_everybody_opens_what_their_part_needs(
    browser: httpx.AsyncClient, database: Database, press: PressStory, file_ids: dict[str, UUID], role: str
) -> None:
    await sign_in(browser, press.emails[role])
    access = press.desks[role] if role in press.desks else getattr(press, role)
    assert await statuses(browser, file_ids, access) == {kind: 200 if kind in OF_ROLE[role] else 403 for kind in KINDS}
    kept = await openings(database)
    assert {entry.details["kind"] for entry in kept} == OF_ROLE[role]
    assert {(entry.action, entry.actor_id) for entry in kept} <= {("opened", access.staff_id)}


async def test_every_opening_is_kept_with_its_kind_and_application(
    browser: httpx.AsyncClient,
    database: Database,
    press: PressStory,
    application: Application,
    file_ids: dict[str, UUID],
) -> None:
    await sign_in(browser, press.emails["security"])
    for _ in range(2):
        assert (await browser.get(link(file_ids["passport"], press.desks["security"]))).status_code == 200
    assert [
        (one.action, one.actor_id, one.object_id, one.event_id, one.details) for one in await openings(database)
    ] == [
        (
            "opened",
            press.desks["security"].staff_id,
            file_ids["passport"],
            press.event.id,
            {"kind": "passport", "application": str(application.id), "authority": "security"},
        )
    ] * 2


async def test_whoever_stepped_back_opens_nothing(
    browser: httpx.AsyncClient,
    database: Database,
    press: PressStory,
    application: Application,
    file_ids: dict[str, UUID],
) -> None:
    async with database.transaction() as session:
        await say(session, press, application, "press_management", VerdictKind.ABSTAIN)
    await sign_in(browser, press.emails["press_management"])
    answer = await browser.get(link(file_ids["press_card"], press.desks["press_management"]))
    assert (answer.status_code, "không tham gia" in text_of(answer).lower()) == (409, True)
    assert await openings(database) == []


async def test_somebody_to_whom_a_desk_was_lent_opens_its_files_as_long_as_it_holds(
    browser: httpx.AsyncClient, database: Database, press: PressStory, file_ids: dict[str, UUID], clock: Clock
) -> None:
    lent = press.desks["foreign_ministry"]
    async with database.transaction() as session:
        session.add(
            Delegation(
                organisation_id=press.bodies["security"].id,
                staff_id=lent.staff_id,
                given_by_id=press.desks["security"].staff_id,
                since=NOW - timedelta(hours=1),
                until=NOW + timedelta(minutes=5),
            )
        )
    await sign_in(browser, press.emails["foreign_ministry"])
    address = link(file_ids["passport"], lent)
    assert (await browser.get(address)).status_code == 200
    clock.at = NOW + timedelta(minutes=5)
    assert (await browser.get(address)).status_code == 403


# The link ---------------------------------------------------------------------------------------------------------


async def test_a_link_opens_for_ten_minutes_and_then_says_where_to_open_the_file_again(
    browser: httpx.AsyncClient,
    database: Database,
    press: PressStory,
    application: Application,
    file_ids: dict[str, UUID],
    clock: Clock,
) -> None:
    await sign_in(browser, press.emails["reviewer"])
    address = link(file_ids["portrait"], press.reviewer)
    clock.at = NOW + timedelta(minutes=10, seconds=-1)
    assert (await browser.get(address)).status_code == 200
    clock.at = NOW + timedelta(minutes=10)
    late = await browser.get(address)
    assert (late.status_code, "Đường liên kết đã hết hạn" in text_of(late)) == (410, True)
    assert f'href="/console/applications/{application.id}"' in late.text
    assert len(await openings(database)) == 1


async def test_an_old_link_tells_nothing_to_whoever_may_not_see_the_file(
    browser: httpx.AsyncClient, press: PressStory, file_ids: dict[str, UUID], clock: Clock
) -> None:
    await sign_in(browser, press.emails["outsider"])
    clock.at = NOW + timedelta(hours=1)
    assert (await browser.get(link(file_ids["portrait"], press.outsider))).status_code == 403


async def test_a_link_of_somebody_else_or_of_nobody_opens_nothing(
    browser: httpx.AsyncClient, database: Database, press: PressStory, file_ids: dict[str, UUID]
) -> None:
    await sign_in(browser, press.emails["reviewer"])
    own = link(file_ids["portrait"], press.reviewer)
    path, _, mark = own.partition("?t=")
    raw = base64url.decode(mark)
    longer = base64url.encode((int.from_bytes(raw[:6], "big") + 60).to_bytes(6, "big") + raw[6:])
    forged = [
        link(file_ids["portrait"], press.organiser),
        f"/console/evidence/{file_ids['press_card']}?t={mark}",
        f"{path}?t={longer}",
        f"{path}?t={mark}==",
        f"{path}?t={mark[:-2]}",
        f"{path}?t=%C4%90",
        f"{path}?t=",
        path,
        link(uuid4(), press.reviewer),
    ]
    assert [(await browser.get(address)).status_code for address in forged] == [404] * len(forged)
    assert await openings(database) == []
    assert (await browser.get(own)).status_code == 200


async def test_a_link_needs_its_person_signed_in(
    browser: httpx.AsyncClient, press: PressStory, file_ids: dict[str, UUID]
) -> None:
    answer = await browser.get(link(file_ids["portrait"], press.reviewer))
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/console/sign-in")


# The answer -------------------------------------------------------------------------------------------------------


async def test_a_file_can_be_looked_at_and_do_nothing(
    browser: httpx.AsyncClient, database: Database, press: PressStory, file_ids: dict[str, UUID]
) -> None:
    async with database.transaction() as session:
        kept = await session.get_one(Evidence, file_ids["portrait"])
        kept.name = 'Ảnh "chân dung".jpg'
    await sign_in(browser, press.emails["reviewer"])
    answer = await browser.get(link(file_ids["portrait"], press.reviewer))
    told = {
        name: answer.headers[name]
        for name in ("content-type", "cache-control", "x-content-type-options", "content-security-policy")
    }
    assert told == {
        "content-type": "image/jpeg",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    assert answer.headers["content-disposition"] == (
        "inline; filename=\"_nh _ch_n dung_.jpg\"; filename*=UTF-8''%E1%BA%A2nh%20%22ch%C3%A2n%20dung%22.jpg"
    )
    assert Image.open(io.BytesIO(answer.content)).size == (480, 640)


# The owner's side -------------------------------------------------------------------------------------------------


@pytest.fixture
async def portal(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "vi"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def test_journalists_open_their_own_files_and_no_others(
    portal: httpx.AsyncClient,
    database: Database,
    settings: Settings,
    press: PressStory,
    application: Application,
    file_ids: dict[str, UUID],
) -> None:
    async with database.transaction() as session:
        owner = await session.get_one(Journalist, application.journalist_id)
        other = await make_journalist(session, 2)
        tokens = [await open_session(session, one, settings) for one in (owner, other)]
    address = f"/press/evidence/{file_ids['passport']}"
    found = [(await portal.get(address, headers={"Cookie": f"biendao_press={token}"})).status_code for token in tokens]
    assert found == [200, 404]
    assert (await portal.get(address)).headers["location"].split("?")[0] == "/press/sign-in"


async def test_a_tick_keeps_who_looked_at_the_original(
    database: Database, press: PressStory, file_ids: dict[str, UUID]
) -> None:
    access = press.desks["press_management"]
    async with database.transaction() as session:
        await evidence.tick_seen(session, access=access, evidence_id=file_ids["press_card"], now=NOW)
    async with database.session() as session:
        kept = await session.get_one(Evidence, file_ids["press_card"])
        assert (kept.seen_by_id, kept.seen_at) == (access.staff_id, NOW)
    (entry,) = await openings(database)
    assert (entry.action, entry.details["authority"]) == ("ticked", "press_management")
