"""What an authority does: see an application as far as its rule shows it, give its verdict, ask."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    FINAL,
    Application,
    ApplicationState,
    ClassRule,
    Journalist,
    Question,
    Review,
    ReviewState,
    Verdict,
    VerdictKind,
)
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.messages import MailKind
from service.store import accreditation as application_store
from service.store import reviews as store
from service.store import rules as rule_store
from service.usecases import audit, messages
from service.usecases.accreditation import clocks
from service.usecases.accreditation.rules import rules_of
from service.usecases.accreditation.steps import move, step

UNDER_WAY = frozenset({ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, ApplicationState.NEEDS_INFORMATION})
"""The states in which authorities may give verdicts and take them back."""
_NEED_GROUND = frozenset({VerdictKind.CONDITIONS, VerdictKind.REJECT, VerdictKind.ASK, VerdictKind.ABSTAIN})


@dataclass(frozen=True)
class VerdictWish:
    """A verdict as it is to be given. `zones` and `days` are conditions: empty, none. `fields`: what a question is
    about. `reason_code` names a canned reason, whose text stands for the ground if that is empty."""

    kind: VerdictKind
    ground: str = ""
    reason_code: str = ""
    zones: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    escort: bool = False
    fields: tuple[str, ...] = ()


async def desks(session: AsyncSession, *, access: Access, now: datetime) -> frozenset[UUID] | None:
    """The organisations for which somebody may give verdicts: their own, and those delegated to them; None: all.

    Raises Forbidden when there are none.
    """
    own = access.organisations(Permission.ACCREDITATION_REVIEW)
    if own is None:
        return None
    lent = await rule_store.list_delegations(session, staff_id=access.staff_id, now=now)
    all_of_them = own | {one.organisation_id for one in lent}
    if not all_of_them:
        raise Forbidden(f"needs {Permission.ACCREDITATION_REVIEW.value}")
    return all_of_them


async def has_desk(session: AsyncSession, *, access: Access, now: datetime) -> bool:
    """Whether somebody acts for any authority, in their own right or by delegation."""
    if access.allows(Permission.ACCREDITATION_REVIEW):
        return True
    return bool(await rule_store.list_delegations(session, staff_id=access.staff_id, now=now))


async def require_desk(session: AsyncSession, *, access: Access, review: Review, now: datetime) -> UUID | None:
    """The delegation under which somebody acts for a review's authority; None: in their own right.

    Raises Forbidden for everybody else, and `recused` for whoever has stepped back from the application.
    """
    if await store.has_recused(session, application_id=review.application_id, staff_id=access.staff_id):
        raise Conflict("recused")
    if access.allows(Permission.ACCREDITATION_REVIEW, review.organisation_id):
        return None
    for one in await rule_store.list_delegations(session, staff_id=access.staff_id, now=now):
        if one.organisation_id == review.organisation_id:
            return one.id
    raise Forbidden(f"needs {Permission.ACCREDITATION_REVIEW.value}")


async def next_of(
    session: AsyncSession, *, access: Access, review: Review, now: datetime
) -> tuple[UUID | None, UUID | None]:
    """The open reviews before and after this one in somebody's own queue."""
    organisations = await desks(session, access=access, now=now)
    ids = None if organisations is None else sorted(organisations)
    return await store.find_neighbours(session, organisation_ids=ids, review=review)


async def give_verdict(
    session: AsyncSession,
    *,
    access: Access,
    review_id: UUID,
    wish: VerdictWish,
    now: datetime,
    batch_id: UUID | None = None,
) -> Review:
    """One authority's verdict on one application, kept for ever; a later one supersedes it until the office decides.

    Raises Conflict `illegal_move` when it isn't the authority's turn or the application is decided, `recused`;
    Invalid for a missing ground, and for conditions outside of what was applied for.
    """
    review = await store.get_review(session, review_id)
    application, journalist, _, _ = await application_store.get_application(session, review.application_id, lock=True)
    delegation_id = await require_desk(session, access=access, review=review, now=now)
    await session.refresh(application)
    await session.refresh(review)
    if application.state not in UNDER_WAY or review.state not in (ReviewState.OPEN, ReviewState.DONE):
        raise Conflict("illegal_move", f"{application.state.value}, {review.state.value} → {wish.kind.value}")
    rule, ground = await _rule_and_ground(session, application, journalist, wish)
    _require_conditions(application, wish)
    verdict = Verdict(
        review_id=review.id,
        application_id=application.id,
        round=review.round,
        kind=wish.kind,
        ground=ground,
        reason_code=wish.reason_code,
        zones=sorted(set(wish.zones)),
        days=sorted(set(wish.days)) or None,
        escort=wish.escort,
        staff_id=access.staff_id,
        delegation_id=delegation_id,
        batch_id=batch_id,
        supersedes_id=review.verdict_id,
        given_at=now,
    )
    session.add(verdict)
    await session.flush()
    await _take_effect(session, application, journalist, review, verdict, wish.fields, now)
    clocks.advance(application, rule, await store.list_reviews(session, application.id), now)
    await session.flush()
    audit.record(
        session,
        actor=audit.staff(access),
        action=f"verdict_{wish.kind.value}",
        noun="application",
        object_id=application.id,
        event_id=application.event_id,
        now=now,
        authority=review.authority,
        round=review.round,
        delegated=delegation_id is not None,
    )
    return review


async def _rule_and_ground(
    session: AsyncSession, application: Application, journalist: Journalist, wish: VerdictWish
) -> tuple[ClassRule, str]:
    """The rule of an application, and the ground of a verdict: as it was written, else that of its canned reason."""
    if application.rule_set_id is None:
        raise Conflict("illegal_move", "no rules")
    rules = await rules_of(session, application.rule_set_id)
    canned = rules.reason(wish.reason_code)
    ground = wish.ground or (canned.text[journalist.language] if canned else "")
    if wish.kind in _NEED_GROUND and not ground:
        raise Invalid.at("/ground", "missing", "say why")
    return rules.of(application.class_code), ground


def _require_conditions(application: Application, wish: VerdictWish) -> None:
    if wish.kind is not VerdictKind.CONDITIONS:
        return
    if not (wish.zones or wish.days or wish.escort):
        raise Invalid.at("/zones", "missing", "name zones or days, or an escort")
    if set(wish.zones) - set(application.zones_wanted):
        raise Invalid.at("/zones", "invalid", f"zones applied for: {', '.join(application.zones_wanted)}")


async def _take_effect(
    session: AsyncSession,
    application: Application,
    journalist: Journalist,
    review: Review,
    verdict: Verdict,
    fields: tuple[str, ...],
    now: datetime,
) -> None:
    """The review and the application as they stand after a verdict."""
    if application.state is ApplicationState.SUBMITTED:
        await move(session, application, ApplicationState.IN_REVIEW, [], now)
        step(session, application, ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW, "", [], None, now)
    if verdict.kind is VerdictKind.ASK:
        if review.state is ReviewState.DONE:
            clocks.reopen(review, now)
        clocks.pause(review, now)
        await ask(session, application, journalist, verdict.ground, fields, verdict.staff_id, review.id, now)
    elif verdict.kind in FINAL:
        review.state, review.done_at = ReviewState.DONE, now
        review.verdict, review.verdict_id = verdict.kind, verdict.id


async def ask(
    session: AsyncSession,
    application: Application,
    journalist: Journalist,
    wording: str,
    fields: tuple[str, ...],
    staff_id: UUID,
    review_id: UUID | None,
    now: datetime,
) -> Question:
    """Keeps a question and tells the journalist; the application now waits for them."""
    question = Question(
        application_id=application.id,
        review_id=review_id,
        wording=wording,
        fields=list(fields),
        asked_by_id=staff_id,
        asked_at=now,
    )
    session.add(question)
    before = application.state
    if before is not ApplicationState.NEEDS_INFORMATION:
        await move(session, application, ApplicationState.NEEDS_INFORMATION, [], now)
    step(session, application, before, ApplicationState.NEEDS_INFORMATION, wording, [], staff_id, now)
    await session.flush()
    await messages.tell_of_application(
        session,
        application=application,
        language=journalist.language,
        kind=MailKind.APPLICATION_QUESTION,
        step=question.id,
        now=now,
    )
    return question


async def pause_all(session: AsyncSession, application: Application, now: datetime) -> None:
    """Every clock that runs stands still: the office itself awaits information."""
    for one in await store.list_reviews(session, application.id):
        if one.state is ReviewState.OPEN:
            clocks.pause(one, now)


async def resume_answered(session: AsyncSession, application: Application, now: datetime) -> bool:
    """Clocks whose questions are all answered go on; whether nothing is awaited any more."""
    awaited = await store.list_questions(session, application.id, open_only=True)
    by_office = any(one.review_id is None for one in awaited)
    waiting = {one.review_id for one in awaited}
    for one in await store.list_reviews(session, application.id):
        if one.state is ReviewState.PAUSED and one.id not in waiting and not by_office:
            clocks.resume(one, now)
    return not awaited


async def close_all(session: AsyncSession, application: Application) -> None:
    """The office has decided, or the journalist withdrew: nobody else's verdict is waited for."""
    for one in await store.list_reviews(session, application.id):
        if one.state is not ReviewState.DONE:
            one.state, one.due_at = ReviewState.CLOSED, None
    await session.flush()
