"""Runs migrations on the database at BIENDAO_DATABASE_URL, or on a connection handed in by the caller."""

import asyncio
import os

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from alembic import context
from service.domain.tables import metadata
from service.store.database import async_url


def run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        # A migration that can't get its lock gives up: it must never stop the door while it waits.
        connection.exec_driver_sql("SET lock_timeout = '5s'")
        context.run_migrations()


async def connect_and_run() -> None:
    engine = create_async_engine(async_url(os.environ["BIENDAO_DATABASE_URL"]), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


handed_in = context.config.attributes.get("connection")
if handed_in is not None:
    run(handed_in)
else:
    asyncio.run(connect_and_run())
