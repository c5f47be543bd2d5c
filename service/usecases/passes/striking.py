"""A leaked key: striking it ends its passes, and their holders get new ones in one step."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import GRANTED
from service.domain.errors import Conflict
from service.domain.passes import EntryPass, KeyState, PassState, SigningKey
from service.store import accounts as account_store
from service.store import accreditation as accreditation_store
from service.store import keys as key_store
from service.store import passes as store
from service.store.vault import Vault
from service.usecases import audit, keys
from service.usecases.passes.changing import become, wish_like
from service.usecases.passes.issuing import issue_many


async def strike_key(
    session: AsyncSession,
    *,
    access: Access,
    key_id: UUID,
    reason: str,
    confirm: bool,
    vault: Vault,
    now: datetime,
) -> tuple[SigningKey, int]:
    """Strikes a leaked key: its passes are revoked at once. Returns the key and how many passes end.

    Without `confirm` nothing is changed; the number tells what would happen. A new key signs from then on.
    Holders aren't told here: `reissue_passes` tells them together with their new pass.
    """
    # Everybody locks the event before its keys, and those before passes.
    await store.lock_event(session, (await store.get_key(session, key_id)).event_id)
    key, event = await store.lock_key(session, key_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    if key.state is KeyState.STRUCK:
        raise Conflict("illegal_move", "struck")
    if not confirm:
        return key, await store.count_living_passes(session, key_id)
    ending = await store.lock_living_passes(session, key_id)
    signed_last, key.state, key.struck_at = key.state, KeyState.STRUCK, now
    key.struck_version = await store.next_list_version(session, event.id, now)
    organisation = await account_store.get_organisation(session, event.organisation_id)
    actor = audit.staff(access)
    await become(
        session,
        actor=actor,
        passes=ending,
        to_state=PassState.REVOKED,
        ground=reason,
        authority=organisation.name_vi,
        version=key.struck_version,
        now=now,
    )
    audit.record(
        session,
        actor=actor,
        action="struck",
        noun="key",
        object_id=key.id,
        event_id=event.id,
        now=now,
        reason=reason,
        passes=len(ending),
    )
    if signed_last is KeyState.ACTIVE:
        await keys.ensure_key(session, event_id=event.id, vault=vault, now=now)
    return key, len(ending)


async def reissue_passes(
    session: AsyncSession, *, access: Access, key_id: UUID, vault: Vault, now: datetime
) -> list[EntryPass]:
    """New passes, signed with the present key, for all whose pass ended with this struck key; the same again: none.

    Who was suspended when the key was struck, whose pass is over, who has lost the accreditation meanwhile, got
    another pass, or had one for a zone that is gone, gets none. Raises Conflict `illegal_move` for a
    key that isn't struck.
    """
    key, event = await store.lock_key(session, key_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if key.struck_version is None:
        raise Conflict("illegal_move", key.state.value)
    wishes = []
    zones = await store.list_zone_codes(session, event.id)
    for old in await key_store.list_orphans(session, key_id, now):
        if not zones.issuperset(old.zones):
            continue
        if old.application_id is not None:
            application, *_ = await accreditation_store.get_application(session, old.application_id, lock=True)
            if application.state not in GRANTED or await store.find_pass_of_application(session, application.id):
                continue
        wishes.append(wish_like(old))
    if not wishes:
        return []
    actor = audit.staff(access)
    return await issue_many(session, event=event, wishes=wishes, actor=actor, vault=vault, now=now)
