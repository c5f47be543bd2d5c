"""The applications of one event as its office looks for them: by state, how far they are, outlet, name, reference."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation, Staff
from service.domain.accreditation import (
    AWAITING_REVIEW,
    Application,
    ApplicationState,
    Decision,
    Journalist,
    Outcome,
    Outlet,
    Panel,
    Review,
    ReviewState,
)
from service.domain.accreditation.readiness import OUTCOMES, Readiness
from service.domain.audit import AuditEntry
from service.domain.texts import like

Found = tuple[Application, Journalist, Outlet]
_REFERENCE = 8


@dataclass(frozen=True)
class WantedApplications:
    """What of an event's applications is asked for; drafts are their journalists' own and never among them."""

    state: ApplicationState | None = None
    readiness: Readiness | None = None
    class_code: str = ""
    outlet_id: UUID | None = None
    authority: str = ""
    q: str = ""


def _conditions(event_id: UUID, wanted: WantedApplications) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        col(Application.event_id) == event_id,
        col(Application.state) != ApplicationState.DRAFT,
    ]
    if wanted.state is not None:
        conditions.append(col(Application.state) == wanted.state)
    if wanted.readiness is not None:
        conditions.append(_far(wanted.readiness))
    if wanted.class_code:
        conditions.append(col(Application.class_code) == wanted.class_code)
    if wanted.outlet_id is not None:
        conditions.append(col(Journalist.outlet_id) == wanted.outlet_id)
    if wanted.authority:
        conditions.append(_waits_for(wanted.authority))
    if wanted.q:
        conditions.append(_called(wanted.q))
    return conditions


def _far(readiness: Readiness) -> ColumnElement[bool]:
    """The twin of readiness.readiness_of in SQL."""
    if readiness is Readiness.ASKED:
        return col(Application.state) == ApplicationState.NEEDS_INFORMATION
    classless = col(Application.rule_set_id).is_(None)
    by_outcome = and_(~classless, col(Application.outcome).in_(OUTCOMES[readiness]))
    return and_(
        col(Application.state).in_(AWAITING_REVIEW),
        or_(by_outcome, classless if readiness is Readiness.READY else false()),
    )


def _waits_for(authority: str) -> ColumnElement[bool]:
    waiting = select(col(Review.application_id)).where(
        col(Review.authority) == authority, col(Review.state).in_([ReviewState.OPEN, ReviewState.PAUSED])
    )
    return col(Application.id).in_(waiting)


def _called(q: str) -> ColumnElement[bool]:
    """By a part of the name or of the outlet's name, or by the whole reference."""
    pattern, signs = like(q), q.strip().lower()
    options: list[ColumnElement[bool]] = [col(Journalist.folded).like(pattern), col(Outlet.folded).like(pattern)]
    if len(signs) == _REFERENCE and all(sign in "0123456789abcdef" for sign in signs):
        options.append(func.right(func.replace(func.text(col(Application.id)), "-", ""), _REFERENCE) == signs)
    return or_(*options)


async def list_wanted(
    session: AsyncSession,
    *,
    event_id: UUID,
    wanted: WantedApplications,
    edge: tuple[datetime, UUID] | None,
    upwards: bool,
    limit: int,
) -> list[Found]:
    """The applications that are wanted, who handed in first first; `upwards`: those before the edge, nearest first."""
    moment = func.coalesce(col(Application.submitted_at), col(Application.created_at))
    place = tuple_(moment, col(Application.id))
    order = (moment.desc(), col(Application.id).desc()) if upwards else (moment, col(Application.id))
    statement = (
        select(Application, Journalist, Outlet)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(*_conditions(event_id, wanted))
        .order_by(*order)
        .limit(limit)
    )
    if edge is not None:
        statement = statement.where(place < edge if upwards else place > edge)
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def count_wanted(
    session: AsyncSession, *, event_id: UUID, wanted: WantedApplications
) -> list[tuple[ApplicationState, Outcome, bool, int]]:
    """(State, outcome, by class, how many) of what is wanted, whatever its state and however far it is."""
    statement: Any = (
        select(
            col(Application.state), col(Application.outcome), col(Application.rule_set_id).is_not(None), func.count()
        )
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(*_conditions(event_id, replace(wanted, state=None, readiness=None)))
        .group_by(col(Application.state), col(Application.outcome), col(Application.rule_set_id).is_not(None))
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]


async def list_outlets_of(session: AsyncSession, event_id: UUID) -> list[tuple[Outlet, int]]:
    """The outlets whose people applied for an event, and how many did, by name."""
    statement = (
        select(Outlet, func.count())
        .join(Journalist, col(Journalist.outlet_id) == col(Outlet.id))
        .join(Application, col(Application.journalist_id) == col(Journalist.id))
        .where(col(Application.event_id) == event_id, col(Application.state) != ApplicationState.DRAFT)
        .group_by(col(Outlet.id))
        .order_by(col(Outlet.folded))
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_classes_of(session: AsyncSession, event_id: UUID) -> list[tuple[UUID, str]]:
    """(Rule set, class) under which applications of an event were made."""
    statement = (
        select(col(Application.rule_set_id), col(Application.class_code))
        .where(
            col(Application.event_id) == event_id,
            col(Application.rule_set_id).is_not(None),
            col(Application.state) != ApplicationState.DRAFT,
        )
        .distinct()
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_decisions_of_batch(session: AsyncSession, batch_id: UUID) -> list[tuple[Decision, Application, str]]:
    """(Decision, application, its journalist's name) of one bulk decision, in its order."""
    statement = (
        select(Decision, Application, col(Journalist.full_name))
        .join(Application, col(Application.id) == col(Decision.application_id))
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .where(col(Decision.batch_id) == batch_id)
        .order_by(col(Decision.id))
    )
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]


async def list_seats(session: AsyncSession, event_id: UUID) -> dict[str, Organisation]:
    """The organisations that act as authorities at an event, by authority."""
    statement = (
        select(col(Panel.authority), Organisation)
        .join(Organisation, col(Organisation.id) == col(Panel.organisation_id))
        .where(col(Panel.event_id) == event_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def name_staff(session: AsyncSession, staff_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of members of staff by their ids."""
    statement = select(col(Staff.id), col(Staff.name)).where(col(Staff.id).in_(set(staff_ids)))
    return {row[0]: row[1] for row in await session.execute(statement)}


async def list_looks(session: AsyncSession, *, application_id: UUID, evidence_ids: Sequence[UUID]) -> list[AuditEntry]:
    """The record of an application and of its files, in order."""
    statement = (
        select(AuditEntry)
        .where(
            or_(
                and_(col(AuditEntry.noun) == "application", col(AuditEntry.object_id) == application_id),
                and_(col(AuditEntry.noun) == "evidence", col(AuditEntry.object_id).in_(evidence_ids)),
            )
        )
        .order_by(col(AuditEntry.id))
    )
    return list(await session.scalars(statement))
