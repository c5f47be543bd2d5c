"""Revocation lists: what ended under which version, and which version each device held."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.door import Device, DeviceGate, ListFetch
from service.domain.events import Gate, Occurrence
from service.domain.passes import EntryPass, PassChange, PassListVersion, SigningKey


async def find_version(
    session: AsyncSession, event_id: UUID, *, version: int | None = None, at: datetime | None = None
) -> PassListVersion | None:
    """The newest version of the list, the newest at the moment `at`, or the one of that number."""
    statement = select(PassListVersion).where(col(PassListVersion.event_id) == event_id)
    if version is not None:
        statement = statement.where(col(PassListVersion.version) == version)
    if at is not None:
        statement = statement.where(col(PassListVersion.issued_at) <= at)
    return await session.scalar(statement.order_by(col(PassListVersion.version).desc()).limit(1))


async def add_changes(session: AsyncSession, passes: list[EntryPass], now: datetime) -> None:
    """Keeps what each of the passes has become under its `list_version`."""
    session.add_all(
        PassChange(
            event_id=one.event_id,
            version=one.list_version,
            pass_id=one.id,
            state=one.state,
            ground=one.state_ground,
            authority=one.state_authority,
            changed_at=now,
        )
        for one in passes
    )
    await session.flush()


async def list_changes(
    session: AsyncSession, event_id: UUID, *, after: int, upto: int
) -> list[tuple[PassChange, str, UUID]]:
    """(change, serial, key_id): the latest change of each pass in the versions after `after` up to `upto`."""
    statement = (
        select(PassChange, col(EntryPass.serial), col(EntryPass.key_id))
        .join(EntryPass, col(EntryPass.id) == col(PassChange.pass_id))
        .where(col(PassChange.event_id) == event_id, col(PassChange.version) > after, col(PassChange.version) <= upto)
        .ext(distinct_on(col(PassChange.pass_id)))
        .order_by(col(PassChange.pass_id), col(PassChange.version).desc())
    )
    rows = [(row[0], row[1], row[2]) for row in await session.execute(statement)]
    return sorted(rows, key=lambda row: (row[0].version, row[1]))


async def list_struck(session: AsyncSession, event_id: UUID, *, upto: int) -> list[SigningKey]:
    """The keys struck up to that version, in the order of their striking."""
    statement = select(SigningKey).where(col(SigningKey.event_id) == event_id, col(SigningKey.struck_version) <= upto)
    return list(await session.scalars(statement.order_by(col(SigningKey.struck_version))))


async def remember_fetch(
    session: AsyncSession, *, device_id: UUID, event_id: UUID, version: int, now: datetime
) -> None:
    """Keeps that the device holds this version from now on."""
    statement = insert(ListFetch).values(
        device_id=device_id, event_id=event_id, version=version, first_at=now, last_at=now
    )
    await session.execute(
        statement.on_conflict_do_update(index_elements=["device_id", "event_id", "version"], set_={"last_at": now})
    )


async def list_known(session: AsyncSession, event_id: UUID, at: datetime) -> list[Any]:
    """(Device, version, first_at, last_at) of each device of the event: the list that it held at the moment `at`.

    Devices that had none have None there.
    """
    held = (
        select(ListFetch)
        .where(col(ListFetch.event_id) == event_id, col(ListFetch.first_at) <= at)
        .ext(distinct_on(col(ListFetch.device_id)))
        .order_by(col(ListFetch.device_id), col(ListFetch.version).desc())
        .subquery()
    )
    mine = (
        select(col(DeviceGate.device_id))
        .join(Gate, col(Gate.id) == col(DeviceGate.gate_id))
        .join(Occurrence, col(Occurrence.id) == col(Gate.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
    )
    statement: Any = (
        select(Device, held.c.version, held.c.first_at, held.c.last_at)
        .outerjoin(held, held.c.device_id == col(Device.id))
        .where(col(Device.id).in_(mine), col(Device.enrolled_at) <= at)
        .order_by(col(Device.name), col(Device.id))
    )
    return list(await session.execute(statement))
