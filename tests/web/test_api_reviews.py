"""Reviews over REST: an authority's queue, what it is shown, its verdicts on one and on many, and vetting by lists."""

from typing import Any

import httpx
import pytest

from service.domain.accounts import Organisation, Role
from tests import factories
from tests.conftest import SignInAs
from tests.factories import Headers, Stage

JSON = dict[str, Any]


@pytest.fixture
def staged(pressed: tuple[Headers, Stage]) -> tuple[Headers, Stage]:
    return pressed


@pytest.fixture
async def desk(sign_in_as: SignInAs) -> Headers:
    """A member of staff of the authority, who has no other permission."""
    return await sign_in_as(Role.AUTHORITY)


async def sent(client: httpx.AsyncClient, stage: Stage, number: int, **facts: Any) -> JSON:
    """An application that waits for its authority; `headers` are its journalist's."""
    journalist = await factories.register_journalist(client, number, **facts)
    made = await factories.send_in(client, journalist["headers"], stage.event_id)
    return {**made, "headers": journalist["headers"]}


async def queue(client: httpx.AsyncClient, desk: Headers, **query: Any) -> list[JSON]:
    answer = await client.get("/api/v1/reviews", params=query, headers=desk)
    assert answer.status_code == 200, answer.text
    return factories.items_of(answer.json())


async def test_the_queue_holds_what_waits_with_only_the_fields_that_are_shown(
    client: httpx.AsyncClient, stage: Stage, desk: Headers
) -> None:
    one = await sent(client, stage, 1)
    (row,) = await queue(client, desk)
    assert row == {
        "id": row["id"],
        "application_id": one["id"],
        "reference": one["reference"],
        "event_id": stage.event_id,
        "class_code": "one_day",
        "authority": "press_management",
        "stage": 0,
        "state": "open",
        "round": 1,
        "verdict": None,
        "days": 1,
        "started_at": "2026-11-23T02:00:00Z",
        # The 24th is a day off by law.
        "due_at": "2026-11-25T17:00:00Z",
        "done_at": None,
        "fault": "",
        "fields": row["fields"],
    }
    # In lists nothing stands that is kept sealed, and nothing that the rule doesn't name.
    assert row["fields"] == {
        "full_name": "Nguyễn Thị Biển",
        "outlet": "Báo Sóng Xanh",
        "media_role": "writer",
        "days_wanted": ["2026-11-20"],
        "press_card_expires_on": "2099-12-31",
    }
    opened = (await client.get(f"/api/v1/reviews/{row['id']}", headers=desk)).json()
    assert opened["fields"] == row["fields"] | {"press_card_number": "000001"}
    assert [one["kind"] for one in opened["files"]] == ["press_card"]
    assert (opened["under_way"], opened["verdicts"], opened["questions"]) == (True, [], [])


async def test_the_queue_is_narrowed_and_turned_page_by_page(
    client: httpx.AsyncClient, stage: Stage, desk: Headers
) -> None:
    names = ("Đặng Thị Một", "Lê Văn Hai", "Trần Thị Ba")
    for number, name in enumerate(names):
        await sent(client, stage, number, full_name=name)
    assert [one["fields"]["full_name"] for one in await queue(client, desk)] == list(names)
    assert [one["fields"]["full_name"] for one in await queue(client, desk, q="dang")] == [names[0]]
    assert await queue(client, desk, class_code="domestic") == []
    assert await queue(client, desk, late=True) == []
    assert len(await queue(client, desk, state=["open", "done"], event_id=stage.event_id)) == 3
    first = (await client.get("/api/v1/reviews", params={"limit": 2}, headers=desk)).json()
    rest = await queue(client, desk, limit=2, cursor=first["next"])
    assert [one["fields"]["full_name"] for one in [*first["items"], *rest]] == list(names)
    wrong = await client.get("/api/v1/reviews", params={"cursor": "WyJ4Il0"}, headers=desk)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "cursor_invalid")


async def test_a_verdict_is_kept_and_a_later_one_supersedes_it(
    client: httpx.AsyncClient, stage: Stage, desk: Headers, admin: Headers
) -> None:
    one = await sent(client, stage, 1)
    (row,) = await queue(client, desk)
    path = f"/api/v1/reviews/{row['id']}/verdict"
    groundless = await client.post(path, json={"kind": "reject"}, headers=desk)
    assert (groundless.status_code, groundless.json()["errors"][0]["pointer"]) == (422, "/ground")
    given = await client.post(path, json={"kind": "approve"}, headers=desk)
    assert (given.status_code, given.json()["state"], given.json()["verdict"]) == (200, "done", "approve")
    later = await client.post(
        path,
        json={"kind": "conditions", "zones": ["A"], "escort": True, "ground": "Có thiết bị phát sóng."},
        headers=desk,
    )
    assert later.json()["verdict"] == "conditions"
    verdicts = (await client.get(f"/api/v1/reviews/{row['id']}", headers=desk)).json()["verdicts"]
    assert [(each["kind"], each["supersedes_id"]) for each in verdicts] == [
        ("approve", None),
        ("conditions", verdicts[0]["id"]),
    ]
    seen = (await client.get(f"/api/v1/applications/{one['id']}", headers=admin)).json()
    assert (seen["outcome"], seen["readiness"]) == ("passed", "ready")
    assert seen["conditions"] == {"zones": ["A"], "days": None, "escort": True}
    assert seen["reviews"][0]["verdict"]["ground"] == "Có thiết bị phát sóng."
    decision = f"/api/v1/applications/{one['id']}/decision"
    broken = await client.post(decision, json={"to_state": "approved", "zones": ["A", "B"]}, headers=admin)
    assert (broken.status_code, broken.json()["code"]) == (409, "conditions_apply")
    kept = {"to_state": "approved_with_conditions", "zones": ["A"], "escort": True, "reason": "Có cán bộ đi cùng."}
    granted = await client.post(decision, json=kept, headers=admin)
    assert (granted.status_code, granted.json()["escort"]) == (200, True)


async def test_a_question_stops_the_clock_until_the_journalist_answers(
    client: httpx.AsyncClient, stage: Stage, desk: Headers
) -> None:
    one = await sent(client, stage, 1)
    (row,) = await queue(client, desk)
    body = {"kind": "ask", "ground": "Đề nghị gửi thẻ còn hạn.", "fields": ["file:press_card"]}
    asked = (await client.post(f"/api/v1/reviews/{row['id']}/verdict", json=body, headers=desk)).json()
    assert (asked["state"], asked["due_at"]) == ("paused", None)
    path = f"/api/v1/press/applications/{one['id']}"
    answered = await client.post(f"{path}/answer", json={"text": "Đã gửi."}, headers=one["headers"])
    assert answered.json()["state"] == "in_review"
    (again,) = await queue(client, desk)
    assert (again["id"], again["state"]) == (row["id"], "open")
    (question,) = (await client.get(f"/api/v1/reviews/{row['id']}", headers=desk)).json()["questions"]
    assert (question["wording"], question["answer"]) == ("Đề nghị gửi thẻ còn hạn.", "Đã gửi.")


async def test_many_verdicts_are_foreseen_and_given_each_for_itself(
    client: httpx.AsyncClient, stage: Stage, desk: Headers
) -> None:
    for number in range(3):
        await sent(client, stage, number)
    ids = [one["id"] for one in await queue(client, desk)]
    await client.post(
        f"/api/v1/reviews/{ids[0]}/verdict", json={"kind": "abstain", "ground": "Người nhà."}, headers=desk
    )
    body = {"review_ids": ids, "kind": "approve", "preview": True}
    foreseen = await factories.post(client, "/reviews/verdicts", body, desk)
    assert foreseen["batch_id"] is None
    assert sorted((one["becomes"], one["fault"]) for one in foreseen["rows"]) == [
        ("", "recused"),
        ("approve", ""),
        ("approve", ""),
    ]
    assert len(await queue(client, desk)) == 2
    done = await factories.post(client, "/reviews/verdicts", body | {"preview": False}, desk)
    assert done["batch_id"]
    assert done["rows"] == foreseen["rows"]
    assert await queue(client, desk) == []
    singly = await client.post("/api/v1/reviews/verdicts", json=body | {"kind": "conditions"}, headers=desk)
    assert (singly.status_code, singly.json()["errors"][0]["pointer"]) == (422, "/kind")


async def test_files_open_only_for_whom_the_rule_shows_them(
    client: httpx.AsyncClient, stage: Stage, desk: Headers, admin: Headers
) -> None:
    one = await sent(client, stage, 1)
    (row,) = await queue(client, desk)
    shown = await client.get(f"/api/v1/reviews/{row['id']}/files/press_card", headers=desk)
    assert (shown.status_code, shown.content[:2]) == (200, b"\xff\xd8")
    hidden = await client.get(f"/api/v1/reviews/{row['id']}/files/portrait", headers=desk)
    assert (hidden.status_code, hidden.json()["code"]) == (403, "forbidden")
    office = await client.get(f"/api/v1/applications/{one['id']}/files/portrait", headers=admin)
    assert office.headers["content-security-policy"].startswith("sandbox")
    ticked = await client.post(f"/api/v1/reviews/{row['id']}/files/press_card/seen", headers=desk)
    assert ticked.json()["seen_at"] == "2026-11-23T02:00:00Z"


async def test_a_list_is_taken_along_and_its_verdicts_come_back(
    client: httpx.AsyncClient, stage: Stage, desk: Headers
) -> None:
    for number in range(2):
        await sent(client, stage, number)
    path = f"/api/v1/events/{stage.event_id}/vetting"
    taken = (await client.get(path, params={"authority": "press_management"}, headers=desk)).json()
    assert [one["name_family_first"] for one in taken["rows"]] == ["NGUYEN THI BIEN"] * 2
    assert "press_card_number" in taken["fields"]
    first, second = (one["application_id"] for one in taken["rows"])
    answers = [
        {"application_id": first, "verdict": "approve"},
        {"application_id": second, "verdict": "reject"},
    ]
    body = {"authority": "press_management", "answers": answers}
    tried = (await client.post(path, json=body, headers=desk)).json()
    assert (tried["batch_id"], [one["fault"] for one in tried["rows"]]) == (None, ["", "no_ground"])
    assert len(await queue(client, desk)) == 2
    done = (await client.post(path, json=body | {"dry_run": False}, headers=desk)).json()
    assert done["given"] == 1
    assert [one["application_id"] for one in await queue(client, desk)] == [second]


async def test_the_office_sets_aside_what_it_refused_by_mistake_and_answers_appeals(
    client: httpx.AsyncClient, stage: Stage, admin: Headers
) -> None:
    both = [await sent(client, stage, number) for number in range(2)]
    wish = {"application_ids": [one["id"] for one in both], "to_state": "rejected", "reason": "Ngoài phạm vi."}
    batch = await factories.post(client, "/applications/decisions", wish, admin)
    assert [one["becomes"] for one in batch["rows"]] == ["rejected", "rejected"]
    said = {"text": "Đề nghị xét lại."}
    appeal = await factories.post(client, f"/press/applications/{both[0]['id']}/appeal", said, both[0]["headers"])
    (waiting,) = (await client.get(f"/api/v1/events/{stage.event_id}/appeals", headers=admin)).json()
    assert (waiting["id"], waiting["wording"]) == (appeal["id"], "Đề nghị xét lại.")
    answer = {"upheld": True, "answer": "Xét lại hồ sơ."}
    answered = await factories.post(client, f"/appeals/{appeal['id']}/answer", answer, admin)
    assert answered["state"] == "upheld"
    undone = await factories.post(
        client, f"/applications/decisions/{batch['batch_id']}/undo", {"ground": "Nhầm hồ sơ."}, admin
    )
    assert sorted((one["becomes"], one["fault"]) for one in undone["rows"]) == [
        ("", "illegal_move"),
        ("in_review", ""),
    ]
    listed = factories.items_of(
        (await client.get(f"/api/v1/events/{stage.event_id}/applications?readiness=waiting", headers=admin)).json()
    )
    assert {one["id"] for one in listed} == {one["id"] for one in both}


async def test_somebody_else_gives_the_verdicts_while_the_desk_is_away(
    client: httpx.AsyncClient, stage: Stage, admin: Headers, organisation: Organisation
) -> None:
    await sent(client, stage, 1)
    form = {"username": "thay.the@example.vn", "password": factories.PASSWORD}
    lent = await factories.delegate(client, admin, organisation)
    token = (await client.post("/api/v1/token", data=form)).json()["access_token"]
    deputy = {"Authorization": f"Bearer {token}"}
    (row,) = await queue(client, deputy)
    given = await client.post(f"/api/v1/reviews/{row['id']}/verdict", json={"kind": "approve"}, headers=deputy)
    assert (given.status_code, given.json()["verdict"]) == (200, "approve")
    # The deputy gives verdicts and nothing else: delegations are the authority's own.
    assert (await client.get("/api/v1/delegations", headers=deputy)).status_code == 403
    ended = await factories.post(client, f"/delegations/{lent['id']}/end", {}, admin)
    assert ended["ended_at"] == "2026-11-23T02:00:00Z"
    assert (await client.get("/api/v1/reviews", headers=deputy)).status_code == 403
    (kept,) = (await client.get("/api/v1/delegations", headers=admin)).json()
    assert (kept["id"], kept["staff_name"]) == (lent["id"], "Người Thay")
