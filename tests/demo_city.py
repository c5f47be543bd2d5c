"""The demo city in a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from sqlalchemy import select
from sqlmodel import col

from service import demo
from service.domain.events import Event
from service.domain.passes import EntryPass
from service.settings import Settings
from service.store.database import Database
from tests.conftest import NOW, SECRET, at_database, driver_dsn


@dataclass(frozen=True)
class City:
    """The demo in a database of its own, its summit, and how loading it was told."""

    url: str
    database: Database
    summit: UUID
    passes: list[EntryPass]
    told: list[tuple[int, int]]

    def of_summit(self) -> list[EntryPass]:
        return [one for one in self.passes if one.event_id == self.summit]


@asynccontextmanager
async def loaded(postgres_url: str, template: str) -> AsyncIterator[City]:
    """The demo, loaded at NOW into a new database, which is gone afterwards."""
    name = "demo_city"
    admin = await asyncpg.connect(driver_dsn(postgres_url))
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url, told = at_database(postgres_url, name), list[tuple[int, int]]()
    settings = Settings(database_url=url, secret_key=SECRET, log_level="error")
    await demo.load(url, settings, lambda done, total, _: told.append((done, total)), NOW)
    database = Database(url)
    async with database.session() as session:
        passes = list(await session.scalars(select(EntryPass)))
        summit = await session.scalar(select(Event.id).where(col(Event.title_vi).like("Diễn đàn%")))
    assert summit is not None
    yield City(url, database, summit, passes, told)
    await database.close()
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()
