"""Appeals: what a journalist says against a refusal or a revocation, and what the office answers."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    Decision,
    Journalist,
)
from service.domain.errors import Conflict, Invalid
from service.domain.events import Event
from service.domain.messages import MailKind
from service.domain.working_days import UnknownYear, due_at, load_calendar
from service.store import accreditation as application_store
from service.store import appeals as store
from service.store import events as event_store
from service.store import rules as rule_store
from service.usecases import audit, messages
from service.usecases.accreditation.drafts import get_written
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.setting_aside import set_aside

APPEALABLE = frozenset({ApplicationState.REJECTED, ApplicationState.REVOKED})
"""The states against which a journalist may appeal."""


async def decision_of(session: AsyncSession, application: Application) -> Decision | None:
    """The refusal or revocation that holds now and may be appealed against; None where there is none."""
    if application.state not in APPEALABLE:
        return None
    taken = [
        one
        for one in await application_store.list_decisions(session, application.id)
        if one.to_state is application.state
    ]
    return taken[-1] if taken else None


async def open_until(session: AsyncSession, *, application: Application) -> datetime | None:
    """The instant until which the decision on an application may be appealed against; None: it can't be.

    Its working days begin on the day after the decision. Raises Conflict `calendar_unknown` where they can't be
    counted yet.
    """
    decision = await decision_of(session, application)
    plan = await rule_store.find_plan(session, application.event_id)
    if decision is None or plan is None:
        return None
    try:
        return due_at(load_calendar(), decision.decided_at, plan.appeal_days)
    except UnknownYear as unknown:
        raise Conflict("calendar_unknown", str(unknown.year)) from unknown


async def file(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, text: str, now: datetime
) -> Appeal:
    """Keeps an appeal against the refusal or revocation of one's own application; a decision has one appeal.

    Raises Conflict `illegal_move` where nothing was refused or the event has no rules, `closed` after the last
    working day, `calendar_unknown`, `already_exists`; Invalid without a text.
    """
    application = await get_written(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    decision = await decision_of(session, application)
    until = await open_until(session, application=application)
    if decision is None or until is None:
        raise Conflict("illegal_move", application.state.value)
    if until <= now:
        raise Conflict("closed", until.isoformat())
    if not text:
        raise Invalid.at("/text", "missing", "say why")
    if any(one.decision_id == decision.id for one in await store.list_appeals(session, application.id)):
        raise Conflict("already_exists")
    appeal = Appeal(application_id=application.id, decision_id=decision.id, wording=text, filed_at=now)
    session.add(appeal)
    await session.flush()
    _record(session, actor_of(journalist), "appealed", application, appeal, now)
    return appeal


async def answer(
    session: AsyncSession, *, access: Access, appeal_id: UUID, upheld: bool, answer: str, now: datetime
) -> Appeal:
    """The office's answer. Upheld, the decision is set aside and the review goes on; dismissed, it stands.

    Either way the journalist is told why, by mail. A decision that was set aside meanwhile is left as it is. Raises
    Conflict `illegal_move` for an appeal that was answered, Invalid without an answer.
    """
    found = await store.get_appeal(session, appeal_id)
    application, owner, _, event = await application_store.get_application(session, found.application_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    await session.refresh(application)
    appeal = await store.get_appeal(session, appeal_id, lock=True)
    if appeal.state is not AppealState.FILED:
        raise Conflict("illegal_move", appeal.state.value)
    if not answer:
        raise Invalid.at("/answer", "missing", "say why")
    appeal.state = AppealState.UPHELD if upheld else AppealState.DISMISSED
    appeal.answer, appeal.answered_by_id, appeal.answered_at = answer, access.staff_id, now
    await session.flush()
    contested = await decision_of(session, application)
    if upheld and contested is not None and contested.id == appeal.decision_id:
        await set_aside(session, access=access, application_id=application.id, ground=answer, now=now, tell=False)
    await messages.tell_of_application(
        session,
        application=application,
        language=owner.language,
        kind=MailKind.APPEAL_ANSWERED,
        step=appeal.id,
        now=now,
    )
    _record(session, audit.staff(access), f"appeal_{appeal.state.value}", application, appeal, now)
    return appeal


async def list_open(
    session: AsyncSession, *, access: Access, event_id: UUID
) -> list[tuple[Appeal, Application, Journalist]]:
    """The appeals of an event that wait for the office, the oldest first."""
    event = await event_store.get(session, Event, event_id, "event")
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    return await store.list_open(session, event_id)


def _record(
    session: AsyncSession, actor: audit.Actor, action: str, application: Application, appeal: Appeal, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
        appeal=str(appeal.id),
    )
