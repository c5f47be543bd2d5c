"""The journalists' REST: register, sign in, apply, see where it stands, fetch the pass."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import OAuth2PasswordRequestForm

from service.domain.accreditation import Application, Decision
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.events import Event
from service.domain.localtime import local_day
from service.domain.passes import EntryPass
from service.store import accreditation as store
from service.store import passes as pass_store
from service.store import qr
from service.usecases import accounts, accreditation
from service.usecases.accreditation import OutletFacts, Registration
from service.web.answers import Png, Svg
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
from service.web.press.schemas import (
    AnswerBody,
    ApplyBody,
    JournalistOut,
    OpenEventOut,
    OwnApplication,
    OwnPass,
    OwnStep,
    PressTokenOut,
    RegisterBody,
    RegisteredOut,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1/press", tags=["press"], route_class=Transaction)
_PRIVATE = {"Cache-Control": "private, no-store"}


@router.post("/register", summary="Register as a journalist", status_code=201, **allow_anyone(400, 429))
async def register(
    body: RegisterBody,
    request: Request,
    session: SessionDep,
    database: DatabaseDep,
    settings: SettingsDep,
    vault: VaultDep,
    now: Now,
) -> RegisteredOut:
    """One profile for all events; the press-card number is kept encrypted.

    A known address gets the same answer and nothing changes: sign in with the password that it has. So nobody
    learns here who is registered, and asking often is slowed down.
    """
    if body.press_card_expires_on < local_day(now):
        raise Invalid.at("/press_card_expires_on", "expired", "the press card has expired")
    address = request.client.host if request.client else ""
    subjects = await accounts.allow_attempt(
        database,
        secrets=vault,
        account=f"register {body.email.lower()}",
        # Registrations of a whole press centre must not lock its people out of signing in.
        address=f"register {address}",
        settings=settings,
        now=now,
    )
    await accounts.note_failure(database, subjects=subjects, now=now)
    facts = Registration(
        full_name=body.full_name,
        email=body.email.lower(),
        password_hash=await accounts.hash_password(body.password.get_secret_value()),
        phone=body.phone,
        outlet=_outlet(body),
        press_card_number=body.press_card_number,
        press_card_expires_on=body.press_card_expires_on,
        language=body.language,
    )
    with suppress(Conflict):
        await accreditation.register(session, facts=facts, secrets=vault, now=now)
    return RegisteredOut(email=facts.email)


def _outlet(body: RegisterBody) -> OutletFacts | UUID:
    if body.outlet is not None:
        return OutletFacts(body.outlet.name, body.outlet.kind, body.outlet.country)
    assert body.outlet_id is not None  # noqa: S101 (one of the two is there)
    return body.outlet_id


@router.post("/token", summary="Sign in as a journalist", **allow_anyone(400, 401, 429))
async def token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    request: Request,
    response: Response,
    database: DatabaseDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> PressTokenOut:
    """A token that reaches only what is the journalist's own."""
    response.headers["Cache-Control"] = "no-store"
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
    open_now = await store.list_open_events(session, now)
    zones = await store.list_zone_codes(session, [event.id for event in open_now])
    return [
        OpenEventOut(
            id=event.id,
            title_vi=event.title_vi,
            title_en=event.title_en,
            accreditation_closes_at=event.accreditation_closes_at or now,
            zones=zones[event.id],
        )
        for event in open_now
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
    return _own(application, event, await store.list_decisions(session, application_id))


def _own(application: Application, event: Event, history: list[Decision]) -> OwnApplication:
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
    steps = await store.list_decisions(session, *(application.id for application, _ in rows))
    history: dict[UUID, list[Decision]] = {}
    for step in steps:
        history.setdefault(step.application_id, []).append(step)
    return [_own(application, event, history.get(application.id, [])) for application, event in rows]


@router.get("/applications/{application_id}", summary="My application", **allow_journalist(404))
async def get_own(application_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> OwnApplication:
    """Where it stands, why, and every step so far. Another's application is a 404."""
    await accreditation.get_own(session, journalist=journalist, application_id=application_id)
    return await _shown(session, application_id)


@router.post(
    "/applications/{application_id}/answer", summary="Tell what was asked for", **allow_journalist(400, 404, 409)
)
async def answer(
    application_id: UUID, body: AnswerBody, session: SessionDep, journalist: CurrentJournalist, now: Now
) -> OwnApplication:
    """Only while information is needed; the application is submitted again and the answer stands in its history."""
    await accreditation.answer(session, journalist=journalist, application_id=application_id, text=body.text, now=now)
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
    response_class=Svg,
    **allow_journalist(404),
)
async def get_qr(application_id: UUID, session: SessionDep, journalist: CurrentJournalist) -> Response:
    """The code as an SVG, to show on the phone."""
    found = await _pass(session, journalist, application_id)
    return Svg(qr.svg(found.code), headers=_PRIVATE)


@router.get(
    "/applications/{application_id}/pass/qr.png",
    summary="My pass as a picture",
    response_class=Png,
    **allow_journalist(404),
)
async def get_picture(
    application_id: UUID,
    session: SessionDep,
    journalist: CurrentJournalist,
    size: Annotated[int, Query(ge=65, le=2000, description="Pixels a side, at most")] = 520,
) -> Response:
    """The code as a PNG, to keep."""
    found = await _pass(session, journalist, application_id)
    return Png(qr.png(found.code, size=size), headers=_PRIVATE)


async def _pass(session: SessionDep, journalist: CurrentJournalist, application_id: UUID) -> EntryPass:
    application = await accreditation.get_own(session, journalist=journalist, application_id=application_id)
    found = await pass_store.find_latest_pass(session, application.id)
    if found is None:
        raise NotFound("pass")
    return found
