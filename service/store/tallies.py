"""Tallies in the database, as one set-based statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import asyncpg

from service.domain.door import TallyCategory


class Counted(Protocol):
    """What is kept of a tally."""

    @property
    def id(self) -> UUID: ...
    @property
    def gate_id(self) -> UUID: ...
    @property
    def category(self) -> TallyCategory: ...
    @property
    def heads(self) -> int: ...
    @property
    def tallied_at(self) -> datetime: ...
    @property
    def reason(self) -> str: ...


async def add(connection: asyncpg.Connection, rows: Sequence[tuple[Counted, UUID, datetime, date]]) -> set[UUID]:
    """Keeps (tally, device, received_at, day) rows; returns the ids that were new."""
    columns: list[list[Any]] = [[] for _ in range(9)]
    for one, device_id, received_at, on in rows:
        values = (
            one.id,
            device_id,
            one.gate_id,
            one.category.value,
            one.heads,
            one.reason,
            one.tallied_at,
            received_at,
            on,
        )
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    kept = await connection.fetch(
        "INSERT INTO tally (id, device_id, gate_id, category, heads, reason, tallied_at, received_at, counted_on) "
        "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int4[], $6::text[], "
        "$7::timestamptz[], $8::timestamptz[], $9::date[]) ON CONFLICT (id) DO NOTHING RETURNING id",
        *columns,
    )
    return {row["id"] for row in kept}
