"""Printing many badges: one job in parts of a hundred, each a PDF of its own, made one after another.

A part is made, kept and logged in one transaction that holds its row: after a crash it is simply made again, and two
workers never make the same one.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction, JobState, PrintJob, PrintPart
from service.domain.errors import Conflict, NotFound
from service.domain.events import Event
from service.domain.files import FilePurpose
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.store import badges as store
from service.store import files
from service.store.database import Database
from service.store.printing.badges import Badge, render_badges
from service.store.printing.faults import TemplateFault
from service.store.printing.merging import merge
from service.store.vault import Vault
from service.usecases import audit, print_log
from service.usecases.badges.designs import open_logo, require_event
from service.usecases.badges.faces import faces_of
from service.usecases.badges.single import portraits_of
from service.usecases.badges.templates import fault_of, own_template

PART = 100
"""Badges in one part: a multiple of what fits on every sheet, so that only the last sheet of a job is not full."""
MOST_IN_ONE = 25
"""Parts that one PDF may be put together from: about 100 MB, which the process that serves the door can bear."""
_TRIES = 3


@dataclass(frozen=True)
class JobFile:
    """A job with its parts; `done` counts badges, `skipped` those whose pass had ended meanwhile."""

    job: PrintJob
    event: Event
    parts: list[PrintPart]

    @property
    def done(self) -> int:
        return sum(len(part.pass_ids) for part in self.parts if part.ended_at)

    @property
    def skipped(self) -> int:
        return sum(part.skipped for part in self.parts)


async def start_job(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    form: BadgeFormat,
    pass_ids: list[UUID] | None,
    category: Category | None,
    now: datetime,
) -> JobFile:
    """A job for the good passes of the event that have no badge yet: those named, of a category, or all.

    Raises Conflict `nothing_to_print` when there are none. Badges are made by the worker.
    """
    event = await require_event(session, access, event_id, Permission.BADGES_PRINT)
    wanted = await store.list_printable(session, event_id=event_id, now=now, pass_ids=pass_ids, category=category)
    if not wanted:
        raise Conflict("nothing_to_print")
    job = PrintJob(
        event_id=event_id,
        format=form,
        total=len(wanted),
        without_portrait=sum(not portrait for _, portrait in wanted),
        staff_id=access.staff_id,
        created_at=now,
    )
    session.add(job)
    await session.flush()
    ids = [pass_id for pass_id, _ in wanted]
    parts = [
        PrintPart(job_id=job.id, number=number, pass_ids=ids[first : first + PART])
        for number, first in enumerate(range(0, len(ids), PART), 1)
    ]
    session.add_all(parts)
    await session.flush()
    audit.record_for(session, access, "started", "print_job", job.id, event, now, badges=job.total, format=form.value)
    return JobFile(job, event, parts)


async def open_job(session: AsyncSession, *, access: Access, job_id: UUID) -> JobFile:
    """A job and how far it is."""
    job, event = await store.get_job(session, job_id)
    access.require(Permission.BADGES_PRINT, event.organisation_id)
    return JobFile(job, event, await store.list_parts(session, [job_id]))


async def cancel_job(session: AsyncSession, *, access: Access, job_id: UUID, now: datetime) -> JobFile:
    """Stops a running job; parts that are made stay. Raises Conflict `illegal_move` for one that has ended."""
    job, event = await store.get_job(session, job_id, lock=True)
    access.require(Permission.BADGES_PRINT, event.organisation_id)
    if job.state is not JobState.RUNNING:
        raise Conflict("illegal_move", f"{job.state.value} → cancelled")
    job.state, job.ended_at = JobState.CANCELLED, now
    await session.flush()
    audit.record_for(session, access, "cancelled", "print_job", job.id, event, now)
    return await open_job(session, access=access, job_id=job_id)


async def open_part(
    session: AsyncSession, *, access: Access, job_id: UUID, number: int, vault: Vault, now: datetime
) -> bytes:
    """One part as PDF. Raises NotFound while it isn't made; opening it again is a second look, not a reprint."""
    found = await open_job(session, access=access, job_id=job_id)
    part = next((one for one in found.parts if one.number == number and one.file_id), None)
    if part is None or part.file_id is None:
        raise NotFound("part")
    audit.record_for(session, access, "badges_opened", "print_job", job_id, found.event, now, part=number)
    return await files.open_file(session, part.file_id, FilePurpose.BADGES, vault)


async def whole_job(session: AsyncSession, *, access: Access, job_id: UUID, vault: Vault, now: datetime) -> bytes:
    """All parts of an ended job as one PDF, up to MOST_IN_ONE of them.

    Raises Conflict `illegal_move` while it runs, and for a larger one, whose parts are fetched one by one.
    """
    found = await open_job(session, access=access, job_id=job_id)
    if found.job.state is JobState.RUNNING:
        raise Conflict("illegal_move", "running")
    if len(found.parts) > MOST_IN_ONE:
        raise Conflict("illegal_move", f"more than {MOST_IN_ONE} parts: fetch them one by one")
    audit.record_for(session, access, "badges_opened", "print_job", job_id, found.event, now)
    made = [
        await files.open_file(session, part.file_id, FilePurpose.BADGES, vault) for part in found.parts if part.file_id
    ]
    if not made:
        raise NotFound("part")
    return await asyncio.to_thread(merge, made)


# The worker's side ----------------------------------------------------------------------------------------------


async def work_one_part(database: Database, *, vault: Vault, now: datetime) -> bool:
    """Makes the next part of a running job; False when there is none to make.

    A part that fails is tried again, three times in all; then its job has failed, and says why.
    """
    taken: tuple[UUID, int] | None = None
    try:
        async with database.transaction() as session:
            found = await store.take_part(session)
            if found is None:
                return False
            part, job = found
            taken = (part.job_id, part.number)
            await _make(session, part, job, vault, now)
    except TemplateFault as fault:
        await _failed(database, taken, fault_of(fault).detail, now, final=True)
    except Exception as problem:
        await _failed(database, taken, type(problem).__name__, now, final=False)
        raise
    return True


async def _make(session: AsyncSession, part: PrintPart, job: PrintJob, vault: Vault, now: datetime) -> None:
    wanted = await store.list_passes(session, part.pass_ids)
    passes = [one for one in wanted if _is_wanted(one, now)]
    if passes:
        faces = await faces_of(session, event_id=job.event_id, passes=passes)
        photos = await portraits_of(session, passes, vault)
        badges = [Badge(face, photo) for face, photo in zip(faces, photos, strict=True)]
        logo = await open_logo(session, job.event_id, vault)
        template = await own_template(session, job.event_id, job.format)
        made = await render_badges(badges, form=job.format, logo=logo, template=template, now=now)
        kept = await files.add_file(
            session, purpose=FilePurpose.BADGES, media_type="application/pdf", content=made, vault=vault, now=now
        )
        part.file_id = kept.id
        for one in await store.lock_passes(session, [one.id for one in passes]):
            # Ended or printed elsewhere while the PDF was made: the part is made anew without it.
            if not _is_wanted(one, now):
                raise Conflict("busy", one.serial)
            print_log.note(session, one, BadgeAction.PRINTED, staff_id=job.staff_id, now=now, job_id=job.id)
    part.skipped = len(part.pass_ids) - len(passes)
    part.ended_at = now
    await session.flush()
    await _end_if_whole(session, job.id, now)


def _is_wanted(entry_pass: EntryPass, now: datetime) -> bool:
    good = entry_pass.state is PassState.ACTIVE and entry_pass.valid_until > now
    return good and entry_pass.badge is BadgeState.NONE


async def _end_if_whole(session: AsyncSession, job_id: UUID, now: datetime) -> None:
    """Whoever ends the last part ends the job; the job's row makes workers take turns."""
    job, _ = await store.get_job(session, job_id, lock=True)
    if job.state is JobState.RUNNING and not await store.count_open_parts(session, job_id):
        job.state, job.ended_at = JobState.DONE, now
        await session.flush()


async def _failed(
    database: Database, taken: tuple[UUID, int] | None, problem: str, now: datetime, *, final: bool
) -> None:
    if taken is None:
        return
    async with database.transaction() as session:
        part = await store.lock_part(session, *taken)
        job, _ = await store.get_job(session, taken[0], lock=True)
        if part is None or part.ended_at is not None:
            return
        part.attempts += 1
        if job.state is JobState.RUNNING and (final or part.attempts >= _TRIES):
            job.state, job.ended_at, job.problem = JobState.FAILED, now, problem
