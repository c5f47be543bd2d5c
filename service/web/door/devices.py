"""A phone becomes a device, and asks what it may do."""

from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.door import Device
from service.store import door as store
from service.usecases import devices, revocations
from service.web.deps import Now, SessionDep, VaultDep, allow_anyone
from service.web.door.auth import CurrentDevice, allow_device
from service.web.door.schemas import DeviceGateOut, DeviceOut, EnrolBody, EnrolledOut
from service.web.lists import ListOut
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1/door", tags=["door"], route_class=Transaction)


@router.post("/devices", summary="Enrol this phone with a one-use code", status_code=201, **allow_anyone(400, 409))
async def enrol(body: EnrolBody, session: SessionDep, now: Now) -> EnrolledOut:
    """The device's token, which can only scan, tally and sync for its gates. It is shown this once."""
    device, token = await devices.enrol(session, code=body.code, public_jwk=body.public_jwk, now=now)
    return EnrolledOut(token=token, device=await describe(session, device, now))


@router.get("/device", summary="This device and its gates", **allow_device())
async def get_device(device_id: CurrentDevice, session: SessionDep, now: Now) -> DeviceOut:
    """Gates, policies and hours; `revoked: true` tells the device to wipe itself."""
    return await describe(session, await store.get_device(session, device_id), now)


@router.get("/revocations", summary="Revocation list of an event", **allow_device(403, 404))
async def get_revocations(
    device_id: CurrentDevice,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    event_id: UUID,
    since: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="The version that the device holds")] = None,
) -> ListOut:
    """Whole, or what changed after `since`; signed by the event's key. That the device holds it is kept.

    A `since` that was never given out gets the whole list. 403 for an event at none of whose gates it serves, and
    for a device that was ended.
    """
    device = await store.get_device(session, device_id)
    told, signed = await revocations.fetch_list(
        session, device=device, event_id=event_id, since=since, vault=vault, now=now
    )
    return ListOut.of(told, signed)


async def describe(session: AsyncSession, device: Device, now: datetime) -> DeviceOut:
    """The device with its gates."""
    rows = await store.list_device_gates(session, [device.id])
    return DeviceOut(
        id=device.id,
        name=device.name,
        revoked=device.revoked_at is not None,
        gates=[]
        if device.revoked_at
        else [_gate(gate, zone, occurrence, event) for _, gate, zone, occurrence, event in rows],
        server_time=now,
    )


def _gate(gate: Any, zone: Any, occurrence: Any, event: Any) -> DeviceGateOut:
    return DeviceGateOut(
        id=gate.id,
        name=gate.name,
        policy=gate.policy,
        zone_id=zone.id,
        zone_code=zone.code,
        zone_name_vi=zone.name_vi,
        zone_name_en=zone.name_en,
        event_id=event.id,
        event_title_vi=event.title_vi,
        event_title_en=event.title_en,
        occurrence_id=occurrence.id,
        opens_on=occurrence.opens_on.isoformat(),
        closes_on=occurrence.closes_on.isoformat(),
        opens_time=_clock(gate.opens_time),
        closes_time=_clock(gate.closes_time),
        max_list_age_minutes=zone.max_list_age_minutes,
    )


def _clock(at: time | None) -> str | None:
    return None if at is None else at.strftime("%H:%M")
