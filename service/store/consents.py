"""What journalists agreed to, in the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Consent, ConsentPurpose


async def list_consents(session: AsyncSession, journalist_id: UUID) -> list[Consent]:
    """All that a journalist ever agreed to, in order; what was taken back says when."""
    statement = select(Consent).where(col(Consent.journalist_id) == journalist_id).order_by(col(Consent.id))
    return list(await session.scalars(statement))


async def has_agreed(session: AsyncSession, journalist_id: UUID, purpose: ConsentPurpose) -> bool:
    """Whether a journalist agrees to a purpose now."""
    living = await list_consents(session, journalist_id)
    return any(one.purpose is purpose and one.withdrawn_at is None for one in living)


async def agree(
    session: AsyncSession, *, journalist_id: UUID, purpose: ConsentPurpose, text_version: str, now: datetime
) -> None:
    """Keeps that a journalist agreed, unless they do already."""
    if not await has_agreed(session, journalist_id, purpose):
        session.add(Consent(journalist_id=journalist_id, purpose=purpose, text_version=text_version, given_at=now))
        await session.flush()


async def take_back(session: AsyncSession, *, journalist_id: UUID, purpose: ConsentPurpose, now: datetime) -> None:
    """Keeps that a journalist agrees no longer."""
    for one in await list_consents(session, journalist_id):
        if one.purpose is purpose and one.withdrawn_at is None:
            one.withdrawn_at = now
    await session.flush()
