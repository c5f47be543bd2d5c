"""Outlets by all their names, their focal points, and merging them, in the database."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import FocalPoint, Outlet, OutletAlias


async def find_by_name(session: AsyncSession, folded: str) -> Outlet | None:
    """The outlet that goes by this folded name, under its own or another one; one that was merged leads to its heir."""
    found = await session.scalar(select(Outlet).where(col(Outlet.folded) == folded))
    if found is None:
        statement = select(Outlet).join(OutletAlias, col(OutletAlias.outlet_id) == col(Outlet.id))
        found = await session.scalar(statement.where(col(OutletAlias.folded) == folded))
    while found is not None and found.merged_into_id is not None:
        found = await session.get(Outlet, found.merged_into_id)
    return found


async def is_focal_point(session: AsyncSession, *, journalist_id: UUID, outlet_id: UUID) -> bool:
    """Whether a journalist is known as the one who applies for an outlet's people."""
    statement = select(func.count()).where(
        col(FocalPoint.journalist_id) == journalist_id,
        col(FocalPoint.outlet_id) == outlet_id,
        col(FocalPoint.ended_at).is_(None),
    )
    return bool(await session.scalar(statement))
