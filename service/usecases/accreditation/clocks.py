"""The clocks of reviews: begun with a stage, standing still while information is awaited, told of when they run out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Application,
    ApplicationState,
    ClassRule,
    Outcome,
    Power,
    Review,
    ReviewState,
    Standing,
    VerdictKind,
    standing,
)
from service.domain.messages import MailKind
from service.domain.working_days import UnknownYear, due_at, load_calendar
from service.store import accreditation as application_store
from service.store import reviews as store
from service.store import rules as rule_store
from service.store.database import Database
from service.usecases import messages
from service.usecases.accreditation.rules import rule_of

log = structlog.get_logger("clocks")
SOON = timedelta(days=1)
"""How long before a clock runs out its authority's lead is told."""
MANY = 100
"""How many clocks are looked after in one go."""


def count(review: Review, now: datetime) -> None:
    """Sets when a review is due, from its start, its days and its pauses; says so when that can't be counted."""
    review.fault, review.counted_at = "", now
    if review.started_at is None:
        review.due_at = None
        return
    try:
        review.due_at = due_at(load_calendar(), review.started_at, review.days, _pauses(review))
    except UnknownYear as unknown:
        review.due_at, review.fault = None, f"calendar_unknown:{unknown.year}"


def _pauses(review: Review) -> list[tuple[datetime, datetime | None]]:
    return [
        (datetime.fromisoformat(str(since)), datetime.fromisoformat(until) if until else None)
        for since, until in review.pauses
    ]


def begin(review: Review, now: datetime) -> None:
    """The authority's turn begins."""
    review.state, review.started_at, review.pauses = ReviewState.OPEN, now, []
    review.warned_at = review.escalated_at = None
    count(review, now)


def pause(review: Review, now: datetime) -> None:
    """The clock stands still from now on."""
    review.state = ReviewState.PAUSED
    review.pauses = [*review.pauses, [now.isoformat(), None]]
    count(review, now)


def resume(review: Review, now: datetime) -> None:
    """The clock goes on."""
    review.state = ReviewState.OPEN
    review.pauses = [[since, until or now.isoformat()] for since, until in review.pauses]
    review.warned_at = review.escalated_at = None
    count(review, now)


def reopen(review: Review, now: datetime) -> None:
    """A verdict that no longer holds: the authority looks again, with all its days."""
    review.round += 1
    review.verdict = review.verdict_id = review.done_at = None
    begin(review, now)


def verdicts_of(reviews: Sequence[Review]) -> dict[str, VerdictKind]:
    """The verdict of each authority that has given one."""
    return {one.authority: one.verdict for one in reviews if one.verdict is not None}


def late_advice(rule: ClassRule, reviews: Sequence[Review], now: datetime) -> frozenset[str]:
    """The advisory authorities whose clock has run out: their advice is no longer waited for."""
    return frozenset(
        one.authority
        for one in reviews
        if one.due_at is not None and one.due_at <= now and rule.authority(one.authority).power is Power.ADVISORY
    )


def advance(application: Application, rule: ClassRule, reviews: Sequence[Review], now: datetime) -> Standing:
    """Keeps what the verdicts come to, and opens the stage whose turn it is."""
    stands = standing(rule, verdicts_of(reviews), late=late_advice(rule, reviews, now))
    application.outcome = stands.outcome
    if stands.outcome is Outcome.PENDING:
        for one in reviews:
            if one.stage <= stands.stage and one.state is ReviewState.WAITING:
                begin(one, now)
    return stands


# The worker's side ----------------------------------------------------------------------------------------------


async def watch(database: Database, *, now: datetime) -> int:
    """Tells leads of clocks that run out and counts anew what couldn't be counted; answers how many it looked after."""
    async with database.transaction() as session:
        found = await store.list_to_watch(session, now=now, soon=now + SOON, limit=MANY)
    seen = 0
    for application_id, review_id in found:
        try:
            async with database.transaction() as session:
                await _look_after(session, application_id, review_id, now)
            seen += 1
        except Exception:
            # One clock that can't be looked after must not hold up those behind it.
            log.exception("a clock could not be looked after", review_id=str(review_id))
    return seen


async def _look_after(session: AsyncSession, application_id: UUID, review_id: UUID, now: datetime) -> None:
    application, *_ = await application_store.get_application(session, application_id, lock=True)
    review = await store.get_review(session, review_id)
    if review.state is not ReviewState.OPEN:
        return
    if review.fault:
        count(review, now)
    if review.due_at is not None and review.due_at <= now + SOON:
        await _tell_lead(session, review, now)
        if review.due_at <= now:
            await _without_advice(session, application, review, now)
    await session.flush()


async def _tell_lead(session: AsyncSession, review: Review, now: datetime) -> None:
    is_late = review.due_at is not None and review.due_at <= now
    panel = await rule_store.find_panel(session, review.event_id, review.authority)
    if panel is not None and panel.lead_email:
        kind = MailKind.REVIEW_LATE if is_late else MailKind.REVIEW_SOON
        await messages.tell_of_review(session, review=review, kind=kind, language=panel.language, now=now)
    review.warned_at = review.warned_at or now
    if is_late:
        review.escalated_at = now


async def _without_advice(session: AsyncSession, application: Application, review: Review, now: datetime) -> None:
    """Advice that came too late is no longer waited for; of everybody else silence stays silence."""
    rule = await rule_of(session, application)
    if rule is None or rule.authority(review.authority).power is not Power.ADVISORY:
        return
    if application.state in (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW):
        advance(application, rule, await store.list_reviews(session, application.id), now)
