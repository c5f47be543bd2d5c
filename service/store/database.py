"""The database: one pool of connections, sessions on it, and the driver's own connection for the door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

import service.domain.tables  # noqa: F401 (foreign keys need every table known)


def async_url(url: str) -> str:
    """`url` with the driver that we use: `postgres://` and `postgresql://` become `postgresql+asyncpg://`."""
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+asyncpg") and separator:
        return f"postgresql+asyncpg://{rest}"
    raise ValueError("the database's address must begin with postgresql://")


def make_engine(url: str, *, pool: int = 8, **server_settings: str) -> AsyncEngine:
    """An engine on `url` with `pool` connections that speak UTC; `server_settings` are PostgreSQL's own."""
    return create_async_engine(
        async_url(url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
        # Errors are logged, and their parameters may be personal data.
        hide_parameters=True,
        connect_args={
            "server_settings": {"timezone": "UTC", "application_name": "biendao", **server_settings},
            "timeout": 10,
        },
    )


_DOOR_CONNECTIONS = 4


async def driver_of(session: AsyncSession) -> asyncpg.Connection:
    """The driver's own connection of the session's transaction, for set-based statements beside its work."""
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, asyncpg.Connection)  # noqa: S101 (the engine is always asyncpg's)
    return driver


class Database:
    """The pool of one process."""

    def __init__(self, url: str, *, pool: int = 8) -> None:
        self.engine = make_engine(url, pool=pool)
        # The door has connections of its own. Its statements are planned once, often while tables are still
        # small, and such a plan must never walk through a table that has grown since.
        self._door = make_engine(url, pool=_DOOR_CONNECTIONS, enable_seqscan="off", jit="off")

    def session(self) -> AsyncSession:
        """A session that its caller commits and closes."""
        return AsyncSession(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at its end, or keeps nothing."""
        async with self.session() as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def driver(self) -> AsyncIterator[asyncpg.Connection]:
        """The driver's own connection, out of the door's pool, for set-based statements."""
        async with self._door.connect() as connection:
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert isinstance(driver, asyncpg.Connection)  # noqa: S101 (the engine is always asyncpg's)
            yield driver

    async def close(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()
        await self._door.dispose()
