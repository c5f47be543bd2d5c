"""The public check over HTTP: three answers, and nothing about anybody."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from service.domain.accounts import Organisation
from service.domain.codes import read_human_code
from service.web.pages import Pages
from tests import factories
from tests.conftest import NOW, Clock
from tests.factories import JSON, Headers, Stage

GROUND = {"ground": "Mất thẻ", "authority": "Ban tổ chức"}
VALID, NOT_VALID, CANNOT_TELL = "Có hiệu lực", "Không có hiệu lực", "Chưa xác định được"


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, without any sign-in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "vi"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def ask(browser: httpx.AsyncClient, code: str) -> tuple[int, str]:
    """The status, and the answer in words."""
    page = await browser.post("/check", data={"code": code})
    return page.status_code, heading(page)


def heading(page: httpx.Response) -> str:
    return html.unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", page.text)[0])


def typed(page: httpx.Response) -> str:
    return html.unescape(re.findall(r'name="code" type="text" value="([^"]*)"', page.text)[0])


async def issue(client: httpx.AsyncClient, admin: Headers, stage: Stage, **facts: object) -> JSON:
    return await factories.issue_pass(client, admin, stage.event_id, **facts)


def forged(code: str) -> str:
    """The same with another signature, in the only way in which its letters may be written."""
    head, payload, signature = code.split(".")
    return f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


async def test_a_good_pass_is_valid_by_both_of_its_codes(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage, daily_from="07:00", daily_to="12:00")
    human = one["human_code"]
    for code in (one["code"], f" {one['code']}\r\n", human, human.lower(), f"{human[:5]} {human[5:]}"):
        assert await ask(browser, code) == (200, VALID)


@pytest.mark.parametrize(
    "facts",
    [
        {"valid_days": ["2026-11-22", "2026-11-24"]},
        {"daily_from": "10:00", "daily_to": "12:00"},
        {"valid_from": "2026-11-24T00:00:00+07:00"},
        {"valid_from": "2026-11-20T00:00:00+07:00", "valid_until": "2026-11-22T00:00:00+07:00"},
    ],
)
async def test_a_pass_of_another_time_is_not_valid(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, facts: JSON
) -> None:
    one = await issue(client, admin, stage, **facts)
    assert [await ask(browser, one[code]) for code in ("code", "human_code")] == [(200, NOT_VALID)] * 2


async def test_a_pass_expires_under_the_eyes_of_who_asks(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, clock: Clock
) -> None:
    one = await issue(client, admin, stage)
    before = await ask(browser, one["code"])
    clock.at = NOW + timedelta(days=5)
    assert (before, await ask(browser, one["code"])) == ((200, VALID), (200, NOT_VALID))


@pytest.mark.parametrize("step", ["revoke", "suspend", "replace"])
async def test_a_pass_that_was_taken_back_is_not_valid(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, step: str
) -> None:
    one = await issue(client, admin, stage)
    await factories.post(client, f"/passes/{one['id']}/{step}", GROUND, admin)
    assert [await ask(browser, one[code]) for code in ("code", "human_code")] == [(200, NOT_VALID)] * 2


async def test_a_pass_of_a_cancelled_event_is_not_valid(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    assert await ask(browser, one["code"]) == (200, VALID)
    await factories.post(client, f"/events/{stage.event_id}/state", {"state": "cancelled"}, admin)
    assert await ask(browser, one["code"]) == (200, NOT_VALID)


async def test_a_struck_key_ends_its_passes_here_too(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    (key,) = (await client.get(f"/api/v1/events/{stage.event_id}/keys", headers=admin)).json()
    await factories.post(client, f"/keys/{key['id']}/strike", {"reason": "Lộ khóa", "confirm": True}, admin)
    assert await ask(browser, one["code"]) == (200, NOT_VALID)


async def test_what_is_forged_is_not_valid_and_what_is_not_whole_cannot_be_told(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    human = one["human_code"]
    mistyped = human[:-1] + ("0" if human[-1] != "0" else "1")
    unknown = "0000000000"
    assert (read_human_code(mistyped), read_human_code(unknown)) == (None, unknown)
    assert await ask(browser, forged(one["code"])) == (200, NOT_VALID)
    assert await ask(browser, unknown) == (200, NOT_VALID)
    for code in (
        mistyped,
        human[:-1],
        one["code"][:-1],
        one["code"][1:],
        "https://example.vn/x",
        "đảo",
        "\0",
        "x" * 600,
    ):
        assert await ask(browser, code) == (200, CANNOT_TELL)


async def test_answers_tell_nothing_about_anybody(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, organisation: Organisation
) -> None:
    """Byte for byte: passes that have nothing in common get the same page, and so does every reason to refuse."""
    other = await factories.make_stage(client, admin, organisation, title_vi="Họp báo", kind="press_conference")
    good = [await issue(client, admin, stage), await issue(client, admin, other, heads=40, category="pupil")]
    late = await issue(client, admin, other, valid_days=["2026-11-26"], holder_name="Đoàn Thí Dụ")
    ended = await issue(client, admin, stage, native_name="陈海燕")
    await factories.post(client, f"/passes/{ended['id']}/revoke", GROUND, admin)
    for language in ("vi", "en"):
        tag = {"Accept-Language": language}

        async def answers(codes: list[str], tag: dict[str, str] = tag) -> set[str]:
            return {(await browser.post("/check", data={"code": code}, headers=tag)).text for code in codes}

        valid = await answers([*(one["code"] for one in good), good[0]["human_code"]])
        not_valid = await answers([late["code"], ended["code"], ended["human_code"], forged(good[0]["code"])])
        assert (len(valid), len(not_valid)) == (1, 1)
        assert not [one for one in ("Trần", "Hội nghị", "Sảnh", "Mất thẻ") for page in valid | not_valid if one in page]


async def test_what_cannot_be_told_stays_in_the_field(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await issue(client, admin, stage)
    wrong = await browser.post("/check", data={"code": '7k3"<b>'})
    right = await browser.post("/check", data={"code": one["human_code"]})
    assert (typed(wrong), "<b>" in wrong.text, typed(right)) == ('7k3"<b>', False, "")


async def test_nothing_asked_is_told_at_the_field(browser: httpx.AsyncClient) -> None:
    for data in ({}, {"code": "  "}):
        page = await browser.post("/check", data=data)
        assert (page.status_code, heading(page)) == (422, "Kiểm tra thẻ vào cổng")
        assert '<a href="#code">Nhập mã thẻ, hoặc quét bằng máy ảnh</a>' in page.text


async def test_thirty_checks_in_five_minutes_are_enough(
    client: httpx.AsyncClient, browser: httpx.AsyncClient, admin: Headers, stage: Stage, clock: Clock
) -> None:
    code = (await issue(client, admin, stage))["human_code"]
    asked = [(await ask(browser, code))[0] for _ in range(30)]
    page = await browser.post("/check", data={"code": code})
    assert (asked, page.status_code, page.headers["retry-after"]) == ([200] * 30, 429, "300")
    assert ("Chờ 5 phút rồi thử lại." in page.text, typed(page), VALID in page.text) == (True, code, False)
    clock.at = NOW + timedelta(minutes=5, seconds=1)
    assert await ask(browser, code) == (200, VALID)


async def test_the_page_may_read_with_the_camera_and_is_kept_nowhere(app: FastAPI, browser: httpx.AsyncClient) -> None:
    page = await browser.get("/check")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["content-security-policy"]
    assert "camera=(self)" in page.headers["permissions-policy"]
    assert "unsafe-eval" not in (await browser.get("/")).headers["content-security-policy"]
    pages: Pages = app.state.pages
    reader = await browser.get(pages.asset("node_modules/zxing-wasm/dist/reader/zxing_reader.wasm"))
    assert (reader.status_code, reader.headers["content-type"]) == (200, "application/wasm")
    assert reader.content[:4] == b"\0asm"
    assert "immutable" in reader.headers["cache-control"]


async def test_the_home_page_leads_to_the_check(browser: httpx.AsyncClient) -> None:
    assert 'href="/check"' in (await browser.get("/")).text
