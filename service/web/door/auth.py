"""Which device is calling: a bearer token that can scan, tally and sync, and nothing else."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.domain.errors import Unauthenticated
from service.store import door as store
from service.store.database import Database
from service.store.vault import token_hash
from service.web import problems

device_scheme = HTTPBearer(scheme_name="Device", auto_error=False)
_MOST_KNOWN = 10_000


async def _device_id(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(device_scheme)]
) -> UUID:
    """The device behind the token.

    A token never changes its device, so the pair may be remembered for ever; whether the device is still
    allowed at a gate is asked anew with every scan.
    """
    if bearer is None:
        raise Unauthenticated("unauthenticated")
    known: dict[str, UUID] = request.app.state.devices
    found = known.get(bearer.credentials)
    if found is None:
        database: Database = request.app.state.database
        async with database.session() as session:
            device = await store.find_device(session, token_hash(bearer.credentials))
        if device is None:
            raise Unauthenticated("unauthenticated")
        if len(known) >= _MOST_KNOWN:
            known.clear()
        known[bearer.credentials] = found = device.id
    return found


CurrentDevice = Annotated[UUID, Depends(_device_id)]


def allow_device(*statuses: int) -> dict[str, Any]:
    """The arguments of a route for an enrolled device."""
    return {
        "dependencies": [Depends(_device_id)],
        "openapi_extra": {"x-permission": "device"},
        "responses": problems.responses(401, 422, *statuses),
    }
