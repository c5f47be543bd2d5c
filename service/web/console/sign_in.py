"""Signing in and out of the console by a form and a cookie."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.domain.errors import TITLES, TooMany, Unauthenticated
from service.domain.texts import tidy
from service.usecases import accounts
from service.web import problems, security
from service.web.answers import pages_of, show
from service.web.console.access import SIGN_IN, START, ConsolePage
from service.web.deps import CurrentAccess, DatabaseDep, Now, SessionDep, SettingsDep, VaultDep
from service.web.language import language_of
from service.web.views import FieldError, SignInForm, public_shell
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_NO_EMAIL = N_("Enter your e-mail address")
_NO_PASSWORD = N_("Enter your password")
Typed = Annotated[str, Form(max_length=500)]
Next = Annotated[str, Form(max_length=2000, alias="next")]


@router.get("/sign-in")
async def ask(request: Request, wanted: Annotated[str, Query(alias="next", max_length=2000)] = START) -> Response:
    """The form."""
    return _form(request, "", wanted, ())


@router.post("/sign-in")
async def sign_in(
    request: Request,
    database: DatabaseDep,
    vault: VaultDep,
    settings: SettingsDep,
    now: Now,
    email: Typed = "",
    password: Typed = "",
    wanted: Next = START,
) -> Response:
    """Signs in and leads on; what is wrong is told at the form, with the status that a program would get."""
    security.require_same_origin(request)
    missing = [(name, text) for name, value, text in _fields(email, password) if not value.strip()]
    if missing:
        return _form(request, email, wanted, tuple(missing), status=422)
    try:
        token = await accounts.sign_in(
            database,
            secrets=vault,
            email=_readable(email),
            password=password,
            address=request.client.host if request.client else "",
            settings=settings,
            now=now,
        )
    except (Unauthenticated, TooMany) as refusal:
        retry = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
        problem = (("email", TITLES[refusal.code]),)
        return _form(request, email, wanted, problem, status=problems.status_of(refusal), headers=retry)
    answer = RedirectResponse(security.safe_path(wanted, START), 303)
    security.set_cookie(answer, token, settings)
    return answer


@router.post("/sign-out")
async def sign_out(session: SessionDep, access: CurrentAccess, now: Now) -> Response:
    """Ends the session at once, here and in the database."""
    await accounts.sign_out(session, access=access, now=now)
    answer = RedirectResponse(SIGN_IN, 303)
    answer.delete_cookie(security.COOKIE)
    return answer


def _fields(email: str, password: str) -> tuple[tuple[str, str, str], ...]:
    return ("email", email, _NO_EMAIL), ("password", password, _NO_PASSWORD)


def _readable(email: str) -> str:
    """The address as it may be asked of the database. Raises Unauthenticated: no account has a control character."""
    try:
        return tidy(email)
    except ValueError as wrong:
        raise Unauthenticated("sign_in_failed") from wrong


def _form(
    request: Request,
    email: str,
    wanted: str,
    problems_at: tuple[tuple[str, str], ...],
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    pages, language = pages_of(request), language_of(request)
    form = SignInForm(
        email=email,
        next=security.safe_path(wanted, START),
        errors=tuple(FieldError(field, pages.translate(language, text)) for field, text in problems_at),
    )
    # The switch of languages leads to the form itself: the address of a POST can't be opened again.
    return show(request, "sign_in.html", status=status, headers=headers, shell=public_shell(path=SIGN_IN), form=form)
