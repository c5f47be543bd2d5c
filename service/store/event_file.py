"""The file of one event, as pages show it: a fixed number of queries whatever it holds."""

from typing import Any
from uuid import UUID

from sqlalchemy import Date, Row, Select, cast, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Staff
from service.domain.accreditation import Application, ApplicationState
from service.domain.attendance import Presence
from service.domain.audit import AuditEntry
from service.domain.door import Device, DeviceGate, Scan, Tally
from service.domain.events import Gate, Occurrence, Zone
from service.domain.localtime import CITY_ZONE
from service.domain.passes import Category

Rows = list[Row[*tuple[Any, ...]]]
Anything = Select[*tuple[Any, ...]]
"""A statement whatever its columns."""


async def count_applications(session: AsyncSession, event_id: UUID) -> dict[ApplicationState, int]:
    statement = (
        select(col(Application.state), func.count())
        .where(col(Application.event_id) == event_id, col(Application.state) != ApplicationState.DRAFT)
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


async def list_history(
    session: AsyncSession, event_id: UUID, *, quiet: tuple[str, ...], apart: tuple[str, ...] = (), limit: int
) -> Rows:
    """(at, on, noun, action, times, staff_name): changes of the event and what belongs to it, the latest first.

    The same step by the same person on one day is one line with a count; actions of `quiet` and nouns of `apart` are
    left away.
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
            col(AuditEntry.noun).not_in(apart),
        )
        .group_by(on, col(AuditEntry.noun), col(AuditEntry.action), col(Staff.id), col(Staff.name))
        .order_by(func.max(col(AuditEntry.at)).desc())
        .limit(limit)
    )
    return list(await session.execute(statement))
