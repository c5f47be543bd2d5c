"""Zones and gates of an occurrence."""

from datetime import time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.events import EntryPolicy, Occurrence, Zone
from service.store import events as store
from service.usecases import events
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Count, DayTime, In, Name, Out, ZoneCode, left_out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)
ListAge = Annotated[int, Field(ge=1, le=10_080)]
"""How old, in minutes, a phone's lists may be at the door of a zone."""


class ZoneBody(In):
    """A zone; `capacity` null: nobody is refused because it is full. `max_list_age_minutes`: how old a phone's lists
    may be."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"code": "B", "name_vi": "Trung tâm báo chí", "name_en": "Press centre", "capacity": 200}
        }
    )

    code: ZoneCode
    name_vi: Name
    name_en: Name
    capacity: Count | None = None
    max_list_age_minutes: ListAge = 240


class ZoneChange(In):
    """What is to change; fields left out stay. The code stays for good: passes name it."""

    model_config = ConfigDict(json_schema_extra={"example": {"capacity": 180}})

    name_vi: Name = left_out()
    name_en: Name = left_out()
    capacity: Count | None = left_out()
    max_list_age_minutes: ListAge = left_out()


class ZoneOut(Out):
    id: UUID
    occurrence_id: UUID
    code: str
    name_vi: str
    name_en: str
    capacity: int | None
    max_list_age_minutes: int


class GateBody(In):
    """A gate; local hours, both or none (always open); they may pass midnight."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Cổng 1", "policy": "reentry", "opens_time": "06:30", "closes_time": "18:00"}
        }
    )

    name: Name
    policy: EntryPolicy = EntryPolicy.REENTRY
    opens_time: DayTime | None = None
    closes_time: DayTime | None = None


class GateChange(In):
    """What is to change; fields left out stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"policy": "once_per_day"}})

    name: Name = left_out()
    policy: EntryPolicy = left_out()
    opens_time: DayTime | None = left_out()
    closes_time: DayTime | None = left_out()


class GateOut(Out):
    id: UUID
    occurrence_id: UUID
    zone_id: UUID
    name: str
    policy: EntryPolicy
    opens_time: time | None
    closes_time: time | None


@router.get("/occurrences/{occurrence_id}/zones", summary="Zones", **allow(Permission.EVENTS_READ, 404))
async def list_zones(occurrence_id: UUID, session: SessionDep) -> list[ZoneOut]:
    """All zones of an occurrence by code."""
    await store.get(session, Occurrence, occurrence_id, "occurrence")
    return [ZoneOut.model_validate(zone) for zone in await store.list_zones(session, occurrence_id)]


@router.post(
    "/occurrences/{occurrence_id}/zones",
    summary="Add a zone",
    status_code=201,
    **allow(Permission.EVENTS_WRITE, 404, 409),
)
async def add_zone(
    occurrence_id: UUID, body: ZoneBody, session: SessionDep, access: CurrentAccess, now: Now
) -> ZoneOut:
    """A zone that passes can grant by its code."""
    made = await events.add_zone(session, access=access, occurrence_id=occurrence_id, facts=body.model_dump(), now=now)
    return ZoneOut.model_validate(made)


@router.patch("/zones/{zone_id}", summary="Change a zone", **allow(Permission.EVENTS_WRITE, 404, 409))
async def change_zone(zone_id: UUID, body: ZoneChange, session: SessionDep, access: CurrentAccess, now: Now) -> ZoneOut:
    """Only the fields that are sent change; a new capacity holds from the next scan on."""
    changes = body.model_dump(exclude_unset=True)
    made = await events.change_zone(session, access=access, zone_id=zone_id, changes=changes, now=now)
    return ZoneOut.model_validate(made)


@router.get("/occurrences/{occurrence_id}/gates", summary="Gates", **allow(Permission.EVENTS_READ, 404))
async def list_gates(occurrence_id: UUID, session: SessionDep) -> list[GateOut]:
    """All gates of an occurrence by name."""
    await store.get(session, Occurrence, occurrence_id, "occurrence")
    return [GateOut.model_validate(gate) for gate in await store.list_gates(session, occurrence_id)]


@router.get("/zones/{zone_id}/gates", summary="Gates of a zone", **allow(Permission.EVENTS_READ, 404))
async def list_zone_gates(zone_id: UUID, session: SessionDep) -> list[GateOut]:
    """The gates into one zone by name."""
    zone = await store.get(session, Zone, zone_id, "zone")
    gates = await store.list_gates(session, zone.occurrence_id)
    return [GateOut.model_validate(gate) for gate in gates if gate.zone_id == zone_id]


@router.post(
    "/zones/{zone_id}/gates", summary="Add a gate", status_code=201, **allow(Permission.EVENTS_WRITE, 404, 409)
)
async def add_gate(zone_id: UUID, body: GateBody, session: SessionDep, access: CurrentAccess, now: Now) -> GateOut:
    """A gate into a zone."""
    made = await events.add_gate(session, access=access, zone_id=zone_id, facts=body.model_dump(), now=now)
    return GateOut.model_validate(made)


@router.patch("/gates/{gate_id}", summary="Change a gate", **allow(Permission.EVENTS_WRITE, 404, 409))
async def change_gate(gate_id: UUID, body: GateChange, session: SessionDep, access: CurrentAccess, now: Now) -> GateOut:
    """A new policy or new hours hold from the next scan on."""
    changes = body.model_dump(exclude_unset=True)
    made = await events.change_gate(session, access=access, gate_id=gate_id, changes=changes, now=now)
    return GateOut.model_validate(made)
