"""The file of one event, and of one pass: what each reader may see of it, and the record that they looked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import ApplicationState
from service.domain.events import Event, Occurrence, Zone
from service.domain.passes import EntryPass
from service.store import attendance, events
from service.store import event_file as store
from service.store import passes as pass_store
from service.store.attendance import CountRow, Wanted
from service.store.event_file import Rows
from service.store.events import EventFacts, Shown
from service.usecases import audit
from service.usecases.overview import Leaf, Turn, leaf_of

VIEWED = "viewed"
_QUIET = (VIEWED,)
_MOST_STEPS = 20


@dataclass(frozen=True)
class Passes:
    """A page of the passes found, and how many the event has."""

    leaf: Leaf[EntryPass]
    total: int


@dataclass(frozen=True)
class Door:
    """Gates and devices."""

    gates: Rows
    devices: Rows


@dataclass(frozen=True)
class EventFile:
    """An event as one reader may see it: None is what is not theirs to see."""

    facts: EventFacts
    places: list[Shown]
    counts: list[CountRow]
    holders: dict[tuple[UUID, date], int]
    inside: list[tuple[Zone, Occurrence, int]]
    applications: dict[ApplicationState, int] | None
    passes: Passes | None
    door: Door | None
    history: Rows | None


async def open_event(
    session: AsyncSession, *, access: Access, event_id: UUID, q: str, turn: Turn[str], limit: int, now: datetime
) -> EventFile:
    """The event's file. Facts and counts are for all staff; people, passes, door and history for those whose
    permission holds in its organisation. Showing names of holders is recorded."""
    facts = await events.get_event_facts(session, event_id)
    event = facts.event

    def may(permission: Permission) -> bool:
        return access.allows(permission, event.organisation_id)

    return EventFile(
        facts=facts,
        places=await events.list_occurrences(session, event_id=event_id),
        counts=await attendance.list_counts(session, Wanted(event_id=event_id)),
        holders=await store.sum_holders(session, event_id),
        inside=await attendance.list_occupancy(session, event_id),
        applications=await store.count_applications(session, event_id) if may(Permission.ACCREDITATION_READ) else None,
        passes=await _passes(session, access, event_id, q, turn, limit, now) if may(Permission.PASSES_READ) else None,
        door=await _door(session, event_id) if may(Permission.DOOR_READ) else None,
        history=await store.list_history(session, event_id, quiet=_QUIET, limit=_MOST_STEPS)
        if may(Permission.EVENTS_READ)
        else None,
    )


async def _passes(
    session: AsyncSession, access: Access, event_id: UUID, q: str, turn: Turn[str], limit: int, now: datetime
) -> Passes:
    rows = await store.list_passes(session, event_id, q=q, edge=turn.edge, upwards=turn.upwards, limit=limit + 1)
    found = Passes(leaf_of(rows, turn, limit), await store.count_passes(session, event_id))
    if found.leaf.rows:
        audit.record(
            session,
            actor=audit.staff(access),
            action=VIEWED,
            noun="pass_list",
            object_id=event_id,
            event_id=event_id,
            now=now,
            rows=len(found.leaf.rows),
        )
    return found


async def _door(session: AsyncSession, event_id: UUID) -> Door:
    return Door(await store.list_gates(session, event_id), await store.list_devices(session, event_id))


async def look_inside(
    session: AsyncSession, *, event_id: UUID
) -> tuple[list[Shown], list[tuple[Zone, Occurrence, int]]]:
    """Where the event is, and the people inside each of its zones. Raises NotFound."""
    await events.get(session, Event, event_id, "event")
    return await events.list_occurrences(session, event_id=event_id), await attendance.list_occupancy(session, event_id)


@dataclass(frozen=True)
class PassFile:
    """A pass with its event, its latest scans and the record of its changes; whether the reader may revoke it."""

    entry_pass: EntryPass
    event: Event
    scans: Rows
    changes: Rows
    revocable: bool


async def open_pass(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> PassFile:
    """The file of one pass, for those who may read passes in its event's organisation; looking is recorded."""
    entry_pass, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    audit.record(
        session,
        actor=audit.staff(access),
        action=VIEWED,
        noun="pass",
        object_id=pass_id,
        event_id=event.id,
        now=now,
    )
    return PassFile(
        entry_pass=entry_pass,
        event=event,
        scans=await store.list_pass_scans(session, pass_id, limit=_MOST_STEPS),
        changes=await store.list_pass_changes(session, pass_id, quiet=_QUIET, limit=_MOST_STEPS),
        revocable=access.allows(Permission.PASSES_REVOKE, event.organisation_id),
    )


async def read_code(session: AsyncSession, *, access: Access, pass_id: UUID) -> str:
    """The signed code that the pass's QR holds, for those who may read passes in its event's organisation."""
    entry_pass, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    return entry_pass.code
