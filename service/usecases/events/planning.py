"""Programmes and events: adding, changing, opening, closing, cancelling."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.errors import Conflict, Invalid
from service.domain.events import EVENT_MOVES, Event, EventState, Programme
from service.domain.texts import fold
from service.store import accounts as account_store
from service.store import events as store
from service.store.vault import Vault
from service.usecases import audit, keys

PLANNED = frozenset({EventState.DRAFT, EventState.OPEN})
"""The states in which an event's plan may be changed."""


async def require_event(
    session: AsyncSession, *, access: Access, event_id: UUID, permission: Permission | None
) -> Event:
    """The event; Forbidden unless `permission` (None: nothing more) holds in its organisation."""
    event = await store.get(session, Event, event_id, "event")
    if permission is not None:
        access.require(permission, event.organisation_id)
    return event


async def lock_plan(session: AsyncSession, *, access: Access, event_id: UUID) -> Event:
    """The event, locked, for a change of its plan: only while it is a draft or open, else Conflict `closed`."""
    event = await store.lock_event(session, event_id)
    access.require(Permission.EVENTS_WRITE, event.organisation_id)
    if event.state not in PLANNED:
        raise Conflict("closed", event.state.value)
    return event


async def add_programme(session: AsyncSession, *, access: Access, facts: dict[str, Any], now: datetime) -> Programme:
    """A new programme of an organisation in which the caller may plan."""
    access.require(Permission.EVENTS_WRITE, facts["organisation_id"])
    await account_store.get_organisation(session, facts["organisation_id"])
    require_order(facts["starts_on"], facts["ends_on"], "/ends_on")
    programme = Programme(**facts, created_at=now)
    session.add(programme)
    await session.flush()
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="added", noun="programme", object_id=programme.id, now=now)
    return programme


async def change_programme(
    session: AsyncSession, *, access: Access, programme_id: UUID, changes: dict[str, Any], now: datetime
) -> Programme:
    """Changes of a programme's names and dates."""
    programme = await store.lock(session, Programme, programme_id, "programme")
    access.require(Permission.EVENTS_WRITE, programme.organisation_id)
    fields = audit.apply(programme, changes)
    require_order(programme.starts_on, programme.ends_on, "/ends_on")
    if fields:
        await session.flush()
        actor = audit.staff(access)
        audit.record(
            session, actor=actor, action="changed", noun="programme", object_id=programme.id, now=now, fields=fields
        )
    return programme


async def add_event(session: AsyncSession, *, access: Access, facts: dict[str, Any], now: datetime) -> Event:
    """A new event, in draft."""
    access.require(Permission.EVENTS_WRITE, facts["organisation_id"])
    await account_store.get_organisation(session, facts["organisation_id"])
    if facts.get("programme_id"):
        await store.get(session, Programme, facts["programme_id"], "programme")
    event = Event(**facts, folded=_folded(facts["title_vi"], facts["title_en"]), created_at=now)
    session.add(event)
    await session.flush()
    _record(session, access, "added", event, now)
    return event


async def change_event(
    session: AsyncSession, *, access: Access, event_id: UUID, changes: dict[str, Any], now: datetime
) -> Event:
    """Changes of an event's facts; its state is moved by `move_event`."""
    event = await lock_plan(session, access=access, event_id=event_id)
    if changes.get("programme_id"):
        await store.get(session, Programme, changes["programme_id"], "programme")
    fields = audit.apply(event, changes)
    if fields:
        event.folded = _folded(event.title_vi, event.title_en)
        await session.flush()
        _record(session, access, "changed", event, now, fields=fields)
    return event


async def move_event(
    session: AsyncSession, *, access: Access, event_id: UUID, state: EventState, vault: Vault, now: datetime
) -> Event:
    """Opens, closes, reopens or cancels an event. Raises Conflict `illegal_move`.

    With its opening, registration and accreditation open: the key that will sign its passes is made now.
    """
    event = await store.lock_event(session, event_id)
    access.require(Permission.EVENTS_WRITE, event.organisation_id)
    before = event.state
    if state not in EVENT_MOVES[before]:
        raise Conflict("illegal_move", f"{before.value} → {state.value}")
    event.state = state
    await session.flush()
    if state is EventState.OPEN:
        await keys.ensure_key(session, event_id=event.id, vault=vault, now=now)
    _record(session, access, state.value, event, now, before=before.value)
    return event


def _record(session: AsyncSession, access: Access, action: str, event: Event, now: datetime, **details: Any) -> None:
    """The record of a change of the event itself."""
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="event",
        object_id=event.id,
        event_id=event.id,
        now=now,
        **details,
    )


def require_order(first: date, last: date, pointer: str) -> None:
    """Raises Invalid `dates_reversed` at `pointer` when the last day lies before the first."""
    if last < first:
        raise Invalid.at(pointer, "dates_reversed", f"{last:%d/%m/%Y} < {first:%d/%m/%Y}")


def _folded(title_vi: str, title_en: str) -> str:
    return fold(f"{title_vi} {title_en}")
