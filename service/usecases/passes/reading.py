"""Looking at passes; whoever holds the code may enter, so looking is kept in the record."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.passes import EntryPass
from service.store import passes as store
from service.usecases import audit


async def read_pass(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> EntryPass:
    """A pass with its code; that it was shown is kept in the audit."""
    found, event = await store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="viewed", noun="pass", object_id=pass_id, event_id=event.id, now=now)
    return found
