"""Devices, scans, tallies and amendments in the database (the hot path is in store/admission.py)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.door import Device, DeviceGate, Enrolment, Scan, ScanAmendment, Tally, Verdict
from service.domain.errors import NotFound
from service.domain.events import Event, Gate, Occurrence, Zone


async def list_gate_owners(session: AsyncSession, gate_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """(event, organisation) of each gate that exists."""
    statement = (
        select(col(Gate.id), col(Event.id), col(Event.organisation_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .where(col(Gate.id).in_(list(gate_ids)))
    )
    return {gate: (event, organisation) for gate, event, organisation in await session.execute(statement)}


async def lock_enrolment(session: AsyncSession, code_hash: bytes) -> Enrolment | None:
    """The enrolment behind a code, locked: two phones with one code take turns."""
    return await session.scalar(select(Enrolment).where(col(Enrolment.code_hash) == code_hash).with_for_update())


async def find_device(session: AsyncSession, token_hash: bytes) -> Device | None:
    return await session.scalar(select(Device).where(col(Device.token_hash) == token_hash))


async def get_device(session: AsyncSession, device_id: UUID) -> Device:
    found = await session.get(Device, device_id, with_for_update=True)
    if found is None:
        raise NotFound("device")
    return found


async def list_device_gates(session: AsyncSession, device_ids: Iterable[UUID]) -> list[Any]:
    """(device_id, Gate, Zone, Occurrence, Event) of every gate of the devices."""
    statement = (
        select(col(DeviceGate.device_id), Gate, Zone, Occurrence, Event)
        .join(Gate, col(Gate.id) == col(DeviceGate.gate_id))
        .join(Zone, col(Zone.id) == col(Gate.zone_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .where(col(DeviceGate.device_id).in_(list(device_ids)))
        .order_by(col(Occurrence.opens_on), col(Gate.name))
    )
    return list(await session.execute(statement))


async def list_devices(
    session: AsyncSession,
    *,
    event_id: UUID | None,
    organisations: frozenset[UUID] | None,
    after: UUID | None,
    limit: int,
) -> list[Device]:
    """Devices that have a gate of the event, or of an event of the organisations (None: all of them)."""
    mine = (
        select(col(DeviceGate.device_id))
        .join(Gate, col(Gate.id) == col(DeviceGate.gate_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
    )
    if event_id is not None:
        mine = mine.where(col(Event.id) == event_id)
    if organisations is not None:
        mine = mine.where(col(Event.organisation_id).in_(list(organisations)))
    statement = select(Device).where(col(Device.id).in_(mine)).order_by(col(Device.id)).limit(limit)
    if after is not None:
        statement = statement.where(col(Device.id) > after)
    return list(await session.scalars(statement))


async def get_scan(session: AsyncSession, scan_id: UUID) -> tuple[Scan, UUID]:
    """A scan that was made at a gate, with the organisation of its event."""
    statement = (
        select(Scan, col(Event.organisation_id))
        .join(Gate, col(Gate.id) == col(Scan.gate_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .where(col(Scan.id) == scan_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("scan")
    return row[0], row[1]


async def list_scans(
    session: AsyncSession,
    *,
    event_id: UUID,
    gate_id: UUID | None,
    pass_id: UUID | None,
    decision: Verdict | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Scan]:
    """The newest scans first, older than `before` (received_at, id)."""
    gates = select(col(Gate.id)).join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
    gates = gates.where(col(Occurrence.event_id) == event_id)
    if gate_id is not None:
        gates = gates.where(col(Gate.id) == gate_id)
    statement = select(Scan).where(col(Scan.gate_id).in_(gates))
    if pass_id is not None:
        statement = statement.where(col(Scan.pass_id) == pass_id)
    if decision is not None:
        statement = statement.where(col(Scan.decision) == decision)
    if before is not None:
        received_at, scan_id = before
        older = col(Scan.received_at) < received_at
        statement = statement.where(older | ((col(Scan.received_at) == received_at) & (col(Scan.id) < scan_id)))
    return list(
        await session.scalars(statement.order_by(col(Scan.received_at).desc(), col(Scan.id).desc()).limit(limit))
    )


async def list_amendments(session: AsyncSession, scan_ids: Iterable[UUID]) -> list[ScanAmendment]:
    statement = select(ScanAmendment).where(col(ScanAmendment.scan_id).in_(list(scan_ids)))
    return list(await session.scalars(statement.order_by(col(ScanAmendment.id))))


async def list_tallies(session: AsyncSession, *, event_id: UUID, after: UUID | None, limit: int) -> list[Tally]:
    """The tallies at the gates of an event, in the order of their ids."""
    statement = (
        select(Tally)
        .join(Gate, col(Gate.id) == col(Tally.gate_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
        .order_by(col(Tally.id))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(Tally.id) > after)
    return list(await session.scalars(statement))
