"""Making phones into door devices, and ending that."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.audit import ActorKind
from service.domain.door import Device, DeviceGate, Enrolment
from service.domain.errors import Conflict, Invalid, NotFound
from service.store import door as store
from service.store import vault
from service.usecases import audit

LIFETIME = timedelta(minutes=10)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


async def offer_enrolment(
    session: AsyncSession, *, access: Access, device_name: str, gate_ids: list[UUID], now: datetime
) -> tuple[Enrolment, str]:
    """A one-use code, good for ten minutes, with which one phone becomes a device of these gates.

    The code is returned once; only its hash is kept. Raises NotFound for an unknown gate and Forbidden for a
    gate of an event in whose organisation the caller leads no door.
    """
    wanted = list(dict.fromkeys(gate_ids))
    owners = await store.list_gate_owners(session, wanted)
    if len(owners) < len(wanted):
        raise NotFound("gate")
    for _, organisation_id in owners.values():
        access.require(Permission.DOOR_LEAD, organisation_id)
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
    enrolment = Enrolment(
        code_hash=vault.token_hash(code),
        device_name=device_name,
        gate_ids=wanted,
        expires_at=now + LIFETIME,
        staff_id=access.staff_id,
        created_at=now,
    )
    session.add(enrolment)
    await session.flush()
    # A phone may have gates of several events, and each event's record tells of its own.
    for event_id in dict.fromkeys(owners[gate_id][0] for gate_id in wanted):
        audit.record(
            session,
            actor=audit.staff(access),
            action="offered",
            noun="enrolment",
            object_id=enrolment.id,
            event_id=event_id,
            now=now,
            gates=[str(gate_id) for gate_id in wanted if owners[gate_id][0] == event_id],
        )
    return enrolment, code


async def enrol(
    session: AsyncSession, *, code: str, public_jwk: dict[str, Any] | None, now: datetime
) -> tuple[Device, str]:
    """The device and its token for a phone that shows an enrolment code.

    Raises Invalid for an unknown code, Conflict `already_used` or `expired` for one that is over.
    """
    tidy = code.strip().upper().replace("-", "").replace(" ", "")
    enrolment = await store.lock_enrolment(session, vault.token_hash(tidy))
    if enrolment is None:
        raise Invalid.at("/code", "invalid", "no enrolment has this code")
    if enrolment.used_at is not None:
        raise Conflict("already_used")
    if enrolment.expires_at <= now:
        raise Conflict("expired")
    token = vault.new_token("bdd")
    device = Device(
        name=enrolment.device_name, token_hash=vault.token_hash(token), public_jwk=public_jwk, enrolled_at=now
    )
    session.add(device)
    await session.flush()
    session.add_all(DeviceGate(device_id=device.id, gate_id=gate_id) for gate_id in enrolment.gate_ids)
    enrolment.used_at = now
    await session.flush()
    actor = audit.Actor(ActorKind.DEVICE, device.id)
    audit.record(
        session,
        actor=actor,
        action="enrolled",
        noun="device",
        object_id=device.id,
        now=now,
        enrolment=str(enrolment.id),
    )
    return device, token


async def revoke_device(session: AsyncSession, *, access: Access, device_id: UUID, now: datetime) -> Device:
    """Ends a device at once: its next scan is refused as `device_not_allowed`. Revoking twice changes nothing."""
    device = await store.get_device(session, device_id)
    rows = await store.list_device_gates(session, [device_id])
    for *_, event in rows:
        access.require(Permission.DOOR_LEAD, event.organisation_id)
    if device.revoked_at is None:
        device.revoked_at = now
        await session.flush()
        actor = audit.staff(access)
        audit.record(session, actor=actor, action="revoked", noun="device", object_id=device.id, now=now)
    return device
