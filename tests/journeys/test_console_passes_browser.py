"""At the desk in a real Chromium: issuing, portraits, printing, signing on the screen, handing over."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.journeys.looking import City, find_faults_everywhere, open_window, sign_in, walk
from tests.usecases.test_badges import photo
from tests.web.page_story import ORGANISER, PASSWORD

UPLOAD = {"name": "anh.jpg", "mimeType": "image/jpeg"}


@pytest.fixture(scope="module")
async def office(city: City) -> AsyncIterator[httpx.AsyncClient]:
    """The organiser's own program, signed in at the API."""
    async with httpx.AsyncClient(base_url=f"{city.address}/api/v1", timeout=60) as client:
        answer = await client.post("/token", data={"username": ORGANISER, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


async def printed(office: httpx.AsyncClient, city: City, outlet: str, *names: str) -> list[str]:
    """The ids of passes of an outlet whose badges were printed."""
    made = []
    for name in names:
        body = {"holder_name": name, "organisation_name": outlet, "category": "guest", "zones": ["A"]}
        answer = await office.post(f"/events/{city.story.summit}/passes", json=body)
        made.append(answer.json()["id"])
        assert (await office.get(f"/passes/{made[-1]}/badge.pdf")).status_code == 200
    return made


async def draw(page: Page) -> None:
    """A signature with the mouse."""
    canvas = page.get_by_role("img", name="Chỗ ký tên")
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    assert box
    await page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    await page.mouse.down()
    for step in range(1, 9):
        height = box["height"] * (0.25 if step % 2 else 0.75)
        await page.mouse.move(box["x"] + 20 + step * box["width"] / 12, box["y"] + height, steps=4)
    await page.mouse.up()


async def test_every_page_of_the_desk_stands_in_a_real_browser(
    chromium: Browser, city: City, office: httpx.AsyncClient
) -> None:
    first, second, lost = await printed(office, city, "Tạp chí Đủ Trang", "Võ Thị Ví Dụ", "Lê Thử", "Đỗ Mẫu")
    assert (await office.post(f"/passes/{lost}/badge", json={"action": "lost"})).status_code == 200
    body = {"pass_ids": [first], "to_name": "Võ Thị Ví Dụ"}
    handover = (await office.post(f"/events/{city.story.summit}/handovers", json=body)).json()["id"]
    event = f"/console/events/{city.story.summit}"
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page)
    paths = (
        f"{event}/passes",
        f"{event}/passes?q=khong+co+ai",
        f"/console/events/{city.story.tour}/passes",
        f"{event}/passes/new",
        f"/console/passes/{first}",
        f"/console/passes/{lost}",
        f"/console/passes/{city.story.group_pass}",
        f"/console/passes/{second}/change",
        f"/console/passes/{second}/replace",
        f"{event}/handover",
        f"{event}/handover?q=le+thu",
        f"/console/handovers/{handover}",
    )
    assert await walk(page, *paths) == []
    await page.goto(f"{event}/passes/new")
    await page.get_by_role("button", name="Cấp thẻ này").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await find_faults_everywhere(page) == []
    await page.goto(f"{event}/handover?q=le+thu")
    await page.get_by_label("Họ tên người nhận").fill("")
    await page.get_by_role("button", name="Trao thẻ đã chọn").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await find_faults_everywhere(page) == []
    await window.close()


async def test_a_group_voucher_is_issued_on_a_phone(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page, f"/console/events/{city.story.summit}/passes")
    await page.get_by_role("link", name="Cấp thẻ", exact=True).click()
    people = page.get_by_label("Số người trong đoàn")
    await expect(people).to_be_hidden()
    await page.get_by_label("Hạng thẻ").select_option("pupil")
    await page.get_by_label("Thẻ đoàn: một mã cho nhiều người").check()
    await people.fill("40")
    await page.get_by_label("Họ tên", exact=True).fill("Cô Mai Thí Dụ")
    await page.get_by_label("Cơ quan hoặc trường").fill("Trường THCS Hải Âu")
    await page.get_by_label("Chỉ những ngày được chọn").check()
    days = page.get_by_role("group", name="Ngày thẻ có hiệu lực").get_by_role("checkbox")
    await days.first.check()
    await page.get_by_role("button", name="Cấp thẻ này").click()
    await expect(page.get_by_role("alert")).to_contain_text("Chọn ít nhất một khu vực")
    await expect(people).to_have_value("40")
    await expect(days.first).to_be_checked()
    await page.get_by_label("A – Hội trường chính").check()
    await page.get_by_role("button", name="Cấp thẻ này").click()
    await page.wait_for_url(re.compile(r"/console/passes/[0-9a-f-]{36}$"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cô Mai Thí Dụ")
    await expect(page.get_by_text("0/40 người đã vào")).to_be_visible()
    await window.close()


async def test_from_the_portrait_to_the_receipt(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    window = await open_window(chromium, city.address, "desk", accept_downloads=True)
    page = await window.new_page()
    body = {"holder_name": "Phạm Thị Bàn", "organisation_name": "Báo Quầy Thử", "category": "guest", "zones": ["A"]}
    made = (await office.post(f"/events/{city.story.summit}/passes", json=body)).json()["id"]
    here = f"/console/passes/{made}"
    await sign_in(page, here)
    await page.get_by_label("Ảnh", exact=True).set_input_files({**UPLOAD, "buffer": photo(turned=6)})
    await page.get_by_role("button", name="Lưu ảnh này").click()
    portrait = page.get_by_role("img", name="Ảnh chân dung của Phạm Thị Bàn")
    await expect(portrait).to_be_visible()
    assert await portrait.evaluate("image => image.decode().then(() => image.naturalHeight)") == 640
    await page.get_by_text("Xem hình thẻ in").click()
    badge = page.get_by_role("img", name="Thẻ in của Phạm Thị Bàn")
    assert await badge.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    async with page.expect_response("**/badge.pdf?format=cr80") as answered:
        await page.get_by_label("Khổ thẻ").select_option("cr80")
        await page.get_by_role("button", name="In thẻ", exact=True).click()
    pdf = await answered.value
    assert (pdf.status, pdf.headers["content-type"]) == (200, "application/pdf")
    await page.goto(f"/console/events/{city.story.summit}/handover")
    await page.get_by_role("link", name="Báo Quầy Thử").click()
    await expect(page.get_by_label("Phạm Thị Bàn")).to_be_checked()
    await expect(page.get_by_label("Họ tên người nhận")).to_have_value("Phạm Thị Bàn")
    await page.get_by_label("Đại diện cơ quan").check()
    await page.get_by_label("Họ tên người nhận").fill("")
    await draw(page)
    await page.get_by_role("button", name="Trao thẻ đã chọn").click()
    # What is missing is told, and the signature is still there.
    await expect(page.get_by_role("alert")).to_contain_text("Ghi họ tên người nhận thẻ")
    assert (await page.locator("#signature-drawn").input_value()).startswith("data:image/png;base64,")
    await page.get_by_label("Họ tên người nhận").fill("Lê Văn Khơi")
    await page.get_by_role("button", name="Trao thẻ đã chọn").click()
    await page.wait_for_url(re.compile(r"/console/handovers/[0-9a-f-]{36}$"))
    await expect(page.get_by_text("ký trên màn hình, xem biên bản bàn giao")).to_be_visible()
    receipt = await window.request.get(f"{page.url}/receipt.pdf")
    assert (receipt.status, (await receipt.body())[:5]) == (200, b"%PDF-")
    await page.goto(here)
    await expect(page.get_by_role("link", name="Biên bản bàn giao")).to_be_visible()
    await window.close()


async def test_the_desk_proposes_who_takes_the_badges(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    outlet = "Đài Bàn Trao"
    await printed(office, city, outlet, "Hà Một", "Hà Hai", "Hà Ba")
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await sign_in(page, f"/console/events/{city.story.summit}/handover?q=ha+")
    boxes, name = page.get_by_role("checkbox", name=re.compile("Hà ")), page.get_by_label("Họ tên người nhận")
    await expect(boxes).to_have_count(3)
    await boxes.nth(1).check()
    await expect(name).to_have_value("Hà Hai")
    await expect(page.get_by_label("Người mang thẻ, nhận thẻ của mình")).to_be_checked()
    await page.get_by_role("button", name=f"Chọn tất cả của {outlet}").click()
    await expect(page.get_by_text("Số thẻ đã chọn: 3")).to_be_visible()
    await expect(page.get_by_label("Đại diện cơ quan")).to_be_checked()
    await expect(page.get_by_label("Cơ quan báo chí")).to_have_value(outlet)
    await expect(name).to_have_value("")
    await name.fill("Lê Văn Khơi")
    await boxes.nth(0).uncheck()
    await expect(name).to_have_value("Lê Văn Khơi")
    await draw(page)
    assert await page.locator("#signature-drawn").input_value()
    await page.get_by_role("button", name="Xóa chữ ký").click()
    assert await page.locator("#signature-drawn").input_value() == ""
    await window.close()


async def test_badges_are_handed_over_without_scripts(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    (made,) = await printed(office, city, "Báo Giấy Thử", "Ngô Thị Giấy")
    window = await open_window(chromium, city.address, "phone", java_script_enabled=False)
    page = await window.new_page()
    await sign_in(page, f"/console/events/{city.story.summit}/handover")
    await page.get_by_role("link", name="Báo Giấy Thử").click()
    await expect(page.get_by_role("img", name="Chỗ ký tên")).to_be_hidden()
    await page.get_by_label("Ký trên giấy").check()
    await page.get_by_role("button", name="Trao thẻ đã chọn").click()
    await expect(page.get_by_text("Cần ký trên giấy")).to_be_visible()
    await page.goto(f"/console/passes/{made}")
    await page.get_by_label("Căn cứ").fill("Chờ xác minh")
    await page.get_by_label("Cơ quan quyết định").fill("Sở Ví Dụ")
    await page.get_by_role("button", name="Tạm dừng").click()
    await expect(page.get_by_text("Chờ xác minh · Sở Ví Dụ").first).to_be_visible()
    await page.get_by_role("button", name="Khôi phục hiệu lực").click()
    await expect(page.get_by_text("Khôi phục hiệu lực thẻ")).to_be_visible()
    await window.close()


async def test_suspending_asks_nothing_and_the_holders_address_is_copied(
    chromium: Browser, city: City, office: httpx.AsyncClient
) -> None:
    (made,) = await printed(office, city, "Báo Chép Thử", "Bùi Thị Chép")
    window = await open_window(chromium, city.address, "desk")
    await window.grant_permissions(["clipboard-read", "clipboard-write"], origin=city.address)
    page = await window.new_page()
    await sign_in(page, f"/console/passes/{made}")
    await page.get_by_role("button", name="Sao chép").click()
    await expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == await page.get_by_label("Trang riêng của người mang thẻ").input_value()
    await page.get_by_label("Căn cứ").fill("Chờ xác minh")
    await page.get_by_label("Cơ quan quyết định").fill("Sở Ví Dụ")
    await page.get_by_role("button", name="Tạm dừng").click()
    await expect(page.get_by_text("Thẻ đang tạm dừng. Có thể khôi phục")).to_be_visible()
    await window.close()
