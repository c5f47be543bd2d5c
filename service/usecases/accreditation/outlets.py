"""Keeping the register of outlets: their facts and names, their focal points, and merging what is one and the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import FocalPoint, Journalist, Outlet, OutletAlias, OutletKind
from service.domain.errors import Conflict, FieldError, Invalid, NotFound
from service.domain.texts import fold
from service.store import accreditation as application_store
from service.store import outlets as store
from service.store.outlets import Moved, OutletRow
from service.usecases import audit
from service.usecases.overview import Leaf, Turn, leaf_of

_MOST_PEOPLE = 500
_SET_UP = Permission.ACCREDITATION_SET_UP
_LETTERS = 2


@dataclass(frozen=True)
class OutletList:
    """A page of the register, how many were found, and how many there are."""

    leaf: Leaf[OutletRow]
    found: int
    total: int


async def open_list(session: AsyncSession, *, access: Access, q: str, turn: Turn[str], limit: int) -> OutletList:
    """Outlets by name; `q` finds all their names, accents and case aside. Merged ones stand under their heirs."""
    access.require(_SET_UP)
    rows = await store.list_outlets(session, q=q, edge=turn.edge, upwards=turn.upwards, limit=limit + 1)
    found, total = await store.count_outlets(session, q)
    return OutletList(leaf_of(rows, turn, limit), found, total)


@dataclass(frozen=True)
class OutletFile:
    """All about one outlet; `people` each with whether they are its focal point. `heir`: what it was merged into."""

    outlet: Outlet
    row: OutletRow
    aliases: list[OutletAlias]
    people: list[tuple[Journalist, bool]]
    merged: list[Outlet]
    heir: Outlet | None


async def open_outlet(session: AsyncSession, *, access: Access, outlet_id: UUID, now: datetime) -> OutletFile:
    """One outlet with its people; that they were seen is kept."""
    access.require(_SET_UP)
    row = await store.count_of(session, outlet_id)
    people = await store.list_people(session, outlet_id, limit=_MOST_PEOPLE)
    if people:
        audit.record(
            session,
            actor=audit.staff(access),
            action="viewed",
            noun="outlet",
            object_id=outlet_id,
            now=now,
            people=len(people),
        )
    heir_id = row.outlet.merged_into_id
    return OutletFile(
        outlet=row.outlet,
        row=row,
        aliases=await store.list_aliases(session, outlet_id),
        people=people,
        merged=await store.list_merged(session, outlet_id),
        heir=await application_store.get_outlet(session, heir_id) if heir_id else None,
    )


@dataclass(frozen=True)
class OutletChange:
    """The facts of an outlet as they are to be. `languages`: codes of ISO 639-1."""

    name: str
    kind: OutletKind
    country: str
    languages: tuple[str, ...] = ()
    host_broadcaster: bool = False


async def change(
    session: AsyncSession, *, access: Access, outlet_id: UUID, wish: OutletChange, now: datetime
) -> Outlet:
    """Changes an outlet's facts; a name that it gives up stays one of its other names.

    Raises Invalid for facts that can't be, Conflict `already_exists` for a name that another outlet goes by,
    `illegal_move` for one that was merged.
    """
    access.require(_SET_UP)
    outlet = await _lock(session, outlet_id)
    _require_sound(wish)
    folded = fold(wish.name)
    if folded != outlet.folded:
        await _take_name(session, outlet, folded, now)
    changes = {
        "name": wish.name,
        "folded": folded,
        "kind": wish.kind,
        "country": wish.country.upper(),
        "languages": sorted(set(wish.languages)),
        "host_broadcaster": wish.host_broadcaster,
    }
    fields = audit.apply(outlet, changes)
    await session.flush()
    if fields:
        _record(session, access, "changed", outlet.id, now, fields=fields)
    return outlet


def _require_sound(wish: OutletChange) -> None:
    errors = []
    if not _is_name(fold(wish.name)):
        errors.append(FieldError("/name", "invalid", "a name needs letters or digits"))
    if not (len(wish.country) == _LETTERS and wish.country.isascii() and wish.country.isalpha()):
        errors.append(FieldError("/country", "invalid", "two letters of ISO 3166-1"))
    if any(not (len(one) == _LETTERS and one.isascii() and one.islower()) for one in wish.languages):
        errors.append(FieldError("/languages", "invalid", "two letters of ISO 639-1 each"))
    if errors:
        raise Invalid("invalid", errors[0].detail, errors=tuple(errors))


def _is_name(folded: str) -> bool:
    return any(letter.isalnum() for letter in folded)


async def _take_name(session: AsyncSession, outlet: Outlet, folded: str, now: datetime) -> None:
    """The outlet goes by another name from now on; it may be one of its other names."""
    await _require_free(session, outlet, folded)
    known = await store.find_alias(session, folded)
    if known is not None:
        await store.remove_alias(session, known.id)
    session.add(OutletAlias(outlet_id=outlet.id, name=outlet.name, folded=outlet.folded, created_at=now))
    await session.flush()


async def _require_free(session: AsyncSession, outlet: Outlet, folded: str) -> None:
    found = await store.find_id(session, folded)
    if found is not None and found != outlet.id:
        raise Conflict("already_exists", (await application_store.get_outlet(session, found)).name)


async def add_alias(session: AsyncSession, *, access: Access, outlet_id: UUID, name: str, now: datetime) -> OutletAlias:
    """Another name of an outlet: a former one, an abbreviation. Raises Conflict `already_exists` for a known one."""
    access.require(_SET_UP)
    outlet = await _lock(session, outlet_id)
    folded = fold(name)
    if not _is_name(folded):
        raise Invalid.at("/alias", "invalid", "a name needs letters or digits")
    found = await store.find_id(session, folded)
    if found is not None:
        raise Conflict("already_exists", (await application_store.get_outlet(session, found)).name)
    alias = OutletAlias(outlet_id=outlet.id, name=name, folded=folded, created_at=now)
    session.add(alias)
    await session.flush()
    _record(session, access, "named", outlet.id, now, alias=str(alias.id))
    return alias


async def remove_alias(
    session: AsyncSession, *, access: Access, outlet_id: UUID, alias_id: UUID, now: datetime
) -> None:
    """An outlet no longer goes by this name. Raises NotFound for a name of another one."""
    access.require(_SET_UP)
    outlet = await _lock(session, outlet_id)
    alias = await store.get_alias(session, alias_id)
    if alias.outlet_id != outlet.id:
        raise NotFound("alias")
    await store.remove_alias(session, alias.id)
    _record(session, access, "unnamed", outlet.id, now, alias=str(alias.id))


async def name_focal_point(
    session: AsyncSession, *, access: Access, outlet_id: UUID, journalist_id: UUID, now: datetime
) -> None:
    """A journalist of the outlet applies for its people from now on; named twice, it is once.

    Raises NotFound for somebody of another outlet.
    """
    access.require(_SET_UP)
    outlet = await _lock(session, outlet_id)
    if not await store.belongs(session, outlet_id=outlet.id, journalist_id=journalist_id):
        raise NotFound("journalist")
    if await store.find_focal_point(session, outlet_id=outlet.id, journalist_id=journalist_id):
        return
    session.add(FocalPoint(outlet_id=outlet.id, journalist_id=journalist_id, named_by_id=access.staff_id, named_at=now))
    await session.flush()
    _record(session, access, "focal_point_named", outlet.id, now, journalist=str(journalist_id))


async def end_focal_point(
    session: AsyncSession, *, access: Access, outlet_id: UUID, journalist_id: UUID, now: datetime
) -> None:
    """A journalist no longer applies for the outlet's people; what they applied for stays. Raises NotFound."""
    access.require(_SET_UP)
    outlet = await _lock(session, outlet_id)
    found = await store.find_focal_point(session, outlet_id=outlet.id, journalist_id=journalist_id)
    if found is None:
        raise NotFound("focal point")
    found.ended_at = now
    await session.flush()
    _record(session, access, "focal_point_ended", outlet.id, now, journalist=str(journalist_id))


async def _lock(session: AsyncSession, outlet_id: UUID) -> Outlet:
    """An outlet that stands by itself, locked. Raises Conflict `illegal_move` for one that was merged."""
    outlet = (await store.lock_outlets(session, [outlet_id]))[outlet_id]
    if outlet.merged_into_id is not None:
        raise Conflict("illegal_move", "merged")
    return outlet


@dataclass(frozen=True)
class MergePlan:
    """What would move if one outlet were merged into another."""

    merged: Outlet
    heir: Outlet
    moving: Moved


async def plan_merge(session: AsyncSession, *, access: Access, outlet_id: UUID, into_id: UUID) -> MergePlan:
    """What merging would move; nothing is changed. Raises as `merge` does."""
    access.require(_SET_UP)
    merged, heir = await _pair(session, outlet_id, into_id)
    return MergePlan(merged, heir, await store.count_moving(session, merged.id))


async def merge(session: AsyncSession, *, access: Access, outlet_id: UUID, into_id: UUID, now: datetime) -> Moved:
    """One outlet becomes part of another: its people, names and focal points move, and count there from now on.

    It stays to be read, with what was written under its name. Raises Conflict `illegal_move` for an outlet with
    itself, and when one of the two was merged before.
    """
    access.require(_SET_UP)
    await store.lock_people(session, outlet_id)
    merged, heir = await _pair(session, outlet_id, into_id)
    moved = await store.move_all(session, merged=merged, heir_id=heir.id, now=now)
    merged.merged_into_id = heir.id
    await session.flush()
    details = {"people": moved.people, "names": moved.names, "focal_points": moved.focal_points}
    _record(session, access, "merged", merged.id, now, into=str(heir.id), **details)
    _record(session, access, "inherited", heir.id, now, of=str(merged.id), **details)
    return moved


async def _pair(session: AsyncSession, outlet_id: UUID, into_id: UUID) -> tuple[Outlet, Outlet]:
    if outlet_id == into_id:
        raise Conflict("illegal_move", "into itself")
    found = await store.lock_outlets(session, {outlet_id, into_id})
    if any(one.merged_into_id is not None for one in found.values()):
        raise Conflict("illegal_move", "merged")
    return found[outlet_id], found[into_id]


def _record(session: AsyncSession, access: Access, action: str, outlet_id: UUID, now: datetime, **details: Any) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="outlet",
        object_id=outlet_id,
        now=now,
        **details,
    )
