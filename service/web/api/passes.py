"""Entry passes: issuing them, their codes, and what becomes of them."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, EmailStr, Field, StringConstraints

from service.domain.accounts import Permission
from service.domain.passes import BadgeState, Category, EntryPass, PassState
from service.settings import Settings
from service.store import passes as store
from service.store import qr
from service.store.vault import Vault
from service.usecases import accreditation, audit, events, holders, passes
from service.usecases.passes import Wish
from service.web.answers import Png, Svg
from service.web.deps import CurrentAccess, Now, SessionDep, SettingsDep, VaultDep, allow
from service.web.schemas import (
    Day,
    DayTime,
    In,
    Instant,
    Line,
    Name,
    Out,
    Page,
    PagingDep,
    ZoneCode,
    left_out,
    page_of,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


ClassCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
"""The code of a class of passes: small letters, digits, underscores."""
Zones = Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]
Days = Annotated[list[Day], Field(min_length=1, max_length=400)]
Heads = Annotated[int, Field(ge=1, le=1000)]


class PassBody(In):
    """A pass without an application. Validity left out: the whole event.

    With `valid_days` it is a day pass, without them a standing one; `daily_from` and `daily_to` limit the hours of
    each day. `heads`: m of a group voucher n of m, which names its leader only. `native_name`: the name in the
    holder's own script. The holder is told by mail when `holder_email` is given.
    """

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
    zones: Zones
    valid_from: Instant | None = None
    valid_until: Instant | None = None
    valid_days: Days | None = None
    daily_from: DayTime | None = None
    daily_to: DayTime | None = None
    heads: Heads = 1
    attention: Line = ""
    native_name: Line = ""
    holder_email: EmailStr | None = None
    language: Literal["vi", "en"] = "vi"
    class_code: ClassCode | None = None


class GroundBody(In):
    """Why, and on whose authority: door staff see both."""

    model_config = ConfigDict(json_schema_extra={"example": {"ground": "Thẻ bị báo mất", "authority": "Ban tổ chức"}})

    ground: Name
    authority: Line = ""


class ReplaceBody(GroundBody):
    """Why a new pass takes the place of this one, and what it says differently; what is left out stays."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"ground": "Thêm khu B theo quyết định", "authority": "Ban tổ chức", "zones": ["A"]}
        }
    )

    holder_name: Name = left_out()
    native_name: Line = left_out()
    organisation_name: Line = left_out()
    zones: Zones = left_out()
    valid_from: Instant = left_out()
    valid_until: Instant = left_out()
    valid_days: Days | None = left_out()
    daily_from: DayTime | None = left_out()
    daily_to: DayTime | None = left_out()
    heads: Heads = left_out()
    attention: Line = left_out()
    class_code: ClassCode | None = left_out()

    def changes(self) -> dict[str, Any]:
        """What was sent, as fields of a wish."""
        sent = self.model_dump(exclude_unset=True, exclude={"ground", "authority"})
        return as_wish(sent)


def as_wish(sent: dict[str, Any]) -> dict[str, Any]:
    """Fields of a body as those of a wish: tuples, days in order, no class as the empty one."""
    wish = dict(sent)
    if "zones" in wish:
        wish["zones"] = tuple(wish["zones"])
    if wish.get("valid_days") is not None:
        wish["valid_days"] = tuple(sorted(set(wish["valid_days"])))
    for name in wish.keys() & {"class_code", "holder_email"}:
        wish[name] = wish[name] or ""
    return wish


class PassRow(Out):
    """A pass as lists show it."""

    id: UUID
    event_id: UUID
    serial: str
    application_id: UUID | None
    version: int
    replaces_id: UUID | None
    holder_name: str
    native_name: str
    organisation_name: str
    category: Category
    class_code: str
    zones: list[str]
    valid_from: datetime
    valid_until: datetime
    valid_days: list[date] | None
    daily_from: time | None
    daily_to: time | None
    heads: int
    attention: str
    state: PassState
    state_ground: str
    state_authority: str
    state_at: datetime
    list_version: int
    human_code: str
    issued_at: datetime
    badge: BadgeState


class PassOut(PassRow):
    """A pass with its code and the holder's own page: whoever holds either may enter."""

    code: str
    link: str


def shown(entry_pass: EntryPass, vault: Vault, settings: Settings) -> PassOut:
    """A pass with what only few are shown."""
    link = holders.link_of(entry_pass.id, vault=vault, base_url=settings.base_url)
    return PassOut.model_validate({**entry_pass.model_dump(), "link": link})


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
