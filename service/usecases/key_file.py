"""The keys of an event as one reader sees them, with what has ended and what the doors knew of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.events import Event
from service.domain.passes import SigningKey
from service.store import events as event_store
from service.store import keys as store
from service.store.vault import Vault
from service.usecases import events, passes, revocations
from service.usecases.revocations import Knowledge, RevocationList


@dataclass(frozen=True)
class KeyUse:
    """A key, how many of its passes may still open doors, and how many holders wait for a new one since it was
    struck."""

    key: SigningKey
    living: int
    waiting: int


@dataclass(frozen=True)
class KeyFile:
    """Keys and revocations of an event. `knowledge` is None where it is not the reader's to see."""

    event: Event
    keys: list[KeyUse]
    told: RevocationList
    knowledge: Knowledge | None
    may_end: bool
    may_issue: bool


async def open_keys(session: AsyncSession, *, access: Access, event_id: UUID, at: datetime, now: datetime) -> KeyFile:
    """The keys, the newest revocation list, and what each door knew at `at`, with a fixed number of queries."""
    event = await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)

    def may(permission: Permission) -> bool:
        return access.allows(permission, event.organisation_id)

    return KeyFile(
        event=event,
        keys=[KeyUse(*row) for row in await store.list_uses(session, event_id, now)],
        told=await revocations.read_list(session, event_id=event_id),
        knowledge=await revocations.known_at(session, access=access, event_id=event_id, at=at)
        if may(Permission.DOOR_READ)
        else None,
        may_end=may(Permission.PASSES_REVOKE),
        may_issue=may(Permission.PASSES_ISSUE),
    )


@dataclass(frozen=True)
class Striking:
    """What striking a key would do: `ending` of its passes end."""

    key: SigningKey
    event: Event
    ending: int


async def consider_striking(
    session: AsyncSession, *, access: Access, key_id: UUID, vault: Vault, now: datetime
) -> Striking:
    """How many passes would end with the key. Nothing is changed; Conflict `illegal_move` for a struck one."""
    key, ending = await passes.strike_key(
        session, access=access, key_id=key_id, reason="", confirm=False, vault=vault, now=now
    )
    return Striking(key, await event_store.get(session, Event, key.event_id, "event"), ending)
