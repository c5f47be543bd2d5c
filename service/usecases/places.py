"""Units over time and venues."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.errors import Invalid
from service.domain.places import AdminUnit, Share, UnitLevel, UnitLink, Venue
from service.domain.register import load_register as read_register
from service.domain.succession import GraphLink, GraphUnit, Restated, SuccessionGraph
from service.domain.texts import fold
from service.store import places as store
from service.usecases import audit

_UNITS = UUID("b1e9da00-79c0-5000-8000-000000000079")
"""The namespace of unit ids (RFC 9562, version 5): a unit has the same id in every installation."""
COMMUNES_ALONE_SINCE = date(2025, 7, 1)
"""From this day the city has no districts (Resolution 1685/NQ-UBTVQH15)."""


def unit_id(key: str) -> UUID:
    """The id of a unit of the register by its key (`26740@2025-07-01`)."""
    return uuid5(_UNITS, key)


async def load_register(session: AsyncSession) -> int:
    """Writes the packaged register of units; what is there already is brought up to date. Returns their number."""
    register = read_register()
    units = [
        {
            "id": unit_id(fact.key),
            "code": fact.code,
            "level": fact.level,
            "kind": fact.kind,
            "name_vi": fact.name_vi,
            "name_en": fact.name_en,
            "folded": fold(f"{fact.name_vi} {fact.name_en}"),
            "province_code": fact.province_code,
            "parent_id": unit_id(fact.parent_key) if fact.parent_key else None,
            "valid_from": fact.valid_from,
            "valid_to": fact.valid_to,
            "legal_basis": fact.legal_basis,
            "population": fact.population,
            "population_year": fact.population_year,
            "area_km2": fact.area_km2,
            "lat": fact.lat,
            "lon": fact.lon,
        }
        for fact in register.units
    ]
    links = [
        {
            "predecessor_id": unit_id(fact.predecessor_key),
            "successor_id": unit_id(fact.successor_key),
            "share": fact.share,
            "legal_basis": fact.legal_basis,
        }
        for fact in register.links
    ]
    await store.write_all(session, AdminUnit, units, ("id",))
    await store.write_all(session, UnitLink, links, ("predecessor_id", "successor_id"))
    return len(units)


async def succession(session: AsyncSession) -> SuccessionGraph[UUID]:
    """The graph of all units, built anew (some 6 ms): nothing has to be told when the register changes."""
    units, links = await store.list_succession(session)
    return SuccessionGraph(
        (GraphUnit(*row) for row in units),
        (GraphLink(before, after, Share(share)) for before, after, share in links),
    )


async def list_relatives(session: AsyncSession, *, unit: UUID, following: bool) -> list[tuple[AdminUnit, Share]]:
    """The successors (or predecessors) of a unit with their shares, by code."""
    await store.get_unit(session, unit)
    graph = await succession(session)
    relatives = graph.successors(unit) if following else graph.predecessors(unit)
    shares = {one.id: one.share for one in relatives}
    return [(one, shares[one.id]) for one in await list_named(session, list(shares))]


async def restate(session: AsyncSession, *, unit: UUID, on: date, level: UnitLevel | None) -> Restated[UUID]:
    """The unit of another day that this unit's facts belong to, or the candidates.

    Without a level: the one at which the city reports on that day.
    """
    await store.get_unit(session, unit)
    return (await succession(session)).restate(unit, on, level or reporting_level(on))


def reporting_level(on: date) -> UnitLevel:
    """The level at which the city reports on that day: districts before July 2025, communes since."""
    return UnitLevel.COMMUNE if on >= COMMUNES_ALONE_SINCE else UnitLevel.DISTRICT


async def list_named(session: AsyncSession, unit_ids: list[UUID]) -> list[AdminUnit]:
    """The units with these ids, by code."""
    found = await store.list_units_by_id(session, unit_ids) if unit_ids else []
    return sorted(found, key=lambda one: (one.code, one.id))


async def find_unit_by_code(session: AsyncSession, *, code: str, on: date) -> AdminUnit:
    """The unit that had this code on that day. Raises Invalid when there was none."""
    found = await store.find_unit_by_code(session, code, on)
    if found is None:
        raise Invalid.at("/unit_code", "invalid", f"no unit had the code {code} on {on:%d/%m/%Y}")
    return found


async def add_venue(session: AsyncSession, *, actor: audit.Actor, facts: dict[str, Any], now: datetime) -> Venue:
    """A new venue. Raises NotFound for an unknown unit."""
    await store.get_unit(session, facts["unit_id"])
    venue = Venue(**facts, created_at=now)
    venue.folded = _folded(venue)
    session.add(venue)
    await session.flush()
    audit.record(session, actor=actor, action="added", noun="venue", object_id=venue.id, now=now)
    return venue


async def change_venue(
    session: AsyncSession, *, access: Access, venue_id: UUID, changes: dict[str, Any], now: datetime
) -> Venue:
    """Changes of a venue; occurrences that exist keep their own zones, gates and unit."""
    venue = await store.lock_venue(session, venue_id)
    if "unit_id" in changes:
        await store.get_unit(session, changes["unit_id"])
    if {"lat", "lon"} & changes.keys():
        place = [changes.get(name, getattr(venue, name)) for name in ("lat", "lon")]
        if place.count(None) == 1:
            raise Invalid.at("/lat", "invalid", "lat and lon are given together, or neither")
    fields = audit.apply(venue, changes)
    if fields:
        venue.folded = _folded(venue)
        await session.flush()
        actor = audit.staff(access)
        audit.record(session, actor=actor, action="changed", noun="venue", object_id=venue.id, now=now, fields=fields)
    return venue


def _folded(venue: Venue) -> str:
    return fold(f"{venue.name_vi} {venue.name_en} {venue.address}")
