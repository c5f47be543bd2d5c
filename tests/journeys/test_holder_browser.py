"""A holder's page and the public check in a real Chromium: with and without a network, with a camera that is a film."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect

from service.store import qr
from tests.journeys.looking import City, find_faults, find_faults_everywhere, hear, open_chromium, open_window, walk
from tests.web.page_story import HOLDERS, ORGANISER, PASSWORD

KEPT_HERE = "Trang này đã lưu trên máy và mở được khi không có mạng."
QR = "Mã QR của thẻ này"
FILM = (1280, 720)


@pytest.fixture(scope="module")
async def office(city: City) -> AsyncIterator[httpx.AsyncClient]:
    """The organiser's own program, signed in at the API."""
    async with httpx.AsyncClient(base_url=f"{city.address}/api/v1") as client:
        answer = await client.post("/token", data={"username": ORGANISER, "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


async def issue(office: httpx.AsyncClient, city: City, name: str) -> dict[str, str]:
    """A guest's pass for the whole summit."""
    body = {"holder_name": name, "category": "guest", "zones": ["A"]}
    answer = await office.post(f"/events/{city.story.summit}/passes", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def path_of(one: dict[str, str]) -> str:
    return urlsplit(one["link"]).path


async def revoke(office: httpx.AsyncClient, one: dict[str, str]) -> None:
    body = {"ground": "Mất thẻ", "authority": "Sở Ví Dụ"}
    assert (await office.post(f"/passes/{one['id']}/revoke", json=body)).status_code == 200


async def open_kept(window: BrowserContext, one: dict[str, str]) -> Page:
    """The page of a pass, opened with a network and kept."""
    page = await window.new_page()
    await page.goto(path_of(one))
    await expect(page.get_by_text(KEPT_HERE)).to_be_visible()
    return page


async def test_both_pages_stand_in_a_real_browser(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    ended = await issue(office, city, "Lê Thị Thử")
    await revoke(office, ended)
    valid = path_of(await issue(office, city, "Nguyễn Đặng Quỳnh Thử Nghiệm"))
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    assert await walk(page, valid, path_of(ended), "/check") == []
    await page.get_by_label("Mã thẻ").fill("0000000000")
    await page.get_by_role("button", name="Kiểm tra").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Không có hiệu lực")
    assert await find_faults_everywhere(page) == []
    await window.close()


async def test_a_pass_that_was_opened_once_opens_without_a_network(
    chromium: Browser, city: City, office: httpx.AsyncClient
) -> None:
    one = await issue(office, city, HOLDERS[0])
    window = await open_window(chromium, city.address, "phone")
    page = await open_kept(window, one)
    await expect(page.get_by_text("Không có mạng. Thông tin lúc")).to_be_hidden()
    await window.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("Không có mạng. Thông tin lúc")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text(HOLDERS[0])
    await expect(page.get_by_role("article").get_by_text(one["human_code"])).to_be_visible()
    code = page.get_by_role("img", name=QR)
    assert await code.evaluate("image => image.complete && image.naturalWidth > 0")
    # The page as it is meant to look: its own styles, scripts and letters come from what was kept, too.
    assert await page.evaluate("document.fonts.check('600 16px \"Be Vietnam Pro\"', 'ế')")
    await expect(page.get_by_role("button", name="Phóng to, màn hình sáng")).to_be_visible()
    await expect(page.get_by_role("link", name="Lưu thành ảnh")).to_be_hidden()
    another = await window.new_page()
    await another.goto(path_of(one))
    await expect(another.get_by_role("article").get_by_text(one["human_code"])).to_be_visible()
    await window.close()


async def test_a_revoked_pass_says_so_as_soon_as_there_is_a_network(
    chromium: Browser, city: City, office: httpx.AsyncClient
) -> None:
    one = await issue(office, city, HOLDERS[1])
    window = await open_window(chromium, city.address, "phone")
    page = await open_kept(window, one)
    await window.set_offline(True)
    await page.reload()
    await expect(page.get_by_role("img", name=QR)).to_be_visible()
    await revoke(office, one)
    await window.set_offline(False)
    await expect(page.get_by_text("Đã thu hồi")).to_be_visible()
    await expect(page.get_by_text("Mất thẻ")).to_be_visible()
    await expect(page.get_by_role("img", name=QR)).to_have_count(0)
    await window.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("Đã thu hồi")).to_be_visible()
    await window.close()


async def test_a_network_that_comes_back_takes_no_code_away(
    chromium: Browser, city: City, office: httpx.AsyncClient
) -> None:
    one = await issue(office, city, HOLDERS[0])
    window = await open_window(chromium, city.address, "phone")
    page = await open_kept(window, one)
    await page.get_by_role("button", name="Phóng to, màn hình sáng").click()
    await window.set_offline(True)
    await expect(page.locator("html[data-kept]")).to_have_count(1)
    await window.set_offline(False)
    await expect(page.locator("html[data-kept]")).to_have_count(0)
    await expect(page.get_by_role("dialog")).to_be_visible()
    await window.close()


@pytest.mark.parametrize("way", ["Escape", "back", "tap", "button"])
async def test_the_bright_screen_fills_the_phone_and_every_way_leads_out(
    chromium: Browser, city: City, office: httpx.AsyncClient, way: str
) -> None:
    one = await issue(office, city, HOLDERS[2])
    window = await open_window(chromium, city.address, "phone", color_scheme="dark")
    page = await window.new_page()
    await page.goto(path_of(one))
    await page.get_by_role("button", name="Phóng to, màn hình sáng").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(one["human_code"])
    assert await dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    code = await dialog.get_by_role("img", name=QR).bounding_box()
    assert code is not None
    assert (code["width"], code["height"]) == (390, 390)
    assert await dialog.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(255, 255, 255)"
    assert await find_faults(page) == []
    if way == "Escape":
        await page.keyboard.press("Escape")
    elif way == "back":
        await page.go_back()
    elif way == "tap":
        await dialog.click(position={"x": 195, "y": 300})
    else:
        await dialog.get_by_role("button", name="Đóng").click()
    await expect(dialog).to_have_count(0)
    # Asked again and again from here: the page's policy lets nobody evaluate text in it.
    for _ in range(200):
        if await page.evaluate("history.state === null"):
            break
        await page.wait_for_timeout(50)
    assert await page.evaluate("history.state === null")
    assert urlsplit(page.url).path == path_of(one)
    await window.close()


async def test_without_scripts_the_page_is_whole(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    one = await issue(office, city, HOLDERS[0])
    window = await open_window(chromium, city.address, "phone", java_script_enabled=False)
    page = await window.new_page()
    await page.goto(path_of(one))
    await expect(page.get_by_role("img", name=QR)).to_be_visible()
    await expect(page.get_by_text("Phóng to, màn hình sáng")).to_be_hidden()
    await page.goto("/check")
    await expect(page.get_by_text("Quét bằng máy ảnh")).to_be_hidden()
    await page.get_by_label("Mã thẻ").fill(one["human_code"])
    await page.get_by_role("button", name="Kiểm tra").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Có hiệu lực")
    await window.close()


async def test_a_pass_fills_one_page_of_paper(chromium: Browser, city: City, office: httpx.AsyncClient) -> None:
    one = await issue(office, city, HOLDERS[0])
    window = await open_window(chromium, city.address, "desk")
    page = await window.new_page()
    await page.goto(path_of(one))
    paper = await page.pdf(format="A4")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page\r") + paper.count(b"/Type /Page ") == 1
    await window.close()


# The camera --------------------------------------------------------------------------------------------------


def film(code: str, path: Path) -> None:
    """What a camera sees that a pass is held in front of, as Chromium takes it: JPEG pictures in a row."""
    picture = Image.new("RGB", FILM, "#8a8f94")
    drawn = Image.open(io.BytesIO(qr.png(code, size=420))).convert("RGB")
    picture.paste(drawn.rotate(4, expand=True, fillcolor="#8a8f94"), (430, 140))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    path.write_bytes(kept.getvalue() * 10)


async def filming(path: Path, city: City) -> AsyncIterator[Page]:
    """A browser whose camera shows the film; its person allows the camera."""
    async with open_chromium(path) as browser:
        window = await open_window(browser, city.address, "phone", permissions=["camera"])
        yield await window.new_page()


@pytest.fixture
async def shown(city: City, office: httpx.AsyncClient, tmp_path: Path) -> AsyncIterator[tuple[dict[str, str], Page]]:
    """A pass, and a browser whose camera sees it."""
    one = await issue(office, city, HOLDERS[0])
    film(one["code"], tmp_path / "pass.mjpeg")
    async for page in filming(tmp_path / "pass.mjpeg", city):
        yield one, page


async def test_the_check_reads_a_pass_with_the_camera_and_goes_on(
    shown: tuple[dict[str, str], Page], office: httpx.AsyncClient
) -> None:
    one, page = shown
    heard = hear(page)
    await page.goto("/check")
    async with page.expect_navigation():
        await page.get_by_role("button", name="Quét bằng máy ảnh").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Có hiệu lực")
    await expect(page.get_by_label("Mã thẻ")).to_have_value("")
    await revoke(office, one)
    async with page.expect_navigation():
        await page.get_by_role("button", name="Thẻ tiếp theo").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Không có hiệu lực")
    assert heard == []


async def test_a_camera_that_is_not_allowed_or_not_there_is_told_in_words(chromium: Browser, city: City) -> None:
    window = await open_window(chromium, city.address, "phone")
    page = await window.new_page()
    await page.goto("/check")
    await page.get_by_role("button", name="Quét bằng máy ảnh").click()
    await expect(page.locator("[data-reader] .fault:visible")).to_have_count(1)
    await expect(page.get_by_role("button", name="Quét bằng máy ảnh")).to_be_visible()
    await window.close()
