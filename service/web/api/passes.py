"""Entry passes: issuing them, their codes, and what becomes of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from service.domain.accounts import Permission
from service.domain.passes import BadgeState, Category, PassState
from service.store import passes as store
from service.store import qr
from service.usecases import accreditation, audit, events, passes
from service.usecases.passes import Wish
from service.web.answers import Png, Svg
from service.web.api.pass_shapes import GroundBody, PassBody, PassOut, PassRow, ReplaceBody, as_wish, shown
from service.web.deps import CurrentAccess, Now, SessionDep, SettingsDep, VaultDep, allow
from service.web.schemas import (
    Out,
    Page,
    PagingDep,
    page_of,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


@router.get("/passes", summary="Passes of an event", **allow(Permission.PASSES_READ, 404))
async def list_passes(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    now: Now,
    q: Annotated[str, Query(max_length=100, description="Name, outlet, serial or the code under the QR")] = "",
    state: PassState | None = None,
    category: Category | None = None,
    badge: BadgeState | None = None,
) -> Page[PassRow]:
    """In the order of issue, searched without accents. That the names were seen is kept in the audit."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    rows = await store.list_passes(
        session,
        event_id=event_id,
        q=q,
        state=state,
        category=category,
        badge=badge,
        after=paging.uuid(),
        limit=paging.limit + 1,
    )
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="viewed", noun="passes", object_id=event_id, event_id=event_id, now=now)
    return page_of(rows, paging.limit, PassRow)


@router.post(
    "/events/{event_id}/passes", summary="Issue a pass", status_code=201, **allow(Permission.PASSES_ISSUE, 404, 409)
)
async def issue(
    event_id: UUID,
    body: PassBody,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> PassOut:
    """For delegates, guests, visitors, groups and staff; journalists get theirs from their application."""
    event = await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_ISSUE)
    wish = Wish(**as_wish(body.model_dump()))
    made = await passes.issue_direct(session, access=access, event=event, wish=wish, vault=vault, now=now)
    return shown(made, vault, settings)


@router.post(
    "/applications/{application_id}/pass",
    summary="Issue the pass of an application",
    status_code=201,
    **allow(Permission.PASSES_ISSUE, 404, 409),
)
async def issue_of_application(
    application_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> PassOut:
    """For the zones granted; asked again, it is the same pass. 409 unless the application is granted."""
    made = await accreditation.issue_pass(session, access=access, application_id=application_id, secrets=vault, now=now)
    return shown(made, vault, settings)


class IssuedOut(Out):
    """How many passes were issued."""

    issued: int


@router.post(
    "/events/{event_id}/passes/granted",
    summary="Issue the passes of all granted applications",
    **allow(Permission.PASSES_ISSUE, 404, 409),
)
async def issue_granted(
    event_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> IssuedOut:
    """For every granted application that has no living pass; asked again, none are left."""
    made = await accreditation.issue_granted(session, access=access, event_id=event_id, vault=vault, now=now)
    return IssuedOut(issued=len(made))


@router.get("/passes/{pass_id}", summary="A pass", **allow(Permission.PASSES_READ, 404))
async def get_pass(
    pass_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, settings: SettingsDep, now: Now
) -> PassOut:
    """One pass with its code and its holder's link. That it was seen is kept in the audit."""
    found = await passes.read_pass(session, access=access, pass_id=pass_id, now=now)
    return shown(found, vault, settings)


_PRIVATE = {"Cache-Control": "private, no-store"}


@router.get(
    "/passes/{pass_id}/qr.svg",
    summary="Its QR code as SVG",
    response_class=Svg,
    **allow(Permission.PASSES_READ, 404),
)
async def get_svg(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> Response:
    """Version 10 at most, error correction M, crisp at every size."""
    found = await passes.read_pass(session, access=access, pass_id=pass_id, now=now)
    return Svg(qr.svg(found.code), headers=_PRIVATE)


@router.get(
    "/passes/{pass_id}/qr.png",
    summary="Its QR code as PNG",
    response_class=Png,
    **allow(Permission.PASSES_READ, 404),
)
async def get_png(
    pass_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    now: Now,
    size: Annotated[int, Query(ge=65, le=2000, description="Pixels a side, at most")] = 520,
) -> Response:
    """Whole pixels a module, with its quiet zone."""
    found = await passes.read_pass(session, access=access, pass_id=pass_id, now=now)
    return Png(qr.png(found.code, size=size), headers=_PRIVATE)


async def _change(
    session: SessionDep, access: CurrentAccess, pass_id: UUID, state: PassState, body: GroundBody | None, now: Now
) -> PassRow:
    changed = await passes.move_pass(
        session,
        access=access,
        pass_id=pass_id,
        to_state=state,
        ground=body.ground if body else "",
        authority=body.authority if body else "",
        now=now,
    )
    return PassRow.model_validate(changed)


@router.post("/passes/{pass_id}/revoke", summary="Revoke a pass", **allow(Permission.PASSES_REVOKE, 404, 409))
async def revoke(pass_id: UUID, body: GroundBody, session: SessionDep, access: CurrentAccess, now: Now) -> PassRow:
    """For good; the door refuses it from the next scan on. Revoking twice is a 409."""
    return await _change(session, access, pass_id, PassState.REVOKED, body, now)


@router.post("/passes/{pass_id}/suspend", summary="Suspend a pass", **allow(Permission.PASSES_REVOKE, 404, 409))
async def suspend(pass_id: UUID, body: GroundBody, session: SessionDep, access: CurrentAccess, now: Now) -> PassRow:
    """Until it is resumed."""
    return await _change(session, access, pass_id, PassState.SUSPENDED, body, now)


@router.post("/passes/{pass_id}/resume", summary="Resume a pass", **allow(Permission.PASSES_REVOKE, 404, 409))
async def resume(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> PassRow:
    """Ends a suspension, and with it its ground."""
    return await _change(session, access, pass_id, PassState.ACTIVE, None, now)


@router.post(
    "/passes/{pass_id}/replace", summary="Replace a pass", status_code=201, **allow(Permission.PASSES_REVOKE, 404, 409)
)
async def replace(
    pass_id: UUID,
    body: ReplaceBody,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> PassOut:
    """A new pass like this one but for what is sent; the old one is `replaced` from now on, at the door too.

    This is how zones, days, hours or the name of a pass change, and how a badge is printed again: never silently.
    A press pass gets only zones that its accreditation grants.
    """
    made = await passes.replace_pass(
        session,
        access=access,
        pass_id=pass_id,
        ground=body.ground,
        authority=body.authority,
        vault=vault,
        now=now,
        changes=body.changes(),
    )
    return shown(made, vault, settings)
