"""Printing many badges, and handing them over."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BeforeValidator, ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import JobState
from service.domain.passes import Category
from service.store import badges as store
from service.usecases import badges, events
from service.usecases.badges import JobFile
from service.web.answers import Pdf
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import In, Line, Name, Out, Page, PagingDep, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["badges"], route_class=Transaction)
_PRIVATE = {"Cache-Control": "private, no-store"}
_LARGEST_SIGNATURE = 300_000


class BulkBody(In):
    """Which badges: of the passes named, of a category, or all that have none yet."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"event_id": "0198c0de-0000-7000-8000-000000000000", "format": "a6", "category": "press"}
        }
    )

    event_id: UUID
    format: BadgeFormat = BadgeFormat.A6
    pass_ids: Annotated[list[UUID], Field(min_length=1, max_length=10_000)] | None = None
    category: Category | None = None


class PartOut(Out):
    """A part of a job; done when its PDF is there."""

    number: int
    badges: int
    done: bool


class JobOut(Out):
    """A print job and how far it is; `skipped` counts passes that had ended meanwhile."""

    id: UUID
    event_id: UUID
    format: BadgeFormat
    state: JobState
    total: int
    done: int
    skipped: int
    without_portrait: int
    problem: str
    created_at: datetime
    ended_at: datetime | None
    parts: list[PartOut]


def _job(found: JobFile) -> JobOut:
    return JobOut.model_validate(
        {
            **found.job.model_dump(),
            "done": found.done,
            "skipped": found.skipped,
            "parts": [
                PartOut(number=one.number, badges=len(one.pass_ids) - one.skipped, done=one.file_id is not None)
                for one in found.parts
            ],
        }
    )


@router.post("/passes/bulk", summary="Print many badges", status_code=202, **allow(Permission.BADGES_PRINT, 404, 409))
async def start_job(body: BulkBody, response: Response, session: SessionDep, access: CurrentAccess, now: Now) -> JobOut:
    """One job for all good passes that have no badge yet, by outlet and name; `Location` tells how far it is.

    Badges are made in parts of a hundred by the worker, and each part can be fetched as soon as it is made.
    409 `nothing_to_print` when there are none.
    """
    found = await badges.start_job(
        session,
        access=access,
        event_id=body.event_id,
        form=body.format,
        pass_ids=body.pass_ids,
        category=body.category,
        now=now,
    )
    response.headers["Location"] = f"/api/v1/passes/bulk/{found.job.id}"
    return _job(found)


@router.get("/passes/bulk", summary="Print jobs of an event", **allow(Permission.BADGES_PRINT, 404))
async def list_jobs(event_id: UUID, session: SessionDep, access: CurrentAccess, paging: PagingDep) -> Page[JobOut]:
    """The newest first."""
    event = await events.require_event(session, access=access, event_id=event_id, permission=Permission.BADGES_PRINT)
    rows = await store.list_jobs(session, event_id, after=paging.uuid(), limit=paging.limit + 1)
    kept = rows[: paging.limit]
    parts = await store.list_parts(session, [job.id for job in kept])
    items = [_job(JobFile(job, event, [part for part in parts if part.job_id == job.id])) for job in kept]
    return Page[JobOut](items=items, next=write_cursor(str(kept[-1].id)) if len(rows) > len(kept) else None)


@router.get("/passes/bulk/{job_id}", summary="A print job", **allow(Permission.BADGES_PRINT, 404))
async def get_job(job_id: UUID, session: SessionDep, access: CurrentAccess) -> JobOut:
    """How far it is, and which parts can be fetched."""
    return _job(await badges.open_job(session, access=access, job_id=job_id))


@router.post("/passes/bulk/{job_id}/cancel", summary="Stop a print job", **allow(Permission.BADGES_PRINT, 404, 409))
async def cancel_job(job_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> JobOut:
    """Parts that are made stay."""
    return _job(await badges.cancel_job(session, access=access, job_id=job_id, now=now))


@router.get(
    "/passes/bulk/{job_id}/parts/{number}.pdf",
    summary="A part of a print job",
    response_class=Pdf,
    **allow(Permission.BADGES_PRINT, 404),
)
async def open_part(
    job_id: UUID,
    number: Annotated[int, Path(ge=1, le=1000)],
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
) -> Response:
    """Up to a hundred badges; 404 until they are made."""
    made = await badges.open_part(session, access=access, job_id=job_id, number=number, vault=vault, now=now)
    return Pdf(made, headers=_PRIVATE)


@router.get(
    "/passes/bulk/{job_id}/badges.pdf",
    summary="All badges of a print job",
    response_class=Pdf,
    **allow(Permission.BADGES_PRINT, 404, 409),
)
async def open_whole(job_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now) -> Response:
    """All parts in one PDF; 409 `illegal_move` while the job runs."""
    made = await badges.whole_job(session, access=access, job_id=job_id, vault=vault, now=now)
    return Pdf(made, headers=_PRIVATE)


def _picture(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value.removeprefix("data:image/png;base64,"), validate=True)
    except binascii.Error as wrong:
        raise ValueError("base64 of a PNG picture") from wrong


class HandoverBody(In):
    """Who takes which badges. `signature`: what was drawn on the screen, a PNG in base64 or as a data address."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "pass_ids": ["0198c0de-0000-7000-8000-000000000000"],
                "to_name": "Lê Văn Khơi",
                "representative": True,
                "organisation_name": "Báo Sóng Xanh",
            }
        }
    )

    pass_ids: Annotated[list[UUID], Field(min_length=1, max_length=500)]
    to_name: Name
    representative: bool = False
    organisation_name: Line = ""
    signature: (
        Annotated[bytes, BeforeValidator(_picture, json_schema_input_type=str), Field(max_length=_LARGEST_SIGNATURE)]
        | None
    ) = None


class HandoverOut(Out):
    """A handover; `signed`: a signature was drawn."""

    id: UUID
    event_id: UUID
    to_name: str
    representative: bool
    organisation_name: str
    signed: bool
    handed_at: datetime
    by: str
    serials: list[str]


@router.post(
    "/events/{event_id}/handovers",
    summary="Hand badges over",
    status_code=201,
    **allow(Permission.BADGES_PRINT, 404, 409),
)
async def hand_over(
    event_id: UUID,
    body: HandoverBody,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
) -> HandoverOut:
    """To the holder, or several to the named representative of an outlet; the receipt is at `/handovers/{id}`.

    409 `illegal_move` for a badge that isn't there to be given: not printed, given already, lost, or ended.
    """
    made = await badges.hand_over(session, access=access, event_id=event_id, vault=vault, now=now, **body.model_dump())
    return await get_handover(made.id, session, access, now)


@router.get("/handovers/{handover_id}", summary="A handover", **allow(Permission.BADGES_PRINT, 404))
async def get_handover(handover_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> HandoverOut:
    """Who took which badges, from whom, and when. That it was seen is kept in the audit."""
    found = await badges.open_handover(session, access=access, handover_id=handover_id, now=now)
    return HandoverOut.model_validate(
        {
            **found.handover.model_dump(),
            "signed": found.handover.signature_id is not None,
            "by": found.staff.name,
            "serials": [face.serial for face in found.faces],
        }
    )


@router.get(
    "/handovers/{handover_id}/receipt.pdf",
    summary="Receipt of a handover",
    response_class=Pdf,
    **allow(Permission.BADGES_PRINT, 404),
)
async def receipt(handover_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now) -> Response:
    """For the file; with the signature if one was drawn, which is kept in the audit as seen."""
    made = await badges.receipt(session, access=access, handover_id=handover_id, vault=vault, now=now)
    return Pdf(made, headers=_PRIVATE)
