"""Refusals are problem+json with stable codes, or pages for people; bad input is refused and never half-kept."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
from sqlalchemy import func, select

from service.domain.accounts import Organisation, Role
from service.domain.audit import AuditEntry
from service.domain.errors import TITLES
from service.domain.events import Event
from service.domain.places import Venue
from service.store.database import Database
from service.web.pages import Pages
from tests import factories
from tests.conftest import SignInAs

VENUE = {"name_vi": "Hội trường Thử", "name_en": "Test Hall", "kind": "hall", "unit_id": factories.SAI_GON}
TEN_MEGABYTES = 10 * 1024 * 1024


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal, which has to be a whole problem answer."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert set(body) == {"type", "title", "status", "code", "detail", "instance", "trace_id", "errors"}
    assert body["type"] == f"/problems/{body['code']}"
    assert body["status"] == answer.status_code
    assert body["instance"] == answer.request.url.path
    assert body["trace_id"] == answer.headers["x-trace-id"]
    assert body["code"] in TITLES
    return answer.status_code, body["code"]


def pointers(answer: httpx.Response) -> list[str]:
    """Where a refusal points, in order."""
    assert told(answer) in [(422, "invalid"), (422, "cursor_invalid"), (422, "dates_reversed")], answer.text
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_an_unknown_path_is_a_whole_problem_answer(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nowhere", headers={"Accept": "*/*"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "vi"
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-trace-id"])
    assert answer.json() == {
        "type": "/problems/not_found",
        "title": "Không có mục này, hoặc không còn nữa.",
        "status": 404,
        "code": "not_found",
        "detail": "",
        "instance": "/api/v1/nowhere",
        "trace_id": answer.headers["x-trace-id"],
        "errors": [],
    }


async def test_titles_are_in_the_readers_language(client: httpx.AsyncClient) -> None:
    vietnamese = ("vi", "Không có mục này, hoặc không còn nữa.")
    english = ("en", "This does not exist, or no longer.")
    expected = {
        "en": english,
        "en-GB,en;q=0.9,vi;q=0.8": english,
        "fr-FR,vi;q=0.7,en;q=0.3": vietnamese,
        "ja": vietnamese,
        "en;q=lots, ;;;,": english,
    }
    for wanted, (language, title) in expected.items():
        answer = await client.get("/api/v1/nowhere", headers={"Accept-Language": wanted})
        assert (answer.headers["content-language"], answer.json()["title"]) == (language, title), wanted


async def test_a_browser_gets_a_page_and_the_api_never_does(client: httpx.AsyncClient) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await client.get("/nowhere", headers=browser)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Không có mục này, hoặc không còn nữa." in page.text
    english = await client.get("/nowhere", headers=browser | {"Accept-Language": "en"})
    assert "This does not exist, or no longer." in english.text
    assert '<html lang="en"' in english.text
    assert told(await client.get("/api/v1/nowhere", headers=browser)) == (404, "not_found")


async def test_methods_that_a_path_does_not_take(client: httpx.AsyncClient) -> None:
    answer = await client.request("DELETE", "/api/v1/units")
    assert told(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_content_that_is_not_json_is_another_media_type(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    staff = await sign_in_as(Role.ADMIN)
    stage = await factories.make_stage(client, staff, organisation)
    device = (await factories.enrol_device(client, staff, *stage.gates.values()))["headers"]
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        for path, headers in (
            ("/api/v1/venues", staff),
            ("/api/v1/door/tallies", device),
            ("/api/v1/door/scans", device),
        ):
            answer = await client.post(path, content=b'{"a": 1}', headers=headers | {"Content-Type": kind})
            assert told(answer) == (415, "unsupported_media_type"), (path, kind)


async def test_what_cannot_be_read_is_malformed(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    staff = await sign_in_as(Role.ADMIN)
    stage = await factories.make_stage(client, staff, organisation)
    device = (await factories.enrol_device(client, staff, *stage.gates.values()))["headers"]
    unreadable = [b"{", b"{'a': 1}", b"\xff\xfe", b'{"name_vi": "\xc3\x28"}', b'{"a": NaNa}', b"\0"]
    endless = [b"[" * 100_000, b'{"a":' * 100_000]
    for path, headers in (("/api/v1/venues", staff), ("/api/v1/door/tallies", device), ("/api/v1/door/scans", device)):
        for content in (*unreadable, *endless):
            answer = await client.post(path, content=content, headers=headers | {"Content-Type": "application/json"})
            assert told(answer) == (400, "malformed"), (path, content[:30])


WRONG: list[tuple[dict[str, Any], list[str]]] = [
    ({"name_vi": 5}, ["/name_vi"]),
    ({"name_vi": ""}, ["/name_vi"]),
    ({"name_vi": " \n\t "}, ["/name_vi"]),
    ({"name_vi": "x" * 301}, ["/name_vi"]),
    ({"capacity": -1}, ["/capacity"]),
    ({"capacity": 10**30}, ["/capacity"]),
    ({"lat": 91, "lon": 0}, ["/lat"]),
    ({"lat": "NaN", "lon": 0}, ["/lat"]),
    ({"kind": "castle"}, ["/kind"]),
    ({"unit_id": "not-an-id"}, ["/unit_id"]),
    ({"surprise": 1, "a/b~c": 2}, ["/surprise", "/a~1b~0c"]),
    (
        {"layout": [{"code": "a", "name_vi": "A", "name_en": "A"}, {"code": "B", "name_vi": "B"}]},
        ["/layout/0/code", "/layout/1/name_en"],
    ),
    ({"layout": [{"code": "A", "name_vi": "A", "name_en": "A"}] * 2}, ["/layout"]),
]


async def test_pointers_lead_to_what_is_wrong(
    client: httpx.AsyncClient, sign_in_as: SignInAs, database: Database
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for wrong, expected in WRONG:
        assert pointers(await client.post("/api/v1/venues", json=VENUE | wrong, headers=headers)) == expected
    assert await count(database, Venue) == 0


async def test_a_body_that_is_no_object_points_at_the_whole(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    for body in ([], "venue", 5, None):
        assert pointers(await client.post("/api/v1/venues", json=body, headers=headers)) == [""]


WRONG_QUERIES = [
    "limit=0",
    "limit=201",
    "limit=many",
    "cursor=nothing",
    "cursor=%00",
    "cursor=WzFd",
    "cursor=W10",
    "cursor=WyJhIl0",
    "cursor=WyJcdTAwMDAiLCAiMDE5OGMwZGUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0",
    "cursor=" + "A" * 501,
    "on=2020-02-30",
    "on=0001-01-01",
    "on=9999-12-31",
    "on=yesterday",
    "level=village",
    "province=%D9%A7%D9%A9",
    "q=a%00b",
    "q=" + "x" * 101,
]


async def test_queries_that_are_not_right_are_refused(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.VIEWER)
    for query in WRONG_QUERIES:
        answer = await client.get(f"/api/v1/units?{query}", headers=headers)
        assert pointers(answer) == [f"/query/{query.partition('=')[0]}"], query


STRANGE = {
    "NUL": "Hội\u0000trường",
    "a control character": "Hội\u001btrường",
    "delete": "Hội\u007ftrường",
    "a C1 control": "Hội\u0085trường",
    "a lone surrogate": "Hội\ud800trường",
    "right-to-left override": "Hội \u202etrường",
    "an isolate": "Hội \u2067trường\u2069",
    "a byte order mark": "\ufeffHội trường",
    "a zero-width space": "Hội\u200btrường",
}


async def test_characters_that_no_name_needs_are_refused_everywhere(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    headers = await sign_in_as(Role.ADMIN, everywhere=True) | {"Content-Type": "application/json"}
    event = {"organisation_id": str(organisation.id), "kind": "seminar", "title_vi": "Tọa đàm"}
    for name, text in STRANGE.items():
        layout = [{"code": "A", "name_vi": text, "name_en": "A"}]
        for path, body, pointer in (
            ("/api/v1/venues", VENUE | {"name_vi": text}, "/name_vi"),
            ("/api/v1/venues", VENUE | {"address": text}, "/address"),
            ("/api/v1/venues", VENUE | {"layout": layout}, "/layout/0/name_vi"),
            ("/api/v1/events", event | {"title_vi": text}, "/title_vi"),
            ("/api/v1/events", event | {"summary_vi": f"Dòng một\n{text}"}, "/summary_vi"),
        ):
            # In pure ASCII: escapes are the only way in which a lone surrogate can be sent.
            answer = await client.post(path, content=json.dumps(body), headers=headers)
            assert pointers(answer) == [pointer], name
    assert await count(database, Venue) == await count(database, Event) == 0


async def test_text_is_kept_composed_and_trimmed(client: httpx.AsyncClient, sign_in_as: SignInAs) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    decomposed = "  Nha\u0300  va\u0306n ho\u0301a \u0110a Kao  "
    made = await factories.make_venue(client, headers, name_vi=decomposed)
    assert made["name_vi"] == "Nhà văn hóa Đa Kao"
    assert (await client.get(f"/api/v1/venues/{made['id']}", headers=headers)).json()["name_vi"] == made["name_vi"]


async def test_moments_without_an_offset_or_out_of_reach_are_refused(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation
) -> None:
    headers = await sign_in_as(Role.ORGANISER)
    naive = ["2026-11-20T17:00:00", "2026-11-20", "20/11/2026 17:00", "x", "1763632800x"]
    for moment in (*naive, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"):
        body = {
            "organisation_id": str(organisation.id),
            "kind": "seminar",
            "title_vi": "Tọa đàm",
            "accreditation_closes_at": moment,
        }
        assert pointers(await client.post("/api/v1/events", json=body, headers=headers)) == ["/accreditation_closes_at"]


async def test_ten_megabytes_are_too_large_and_nothing_is_kept(
    client: httpx.AsyncClient, sign_in_as: SignInAs, organisation: Organisation, database: Database
) -> None:
    staff = await sign_in_as(Role.ADMIN)
    stage = await factories.make_stage(client, staff, organisation)
    device = (await factories.enrol_device(client, staff, *stage.gates.values()))["headers"]
    before = await count(database, Venue), await count(database, AuditEntry)
    taken = 0

    async def pieces(beginning: bytes) -> AsyncIterator[bytes]:
        nonlocal taken
        taken = len(beginning)
        yield beginning
        while taken < TEN_MEGABYTES:
            taken += 65_536
            yield b"x" * 65_536

    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    for path, headers, beginning in (
        ("/api/v1/venues", staff | {"Content-Type": "application/json"}, b'{"name_vi": "'),
        ("/api/v1/venues", staff | {"Content-Type": "application/json", "Idempotency-Key": "a"}, b'{"name_vi": "'),
        ("/api/v1/door/scans", device | {"Content-Type": "application/json"}, b'{"scans": ["'),
        ("/api/v1/door/tallies", device | {"Content-Type": "application/json"}, b'{"tallies": ["'),
        ("/api/v1/token", form, b"username="),
        ("/console/sign-in", form, b"email="),
    ):
        whole = await client.post(path, content=beginning + b"x" * TEN_MEGABYTES, headers=headers)
        assert told(whole) == (413, "too_large"), path
        chunked = await client.post(path, content=pieces(beginning), headers=headers)
        assert told(chunked) == (413, "too_large"), path
        assert taken < 2 * 1024 * 1024, "it reads on after it knew"
    assert (await count(database, Venue), await count(database, AuditEntry)) == before


async def test_every_code_has_a_vietnamese_title_and_an_address(client: httpx.AsyncClient) -> None:
    pages = Pages(version="test")
    for code, title in TITLES.items():
        vietnamese = pages.translate("vi", title)
        assert vietnamese not in ("", title), code
        answer = await client.get(f"/problems/{code}")
        assert answer.json() == {"code": code, "title_vi": vietnamese, "title_en": title}
    assert told(await client.get("/problems/unheard_of")) == (404, "not_found")


async def count(database: Database, table: Any) -> int:
    async with database.transaction() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)
