"""Who may open an organiser's page: each route says its permission by `page(...)`, which also gives its shell."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from service.domain.accounts import Access, Permission
from service.domain.errors import Unauthenticated
from service.usecases import overview
from service.usecases.accreditation.reviewing import has_desk
from service.web import answers, problems, security
from service.web.deps import CurrentAccess, Now, SessionDep
from service.web.language import language_of
from service.web.pages import number
from service.web.transactions import Transaction
from service.web.views import CONSOLE_NAV, Shell, SignedIn, console_shell
from service.web.words import N_

SIGN_IN = "/console/sign-in"
START = "/console"
QUEUE = "/console/accreditation"
_EVERYWHERE = N_("All organisations")
DESK = "accreditation"
"""The item of the navigation for whoever acts for an authority, in their own right or by delegation."""
_NEEDS = {
    "start": Permission.EVENTS_READ,
    "events": Permission.EVENTS_READ,
    "outlets": Permission.ACCREDITATION_SET_UP,
    "standing": Permission.ACCREDITATION_DECIDE,
}
"""What the other items of the navigation need; what stands not here is open to all staff."""


class ConsolePage(Transaction):
    """A page in one transaction; whoever is not signed in is sent to sign in, and back afterwards."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def or_sign_in(request: Request) -> Response:
            try:
                return await handle(request)
            except Unauthenticated as refusal:
                return _to_sign_in(request, refusal)

        return or_sign_in


def _to_sign_in(request: Request, refusal: Unauthenticated) -> Response:
    if request.headers.get("hx-request") == "true":
        # A part of a page can't show the form: the whole page is loaded again, and leads to it.
        return problems.answer(request, 401, refusal.code, headers={"HX-Refresh": "true"})
    return RedirectResponse(f"{SIGN_IN}?next={quote(_address_to_open(request), safe='/')}", 303)


def _address_to_open(request: Request) -> str:
    """The address of the page; of a form that was sent, that of the page where it stood: a POST can't be opened."""
    if request.method == "GET":
        return security.safe_path(answers.address_of(request), START)
    return security.safe_path(urlsplit(request.headers.get("referer", "")).path, START)


@dataclass(frozen=True)
class Visit:
    """Somebody who opened a page and may: who, in which shell and language."""

    request: Request
    access: Access
    shell: Shell
    language: str

    def show(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """The page in this visit's shell."""
        return answers.show(self.request, template, status=status, shell=self.shell, **context)

    def say(self, message: str, **values: Any) -> str:
        """A msgid in the reader's language."""
        return answers.pages_of(self.request).translate(self.language, message, **values)

    def number(self, value: int) -> str:
        """A number as the reader's language writes it."""
        return number(value, self.language)


def page(permission: Permission, current: str, *, desk: bool = False) -> Any:
    """The dependency of a page that needs `permission` somewhere; `current` is its item of the navigation.

    With `desk`, whoever acts for an authority by delegation may open it too. What belongs to one organisation is
    decided for that organisation in the use case.
    """

    async def visit(request: Request, session: SessionDep, access: CurrentAccess, now: Now) -> Visit:
        acts = await has_desk(session, access=access, now=now)
        if not (desk and acts):
            access.require(permission)
        language = language_of(request)
        everywhere = tuple(answers.pages_of(request).translate(one, _EVERYWHERE) for one in ("vi", "en"))
        vi, en = await overview.name_organisation(session, access=access) or everywhere
        nav = tuple(
            item
            for item in CONSOLE_NAV
            if (acts if item.code == DESK else item.code not in _NEEDS or access.allows(_NEEDS[item.code]))
        )
        signed_in = SignedIn(access.name, vi, en)
        shell = console_shell(path=_address_to_open(request), current=current, signed_in=signed_in, nav=nav)
        return Visit(request, access, shell, language)

    return Depends(visit)
