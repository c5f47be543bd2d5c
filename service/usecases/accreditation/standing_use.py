"""Using a standing accreditation: confirmed for one event in one step, without the authorities looking again."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AccreditationPlan,
    Application,
    ApplicationState,
    ClassRule,
    ConsentPurpose,
    Journalist,
    MediaRole,
    StandingAccreditation,
)
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event
from service.domain.messages import MailKind
from service.store import accreditation as application_store
from service.store import consents as consent_store
from service.store import passes as pass_store
from service.store import standing as store
from service.usecases import audit, messages
from service.usecases.accreditation.drafts import require_open
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.sending import send_in
from service.usecases.accreditation.steps import require_zones


async def confirm(
    session: AsyncSession,
    *,
    journalist: Journalist,
    event_id: UUID,
    media_role: MediaRole,
    zones: list[str],
    now: datetime,
) -> Application:
    """Applies for an event by a standing accreditation, in one step: no authority looks again, the office decides.

    A draft that was begun is taken. Raises NotFound without a standing accreditation of the event's organisation,
    Conflict `closed` when its class isn't open, `expired` when it (or the press card that its class needs) doesn't
    cover the event's days, `already_exists`; Invalid for zones, and at `/consent` without consent.
    """
    event, plan = await require_open(session, event_id, now)
    standing, rule = await _covering(session, journalist, event, plan)
    await require_zones(session, event_id, zones, "/zones_wanted")
    if not await consent_store.has_agreed(session, journalist.id, ConsentPurpose.ACCREDITATION):
        raise Invalid.at("/consent", "missing", "agree to the use of your data first")
    application = await _draft(session, journalist, event_id, rule, plan, now)
    application.class_code, application.rule_set_id = rule.code, plan.rule_set_id
    application.standing_id, application.media_role = standing.id, media_role
    application.zones_wanted = sorted(set(zones))
    application.version += 1
    await session.flush()
    await send_in(session, application, rule, now)
    await messages.tell_of_application(
        session,
        application=application,
        language=journalist.language,
        kind=MailKind.APPLICATION_RECEIVED,
        step="submitted",
        now=now,
    )
    audit.record(
        session,
        actor=actor_of(journalist),
        action="submitted",
        noun="application",
        object_id=application.id,
        event_id=event_id,
        now=now,
        standing=str(standing.id),
    )
    return application


async def _covering(
    session: AsyncSession, journalist: Journalist, event: Event, plan: AccreditationPlan
) -> tuple[StandingAccreditation, ClassRule]:
    """The standing accreditation that serves for an event, held until the end, and its class's rule there."""
    living = await store.list_living(session, journalist_id=journalist.id, organisation_id=event.organisation_id)
    if not living:
        raise NotFound("standing accreditation")
    rules = await rules_of(session, plan.rule_set_id)
    open_codes = {code for code in plan.classes if rules.of(code).standing}
    of_class = [one for one in living if one.class_code in open_codes]
    if not of_class:
        raise Conflict("closed", ", ".join(sorted(one.class_code for one in living)))
    period = await pass_store.find_period(session, event.id)
    for one in of_class:
        if period is not None and one.valid_from <= period[0] and period[1] <= one.valid_until:
            held = await store.get_standing(session, one.id, lock=True)
            if held.ended_at is None:
                rule = rules.of(held.class_code)
                _require_card(journalist, rule, period[1])
                return held, rule
    raise Conflict("expired", ", ".join(f"{one.valid_from} – {one.valid_until}" for one in of_class))


def _require_card(journalist: Journalist, rule: ClassRule, last_on: date) -> None:
    expires_on = journalist.press_card_expires_on
    if rule.press_card == "required" and (expires_on is None or expires_on < last_on):
        raise Conflict("expired", f"press card: {expires_on}")


async def _draft(
    session: AsyncSession,
    journalist: Journalist,
    event_id: UUID,
    rule: ClassRule,
    plan: AccreditationPlan,
    now: datetime,
) -> Application:
    """The draft that was begun, or a new one, locked. Raises Conflict `already_exists` for anything else."""
    found = await application_store.find_application(session, event_id=event_id, journalist_id=journalist.id)
    if found is None:
        made = Application(
            event_id=event_id,
            journalist_id=journalist.id,
            class_code=rule.code,
            rule_set_id=plan.rule_set_id,
            state=ApplicationState.DRAFT,
            media_role=MediaRole.WRITER,
            created_at=now,
        )
        if not await application_store.add_application(session, made):
            return await _draft(session, journalist, event_id, rule, plan, now)
        found = made
    application, *_ = await application_store.get_application(session, found.id, lock=True)
    await session.refresh(application)
    if application.state is not ApplicationState.DRAFT:
        raise Conflict("already_exists")
    return application
