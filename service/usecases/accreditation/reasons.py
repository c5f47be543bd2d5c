"""Canned reasons: those of the rule sets in use."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.accreditation.rules import ReasonRule
from service.store import applications as store
from service.store import reviews as review_store
from service.usecases.accreditation.reviewing import desks
from service.usecases.accreditation.rules import rules_of


async def reasons_for(
    session: AsyncSession, *, access: Access, now: datetime, event_id: UUID | None = None
) -> list[ReasonRule]:
    """The canned reasons of the rule sets in use: at an event, or wherever somebody acts for an authority."""
    if event_id is not None:
        keys = {key for key, _ in await store.list_classes_of(session, event_id)}
    else:
        organisations = await desks(session, access=access, now=now)
        ids = None if organisations is None else sorted(organisations)
        keys = {key for key, _, _ in await review_store.list_rule_keys(session, organisation_ids=ids)}
    found = {one.code: one for key in sorted(keys) for one in (await rules_of(session, key)).reasons}
    return list(found.values())
