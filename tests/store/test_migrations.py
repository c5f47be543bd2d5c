"""Migrations: they build what the tables say, can be undone, and carry what is known of the past along."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest
from alembic.config import Config
from sqlalchemy import Connection

from alembic import command
from service.store.database import Database
from tests.conftest import ROOT, at_database, driver_dsn

NAME = "migrations_under_test"


@pytest.fixture
async def empty(postgres_url: str) -> AsyncIterator[Database]:
    """A database without a schema."""
    admin = await asyncpg.connect(driver_dsn(postgres_url))
    await admin.execute(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{NAME}"')
    database = Database(at_database(postgres_url, NAME), pool=2)
    yield database
    await database.close()
    await admin.execute(f'DROP DATABASE "{NAME}" WITH (FORCE)')
    await admin.close()


async def run(database: Database, what: Callable[..., Any], *words: str) -> None:
    """One of Alembic's commands on the database."""

    def on(connection: Connection) -> None:
        config = Config(toml_file=str(ROOT / "pyproject.toml"))
        config.attributes["connection"] = connection
        what(config, *words)

    async with database.engine.connect() as connection:
        await connection.run_sync(on)
        await connection.commit()


async def tables(database: Database) -> set[str]:
    async with database.driver() as connection:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {row["tablename"] for row in rows}


async def test_they_build_what_the_tables_say_and_can_be_undone(empty: Database) -> None:
    await run(empty, command.upgrade, "head")
    await run(empty, command.check)
    built = await tables(empty)
    await run(empty, command.downgrade, "base")
    assert await tables(empty) == {"alembic_version"}
    await run(empty, command.upgrade, "head")
    assert await tables(empty) == built


PAST = """
INSERT INTO organisation (id, name_vi, name_en, kind, created_at)
VALUES ('00000000-0000-7000-8000-00000000000f', 'Sở', 'Department', 'department', '2026-11-01');
INSERT INTO event (id, organisation_id, kind, state, title_vi, title_en, folded, summary_vi, summary_en, legal_basis,
  created_at)
VALUES ('00000000-0000-7000-8000-00000000000e', '00000000-0000-7000-8000-00000000000f', 'seminar', 'open', 'x', 'x', 'x',
  '', '', '', '2026-11-01');
INSERT INTO pass_list (event_id, version, changed_at) VALUES ('00000000-0000-7000-8000-00000000000e', 5, '2026-11-23');
INSERT INTO signing_key (id, event_id, kid, public_jwk, private_sealed, state, created_at, struck_at) VALUES
 ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000e', 'k', '{}', '', 'struck', '2026-11-01',
  '2026-11-23');
INSERT INTO entry_pass (id, event_id, serial, holder_name, folded, organisation_name, category, zones, valid_from,
  valid_until, heads, attention, state, state_ground, state_authority, state_at, list_version, key_id, code, code_hash,
  human_code, issued_at)
SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-00000000000e', 's' || n, 'x', 'x',
  '', 'guest', '{A}', '2026-11-01', '2026-12-01', 1, '', state, ground, '', ('2026-11-2' || n)::timestamptz, n,
  '00000000-0000-7000-8000-00000000000a', 'c' || n, n::text::bytea, 'h' || n, '2026-11-01'
FROM (VALUES (1, 'active', ''), (2, 'revoked', 'Mất thẻ'), (3, 'suspended', 'Chờ')) AS v(n, state, ground);
"""


async def test_passes_of_the_release_before_come_along_with_their_history(empty: Database) -> None:
    await run(empty, command.upgrade, "first_tables")
    async with empty.driver() as connection:
        await connection.execute(PAST)
    await run(empty, command.upgrade, "head")
    async with empty.driver() as connection:
        changes = await connection.fetch("SELECT version, state, ground FROM pass_change ORDER BY version")
        versions = await connection.fetch("SELECT version FROM pass_list_version ORDER BY version")
        passes = await connection.fetch("SELECT version, badge, holder_email FROM entry_pass")
        struck = await connection.fetchval("SELECT struck_version FROM signing_key")
        with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
            await connection.execute("DELETE FROM pass_change")
    assert [tuple(row) for row in changes] == [(2, "revoked", "Mất thẻ"), (3, "suspended", "Chờ")]
    assert [row["version"] for row in versions] == [1, 2, 3, 5]
    assert {tuple(row) for row in passes} == {(1, "none", "")}
    assert struck == 5
