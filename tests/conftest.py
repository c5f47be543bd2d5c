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

from alembic import command
from service.app import create_app
from service.domain.accounts import Organisation, OrganisationKind, Role
from service.settings import Settings
from service.store.database import Database
from service.store.postgres import EmbeddedPostgres
from service.usecases import accounts, audit, places
from service.web.clock import current

# A page of a busy machine may take its time: what a browser test waits for comes, or it doesn't.
expect.set_options(timeout=20_000)
ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "mật khẩu thử 2026"  # of test accounts only
SECRET = "a-secret-key-of-the-tests-0123456789abcdef"


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


@pytest.fixture
async def database_url(postgres_url: str, template: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a fresh database for one test."""
    name = f"test_{abs(hash(request.node.nodeid)):x}"
    admin = await asyncpg.connect(driver_dsn(postgres_url))
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield at_database(postgres_url, name)
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on the test's database."""
    pool = Database(database_url)
    yield pool
    await pool.close()


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


@pytest.fixture
async def app(settings: Settings, clock: Clock) -> AsyncIterator[FastAPI]:
    """The whole application, started; only its clock is the test's."""
    application = create_app(settings)

    async def stopped() -> datetime:
        return clock.at

    application.dependency_overrides[current] = stopped
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that calls the application in this process; errors answer as they would over the wire."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as calling:
        yield calling


@pytest.fixture
async def organisation(database: Database) -> Organisation:
    """The department that owns what the tests make."""
    async with database.transaction() as session:
        return await accounts.add_organisation(
            session,
            actor=audit.SYSTEM,
            name_vi="Sở Thử nghiệm",
            name_en="Department of Tests",
            kind=OrganisationKind.DEPARTMENT,
            now=NOW,
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
