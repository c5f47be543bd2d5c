"""Races and crashes, against the real service: two workers, many clients, SIGKILL in the middle of a load."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from service.store.database import Database
from service.usecases import accounts, audit
from tests import factories
from tests.conftest import NOW, PASSWORD, add_department
from tests.factories import JSON, Headers, Stage
from tests.serving import free_port, fresh_copy, kill_hard, lines_until_ready, press_ctrl_c, running, serve

CLIENTS = 16
YEARS = ("2026-01-01", "2099-12-31")


@dataclass
class Place:
    """The service on a port, an event with gates, and a device at all of them."""

    client: httpx.AsyncClient
    staff: Headers
    stage: Stage
    device: Headers

    def item(self, code: str, gate: str = "Cổng sau") -> JSON:
        now = datetime.now(UTC).isoformat()
        return {"id": str(uuid4()), "gate_id": self.stage.gates[gate], "code": code, "scanned_at": now}

    async def send(self, client: httpx.AsyncClient, items: list[JSON]) -> list[JSON]:
        answer = await client.post("/api/v1/door/scans", json={"scans": items}, headers=self.device)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    async def inside(self) -> dict[str, int]:
        path = f"/api/v1/events/{self.stage.event_id}/occupancy"
        zones = (await self.client.get(path, headers=self.staff)).json()["zones"]
        return {zone["code"]: zone["inside"] for zone in zones}

    async def entries(self) -> int:
        query = {"by": "day", "event_id": self.stage.event_id}
        answer = await self.client.get("/api/v1/attendance", params=query, headers=self.staff)
        return sum(one["entries"] for one in answer.json()["totals"])


async def add_admin(database: Database, organisation: Organisation) -> None:
    async with database.transaction() as session:
        await accounts.add_staff(
            session,
            actor=audit.SYSTEM,
            email="admin@example.vn",
            name="Quản Trị",
            password=PASSWORD,
            grants=[(organisation.id, Role.ADMIN)],
            now=NOW,
        )


@asynccontextmanager
async def place_at(base: str, organisation: Organisation) -> AsyncIterator[Place]:
    """An event that is on for years, at a running service."""
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        form = {"username": "admin@example.vn", "password": PASSWORD}
        token = (await client.post("/api/v1/token", data=form)).json()["access_token"]
        staff = {"Authorization": f"Bearer {token}"}
        stage = await factories.make_stage(client, staff, organisation, days=YEARS)
        device = await factories.enrol_device(client, staff, *stage.gates.values())
        yield Place(client, staff, stage, device["headers"])


@pytest.fixture(scope="module")
async def house(postgres_url: str, template: str) -> AsyncIterator[tuple[str, Organisation]]:
    """One service with two workers for the tests of this file; each makes an event of its own."""
    async with fresh_copy(postgres_url, template, "races") as url:
        database = Database(url)
        department = await add_department(database)
        await add_admin(database, department)
        await database.close()
        with running(url) as base:
            yield base, department


@pytest.fixture
async def place(house: tuple[str, Organisation]) -> AsyncIterator[Place]:
    async with place_at(*house) as made:
        yield made


async def at_once(place: Place, batches: list[list[JSON]]) -> list[list[JSON]]:
    """Each batch from a client of its own, all at the same moment."""
    base = str(place.client.base_url)
    clients = [httpx.AsyncClient(base_url=base, timeout=60) for _ in batches]
    try:
        # Connections first, so that the scans themselves meet.
        await asyncio.gather(*(client.get("/healthz") for client in clients))
        return await asyncio.gather(
            *(place.send(client, batch) for client, batch in zip(clients, batches, strict=True))
        )
    finally:
        await asyncio.gather(*(client.aclose() for client in clients))


async def test_sixteen_clients_with_one_single_use_pass_get_exactly_one_admission(place: Place) -> None:
    entry_pass = await factories.issue_pass(place.client, place.staff, place.stage.event_id)
    answers = await at_once(place, [[place.item(entry_pass["code"])] for _ in range(CLIENTS)])
    verdicts = sorted((one["decision"], one["reason"]) for (one,) in answers)
    assert verdicts == [("admit", None)] + [("refuse", "already_used")] * (CLIENTS - 1)
    assert (await place.inside())["A"] == 1
    assert await place.entries() == 1


async def test_the_last_free_place_of_a_zone_is_given_once(place: Place) -> None:
    zone = place.stage.zones["A"]
    await place.client.patch(f"/api/v1/zones/{zone}", json={"capacity": 5}, headers=place.staff)
    passes = [await factories.issue_pass(place.client, place.staff, place.stage.event_id) for _ in range(CLIENTS)]
    answers = await at_once(place, [[place.item(one["code"], "Cổng chính")] for one in passes])
    verdicts = sorted((one["decision"], one["reason"] or "") for (one,) in answers)
    assert verdicts == [("admit", "")] * 5 + [("refuse", "zone_full")] * (CLIENTS - 5)
    assert (await place.inside())["A"] == 5


async def test_one_upload_sent_by_many_at_once_counts_once(place: Place) -> None:
    passes = [await factories.issue_pass(place.client, place.staff, place.stage.event_id) for _ in range(10)]
    upload = [place.item(one["code"]) for one in passes] + [place.item("không phải mã của ai cả") for _ in range(5)]
    answers = await at_once(place, [upload for _ in range(8)])
    without = [[{**one, "repeated": None} for one in answer] for answer in answers]
    assert without == [without[0]] * 8
    assert sum(not one["repeated"] for answer in answers for one in answer) == len(upload)
    assert await place.entries() == 10


async def test_batches_that_share_passes_in_any_order_never_lock_each_other_out(place: Place) -> None:
    passes = [await factories.issue_pass(place.client, place.staff, place.stage.event_id, "A", "B") for _ in range(12)]
    gates = ("Cổng chính", "Cửa báo chí")
    batches = [
        [place.item(one["code"], gates[(turn + number) % 2]) for number, one in enumerate(passes[:: (-1) ** turn])]
        for turn in range(CLIENTS)
    ]
    answers = await at_once(place, batches)
    admitted = [one for answer in answers for one in answer if one["decision"] == "admit"]
    assert await place.entries() == len(admitted)


async def test_a_killed_service_loses_no_acknowledged_scan_and_counts_nothing_twice(
    database: Database, database_url: str, organisation: Organisation
) -> None:
    await add_admin(database, organisation)
    with tempfile.TemporaryDirectory(prefix="biendao-") as name:
        folder, port = Path(name), free_port()
        serving = serve(folder, port, BIENDAO_DATABASE_URL=database_url)
        lines_until_ready(serving)
        base = f"http://127.0.0.1:{port}"
        async with place_at(base, organisation) as place:
            passes = [await factories.issue_pass(place.client, place.staff, place.stage.event_id) for _ in range(60)]
            uploads = [[place.item(one["code"])] for one in passes]
            acknowledged = await load_until_killed(place, uploads, serving)
        assert 0 < len(acknowledged) < len(uploads)
        serving = serve(folder, port, BIENDAO_DATABASE_URL=database_url)
        try:
            lines_until_ready(serving)
            async with httpx.AsyncClient(base_url=base, timeout=60) as client:
                place.client = client
                kept = await database_ids(database)
                assert set(acknowledged) <= kept
                for upload in uploads:
                    (answer,) = await place.send(client, upload)
                    assert answer["decision"] == "admit"
                    assert answer["repeated"] == (answer["id"] in kept)
                    if answer["id"] in acknowledged:
                        assert {**answer, "repeated": False} == acknowledged[answer["id"]]
                assert await place.entries() == len(uploads)
                assert (await place.inside())["A"] == len(uploads)
        finally:
            press_ctrl_c(serving)


async def load_until_killed(place: Place, uploads: list[list[JSON]], serving: Any) -> dict[str, JSON]:
    """Sends the uploads from eight clients and kills every process of the service when a third is answered."""
    acknowledged: dict[str, JSON] = {}
    waiting = list(uploads)
    killed = False

    async def work() -> None:
        nonlocal killed
        async with httpx.AsyncClient(base_url=str(place.client.base_url), timeout=60) as client:
            while waiting:
                try:
                    (answer,) = await place.send(client, waiting.pop(0))
                except httpx.TransportError:
                    return
                acknowledged[answer["id"]] = answer
                if len(acknowledged) >= len(uploads) // 3 and not killed:
                    killed = True
                    kill_hard(serving)

    await asyncio.gather(*(work() for _ in range(8)))
    return acknowledged


async def database_ids(database: Database) -> set[str]:
    """The ids of all scans that the database holds."""
    async with database.driver() as connection:
        return {str(row["id"]) for row in await connection.fetch("SELECT id FROM scan")}
