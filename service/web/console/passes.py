"""The page of one pass, its QR code, and its end."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.passes import PassState
from service.domain.texts import tidy
from service.store import qr
from service.usecases import event_file, passes
from service.usecases.event_file import PassFile
from service.web.console import history
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.event import last_moment, shown_state
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep
from service.web.views import FieldError, PassPage, RevokeForm
from service.web.words import N_

router = APIRouter(prefix="/console/passes", include_in_schema=False, route_class=ConsolePage)

_REVOCABLE = (PassState.ACTIVE, PassState.SUSPENDED)
_WANTED = {
    "ground": N_("Write the ground: the holder is told it"),
    "authority": N_("Write who decided"),
}
_UNREADABLE = N_("Take out the characters that cannot be shown")
_PRIVATE = {"Cache-Control": "no-store"}
_PIXELS = 1024
Typed = Annotated[str, Form(max_length=500)]


@router.get("/{pass_id}")
async def open_pass(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """Facts, what happened, and the form that revokes it."""
    found = await event_file.open_pass(session, access=visit.access, pass_id=pass_id, now=now)
    return visit.show("console/pass.html", page=_page(visit, found, {"ground": "", "authority": ""}, (), now))


@router.post("/{pass_id}/revoke")
async def revoke(
    pass_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
    ground: Typed = "",
    authority: Typed = "",
) -> Response:
    """Ends the pass for good; without a ground or an authority the form comes back with what was typed."""
    typed = {"ground": ground, "authority": authority}
    errors = tuple(error for name, value in typed.items() for error in _wrong(visit, name, value))
    if errors:
        found = await event_file.open_pass(session, access=visit.access, pass_id=pass_id, now=now)
        return visit.show("console/pass.html", status=422, page=_page(visit, found, typed, errors, now))
    ground, authority = tidy(ground, lines=True), tidy(authority)
    await passes.move_pass(
        session,
        access=visit.access,
        pass_id=pass_id,
        to_state=PassState.REVOKED,
        ground=ground,
        authority=authority,
        now=now,
    )
    return RedirectResponse(f"{START}/passes/{pass_id}", 303)


@router.get("/{pass_id}/qr.svg")
async def show_qr(
    pass_id: UUID, session: SessionDep, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """The QR code as a drawing."""
    code = await event_file.read_code(session, access=visit.access, pass_id=pass_id)
    return Response(qr.svg(code), media_type="image/svg+xml", headers=_PRIVATE)


@router.get("/{pass_id}/qr.png")
async def save_qr(
    pass_id: UUID, session: SessionDep, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """The QR code as a picture to keep."""
    code = await event_file.read_code(session, access=visit.access, pass_id=pass_id)
    return Response(qr.png(code, size=_PIXELS), media_type="image/png", headers=_PRIVATE)


def _wrong(visit: Visit, name: str, value: str) -> tuple[FieldError, ...]:
    try:
        return () if tidy(value, lines=True) else (FieldError(name, visit.say(_WANTED[name])),)
    except ValueError:
        return (FieldError(name, visit.say(_UNREADABLE)),)


def _page(
    visit: Visit, found: PassFile, typed: dict[str, str], errors: tuple[FieldError, ...], now: datetime
) -> PassPage:
    one, event = found.entry_pass, found.event
    here = f"{START}/passes/{one.id}"
    may_revoke = found.revocable and one.state in _REVOCABLE
    return PassPage(
        event_title_vi=event.title_vi,
        event_title_en=event.title_en,
        event_href=event_href(event.id),
        holder_name=one.holder_name,
        organisation=one.organisation_name,
        category=one.category.value,
        serial=one.serial,
        human_code=one.human_code,
        qr_svg_href=f"{here}/qr.svg",
        qr_png_href=f"{here}/qr.png",
        state=shown_state(one, now),
        heads=one.heads,
        zones=tuple(one.zones),
        valid_from=one.valid_from,
        valid_until=last_moment(one),
        valid_days=tuple(one.valid_days or ()),
        attention=one.attention,
        timeline=history.of_pass(visit, found),
        revoke=RevokeForm(f"{here}/revoke", typed["ground"], typed["authority"], errors) if may_revoke else None,
    )
