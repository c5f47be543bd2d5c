"""Appeals in the database."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Appeal, AppealState, Application, Journalist
from service.domain.errors import NotFound


async def get_appeal(session: AsyncSession, appeal_id: UUID, *, lock: bool = False) -> Appeal:
    found = await session.get(Appeal, appeal_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound("appeal")
    return found


async def list_appeals(session: AsyncSession, application_id: UUID) -> list[Appeal]:
    """The appeals about an application, in their order."""
    statement = select(Appeal).where(col(Appeal.application_id) == application_id).order_by(col(Appeal.id))
    return list(await session.scalars(statement))


async def list_open(session: AsyncSession, event_id: UUID) -> list[tuple[Appeal, Application, Journalist]]:
    """The appeals of an event that wait for an answer, the oldest first."""
    statement = (
        select(Appeal, Application, Journalist)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .where(col(Application.event_id) == event_id, col(Appeal.state) == AppealState.FILED)
        .order_by(col(Appeal.id))
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def count_open(session: AsyncSession, event_id: UUID) -> int:
    """How many appeals of an event wait for an answer."""
    statement = (
        select(func.count())
        .select_from(Appeal)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .where(col(Application.event_id) == event_id, col(Appeal.state) == AppealState.FILED)
    )
    return int(await session.scalar(statement) or 0)
