"""Badge design, print jobs and keys in a real Chromium, with a real worker: as an organiser uses them."""

import re

from playwright.async_api import Browser, Page, expect

from tests.journeys.looking import City, find_faults, find_faults_everywhere, hear, open_window, sign_in, walk

BACKGROUND = True
GOOD = '#import "lib.typ": *\n#let badge(face) = {\n  at(6mm, 5mm, holder(face, width: 90mm, height: 30mm))\n}\n'
BAD = '#import "lib.typ": *\n\n#let badge(face) = {\n  at(6mm, nothing, [x])\n}\n'


def at(city: City, part: str) -> str:
    return f"/console/events/{city.story.summit}/{part}"


async def test_every_page_about_badges_and_keys_stands_in_a_real_browser(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page, at(city, "badges"))
    parts = ("badges", "badges/new-class", "badges/classes/press", "badges/a6", "badges/cr80", "badges/wristband")
    assert await walk(page, *(at(city, part) for part in (*parts, "print-jobs", "keys"))) == []
    await page.get_by_role("link", name=re.compile("Hủy khóa")).click()
    await expect(page.get_by_label("Căn cứ")).to_be_visible()
    assert await find_faults_everywhere(page) == []
    await window.close()


async def drawn(page: Page, name: str) -> bool:
    """Whether the picture is there, and not only its place."""
    picture = page.get_by_role("img", name=name).first
    await expect(picture).to_be_visible()
    return bool(await picture.evaluate("image => image.decode().then(() => image.naturalWidth > 100)"))


async def test_a_template_is_written_mended_tried_and_taken_into_use(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page, at(city, "badges/a6"))
    assert await drawn(page, "Thẻ như khi in")
    source = page.get_by_label("Nội dung mẫu")
    await source.fill(BAD)
    assert await page.locator(".line-numbers").text_content() == "1\n2\n3\n4\n5\n6"
    await page.get_by_role("button", name="Dùng mẫu này").click()
    await expect(page.get_by_role("alert")).to_contain_text("Dòng 4, cột 11: unknown variable: nothing")
    await expect(source).to_have_value(BAD)
    await expect(page.locator(".fault pre")).to_contain_text("at(6mm, nothing, [x])")
    await expect(page.get_by_text("Đây là mẫu vẫn đang dùng")).to_be_visible()
    assert await find_faults(page) == []
    await page.get_by_role("alert").get_by_role("link").click()
    await expect(source).to_be_focused()
    await source.fill(GOOD)
    await page.get_by_role("button", name="Thử").click()
    await expect(page.get_by_text("Đang thử, chưa dùng")).to_be_visible()
    assert await drawn(page, "Thẻ như khi in")
    assert await find_faults(page) == []
    await page.get_by_role("button", name="Dùng mẫu này").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã dùng mẫu thẻ này")
    await expect(page.get_by_text("Đang dùng mẫu riêng, bản 1")).to_be_visible()
    await page.get_by_role("button", name="Dùng lại mẫu có sẵn").click()
    await page.get_by_role("dialog").get_by_role("button", name="Dùng lại mẫu có sẵn").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã dùng lại mẫu có sẵn")
    await window.close()


async def test_picker_and_number_of_a_colour_follow_each_other(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "desk")
    page = await window.new_page()
    await sign_in(page, at(city, "badges/new-class"))
    written, picker = page.get_by_label("Màu", exact=True), page.get_by_label("Chọn màu")
    await picker.fill("#8a3b00")
    await expect(written).to_have_value("#8A3B00")
    await written.fill("#123ABC")
    await expect(picker).to_have_value("#123abc")
    await page.get_by_label("Mã", exact=True).fill("trial")
    await page.get_by_label("Tính là").select_option("guest")
    await page.get_by_label("Chữ tiếng Việt").fill("Hạng thử")
    await page.get_by_label("Chữ tiếng Anh").fill("Trial")
    await page.get_by_role("button", name="Lưu").click()
    await expect(page.get_by_role("row", name=re.compile("Hạng thử Trial #123ABC trial"))).to_be_visible()
    await window.close()


async def test_a_job_is_followed_while_the_worker_makes_it(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    heard = hear(page)
    await sign_in(page, at(city, "print-jobs"))
    await page.get_by_role("button", name="In thẻ").click()
    await page.wait_for_url("**/console/print-jobs/*")
    job = page.url
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    # The page itself stays; its live part brings the news.
    await expect(page.get_by_role("status")).to_contain_text("Đã xong", timeout=30_000)
    await expect(page.get_by_text("2 / 2").first).to_be_visible()
    assert (opened, await page.locator("[hx-get]").count(), heard) == ([], 0, [])
    assert await find_faults(page) == []
    for name in ("Mở tệp PDF", "Tất cả thẻ trong một tệp PDF"):
        link = await page.get_by_role("link", name=name).first.get_attribute("href")
        made = await page.request.get(f"{city.address}{link}")
        assert (made.status, (await made.body())[:5]) == (200, b"%PDF-")
    await page.goto(at(city, "print-jobs"))
    await expect(page.get_by_role("row", name=re.compile("Đã xong"))).to_be_visible()
    assert job.startswith(city.address)
    await window.close()


async def test_striking_takes_two_steps_without_scripts(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone", java_script_enabled=False)
    page = await window.new_page()
    await sign_in(page, at(city, "keys"))
    await page.get_by_role("link", name=re.compile("Hủy khóa")).click()
    await expect(page.get_by_text("2 thẻ hết hiệu lực ngay")).to_be_visible()
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.get_by_role("alert")).to_contain_text("Ghi lý do")
    await page.get_by_label("Căn cứ").fill("Lộ khóa bí mật")
    await page.get_by_role("button", name="Tiếp tục").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Hủy khóa \S+\?"))
    await page.get_by_role("button", name="Hủy khóa và thu hồi 2 thẻ").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã hủy khóa.")
    await page.get_by_role("button", name="Cấp thẻ mới cho 2 người").click()
    await expect(page.get_by_role("status")).to_contain_text("Đã cấp 2 thẻ mới.")
    await expect(page.get_by_role("row", name=re.compile("Đang ký thẻ mới"))).to_contain_text("2")
    await window.close()


async def test_a_new_key_is_asked_about_first(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "desk")
    page = await window.new_page()
    await sign_in(page, f"/console/events/{city.story.tour}/keys")
    rows = page.locator("table").first.locator("tbody tr")
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Ký bằng khóa mới").click()
    await page.get_by_role("dialog").get_by_role("button", name="Quay lại").click()
    await expect(rows).to_have_count(1)
    await page.get_by_role("button", name="Ký bằng khóa mới").click()
    await page.get_by_role("dialog").get_by_role("button", name="Ký bằng khóa mới").click()
    await expect(rows).to_have_count(2)
    await window.close()
