"""How far an application has come, for its applicant: whose turn it is, until when, and what was said to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AWAITING_REVIEW,
    Appeal,
    ApplicationState,
    Decision,
    Question,
    Review,
    ReviewState,
    may_move,
)
from service.domain.errors import Conflict
from service.domain.localtime import local_day
from service.domain.passes import EntryPass
from service.domain.working_days import UnknownYear, load_calendar
from service.store import accreditation as store
from service.store import appeals as appeal_store
from service.store import passes as pass_store
from service.store import reviews as review_store
from service.usecases.accreditation import appeals
from service.usecases.accreditation.own import OwnApplication

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Progress:
    """What happened to an application, and what may still be done.

    `answer_by`: the day by which a decision is there if everybody takes all their time; None when that can't be
    said. `appeal_until`: the last day on which an appeal may be filed; None: it can't be.
    """

    decisions: list[Decision]
    questions: list[Question]
    appeals: list[Appeal]
    entry_pass: EntryPass | None
    answer_by: date | None
    appeal_until: date | None
    may_withdraw: bool


async def progress_of(session: AsyncSession, own: OwnApplication, *, now: datetime) -> Progress:
    """How far one's own application has come."""
    application = own.application
    filed = await appeal_store.list_appeals(session, application.id)
    return Progress(
        decisions=await store.list_decisions(session, application.id),
        questions=await review_store.list_questions(session, application.id),
        appeals=filed,
        entry_pass=await pass_store.find_latest_pass(session, application.id),
        answer_by=answer_by(own, local_day(now)),
        appeal_until=await _appeal_until(session, own, filed, now),
        may_withdraw=may_move(application.state, ApplicationState.WITHDRAWN),
    )


async def _appeal_until(
    session: AsyncSession, own: OwnApplication, filed: Sequence[Appeal], now: datetime
) -> date | None:
    decision = await appeals.decision_of(session, own.application)
    if decision is None or any(one.decision_id == decision.id for one in filed):
        return None
    try:
        until = await appeals.open_until(session, application=own.application)
    except Conflict:
        # The working days of that year are not known yet: nobody can be told a last day.
        return None
    return local_day(until - _MOMENT) if until and until > now else None


def due_on(review: Review) -> date | None:
    """The last day of a review's clock; None while it stands still or can't be counted."""
    return local_day(review.due_at - _MOMENT) if review.due_at else None


def days_left(until: date | None, today: date) -> int | None:
    """The working days after today up to and with a day; None where they can't be counted, or it has passed."""
    if until is None or until < today:
        return None
    try:
        return load_calendar().working_days_between(today, until)
    except UnknownYear:
        return None


def answer_by(own: OwnApplication, today: date) -> date | None:
    """The day by which it is decided if everybody takes all their time from now on."""
    if own.rule is None or own.application.state not in AWAITING_REVIEW or not own.reviews:
        return None
    running = [one for one in own.reviews if one.state is ReviewState.OPEN]
    ends = [due_on(one) for one in running]
    if None in ends:
        return None
    waiting = {one.stage for one in own.reviews if one.state is ReviewState.WAITING}
    rest = sum(own.rule.stages[number].days for number in waiting) + own.rule.decision_days
    begin = max([today, *(one for one in ends if one is not None)])
    try:
        return load_calendar().add_working_days(begin, rest)
    except UnknownYear:
        return None
