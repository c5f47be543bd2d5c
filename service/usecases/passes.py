"""Entry passes: issuing them and ending them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import GRANTED, Application, Journalist, Outlet
from service.domain.codes import Claims, new_human_code
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event, EventState
from service.domain.localtime import end_of, start_of
from service.domain.passes import PASS_MOVES, Category, EntryPass, PassState, SigningKey
from service.domain.texts import fold
from service.store import accreditation as accreditation_store
from service.store import passes as store
from service.store import signing
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.admission import code_hash
from service.usecases.keys import ensure_key

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""What a validity may lie between: what a code can say, with room on both sides for every time zone."""


@dataclass(frozen=True)
class Wish:
    """What a pass is to say. Validity None: the whole event, from its first day to its last."""

    holder_name: str
    organisation_name: str
    category: Category
    zones: tuple[str, ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    valid_days: tuple[date, ...] | None = None
    heads: int = 1
    attention: str = ""
    application_id: UUID | None = None


async def issue_many(
    session: AsyncSession, *, event: Event, wishes: list[Wish], actor: audit.Actor, vault: Vault, now: datetime
) -> list[EntryPass]:
    """Issues passes of one event in one step, all under the next version of its pass list.

    Raises Invalid for zones that the event doesn't have, for a validity that is none, or without occurrences;
    Conflict `closed` for a cancelled event.
    """
    if event.state is EventState.CANCELLED:
        raise Conflict("closed", "the event is cancelled")
    key = await ensure_key(session, event_id=event.id, vault=vault, now=now)
    known = await store.list_zone_codes(session, event.id)
    period = await store.find_period(session, event.id)
    whole = [_complete(wish, known, period) for wish in wishes]
    version = await store.next_list_version(session, event.id, now)
    issued = [_sign(wish, event, key, version, vault, now) for wish in whole]
    await store.add_passes(session, issued)
    for one in issued:
        audit.record(session, actor=actor, action="issued", noun="pass", object_id=one.id, event_id=event.id, now=now)
    await session.flush()
    return issued


def _complete(wish: Wish, known: set[str], period: tuple[date, date] | None) -> Wish:
    unknown = sorted(set(wish.zones) - known)
    if unknown or not wish.zones:
        raise Invalid.at("/zones", "invalid", f"zones of this event: {', '.join(sorted(known)) or 'none'}")
    if period is None:
        raise Invalid.at("/event_id", "invalid", "the event has no occurrence yet")
    begins = wish.valid_from or start_of(period[0])
    ends = wish.valid_until or end_of(period[1])
    for pointer, moment in (("/valid_from", begins), ("/valid_until", ends)):
        if not _EARLIEST <= moment <= _LATEST:
            raise Invalid.at(pointer, "invalid", f"between {_EARLIEST.year} and {_LATEST.year}")
    if begins >= ends:
        raise Invalid.at("/valid_until", "dates_reversed", "validity ends before it begins")
    if any(end_of(on) <= begins or start_of(on) >= ends for on in wish.valid_days or ()):
        raise Invalid.at("/valid_days", "invalid", "a day lies outside the validity")
    return replace(wish, valid_from=begins, valid_until=ends, zones=tuple(sorted(set(wish.zones))))


def _sign(wish: Wish, event: Event, key: SigningKey, version: int, vault: Vault, now: datetime) -> EntryPass:
    assert wish.valid_from is not None  # noqa: S101 (completed before)
    assert wish.valid_until is not None  # noqa: S101
    serial = new_human_code()
    claims = Claims(serial, wish.zones, wish.valid_from, wish.valid_until)
    try:
        code = signing.sign(claims, kid=key.kid, sealed=key.private_sealed, vault=vault)
    except (ValueError, OverflowError) as wrong:
        raise Invalid.at("/zones", "invalid", str(wrong)) from wrong
    return EntryPass(
        event_id=event.id,
        serial=serial,
        application_id=wish.application_id,
        holder_name=wish.holder_name,
        folded=fold(f"{wish.holder_name} {wish.organisation_name}"),
        organisation_name=wish.organisation_name,
        category=wish.category,
        zones=list(wish.zones),
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
        valid_days=None if wish.valid_days is None else list(wish.valid_days),
        heads=wish.heads,
        attention=wish.attention,
        state_at=now,
        list_version=version,
        key_id=key.id,
        code=code,
        code_hash=code_hash(code),
        human_code=new_human_code(),
        issued_at=now,
    )


async def issue_direct(
    session: AsyncSession, *, access: Access, event: Event, wish: Wish, vault: Vault, now: datetime
) -> EntryPass:
    """A pass for a delegate, guest, visitor, group or member of staff; for the press only from an application."""
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if wish.category is Category.PRESS and wish.application_id is None:
        raise Invalid.at("/category", "invalid", "a press pass comes from an application")
    (issued,) = await issue_many(session, event=event, wishes=[wish], actor=audit.staff(access), vault=vault, now=now)
    return issued


def wish_of(application: Application, journalist: Journalist, outlet: Outlet) -> Wish:
    """The pass that a granted application asks for. Raises Conflict `illegal_move` when it isn't granted."""
    if application.state not in GRANTED:
        raise Conflict("illegal_move", application.state.value)
    return Wish(
        holder_name=journalist.full_name,
        organisation_name=outlet.name,
        category=Category.PRESS,
        zones=tuple(application.zones_granted),
        application_id=application.id,
    )


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
    entry_pass.list_version = await store.next_list_version(session, entry_pass.event_id, now)
    before, entry_pass.state = entry_pass.state, to_state
    active = to_state is PassState.ACTIVE
    entry_pass.state_ground, entry_pass.state_authority = ("", "") if active else (ground, authority)
    entry_pass.state_at = now
    await session.flush()
    audit.record(
        session,
        actor=actor,
        action=to_state.value,
        noun="pass",
        object_id=entry_pass.id,
        event_id=entry_pass.event_id,
        now=now,
        before=before.value,
        list_version=entry_pass.list_version,
    )
    return entry_pass


async def read_pass(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> EntryPass:
    """A pass with its code; whoever holds the code may enter, so that it was shown is kept in the audit."""
    found, event = await store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="viewed", noun="pass", object_id=pass_id, event_id=event.id, now=now)
    return found


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
    """`change_state` by a member of staff who may revoke passes in the organisation of the event."""
    found, event = await store.lock_pass(session, pass_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    return await change_state(
        session,
        actor=audit.staff(access),
        entry_pass=found,
        to_state=to_state,
        ground=ground,
        authority=authority,
        now=now,
    )


async def replace_pass(
    session: AsyncSession,
    *,
    access: Access,
    pass_id: UUID,
    ground: str,
    authority: str,
    vault: Vault,
    now: datetime,
) -> EntryPass:
    """A new pass like this one; the old one becomes `replaced`, at the door too."""
    seen, event = await store.get_pass(session, pass_id)
    access.require(Permission.PASSES_REVOKE, event.organisation_id)
    if seen.application_id is not None:
        # A revocation of the application holds it too: it must not miss the pass that is being made here.
        await accreditation_store.get_application(session, seen.application_id, lock=True)
    entry_pass, _ = await store.lock_pass(session, pass_id)
    await session.refresh(entry_pass)
    await change_state(
        session,
        actor=audit.staff(access),
        entry_pass=entry_pass,
        to_state=PassState.REPLACED,
        ground=ground,
        authority=authority,
        now=now,
    )
    wish = Wish(
        holder_name=entry_pass.holder_name,
        organisation_name=entry_pass.organisation_name,
        category=entry_pass.category,
        zones=tuple(entry_pass.zones),
        valid_from=entry_pass.valid_from,
        valid_until=entry_pass.valid_until,
        valid_days=None if entry_pass.valid_days is None else tuple(entry_pass.valid_days),
        heads=entry_pass.heads,
        attention=entry_pass.attention,
        application_id=entry_pass.application_id,
    )
    return await issue_direct(session, access=access, event=event, wish=wish, vault=vault, now=now)
