"""Programmes, events, occurrences, zones and gates over HTTP, and the calendar."""

import asyncio
import unicodedata
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from service.domain.accounts import Organisation, OrganisationKind, Role
from service.domain.audit import AuditEntry
from service.domain.events import Event, Gate, Occurrence, Zone
from service.store.database import Database
from service.usecases import accounts, audit
from service.usecases.places import unit_id
from tests import factories
from tests.conftest import NOW, SignInAs
from tests.web.asking import counting

NOWHERE = "0198c0de-0000-7000-8000-000000000000"
BORDER = {
    "kind": "seminar",
    "title_vi": "Tọa đàm phân giới, cắm mốc trên đất liền",
    "title_en": "Talk on demarcation of the land border",
    "summary_vi": "Dành cho cán bộ 168 phường, xã, đặc khu.\nCó tài liệu phát tay.",
    "legal_basis": "Kế hoạch thông tin đối ngoại 2026",
}


def codes(answers: list[httpx.Response]) -> list[tuple[int, str]]:
    return [(one.status_code, one.json()["code"]) for one in answers]


async def test_a_programme_is_added_read_and_changed(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    made = await factories.make_programme(client, headers, organisation)
    assert made == {
        "id": made["id"],
        "organisation": {"id": str(organisation.id), "name_vi": "Sở Thử nghiệm", "name_en": "Department of Tests"},
        "name_vi": "Kế hoạch thông tin đối ngoại 2026",
        "name_en": "External information plan 2026",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "created_at": made["created_at"],
    }
    path = f"/api/v1/programmes/{made['id']}"
    assert (await client.get(path, headers=headers)).json() == made
    changed = await client.patch(path, json={"ends_on": "2027-01-31"}, headers=headers)
    assert changed.json() == made | {"ends_on": "2027-01-31"}
    reversed_ = await client.patch(path, json={"starts_on": "2027-02-01"}, headers=headers)
    assert (reversed_.status_code, reversed_.json()["code"]) == (422, "dates_reversed")
    assert (await client.get("/api/v1/programmes", headers=headers)).json() == {"items": [changed.json()], "next": None}
    theirs = await client.get("/api/v1/programmes", params={"organisation_id": NOWHERE}, headers=headers)
    assert theirs.json() == {"items": [], "next": None}


async def test_an_event_is_added_read_and_changed(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    programme = await factories.make_programme(client, headers, organisation)
    made = await factories.make_event(client, headers, organisation, programme_id=programme["id"], **BORDER)
    assert made == {
        "id": made["id"],
        "organisation": {"id": str(organisation.id), "name_vi": "Sở Thử nghiệm", "name_en": "Department of Tests"},
        "programme": {name: programme[name] for name in ("id", "name_vi", "name_en")},
        "state": "draft",
        "summary_en": "",
        "accreditation_closes_at": None,
        "opens_on": None,
        "closes_on": None,
        "occurrences": 0,
        "created_at": made["created_at"],
        **BORDER,
    }
    path = f"/api/v1/events/{made['id']}"
    assert (await client.get(path, headers=headers)).json() == made
    change = {"accreditation_closes_at": "2026-11-20T17:00:00+07:00", "programme_id": None}
    changed = (await client.patch(path, json=change, headers=headers)).json()
    assert changed == made | {"accreditation_closes_at": "2026-11-20T10:00:00Z", "programme": None}
    assert (await client.patch(path, json=change, headers=headers)).json() == changed
    async with database.transaction() as session:
        wanted = select(AuditEntry).where(col(AuditEntry.noun) == "event").order_by(col(AuditEntry.id))
        entries = [(one.action, str(one.event_id), one.details) for one in await session.scalars(wanted)]
    assert entries == [
        ("added", made["id"], {}),
        ("changed", made["id"], {"fields": ["accreditation_closes_at", "programme_id"]}),
    ]


WRONG_EVENTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "parade"}, "/kind"),
    ({"title_vi": ""}, "/title_vi"),
    ({"title_vi": None}, "/title_vi"),
    ({"title_vi": "Biển\u0000Đảo"}, "/title_vi"),
    ({"title_vi": "Biển\nĐảo"}, "/title_vi"),
    ({"title_vi": "a" * 301}, "/title_vi"),
    ({"summary_vi": "a" * 10_001}, "/summary_vi"),
    ({"summary_vi": "\u001b[31m"}, "/summary_vi"),
    ({"accreditation_closes_at": "2026-11-20T17:00:00"}, "/accreditation_closes_at"),
    ({"accreditation_closes_at": "9999-12-31T23:59:59-10:00"}, "/accreditation_closes_at"),
    ({"organisation_id": "so-van-hoa"}, "/organisation_id"),
    ({"state": "open"}, "/state"),
]


async def test_an_event_that_is_not_right_is_refused(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    body = BORDER | {"organisation_id": str(organisation.id)}
    for wrong, pointer in WRONG_EVENTS:
        answer = await client.post("/api/v1/events", json=body | wrong, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), wrong
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], wrong
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Event)) == 0


async def test_bodies_that_cannot_be_read(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    as_json = headers | {"Content-Type": "application/json"}
    huge = b'{"title_vi": "' + b"a" * 1_100_000 + b'"}'

    async def in_pieces() -> Any:
        for _ in range(20):
            yield b"a" * 65_536

    answers = [
        await client.post("/api/v1/events", content=b'{"title_vi": "Bi', headers=as_json),
        await client.post("/api/v1/events", content=b'{"title_vi": "\xff\xfe"}', headers=as_json),
        await client.post("/api/v1/events", content=b"[" * 100_000, headers=as_json),
        await client.post("/api/v1/events", content=b"", headers=as_json),
        await client.post(
            "/api/v1/events", content=b'{"title_vi": "Bien"}', headers=headers | {"Content-Type": "text/plain"}
        ),
        await client.post("/api/v1/events", content=huge, headers=as_json),
        await client.post("/api/v1/events", content=in_pieces(), headers=as_json),
    ]
    assert codes(answers) == [
        (400, "malformed"),
        (400, "malformed"),
        (400, "malformed"),
        (422, "invalid"),
        (415, "unsupported_media_type"),
        (413, "too_large"),
        (413, "too_large"),
    ]
    assert {one.headers["content-type"] for one in answers} == {"application/problem+json"}


async def test_one_may_read_everything_and_write_at_home(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    home = await sign_in_as(Role.ORGANISER)
    async with database.transaction() as session:
        museum = await accounts.add_organisation(
            session, actor=audit.SYSTEM, name_vi="Bảo tàng", name_en="Museum", kind=OrganisationKind.MUSEUM, now=NOW
        )
    everywhere = await sign_in_as(Role.ORGANISER, everywhere=True)
    programme = await factories.make_programme(client, everywhere, museum)
    venue = await factories.make_venue(client, everywhere)
    event = await factories.make_event(client, everywhere, museum)
    stop = await factories.make_occurrence(client, everywhere, event["id"], venue["id"])
    (zone, *_) = factories.items_of((await client.get(f"/api/v1/occurrences/{stop['id']}/zones", headers=home)).json())
    (gate, *_) = factories.items_of((await client.get(f"/api/v1/zones/{zone['id']}/gates", headers=home)).json())
    assert (await client.get(f"/api/v1/events/{event['id']}", headers=home)).status_code == 200
    dates = {"venue_id": venue["id"], "opens_on": "2026-11-20", "closes_on": "2026-11-27"}
    plan = {"name_vi": "x", "name_en": "x", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    answers = [
        await client.request(method, f"/api/v1/{path}", json=body, headers=home)
        for method, path, body in (
            ("POST", "programmes", plan | {"organisation_id": str(museum.id)}),
            ("PATCH", f"programmes/{programme['id']}", {"name_vi": "y"}),
            ("POST", "events", BORDER | {"organisation_id": str(museum.id)}),
            ("PATCH", f"events/{event['id']}", {"title_vi": "y"}),
            ("POST", f"events/{event['id']}/state", {"state": "open"}),
            ("POST", f"events/{event['id']}/occurrences", dates),
            ("PATCH", f"occurrences/{stop['id']}", {"label_vi": "y"}),
            ("DELETE", f"occurrences/{stop['id']}", None),
            ("POST", f"occurrences/{stop['id']}/zones", {"code": "Z", "name_vi": "x", "name_en": "x"}),
            ("PATCH", f"zones/{zone['id']}", {"capacity": 1}),
            ("POST", f"zones/{zone['id']}/gates", {"name": "y"}),
            ("PATCH", f"gates/{gate['id']}", {"name": "y"}),
        )
    ]
    assert codes(answers) == [(403, "forbidden")] * 12


async def test_an_event_moves_as_it_may(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    event = await factories.make_event(client, headers, organisation)
    path = f"/api/v1/events/{event['id']}/state"
    moves = ["closed", "draft", "open", "open", "draft", "closed", "cancelled", "open", "cancelled", "open", "draft"]
    answers = [await client.post(path, json={"state": state}, headers=headers) for state in moves]
    assert [one.status_code for one in answers] == [409, 409, 200, 409, 409, 200, 409, 200, 200, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"illegal_move"}
    assert answers[0].json()["detail"] == "draft → closed"
    assert (await client.get(f"/api/v1/events/{event['id']}", headers=headers)).json()["state"] == "cancelled"


async def test_the_plan_of_a_closed_event_stays(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    stage = await factories.make_stage(client, headers, organisation)
    await client.post(f"/api/v1/events/{stage.event_id}/state", json={"state": "closed"}, headers=headers)
    dates = {"venue_id": stage.venue_id, "opens_on": "2026-11-20", "closes_on": "2026-11-27"}
    answers = [
        await client.request(method, f"/api/v1/{path}", json=body, headers=headers)
        for method, path, body in (
            ("PATCH", f"events/{stage.event_id}", {"title_vi": "y"}),
            ("POST", f"events/{stage.event_id}/occurrences", dates),
            ("DELETE", f"occurrences/{stage.occurrence_id}", None),
            ("PATCH", f"zones/{stage.zones['A']}", {"capacity": 1}),
        )
    ]
    assert codes(answers) == [(409, "closed")] * 4


async def test_a_stop_keeps_its_unit_and_copies_the_layout(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    venue = await factories.make_venue(client, headers)
    event = await factories.make_event(client, headers, organisation)
    facts = {
        "label_vi": "Điểm 1",
        "label_en": "Stop 1",
        "daily_from": "08:00:00",
        "daily_to": "17:00:00",
        "capacity": 300,
    }
    made = await factories.make_occurrence(client, headers, event["id"], venue["id"], **facts)
    ward = {"id": factories.SAI_GON, "code": "26740", "name_vi": "Phường Sài Gòn", "name_en": "Sai Gon Ward"}
    assert made == {
        "id": made["id"],
        "event": {name: event[name] for name in ("id", "kind", "state", "title_vi", "title_en")},
        "venue": {name: venue[name] for name in ("id", "name_vi", "name_en")},
        "unit": ward,
        "opens_on": "2026-11-20",
        "closes_on": "2026-11-27",
        "created_at": made["created_at"],
        **facts,
    }
    assert (await client.get(f"/api/v1/occurrences/{made['id']}", headers=headers)).json() == made
    zones = (await client.get(f"/api/v1/occurrences/{made['id']}/zones", headers=headers)).json()
    gates = (await client.get(f"/api/v1/occurrences/{made['id']}/gates", headers=headers)).json()
    by_id = {zone["id"]: zone["code"] for zone in zones}
    drawn = [
        {
            "code": zone["code"],
            "name_vi": zone["name_vi"],
            "name_en": zone["name_en"],
            "capacity": zone["capacity"],
            "gates": sorted((gate["name"], gate["policy"]) for gate in gates if by_id[gate["zone_id"]] == zone["code"]),
        }
        for zone in zones
    ]
    assert drawn == [
        zone | {"gates": sorted((gate["name"], gate["policy"]) for gate in zone["gates"])} for zone in factories.LAYOUT
    ]
    assert {zone["max_list_age_minutes"] for zone in zones} == {240}
    bare = await factories.make_occurrence(client, headers, event["id"], venue["id"], copy_layout=False)
    assert (await client.get(f"/api/v1/occurrences/{bare['id']}/zones", headers=headers)).json() == []
    spans = (await client.get(f"/api/v1/events/{event['id']}", headers=headers)).json()
    assert spans == event | {"opens_on": "2026-11-20", "closes_on": "2026-11-27", "occurrences": 2}


async def test_the_unit_of_a_stop_is_the_one_of_its_day(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    event = await factories.make_event(client, headers, organisation)

    async def unit_on(venue: str, opens_on: str, closes_on: str) -> str:
        facts = {"opens_on": opens_on, "closes_on": closes_on}
        made = await factories.make_occurrence(client, headers, event["id"], venue, **facts)
        return str(made["unit"]["name_vi"])

    hall = (await factories.make_venue(client, headers))["id"]
    assert await unit_on(hall, "2025-07-01", "2025-07-05") == "Phường Sài Gòn"
    assert await unit_on(hall, "2025-06-20", "2025-06-30") == "Quận 1"
    assert await unit_on(hall, "2018-04-13", "2018-04-15") == "Quận 1"
    old_school = (await factories.make_venue(client, headers, unit_code="769", on="2020-06-01"))["id"]
    assert await unit_on(old_school, "2020-10-01", "2020-12-31") == "Quận 2"
    assert await unit_on(old_school, "2021-01-01", "2021-01-03") == "Thành phố Thủ Đức"


async def test_a_stop_outside_a_units_validity_is_refused(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    hall = await factories.make_venue(client, headers)
    district = await factories.make_venue(client, headers, unit_code="760", on="2023-01-01")
    event = await factories.make_event(client, headers, organisation)
    district_1 = str(unit_id("760@"))
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"opens_on": "2026-11-27", "closes_on": "2026-11-20"}, "dates_reversed", "/closes_on"),
        ({"opens_on": "2025-06-25", "closes_on": "2025-07-05"}, "outside_validity", "/closes_on"),
        ({"opens_on": "2020-12-25", "closes_on": "2021-01-05", "venue_id": NOWHERE}, "", ""),
        ({"unit_id": district_1}, "outside_validity", "/opens_on"),
        (
            {"unit_id": factories.SAI_GON, "opens_on": "2025-06-30", "closes_on": "2025-07-02"},
            "outside_validity",
            "/opens_on",
        ),
        ({"daily_from": "17:00", "daily_to": "08:00"}, "dates_reversed", "/daily_to"),
        ({"daily_from": "08:00+07:00"}, "invalid", "/daily_from"),
        ({"capacity": -1}, "invalid", "/capacity"),
        ({"opens_on": "0001-01-01"}, "invalid", "/opens_on"),
        ({"opens_on": "20/11/2026"}, "invalid", "/opens_on"),
        ({"unit": factories.SAI_GON}, "invalid", "/unit"),
    ]
    path = f"/api/v1/events/{event['id']}/occurrences"
    for wrong, code, pointer in cases:
        body = {"venue_id": hall["id"], "opens_on": "2026-11-20", "closes_on": "2026-11-27"} | wrong
        answer = await client.post(path, json=body, headers=headers)
        if code:
            assert (answer.status_code, answer.json()["code"]) == (422, code), wrong
            assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], wrong
        else:
            assert (answer.status_code, answer.json()["detail"]) == (404, "venue")
    # District 1 became four wards: which one, only a person knows.
    body = {"venue_id": district["id"], "opens_on": "2026-11-20", "closes_on": "2026-11-27"}
    answer = await client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "outside_validity")
    found = [one["detail"].split(" ", 2) for one in answer.json()["errors"]]
    assert [(code, name) for _, code, name in found] == [
        ("26737", "Phường Tân Định"),
        ("26740", "Phường Sài Gòn"),
        ("26743", "Phường Bến Thành"),
        ("26758", "Phường Cầu Ông Lãnh"),
    ]
    chosen = await client.post(path, json=body | {"unit_id": found[1][0]}, headers=headers)
    assert (chosen.status_code, chosen.json()["unit"]["name_vi"]) == (201, "Phường Sài Gòn")
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Occurrence)) == 1


async def test_a_stop_is_changed_within_its_unit(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    stage = await factories.make_stage(client, headers, organisation)
    path = f"/api/v1/occurrences/{stage.occurrence_id}"
    before = (await client.get(path, headers=headers)).json()
    changed = await client.patch(path, json={"closes_on": "2026-11-30", "daily_from": "07:30"}, headers=headers)
    assert changed.json() == before | {"closes_on": "2026-11-30", "daily_from": "07:30:00"}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"closes_on": "2026-11-01"}, "dates_reversed"),
        ({"opens_on": "2025-06-30"}, "outside_validity"),
        ({"daily_to": "07:30"}, "dates_reversed"),
        ({"opens_on": None}, "invalid"),
        ({"venue_id": stage.venue_id}, "invalid"),
        ({"unit_id": factories.SAI_GON}, "invalid"),
        ({"capacity": -5}, "invalid"),
    ]
    for wrong, code in cases:
        answer = await client.patch(path, json=wrong, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, code), wrong
    assert (await client.get(path, headers=headers)).json() == changed.json()


async def test_a_stop_is_removed_while_nothing_hangs_on_it(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    used = await factories.make_stage(client, headers, organisation)
    await factories.enrol_device(client, headers, used.gates["Cổng chính"])
    unused = await factories.make_occurrence(client, headers, used.event_id, used.venue_id)
    refused = await client.delete(f"/api/v1/occurrences/{used.occurrence_id}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")
    removed = await client.delete(f"/api/v1/occurrences/{unused['id']}", headers=headers)
    assert (removed.status_code, removed.content) == (204, b"")
    assert (await client.delete(f"/api/v1/occurrences/{unused['id']}", headers=headers)).status_code == 404
    async with database.transaction() as session:
        left = [await session.scalar(select(func.count()).select_from(table)) for table in (Occurrence, Zone, Gate)]
    assert left == [1, 2, 3]


async def test_zones_and_gates_are_added_and_changed(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    stage = await factories.make_stage(client, headers, organisation)
    zone = await factories.make_zone(client, headers, stage.occurrence_id, capacity=80, max_list_age_minutes=30)
    assert zone == {
        "id": zone["id"],
        "occurrence_id": stage.occurrence_id,
        "code": "C",
        "name_vi": "Khu trưng bày",
        "name_en": "Gallery",
        "capacity": 80,
        "max_list_age_minutes": 30,
    }
    gate = await factories.make_gate(client, headers, zone["id"], opens_time="18:00:00", closes_time="00:30:00")
    assert gate == {
        "id": gate["id"],
        "occurrence_id": stage.occurrence_id,
        "zone_id": zone["id"],
        "name": "Cổng phụ",
        "policy": "reentry",
        "opens_time": "18:00:00",
        "closes_time": "00:30:00",
    }
    assert (await client.get(f"/api/v1/zones/{zone['id']}/gates", headers=headers)).json() == [gate]
    path_z, path_g = f"/api/v1/zones/{zone['id']}", f"/api/v1/gates/{gate['id']}"
    changed = await client.patch(path_z, json={"capacity": None, "name_vi": "Khu B"}, headers=headers)
    assert changed.json() == zone | {"capacity": None, "name_vi": "Khu B"}
    opened = await client.patch(
        path_g, json={"policy": "once_per_day", "opens_time": None, "closes_time": None}, headers=headers
    )
    assert opened.json() == gate | {"policy": "once_per_day", "opens_time": None, "closes_time": None}
    zones = f"/api/v1/occurrences/{stage.occurrence_id}/zones"
    gates = f"{path_z}/gates"
    answers = [
        await client.post(zones, json={"code": "C", "name_vi": "x", "name_en": "x"}, headers=headers),
        await client.post(gates, json={"name": "Cổng phụ"}, headers=headers),
        await client.post(zones, json={"code": "c1", "name_vi": "x", "name_en": "x"}, headers=headers),
        await client.post(zones, json={"code": "D", "name_vi": "x", "name_en": "x", "capacity": -1}, headers=headers),
        await client.post(gates, json={"name": "Cổng 2", "opens_time": "08:00"}, headers=headers),
        await client.patch(path_g, json={"opens_time": "08:00"}, headers=headers),
        await client.patch(path_g, json={"policy": None}, headers=headers),
        await client.patch(path_z, json={"code": "E"}, headers=headers),
        await client.post(f"/api/v1/zones/{NOWHERE}/gates", json={"name": "Cổng 3"}, headers=headers),
        await client.get(f"/api/v1/occurrences/{NOWHERE}/zones", headers=headers),
    ]
    assert codes(answers) == [
        (409, "already_exists"),
        (409, "already_exists"),
        *[(422, "invalid")] * 6,
        (404, "not_found"),
        (404, "not_found"),
    ]


async def test_events_are_found_by_what_they_are(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    programme = await factories.make_programme(client, headers, organisation)
    venue = await factories.make_venue(client, headers)
    name = unicodedata.normalize("NFD", "Trường Sa trong lòng Thành phố")
    tour = await factories.make_event(client, headers, organisation, title_vi=name, title_en="", state="open")
    talk = await factories.make_event(client, headers, organisation, programme_id=programme["id"], **BORDER)
    await factories.make_occurrence(client, headers, tour["id"], venue["id"])
    old = {"opens_on": "2023-11-04", "closes_on": "2023-11-10"}
    await factories.make_occurrence(client, headers, tour["id"], venue["id"], **old)
    assert tour["title_vi"] == unicodedata.normalize("NFC", name)
    questions: list[tuple[dict[str, str], list[str]]] = [
        ({}, [tour["id"], talk["id"]]),
        ({"q": "truong sa"}, [tour["id"]]),
        ({"q": "Trường Sa"}, [tour["id"]]),
        ({"q": unicodedata.normalize("NFD", "TRƯỜNG SA")}, [tour["id"]]),
        ({"q": "demarcation"}, [talk["id"]]),
        ({"q": "100%"}, []),
        ({"kind": "seminar"}, [talk["id"]]),
        ({"state": "open"}, [tour["id"]]),
        ({"programme_id": programme["id"]}, [talk["id"]]),
        ({"organisation_id": str(organisation.id)}, [tour["id"], talk["id"]]),
        ({"organisation_id": NOWHERE}, []),
        ({"unit_id": factories.SAI_GON}, [tour["id"]]),
        ({"unit_id": str(unit_id("760@"))}, [tour["id"]]),
        ({"from": "2026-11-27"}, [tour["id"]]),
        ({"from": "2026-11-28"}, []),
        ({"to": "2023-11-04"}, [tour["id"]]),
        ({"from": "2024-01-01", "to": "2025-12-31"}, []),
        # One stop has to meet them all: in Sài Gòn Ward there was none in 2023.
        ({"unit_id": factories.SAI_GON, "to": "2023-12-31"}, []),
    ]
    for query, expected in questions:
        answer = await client.get("/api/v1/events", params=query, headers=headers)
        assert [one["id"] for one in answer.json()["items"]] == expected, query
    wrong = await client.get("/api/v1/events?from=2026-12-01&to=2026-11-01", headers=headers)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "dates_reversed")


async def test_lists_come_in_pages_with_a_fixed_number_of_questions(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    venue = await factories.make_venue(client, headers)
    event = await factories.make_event(client, headers, organisation)
    paths = [
        "/api/v1/programmes",
        "/api/v1/events",
        f"/api/v1/events/{event['id']}/occurrences",
        "/api/v1/calendar?from=2026-11-01&to=2026-11-30",
    ]
    asked: dict[str, list[int]] = {path: [] for path in paths}
    for rows in (1, 3):
        for number in range(1 if rows == 1 else 2):
            await factories.make_programme(client, headers, organisation)
            dates = {"opens_on": f"2026-11-1{number}"}
            await factories.make_occurrence(client, headers, event["id"], venue["id"], **dates)
            if rows == 3:
                await factories.make_event(client, headers, organisation)
        for path in paths:
            async with counting(client) as statements:
                answer = await client.get(path, headers=headers)
            assert len(factories.items_of(answer.json())) == rows, path
            asked[path].append(len(statements))
    assert {path: one for path, (one, three) in asked.items() if one != three} == {}
    for path in paths[:3]:
        whole = (await client.get(path, headers=headers)).json()["items"]
        first = (await client.get(path, params={"limit": 2}, headers=headers)).json()
        second = (await client.get(path, params={"limit": 2, "cursor": first["next"]}, headers=headers)).json()
        assert (first["items"] + second["items"], second["next"]) == (whole, None), path
        for cursor in ("rubbish", "WyJhIiwgImIiXQ", "WzFd"):
            answer = await client.get(path, params={"cursor": cursor}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid"), (path, cursor)


async def test_the_calendar_shows_all_units_and_their_conflicts(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    hall = await factories.make_venue(client, headers)
    ward = str(unit_id("26743@2025-07-01"))
    other_hall = await factories.make_venue(client, headers, unit_id=ward)
    tour = await factories.make_event(client, headers, organisation, state="open")
    talk = await factories.make_event(client, headers, organisation, **BORDER)
    called_off = await factories.make_event(client, headers, organisation)

    async def stop(event: dict[str, Any], venue: dict[str, Any], opens_on: str, closes_on: str, **facts: Any) -> Any:
        dates = {"opens_on": opens_on, "closes_on": closes_on}
        return await factories.make_occurrence(client, headers, event["id"], venue["id"], **dates, **facts)

    week = await stop(tour, hall, "2026-11-20", "2026-11-27")
    elsewhere = await stop(tour, other_hall, "2026-11-20", "2026-11-27", daily_from="08:00", daily_to="11:00")
    sitting = await stop(talk, hall, "2026-11-27", "2026-12-02")
    afternoon = await stop(talk, other_hall, "2026-11-21", "2026-11-21", daily_from="13:30", daily_to="17:00")
    await stop(called_off, hall, "2026-11-22", "2026-11-22")
    await client.post(f"/api/v1/events/{called_off['id']}/state", json={"state": "cancelled"}, headers=headers)

    async def calendar(**query: str) -> list[dict[str, Any]]:
        answer = await client.get("/api/v1/calendar", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return list(answer.json())

    def clash(occurrence: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        return {
            "occurrence_id": occurrence["id"],
            "event_id": event["id"],
            "title_vi": event["title_vi"],
            "title_en": event["title_en"],
            "opens_on": occurrence["opens_on"],
            "closes_on": occurrence["closes_on"],
        }

    # Sittings that share a hall on a day, but not at an hour, are no conflict; what was called off needs no hall.
    assert await calendar(**{"from": "2026-11-01", "to": "2026-11-30"}) == [
        week | {"conflicts": [clash(sitting, talk)]},
        elsewhere | {"conflicts": []},
        afternoon | {"conflicts": []},
        sitting | {"conflicts": [clash(week, tour)]},
    ]
    # What a filter leaves out still needs its hall.
    assert await calendar(**{"from": "2026-12-01", "to": "2026-12-31"}) == [
        sitting | {"conflicts": [clash(week, tour)]}
    ]
    by_kind = await calendar(**{"from": "2026-11-01", "to": "2026-11-30", "kind": "seminar"})
    assert [one["id"] for one in by_kind] == [afternoon["id"], sitting["id"]]
    by_unit = await calendar(**{"from": "2026-11-01", "to": "2026-11-30", "unit_id": ward})
    assert [one["id"] for one in by_unit] == [elsewhere["id"], afternoon["id"]]
    answers = [
        await client.get(f"/api/v1/calendar?{query}", headers=headers)
        for query in (
            "from=2026-11-30&to=2026-11-01",
            "from=2026-01-01&to=2027-02-06",
            "from=2026-01-01",
            "from=9999-12-31&to=9999-12-31",
        )
    ]
    assert codes(answers) == [(422, "dates_reversed"), (422, "invalid"), (422, "invalid"), (422, "invalid")]
    assert (await client.get("/api/v1/calendar?from=2026-01-01&to=2027-02-05", headers=headers)).status_code == 200


async def test_a_repeated_request_changes_nothing_more(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER) | {"Idempotency-Key": "them-su-kien-1"}
    body = BORDER | {"organisation_id": str(organisation.id)}
    first = await client.post("/api/v1/events", json=body, headers=headers)
    again = await client.post("/api/v1/events", json=body, headers=headers)
    assert (first.status_code, first.headers.get("idempotency-replayed")) == (201, None)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content
    other = await client.post("/api/v1/events", json=body | {"title_vi": "Tọa đàm khác"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    for key in ("", "k" * 256):
        strange = await client.post("/api/v1/events", json=body, headers=headers | {"Idempotency-Key": key})
        assert (strange.status_code, strange.json()["code"]) == (422, "invalid")
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Event)) == 1


async def test_two_equal_requests_at_once_make_one_event(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER) | {"Idempotency-Key": "them-su-kien-2"}
    body = BORDER | {"organisation_id": str(organisation.id)}
    answers = await asyncio.gather(*(client.post("/api/v1/events", json=body, headers=headers) for _ in range(5)))
    assert [one.status_code for one in answers] == [201] * 5
    assert len({one.content for one in answers}) == 1
    async with database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Event)) == 1


async def test_a_refusal_is_not_kept_under_its_key(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER) | {"Idempotency-Key": "mo-su-kien"}
    plain = {"Authorization": headers["Authorization"]}
    event = await factories.make_event(client, plain, organisation)
    path = f"/api/v1/events/{event['id']}/state"
    assert (await client.post(path, json={"state": "closed"}, headers=headers)).status_code == 409
    await client.post(path, json={"state": "open"}, headers=plain)
    assert (await client.post(path, json={"state": "closed"}, headers=headers)).status_code == 200
