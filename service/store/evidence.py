"""The files of applications in the database."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Evidence, EvidenceKind
from service.domain.errors import NotFound


async def list_evidence(session: AsyncSession, *application_ids: UUID) -> list[Evidence]:
    """The files that applications hold now."""
    statement = (
        select(Evidence)
        .where(col(Evidence.application_id).in_(application_ids), col(Evidence.removed_at).is_(None))
        .order_by(col(Evidence.id))
    )
    return list(await session.scalars(statement))


async def find_evidence(session: AsyncSession, application_id: UUID, kind: EvidenceKind) -> Evidence | None:
    """The file of one kind that an application holds now."""
    statement = select(Evidence).where(
        col(Evidence.application_id) == application_id,
        col(Evidence.kind) == kind,
        col(Evidence.removed_at).is_(None),
    )
    return await session.scalar(statement)


async def get_evidence(session: AsyncSession, evidence_id: UUID) -> Evidence:
    """One file that is still there."""
    found = await session.get(Evidence, evidence_id)
    if found is None or found.removed_at is not None or found.file_id is None:
        raise NotFound("evidence")
    return found
