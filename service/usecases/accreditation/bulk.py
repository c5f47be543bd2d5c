"""Many applications at once: what would become of each, doing it row by row, and taking a whole batch back.

Every row is judged by the very same step as a single one, in a savepoint of its own: a row that is refused leaves the
others as they are. A preview takes the steps too, and then takes them all back.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    GRANTED,
    NEEDS_REASON,
    NO_CONDITIONS,
    SET_ASIDE,
    Application,
    ApplicationState,
    Conditions,
    VerdictKind,
    reference_of,
)
from service.domain.base import new_id
from service.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from service.domain.events import Event
from service.store import accreditation as application_store
from service.store import applications as store
from service.store import events as event_store
from service.store import reviews as review_store
from service.usecases.accreditation.deciding import DecisionWish, decide
from service.usecases.accreditation.granting import conditions_of
from service.usecases.accreditation.reviewing import VerdictWish, give_verdict, require_desk
from service.usecases.accreditation.rules import rule_of
from service.usecases.accreditation.setting_aside import set_aside
from service.usecases.accreditation.showing import fields_of

MOST_AT_ONCE = 100
"""How many rows one batch may have."""
BULK_VERDICTS = frozenset({VerdictKind.APPROVE, VerdictKind.REJECT, VerdictKind.ASK, VerdictKind.ABSTAIN})
"""Verdicts that can be the same for many; zones and days are a matter of each application."""
Take = Callable[[UUID], Awaitable[str]]


@dataclass(frozen=True)
class Became:
    """What became, or would become, of one row. `fault`: the code of the refusal, empty when it goes through."""

    id: UUID
    name: str
    reference: str
    becomes: str
    fault: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Batch:
    """One bulk step: its id, under which all its records stand, and each row in the order asked for."""

    id: UUID
    rows: list[Became]

    @property
    def done(self) -> list[Became]:
        """The rows that went through."""
        return [one for one in self.rows if not one.fault]

    @property
    def refused(self) -> list[Became]:
        """The rows that stay as they were."""
        return [one for one in self.rows if one.fault]


# The office -----------------------------------------------------------------------------------------------------


async def decide_many(
    session: AsyncSession, *, access: Access, application_ids: Sequence[UUID], wish: DecisionWish, now: datetime
) -> Batch:
    """The same decision on many applications, each for itself.

    `wish` names no zones: each is granted what it applied for, within the conditions of its authorities. Where there
    are conditions, an approval becomes one under conditions, and the reason is the one given. Raises Invalid for none
    or too many rows.
    """
    batch_id = new_id()

    async def take(application_id: UUID) -> str:
        own = await _own_wish(session, application_id, wish)
        await decide(session, access=access, application_id=application_id, wish=own, now=now, batch_id=batch_id)
        return own.to_state.value

    return Batch(batch_id, await _take_all(session, _applications(session, access, application_ids), take))


async def preview_decisions(
    session: AsyncSession, *, access: Access, application_ids: Sequence[UUID], wish: DecisionWish, now: datetime
) -> list[Became]:
    """What `decide_many` would do now; nothing is kept and nobody is told."""
    return await _foresee(
        session, lambda: decide_many(session, access=access, application_ids=application_ids, wish=wish, now=now)
    )


@dataclass(frozen=True)
class BatchFile:
    """A bulk decision afterwards; the fault of a row says why it can't be taken back any more.

    `is_undoing`: it took another one back.
    """

    id: UUID
    event: Event
    decided_at: datetime
    rows: list[Became]
    is_undoing: bool

    @property
    def undoable(self) -> bool:
        """Whether anything of it can be taken back."""
        return not self.is_undoing and any(not one.fault for one in self.rows)


async def open_batch(session: AsyncSession, *, access: Access, batch_id: UUID) -> BatchFile:
    """What a bulk decision did. Raises NotFound for an unknown one."""
    found = await store.list_decisions_of_batch(session, batch_id)
    if not found:
        raise NotFound("batch")
    event = await event_store.get(session, Event, found[0][1].event_id, "event")
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    rows = []
    for decision, application, name in found:
        stands = application.state is decision.to_state and decision.to_state in SET_ASIDE
        fault = "" if stands else ("approved_stays" if decision.to_state in GRANTED else "illegal_move")
        becomes = decision.to_state.value
        rows.append(Became(application.id, name, reference_of(application.id), becomes, fault))
    is_undoing = all(decision.supersedes_id is not None for decision, _, _ in found)
    return BatchFile(batch_id, event, found[0][0].decided_at, rows, is_undoing)


async def undo(session: AsyncSession, *, access: Access, batch_id: UUID, ground: str, now: datetime) -> Batch:
    """Sets aside the decisions of a batch, each for itself; those on which a later step followed stay.

    An approval is taken back by revoking it, with its own ground, and not here. Raises NotFound for an unknown batch.
    """
    found = await store.list_decisions_of_batch(session, batch_id)
    if not found:
        raise NotFound("batch")
    last = {application.id: decision for decision, application, _ in found}
    undoing = new_id()

    async def take(application_id: UUID) -> str:
        steps = await application_store.list_decisions(session, application_id)
        if steps[-1].id != last[application_id].id:
            raise Conflict("illegal_move", steps[-1].to_state.value)
        taken = await set_aside(
            session, access=access, application_id=application_id, ground=ground, now=now, batch_id=undoing
        )
        return taken.state.value

    return Batch(undoing, await _take_all(session, _applications(session, access, list(last)), take))


async def _applications(
    session: AsyncSession, access: Access, application_ids: Sequence[UUID]
) -> list[tuple[UUID, str, str]]:
    """(Id, journalist, reference) of each. Raises Forbidden when one isn't this office's."""
    named = []
    for one in _some(application_ids):
        application, journalist, _, event = await application_store.get_application(session, one)
        access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
        named.append((application.id, journalist.full_name, reference_of(application.id)))
    return named


async def _own_wish(session: AsyncSession, application_id: UUID, wish: DecisionWish) -> DecisionWish:
    """The decision for one of many: what it applied for, within the conditions of its authorities."""
    if wish.to_state not in GRANTED:
        return wish
    application, *_ = await application_store.get_application(session, application_id)
    conditions = await _conditions_on(session, application)
    zones = frozenset(application.zones_wanted)
    if conditions.zones is not None:
        zones &= conditions.zones
    to_state = wish.to_state if conditions == NO_CONDITIONS else ApplicationState.APPROVED_WITH_CONDITIONS
    return replace(
        wish,
        to_state=to_state,
        # What is said of conditions is said to those who have some.
        reason_code=wish.reason_code if to_state in NEEDS_REASON else "",
        zones=tuple(sorted(zones)),
        days=tuple(sorted(conditions.days or ())),
        escort=conditions.escort,
    )


async def _conditions_on(session: AsyncSession, application: Application) -> Conditions:
    if await rule_of(session, application) is None:
        return NO_CONDITIONS
    living = {one.verdict_id for one in await review_store.list_reviews(session, application.id)}
    return conditions_of([one for one in await review_store.list_verdicts(session, application.id) if one.id in living])


# Authorities ----------------------------------------------------------------------------------------------------


async def verdicts_many(
    session: AsyncSession, *, access: Access, review_ids: Sequence[UUID], wish: VerdictWish, now: datetime
) -> Batch:
    """The same verdict on many applications, each for itself; one can be changed later like any other.

    Raises Invalid for a verdict that is a matter of each application, and for none or too many rows.
    """
    if wish.kind not in BULK_VERDICTS:
        raise Invalid.at("/kind", "invalid", "conditions are set one by one")
    batch_id = new_id()

    async def take(review_id: UUID) -> str:
        await give_verdict(session, access=access, review_id=review_id, wish=wish, now=now, batch_id=batch_id)
        return wish.kind.value

    return Batch(batch_id, await _take_all(session, _reviews(session, access, review_ids, now), take))


async def preview_verdicts(
    session: AsyncSession, *, access: Access, review_ids: Sequence[UUID], wish: VerdictWish, now: datetime
) -> list[Became]:
    """What `verdicts_many` would do now; nothing is kept and nobody is told."""
    return await _foresee(
        session, lambda: verdicts_many(session, access=access, review_ids=review_ids, wish=wish, now=now)
    )


async def _reviews(
    session: AsyncSession, access: Access, review_ids: Sequence[UUID], now: datetime
) -> list[tuple[UUID, str, str]]:
    """(Id, journalist if the authority sees names, reference) of each. Raises Forbidden when one isn't theirs."""
    named = []
    for one in _some(review_ids):
        review = await review_store.get_review(session, one)
        reference = reference_of(review.application_id)
        try:
            await require_desk(session, access=access, review=review, now=now)
        except Forbidden:
            raise
        except Conflict:
            # Whoever stepped back from an application is not shown it again; the row says so.
            named.append((review.id, "", reference))
            continue
        application, journalist, outlet, _ = await application_store.get_application(session, review.application_id)
        rule = await rule_of(session, application)
        sees = rule.authority(review.authority).sees if rule else ()
        shown = fields_of(application, journalist, outlet, sees, None)
        named.append((review.id, str(shown.get("full_name", "")), reference))
    return named


# Both -----------------------------------------------------------------------------------------------------------


def _some(ids: Sequence[UUID]) -> list[UUID]:
    """Each id once, in the order of the applications, which is the order of locks."""
    once = sorted(set(ids))
    if not once:
        raise Invalid.at("/rows", "missing", "choose at least one row")
    if len(once) > MOST_AT_ONCE:
        raise Invalid.at("/rows", "invalid", f"at most {MOST_AT_ONCE} rows")
    return once


async def _take_all(session: AsyncSession, named: Awaitable[list[tuple[UUID, str, str]]], take: Take) -> list[Became]:
    rows = []
    for row_id, name, reference in await named:
        try:
            async with session.begin_nested():
                becomes = await take(row_id)
        except Refusal as refusal:
            rows.append(Became(row_id, name, reference, "", refusal.code, refusal.detail))
        else:
            rows.append(Became(row_id, name, reference, becomes))
    return rows


async def _foresee(session: AsyncSession, act: Callable[[], Awaitable[Batch]]) -> list[Became]:
    savepoint = await session.begin_nested()
    try:
        return (await act()).rows
    finally:
        await savepoint.rollback()
