"""The keys that sign passes, and the revocation lists that they sign."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.passes import KeyState
from service.store import passes as store
from service.usecases import events, keys, passes, revocations
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.lists import ListOut
from service.web.schemas import In, Instant, Name, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["passes"], route_class=Transaction)


class KeyOut(Out):
    """A signing key; its private part never leaves the service."""

    id: UUID
    event_id: UUID
    kid: str
    state: KeyState
    created_at: datetime
    struck_at: datetime | None


class StrikeBody(In):
    """Without `confirm` nothing is changed and the answer tells how many passes would die."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "Khóa bị lộ", "confirm": False}})

    reason: Name
    confirm: bool = False


class StrikeOut(Out):
    key: KeyOut
    passes: int
    struck: bool


@router.get("/events/{event_id}/keys", summary="Signing keys of an event", **allow(Permission.PASSES_READ, 404))
async def list_keys(event_id: UUID, session: SessionDep, access: CurrentAccess) -> list[KeyOut]:
    """The oldest first."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    return [KeyOut.model_validate(key) for key in await store.list_keys(session, event_id)]


@router.post(
    "/events/{event_id}/keys/rotate",
    summary="Sign with a new key",
    status_code=201,
    **allow(Permission.PASSES_REVOKE, 404),
)
async def rotate(event_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now) -> KeyOut:
    """Passes that older keys have signed stay valid."""
    return KeyOut.model_validate(await keys.rotate_key(session, access=access, event_id=event_id, vault=vault, now=now))


@router.post("/keys/{key_id}/strike", summary="Strike a leaked key", **allow(Permission.PASSES_REVOKE, 404, 409))
async def strike(
    key_id: UUID, body: StrikeBody, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> StrikeOut:
    """Its passes are revoked at once. Ask without `confirm` first: the answer says how many that are."""
    key, dying = await passes.strike_key(
        session, access=access, key_id=key_id, reason=body.reason, confirm=body.confirm, vault=vault, now=now
    )
    return StrikeOut(key=KeyOut.model_validate(key), passes=dying, struck=body.confirm)


class ReissuedOut(Out):
    """How many new passes there are."""

    issued: int


@router.post(
    "/keys/{key_id}/reissue", summary="Replace the passes of a struck key", **allow(Permission.PASSES_ISSUE, 404, 409)
)
async def reissue(key_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now) -> ReissuedOut:
    """New passes, signed with the present key, for all whose pass ended with this one; holders are told by mail.

    Asked again, none are left. 409 `illegal_move` for a key that isn't struck.
    """
    made = await passes.reissue_passes(session, access=access, key_id=key_id, vault=vault, now=now)
    return ReissuedOut(issued=len(made))


@router.get("/events/{event_id}/revocations", summary="Revocation list", **allow(Permission.PASSES_READ, 404))
async def list_revocations(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
    version: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="An older version")] = None,
    since: Annotated[int | None, Query(ge=0, le=2**31 - 1, description="Only what changed after this one")] = None,
) -> ListOut:
    """The list as it stands, or as any older version had it: nothing of the past is lost."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.PASSES_READ)
    told = await revocations.read_list(session, event_id=event_id, version=version, since=since)
    return ListOut.of(told, await revocations.sign_list(session, told=told, vault=vault, now=now))


class HeldOut(Out):
    """What one device held; version null: it had no list yet."""

    device_id: UUID
    name: str
    version: int | None
    first_at: datetime | None
    last_at: datetime | None
    revoked: bool


class KnowledgeOut(Out):
    """What was known at a moment: the version in force, since when, and what each door held."""

    at: datetime
    version: int
    issued_at: datetime | None
    devices: list[HeldOut]


@router.get(
    "/events/{event_id}/revocations/known", summary="What did the doors know?", **allow(Permission.DOOR_READ, 404)
)
async def known(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    at: Annotated[Instant, Query(description="The moment asked about")],
) -> KnowledgeOut:
    """At a moment of the past: which version of the list was in force, and which one each device held.

    `first_at` tells since when a device had its version, `last_at` when it last heard that it was the newest.
    """
    found = await revocations.known_at(session, access=access, event_id=event_id, at=at)
    return KnowledgeOut(
        at=found.at,
        version=found.version,
        issued_at=found.issued_at,
        devices=[
            HeldOut(
                device_id=one.device.id,
                name=one.device.name,
                version=one.version,
                first_at=one.first_at,
                last_at=one.last_at,
                revoked=one.device.revoked_at is not None and one.device.revoked_at <= at,
            )
            for one in found.devices
        ],
    )
