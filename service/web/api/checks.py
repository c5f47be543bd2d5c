"""The public check of a pass."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, StringConstraints

from service.usecases import checking
from service.usecases.checking import Answer
from service.web.deps import DatabaseDep, Now, VaultDep, allow_anyone
from service.web.schemas import In, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


class CheckBody(In):
    """What the QR code holds, or the ten characters under it."""

    model_config = ConfigDict(json_schema_extra={"example": {"code": "0123456789"}})

    code: Annotated[str, StringConstraints(min_length=1, max_length=512)]


class CheckOut(Out):
    """`cannot_tell`: what was sent is no whole code of ours."""

    answer: Answer


@router.post("/check", summary="Is this pass good?", **allow_anyone(429))
async def check(body: CheckBody, request: Request, database: DatabaseDep, vault: VaultDep, now: Now) -> CheckOut:
    """Valid, not valid, or that one can't tell; nothing else, to anybody. Thirty questions in five minutes."""
    address = request.client.host if request.client else ""
    return CheckOut(answer=await checking.check(database, code=body.code, address=address, vault=vault, now=now))
