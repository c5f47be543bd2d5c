"""The door measured: single scans, batches, and the same work in pgbench, all in one run on one machine.

Absolute times wander from machine to machine and from hour to hour; the ratios of one run are what can be compared.
The database is durable here (fsync and synchronous_commit on), as it is in use.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from random import Random
from uuid import uuid4

import httpx
import pytest
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlmodel import col

from service.domain.accounts import OrganisationKind, Role
from service.domain.events import Event
from service.domain.passes import Category
from service.serving.opening import migrate
from service.store.database import Database
from service.store.engine import engine_for, postgres_account
from service.store.postgres import EmbeddedPostgres
from service.store.vault import Vault
from service.usecases import accounts, audit, passes
from service.usecases.passes import Wish
from tests import factories
from tests.conftest import NOW, PASSWORD, SECRET
from tests.factories import Headers, Stage
from tests.serving import running

PASSES = 20_000
SINGLES = {1: 1500, 8: 6000, 32: 12_000}
BATCHES = 120
BATCH = 500
CLIENT = Path(__file__).parent / "load.py"

# One transaction per scan, statement by statement: lock the pass, look for the id, insert, three counters.
PGBENCH = """\
\\set n random(1, :passes)
BEGIN;
SELECT p.id FROM entry_pass p JOIN bench_pass b ON b.code_hash = p.code_hash WHERE b.n = :n FOR NO KEY UPDATE OF p;
INSERT INTO scan (id, device_id, gate_id, pass_id, code_hash, direction, heads, scanned_at, received_at, counted_on,
  decision, list_version)
  SELECT gen_random_uuid(), g.device_id, g.gate_id, b.id, b.code_hash, 'entry', 1, now(), now(), current_date,
  'admit', 1 FROM bench_pass b, (SELECT device_id, gate_id FROM device_gate LIMIT 1) g WHERE b.n = :n;
INSERT INTO pass_use (pass_id, zone_id, inside, entries) SELECT b.id, z.id, 1, 1
  FROM bench_pass b, (SELECT id FROM zone LIMIT 1) z WHERE b.n = :n
  ON CONFLICT (pass_id, zone_id) DO UPDATE SET inside = pass_use.inside + 1, entries = pass_use.entries + 1;
INSERT INTO presence (occurrence_id, counted_on, pass_id, zone_id, category, entries, visits)
  SELECT z.occurrence_id, current_date, b.id, z.id, 'visitor', 1, 1
  FROM bench_pass b, (SELECT id, occurrence_id FROM zone LIMIT 1) z WHERE b.n = :n
  ON CONFLICT (occurrence_id, counted_on, pass_id, zone_id) DO UPDATE SET entries = presence.entries + 1;
UPDATE zone_use SET inside = inside + 1 WHERE zone_id = (SELECT id FROM zone ORDER BY id LIMIT 1);
COMMIT;
"""


@dataclass
class Ground:
    """A service with two workers, an event with many passes, and a device."""

    url: str
    base: str
    stage: Stage
    token: str
    codes: list[str]


@dataclass
class Row:
    """One line of the table."""

    what: str
    connections: int
    per_second: float
    p50: float
    p99: float


@pytest.fixture
def ground() -> Iterator[Ground]:
    """Everything in place, once."""
    with tempfile.TemporaryDirectory(prefix="biendao-bench-") as name:
        Path(name).chmod(0o711)
        with EmbeddedPostgres(Path(name)) as url:
            migrate(url)
            with running(url, BIENDAO_SECRET_KEY=SECRET) as base:
                stage, token, codes = asyncio.run(prepare(url, base))
                yield Ground(url, base, stage, token, codes)


async def prepare(url: str, base: str) -> tuple[Stage, str, list[str]]:
    """An organisation, an administrator, a stage, a device, and signed passes in the thousands."""
    database = Database(url, pool=2)
    async with database.transaction() as session:
        organisation = await accounts.add_organisation(
            session, actor=audit.SYSTEM, name_vi="Sở", name_en="Dept", kind=OrganisationKind.DEPARTMENT, now=NOW
        )
        await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="admin@example.vn",
            name="Quản Trị",
            password=PASSWORD,
            grants=[(organisation.id, Role.ADMIN)],
            now=NOW,
        )
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        form = {"username": "admin@example.vn", "password": PASSWORD}
        token = (await client.post("/api/v1/token", data=form)).json()["access_token"]
        staff: Headers = {"Authorization": f"Bearer {token}"}
        stage = await factories.make_stage(client, staff, organisation, days=("2026-01-01", "2099-12-31"))
        device = await factories.enrol_device(client, staff, *stage.gates.values())
    codes: list[str] = []
    for _ in range(0, PASSES, 2000):
        async with database.transaction() as session:
            event = (await session.scalars(select(Event).where(col(Event.id) == stage.event_id))).one()
            issued = await passes.issue_many(
                session,
                event=event,
                wishes=[Wish("Người Thử", "", Category.VISITOR, ("A", "B"))] * 2000,
                actor=audit.SYSTEM,
                vault=Vault(SECRET),
                now=NOW,
            )
            codes += [one.code for one in issued]
    async with database.driver() as connection:
        await connection.execute(
            "CREATE TABLE bench_pass AS SELECT row_number() OVER () AS n, id, code_hash FROM entry_pass;"
            "ALTER TABLE bench_pass ADD PRIMARY KEY (n); INSERT INTO zone_use SELECT id, 0 FROM zone "
            "ON CONFLICT DO NOTHING; ANALYZE"
        )
    await database.close()
    return stage, device["headers"]["Authorization"].removeprefix("Bearer "), codes


def bodies(ground: Ground, requests: int, size: int, random: Random) -> bytes:
    """Request bodies, one a line; the gate admits as often as one likes, so every scan is a full admission.

    Requests that follow each other name different passes: people in one queue carry passes of their own.
    """
    gate = ground.stage.gates["Cửa báo chí"]
    now = datetime.now(UTC).isoformat()
    codes = cycle(random.sample(ground.codes, len(ground.codes)))
    lines = []
    for _ in range(requests):
        scans = [{"id": str(uuid4()), "gate_id": gate, "code": code, "scanned_at": now} for code in islice(codes, size)]
        lines.append(json.dumps({"scans": scans}, separators=(",", ":")))
    return "\n".join(lines).encode()


def load(ground: Ground, what: str, connections: int, requests: int, size: int, random: Random) -> Row:
    """Sends the requests from another process and reads what it measured."""
    host, port = ground.base.removeprefix("http://").split(":")
    words = [sys.executable, str(CLIENT), host, port, str(connections), ground.token]
    done = subprocess.run(words, input=bodies(ground, requests, size, random), capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert told["bad"] == []
    times = sorted(told["times"])
    return Row(
        what,
        connections,
        requests * size / told["seconds"],
        statistics.median(times) * 1000,
        times[int(len(times) * 0.99)] * 1000,
    )


def pgbench(ground: Ground, connections: int, seconds: int = 8) -> Row:
    """The same work by PostgreSQL's own load generator: what the database alone bears, one scan a transaction."""
    programs = engine_for(postgres_account())
    sockets = ground.url.partition("host=")[2].replace("%2F", "/")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH)
        script.flush()
        words = [
            *(str(programs / "pgbench"), "-n", "-M", "prepared", "-f", script.name, "-D", f"passes={PASSES}"),
            *("-c", str(connections), "-j", "1", "-T", str(seconds), "-h", sockets, "-U", "biendao", "biendao"),
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    tps = float(next(line for line in lines if line.startswith("tps")).split()[2])
    latency = float(next(line for line in lines if "latency average" in line).split()[3])
    return Row("pgbench, one scan a transaction", connections, tps, latency, float("nan"))


def show(rows: list[Row]) -> None:
    """The table, with every rate against the database's own at 32 connections."""
    base = next(row for row in rows if row.what.startswith("pgbench") and row.connections == 32).per_second
    table = Table(title="The door: two workers, client and database on the same cores")
    for heading in ("what", "connections", "scans/s", "p50 ms", "p99 ms", "ratio to pgbench"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        p99 = "" if row.p99 != row.p99 else f"{row.p99:.1f}"
        ratio = f"{row.per_second / base:.2f}"
        table.add_row(row.what, str(row.connections), f"{row.per_second:,.0f}", f"{row.p50:.1f}", p99, ratio)
    Console(width=110).print(table)


@pytest.mark.bench
def test_the_door(ground: Ground) -> None:
    random = Random(7)
    # Both workers have seen every statement before anything is measured.
    load(ground, "warm-up", 32, 2000, 1, random)
    rows = [load(ground, "single scans", connections, count, 1, random) for connections, count in SINGLES.items()]
    rows.append(load(ground, "single scans", 128, 12_000, 1, random))
    rows.append(load(ground, "batches of 500", 2, BATCHES, BATCH, random))
    rows.append(load(ground, "batches of 500", 8, BATCHES, BATCH, random))
    rows += [pgbench(ground, connections) for connections in (1, 8, 32)]
    show(rows)
