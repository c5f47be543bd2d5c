"""Administrative units over time, and venues."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, model_validator

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.events import EntryPolicy
from service.domain.localtime import local_day
from service.domain.places import CITY, Share, UnitLevel, Venue, VenueKind
from service.store import places as store
from service.usecases import audit, places
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Count, In, Line, Name, Out, Page, PagingDep, ZoneCode, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["places"], route_class=Transaction)
Search = Annotated[str, Query(max_length=100, description="With accents or without, in any case")]


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

    unit: UnitOut | None
    candidates: list[UnitOut]


class LayoutGate(In):
    name: Name
    policy: EntryPolicy = EntryPolicy.REENTRY


class LayoutZone(In):
    """A zone of a venue's layout; new occurrences start with a copy."""

    code: ZoneCode
    name_vi: Name
    name_en: Name
    capacity: Count | None = None
    gates: Annotated[list[LayoutGate], Field(max_length=50)] = []


class VenueFacts(In):
    """Everything but the unit; a field left out of a change stays as it is."""

    kind: VenueKind = VenueKind.OTHER
    address: Line = ""
    lat: Annotated[float | None, Field(ge=-90, le=90)] = None
    lon: Annotated[float | None, Field(ge=-180, le=180)] = None
    capacity: Count | None = None
    hours: Line = ""
    layout: Annotated[list[LayoutZone], Field(max_length=50)] = []
    source: Line = ""

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        codes = [zone.code for zone in self.layout]
        if len(codes) != len(set(codes)):
            raise ValueError("each zone's code stands once in a layout")
        return self


class VenueBody(VenueFacts):
    """A new venue: its unit by `unit_id`, or by `unit_code` (and the day `on`, today when left out)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name_vi": "Hội trường Thống Nhất",
                "name_en": "Reunification Hall",
                "kind": "hall",
                "address": "135 Nam Kỳ Khởi Nghĩa",
                "unit_code": "26743",
                "capacity": 800,
                "layout": [
                    {
                        "code": "A",
                        "name_vi": "Sảnh chính",
                        "name_en": "Main hall",
                        "capacity": 500,
                        "gates": [{"name": "Cổng chính", "policy": "reentry"}],
                    }
                ],
            }
        }
    )

    name_vi: Name
    name_en: Name
    unit_id: UUID | None = None
    unit_code: Annotated[str | None, Field(pattern=r"^\d{2,5}$")] = None
    on: date | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.unit_id is None) == (self.unit_code is None):
            raise ValueError("name the unit by unit_id or by unit_code")
        return self


class VenueChange(VenueFacts):
    """What is to change."""

    model_config = ConfigDict(json_schema_extra={"example": {"capacity": 650}})

    name_vi: Name = ""
    name_en: Name = ""
    unit_id: UUID | None = None


class VenueOut(Out):
    id: UUID
    name_vi: str
    name_en: str
    kind: VenueKind
    address: str
    unit_id: UUID
    lat: float | None
    lon: float | None
    capacity: int | None
    hours: str
    layout: list[dict[str, Any]]
    source: str
    created_at: datetime


@router.get("/units", summary="Administrative units of a day", **allow(Permission.PLACES_READ))
async def list_units(
    session: SessionDep,
    now: Now,
    paging: PagingDep,
    on: Annotated[date | None, Query(description="The day; today when left out")] = None,
    level: UnitLevel | None = None,
    q: Search = "",
    province: Annotated[str, Query(pattern=r"^(\d{2}|all)$", description="Code, or `all`")] = CITY,
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


def _relatives(found: list[tuple[Any, Share]]) -> list[RelativeOut]:
    return [RelativeOut(unit=UnitOut.model_validate(unit), share=share) for unit, share in found]


@router.get("/units/{unit_id}/restated", summary="The unit of another day", **allow(Permission.PLACES_READ, 404))
async def restated(unit_id: UUID, session: SessionDep, on: date, level: UnitLevel | None = None) -> RestatedOut:
    """Under which unit of the day `on` this unit's figures stand; null where the register leaves a doubt."""
    found = await places.restate(session, unit=unit_id, on=on, level=level)
    units = {unit.id: UnitOut.model_validate(unit) for unit in await places.list_named(session, [*found.candidates])}
    return RestatedOut(
        unit=units[found.unit_id] if found.unit_id else None, candidates=[units[one] for one in found.candidates]
    )


@router.get("/venues", summary="Venues", **allow(Permission.PLACES_READ))
async def list_venues(
    session: SessionDep,
    paging: PagingDep,
    q: Search = "",
    unit_id: UUID | None = None,
    kind: VenueKind | None = None,
) -> Page[VenueOut]:
    """Venues in the order in which they were added."""
    rows = await store.list_venues(
        session, q=q, unit_id=unit_id, kind=kind, after=paging.uuid(), limit=paging.limit + 1
    )
    return page_of(rows, paging.limit, VenueOut)


@router.get("/venues/{venue_id}", summary="A venue", **allow(Permission.PLACES_READ, 404))
async def get_venue(venue_id: UUID, session: SessionDep) -> VenueOut:
    """One venue with its layout."""
    return VenueOut.model_validate(await store.get_venue(session, venue_id))


@router.post("/venues", summary="Add a venue", status_code=201, **allow(Permission.PLACES_WRITE, 404))
async def add_venue(body: VenueBody, session: SessionDep, access: CurrentAccess, now: Now) -> VenueOut:
    """A new venue; its unit is the finest one known, of whatever time."""
    unit_id = body.unit_id
    if unit_id is None:
        unit = await places.find_unit_by_code(session, code=body.unit_code or "", on=body.on or local_day(now))
        unit_id = unit.id
    facts = body.model_dump(mode="json", exclude={"unit_id", "unit_code", "on"})
    venue = await places.add_venue(
        session, actor=audit.staff(access), facts={**facts, "kind": body.kind, "unit_id": unit_id}, now=now
    )
    return _shown(venue)


@router.patch("/venues/{venue_id}", summary="Change a venue", **allow(Permission.PLACES_WRITE, 404))
async def change_venue(
    venue_id: UUID, body: VenueChange, session: SessionDep, access: CurrentAccess, now: Now
) -> VenueOut:
    """Only the fields that are sent change; occurrences that exist keep their zones and gates."""
    changes = body.model_dump(exclude_unset=True)
    if "layout" in changes:
        changes["layout"] = body.model_dump(mode="json", include={"layout"})["layout"]
    if changes.get("unit_id", 0) is None:
        raise Invalid.at("/unit_id", "invalid", "a venue lies in some unit")
    return _shown(await places.change_venue(session, access=access, venue_id=venue_id, changes=changes, now=now))


def _shown(venue: Venue) -> VenueOut:
    return VenueOut.model_validate(venue)
