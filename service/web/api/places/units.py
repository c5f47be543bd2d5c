"""Administrative units over time."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.localtime import local_day
from service.domain.places import CITY, AdminUnit, Share, UnitLevel
from service.store import places as store
from service.usecases import places
from service.web.api.shapes import UnitShortOut
from service.web.deps import Now, SessionDep, allow
from service.web.schemas import Day, Out, Page, PagingDep, Search, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["places"], route_class=Transaction)


class UnitOut(Out):
    """A unit during its period of validity; both ends belong to it, null is an open end."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "5e0a2b1c-0000-5000-8000-000000000001",
                "code": "26740",
                "level": "commune",
                "kind": "phuong",
                "name_vi": "Phường Sài Gòn",
                "name_en": "Sai Gon Ward",
                "province_code": "79",
                "parent_id": None,
                "valid_from": "2025-07-01",
                "valid_to": None,
                "legal_basis": "1685/NQ-UBTVQH15",
                "population": None,
                "population_year": None,
                "area_km2": 3.04,
                "lat": 10.77,
                "lon": 106.7,
            }
        },
    )

    id: UUID
    code: str
    level: UnitLevel
    kind: str
    name_vi: str
    name_en: str
    province_code: str
    parent_id: UUID | None
    valid_from: date | None
    valid_to: date | None
    legal_basis: str | None
    population: int | None
    population_year: int | None
    area_km2: float | None
    lat: float | None
    lon: float | None


class RelativeOut(Out):
    """A successor or predecessor; `share` says whether the earlier unit passed to it wholly or in part."""

    unit: UnitOut
    share: Share


class RestatedOut(Out):
    """The unit of that day that the facts belong to, or null with the candidates among which nothing is guessed."""

    on: date
    level: UnitLevel
    unit: UnitShortOut | None
    candidates: list[UnitShortOut]


@router.get("/units", summary="Administrative units of a day", **allow(Permission.PLACES_READ))
async def list_units(
    session: SessionDep,
    now: Now,
    paging: PagingDep,
    on: Annotated[Day | None, Query(description="The day; today when left out")] = None,
    level: UnitLevel | None = None,
    q: Search = "",
    province: Annotated[str, Query(pattern=r"^([0-9]{2}|all)$", description="Its code, or `all`")] = CITY,
) -> Page[UnitOut]:
    """The units that were valid on a day, by code: 24 districts to the end of 2020, 22 from 2021, 168 wards,
    communes and the special zone from 01/07/2025."""
    rows = await store.list_units(
        session,
        on=on or local_day(now),
        level=level,
        q=q,
        province=None if province == "all" else province,
        after=_after(paging.after),
        limit=paging.limit + 1,
    )
    return page_of(rows, paging.limit, UnitOut, cursor=lambda unit: (unit.code, str(unit.id)))


def _after(after: list[Any] | None) -> tuple[str, UUID] | None:
    if after is None:
        return None
    try:
        return after[0], UUID(after[1])
    except (ValueError, IndexError) as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


@router.get("/units/{unit_id}", summary="A unit", **allow(Permission.PLACES_READ, 404))
async def get_unit(unit_id: UUID, session: SessionDep) -> UnitOut:
    """One unit in its period."""
    return UnitOut.model_validate(await store.get_unit(session, unit_id))


@router.get("/units/{unit_id}/successors", summary="What came after", **allow(Permission.PLACES_READ, 404))
async def successors(unit_id: UUID, session: SessionDep) -> list[RelativeOut]:
    """The units that took over from this one, in full or in part."""
    return _relatives(await places.list_relatives(session, unit=unit_id, following=True))


@router.get("/units/{unit_id}/predecessors", summary="What was before", **allow(Permission.PLACES_READ, 404))
async def predecessors(unit_id: UUID, session: SessionDep) -> list[RelativeOut]:
    """The units that this one took over from."""
    return _relatives(await places.list_relatives(session, unit=unit_id, following=False))


def _relatives(found: list[tuple[AdminUnit, Share]]) -> list[RelativeOut]:
    return [RelativeOut(unit=UnitOut.model_validate(unit), share=share) for unit, share in found]


@router.get("/units/{unit_id}/restated", summary="The unit of another day", **allow(Permission.PLACES_READ, 404))
async def restated(unit_id: UUID, session: SessionDep, on: Day, level: UnitLevel | None = None) -> RestatedOut:
    """Under which unit of the day `on` this unit's figures stand; null where the register leaves a doubt.

    Without `level`: districts before 01/07/2025, communes since.
    """
    level = level or places.reporting_level(on)
    found = await places.restate(session, unit=unit_id, on=on, level=level)
    candidates = [UnitShortOut.model_validate(one) for one in await places.list_named(session, [*found.candidates])]
    return RestatedOut(
        on=on,
        level=level,
        unit=next((one for one in candidates if one.id == found.unit_id), None),
        candidates=candidates,
    )
