"""Opening the database for a command: the one of the settings or the embedded one, at the newest schema."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from alembic import command
from service.settings import Settings
from service.store.database import Database, async_url
from service.store.folders import (
    AlreadyRunning,
    CannotStart,
    data_folder,
    development_secret,
    lock_data_folder,
    make_data_folder,
)
from service.store.postgres import EmbeddedPostgres, running_url
from service.usecases import places

MIGRATIONS = Path(__file__).resolve().parents[2] / "alembic"
OLDEST_POSTGRES = 15


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """The address of the database for one command; the embedded one is started if it isn't running."""
    if settings.database_url:
        yield chosen_url(settings)
        return
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(hold_data_folder(settings))
        except AlreadyRunning as holder:
            url = running_url(holder.folder)
        else:
            url = stack.enter_context(EmbeddedPostgres(folder))
        yield url


@contextmanager
def hold_data_folder(settings: Settings) -> Iterator[Path]:
    """The data folder, made if need be, and held: until the end no other process starts a database in it."""
    folder = data_folder(settings.data_dir)
    make_data_folder(folder)
    lock = lock_data_folder(folder)
    try:
        yield folder
    finally:
        os.close(lock)


def chosen_url(settings: Settings) -> str:
    """The address in the settings, with the driver that we use."""
    try:
        return async_url(settings.database_url)
    except ValueError as error:
        raise CannotStart(f"BIENDAO_DATABASE_URL: {error}") from None


def secret_key(settings: Settings) -> str:
    """The secret of the settings; in development the data folder's own if there is none."""
    if settings.secret_key:
        return settings.secret_key
    folder = data_folder(settings.data_dir)
    make_data_folder(folder)
    return development_secret(folder)


def migrate(url: str) -> None:
    """Brings the database at `url` to the newest schema."""
    try:
        asyncio.run(require_postgres(url))
        os.environ["BIENDAO_DATABASE_URL"] = url
        command.upgrade(migrations(), "head")
        asyncio.run(load_register(url))
    except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
        raise unusable(error) from error


async def load_register(url: str) -> None:
    """Brings the register of administrative units up to what this release knows."""
    database = Database(url, pool=2)
    async with database.transaction() as session:
        await places.load_register(session)
    await database.close()


async def require_postgres(url: str) -> int:
    """The major version of the PostgreSQL at `url`, which must not be too old."""
    connection = await asyncpg.connect(driver_url(url), timeout=10)
    try:
        major: int = connection.get_server_version().major
    finally:
        await connection.close()
    if major < OLDEST_POSTGRES:
        raise CannotStart(f"PostgreSQL {major} is too old; {OLDEST_POSTGRES} or later is needed")
    return major


def driver_url(url: str) -> str:
    """The address as asyncpg itself takes it."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def look_at(url: str) -> tuple[int, str, str]:
    """PostgreSQL's major version, the schema's revision (empty: none) and the newest one."""
    try:
        major = asyncio.run(require_postgres(url))
        revision = asyncio.run(revision_of(url))
    except (OSError, asyncpg.PostgresError) as error:
        raise unusable(error) from error
    return major, revision, ScriptDirectory.from_config(migrations()).get_current_head() or ""


async def revision_of(url: str) -> str:
    """The revision of the schema at `url`; empty when there is none yet."""
    connection = await asyncpg.connect(driver_url(url), timeout=10)
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return ""
        return await connection.fetchval("SELECT version_num FROM alembic_version") or ""
    finally:
        await connection.close()


def migrations() -> Config:
    """Alembic's configuration, wherever we were started."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def unusable(error: Exception) -> CannotStart:
    """What to tell the operator when the database refuses us; never its password."""
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return CannotStart(f"The database can't be used: {reason}")
