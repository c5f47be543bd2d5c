"""The portrait of a pass, its badge, and where that is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction
from service.domain.errors import Invalid
from service.domain.passes import BadgeState
from service.store import badges as store
from service.usecases import badges, passes
from service.web.answers import Jpeg, Pdf
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow, takes_file
from service.web.schemas import In, Line, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["badges"], route_class=Transaction)

PICTURES = ("image/jpeg", "image/png", "image/webp")
_PRIVATE = {"Cache-Control": "private, no-store"}
_LONGEST_TEMPLATE = 100_000


@router.put(
    "/passes/{pass_id}/portrait",
    summary="Set the portrait",
    status_code=204,
    **takes_file(allow(Permission.PASSES_ISSUE, 404, 409), *PICTURES),
)
async def keep_portrait(
    pass_id: UUID, request: Request, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> None:
    """A JPEG, PNG or WebP picture as the body, known by its content: turned upright, cut to 3:4, stripped, sealed."""
    content = await request.body()
    await badges.keep_portrait(session, access=access, pass_id=pass_id, content=content, vault=vault, now=now)


@router.get(
    "/passes/{pass_id}/portrait.jpg",
    summary="Its portrait",
    response_class=Jpeg,
    **allow(Permission.PASSES_READ, 404),
)
async def open_portrait(
    pass_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> Response:
    """That it was seen is kept in the audit."""
    shown = await badges.open_portrait(session, access=access, pass_id=pass_id, vault=vault, now=now)
    return Jpeg(shown, headers=_PRIVATE)


@router.delete(
    "/passes/{pass_id}/portrait",
    summary="Remove the portrait",
    status_code=204,
    **allow(Permission.PASSES_ISSUE, 404),
)
async def remove_portrait(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Badges printed already keep it."""
    await badges.remove_portrait(session, access=access, pass_id=pass_id, now=now)


@router.get(
    "/passes/{pass_id}/badge.pdf",
    summary="Its badge",
    response_class=Pdf,
    **allow(Permission.BADGES_PRINT, 404, 409),
)
async def print_badge(
    pass_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
    form: Annotated[BadgeFormat, Query(alias="format")] = BadgeFormat.A6,
) -> Response:
    """The first time is its printing, kept in the print log; every time is kept in the audit.

    409 `illegal_move` for a pass that has ended, is suspended, or whose badge was lost: replace it instead.
    """
    made = await badges.print_badge(session, access=access, pass_id=pass_id, form=form, vault=vault, now=now)
    return Pdf(made, headers=_PRIVATE)


class BadgeBody(In):
    """What happened to a printed badge: `returned`, `lost` or `found`."""

    model_config = ConfigDict(json_schema_extra={"example": {"action": "lost", "note": "Mất tại khu B"}})

    action: BadgeAction
    note: Line = ""


class BadgeOut(Out):
    """Where the badge is now, and how its pass stands."""

    badge: BadgeState
    state: str


@router.post("/passes/{pass_id}/badge", summary="Note a return or a loss", **allow(Permission.BADGES_PRINT, 404, 409))
async def note_badge(pass_id: UUID, body: BadgeBody, session: SessionDep, access: CurrentAccess, now: Now) -> BadgeOut:
    """A lost badge opens no door: its pass is suspended, and good again when the badge is found.

    409 `illegal_move` for a step that its place doesn't allow; handing over and reprinting have their own operations.
    """
    if body.action not in (BadgeAction.RETURNED, BadgeAction.LOST, BadgeAction.FOUND):
        raise Invalid.at("/action", "invalid", "returned, lost or found")
    noted = await badges.note_badge(
        session, access=access, pass_id=pass_id, action=body.action, text=body.note, now=now
    )
    return BadgeOut(badge=noted.badge, state=noted.state)


class RecordOut(Out):
    """One line of the print log."""

    action: BadgeAction
    at: datetime
    by: str | None
    job_id: UUID | None
    handover_id: UUID | None
    to_name: str | None
    note: str


@router.get("/passes/{pass_id}/badge-log", summary="Print log of a pass", **allow(Permission.PASSES_READ, 404))
async def badge_log(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> list[RecordOut]:
    """Printed, handed over (to whom), returned, lost, found, reprinted; the first first. Kept in the audit as seen."""
    await passes.read_pass(session, access=access, pass_id=pass_id, now=now)
    return [
        RecordOut(
            action=record.action,
            at=record.at,
            by=name,
            job_id=record.job_id,
            handover_id=record.handover_id,
            to_name=handover.to_name if handover else None,
            note=record.note,
        )
        for record, name, handover in await store.list_records(session, pass_id)
    ]
