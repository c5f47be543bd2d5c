"""The keys that sign passes: one signs at a time, older ones still prove. Striking one is in passes/striking.py."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.passes import SigningKey
from service.store import passes as store
from service.store import signing
from service.store.vault import Vault
from service.usecases import audit


async def ensure_key(session: AsyncSession, *, event_id: UUID, vault: Vault, now: datetime) -> SigningKey:
    """The event's signing key; made now if it has none that signs."""
    found = await store.find_active_key(session, event_id)
    if found is not None:
        return found
    await store.lock_event(session, event_id)
    return await store.find_active_key(session, event_id) or await _make_key(session, event_id, vault, now)


async def _make_key(session: AsyncSession, event_id: UUID, vault: Vault, now: datetime) -> SigningKey:
    kid, public, sealed = signing.new_key(vault)
    key = SigningKey(event_id=event_id, kid=kid, public_jwk=public, private_sealed=sealed, created_at=now)
    session.add(key)
    await session.flush()
    actor = audit.SYSTEM
    audit.record(session, actor=actor, action="added", noun="key", object_id=key.id, event_id=event_id, now=now)
    return key


async def rotate_key(
    session: AsyncSession, *, access: Access, event_id: UUID, vault: Vault, now: datetime
) -> SigningKey:
    """A new key signs from now on; passes signed with the older ones stay valid."""
    event = await store.lock_event(session, event_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    await store.retire_keys(session, event_id)
    key = await _make_key(session, event_id, vault, now)
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="rotated", noun="key", object_id=key.id, event_id=event_id, now=now)
    return key
