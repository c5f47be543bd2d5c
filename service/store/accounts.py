"""Organisations, staff, grants and sign-ins in the database."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Grant, Organisation, SignIn, SignInFailure, Staff
from service.domain.errors import NotFound


async def find_staff_by_email(session: AsyncSession, email: str) -> Staff | None:
    return await session.scalar(select(Staff).where(col(Staff.email) == email))


async def get_organisation(session: AsyncSession, organisation_id: UUID) -> Organisation:
    found = await session.get(Organisation, organisation_id)
    if found is None:
        raise NotFound("organisation")
    return found


async def find_organisation(session: AsyncSession, name_vi: str) -> Organisation | None:
    return await session.scalar(select(Organisation).where(col(Organisation.name_vi) == name_vi))


async def list_organisations(session: AsyncSession, *, after: UUID | None, limit: int) -> list[Organisation]:
    """Organisations in the order of their ids."""
    statement = select(Organisation).order_by(col(Organisation.id)).limit(limit)
    if after is not None:
        statement = statement.where(col(Organisation.id) > after)
    return list(await session.scalars(statement))


async def list_grants(session: AsyncSession, staff_id: UUID) -> list[Grant]:
    return list(await session.scalars(select(Grant).where(col(Grant.staff_id) == staff_id).order_by(col(Grant.id))))


async def list_granted(session: AsyncSession, staff_ids: Iterable[UUID]) -> list[tuple[Grant, Organisation | None]]:
    """The grants of all these people, each with its organisation (None: all of them)."""
    statement = (
        select(Grant, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(Grant.organisation_id))
        .where(col(Grant.staff_id).in_(list(staff_ids)))
        .order_by(col(Grant.id))
    )
    return [(grant, organisation) for grant, organisation in await session.execute(statement)]


async def list_staff(
    session: AsyncSession, *, organisations: frozenset[UUID] | None, after: UUID | None, limit: int
) -> list[Staff]:
    """Staff with a grant in one of the organisations (None: all staff), in the order of their ids."""
    statement = select(Staff).order_by(col(Staff.id)).limit(limit)
    if organisations is not None:
        mine = select(col(Grant.staff_id)).where(col(Grant.organisation_id).in_(organisations))
        statement = statement.where(col(Staff.id).in_(mine))
    if after is not None:
        statement = statement.where(col(Staff.id) > after)
    return list(await session.scalars(statement))


async def lock_staff(session: AsyncSession, staff_id: UUID) -> Staff:
    found = await session.get(Staff, staff_id, with_for_update=True)
    if found is None:
        raise NotFound("staff")
    return found


async def find_staff_sign_in(session: AsyncSession, hashed: bytes, now: datetime) -> tuple[SignIn, Staff] | None:
    """The live sign-in behind a token's hash, with its active staff member."""
    statement = (
        select(SignIn, Staff)
        .join(Staff, col(Staff.id) == col(SignIn.staff_id))
        .where(
            col(SignIn.token_hash) == hashed,
            col(SignIn.ended_at).is_(None),
            col(SignIn.expires_at) > now,
            col(Staff.active),
        )
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def end_sign_in(session: AsyncSession, sign_in_id: UUID, now: datetime) -> None:
    await session.execute(
        update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )


async def count_failures(session: AsyncSession, subject: bytes, since: datetime) -> int:
    statement = select(func.count()).where(
        col(SignInFailure.subject_hash) == subject, col(SignInFailure.failed_at) > since
    )
    return int(await session.scalar(statement) or 0)


async def forget_failures(session: AsyncSession, *, before: datetime) -> None:
    await session.execute(delete(SignInFailure).where(col(SignInFailure.failed_at) < before))
