"""Adding staff at the command line: how the first administrator comes into an empty database."""

import asyncio
from datetime import UTC, datetime

from service.domain.accounts import Role
from service.domain.errors import Refusal
from service.store import accounts as store
from service.store.database import Database
from service.store.folders import CannotStart
from service.usecases import accounts, audit

SHORTEST_PASSWORD = 10


def add(url: str, *, email: str, name: str, role: str, organisation: str, password: str) -> None:
    """Adds a member of staff with one role; raises CannotStart with one line that says what is wrong."""
    if role not in list(Role):
        raise CannotStart(f"{role} is no role; choose one of {', '.join(Role)}")
    if len(password) < SHORTEST_PASSWORD:
        raise CannotStart(f"A password needs at least {SHORTEST_PASSWORD} characters")
    try:
        asyncio.run(_add(url, email, name, Role(role), organisation, password))
    except Refusal as refusal:
        raise CannotStart(f"{email}: {refusal.code} {refusal.detail}".strip()) from None


async def _add(url: str, email: str, name: str, role: Role, organisation: str, password: str) -> None:
    database = Database(url, pool=2)
    async with database.transaction() as session:
        organisation_id = None
        if organisation:
            found = await store.find_organisation(session, organisation)
            if found is None:
                raise CannotStart(f"There is no organisation called {organisation}")
            organisation_id = found.id
        await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email=email,
            name=name,
            password=password,
            grants=[(organisation_id, role)],
            now=datetime.now(UTC),
        )
    await database.close()
