"""Keys and revocations over HTTP: rotating, striking in two steps, issuing anew, and what the doors knew."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.door import Device
from service.domain.events import Event
from service.domain.passes import Category, EntryPass, PassState, SigningKey
from service.store import events as event_store
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import audit, passes, revocations
from service.usecases.passes import Wish
from tests.conftest import NOW, SECRET
from tests.web.browsing import browser, counted, errors_of, rows_of, send, sign_in, story, text_of
from tests.web.page_story import ORGANISER, OUTSIDER, REVIEWER, Story

__all__ = ["browser", "story"]
VAULT = Vault(SECRET)
EARLIER = NOW - timedelta(hours=2)


@pytest.fixture
def address(story: Story) -> str:
    return f"/console/events/{story.summit}/keys"


async def the_key(database: Database, story: Story) -> SigningKey:
    async with database.session() as session:
        keys = await session.scalars(select(SigningKey).where(SigningKey.event_id == story.summit))
        return next(iter(keys))


async def passes_of(database: Database, story: Story) -> dict[str, list[str]]:
    """The states of the passes of each holder, the oldest first."""
    async with database.session() as session:
        rows = await session.scalars(select(EntryPass).where(EntryPass.event_id == story.summit).order_by(EntryPass.id))
        found: dict[str, list[str]] = {}
        for one in rows:
            found.setdefault(one.holder_name, []).append(one.state.value)
    return found


async def issue(database: Database, story: Story, number: int) -> list[EntryPass]:
    async with database.transaction() as session:
        event = await event_store.get(session, Event, story.summit, "event")
        return await passes.issue_many(
            session,
            event=event,
            wishes=[Wish(f"Khách {n}", "", Category.GUEST, ("A",)) for n in range(number)],
            actor=audit.staff(story.everywhere),
            vault=VAULT,
            now=NOW,
        )


async def end(
    database: Database, story: Story, ended: list[EntryPass], state: PassState = PassState.REVOKED, now: datetime = NOW
) -> None:
    async with database.transaction() as session:
        for one in ended:
            await passes.move_pass(
                session,
                access=story.everywhere,
                pass_id=one.id,
                to_state=state,
                ground="Báo mất thẻ",
                authority="Lễ tân",
                now=now,
            )


# Keys --------------------------------------------------------------------------------------------------------


async def test_a_new_key_signs_and_the_older_one_keeps_its_passes(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    key = await the_key(database, story)
    page = await browser.get(address)
    assert rows_of(page, 'id="keys"') == [[key.kid, "Đang ký thẻ mới", "23/11/2026, 09:00", "2", f"Hủy khóa {key.kid}"]]
    assert 'data-confirm="rotate-dialog"' in page.text
    rotated = await send(browser, f"{address}/rotate")
    assert (rotated.status_code, rotated.headers["location"]) == (303, f"{address}?done=rotated")
    page = await browser.get(f"{address}?done=rotated")
    assert [row[1::2] for row in rows_of(page, 'id="keys"')] == [["Chỉ xác nhận thẻ cũ", "2"], ["Đang ký thẻ mới", "0"]]
    assert "Từ nay ký bằng khóa mới." in text_of(page)


async def test_striking_asks_for_the_reason_then_whether_it_is_to_be_and_ends_the_passes(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    key = await the_key(database, story)
    strike = f"/console/keys/{key.id}/strike"
    asked = await browser.get(strike)
    assert (asked.status_code, "2 thẻ hết hiệu lực ngay" in text_of(asked)) == (200, True)
    for form in ({}, {"reason": "  "}, {"reason": "", "sure": "yes"}, {"reason": "a\u202eb", "sure": "yes"}):
        wrong = await send(browser, strike, **form)
        assert (wrong.status_code, list(errors_of(wrong))) == (422, ["reason"]), form
    sure = await send(browser, strike, reason="Lộ khóa <bí mật>")
    assert (sure.status_code, "Hủy khóa và thu hồi 2 thẻ" in text_of(sure)) == (200, True)
    assert '<input type="hidden" name="reason" value="Lộ khóa &lt;bí mật&gt;">' in sure.text
    assert set().union(*(await passes_of(database, story)).values()) == {"active"}
    done = await send(browser, strike, reason="Lộ khóa <bí mật>", sure="yes")
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?done=struck")
    page = await browser.get(address)
    assert [row[1::2] for row in rows_of(page, 'id="keys"')] == [
        ["Đã hủy 23/11/2026, 09:00", "0"],
        ["Đang ký thẻ mới", "0"],
    ]
    assert [row[1:4] for row in rows_of(page, 'id="revocations"')] == [
        ["Đã thu hồi", "Lộ khóa <bí mật>", "Sở Thử nghiệm"]
    ] * 2
    assert (await browser.get(strike)).status_code == 409
    assert (await send(browser, strike, reason="Lộ khóa", sure="yes")).status_code == 409


async def test_the_holders_of_a_struck_key_get_new_passes_once(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    key = await the_key(database, story)
    gone = await issue(database, story, 1)
    await end(database, story, gone, now=EARLIER)
    reissue = f"{address}/{key.id}/reissue"
    assert (await send(browser, reissue)).status_code == 409
    await send(browser, f"/console/keys/{key.id}/strike", reason="Lộ khóa", sure="yes")
    page = await browser.get(address)
    assert f"2 người mất thẻ do khóa {key.kid} bị hủy" in text_of(page)
    assert (f'action="{reissue}"' in page.text, "Cấp thẻ mới cho 2 người" in page.text) == (True, True)
    issued = await send(browser, reissue)
    assert (issued.status_code, issued.headers["location"]) == (303, f"{address}?issued=2")
    page = await browser.get(issued.headers["location"])
    assert ("Đã cấp 2 thẻ mới." in text_of(page), reissue in page.text) == (True, False)
    assert [row[3] for row in rows_of(page, 'id="keys"')] == ["0", "2"]
    assert await passes_of(database, story) == {
        "Trần Thị Ánh Mẫu": ["revoked", "active"],
        "Đoàn Thí Dụ": ["revoked", "active"],
        "Khách 0": ["revoked"],
    }
    assert (await send(browser, reissue)).headers["location"] == f"{address}?issued=0"


# Revocations and doors ---------------------------------------------------------------------------------------


async def test_the_list_says_what_ended_the_latest_first_fifty_at_a_time(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    ended = await issue(database, story, 53)
    await end(database, story, ended[:52])
    await end(database, story, ended[52:], PassState.SUSPENDED)
    page = await browser.get(address)
    told = text_of(page)
    assert ("Bản 56, ban hành 23/11/2026, 09:00" in told, "Tạm dừng 1 Đã thu hồi 52 Đã thay thẻ khác 0" in told) == (
        True,
        True,
    )
    rows = rows_of(page, 'id="revocations"')
    assert (len(rows), rows[0]) == (50, [ended[52].serial, "Tạm dừng", "Báo mất thẻ", "Lễ tân", "56"])
    assert f'href="/console/events/{story.summit}/passes?q={ended[52].serial}"' in page.text
    (older,) = re.findall(r'href="([^"]+)" rel="next"', page.text)
    second = await browser.get(older)
    assert [row[4] for row in rows_of(second, 'id="revocations"')] == ["6", "5", "4"]
    assert 'rel="prev"' in second.text


async def test_what_the_doors_knew_at_a_moment(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)
    async with database.transaction() as session:
        device = await session.scalar(select(Device))
        assert device is not None
        device.enrolled_at = EARLIER
    page = await browser.get(address)
    assert rows_of(page, 'id="doors"') == [["Máy cửa 1", "–", "Chưa có danh sách", "–", "chưa lần nào"]]
    async with database.transaction() as session:
        await revocations.fetch_list(
            session, device=device, event_id=story.summit, since=None, vault=VAULT, now=NOW - timedelta(minutes=5)
        )
    (gone,) = await issue(database, story, 1)
    await end(database, story, [gone])
    now = await browser.get(address, params={"on": "23/11/2026", "at": "09:00"})
    assert "Lúc 23/11/2026, 09:00 : bản 4 đang áp dụng, từ 23/11/2026, 09:00" in text_of(now)
    held = ["Máy cửa 1", "2", "Danh sách cũ", "23/11/2026, 08:55", "23/11/2026, 08:55"]
    assert rows_of(now, 'id="doors"') == [held]
    assert 'value="2026-11-23"' in now.text
    before = await browser.get(address, params={"on": "2026-11-23", "at": "08:54"})
    assert "Lúc 23/11/2026, 08:54 : chưa có danh sách." in text_of(before)
    assert rows_of(before, 'id="doors"')[0][1:3] == ["–", "Chưa có danh sách"]
    earliest = await browser.get(address, params={"on": "2026-11-22", "at": "08:54"})
    assert "Lúc đó chưa ghi danh thiết bị nào" in text_of(earliest)


async def test_a_moment_that_cannot_be_asked_about_is_told_at_its_field(
    browser: httpx.AsyncClient, address: str
) -> None:
    await sign_in(browser, ORGANISER)
    asked: list[tuple[str, str, set[str]]] = [
        ("32/13/2026", "09:00", {"on"}),
        ("2026-11-23", "25:00", {"at"}),
        ("", "09:00", {"on"}),
        ("2026-11-23", "", {"at"}),
        ("2026-11-23", "09:01", {"on"}),
        ("hôm qua", "chiều", {"on", "at"}),
    ]
    for on, at, fields in asked:
        page = await browser.get(address, params={"on": on, "at": at})
        assert (page.status_code, set(errors_of(page))) == (422, fields), (on, at)
        assert [f'value="{typed}"' in page.text for typed in (on, at)] == [True, True]
        assert rows_of(page, 'id="keys"')[0][3] == "2"


# Who may -----------------------------------------------------------------------------------------------------


async def test_a_reviewer_sees_keys_and_revocations_and_neither_doors_nor_buttons(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, REVIEWER)
    key = await the_key(database, story)
    page = await browser.get(address)
    assert (page.status_code, rows_of(page, 'id="keys"')) == (
        200,
        [[key.kid, "Đang ký thẻ mới", "23/11/2026, 09:00", "2"]],
    )
    assert re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page.text) == ["/console/sign-out"]
    assert ('id="doors"' in page.text, "Máy cửa 1" in page.text) == (False, False)
    strike = f"/console/keys/{key.id}/strike"
    assert (await browser.get(strike)).status_code == 403
    for path in (strike, f"{address}/rotate", f"{address}/{key.id}/reissue"):
        assert (await send(browser, path, reason="Lộ khóa", sure="yes")).status_code == 403, path
    assert (await the_key(database, story)).state.value == "active"


async def test_another_organisations_keys_are_closed(
    browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, OUTSIDER)
    key = await the_key(database, story)
    strike = f"/console/keys/{key.id}/strike"
    for path in (address, strike):
        answer = await browser.get(path)
        assert (answer.status_code, key.kid in answer.text) == (403, False), path
    for path in (strike, f"{address}/rotate", f"{address}/{key.id}/reissue"):
        assert (await send(browser, path, reason="Lộ khóa", sure="yes")).status_code == 403, path
    assert (await browser.get(f"/console/keys/{uuid4()}/strike")).status_code == 404
    assert set().union(*(await passes_of(database, story)).values()) == {"active"}


async def test_the_page_sends_as_many_queries_for_many_keys_and_passes_as_for_few(
    app: FastAPI, browser: httpx.AsyncClient, address: str, story: Story, database: Database
) -> None:
    await sign_in(browser, ORGANISER)

    async def number() -> int:
        with counted(app.state.database) as sent:
            assert (await browser.get(address)).status_code == 200
        return len(sent)

    few = await number()
    await end(database, story, await issue(database, story, 10))
    for _ in range(3):
        await send(browser, f"{address}/rotate")
    assert await number() == few
