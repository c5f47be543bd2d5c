"""What an applicant writes: a draft that can be left and found again, and changed until it is decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AccreditationPlan,
    Application,
    ApplicationState,
    ClassRule,
    Journalist,
    MediaRole,
    ReviewState,
    touched_by,
)
from service.domain.accreditation.answers import ASKED, changed, read_answer
from service.domain.errors import Conflict, FieldError, Forbidden, Invalid, NotFound
from service.domain.events import Event, EventState
from service.store import accreditation as application_store
from service.store import events as event_store
from service.store import outlets as outlet_store
from service.store import reviews as review_store
from service.store import rules as rule_store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation import clocks
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.reviewing import UNDER_WAY
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.showing import IDENTITY
from service.usecases.accreditation.steps import require_zones

WRITABLE = UNDER_WAY | {ApplicationState.DRAFT}
"""The states in which an applicant may still change what was written."""


@dataclass(frozen=True)
class Changes:
    """What is to be written; None and missing answers stay as they are. `answers`: by field code, as typed."""

    class_code: str | None = None
    media_role: MediaRole | None = None
    zones_wanted: tuple[str, ...] | None = None
    note: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


async def require_open(session: AsyncSession, event_id: UUID, now: datetime) -> tuple[Event, AccreditationPlan]:
    """An event that takes applications by class now. Raises Conflict `closed`."""
    event = await event_store.get(session, Event, event_id, "event")
    plan = await rule_store.find_plan(session, event_id)
    if plan is None or event.state is not EventState.OPEN or event.accreditation_closes_at is None:
        raise Conflict("closed")
    if event.accreditation_closes_at <= now:
        raise Conflict("closed", event.accreditation_closes_at.isoformat())
    return event, plan


async def start(
    session: AsyncSession,
    *,
    journalist: Journalist,
    event_id: UUID,
    class_code: str,
    now: datetime,
    for_journalist: Journalist | None = None,
) -> Application:
    """A draft for an event; asked again, the one that is there already, whatever became of it.

    A focal point starts one for somebody of their outlet (`for_journalist`). Raises Conflict `closed`, Invalid for
    a class that isn't open, Forbidden for somebody who is no focal point of that outlet.
    """
    owner = for_journalist or journalist
    await _require_acting_for(session, journalist, owner)
    _, plan = await require_open(session, event_id, now)
    if class_code not in plan.classes:
        raise Invalid.at("/class_code", "invalid", f"open classes: {', '.join(plan.classes)}")
    found = await application_store.find_application(session, event_id=event_id, journalist_id=owner.id)
    if found is not None:
        return found
    made = Application(
        event_id=event_id,
        journalist_id=owner.id,
        made_by_id=journalist.id if owner.id != journalist.id else None,
        class_code=class_code,
        rule_set_id=plan.rule_set_id,
        state=ApplicationState.DRAFT,
        media_role=MediaRole.WRITER,
        created_at=now,
    )
    if not await application_store.add_application(session, made):
        return await start(
            session, journalist=journalist, event_id=event_id, class_code=class_code, now=now, for_journalist=owner
        )
    record(session, journalist, "started", made, now)
    return await application_store.get_fresh(session, made.id)


async def _require_acting_for(session: AsyncSession, acting: Journalist, owner: Journalist) -> None:
    if acting.id == owner.id:
        return
    if not await outlet_store.is_focal_point(session, journalist_id=acting.id, outlet_id=owner.outlet_id):
        raise Forbidden("only a focal point of the outlet applies for others")


async def write(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    version: int,
    changes: Changes,
    secrets: Vault,
    now: datetime,
) -> Application:
    """Writes changes into an application that was read at `version`.

    Authorities that see one of the changed fields look again; other verdicts stand. Raises Conflict
    `changed_meanwhile` when another window saved first, `illegal_move` once it is decided, Invalid with a pointer
    for each answer that can't be kept.
    """
    application, rule = await lock_writable(session, journalist=journalist, application_id=application_id)
    if application.version != version:
        raise Conflict("changed_meanwhile", f"version {application.version}")
    before = _written(application)
    if changes.class_code is not None and changes.class_code != application.class_code:
        rule = await _change_class(session, application, changes.class_code)
    if changes.zones_wanted:
        await require_zones(session, application.event_id, list(changes.zones_wanted), "/zones_wanted")
    _write(application, changes, secrets)
    fields = changed(before, _written(application))
    if fields:
        application.version += 1
        await note_changed(session, application, rule, fields, now)
        record(session, journalist, "written", application, now, fields=sorted(fields))
    await session.flush()
    return application


async def lock_writable(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID
) -> tuple[Application, ClassRule]:
    """An application that this journalist may still change, locked, with its rule. Raises Conflict `illegal_move`."""
    application = await get_written(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    if application.state not in WRITABLE or application.rule_set_id is None:
        raise Conflict("illegal_move", application.state.value)
    return application, (await rules_of(session, application.rule_set_id)).of(application.class_code)


async def get_written(
    session: AsyncSession, *, journalist: Journalist, application_id: UUID, lock: bool = False
) -> Application:
    """An application of one's own, or of somebody for whose outlet one is the focal point; others don't exist."""
    application, owner, _, _ = await application_store.get_application(session, application_id, lock=lock)
    try:
        await _require_acting_for(session, journalist, owner)
    except Forbidden:
        raise NotFound("application") from None
    return application


async def _change_class(session: AsyncSession, application: Application, class_code: str) -> ClassRule:
    """Another class asks other things of other people, so it can be chosen only until the application is sent in."""
    plan = await rule_store.find_plan(session, application.event_id)
    if application.state is not ApplicationState.DRAFT or plan is None:
        raise Conflict("illegal_move", "the class stays once the application is sent in")
    if class_code not in plan.classes:
        raise Invalid.at("/class_code", "invalid", f"open classes: {', '.join(plan.classes)}")
    application.class_code, application.rule_set_id = class_code, plan.rule_set_id
    return (await rules_of(session, plan.rule_set_id)).of(class_code)


def _written(application: Application) -> dict[str, Any]:
    return {
        "class": application.class_code,
        "media_role": application.media_role.value,
        "zones_wanted": list(application.zones_wanted),
        "note": application.note,
        "identity_number": application.identity_hash.hex(),
        **application.answers,
    }


def _write(application: Application, changes: Changes, secrets: Vault) -> None:
    answers, errors = dict(application.answers), []
    for code, value in changes.answers.items():
        try:
            answer = read_answer(ASKED[code], value)
        except (KeyError, ValueError) as wrong:
            fault = "invalid" if isinstance(wrong, KeyError) else str(wrong)
            errors.append(FieldError(f"/answers/{code}", fault, code))
            continue
        if code == "identity_number":
            application.identity_sealed = secrets.seal(answer.encode(), purpose=IDENTITY) if answer else b""
            application.identity_hash = secrets.look_up(f"identity {answer}") if answer else b""
        elif answer is None:
            answers.pop(code, None)
        else:
            answers[code] = answer
    if errors:
        raise Invalid("invalid", errors[0].code, errors=tuple(errors))
    application.answers = answers
    if changes.media_role is not None:
        application.media_role = changes.media_role
    if changes.zones_wanted is not None:
        application.zones_wanted = sorted(set(changes.zones_wanted))
    if changes.note is not None:
        application.note = changes.note


async def note_changed(
    session: AsyncSession, application: Application, rule: ClassRule, fields: frozenset[str], now: datetime
) -> frozenset[str]:
    """Opens again the verdicts of the authorities that see a changed field; answers which ones looked already."""
    touched = touched_by(rule, fields)
    reviews = await review_store.list_reviews(session, application.id, fresh=True)
    reopened = [one for one in reviews if one.authority in touched and one.state is ReviewState.DONE]
    for one in reopened:
        clocks.reopen(one, now)
        audit.record(
            session,
            actor=audit.SYSTEM,
            action="reopened",
            noun="application",
            object_id=application.id,
            event_id=application.event_id,
            now=now,
            authority=one.authority,
            fields=sorted(fields.intersection(rule.authority(one.authority).sees)),
        )
    if reviews:
        clocks.advance(application, rule, reviews, now)
    await session.flush()
    return frozenset(one.authority for one in reopened)


def record(
    session: AsyncSession, journalist: Journalist, action: str, application: Application, now: datetime, **details: Any
) -> None:
    """The record of what an applicant, or their focal point, did with an application."""
    audit.record(
        session,
        actor=actor_of(journalist),
        action=action,
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
        **details,
    )
