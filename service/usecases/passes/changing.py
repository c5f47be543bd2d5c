"""What becomes of passes: suspended, resumed, revoked, or replaced by a new one that says something else."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import GRANTED, Application
from service.domain.badges import BadgeAction
from service.domain.errors import Conflict, Invalid
from service.domain.passes import PASS_MOVES, BadgeState, EntryPass, PassState
from service.store import accreditation as accreditation_store
from service.store import passes as store
from service.store import revocations
from service.store.vault import Vault
from service.usecases import audit, keys, messages, print_log
from service.usecases.passes.issuing import Wish, issue_direct


async def change_state(
    session: AsyncSession,
    *,
    actor: audit.Actor,
    entry_pass: EntryPass,
    to_state: PassState,
    ground: str,
    authority: str,
    now: datetime,
) -> EntryPass:
    """Suspends, resumes or revokes a locked pass, with its ground and authority.

    The event's pass list gets a new version. Raises Conflict `illegal_move` where PASS_MOVES has no such step.
    """
    if to_state not in PASS_MOVES[entry_pass.state]:
        raise Conflict("illegal_move", f"{entry_pass.state.value} → {to_state.value}")
    version = await store.next_list_version(session, entry_pass.event_id, now)
    await become(
        session,
        actor=actor,
        passes=[entry_pass],
        to_state=to_state,
        ground=ground,
        authority=authority,
        version=version,
        now=now,
    )
    return entry_pass


async def become(
    session: AsyncSession,
    *,
    actor: audit.Actor,
    passes: list[EntryPass],
    to_state: PassState,
    ground: str,
    authority: str,
    version: int,
    now: datetime,
) -> None:
    """Locked passes of one event get a state under one version of its list; whether they may is asked before."""
    active = to_state is PassState.ACTIVE
    for one in passes:
        before, one.state = one.state, to_state
        one.state_ground, one.state_authority = ("", "") if active else (ground, authority)
        one.state_at, one.list_version = now, version
        audit.record(
            session,
            actor=actor,
            action=to_state.value,
            noun="pass",
            object_id=one.id,
            event_id=one.event_id,
            now=now,
            before=before.value,
            list_version=version,
        )
    await session.flush()
    await revocations.add_changes(session, passes, now)


async def move_pass(
    session: AsyncSession,
    *,
    access: Access,
    pass_id: UUID,
    to_state: PassState,
    ground: str,
    authority: str,
    now: datetime,
) -> EntryPass:
    """`change_state` by a member of staff who may revoke passes in the organisation of the event.

    The holder of a revoked pass is told, with its ground and authority.
    """
    found, event = await store.lock_pass(session, pass_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    await session.refresh(found)
    await change_state(
        session,
        actor=audit.staff(access),
        entry_pass=found,
        to_state=to_state,
        ground=ground,
        authority=authority,
        now=now,
    )
    if to_state is PassState.REVOKED:
        await messages.tell_of_end(session, entry_pass=found, now=now)
    return found


async def replace_pass(
    session: AsyncSession,
    *,
    access: Access,
    pass_id: UUID,
    ground: str,
    authority: str,
    vault: Vault,
    now: datetime,
    changes: dict[str, Any] | None = None,
    tell: bool = True,
) -> EntryPass:
    """A new pass in the place of this one, like it but for `changes` (fields of a Wish); never a silent change.

    The old one becomes `replaced`, at the door too, and its badge is kept as reprinted if it was printed. A press
    pass gets no zone that its accreditation doesn't grant. The holder is told by mail, unless `tell` is false.
    """
    seen, event = await store.get_pass(session, pass_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    application = None
    if seen.application_id is not None:
        # A revocation of the application holds it too: it must not miss the pass that is being made here.
        application, *_ = await accreditation_store.get_application(session, seen.application_id, lock=True)
    # The key before the pass, as whoever strikes it does.
    await keys.ensure_key(session, event_id=event.id, vault=vault, now=now)
    old, _ = await store.lock_pass(session, pass_id)
    await session.refresh(old)
    wish = replace(wish_like(old), **(changes or {}))
    _require_granted(wish, application)
    await change_state(
        session,
        actor=audit.staff(access),
        entry_pass=old,
        to_state=PassState.REPLACED,
        ground=ground,
        authority=authority,
        now=now,
    )
    if old.badge is not BadgeState.NONE:
        print_log.note(session, old, BadgeAction.REPRINTED, staff_id=access.staff_id, now=now)
    return await issue_direct(session, access=access, event=event, wish=wish, vault=vault, now=now, tell=tell)


def _require_granted(wish: Wish, application: Application | None) -> None:
    if application and application.state not in GRANTED:
        raise Conflict("illegal_move", application.state.value)
    beyond = set(wish.zones) - set(application.zones_granted) if application else set()
    if beyond:
        raise Invalid.at("/zones", "invalid", f"not granted by the accreditation: {', '.join(sorted(beyond))}")


def wish_like(old: EntryPass) -> Wish:
    """The wish for a new pass that says what `old` says and takes its place."""
    return Wish(
        holder_name=old.holder_name,
        organisation_name=old.organisation_name,
        category=old.category,
        zones=tuple(old.zones),
        valid_from=old.valid_from,
        valid_until=old.valid_until,
        valid_days=None if old.valid_days is None else tuple(old.valid_days),
        daily_from=old.daily_from,
        daily_to=old.daily_to,
        heads=old.heads,
        attention=old.attention,
        application_id=old.application_id,
        native_name=old.native_name,
        holder_email=old.holder_email,
        language=old.language,
        class_code=old.class_code,
        portrait_id=old.portrait_id,
        version=old.version + 1,
        replaces_id=old.id,
    )
