"""Setting a decision aside: after an appeal, or because it was a mistake. The record keeps both."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import SET_ASIDE, Application, ApplicationState, Decision, ReviewState
from service.domain.errors import Conflict, Invalid
from service.domain.messages import MailKind
from service.store import accounts as account_store
from service.store import accreditation as store
from service.store import reviews as review_store
from service.usecases import audit, messages
from service.usecases.accreditation import clocks
from service.usecases.accreditation.rules import rule_of
from service.usecases.accreditation.steps import move, step


async def set_aside(
    session: AsyncSession,
    *,
    access: Access,
    application_id: UUID,
    ground: str,
    now: datetime,
    batch_id: UUID | None = None,
    tell: bool = True,
) -> Application:
    """A refusal, a place on the waiting list or a revocation no longer holds; the application is in review again.

    Verdicts stay as they were given; authorities that were no longer waited for look now, with all their days. A
    pass that was revoked stays revoked. The journalist is told by mail, unless `tell` is false. Raises Conflict
    `illegal_move` for any other state, Invalid without a ground.
    """
    application, journalist, _, event = await store.get_application(session, application_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    await session.refresh(application)
    before = application.state
    if before not in SET_ASIDE:
        raise Conflict("illegal_move", f"{before.value} → {ApplicationState.IN_REVIEW.value}")
    if not ground:
        raise Invalid.at("/ground", "missing", "say why the decision no longer holds")
    organisation = await account_store.get_organisation(session, event.organisation_id)
    superseded = await _last_into(session, application.id, before)
    await move(session, application, SET_ASIDE[before], [], now)
    application.days_granted, application.escort, application.decided_at = None, False, None
    taken = step(
        session,
        application,
        before,
        application.state,
        ground,
        [],
        access.staff_id,
        now,
        authority=organisation.name_vi,
        supersedes_id=superseded.id if superseded else None,
        batch_id=batch_id,
    )
    await _open_again(session, application, now)
    if tell:
        await messages.tell_of_application(
            session,
            application=application,
            language=journalist.language,
            kind=MailKind.APPLICATION_DECIDED,
            step=taken.id,
            now=now,
        )
    audit.record(
        session,
        actor=audit.staff(access),
        action="set_aside",
        noun="application",
        object_id=application.id,
        event_id=event.id,
        now=now,
        before=before.value,
    )
    return application


async def _last_into(session: AsyncSession, application_id: UUID, state: ApplicationState) -> Decision | None:
    """The decision that is set aside."""
    taken = [one for one in await store.list_decisions(session, application_id) if one.to_state is state]
    return taken[-1] if taken else None


async def _open_again(session: AsyncSession, application: Application, now: datetime) -> None:
    """Whose turn it was when the decision came has it again; who never had it waits for it."""
    rule = await rule_of(session, application)
    reviews = await review_store.list_reviews(session, application.id, fresh=True)
    for one in reviews:
        if one.state is ReviewState.CLOSED:
            one.state = ReviewState.WAITING
            if one.started_at is not None:
                clocks.begin(one, now)
    if rule is not None and reviews:
        clocks.advance(application, rule, reviews, now)
    await session.flush()
