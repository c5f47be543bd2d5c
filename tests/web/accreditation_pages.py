"""What tests of setting up and sharing out stand on: an open accreditation, and the console of one of its people."""

from uuid import uuid4

import httpx
import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Role
from service.domain.accreditation import Application
from service.store.database import Database
from service.usecases import accounts, audit
from tests.conftest import NOW, PASSWORD
from tests.press_story import PressStory, approve_all, make_journalist, make_submitted, open_press
from tests.web.browsing import browser

__all__ = ["browser", "press"]

ADMIN = "quan.tri@example.vn"


@pytest.fixture
async def press(database: Database) -> PressStory:
    """An event that takes applications and has two places."""
    async with database.transaction() as session:
        return await open_press(session, caps={"": 2})


async def enter(browser: httpx.AsyncClient, press: PressStory, who: str) -> None:
    """`who` of the story signs in to the console."""
    form = {"email": press.emails[who], "password": PASSWORD}
    assert (await browser.post("/console/sign-in", data=form)).status_code == 303


async def applicants(database: Database, press: PressStory, number: int, *, approved: bool = True) -> list[Application]:
    """Applications of as many outlets, which all authorities have approved."""
    made = []
    async with database.transaction() as session:
        for one in range(1, number + 1):
            journalist = await make_journalist(session, one, outlet=f"Báo Số {one}", full_name=f"Người Thử {one}")
            application, _ = await make_submitted(session, press, journalist=journalist)
            if approved:
                await approve_all(session, press, application)
            made.append(application)
    return made


async def admin_of(session: AsyncSession) -> Access:
    """Somebody who may change the rules of all."""
    made = await accounts.add_staff(
        session,
        actor=audit.SYSTEM,
        email=ADMIN,
        name="Quản Trị Thử",
        password=PASSWORD,
        grants=[(None, Role.ADMIN)],
        now=NOW,
    )
    return Access(made.id, made.name, made.email, "vi", uuid4(), ((None, Role.ADMIN),))
