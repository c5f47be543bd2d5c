"""What reviewers do with an application: open it, decide on it, have its pass issued."""

from dataclasses import dataclass
from datetime import datetime
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
    Outlet,
    may_move,
)
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event
from service.domain.passes import EntryPass
from service.store import accounts as account_store
from service.store import accreditation as store
from service.store import events as event_store
from service.store import passes as pass_store
from service.store.vault import Vault
from service.usecases import audit, passes
from service.usecases.accreditation.journalists import PRESS_CARD
from service.usecases.accreditation.steps import end_pass, move, require_zones, step

BY_JOURNALIST = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN})
"""States into which only the journalist brings an application."""


async def decide(
    session: AsyncSession,
    *,
    access: Access,
    application_id: UUID,
    to_state: ApplicationState,
    reason: str,
    zones: list[str],
    now: datetime,
    tell: bool = True,
) -> Application:
    """One step of an application by a reviewer; it is kept for ever and the journalist sees its reason.

    Raises Conflict `illegal_move` for a step that the state doesn't allow, Invalid for a missing reason or
    zone. Revoking ends the pass in the same transaction; its holder is told by mail, unless `tell` is false.
    """
    application, _, _, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    await session.refresh(application)
    if to_state in BY_JOURNALIST or not may_move(application.state, to_state):
        raise Conflict("illegal_move", f"{application.state.value} → {to_state.value}")
    if to_state in NEEDS_REASON and not reason:
        raise Invalid.at("/reason", "missing", "the journalist is told why")
    granted = zones if to_state in GRANTED else []
    if to_state in GRANTED:
        await require_zones(session, event.id, zones, "/zones")
    before = application.state
    await move(session, application, to_state, granted, now)
    step(session, application, before, to_state, reason, granted, access.staff_id, now)
    if before in GRANTED:
        organisation = await account_store.get_organisation(session, event.organisation_id)
        await end_pass(session, application, audit.staff(access), reason, organisation.name_vi, now, tell=tell)
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


@dataclass(frozen=True)
class Evidence:
    """An application with what a reviewer needs, the press-card number opened.

    `same_press_card`: how many other journalists have named the same card.
    """

    application: Application
    journalist: Journalist
    outlet: Outlet
    event: Event
    press_card_number: str
    same_press_card: int
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
    others = await store.count_same_card(session, journalist)
    return Evidence(application, journalist, outlet, event, number, others, decisions)


async def issue_pass(
    session: AsyncSession, *, access: Access, application_id: UUID, secrets: Vault, now: datetime, tell: bool = True
) -> EntryPass:
    """The pass of a granted application; asked again, the same pass. Its holder is told, unless `tell` is false.

    Raises Conflict `illegal_move` when the application isn't granted.
    """
    application, journalist, outlet, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    await session.refresh(application)
    living = await pass_store.find_pass_of_application(session, application_id)
    if living is not None:
        return living
    wish = passes.wish_of(application, journalist, outlet)
    return await passes.issue_direct(session, access=access, event=event, wish=wish, vault=secrets, now=now, tell=tell)


async def issue_granted(
    session: AsyncSession, *, access: Access, event_id: UUID, vault: Vault, now: datetime
) -> list[EntryPass]:
    """The passes of all granted applications of an event that have none, in one step; asked again, none are left."""
    event = await event_store.lock_event(session, event_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    wishes = []
    zones = await pass_store.list_zone_codes(session, event_id)
    for application_id in await pass_store.list_granted(session, event_id):
        application, journalist, outlet, _ = await store.get_application(session, application_id, lock=True)
        living = await pass_store.find_pass_of_application(session, application_id)
        if application.state in GRANTED and living is None and zones.issuperset(application.zones_granted):
            wishes.append(passes.wish_of(application, journalist, outlet))
    if not wishes:
        return []
    actor = audit.staff(access)
    return await passes.issue_many(session, event=event, wishes=wishes, actor=actor, vault=vault, now=now)
