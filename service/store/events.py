"""Programmes, events, occurrences, zones and gates in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, delete, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.attendance import AttendanceCount
from service.domain.door import DeviceGate, Scan, Tally
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


async def lock(session: AsyncSession, table: type[Thing], thing_id: UUID, noun: str) -> Thing:
    """The same, locked until the transaction ends; rows that only refer to it may still be written."""
    found = await session.get(table, thing_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound(noun)
    return found


async def lock_event(session: AsyncSession, event_id: UUID) -> Event:
    return await lock(session, Event, event_id, "event")


async def get_programme(session: AsyncSession, programme_id: UUID) -> tuple[Programme, Organisation]:
    """A programme with the organisation whose plan it is."""
    row = (await session.execute(_programmes().where(col(Programme.id) == programme_id))).one_or_none()
    if row is None:
        raise NotFound("programme")
    return row[0], row[1]


async def list_programmes(
    session: AsyncSession, *, organisation_id: UUID | None, after: UUID | None, limit: int
) -> list[tuple[Programme, Organisation]]:
    statement = _programmes().order_by(col(Programme.id)).limit(limit)
    if organisation_id is not None:
        statement = statement.where(col(Programme.organisation_id) == organisation_id)
    if after is not None:
        statement = statement.where(col(Programme.id) > after)
    return [(one, organisation) for one, organisation in await session.execute(statement)]


def _programmes() -> Select[Programme, Organisation]:
    return select(Programme, Organisation).join(Organisation, col(Organisation.id) == col(Programme.organisation_id))


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


@dataclass(frozen=True)
class EventFacts:
    """An event with what it belongs to, and how far its occurrences reach (None: it has none yet)."""

    event: Event
    organisation: Organisation
    programme: Programme | None
    opens_on: date | None
    closes_on: date | None
    occurrences: int


def _event_facts() -> Select[*tuple[Any, ...]]:
    spans = (
        select(
            func.min(col(Occurrence.opens_on)).label("opens_on"),
            func.max(col(Occurrence.closes_on)).label("closes_on"),
            func.count().label("occurrences"),
        )
        .where(col(Occurrence.event_id) == col(Event.id))
        .lateral()
    )
    return (
        select(Event, Organisation, Programme, spans.c.opens_on, spans.c.closes_on, spans.c.occurrences)
        .join(Organisation, col(Organisation.id) == col(Event.organisation_id))
        .outerjoin(Programme, col(Programme.id) == col(Event.programme_id))
        .join(spans, literal(value=True))
    )


async def get_event_facts(session: AsyncSession, event_id: UUID) -> EventFacts:
    row = (await session.execute(_event_facts().where(col(Event.id) == event_id))).one_or_none()
    if row is None:
        raise NotFound("event")
    return EventFacts(*row)


async def list_events(
    session: AsyncSession, wanted: WantedEvents, *, after: UUID | None, limit: int
) -> list[EventFacts]:
    """Events in the order of their ids, in one query."""
    statement = _event_facts().where(*narrowed(wanted))
    if after is not None:
        statement = statement.where(col(Event.id) > after)
    return [EventFacts(*row) for row in await session.execute(statement.order_by(col(Event.id)).limit(limit))]


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
    states: Iterable[EventState] | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int | None = None,
) -> list[Shown]:
    """Occurrences by their first day, in one query; `after` is the (first day, id) of the one before."""
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
    if states is not None:
        statement = statement.where(col(Event.state).in_(list(states)))
    order = (col(Occurrence.opens_on), col(Occurrence.id))
    if after is not None:
        statement = statement.where(tuple_(*order) > tuple_(*(literal(one) for one in after)))
    statement = statement.order_by(*order).limit(limit)
    return [Shown(*row) for row in (await session.execute(statement)).all()]


async def get_occurrence(session: AsyncSession, occurrence_id: UUID) -> Shown:
    found = await list_occurrences(session, occurrence_ids=[occurrence_id])
    if not found:
        raise NotFound("occurrence")
    return found[0]


@dataclass(frozen=True)
class Clash:
    """Another occurrence that has the same venue on a day, and at an hour, of `occurrence_id`."""

    occurrence_id: UUID
    other: Occurrence
    event: Event


async def list_clashes(session: AsyncSession, occurrence_ids: Iterable[UUID]) -> list[Clash]:
    """All clashes of the occurrences, whatever the list they stand in leaves out; cancelled events need no venue.

    Without daily hours an occurrence has its venue all day.
    """
    mine = aliased(Occurrence)
    statement = (
        select(col(mine.id), Occurrence, Event)
        .join(Occurrence, and_(col(Occurrence.venue_id) == col(mine.venue_id), col(Occurrence.id) != col(mine.id)))
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .where(
            col(mine.id).in_(list(occurrence_ids)),
            col(Event.state) != EventState.CANCELLED,
            col(Occurrence.opens_on) <= col(mine.closes_on),
            col(Occurrence.closes_on) >= col(mine.opens_on),
            func.coalesce(col(Occurrence.daily_from) < col(mine.daily_to), literal(value=True)),
            func.coalesce(col(mine.daily_from) < col(Occurrence.daily_to), literal(value=True)),
        )
        .order_by(col(Occurrence.opens_on), col(Occurrence.id))
    )
    return [Clash(*row) for row in await session.execute(statement)]


async def is_used(session: AsyncSession, occurrence_id: UUID) -> bool:
    """Whether a device serves a gate of the occurrence, or anything was scanned or counted there."""
    gates = select(col(Gate.id)).where(col(Gate.occurrence_id) == occurrence_id)
    return bool(
        await session.scalar(
            select(
                or_(
                    exists().where(col(DeviceGate.gate_id).in_(gates)),
                    exists().where(col(Scan.gate_id).in_(gates)),
                    exists().where(col(Tally.gate_id).in_(gates)),
                    exists().where(col(AttendanceCount.occurrence_id) == occurrence_id),
                )
            )
        )
    )


async def delete_occurrence(session: AsyncSession, occurrence_id: UUID) -> None:
    """Deletes an occurrence with its zones and gates; the database refuses what is referred to."""
    for table, column in (
        (Gate, col(Gate.occurrence_id)),
        (Zone, col(Zone.occurrence_id)),
        (Occurrence, col(Occurrence.id)),
    ):
        await session.execute(delete(table).where(column == occurrence_id))


async def list_zones(session: AsyncSession, occurrence_id: UUID) -> list[Zone]:
    statement = select(Zone).where(col(Zone.occurrence_id) == occurrence_id).order_by(col(Zone.code))
    return list(await session.scalars(statement))


async def list_gates(session: AsyncSession, occurrence_id: UUID) -> list[Gate]:
    statement = select(Gate).where(col(Gate.occurrence_id) == occurrence_id).order_by(col(Gate.name), col(Gate.id))
    return list(await session.scalars(statement))
