"""Uploads that are too large: refused by what they say of themselves, cut off when they say nothing."""

from collections.abc import AsyncIterator

import httpx

from service.settings import Settings
from tests.web.browsing import browser, sign_in, story
from tests.web.page_story import ORGANISER, Story

__all__ = ["browser", "story"]

CHUNK = 1 << 20


class Upload:
    """A body of so many megabytes; `sent` counts those that somebody read."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        for _ in range(self.megabytes):
            self.sent += 1
            yield bytes(CHUNK)
        yield b"\r\n--b--\r\n"


async def test_an_upload_of_200_megabytes_is_refused_before_it_is_read(
    browser: httpx.AsyncClient, story: Story
) -> None:
    await sign_in(browser, ORGANISER)
    body = Upload(200)
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(200 * CHUNK)}
    answer = await browser.post(f"/console/events/{story.summit}/badges", content=body.__aiter__(), headers=headers)
    assert (answer.status_code, body.sent) == (413, 0)


async def test_an_upload_without_a_length_is_cut_off(
    browser: httpx.AsyncClient, story: Story, settings: Settings
) -> None:
    await sign_in(browser, ORGANISER)
    body = Upload(200)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await browser.post(f"/console/events/{story.summit}/badges", content=body.__aiter__(), headers=headers)
    assert answer.status_code == 413
    assert body.sent <= settings.upload_limit // CHUNK + 1
