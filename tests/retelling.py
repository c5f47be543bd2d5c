"""Stories that are told once: later tests find their rows in the database again, without telling."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import asyncpg

from service.domain.accounts import Organisation
from service.domain.tables import metadata
from service.store.database import Database

T = TypeVar("T")
_REGISTER = {"admin_unit", "unit_link"}
_told: dict[str, tuple[Any, UUID]] = {}
"""By the name of a story: what it came to, and the organisation that it was told of."""


async def told(database: Database, name: str, organisation: Organisation, tell: Callable[[], Awaitable[T]]) -> T:
    """What `tell` comes to, with all the rows that it makes in an empty database.

    The second time its rows are copied back, and `organisation` becomes the one that they belong to. `tell` makes
    everything out of `organisation` and constants.
    """
    async with database.driver() as connection:
        if name in _told and await _bring_back(connection, name, organisation):
            value: T = _told[name][0]
            return value
    value = await tell()
    async with database.driver() as connection, connection.transaction():
        await _put_aside(connection, name)
    _told[name] = (value, organisation.id)
    return value


async def _bring_back(connection: asyncpg.Connection, name: str, organisation: Organisation) -> bool:
    """Copies the rows back; False when they are gone, or the test has begun something of its own before."""
    there = {
        row[0] for row in await connection.fetch("SELECT relname FROM pg_stat_user_tables WHERE schemaname = $1", name)
    }
    if not there:
        return False
    copies = [
        f'INSERT INTO public."{table.name}" SELECT * FROM "{name}"."{table.name}"'
        for table in metadata.sorted_tables
        if table.name in there
    ]
    try:
        async with connection.transaction():
            await connection.execute("DELETE FROM organisation WHERE id = $1", organisation.id)
            await connection.execute(";".join(copies))
    except asyncpg.IntegrityConstraintViolationError:
        return False
    organisation.id = _told[name][1]
    return True


async def _put_aside(connection: asyncpg.Connection, name: str) -> None:
    await connection.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE; CREATE SCHEMA "{name}"')
    for table in metadata.sorted_tables:
        if table.name not in _REGISTER and await connection.fetchval(f'SELECT EXISTS (SELECT 1 FROM "{table.name}")'):
            await connection.execute(f'CREATE TABLE "{name}"."{table.name}" AS TABLE public."{table.name}"')
