"""Issuing passes: what one is to say, whether the event allows it, and its signed code."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import GRANTED, Application, Journalist, Outlet
from service.domain.codes import Claims, new_human_code
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event, EventState
from service.domain.localtime import end_of, start_of
from service.domain.passes import Category, EntryPass, SigningKey
from service.domain.texts import fold
from service.store import badges as badge_store
from service.store import passes as store
from service.store import signing
from service.store.vault import Vault
from service.usecases import audit, messages
from service.usecases.admission import code_hash
from service.usecases.keys import ensure_key

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""What a validity may lie between: what a code can say, with room on both sides for every time zone."""


ESCORT = "Có cán bộ đi cùng · With escort"
"""What door staff read on the pass of somebody who was accredited with an escort."""


@dataclass(frozen=True)
class Wish:
    """What a pass is to say. Validity None: the whole event, from its first day to its last.

    `valid_days` None makes a standing pass, good on every day of its validity; days make a day pass. `daily_from`
    and `daily_to` are the hours of each day, both or none.
    """

    holder_name: str
    organisation_name: str
    category: Category
    zones: tuple[str, ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    valid_days: tuple[date, ...] | None = None
    daily_from: time | None = None
    daily_to: time | None = None
    heads: int = 1
    attention: str = ""
    application_id: UUID | None = None
    native_name: str = ""
    holder_email: str = ""
    language: str = "vi"
    class_code: str = ""
    portrait_id: UUID | None = None
    version: int = 1
    replaces_id: UUID | None = None


async def issue_many(
    session: AsyncSession,
    *,
    event: Event,
    wishes: list[Wish],
    actor: audit.Actor,
    vault: Vault,
    now: datetime,
    tell: bool = True,
) -> list[EntryPass]:
    """Issues passes of one event in one step, all under the next version of its pass list.

    Holders whose address is known are told by mail, unless `tell` is false. Raises Invalid for zones and classes
    that the event doesn't have, for a validity that is none, or without occurrences; Conflict `closed` for a
    cancelled event.
    """
    if event.state is EventState.CANCELLED:
        raise Conflict("closed", "the event is cancelled")
    key = await ensure_key(session, event_id=event.id, vault=vault, now=now)
    known = await store.list_zone_codes(session, event.id)
    period = await store.find_period(session, event.id)
    await _require_classes(session, event.id, wishes)
    whole = [_complete(wish, known, period) for wish in wishes]
    version = await store.next_list_version(session, event.id, now)
    issued = [_sign(wish, event, key, version, vault, now) for wish in whole]
    await store.add_passes(session, issued)
    for one in issued:
        audit.record(session, actor=actor, action="issued", noun="pass", object_id=one.id, event_id=event.id, now=now)
    await session.flush()
    if tell:
        await messages.tell_of_passes(session, passes=issued, now=now)
    return issued


async def _require_classes(session: AsyncSession, event_id: UUID, wishes: list[Wish]) -> None:
    """Raises Invalid for a class that the event doesn't have, or that is another category's."""
    if any(wish.class_code for wish in wishes):
        classes = {(one.code, one.category) for one in await badge_store.list_classes(session, event_id)}
        for wish in wishes:
            if wish.class_code and (wish.class_code, wish.category) not in classes:
                raise Invalid.at("/class_code", "invalid", f"no class {wish.class_code} of {wish.category.value}")


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
    if (wish.daily_from is None) != (wish.daily_to is None):
        raise Invalid.at("/daily_to", "invalid", "hours need their beginning and their end")
    if wish.daily_from is not None and wish.daily_to is not None and wish.daily_from >= wish.daily_to:
        raise Invalid.at("/daily_to", "dates_reversed", "the hours end before they begin")
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
        version=wish.version,
        replaces_id=wish.replaces_id,
        holder_name=wish.holder_name,
        native_name=wish.native_name,
        holder_email=wish.holder_email,
        language=wish.language,
        portrait_id=wish.portrait_id,
        class_code=wish.class_code,
        folded=fold(f"{wish.holder_name} {wish.native_name} {wish.organisation_name}"),
        organisation_name=wish.organisation_name,
        category=wish.category,
        zones=list(wish.zones),
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
        valid_days=None if wish.valid_days is None else list(wish.valid_days),
        daily_from=wish.daily_from,
        daily_to=wish.daily_to,
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
    session: AsyncSession,
    *,
    access: Access,
    event: Event,
    wish: Wish,
    vault: Vault,
    now: datetime,
    tell: bool = True,
) -> EntryPass:
    """A pass for a delegate, guest, visitor, group or member of staff; for the press only from an application."""
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if wish.category is Category.PRESS and wish.application_id is None:
        raise Invalid.at("/category", "invalid", "a press pass comes from an application")
    actor = audit.staff(access)
    (issued,) = await issue_many(session, event=event, wishes=[wish], actor=actor, vault=vault, now=now, tell=tell)
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
        valid_days=tuple(application.days_granted) if application.days_granted else None,
        attention=ESCORT if application.escort else "",
        application_id=application.id,
        holder_email=journalist.email,
        language=journalist.language,
    )
