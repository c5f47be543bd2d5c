"""A journalist's browser on the pages of the portal, in process."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from service.domain.accreditation import Journalist, SignInLink
from service.domain.audit import AuditEntry
from service.store.database import Database
from service.usecases.accreditation import signing
from tests import press_story
from tests.conftest import NOW
from tests.press_story import VAULT, PressStory
from tests.web.browsing import SAME


@pytest.fixture
async def press(database: Database) -> PressStory:
    """An event that takes applications, with everybody who has a part in it."""
    async with database.transaction() as session:
        return await press_story.open_press(session)


@pytest.fixture
async def reader(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Asks for pages in Vietnamese, keeps cookies, follows no redirect by itself; not signed in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html", "Accept-Language": "vi", **SAME}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def make(database: Database, number: int = 1, **facts: Any) -> Journalist:
    """A journalist; another number is another one."""
    async with database.transaction() as session:
        return await press_story.make_journalist(session, number, **facts)


async def enter(reader: httpx.AsyncClient, database: Database, journalist: Journalist) -> None:
    """The reader is signed in as this journalist from now on."""
    async with database.transaction() as session:
        token = await press_story.open_session(session, journalist)
    reader.cookies.set("biendao_press", token)


async def links(database: Database) -> list[SignInLink]:
    """All links that were asked for, in order."""
    async with database.session() as session:
        return list(await session.scalars(select(SignInLink).order_by(SignInLink.id)))


async def ask_link(reader: httpx.AsyncClient, database: Database, email: str, wanted: str = "/press") -> str:
    """The address of the link that the form sends, without its host."""
    asked = await reader.post("/press/sign-in", data={"email": email, "way": "link", "next": wanted})
    assert asked.status_code == 303, asked.text
    link = (await links(database))[-1]
    return signing.address_of(link.id, VAULT, "")


async def kept(database: Database, journalist_id: UUID) -> Journalist:
    """The journalist as the database holds them."""
    async with database.session() as session:
        return await session.get_one(Journalist, journalist_id)


async def recorded(database: Database, noun: str, object_id: UUID) -> list[str]:
    """What was recorded of one thing, in order."""
    async with database.session() as session:
        statement = select(AuditEntry.action).where(AuditEntry.noun == noun, AuditEntry.object_id == object_id)
        return list(await session.scalars(statement.order_by(AuditEntry.id)))


__all__ = ["NOW", "ask_link", "enter", "kept", "links", "make", "press", "reader", "recorded"]
