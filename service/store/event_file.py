"""The file of one event and of one pass, as pages show them: a fixed number of queries whatever they hold."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Row, Select, cast, func, literal, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Staff
from service.domain.accreditation import Application, ApplicationState
from service.domain.attendance import Presence
from service.domain.audit import AuditEntry
from service.domain.codes import read_human_code
from service.domain.door import Device, DeviceGate, Scan, ScanAmendment, Tally
from service.domain.events import Gate, Occurrence, Zone
from service.domain.localtime import CITY_ZONE
from service.domain.passes import Category, EntryPass
from service.domain.texts import like

Rows = list[Row[*tuple[Any, ...]]]
Anything = Select[*tuple[Any, ...]]
"""A statement whatever its columns."""


async def count_applications(session: AsyncSession, event_id: UUID) -> dict[ApplicationState, int]:
    statement = (
        select(col(Application.state), func.count())
        .where(col(Application.event_id) == event_id)
        .group_by(col(Application.state))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def sum_holders(session: AsyncSession, event_id: UUID) -> dict[tuple[UUID, Any], int]:
    """Distinct holders of each occurrence and day; a group pass counts the heads that came."""
    statement = (
        select(col(Presence.occurrence_id), col(Presence.counted_on), func.sum(col(Presence.visits)))
        .join(Occurrence, col(Occurrence.id) == col(Presence.occurrence_id))
        .where(col(Occurrence.event_id) == event_id, col(Presence.category) != Category.STAFF.value)
        .group_by(col(Presence.occurrence_id), col(Presence.counted_on))
    )
    return {(occurrence_id, on): heads for occurrence_id, on, heads in await session.execute(statement)}


async def list_gates(session: AsyncSession, event_id: UUID) -> Rows:
    """(Gate, Zone, occurrence_id, devices) of every gate; devices that were revoked are not counted."""
    devices = (
        select(func.count())
        .select_from(DeviceGate)
        .join(Device, col(Device.id) == col(DeviceGate.device_id))
        .where(col(DeviceGate.gate_id) == col(Gate.id), col(Device.revoked_at).is_(None))
        .scalar_subquery()
    )
    statement = (
        select(Gate, Zone, col(Occurrence.id).label("occurrence_id"), devices.label("devices"))
        .join(Zone, col(Zone.id) == col(Gate.zone_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
        .order_by(col(Occurrence.opens_on), col(Zone.code), col(Gate.name))
    )
    return list(await session.execute(statement))


async def list_devices(session: AsyncSession, event_id: UUID) -> Rows:
    """(Device, gates, heard_at) of every device of the event; heard at its gates, by scan or tally."""
    mine = (
        select(col(Gate.id), col(Gate.name))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
        .cte("mine")
    )
    heard = (
        select(col(Scan.device_id), col(Scan.received_at))
        .where(col(Scan.gate_id).in_(select(mine.c.id)))
        .union_all(
            select(col(Tally.device_id), col(Tally.received_at)).where(col(Tally.gate_id).in_(select(mine.c.id)))
        )
        .subquery()
    )
    last = (
        select(heard.c.device_id, func.max(heard.c.received_at).label("heard_at"))
        .group_by(heard.c.device_id)
        .subquery()
    )
    statement: Anything = (
        select(Device, func.array_agg(mine.c.name), last.c.heard_at)
        .join(DeviceGate, col(DeviceGate.device_id) == col(Device.id))
        .join(mine, mine.c.id == col(DeviceGate.gate_id))
        .outerjoin(last, last.c.device_id == col(Device.id))
        .group_by(col(Device.id), last.c.heard_at)
        .order_by(col(Device.revoked_at).desc().nulls_first(), col(Device.name), col(Device.id))
    )
    return list(await session.execute(statement))


async def list_history(session: AsyncSession, event_id: UUID, *, quiet: tuple[str, ...], limit: int) -> Rows:
    """(at, on, noun, action, times, staff_name): changes of the event and what belongs to it, the latest first.

    The same step by the same person on one day is one line with a count; actions of `quiet` are left away.
    """
    on = cast(func.timezone(CITY_ZONE.key, col(AuditEntry.at)), Date).label("on")
    statement: Anything = (
        select(
            func.max(col(AuditEntry.at)).label("at"),
            on,
            col(AuditEntry.noun),
            col(AuditEntry.action),
            func.count().label("times"),
            col(Staff.name).label("staff_name"),
        )
        .outerjoin(Staff, col(Staff.id) == col(AuditEntry.actor_id))
        .where(
            col(AuditEntry.event_id) == event_id,
            col(AuditEntry.action).not_in(quiet),
        )
        .group_by(on, col(AuditEntry.noun), col(AuditEntry.action), col(Staff.id), col(Staff.name))
        .order_by(func.max(col(AuditEntry.at)).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))


# Passes ------------------------------------------------------------------------------------------------------


def _found(event_id: UUID, q: str) -> ColumnElement[bool]:
    here: ColumnElement[bool] = col(EntryPass.event_id) == event_id
    if not q:
        return here
    exact = read_human_code(q) or q
    return here & or_(
        col(EntryPass.folded).like(like(q)), col(EntryPass.human_code) == exact, col(EntryPass.serial) == exact
    )


async def count_passes(session: AsyncSession, event_id: UUID) -> int:
    return int(await session.scalar(select(func.count()).where(col(EntryPass.event_id) == event_id)) or 0)


async def list_passes(
    session: AsyncSession, event_id: UUID, *, q: str, edge: tuple[str, UUID] | None, upwards: bool, limit: int
) -> list[EntryPass]:
    """Passes by the holder's folded name, after `edge` (or before it, nearest first, when `upwards`)."""
    place = tuple_(col(EntryPass.folded), col(EntryPass.id))
    statement = select(EntryPass).where(_found(event_id, q)).limit(limit)
    if upwards:
        statement = statement.order_by(col(EntryPass.folded).desc(), col(EntryPass.id).desc())
    else:
        statement = statement.order_by(col(EntryPass.folded), col(EntryPass.id))
    if edge is not None:
        there = tuple_(literal(edge[0]), literal(edge[1]))
        statement = statement.where(place < there if upwards else place > there)
    return list(await session.scalars(statement))


async def list_pass_scans(session: AsyncSession, pass_id: UUID, *, limit: int) -> Rows:
    """(Scan, gate_name, device_name, amendments) of a pass, the latest first; amendments by their kind."""
    amendments = (
        select(func.array_agg(col(ScanAmendment.kind)))
        .where(col(ScanAmendment.scan_id) == col(Scan.id))
        .correlate(Scan)
        .scalar_subquery()
    )
    statement: Anything = (
        select(
            Scan,
            col(Gate.name).label("gate_name"),
            col(Device.name).label("device_name"),
            amendments.label("amendments"),
        )
        .join(Device, col(Device.id) == col(Scan.device_id))
        .outerjoin(Gate, col(Gate.id) == col(Scan.gate_id))
        .where(col(Scan.pass_id) == pass_id)
        .order_by(col(Scan.received_at).desc(), col(Scan.id).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))


async def list_pass_changes(session: AsyncSession, pass_id: UUID, *, quiet: tuple[str, ...], limit: int) -> Rows:
    """(at, action, staff_name) of the record of one pass, the latest first."""
    statement: Anything = (
        select(col(AuditEntry.at), col(AuditEntry.action), col(Staff.name).label("staff_name"))
        .outerjoin(Staff, col(Staff.id) == col(AuditEntry.actor_id))
        .where(
            col(AuditEntry.noun) == "pass", col(AuditEntry.object_id) == pass_id, col(AuditEntry.action).not_in(quiet)
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))
