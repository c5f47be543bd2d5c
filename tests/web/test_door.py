"""The door over HTTP: enrolment, every reason, policies, zones, capacity, groups, repetition, amendments, tallies."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from service.domain.accounts import Organisation
from service.store.database import Database
from tests import factories
from tests.conftest import NOW, Clock
from tests.factories import JSON, Headers, Stage

FORGED = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImdpYW1hbyIsInR5cCI6IkpXVCJ9.eyJzIjoiR0lBTUFPIn0." + "A" * 86


@dataclass
class Door:
    """A stage with an enrolled device at all of its gates."""

    client: httpx.AsyncClient
    staff: Headers
    stage: Stage
    device: JSON

    async def scan(self, code: str, gate: str = "Cổng chính", **facts: Any) -> JSON:
        """The answer to one scan."""
        (answer,) = await self.scan_all([self.item(code, gate, **facts)])
        return answer

    def item(self, code: str, gate: str = "Cổng chính", **facts: Any) -> JSON:
        body = {"id": str(uuid4()), "gate_id": self.stage.gates.get(gate, gate), "code": code}
        return body | {"scanned_at": NOW.isoformat()} | facts

    async def scan_all(self, items: list[Any], **extra: Any) -> list[JSON]:
        answer = await self.client.post(
            "/api/v1/door/scans", json={"scans": items, **extra}, headers=self.device["headers"]
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    async def issue(self, *zones: str, **facts: Any) -> JSON:
        return await factories.issue_pass(self.client, self.staff, self.stage.event_id, *zones, **facts)

    async def inside(self) -> dict[str, int]:
        answer = await self.client.get(f"/api/v1/events/{self.stage.event_id}/occupancy", headers=self.staff)
        return {zone["code"]: zone["inside"] for zone in answer.json()["zones"]}

    async def figures(self, **query: str) -> dict[str, tuple[int, int, int, int | None]]:
        """method → (visits, entries, exits, holders) of the whole event."""
        query = {"event_id": self.stage.event_id, "by": "occurrence", **query}
        answer = await self.client.get("/api/v1/attendance", params=query, headers=self.staff)
        assert answer.status_code == 200, answer.text
        return {
            one["method"]: (one["visits"], one["entries"], one["exits"], one["holders"])
            for one in answer.json()["totals"]
        }


MakeDoor = Callable[[], Awaitable[Door]]


@pytest.fixture
async def door(client: httpx.AsyncClient, admin: dict[str, str], stage: Stage) -> Door:
    device = await factories.enrol_device(client, admin, *stage.gates.values())
    return Door(client, admin, stage, device)


def verdict(answer: JSON) -> tuple[str, str | None]:
    return answer["decision"], answer["reason"]


async def test_a_plain_admission_tells_class_zones_and_list_version(door: Door) -> None:
    entry_pass = await door.issue("A", "B", attention="Khách cần người đi cùng")
    scan = door.item(entry_pass["code"])
    (answer,) = await door.scan_all([scan])
    assert answer == {
        "id": scan["id"],
        "decision": "admit",
        "reason": None,
        "category": "delegate",
        "zones": ["A", "B"],
        "heads": 1,
        "holder_name": entry_pass["holder_name"],
        "ground": None,
        "authority": None,
        "attention": "Khách cần người đi cùng",
        "note": None,
        "list_version": entry_pass["list_version"],
        "repeated": False,
        "errors": [],
    }


async def test_the_human_code_is_as_good_as_the_qr(door: Door) -> None:
    entry_pass = await door.issue()
    typed = entry_pass["human_code"].lower()
    assert verdict(await door.scan(f"{typed[:5]}-{typed[5:]}")) == ("admit", None)
    wrong = "0" if entry_pass["human_code"][0] != "0" else "1"
    assert verdict(await door.scan(wrong + entry_pass["human_code"][1:])) == ("refuse", "bad_code")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (FORGED, "unknown_key"),
        ("không phải mã của chúng tôi", "bad_code"),
        ("x" * 4096, "bad_code"),
        ("\x00\x01\x02", "bad_code"),
        ("https://example.vn/ve/123456789012345678901234567890", "bad_code"),
    ],
)
async def test_foreign_codes(door: Door, code: str, reason: str) -> None:
    assert verdict(await door.scan(code)) == ("refuse", reason)


async def test_forged_damaged_and_unknown_codes_of_a_known_key(door: Door, database: Database) -> None:
    entry_pass = await door.issue()
    head, claims, signature = entry_pass["code"].split(".")
    turned = "A" if signature[10] != "A" else "B"
    forged = f"{head}.{claims}.{signature[:10]}{turned}{signature[11:]}"
    assert verdict(await door.scan(forged)) == ("refuse", "bad_signature")
    assert verdict(await door.scan(entry_pass["code"][:-4])) == ("refuse", "bad_code")
    async with database.driver() as connection:
        await connection.execute("UPDATE entry_pass SET serial = 'OTHER', code_hash = 'x'")
    assert verdict(await door.scan(entry_pass["code"])) == ("refuse", "unknown_pass")


async def test_states_of_a_pass(door: Door) -> None:
    entry_pass = await door.issue()
    path, body = f"/api/v1/passes/{entry_pass['id']}", {"ground": "Báo mất thẻ", "authority": "Ban tổ chức"}
    for step, expected in (
        ("suspend", ("refuse", "suspended")),
        ("resume", ("admit", None)),
        ("revoke", ("refuse", "revoked")),
    ):
        assert (await door.client.post(f"{path}/{step}", json=body, headers=door.staff)).status_code == 200
        answer = await door.scan(entry_pass["code"])
        assert verdict(answer) == expected
        told = (answer["ground"], answer["authority"])
        assert told == ((None, None) if expected[0] == "admit" else ("Báo mất thẻ", "Ban tổ chức"))
        if expected[0] == "admit":
            await door.scan(entry_pass["code"], direction="exit")


async def test_only_the_newest_badge_counts(door: Door) -> None:
    old = await door.issue()
    new = await factories.post(door.client, f"/passes/{old['id']}/replace", {"ground": "In lại"}, door.staff)
    assert verdict(await door.scan(old["code"])) == ("refuse", "replaced")
    assert verdict(await door.scan(new["code"])) == ("admit", None)


async def test_a_struck_key_ends_its_passes_and_a_rotated_one_does_not(door: Door) -> None:
    first = await door.issue()
    await factories.post(door.client, f"/events/{door.stage.event_id}/keys/rotate", {}, door.staff)
    second = await door.issue()
    assert verdict(await door.scan(first["code"])) == ("admit", None)
    keys = (await door.client.get(f"/api/v1/events/{door.stage.event_id}/keys", headers=door.staff)).json()
    body = {"reason": "Khóa bị lộ", "confirm": True}
    struck = await factories.post(door.client, f"/keys/{keys[0]['id']}/strike", body, door.staff)
    assert struck["passes"] == 1
    assert verdict(await door.scan(first["code"])) == ("refuse", "struck_key")
    assert verdict(await door.scan(second["code"])) == ("admit", None)


async def test_time(door: Door, clock: Clock) -> None:
    later = {"valid_from": (NOW + timedelta(hours=1)).isoformat()}
    over = {"valid_until": (NOW - timedelta(seconds=1)).isoformat()}
    other_day = {"valid_days": ["2026-11-24"]}
    for facts, reason in ((later, "not_yet_valid"), (over, "expired"), (other_day, "wrong_day")):
        entry_pass = await door.issue(**facts)
        assert verdict(await door.scan(entry_pass["code"])) == ("refuse", reason)
    entry_pass = await door.issue()
    ahead = (NOW + timedelta(minutes=3)).isoformat()
    assert verdict(await door.scan(entry_pass["code"], scanned_at=ahead)) == ("unsure", "clock_skew")
    before = (NOW - timedelta(days=2)).isoformat()
    assert verdict(await door.scan(entry_pass["code"], scanned_at=before)) == ("unsure", "clock_skew")
    item = door.item(entry_pass["code"])
    (answer,) = await door.scan_all([item], sent_at=(NOW + timedelta(minutes=10)).isoformat())
    assert verdict(answer) == ("unsure", "clock_skew")
    assert await door.figures() == {}


async def test_zones_events_and_hours(door: Door, organisation: Organisation) -> None:
    entry_pass = await door.issue("B")
    assert verdict(await door.scan(entry_pass["code"])) == ("refuse", "wrong_zone")
    other = await factories.make_stage(door.client, door.staff, organisation, title_vi="Hội nghị khác")
    foreign = await factories.issue_pass(door.client, door.staff, other.event_id)
    assert verdict(await door.scan(foreign["code"])) == ("refuse", "wrong_event")
    hours = {"opens_time": "13:00", "closes_time": "17:00"}
    gate = door.stage.gates["Cửa báo chí"]
    assert (await door.client.patch(f"/api/v1/gates/{gate}", json=hours, headers=door.staff)).status_code == 200
    assert verdict(await door.scan(entry_pass["code"], "Cửa báo chí")) == ("refuse", "gate_closed")


async def test_policies(door: Door) -> None:
    entry_pass = await door.issue("A", "B")
    code = entry_pass["code"]
    assert verdict(await door.scan(code)) == ("admit", None)
    assert verdict(await door.scan(code)) == ("refuse", "already_inside")
    assert verdict(await door.scan(code, direction="exit")) == ("admit", None)
    assert verdict(await door.scan(code)) == ("admit", None)
    assert verdict(await door.scan(code, "Cổng sau")) == ("refuse", "already_used")
    for _ in range(3):
        assert verdict(await door.scan(code, "Cửa báo chí")) == ("admit", None)
    once_a_day = {"policy": "once_per_day"}
    gate = door.stage.gates["Cổng sau"]
    await door.client.patch(f"/api/v1/gates/{gate}", json=once_a_day, headers=door.staff)
    assert verdict(await door.scan(code, "Cổng sau")) == ("refuse", "used_today")


async def test_capacity_counts_those_inside(door: Door) -> None:
    zone = door.stage.zones["A"]
    await door.client.patch(f"/api/v1/zones/{zone}", json={"capacity": 2}, headers=door.staff)
    passes = [await door.issue(holder_name=f"Khách {number}") for number in range(3)]
    answers = await door.scan_all([door.item(one["code"]) for one in passes])
    assert [verdict(answer) for answer in answers] == [("admit", None), ("admit", None), ("refuse", "zone_full")]
    assert await door.inside() == {"A": 2, "B": 0}
    await door.scan(passes[0]["code"], direction="exit")
    assert verdict(await door.scan(passes[2]["code"])) == ("admit", None)


async def test_a_group_enters_n_of_m(door: Door) -> None:
    group = await door.issue(heads=10, category="pupil", holder_name="Đoàn học sinh")
    assert verdict(await door.scan(group["code"], heads=7)) == ("admit", None)
    assert verdict(await door.scan(group["code"], heads=4)) == ("refuse", "already_inside")
    assert verdict(await door.scan(group["code"], heads=3)) == ("admit", None)
    assert await door.inside() == {"A": 10, "B": 0}
    assert await door.figures() == {"scan": (10, 10, 0, 10)}


async def test_leaving_always_opens(door: Door) -> None:
    entry_pass = await door.issue()
    answer = await door.scan(entry_pass["code"], direction="exit")
    assert (verdict(answer), answer["note"]) == (("admit", None), "exit_without_entry")
    answer = await door.scan("ai biết đây là gì nào bạn ơi", direction="exit")
    assert (verdict(answer), answer["note"]) == (("admit", None), "exit_unknown")
    assert await door.inside() == {"A": 0, "B": 0}


async def test_a_repeated_id_gets_the_first_answer_and_counts_nothing_twice(door: Door) -> None:
    good, refused = await door.issue(), await door.issue("B")
    items = [door.item(good["code"]), door.item(refused["code"]), door.item(FORGED)]
    first = await door.scan_all(items)
    await door.client.post(f"/api/v1/passes/{good['id']}/revoke", json={"ground": "Thu hồi"}, headers=door.staff)
    again = await door.scan_all(items)
    assert again == [answer | {"repeated": True} for answer in first]
    assert await door.figures() == {"scan": (1, 1, 0, 1)}
    # The same id with another code is a repetition too.
    (answer,) = await door.scan_all([items[0] | {"code": refused["code"]}])
    assert (answer["decision"], answer["repeated"]) == ("admit", True)


async def test_an_id_twice_in_one_batch_counts_once(door: Door) -> None:
    entry_pass = await door.issue()
    item = door.item(entry_pass["code"])
    answers = await door.scan_all([item, item, item])
    assert [(answer["decision"], answer["repeated"]) for answer in answers] == [
        ("admit", False),
        ("admit", True),
        ("admit", True),
    ]
    assert await door.figures() == {"scan": (1, 1, 0, 1)}


async def test_simulating_checks_everything_and_stores_nothing(door: Door) -> None:
    entry_pass = await door.issue()
    assert verdict(await door.scan(entry_pass["code"], simulate=True)) == ("admit", None)
    assert verdict(await door.scan(entry_pass["code"], simulate=True)) == ("admit", None)
    listed = await door.client.get(f"/api/v1/events/{door.stage.event_id}/scans", headers=door.staff)
    assert listed.json()["items"] == []
    assert await door.figures() == {}


async def test_a_bad_item_is_answered_for_itself(door: Door) -> None:
    entry_pass = await door.issue()
    naive = door.item(entry_pass["code"]) | {"scanned_at": "2026-11-23T09:00:00"}
    unknown_field = door.item(entry_pass["code"], height=180)
    good = door.item(entry_pass["code"])
    answers = await door.scan_all([naive, "không phải đối tượng", unknown_field, good, {"id": "x"}])
    assert [answer["decision"] for answer in answers] == [None, None, None, "admit", None]
    assert answers[0]["errors"][0] == {
        "pointer": "/scanned_at",
        "code": "timezone_aware",
        "detail": answers[0]["errors"][0]["detail"],
    }
    assert answers[2]["errors"][0]["pointer"] == "/height"
    assert answers[4]["id"] == "x"
    assert await door.figures() == {"scan": (1, 1, 0, 1)}


async def test_too_many_none_and_unknown_fields_refuse_the_batch(door: Door) -> None:
    item = door.item(FORGED)
    for body, pointer in (
        ({"scans": [item] * 501}, "/scans"),
        ({"scans": []}, "/scans"),
        ({"scans": [item], "more": 1}, "/more"),
        ({"scans": [item], "sent_at": "2026-11-23T09:00:00"}, "/sent_at"),
        ([], ""),
    ):
        answer = await door.client.post("/api/v1/door/scans", json=body, headers=door.device["headers"])
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_device_scans_only_at_its_gates_and_not_after_its_end(door: Door) -> None:
    entry_pass = await door.issue("A", "B")
    narrow = await factories.enrol_device(door.client, door.staff, door.stage.gates["Cổng chính"], name="Máy hẹp")
    door.device = narrow
    answer = await door.scan(entry_pass["code"], "Cửa báo chí")
    assert (verdict(answer), answer["holder_name"]) == (("refuse", "device_not_allowed"), None)
    assert verdict(await door.scan(entry_pass["code"], str(uuid4()))) == ("refuse", "device_not_allowed")
    assert verdict(await door.scan(entry_pass["code"])) == ("admit", None)
    await factories.post(door.client, f"/devices/{narrow['id']}/revoke", {}, door.staff)
    assert verdict(await door.scan(entry_pass["code"])) == ("refuse", "device_not_allowed")
    told = (await door.client.get("/api/v1/door/device", headers=narrow["headers"])).json()
    assert (told["revoked"], told["gates"]) == (True, [])


async def test_an_enrolment_code_works_once_and_for_ten_minutes(door: Door, clock: Clock) -> None:
    body = {"device_name": "Máy mới", "gate_ids": [door.stage.gates["Cổng chính"]]}
    offered = await factories.post(door.client, "/enrolments", body, door.staff)
    used = {"code": offered["code"].lower().replace("-", " ")}
    assert (await door.client.post("/api/v1/door/devices", json=used)).status_code == 201
    again = await door.client.post("/api/v1/door/devices", json=used)
    assert (again.status_code, again.json()["code"]) == (409, "already_used")
    late = await factories.post(door.client, "/enrolments", body, door.staff)
    clock.at = NOW + timedelta(minutes=10)
    refused = await door.client.post("/api/v1/door/devices", json={"code": late["code"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "expired")
    unknown = await door.client.post("/api/v1/door/devices", json={"code": "0000-0000-0000"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "invalid")


async def test_the_record_of_each_event_tells_of_a_phone_for_its_gates(door: Door, organisation: Organisation) -> None:
    other = await factories.make_stage(door.client, door.staff, organisation, title_vi="Hội nghị khác")
    gates = [door.stage.gates["Cổng chính"], other.gates["Cổng chính"], other.gates["Cửa báo chí"]]
    body = {"device_name": "Máy hai nơi", "gate_ids": gates}
    await factories.post(door.client, "/enrolments", body, door.staff)
    for event_id, own in ((door.stage.event_id, gates[:1]), (other.event_id, gates[1:])):
        query = {"event_id": event_id, "noun": "enrolment"}
        told = (await door.client.get("/api/v1/audit", params=query, headers=door.staff)).json()["items"]
        assert (told[0]["action"], told[0]["details"]) == ("offered", {"gates": own})


async def test_override_and_undo_are_records_and_the_counts_follow(door: Door) -> None:
    entry_pass = await door.issue("B")
    scan = door.item(entry_pass["code"])
    assert verdict((await door.scan_all([scan]))[0]) == ("refuse", "wrong_zone")
    path, body = f"/api/v1/scans/{scan['id']}", {"reason": "Đã đối chiếu giấy tờ"}
    overridden = await door.client.post(f"{path}/override", json=body, headers=door.staff)
    assert (overridden.status_code, overridden.json()["kind"]) == (201, "override")
    assert (await door.client.post(f"{path}/override", json=body, headers=door.staff)).status_code == 409
    assert await door.inside() == {"A": 1, "B": 0}
    assert await door.figures() == {"scan": (1, 1, 0, 1)}
    assert (await door.client.post(f"{path}/undo", json=body, headers=door.staff)).status_code == 201
    assert (await door.client.post(f"{path}/undo", json=body, headers=door.staff)).status_code == 409
    assert await door.inside() == {"A": 0, "B": 0}
    assert await door.figures() == {"scan": (0, 0, 0, 0)}
    listed = (await door.client.get(f"/api/v1/events/{door.stage.event_id}/scans", headers=door.staff)).json()
    assert [(one["decision"], [done["kind"] for done in one["amendments"]]) for one in listed["items"]] == [
        ("refuse", ["override", "undo"])
    ]


async def test_an_admission_undone_may_enter_again(door: Door) -> None:
    entry_pass = await door.issue()
    scan = door.item(entry_pass["code"])
    await door.scan_all([scan])
    path = f"/api/v1/scans/{scan['id']}"
    assert (await door.client.post(f"{path}/undo", json={"reason": "Quét nhầm"}, headers=door.staff)).status_code == 201
    assert verdict(await door.scan(entry_pass["code"], "Cổng sau")) == ("admit", None)
    assert await door.figures() == {"scan": (1, 1, 0, 1)}


async def test_an_override_without_a_known_pass_counts_a_visitor(door: Door) -> None:
    scan = door.item(FORGED)
    await door.scan_all([scan])
    body = {"reason": "Khách quen, quên thẻ"}
    path = f"/api/v1/scans/{scan['id']}"
    assert (await door.client.post(f"{path}/override", json=body, headers=door.staff)).status_code == 201
    assert await door.inside() == {"A": 1, "B": 0}
    assert await door.figures() == {"scan": (1, 1, 0, 0)}
    assert (await door.client.post(f"{path}/undo", json=body, headers=door.staff)).status_code == 201
    assert await door.inside() == {"A": 0, "B": 0}


async def test_tallies_count_once_and_are_put_right_with_a_reason(door: Door) -> None:
    gate = door.stage.gates["Cổng chính"]
    at = NOW.isoformat()
    school = {"id": str(uuid4()), "gate_id": gate, "category": "pupil", "heads": 35, "tallied_at": at}
    less = {
        "id": str(uuid4()),
        "gate_id": gate,
        "category": "pupil",
        "heads": -5,
        "tallied_at": at,
        "reason": "Đếm thừa",
    }
    foreign = {"id": str(uuid4()), "gate_id": str(uuid4()), "category": "adult", "heads": 1, "tallied_at": at}
    send = {"tallies": [school, less, foreign, school]}
    outcomes = []
    for _ in range(2):
        answer = await door.client.post("/api/v1/door/tallies", json=send, headers=door.device["headers"])
        outcomes.append([one["outcome"] for one in answer.json()["results"]])
    assert outcomes == [
        ["kept", "kept", "device_not_allowed", "kept"],
        ["repeated", "repeated", "device_not_allowed", "repeated"],
    ]
    assert await door.figures() == {"tally": (30, 30, 0, None)}
    for wrong in ({"heads": 0}, {"heads": -1}, {"heads": 1001}, {"category": "child"}):
        answer = await door.client.post(
            "/api/v1/door/tallies", json={"tallies": [school | wrong]}, headers=door.device["headers"]
        )
        assert answer.status_code == 422, wrong


async def test_staff_passes_open_doors_and_are_never_counted(door: Door) -> None:
    helper = await door.issue("A", category="staff")
    assert verdict(await door.scan(helper["code"])) == ("admit", None)
    assert await door.inside() == {"A": 1, "B": 0}
    assert await door.figures() == {}


async def test_an_upload_of_yesterday_counts_for_yesterday(door: Door, clock: Clock) -> None:
    entry_pass = await door.issue()
    evening = (NOW + timedelta(hours=6)).isoformat()
    clock.at = NOW + timedelta(days=1, hours=2)
    device = {"decision": "admit", "reason": None, "list_version": 1}
    assert verdict(await door.scan(entry_pass["code"], scanned_at=evening, device=device)) == ("admit", None)
    clock.at = NOW
    answer = await door.client.get(
        "/api/v1/attendance", params={"event_id": door.stage.event_id, "by": "day"}, headers=door.staff
    )
    assert [group["key"]["id"] for group in answer.json()["groups"]] == ["2026-11-23"]
    listed = (await door.client.get(f"/api/v1/events/{door.stage.event_id}/scans", headers=door.staff)).json()
    assert (listed["items"][0]["device_decision"], listed["items"][0]["device_list_version"]) == ("admit", 1)


async def test_scans_are_listed_newest_first_in_pages(door: Door, clock: Clock) -> None:
    for number in range(5):
        clock.at = NOW + timedelta(seconds=number)
        await door.scan(FORGED)
    path = f"/api/v1/events/{door.stage.event_id}/scans"
    seen, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await door.client.get(path, params=query, headers=door.staff)).json()
        seen += [one["received_at"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
