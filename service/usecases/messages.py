"""Telling people by mail: the news is put in with the change itself and written when it is sent."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import Application, Review
from service.domain.base import new_id
from service.domain.errors import Conflict, NotFound
from service.domain.events import Event
from service.domain.messages import MailKind, MailState, OutgoingMail
from service.domain.passes import EntryPass, PassState
from service.settings import Settings
from service.store import events as event_store
from service.store import messages as store
from service.store import passes as pass_store
from service.store import post
from service.store.database import Database
from service.usecases import audit

log = structlog.get_logger("mail")
_MOST_MAILS = 50
_OF_PASSES = frozenset({MailKind.PASS_ISSUED, MailKind.PASS_REPLACED, MailKind.PASS_ENDED})


def _mail(entry_pass: EntryPass, kind: MailKind, once: str, now: datetime) -> OutgoingMail:
    return OutgoingMail(
        once=once,
        kind=kind,
        object_id=entry_pass.id,
        event_id=entry_pass.event_id,
        language=entry_pass.language,
        next_try_at=now,
        created_at=now,
    )


async def tell_of_passes(session: AsyncSession, *, passes: list[EntryPass], now: datetime) -> None:
    """Each new pass goes to its holder's address, if it is known: as a new one, or in the place of the one before."""
    await store.add_mails(
        session,
        [
            _mail(
                one,
                MailKind.PASS_REPLACED if one.replaces_id else MailKind.PASS_ISSUED,
                f"pass:{one.id}:issued",
                now,
            )
            for one in passes
            if one.holder_email
        ],
    )


async def tell_of_end(session: AsyncSession, *, entry_pass: EntryPass, now: datetime) -> None:
    """The holder is told that the pass was revoked, why, and by whom."""
    if entry_pass.holder_email:
        once = f"pass:{entry_pass.id}:{entry_pass.state.value}:{entry_pass.list_version}"
        await store.add_mails(session, [_mail(entry_pass, MailKind.PASS_ENDED, once, now)])


async def tell_of_application(
    session: AsyncSession, *, application: Application, language: str, kind: MailKind, step: object, now: datetime
) -> None:
    """The applicant is told of one step of an application; `step` is what happened, so that it is told once.

    A focal point who wrote the application for them gets a copy, in their own language.
    """
    mail = OutgoingMail(
        once=f"application:{application.id}:{kind.value}:{step}",
        kind=kind,
        object_id=application.id,
        event_id=application.event_id,
        language=language,
        facts={"step": str(step)},
        next_try_at=now,
        created_at=now,
    )
    mails = [mail]
    if application.made_by_id not in (None, application.journalist_id):
        spoken = await store.find_language(session, application.made_by_id)
        copy = {"step": str(step), "copy": True}
        changed = {"id": new_id(), "once": f"{mail.once}:copy", "language": spoken or language, "facts": copy}
        mails.append(OutgoingMail(**(mail.model_dump() | changed)))
    await store.add_mails(session, mails)


async def tell_of_review(
    session: AsyncSession, *, review: Review, kind: MailKind, language: str, now: datetime
) -> None:
    """The lead of an authority is told of a clock that runs out, once for each time it was begun."""
    mail = OutgoingMail(
        once=f"review:{review.id}:{kind.value}:{review.round}:{review.due_at}",
        kind=kind,
        object_id=review.id,
        event_id=review.event_id,
        language=language,
        next_try_at=now,
        created_at=now,
    )
    await store.add_mails(session, [mail])


async def mails_about(
    session: AsyncSession, *, access: Access, application_id: UUID, event: Event
) -> list[OutgoingMail]:
    """The mails about an application, the newest first, for the office that decides on it."""
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    return await store.list_mails(session, event_id=event.id, object_id=application_id, limit=_MOST_MAILS)


async def tell_again(session: AsyncSession, *, access: Access, pass_id: UUID, now: datetime) -> OutgoingMail:
    """The pass once more to its holder, because a member of staff asks for it.

    Raises Conflict `illegal_move` without an address, or for a pass that is over.
    """
    found, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_ISSUE, event.organisation_id)
    if not found.holder_email or found.state is not PassState.ACTIVE:
        raise Conflict("illegal_move", "no address" if not found.holder_email else found.state.value)
    mail = _mail(found, MailKind.PASS_ISSUED, f"pass:{found.id}:again:{new_id()}", now)
    session.add(mail)
    await session.flush()
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="mailed", noun="pass", object_id=found.id, event_id=event.id, now=now)
    return mail


async def mails_of(session: AsyncSession, *, access: Access, pass_id: UUID) -> list[OutgoingMail]:
    """The mails about a pass, the newest first."""
    _, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
    return await store.list_mails(session, object_id=pass_id, limit=_MOST_MAILS)


# The worker's side ----------------------------------------------------------------------------------------------

_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
"""How long to wait after each failed try; after the last one the mail has failed."""
_GONE = timedelta(minutes=15)
_OLD = timedelta(days=7)

Compose = Callable[[AsyncSession, OutgoingMail, datetime], Awaitable[EmailMessage | None]]
"""Writes a mail of what is true at that moment; None when it has been overtaken."""


async def send_one_mail(database: Database, *, compose: Compose, settings: Settings, now: datetime) -> bool:
    """Sends the mail that is due next; False when there is none, or no mail server.

    Never twice: that it is being sent is kept before it is handed in. Whether a mail was taken may stay unsure (the
    connection or the worker broke at that moment); then it waits for a person.
    """
    if not settings.smtp_host:
        return False
    async with database.transaction() as session:
        await store.mark_unsure(session, now - _GONE)
        mail = await store.take_mail(session, now)
        if mail is None:
            return False
        mail.attempts += 1
        mail.state, mail.next_try_at = MailState.SENDING, now
    state, problem = await _try(database, mail, compose, settings, now)
    async with database.transaction() as session:
        await _note(session, mail.id, state, problem, now)
    return True


async def _try(
    database: Database, mail: OutgoingMail, compose: Compose, settings: Settings, now: datetime
) -> tuple[MailState, str]:
    """Writes the mail and hands it in; one that can't be written waits as one that can't be handed in does."""
    if now - mail.created_at >= _OLD:
        return MailState.DROPPED, ""
    try:
        async with database.session() as session:
            message = await compose(session, mail, now)
    except Exception as fault:
        log.exception("a mail could not be written", mail_id=str(mail.id))
        return (MailState.FAILED if mail.attempts > len(_WAITS) else MailState.QUEUED), type(fault).__name__
    return await _hand_in(message, settings, mail.attempts) if message else (MailState.DROPPED, "")


async def _hand_in(message: EmailMessage, settings: Settings, attempts: int) -> tuple[MailState, str]:
    try:
        await asyncio.to_thread(post.send, message, settings)
    except post.NotTaken as problem:
        last = problem.for_good or attempts > len(_WAITS)
        return (MailState.FAILED if last else MailState.QUEUED), str(problem)
    except post.Unsure as problem:
        return MailState.UNSURE, str(problem)
    return MailState.SENT, ""


async def _note(session: AsyncSession, mail_id: UUID, state: MailState, problem: str, now: datetime) -> None:
    mail = await store.lock_mail(session, mail_id)
    if mail is None:
        return
    mail.state, mail.problem = state, problem
    if state is MailState.SENT:
        mail.sent_at = now
    elif state is MailState.QUEUED:
        mail.next_try_at = now + _WAITS[mail.attempts - 1]


async def send_again(session: AsyncSession, *, access: Access, mail_id: UUID, now: datetime) -> OutgoingMail:
    """A person decides that a mail which failed, or may have failed, is tried once more.

    Raises Conflict `illegal_move` for one that waits, is under way, or was sent; NotFound for a mail that belongs to
    no event: a link for signing in is asked for anew by whoever wants one.
    """
    mail = await store.lock_mail(session, mail_id)
    if mail is None or mail.event_id is None:
        raise NotFound("mail")
    event = await event_store.get(session, Event, mail.event_id, "event")
    of_pass = mail.kind in _OF_PASSES
    access.require(Permission.PASSES_ISSUE if of_pass else Permission.ACCREDITATION_DECIDE, event.organisation_id)
    if mail.state not in (MailState.FAILED, MailState.UNSURE):
        raise Conflict("illegal_move", f"{mail.state.value} → queued")
    mail.state, mail.attempts, mail.next_try_at = MailState.QUEUED, 0, now
    await session.flush()
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="sent_again", noun="mail", object_id=mail.id, event_id=event.id, now=now)
    return mail
