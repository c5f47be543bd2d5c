"""An accreditation by several authorities, and somebody's browser on its pages: what tests of these pages share."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from service.domain.accreditation import Application, Review
from service.domain.audit import AuditEntry
from service.domain.base import new_id
from service.store.database import Database
from tests import press_story
from tests.press_story import PressStory


@pytest.fixture
async def press(database: Database) -> PressStory:
    """An event with every class and authority, each an organisation of its own."""
    async with database.transaction() as session:
        return await press_story.open_press(session)


async def hand_in(
    database: Database, press: PressStory, *numbers: int, class_code: str = "domestic", **facts: Any
) -> list[Application]:
    """Applications that were sent in, one of each number's journalist."""
    made = []
    for number in numbers:
        async with database.transaction() as session:
            application, _ = await press_story.make_submitted(session, press, number, class_code, **facts)
            made.append(application)
    return made


async def review_id(database: Database, application: Application, authority: str) -> str:
    """The id of an authority's review."""
    async with database.session() as session:
        return str((await press_story.reviews_of(session, application))[authority].id)


async def fresh(database: Database, application: Application) -> Application:
    """The application as the database holds it now."""
    async with database.session() as session:
        return await press_story.fresh(session, application)


async def audited(database: Database, noun: str, action: str) -> list[AuditEntry]:
    """The entries of the record about this."""
    async with database.session() as session:
        statement = select(AuditEntry).where(AuditEntry.noun == noun, AuditEntry.action == action)
        return list(await session.scalars(statement.order_by(AuditEntry.id)))


async def multiply(database: Database, first: Application, number: int) -> None:
    """As many applications more, each like the first with a journalist of its own: nobody has to fill in forms."""
    async with database.transaction() as session:
        reviews = (await press_story.reviews_of(session, first)).values()
        for count in range(number):
            journalist = await press_story.make_journalist(session, 1000 + count)
            own = {name: getattr(first, name) for name in Application.model_fields}
            application = Application(**{**own, "id": new_id(), "journalist_id": journalist.id})
            session.add(application)
            await session.flush()
            for one in reviews:
                kept = {name: getattr(one, name) for name in Review.model_fields}
                session.add(Review(**{**kept, "id": new_id(), "application_id": application.id}))


def names_of(page: httpx.Response) -> list[str]:
    """Who stands in the list, in its order."""
    return [unescape(name) for name in re.findall(r"<a href=\"[^\"]+\" data-open>([^<]+)</a>", page.text)]


def tabs_of(page: httpx.Response) -> dict[str, int]:
    """The counts of the tabs, by their words."""
    part = page.text.split('<nav class="tabs"', 1)[1].split("</nav>", 1)[0]
    found = re.findall(r">([^<>]+) <span class=\"count\">([^<]+)</span>", part)
    return {unescape(word).strip(): int(count) for word, count in found}
