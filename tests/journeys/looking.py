"""Looking at pages in a real Chromium: as people see them, and as axe-core judges them."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.serving import ROOT
from tests.web.page_story import ORGANISER, PASSWORD, Story

AXE = ROOT / "service/web/frontend/node_modules/axe-core/axe.min.js"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
_GUISES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    # In the dark only colours change, so only the rules about them are asked again.
    ("phone", "dark", ("color-contrast", "link-in-text-block")),
    ("desk", "light", ()),
    # Last, for so the page was opened and is left.
    ("phone", "light", ()),
)
_FIND = """
asked => axe.run(document, asked).then(found => [
    ...found.violations.filter(one => ["serious", "critical"].includes(one.impact))
        .flatMap(one => one.nodes.map(node => `${one.id}: ${node.html}`)),
    ...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["wide"] : []),
])
"""


@dataclass(frozen=True)
class City:
    """A service that runs, and what its database tells."""

    address: str
    story: Story


@asynccontextmanager
async def open_chromium(seen: Path) -> AsyncIterator[Browser]:
    """The system's Chromium, else Playwright's own, with a camera that shows the film `seen` (JPEGs in a row).

    A window whose person allows the camera has `permissions=["camera"]`.
    """
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
    ]
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=path, args=arguments)
        yield browser
        await browser.close()


def film_a_face(path: Path) -> Path:
    """A film for the camera: a face, roughly."""
    picture = Image.new("RGB", (640, 480), "#c7d3da")
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse((230, 90, 410, 330), fill="#d9a47c")
    drawing.rectangle((180, 330, 460, 480), fill="#0a4f7a")
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    path.write_bytes(kept.getvalue() * 10)
    return path


async def open_window(chromium: Browser, address: str, size: str, **more: Any) -> BrowserContext:
    """A window of a person who reads Vietnamese, with nothing kept from before."""
    return await chromium.new_context(base_url=address, viewport=SIZES[size], locale="vi-VN", **more)


async def sign_in(page: Page, wanted: str = "/console", *, email: str = ORGANISER, password: str = PASSWORD) -> None:
    """From the sign-in that stands before `wanted` to the page itself."""
    await page.goto(wanted)
    await page.get_by_label("Thư điện tử").fill(email)
    await page.get_by_label("Mật khẩu").fill(password)
    await page.get_by_role("main").get_by_role("button", name="Đăng nhập").click()
    await page.wait_for_url(re.compile(re.escape(wanted)))


def hear(page: Page) -> list[str]:
    """What goes wrong on the page from now on: errors of scripts, and what its policy stops."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    return heard


async def find_faults(page: Page, *rules: str) -> list[str]:
    """What axe-core calls serious or critical, and whether the page is wider than its window."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"]} | ({"runOnly": {"type": "rule", "values": rules}} if rules else {})
    return list(await page.evaluate(_FIND, asked))


async def find_faults_everywhere(page: Page) -> list[str]:
    """The faults of a page on a phone, on it in the dark, and at a desk."""
    faults = []
    for size, scheme, rules in _GUISES:
        await page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults += [f"{size}, {scheme}: {one}" for one in await find_faults(page, *rules)]
    return faults


async def walk(page: Page, *paths: str) -> list[str]:
    """Opens one page after another; what is wrong with them, and what is heard meanwhile."""
    heard, faults = hear(page), []
    for path in paths:
        answer = await page.goto(path)
        status = answer.status if answer else 0
        found = ([] if status == 200 else [f"answered {status}"]) + await find_faults_everywhere(page)
        faults += [f"{path}: {one}" for one in found]
    return faults + heard
