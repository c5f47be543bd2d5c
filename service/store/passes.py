"""Passes, keys and pass lists in the database."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import GRANTED, Application
from service.domain.codes import read_human_code
from service.domain.errors import NotFound
from service.domain.events import Event, Occurrence, Zone
from service.domain.passes import (
    BadgeState,
    Category,
    EntryPass,
    KeyState,
    PassList,
    PassListVersion,
    PassState,
    SigningKey,
)
from service.domain.texts import like

LIVING = (PassState.ACTIVE, PassState.SUSPENDED)
"""The states in which a pass may still open doors, now or again."""


async def get_pass(session: AsyncSession, pass_id: UUID) -> tuple[EntryPass, Event]:
    """A pass with its event."""
    statement = (
        select(EntryPass, Event)
        .join(Event, col(Event.id) == col(EntryPass.event_id))
        .where(col(EntryPass.id) == pass_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("pass")
    return row[0], row[1]


async def lock_pass(session: AsyncSession, pass_id: UUID) -> tuple[EntryPass, Event]:
    """A pass, locked, with its event; the door waits meanwhile."""
    await session.execute(select(col(EntryPass.id)).where(col(EntryPass.id) == pass_id).with_for_update())
    return await get_pass(session, pass_id)


async def find_pass_of_application(session: AsyncSession, application_id: UUID) -> EntryPass | None:
    """The living pass of an application, locked."""
    statement = select(EntryPass).where(
        col(EntryPass.application_id) == application_id, col(EntryPass.state).in_(LIVING)
    )
    return await session.scalar(statement.with_for_update())


async def find_latest_pass(session: AsyncSession, application_id: UUID) -> EntryPass | None:
    """The newest pass of an application, living or ended."""
    statement = select(EntryPass).where(col(EntryPass.application_id) == application_id)
    return await session.scalar(statement.order_by(col(EntryPass.id).desc()).limit(1))


async def find_newest_replacement(session: AsyncSession, pass_id: UUID) -> UUID | None:
    """The last of the passes that took this one's place one after another, or None."""
    chain = (
        select(col(EntryPass.id), literal(1).label("step"))
        .where(col(EntryPass.replaces_id) == pass_id)
        .cte("chain", recursive=True)
    )
    newer = aliased(EntryPass)
    chain = chain.union_all(select(col(newer.id), chain.c.step + 1).where(col(newer.replaces_id) == chain.c.id))
    return await session.scalar(select(chain.c.id).order_by(chain.c.step.desc()).limit(1))


def _awaits_pass(event_id: UUID) -> ColumnElement[bool]:
    living = select(col(EntryPass.id)).where(
        col(EntryPass.application_id) == col(Application.id), col(EntryPass.state).in_(LIVING)
    )
    return and_(col(Application.event_id) == event_id, col(Application.state).in_(GRANTED), ~living.exists())


async def list_granted(session: AsyncSession, event_id: UUID) -> list[UUID]:
    """The granted applications of an event that have no living pass, the oldest first."""
    statement = select(col(Application.id)).where(_awaits_pass(event_id))
    return list(await session.scalars(statement.order_by(col(Application.id))))


async def count_granted(session: AsyncSession, event_id: UUID) -> int:
    """How many granted applications of an event have no living pass."""
    statement = select(func.count()).select_from(Application).where(_awaits_pass(event_id))
    return int(await session.scalar(statement) or 0)


async def list_passes(
    session: AsyncSession,
    *,
    event_id: UUID,
    q: str = "",
    state: PassState | None = None,
    category: Category | None = None,
    badge: BadgeState | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[EntryPass]:
    """Passes of an event in the order of their ids; `q` finds folded names, human codes and serials."""
    statement = select(EntryPass).where(col(EntryPass.event_id) == event_id)
    if q:
        exact = read_human_code(q)
        found: list[ColumnElement[bool]] = [col(EntryPass.folded).like(like(q))]
        if exact is not None:
            found += [col(EntryPass.human_code) == exact, col(EntryPass.serial) == exact]
        statement = statement.where(or_(*found))
    if state is not None:
        statement = statement.where(col(EntryPass.state) == state)
    if category is not None:
        statement = statement.where(col(EntryPass.category) == category)
    if badge is not None:
        statement = statement.where(col(EntryPass.badge) == badge)
    if after is not None:
        statement = statement.where(col(EntryPass.id) > after)
    return list(await session.scalars(statement.order_by(col(EntryPass.id)).limit(limit)))


async def add_passes(session: AsyncSession, passes: Iterable[EntryPass]) -> None:
    """Keeps many passes with few statements."""
    session.add_all(passes)
    await session.flush()


async def next_list_version(session: AsyncSession, event_id: UUID, now: datetime) -> int:
    """The next version of an event's pass list; the row is locked until the transaction ends."""
    statement = (
        insert(PassList)
        .values(event_id=event_id, version=1, changed_at=now)
        .on_conflict_do_update(
            index_elements=["event_id"], set_={"version": col(PassList.version) + 1, "changed_at": now}
        )
        .returning(col(PassList.version))
    )
    version = int((await session.execute(statement)).scalar_one())
    await session.execute(insert(PassListVersion).values(event_id=event_id, version=version, issued_at=now))
    return version


async def find_active_key(session: AsyncSession, event_id: UUID) -> SigningKey | None:
    """The key that signs now; it can't be retired or struck before the transaction ends."""
    statement = select(SigningKey).where(col(SigningKey.event_id) == event_id, col(SigningKey.state) == KeyState.ACTIVE)
    return await session.scalar(statement.with_for_update(read=True))


async def lock_event(session: AsyncSession, event_id: UUID) -> Event:
    """An event, locked: changes of its keys take turns."""
    found = await session.get(Event, event_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound("event")
    return found


async def get_key(session: AsyncSession, key_id: UUID) -> SigningKey:
    found = await session.get(SigningKey, key_id)
    if found is None:
        raise NotFound("key")
    return found


async def lock_key(session: AsyncSession, key_id: UUID) -> tuple[SigningKey, Event]:
    """A key, locked, with its event; passes that are being signed with it are finished first."""
    statement = (
        select(SigningKey, Event)
        .join(Event, col(Event.id) == col(SigningKey.event_id))
        .where(col(SigningKey.id) == key_id)
        .with_for_update(of=SigningKey)
        .execution_options(populate_existing=True)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("key")
    return row[0], row[1]


async def list_keys(session: AsyncSession, event_id: UUID | None = None) -> list[SigningKey]:
    """All keys, or an event's, the oldest first."""
    statement = select(SigningKey).order_by(col(SigningKey.id))
    if event_id is not None:
        statement = statement.where(col(SigningKey.event_id) == event_id)
    return list(await session.scalars(statement))


async def retire_keys(session: AsyncSession, event_id: UUID) -> None:
    """The active key of the event signs no more, and still proves its passes."""
    statement = update(SigningKey).where(col(SigningKey.event_id) == event_id, col(SigningKey.state) == KeyState.ACTIVE)
    await session.execute(statement.values(state=KeyState.RETIRED))


async def count_living_passes(session: AsyncSession, key_id: UUID) -> int:
    """How many passes that may still open doors were signed with the key."""
    statement = select(func.count()).where(col(EntryPass.key_id) == key_id, col(EntryPass.state).in_(LIVING))
    return int(await session.scalar(statement) or 0)


async def lock_living_passes(session: AsyncSession, key_id: UUID) -> list[EntryPass]:
    """The passes signed with the key that may still open doors, locked in the door's order."""
    statement = select(EntryPass).where(col(EntryPass.key_id) == key_id, col(EntryPass.state).in_(LIVING))
    return list(await session.scalars(statement.order_by(col(EntryPass.id)).with_for_update()))


async def list_zone_codes(session: AsyncSession, event_id: UUID) -> set[str]:
    """The codes of all zones of an event's occurrences."""
    statement = (
        select(col(Zone.code))
        .join(Occurrence, col(Occurrence.id) == col(Zone.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
    )
    return set(await session.scalars(statement))


async def find_period(session: AsyncSession, event_id: UUID) -> tuple[date, date] | None:
    """The first and last day of an event's occurrences, or None when it has none."""
    statement = select(func.min(col(Occurrence.opens_on)), func.max(col(Occurrence.closes_on))).where(
        col(Occurrence.event_id) == event_id
    )
    first, last = (await session.execute(statement)).one()
    return None if first is None else (first, last)
