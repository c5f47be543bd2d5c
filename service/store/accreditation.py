"""Outlets, journalists, applications and decisions in the database."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import SignIn
from service.domain.accreditation import Application, ApplicationState, Decision, Journalist, Outlet
from service.domain.errors import NotFound
from service.domain.events import Event, EventState, Occurrence, Zone
from service.domain.texts import like


async def add_outlet(session: AsyncSession, outlet: Outlet) -> bool:
    """Keeps the outlet and answers True, or answers False when one of that name came first."""
    statement = insert(Outlet).values(outlet.model_dump()).on_conflict_do_nothing(index_elements=["folded"])
    return (await session.execute(statement.returning(col(Outlet.id)))).first() is not None


async def get_outlet(session: AsyncSession, outlet_id: UUID) -> Outlet:
    found = await session.get(Outlet, outlet_id)
    if found is None:
        raise NotFound("outlet")
    return found


async def list_outlets(session: AsyncSession, *, q: str, after: UUID | None, limit: int) -> list[Outlet]:
    statement = select(Outlet).where(col(Outlet.merged_into_id).is_(None)).order_by(col(Outlet.id)).limit(limit)
    if q:
        statement = statement.where(col(Outlet.folded).like(like(q)))
    if after is not None:
        statement = statement.where(col(Outlet.id) > after)
    return list(await session.scalars(statement))


async def find_journalist_by_email(session: AsyncSession, email: str) -> Journalist | None:
    return await session.scalar(select(Journalist).where(col(Journalist.email) == email))


async def find_journalist_sign_in(session: AsyncSession, hashed: bytes, now: datetime) -> Journalist | None:
    """The journalist behind the hash of a token that is still good."""
    statement = (
        select(Journalist)
        .join(SignIn, col(SignIn.journalist_id) == col(Journalist.id))
        .where(col(SignIn.token_hash) == hashed, col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > now)
    )
    return await session.scalar(statement)


async def list_open_events(session: AsyncSession, now: datetime) -> list[Event]:
    """Events that take applications, the earliest end first."""
    statement = (
        select(Event)
        .where(col(Event.state) == EventState.OPEN, col(Event.accreditation_closes_at) > now)
        .order_by(col(Event.accreditation_closes_at), col(Event.id))
    )
    return list(await session.scalars(statement))


async def list_zone_codes(session: AsyncSession, event_ids: list[UUID]) -> dict[UUID, list[str]]:
    """The zone codes of each event, in order."""
    statement = (
        select(col(Occurrence.event_id), col(Zone.code))
        .join(Zone, col(Zone.occurrence_id) == col(Occurrence.id))
        .where(col(Occurrence.event_id).in_(event_ids))
        .distinct()
        .order_by(col(Zone.code))
    )
    codes: dict[UUID, list[str]] = {event_id: [] for event_id in event_ids}
    for event_id, code in (await session.execute(statement)).all():
        codes[event_id].append(code)
    return codes


async def get_application(
    session: AsyncSession, application_id: UUID, *, lock: bool = False
) -> tuple[Application, Journalist, Outlet, Event]:
    """An application with its journalist, outlet and event; `lock=True` holds it until the transaction ends."""
    if lock:
        await session.execute(
            select(col(Application.id)).where(col(Application.id) == application_id).with_for_update(key_share=True)
        )
    statement = (
        select(Application, Journalist, Outlet, Event)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .join(Event, col(Event.id) == col(Application.event_id))
        .where(col(Application.id) == application_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("application")
    application, journalist, outlet, event = row
    return application, journalist, outlet, event


async def get_fresh(session: AsyncSession, application_id: UUID) -> Application:
    """An application as the database holds it."""
    found = await session.get(Application, application_id, populate_existing=True)
    if found is None:
        raise NotFound("application")
    return found


async def add_application(session: AsyncSession, application: Application) -> bool:
    """Keeps a new application and answers True, or answers False when another of that journalist came first."""
    statement = (
        insert(Application)
        .values(application.model_dump())
        .on_conflict_do_nothing(
            index_elements=["event_id", "journalist_id"],
            # In words, not as a parameter: PostgreSQL knows an index only by its very condition.
            index_where=text("state <> 'withdrawn'"),
        )
    )
    return (await session.execute(statement.returning(col(Application.id)))).first() is not None


async def find_application(session: AsyncSession, *, event_id: UUID, journalist_id: UUID) -> Application | None:
    """A journalist's application for an event; one that was withdrawn makes room for another."""
    statement = select(Application).where(
        col(Application.event_id) == event_id,
        col(Application.journalist_id) == journalist_id,
        col(Application.state) != ApplicationState.WITHDRAWN,
    )
    return await session.scalar(statement)


async def list_applications(
    session: AsyncSession,
    *,
    event_id: UUID,
    state: ApplicationState | None,
    q: str,
    after: UUID | None,
    limit: int,
) -> list[Any]:
    """(Application, Journalist, Outlet) of an event, the oldest first; a draft is its writer's alone."""
    statement = (
        select(Application, Journalist, Outlet)
        .join(Journalist, col(Journalist.id) == col(Application.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(col(Application.event_id) == event_id, col(Application.state) != ApplicationState.DRAFT)
        .order_by(col(Application.id))
        .limit(limit)
    )
    if state is not None:
        statement = statement.where(col(Application.state) == state)
    if q:
        pattern = like(q)
        statement = statement.where(col(Journalist.folded).like(pattern) | col(Outlet.folded).like(pattern))
    if after is not None:
        statement = statement.where(col(Application.id) > after)
    return list((await session.execute(statement)).all())


async def list_applications_of(session: AsyncSession, journalist_id: UUID) -> list[Any]:
    """(Application, Event) of one journalist, the newest first."""
    statement = (
        select(Application, Event)
        .join(Event, col(Event.id) == col(Application.event_id))
        .where(col(Application.journalist_id) == journalist_id)
        .order_by(col(Application.id).desc())
    )
    return list((await session.execute(statement)).all())


async def list_decisions(session: AsyncSession, *application_ids: UUID) -> list[Decision]:
    """The steps of applications in their order."""
    statement = select(Decision).where(col(Decision.application_id).in_(application_ids)).order_by(col(Decision.id))
    return list(await session.scalars(statement))


async def count_same_card(session: AsyncSession, journalist: Journalist) -> int:
    """How many other journalists have named the same press card."""
    if not journalist.press_card_hash:
        return 0
    statement = select(func.count()).where(
        col(Journalist.press_card_hash) == journalist.press_card_hash, col(Journalist.id) != journalist.id
    )
    return int(await session.scalar(statement) or 0)
