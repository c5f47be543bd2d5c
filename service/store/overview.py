"""What the organisers' pages show, read in a fixed number of queries whatever the number of rows."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, exists, func, literal, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.accreditation import AWAITING_REVIEW, GRANTED, Application
from service.domain.attendance import AttendanceCount, Method
from service.domain.events import Event, EventKind, EventState, Gate, Occurrence
from service.domain.passes import EntryPass, PassState
from service.domain.places import AdminUnit, Venue
from service.domain.texts import like

Rows = list[Row[Any]]
NO_DATE = date.max
"""Where an event without an occurrence stands in the order of dates: it is still to be planned, so it comes first."""


def of_method(method: Method) -> ColumnElement[int]:
    """The visits counted by `method`, 0 where it counted nobody."""
    wanted = col(AttendanceCount.method) == method
    return func.coalesce(func.sum(col(AttendanceCount.visits)).filter(wanted), 0)


def _mine(organisations: frozenset[UUID] | None) -> ColumnElement[bool]:
    return literal(value=True) if organisations is None else col(Event.organisation_id).in_(list(organisations))


def _placed(*columns: Any) -> Select[Any]:
    """Occurrences with their event, venue and unit."""
    return (
        select(
            col(Event.id).label("event_id"),
            col(Event.kind),
            col(Event.title_vi),
            col(Event.title_en),
            col(Venue.name_vi).label("venue_vi"),
            col(Venue.name_en).label("venue_en"),
            col(AdminUnit.name_vi).label("unit_vi"),
            col(AdminUnit.name_en).label("unit_en"),
            col(Occurrence.opens_on),
            col(Occurrence.closes_on),
            col(Occurrence.daily_from),
            col(Occurrence.daily_to),
            *columns,
        )
        .join(Event, col(Event.id) == col(Occurrence.event_id))
        .join(Venue, col(Venue.id) == col(Occurrence.venue_id))
        .join(AdminUnit, col(AdminUnit.id) == col(Occurrence.unit_id))
        .order_by(col(Occurrence.opens_on), col(Occurrence.id))
    )


async def list_on(session: AsyncSession, on: date) -> Rows:
    """What is on that day, with what was counted there that day."""
    counted = (
        select(
            col(AttendanceCount.occurrence_id),
            of_method(Method.SCAN).label("scan"),
            of_method(Method.TALLY).label("tally"),
        )
        .where(col(AttendanceCount.counted_on) == on)
        .group_by(col(AttendanceCount.occurrence_id))
        .subquery()
    )
    statement = (
        _placed(func.coalesce(counted.c.scan, 0).label("scan"), func.coalesce(counted.c.tally, 0).label("tally"))
        .outerjoin(counted, counted.c.occurrence_id == col(Occurrence.id))
        .where(
            col(Event.state) == EventState.OPEN,
            col(Occurrence.opens_on) <= on,
            col(Occurrence.closes_on) >= on,
        )
    )
    return list(await session.execute(statement))


async def list_between(
    session: AsyncSession, *, first: date, last: date, kind: EventKind | None, unit_id: UUID | None
) -> Rows:
    """What happens from `first` to `last`, plans too; what was called off is left away."""
    statement = _placed().where(
        col(Event.state) != EventState.CANCELLED,
        col(Occurrence.opens_on) <= last,
        col(Occurrence.closes_on) >= first,
    )
    if kind is not None:
        statement = statement.where(col(Event.kind) == kind)
    if unit_id is not None:
        statement = statement.where(col(Occurrence.unit_id) == unit_id)
    return list(await session.execute(statement))


async def list_units(session: AsyncSession) -> list[AdminUnit]:
    """The units in which something happens or happened."""
    used = exists().where(col(Occurrence.unit_id) == col(AdminUnit.id))
    statement = select(AdminUnit).where(used).order_by(col(AdminUnit.folded), col(AdminUnit.valid_from).desc())
    return list(await session.scalars(statement))


async def sum_days(session: AsyncSession, *, first: date, last: date) -> Rows:
    """(counted_on, scan, tally) of each day on which anybody was counted."""
    statement = (
        select(
            col(AttendanceCount.counted_on),
            of_method(Method.SCAN).label("scan"),
            of_method(Method.TALLY).label("tally"),
        )
        .where(col(AttendanceCount.counted_on).between(first, last))
        .group_by(col(AttendanceCount.counted_on))
        .order_by(col(AttendanceCount.counted_on))
    )
    return list(await session.execute(statement))


# What waits, and what is late --------------------------------------------------------------------------------


def _of_event(*columns: Any) -> Select[Any]:
    return select(col(Event.id).label("event_id"), col(Event.title_vi), col(Event.title_en), *columns)


async def list_awaiting_review(session: AsyncSession, organisations: frozenset[UUID] | None) -> Rows:
    """Applications on which the office's next step is due, by event: how many, and since when the oldest waits."""
    statement = (
        _of_event(
            col(Event.accreditation_closes_at),
            func.count().label("count"),
            func.min(col(Application.submitted_at)).label("since"),
        )
        .join(Application, col(Application.event_id) == col(Event.id))
        .where(col(Application.state).in_(AWAITING_REVIEW), _mine(organisations))
        .group_by(col(Event.id))
        .order_by(func.min(col(Application.submitted_at)))
    )
    return list(await session.execute(statement))


async def list_awaiting_pass(session: AsyncSession, organisations: frozenset[UUID] | None) -> Rows:
    """Granted applications for which no pass was issued, by event."""
    valid = col(EntryPass.state).in_([PassState.ACTIVE, PassState.SUSPENDED])
    issued = exists().where(col(EntryPass.application_id) == col(Application.id), valid)
    statement = (
        _of_event(func.count().label("count"), func.min(col(Application.decided_at)).label("since"))
        .join(Application, col(Application.event_id) == col(Event.id))
        .where(
            col(Event.state) == EventState.OPEN,
            col(Application.state).in_(GRANTED),
            ~issued,
            _mine(organisations),
        )
        .group_by(col(Event.id))
        .order_by(func.min(col(Application.decided_at)))
    )
    return list(await session.execute(statement))


async def list_unready(session: AsyncSession, organisations: frozenset[UUID] | None, today: date) -> Rows:
    """Events that run today and are not ready: still a draft, an exhibition without papers, a stop without a gate."""
    gates = exists().where(col(Gate.occurrence_id) == col(Occurrence.id))
    draft = col(Event.state) == EventState.DRAFT
    bare = and_(col(Event.kind) == EventKind.EXHIBITION, col(Event.legal_basis) == "")
    statement = (
        _of_event(
            func.bool_or(draft).label("draft"),
            func.bool_or(bare).label("bare"),
            func.bool_or(~gates).label("gateless"),
            func.min(col(Occurrence.opens_on)).label("since"),
        )
        .join(Occurrence, col(Occurrence.event_id) == col(Event.id))
        .where(
            col(Event.state).in_([EventState.DRAFT, EventState.OPEN]),
            col(Occurrence.opens_on) <= today,
            col(Occurrence.closes_on) >= today,
            or_(draft, bare, ~gates),
            _mine(organisations),
        )
        .group_by(col(Event.id))
        .order_by(func.min(col(Occurrence.opens_on)))
    )
    return list(await session.execute(statement))


# The list of events ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventsWanted:
    """Which events are asked for; None and empty mean all."""

    q: str = ""
    kind: EventKind | None = None
    state: EventState | None = None
    unit_id: UUID | None = None
    on: date | None = None


def _narrow(statement: Select[Any], wanted: EventsWanted) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.q:
        conditions.append(col(Event.folded).like(like(wanted.q)))
    if wanted.kind is not None:
        conditions.append(col(Event.kind) == wanted.kind)
    if wanted.state is not None:
        conditions.append(col(Event.state) == wanted.state)
    here = [col(Occurrence.event_id) == col(Event.id)]
    if wanted.unit_id is not None:
        here.append(col(Occurrence.unit_id) == wanted.unit_id)
    if wanted.on is not None:
        here += [col(Occurrence.opens_on) <= wanted.on, col(Occurrence.closes_on) >= wanted.on]
    if len(here) > 1:
        conditions.append(exists().where(*here))
    return statement.where(*conditions) if conditions else statement


def _spans() -> Subquery:
    return (
        select(
            col(Occurrence.event_id),
            func.min(col(Occurrence.opens_on)).label("opens_on"),
            func.max(col(Occurrence.closes_on)).label("closes_on"),
            func.count().label("occurrences"),
        )
        .group_by(col(Occurrence.event_id))
        .subquery()
    )


async def count_events(session: AsyncSession, wanted: EventsWanted) -> int:
    return int(await session.scalar(_narrow(select(func.count()).select_from(Event), wanted)) or 0)


async def list_events(
    session: AsyncSession, wanted: EventsWanted, *, edge: tuple[date, UUID] | None, upwards: bool, limit: int
) -> Rows:
    """Events by their first day, the latest first, below `edge` (or above it, nearest first, when `upwards`)."""
    spans = _spans()
    first = func.coalesce(spans.c.opens_on, NO_DATE)
    place = tuple_(first, col(Event.id))
    statement = (
        _of_event(
            col(Event.kind),
            col(Event.state),
            col(Organisation.name_vi).label("organisation_vi"),
            col(Organisation.name_en).label("organisation_en"),
            spans.c.opens_on,
            spans.c.closes_on,
            func.coalesce(spans.c.occurrences, 0).label("occurrences"),
        )
        .join(Organisation, col(Organisation.id) == col(Event.organisation_id))
        .outerjoin(spans, spans.c.event_id == col(Event.id))
        .order_by(*((first.asc(), col(Event.id).asc()) if upwards else (first.desc(), col(Event.id).desc())))
        .limit(limit)
    )
    if edge is not None:
        there = tuple_(literal(edge[0]), literal(edge[1]))
        statement = statement.where(place > there if upwards else place < there)
    return list(await session.execute(_narrow(statement, wanted)))


async def sum_events(session: AsyncSession, event_ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """(scan, tally) of each event of which anybody was counted."""
    statement = (
        select(col(Occurrence.event_id), of_method(Method.SCAN), of_method(Method.TALLY))
        .join(AttendanceCount, col(AttendanceCount.occurrence_id) == col(Occurrence.id))
        .where(col(Occurrence.event_id).in_(event_ids))
        .group_by(col(Occurrence.event_id))
    )
    return {event_id: (scan, tally) for event_id, scan, tally in await session.execute(statement)}
