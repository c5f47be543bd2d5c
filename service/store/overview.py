"""What the organisers' pages show, read in a fixed number of queries whatever the number of rows."""

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
from service.domain.places import AdminUnit
from service.store.events import WantedEvents, narrowed

Rows = list[Row[*tuple[Any, ...]]]
Anything = Select[*tuple[Any, ...]]
"""A statement whatever its columns."""
NO_DATE = date.max
"""Where an event without an occurrence stands in the order of dates: it is still to be planned, so it comes first."""


def of_method(method: Method) -> ColumnElement[int]:
    """The visits counted by `method`, 0 where it counted nobody."""
    wanted = col(AttendanceCount.method) == method
    return func.coalesce(func.sum(col(AttendanceCount.visits)).filter(wanted), 0)


def _mine(organisations: frozenset[UUID] | None) -> ColumnElement[bool]:
    return literal(value=True) if organisations is None else col(Event.organisation_id).in_(list(organisations))


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


def _of_event(*columns: Any) -> Anything:
    return select(col(Event.id).label("event_id"), col(Event.title_vi), col(Event.title_en), *columns)


async def list_awaiting_review(session: AsyncSession, organisations: frozenset[UUID] | None) -> Rows:
    """Applications on which the office's next step is due, by event: how many, and since when the oldest waits."""
    statement = (
        _of_event(
            col(Event.accreditation_closes_at),
            func.count().label("waiting"),
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
        _of_event(func.count().label("waiting"), func.min(col(Application.decided_at)).label("since"))
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


async def count_events(session: AsyncSession, wanted: WantedEvents) -> int:
    return int(await session.scalar(select(func.count()).select_from(Event).where(*narrowed(wanted))) or 0)


async def list_events(
    session: AsyncSession, wanted: WantedEvents, *, edge: tuple[date, UUID] | None, upwards: bool, limit: int
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
        .where(*narrowed(wanted))
        .order_by(*((first.asc(), col(Event.id).asc()) if upwards else (first.desc(), col(Event.id).desc())))
        .limit(limit)
    )
    if edge is not None:
        there = tuple_(literal(edge[0]), literal(edge[1]))
        statement = statement.where(place > there if upwards else place < there)
    return list(await session.execute(statement))


async def sum_events(session: AsyncSession, event_ids: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """(scan, tally) of each event of which anybody was counted."""
    statement = (
        select(col(Occurrence.event_id), of_method(Method.SCAN), of_method(Method.TALLY))
        .join(AttendanceCount, col(AttendanceCount.occurrence_id) == col(Occurrence.id))
        .where(col(Occurrence.event_id).in_(event_ids))
        .group_by(col(Occurrence.event_id))
    )
    return {event_id: (scan, tally) for event_id, scan, tally in await session.execute(statement)}
