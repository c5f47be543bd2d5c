"""Pages that need no sign-in: the home page, the switch of languages, the API's documentation, the built files."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from pydantic import Field
from starlette.staticfiles import StaticFiles

from service.domain.errors import TITLES, NotFound
from service.web import security
from service.web.answers import address_of, pages_of, show
from service.web.deps import SettingsDep
from service.web.language import COOKIE, LANGUAGES, language_of
from service.web.problems import wants_page
from service.web.schemas import Out
from service.web.styleguide import render_styleguide
from service.web.views import Problem, public_shell
from service.web.words import N_, PROBLEM_TODO

router = APIRouter(include_in_schema=False)
routers = [router]

_YEAR = 365 * 24 * 3600
_assets = StaticFiles(directory=Path(__file__).parent / "static" / "assets", check_dir=False)


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """What this is, and the way in for each kind of reader."""
    return show(request, "home.html", shell=public_shell(path="/"))


@router.get("/language/{language}")
async def choose_language(
    language: Literal["vi", "en"],
    settings: SettingsDep,
    wanted: Annotated[str, Query(alias="next", max_length=2000)] = "/",
) -> RedirectResponse:
    """Keeps the language chosen for a year, and leads back to the page."""
    answer = RedirectResponse(security.safe_path(wanted, "/"), 303)
    secure = settings.base_url.startswith("https://")
    answer.set_cookie(COOKIE, language, max_age=_YEAR, httponly=True, secure=secure, samesite="lax")
    return answer


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    """Swagger UI, served from our own files; its Authorize button signs in by the password flow."""
    return show(request, "docs.html", shell=public_shell(path="/docs"), openapi_href=request.app.openapi_url)


@router.get("/styleguide")
async def styleguide(request: Request, settings: SettingsDep) -> HTMLResponse:
    """Every part of the pages in every state; in development only."""
    if settings.environment != "development":
        raise NotFound("page")
    language = language_of(request)
    return HTMLResponse(render_styleguide(pages_of(request), language, public_shell(path=address_of(request))))


class Meaning(Out):
    """What a problem code means."""

    code: str = Field(examples=["not_found"])
    title_vi: str
    title_en: str


@router.get("/problems/{code}")
async def meaning(request: Request, code: str) -> Response:
    """What the `type` of a problem answer leads to: the code in words, as a page or as JSON."""
    if code not in TITLES:
        raise NotFound("problem code")
    pages = pages_of(request)
    titles = {language: pages.translate(language, TITLES[code]) for language in LANGUAGES}
    if not wants_page(request):
        told = Meaning(code=code, title_vi=titles["vi"], title_en=titles["en"])
        return Response(told.model_dump_json(), media_type="application/json", headers={"Vary": "Accept"})
    language = language_of(request)
    problem = Problem(
        status=None,
        title=titles[language],
        detail=pages.translate(language, N_("Programs know this answer by its code: %(code)s"), code=code),
        todo=pages.translate(language, PROBLEM_TODO.get(code, "")),
        reference="",
    )
    return show(request, "problem.html", shell=public_shell(path=address_of(request)), problem=problem)


@router.api_route("/static/assets/{path:path}", methods=["GET", "HEAD"])
async def asset(path: str, request: Request) -> Response:
    """A file that Vite built. Its name changes with its content, so that browsers may keep it for ever."""
    answer = await _assets.get_response(path, request.scope)
    if answer.status_code in (200, 304):
        answer.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
    return answer


@router.get("/favicon.ico")
async def favicon(request: Request) -> RedirectResponse:
    """Browsers ask for it where a page names no icon, such as beside a JSON answer."""
    return RedirectResponse(pages_of(request).asset("images/mark.svg"), 307, {"Cache-Control": "max-age=86400"})


@router.get("/robots.txt")
async def robots() -> PlainTextResponse:
    """Search engines may know the home page and nothing behind it."""
    return PlainTextResponse("User-agent: *\nAllow: /$\nAllow: /static/\nDisallow: /\n")
