"""The public keys of all passes (RFC 7517)."""

import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request, Response

from service.domain.passes import KeyState
from service.store import passes as store
from service.web.deps import SessionDep, allow_anyone
from service.web.transactions import Transaction

router = APIRouter(tags=["passes"], route_class=Transaction)
_FRESH = "public, max-age=300"


@router.get("/.well-known/jwks.json", summary="Public keys of passes (JWKS)", **allow_anyone())
async def jwks(request: Request, session: SessionDep) -> dict[str, list[dict[str, Any]]]:
    """Every key that was not struck. Good for five minutes; asked with the ETag, unchanged keys are a 304."""
    keys = [key.public_jwk for key in await store.list_keys(session) if key.state is not KeyState.STRUCK]
    body = json.dumps({"keys": keys}, sort_keys=True).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": _FRESH, "ETag": tag}
    # Proxies that compress may weaken the tag (RFC 9110, section 13.1.2): the comparison is the weak one.
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]
    return Response(body, media_type="application/json", headers=headers)  # type: ignore[return-value]
