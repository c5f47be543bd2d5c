"""Keeping the record of every change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.audit import ActorKind, AuditEntry
from service.domain.events import Event


@dataclass(frozen=True)
class Actor:
    """Who does something: a staff member, a journalist, a device, or the system itself."""

    kind: ActorKind
    id: UUID | None


SYSTEM = Actor(ActorKind.SYSTEM, None)


def staff(access: Access) -> Actor:
    """The staff member behind `access`, as the record names them."""
    return Actor(ActorKind.STAFF, access.staff_id)


def apply(row: Any, changes: dict[str, Any]) -> list[str]:
    """Sets what differs, and returns the names of the fields that were changed: what the record tells."""
    fields = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    for name in fields:
        setattr(row, name, changes[name])
    return fields


def record(
    session: AsyncSession,
    *,
    actor: Actor,
    action: str,
    noun: str,
    object_id: UUID,
    now: datetime,
    event_id: UUID | None = None,
    **details: Any,
) -> None:
    """Adds one entry in the transaction of the change itself; `details` never hold personal data."""
    session.add(
        AuditEntry(
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            action=action,
            noun=noun,
            object_id=object_id,
            event_id=event_id,
            details=details,
        )
    )


def record_for(
    session: AsyncSession,
    access: Access,
    action: str,
    noun: str,
    object_id: UUID,
    event: Event,
    now: datetime,
    **details: Any,
) -> None:
    """The record of a change, or of a look, by a member of staff in an event."""
    record(
        session,
        actor=staff(access),
        action=action,
        noun=noun,
        object_id=object_id,
        event_id=event.id,
        now=now,
        **details,
    )
