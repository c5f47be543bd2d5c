"""The revocation list of an event: signed, versioned, whole or what changed since; and what the doors knew when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.door import Device
from service.domain.errors import Forbidden, Invalid, NotFound
from service.domain.events import Event
from service.domain.passes import PassState
from service.store import door as door_store
from service.store import events as event_store
from service.store import revocations as store
from service.store import signing
from service.store.vault import Vault
from service.usecases import keys


@dataclass(frozen=True)
class Ended:
    """A pass that opens no door (any more, or for now), since which version, why, and on whose authority."""

    serial: str
    state: PassState
    version: int
    ground: str
    authority: str


@dataclass(frozen=True)
class RevocationList:
    """What an event's list says under one version.

    `since` is None for the whole list. Else only what changed after that version is told, and `lifted` names the
    serials that were on the list and are good again. `struck_keys` is always whole.
    """

    event_id: UUID
    version: int
    issued_at: datetime | None
    since: int | None
    ended: tuple[Ended, ...]
    lifted: tuple[str, ...]
    struck_keys: tuple[str, ...]


async def read_list(
    session: AsyncSession, *, event_id: UUID, version: int | None = None, since: int | None = None
) -> RevocationList:
    """The list of the newest version, or of an older one; whole, or what changed after version `since`.

    Raises NotFound for a version that never was, Invalid for a `since` that lies ahead of it.
    """
    found = await store.find_version(session, event_id, version=version)
    if found is None and version:
        raise NotFound("version of the pass list")
    number = found.version if found else 0
    if since is not None and since > number:
        raise Invalid.at("/query/since", "invalid", f"the list is at version {number}")
    changes = await store.list_changes(session, event_id, after=since or 0, upto=number)
    struck = await store.list_struck(session, event_id, upto=number)
    return RevocationList(
        event_id=event_id,
        version=number,
        issued_at=found.issued_at if found else None,
        since=since,
        ended=tuple(
            Ended(serial, change.state, change.version, change.ground, change.authority)
            for change, serial, _ in changes
            if change.state is not PassState.ACTIVE
        ),
        lifted=tuple(serial for change, serial, _ in changes if change.state is PassState.ACTIVE) if since else (),
        struck_keys=tuple(key.kid for key in struck),
    )


async def sign_list(session: AsyncSession, *, told: RevocationList, vault: Vault, now: datetime) -> str:
    """The list as a compact JWS under the event's present key; `told_at` is when it was signed."""
    key = await keys.ensure_key(session, event_id=told.event_id, vault=vault, now=now)
    facts: dict[str, Any] = {
        "event": str(told.event_id),
        "version": told.version,
        "issued_at": told.issued_at.isoformat() if told.issued_at else None,
        "told_at": now.isoformat(),
        "since": told.since,
        "ended": [[one.serial, one.state.value, one.version, one.ground, one.authority] for one in told.ended],
        "lifted": list(told.lifted),
        "struck_keys": list(told.struck_keys),
    }
    return signing.sign_list(facts, kid=key.kid, sealed=key.private_sealed, vault=vault)


async def fetch_list(
    session: AsyncSession, *, device: Device, event_id: UUID, since: int | None, vault: Vault, now: datetime
) -> tuple[RevocationList, str]:
    """The newest list for a device that serves a gate of the event, and its signature; that it has it is kept.

    A `since` that the server doesn't know (a database restored to an earlier day) gets the whole list.
    """
    if device.revoked_at is not None:
        raise Forbidden("this device was ended")
    events = {row[4].id for row in await door_store.list_device_gates(session, [device.id])}
    if event_id not in events:
        raise Forbidden("this device serves no gate of the event")
    newest = await store.find_version(session, event_id)
    if since is not None and since > (newest.version if newest else 0):
        since = None
    told = await read_list(session, event_id=event_id, since=since)
    signed = await sign_list(session, told=told, vault=vault, now=now)
    await store.remember_fetch(session, device_id=device.id, event_id=event_id, version=told.version, now=now)
    return told, signed


class Standing(StrEnum):
    """How the list of a device compares with the one in force; `none`: it never fetched one."""

    CURRENT = "current"
    OLDER = "older"
    NONE = "none"


@dataclass(frozen=True)
class Held:
    """The list that one device held at a moment; version None: it had none."""

    device: Device
    version: int | None
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True)
class Knowledge:
    """What was known at a moment: the version in force, since when, and what each door held."""

    at: datetime
    version: int
    issued_at: datetime | None
    devices: tuple[Held, ...]

    def standing_of(self, held: Held) -> Standing:
        """How a device's list compares with the one in force."""
        if held.version is None:
            return Standing.NONE
        return Standing.OLDER if held.version < self.version else Standing.CURRENT


async def known_at(session: AsyncSession, *, access: Access, event_id: UUID, at: datetime) -> Knowledge:
    """What the doors of an event knew at `at`. A device heard last before that moment may have known no newer list."""
    event = await event_store.get(session, Event, event_id, "event")
    access.require(Permission.DOOR_READ, event.organisation_id)
    found = await store.find_version(session, event_id, at=at)
    devices = tuple(Held(*row) for row in await store.list_known(session, event_id, at))
    return Knowledge(at, found.version if found else 0, found.issued_at if found else None, devices)
