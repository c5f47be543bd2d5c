"""Somebody's browser on the pages of the console, in process: signing in, sending forms, reading tables."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from service.domain.accounts import Organisation
from service.store.database import Database
from tests.conftest import NOW, SECRET
from tests.retelling import told
from tests.web.page_story import PASSWORD, Story, tell

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def story(database: Database, organisation: Organisation) -> Story:
    return await told(database, "story_of_pages", organisation, lambda: tell(database, SECRET, organisation, NOW))


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Asks for pages in Vietnamese, keeps cookies, follows no redirect by itself."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "vi", **SAME}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def sign_in(browser: httpx.AsyncClient, email: str) -> None:
    answer = await browser.post("/console/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303


async def send(browser: httpx.AsyncClient, address: str, **form: str) -> httpx.Response:
    """A form as the page at its own address sends it."""
    return await browser.post(address, data=form, headers={"Referer": f"http://test{address}"})


def text_of(page: httpx.Response) -> str:
    """What a reader sees, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def rows_of(page: httpx.Response, part: str) -> list[list[str]]:
    """The rows of the table after `part`, as text."""
    table = page.text.split(part, 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]


def errors_of(page: httpx.Response) -> dict[str, str]:
    """The lines of the summary on top by the field that each leads to; every one stands at its field too."""
    summary = page.text.split('id="errors"', 1)[1].split("</div>", 1)[0]
    found = {field: unescape(told) for field, told in re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', summary)}
    for field in found:
        assert f'id="{field}-error"' in page.text
    return found


@contextmanager
def counted(database: Any) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
