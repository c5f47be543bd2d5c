"""Delegations, and where they would make one person act twice, in the database."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Grant, Organisation, Role, Staff
from service.domain.accreditation import Delegation, Panel
from service.domain.events import Event, EventState, Occurrence


async def list_bodies(session: AsyncSession, ids: Collection[UUID] | None) -> list[Organisation]:
    """These organisations by name; None: all for which anybody gives verdicts in their own right."""
    acting = select(col(Grant.organisation_id)).where(col(Grant.role) == Role.AUTHORITY)
    seated = select(col(Panel.organisation_id))
    chosen = col(Organisation.id).in_(ids) if ids is not None else col(Organisation.id).in_(acting.union(seated))
    return list(await session.scalars(select(Organisation).where(chosen).order_by(col(Organisation.name_vi))))


async def list_delegations(
    session: AsyncSession, organisation_ids: Collection[UUID]
) -> list[tuple[Delegation, Organisation, Staff, Staff]]:
    """All delegations of these organisations with who has them and who gave them, the newest first."""
    giver = aliased(Staff)
    statement = (
        select(Delegation, Organisation, Staff, giver)
        .join(Organisation, col(Organisation.id) == col(Delegation.organisation_id))
        .join(Staff, col(Staff.id) == col(Delegation.staff_id))
        .join(giver, col(giver.id) == col(Delegation.given_by_id))
        .where(col(Delegation.organisation_id).in_(organisation_ids))
        .order_by(col(Delegation.id).desc())
    )
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]


async def list_lent(session: AsyncSession, *, staff_id: UUID, since: datetime, until: datetime) -> list[Delegation]:
    """What is delegated to a member of staff at any moment of a period."""
    statement = select(Delegation).where(
        col(Delegation.staff_id) == staff_id,
        col(Delegation.ended_at).is_(None),
        col(Delegation.since) < until,
        col(Delegation.until) > since,
    )
    return list(await session.scalars(statement))


async def find_clash(
    session: AsyncSession,
    *,
    organisation_id: UUID,
    reviews: Collection[UUID],
    decides: Collection[UUID] | None,
    today: date,
) -> Event | None:
    """An event that isn't over, at which this organisation is an authority and somebody acts for another one of it,
    or decides for its office (None: for every office), unless the office is this very organisation."""
    other = aliased(Panel)
    last_on = (
        select(func.max(col(Occurrence.closes_on)))
        .where(col(Occurrence.event_id) == col(Event.id))
        .correlate(Event)
        .scalar_subquery()
    )
    elsewhere = select(col(other.id)).where(
        col(other.event_id) == col(Event.id),
        col(other.organisation_id) != organisation_id,
        col(other.organisation_id).in_(reviews),
    )
    is_office = col(Event.organisation_id) != organisation_id
    if decides is not None:
        is_office = and_(is_office, col(Event.organisation_id).in_(decides))
    statement = (
        select(Event)
        .join(Panel, col(Panel.event_id) == col(Event.id))
        .where(
            col(Panel.organisation_id) == organisation_id,
            col(Event.state) != EventState.CANCELLED,
            or_(last_on.is_(None), last_on >= today),
            or_(elsewhere.exists(), is_office),
        )
        .order_by(col(Event.id))
        .limit(1)
    )
    return await session.scalar(statement)
