"""Badges over REST: pictures as bodies, templates with line and column, jobs, handovers, and what devices know."""

import base64
import io
from datetime import timedelta

import httpx
import pikepdf
import pytest
from PIL import Image

from service.domain.accounts import Organisation, Role
from service.store import signing
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import badges
from tests import factories
from tests.conftest import NOW, SECRET, Clock, SignInAs
from tests.factories import JSON, Headers, Stage
from tests.usecases.test_badges import photo


@pytest.fixture
async def admin(sign_in_as: SignInAs) -> Headers:
    return await sign_in_as(Role.ADMIN, everywhere=True)


@pytest.fixture
async def stage(client: httpx.AsyncClient, admin: Headers, organisation: Organisation) -> Stage:
    return await factories.make_stage(client, admin, organisation)


async def put_picture(
    client: httpx.AsyncClient, headers: Headers, path: str, content: bytes, kind: str = "image/jpeg"
) -> httpx.Response:
    return await client.put(f"/api/v1{path}", content=content, headers=headers | {"Content-Type": kind})


async def test_a_portrait_is_the_whole_body_and_comes_back_drawn_anew(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    path = f"/passes/{one['id']}/portrait"
    assert (await client.get(f"/api/v1{path}.jpg", headers=admin)).status_code == 404
    large = photo(5480, 7300)
    assert len(large) > 0
    assert (await put_picture(client, admin, path, large)).status_code == 204
    shown = await client.get(f"/api/v1{path}.jpg", headers=admin)
    assert (shown.headers["content-type"], shown.headers["cache-control"]) == ("image/jpeg", "private, no-store")
    assert Image.open(io.BytesIO(shown.content)).size == (480, 640)
    wrong = await put_picture(client, admin, path, b"<svg/>", "image/png")
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/file")
    assert (await client.delete(f"/api/v1{path}", headers=admin)).status_code == 204
    assert (await client.delete(f"/api/v1{path}", headers=admin)).status_code == 404


async def test_an_upload_that_is_too_large_is_refused_before_it_is_read(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    sent = 0

    async def endless():
        nonlocal sent
        for _ in range(200):
            sent += 1
            yield b"\xff" * 1_048_576

    path = f"/api/v1/passes/{one['id']}/portrait"
    headers = admin | {"Content-Type": "image/jpeg", "Content-Length": str(200 * 1_048_576)}
    answer = await client.put(path, content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = await client.put(path, content=endless(), headers=admin | {"Content-Type": "image/jpeg"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    plain = await client.put(path, content=b"x" * 2_000_000, headers=admin | {"Content-Type": "text/plain"})
    assert plain.status_code == 413


async def test_a_class_needs_its_colour_and_its_words(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    path = f"/api/v1/events/{stage.event_id}/pass-classes"
    before = (await client.get(path, headers=admin)).json()
    assert [one["code"] for one in before] == ["press", "delegate", "guest", "visitor", "pupil", "staff"]
    body = {"category": "press", "name_vi": "Đài chủ nhà", "name_en": "Host broadcaster", "colour": "#0a4f7a"}
    for changes in ({"colour": None}, {"colour": "blue"}, {"colour": "#12345"}, {"name_vi": ""}):
        answer = await client.put(f"{path}/host", json=body | changes, headers=admin)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/{next(iter(changes))}")
    without = {name: value for name, value in body.items() if name != "colour"}
    answer = await client.put(f"{path}/host", json=without, headers=admin)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/colour")
    kept = await client.put(f"{path}/host", json=body, headers=admin)
    assert (kept.status_code, kept.json()) == (200, body | {"code": "host", "colour": "#0A4F7A"})
    assert (await client.get(path, headers=admin)).json() == [*before, kept.json()]
    twisted = await client.put(f"{path}/guest", json=body, headers=admin)
    assert (twisted.status_code, twisted.json()["errors"][0]["pointer"]) == (422, "/category")
    assert (await client.delete(f"{path}/host", headers=admin)).status_code == 204
    assert (await client.get(path, headers=admin)).json() == before


async def test_a_template_that_does_not_compile_tells_line_and_column(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    path = f"/api/v1/events/{stage.event_id}/badge-templates/a6"
    built_in = (await client.get(path, headers=admin)).json()
    assert (built_in["built_in"], built_in["version"]) == (True, 0)
    wrong = await client.put(path, json={"source": "#let badge(face) = {\n  let x = \n}"}, headers=admin)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "template_invalid")
    assert wrong.json()["errors"][0]["detail"].startswith("line 2, column ")
    assert (await client.get(path, headers=admin)).json() == built_in
    own = await client.put(path, json={"source": built_in["source"]}, headers=admin)
    assert (own.json()["built_in"], own.json()["version"]) == (False, 1)
    picture = await client.get(f"{path}/preview.png", headers=admin)
    assert Image.open(io.BytesIO(picture.content)).size == (620, 874)


async def print_all(client: httpx.AsyncClient, headers: Headers, stage: Stage, database: Database) -> JSON:
    answer = await client.post("/api/v1/passes/bulk", json={"event_id": stage.event_id}, headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (202, f"/api/v1/passes/bulk/{answer.json()['id']}")
    assert await badges.work_one_part(database, vault=Vault(SECRET), now=NOW)
    return dict((await client.get(answer.headers["location"], headers=headers)).json())


async def test_a_job_is_asked_until_it_is_done(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    none = await client.post("/api/v1/passes/bulk", json={"event_id": stage.event_id}, headers=admin)
    assert (none.status_code, none.json()["code"]) == (409, "nothing_to_print")
    for number in range(3):
        await factories.issue_pass(client, admin, stage.event_id, holder_name=f"Khách {number}")
    begun = await client.post("/api/v1/passes/bulk", json={"event_id": stage.event_id}, headers=admin)
    path = f"/api/v1/passes/bulk/{begun.json()['id']}"
    assert (begun.json()["state"], begun.json()["done"], begun.json()["without_portrait"]) == ("running", 0, 3)
    assert (await client.get(f"{path}/parts/1.pdf", headers=admin)).status_code == 404
    assert (await client.get(f"{path}/badges.pdf", headers=admin)).status_code == 409
    assert await badges.work_one_part(database, vault=Vault(SECRET), now=NOW)
    done = (await client.get(path, headers=admin)).json()
    assert (done["state"], done["done"], done["parts"]) == ("done", 3, [{"number": 1, "badges": 3, "done": True}])
    for end in ("parts/1.pdf", "badges.pdf"):
        answer = await client.get(f"{path}/{end}", headers=admin)
        assert answer.headers["content-type"] == "application/pdf"
        assert len(pikepdf.open(io.BytesIO(answer.content)).pages) == 3
    listed = (await client.get(f"/api/v1/passes/bulk?event_id={stage.event_id}", headers=admin)).json()
    assert listed == {"items": [done], "next": None}
    stopped = await client.post(f"{path}/cancel", headers=admin)
    assert (stopped.status_code, stopped.json()["code"]) == (409, "illegal_move")


async def test_badges_are_given_with_a_signature_and_the_log_tells_all(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, database: Database
) -> None:
    ones = [await factories.issue_pass(client, admin, stage.event_id) for _ in range(2)]
    await print_all(client, admin, stage, database)
    drawn = io.BytesIO()
    picture = Image.new("L", (300, 120), 255)
    picture.paste(0, (20, 50, 280, 56))
    picture.save(drawn, "PNG")
    body = {
        "pass_ids": [one["id"] for one in ones],
        "to_name": "Lê Văn Khơi",
        "representative": True,
        "organisation_name": "Báo Sóng Xanh",
        "signature": "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode(),
    }
    wrong = await client.post(
        f"/api/v1/events/{stage.event_id}/handovers", json=body | {"signature": "không"}, headers=admin
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/signature")
    given = await factories.post(client, f"/events/{stage.event_id}/handovers", body, admin)
    assert (given["signed"], sorted(given["serials"])) == (True, sorted(one["serial"] for one in ones))
    paper = await client.get(f"/api/v1/handovers/{given['id']}/receipt.pdf", headers=admin)
    assert len(pikepdf.open(io.BytesIO(paper.content)).pages) == 1
    lost = await factories.post(client, f"/passes/{ones[0]['id']}/badge", {"action": "lost", "note": "Khu B"}, admin)
    assert lost == {"badge": "lost", "state": "suspended"}
    log = (await client.get(f"/api/v1/passes/{ones[0]['id']}/badge-log", headers=admin)).json()
    assert [(one["action"], one["to_name"], one["note"]) for one in log] == [
        ("printed", None, ""),
        ("handed_over", "Lê Văn Khơi", ""),
        ("lost", None, "Khu B"),
    ]
    printed = await client.get(f"/api/v1/passes/{ones[0]['id']}/badge.pdf", headers=admin)
    assert (printed.status_code, printed.json()["code"]) == (409, "illegal_move")


async def test_granted_applications_get_their_passes_in_one_step(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    for number in range(3):
        journalist = await factories.register_journalist(client, number)
        made = await factories.apply(client, journalist["headers"], stage.event_id)
        if number:
            await factories.post(
                client, f"/applications/{made['id']}/decision", {"to_state": "approved", "zones": ["A"]}, admin
            )
    path = f"/events/{stage.event_id}/passes/granted"
    assert await factories.post(client, path, {}, admin) == {"issued": 2}
    assert await factories.post(client, path, {}, admin) == {"issued": 0}


async def test_zones_beyond_the_accreditation_are_refused_on_a_press_pass(
    client: httpx.AsyncClient, admin: Headers, stage: Stage
) -> None:
    journalist = (await factories.register_journalist(client))["headers"]
    made = await factories.apply(client, journalist, stage.event_id)
    await factories.post(
        client, f"/applications/{made['id']}/decision", {"to_state": "approved", "zones": ["A"]}, admin
    )
    one = await factories.post(client, f"/applications/{made['id']}/pass", {}, admin)
    wider = await client.post(
        f"/api/v1/passes/{one['id']}/replace", json={"ground": "Thêm khu", "zones": ["A", "B"]}, headers=admin
    )
    assert (wider.status_code, wider.json()["errors"][0]["pointer"]) == (422, "/zones")
    days = {"ground": "Chỉ một buổi", "valid_days": ["2026-11-24"], "daily_from": "07:00", "daily_to": "12:00"}
    narrower = await factories.post(client, f"/passes/{one['id']}/replace", days, admin)
    assert (narrower["valid_days"], narrower["daily_from"], narrower["version"]) == (["2026-11-24"], "07:00:00", 2)


async def test_what_each_door_knew_is_told_for_any_moment(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, clock: Clock
) -> None:
    one = await factories.issue_pass(client, admin, stage.event_id)
    device = await factories.enrol_device(client, admin, *stage.gates.values())
    await factories.enrol_device(client, admin, *stage.gates.values(), name="Máy không nghe")

    async def fetch(**query: object) -> JSON:
        params = {"event_id": stage.event_id} | query
        answer = await client.get("/api/v1/door/revocations", params=params, headers=device["headers"])
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    whole = await fetch()
    assert (whole["version"], whole["ended"], whole["since"]) == (1, [], None)
    clock.at = NOW + timedelta(minutes=24)
    ground = {"ground": "Mất thẻ", "authority": "Lễ tân"}
    await factories.post(client, f"/passes/{one['id']}/revoke", ground, admin)
    clock.at = NOW + timedelta(minutes=92)
    delta = await fetch(since=1)
    assert delta["ended"] == [{"serial": one["serial"], "state": "revoked", "version": 2, **ground}]
    (key,) = (await client.get("/.well-known/jwks.json")).json()["keys"]
    read = signing.read_list(delta["signed"], key)
    assert read is not None
    assert (read["version"], read["since"], read["ended"]) == (
        2,
        1,
        [[one["serial"], "revoked", 2, "Mất thẻ", "Lễ tân"]],
    )
    # A server that was set back to an earlier day: the device gets the whole list.
    assert (await fetch(since=99))["since"] is None

    async def known(minutes: int) -> tuple[int, dict[str, int | None]]:
        at = (NOW + timedelta(minutes=minutes)).isoformat()
        path = f"/api/v1/events/{stage.event_id}/revocations/known"
        told = (await client.get(path, params={"at": at}, headers=admin)).json()
        return told["version"], {held["name"]: held["version"] for held in told["devices"]}

    assert await known(-1) == (0, {})
    assert await known(0) == (1, {"Máy cổng 1": 1, "Máy không nghe": None})
    assert await known(60) == (2, {"Máy cổng 1": 1, "Máy không nghe": None})
    assert await known(92) == (2, {"Máy cổng 1": 2, "Máy không nghe": None})


async def test_a_device_gets_no_list_of_an_event_that_is_not_its_own(
    client: httpx.AsyncClient, admin: Headers, stage: Stage, organisation: Organisation
) -> None:
    other = await factories.make_stage(client, admin, organisation)
    device = await factories.enrol_device(client, admin, *stage.gates.values())
    query = {"event_id": other.event_id}
    answer = await client.get("/api/v1/door/revocations", params=query, headers=device["headers"])
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    await client.post(f"/api/v1/devices/{device['id']}/revoke", headers=admin)
    ended = await client.get("/api/v1/door/revocations", params={"event_id": stage.event_id}, headers=device["headers"])
    assert ended.status_code == 403


async def test_a_pass_is_sent_again_only_to_an_address(client: httpx.AsyncClient, admin: Headers, stage: Stage) -> None:
    silent = await factories.issue_pass(client, admin, stage.event_id)
    told = await factories.issue_pass(client, admin, stage.event_id, holder_email="hai.yen@example.vn")
    refused = await client.post(f"/api/v1/passes/{silent['id']}/mails", headers=admin)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_move")
    again = await factories.post(client, f"/passes/{told['id']}/mails", {}, admin)
    mails = (await client.get(f"/api/v1/passes/{told['id']}/mails", headers=admin)).json()
    assert [(mail["kind"], mail["state"]) for mail in mails] == [("pass_issued", "queued")] * 2
    early = await client.post(f"/api/v1/mails/{again['id']}/retry", headers=admin)
    assert (early.status_code, early.json()["code"]) == (409, "illegal_move")
