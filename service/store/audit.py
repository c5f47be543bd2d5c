"""The record of changes in the database."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.audit import AuditEntry


async def list_entries(
    session: AsyncSession, *, event_id: UUID | None, noun: str | None, before: UUID | None, limit: int
) -> list[AuditEntry]:
    """The newest entries first, older than the entry `before`."""
    statement = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if event_id is not None:
        statement = statement.where(col(AuditEntry.event_id) == event_id)
    if noun is not None:
        statement = statement.where(col(AuditEntry.noun) == noun)
    if before is not None:
        statement = statement.where(col(AuditEntry.id) < before)
    return list(await session.scalars(statement))
