"""What every step of an application has in common: a state, a record for ever, and the pass that hangs on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Decision,
)
from service.domain.errors import Invalid
from service.domain.passes import PassState
from service.store import passes as pass_store
from service.usecases import audit, messages, passes

UNDECIDED = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW})


async def require_zones(session: AsyncSession, event_id: UUID, zones: list[str], pointer: str) -> None:
    """Raises Invalid at `pointer` unless the event has all these zones, and there is one."""
    known = await pass_store.list_zone_codes(session, event_id)
    if not zones or set(zones) - known:
        raise Invalid.at(pointer, "invalid", f"zones of this event: {', '.join(sorted(known)) or 'none'}")


def step(
    session: AsyncSession,
    application: Application,
    before: ApplicationState | None,
    after: ApplicationState,
    reason: str,
    zones: list[str],
    staff_id: UUID | None,
    now: datetime,
    **more: Any,
) -> Decision:
    """Keeps one step for ever, whoever took it; `more` are further columns of the decision."""
    row = Decision(
        application_id=application.id,
        from_state=before,
        to_state=after,
        reason=reason,
        zones=sorted(set(zones)),
        days=application.days_granted,
        escort=application.escort,
        staff_id=staff_id,
        decided_at=now,
        **more,
    )
    session.add(row)
    return row


async def move(
    session: AsyncSession, application: Application, state: ApplicationState, zones: list[str], now: datetime
) -> None:
    """The application as it stands after a step; `decided_at` is that of the last decision."""
    application.state = state
    application.zones_granted = sorted(set(zones))
    if state not in UNDECIDED:
        application.decided_at = now
    await session.flush()


async def end_pass(
    session: AsyncSession,
    application: Application,
    actor: audit.Actor,
    ground: str,
    authority: str,
    now: datetime,
    *,
    tell: bool = True,
) -> None:
    """Revokes the living pass of an application, if it has one.

    Who didn't end it themselves is told by mail, unless `tell` is false.
    """
    living = await pass_store.find_pass_of_application(session, application.id)
    if living is not None:
        await passes.change_state(
            session,
            actor=actor,
            entry_pass=living,
            to_state=PassState.REVOKED,
            ground=ground,
            authority=authority,
            now=now,
        )
        if tell and actor.id != application.journalist_id:
            await messages.tell_of_end(session, entry_pass=living, now=now)
