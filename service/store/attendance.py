"""Counts of attendance in the database: read from counters, never by walking through scans."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, case, cast, func, literal, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.attendance import AttendanceCount, Method, Presence
from service.domain.door import ZoneUse
from service.domain.events import Event, Occurrence, Zone
from service.domain.passes import Category


@dataclass(frozen=True)
class Wanted:
    """Which attendance is asked for; None means all."""

    first: date | None = None
    last: date | None = None
    event_id: UUID | None = None
    occurrence_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class CountRow:
    """Counts of one occurrence, day, category and method."""

    occurrence_id: UUID
    unit_id: UUID
    counted_on: date
    category: str
    method: Method
    visits: int
    entries: int
    exits: int


async def list_counts(session: AsyncSession, wanted: Wanted) -> list[CountRow]:
    """Every count that is wanted, added up over gates and hours."""
    keys = (
        col(AttendanceCount.occurrence_id),
        col(Occurrence.unit_id),
        col(AttendanceCount.counted_on),
        col(AttendanceCount.category),
        col(AttendanceCount.method),
    )
    sums = [
        func.sum(column)
        for column in (col(AttendanceCount.visits), col(AttendanceCount.entries), col(AttendanceCount.exits))
    ]
    statement = (
        select(*keys, *sums)
        .join(Occurrence, col(Occurrence.id) == col(AttendanceCount.occurrence_id))
        .group_by(*keys)
        .order_by(col(AttendanceCount.counted_on), col(AttendanceCount.occurrence_id))
    )
    statement = _narrow(statement, wanted, col(AttendanceCount.counted_on))
    return [CountRow(*row) for row in (await session.execute(statement)).all()]


def _presences(wanted: Wanted) -> Any:
    keys = (
        col(Presence.occurrence_id),
        col(Occurrence.unit_id),
        col(Presence.counted_on),
        col(Presence.category),
        col(Presence.pass_id),
    )
    statement = (
        select(*keys, func.sum(col(Presence.visits)).label("heads"))
        .join(Occurrence, col(Occurrence.id) == col(Presence.occurrence_id))
        .where(col(Presence.category) != Category.STAFF.value, col(Presence.visits) > 0)
        .group_by(*keys)
    )
    return _narrow(statement, wanted, col(Presence.counted_on))


async def count_holders(
    session: AsyncSession, wanted: Wanted, by: str, targets: dict[UUID, UUID | None] | None = None
) -> dict[object, int]:
    """Distinct holders by `occurrence_id`, `unit_id`, `counted_on` or `category`, or in all (`by` empty: key None).

    A pass counts once in each group however often it came; a group pass counts the most heads of one day.
    `targets` puts the counts of one unit under another (restated); without a target they fall under None.
    """
    seen = _presences(wanted).subquery()
    group: ColumnElement[Any] = seen.c[by] if by else literal(None)
    if targets:
        # PostgreSQL can't tell the type of a bare parameter in a CASE.
        known = {unit_id: cast(target, Uuid) for unit_id, target in targets.items()}
        group = case(known, value=seen.c.unit_id, else_=cast(None, Uuid))
    group = group.label("key")
    once = (
        select(group, seen.c.pass_id, func.max(seen.c.heads).label("heads")).group_by(group, seen.c.pass_id).subquery()
    )
    statement = select(once.c.key, func.sum(once.c.heads)).group_by(once.c.key)
    return {key: int(heads or 0) for key, heads in (await session.execute(statement)).all()}


def _narrow(statement: Any, wanted: Wanted, on: Any) -> Any:
    conditions: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        conditions.append(on >= wanted.first)
    if wanted.last is not None:
        conditions.append(on <= wanted.last)
    if wanted.event_id is not None:
        conditions.append(col(Occurrence.event_id) == wanted.event_id)
    if wanted.occurrence_id is not None:
        conditions.append(col(Occurrence.id) == wanted.occurrence_id)
    if wanted.unit_id is not None:
        conditions.append(col(Occurrence.unit_id) == wanted.unit_id)
    return statement.where(and_(*conditions)) if conditions else statement


async def list_occupancy(session: AsyncSession, event_id: UUID) -> list[tuple[Zone, Occurrence, int]]:
    """Every zone of an event with the people inside now."""
    statement = (
        select(Zone, Occurrence, func.coalesce(col(ZoneUse.inside), 0))
        .join(Occurrence, col(Occurrence.id) == col(Zone.occurrence_id))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .outerjoin(ZoneUse, col(ZoneUse.zone_id) == col(Zone.id))
        .where(col(Event.id) == event_id)
        .order_by(col(Occurrence.opens_on), col(Occurrence.id), col(Zone.code))
    )
    return [(zone, occurrence, inside) for zone, occurrence, inside in (await session.execute(statement)).all()]
