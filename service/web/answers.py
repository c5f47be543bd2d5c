"""Pages as answers: rendered in the reader's language, kept by no cache unless they say so."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from service.web.language import language_of
from service.web.pages import Pages


class Svg(Response):
    """A drawing."""

    media_type = "image/svg+xml"


class Png(Response):
    """A picture."""

    media_type = "image/png"


class Jpeg(Response):
    """A photograph."""

    media_type = "image/jpeg"


class Pdf(Response):
    """A document to print."""

    media_type = "application/pdf"


def pages_of(request: Request) -> Pages:
    """What renders the pages of this application."""
    pages: Pages = request.app.state.pages
    return pages


def address_of(request: Request) -> str:
    """The path with its query: where the language switch and a sign-in lead back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def show(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """The page as the whole answer."""
    language = language_of(request)
    told = {
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Vary": "Cookie, Accept-Language",
        **(headers or {}),
    }
    return HTMLResponse(pages_of(request).render(template, language, **context), status, told)
