"""Reviews, verdicts and questions in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    Application,
    ApplicationState,
    Journalist,
    Outlet,
    Question,
    Review,
    ReviewState,
    Verdict,
)
from service.domain.errors import NotFound
from service.domain.events import Event
from service.domain.texts import like

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where reviews without a due moment stand in the order of queues: last."""


async def get_review(session: AsyncSession, review_id: UUID) -> Review:
    found = await session.get(Review, review_id, populate_existing=True)
    if found is None:
        raise NotFound("review")
    return found


async def list_reviews(session: AsyncSession, *application_ids: UUID, fresh: bool = False) -> list[Review]:
    """The reviews of applications, by stage; `fresh=True` reads again what the session knows already."""
    statement = (
        select(Review)
        .where(col(Review.application_id).in_(application_ids))
        .order_by(col(Review.application_id), col(Review.stage), col(Review.authority))
    )
    return list(await session.scalars(statement, execution_options={"populate_existing": fresh}))


async def list_verdicts(session: AsyncSession, *application_ids: UUID) -> list[Verdict]:
    """All verdicts on applications, in their order."""
    statement = select(Verdict).where(col(Verdict.application_id).in_(application_ids)).order_by(col(Verdict.id))
    return list(await session.scalars(statement))


async def list_questions(session: AsyncSession, *application_ids: UUID, open_only: bool = False) -> list[Question]:
    """The questions about applications, in their order."""
    statement = select(Question).where(col(Question.application_id).in_(application_ids)).order_by(col(Question.id))
    if open_only:
        statement = statement.where(col(Question.answered_at).is_(None))
    return list(await session.scalars(statement))


@dataclass(frozen=True)
class Wanted:
    """What of a queue is asked for.

    `named` and `placed`: the (rule set, class, authority) for which names, or outlets, may be searched.
    """

    states: frozenset[ReviewState]
    event_id: UUID | None = None
    class_code: str = ""
    authority: str = ""
    q: str = ""
    named: frozenset[tuple[UUID, str, str]] = frozenset()
    placed: frozenset[tuple[UUID, str, str]] = frozenset()
    due_before: datetime | None = None


def _of(organisation_ids: Sequence[UUID] | None, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(Review.state).in_(wanted.states)]
    if organisation_ids is not None:
        conditions.append(col(Review.organisation_id).in_(organisation_ids))
    if wanted.event_id is not None:
        conditions.append(col(Review.event_id) == wanted.event_id)
    if wanted.class_code:
        conditions.append(col(Application.class_code) == wanted.class_code)
    if wanted.authority:
        conditions.append(col(Review.authority) == wanted.authority)
    if wanted.due_before is not None:
        conditions.append(col(Review.due_at) <= wanted.due_before)
    if wanted.q:
        conditions.append(_found(wanted))
    return conditions


def _found(wanted: Wanted) -> ColumnElement[bool]:
    """What is searched for stands in a field that the authority is shown: a search must not tell what a page hides."""
    pattern = like(wanted.q)
    rule = tuple_(col(Application.rule_set_id), col(Application.class_code), col(Review.authority))
    options: list[ColumnElement[bool]] = [false()]
    if wanted.named:
        options.append(and_(rule.in_(sorted(wanted.named)), col(Journalist.folded).like(pattern)))
    if wanted.placed:
        options.append(and_(rule.in_(sorted(wanted.placed)), col(Outlet.folded).like(pattern)))
    digits = wanted.q.strip().lower()
    if digits and all(letter in "0123456789abcdef" for letter in digits):
        options.append(func.right(func.replace(func.text(col(Application.id)), "-", ""), 8).like(f"%{digits}%"))
    return or_(*options)


async def list_queue(
    session: AsyncSession,
    *,
    organisation_ids: Sequence[UUID] | None,
    wanted: Wanted,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[tuple[Review, Application, Journalist, Outlet, Event]]:
    """What waits for these organisations (None: for all), the most urgent first."""
    due = func.coalesce(col(Review.due_at), NEVER)
    statement = (
        select(Review, Application, Journalist, Outlet, Event)
        .join(Application, col(Application.id) == col(Review.application_id))
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .join(Event, col(Event.id) == col(Review.event_id))
        .where(*_of(organisation_ids, wanted))
        .order_by(due, col(Review.id))
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(due, col(Review.id)) > after)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in await session.execute(statement)]


async def count_queue(
    session: AsyncSession, *, organisation_ids: Sequence[UUID] | None, wanted: Wanted, now: datetime
) -> dict[str, int]:
    """How many reviews stand in each state, and how many of the open ones are `late`."""
    statement: Any = (
        select(
            col(Review.state),
            func.count(),
            func.count().filter(col(Review.state) == ReviewState.OPEN, col(Review.due_at) <= now),
        )
        .join(Application, col(Application.id) == col(Review.application_id))
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(*_of(organisation_ids, wanted))
        .group_by(col(Review.state))
    )
    rows = (await session.execute(statement)).all()
    return {**{row[0].value: row[1] for row in rows}, "late": sum(row[2] for row in rows)}


async def list_rule_keys(
    session: AsyncSession, *, organisation_ids: Sequence[UUID] | None, event_id: UUID | None = None
) -> list[tuple[UUID, str, str]]:
    """(Rule set, class, authority) of all that these organisations have been asked about."""
    statement = (
        select(col(Application.rule_set_id), col(Application.class_code), col(Review.authority))
        .join(Application, col(Application.id) == col(Review.application_id))
        .distinct()
    )
    if organisation_ids is not None:
        statement = statement.where(col(Review.organisation_id).in_(organisation_ids))
    if event_id is not None:
        statement = statement.where(col(Review.event_id) == event_id)
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def list_events_of(session: AsyncSession, *, organisation_ids: Sequence[UUID] | None) -> list[Event]:
    """The events about whose applications these organisations have been asked."""
    asked = select(col(Review.event_id))
    if organisation_ids is not None:
        asked = asked.where(col(Review.organisation_id).in_(organisation_ids))
    statement = select(Event).where(col(Event.id).in_(asked)).order_by(col(Event.title_vi))
    return list(await session.scalars(statement))


async def list_to_watch(session: AsyncSession, *, now: datetime, soon: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """(Application, review) of open reviews that run out before `soon` and whose lead wasn't told, that are late and
    nobody was told, or whose clock could not be counted."""
    statement = (
        select(col(Review.application_id), col(Review.id))
        .where(
            col(Review.state) == ReviewState.OPEN,
            or_(
                and_(col(Review.due_at) <= soon, col(Review.warned_at).is_(None)),
                and_(col(Review.due_at) <= now, col(Review.escalated_at).is_(None)),
                and_(col(Review.fault) != "", col(Review.counted_at) <= now - timedelta(days=1)),
            ),
        )
        .order_by(col(Review.due_at))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def has_recused(session: AsyncSession, *, application_id: UUID, staff_id: UUID) -> bool:
    """Whether this member of staff has stepped back from an application."""
    statement = select(func.count()).where(
        col(Verdict.application_id) == application_id,
        col(Verdict.staff_id) == staff_id,
        col(Verdict.kind) == "abstain",
    )
    return bool(await session.scalar(statement))


async def count_granted(session: AsyncSession, event_id: UUID) -> list[tuple[str, UUID, str, int]]:
    """(Class, outlet, role, how many) of an event's granted applications."""
    statement = (
        select(col(Application.class_code), col(Journalist.outlet_id), col(Application.media_role), func.count())
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .where(
            col(Application.event_id) == event_id,
            col(Application.state).in_([ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS]),
        )
        .group_by(col(Application.class_code), col(Journalist.outlet_id), col(Application.media_role))
    )
    return [(row[0], row[1], row[2].value, row[3]) for row in await session.execute(statement)]


async def find_neighbours(
    session: AsyncSession, *, organisation_ids: Sequence[UUID] | None, review: Review
) -> tuple[UUID | None, UUID | None]:
    """The open reviews before and after this one in the queue of these organisations (None: of all)."""
    due = func.coalesce(col(Review.due_at), NEVER)
    place, here = tuple_(due, col(Review.id)), (review.due_at or NEVER, review.id)
    waiting = [col(Review.state) == ReviewState.OPEN, col(Review.id) != review.id]
    if organisation_ids is not None:
        waiting.append(col(Review.organisation_id).in_(organisation_ids))
    before = select(col(Review.id)).where(*waiting, place < here).order_by(due.desc(), col(Review.id).desc()).limit(1)
    after = select(col(Review.id)).where(*waiting, place > here).order_by(due, col(Review.id)).limit(1)
    row = (await session.execute(select(before.scalar_subquery(), after.scalar_subquery()))).one()
    return row[0], row[1]
