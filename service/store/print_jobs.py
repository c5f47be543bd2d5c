"""Print jobs as they are watched: what was left away, and whether anybody works on them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.badges import BadgeRecord, PrintPart
from service.domain.passes import EntryPass


async def list_skipped(session: AsyncSession, job_id: UUID, *, limit: int) -> list[EntryPass]:
    """Passes that parts of the job have left away, as they stand now, by their serial numbers."""
    wanted = select(func.unnest(PrintPart.pass_ids)).where(
        col(PrintPart.job_id) == job_id, col(PrintPart.ended_at).is_not(None), col(PrintPart.skipped) > 0
    )
    printed = select(col(BadgeRecord.id)).where(
        col(BadgeRecord.pass_id) == col(EntryPass.id), col(BadgeRecord.job_id) == job_id
    )
    statement = select(EntryPass).where(col(EntryPass.id).in_(wanted), ~printed.exists())
    return list(await session.scalars(statement.order_by(col(EntryPass.serial)).limit(limit)))


async def find_last_made(session: AsyncSession) -> datetime | None:
    """When the worker has last made a part of any job."""
    return await session.scalar(select(func.max(col(PrintPart.ended_at))))
