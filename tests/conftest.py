"""The ground of the tests: a real embedded PostgreSQL per worker, a fresh database per test, the real application."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
from alembic.config import Config
from fastapi import FastAPI
from playwright.async_api import expect
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from alembic import command
from service.app import create_app
from service.domain.accounts import Organisation, OrganisationKind, Role
from service.domain.tables import metadata
from service.settings import Settings
from service.store import vault
from service.store.database import Database
from service.store.postgres import EmbeddedPostgres
from service.usecases import accounts, audit, places
from service.web.clock import current
from service.web.wallets import Wallets

# A page of a busy machine may take its time: what a browser test waits for comes, or it doesn't.
expect.set_options(timeout=20_000)
ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "mật khẩu thử 2026"  # of test accounts only
SECRET = "a-secret-key-of-the-tests-0123456789abcdef"


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Content of files is no name: it may hold the moment of its making, and workers have to find the same tests."""
    return argname if isinstance(val, bytes) else None


def driver_dsn(url: str) -> str:
    """The address as asyncpg itself takes it."""
    return url.replace("postgresql+asyncpg://", "postgresql://")


def at_database(url: str, name: str) -> str:
    """`url` with another database's name."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of this worker's own PostgreSQL; durability is off, for nothing here outlives the test."""
    options = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with tempfile.TemporaryDirectory(prefix="biendao-") as name:
        # As root the database runs as another user, who has to pass through; pytest's own folders don't let it.
        Path(name).chmod(0o711)
        with EmbeddedPostgres(Path(name), options=options) as url:
            yield url


@pytest.fixture(scope="session")
async def template(postgres_url: str) -> str:
    """The name of a migrated database with the register of units, which every test copies."""
    name = "template_biendao"
    connection = await asyncpg.connect(driver_dsn(postgres_url))
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    database = Database(at_database(postgres_url, name))
    async with database.engine.connect() as migrating:
        await migrating.run_sync(migrate)
        await migrating.commit()
    async with database.transaction() as session:
        await places.load_register(session)
    await database.close()
    return name


def migrate(connection: object) -> None:
    """All migrations on a connection."""
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


_REGISTER = "SELECT count(*), sum(hashtextextended(u::text, 0)) FROM admin_unit u"
_EMPTIED = [one.name for one in reversed(metadata.sorted_tables) if one.name not in ("admin_unit", "unit_link")]
_FILLED = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM \"{one}\")" for one in _EMPTIED)
_END_WHO_IS_BUSY = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle'
"""
_GROWING = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only' AND tgparentid = 0"


@pytest.fixture(scope="session")
async def swept(postgres_url: str, template: str) -> AsyncIterator[Callable[[], Awaitable[str]]]:
    """`await swept()`: this worker's own database as the template is: emptied, or copied anew (a fifth of a second)."""
    admin = await asyncpg.connect(driver_dsn(postgres_url))
    name = "test_biendao"
    url = at_database(postgres_url, name)
    # It stays open from test to test: a new one would have to learn of every table first.
    inside: asyncpg.Connection | None = None
    register: tuple[object, ...] = ()

    async def sweep() -> str:
        nonlocal inside, register
        if inside is None or inside.is_closed() or not await _empty(inside, register):
            if inside is not None:
                await inside.close()
            await close_pools()
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
            inside = await asyncpg.connect(driver_dsn(url))
            register = tuple(await inside.fetchrow(_REGISTER))
        return url

    yield sweep
    if inside is not None:
        await inside.close()
    await close_pools()
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()


async def _empty(inside: asyncpg.Connection, register: tuple[object, ...]) -> bool:
    """Takes out all rows but the register of units; False when that was changed, so that only a new copy helps."""
    if await inside.fetchval(_END_WHO_IS_BUSY):
        await close_pools()
    try:
        filled = {row[0] for row in await inside.fetch(_FILLED)}
        growing = filled.intersection(row[0] for row in await inside.fetch(_GROWING))
        # What only grows refuses a deletion; a sweep is no deletion that anybody is to notice.
        sweep = [f"ALTER TABLE {one} DISABLE TRIGGER append_only" for one in growing]
        sweep += [f'DELETE FROM "{one}"' for one in _EMPTIED if one in filled]
        sweep += [f"ALTER TABLE {one} ENABLE TRIGGER append_only" for one in growing]
        if sweep:
            async with inside.transaction():
                await inside.execute(";".join(sweep))
        return tuple(await inside.fetchrow(_REGISTER)) == register
    except asyncpg.UndefinedTableError:
        # The test before migrated downwards.
        return False


@pytest.fixture
async def database_url(swept: Callable[[], Awaitable[str]]) -> str:
    """The address of a database that holds nothing but the register of units."""
    return await swept()


class Lasting(Database):
    """A pool that outlives the tests: new connections would have to learn of every table and statement anew."""

    async def close(self) -> None:
        """Leaves the connections open; `close_pools` closes them."""


_pools: dict[tuple[str, str], Lasting] = {}


def pool_of(who: str, url: str, size: int = 8) -> Database:
    """The pool of the tests, or of the application, on a database."""
    if (who, url) not in _pools:
        _pools[who, url] = Lasting(url, pool=size)
    return _pools[who, url]


async def close_pools() -> None:
    """Closes all connections, such as those to a database that goes; a pool opens new ones when it is asked."""
    for pool in _pools.values():
        await Database.close(pool)


@pytest.fixture
def database(database_url: str) -> Database:
    """A pool on the test's database."""
    return pool_of("tests", database_url)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of the tests: everything stands here, nothing comes from the environment of the machine."""
    return Settings(
        environment="development",
        database_url=database_url,
        secret_key=SECRET,
        demo=False,
        public_url="http://test",
        log_level="error",
    )


@dataclass
class Clock:
    """The time that handlers are told; tests set it."""

    at: datetime = NOW


@pytest.fixture
def clock() -> Clock:
    """The application's clock, standing still at NOW (23/11/2026, 09:00 in the city)."""
    return Clock()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Real Argon2id at its smallest cost: a test signs in many times, and nobody attacks its passwords."""
    vault._passwords = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


_built: dict[str, FastAPI] = {}
"""Applications that were built once: FastAPI takes half a second for the first request of each."""


def build_app(settings: Settings) -> FastAPI:
    """The application for these settings, on whichever database they name."""
    known = repr(settings.model_dump(exclude={"database_url"}))
    application = _built.get(known) or create_app(
        settings, connect=lambda chosen: pool_of("service", chosen.database_url, chosen.database_pool)
    )
    _built[known] = application
    application.state.settings = settings
    application.state.wallets = Wallets.read(settings, now=NOW)
    return application


@pytest.fixture
async def app(settings: Settings, clock: Clock) -> AsyncIterator[FastAPI]:
    """The whole application, started; only its clock is the test's."""
    application = build_app(settings)

    async def stopped() -> datetime:
        return clock.at

    application.dependency_overrides[current] = stopped
    async with application.router.lifespan_context(application):
        yield application
    application.dependency_overrides.clear()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls the application in this process; errors answer as they would over the wire."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as calling:
        yield calling


@pytest.fixture
async def organisation(database: Database) -> Organisation:
    """The department that owns what the tests make."""
    return await add_department(database)


async def add_department(database: Database, now: datetime = NOW) -> Organisation:
    """The Department of Tests, in whichever database."""
    async with database.transaction() as session:
        return await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Sở Thử nghiệm",
            name_en="Department of Tests",
            kind=OrganisationKind.DEPARTMENT,
            now=now,
        )


SignInAs = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
async def sign_in_as(client: httpx.AsyncClient, database: Database, organisation: Organisation) -> SignInAs:
    """`await sign_in_as(Role.ORGANISER)` adds a staff member with these roles and returns their headers.

    The roles hold in the organisation of the tests; `everywhere=True` grants them in all.
    """

    async def sign_in(*roles: Role, everywhere: bool = False, email: str = "") -> dict[str, str]:
        address = email or f"{'-'.join(roles) or 'nobody'}{'-all' if everywhere else ''}@example.vn"
        async with database.transaction() as session:
            await accounts.add_staff(
                session,
                actor=audit.SYSTEM,
                email=address,
                name="Người Thử",
                password=PASSWORD,
                grants=[(None if everywhere else organisation.id, role) for role in roles],
                now=NOW,
            )
        answer = await client.post("/api/v1/token", data={"username": address, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    return sign_in
