"""The portrait of a pass and its badge: printed, lost, returned, found."""

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.badge_formats import BadgeFormat
from service.domain.badges import BadgeAction
from service.domain.errors import Invalid
from service.usecases import badges, pass_file
from service.web.answers import Jpeg, Pdf, Png
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_page import Sent
from service.web.console.pass_rows import pass_href
from service.web.console.passes import show_pass
from service.web.console.reading import Filter, address, read_kind
from service.web.deps import Now, SessionDep, SettingsDep, VaultDep
from service.web.forms import Checked, FormDep, attempt
from service.web.words import N_

router = APIRouter(prefix="/console/passes", include_in_schema=False, route_class=ConsolePage)

_PRIVATE = {"Cache-Control": "private, no-store"}
_NO_PICTURE = N_("Choose a JPEG, PNG or WebP picture of at least 150 × 200 pixels and at most 16 megapixels (JPEG: 64)")


@router.get("/{pass_id}/portrait.jpg")
async def show_portrait(
    pass_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
) -> Response:
    """The holder's portrait; that it was seen is kept in the audit."""
    shown = await badges.open_portrait(session, access=visit.access, pass_id=pass_id, vault=vault, now=now)
    return Jpeg(shown, headers=_PRIVATE)


@router.post("/{pass_id}/portrait")
async def keep_portrait(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """A new portrait; what is no picture comes back with what to do."""
    checked = Checked(visit, form)
    try:
        async with attempt(session):
            content = await form.file("file")
            await badges.keep_portrait(
                session, access=visit.access, pass_id=pass_id, content=content, vault=vault, now=now
            )
    except Invalid:
        checked.wrong("file", _NO_PICTURE)
        sent = Sent(form, tuple(checked.errors))
        return await show_pass(visit, session, pass_id, vault=vault, settings=settings, now=now, sent=sent)
    return RedirectResponse(pass_href(pass_id), 303)


@router.post("/{pass_id}/portrait/remove")
async def remove_portrait(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_ISSUE, "events")
) -> Response:
    """The pass has no portrait any more."""
    await badges.remove_portrait(session, access=visit.access, pass_id=pass_id, now=now)
    return RedirectResponse(pass_href(pass_id), 303)


@router.get("/{pass_id}/badge.png")
async def preview(
    pass_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
) -> Response:
    """How the badge looks; nothing is printed."""
    made = await pass_file.preview_badge(session, access=visit.access, pass_id=pass_id, vault=vault, now=now)
    return Png(made, headers=_PRIVATE)


@router.post("/{pass_id}/print")
async def print_badge(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """Makes the badge, keeps in the print log that it was printed, and leads to it."""
    wanted = form.kind("format", BadgeFormat)
    await badges.print_badge(session, access=visit.access, pass_id=pass_id, form=wanted, vault=vault, now=now)
    return RedirectResponse(address(f"{pass_href(pass_id)}/badge.pdf", format=wanted.value), 303)


@router.get("/{pass_id}/badge.pdf")
async def open_badge(
    pass_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
    format: Filter = "",  # noqa: A002 (its name in the address)
) -> Response:
    """The badge as PDF; that it was opened is kept in the audit."""
    wanted = read_kind("format", format, BadgeFormat) or BadgeFormat.A6
    made = await badges.print_badge(session, access=visit.access, pass_id=pass_id, form=wanted, vault=vault, now=now)
    return Pdf(made, headers=_PRIVATE)


@router.post("/{pass_id}/badge")
async def note_badge(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    visit: Visit = page(Permission.BADGES_PRINT, "events"),
) -> Response:
    """The badge was returned, lost or found; a lost one opens no gate."""
    checked = Checked(visit, form)
    action, note = form.kind("action", BadgeAction), checked.text("note")
    if checked.errors:
        sent = Sent(form, tuple(checked.errors))
        return await show_pass(visit, session, pass_id, vault=vault, settings=settings, now=now, sent=sent)
    await badges.note_badge(session, access=visit.access, pass_id=pass_id, action=action, text=note, now=now)
    return RedirectResponse(pass_href(pass_id), 303)
