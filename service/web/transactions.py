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
                key = request.headers.get("idempotency-key")
                if key is not None and request.method in _REPEATABLE:
                    return await _once(request, session, key, handle)
                response = await handle(request)
                await session.commit()
                return response

        return in_transaction


async def _once(
    request: Request,
    session: AsyncSession,
    key: str,
    handle: Callable[[Request], Coroutine[Any, Any, Response]],
) -> Response:
    """The handler's answer, or the first answer to the same request again.

    A second request with the same key waits on the first one's row; it never runs beside it.
    """
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
        return Response(first.body, first.status, {**first.headers, "Idempotency-Replayed": "true"})
    response = await handle(request)
    kept = {name: value for name, value in response.headers.items() if name in _KEPT_HEADERS}
    await repeats.keep(
        session, caller=caller, key=key, status=response.status_code, headers=kept, body=bytes(response.body)
    )
    await session.commit()
    return response


async def _fingerprint(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    digest.update(await request.body())
    return digest.digest()


def _caller(request: Request) -> str:
    """Whose key it is: keys of different credentials never meet, and no credential is kept."""
    credentials = request.headers.get("authorization") or request.headers.get("cookie") or "anonymous"
    return hashlib.sha256(credentials.encode()).hexdigest()
