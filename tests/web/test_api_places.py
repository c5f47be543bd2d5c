"""Administrative units and venues over HTTP."""

import unicodedata
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from service.domain.accounts import Role
from service.domain.audit import AuditEntry
from service.domain.places import Venue
from service.store.database import Database
from service.usecases.places import unit_id
from tests.conftest import SignInAs
from tests.web.asking import counting

SAI_GON = unit_id("26740@2025-07-01")
HALL = {
    "name_vi": "Hội trường Thống Nhất",
    "name_en": "Reunification Hall",
    "kind": "hall",
    "address": "135 Nam Kỳ Khởi Nghĩa",
    "unit_id": str(SAI_GON),
    "lat": 10.7772,
    "lon": 106.6953,
    "capacity": 800,
    "hours": "08:00-17:00",
    "layout": [
        {
            "code": "A",
            "name_vi": "Sảnh chính",
            "name_en": "Main hall",
            "capacity": 500,
            "gates": [{"name": "Cổng chính", "policy": "once_per_day"}, {"name": "Cổng phụ", "policy": "reentry"}],
        },
        {"code": "B", "name_vi": "Trung tâm báo chí", "name_en": "Press centre", "capacity": None, "gates": []},
    ],
    "source": "Trang thông tin của hội trường",
}


async def units(client: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[dict[str, Any]]:
    """All units of all pages."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get(
            "/api/v1/units", params={**query, "limit": 50} | ({"cursor": cursor} if cursor else {}), headers=headers
        )
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
    return found


NUMBERS: list[tuple[dict[str, str], int]] = [
    ({"on": "2020-06-01", "level": "district"}, 24),
    ({"on": "2020-12-31", "level": "district"}, 24),
    ({"on": "2021-01-01", "level": "district"}, 22),
    ({"on": "2023-01-01", "level": "district"}, 22),
    ({"on": "2025-06-30", "level": "district"}, 22),
    ({"on": "2025-07-01", "level": "district"}, 0),
    ({"on": "2025-08-01", "level": "commune"}, 168),
    ({"on": "2023-01-01", "level": "district", "province": "74"}, 9),
    ({"on": "2023-01-01", "level": "district", "province": "all"}, 38),
    ({"level": "province"}, 1),
]


async def test_units_of_a_day(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    for query, number in NUMBERS:
        found = await units(client, headers, **query)
        assert len(found) == number, query
        assert [one["id"] for one in found] == [
            one["id"] for one in sorted(found, key=lambda one: (one["code"], one["id"]))
        ]


async def test_units_without_a_day_are_those_of_today(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    assert len(await units(client, headers, level="commune")) == 168
    assert len(await units(client, headers)) == 169


SEARCHES: list[tuple[str, str, list[str]]] = [
    ("thu duc", "2023-01-01", ["Thành phố Thủ Đức"]),
    ("Thủ Đức", "2020-06-01", ["Quận Thủ Đức"]),
    ("  GO   vap ", "2023-01-01", ["Quận Gò Vấp"]),
    (unicodedata.normalize("NFC", "Gò Vấp"), "2023-01-01", ["Quận Gò Vấp"]),
    (unicodedata.normalize("NFD", "Gò Vấp"), "2023-01-01", ["Quận Gò Vấp"]),
    ("go vap district", "2023-01-01", ["Quận Gò Vấp"]),
    ("%", "2023-01-01", []),
    ("_", "2023-01-01", []),
    ("\\", "2023-01-01", []),
]


async def test_units_are_found_with_accents_and_without(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    for q, on, names in SEARCHES:
        found = await units(client, headers, q=q, on=on, level="district")
        assert [one["name_vi"] for one in found] == names, (q, on)


async def test_one_code_is_two_units(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    was, became = unit_id("769@"), unit_id("769@2021-01-01")
    before = (await client.get(f"/api/v1/units/{was}", headers=headers)).json()
    after = (await client.get(f"/api/v1/units/{became}", headers=headers)).json()
    assert (before["code"], before["name_vi"], before["valid_to"]) == ("769", "Quận 2", "2020-12-31")
    assert after == after | {
        "id": str(became),
        "code": "769",
        "level": "district",
        "name_vi": "Thành phố Thủ Đức",
        "province_code": "79",
        "parent_id": str(unit_id("79@")),
        "valid_from": "2021-01-01",
        "valid_to": "2025-06-30",
        "legal_basis": "1111/NQ-UBTVQH14",
    }
    followed = (await client.get(f"/api/v1/units/{was}/successors", headers=headers)).json()
    assert followed == [{"unit": after, "share": "full"}]
    origins = (await client.get(f"/api/v1/units/{became}/predecessors", headers=headers)).json()
    assert [(one["unit"]["name_vi"], one["share"]) for one in origins] == [
        ("Quận Thủ Đức", "full"),
        ("Quận 9", "full"),
        ("Quận 2", "full"),
    ]


async def test_a_ward_has_predecessors_in_part(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    ward = unit_id("25747@2025-07-01")
    origins = (await client.get(f"/api/v1/units/{ward}/predecessors", headers=await sign_in_as(Role.VIEWER))).json()
    assert ("25741", "partial") in [(one["unit"]["code"], one["share"]) for one in origins]


async def test_units_are_restated_or_left_open(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    district_1 = unit_id("760@")

    async def restated(unit: object, **query: str) -> dict[str, Any]:
        answer = await client.get(f"/api/v1/units/{unit}/restated", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    found = await restated(SAI_GON, on="2023-01-01")
    first = {"id": str(district_1), "code": "760", "name_vi": "Quận 1", "name_en": "District 1"}
    assert found == {"on": "2023-01-01", "level": "district", "unit": first, "candidates": [first]}
    open_ended = await restated(district_1, on="2025-08-01")
    assert (open_ended["level"], open_ended["unit"]) == ("commune", None)
    assert [one["name_vi"] for one in open_ended["candidates"]] == [
        "Phường Tân Định",
        "Phường Sài Gòn",
        "Phường Bến Thành",
        "Phường Cầu Ông Lãnh",
    ]
    assert await restated(SAI_GON, on="2025-08-01", level="district") == {
        "on": "2025-08-01",
        "level": "district",
        "unit": None,
        "candidates": [],
    }


WRONG_QUESTIONS: list[tuple[str, int, str]] = [
    ("/api/v1/units/0198c0de-0000-7000-8000-000000000000", 404, "not_found"),
    ("/api/v1/units/0198c0de-0000-7000-8000-000000000000/successors", 404, "not_found"),
    ("/api/v1/units/0198c0de-0000-7000-8000-000000000000/restated?on=2025-08-01", 404, "not_found"),
    ("/api/v1/units/769", 422, "invalid"),
    ("/api/v1/units?on=2020-13-01", 422, "invalid"),
    ("/api/v1/units?on=0001-01-01", 422, "invalid"),
    ("/api/v1/units?level=hamlet", 422, "invalid"),
    ("/api/v1/units?q=a%00b", 422, "invalid"),
    ("/api/v1/units?q=" + "a" * 101, 422, "invalid"),
    ("/api/v1/units?limit=201", 422, "invalid"),
    ("/api/v1/units?limit=0", 422, "invalid"),
    ("/api/v1/units?province=7%", 422, "invalid"),
    ("/api/v1/units?cursor=rubbish", 422, "cursor_invalid"),
    ("/api/v1/units?cursor=%C3%A9", 422, "cursor_invalid"),
    ("/api/v1/units?cursor=WyJhIiwgImIiXQ", 422, "cursor_invalid"),
    ("/api/v1/units?cursor=WyJcdWQ4MDAiLCJiIl0", 422, "cursor_invalid"),
    ("/api/v1/venues?cursor=WyJhIl0", 422, "cursor_invalid"),
    ("/api/v1/venues?unit_id=26740", 422, "invalid"),
    ("/api/v1/venues/0198c0de-0000-7000-8000-000000000000", 404, "not_found"),
]


async def test_questions_that_cannot_be_answered(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    for path, status, code in WRONG_QUESTIONS:
        answer = await client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_venue_is_added_and_read(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    made = await client.post("/api/v1/venues", json=HALL, headers=headers)
    assert made.status_code == 201, made.text
    expected = {key: value for key, value in HALL.items() if key != "unit_id"}
    assert made.json() == expected | {
        "id": made.json()["id"],
        "unit": {"id": str(SAI_GON), "code": "26740", "name_vi": "Phường Sài Gòn", "name_en": "Sai Gon Ward"},
        "created_at": made.json()["created_at"],
    }
    read = await client.get(f"/api/v1/venues/{made.json()['id']}", headers=headers)
    assert read.json() == made.json()
    assert (await client.post("/api/v1/venues", json=HALL, headers=await sign_in_as(Role.VIEWER))).status_code == 403


CODES: list[tuple[dict[str, str], str]] = [
    ({"unit_code": "26740"}, "26740@2025-07-01"),
    ({"unit_code": "769", "on": "2020-06-01"}, "769@"),
    ({"unit_code": "769", "on": "2023-06-01"}, "769@2021-01-01"),
]


async def test_a_unit_is_found_by_its_code_on_a_day(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for named, key in CODES:
        body = {name: value for name, value in HALL.items() if name != "unit_id"} | named
        made = await client.post("/api/v1/venues", json=body, headers=headers)
        assert (made.status_code, made.json()["unit"]["id"]) == (201, str(unit_id(key)))


WRONG_VENUES: list[tuple[dict[str, Any], str]] = [
    ({"unit_id": None}, ""),
    ({"unit_code": "26740"}, ""),
    ({"unit_id": None, "unit_code": "769"}, "/unit_code"),
    ({"unit_id": "26740"}, "/unit_id"),
    ({"lat": 90.5}, "/lat"),
    ({"lon": -181}, "/lon"),
    ({"lat": None}, ""),
    ({"capacity": -1}, "/capacity"),
    ({"capacity": 10_000_001}, "/capacity"),
    ({"kind": "castle"}, "/kind"),
    ({"name_vi": ""}, "/name_vi"),
    ({"name_vi": "   "}, "/name_vi"),
    ({"name_vi": "Hội\u0000trường"}, "/name_vi"),
    ({"name_vi": "Hội\u0007trường"}, "/name_vi"),
    ({"name_vi": "Hội\u202etrường"}, "/name_vi"),
    ({"name_vi": "a" * 301}, "/name_vi"),
    ({"address": "a" * 501}, "/address"),
    ({"favourite": True}, "/favourite"),
    ({"layout": [{"code": "A", "name_vi": "x", "name_en": "x"}] * 2}, "/layout"),
    ({"layout": [{"code": "a", "name_vi": "x", "name_en": "x"}]}, "/layout/0/code"),
    ({"layout": [{"code": "A", "name_vi": "x", "name_en": "x", "capacity": -1}]}, "/layout/0/capacity"),
    ({"layout": [{"code": "A", "name_vi": "x", "name_en": "x", "colour": 1}]}, "/layout/0/colour"),
    (
        {"layout": [{"code": "A", "name_vi": "x", "name_en": "x", "gates": [{"name": "1", "policy": "never"}]}]},
        "/layout/0/gates/0/policy",
    ),
    (
        {"layout": [{"code": "A", "name_vi": "x", "name_en": "x", "gates": [{"name": "1"}, {"name": " 1 "}]}]},
        "/layout/0/gates",
    ),
]


async def test_a_venue_that_is_not_right_is_refused(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for wrong, pointer in WRONG_VENUES:
        answer = await client.post("/api/v1/venues", json=HALL | wrong, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], wrong
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Venue)) == 0


async def test_the_unit_of_a_venue_must_exist(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    body = HALL | {"unit_id": "0198c0de-0000-7000-8000-000000000000"}
    answer = await client.post("/api/v1/venues", json=body, headers=await sign_in_as(Role.ORGANISER))
    assert (answer.status_code, answer.json()["detail"]) == (404, "unit")


async def test_only_what_is_sent_changes_and_is_recorded(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    made = (await client.post("/api/v1/venues", json=HALL, headers=headers)).json()
    path = f"/api/v1/venues/{made['id']}"
    changed = await client.patch(
        path, json={"capacity": 650, "lat": None, "lon": None, "name_vi": HALL["name_vi"]}, headers=headers
    )
    assert changed.status_code == 200, changed.text
    assert changed.json() == made | {"capacity": 650, "lat": None, "lon": None}
    moved = await client.patch(path, json={"unit_code": "26743"}, headers=headers)
    assert moved.json()["unit"]["name_vi"] == "Phường Bến Thành"
    for nothing in ({}, {"capacity": 650}):
        assert (await client.patch(path, json=nothing, headers=headers)).json() == moved.json()
    async with database.transaction() as session:
        entries = list(
            await session.scalars(
                select(AuditEntry).where(col(AuditEntry.noun) == "venue").order_by(col(AuditEntry.id))
            )
        )
    assert [(one.action, one.details) for one in entries] == [
        ("added", {}),
        ("changed", {"fields": ["capacity", "lat", "lon"]}),
        ("changed", {"fields": ["unit_id"]}),
    ]


WRONG_CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"name_vi": None}, "/name_vi"),
    ({"kind": None}, "/kind"),
    ({"layout": None}, "/layout"),
    ({"unit_id": None}, "/unit_id"),
    ({"lat": None}, "/lat"),
    ({"capacity": -1}, "/capacity"),
    ({"id": "0198c0de-0000-7000-8000-000000000000"}, "/id"),
    ({"unit_id": str(SAI_GON), "unit_code": "26740"}, ""),
]


async def test_a_change_that_is_not_right_changes_nothing(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    made = (await client.post("/api/v1/venues", json=HALL, headers=headers)).json()
    path = f"/api/v1/venues/{made['id']}"
    for wrong, pointer in WRONG_CHANGES:
        answer = await client.patch(path, json={"hours": "09:00-18:00"} | wrong, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), answer.text
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], wrong
        assert (await client.get(path, headers=headers)).json() == made


async def test_a_name_is_kept_in_nfc_and_found_in_every_form(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    name = "Nhà văn hóa Thanh niên Gò Vấp"
    typed = unicodedata.normalize("NFD", f"  {name.replace(' ', '  ')} ")
    made = await client.post("/api/v1/venues", json=HALL | {"name_vi": typed, "kind": "youth_union"}, headers=headers)
    assert made.json()["name_vi"] == unicodedata.normalize("NFC", name)
    await client.post("/api/v1/venues", json=HALL, headers=headers)
    for q in (name, unicodedata.normalize("NFD", name), "van hoa thanh nien", "VĂN HÓA"):
        found = (await client.get("/api/v1/venues", params={"q": q}, headers=headers)).json()
        assert [one["id"] for one in found["items"]] == [made.json()["id"]], q
    by_kind = (await client.get("/api/v1/venues", params={"kind": "hall"}, headers=headers)).json()
    assert [one["name_vi"] for one in by_kind["items"]] == ["Hội trường Thống Nhất"]
    by_street = (await client.get("/api/v1/venues", params={"q": "nam ky khoi nghia"}, headers=headers)).json()
    assert len(by_street["items"]) == 2
    by_unit = (await client.get("/api/v1/venues", params={"unit_id": str(unit_id("760@"))}, headers=headers)).json()
    assert by_unit == {"items": [], "next": None}


async def test_venues_come_in_pages_with_a_fixed_number_of_questions(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    asked = []
    for rows in (1, 3):
        while len((await client.get("/api/v1/venues", headers=headers)).json()["items"]) < rows:
            await client.post("/api/v1/venues", json=HALL, headers=headers)
        async with counting(client) as statements:
            await client.get("/api/v1/venues", headers=headers)
        asked.append(len(statements))
    assert asked[0] == asked[1]
    whole = (await client.get("/api/v1/venues", headers=headers)).json()["items"]
    first = (await client.get("/api/v1/venues?limit=2", headers=headers)).json()
    second = (await client.get("/api/v1/venues", params={"limit": 2, "cursor": first["next"]}, headers=headers)).json()
    assert first["items"] + second["items"] == whole
    assert second["next"] is None


async def test_units_ask_the_database_as_often_for_many_as_for_one(
    client: httpx.AsyncClient, sign_in_as: SignInAs
) -> None:
    headers = await sign_in_as(Role.VIEWER)
    asked = set()
    for path in ("/api/v1/units?limit=1", "/api/v1/units?limit=169"):
        async with counting(client) as statements:
            await client.get(path, headers=headers)
        asked.add(len(statements))
    assert len(asked) == 1
