"""A journalist's application in a real Chromium on a phone: the camera, cutting, large files, and every page."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, expect

from service.domain.accreditation import ApplicationState, VerdictKind
from service.store.database import Database
from service.web.clock import now
from service.web.security import PRESS_COOKIE
from tests.conftest import SECRET
from tests.journeys.looking import hear, open_window, walk
from tests.press_story import approve_all, begin, decide, make_journalist, make_submitted, open_press, open_session, say
from tests.serving import fresh_copy, running


@dataclass(frozen=True)
class Portal:
    """A service that runs; whose token opens which application."""

    address: str
    draft: tuple[str, str]
    asked: tuple[str, str]
    granted: tuple[str, str]
    refused: tuple[str, str]


@pytest.fixture(scope="module")
async def portal(postgres_url: str, template: str) -> AsyncIterator[Portal]:
    """One service for all tests of this file, with an application in each of the states that look different."""
    at = now()
    async with fresh_copy(postgres_url, template, "applications_in_a_browser") as url:
        database = Database(url)
        found: dict[str, tuple[str, str]] = {}
        async with database.transaction() as session:
            story = await open_press(session, now=at)
            owner = await make_journalist(session, 1, now=at)
            draft = await begin(session, story, owner, "visiting_foreign", now=at)
            found["draft"] = (f"/press/applications/{draft.id}", await open_session(session, owner, now=at))
            for number, state in enumerate(("asked", "granted", "refused"), 2):
                one, owner = await make_submitted(session, story, number, now=at)
                if state == "asked":
                    await say(session, story, one, "host", VerdictKind.ASK, fields=("assignment",), now=at)
                elif state == "granted":
                    await approve_all(session, story, one, now=at)
                    await decide(session, story, one, ApplicationState.APPROVED, now=at)
                else:
                    await decide(session, story, one, ApplicationState.REJECTED, now=at)
                found[state] = (f"/press/applications/{one.id}", await open_session(session, owner, now=at))
        await database.close()
        with running(url, workers=1, BIENDAO_SECRET_KEY=SECRET) as address:
            yield Portal(address, **found)


async def open_portal(chromium: Browser, portal: Portal, token: str, **more: Any) -> BrowserContext:
    """A window of the person whose session has this token."""
    window = await open_window(chromium, portal.address, "phone", **more)
    await window.add_cookies([{"name": PRESS_COOKIE, "value": token, "url": portal.address}])
    return window


async def test_every_page_of_an_application_stands(chromium: Browser, portal: Portal) -> None:
    pages = {
        portal.draft: ("", "/class", "/work", "/about", "/files/portrait", "/files/passport", "/check", "/withdraw"),
        portal.asked: ("", "/about"),
        portal.granted: ("",),
        portal.refused: ("", "/appeal"),
    }
    for (here, token), steps in pages.items():
        window = await open_portal(chromium, portal, token)
        assert await walk(await window.new_page(), *(here + step for step in steps)) == []
        await window.close()


async def test_a_photo_is_taken_moved_and_sent(chromium: Browser, portal: Portal) -> None:
    here, token = portal.draft
    window = await open_portal(chromium, portal, token, permissions=["camera"])
    page = await window.new_page()
    heard = hear(page)
    await page.goto(f"{here}/files/portrait")
    await page.get_by_role("button", name="Chụp bằng máy ảnh").click()
    await expect(page.locator("video")).to_be_visible()
    await page.get_by_role("button", name="Chụp", exact=True).click()
    canvas = page.locator("canvas")
    await expect(canvas).to_be_focused()
    before = await canvas.evaluate("one => one.toDataURL()")
    await page.keyboard.press("+")
    await page.keyboard.press("ArrowRight")
    assert await canvas.evaluate("one => one.toDataURL()") != before
    await page.get_by_role("button", name="Gửi tệp", exact=True).click()
    await page.wait_for_url(re.compile(f"{re.escape(here)}$"))
    await page.goto(f"{here}/files/portrait")
    source = await page.locator(".file-there img").get_attribute("src")
    assert source is not None
    content = await (await window.request.get(source)).body()
    assert (Image.open(BytesIO(content)).size, heard) == ((480, 640), [])
    await window.close()


async def test_the_part_of_a_chosen_photo_that_is_seen_is_sent(
    chromium: Browser, portal: Portal, tmp_path: Path
) -> None:
    here, token = portal.draft
    picture = Image.new("RGB", (1200, 800), "red")
    picture.paste("blue", (600, 0, 1200, 800))
    picture.save(tmp_path / "hai màu.png")
    window = await open_portal(chromium, portal, token)
    page = await window.new_page()
    await page.goto(f"{here}/files/portrait")
    await page.locator("#content").set_input_files(tmp_path / "hai màu.png")
    await page.locator("canvas").scroll_into_view_if_needed()
    box = await page.locator("canvas").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    await page.mouse.down()
    await page.mouse.move(box["x"] - 400, box["y"] + 40, steps=4)
    await page.mouse.up()
    await page.locator("form[enctype] button:not([type=button])").click()
    await page.wait_for_url(re.compile(f"{re.escape(here)}$"))
    await page.goto(f"{here}/files/portrait")
    source = await page.locator(".file-there img").get_attribute("src")
    assert source is not None
    sent = Image.open(BytesIO(await (await window.request.get(source)).body())).convert("RGB")
    # Dragged to the left as far as it goes, only the blue half of the picture is left.
    reds = [sent.getpixel((x, 320))[0] for x in (5, 240, 475)]  # type: ignore[index]
    assert (sent.size, max(reds) < 40) == ((480, 640), True)
    await expect(page.get_by_text("hai màu.jpg")).to_be_visible()
    await window.close()


@pytest.mark.parametrize("script", [True, False])
async def test_a_file_that_is_too_large_is_told_at_its_field(
    chromium: Browser, portal: Portal, tmp_path: Path, script: bool
) -> None:
    here, token = portal.draft
    (tmp_path / "lớn.pdf").write_bytes(b"%PDF-" + b"0" * (30 << 20))
    window = await open_portal(chromium, portal, token, java_script_enabled=script)
    page = await window.new_page()
    await page.goto(f"{here}/files/passport")
    await page.locator("#content").set_input_files(tmp_path / "lớn.pdf")
    await page.get_by_role("button", name="Gửi tệp").click()
    await expect(page.locator(".field-error")).to_contain_text("Gửi tệp tối đa 10 MB")
    await window.close()
