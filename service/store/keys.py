"""Signing keys of an event with what depends on each of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import GRANTED, Application
from service.domain.passes import EntryPass, PassChange, PassState, SigningKey
from service.store.passes import LIVING


def _orphaned(now: datetime) -> ColumnElement[bool]:
    """The passes that ended with their key alone: good until it was struck, not over yet, and replaced by none.

    Who was suspended at that moment was so for another reason, which a new pass would undo.
    """
    newer = aliased(EntryPass)
    replaced = select(col(newer.id)).where(col(newer.replaces_id) == col(EntryPass.id))
    before = (
        select(col(PassChange.state))
        .where(
            col(PassChange.event_id) == col(EntryPass.event_id),
            col(PassChange.pass_id) == col(EntryPass.id),
            col(PassChange.version) < col(EntryPass.list_version),
        )
        .order_by(col(PassChange.version).desc())
        .limit(1)
        .scalar_subquery()
    )
    return and_(
        col(EntryPass.key_id) == col(SigningKey.id),
        col(EntryPass.state) == PassState.REVOKED,
        col(EntryPass.list_version) == col(SigningKey.struck_version),
        col(EntryPass.valid_until) > now,
        ~replaced.exists(),
        func.coalesce(before, PassState.ACTIVE.value) == PassState.ACTIVE.value,
    )


async def list_orphans(session: AsyncSession, key_id: UUID, now: datetime) -> list[EntryPass]:
    """The passes that ended with this struck key alone and have no successor yet, by their ids."""
    statement = select(EntryPass).join(SigningKey, col(SigningKey.id) == col(EntryPass.key_id))
    statement = statement.where(col(EntryPass.key_id) == key_id, _orphaned(now))
    return list(await session.scalars(statement.order_by(col(EntryPass.id))))


async def list_uses(session: AsyncSession, event_id: UUID, now: datetime) -> list[tuple[SigningKey, int, int]]:
    """(key, its passes that may still open doors, its holders who wait for a new pass), the oldest key first.

    Who waits had a pass that ended with its key alone, got no newer one, and is accredited still.
    """
    living = (
        select(func.count())
        .where(col(EntryPass.key_id) == col(SigningKey.id), col(EntryPass.state).in_(LIVING))
        .scalar_subquery()
    )
    other = aliased(EntryPass)
    served = select(col(other.id)).where(
        col(other.application_id) == col(EntryPass.application_id), col(other.state).in_(LIVING)
    )
    granted = select(col(Application.id)).where(
        col(Application.id) == col(EntryPass.application_id), col(Application.state).in_(GRANTED)
    )
    waiting = (
        select(func.count())
        .where(
            _orphaned(now),
            or_(col(EntryPass.application_id).is_(None), and_(granted.exists(), ~served.exists())),
        )
        .scalar_subquery()
    )
    statement: Any = select(SigningKey, living, waiting).where(col(SigningKey.event_id) == event_id)
    rows = await session.execute(statement.order_by(col(SigningKey.id)))
    return [(row[0], row[1], row[2]) for row in rows]
