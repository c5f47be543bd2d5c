"""Allocations, and the applications among which places are shared out, in the database."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Allocation, Application, ApplicationState, Decision, Journalist, Outlet
from service.domain.errors import NotFound

Applicant = tuple[Application, Journalist, Outlet]
AWAITED = (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.WAITLISTED)
"""The states in which an application may still get a place."""


async def list_applicants(
    session: AsyncSession,
    *,
    event_id: UUID,
    classes: Sequence[str],
    fresh: bool = False,
) -> list[Applicant]:
    """Who may still get a place in these classes, the first that applied first; `fresh` reads known rows again."""
    statement = (
        select(Application, Journalist, Outlet)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(
            col(Application.event_id) == event_id,
            col(Application.class_code).in_(classes),
            col(Application.state).in_(AWAITED),
        )
        .order_by(col(Application.id))
    )
    found = await session.execute(statement, execution_options={"populate_existing": fresh})
    return [(row[0], row[1], row[2]) for row in found]


async def lock_applications(session: AsyncSession, application_ids: Sequence[UUID]) -> None:
    """Holds these applications until the transaction ends, in the order of their ids so that two never cross."""
    statement = select(col(Application.id)).where(col(Application.id).in_(application_ids))
    await session.execute(statement.order_by(col(Application.id)).with_for_update(key_share=True))


async def list_people(session: AsyncSession, application_ids: Sequence[UUID]) -> dict[UUID, Applicant]:
    """These applications with whose they are."""
    statement = (
        select(Application, Journalist, Outlet)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(col(Application.id).in_(application_ids))
    )
    return {row[0].id: (row[0], row[1], row[2]) for row in await session.execute(statement)}


async def list_allocations(session: AsyncSession, event_id: UUID) -> list[Allocation]:
    """The allocations of an event, the first one first."""
    statement = select(Allocation).where(col(Allocation.event_id) == event_id).order_by(col(Allocation.id))
    return list(await session.scalars(statement))


async def get_allocation(session: AsyncSession, allocation_id: UUID) -> Allocation:
    found = await session.get(Allocation, allocation_id)
    if found is None:
        raise NotFound("allocation")
    return found


async def list_of_batch(session: AsyncSession, batch_id: UUID) -> list[Decision]:
    """The decisions that were taken together."""
    statement = select(Decision).where(col(Decision.batch_id) == batch_id).order_by(col(Decision.id))
    return list(await session.scalars(statement))
