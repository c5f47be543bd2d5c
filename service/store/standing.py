"""Standing accreditations in the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.accreditation import Journalist, Outlet, StandingAccreditation
from service.domain.errors import NotFound
from service.domain.texts import like

Kept = tuple[StandingAccreditation, Journalist, Outlet, Organisation]


async def get_standing(session: AsyncSession, standing_id: UUID, *, lock: bool = False) -> StandingAccreditation:
    found = await session.get(StandingAccreditation, standing_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound("standing accreditation")
    return found


async def lock_journalist(session: AsyncSession, journalist_id: UUID) -> Journalist:
    """A journalist, held so that two people don't give them the same thing at once."""
    found = await session.get(Journalist, journalist_id, with_for_update={"key_share": True})
    if found is None:
        raise NotFound("journalist")
    return found


async def list_living(
    session: AsyncSession, *, journalist_id: UUID, organisation_id: UUID
) -> list[StandingAccreditation]:
    """What an organisation gave a journalist and didn't end, whether it holds today or not; the newest first."""
    statement = (
        select(StandingAccreditation)
        .where(
            col(StandingAccreditation.journalist_id) == journalist_id,
            col(StandingAccreditation.organisation_id) == organisation_id,
            col(StandingAccreditation.ended_at).is_(None),
        )
        .order_by(col(StandingAccreditation.id).desc())
    )
    return list(await session.scalars(statement))


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for; `holds`: on that day (True), or no longer and not yet (False), or None: all."""

    organisation_ids: Collection[UUID] | None
    today: date
    q: str = ""
    holds: bool | None = None


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.organisation_ids is not None:
        conditions.append(col(StandingAccreditation.organisation_id).in_(wanted.organisation_ids))
    if wanted.q:
        pattern = like(wanted.q)
        named = or_(col(Journalist.folded).like(pattern), col(Outlet.folded).like(pattern))
        conditions.append(or_(named, col(Journalist.email) == wanted.q.strip().lower()))
    if wanted.holds is not None:
        living = and_(
            col(StandingAccreditation.ended_at).is_(None),
            col(StandingAccreditation.valid_from) <= wanted.today,
            col(StandingAccreditation.valid_until) >= wanted.today,
        )
        conditions.append(living if wanted.holds else ~living)
    return conditions


async def list_standing(session: AsyncSession, wanted: Wanted, *, after: UUID | None, limit: int) -> list[Kept]:
    """Standing accreditations with whose they are and who gave them, the newest first."""
    statement = (
        select(StandingAccreditation, Journalist, Outlet, Organisation)
        .join(Journalist, col(Journalist.id) == col(StandingAccreditation.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .join(Organisation, col(Organisation.id) == col(StandingAccreditation.organisation_id))
        .where(*_narrowed(wanted))
        .order_by(col(StandingAccreditation.id).desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(col(StandingAccreditation.id) < after)
    return [(row[0], row[1], row[2], row[3]) for row in await session.execute(statement)]


async def count_standing(session: AsyncSession, wanted: Wanted) -> int:
    """How many there are of what is asked for."""
    statement = (
        select(func.count())
        .select_from(StandingAccreditation)
        .join(Journalist, col(Journalist.id) == col(StandingAccreditation.journalist_id))
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(*_narrowed(wanted))
    )
    return int(await session.scalar(statement) or 0)


async def find_people(session: AsyncSession, q: str, *, limit: int) -> list[tuple[Journalist, Outlet]]:
    """Journalists by their whole address, or by a part of their name, accents and case aside."""
    statement = (
        select(Journalist, Outlet)
        .join(Outlet, col(Outlet.id) == col(Journalist.outlet_id))
        .where(
            col(Journalist.email) == q.strip().lower() if "@" in q else col(Journalist.folded).like(like(q)),
        )
        .order_by(col(Journalist.folded), col(Journalist.id))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]
