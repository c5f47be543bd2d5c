"""Entry passes and the keys that sign them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.passes import Category, KeyState, PassState
from service.store import passes as store
from service.store import qr
from service.usecases import accreditation, audit, events, keys, passes
from service.usecases.passes import Wish
from service.web.answers import Png, Svg
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import Day, In, Instant, Line, Name, Out, Page, PagingDep, ZoneCode, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


class PassBody(In):
    """A pass without an application. Validity left out: the whole event. `heads`: m of a group pass n of m."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "holder_name": "Trường THCS Hải Âu (cô Mai)",
                "organisation_name": "Trường THCS Hải Âu",
                "category": "pupil",
                "zones": ["A"],
                "heads": 40,
            }
        }
    )

    holder_name: Name
    organisation_name: Line = ""
    category: Category
    zones: Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    valid_days: Annotated[list[Day], Field(min_length=1, max_length=400)] | None = None
    heads: Annotated[int, Field(ge=1, le=1000)] = 1
    attention: Line = ""


class GroundBody(In):
    """Why, and on whose authority: door staff see both."""

    model_config = ConfigDict(json_schema_extra={"example": {"ground": "Thẻ bị báo mất", "authority": "Ban tổ chức"}})

    ground: Name
    authority: Line = ""


class PassRow(Out):
    """A pass as lists show it."""

    id: UUID
    event_id: UUID
    serial: str
    application_id: UUID | None
    holder_name: str
    organisation_name: str
    category: Category
    zones: list[str]
    valid_from: datetime
    valid_until: datetime
    valid_days: list[date] | None
    heads: int
    attention: str
    state: PassState
    state_ground: str
    state_authority: str
    state_at: datetime
    list_version: int
    human_code: str
    issued_at: datetime


class PassOut(PassRow):
    """A pass with its code: whoever holds the code may enter."""

    code: str


class KeyOut(Out):
    """A signing key; its private part never leaves the service."""

    id: UUID
    event_id: UUID
    kid: str
    state: KeyState
    created_at: datetime
    struck_at: datetime | None


class StrikeBody(In):
    """Without `confirm` nothing is changed and the answer tells how many passes would die."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Khóa bị lộ", "confirm": False}})

    reason: Name
    confirm: bool = False


class StrikeOut(Out):
    key: KeyOut
    passes: int
    struck: bool


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
) -> Page[PassRow]:
    """In the order of issue, searched without accents. That the names were seen is kept in the audit."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    rows = await store.list_passes(
        session, event_id=event_id, q=q, state=state, category=category, after=paging.uuid(), limit=paging.limit + 1
    )
    actor = audit.staff(access)
    audit.record(session, actor=actor, action="viewed", noun="passes", object_id=event_id, event_id=event_id, now=now)
    return page_of(rows, paging.limit, PassRow)


@router.post(
    "/events/{event_id}/passes", summary="Issue a pass", status_code=201, **allow(Permission.PASSES_ISSUE, 404, 409)
)
async def issue(
    event_id: UUID, body: PassBody, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> PassOut:
    """For delegates, guests, visitors, groups and staff; journalists get theirs from their application."""
    event = await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_ISSUE)
    facts = body.model_dump()
    days = facts.pop("valid_days")
    zones = tuple(facts.pop("zones"))
    wish = Wish(**facts, zones=zones, valid_days=None if days is None else tuple(sorted(set(days))))
    made = await passes.issue_direct(session, access=access, event=event, wish=wish, vault=vault, now=now)
    return PassOut.model_validate(made)


@router.post(
    "/applications/{application_id}/pass",
    summary="Issue the pass of an application",
    status_code=201,
    **allow(Permission.PASSES_ISSUE, 404, 409),
)
async def issue_of_application(
    application_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> PassOut:
    """For the zones granted; asked again, it is the same pass. 409 unless the application is granted."""
    made = await accreditation.issue_pass(session, access=access, application_id=application_id, secrets=vault, now=now)
    return PassOut.model_validate(made)


@router.get("/passes/{pass_id}", summary="A pass", **allow(Permission.PASSES_READ, 404))
async def get_pass(pass_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> PassOut:
    """One pass with its code. That it was seen is kept in the audit."""
    return PassOut.model_validate(await passes.read_pass(session, access=access, pass_id=pass_id, now=now))


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
    pass_id: UUID, body: GroundBody, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> PassOut:
    """A new pass like this one; the old one is `replaced` from now on."""
    made = await passes.replace_pass(
        session,
        access=access,
        pass_id=pass_id,
        ground=body.ground,
        authority=body.authority,
        vault=vault,
        now=now,
    )
    return PassOut.model_validate(made)


@router.get("/events/{event_id}/keys", summary="Signing keys of an event", **allow(Permission.PASSES_READ, 404))
async def list_keys(event_id: UUID, session: SessionDep, access: CurrentAccess) -> list[KeyOut]:
    """The oldest first."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    return [KeyOut.model_validate(key) for key in await store.list_keys(session, event_id)]


@router.post(
    "/events/{event_id}/keys/rotate",
    summary="Sign with a new key",
    status_code=201,
    **allow(Permission.PASSES_REVOKE, 404),
)
async def rotate(event_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now) -> KeyOut:
    """Passes that older keys have signed stay valid."""
    return KeyOut.model_validate(await keys.rotate_key(session, access=access, event_id=event_id, vault=vault, now=now))


@router.post("/keys/{key_id}/strike", summary="Strike a leaked key", **allow(Permission.PASSES_REVOKE, 404, 409))
async def strike(key_id: UUID, body: StrikeBody, session: SessionDep, access: CurrentAccess, now: Now) -> StrikeOut:
    """Its passes are refused at once. Ask without `confirm` first: the answer says how many that are."""
    key, dying = await keys.strike_key(
        session, access=access, key_id=key_id, reason=body.reason, confirm=body.confirm, now=now
    )
    return StrikeOut(key=KeyOut.model_validate(key), passes=dying, struck=body.confirm)
