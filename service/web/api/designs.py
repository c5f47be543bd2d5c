"""How the badges of an event look: classes, logo, templates."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AfterValidator, ConfigDict, StringConstraints

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.passes import Category
from service.usecases import badges
from service.web.answers import Png
from service.web.api.badges import PICTURES
from service.web.api.pass_shapes import ClassCode
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow, takes_file
from service.web.schemas import In, Name, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["badges"], route_class=Transaction)

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
