"""Watching print jobs: how far they are, what was left away, and whether anybody works on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission, Staff
from service.domain.badges import JobState, PrintJob
from service.domain.events import Event
from service.domain.passes import Category, EntryPass
from service.store import badges as store
from service.store import print_jobs
from service.usecases.badges.designs import require_event
from service.usecases.badges.jobs import JobFile, open_job

_PATIENCE = timedelta(minutes=1)
"""How long nothing may come out of the worker before it is said that it doesn't run."""
_MOST_SKIPPED = 100


@dataclass(frozen=True)
class JobWatch:
    """A job as it is watched.

    `idle`: nobody has made a part of any job for a while, though this one waits. `skipped` are the passes that were
    left away, as they stand now; at most a hundred of them.
    """

    file: JobFile
    started_by: str
    skipped: list[EntryPass]
    idle: bool


async def watch_job(session: AsyncSession, *, access: Access, job_id: UUID, now: datetime) -> JobWatch:
    """The job, how far it is, what was left away, and whether the worker runs."""
    found = await open_job(session, access=access, job_id=job_id)
    staff = await session.get(Staff, found.job.staff_id)
    skipped = await print_jobs.list_skipped(session, job_id, limit=_MOST_SKIPPED) if found.skipped else []
    return JobWatch(found, staff.name if staff else "", skipped, await _is_idle(session, found.job, now))


async def _is_idle(session: AsyncSession, job: PrintJob, now: datetime) -> bool:
    if job.state is not JobState.RUNNING or now - job.created_at < _PATIENCE:
        return False
    last = await print_jobs.find_last_made(session)
    return last is None or now - last >= _PATIENCE


@dataclass(frozen=True)
class JobList:
    """Print jobs of an event, the newest first, and how many badges of each category wait to be printed."""

    event: Event
    jobs: list[JobFile]
    waiting: dict[Category, int]


async def list_jobs(
    session: AsyncSession, *, access: Access, event_id: UUID, after: UUID | None, limit: int, now: datetime
) -> JobList:
    """The jobs after the one with the id `after`, with a fixed number of queries."""
    event = await require_event(session, access, event_id, Permission.BADGES_PRINT)
    jobs = await store.list_jobs(session, event_id, after=after, limit=limit)
    parts = await store.list_parts(session, [job.id for job in jobs])
    files = [JobFile(job, event, [part for part in parts if part.job_id == job.id]) for job in jobs]
    return JobList(event, files, await store.count_printable(session, event_id, now))
