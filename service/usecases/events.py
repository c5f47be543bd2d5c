"""Planning: programmes, events, and their occurrences with zones and gates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.errors import Conflict, FieldError, Invalid
from service.domain.events import EVENT_MOVES, Event, EventState, Gate, Occurrence, Programme, Zone
from service.domain.places import UnitLevel, Venue
from service.domain.succession import is_valid_on
from service.domain.texts import fold
from service.store import accounts as account_store
from service.store import events as store
from service.store import places as place_store
from service.usecases import audit, places

Thing = TypeVar("Thing", bound=Any)


async def require_event(
    session: AsyncSession, *, access: Access, event_id: UUID, permission: Permission | None
) -> Event:
    """The event; Forbidden unless `permission` (None: nothing more) holds in its organisation."""
    event = await store.get(session, Event, event_id, "event")
    if permission is not None:
        access.require(permission, event.organisation_id)
    return event


async def add_programme(session: AsyncSession, *, access: Access, facts: dict[str, Any], now: datetime) -> Programme:
    """A new programme of an organisation in which the caller may plan."""
    access.require(Permission.EVENTS_WRITE, facts["organisation_id"])
    await account_store.get_organisation(session, facts["organisation_id"])
    _require_order(facts["starts_on"], facts["ends_on"], "/ends_on")
    programme = Programme(**facts, created_at=now)
    return await _keep(session, programme, access, "added", "programme", None, now)


async def change_programme(
    session: AsyncSession, *, access: Access, programme_id: UUID, changes: dict[str, Any], now: datetime
) -> Programme:
    """Changes of a programme's names and dates."""
    programme = await store.get(session, Programme, programme_id, "programme")
    access.require(Permission.EVENTS_WRITE, programme.organisation_id)
    _apply(programme, changes)
    _require_order(programme.starts_on, programme.ends_on, "/ends_on")
    return await _keep(session, programme, access, "changed", "programme", None, now, fields=sorted(changes))


async def add_event(session: AsyncSession, *, access: Access, facts: dict[str, Any], now: datetime) -> Event:
    """A new event, in draft."""
    access.require(Permission.EVENTS_WRITE, facts["organisation_id"])
    await account_store.get_organisation(session, facts["organisation_id"])
    if facts.get("programme_id"):
        await store.get(session, Programme, facts["programme_id"], "programme")
    event = Event(**facts, folded=_folded(facts["title_vi"], facts["title_en"]), created_at=now)
    session.add(event)
    await session.flush()
    return await _keep(session, event, access, "added", "event", event.id, now)


async def change_event(
    session: AsyncSession, *, access: Access, event_id: UUID, changes: dict[str, Any], now: datetime
) -> Event:
    """Changes of an event's facts; its state is moved by `move_event`."""
    event = await require_event(session, access=access, event_id=event_id, permission=Permission.EVENTS_WRITE)
    if changes.get("programme_id"):
        await store.get(session, Programme, changes["programme_id"], "programme")
    _apply(event, changes)
    event.folded = _folded(event.title_vi, event.title_en)
    return await _keep(session, event, access, "changed", "event", event.id, now, fields=sorted(changes))


async def move_event(
    session: AsyncSession, *, access: Access, event_id: UUID, state: EventState, now: datetime
) -> Event:
    """Opens, closes, reopens or cancels an event. Raises Conflict `illegal_move`."""
    event = await store.lock_event(session, event_id)
    access.require(Permission.EVENTS_WRITE, event.organisation_id)
    if state not in EVENT_MOVES[event.state]:
        raise Conflict("illegal_move", f"{event.state.value} → {state.value}")
    event.state = state
    return await _keep(session, event, access, state.value, "event", event.id, now)


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

    It keeps the administrative unit that is valid on its dates. Raises Invalid `dates_reversed`, or
    `outside_validity` when the unit isn't valid on all of them or can't be told.
    """
    event = await require_event(session, access=access, event_id=event_id, permission=Permission.EVENTS_WRITE)
    venue = await place_store.get_venue(session, stop.venue_id)
    unit_id = await _unit_of(session, stop, venue)
    occurrence = Occurrence(
        event_id=event.id,
        venue_id=venue.id,
        unit_id=unit_id,
        opens_on=stop.opens_on,
        closes_on=stop.closes_on,
        created_at=now,
        **facts,
    )
    session.add(occurrence)
    await session.flush()
    if copy_layout:
        await _copy_layout(session, venue, occurrence)
    return await _keep(session, occurrence, access, "added", "occurrence", event.id, now)


async def _unit_of(session: AsyncSession, stop: Stop, venue: Venue) -> UUID:
    _require_order(stop.opens_on, stop.closes_on, "/closes_on")
    unit_id = stop.unit_id
    if unit_id is None:
        unit_id = await _unit_at(session, venue.unit_id, stop.opens_on)
    unit = await place_store.get_unit(session, unit_id)
    if not (is_valid_on(unit, stop.opens_on) and is_valid_on(unit, stop.closes_on)):
        until = f" – {unit.valid_to:%d/%m/%Y}" if unit.valid_to else ""
        since = f"{unit.valid_from:%d/%m/%Y}" if unit.valid_from else ""
        raise Invalid(
            "outside_validity",
            f"{unit.name_vi}: {since}{until}",
            errors=(FieldError("/opens_on", "outside_validity", unit.name_vi),),
        )
    return unit_id


async def _unit_at(session: AsyncSession, unit_id: UUID, on: date) -> UUID:
    """The unit of that day at the level of its reports, from the finest unit that the venue knows."""
    restated = await places.restate(session, unit=unit_id, on=on, level=None)
    if restated.unit_id is None:
        unit = await place_store.get_unit(session, unit_id)
        # A venue whose ward isn't known can't be placed among several; one still valid is placed as it is.
        if is_valid_on(unit, on) and unit.level is not UnitLevel.PROVINCE:
            return unit.id
        named = await places.list_named(session, list(restated.candidates))
        candidates = ", ".join(f"{one.code} {one.name_vi}" for one in sorted(named, key=lambda one: one.code))
        raise Invalid.at("/unit_id", "outside_validity", f"name the unit yourself: {candidates or 'none on that day'}")
    return restated.unit_id


async def _copy_layout(session: AsyncSession, venue: Venue, occurrence: Occurrence) -> None:
    for drawn in venue.layout:
        zone = Zone(
            occurrence_id=occurrence.id,
            code=drawn["code"],
            name_vi=drawn["name_vi"],
            name_en=drawn["name_en"],
            capacity=drawn.get("capacity"),
        )
        session.add(zone)
        await session.flush()
        for gate in drawn.get("gates", []):
            session.add(
                Gate(
                    occurrence_id=occurrence.id,
                    zone_id=zone.id,
                    name=gate["name"],
                    policy=gate.get("policy", "reentry"),
                )
            )
    await session.flush()


async def change_occurrence(
    session: AsyncSession, *, access: Access, occurrence_id: UUID, changes: dict[str, Any], now: datetime
) -> Occurrence:
    """Changes of dates, hours, labels or capacity; new dates must still lie in the unit's validity."""
    occurrence = await store.get(session, Occurrence, occurrence_id, "occurrence")
    event = await require_event(
        session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE
    )
    _apply(occurrence, changes)
    venue = await place_store.get_venue(session, occurrence.venue_id)
    stop = Stop(occurrence.venue_id, occurrence.opens_on, occurrence.closes_on, occurrence.unit_id)
    await _unit_of(session, stop, venue)
    return await _keep(session, occurrence, access, "changed", "occurrence", event.id, now, fields=sorted(changes))


async def remove_occurrence(session: AsyncSession, *, access: Access, occurrence_id: UUID, now: datetime) -> None:
    """Removes an occurrence that nothing hangs on yet; the database refuses (409) one with devices or counts."""
    occurrence = await store.get(session, Occurrence, occurrence_id, "occurrence")
    await require_event(session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE)
    for gate in await store.list_gates(session, occurrence_id):
        await session.delete(gate)
    await session.flush()
    for zone in await store.list_zones(session, occurrence_id):
        await session.delete(zone)
    await session.flush()
    await session.delete(occurrence)
    await session.flush()
    audit.record(
        session,
        actor=audit.staff(access),
        action="removed",
        noun="occurrence",
        object_id=occurrence_id,
        event_id=occurrence.event_id,
        now=now,
    )


async def add_zone(
    session: AsyncSession, *, access: Access, occurrence_id: UUID, facts: dict[str, Any], now: datetime
) -> Zone:
    """A zone of an occurrence; its code is what passes grant."""
    occurrence = await store.get(session, Occurrence, occurrence_id, "occurrence")
    await require_event(session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE)
    zone = Zone(occurrence_id=occurrence.id, **facts)
    return await _keep(session, zone, access, "added", "zone", occurrence.event_id, now)


async def change_zone(
    session: AsyncSession, *, access: Access, zone_id: UUID, changes: dict[str, Any], now: datetime
) -> Zone:
    """Changes of a zone's names, capacity or list age; its code stays."""
    zone = await store.get(session, Zone, zone_id, "zone")
    occurrence = await store.get(session, Occurrence, zone.occurrence_id, "occurrence")
    await require_event(session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE)
    _apply(zone, changes)
    return await _keep(session, zone, access, "changed", "zone", occurrence.event_id, now, fields=sorted(changes))


async def add_gate(
    session: AsyncSession, *, access: Access, zone_id: UUID, facts: dict[str, Any], now: datetime
) -> Gate:
    """A gate into a zone."""
    zone = await store.get(session, Zone, zone_id, "zone")
    occurrence = await store.get(session, Occurrence, zone.occurrence_id, "occurrence")
    await require_event(session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE)
    gate = Gate(zone_id=zone.id, occurrence_id=occurrence.id, **facts)
    return await _keep(session, gate, access, "added", "gate", occurrence.event_id, now)


async def change_gate(
    session: AsyncSession, *, access: Access, gate_id: UUID, changes: dict[str, Any], now: datetime
) -> Gate:
    """Changes of a gate's name, policy or hours."""
    gate = await store.get(session, Gate, gate_id, "gate")
    occurrence = await store.get(session, Occurrence, gate.occurrence_id, "occurrence")
    await require_event(session, access=access, event_id=occurrence.event_id, permission=Permission.EVENTS_WRITE)
    _apply(gate, changes)
    return await _keep(session, gate, access, "changed", "gate", occurrence.event_id, now, fields=sorted(changes))


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


def conflicts_of(shown: list[store.Shown]) -> dict[UUID, list[UUID]]:
    """Per occurrence the others that have the same venue on a day of its own."""
    conflicts: dict[UUID, list[UUID]] = {}
    by_venue: dict[UUID, list[Occurrence]] = {}
    for one in shown:
        mine = one.occurrence
        for other in by_venue.setdefault(mine.venue_id, []):
            if other.opens_on <= mine.closes_on and mine.opens_on <= other.closes_on:
                conflicts.setdefault(mine.id, []).append(other.id)
                conflicts.setdefault(other.id, []).append(mine.id)
        by_venue[mine.venue_id].append(mine)
    return conflicts


def _require_order(first: date, last: date, pointer: str) -> None:
    if last < first:
        raise Invalid.at(pointer, "dates_reversed", f"{last:%d/%m/%Y} < {first:%d/%m/%Y}")


def _apply(thing: Any, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(thing, name, value)


def _folded(title_vi: str, title_en: str) -> str:
    return fold(f"{title_vi} {title_en}")


async def _keep(
    session: AsyncSession,
    thing: Thing,
    access: Access,
    action: str,
    noun: str,
    event_id: UUID | None,
    now: datetime,
    **details: Any,
) -> Thing:
    session.add(thing)
    await session.flush()
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun=noun,
        object_id=thing.id,
        event_id=event_id,
        now=now,
        **details,
    )
    return thing
