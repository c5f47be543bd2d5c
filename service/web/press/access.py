"""Who may open a page of the portal: a signed-in journalist, on their own things only."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Journalist
from service.domain.errors import Unauthenticated
from service.store import accreditation as store
from service.usecases import accreditation
from service.web import answers, security
from service.web.deps import CurrentJournalist, Now, SessionDep
from service.web.language import language_of
from service.web.pages import number
from service.web.transactions import Transaction
from service.web.views import Shell, SignedIn, press_shell

SIGN_IN = "/press/sign-in"
HOME = "/press"


class PressPage(Transaction):
    """A page in one transaction; whoever is not signed in is sent to sign in, and back afterwards."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def or_sign_in(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthenticated:
                return RedirectResponse(f"{SIGN_IN}?next={quote(_address_to_open(request), safe='/')}", 303)

        return or_sign_in


def _address_to_open(request: Request) -> str:
    """The address of the page; of a form that was sent, that of the page where it stood."""
    if request.method == "GET":
        return security.safe_path(answers.address_of(request), HOME)
    return security.safe_path(urlsplit(request.headers.get("referer", "")).path, HOME)


@dataclass(frozen=True)
class Reader:
    """Whoever opened a page, signed in or not: in which shell and language."""

    request: Request
    shell: Shell
    language: str

    def show(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """The page in this reader's shell."""
        return answers.show(self.request, template, status=status, shell=self.shell, **context)

    @property
    def signed_in(self) -> Journalist | None:
        """Whoever is signed in."""
        return None

    def say(self, message: str, **values: Any) -> str:
        """A msgid in the reader's language."""
        return answers.pages_of(self.request).translate(self.language, message, **values)

    def number(self, value: int) -> str:
        """A number as the reader's language writes it."""
        return number(value, self.language)


@dataclass(frozen=True)
class PressVisit(Reader):
    """A signed-in journalist who opened a page."""

    journalist: Journalist

    @property
    def signed_in(self) -> Journalist:
        """Whoever is signed in."""
        return self.journalist


def reader_of(request: Request, current: str = "") -> Reader:
    """Whoever opens a page that needs no sign-in."""
    shell = press_shell(path=_address_to_open(request), current=current, signed_in=None)
    return Reader(request, shell, language_of(request))


def press_page(current: str) -> Any:
    """The dependency of a page for signed-in journalists; `current` is its item of the navigation."""

    async def visit(request: Request, session: SessionDep, journalist: CurrentJournalist) -> PressVisit:
        return await _visit_of(request, session, journalist, current)

    return Depends(visit)


def open_page(current: str) -> Any:
    """The dependency of a page that is open to all: a PressVisit for whoever is signed in, else a Reader."""

    async def read(request: Request, session: SessionDep, now: Now) -> Reader:
        token = request.cookies.get(security.PRESS_COOKIE)
        found = await accreditation.find_journalist(session, token=token, now=now) if token else None
        return reader_of(request, current) if found is None else await _visit_of(request, session, found, current)

    return Depends(read)


async def _visit_of(request: Request, session: AsyncSession, journalist: Journalist, current: str) -> PressVisit:
    outlet = await store.get_outlet(session, journalist.outlet_id)
    signed_in = SignedIn(journalist.full_name, outlet.name, outlet.name)
    shell = press_shell(path=_address_to_open(request), current=current, signed_in=signed_in)
    return PressVisit(request, shell, language_of(request), journalist)
