"""Outlets by all their names, their people and focal points, and merging them, in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, or_, select, tuple_, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, ApplicationState, FocalPoint, Journalist, Outlet, OutletAlias
from service.domain.errors import NotFound
from service.domain.texts import like


async def find_by_name(session: AsyncSession, folded: str) -> Outlet | None:
    """The outlet that goes by this folded name, under its own or another one; one that was merged leads to its heir.

    It can't be merged until the transaction ends: whoever joins it meanwhile would be left behind.
    """
    found = await find_id(session, folded)
    return await hold_heir(session, found) if found is not None else None


async def find_id(session: AsyncSession, folded: str) -> UUID | None:
    """The outlet that goes by this folded name, merged or not."""
    found = await session.scalar(select(col(Outlet.id)).where(col(Outlet.folded) == folded))
    if found is None:
        named = select(col(OutletAlias.outlet_id)).where(col(OutletAlias.folded) == folded)
        found = await session.scalar(named)
    return found


async def hold_heir(session: AsyncSession, outlet_id: UUID) -> Outlet:
    """The outlet, or the one that it was merged into; it can't be merged until the transaction ends."""
    held = await session.get(
        Outlet, outlet_id, with_for_update={"read": True, "key_share": True}, populate_existing=True
    )
    if held is None:
        raise NotFound("outlet")
    return held if held.merged_into_id is None else await hold_heir(session, held.merged_into_id)


async def is_focal_point(session: AsyncSession, *, journalist_id: UUID, outlet_id: UUID) -> bool:
    """Whether a journalist is known as the one who applies for an outlet's people."""
    statement = select(func.count()).where(
        col(FocalPoint.journalist_id) == journalist_id,
        col(FocalPoint.outlet_id) == outlet_id,
        col(FocalPoint.ended_at).is_(None),
    )
    return bool(await session.scalar(statement))


# The list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutletRow:
    """An outlet with how many people it has, and how many applications they have sent in."""

    outlet: Outlet
    people: int
    applications: int


def _found(q: str) -> ColumnElement[bool]:
    pattern = like(q)
    named = select(col(OutletAlias.id)).where(
        col(OutletAlias.outlet_id) == col(Outlet.id), col(OutletAlias.folded).like(pattern)
    )
    return or_(col(Outlet.folded).like(pattern), named.exists())


def _people() -> Any:
    return select(func.count()).where(col(Journalist.outlet_id) == col(Outlet.id)).correlate(Outlet).scalar_subquery()


def _applications() -> Any:
    return (
        select(func.count())
        .select_from(Application)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .where(col(Journalist.outlet_id) == col(Outlet.id), col(Application.state) != ApplicationState.DRAFT)
        .correlate(Outlet)
        .scalar_subquery()
    )


async def list_outlets(
    session: AsyncSession, *, q: str, edge: tuple[str, UUID] | None, upwards: bool, limit: int
) -> list[OutletRow]:
    """Outlets that weren't merged, by name, after `edge` (or before it, nearest first, when `upwards`)."""
    place = tuple_(col(Outlet.folded), col(Outlet.id))
    statement: Any = select(Outlet, _people(), _applications()).where(col(Outlet.merged_into_id).is_(None)).limit(limit)
    if q:
        statement = statement.where(_found(q))
    if edge is not None:
        there = tuple_(literal(edge[0]), literal(edge[1]))
        statement = statement.where(place < there if upwards else place > there)
    order = (col(Outlet.folded).desc(), col(Outlet.id).desc()) if upwards else (col(Outlet.folded), col(Outlet.id))
    return [OutletRow(*row) for row in await session.execute(statement.order_by(*order))]


async def count_outlets(session: AsyncSession, q: str) -> tuple[int, int]:
    """(how many are found, how many there are) of the outlets that weren't merged."""
    found = func.count().filter(_found(q)) if q else func.count()
    statement = select(found, func.count()).select_from(Outlet).where(col(Outlet.merged_into_id).is_(None))
    row = (await session.execute(statement)).one()
    return row[0], row[1]


async def count_of(session: AsyncSession, outlet_id: UUID) -> OutletRow:
    """One outlet with its numbers."""
    statement: Any = select(Outlet, _people(), _applications()).where(col(Outlet.id) == outlet_id)
    row = (await session.execute(statement, execution_options={"populate_existing": True})).one_or_none()
    if row is None:
        raise NotFound("outlet")
    return OutletRow(*row)


# One outlet -------------------------------------------------------------------------------------------------------


async def lock_outlets(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, Outlet]:
    """Outlets, locked in the order of their ids. Raises NotFound when one is missing."""
    statement = select(Outlet).where(col(Outlet.id).in_(ids)).order_by(col(Outlet.id)).with_for_update()
    found = {one.id: one for one in await session.scalars(statement, execution_options={"populate_existing": True})}
    if set(ids) - found.keys():
        raise NotFound("outlet")
    return found


async def list_aliases(session: AsyncSession, outlet_id: UUID) -> list[OutletAlias]:
    """The other names of an outlet, in order."""
    statement = select(OutletAlias).where(col(OutletAlias.outlet_id) == outlet_id).order_by(col(OutletAlias.folded))
    return list(await session.scalars(statement))


async def find_alias(session: AsyncSession, folded: str) -> OutletAlias | None:
    return await session.scalar(select(OutletAlias).where(col(OutletAlias.folded) == folded))


async def get_alias(session: AsyncSession, alias_id: UUID) -> OutletAlias:
    found = await session.get(OutletAlias, alias_id, with_for_update=True)
    if found is None:
        raise NotFound("alias")
    return found


async def remove_alias(session: AsyncSession, alias_id: UUID) -> None:
    await session.execute(delete(OutletAlias).where(col(OutletAlias.id) == alias_id))


async def list_people(session: AsyncSession, outlet_id: UUID, *, limit: int) -> list[tuple[Journalist, bool]]:
    """The journalists of an outlet by name, each with whether they are its focal point."""
    statement = (
        select(Journalist, col(FocalPoint.id))
        .outerjoin(
            FocalPoint,
            (col(FocalPoint.journalist_id) == col(Journalist.id))
            & (col(FocalPoint.outlet_id) == outlet_id)
            & col(FocalPoint.ended_at).is_(None),
        )
        .where(col(Journalist.outlet_id) == outlet_id)
        .order_by(col(FocalPoint.id).is_(None), col(Journalist.folded), col(Journalist.id))
        .limit(limit)
    )
    return [(row[0], row[1] is not None) for row in await session.execute(statement)]


async def belongs(session: AsyncSession, *, outlet_id: UUID, journalist_id: UUID) -> bool:
    """Whether a journalist is of this outlet."""
    statement = select(func.count()).where(col(Journalist.id) == journalist_id, col(Journalist.outlet_id) == outlet_id)
    return bool(await session.scalar(statement))


async def find_focal_point(session: AsyncSession, *, outlet_id: UUID, journalist_id: UUID) -> FocalPoint | None:
    """The journalist as an outlet's focal point, locked, for as long as they are one."""
    statement = select(FocalPoint).where(
        col(FocalPoint.outlet_id) == outlet_id,
        col(FocalPoint.journalist_id) == journalist_id,
        col(FocalPoint.ended_at).is_(None),
    )
    return await session.scalar(statement.with_for_update())


async def list_merged(session: AsyncSession, outlet_id: UUID) -> list[Outlet]:
    """The outlets that were merged into this one."""
    statement = select(Outlet).where(col(Outlet.merged_into_id) == outlet_id).order_by(col(Outlet.folded))
    return list(await session.scalars(statement))


# Merging ----------------------------------------------------------------------------------------------------------


async def lock_people(session: AsyncSession, outlet_id: UUID) -> None:
    """Holds the journalists of an outlet, before the outlet itself: whoever changes a profile holds them in this
    order too."""
    statement = select(col(Journalist.id)).where(col(Journalist.outlet_id) == outlet_id).order_by(col(Journalist.id))
    await session.execute(statement.with_for_update())


@dataclass(frozen=True)
class Moved:
    """How much moves, or has moved, from one outlet to another."""

    people: int
    names: int
    focal_points: int


async def count_moving(session: AsyncSession, outlet_id: UUID) -> Moved:
    """How much of an outlet another one would get."""

    async def count(*conditions: ColumnElement[bool]) -> int:
        return int(await session.scalar(select(func.count()).where(*conditions)) or 0)

    return Moved(
        people=await count(col(Journalist.outlet_id) == outlet_id),
        names=await count(col(OutletAlias.outlet_id) == outlet_id) + 1,
        focal_points=await count(col(FocalPoint.outlet_id) == outlet_id, col(FocalPoint.ended_at).is_(None)),
    )


async def move_all(session: AsyncSession, *, merged: Outlet, heir_id: UUID, now: datetime) -> Moved:
    """People, names and focal points of one outlet go to another; its own name becomes one of the heir's."""
    moved = await count_moving(session, merged.id)
    await session.execute(update(Journalist).where(col(Journalist.outlet_id) == merged.id).values(outlet_id=heir_id))
    await session.execute(update(OutletAlias).where(col(OutletAlias.outlet_id) == merged.id).values(outlet_id=heir_id))
    await session.execute(
        update(FocalPoint)
        .where(col(FocalPoint.outlet_id) == merged.id, col(FocalPoint.ended_at).is_(None))
        .values(outlet_id=heir_id)
    )
    # What was merged into this one before leads to the heir at once.
    await session.execute(update(Outlet).where(col(Outlet.merged_into_id) == merged.id).values(merged_into_id=heir_id))
    session.add(OutletAlias(outlet_id=heir_id, name=merged.name, folded=merged.folded, created_at=now))
    await session.flush()
    return moved
