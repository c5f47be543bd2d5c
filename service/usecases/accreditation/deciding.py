"""What reviewers do with an application: open it, decide on it, have its pass issued."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    GRANTED,
    NEEDS_REASON,
    Application,
    ApplicationState,
    ConsentPurpose,
    Decision,
    EvidenceKind,
    Journalist,
    Outlet,
    may_move,
)
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event
from service.domain.files import FilePurpose
from service.domain.messages import MailKind
from service.domain.passes import EntryPass
from service.store import accounts as account_store
from service.store import accreditation as store
from service.store import consents as people_store
from service.store import events as event_store
from service.store import evidence as evidence_store
from service.store import files
from service.store import passes as pass_store
from service.store.vault import Vault
from service.usecases import audit, messages, passes
from service.usecases.accreditation.granting import require_grantable
from service.usecases.accreditation.journalists import card_number
from service.usecases.accreditation.reviewing import ask, close_all, pause_all
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.steps import end_pass, move, require_zones, step

BY_JOURNALIST = frozenset({ApplicationState.DRAFT, ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN})
"""States into which only the journalist brings an application."""


@dataclass(frozen=True)
class DecisionWish:
    """A decision as it is to be taken. `zones` and `days` are those granted; days empty: all.

    `reason_code` names a canned reason, whose text stands for the reason if that is empty. `beyond_quota`: though
    the outlet's quota or the cap is full; the reason then says why.
    """

    to_state: ApplicationState
    reason: str = ""
    reason_code: str = ""
    zones: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    escort: bool = False
    beyond_quota: bool = False


async def decide(
    session: AsyncSession,
    *,
    access: Access,
    application_id: UUID,
    wish: DecisionWish,
    now: datetime,
    tell: bool = True,
    batch_id: UUID | None = None,
) -> Application:
    """One step of an application by the office; it is kept for ever and the journalist sees its reason.

    Where authorities have a say, a grant needs their verdicts and keeps to their conditions; silence is never a yes.
    Raises Conflict `illegal_move` for a step that the state doesn't allow, `reviews_pending`,
    `refused_by_authority`, `conditions_apply`, `quota_full`; Invalid for a missing reason or zone. Revoking ends the
    pass in the same transaction; the journalist is told by mail, unless `tell` is false.
    """
    application, journalist, outlet, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    await session.refresh(application)
    before, after = application.state, wish.to_state
    if after in BY_JOURNALIST or not may_move(before, after):
        raise Conflict("illegal_move", f"{before.value} → {after.value}")
    reason = await _reason(session, application, journalist, wish)
    granted = wish.zones if after in GRANTED else ()
    if after in GRANTED:
        await require_zones(session, event.id, list(wish.zones), "/zones")
        await require_grantable(session, application=application, outlet=outlet, wish=wish, reason=reason, now=now)
    organisation = await account_store.get_organisation(session, event.organisation_id)
    if after is ApplicationState.NEEDS_INFORMATION:
        await pause_all(session, application, now)
        await ask(session, application, journalist, reason, (), access.staff_id, None, now)
    else:
        await move(session, application, after, list(granted), now)
        application.days_granted = sorted(set(wish.days)) or None if after in GRANTED else None
        application.escort = wish.escort and after in GRANTED
        taken = step(
            session,
            application,
            before,
            after,
            reason,
            list(granted),
            access.staff_id,
            now,
            reason_code=wish.reason_code,
            authority=organisation.name_vi,
            batch_id=batch_id,
        )
        if after is not ApplicationState.IN_REVIEW:
            await close_all(session, application)
        if before in GRANTED:
            await end_pass(session, application, audit.staff(access), reason, organisation.name_vi, now, tell=tell)
        if tell and after is not ApplicationState.IN_REVIEW:
            await tell_decision(session, application, journalist, taken, now)
    await session.flush()
    audit.record(
        session,
        actor=audit.staff(access),
        action=after.value,
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        before=before.value,
        zones=sorted(set(granted)),
    )
    return application


async def tell_decision(
    session: AsyncSession, application: Application, journalist: Journalist, taken: Decision, now: datetime
) -> None:
    """The journalist is told of a decision, once."""
    await messages.tell_of_application(
        session,
        application=application,
        language=journalist.language,
        kind=MailKind.APPLICATION_DECIDED,
        step=taken.id,
        now=now,
    )


async def _reason(session: AsyncSession, application: Application, journalist: Journalist, wish: DecisionWish) -> str:
    """The reason of a decision, in the journalist's language where a canned one was taken."""
    reason = wish.reason
    if not reason and wish.reason_code and application.rule_set_id is not None:
        canned = (await rules_of(session, application.rule_set_id)).reason(wish.reason_code)
        reason = canned.text[journalist.language] if canned else ""
    if wish.to_state in NEEDS_REASON and not reason:
        raise Invalid.at("/reason", "missing", "the journalist is told why")
    return reason


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
    if application.state is ApplicationState.DRAFT:
        raise NotFound("application")
    number = card_number(journalist, secrets)
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
    wish = await _wish_of(session, application, journalist, outlet, secrets, now)
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
            wishes.append(await _wish_of(session, application, journalist, outlet, vault, now))
    if not wishes:
        return []
    actor = audit.staff(access)
    return await passes.issue_many(session, event=event, wishes=wishes, actor=actor, vault=vault, now=now)


async def _wish_of(
    session: AsyncSession,
    application: Application,
    journalist: Journalist,
    outlet: Outlet,
    secrets: Vault,
    now: datetime,
) -> passes.Wish:
    """The pass of a granted application, with its portrait if the journalist agreed that it stands on the badge.

    The badge gets a copy of its own, which lasts as long as the badge does; the evidence is removed before.
    """
    wish = passes.wish_of(application, journalist, outlet)
    shown = await evidence_store.find_evidence(session, application.id, EvidenceKind.PORTRAIT)
    agreed = await people_store.has_agreed(session, journalist.id, ConsentPurpose.PORTRAIT_ON_BADGE)
    if shown is None or shown.file_id is None or not agreed:
        return wish
    content = await files.open_file(session, shown.file_id, FilePurpose.EVIDENCE, secrets)
    kept = await files.add_file(
        session, purpose=FilePurpose.PORTRAIT, media_type="image/jpeg", content=content, vault=secrets, now=now
    )
    return replace(wish, portrait_id=kept.id)
