"""What mails about applications, reviews and sign-in tell: gathered when they are sent, of what is true then.

News that has been overtaken is none: a question that was answered, a decision that a later one superseded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.accreditation import (
    Appeal,
    AppealState,
    Application,
    ApplicationState,
    ClassRule,
    Decision,
    Journalist,
    Question,
    Review,
    ReviewState,
    SignInLink,
)
from service.domain.accreditation.rules import Said
from service.domain.errors import Conflict
from service.domain.events import Event
from service.domain.localtime import local_day
from service.domain.messages import MailKind, OutgoingMail
from service.domain.working_days import UnknownYear, due_on, load_calendar
from service.store import accounts as account_store
from service.store import accreditation as store
from service.store import appeals as appeal_store
from service.store import badges as zone_store
from service.store import links as link_store
from service.store import messages as mail_store
from service.store import outlets as outlet_store
from service.store import passes as pass_store
from service.store import reviews as review_store
from service.store import rules as rule_store
from service.usecases.accreditation import appeals
from service.usecases.accreditation.plans import safe_day
from service.usecases.accreditation.reviewing import UNDER_WAY
from service.usecases.accreditation.rules import rule_of

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class ApplicationNews:
    """What a mail about an application tells, and to whom; `copy`: it goes to the focal point who wrote it.

    `until`: the last day of what is awaited: for an answer of the office, of the applicant, or for an appeal; None
    when nothing is awaited, or when it can't be counted yet. `appeal_days`: working days for an appeal.
    """

    to: str
    copy: bool
    application: Application
    journalist: Journalist
    event: Event
    host: Organisation
    rule: ClassRule | None
    contact: str
    zones: Mapping[str, tuple[str, str]]
    until: date | None = None
    appeal_days: int = 0
    question: Question | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None


async def of_application(session: AsyncSession, *, mail: OutgoingMail) -> ApplicationNews | None:
    """The news of a mail about an application, or None when it has been overtaken or nobody is to get it."""
    application, journalist, _, event = await store.get_application(session, mail.object_id)
    to = await _address(session, mail, application, journalist)
    if application.purged_at is not None or not to:
        return None
    found = await _OF_KIND[mail.kind](session, application, UUID(mail.facts["step"]) if _has_id(mail) else None)
    if found is None:
        return None
    plan = await rule_store.find_plan(session, event.id)
    return ApplicationNews(
        to=to,
        copy=bool(mail.facts.get("copy")),
        application=application,
        journalist=journalist,
        event=event,
        host=await account_store.get_organisation(session, event.organisation_id),
        rule=await rule_of(session, application),
        contact=plan.contact if plan else "",
        zones=await zone_store.list_zones(session, event.id),
        appeal_days=plan.appeal_days if plan else 0,
        **found,
    )


def _has_id(mail: OutgoingMail) -> bool:
    return mail.kind is not MailKind.APPLICATION_RECEIVED


async def _address(
    session: AsyncSession, mail: OutgoingMail, application: Application, journalist: Journalist
) -> str | None:
    """The owner's address, or of a copy that of the focal point, for as long as they are one."""
    if not mail.facts.get("copy"):
        return journalist.email
    helper = application.made_by_id
    if helper is None or not await outlet_store.is_focal_point(
        session, journalist_id=helper, outlet_id=journalist.outlet_id
    ):
        return None
    return await mail_store.find_address(session, helper)


Found = dict[str, Any]


async def _received(session: AsyncSession, application: Application, _step: UUID | None) -> Found | None:
    if application.state not in UNDER_WAY or application.submitted_at is None:
        return None
    rule = await rule_of(session, application)
    days = 0 if rule is None else rule.decision_days if application.standing_id else rule.days
    try:
        return {"until": due_on(load_calendar(), application.submitted_at, days) if rule else None}
    except UnknownYear:
        return {"until": None}


async def _question(session: AsyncSession, application: Application, step: UUID | None) -> Found | None:
    awaited = await review_store.list_questions(session, application.id, open_only=True)
    question = next((one for one in awaited if one.id == step), None)
    if question is None or application.state is not ApplicationState.NEEDS_INFORMATION:
        return None
    rule = await rule_of(session, application)
    period = await pass_store.find_period(session, application.event_id)
    safe_on = safe_day(rule, period[0] if period else None) if rule else None
    in_time = safe_on is not None and safe_on > local_day(question.asked_at)
    return {"question": question, "until": safe_on if in_time else None}


async def _decision(session: AsyncSession, application: Application, step: UUID | None) -> Found | None:
    taken = await store.list_decisions(session, application.id)
    if not taken or taken[-1].id != step:
        return None
    try:
        until = await appeals.open_until(session, application=application)
    except Conflict:
        until = None
    return {"decision": taken[-1], "until": local_day(until - _MOMENT) if until else None}


async def _appeal(session: AsyncSession, _application: Application, step: UUID | None) -> Found | None:
    if step is None:
        return None
    appeal = await appeal_store.get_appeal(session, step)
    return None if appeal.state is AppealState.FILED else {"appeal": appeal}


_OF_KIND = {
    MailKind.APPLICATION_RECEIVED: _received,
    MailKind.APPLICATION_QUESTION: _question,
    MailKind.APPLICATION_DECIDED: _decision,
    MailKind.APPEAL_ANSWERED: _appeal,
}


async def tells_of_end(session: AsyncSession, *, application_id: UUID | None) -> bool:
    """Whether the notice of a revocation tells a holder that their pass has ended, so that no second mail has to."""
    if application_id is None:
        return False
    application = await store.get_fresh(session, application_id)
    taken = await store.list_decisions(session, application_id)
    if application.state is not ApplicationState.REVOKED or not taken:
        return False
    return await mail_store.is_known(
        session, once=f"application:{application_id}:{MailKind.APPLICATION_DECIDED.value}:{taken[-1].id}"
    )


@dataclass(frozen=True)
class ReviewNews:
    """What the lead of an authority is told of a clock: the application by its reference, nothing of the person."""

    to: str
    application_id: UUID
    event: Event
    authority: Said
    class_name: Said
    due_on: date
    organisation: Organisation


async def of_review(session: AsyncSession, *, mail: OutgoingMail, now: datetime) -> ReviewNews | None:
    """The news of a clock, or None when the verdict came, the clock stands still, or it is another one by now."""
    review: Review = await review_store.get_review(session, mail.object_id)
    panel = await rule_store.find_panel(session, review.event_id, review.authority)
    if panel is None or not panel.lead_email or review.state is not ReviewState.OPEN or review.due_at is None:
        return None
    if (review.due_at <= now) is not (mail.kind is MailKind.REVIEW_LATE):
        return None
    application, _, _, event = await store.get_application(session, review.application_id)
    rule = await rule_of(session, application)
    if rule is None:
        return None
    return ReviewNews(
        to=panel.lead_email,
        application_id=application.id,
        event=event,
        authority=rule.authority(review.authority).name,
        class_name=rule.name,
        due_on=local_day(review.due_at - _MOMENT),
        organisation=await account_store.get_organisation(session, review.organisation_id),
    )


async def of_link(session: AsyncSession, *, mail: OutgoingMail, now: datetime) -> SignInLink | None:
    """The link that a mail carries, or None when it was used or is no longer good."""
    link = await link_store.find_link(session, mail.object_id)
    return link if link is not None and link.used_at is None and link.expires_at > now else None
