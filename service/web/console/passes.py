"""One pass: its page, its QR code, suspending, resuming and revoking it, and mail to its holder."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.passes import PassState
from service.settings import Settings
from service.store import qr
from service.store.vault import Vault
from service.usecases import holders, messages, pass_file, passes
from service.web.answers import Png, Svg
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_change import read_ground
from service.web.console.pass_page import Sent, page_of
from service.web.console.pass_rows import pass_href
from service.web.deps import Now, SessionDep, SettingsDep, VaultDep
from service.web.forms import Checked, FormDep

router = APIRouter(prefix="/console/passes", include_in_schema=False, route_class=ConsolePage)

_PRIVATE = {"Cache-Control": "no-store"}
_PIXELS = 1024


async def show_pass(
    visit: Visit,
    session: SessionDep,
    pass_id: UUID,
    *,
    vault: Vault,
    settings: Settings,
    now: datetime,
    sent: Sent = Sent(),
) -> Response:
    """The page of a pass; with a form that came back, when something in it is wrong."""
    found = await pass_file.open_pass(session, access=visit.access, pass_id=pass_id, now=now)
    link = holders.link_of(pass_id, vault=vault, base_url=settings.base_url)
    shown = page_of(visit, found, link=link, now=now, sent=sent)
    return visit.show("console/pass.html", status=422 if sent.errors else 200, page=shown)


@router.get("/{pass_id}")
async def open_pass(
    pass_id: UUID,
    session: SessionDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_READ, "events"),
) -> Response:
    """Facts, badge, holder, what happened, and what may be done."""
    return await show_pass(visit, session, pass_id, vault=vault, settings=settings, now=now)


async def _stop(
    to_state: PassState,
    pass_id: UUID,
    form: FormDep,
    visit: Visit,
    session: SessionDep,
    vault: Vault,
    settings: Settings,
    now: datetime,
) -> Response:
    checked = Checked(visit, form)
    ground, authority = read_ground(checked)
    if checked.errors:
        sent = Sent(form, tuple(checked.errors))
        return await show_pass(visit, session, pass_id, vault=vault, settings=settings, now=now, sent=sent)
    await passes.move_pass(
        session,
        access=visit.access,
        pass_id=pass_id,
        to_state=to_state,
        ground=ground,
        authority=authority,
        now=now,
    )
    return RedirectResponse(pass_href(pass_id), 303)


@router.post("/{pass_id}/revoke")
async def revoke(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """Ends the pass for good; without a ground or an authority the form comes back with what was typed."""
    return await _stop(PassState.REVOKED, pass_id, form, visit, session, vault, settings, now)


@router.post("/{pass_id}/suspend")
async def suspend(
    pass_id: UUID,
    form: FormDep,
    session: SessionDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_REVOKE, "events"),
) -> Response:
    """Until it is made valid again; with a ground and an authority, as a revocation."""
    return await _stop(PassState.SUSPENDED, pass_id, form, visit, session, vault, settings, now)


@router.post("/{pass_id}/resume")
async def resume(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_REVOKE, "events")
) -> Response:
    """Ends a suspension, and with it its ground."""
    await passes.move_pass(
        session,
        access=visit.access,
        pass_id=pass_id,
        to_state=PassState.ACTIVE,
        ground="",
        authority="",
        now=now,
    )
    return RedirectResponse(pass_href(pass_id), 303)


@router.post("/{pass_id}/send")
async def send(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_ISSUE, "events")
) -> Response:
    """Sends the pass to its holder once more."""
    await messages.tell_again(session, access=visit.access, pass_id=pass_id, now=now)
    return RedirectResponse(f"{pass_href(pass_id)}#holder", 303)


@router.post("/{pass_id}/mails/{mail_id}/again")
async def send_mail_again(
    pass_id: UUID,
    mail_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.PASSES_ISSUE, "events"),
) -> Response:
    """A mail that failed, or may have failed, is tried once more."""
    await messages.send_again(session, access=visit.access, mail_id=mail_id, now=now)
    return RedirectResponse(f"{pass_href(pass_id)}#holder", 303)


@router.get("/{pass_id}/qr.svg")
async def show_qr(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """The QR code as a drawing."""
    code = await pass_file.read_code(session, access=visit.access, pass_id=pass_id, now=now)
    return Svg(qr.svg(code), headers=_PRIVATE)


@router.get("/{pass_id}/qr.png")
async def save_qr(
    pass_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.PASSES_READ, "events")
) -> Response:
    """The QR code as a picture to keep."""
    code = await pass_file.read_code(session, access=visit.access, pass_id=pass_id, now=now)
    return Png(qr.png(code, size=_PIXELS), headers=_PRIVATE)
