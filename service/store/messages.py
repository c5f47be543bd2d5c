"""Mail on its way, in the database: putting it in once, taking it out by one worker at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Journalist
from service.domain.messages import MailState, OutgoingMail

_MANY = 1000
"""Rows of one statement: PostgreSQL takes 32,767 values at once."""


async def add_mails(session: AsyncSession, mails: Sequence[OutgoingMail]) -> None:
    """Puts mails in; one whose `once` is known is left away, for its news is on the way already."""
    values = [mail.model_dump() for mail in mails]
    for first in range(0, len(values), _MANY):
        statement = insert(OutgoingMail).values(values[first : first + _MANY])
        await session.execute(statement.on_conflict_do_nothing(index_elements=["once"]))


async def find_language(session: AsyncSession, journalist_id: UUID | None) -> str | None:
    """The language in which a journalist is written to."""
    return await session.scalar(select(col(Journalist.language)).where(col(Journalist.id) == journalist_id))


async def find_address(session: AsyncSession, journalist_id: UUID) -> str | None:
    """The address at which a journalist is written to."""
    return await session.scalar(select(col(Journalist.email)).where(col(Journalist.id) == journalist_id))


async def is_known(session: AsyncSession, *, once: str) -> bool:
    """Whether this news was put in, whatever became of it."""
    return bool(await session.scalar(select(func.count()).where(col(OutgoingMail.once) == once)))


async def take_mail(session: AsyncSession, now: datetime) -> OutgoingMail | None:
    """The mail that is due next, locked; mails that another worker holds are passed over."""
    statement = (
        select(OutgoingMail)
        .where(col(OutgoingMail.state) == MailState.QUEUED, col(OutgoingMail.next_try_at) <= now)
        .order_by(col(OutgoingMail.next_try_at), col(OutgoingMail.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return await session.scalar(statement)


async def lock_mail(session: AsyncSession, mail_id: UUID) -> OutgoingMail | None:
    return await session.get(OutgoingMail, mail_id, with_for_update=True, populate_existing=True)


async def mark_unsure(session: AsyncSession, before: datetime) -> int:
    """Mails that have been `sending` since before that moment: whoever sent them is gone. Returns how many."""
    statement = (
        update(OutgoingMail)
        .where(col(OutgoingMail.state) == MailState.SENDING, col(OutgoingMail.next_try_at) < before)
        .values(state=MailState.UNSURE, problem="the worker ended while it was sending")
        .returning(col(OutgoingMail.id))
    )
    return len((await session.execute(statement)).all())


async def list_mails(
    session: AsyncSession, *, event_id: UUID | None = None, object_id: UUID | None = None, limit: int
) -> list[OutgoingMail]:
    """The newest first."""
    statement = select(OutgoingMail).order_by(col(OutgoingMail.id).desc()).limit(limit)
    if event_id is not None:
        statement = statement.where(col(OutgoingMail.event_id) == event_id)
    if object_id is not None:
        statement = statement.where(col(OutgoingMail.object_id) == object_id)
    return list(await session.scalars(statement))


async def count_mails(session: AsyncSession, event_id: UUID) -> dict[MailState, int]:
    statement: Any = (
        select(col(OutgoingMail.state), func.count())
        .where(col(OutgoingMail.event_id) == event_id)
        .group_by(col(OutgoingMail.state))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}
