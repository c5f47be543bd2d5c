"""What tests stand on, made over the REST API: venues, events with their stops, zones and gates, devices, journalists.

Every function takes the calling `client` and the `headers` of staff who may do it, and returns what was answered.
Facts left out are invented; facts that are given win.
"""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from PIL import Image

from service.domain.accounts import Organisation
from service.usecases.places import unit_id

JSON = dict[str, Any]
Headers = dict[str, str]

SAI_GON = str(unit_id("26740@2025-07-01"))
"""Sài Gòn Ward, which stands since July 2025."""
PASSWORD = "một câu dài dễ nhớ"
LAYOUT: list[JSON] = [
    {
        "code": "A",
        "name_vi": "Sảnh chính",
        "name_en": "Main hall",
        "capacity": 500,
        "gates": [{"name": "Cổng chính", "policy": "reentry"}, {"name": "Cổng sau", "policy": "once"}],
    },
    {
        "code": "B",
        "name_vi": "Trung tâm báo chí",
        "name_en": "Press centre",
        "capacity": None,
        "gates": [{"name": "Cửa báo chí", "policy": "open"}],
    },
]
"""Two zones with three gates, one of each of the usual policies."""


async def post(client: httpx.AsyncClient, path: str, body: JSON, headers: Headers | None = None) -> Any:
    """The answer to a POST that has to succeed."""
    answer = await client.post(f"/api/v1{path}", json=body, headers=headers)
    assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
    return answer.json()


async def make_venue(client: httpx.AsyncClient, headers: Headers, **facts: Any) -> JSON:
    """A hall in today's Sài Gòn Ward, with two zones and three gates."""
    body = {"name_vi": "Hội trường Thử", "name_en": "Test Hall", "kind": "hall", "unit_id": SAI_GON, "layout": LAYOUT}
    if "unit_code" in facts:
        del body["unit_id"]
    return await post(client, "/venues", body | facts, headers)


async def make_programme(
    client: httpx.AsyncClient, headers: Headers, organisation: Organisation | JSON, **facts: Any
) -> JSON:
    """The plan of the year 2026."""
    body = {
        "organisation_id": _id(organisation),
        "name_vi": "Kế hoạch thông tin đối ngoại 2026",
        "name_en": "External information plan 2026",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    return await post(client, "/programmes", body | facts, headers)


async def make_event(
    client: httpx.AsyncClient,
    headers: Headers,
    organisation: Organisation | JSON,
    *,
    state: str = "draft",
    **facts: Any,
) -> JSON:
    """An exhibition in draft, or in another state that a draft can reach."""
    body = {
        "organisation_id": _id(organisation),
        "kind": "exhibition",
        "title_vi": "Tổ quốc nhìn từ biển",
        "title_en": "The homeland seen from the sea",
    }
    event = await post(client, "/events", body | facts, headers)
    for step in {"open": ["open"], "closed": ["open", "closed"], "cancelled": ["cancelled"]}.get(state, []):
        event = await post(client, f"/events/{event['id']}/state", {"state": step}, headers)
    assert event["state"] == state
    return dict(event)


async def make_occurrence(
    client: httpx.AsyncClient, headers: Headers, event_id: str, venue_id: str, **facts: Any
) -> JSON:
    """A stop from 20 to 27 November 2026, with a copy of the venue's layout."""
    body = {"venue_id": venue_id, "opens_on": "2026-11-20", "closes_on": "2026-11-27"}
    return await post(client, f"/events/{event_id}/occurrences", body | facts, headers)


async def make_zone(client: httpx.AsyncClient, headers: Headers, occurrence_id: str, **facts: Any) -> JSON:
    """Zone C, whose visitors nobody counts."""
    body = {"code": "C", "name_vi": "Khu trưng bày", "name_en": "Gallery"}
    return await post(client, f"/occurrences/{occurrence_id}/zones", body | facts, headers)


async def make_gate(client: httpx.AsyncClient, headers: Headers, zone_id: str, **facts: Any) -> JSON:
    """A gate that is always open and lets holders in again."""
    return await post(client, f"/zones/{zone_id}/gates", {"name": "Cổng phụ", "policy": "reentry"} | facts, headers)


@dataclass(frozen=True)
class Stage:
    """An event with one stop: the ids of what belongs to it, zones by their code, gates by their name."""

    venue_id: str
    event_id: str
    occurrence_id: str
    zones: dict[str, str]
    gates: dict[str, str]


async def make_stage(
    client: httpx.AsyncClient,
    headers: Headers,
    organisation: Organisation | JSON,
    *,
    days: tuple[str, str] = ("2026-11-20", "2026-11-27"),
    **facts: Any,
) -> Stage:
    """An open political-diplomatic event with one stop in November 2026, zones A and B, and three gates.

    `facts` are the event's; `days` are the first and last of its stop.
    """
    venue = await make_venue(client, headers)
    wanted = {
        "kind": "political_diplomatic",
        "title_vi": "Hội nghị Biển Đông",
        "title_en": "East Sea Conference",
        "accreditation_closes_at": "2099-11-20T00:00:00+07:00",
        "state": "open",
    }
    event = await make_event(client, headers, organisation, **(wanted | facts))
    stop = await make_occurrence(client, headers, event["id"], venue["id"], opens_on=days[0], closes_on=days[1])
    path = f"/api/v1/occurrences/{stop['id']}"
    zones = items_of((await client.get(f"{path}/zones", headers=headers)).json())
    gates = items_of((await client.get(f"{path}/gates", headers=headers)).json())
    return Stage(
        venue_id=venue["id"],
        event_id=event["id"],
        occurrence_id=stop["id"],
        zones={zone["code"]: zone["id"] for zone in zones},
        gates={gate["name"]: gate["id"] for gate in gates},
    )


def items_of(answer: Any) -> list[JSON]:
    """The items of a list, whether it is answered in pages or whole."""
    return list(answer["items"] if isinstance(answer, dict) else answer)


async def enrol_device(client: httpx.AsyncClient, headers: Headers, *gate_ids: str, name: str = "Máy cổng 1") -> JSON:
    """A device of these gates: `headers` to call with, and `id`."""
    offered = await post(client, "/enrolments", {"device_name": name, "gate_ids": list(gate_ids)}, headers)
    made = await post(client, "/door/devices", {"code": offered["code"]})
    return {"id": made["device"]["id"], "headers": {"Authorization": f"Bearer {made['token']}"}}


async def register_journalist(client: httpx.AsyncClient, number: int = 1, **facts: Any) -> JSON:
    """A journalist with an outlet and a press card: `headers` to call with, and `id`. Another number is another one."""
    body = {
        "full_name": "Nguyễn Thị Biển",
        "email": f"phong.vien.{number}@toasoan.example",
        "password": PASSWORD,
        "outlet": {"name": "Báo Sóng Xanh", "kind": "print", "country": "VN"},
        "press_card_number": f"{number:06d}",
        "press_card_expires_on": "2099-12-31",
        "consent": True,
    } | facts
    await post(client, "/press/register", body)
    form = {"username": body["email"], "password": body["password"]}
    token = (await client.post("/api/v1/press/token", data=form)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    return {"id": (await client.get("/api/v1/press/me", headers=headers)).json()["id"], "headers": headers}


async def apply(client: httpx.AsyncClient, journalist: Headers, event_id: str, *zones: str, **facts: Any) -> JSON:
    """A journalist's application for an event, for zone A unless others are named."""
    body = {"media_role": "writer", "zones_wanted": list(zones) or ["A"]}
    return await post(client, f"/press/events/{event_id}/applications", body | facts, journalist)


async def open_press(
    client: httpx.AsyncClient, headers: Headers, event_id: str, organisation: Organisation | JSON
) -> JSON:
    """An event takes one-day applications from now on; the organisation acts as the one authority that looks."""
    rule_set = (await client.get("/api/v1/rule-sets", headers=headers)).json()[0]
    body = {
        "rule_set_id": rule_set["id"],
        "classes": ["one_day"],
        "acting": {"press_management": {"organisation_id": _id(organisation)}},
        "closes_at": "2099-11-20T00:00:00+07:00",
    }
    answer = await client.put(f"/api/v1/events/{event_id}/accreditation", json=body, headers=headers)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def begin(client: httpx.AsyncClient, journalist: Headers, event_id: str) -> JSON:
    """A journalist's empty draft of a one-day application."""
    return dict(await post(client, f"/press/events/{event_id}/draft", {"class_code": "one_day"}, journalist))


async def send_in(client: httpx.AsyncClient, journalist: Headers, event_id: str) -> JSON:
    """A journalist's complete one-day application, sent in."""
    draft = await begin(client, journalist, event_id)
    path = f"/api/v1/press/applications/{draft['id']}"
    for kind in ("portrait", "press_card"):
        content = {**journalist, "Content-Type": "image/jpeg"}
        kept = await client.put(f"{path}/files/{kind}", content=picture(), headers=content)
        assert kept.is_success, kept.text
    version = (await client.get(f"{path}/written", headers=journalist)).json()["version"]
    body = {"version": version, "zones_wanted": ["A"], "answers": {"days_wanted": ["2026-11-20"]}}
    written = await client.patch(path, json=body, headers=journalist)
    assert written.is_success, written.text
    version = written.json()["version"]
    return dict(await post(client, f"/press/applications/{draft['id']}/submit", {"version": version}, journalist))


async def allocate(client: httpx.AsyncClient, headers: Headers, event_id: str) -> JSON:
    """Everything that waits is approved by its authority, and the places are shared out."""
    waiting = [one["id"] for one in items_of((await client.get("/api/v1/reviews", headers=headers)).json())]
    await post(client, "/reviews/verdicts", {"review_ids": waiting, "kind": "approve"}, headers)
    path = f"/events/{event_id}/allocations"
    mark = (await client.get(f"/api/v1{path}/dry-run", headers=headers)).json()["mark"]
    return dict(await post(client, path, {"criteria": ["earliest_day"], "mark": mark}, headers))


async def delegate(client: httpx.AsyncClient, headers: Headers, organisation: Organisation | JSON) -> JSON:
    """Somebody who watches figures gives an organisation's verdicts for a day."""
    person = {
        "email": "thay.the@example.vn",
        "name": "Người Thay",
        "password": PASSWORD,
        "grants": [{"organisation_id": _id(organisation), "role": "viewer"}],
    }
    await post(client, "/staff", person, headers)
    period = {"since": "2026-11-23T01:00:00Z", "until": "2026-11-24T01:00:00Z"}
    body = {"organisation_id": _id(organisation), "email": person["email"], "reason": "Nghỉ phép.", **period}
    return dict(await post(client, "/delegations", body, headers))


def picture(width: int = 480, height: int = 640) -> bytes:
    """A plain picture, as a file."""
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "steelblue").save(kept, "JPEG")
    return kept.getvalue()


async def issue_pass(client: httpx.AsyncClient, headers: Headers, event_id: str, *zones: str, **facts: Any) -> JSON:
    """A delegate's pass for zone A unless others are named; the answer holds its `code`."""
    body = {"holder_name": "Trần Hải Yến", "category": "delegate", "zones": list(zones) or ["A"]}
    return await post(client, f"/events/{event_id}/passes", body | facts, headers)


async def hand_over(client: httpx.AsyncClient, headers: Headers, event_id: str) -> JSON:
    """A badge that was printed and given to its holder: the handover, with the `pass_id`."""
    one = await issue_pass(client, headers, event_id, holder_email="hai.yen@example.vn")
    printed = await client.get(f"/api/v1/passes/{one['id']}/badge.pdf", headers=headers)
    assert printed.is_success, printed.text
    body = {"pass_ids": [one["id"]], "to_name": one["holder_name"]}
    given = await post(client, f"/events/{event_id}/handovers", body, headers)
    return {**given, "pass_id": one["id"]}


def _id(organisation: Organisation | JSON) -> str:
    return str(organisation.id if isinstance(organisation, Organisation) else UUID(organisation["id"]))
