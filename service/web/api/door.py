"""The door as its lead sees it: enrolments, devices, scans, overrides and undos, who is inside."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.door import AmendmentKind, Verdict
from service.domain.errors import Invalid
from service.store import door as store
from service.usecases import devices, door, events
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import In, Name, Out, Page, PagingDep, page_of, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["door"], route_class=Transaction)


class EnrolmentBody(In):
    """Which gates a phone is to serve, and what it is called."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"device_name": "Điện thoại cổng 1", "gate_ids": ["0198c0de-0000-7000-8000-000000000001"]}
        }
    )

    device_name: Name
    gate_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class EnrolmentOut(Out):
    """The one-use code, shown this once; `url` is what its QR holds."""

    id: UUID
    code: str
    url: str
    expires_at: datetime


class DeviceRow(Out):
    id: UUID
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None


class AmendmentBody(In):
    """Why: it is kept with the name of whoever says so."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Đã đối chiếu giấy tờ, cho vào."}})

    reason: Name


class AmendmentOut(Out):
    id: UUID
    scan_id: UUID
    kind: AmendmentKind
    reason: str
    staff_id: UUID
    amended_at: datetime


class ScanRowOut(Out):
    """A scan with both verdicts, the server's and the device's."""

    id: UUID
    gate_id: UUID | None
    device_id: UUID
    pass_id: UUID | None
    direction: str
    heads: int
    scanned_at: datetime
    received_at: datetime
    decision: Verdict
    reason: str | None
    note: str | None
    list_version: int
    device_decision: Verdict | None
    device_reason: str | None
    device_list_version: int | None
    amendments: list[AmendmentOut]


class TallyRow(Out):
    id: UUID
    gate_id: UUID
    device_id: UUID
    category: str
    heads: int
    reason: str
    tallied_at: datetime
    received_at: datetime


@router.post(
    "/enrolments", summary="Offer a one-use enrolment code", status_code=201, **allow(Permission.DOOR_LEAD, 404)
)
async def offer(body: EnrolmentBody, session: SessionDep, access: CurrentAccess, now: Now) -> EnrolmentOut:
    """The phone that shows this code within ten minutes becomes a device of these gates."""
    enrolment, code = await devices.offer_enrolment(
        session, access=access, device_name=body.device_name, gate_ids=body.gate_ids, now=now
    )
    shown = "-".join(code[place : place + 4] for place in range(0, len(code), 4))
    return EnrolmentOut(id=enrolment.id, code=shown, url=f"/door#enrol={code}", expires_at=enrolment.expires_at)


@router.get("/devices", summary="Devices", **allow(Permission.DOOR_READ))
async def list_devices(
    session: SessionDep, access: CurrentAccess, paging: PagingDep, event_id: UUID | None = None
) -> Page[DeviceRow]:
    """Devices with a gate in the caller's organisations, or of one event."""
    rows = await store.list_devices(
        session,
        event_id=event_id,
        organisations=access.organisations(Permission.DOOR_READ),
        after=paging.uuid(),
        limit=paging.limit + 1,
    )
    return page_of(rows, paging.limit, DeviceRow)


@router.post("/devices/{device_id}/revoke", summary="End a device", **allow(Permission.DOOR_LEAD, 404))
async def revoke(device_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> DeviceRow:
    """Its next scan is refused as `device_not_allowed`, and it wipes itself when it next asks."""
    return DeviceRow.model_validate(await devices.revoke_device(session, access=access, device_id=device_id, now=now))


@router.get("/events/{event_id}/scans", summary="Scans of an event", **allow(Permission.DOOR_READ, 404))
async def list_scans(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    gate_id: UUID | None = None,
    pass_id: UUID | None = None,
    decision: Annotated[Verdict | None, Query(description="admit, refuse or unsure")] = None,
) -> Page[ScanRowOut]:
    """The newest first, refused ones too, each with its overrides and undos."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.DOOR_READ)
    rows = await store.list_scans(
        session,
        event_id=event_id,
        gate_id=gate_id,
        pass_id=pass_id,
        decision=decision,
        before=_before(paging.after),
        limit=paging.limit + 1,
    )
    kept = rows[: paging.limit]
    amendments = await store.list_amendments(session, [row.id for row in kept])
    items = [
        ScanRowOut.model_validate(
            {**row.model_dump(), "amendments": [one for one in amendments if one.scan_id == row.id]}
        )
        for row in kept
    ]
    last = write_cursor(repr(kept[-1].received_at.timestamp()), str(kept[-1].id)) if len(rows) > len(kept) else None
    return Page[ScanRowOut](items=items, next=last)


def _before(after: list[Any] | None) -> tuple[datetime, UUID] | None:
    if after is None:
        return None
    try:
        return datetime.fromtimestamp(float(after[0]), UTC), UUID(after[1])
    except (ValueError, IndexError, OverflowError) as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


@router.post(
    "/scans/{scan_id}/override",
    summary="Let in whom the verdict refused",
    status_code=201,
    **allow(Permission.DOOR_LEAD, 404, 409),
)
async def override(
    scan_id: UUID, body: AmendmentBody, session: SessionDep, access: CurrentAccess, now: Now
) -> AmendmentOut:
    """The verdict stays; the override is kept beside it and counts as an admission."""
    amendment = await door.amend_scan(
        session, access=access, scan_id=scan_id, kind=AmendmentKind.OVERRIDE, reason=body.reason, now=now
    )
    return AmendmentOut.model_validate(amendment)


@router.post(
    "/scans/{scan_id}/undo",
    summary="Take back an admission",
    status_code=201,
    **allow(Permission.DOOR_LEAD, 404, 409),
)
async def undo(
    scan_id: UUID, body: AmendmentBody, session: SessionDep, access: CurrentAccess, now: Now
) -> AmendmentOut:
    """A new record, never a deletion; the counts go back."""
    amendment = await door.amend_scan(
        session, access=access, scan_id=scan_id, kind=AmendmentKind.UNDO, reason=body.reason, now=now
    )
    return AmendmentOut.model_validate(amendment)


@router.get("/events/{event_id}/tallies", summary="Tallies of an event", **allow(Permission.DOOR_READ, 404))
async def list_tallies(event_id: UUID, session: SessionDep, access: CurrentAccess, paging: PagingDep) -> Page[TallyRow]:
    """Hand counts at the event's gates, corrections too."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.DOOR_READ)
    rows = await store.list_tallies(session, event_id=event_id, after=paging.uuid(), limit=paging.limit + 1)
    return page_of(rows, paging.limit, TallyRow)
