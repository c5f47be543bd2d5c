"""Reviewing and deciding in a real Chromium: with the keyboard, on a phone and at a desk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, expect

from service.domain.accreditation import ApplicationState
from service.store.database import Database
from service.web.clock import now
from tests.conftest import PASSWORD, SECRET
from tests.journeys.looking import open_window, sign_in, walk
from tests.press_story import PressStory, approve_all, decide, make_submitted, open_press, reviews_of
from tests.serving import fresh_copy, running

NAME = "Nguyễn Thị Biển"


@dataclass(frozen=True)
class Desks:
    """A service that runs, with an accreditation: two applications wait, one is ready, one is granted."""

    address: str
    press: PressStory
    review: str
    ready: str
    granted: str


@pytest.fixture(scope="module")
async def desks(postgres_url: str, template: str) -> AsyncIterator[Desks]:
    async with fresh_copy(postgres_url, template, "desks_in_a_browser") as url:
        database = Database(url)
        async with database.transaction() as session:
            press = await open_press(session, now=now())
            made = [(await make_submitted(session, press, number, now=now()))[0] for number in (1, 2, 3, 4)]
            for one in made[2:]:
                await approve_all(session, press, one, now())
            await decide(session, press, made[3], ApplicationState.APPROVED, now=now())
            review = (await reviews_of(session, made[0]))["press_management"]
        await database.close()
        with running(url, workers=1, BIENDAO_SECRET_KEY=SECRET) as address:
            yield Desks(address, press, str(review.id), str(made[2].id), str(made[3].id))


async def test_every_page_stands_in_a_real_browser(chromium: Browser, desks: Desks) -> None:
    pages = {
        "press_management": ("/console/accreditation", f"/console/reviews/{desks.review}"),
        "reviewer": (
            f"/console/events/{desks.press.event.id}/applications",
            f"/console/applications/{desks.ready}",
            f"/console/applications/{desks.granted}",
        ),
    }
    for who, paths in pages.items():
        window = await open_window(chromium, desks.address, "phone")
        page = await window.new_page()
        await sign_in(page, paths[0], email=desks.press.emails[who], password=PASSWORD)
        assert await walk(page, *paths) == []
        await window.close()


async def test_the_queue_is_worked_through_with_the_keyboard(chromium: Browser, desks: Desks) -> None:
    window = await open_window(chromium, desks.address, "desk")
    page = await window.new_page()
    queue = "/console/accreditation"
    await sign_in(page, queue, email=desks.press.emails["press_management"], password=PASSWORD)
    await expect(page.get_by_text("Phím tắt:")).to_be_visible()
    for key in ("j", "x", "j", "x"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("status").filter(has_text="Đã chọn: 2")).to_be_visible()
    # What is typed into the search stays there.
    await page.keyboard.press("/")
    await page.keyboard.type("jx")
    await expect(page.get_by_role("searchbox")).to_have_value("jx")
    await expect(page.get_by_role("status").filter(has_text="Đã chọn: 2")).to_be_visible()
    await page.get_by_role("button", name="Xem trước").click()
    await expect(page.get_by_text("2 hồ sơ được thực hiện.")).to_be_visible()
    await page.get_by_role("link", name="Quay lại").click()
    # The keys are told of once they work.
    await expect(page.get_by_text("Phím tắt:")).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text(f"{NAME} 1")
    # What belongs to a verdict comes with it.
    ground = page.get_by_label("Nội dung tự viết")
    await page.get_by_label("Duyệt", exact=True).check()
    await expect(ground).to_be_hidden()
    await page.get_by_label("Duyệt có điều kiện").check()
    await expect(page.get_by_label("Chỉ khi có người đi cùng")).to_be_visible()
    await page.get_by_label("Không duyệt").check()
    await expect(ground).to_be_visible()
    await window.close()
