"""How badges look: classes, logo, templates; the portrait of a pass, and its badge."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AfterValidator, ConfigDict, StringConstraints

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction
from service.domain.errors import Invalid
from service.domain.passes import BadgeState, Category
from service.store import badges as store
from service.store import passes as pass_store
from service.usecases import badges
from service.web.answers import Jpeg, Pdf, Png
from service.web.api.passes import ClassCode
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow, takes_file
from service.web.schemas import In, Line, Name, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["badges"], route_class=Transaction)

PICTURES = ("image/jpeg", "image/png", "image/webp")
_PRIVATE = {"Cache-Control": "private, no-store"}
_LONGEST_TEMPLATE = 100_000


class ClassBody(In):
    """A class of passes: no class without its colour, and no colour without its words."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "category": "press",
                "name_vi": "Đài chủ nhà",
                "name_en": "Host broadcaster",
                "colour": "#0A4F7A",
            }
        }
    )

    category: Category
    name_vi: Name
    name_en: Name
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(str.upper)]


class ClassOut(Out):
    """A class with its word and colour; `own`: the event's own, not a category's built-in one."""

    code: str
    category: Category
    name_vi: str
    name_en: str
    colour: str


@router.get("/events/{event_id}/pass-classes", summary="Classes of passes", **allow(Permission.PASSES_READ, 404))
async def list_classes(event_id: UUID, session: SessionDep, access: CurrentAccess) -> list[ClassOut]:
    """The class of every category, then the event's further ones."""
    rows = await badges.list_classes(session, access=access, event_id=event_id)
    return [
        ClassOut(code=code, category=category, name_vi=vi, name_en=en, colour=colour)
        for code, category, vi, en, colour in rows
    ]


@router.put(
    "/events/{event_id}/pass-classes/{code}",
    summary="Add or change a class",
    **allow(Permission.BADGES_DESIGN, 404, 409),
)
async def keep_class(
    event_id: UUID,
    code: Annotated[ClassCode, Path()],
    body: ClassBody,
    session: SessionDep,
    access: CurrentAccess,
    now: Now,
) -> ClassOut:
    """A code that is a category's name changes the class of that category; other codes are further classes of it."""
    kept = await badges.keep_class(
        session, access=access, event_id=event_id, code=code, facts=body.model_dump(), now=now
    )
    return ClassOut.model_validate(kept)


@router.delete(
    "/events/{event_id}/pass-classes/{code}",
    summary="Remove a class",
    status_code=204,
    **allow(Permission.BADGES_DESIGN, 404, 409),
)
async def remove_class(
    event_id: UUID, code: Annotated[ClassCode, Path()], session: SessionDep, access: CurrentAccess, now: Now
) -> None:
    """A category's class becomes the built-in one again. 409 `still_in_use` while passes name it."""
    await badges.remove_class(session, access=access, event_id=event_id, code=code, now=now)


@router.put(
    "/events/{event_id}/badge-logo",
    summary="Set the logo",
    status_code=204,
    **takes_file(allow(Permission.BADGES_DESIGN, 404), *PICTURES),
)
async def keep_logo(
    event_id: UUID, request: Request, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> None:
    """A JPEG, PNG or WebP picture as the body, known by its content; it is drawn anew and made small."""
    content = await request.body()
    await badges.keep_logo(session, access=access, event_id=event_id, content=content, vault=vault, now=now)


@router.delete(
    "/events/{event_id}/badge-logo",
    summary="Remove the logo",
    status_code=204,
    **allow(Permission.BADGES_DESIGN, 404),
)
async def remove_logo(event_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Badges carry no logo any more."""
    await badges.remove_logo(session, access=access, event_id=event_id, now=now)


class TemplateBody(In):
    """Typst source that defines `badge(face)` (docs/badges.md); empty: the built-in template again."""

    model_config = ConfigDict(json_schema_extra={"example": {"source": ""}})

    source: Annotated[str, StringConstraints(max_length=_LONGEST_TEMPLATE)]


class TemplateOut(Out):
    """The template in use; version 0: never changed."""

    format: BadgeFormat
    source: str
    version: int
    built_in: bool
    changed_at: datetime | None


@router.get(
    "/events/{event_id}/badge-templates/{format}", summary="Template in use", **allow(Permission.PASSES_READ, 404)
)
async def get_template(
    event_id: UUID, form: Annotated[BadgeFormat, Path(alias="format")], session: SessionDep, access: CurrentAccess
) -> TemplateOut:
    """Its Typst source; a sheet's is that of the badges on it."""
    return TemplateOut.model_validate(await badges.read_template(session, access=access, event_id=event_id, form=form))


@router.put(
    "/events/{event_id}/badge-templates/{format}",
    summary="Change a template",
    **allow(Permission.BADGES_DESIGN, 404),
)
async def change_template(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    body: TemplateBody,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
) -> TemplateOut:
    """It is tried first: one that doesn't compile is a 422 `template_invalid` with line and column, and the older one
    stays in use."""
    return TemplateOut.model_validate(
        await badges.change_template(
            session, access=access, event_id=event_id, form=form, source=body.source, vault=vault, now=now
        )
    )


@router.get(
    "/events/{event_id}/badge-templates/{format}/preview.png",
    summary="Picture of a badge",
    response_class=Png,
    **allow(Permission.PASSES_READ, 404),
)
async def preview(
    event_id: UUID,
    form: Annotated[BadgeFormat, Path(alias="format")],
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
    pass_id: Annotated[UUID | None, Query(description="A pass of the event; else a sample")] = None,
) -> Response:
    """How badges come out with the template in use; nothing is printed."""
    made = await badges.preview(
        session,
        access=access,
        event_id=event_id,
        form=form,
        source=None,
        pass_id=pass_id,
        vault=vault,
        now=now,
    )
    return Png(made, headers=_PRIVATE)


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
async def badge_log(pass_id: UUID, session: SessionDep, access: CurrentAccess) -> list[RecordOut]:
    """Printed, handed over (to whom), returned, lost, found, reprinted; the first first."""
    _, event = await pass_store.get_pass(session, pass_id)
    access.require(Permission.PASSES_READ, event.organisation_id)
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
