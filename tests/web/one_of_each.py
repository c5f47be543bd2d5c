"""One thing of each kind, for tests that walk all operations."""

from uuid import uuid4

import httpx

from service.domain.accounts import Organisation
from tests import factories
from tests.conftest import NOW


async def make_one_of_each(
    client: httpx.AsyncClient, headers: dict[str, str], organisation: Organisation
) -> dict[str, str]:
    """The ids of one thing of each kind, all of one organisation, under the names that paths give them."""
    stage = await factories.make_stage(client, headers, organisation)
    programme = await factories.make_programme(client, headers, organisation)
    device = await factories.enrol_device(client, headers, *stage.gates.values())
    journalist = await factories.register_journalist(client)
    application = await factories.apply(client, journalist["headers"], stage.event_id)
    entry_pass = await factories.issue_pass(client, headers, stage.event_id)
    job = await factories.post(client, "/passes/bulk", {"event_id": stage.event_id}, headers)
    given = await factories.hand_over(client, headers, stage.event_id)
    mail = (await client.get(f"/api/v1/passes/{given['pass_id']}/mails", headers=headers)).json()[0]
    keys = factories.items_of((await client.get(f"/api/v1/events/{stage.event_id}/keys", headers=headers)).json())
    press = await make_one_of_each_for_the_press(client, headers, organisation, stage.event_id)
    gate_id = next(iter(stage.gates.values()))
    scan = {"id": str(uuid4()), "gate_id": gate_id, "code": entry_pass["code"], "scanned_at": NOW.isoformat()}
    await factories.post(client, "/door/scans", {"scans": [scan]}, device["headers"])
    return {
        "organisation_id": str(organisation.id),
        "unit_id": factories.SAI_GON,
        "venue_id": stage.venue_id,
        "programme_id": programme["id"],
        "event_id": stage.event_id,
        "occurrence_id": stage.occurrence_id,
        "zone_id": stage.zones["A"],
        "gate_id": gate_id,
        "device_id": device["id"],
        "application_id": application["id"],
        "pass_id": entry_pass["id"],
        "key_id": keys[0]["id"],
        "scan_id": scan["id"],
        "job_id": job["id"],
        "handover_id": given["id"],
        "mail_id": mail["id"],
        **press,
        "format": "a6",
        "code": "press",
        "number": "1",
        "at": NOW.isoformat(),
        "staff_id": (await client.get("/api/v1/me", headers=headers)).json()["staff_id"],
    }


async def make_one_of_each_for_the_press(
    client: httpx.AsyncClient, headers: dict[str, str], organisation: Organisation, event_id: str
) -> dict[str, str]:
    """A review that waits, a refusal that was one of a batch and is appealed against, an allocation, a standing one."""
    await factories.open_press(client, headers, event_id, organisation)
    waiting, refused, granted = [await factories.register_journalist(client, number) for number in (97, 98, 99)]
    await factories.send_in(client, granted["headers"], event_id)
    allocation = await factories.allocate(client, headers, event_id)
    await factories.send_in(client, waiting["headers"], event_id)
    (review,) = factories.items_of((await client.get("/api/v1/reviews", headers=headers)).json())
    sent = await factories.send_in(client, refused["headers"], event_id)
    wish = {"application_ids": [sent["id"]], "to_state": "rejected", "reason": "Ngoài phạm vi."}
    batch = await factories.post(client, "/applications/decisions", wish, headers)
    path, said = f"/press/applications/{sent['id']}/appeal", {"text": "Đề nghị xét lại."}
    appeal = await factories.post(client, path, said, refused["headers"])
    period = {"valid_from": "2026-12-01", "valid_until": "2027-11-30"}
    standing = {"journalist_id": waiting["id"], "class_code": "domestic", "ground": "Đưa tin thường xuyên.", **period}
    given = await factories.post(
        client, "/standing-accreditations", {"organisation_id": str(organisation.id), **standing}, headers
    )
    lent = await factories.delegate(client, headers, organisation)
    return {
        "delegation_id": lent["id"],
        "allocation_id": allocation["id"],
        "standing_id": given["id"],
        "review_id": review["id"],
        "batch_id": batch["batch_id"],
        "appeal_id": appeal["id"],
        "authority": "press_management",
        "kind": "portrait",
        "purpose": "press_news",
    }
