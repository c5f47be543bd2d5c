"""Links that sign in by mail, and the sessions of journalists, in the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import SignIn
from service.domain.accreditation import SignInLink


async def find_link(session: AsyncSession, link_id: UUID, *, lock: bool = False) -> SignInLink | None:
    """A sign-in link; `lock=True` holds it, so that of two who use it at once one is first."""
    return await session.get(SignInLink, link_id, with_for_update=lock, populate_existing=lock)


async def end_session(session: AsyncSession, token_hash: bytes, now: datetime) -> None:
    """Ends the session of this token, if it is still open."""
    await session.execute(
        update(SignIn).where(col(SignIn.token_hash) == token_hash, col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )
