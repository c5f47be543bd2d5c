"""Sending a draft in: what is still missing, and what begins with it."""

import re
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Application,
    ApplicationState,
    ClassRule,
    ConsentPurpose,
    EvidenceKind,
    Journalist,
    Outcome,
    Review,
)
from service.domain.accreditation.answers import FILE
from service.domain.errors import Conflict, FieldError, Invalid
from service.domain.localtime import local_day
from service.domain.messages import MailKind
from service.store import accreditation as application_store
from service.store import consents as consent_store
from service.store import evidence as evidence_store
from service.store import rules as rule_store
from service.store.vault import Vault
from service.usecases import messages
from service.usecases.accreditation import clocks
from service.usecases.accreditation.drafts import get_written, record, require_open
from service.usecases.accreditation.journalists import card_number
from service.usecases.accreditation.pruning import drop_unasked
from service.usecases.accreditation.reviewing import UNDER_WAY
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.steps import move, step


def missing(
    rule: ClassRule, application: Application, journalist: Journalist, kinds: frozenset[EvidenceKind]
) -> list[str]:
    """The codes of fields and files that an application still needs before it can be sent in."""
    wanted = [one.code for one in rule.asks if one.required]
    lacking = [code for code in wanted if code != "identity_number" and not application.answers.get(code)]
    if "identity_number" in wanted and not application.identity_hash:
        lacking.append("identity_number")
    if not application.zones_wanted:
        lacking.append("zones_wanted")
    if rule.press_card == "required" and not journalist.press_card_hash:
        lacking.append("press_card_number")
    asked = [one.kind for one in rule.evidence_of(application.media_role) if one.required]
    return lacking + [FILE + kind.value for kind in asked if kind not in kinds]


async def submit(
    session: AsyncSession,
    *,
    journalist: Journalist,
    application_id: UUID,
    version: int,
    secrets: Vault,
    now: datetime,
) -> Application:
    """Sends a draft in: from now on its authorities' clocks run. Sent twice, it is sent once. What its class doesn't
    ask for is removed.

    Raises Invalid `not_complete` with a pointer for each thing that is missing or, `press_card_format` and
    `expired`, not as the class wants it; `/consent` when its owner doesn't agree to the use of their data. Raises
    Conflict `changed_meanwhile`, `closed` after the last moment.
    """
    application = await get_written(session, journalist=journalist, application_id=application_id, lock=True)
    await session.refresh(application)
    if application.state in UNDER_WAY:
        return application
    if application.state is not ApplicationState.DRAFT or application.rule_set_id is None:
        raise Conflict("illegal_move", application.state.value)
    if application.version != version:
        raise Conflict("changed_meanwhile", f"version {application.version}")
    await require_open(session, application.event_id, now)
    rule = (await rules_of(session, application.rule_set_id)).of(application.class_code)
    _, owner, _, _ = await application_store.get_application(session, application_id)
    await _require_whole(session, rule, application, owner, secrets, now)
    await drop_unasked(session, application, rule, now)
    await send_in(session, application, rule, now)
    await messages.tell_of_application(
        session,
        application=application,
        language=owner.language,
        kind=MailKind.APPLICATION_RECEIVED,
        step="submitted",
        now=now,
    )
    record(session, journalist, "submitted", application, now)
    return application


async def _require_whole(
    session: AsyncSession,
    rule: ClassRule,
    application: Application,
    owner: Journalist,
    secrets: Vault,
    now: datetime,
) -> None:
    kinds = frozenset(one.kind for one in await evidence_store.list_evidence(session, application.id))
    lacking = missing(rule, application, owner, kinds)
    errors = [FieldError(f"/{code}", "missing", code) for code in lacking]
    expires_on = owner.press_card_expires_on
    if rule.press_card == "required" and expires_on and expires_on < local_day(now):
        errors.append(FieldError("/press_card_expires_on", "expired", "press_card_expires_on"))
    number = card_number(owner, secrets) if rule.press_card != "none" else ""
    if number and not re.fullmatch(rule.press_card_format, number):
        errors.append(FieldError("/press_card_number", "press_card_format", "press_card_number"))
    if not await consent_store.has_agreed(session, owner.id, ConsentPurpose.ACCREDITATION):
        errors.append(FieldError("/consent", "missing", "consent"))
    if errors:
        raise Invalid("not_complete", ", ".join(one.detail for one in errors), errors=tuple(errors))


async def send_in(session: AsyncSession, application: Application, rule: ClassRule, now: datetime) -> None:
    """The application as submitted, with a review for each authority; a standing accreditation needs none."""
    application.submitted_at = now
    await move(session, application, ApplicationState.SUBMITTED, [], now)
    step(session, application, ApplicationState.DRAFT, ApplicationState.SUBMITTED, "", [], None, now)
    if application.standing_id is not None:
        application.outcome = Outcome.PASSED
        await session.flush()
        return
    acting = {
        panel.authority: panel.organisation_id
        for panel, _ in await rule_store.list_panels(session, application.event_id)
    }
    reviews = [
        Review(
            application_id=application.id,
            event_id=application.event_id,
            organisation_id=acting[authority.code],
            authority=authority.code,
            stage=number,
            days=authority.days,
        )
        for number, stage in enumerate(rule.stages)
        for authority in stage.authorities
    ]
    session.add_all(reviews)
    clocks.advance(application, rule, reviews, now)
    await session.flush()
