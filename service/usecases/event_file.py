"""The file of one event: what each reader may see of it, and the record that they looked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import ApplicationState, VerdictKind
from service.domain.events import Event, Occurrence, Zone
from service.store import attendance, events
from service.store import event_file as store
from service.store.attendance import CountRow, Wanted
from service.store.event_file import Rows
from service.store.events import EventFacts, Shown
from service.store.pass_file import WantedPasses
from service.usecases.overview import Turn
from service.usecases.pass_file import LOOKS, PassRows, page_of_passes

_MOST_STEPS = 20
_OF_ONE_APPLICATION = (
    *(f"verdict_{kind.value}" for kind in VerdictKind),
    *("started", "written", "answered", "file_added", "file_removed", "reopened"),
)
"""Steps that stand in the history of their application, for its office alone: who said what of whom is no news of
the event."""


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
    passes: PassRows | None
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
        passes=await page_of_passes(
            session,
            access=access,
            event_id=event_id,
            wanted=WantedPasses(now, q=q),
            turn=turn,
            limit=limit,
            now=now,
        )
        if may(Permission.PASSES_READ)
        else None,
        door=await _door(session, event_id) if may(Permission.DOOR_READ) else None,
        history=await store.list_history(
            session, event_id, quiet=LOOKS + _OF_ONE_APPLICATION, apart=("evidence",), limit=_MOST_STEPS
        )
        if may(Permission.EVENTS_READ)
        else None,
    )


async def _door(session: AsyncSession, event_id: UUID) -> Door:
    return Door(await store.list_gates(session, event_id), await store.list_devices(session, event_id))


async def look_inside(
    session: AsyncSession, *, event_id: UUID
) -> tuple[list[Shown], list[tuple[Zone, Occurrence, int]]]:
    """Where the event is, and the people inside each of its zones. Raises NotFound."""
    await events.get(session, Event, event_id, "event")
    return await events.list_occurrences(session, event_id=event_id), await attendance.list_occupancy(session, event_id)
