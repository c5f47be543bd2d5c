"""The pages in a real Chromium, served by a real uvicorn: as people use them, on a phone and at a desk."""

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from service.domain.accounts import OrganisationKind
from service.store.database import Database
from service.usecases import accounts, audit
from service.web.clock import now
from tests.conftest import SECRET
from tests.serving import ROOT, fresh_copy, running
from tests.web.page_story import HOLDERS, ORGANISER, PASSWORD, SUMMIT, TOUR, Story, tell

AXE = ROOT / "service/web/frontend/node_modules/axe-core/axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}

pytestmark = pytest.mark.skipif(
    not AXE.is_file(), reason="service/web/frontend/node_modules is absent: run `npm ci` there"
)


@dataclass(frozen=True)
class City:
    """A service that runs, and what its database tells."""

    address: str
    story: Story


@pytest.fixture(scope="module")
async def city(postgres_url: str, template: str, request: pytest.FixtureRequest) -> AsyncIterator[City]:
    """One service and one story for all tests of a file; each changes only what no other looks at.

    A file whose tests need the worker says so by `BACKGROUND = True`: it takes a while to start.
    """
    background = str(getattr(request.module, "BACKGROUND", False)).lower()
    async with fresh_copy(postgres_url, template, "pages_in_a_browser") as url:
        database = Database(url)
        async with database.transaction() as session:
            department = await accounts.add_organisation(
                session,
                actor=audit.SYSTEM,
                name_vi="Sở Thử nghiệm",
                name_en="Department of Tests",
                kind=OrganisationKind.DEPARTMENT,
                now=now(),
            )
        told = await tell(database, SECRET, department, now())
        await database.close()
        with running(url, workers=1, BIENDAO_SECRET_KEY=SECRET, BIENDAO_BACKGROUND=background) as address:
            yield City(address, told)


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, else Playwright's own."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


async def open_window(chromium: Browser, city: City, size: str, **more: Any) -> BrowserContext:
    return await chromium.new_context(base_url=city.address, viewport=SIZES[size], locale="vi-VN", **more)


async def sign_in(page: Page, wanted: str = "/console") -> None:
    await page.goto(wanted)
    await page.get_by_label("Thư điện tử").fill(ORGANISER)
    await page.get_by_label("Mật khẩu").fill(PASSWORD)
    await page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url(re.compile(re.escape(wanted)))


def hear(page: Page) -> list[str]:
    """What goes wrong on the page from now on: errors of scripts, and what its policy stops."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    return heard


async def find_faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical, and whether the page is wider than its window."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [
        f"{one['id']}: {node['html']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    root = "document.documentElement"
    if await page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
        faults.append("wider than the window")
    return faults


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("phone", "dark"), ("desk", "light")])
async def test_every_page_stands_in_a_real_browser(chromium: Browser, city: City, size: str, scheme: str) -> None:
    window = await open_window(chromium, city, size, color_scheme=scheme)
    page = await window.new_page()
    heard = hear(page)
    await sign_in(page)
    paths = [
        "/",
        "/console/sign-in",
        "/console",
        "/console/events",
        f"/console/events/{city.story.summit}",
        f"/console/events/{city.story.tour}",
        f"/console/passes/{city.story.press_pass}",
        "/problems/illegal_move",
        "/styleguide",
    ]
    faults = {}
    for path in paths:
        answer = await page.goto(path)
        assert answer is not None
        faults[path] = (answer.status, await find_faults(page))
    assert (faults, heard) == (dict.fromkeys(paths, (200, [])), [])
    await window.close()


@pytest.mark.parametrize("size", SIZES)
async def test_an_organiser_finds_an_event_and_reads_its_file(chromium: Browser, city: City, size: str) -> None:
    window = await open_window(chromium, city, size)
    page = await window.new_page()
    await sign_in(page)
    await expect(page.get_by_role("heading", name="Diễn ra hôm nay")).to_be_visible()
    await expect(page.get_by_role("heading", name="Lịch chung của các đơn vị")).to_be_visible()
    await page.get_by_role("row", name=re.compile(SUMMIT[0])).get_by_role("link").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(SUMMIT[0])
    for part in ("Thông tin chính", "Phiên họp", "Phóng viên", "Cửa vào", "Số lượt", "Nhật ký"):
        await expect(page.get_by_role("heading", level=2, name=part)).to_be_visible()
    await page.get_by_label("Họ tên, đơn vị hoặc mã").fill("anh mau")
    await page.get_by_role("button", name="Tìm").click()
    await expect(page.get_by_role("link", name=HOLDERS[0], exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name=HOLDERS[2], exact=True)).to_have_count(0)
    await page.get_by_role("link", name=HOLDERS[0], exact=True).click()
    drawing = page.get_by_role("img", name="Mã QR của thẻ này")
    assert await drawing.evaluate("image => image.complete && image.naturalWidth > 0")
    await window.close()


async def test_the_language_switch_leads_back_to_the_page(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city, "phone")
    page = await window.new_page()
    await sign_in(page, f"/console/events/{city.story.tour}")
    await page.get_by_role("link", name="EN", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TOUR[1])
    assert await page.locator("html").get_attribute("lang") == "en"
    assert urlsplit(page.url).path == f"/console/events/{city.story.tour}"
    await page.get_by_role("link", name="VI", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TOUR[0])
    await window.close()


async def test_the_keyboard_skips_to_the_content(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city, "desk")
    page = await window.new_page()
    await page.goto("/console/sign-in")
    await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_have_text("Đến phần nội dung")
    await expect(page.locator(":focus")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Thư điện tử")).to_be_focused()
    await window.close()


async def test_everything_works_without_scripts(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city, "phone", java_script_enabled=False)
    page = await window.new_page()
    await page.goto("/console")
    await page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nhập mật khẩu")
    await sign_in(page, f"/console/passes/{city.story.press_pass}")
    await page.get_by_label("Cơ quan quyết định").fill("Sở Ví Dụ")
    await page.get_by_role("button", name="Thu hồi").first.click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("Cơ quan quyết định")).to_have_value("Sở Ví Dụ")
    await page.get_by_label("Căn cứ").fill("Đã rời báo, công văn 12.")
    await page.get_by_role("button", name="Thu hồi").first.click()
    await expect(page.get_by_text("Đã rời báo, công văn 12. · Sở Ví Dụ").first).to_be_visible()
    await page.locator("details.menu summary").click()
    await page.get_by_role("button", name="Đăng xuất").click()
    await page.wait_for_url("**/console/sign-in")
    await window.close()


async def test_revoking_asks_first(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city, "phone")
    page = await window.new_page()
    await sign_in(page, f"/console/passes/{city.story.group_pass}")
    await page.get_by_label("Căn cứ").fill("Đoàn đã về nước.")
    await page.get_by_label("Cơ quan quyết định").fill("Sở Ví Dụ")
    await page.get_by_role("main").get_by_role("button", name="Thu hồi").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"Thu hồi thẻ của {HOLDERS[2]}?")
    await dialog.get_by_role("button", name="Thu hồi").click()
    await expect(page.get_by_text("Đoàn đã về nước. · Sở Ví Dụ").first).to_be_visible()
    await window.close()


async def test_live_numbers_renew_themselves_and_lead_to_the_sign_in_when_it_is_over(
    chromium: Browser, city: City
) -> None:
    window = await open_window(chromium, city, "desk")
    page = await window.new_page()
    await page.clock.install()
    await sign_in(page, f"/console/events/{city.story.summit}")
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/inside") else None)
    async with page.expect_response("**/inside"):
        await page.clock.run_for(11_000)
    await expect(page.locator("#inside .figure")).to_contain_text("4")
    assert asked == [200]
    await window.clear_cookies(name="biendao_session")
    async with page.expect_response("**/inside"):
        await page.clock.run_for(11_000)
    await page.wait_for_url("**/console/sign-in?next=**")
    await window.close()


async def test_the_documentation_lists_the_api_and_signs_in(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city, "desk")
    page = await window.new_page()
    heard = hear(page)
    await page.goto("/docs")
    await page.get_by_role("button", name="Authorize").click()
    staff = page.locator(".auth-container", has_text="Staff")
    await staff.locator("input[data-name=username]").fill(ORGANISER)
    await staff.locator("input[data-name=password]").fill(PASSWORD)
    await staff.locator("button.authorize").click()
    await expect(staff.get_by_role("heading", name="Authorized")).to_be_visible()
    assert heard == []
    await window.close()
