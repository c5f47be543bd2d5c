"""The public check: anybody who is shown a pass may ask whether it is good, and learns nothing else."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from service.domain.errors import TooMany
from service.usecases import checking
from service.usecases.checking import Answer
from service.web.answers import pages_of, show
from service.web.deps import DatabaseDep, Now, VaultDep
from service.web.frame import CAMERA_CONTENT
from service.web.holder.views import CheckPage
from service.web.language import language_of
from service.web.views import FieldError, public_shell
from service.web.words import N_

router = APIRouter(include_in_schema=False)

_CHECK = "/check"
_NO_CODE = N_("Enter the code, or read it with the camera")
_MINUTE = 60


@router.get(_CHECK)
async def ask(request: Request, now: Now) -> Response:
    """The form."""
    return _show(request, CheckPage("", now, "", 0, ()))


@router.post(_CHECK)
async def check(
    request: Request,
    database: DatabaseDep,
    vault: VaultDep,
    now: Now,
    code: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Valid, not valid, or that one can't tell, in the same page; what can't be told stays in the field."""
    if not code.strip():
        problem = FieldError("code", pages_of(request).translate(language_of(request), _NO_CODE))
        return _show(request, CheckPage("", now, "", 0, (problem,)), 422)
    address = request.client.host if request.client else ""
    try:
        answer = await checking.check(database, code=code, address=address, vault=vault, now=now)
    except TooMany as refusal:
        return _wait(request, code, refusal.retry_after, now)
    return _show(request, CheckPage(answer.value, now, code if answer is Answer.CANNOT_TELL else "", 0, ()))


def _wait(request: Request, code: str, seconds: int, now: datetime) -> Response:
    page = CheckPage("", now, code, -(-seconds // _MINUTE), ())
    return _show(request, page, 429, {"Retry-After": str(seconds)})


def _show(request: Request, page: CheckPage, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    told = {"Content-Security-Policy": CAMERA_CONTENT, **(headers or {})}
    # The switch of languages leads to the form itself: the address of a POST can't be opened again.
    return show(request, "holder/check.html", status=status, headers=told, shell=public_shell(path=_CHECK), page=page)
