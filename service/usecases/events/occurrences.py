"""Tour stops and sittings: where and when, in which unit, with which zones and gates."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.errors import Conflict, FieldError, Invalid
from service.domain.events import Event, EventKind, EventState, Gate, Occurrence, Zone
from service.domain.places import AdminUnit, Venue
from service.domain.succession import is_valid_on
from service.store import events as store
from service.store import places as place_store
from service.store.events import Clash, Shown
from service.usecases import audit, places
from service.usecases.events.planning import lock_plan, require_order


@dataclass(frozen=True)
class Stop:
    """Where and when an event is shown; `unit_id` None: the venue's unit of that time is looked for."""

    venue_id: UUID
    opens_on: date
    closes_on: date
    unit_id: UUID | None = None


async def add_occurrence(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    stop: Stop,
    facts: dict[str, Any],
    copy_layout: bool,
    now: datetime,
) -> Occurrence:
    """A tour stop or a sitting, with a copy of the venue's zones and gates unless told otherwise.

    It keeps the administrative unit that is valid on all of its dates. Raises Invalid `dates_reversed`, or
    `outside_validity` when the unit isn't valid on all of them or can't be told.
    """
    event = await lock_plan(session, access=access, event_id=event_id)
    require_order(stop.opens_on, stop.closes_on, "/closes_on")
    _require_hours(facts.get("daily_from"), facts.get("daily_to"))
    venue = await place_store.get_venue(session, stop.venue_id)
    unit = await _unit_of(session, stop, venue)
    _require_validity(unit, stop.opens_on, stop.closes_on)
    occurrence = Occurrence(
        event_id=event.id,
        venue_id=venue.id,
        unit_id=unit.id,
        opens_on=stop.opens_on,
        closes_on=stop.closes_on,
        created_at=now,
        **facts,
    )
    session.add(occurrence)
    await session.flush()
    if copy_layout:
        await _copy_layout(session, venue, occurrence)
    audit.record_for(
        session, access, "added", "occurrence", occurrence.id, event, now, venue=str(venue.id), unit=unit.code
    )
    return occurrence


async def _unit_of(session: AsyncSession, stop: Stop, venue: Venue) -> AdminUnit:
    """The unit that was named, else the one of that day at the level at which the city then reports."""
    if stop.unit_id is not None:
        return await place_store.get_unit(session, stop.unit_id)
    restated = await places.restate(session, unit=venue.unit_id, on=stop.opens_on, level=None)
    if restated.unit_id is not None:
        return await place_store.get_unit(session, restated.unit_id)
    own = await place_store.get_unit(session, venue.unit_id)
    candidates = await places.list_named(session, list(restated.candidates))
    raise Invalid(
        "outside_validity",
        f"{own.name_vi}, {stop.opens_on:%d/%m/%Y}: {', '.join(one.name_vi for one in candidates) or '-'}",
        errors=tuple(FieldError("/unit_id", "candidate", f"{one.id} {one.code} {one.name_vi}") for one in candidates)
        or (FieldError("/unit_id", "outside_validity", own.name_vi),),
    )


def _require_validity(unit: AdminUnit, opens_on: date, closes_on: date) -> None:
    for pointer, on in (("/opens_on", opens_on), ("/closes_on", closes_on)):
        if not is_valid_on(unit, on):
            since = f"{unit.valid_from:%d/%m/%Y}" if unit.valid_from else ""
            until = f"{unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""
            raise Invalid.at(pointer, "outside_validity", f"{unit.name_vi}: {since} – {until}")


def _require_hours(daily_from: time | None, daily_to: time | None) -> None:
    if daily_from is not None and daily_to is not None and daily_to <= daily_from:
        raise Invalid.at("/daily_to", "dates_reversed", f"{daily_to:%H:%M} ≤ {daily_from:%H:%M}")


async def _copy_layout(session: AsyncSession, venue: Venue, occurrence: Occurrence) -> None:
    """The venue's zones and gates as they are today: the copy changes on its own afterwards."""
    gates = []
    for drawn in venue.layout:
        names = {name: drawn[name] for name in ("code", "name_vi", "name_en")}
        zone = Zone(occurrence_id=occurrence.id, capacity=drawn.get("capacity"), **names)
        session.add(zone)
        gates += [
            Gate(occurrence_id=occurrence.id, zone_id=zone.id, name=gate["name"], policy=gate.get("policy", "reentry"))
            for gate in drawn.get("gates", [])
        ]
    # Zones first: no Relationship() tells the session that gates stand on them.
    await session.flush()
    session.add_all(gates)
    await session.flush()


async def change_occurrence(
    session: AsyncSession, *, access: Access, occurrence_id: UUID, changes: dict[str, Any], now: datetime
) -> Occurrence:
    """Changes of dates, hours, labels or capacity; new dates must still lie in the unit's validity."""
    event, occurrence = await _plan_of(session, access, occurrence_id)
    fields = audit.apply(occurrence, changes)
    require_order(occurrence.opens_on, occurrence.closes_on, "/closes_on")
    _require_hours(occurrence.daily_from, occurrence.daily_to)
    unit = await place_store.get_unit(session, occurrence.unit_id)
    _require_validity(unit, occurrence.opens_on, occurrence.closes_on)
    if fields:
        await session.flush()
        audit.record_for(session, access, "changed", "occurrence", occurrence.id, event, now, fields=fields)
    return occurrence


async def remove_occurrence(session: AsyncSession, *, access: Access, occurrence_id: UUID, now: datetime) -> None:
    """Removes an occurrence with its zones and gates; Conflict `still_in_use` once devices or counts hang on it."""
    event, occurrence = await _plan_of(session, access, occurrence_id)
    if await store.is_used(session, occurrence.id):
        raise Conflict("still_in_use")
    await store.delete_occurrence(session, occurrence.id)
    audit.record_for(session, access, "removed", "occurrence", occurrence_id, event, now)


async def add_zone(
    session: AsyncSession, *, access: Access, occurrence_id: UUID, facts: dict[str, Any], now: datetime
) -> Zone:
    """A zone of an occurrence; its code is what passes grant."""
    event, occurrence = await _plan_of(session, access, occurrence_id)
    zone = Zone(occurrence_id=occurrence.id, **facts)
    session.add(zone)
    await session.flush()
    audit.record_for(session, access, "added", "zone", zone.id, event, now, code=zone.code)
    return zone


async def change_zone(
    session: AsyncSession, *, access: Access, zone_id: UUID, changes: dict[str, Any], now: datetime
) -> Zone:
    """Changes of a zone's names, capacity or list age; its code stays."""
    zone = await store.get(session, Zone, zone_id, "zone")
    event, _ = await _plan_of(session, access, zone.occurrence_id)
    if fields := audit.apply(zone, changes):
        await session.flush()
        audit.record_for(session, access, "changed", "zone", zone.id, event, now, fields=fields)
    return zone


async def add_gate(
    session: AsyncSession, *, access: Access, zone_id: UUID, facts: dict[str, Any], now: datetime
) -> Gate:
    """A gate into a zone."""
    zone = await store.get(session, Zone, zone_id, "zone")
    event, occurrence = await _plan_of(session, access, zone.occurrence_id)
    gate = Gate(zone_id=zone.id, occurrence_id=occurrence.id, **facts)
    _require_gate_hours(gate)
    session.add(gate)
    await session.flush()
    audit.record_for(session, access, "added", "gate", gate.id, event, now, policy=gate.policy)
    return gate


async def change_gate(
    session: AsyncSession, *, access: Access, gate_id: UUID, changes: dict[str, Any], now: datetime
) -> Gate:
    """Changes of a gate's name, policy or hours; they hold from the next scan on."""
    gate = await store.get(session, Gate, gate_id, "gate")
    event, _ = await _plan_of(session, access, gate.occurrence_id)
    fields = audit.apply(gate, changes)
    _require_gate_hours(gate)
    if fields:
        await session.flush()
        audit.record_for(session, access, "changed", "gate", gate.id, event, now, fields=fields)
    return gate


def _require_gate_hours(gate: Gate) -> None:
    """Both hours or none; they may pass midnight."""
    if (gate.opens_time is None) != (gate.closes_time is None):
        raise Invalid.at("/closes_time", "invalid", "name both hours, or neither")


@dataclass(frozen=True)
class Named:
    """What an occurrence is called: its event and its venue."""

    id: UUID
    name_vi: str
    name_en: str


async def list_named(session: AsyncSession, occurrence_ids: list[UUID]) -> list[Named]:
    """The names of occurrences, for tables of counts."""
    shown = await store.list_occurrences(session, occurrence_ids=occurrence_ids) if occurrence_ids else []
    return [
        Named(
            one.occurrence.id,
            f"{one.event.title_vi} · {one.venue.name_vi}",
            f"{one.event.title_en or one.event.title_vi} · {one.venue.name_en or one.venue.name_vi}",
        )
        for one in shown
    ]


@dataclass(frozen=True)
class Dated:
    """An occurrence in the calendar, with what else has its venue at the same time."""

    shown: Shown
    clashes: list[Clash]


async def list_calendar(
    session: AsyncSession, *, first: date, last: date, unit_id: UUID | None, kind: EventKind | None
) -> list[Dated]:
    """What happens from `first` to `last`, plans too; what was called off is left away."""
    shown = await store.list_occurrences(
        session, first=first, last=last, unit_id=unit_id, kind=kind, states=set(EventState) - {EventState.CANCELLED}
    )
    clashes: dict[UUID, list[Clash]] = defaultdict(list)
    for clash in await store.list_clashes(session, [one.occurrence.id for one in shown]):
        clashes[clash.occurrence_id].append(clash)
    return [Dated(one, clashes[one.occurrence.id]) for one in shown]


async def _plan_of(session: AsyncSession, access: Access, occurrence_id: UUID) -> tuple[Event, Occurrence]:
    """The occurrence, and its event locked for a change of the plan."""
    occurrence = await store.get(session, Occurrence, occurrence_id, "occurrence")
    return await lock_plan(session, access=access, event_id=occurrence.event_id), occurrence
