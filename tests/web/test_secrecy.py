"""What must stand nowhere in clear: neither in the database nor in a log line."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
from sqlalchemy import text

from service.domain.accounts import Organisation, Role
from service.store.database import Database
from tests import factories
from tests.conftest import PASSWORD, SECRET, SignInAs

CARD = "BD-048271/NB"
PLAIN = ("BD-048271/NB", "BD048271/NB")
PERSON = {
    "full_name": "Nguyễn Thị Kín Đáo",
    "email": "kin.dao@toasoan.example",
    "phone": "+84 28 3822 9999",
    "press_card_number": CARD,
}


async def dump(database: Database) -> dict[str, str]:
    """Every row of every table as text; bytes both as hexadecimal digits and as letters."""
    found = {}
    async with database.session() as session:
        names = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for name in names:
            rows = await session.execute(text(f'SELECT * FROM "{name}"'))
            kept = [value for row in rows for value in row]
            found[name] = "\n".join(
                value.hex() + value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in kept
            )
    return found


async def test_secrets_stand_nowhere_in_the_database(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    admin = await sign_in_as(Role.ADMIN)
    stage = await factories.make_stage(client, admin, organisation)
    journalist = (await factories.register_journalist(client, **PERSON))["headers"]
    made = await factories.apply(client, journalist, stage.event_id)
    path = f"/applications/{made['id']}"
    opened = (await client.get(f"/api/v1{path}", headers=admin)).json()
    assert opened["press_card_number"] in PLAIN
    await factories.post(client, f"{path}/decision", {"to_state": "approved", "zones": ["A"]}, admin)
    issued = await factories.post(client, f"{path}/pass", {}, admin)
    await factories.post(client, f"/passes/{issued['id']}/revoke", {"ground": "Cho mượn thẻ"}, admin)
    tables = await dump(database)
    tokens = [headers["Authorization"].removeprefix("Bearer ") for headers in (admin, journalist)]
    for name, rows in tables.items():
        for secret in (*PLAIN, PASSWORD, factories.PASSWORD, SECRET, "PRIVATE KEY", *tokens):
            assert secret not in rows, (name, secret)
            assert secret.encode().hex() not in rows, (name, secret)
    # The record of what was done outlives the people in it: it knows them by their ids alone.
    for word in (*PERSON.values(), "Kín Đáo", "kin dao", "kin.dao", issued["code"], issued["human_code"]):
        assert word not in tables["audit_entry"]
    assert PERSON["email"] in tables["journalist"]


TALKS = """
import asyncio, sys
import httpx
from service.app import create_app
from service.settings import Settings

async def main():
    app = create_app(Settings(demo=False, log_level="debug"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        body = {
            "full_name": "Nguyễn Thị Kín Đáo", "email": "kin.dao@toasoan.example", "password": "mật khẩu bí mật",
            "phone": "+84 28 3822 9999", "outlet": {"name": "Báo Kín Tiếng", "kind": "print"},
            "press_card_number": "BD-048271/NB", "press_card_expires_on": "2099-12-31", "consent": True,
        }
        form = {"username": body["email"], "password": body["password"]}
        answers = [
            await client.post("/api/v1/press/register", json=body),
            await client.post("/api/v1/press/register", json=body),
            await client.post("/api/v1/press/register", json=body | {"email": "BD-048271/NB"}),
            await client.post("/api/v1/press/token", data=form | {"password": "mật khẩu sai"}),
            await client.post("/api/v1/press/token", data=form),
        ]
        assert [answer.status_code for answer in answers] == [201, 201, 422, 401, 200], answers
        token = answers[-1].json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/api/v1/press/me", headers=headers)).status_code == 200
        # The worst day: a table is gone, and the error that nobody foresaw is logged with all that is known of it.
        async with app.state.database.transaction() as session:
            await (await session.connection()).exec_driver_sql("ALTER TABLE outlet RENAME TO gone")
        other = body | {"email": "kin.dao.2@toasoan.example"}
        assert (await client.post("/api/v1/press/register", json=other)).status_code == 500
        print(token)

asyncio.run(main())
"""


def test_no_log_line_knows_who_it_is_about(database_url: str) -> None:
    """In a process of its own, for logging is set up once in a process."""
    ran = subprocess.run(
        [sys.executable, "-c", TALKS],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "BIENDAO_DATABASE_URL": database_url, "BIENDAO_SECRET_KEY": SECRET},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert "/api/v1/press/register" in ran.stderr
    assert "unforeseen" in ran.stderr
    said = ran.stderr.casefold()
    for word in (*PLAIN, "Kín", "k\\u00edn", "kin tieng", "kin.dao", "3822 9999", "mật khẩu", ran.stdout.strip()):
        assert word.casefold() not in said, word
