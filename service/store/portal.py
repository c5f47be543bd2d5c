"""What the journalists' portal shows and changes, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AccreditationPlan,
    Application,
    ApplicationState,
    Consent,
    ConsentPurpose,
    FocalPoint,
    Journalist,
    Outlet,
    OutletKind,
)
from service.domain.events import Event, EventState, Occurrence


@dataclass(frozen=True)
class OpenEvent:
    """An event that takes applications, and its first and last day if they are known."""

    event: Event
    plan: AccreditationPlan
    first_on: date | None
    last_on: date | None


async def list_open_events(session: AsyncSession, now: datetime) -> list[OpenEvent]:
    """Events that take applications by class, the one that closes first at the top."""
    statement = (
        select(Event, AccreditationPlan, func.min(col(Occurrence.opens_on)), func.max(col(Occurrence.closes_on)))
        .join(AccreditationPlan, col(AccreditationPlan.event_id) == col(Event.id))
        .outerjoin(Occurrence, col(Occurrence.event_id) == col(Event.id))
        .where(col(Event.state) == EventState.OPEN, col(Event.accreditation_closes_at) > now)
        .group_by(col(Event.id), col(AccreditationPlan.event_id))
        .order_by(col(Event.accreditation_closes_at), col(Event.id))
    )
    return [OpenEvent(*row) for row in (await session.execute(statement)).all()]


async def lock_applications(
    session: AsyncSession, journalist_id: UUID, states: Collection[ApplicationState]
) -> list[Application]:
    """A journalist's applications in these states, locked in the order of their ids."""
    statement = (
        select(Application)
        .where(col(Application.journalist_id) == journalist_id, col(Application.state).in_(list(states)))
        .order_by(col(Application.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(await session.scalars(statement))


async def find_journalist(session: AsyncSession, journalist_id: UUID) -> Journalist | None:
    return await session.get(Journalist, journalist_id)


async def lock_journalist(session: AsyncSession, journalist_id: UUID) -> Journalist:
    """A journalist as the database holds them, locked until the transaction ends."""
    return await session.get_one(Journalist, journalist_id, with_for_update={"key_share": True}, populate_existing=True)


async def list_outlet_names(session: AsyncSession, *, limit: int) -> list[str]:
    """Names of the outlets with most journalists, to choose from; freelancers' own names are nobody else's choice."""
    people = select(func.count()).where(col(Journalist.outlet_id) == col(Outlet.id)).scalar_subquery()
    statement = (
        select(col(Outlet.name))
        .where(col(Outlet.merged_into_id).is_(None), col(Outlet.kind) != OutletKind.FREELANCE)
        .order_by(people.desc(), col(Outlet.folded))
        .limit(limit)
    )
    return sorted(await session.scalars(statement))


async def list_people(session: AsyncSession, outlet_id: UUID, *, limit: int) -> list[Journalist]:
    """The journalists of an outlet by name."""
    statement = (
        select(Journalist)
        .where(col(Journalist.outlet_id) == outlet_id)
        .order_by(col(Journalist.folded), col(Journalist.id))
        .limit(limit)
    )
    return list(await session.scalars(statement))


async def list_applications(session: AsyncSession, journalist_ids: Sequence[UUID]) -> list[tuple[Application, Event]]:
    """The applications of these journalists with their events, the newest first."""
    statement = (
        select(Application, Event)
        .join(Event, col(Event.id) == col(Application.event_id))
        .where(col(Application.journalist_id).in_(journalist_ids))
        .order_by(col(Application.id).desc())
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_agreed(session: AsyncSession, journalist_ids: Sequence[UUID], purpose: ConsentPurpose) -> set[UUID]:
    """Those of these journalists who agree to a purpose now."""
    statement = select(col(Consent.journalist_id)).where(
        col(Consent.journalist_id).in_(journalist_ids),
        col(Consent.purpose) == purpose,
        col(Consent.withdrawn_at).is_(None),
    )
    return set(await session.scalars(statement))


async def end_focal_points(session: AsyncSession, journalist_id: UUID, now: datetime) -> None:
    """A journalist who went to another outlet no longer applies for the people of the last one."""
    await session.execute(
        update(FocalPoint)
        .where(col(FocalPoint.journalist_id) == journalist_id, col(FocalPoint.ended_at).is_(None))
        .values(ended_at=now)
    )
