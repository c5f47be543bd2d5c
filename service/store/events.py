"""Programmes, events, occurrences, zones and gates in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import and_, exists, func, select
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import NotFound
from service.domain.events import Event, EventKind, EventState, Gate, Occurrence, Programme, Zone
from service.domain.places import AdminUnit, Venue
from service.domain.texts import like

Thing = TypeVar("Thing", bound=SQLModel)


async def get(session: AsyncSession, table: type[Thing], thing_id: UUID, noun: str) -> Thing:
    """A programme, event, occurrence, zone or gate by its id. Raises NotFound."""
    found = await session.get(table, thing_id)
    if found is None:
        raise NotFound(noun)
    return found


async def lock_event(session: AsyncSession, event_id: UUID) -> Event:
    found = await session.get(Event, event_id, with_for_update=True)
    if found is None:
        raise NotFound("event")
    return found


async def list_programmes(session: AsyncSession, *, after: UUID | None, limit: int) -> list[Programme]:
    statement = select(Programme).order_by(col(Programme.id)).limit(limit)
    if after is not None:
        statement = statement.where(col(Programme.id) > after)
    return list(await session.scalars(statement))


@dataclass(frozen=True)
class WantedEvents:
    """Which events are asked for; None and empty mean all. The period is that of an occurrence."""

    q: str = ""
    kind: EventKind | None = None
    state: EventState | None = None
    programme_id: UUID | None = None
    organisation_id: UUID | None = None
    unit_id: UUID | None = None
    first: date | None = None
    last: date | None = None


async def list_events(session: AsyncSession, wanted: WantedEvents, *, after: UUID | None, limit: int) -> list[Event]:
    """Events in the order of their ids."""
    statement = select(Event).where(*narrowed(wanted))
    if after is not None:
        statement = statement.where(col(Event.id) > after)
    return list(await session.scalars(statement.order_by(col(Event.id)).limit(limit)))


def narrowed(wanted: WantedEvents) -> list[Any]:
    """The conditions on an event that is wanted."""
    conditions: list[Any] = [col(Event.folded).like(like(wanted.q))] if wanted.q else []
    for column, value in (
        (col(Event.kind), wanted.kind),
        (col(Event.state), wanted.state),
        (col(Event.programme_id), wanted.programme_id),
        (col(Event.organisation_id), wanted.organisation_id),
    ):
        if value is not None:
            conditions.append(column == value)
    shown = [col(Occurrence.event_id) == col(Event.id), *_within(wanted.first, wanted.last)]
    if wanted.unit_id is not None:
        shown.append(col(Occurrence.unit_id) == wanted.unit_id)
    if len(shown) > 1:
        conditions.append(exists().where(and_(*shown)))
    return conditions


def _within(first: date | None, last: date | None) -> list[Any]:
    conditions: list[Any] = []
    if first is not None:
        conditions.append(col(Occurrence.closes_on) >= first)
    if last is not None:
        conditions.append(col(Occurrence.opens_on) <= last)
    return conditions


@dataclass(frozen=True)
class Shown:
    """An occurrence with all that it refers to."""

    occurrence: Occurrence
    event: Event
    venue: Venue
    unit: AdminUnit


async def list_occurrences(
    session: AsyncSession,
    *,
    event_id: UUID | None = None,
    occurrence_ids: Iterable[UUID] | None = None,
    first: date | None = None,
    last: date | None = None,
    unit_id: UUID | None = None,
    kind: EventKind | None = None,
    limit: int = 2000,
) -> list[Shown]:
    """Occurrences by their first day, in one query."""
    statement = (
        select(Occurrence, Event, Venue, AdminUnit)
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .join(Venue, col(Venue.id) == col(Occurrence.venue_id))
        .join(AdminUnit, col(AdminUnit.id) == col(Occurrence.unit_id))
        .where(*_within(first, last))
    )
    for column, value in (
        (col(Occurrence.event_id), event_id),
        (col(Occurrence.unit_id), unit_id),
        (col(Event.kind), kind),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if occurrence_ids is not None:
        statement = statement.where(col(Occurrence.id).in_(list(occurrence_ids)))
    statement = statement.order_by(col(Occurrence.opens_on), col(Occurrence.id)).limit(limit)
    return [Shown(*row) for row in (await session.execute(statement)).all()]


async def list_zones(session: AsyncSession, occurrence_id: UUID) -> list[Zone]:
    statement = select(Zone).where(col(Zone.occurrence_id) == occurrence_id).order_by(col(Zone.code))
    return list(await session.scalars(statement))


async def list_gates(session: AsyncSession, occurrence_id: UUID) -> list[Gate]:
    statement = select(Gate).where(col(Gate.occurrence_id) == occurrence_id).order_by(col(Gate.name), col(Gate.id))
    return list(await session.scalars(statement))


async def count_busy(session: AsyncSession, *, venue_id: UUID, opens_on: date, closes_on: date, without: UUID) -> int:
    """How many other occurrences use the venue in the period."""
    statement = select(func.count()).where(
        col(Occurrence.venue_id) == venue_id, col(Occurrence.id) != without, *_within(opens_on, closes_on)
    )
    return int(await session.scalar(statement) or 0)
