"""The journalists' REST: register, sign in, apply, see where it stands, fetch the pass."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import ConfigDict, EmailStr, Field, SecretStr, StringConstraints

from service.domain.accreditation import GRANTED, ApplicationState, MediaRole, OutletKind
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.passes import EntryPass
from service.store import accreditation as store
from service.store import passes as pass_store
from service.store import qr
from service.usecases import accounts, accreditation
from service.usecases.accreditation import OutletFacts, Registration
from service.web.deps import (
    CurrentJournalist,
    DatabaseDep,
    Now,
    SessionDep,
    SettingsDep,
    VaultDep,
    allow_anyone,
    allow_journalist,
)
from service.web.schemas import In, Name, Out, Text, ZoneCode
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1/press", tags=["press"], route_class=Transaction)


class OutletBody(In):
    """Your press organisation; one of the same name is found, accents and case aside."""

    name: Name
    kind: OutletKind
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "VN"


class RegisterBody(In):
    """One profile for all events. `consent` is yours to give: it is asked for by itself and never assumed."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "full_name": "Nguyễn Thị Biển",
                "email": "bien@toasoan.example",
                "password": "một câu dài dễ nhớ",
                "outlet": {"name": "Báo Sóng Xanh", "kind": "print", "country": "VN"},
                "press_card_number": "000123",
                "press_card_expires_on": "2030-12-31",
                "consent": True,
            }
        }
    )

    full_name: Name
    email: EmailStr
    password: Annotated[SecretStr, Field(min_length=10, max_length=200)]
    phone: Annotated[str, StringConstraints(pattern=r"^[+0-9 ().-]{0,30}$")] = ""
    outlet: OutletBody
    press_card_number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ./-]{3,30}$")]
    press_card_expires_on: date
    language: Literal["vi", "en"] = "vi"
    consent: Literal[True]


class JournalistOut(Out):
    id: UUID
    full_name: str
    email: str
    outlet_id: UUID
    press_card_expires_on: date
    language: str


class PressTokenOut(Out):
    access_token: str
    token_type: str
    expires_in: int


class OpenEventOut(Out):
    """An event that takes applications, with the zones one may wish for and the last moment to apply."""

    id: UUID
    title_vi: str
    title_en: str
    accreditation_closes_at: datetime
    zones: list[str]


class ApplyBody(In):
    model_config = ConfigDict(
        json_schema_extra={"example": {"media_role": "photographer", "zones_wanted": ["A", "B"], "note": ""}}
    )

    media_role: MediaRole
    zones_wanted: Annotated[list[ZoneCode], Field(min_length=1, max_length=50)]
    note: Text = ""


class OwnStep(Out):
    """What happened, when, and why."""

    to_state: ApplicationState
    reason: str
    zones: list[str]
    decided_at: datetime


class OwnApplication(Out):
    """Where an application stands; `reason` is that of the last step."""

    id: UUID
    event_id: UUID
    event_title_vi: str
    event_title_en: str
    state: ApplicationState
    media_role: MediaRole
    zones_wanted: list[str]
    zones_granted: list[str]
    submitted_at: datetime | None
    decided_at: datetime | None
    reason: str
    history: list[OwnStep]


class OwnPass(Out):
    """The pass: show the QR of `code`, or tell the ten characters of `human_code`."""

    id: UUID
    code: str
    human_code: str
    zones: list[str]
    valid_from: datetime
    valid_until: datetime
    state: str


@router.post("/register", summary="Register as a journalist", status_code=201, **allow_anyone(400, 409, 429))
async def register(
    body: RegisterBody,
    request: Request,
    session: SessionDep,
    database: DatabaseDep,
    settings: SettingsDep,
    vault: VaultDep,
    now: Now,
) -> JournalistOut:
    """One profile for all events; the press-card number is kept encrypted. A known address is a 409, and asking
    for many addresses is slowed down like guessing passwords."""
    if body.press_card_expires_on < now.date():
        raise Invalid.at("/press_card_expires_on", "expired", "the press card has expired")
    address = request.client.host if request.client else ""
    subjects = await accounts.allow_attempt(
        database, secrets=vault, account=f"register {body.email.lower()}", address=address, settings=settings, now=now
    )
    facts = Registration(
        full_name=body.full_name,
        email=body.email,
        password=body.password.get_secret_value(),
        phone=body.phone,
        outlet=OutletFacts(body.outlet.name, body.outlet.kind, body.outlet.country),
        press_card_number=body.press_card_number,
        press_card_expires_on=body.press_card_expires_on,
        language=body.language,
    )
    try:
        made = await accreditation.register(session, facts=facts, password_hash=None, secrets=vault, now=now)
    except Conflict:
        await accounts.note_failure(database, subjects=subjects, now=now)
        raise
    return JournalistOut.model_validate(made)


@router.post("/token", summary="Sign in as a journalist", **allow_anyone(400, 401, 429))
async def token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    request: Request,
    database: DatabaseDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> PressTokenOut:
    """A token that reaches only what is the journalist's own."""
    made = await accreditation.sign_in(
        database,
        secrets=vault,
        email=form.username,
        password=form.password,
        address=request.client.host if request.client else "",
        settings=settings,
        now=now,
    )
    return PressTokenOut(access_token=made, token_type="bearer", expires_in=settings.session_hours * 3600)  # noqa: S106


@router.get("/me", summary="My profile", **allow_journalist())
async def me(journalist: CurrentJournalist) -> JournalistOut:
    """The profile without the press-card number."""
    return JournalistOut.model_validate(journalist)


@router.get("/events", summary="Events that take applications", **allow_journalist())
async def list_events(session: SessionDep, now: Now) -> list[OpenEventOut]:
    """The one that closes first stands first."""
    return [
        OpenEventOut(
            id=event.id,
            title_vi=event.title_vi,
            title_en=event.title_en,
            accreditation_closes_at=event.accreditation_closes_at or now,
            zones=sorted(await pass_store.list_zone_codes(session, event.id)),
        )
        for event in await store.list_open_events(session, now)
    ]


@router.post(
    "/events/{event_id}/applications", summary="Apply for an event", status_code=201, **allow_journalist(400, 404, 409)
)
async def apply(
    event_id: UUID, body: ApplyBody, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> OwnApplication:
    """One application per event; after the last date it is a 409."""
    made = await accreditation.apply(
        session,
        journalist=journalist,
        event_id=event_id,
        media_role=body.media_role,
        zones=list(body.zones_wanted),
        note=body.note,
        now=now,
    )
    return await _shown(session, made.id)


async def _shown(session: SessionDep, application_id: UUID) -> OwnApplication:
    application, _, _, event = await store.get_application(session, application_id)
    history = await store.list_decisions(session, application_id)
    return OwnApplication(
        id=application.id,
        event_id=event.id,
        event_title_vi=event.title_vi,
        event_title_en=event.title_en,
        state=application.state,
        media_role=application.media_role,
        zones_wanted=application.zones_wanted,
        zones_granted=application.zones_granted,
        submitted_at=application.submitted_at,
        decided_at=application.decided_at,
        reason=history[-1].reason if history else "",
        history=[OwnStep.model_validate(step) for step in history],
    )


@router.get("/applications", summary="My applications", **allow_journalist())
async def list_own(session: SessionDep, journalist: CurrentJournalist) -> list[OwnApplication]:
    """The newest first."""
    rows = await store.list_applications_of(session, journalist.id)
    return [await _shown(session, application.id) for application, _ in rows]


@router.get("/applications/{application_id}", summary="My application", **allow_journalist(404))
async def get_own(application_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> OwnApplication:
    """Where it stands, why, and every step so far. Another's application is a 404."""
    await accreditation.get_own(session, journalist=journalist, application_id=application_id)
    return await _shown(session, application_id)


@router.post("/applications/{application_id}/withdraw", summary="Withdraw", **allow_journalist(404, 409))
async def withdraw(
    application_id: UUID, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> OwnApplication:
    """Takes the application back; a pass that came of it ends."""
    await accreditation.withdraw(session, journalist=journalist, application_id=application_id, now=now)
    return await _shown(session, application_id)


@router.get("/applications/{application_id}/pass", summary="My pass", **allow_journalist(404))
async def get_pass(application_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> OwnPass:
    """Once it is issued; before that a 404."""
    return OwnPass.model_validate(await _pass(session, journalist, application_id))


@router.get(
    "/applications/{application_id}/pass/qr.svg",
    summary="My pass as a QR code",
    response_class=Response,
    **allow_journalist(404),
)
async def get_qr(application_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> Response:
    """The code as an SVG, to show on the phone."""
    found = await _pass(session, journalist, application_id)
    return Response(qr.svg(found.code), media_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


async def _pass(session: SessionDep, journalist: CurrentJournalist, application_id: UUID) -> EntryPass:
    application = await accreditation.get_own(session, journalist=journalist, application_id=application_id)
    found = await pass_store.find_pass_of_application(session, application.id) if application.state in GRANTED else None
    if found is None:
        raise NotFound("pass")
    return found
