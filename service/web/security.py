"""Cookies and the same-origin check of requests that carry them."""

from urllib.parse import urlsplit

from fastapi import Request, Response

from service.domain.errors import Refusal
from service.settings import Settings

COOKIE = "biendao_session"
PRESS_COOKIE = "biendao_press"
"""Organisers and journalists are signed in beside each other: neither cookie opens the other's pages."""
_SAFE = {"GET", "HEAD", "OPTIONS"}


class OriginMismatch(Refusal):
    """A browser sent this from another site."""


def require_same_origin(request: Request) -> None:
    """Refuses a request that changes something and doesn't come from our own pages (CSRF).

    Browsers say where a request comes from (Sec-Fetch-Site, Origin); one that says nothing is refused.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        same = site in ("same-origin", "none")
    else:
        same = urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host", "?")
    if not same:
        raise OriginMismatch("origin_mismatch")


def set_cookie(response: Response, token: str, settings: Settings, name: str = COOKIE) -> None:
    """Keeps the sign-in in the browser: not readable by scripts, sent to us alone."""
    response.set_cookie(
        name,
        token,
        max_age=settings.session_hours * 3600,
        httponly=True,
        secure=settings.base_url.startswith("https://"),
        samesite="lax",
    )


def safe_path(wanted: str | None, default: str) -> str:
    """`wanted` if it is a path on this site, else `default`: no one is sent elsewhere after signing in."""
    if wanted and wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\n" not in wanted:
        return wanted
    return default
