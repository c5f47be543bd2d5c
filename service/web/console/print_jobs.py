"""Print jobs: those of an event, and one as it is made, with its PDFs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import JobState
from service.domain.errors import Conflict
from service.domain.passes import Category
from service.usecases import badges
from service.usecases.badges import JobFile, JobList, JobWatch
from service.web import badge_views as view
from service.web.answers import Pdf
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.design import badges_href
from service.web.console.pass_rows import pass_href
from service.web.console.place import place_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep, VaultDep
from service.web.forms import FormDep, attempt
from service.web.schemas import write_cursor
from service.web.views import Option, Pager
from service.web.words import word

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_LIMIT = 20
_CHUNK = 1 << 16
_TEMPLATE_AT_FAULT = "line "


def jobs_href(event_id: UUID) -> str:
    """The print jobs of an event."""
    return f"{event_href(event_id)}/print-jobs"


def job_href(job_id: UUID) -> str:
    """One print job."""
    return f"{START}/print-jobs/{job_id}"


@router.get("/events/{event_id}/print-jobs")
async def list_jobs(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
    cursor: reading.Cursor = "",
) -> Response:
    """The newest first, and the form that begins one."""
    after = reading.read_cursor_id(cursor)
    found = await badges.list_jobs(
        session, access=visit.access, event_id=event_id, after=after, limit=_LIMIT + 1, now=now
    )
    return visit.show("console/print_jobs.html", page=_jobs(visit, found, cursor=cursor))


@router.post("/events/{event_id}/print-jobs")
async def start(
    event_id: UUID,
    form: FormDep,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """Begins a job and leads to it; where nothing is to be printed, the form comes back and says so."""
    wanted, category = form.kind("format", BadgeFormat), form.one("category")
    chosen = reading.read_kind("category", category, Category)
    try:
        async with attempt(session):
            started = await badges.start_job(
                session, access=visit.access, event_id=event_id, form=wanted, pass_ids=None, category=chosen, now=now
            )
    except Conflict as refusal:
        if refusal.code != "nothing_to_print":
            raise
        found = await badges.list_jobs(
            session, access=visit.access, event_id=event_id, after=None, limit=_LIMIT + 1, now=now
        )
        shown = _jobs(visit, found, form=wanted, category=category, nothing=True)
        return visit.show("console/print_jobs.html", status=409, page=shown)
    return RedirectResponse(job_href(started.job.id), 303)


@router.get("/print-jobs/{job_id}")
async def open_job(
    job_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_PRINT, "events")
) -> Response:
    """What was asked for, how far it is, and what can be fetched."""
    found = await badges.watch_job(session, access=visit.access, job_id=job_id, now=now)
    job, event = found.file.job, found.file.event
    shown = view.JobPage(
        place=place_of(visit, event, "print-jobs"),
        jobs_href=jobs_href(event.id),
        format=job.format.value,
        started_by=found.started_by,
        created_at=job.created_at,
    )
    return visit.show("console/print_job.html", page=shown, job=_progress(found, now))


@router.get("/print-jobs/{job_id}/progress")
async def follow_job(
    job_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_PRINT, "events")
) -> Response:
    """The part of the job's page that renews itself until the job has ended."""
    found = await badges.watch_job(session, access=visit.access, job_id=job_id, now=now)
    return visit.show("console/print_progress.html", job=_progress(found, now))


@router.post("/print-jobs/{job_id}/stop")
async def stop(
    job_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.BADGES_PRINT, "events")
) -> Response:
    """Stops a running job; one that has ended meanwhile is shown as it is."""
    try:
        async with attempt(session):
            await badges.cancel_job(session, access=visit.access, job_id=job_id, now=now)
    except Conflict as refusal:
        if refusal.code != "illegal_move":
            raise
    return RedirectResponse(job_href(job_id), 303)


@router.get("/print-jobs/{job_id}/parts/{number}.pdf")
async def open_part(
    job_id: UUID,
    number: Annotated[int, Path(ge=1, le=1000)],
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """Up to a hundred badges to print."""
    made = await badges.open_part(session, access=visit.access, job_id=job_id, number=number, vault=vault, now=now)
    return Pdf(made, headers=_named(f"badges-{job_id}-{number:03}.pdf"))


@router.get("/print-jobs/{job_id}/badges.pdf")
async def open_whole(
    job_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """All badges of an ended job to print."""
    made = await badges.whole_job(session, access=visit.access, job_id=job_id, vault=vault, now=now)
    headers = {**_named(f"badges-{job_id}.pdf"), "Content-Length": str(len(made))}
    return StreamingResponse(_chunks(made), media_type=Pdf.media_type, headers=headers)


def _chunks(made: bytes) -> Iterator[bytes]:
    whole = memoryview(made)
    for start in range(0, len(whole), _CHUNK):
        yield bytes(whole[start : start + _CHUNK])


def _named(name: str) -> dict[str, str]:
    return {"Cache-Control": "private, no-store", "Content-Disposition": f'inline; filename="{name}"'}


def _jobs(
    visit: Visit,
    found: JobList,
    *,
    cursor: str = "",
    form: BadgeFormat = BadgeFormat.A6,
    category: str = "",
    nothing: bool = False,
) -> view.JobsPage:
    here, kept = jobs_href(found.event.id), found.jobs[:_LIMIT]
    older = reading.address(here, cursor=write_cursor(str(kept[-1].job.id))) if len(found.jobs) > _LIMIT else None
    return view.JobsPage(
        place=place_of(visit, found.event, "print-jobs"),
        action=here,
        format=form.value,
        category=category,
        categories=tuple(
            Option(one.value, f"{visit.say(word(one.value, 'category'))} ({visit.number(count)})")
            for one, count in found.waiting.items()
        ),
        waiting=sum(found.waiting.values()),
        nothing=nothing,
        rows=tuple(_row(one) for one in kept),
        pager=Pager(older_href=older, newer_href=here if cursor else None),
    )


def _row(one: JobFile) -> view.JobRow:
    job = one.job
    return view.JobRow(job_href(job.id), job.format.value, job.state.value, job.total, one.done, job.created_at)


def _progress(found: JobWatch, now: datetime) -> view.JobProgress:
    file, job = found.file, found.file.job
    here, ended = job_href(job.id), job.state is not JobState.RUNNING
    at_fault = job.problem.startswith(_TEMPLATE_AT_FAULT)
    return view.JobProgress(
        href=f"{here}/progress",
        state=job.state.value,
        as_of=now,
        total=job.total,
        done=file.done,
        skipped=file.skipped,
        # Wristbands carry none.
        without_portrait=0 if job.format is BadgeFormat.WRISTBAND else job.without_portrait,
        problem=job.problem,
        fault_href=f"{badges_href(file.event.id)}/{job.format.base.value}" if at_fault else "",
        idle=found.idle,
        parts=tuple(
            view.PartRow(
                number=one.number,
                badges=len(one.pass_ids) - one.skipped,
                href=f"{here}/parts/{one.number}.pdf" if one.file_id else "",
                made_at=one.ended_at,
            )
            for one in file.parts
        ),
        whole_href=f"{here}/badges.pdf" if ended and any(one.file_id for one in file.parts) else "",
        left_away=tuple(
            view.SkippedRow(one.serial, pass_href(one.id), one.state.value, one.badge.value) for one in found.skipped
        ),
        stop_action="" if ended else f"{here}/stop",
        jobs_href=jobs_href(file.event.id),
        ended_at=job.ended_at,
    )
