"""The way in: the portal's first page, signing in by mail link or password, signing out."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Application, reference_of
from service.domain.errors import TITLES, Conflict, NotFound, TooMany, Unauthenticated
from service.domain.events import Event
from service.settings import Settings
from service.store.vault import Vault
from service.usecases import accreditation
from service.usecases.accreditation import entering, signing
from service.usecases.accreditation.entering import Home
from service.usecases.accreditation.rules import rule_of
from service.web import problems, security
from service.web.deps import CurrentJournalist, DatabaseDep, Now, SessionDep, SettingsDep, VaultDep
from service.web.forms import Checked, Form, FormDep
from service.web.pages import pick
from service.web.press.access import HOME, SIGN_IN, PressPage, Reader, open_page, reader_of
from service.web.press.entry_views import HomePage, LinkPage, OpenRow, OwnRow, SignInPage
from service.web.press.proof import REGISTER, keep_proof
from service.web.views import FieldError
from service.web.words import N_

log = structlog.get_logger("press")
router = APIRouter(prefix="/press", include_in_schema=False, route_class=PressPage)

_NO_EMAIL = N_("Enter your e-mail address")
_NO_PASSWORD = N_("Enter your password")
Next = Annotated[str, Query(alias="next", max_length=2000)]


@router.get("")
async def home(session: SessionDep, now: Now, reader: Reader = open_page("press_events")) -> Response:
    """My applications and whose turn it is, then the events that take applications."""
    found = await entering.open_home(session, journalist=reader.signed_in, now=now)
    rows = [await own_row(session, reader, *one) for one in found.applications]
    page = HomePage(
        name=reader.signed_in.full_name if reader.signed_in else "",
        applications=tuple(rows),
        events=_events(reader, found),
        now=now,
        has_agreed=found.has_agreed,
        is_focal_point=found.is_focal_point,
    )
    return reader.show("press/home.html", page=page)


async def own_row(
    session: AsyncSession, reader: Reader, application: Application, event: Event, turn: entering.Turn
) -> OwnRow:
    """An application as a line of a list."""
    rule = await rule_of(session, application)
    return OwnRow(
        href=f"/press/applications/{application.id}",
        reference=reference_of(application.id),
        event=pick(event, "title", reader.language),
        class_name=rule.name[reader.language] if rule else "",
        state=application.state.value,
        turn=turn.value,
    )


def _events(reader: Reader, found: Home) -> tuple[OpenRow, ...]:
    applied = {event.id for application, event, _ in found.applications if application.state.value != "withdrawn"}
    return tuple(
        OpenRow(
            href=f"/press/events/{one.event.id}",
            title=pick(one.event, "title", reader.language),
            kind=one.event.kind.value,
            first_on=one.first_on,
            last_on=one.last_on,
            closes_at=one.event.accreditation_closes_at,
            applied=one.event.id in applied,
        )
        for one in found.events
        if one.event.accreditation_closes_at is not None
    )


# Signing in -----------------------------------------------------------------------------------------------------


@router.get("/sign-in")
async def ask(request: Request, settings: SettingsDep, wanted: Next = HOME, sent: str = "") -> Response:
    """A mail link first, the password as the second way."""
    reader = reader_of(request)
    return _sign_in_page(reader, Form.EMPTY, wanted, sent=bool(sent), in_output=_has_no_mail(settings))


@router.post("/sign-in")
async def sign_in(
    request: Request,
    form: FormDep,
    session: SessionDep,
    database: DatabaseDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
) -> Response:
    """Sends a link, the same answer for every address; or signs in by password."""
    security.require_same_origin(request)
    reader, wanted = reader_of(request), form.one("next")
    checked = Checked(reader, form)
    by_link = form.one("way") != "password"
    email = checked.email("email" if by_link else "account")
    if not email and not checked.errors:
        checked.wrong("email" if by_link else "account", _NO_EMAIL)
    if not by_link and not form.one("password"):
        checked.wrong("password", _NO_PASSWORD)
    if checked.errors:
        return _sign_in_page(reader, form, wanted, errors=checked.errors, status=422)
    who = {"email": email, "address": request.client.host if request.client else ""}
    try:
        if by_link:
            await signing.allow_link(database, secrets=vault, settings=settings, now=now, **who)
            link = await signing.ask_link(
                session, email=email, language=reader.language, next_path=security.safe_path(wanted, HOME), now=now
            )
            _tell_developer(link.id, vault, settings)
            return RedirectResponse(f"{SIGN_IN}?sent=yes", 303)
        token = await accreditation.sign_in(
            database, secrets=vault, password=form.one("password"), settings=settings, now=now, **who
        )
    except (Unauthenticated, TooMany) as refusal:
        told = [FieldError("email" if by_link else "account", reader.say(TITLES[refusal.code]))]
        answer = _sign_in_page(reader, form, wanted, errors=told, status=problems.status_of(refusal))
        if isinstance(refusal, TooMany):
            answer.headers["Retry-After"] = str(refusal.retry_after)
        return answer
    answer = RedirectResponse(security.safe_path(wanted, HOME), 303)
    security.set_cookie(answer, token, settings, name=security.PRESS_COOKIE)
    return answer


def _has_no_mail(settings: Settings) -> bool:
    """Whether somebody tries the service out on their own machine; never so in production."""
    return settings.environment == "development" and not settings.smtp_host


def _tell_developer(link_id: UUID, vault: Vault, settings: Settings) -> None:
    """Whoever tries the service out has no mail server: the link then stands in its output."""
    if _has_no_mail(settings):
        link = signing.address_of(link_id, vault, settings.base_url)
        log.warning("no mail server is set, so here is the link", link=link)


def _sign_in_page(
    reader: Reader,
    form: Form,
    wanted: str,
    *,
    sent: bool = False,
    in_output: bool = False,
    errors: list[FieldError] | None = None,
    status: int = 200,
) -> Response:
    page = SignInPage(
        email=form.one("email"),
        account=form.one("account"),
        next=security.safe_path(wanted, HOME),
        sent=sent,
        errors=tuple(errors or ()),
        in_output=in_output,
    )
    return reader.show("press/sign_in.html", status=status, form=page)


@router.post("/sign-out")
async def sign_out(request: Request, session: SessionDep, journalist: CurrentJournalist, now: Now) -> Response:
    """Ends the session at once, here and in the database."""
    token = request.cookies.get(security.PRESS_COOKIE, "")
    await signing.sign_out(session, journalist=journalist, token=token, now=now)
    answer = RedirectResponse(SIGN_IN, 303)
    answer.delete_cookie(security.PRESS_COOKIE)
    return answer


# The link of a mail ---------------------------------------------------------------------------------------------


@router.get("/link/{token}")
async def open_link(token: str, request: Request, session: SessionDep, vault: VaultDep, now: Now) -> Response:
    """One button: programs that look at what is in mails don't use the link up."""
    reader = reader_of(request)
    try:
        link = await signing.open_link(session, token=token, vault=vault, now=now)
    except (NotFound, Conflict) as refusal:
        return _gone(reader, refusal)
    page = LinkPage(f"/press/link/{token}", link.email, known=link.journalist_id is not None, gone=False)
    return reader.show("press/link.html", page=page)


@router.post("/link/{token}")
async def use_link(
    token: str, request: Request, session: SessionDep, vault: VaultDep, settings: SettingsDep, now: Now
) -> Response:
    """Signs in, once; an address without a profile is led to make one."""
    security.require_same_origin(request)
    try:
        used = await signing.use_link(session, token=token, vault=vault, settings=settings, now=now)
    except (NotFound, Conflict) as refusal:
        return _gone(reader_of(request), refusal)
    if used.proof:
        answer = RedirectResponse(REGISTER, 303)
        keep_proof(answer, used.proof, settings)
        return answer
    answer = RedirectResponse(security.safe_path(used.next_path, HOME), 303)
    security.set_cookie(answer, used.token, settings, name=security.PRESS_COOKIE)
    return answer


def _gone(reader: Reader, refusal: NotFound | Conflict) -> Response:
    """The same page for every link that isn't good; only the status says whether there ever was one."""
    page = LinkPage("", "", known=False, gone=True)
    return reader.show("press/link.html", status=404 if isinstance(refusal, NotFound) else 410, page=page)
