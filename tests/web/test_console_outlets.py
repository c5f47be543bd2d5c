"""The register of outlets over HTTP: found, changed, named, merged; and delegations."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from service.domain.accreditation import Delegation, Outlet
from service.domain.audit import AuditEntry
from service.store import outlets as store
from service.store.database import Database
from service.usecases import accounts, audit
from tests import press_story
from tests.conftest import NOW, PASSWORD
from tests.press_story import PressStory
from tests.web.browsing import browser, errors_of, rows_of, sign_in, text_of

__all__ = ["browser"]
LIST = "/console/outlets"


@pytest.fixture
async def story(database: Database) -> PressStory:
    async with database.transaction() as session:
        return await press_story.open_press(session)


async def make(database: Database, name: str, *people: int) -> Outlet:
    async with database.transaction() as session:
        outlet = await press_story.make_outlet(session, name)
        for number in people:
            await press_story.make_journalist(session, number, outlet=outlet.id)
    return outlet


async def test_the_register_is_searched_by_any_name(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    wave = await make(database, "Báo Sóng Xanh", 1, 2)
    await make(database, "Đài Biển Khơi")
    await sign_in(browser, story.emails["organiser"])
    page = await browser.get(LIST)
    assert rows_of(page, "<table")[0] == ["Báo Sóng Xanh", "Báo in", "VN", "2", "0"]
    assert 'aria-current="page"' in page.text.split("/console/outlets", 1)[1][:60]
    added = await browser.post(f"{LIST}/{wave.id}/names", data={"alias": "BSX"})
    assert (added.status_code, added.headers["location"]) == (303, f"{LIST}/{wave.id}?news=named#names")
    found = await browser.get(LIST, params={"q": "bsx"})
    assert [row[0] for row in rows_of(found, "<table")] == ["Báo Sóng Xanh"]
    nothing = await browser.get(LIST, params={"q": "không có"})
    assert "Không có cơ quan phù hợp" in nothing.text


async def test_facts_are_changed_and_what_is_wrong_comes_back_with_all_that_was_typed(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    outlet = await make(database, "Báo Sóng Xanh", 1)
    await make(database, "Đài Biển Khơi")
    await sign_in(browser, story.emails["organiser"])
    here = f"{LIST}/{outlet.id}"
    typed = {"name": "…", "kind": "online", "country": "Việt Nam", "languages": "vietnamese", "host_broadcaster": "yes"}
    page = await browser.post(here, data=typed)
    assert (page.status_code, set(errors_of(page))) == (422, {"name", "country", "languages"})
    assert 'value="vietnamese"' in page.text
    assert 'name="host_broadcaster" value="yes" checked' in page.text
    page = await browser.post(here, data={**typed, "country": "vn", "languages": "en, vi", "name": "dai bien khoi"})
    assert (page.status_code, set(errors_of(page))) == (409, {"name"})
    assert "Đài Biển Khơi đang dùng tên này" in text_of(page)
    assert 'value="dai bien khoi"' in page.text
    done = await browser.post(here, data={**typed, "country": "vn", "languages": "en, vi", "name": "Sóng Xanh"})
    assert done.headers["location"] == f"{here}?news=saved"
    page = await browser.get(done.headers["location"])
    assert "Đã lưu thông tin" in page.text
    assert "Báo Sóng Xanh" in page.text.split('id="names"', 1)[1]
    async with database.session() as session:
        kept = await session.get_one(Outlet, outlet.id)
        assert (kept.country, kept.languages, kept.host_broadcaster) == ("VN", ["en", "vi"], True)
        (alias,) = await store.list_aliases(session, outlet.id)
    removed = await browser.post(f"{here}/names/{alias.id}/remove")
    assert removed.headers["location"] == f"{here}?news=unnamed#names"
    page = await browser.post(f"{here}/names", data={"alias": " "})
    assert (page.status_code, set(errors_of(page))) == (422, {"alias"})


async def test_focal_points_are_named_and_ended_and_that_people_were_seen_is_kept(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    outlet = await make(database, "Báo Sóng Xanh", 1, 2)
    await sign_in(browser, story.emails["organiser"])
    here = f"{LIST}/{outlet.id}"
    page = await browser.get(here)
    assert [row[0] for row in rows_of(page, 'id="people"')] == ["Nguyễn Thị Biển 1", "Nguyễn Thị Biển 2"]
    action = page.text.split('id="people"', 1)[1].split('action="', 1)[1].split('"', 1)[0]
    assert (await browser.post(action)).headers["location"] == f"{here}?news=focal_point#people"
    page = await browser.get(here)
    assert "Đầu mối" in rows_of(page, 'id="people"')[0][2]
    assert (await browser.post(f"{action}/end")).status_code == 303
    assert (await browser.post(f"{action}/end")).status_code == 404
    async with database.session() as session:
        seen = await session.scalars(select(AuditEntry).where(col(AuditEntry.noun) == "outlet"))
        assert [one.details.get("people") for one in seen if one.action == "viewed"] == [2, 2]


async def test_merging_says_first_what_moves(browser: httpx.AsyncClient, database: Database, story: PressStory) -> None:
    wave, radio = await make(database, "Báo Sóng Xanh", 1, 2), await make(database, "Đài Biển Khơi")
    await sign_in(browser, story.emails["organiser"])
    here = f"{LIST}/{wave.id}"
    page = await browser.get(here, params={"into_q": "bien"})
    assert f"into={radio.id}#merge" in page.text
    page = await browser.get(here, params={"into": str(radio.id)})
    told = text_of(page).split("Hợp nhất vào cơ quan khác", 1)[1]
    assert "Báo Sóng Xanh trở thành một phần của Đài Biển Khơi" in told
    assert "2 người chuyển sang" in told
    done = await browser.post(f"{here}/merge", data={"into": str(radio.id)})
    assert done.headers["location"] == f"{LIST}/{radio.id}?news=merged"
    assert "Báo Sóng Xanh" in (await browser.get(done.headers["location"])).text.split('id="names"', 1)[1]
    page = await browser.get(here)
    assert ("Đã hợp nhất vào Đài Biển Khơi" in page.text, '<form class="panel' in page.text) == (True, False)
    assert (await browser.post(f"{here}/merge", data={"into": str(radio.id)})).status_code == 409
    assert (await browser.get(f"{LIST}/{radio.id}", params={"into": str(wave.id)})).status_code == 409


async def test_who_keeps_no_register_does_not_see_it(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    outlet = await make(database, "Báo Sóng Xanh", 1)
    for email in ("reviewer", "security"):
        await sign_in(browser, story.emails[email])
        for address in (LIST, f"{LIST}/{outlet.id}"):
            assert (await browser.get(address)).status_code == 403
        assert (await browser.post(f"{LIST}/{outlet.id}/merge", data={"into": str(outlet.id)})).status_code == 403


# Delegations ------------------------------------------------------------------------------------------------------

DELEGATIONS = "/console/delegations"


async def helper(database: Database, email: str = "thay@example.vn") -> None:
    async with database.transaction() as session:
        await accounts.add_staff(
            session, actor=audit.SYSTEM, email=email, name="Lê Thị Thay", password=PASSWORD, grants=[], now=NOW
        )


async def test_an_authority_delegates_and_the_delegate_sees_its_queue(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    await helper(database)
    async with database.transaction() as session:
        await press_story.make_submitted(session, story)
    await sign_in(browser, "thay@example.vn")
    assert (await browser.get("/console/accreditation")).status_code == 403
    await sign_in(browser, story.emails["host"])
    form = {
        "organisation_id": str(story.bodies["host"].id),
        "email": "Thay@example.vn",
        "since": "23/11/2026",
        "until": "22/12/2026",
        "reason": "Đi công tác.",
    }
    done = await browser.post(DELEGATIONS, data=form)
    assert done.headers["location"] == f"{DELEGATIONS}?news=given"
    page = await browser.get(done.headers["location"])
    (row,) = rows_of(page, "<table")
    assert (row[0], row[2], row[4]) == ("Lê Thị Thay thay@example.vn", "23/11/2026 – 22/12/2026", "Đi công tác.")
    await sign_in(browser, "thay@example.vn")
    queue = await browser.get("/console/accreditation")
    assert "Nguyễn Thị Biển 1" in queue.text
    # Whoever has it by delegation can't delegate it further.
    assert (await browser.get(DELEGATIONS)).status_code == 403
    async with database.session() as session:
        kept = (await session.scalars(select(Delegation))).one()
    await sign_in(browser, story.emails["security"])
    assert (await browser.post(f"{DELEGATIONS}/{kept.id}/end")).status_code == 403
    assert "Lê Thị Thay" not in (await browser.get(DELEGATIONS)).text
    await sign_in(browser, story.emails["host"])
    assert (await browser.post(f"{DELEGATIONS}/{kept.id}/end")).status_code == 303
    await sign_in(browser, "thay@example.vn")
    assert (await browser.get("/console/accreditation")).status_code == 403


async def test_a_delegation_that_cannot_be_comes_back(
    browser: httpx.AsyncClient, database: Database, story: PressStory
) -> None:
    await helper(database)
    await sign_in(browser, story.emails["security"])
    day = (NOW + timedelta(days=40)).strftime("%d/%m/%Y")
    form = {"organisation_id": str(story.bodies["security"].id), "email": "thay@example.vn", "since": "23/11/2026"}
    page = await browser.post(DELEGATIONS, data=form | {"email": "", "since": "mai"})
    assert (page.status_code, set(errors_of(page))) == (422, {"email", "since", "until", "reason"})
    page = await browser.post(DELEGATIONS, data=form | {"until": day, "reason": "Nghỉ phép dài"})
    assert (page.status_code, errors_of(page)) == (422, {"until": "Ủy quyền không quá 30 ngày"})
    assert 'value="Nghỉ phép dài"' in page.text
    form |= {"until": "30/11/2026", "reason": "Nghỉ phép"}
    page = await browser.post(DELEGATIONS, data=form | {"email": "khong.co@example.vn"})
    assert (page.status_code, list(errors_of(page))) == (422, ["email"])
    page = await browser.post(DELEGATIONS, data=form | {"email": story.emails["press_management"]})
    assert (page.status_code, list(errors_of(page))) == (409, ["email"])
    assert "Sự kiện Thử: không ai đảm nhiệm hai vai" in text_of(page)
    other = form | {"organisation_id": str(story.bodies["host"].id)}
    assert (await browser.post(DELEGATIONS, data=other)).status_code == 403
