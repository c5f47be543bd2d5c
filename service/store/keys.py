"""Signing keys of an event with what depends on each of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import GRANTED, Application
from service.domain.passes import EntryPass, PassState, SigningKey
from service.store.passes import LIVING


async def list_uses(session: AsyncSession, event_id: UUID) -> list[tuple[SigningKey, int, int]]:
    """(key, its passes that may still open doors, its holders who wait for a new pass), the oldest key first.

    Who waits had a pass that ended when the key was struck, got no newer one, and is accredited still.
    """
    living = (
        select(func.count())
        .where(col(EntryPass.key_id) == col(SigningKey.id), col(EntryPass.state).in_(LIVING))
        .scalar_subquery()
    )
    newer, other = aliased(EntryPass), aliased(EntryPass)
    replaced = select(col(newer.id)).where(col(newer.replaces_id) == col(EntryPass.id))
    served = select(col(other.id)).where(
        col(other.application_id) == col(EntryPass.application_id), col(other.state).in_(LIVING)
    )
    granted = select(col(Application.id)).where(
        col(Application.id) == col(EntryPass.application_id), col(Application.state).in_(GRANTED)
    )
    waiting = (
        select(func.count())
        .where(
            col(EntryPass.key_id) == col(SigningKey.id),
            col(EntryPass.state) == PassState.REVOKED,
            col(EntryPass.state_at) == col(SigningKey.struck_at),
            ~replaced.exists(),
            or_(col(EntryPass.application_id).is_(None), and_(granted.exists(), ~served.exists())),
        )
        .scalar_subquery()
    )
    statement: Any = select(SigningKey, living, waiting).where(col(SigningKey.event_id) == event_id)
    rows = await session.execute(statement.order_by(col(SigningKey.id)))
    return [(row[0], row[1], row[2]) for row in rows]
