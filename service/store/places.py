"""Administrative units and venues in the database."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import NotFound
from service.domain.places import AdminUnit, Share, UnitLevel, UnitLink, Venue, VenueKind
from service.domain.texts import like

_AT_ONCE = 300
_FINEST_FIRST = (UnitLevel.COMMUNE, UnitLevel.DISTRICT, UnitLevel.PROVINCE)


async def write_all(
    session: AsyncSession, table: type[SQLModel], rows: list[dict[str, Any]], key: tuple[str, ...]
) -> None:
    """Inserts rows, or changes those whose `key` is there already and that differ, some hundreds a statement."""
    columns = SQLModel.metadata.tables[str(table.__tablename__)].c
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table).values(rows[start : start + _AT_ONCE])
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        differs = or_(*(columns[name].is_distinct_from(value) for name, value in changed.items()))
        await session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed, where=differs))


async def get_unit(session: AsyncSession, unit_id: UUID) -> AdminUnit:
    found = await session.get(AdminUnit, unit_id)
    if found is None:
        raise NotFound("unit")
    return found


def _valid_on(on: date) -> Any:
    return and_(
        or_(col(AdminUnit.valid_from).is_(None), col(AdminUnit.valid_from) <= on),
        or_(col(AdminUnit.valid_to).is_(None), col(AdminUnit.valid_to) >= on),
    )


async def list_units(
    session: AsyncSession,
    *,
    on: date,
    level: UnitLevel | None,
    q: str,
    province: str | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[AdminUnit]:
    """Units valid on a day, by code; `q` is compared without accents."""
    statement = select(AdminUnit).where(_valid_on(on))
    if level is not None:
        statement = statement.where(col(AdminUnit.level) == level)
    if q:
        statement = statement.where(col(AdminUnit.folded).like(like(q)))
    if province is not None:
        statement = statement.where(col(AdminUnit.province_code) == province)
    if after is not None:
        statement = statement.where(tuple_(col(AdminUnit.code), col(AdminUnit.id)) > after)
    return list(await session.scalars(statement.order_by(col(AdminUnit.code), col(AdminUnit.id)).limit(limit)))


async def find_unit_by_code(session: AsyncSession, code: str, on: date) -> AdminUnit | None:
    """The unit that had this code on that day, the finest if several levels share it."""
    statement = select(AdminUnit).where(col(AdminUnit.code) == code, _valid_on(on))
    return min(await session.scalars(statement), key=lambda one: _FINEST_FIRST.index(one.level), default=None)


async def list_units_by_id(session: AsyncSession, unit_ids: Iterable[UUID]) -> list[AdminUnit]:
    return list(await session.scalars(select(AdminUnit).where(col(AdminUnit.id).in_(set(unit_ids)))))


async def list_succession(session: AsyncSession) -> tuple[list[Any], list[tuple[UUID, UUID, Share]]]:
    """Every unit (id, level, valid_from, valid_to, parent_id, province_code) and every link."""
    units = select(
        col(AdminUnit.id),
        col(AdminUnit.level),
        col(AdminUnit.valid_from),
        col(AdminUnit.valid_to),
        col(AdminUnit.parent_id),
        col(AdminUnit.province_code),
    ).order_by(col(AdminUnit.code), col(AdminUnit.valid_from).nulls_first())
    links = select(col(UnitLink.predecessor_id), col(UnitLink.successor_id), col(UnitLink.share))
    return list((await session.execute(units)).all()), [tuple(row) for row in (await session.execute(links)).all()]


async def get_venue(session: AsyncSession, venue_id: UUID) -> Venue:
    found = await session.get(Venue, venue_id)
    if found is None:
        raise NotFound("venue")
    return found


async def lock_venue(session: AsyncSession, venue_id: UUID) -> Venue:
    found = await session.get(Venue, venue_id, with_for_update=True)
    if found is None:
        raise NotFound("venue")
    return found


async def list_venues(
    session: AsyncSession, *, q: str, unit_id: UUID | None, kind: VenueKind | None, after: UUID | None, limit: int
) -> list[tuple[Venue, AdminUnit]]:
    """Venues with their units, in the order of their ids."""
    statement = select(Venue, AdminUnit).join(AdminUnit, col(AdminUnit.id) == col(Venue.unit_id))
    if q:
        statement = statement.where(col(Venue.folded).like(like(q)))
    if unit_id is not None:
        statement = statement.where(col(Venue.unit_id) == unit_id)
    if kind is not None:
        statement = statement.where(col(Venue.kind) == kind)
    if after is not None:
        statement = statement.where(col(Venue.id) > after)
    rows = await session.execute(statement.order_by(col(Venue.id)).limit(limit))
    return [(venue, unit) for venue, unit in rows]
