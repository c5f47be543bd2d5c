"""One request, one transaction, committed before its answer leaves; a repeated request gets the first answer."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import Conflict, Invalid
from service.store import repeats
from service.store.database import Database
from service.web.clock import now

_KEY = "idempotency-key"
_REPEATABLE = {"POST", "PUT", "PATCH", "DELETE"}
_LONGEST_KEY = 255
_KEPT_HEADERS = ("content-type", "location")


class Transaction(APIRoute):
    """A route whose handler works in one session (`deps.SessionDep`).

    The session is committed when the whole answer is ready and before its first byte is sent: whoever reads
    a 2xx may rely on it. A refusal keeps nothing. With an Idempotency-Key the answer is kept in the same
    transaction, so a change and its answer exist both or neither.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def in_transaction(request: Request) -> Response:
            database: Database = request.app.state.database
            async with database.session() as session:
                request.state.session = session
                request.state.claim = None
                if _KEY in request.headers:
                    # A form can be read once, its bytes as often as asked: `once` wants them too.
                    await request.body()
                try:
                    response = await handle(request)
                except Repeated as known:
                    return known.answer
                if request.state.claim is not None:
                    await _keep(session, request.state.claim, response)
                await session.commit()
                return response

        return in_transaction


class Repeated(Exception):  # noqa: N818 (nothing is wrong)
    """This request was answered before: here is the answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__("answered before")
        self.answer = answer


async def once(request: Request) -> None:
    """Takes the request's Idempotency-Key, or ends the request with the first answer to it (`Repeated`).

    A dependency of the routes that change something. It stands behind the one that asks who is calling: an answer
    is repeated only to those who may still have it. A second request with the same key waits on the first one's
    row; it never runs beside it.
    """
    key = request.headers.get(_KEY)
    session: AsyncSession | None = getattr(request.state, "session", None)
    if key is None or session is None or request.method not in _REPEATABLE:
        return
    if not key.isascii() or not key.isprintable() or not 1 <= len(key) <= _LONGEST_KEY:
        raise Invalid.at("/header/Idempotency-Key", "invalid", "1 to 255 printable ASCII characters")
    request_hash = await _fingerprint(request)
    caller = _caller(request)
    first = await repeats.claim(session, caller=caller, key=key, request_hash=request_hash, now=now())
    if first is not None:
        if first.request_hash != request_hash:
            raise Invalid("key_reused")
        if first.status == 0:
            raise Conflict("busy")
        raise Repeated(Response(first.body, first.status, {**first.headers, "Idempotency-Replayed": "true"}))
    request.state.claim = (caller, key)


async def _keep(session: AsyncSession, claim: tuple[str, str], response: Response) -> None:
    caller, key = claim
    kept = {name: value for name, value in response.headers.items() if name in _KEPT_HEADERS}
    await repeats.keep(
        session, caller=caller, key=key, status=response.status_code, headers=kept, body=bytes(response.body)
    )


async def _fingerprint(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return digest.digest()


def _caller(request: Request) -> str:
    """Whose key it is: keys of different credentials never meet, and no credential is kept."""
    credentials = request.headers.get("authorization") or request.headers.get("cookie") or "anonymous"
    return hashlib.sha256(credentials.encode()).hexdigest()
