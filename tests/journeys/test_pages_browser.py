"""The pages in a real Chromium, served by a real uvicorn: as people use them, on a phone and at a desk."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.looking import SIZES, City, hear, open_window, sign_in, walk
from tests.web.page_story import HOLDERS, ORGANISER, PASSWORD, SUMMIT, TOUR


async def test_every_page_stands_in_a_real_browser(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page)
    paths = (
        "/",
        "/console/sign-in",
        "/console",
        "/console/events",
        f"/console/events/{city.story.summit}",
        f"/console/events/{city.story.tour}",
        f"/console/passes/{city.story.press_pass}",
        "/problems/illegal_move",
        "/styleguide",
    )
    assert await walk(page, *paths) == []
    await window.close()


@pytest.mark.parametrize("size", SIZES)
async def test_an_organiser_finds_an_event_and_reads_its_file(chromium: Browser, city: City, size: str) -> None:
    window = await open_window(chromium, city.address, size)
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
    window = await open_window(chromium, city.address, "phone")
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
    window = await open_window(chromium, city.address, "desk")
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
    window = await open_window(chromium, city.address, "phone", java_script_enabled=False)
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
    window = await open_window(chromium, city.address, "phone")
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
    window = await open_window(chromium, city.address, "desk")
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
    window = await open_window(chromium, city.address, "desk")
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
