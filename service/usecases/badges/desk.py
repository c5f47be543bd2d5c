"""The desk: which badges lie there to be handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.events import Event
from service.domain.passes import EntryPass
from service.domain.texts import fold
from service.store import desk as store
from service.usecases import audit
from service.usecases.badges.designs import require_event

MOST_AT_ONCE = 500
"""Badges in one handover, and on one page of the desk."""


@dataclass(frozen=True)
class Desk:
    """What lies at the desk: every outlet with its number of badges, the badges found, those asked for that are gone.

    `more`: there are further badges that weren't shown.
    """

    event: Event
    outlets: list[tuple[str, int]]
    badges: list[EntryPass]
    more: bool
    gone: list[EntryPass]


async def open_desk(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    q: str,
    outlet: str | None,
    chosen: list[UUID],
    now: datetime,
) -> Desk:
    """The badges of one outlet, or those that `q` finds; without either only how many each outlet has.

    `chosen` are passes that somebody was about to hand over: those that are no longer there are told. Showing names
    is recorded.
    """
    event = await require_event(session, access, event_id, Permission.BADGES_PRINT)
    outlets = sorted(await store.count_at_desk(session, event_id, now), key=lambda row: (fold(row[0]), row[0]))
    badges = (
        await store.list_at_desk(session, event_id, now, q=q, outlet=outlet, limit=MOST_AT_ONCE + 1)
        if q or outlet is not None
        else []
    )
    gone = await store.list_gone(session, event_id, now, chosen) if chosen else []
    if badges or gone:
        audit.record_for(session, access, "viewed", "pass_list", event_id, event, now, rows=len(badges) + len(gone))
    more = len(badges) > MOST_AT_ONCE
    badges = sorted(badges[:MOST_AT_ONCE], key=lambda one: (fold(one.organisation_name), one.organisation_name))
    return Desk(event, outlets, badges, more, gone)
