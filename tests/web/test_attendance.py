"""Attendance by unit, occurrence, day and category, by method, and restated in the units of other days."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from service.usecases.places import unit_id
from tests import factories
from tests.conftest import NOW, SignInAs
from tests.factories import JSON, Headers

STOPS = (
    ("Điểm Quận 1", "760@", "2024-05-06", 100),
    ("Điểm Sài Gòn", "26740@2025-07-01", "2026-11-23", 70),
    ("Điểm Thủ Đức", "769@2021-01-01", "2024-05-20", 50),
    ("Điểm Quận 2", "769@", "2019-05-06", 30),
)


@pytest.fixture
async def viewer(client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation) -> Headers:
    """A viewer's headers, after visitors were tallied at four stops in units of three times."""
    admin = await sign_in_as(Role.ADMIN)
    event = await factories.make_event(client, admin, organisation, state="open")
    for name, unit, on, heads in STOPS:
        venue = await factories.make_venue(client, admin, name_vi=name, name_en=name, unit_id=str(unit_id(unit)))
        stop = await factories.make_occurrence(client, admin, event["id"], venue["id"], opens_on=on, closes_on=on)
        gates = await client.get(f"/api/v1/occurrences/{stop['id']}/gates", headers=admin)
        gate = factories.items_of(gates.json())[0]["id"]
        device = await factories.enrol_device(client, admin, gate)
        tally = {"id": str(uuid4()), "gate_id": gate, "category": "adult", "heads": heads}
        send = {"tallies": [tally | {"tallied_at": f"{on}T09:00:00+07:00"}]}
        answer = await client.post("/api/v1/door/tallies", json=send, headers=device["headers"])
        assert answer.json()["results"][0]["outcome"] == "kept"
    return await sign_in_as(Role.VIEWER)


async def ask(client: httpx.AsyncClient, headers: Headers, **query: str) -> JSON:
    answer = await client.get("/api/v1/attendance", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def placed(answer: JSON) -> dict[str, int]:
    """Unit → visits."""
    return {group["key"]["name_vi"]: group["figures"][0]["visits"] for group in answer["groups"]}


def lost(answer: JSON) -> dict[str, tuple[int, list[str]]]:
    """Unit that can't be placed → visits, and the units it might be."""
    return {
        one["unit"]["name_vi"]: (one["figures"][0]["visits"], [unit["name_vi"] for unit in one["candidates"]])
        for one in answer["not_attributable"]
    }


async def test_under_the_units_of_the_event(client: httpx.AsyncClient, viewer: Headers) -> None:
    answer = await ask(client, viewer, by="unit", as_of="event")
    assert placed(answer) == {"Quận 1": 100, "Phường Sài Gòn": 70, "Thành phố Thủ Đức": 50, "Quận 2": 30}
    assert lost(answer) == {}
    assert answer["totals"] == [{"method": "tally", "visits": 250, "entries": 250, "exits": 0, "holders": None}]


async def test_under_todays_units(client: httpx.AsyncClient, viewer: Headers) -> None:
    answer = await ask(client, viewer, by="unit", as_of="today")
    assert placed(answer) == {"Phường Sài Gòn": 70}
    unplaced = lost(answer)
    assert {unit: visits for unit, (visits, _) in unplaced.items()} == {
        "Quận 1": 100,
        "Thành phố Thủ Đức": 50,
        "Quận 2": 30,
    }
    assert "Phường Sài Gòn" in unplaced["Quận 1"][1]
    assert answer["totals"][0]["visits"] == 250


async def test_back_under_former_units(client: httpx.AsyncClient, viewer: Headers) -> None:
    answer = await ask(client, viewer, by="unit", as_of="2023-01-01")
    assert placed(answer) == {"Quận 1": 170, "Thành phố Thủ Đức": 80}
    assert lost(answer) == {}
    answer = await ask(client, viewer, by="unit", as_of="2020-06-01")
    assert placed(answer) == {"Quận 1": 170, "Quận 2": 30}
    assert lost(answer) == {"Thành phố Thủ Đức": (50, ["Quận Thủ Đức", "Quận 9", "Quận 2"])}


async def test_by_day_and_by_category_and_narrowed(client: httpx.AsyncClient, viewer: Headers) -> None:
    answer = await ask(client, viewer, by="day", **{"from": "2024-05-01", "to": "2024-12-31"})
    assert placed(answer) == {"2024-05-06": 100, "2024-05-20": 50}
    assert placed(await ask(client, viewer, by="category")) == {"adult": 250}
    answer = await ask(client, viewer, by="occurrence", unit_id=str(unit_id("760@")))
    assert placed(answer) == {"Tổ quốc nhìn từ biển · Điểm Quận 1": 100}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"as_of": "yesterday"}, "/query/as_of"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "/query/to"),
        ({"by": "colour"}, "/query/by"),
        ({"unit_id": "1"}, "/query/unit_id"),
    ],
)
async def test_questions_that_make_no_sense(
    client: httpx.AsyncClient, sign_in_as: SignInAs, query: dict[str, Any], pointer: str
) -> None:
    answer = await client.get("/api/v1/attendance", params=query, headers=await sign_in_as(Role.VIEWER))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_methods_stand_side_by_side_and_holders_are_distinct(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    admin = await sign_in_as(Role.ADMIN)
    stage = await factories.make_stage(client, admin, organisation)
    device = await factories.enrol_device(client, admin, *stage.gates.values())
    gate = stage.gates["Cửa báo chí"]
    holders = [await factories.issue_pass(client, admin, stage.event_id, "B") for _ in range(2)]
    scans = [
        {"id": str(uuid4()), "gate_id": gate, "code": holder["code"], "scanned_at": NOW.isoformat()}
        for holder in (*holders, *holders, holders[0])
    ]
    await client.post("/api/v1/door/scans", json={"scans": scans}, headers=device["headers"])
    tally = {"id": str(uuid4()), "gate_id": gate, "category": "foreign", "heads": 9, "tallied_at": NOW.isoformat()}
    await client.post("/api/v1/door/tallies", json={"tallies": [tally]}, headers=device["headers"])
    answer = await ask(client, admin, by="occurrence", event_id=stage.event_id)
    assert answer["groups"][0]["figures"] == [
        {"method": "scan", "visits": 2, "entries": 5, "exits": 0, "holders": 2},
        {"method": "tally", "visits": 9, "entries": 9, "exits": 0, "holders": None},
    ]
