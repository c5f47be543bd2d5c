"""What journalists do with an application: submit it, answer, withdraw it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    GRANTED,
    Application,
    ApplicationState,
    Journalist,
    MediaRole,
    Question,
    may_move,
)
from service.domain.errors import Conflict, FieldError, Invalid, NotFound
from service.domain.events import Event, EventState
from service.store import accreditation as store
from service.store import events as event_store
from service.store import reviews as review_store
from service.store import rules as rule_store
from service.usecases import audit
from service.usecases.accreditation.drafts import get_written
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.reviewing import close_all, resume_answered
from service.usecases.accreditation.steps import end_pass, move, require_zones, step


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
    """Submits a journalist's application for an event that takes applications without classes.

    Where there are classes, an application begins as a draft (drafts.py). Raises Conflict `closed` when the event
    takes none (any more), `already_exists` for a second one, and Invalid for zones that the event doesn't have.
    """
    event = await event_store.get(session, Event, event_id, "event")
    if event.state is not EventState.OPEN or event.accreditation_closes_at is None:
        raise Conflict("closed")
    if event.accreditation_closes_at <= now:
        raise Conflict("closed", f"{event.accreditation_closes_at.isoformat()}")
    if await rule_store.find_plan(session, event_id) is not None:
        raise Conflict("not_complete", "this event has classes: begin a draft and send it in when it is complete")
    await require_zones(session, event_id, zones, "/zones_wanted")
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
    step(session, application, None, ApplicationState.SUBMITTED, "", [], None, now)
    await session.flush()
    audit.record(
        session,
        actor=actor_of(journalist),
        action="submitted",
        noun="application",
        object_id=application.id,
        event_id=event_id,
        now=now,
    )
    return application


async def answer(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    text: str,
    now: datetime,
    texts: Mapping[UUID, str] | None = None,
) -> Application:
    """The journalist, or their focal point, tells what was asked for; the answer is kept as a step, and the clocks
    that waited go on.

    `texts` has an answer for each open question by its id, and `text` then stands for nothing. Raises Invalid
    `not_complete` with a pointer `/answers/<id>` for each question that is left open.
    """
    application = await get_written(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    before = application.state
    after = ApplicationState.SUBMITTED if application.rule_set_id is None else ApplicationState.IN_REVIEW
    if before is not ApplicationState.NEEDS_INFORMATION:
        raise Conflict("illegal_move", f"{before.value} → {after.value}")
    questions = await review_store.list_questions(session, application.id, open_only=True)
    if texts is not None:
        _require_answered(questions, texts)
        text = "\n\n".join(texts[one.id] for one in questions)
    for question in questions:
        question.answer, question.answered_at = texts[question.id] if texts is not None else text, now
    await session.flush()
    await resume_answered(session, application, now)
    await move(session, application, after, [], now)
    step(session, application, before, after, text, [], None, now)
    await session.flush()
    audit.record(
        session,
        actor=actor_of(journalist),
        action="answered",
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
    )
    return application


def _require_answered(questions: list[Question], texts: Mapping[UUID, str]) -> None:
    errors = [FieldError(f"/answers/{one.id}", "missing", one.wording) for one in questions if not texts.get(one.id)]
    if errors:
        raise Invalid("not_complete", errors[0].detail, errors=tuple(errors))


async def withdraw(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, now: datetime
) -> Application:
    """The journalist, or their focal point, takes an application back; a pass that came of it ends."""
    application = await get_written(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    if not may_move(application.state, ApplicationState.WITHDRAWN):
        raise Conflict("illegal_move", f"{application.state.value} → withdrawn")
    before = application.state
    await move(session, application, ApplicationState.WITHDRAWN, [], now)
    step(session, application, before, ApplicationState.WITHDRAWN, "", [], None, now)
    await close_all(session, application)
    if before in GRANTED:
        await end_pass(session, application, actor_of(journalist), "withdrawn", "", now)
    await session.flush()
    audit.record(
        session,
        actor=actor_of(journalist),
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
