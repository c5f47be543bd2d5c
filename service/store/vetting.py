"""The reviews of an event as tables for its authorities, in the database."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, Review, ReviewState, Verdict, VerdictKind


async def count_open(
    session: AsyncSession, *, event_id: UUID, organisation_ids: Sequence[UUID] | None
) -> dict[str, int]:
    """How many reviews are open for each authority that these organisations (None: all) act for at an event."""
    statement = (
        select(col(Review.authority), func.count().filter(col(Review.state) == ReviewState.OPEN))
        .where(col(Review.event_id) == event_id)
        .group_by(col(Review.authority))
        .order_by(col(Review.authority))
    )
    if organisation_ids is not None:
        statement = statement.where(col(Review.organisation_id).in_(organisation_ids))
    return {row[0]: row[1] for row in await session.execute(statement)}


async def find_reviews(
    session: AsyncSession,
    *,
    event_id: UUID,
    authority: str,
    organisation_ids: Sequence[UUID] | None,
    application_ids: Sequence[UUID],
) -> dict[UUID, tuple[Review, Application]]:
    """The reviews of these applications by one authority of an event, by application; others are not there."""
    statement = (
        select(Review, Application)
        .join(Application, col(Application.id) == col(Review.application_id))
        .where(
            col(Review.event_id) == event_id,
            col(Review.authority) == authority,
            col(Review.application_id).in_(application_ids),
        )
    )
    if organisation_ids is not None:
        statement = statement.where(col(Review.organisation_id).in_(organisation_ids))
    found = await session.execute(statement, execution_options={"populate_existing": True})
    return {row[0].application_id: (row[0], row[1]) for row in found}


async def list_recused(session: AsyncSession, *, event_id: UUID, staff_id: UUID) -> frozenset[UUID]:
    """The applications of an event from which a member of staff has stepped back."""
    statement = (
        select(col(Verdict.application_id))
        .join(Application, col(Application.id) == col(Verdict.application_id))
        .where(
            col(Application.event_id) == event_id,
            col(Verdict.staff_id) == staff_id,
            col(Verdict.kind) == VerdictKind.ABSTAIN,
        )
    )
    return frozenset(await session.scalars(statement))
