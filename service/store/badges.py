"""Classes, designs and templates of badges, print jobs, handovers and the print log in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation, Staff
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import (
    BadgeAction,
    BadgeDesign,
    BadgeRecord,
    BadgeTemplate,
    Handover,
    JobState,
    PassClass,
    PrintJob,
    PrintPart,
)
from service.domain.errors import NotFound
from service.domain.events import Event, Occurrence, Zone
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.domain.places import Venue

# Classes and designs ------------------------------------------------------------------------------------------


async def list_classes(session: AsyncSession, event_id: UUID) -> list[PassClass]:
    """The event's own classes by their code."""
    statement = select(PassClass).where(col(PassClass.event_id) == event_id).order_by(col(PassClass.code))
    return list(await session.scalars(statement))


async def find_class(session: AsyncSession, event_id: UUID, code: str) -> PassClass | None:
    statement = select(PassClass).where(col(PassClass.event_id) == event_id, col(PassClass.code) == code)
    return await session.scalar(statement.with_for_update())


async def count_class_uses(session: AsyncSession, event_id: UUID, code: str) -> int:
    """How many passes of the event name the class."""
    statement = select(func.count()).where(col(EntryPass.event_id) == event_id, col(EntryPass.class_code) == code)
    return int(await session.scalar(statement) or 0)


async def count_classes(session: AsyncSession, event_id: UUID) -> dict[str, int]:
    """How many passes of the event name each class."""
    statement: Any = (
        select(col(EntryPass.class_code), func.count())
        .where(col(EntryPass.event_id) == event_id, col(EntryPass.class_code) != "")
        .group_by(col(EntryPass.class_code))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def find_design(session: AsyncSession, event_id: UUID) -> BadgeDesign | None:
    return await session.get(BadgeDesign, event_id)


async def find_template(session: AsyncSession, event_id: UUID, form: BadgeFormat) -> BadgeTemplate | None:
    """The newest version of the organiser's own template, if there was ever one."""
    statement = select(BadgeTemplate).where(col(BadgeTemplate.event_id) == event_id, col(BadgeTemplate.format) == form)
    return await session.scalar(statement.order_by(col(BadgeTemplate.version).desc()).limit(1))


async def count_portrait_uses(session: AsyncSession, file_id: UUID) -> int:
    """How many passes show this portrait: a new pass keeps that of the one it replaces."""
    statement = select(func.count()).where(col(EntryPass.portrait_id) == file_id)
    return int(await session.scalar(statement) or 0)


# What faces are made of ---------------------------------------------------------------------------------------


async def get_event(session: AsyncSession, event_id: UUID) -> tuple[Event, Organisation]:
    """An event with its organiser. Raises NotFound."""
    statement = (
        select(Event, Organisation)
        .join(Organisation, col(Organisation.id) == col(Event.organisation_id))
        .where(col(Event.id) == event_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("event")
    return row[0], row[1]


async def list_zones(session: AsyncSession, event_id: UUID) -> dict[str, tuple[str, str]]:
    """The names (vi, en) of the event's zones by their code; the first occurrence names a code that stands often."""
    statement: Any = (
        select(col(Zone.code), col(Zone.name_vi), col(Zone.name_en))
        .join(Occurrence, col(Occurrence.id) == col(Zone.occurrence_id))
        .where(col(Occurrence.event_id) == event_id)
        .order_by(col(Occurrence.opens_on).desc(), col(Occurrence.id).desc())
    )
    return {code: (vi, en) for code, vi, en in await session.execute(statement)}


async def list_places(session: AsyncSession, event_id: UUID) -> list[tuple[Occurrence, Venue, frozenset[str]]]:
    """(occurrence, venue, codes of its zones) of the event, the first first."""
    codes = (
        select(func.array_agg(col(Zone.code)))
        .where(col(Zone.occurrence_id) == col(Occurrence.id))
        .correlate(Occurrence)
        .scalar_subquery()
    )
    statement: Any = (
        select(Occurrence, Venue, codes)
        .join(Venue, col(Venue.id) == col(Occurrence.venue_id))
        .where(col(Occurrence.event_id) == event_id)
        .order_by(col(Occurrence.opens_on), col(Occurrence.id))
    )
    return [(row[0], row[1], frozenset(row[2] or ())) for row in await session.execute(statement)]


# Print jobs ---------------------------------------------------------------------------------------------------


def _printable(event_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(
        col(EntryPass.event_id) == event_id,
        col(EntryPass.state) == PassState.ACTIVE,
        col(EntryPass.badge) == BadgeState.NONE,
        col(EntryPass.valid_until) > now,
    )


async def count_printable(session: AsyncSession, event_id: UUID, now: datetime) -> dict[Category, int]:
    """How many passes of each category may be printed for the first time."""
    statement: Any = select(col(EntryPass.category), func.count()).where(_printable(event_id, now))
    rows = await session.execute(statement.group_by(col(EntryPass.category)).order_by(col(EntryPass.category)))
    return {row[0]: row[1] for row in rows}


async def list_printable(
    session: AsyncSession,
    *,
    event_id: UUID,
    now: datetime,
    pass_ids: Sequence[UUID] | None = None,
    category: Category | None = None,
) -> list[tuple[UUID, bool]]:
    """(id, has a portrait) of the passes that may be printed for the first time: good ones without a badge.

    By outlet and name, so that badges come out in the order in which they are handed over.
    """
    statement = select(col(EntryPass.id), col(EntryPass.portrait_id)).where(_printable(event_id, now))
    if pass_ids is not None:
        statement = statement.where(col(EntryPass.id).in_(pass_ids))
    if category is not None:
        statement = statement.where(col(EntryPass.category) == category)
    order = (func.lower(col(EntryPass.organisation_name)), col(EntryPass.folded), col(EntryPass.id))
    return [(row[0], row[1] is not None) for row in await session.execute(statement.order_by(*order))]


async def get_job(session: AsyncSession, job_id: UUID, *, lock: bool = False) -> tuple[PrintJob, Event]:
    statement = (
        select(PrintJob, Event).join(Event, col(Event.id) == col(PrintJob.event_id)).where(col(PrintJob.id) == job_id)
    )
    if lock:
        # Rows that point at the job hold its key; the lock lets them, else two workers would wait for each other.
        statement = statement.with_for_update(of=PrintJob, key_share=True)
    row = (await session.execute(statement.execution_options(populate_existing=lock))).one_or_none()
    if row is None:
        raise NotFound("print job")
    return row[0], row[1]


async def list_jobs(session: AsyncSession, event_id: UUID, *, after: UUID | None, limit: int) -> list[PrintJob]:
    """The newest first."""
    statement = select(PrintJob).where(col(PrintJob.event_id) == event_id).order_by(col(PrintJob.id).desc())
    if after is not None:
        statement = statement.where(col(PrintJob.id) < after)
    return list(await session.scalars(statement.limit(limit)))


async def list_parts(session: AsyncSession, job_ids: Iterable[UUID]) -> list[PrintPart]:
    statement = select(PrintPart).where(col(PrintPart.job_id).in_(list(job_ids)))
    return list(await session.scalars(statement.order_by(col(PrintPart.job_id), col(PrintPart.number))))


async def take_part(session: AsyncSession) -> tuple[PrintPart, PrintJob] | None:
    """The next part of a running job, locked; parts that another worker holds are passed over."""
    statement = (
        select(PrintPart, PrintJob)
        .join(PrintJob, col(PrintJob.id) == col(PrintPart.job_id))
        .where(col(PrintPart.ended_at).is_(None), col(PrintJob.state) == JobState.RUNNING)
        .order_by(col(PrintPart.attempts), col(PrintPart.job_id), col(PrintPart.number))
        .limit(1)
        .with_for_update(of=PrintPart, skip_locked=True)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def lock_part(session: AsyncSession, job_id: UUID, number: int) -> PrintPart | None:
    return await session.get(PrintPart, (job_id, number), with_for_update=True, populate_existing=True)


async def count_open_parts(session: AsyncSession, job_id: UUID) -> int:
    statement = select(func.count()).where(col(PrintPart.job_id) == job_id, col(PrintPart.ended_at).is_(None))
    return int(await session.scalar(statement) or 0)


async def lock_passes(session: AsyncSession, pass_ids: Sequence[UUID]) -> list[EntryPass]:
    """Passes, locked in the order in which the door locks them, as they stand now."""
    statement = select(EntryPass).where(col(EntryPass.id).in_(pass_ids)).order_by(col(EntryPass.id))
    return list(await session.scalars(statement.with_for_update().execution_options(populate_existing=True)))


async def list_passes(session: AsyncSession, pass_ids: Sequence[UUID]) -> list[EntryPass]:
    """Passes in the order of `pass_ids`."""
    statement = select(EntryPass).where(col(EntryPass.id).in_(pass_ids))
    found = {one.id: one for one in await session.scalars(statement)}
    return [found[pass_id] for pass_id in pass_ids if pass_id in found]


# The print log ------------------------------------------------------------------------------------------------


async def list_records(session: AsyncSession, pass_id: UUID) -> list[Any]:
    """(BadgeRecord, staff name, Handover) of one pass, the first first."""
    statement: Any = (
        select(BadgeRecord, col(Staff.name), Handover)
        .outerjoin(Staff, col(Staff.id) == col(BadgeRecord.staff_id))
        .outerjoin(Handover, col(Handover.id) == col(BadgeRecord.handover_id))
        .where(col(BadgeRecord.pass_id) == pass_id)
        .order_by(col(BadgeRecord.id))
    )
    return list(await session.execute(statement))


async def find_lost_at(session: AsyncSession, pass_id: UUID) -> datetime | None:
    """When the badge was last reported lost."""
    statement = select(func.max(col(BadgeRecord.at))).where(
        col(BadgeRecord.pass_id) == pass_id, col(BadgeRecord.action) == BadgeAction.LOST
    )
    return await session.scalar(statement)


async def get_handover(session: AsyncSession, handover_id: UUID) -> tuple[Handover, Event, Staff]:
    statement = (
        select(Handover, Event, Staff)
        .join(Event, col(Event.id) == col(Handover.event_id))
        .join(Staff, col(Staff.id) == col(Handover.staff_id))
        .where(col(Handover.id) == handover_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound("handover")
    return row[0], row[1], row[2]


async def list_handed(session: AsyncSession, handover_id: UUID) -> list[EntryPass]:
    """The passes whose badges were given in one handover, by name."""
    statement = (
        select(EntryPass)
        .join(BadgeRecord, col(BadgeRecord.pass_id) == col(EntryPass.id))
        .where(col(BadgeRecord.handover_id) == handover_id)
        .order_by(col(EntryPass.folded), col(EntryPass.id))
    )
    return list(await session.scalars(statement))


async def count_badges(session: AsyncSession, event_id: UUID) -> dict[BadgeState, int]:
    """How many good passes of the event have their badge where."""
    statement: Any = (
        select(col(EntryPass.badge), func.count())
        .where(col(EntryPass.event_id) == event_id, col(EntryPass.state).in_([PassState.ACTIVE, PassState.SUSPENDED]))
        .group_by(col(EntryPass.badge))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}
