"""Letters on paper to those who were refused, wait or lost their accreditation."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.accreditation import (
    AccreditationPlan,
    ApplicationState,
    Decision,
    reference_of,
)
from service.domain.errors import Conflict
from service.domain.events import Event
from service.domain.localtime import local_day
from service.domain.working_days import UnknownYear, due_on, load_calendar
from service.store import accounts as account_store
from service.store import accreditation as application_store
from service.store import allocations as store
from service.store import events as event_store
from service.store import rules as rule_store
from service.store.allocations import Applicant
from service.store.printing.letters import Letter, render_letters
from service.usecases import audit
from service.usecases.accreditation.appeals import APPEALABLE
from service.usecases.accreditation.rules import rules_of

_TOLD = (ApplicationState.REJECTED, ApplicationState.WAITLISTED, ApplicationState.REVOKED)


async def of_application(session: AsyncSession, *, access: Access, application_id: UUID, now: datetime) -> bytes:
    """The letter about what holds now, as a PDF.

    Raises Conflict `illegal_move` where there is nothing to write about. That it was made is kept.
    """
    _, _, _, event = await application_store.get_application(session, application_id)
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    return await _letters(session, access, event, [application_id], now)


async def of_allocation(session: AsyncSession, *, access: Access, allocation_id: UUID, now: datetime) -> bytes:
    """One PDF with a letter to everybody of an allocation who has no place now, in the order of their ranks."""
    found = await store.get_allocation(session, allocation_id)
    event = await event_store.get(session, Event, found.event_id, "event")
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    return await _letters(session, access, event, [UUID(row["id"]) for row in found.ranking], now)


async def _letters(
    session: AsyncSession, access: Access, event: Event, application_ids: Sequence[UUID], now: datetime
) -> bytes:
    people = await store.list_people(session, application_ids)
    told = [one for one in application_ids if people[one][0].state in _TOLD]
    if not told:
        raise Conflict("illegal_move", "nobody was refused")
    latest: dict[UUID, Decision] = {}
    for one in await application_store.list_decisions(session, *told):
        if one.to_state is people[one.application_id][0].state:
            latest[one.application_id] = one
    plan = await rule_store.find_plan(session, event.id)
    host = await account_store.get_organisation(session, event.organisation_id)
    made = [await _letter(session, event, host, plan, people[one], latest[one]) for one in told]
    audit.record(
        session,
        actor=audit.staff(access),
        action="letters_made",
        noun="application",
        object_id=told[0],
        event_id=event.id,
        now=now,
        letters=len(made),
    )
    return await render_letters(made, now=now)


async def _letter(
    session: AsyncSession,
    event: Event,
    host: Organisation,
    plan: AccreditationPlan | None,
    applicant: Applicant,
    decision: Decision,
) -> Letter:
    application, journalist, outlet = applicant
    names = ("", "")
    if application.rule_set_id is not None:
        rule = (await rules_of(session, application.rule_set_id)).of(application.class_code)
        names = rule.name.vi, rule.name.en
    appeal_days = plan.appeal_days if plan and application.state in APPEALABLE else 0
    about = decision.to_state
    return Letter(
        organisation=host.name_vi,
        event_vi=event.title_vi,
        event_en=event.title_en,
        about="waitlisted" if about is _TOLD[1] else "revoked" if about is _TOLD[2] else "rejected",
        dated_on=local_day(decision.decided_at),
        name=journalist.full_name,
        outlet=outlet.name,
        class_vi=names[0],
        class_en=names[1],
        reference=reference_of(application.id),
        applied_on=local_day(application.submitted_at) if application.submitted_at else None,
        reason=decision.reason,
        foreign=journalist.language == "en",
        appeal_days=appeal_days,
        appeal_on=_last_day(decision.decided_at, appeal_days) if appeal_days else None,
        contact=plan.contact.replace("\n", ", ") if plan else "",
    )


def _last_day(decided_at: datetime, days: int) -> date | None:
    """The last day of an appeal; None where the working days of that year are not known yet."""
    try:
        return due_on(load_calendar(), decided_at, days)
    except UnknownYear:
        return None
