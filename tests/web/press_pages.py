"""What tests of a journalist's application stand on: an open accreditation, a draft, a browser that is signed in."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, Journalist
from service.store import accreditation as store
from service.store.database import Database
from service.web.security import PRESS_COOKIE
from tests.press_story import PressStory, begin, fill, make_journalist, open_press, open_session
from tests.web.browsing import SAME


@dataclass(frozen=True)
class Applicant:
    """A journalist with a draft, and their browser on it."""

    browser: httpx.AsyncClient
    story: PressStory
    journalist: Journalist
    application_id: UUID
    database: Database

    @property
    def here(self) -> str:
        return f"/press/applications/{self.application_id}"

    async def get(self, step: str = "") -> httpx.Response:
        return await self.browser.get(f"{self.here}/{step}" if step else self.here)

    async def send(self, step: str, **form: object) -> httpx.Response:
        """A form as its page sends it, with the version that the page holds unless another is named."""
        page = await self.get(step)
        form.setdefault("version", hidden(page, "version"))
        return await self.browser.post(f"{self.here}/{step}", data=form)

    async def now(self) -> Application:
        async with self.database.session() as session:
            return await store.get_fresh(session, self.application_id)


def hidden(page: httpx.Response, name: str) -> str:
    """The value of a hidden field; empty where there is none."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    return unescape(found[1]) if found else ""


async def browser_of(app: FastAPI, session: AsyncSession, journalist: Journalist) -> httpx.AsyncClient:
    """The browser of a journalist who is signed in; asks for pages in Vietnamese, follows no redirect by itself."""
    token = await open_session(session, journalist)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="http://test",
        headers={"Accept": "text/html", "Accept-Language": "vi", **SAME},
        cookies={PRESS_COOKIE: token},
    )


@pytest.fixture
async def applicant(app: FastAPI, database: Database) -> AsyncIterator[Applicant]:
    """A journalist with an empty draft of the class of the domestic press."""
    async with database.transaction() as session:
        story = await open_press(session)
        journalist = await make_journalist(session)
        draft = await begin(session, story, journalist)
        browser = await browser_of(app, session, journalist)
    async with browser:
        yield Applicant(browser, story, journalist, draft.id, database)


async def complete(applicant: Applicant, **facts: object) -> Application:
    """Everything that the draft's class asks, files included."""
    async with applicant.database.transaction() as session:
        found, owner, _, _ = await store.get_application(session, applicant.application_id)
        return await fill(session, applicant.story, owner, found, **facts)  # type: ignore[arg-type]


async def upload(
    applicant: Applicant, kind: str, content: bytes, *, name: str = "tep.jpg", replaces: str | None = None
) -> httpx.Response:
    """A file as its page sends it, in the place of the one that the page shows unless another is named."""
    here = f"{applicant.here}/files/{kind}"
    seen = hidden(await applicant.browser.get(here), "replaces") if replaces is None else replaces
    sent = {"content": (name, content, "application/octet-stream")}
    return await applicant.browser.post(here, data={"replaces": seen}, files=sent)
