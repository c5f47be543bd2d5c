"""Occurrences (tour stops, sittings) with their zones and gates, and the calendar of all."""

from datetime import date, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.events import EntryPolicy, Event, EventKind, EventState, Occurrence
from service.store import events as store
from service.store.events import Shown
from service.usecases import events
from service.usecases.events import Stop
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Count, In, Line, Name, Out, ZoneCode
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)
LONGEST_CALENDAR = timedelta(days=400)


class OccurrenceBody(In):
    """A tour stop or a sitting; the unit is the venue's at that time unless named."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "venue_id": "0198c0de-0000-7000-8000-000000000002",
                "opens_on": "2026-11-20",
                "closes_on": "2026-11-27",
                "daily_from": "08:00",
                "daily_to": "17:00",
                "label_vi": "Điểm 1",
                "label_en": "Stop 1",
            }
        }
    )

    venue_id: UUID
    opens_on: date
    closes_on: date
    unit_id: UUID | None = None
    label_vi: Line = ""
    label_en: Line = ""
    daily_from: time | None = None
    daily_to: time | None = None
    capacity: Count | None = None
    copy_layout: bool = True


class OccurrenceChange(In):
    model_config = ConfigDict(json_schema_extra={"example": {"closes_on": "2026-11-30"}})

    opens_on: date = date.min
    closes_on: date = date.max
    label_vi: Line = ""
    label_en: Line = ""
    daily_from: time | None = None
    daily_to: time | None = None
    capacity: Count | None = None


class PlaceOut(Out):
    """A unit or a venue in short; `code` of a unit, empty for a venue."""

    id: UUID
    code: str
    name_vi: str
    name_en: str


class OccurrenceOut(Out):
    id: UUID
    event_id: UUID
    venue: PlaceOut
    unit: PlaceOut
    label_vi: str
    label_en: str
    opens_on: date
    closes_on: date
    daily_from: time | None
    daily_to: time | None
    capacity: int | None


class ZoneBody(In):
    """A zone; `capacity` null: nobody counts who is inside. `max_list_age_minutes`: how old a phone's lists may be."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"code": "B", "name_vi": "Trung tâm báo chí", "name_en": "Press centre", "capacity": 200}
        }
    )

    code: ZoneCode
    name_vi: Name
    name_en: Name
    capacity: Count | None = None
    max_list_age_minutes: Annotated[int, Field(ge=1, le=10_080)] = 240


class ZoneChange(In):
    model_config = ConfigDict(json_schema_extra={"example": {"capacity": 180}})

    name_vi: Name = ""
    name_en: Name = ""
    capacity: Count | None = None
    max_list_age_minutes: Annotated[int, Field(ge=1, le=10_080)] = 240


class ZoneOut(Out):
    id: UUID
    occurrence_id: UUID
    code: str
    name_vi: str
    name_en: str
    capacity: int | None
    max_list_age_minutes: int


class GateBody(In):
    """A gate; local hours, both or none; they may pass midnight."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"name": "Cổng 1", "policy": "reentry", "opens_time": "06:30", "closes_time": "18:00"}
        }
    )

    name: Name
    policy: EntryPolicy = EntryPolicy.REENTRY
    opens_time: time | None = None
    closes_time: time | None = None


class GateChange(In):
    model_config = ConfigDict(json_schema_extra={"example": {"policy": "once_per_day"}})

    name: Name = ""
    policy: EntryPolicy = EntryPolicy.REENTRY
    opens_time: time | None = None
    closes_time: time | None = None


class GateOut(Out):
    id: UUID
    occurrence_id: UUID
    zone_id: UUID
    name: str
    policy: EntryPolicy
    opens_time: time | None
    closes_time: time | None


class CalendarEntry(Out):
    """An occurrence in the calendar; `conflicts` are others at the same venue on a day of its own."""

    occurrence: OccurrenceOut
    title_vi: str
    title_en: str
    kind: EventKind
    state: EventState
    conflicts: list[UUID]


def show(one: Shown) -> OccurrenceOut:
    """An occurrence with its places."""
    return OccurrenceOut(
        id=one.occurrence.id,
        event_id=one.occurrence.event_id,
        venue=PlaceOut(id=one.venue.id, code="", name_vi=one.venue.name_vi, name_en=one.venue.name_en),
        unit=PlaceOut(id=one.unit.id, code=one.unit.code, name_vi=one.unit.name_vi, name_en=one.unit.name_en),
        label_vi=one.occurrence.label_vi,
        label_en=one.occurrence.label_en,
        opens_on=one.occurrence.opens_on,
        closes_on=one.occurrence.closes_on,
        daily_from=one.occurrence.daily_from,
        daily_to=one.occurrence.daily_to,
        capacity=one.occurrence.capacity,
    )


async def _one(session: SessionDep, occurrence_id: UUID) -> OccurrenceOut:
    (shown,) = await store.list_occurrences(session, occurrence_ids=[occurrence_id])
    return show(shown)


@router.get("/events/{event_id}/occurrences", summary="Stops or sittings", **allow(Permission.EVENTS_READ, 404))
async def list_occurrences(event_id: UUID, session: SessionDep) -> list[OccurrenceOut]:
    """An event's occurrences by their first day."""
    await store.get(session, Event, event_id, "event")
    return [show(one) for one in await store.list_occurrences(session, event_id=event_id)]


@router.post(
    "/events/{event_id}/occurrences",
    summary="Add a stop or a sitting",
    status_code=201,
    **allow(Permission.EVENTS_WRITE, 404),
)
async def add_occurrence(
    event_id: UUID, body: OccurrenceBody, session: SessionDep, access: CurrentAccess, now: Now
) -> OccurrenceOut:
    """It keeps the administrative unit that is valid on its dates, and gets a copy of the venue's zones and gates."""
    made = await events.add_occurrence(
        session,
        access=access,
        event_id=event_id,
        stop=Stop(body.venue_id, body.opens_on, body.closes_on, body.unit_id),
        facts=body.model_dump(exclude={"venue_id", "opens_on", "closes_on", "unit_id", "copy_layout"}),
        copy_layout=body.copy_layout,
        now=now,
    )
    return await _one(session, made.id)


@router.patch("/occurrences/{occurrence_id}", summary="Change an occurrence", **allow(Permission.EVENTS_WRITE, 404))
async def change_occurrence(
    occurrence_id: UUID, body: OccurrenceChange, session: SessionDep, access: CurrentAccess, now: Now
) -> OccurrenceOut:
    """New dates must lie in the validity of its unit; venue and unit stay."""
    changes = body.model_dump(exclude_unset=True)
    await events.change_occurrence(session, access=access, occurrence_id=occurrence_id, changes=changes, now=now)
    return await _one(session, occurrence_id)


@router.delete(
    "/occurrences/{occurrence_id}",
    summary="Remove an occurrence",
    status_code=204,
    **allow(Permission.EVENTS_WRITE, 404, 409),
)
async def remove_occurrence(occurrence_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Only while no device is enrolled at its gates and nothing was counted there."""
    await events.remove_occurrence(session, access=access, occurrence_id=occurrence_id, now=now)


@router.get("/occurrences/{occurrence_id}/zones", summary="Zones", **allow(Permission.EVENTS_READ, 404))
async def list_zones(occurrence_id: UUID, session: SessionDep) -> list[ZoneOut]:
    """The zones of an occurrence by code."""
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
    """A zone that passes can grant."""
    made = await events.add_zone(session, access=access, occurrence_id=occurrence_id, facts=body.model_dump(), now=now)
    return ZoneOut.model_validate(made)


@router.patch("/zones/{zone_id}", summary="Change a zone", **allow(Permission.EVENTS_WRITE, 404))
async def change_zone(zone_id: UUID, body: ZoneChange, session: SessionDep, access: CurrentAccess, now: Now) -> ZoneOut:
    """Its code stays: passes name it."""
    changes = body.model_dump(exclude_unset=True)
    return ZoneOut.model_validate(
        await events.change_zone(session, access=access, zone_id=zone_id, changes=changes, now=now)
    )


@router.get("/occurrences/{occurrence_id}/gates", summary="Gates", **allow(Permission.EVENTS_READ, 404))
async def list_gates(occurrence_id: UUID, session: SessionDep) -> list[GateOut]:
    """The gates of an occurrence by name."""
    await store.get(session, Occurrence, occurrence_id, "occurrence")
    return [GateOut.model_validate(gate) for gate in await store.list_gates(session, occurrence_id)]


@router.post(
    "/zones/{zone_id}/gates", summary="Add a gate", status_code=201, **allow(Permission.EVENTS_WRITE, 404, 409)
)
async def add_gate(zone_id: UUID, body: GateBody, session: SessionDep, access: CurrentAccess, now: Now) -> GateOut:
    """A gate into a zone."""
    _require_both(body.opens_time, body.closes_time)
    made = await events.add_gate(session, access=access, zone_id=zone_id, facts=body.model_dump(), now=now)
    return GateOut.model_validate(made)


@router.patch("/gates/{gate_id}", summary="Change a gate", **allow(Permission.EVENTS_WRITE, 404, 409))
async def change_gate(gate_id: UUID, body: GateChange, session: SessionDep, access: CurrentAccess, now: Now) -> GateOut:
    """A new policy or new hours hold from the next scan on."""
    _require_both(body.opens_time, body.closes_time)
    changes = body.model_dump(exclude_unset=True)
    return GateOut.model_validate(
        await events.change_gate(session, access=access, gate_id=gate_id, changes=changes, now=now)
    )


def _require_both(opens: time | None, closes: time | None) -> None:
    if (opens is None) != (closes is None):
        raise Invalid.at("/closes_time", "invalid", "name both hours, or neither")


@router.get("/calendar", summary="What is on, everywhere", **allow(Permission.EVENTS_READ))
async def calendar(
    session: SessionDep,
    first: Annotated[date, Query(alias="from")],
    last: Annotated[date, Query(alias="to")],
    unit_id: UUID | None = None,
    kind: EventKind | None = None,
) -> list[CalendarEntry]:
    """Occurrences of all units in a period of at most 400 days, with conflicts of venues."""
    if not first <= last <= first + LONGEST_CALENDAR:
        raise Invalid.at("/query/to", "dates_reversed", "0 to 400 days after `from`")
    shown = await store.list_occurrences(session, first=first, last=last, kind=kind)
    conflicts = events.conflicts_of(shown)
    return [
        CalendarEntry(
            occurrence=show(one),
            title_vi=one.event.title_vi,
            title_en=one.event.title_en,
            kind=one.event.kind,
            state=one.event.state,
            conflicts=conflicts.get(one.occurrence.id, []),
        )
        for one in shown
        if unit_id is None or one.unit.id == unit_id
    ]
