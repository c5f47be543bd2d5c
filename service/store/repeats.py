"""Answers kept for requests that may be repeated."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.audit import RepeatedRequest

KEPT = timedelta(hours=24)


async def claim(
    session: AsyncSession, *, caller: str, key: str, request_hash: bytes, now: datetime
) -> RepeatedRequest | None:
    """Takes `key` for this transaction and returns None, or returns the first request's record.

    Waits while another transaction holds the same key: when that one fails, the key is free again.
    """
    await session.execute(delete(RepeatedRequest).where(col(RepeatedRequest.created_at) < now - KEPT))
    taken = await session.execute(
        insert(RepeatedRequest)
        .values(
            caller=caller,
            idempotency_key=key,
            request_hash=request_hash,
            status=0,
            headers={},
            body=b"",
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(col(RepeatedRequest.caller))
    )
    if taken.first() is not None:
        return None
    return await session.get(RepeatedRequest, (caller, key))


async def keep(
    session: AsyncSession, *, caller: str, key: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keeps the answer beside what was changed."""
    await session.execute(
        update(RepeatedRequest)
        .where(col(RepeatedRequest.caller) == caller, col(RepeatedRequest.idempotency_key) == key)
        .values(status=status, headers=headers, body=body)
    )
