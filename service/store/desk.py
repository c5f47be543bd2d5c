"""The desk where badges are handed over: which ones lie there, by outlet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.passes import BadgeState, EntryPass, PassState
from service.store.pass_file import named


def _lies_there(event_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Printed or come back, and still of use: its pass is good and not over."""
    return and_(
        col(EntryPass.event_id) == event_id,
        col(EntryPass.badge).in_([BadgeState.PRINTED, BadgeState.RETURNED]),
        col(EntryPass.state) == PassState.ACTIVE,
        col(EntryPass.valid_until) > now,
    )


async def count_at_desk(session: AsyncSession, event_id: UUID, now: datetime) -> list[tuple[str, int]]:
    """(outlet, badges) of all badges at the desk; empty: holders without an outlet."""
    statement: Any = (
        select(col(EntryPass.organisation_name), func.count())
        .where(_lies_there(event_id, now))
        .group_by(col(EntryPass.organisation_name))
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_at_desk(
    session: AsyncSession, event_id: UUID, now: datetime, *, q: str, outlet: str | None, limit: int
) -> list[EntryPass]:
    """Badges at the desk by outlet and name; `q` as in lists of passes, `outlet` by its whole name."""
    statement = select(EntryPass).where(_lies_there(event_id, now))
    if q:
        statement = statement.where(named(q))
    if outlet is not None:
        statement = statement.where(col(EntryPass.organisation_name) == outlet)
    order = (
        func.lower(col(EntryPass.organisation_name)),
        col(EntryPass.organisation_name),
        col(EntryPass.folded),
        col(EntryPass.id),
    )
    return list(await session.scalars(statement.order_by(*order).limit(limit)))


async def list_gone(session: AsyncSession, event_id: UUID, now: datetime, pass_ids: Sequence[UUID]) -> list[EntryPass]:
    """Those of `pass_ids` whose badge doesn't lie at the desk (any more), by name."""
    statement = select(EntryPass).where(
        col(EntryPass.event_id) == event_id, col(EntryPass.id).in_(pass_ids), ~_lies_there(event_id, now)
    )
    return list(await session.scalars(statement.order_by(col(EntryPass.folded), col(EntryPass.id))))
