"""Refusals told to the reader: RFC 9457 problem+json, or a page in the reader's language for a browser."""

from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from service.domain import errors
from service.domain.errors import FieldError, Refusal
from service.web.language import language_of
from service.web.pages import Pages

log = structlog.get_logger("problems")
MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[Refusal], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.TooMany: 429,
}
_CODE_STATUS = {
    "malformed": 400,
    "origin_mismatch": 403,
    "too_large": 413,
    "unsupported_media_type": 415,
    "busy": 503,
}
_HTTP_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
}


class ProblemError(BaseModel):
    """One thing that is wrong, and where: `pointer` is a JSON Pointer into what was sent."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """A refusal as RFC 9457 has it, with our stable `code`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "/problems/not_found",
                "title": "Không có mục này, hoặc không còn nữa.",
                "status": 404,
                "code": "not_found",
                "detail": "event",
                "instance": "/api/v1/events/0198c0de-0000-7000-8000-000000000000",
                "trace_id": "5f1e0c9d2b7a4c55",
                "errors": [],
            }
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    trace_id: str
    errors: list[ProblemError]


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem answers of an operation, for OpenAPI."""
    return {
        status: {
            "model": Problem,
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def wants_page(request: Request) -> bool:
    """Whether a person in a browser asks, rather than a program."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.url.path.startswith(("/api/", "/.well-known/"))


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str = "",
    problems: tuple[FieldError, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The whole answer to a request that is refused."""
    pages: Pages = request.app.state.pages
    language = language_of(request)
    title = pages.translate(language, errors.TITLES.get(code, errors.TITLES["http_error"]))
    trace_id = request.scope.get("trace_id", "")
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", **(headers or {})}
    if wants_page(request):
        # The detail speaks to programs; a person is told by the title and by what to do.
        page = pages.problem(language=language, status=status, code=code, title=title, detail="", trace_id=trace_id)
        return HTMLResponse(page, status, headers)
    body = Problem(
        type=f"/problems/{code}",
        title=title,
        status=status,
        code=code,
        detail=detail,
        instance=request.url.path,
        trace_id=trace_id,
        errors=[ProblemError(pointer=one.pointer, code=one.code, detail=one.detail) for one in problems],
    )
    headers["Content-Language"] = language
    return JSONResponse(body.model_dump(), status, headers, media_type=MEDIA_TYPE)


def status_of(refusal: Refusal) -> int:
    """The HTTP status that tells this refusal."""
    if refusal.code in _CODE_STATUS:
        return _CODE_STATUS[refusal.code]
    return next((status for kind, status in _STATUS.items() if isinstance(refusal, kind)), 400)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 (registered for Refusal only)
    headers = {}
    if isinstance(refusal, errors.Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, errors.TooMany):
        headers["Retry-After"] = str(refusal.retry_after)
    return answer(request, status_of(refusal), refusal.code, refusal.detail, refusal.errors, headers)


def pointer_of(location: tuple[int | str, ...]) -> str:
    """A JSON Pointer from the place that pydantic names; the part of the request stays as its first step."""
    steps = location[1:] if location and location[0] == "body" else location
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


async def _invalid(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, RequestValidationError)  # noqa: S101 (registered for that only)
    found = wrong.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return answer(request, 400, "malformed", str(found[0].get("ctx", {}).get("error", "")))
    if any(one["loc"] == ("body",) and isinstance(one.get("input"), bytes) for one in found):
        # Bytes that nobody read as JSON: they were sent as something else.
        return answer(request, 415, "unsupported_media_type", "application/json")
    problems = tuple(FieldError(pointer_of(one["loc"]), one["type"], one["msg"]) for one in found[:50])
    return answer(request, 422, "invalid", problems[0].detail if problems else "", problems)


async def _http(request: Request, wrong: Exception) -> Response:
    assert isinstance(wrong, HTTPException)  # noqa: S101 (registered for that only)
    if isinstance(wrong.__cause__, Refusal):
        # FastAPI calls whatever stops the reading of a body a bad request; the limit's own refusal says more.
        return await _refused(request, wrong.__cause__)
    code = _HTTP_CODES.get(wrong.status_code, "http_error")
    headers = dict(wrong.headers or {})
    return answer(request, wrong.status_code, code, "", headers=headers)


_DATABASE = {
    "23505": (409, "already_exists"),
    "23503": (409, "still_in_use"),
    "23514": (422, "invalid"),
    "22003": (422, "invalid"),
    "22021": (422, "invalid"),
    "40001": (503, "busy"),
    "40P01": (503, "busy"),
    "55P03": (503, "busy"),
    "53300": (503, "busy"),
}


async def _database(request: Request, wrong: Exception) -> Response:
    """The database has the last word on what may be kept: its constraints become plain refusals."""
    if isinstance(wrong, PoolTimeout):
        return answer(request, 503, "busy", headers={"Retry-After": "1"})
    assert isinstance(wrong, DBAPIError)  # noqa: S101 (registered for these only)
    state = getattr(wrong.orig, "sqlstate", None) or ""
    if state not in _DATABASE:
        return await _unforeseen(request, wrong)
    status, code = _DATABASE[state]
    headers = {"Retry-After": "1"} if code == "busy" else {}
    return answer(request, status, code, headers=headers)


async def _unforeseen(request: Request, wrong: Exception) -> Response:
    # The route's pattern, not the path: a path can be the link that opens a pass.
    log.error(
        "unforeseen",
        trace_id=request.scope.get("trace_id"),
        route=getattr(request.scope.get("route"), "path", ""),
        exc_info=wrong,
    )
    return answer(request, 500, "internal")


def register(app: FastAPI) -> None:
    """Makes every refusal of `app` one of ours, FastAPI's own included."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in (IntegrityError, DBAPIError, PoolTimeout):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _unforeseen)
