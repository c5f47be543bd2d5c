"""Access for the press: registering, applying, deciding."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    GRANTED,
    NEEDS_REASON,
    Application,
    ApplicationState,
    Decision,
    Journalist,
    MediaRole,
    Outlet,
    OutletKind,
    may_move,
)
from service.domain.audit import ActorKind
from service.domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from service.domain.events import Event, EventState
from service.domain.passes import EntryPass, PassState
from service.domain.texts import fold
from service.settings import Settings
from service.store import accreditation as store
from service.store import events as event_store
from service.store import passes as pass_store
from service.store import vault
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit, passes

PRESS_CARD = "journalist.press_card"


def _of(journalist: Journalist) -> audit.Actor:
    return audit.Actor(ActorKind.JOURNALIST, journalist.id)


async def find_journalist(session: AsyncSession, *, token: str, now: datetime) -> Journalist | None:
    """The journalist behind a token, or None when it is no longer good."""
    return await store.find_journalist_sign_in(session, vault.token_hash(token), now)


@dataclass(frozen=True)
class OutletFacts:
    """The press organisation as its journalist names it."""

    name: str
    kind: OutletKind
    country: str


async def find_or_add_outlet(session: AsyncSession, *, facts: OutletFacts, now: datetime) -> Outlet:
    """The outlet of that name, accents and case aside; made if nobody has named it before."""
    folded = fold(facts.name)
    if not folded:
        raise Invalid.at("/outlet/name", "invalid", "a name needs letters or digits")
    found = await store.find_outlet(session, folded)
    if found is not None:
        return found
    outlet = Outlet(name=facts.name, folded=folded, kind=facts.kind, country=facts.country, created_at=now)
    session.add(outlet)
    await session.flush()
    audit.record(session, actor=audit.SYSTEM, action="added", noun="outlet", object_id=outlet.id, now=now)
    return outlet


@dataclass(frozen=True)
class Registration:
    """What a journalist tells of themselves; nothing that a decision doesn't need."""

    full_name: str
    email: str
    password: str
    phone: str
    outlet: OutletFacts
    press_card_number: str
    press_card_expires_on: date
    language: str = "vi"


async def register(
    session: AsyncSession, *, facts: Registration, password_hash: str | None, secrets: Vault, now: datetime
) -> Journalist:
    """A new profile. The press-card number is sealed; `password_hash` given: it is made already.

    Raises Conflict `already_exists` for a known address.
    """
    email = facts.email.strip().lower()
    if await store.find_journalist_by_email(session, email):
        raise Conflict("already_exists")
    outlet = await find_or_add_outlet(session, facts=facts.outlet, now=now)
    number = "".join(facts.press_card_number.split()).upper()
    journalist = Journalist(
        outlet_id=outlet.id,
        full_name=facts.full_name,
        folded=fold(facts.full_name),
        email=email,
        phone=facts.phone,
        password_hash=password_hash or await asyncio.to_thread(vault.hash_password, facts.password),
        press_card_sealed=secrets.seal(number.encode(), purpose=PRESS_CARD),
        press_card_hash=secrets.look_up(f"press card {number}"),
        press_card_expires_on=facts.press_card_expires_on,
        language=facts.language,
        created_at=now,
    )
    session.add(journalist)
    await session.flush()
    audit.record(
        session, actor=_of(journalist), action="registered", noun="journalist", object_id=journalist.id, now=now
    )
    return journalist


async def sign_in(
    database: Database, *, secrets: Vault, email: str, password: str, address: str, settings: Settings, now: datetime
) -> str:
    """The token of a new session for the journalist with this e-mail address and password."""
    account = email.strip().lower()
    subjects = await accounts.allow_attempt(
        database, secrets=secrets, account=f"press {account}", address=address, settings=settings, now=now
    )
    async with database.transaction() as session:
        found = await store.find_journalist_by_email(session, account)
    hashed = found.password_hash if found else vault.NOBODYS_HASH
    fits = await asyncio.to_thread(vault.password_fits, password, hashed)
    if found is None or not fits:
        await accounts.note_failure(database, subjects=subjects, now=now)
        raise Unauthenticated("sign_in_failed")
    async with database.transaction() as session:
        return accounts.open_sign_in(session, staff_id=None, journalist_id=found.id, settings=settings, now=now)


async def apply(
    session: AsyncSession,
    *,
    journalist: Journalist,
    event_id: UUID,
    media_role: MediaRole,
    zones: list[str],
    note: str,
    now: datetime,
) -> Application:
    """Submits a journalist's application for an event.

    Raises Conflict `closed` when the event takes none (any more), `already_exists` for a second one, and
    Invalid for zones that the event doesn't have.
    """
    event = await event_store.get(session, Event, event_id, "event")
    if event.state is not EventState.OPEN or event.accreditation_closes_at is None:
        raise Conflict("closed")
    if event.accreditation_closes_at <= now:
        raise Conflict("closed", f"{event.accreditation_closes_at.isoformat()}")
    await _require_zones(session, event_id, zones, "/zones_wanted")
    if await store.find_application(session, event_id=event_id, journalist_id=journalist.id):
        raise Conflict("already_exists")
    application = Application(
        event_id=event_id,
        journalist_id=journalist.id,
        state=ApplicationState.SUBMITTED,
        media_role=media_role,
        zones_wanted=sorted(set(zones)),
        note=note,
        submitted_at=now,
        created_at=now,
    )
    session.add(application)
    await session.flush()
    _step(session, application, None, ApplicationState.SUBMITTED, "", [], None, now)
    await session.flush()
    audit.record(
        session,
        actor=_of(journalist),
        action="submitted",
        noun="application",
        object_id=application.id,
        event_id=event_id,
        now=now,
    )
    return application


async def _require_zones(session: AsyncSession, event_id: UUID, zones: list[str], pointer: str) -> None:
    known = await pass_store.list_zone_codes(session, event_id)
    if not zones or set(zones) - known:
        raise Invalid.at(pointer, "invalid", f"zones of this event: {', '.join(sorted(known)) or 'none'}")


def _step(
    session: AsyncSession,
    application: Application,
    before: ApplicationState | None,
    after: ApplicationState,
    reason: str,
    zones: list[str],
    staff_id: UUID | None,
    now: datetime,
) -> Decision:
    step = Decision(
        application_id=application.id,
        from_state=before,
        to_state=after,
        reason=reason,
        zones=sorted(set(zones)),
        staff_id=staff_id,
        decided_at=now,
    )
    session.add(step)
    return step


async def decide(
    session: AsyncSession,
    *,
    access: Access,
    application_id: UUID,
    to_state: ApplicationState,
    reason: str,
    zones: list[str],
    now: datetime,
) -> Application:
    """One step of an application by a reviewer; it is kept for ever and the journalist sees its reason.

    Raises Conflict `illegal_move` for a step that the state doesn't allow, Invalid for a missing reason or
    zone. Revoking ends the pass in the same transaction.
    """
    application, _, _, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    await session.refresh(application)
    if to_state is ApplicationState.WITHDRAWN or not may_move(application.state, to_state):
        raise Conflict("illegal_move", f"{application.state.value} → {to_state.value}")
    if to_state in NEEDS_REASON and not reason:
        raise Invalid.at("/reason", "missing", "the journalist is told why")
    granted = zones if to_state in GRANTED else []
    if to_state in GRANTED:
        await _require_zones(session, event.id, zones, "/zones")
    before = application.state
    await _move(session, application, to_state, granted, now)
    _step(session, application, before, to_state, reason, granted, access.staff_id, now)
    if before in GRANTED:
        await _end_pass(session, application, actor=audit.staff(access), ground=reason, now=now)
    await session.flush()
    audit.record(
        session,
        actor=audit.staff(access),
        action=to_state.value,
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        before=before.value,
        zones=sorted(set(granted)),
    )
    return application


async def _move(
    session: AsyncSession, application: Application, state: ApplicationState, zones: list[str], now: datetime
) -> None:
    application.state = state
    application.zones_granted = sorted(set(zones))
    application.decided_at = now
    await session.flush()


async def _end_pass(
    session: AsyncSession, application: Application, *, actor: audit.Actor, ground: str, now: datetime
) -> EntryPass | None:
    living = await pass_store.find_pass_of_application(session, application.id)
    if living is None:
        return None
    return await passes.change_state(
        session, actor=actor, entry_pass=living, to_state=PassState.REVOKED, ground=ground, authority="", now=now
    )


async def withdraw(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, now: datetime
) -> Application:
    """The journalist takes an application back; a pass that came of it ends."""
    application = await get_own(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    if not may_move(application.state, ApplicationState.WITHDRAWN):
        raise Conflict("illegal_move", f"{application.state.value} → withdrawn")
    before = application.state
    await _move(session, application, ApplicationState.WITHDRAWN, [], now)
    _step(session, application, before, ApplicationState.WITHDRAWN, "", [], None, now)
    if before in GRANTED:
        await _end_pass(session, application, actor=_of(journalist), ground="withdrawn", now=now)
    await session.flush()
    audit.record(
        session,
        actor=_of(journalist),
        action="withdrawn",
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
        before=before.value,
    )
    return application


async def get_own(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, lock: bool = False
) -> Application:
    """A journalist's own application; another's doesn't exist for them."""
    application, owner, _, _ = await store.get_application(session, application_id, lock=lock)
    if owner.id != journalist.id:
        raise NotFound("application")
    return application


@dataclass(frozen=True)
class Evidence:
    """An application with what a reviewer needs, the press-card number opened."""

    application: Application
    journalist: Journalist
    outlet: Outlet
    event: Event
    press_card_number: str
    decisions: list[Decision]


async def view_application(
    session: AsyncSession, *, access: Access, application_id: UUID, secrets: Vault, now: datetime
) -> Evidence:
    """Opens an application for a reviewer; that they saw it is kept in the audit."""
    application, journalist, outlet, event = await store.get_application(session, application_id)
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    number = secrets.open(journalist.press_card_sealed, purpose=PRESS_CARD).decode()
    audit.record(
        session,
        actor=audit.staff(access),
        action="viewed",
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        fields=["press_card_number"],
    )
    decisions = await store.list_decisions(session, application_id)
    return Evidence(application, journalist, outlet, event, number, decisions)


async def issue_pass(
    session: AsyncSession, *, access: Access, application_id: UUID, secrets: Vault, now: datetime
) -> EntryPass:
    """The pass of a granted application; asked again, the same pass.

    Raises Conflict `illegal_move` when the application isn't granted.
    """
    application, journalist, outlet, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    await session.refresh(application)
    living = await pass_store.find_pass_of_application(session, application_id)
    if living is not None:
        return living
    wish = passes.wish_of(application, journalist, outlet)
    return await passes.issue_direct(session, access=access, event=event, wish=wish, vault=secrets, now=now)
