"""The main job as one story, over HTTP, against the real service with two workers."""

import io
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
import zxingcpp
from jose import jws
from PIL import Image

from tests.serving import ROOT, command, running

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
ADMIN, PASSWORD = "quan.tri@example.vn", "một câu dài dễ nhớ"
JSON = dict[str, Any]


class Caller:
    """Somebody who calls the API; an answer that isn't the expected status fails the story."""

    opened: ClassVar[list[httpx.Client]] = []

    def __init__(self, base: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=base, headers=headers, timeout=30)
        self.opened.append(self.http)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._answer(self.http.get(path, params=query), status)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        return self._answer(self.http.post(path, json=body), status)

    def sign_in(self, path: str, email: str, password: str) -> "Caller":
        answer = self.http.post(path, data={"username": email, "password": password})
        assert answer.status_code == 200, answer.text
        return Caller(str(self.http.base_url), answer.json()["access_token"])

    @staticmethod
    def _answer(answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, f"{answer.request.method} {answer.request.url}: {answer.text}"
        return answer.json() if answer.headers.get("content-type", "").endswith("json") else answer


@pytest.fixture
def base(database_url: str) -> Iterator[str]:
    """The service on a fresh database, with the first administrator that the command line adds."""
    words, environment = command(
        *("staff", "--email", ADMIN, "--name", "Quản Trị", "--password", PASSWORD), BIENDAO_DATABASE_URL=database_url
    )
    subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True)
    with running(database_url) as address:
        yield address
        for client in Caller.opened:
            client.close()


def unit_of(caller: Caller, code: str) -> JSON:
    units = caller.get("/api/v1/units", on="2026-11-23", level="commune", limit=200)["items"]
    return next(unit for unit in units if unit["code"] == code)


def test_the_main_job(base: str) -> None:
    anyone = Caller(base)
    admin = anyone.sign_in("/api/v1/token", ADMIN, PASSWORD)
    today = datetime.now(CITY).date()

    # 1. An organiser plans a touring exhibition, a seminar, and an event with zones and gates.
    organiser, reviewer = employ(anyone, admin)
    plan = make_plan(organiser, today)

    # 2. Journalists register and apply; one is approved with zones, one rejected with a reason that they see.
    lan = register(anyone, "Trần Thị Lan", "lan@toasoan.example", "000101")
    minh = register(anyone, "Lê Văn Minh", "minh@toasoan.example", "000102")
    wish = {"media_role": "photographer", "zones_wanted": ["A", "B", "C"]}
    lans = lan.post(f"/api/v1/press/events/{plan['summit']}/applications", wish)
    minhs = minh.post(f"/api/v1/press/events/{plan['summit']}/applications", wish)
    queue = reviewer.get(f"/api/v1/events/{plan['summit']}/applications", q="tran thi lan")
    assert [one["id"] for one in queue["items"]] == [lans["id"]]
    assert reviewer.get(f"/api/v1/applications/{lans['id']}")["press_card_number"] == "000101"
    approve = {"to_state": "approved", "zones": ["A", "B"]}
    reviewer.post(f"/api/v1/applications/{lans['id']}/decision", approve, 200)
    reject = {"to_state": "rejected", "reason": "Cơ quan báo chí đã đủ số thẻ."}
    reviewer.post(f"/api/v1/applications/{minhs['id']}/decision", reject, 200)
    seen = minh.get(f"/api/v1/press/applications/{minhs['id']}")
    assert (seen["state"], seen["reason"]) == ("rejected", "Cơ quan báo chí đã đủ số thẻ.")
    organiser.post(f"/api/v1/applications/{minhs['id']}/pass", {}, 409)

    # 3. The pass is issued; its code reads back from the picture and verifies with the published keys.
    issued = organiser.post(f"/api/v1/applications/{lans['id']}/pass", {})
    own = lan.get(f"/api/v1/press/applications/{lans['id']}/pass")
    assert (own["code"], own["zones"]) == (issued["code"], ["A", "B"])
    read_back(organiser, anyone, issued)

    # 4. A phone is enrolled with a one-use code and scans at its gates.
    gates = plan["gates"]
    device = enrol(anyone, organiser, list(gates.values()))
    at_the_door(device, organiser, gates, issued, minhs)

    # A gate also takes tallies of visitors who walk in.
    stop_device = enrol(anyone, organiser, [plan["stop_gates"][0]])
    tally = {"id": str(uuid4()), "gate_id": plan["stop_gates"][0], "category": "pupil", "heads": 35}
    batch = {"tallies": [tally | {"tallied_at": datetime.now(CITY).isoformat()}]}
    for outcome in ("kept", "repeated"):
        answer = stop_device.post("/api/v1/door/tallies", batch, 200)
        assert answer["results"] == [{"id": tally["id"], "outcome": outcome}]

    # 5. Attendance by unit, occurrence, day and category, by method.
    attendance(organiser, plan, today)


def employ(anyone: Caller, admin: Caller) -> tuple[Caller, Caller]:
    names = {"name_vi": "Sở Văn hóa và Thể thao", "name_en": "Department of Culture", "kind": "department"}
    admin.organisation = admin.post("/api/v1/organisations", names)["id"]  # type: ignore[attr-defined]
    callers = []
    for role in ("organiser", "reviewer"):
        member = {
            "email": f"{role}@example.vn",
            "name": "Người Mẫu",
            "password": PASSWORD,
            "grants": [{"organisation_id": admin.organisation, "role": role}],  # type: ignore[attr-defined]
        }
        admin.post("/api/v1/staff", member)
        callers.append(anyone.sign_in("/api/v1/token", member["email"], PASSWORD))
    organiser, reviewer = callers
    assert "events:write" in organiser.get("/api/v1/me")["permissions"]
    reviewer.post("/api/v1/events", {}, 403)
    return organiser, reviewer


def make_plan(organiser: Caller, today: date) -> JSON:
    organisation = organiser.get("/api/v1/me")["grants"][0]["organisation"]["id"]
    programme = organiser.post(
        "/api/v1/programmes",
        {
            "organisation_id": organisation,
            "name_vi": "Chương trình biển, đảo",
            "name_en": "Seas and islands",
            "starts_on": f"{today.year}-01-01",
            "ends_on": f"{today.year}-12-31",
        },
    )
    ids = {}
    for kind, title in (
        ("exhibition", "Bộ ảnh lưu động Hoàng Sa, Trường Sa"),
        ("seminar", "Tọa đàm biển, đảo"),
        ("political_diplomatic", "Hội nghị cấp cao"),
    ):
        closes = (datetime.now(CITY) + timedelta(hours=3)).isoformat() if kind == "political_diplomatic" else None
        facts = {"organisation_id": organisation, "programme_id": programme["id"], "kind": kind, "title_vi": title}
        event = organiser.post("/api/v1/events", facts | {"accreditation_closes_at": closes})
        organiser.post(f"/api/v1/events/{event['id']}/state", {"state": "open"}, 200)
        ids[kind] = event["id"]
    units = [unit_of(organiser, code) for code in ("26740", "27139", "27259")]
    layout = [
        {"code": "A", "name_vi": "Khu trưng bày", "name_en": "Hall", "gates": [{"name": "Cổng", "policy": "open"}]}
    ]
    stop_gates = []
    for number, unit in enumerate(units):
        venue = {"name_vi": f"Nhà trưng bày {number}", "name_en": f"House {number}", "kind": "museum", "layout": layout}
        made = organiser.post("/api/v1/venues", venue | {"unit_id": unit["id"]})
        first = today + timedelta(days=number * 7)
        stop = {"venue_id": made["id"], "opens_on": str(first), "closes_on": str(first + timedelta(days=4))}
        occurrence = organiser.post(f"/api/v1/events/{ids['exhibition']}/occurrences", stop)
        assert occurrence["unit"]["code"] == unit["code"]
        stop_gates.append(one_gate(organiser, occurrence["id"]))
    hall = organiser.post(
        "/api/v1/venues", {"name_vi": "Hội trường", "name_en": "Hall", "kind": "hall", "unit_code": "26743"}
    )
    when = {"venue_id": hall["id"], "opens_on": str(today), "closes_on": str(today)}
    organiser.post(f"/api/v1/events/{ids['seminar']}/occurrences", when)
    summit = organiser.post(f"/api/v1/events/{ids['political_diplomatic']}/occurrences", when)
    gates = {}
    for code, capacity in (("A", None), ("B", 1), ("C", None)):
        zone = {"code": code, "name_vi": f"Khu {code}", "name_en": f"Zone {code}", "capacity": capacity}
        made = organiser.post(f"/api/v1/occurrences/{summit['id']}/zones", zone)
        gate = organiser.post(f"/api/v1/zones/{made['id']}/gates", {"name": f"Cổng {code}", "policy": "reentry"})
        gates[code] = gate["id"]
    return {
        "summit": ids["political_diplomatic"],
        "exhibition": ids["exhibition"],
        "gates": gates,
        "stop_gates": stop_gates,
    }


def one_gate(caller: Caller, occurrence_id: str) -> str:
    answer = caller.get(f"/api/v1/occurrences/{occurrence_id}/gates")
    (gate,) = answer["items"] if isinstance(answer, dict) else answer
    return str(gate["id"])


def register(anyone: Caller, name: str, email: str, card: str) -> Caller:
    body = {
        "full_name": name,
        "email": email,
        "password": PASSWORD,
        "outlet": {"name": "Báo Sóng Xanh", "kind": "print"},
        "press_card_number": card,
        "press_card_expires_on": "2099-12-31",
        "consent": True,
    }
    anyone.post("/api/v1/press/register", body)
    return anyone.sign_in("/api/v1/press/token", email, PASSWORD)


def read_back(organiser: Caller, anyone: Caller, issued: JSON) -> None:
    picture = organiser.get(f"/api/v1/passes/{issued['id']}/qr.png", size=600).read()
    with Image.open(io.BytesIO(picture)) as image:
        (read,) = zxingcpp.read_barcodes(image.convert("L"))
    assert (read.text, read.format) == (issued["code"], zxingcpp.BarcodeFormat.QRCode)
    drawn = organiser.get(f"/api/v1/passes/{issued['id']}/qr.svg").text
    # A QR code of version v has 17 + 4v modules a side, and four more on each side are quiet.
    modules = int(drawn.split('viewBox="0 0 ')[1].split(" ")[0]) - 8
    assert (modules - 17) / 4 <= 10
    keys = anyone.get("/.well-known/jwks.json")["keys"]
    kid = jws.get_unverified_header(issued["code"])["kid"]
    (key,) = [key for key in keys if key["kid"] == kid]
    assert not {"d", "k"} & set(key)
    assert issued["serial"].encode() in jws.verify(issued["code"], key, algorithms=["ES256"])


def enrol(anyone: Caller, organiser: Caller, gates: list[str]) -> Caller:
    offered = organiser.post("/api/v1/enrolments", {"device_name": "Máy cổng", "gate_ids": gates})
    made = anyone.post("/api/v1/door/devices", {"code": offered["code"]})
    anyone.post("/api/v1/door/devices", {"code": offered["code"]}, 409)
    return Caller(str(anyone.http.base_url), made["token"])


def at_the_door(device: Caller, organiser: Caller, gates: dict[str, str], issued: JSON, other: JSON) -> None:
    def scan(code: str, gate: str, direction: str = "entry", scan_id: str | None = None) -> JSON:
        body = {"id": scan_id or str(uuid4()), "gate_id": gates[gate], "code": code, "direction": direction}
        now = datetime.now(CITY).isoformat()
        (answer,) = device.post("/api/v1/door/scans", {"scans": [body | {"scanned_at": now}]}, 200)["results"]
        return dict(answer)

    first = scan(issued["code"], "A")
    assert (first["decision"], first["category"], first["holder_name"]) == ("admit", "press", "Trần Thị Lan")
    assert scan(issued["code"], "A", scan_id=first["id"]) == first | {"repeated": True}
    assert scan(issued["code"], "A")["reason"] == "already_inside"
    assert scan(issued["code"], "C")["reason"] == "wrong_zone"
    assert scan(issued["human_code"], "A", "exit")["decision"] == "admit"
    assert scan(issued["code"], "B")["decision"] == "admit"
    event = issued["event_id"]
    guest = organiser.post(
        f"/api/v1/events/{event}/passes", {"holder_name": "Khách Mời", "category": "guest", "zones": ["A", "B", "C"]}
    )
    full = scan(guest["code"], "B")
    assert full["reason"] == "zone_full"
    organiser.post(f"/api/v1/scans/{full['id']}/override", {"reason": "Trưởng đoàn, được phép"})
    organiser.post(f"/api/v1/scans/{full['id']}/undo", {"reason": "Bấm nhầm"})
    assert scan(guest["code"], "C")["decision"] == "admit"
    organiser.post(f"/api/v1/passes/{guest['id']}/revoke", {"ground": "Cho mượn thẻ", "authority": "Ban tổ chức"}, 200)
    revoked = scan(guest["code"], "A")
    assert (revoked["reason"], revoked["ground"], revoked["authority"]) == ("revoked", "Cho mượn thẻ", "Ban tổ chức")
    assert scan(other["id"], "A")["reason"] == "bad_code"


def attendance(organiser: Caller, plan: JSON, today: date) -> None:
    def figures(**query: str) -> dict[str, dict[str, tuple[int, int, int | None]]]:
        answer = organiser.get("/api/v1/attendance", **query)
        return {
            group["key"]["name_vi"]: {
                one["method"]: (one["visits"], one["entries"], one["holders"]) for one in group["figures"]
            }
            for group in answer["groups"]
        }

    # The journalist and the guest each came once that day, through three doors in all.
    assert figures(by="unit") == {
        "Phường Bến Thành": {"scan": (2, 3, 2)},
        "Phường Sài Gòn": {"tally": (35, 35, None)},
    }
    assert figures(by="day", event_id=plan["summit"]) == {str(today): {"scan": (2, 3, 2)}}
    assert figures(by="category", event_id=plan["summit"]) == {
        "press": {"scan": (1, 2, 1)},
        "guest": {"scan": (1, 1, 1)},
    }
    assert figures(by="unit", as_of="2023-01-01") == {"Quận 1": {"scan": (2, 3, 2), "tally": (35, 35, None)}}
    answer = organiser.get("/api/v1/attendance", by="unit", as_of="today")
    assert answer["not_attributable"] == []
