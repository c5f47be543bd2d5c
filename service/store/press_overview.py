"""How an event's accreditation stands, counted: a fixed number of queries whatever it holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    GRANTED,
    Application,
    ApplicationState,
    Journalist,
    Outcome,
    Outlet,
    Review,
    ReviewState,
)

AWAITED = (
    ApplicationState.SUBMITTED,
    ApplicationState.IN_REVIEW,
    ApplicationState.NEEDS_INFORMATION,
    ApplicationState.WAITLISTED,
)


async def count_states(session: AsyncSession, event_id: UUID) -> list[tuple[str, ApplicationState, Outcome, int]]:
    """(Class, state, outcome of the verdicts, how many) of all applications that were made under rules."""
    statement = (
        select(col(Application.class_code), col(Application.state), col(Application.outcome), func.count())
        .where(col(Application.event_id) == event_id, col(Application.class_code) != "")
        .group_by(col(Application.class_code), col(Application.state), col(Application.outcome))
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]


async def count_by_outlet(session: AsyncSession, event_id: UUID) -> list[tuple[Outlet, str, int, int]]:
    """(Outlet, class, granted, waiting for a place or a decision), where there is either."""
    granted: Any = func.count().filter(col(Application.state).in_(GRANTED))
    waiting: Any = func.count().filter(col(Application.state).in_(AWAITED))
    statement: Any = (
        select(Outlet, col(Application.class_code), granted, waiting)
        .join(Journalist, col(Journalist.outlet_id) == col(Outlet.id))
        .join(Application, col(Application.journalist_id) == col(Journalist.id))
        .where(
            col(Application.event_id) == event_id,
            col(Application.class_code) != "",
            col(Application.state).in_((*GRANTED, *AWAITED)),
        )
        .group_by(col(Outlet.id), col(Application.class_code))
        .order_by(col(Outlet.folded), col(Application.class_code))
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]


async def count_clocks(
    session: AsyncSession, event_id: UUID, now: datetime
) -> list[tuple[str, int, int, int, int, datetime | None]]:
    """(Authority, open, late among them, standing still, whose days can't be counted, the first due moment)."""
    is_open = col(Review.state) == ReviewState.OPEN
    statement: Any = (
        select(
            col(Review.authority),
            func.count().filter(is_open),
            func.count().filter(is_open, col(Review.due_at) <= now),
            func.count().filter(col(Review.state) == ReviewState.PAUSED),
            func.count().filter(is_open, col(Review.fault) != ""),
            func.min(col(Review.due_at)).filter(is_open),
        )
        .where(col(Review.event_id) == event_id)
        .group_by(col(Review.authority))
        .order_by(col(Review.authority))
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in await session.execute(statement)]
