"""Venues and their layouts."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from service.domain.accounts import Permission
from service.domain.events import EntryPolicy
from service.domain.localtime import local_day
from service.domain.places import AdminUnit, Venue, VenueKind
from service.store import places as store
from service.usecases import audit, places
from service.web.api.shapes import UnitShortOut
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import (
    Count,
    Day,
    In,
    Line,
    Name,
    Out,
    Page,
    PagingDep,
    Search,
    ZoneCode,
    left_out,
    write_cursor,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["places"], route_class=Transaction)


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

    @field_validator("gates")
    @classmethod
    def _names_once(cls, gates: list[LayoutGate]) -> list[LayoutGate]:
        if len({gate.name for gate in gates}) < len(gates):
            raise ValueError("each gate's name stands once in a zone")
        return gates


def _codes_once(layout: list[LayoutZone]) -> list[LayoutZone]:
    if len({zone.code for zone in layout}) < len(layout):
        raise ValueError("each zone's code stands once in a layout")
    return layout


Layout = Annotated[list[LayoutZone], Field(max_length=50), AfterValidator(_codes_once)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
UnitCode = Annotated[str, Field(pattern=r"^[0-9]{2,5}$")]


class VenueBody(In):
    """A new venue: its unit by `unit_id`, or by `unit_code` and the day `on` (today when left out)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name_vi": "Hội trường Thống Nhất",
                "name_en": "Reunification Hall",
                "kind": "hall",
                "address": "135 Nam Kỳ Khởi Nghĩa, phường Bến Thành",
                "unit_code": "26743",
                "on": "2026-11-23",
                "lat": 10.7772,
                "lon": 106.6953,
                "capacity": 800,
                "hours": "08:00-17:00",
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
    kind: VenueKind
    address: Line = ""
    unit_id: UUID | None = None
    unit_code: UnitCode | None = None
    on: Day | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    capacity: Count | None = None
    hours: Line = ""
    layout: Layout = []
    source: Line = ""

    @model_validator(mode="after")
    def _one_unit_and_one_place(self) -> Self:
        if (self.unit_id is None) == (self.unit_code is None):
            raise ValueError("name the unit by unit_id or by unit_code")
        if (self.lat is None) != (self.lon is None):
            raise ValueError("lat and lon are given together, or neither")
        return self


class VenueChange(In):
    """What is to change; fields left out stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"capacity": 650}})

    name_vi: Name = left_out()
    name_en: Name = left_out()
    kind: VenueKind = left_out()
    address: Line = left_out()
    unit_id: UUID = left_out()
    unit_code: UnitCode = left_out()
    on: Day = left_out()
    lat: Latitude | None = left_out()
    lon: Longitude | None = left_out()
    capacity: Count | None = left_out()
    hours: Line = left_out()
    layout: Layout = left_out()
    source: Line = left_out()

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if {"unit_id", "unit_code"} <= self.model_fields_set:
            raise ValueError("name the unit by unit_id or by unit_code")
        return self


class LayoutGateOut(Out):
    name: str
    policy: EntryPolicy


class LayoutZoneOut(Out):
    code: str
    name_vi: str
    name_en: str
    capacity: int | None
    gates: list[LayoutGateOut]


class VenueOut(Out):
    """A venue; its unit is the finest one known, of whatever time."""

    id: UUID
    name_vi: str
    name_en: str
    kind: VenueKind
    address: str
    unit: UnitShortOut
    lat: float | None
    lon: float | None
    capacity: int | None
    hours: str
    layout: list[LayoutZoneOut]
    source: str
    created_at: datetime


@router.get("/venues", summary="Venues", **allow(Permission.PLACES_READ))
async def list_venues(
    session: SessionDep,
    paging: PagingDep,
    q: Search = "",
    unit_id: UUID | None = None,
    kind: VenueKind | None = None,
) -> Page[VenueOut]:
    """Venues in the order in which they were added; `q` looks into names and addresses."""
    rows = await store.list_venues(
        session, q=q, unit_id=unit_id, kind=kind, after=paging.uuid(), limit=paging.limit + 1
    )
    kept = rows[: paging.limit]
    return Page[VenueOut](
        items=[_show(venue, unit) for venue, unit in kept],
        next=write_cursor(str(kept[-1][0].id)) if len(rows) > len(kept) else None,
    )


@router.get("/venues/{venue_id}", summary="A venue", **allow(Permission.PLACES_READ, 404))
async def get_venue(venue_id: UUID, session: SessionDep) -> VenueOut:
    """One venue with its layout."""
    return await _shown(session, await store.get_venue(session, venue_id))


@router.post("/venues", summary="Add a venue", status_code=201, **allow(Permission.PLACES_WRITE, 404))
async def add_venue(body: VenueBody, session: SessionDep, access: CurrentAccess, now: Now) -> VenueOut:
    """A new venue; its unit is the finest one known, of whatever time."""
    facts = await _facts(body, session, now)
    return await _shown(session, await places.add_venue(session, actor=audit.staff(access), facts=facts, now=now))


@router.patch("/venues/{venue_id}", summary="Change a venue", **allow(Permission.PLACES_WRITE, 404))
async def change_venue(
    venue_id: UUID, body: VenueChange, session: SessionDep, access: CurrentAccess, now: Now
) -> VenueOut:
    """Only the fields that are sent change; occurrences that exist keep their zones, gates and unit."""
    changes = await _facts(body, session, now)
    made = await places.change_venue(session, access=access, venue_id=venue_id, changes=changes, now=now)
    return await _shown(session, made)


async def _facts(body: VenueBody | VenueChange, session: SessionDep, now: datetime) -> dict[str, Any]:
    """What was sent, as the table has it: the layout as JSON, the unit by its id."""
    facts = body.model_dump(exclude={"unit_code", "on", "layout"}, exclude_unset=isinstance(body, VenueChange))
    if isinstance(body, VenueBody) or "layout" in body.model_fields_set:
        facts["layout"] = [zone.model_dump(mode="json") for zone in body.layout]
    if body.unit_code is not None:
        unit = await places.find_unit_by_code(session, code=body.unit_code, on=body.on or local_day(now))
        facts["unit_id"] = unit.id
    return facts


async def _shown(session: SessionDep, venue: Venue) -> VenueOut:
    return _show(venue, await store.get_unit(session, venue.unit_id))


def _show(venue: Venue, unit: AdminUnit) -> VenueOut:
    return VenueOut.model_validate({**venue.model_dump(), "unit": unit})
