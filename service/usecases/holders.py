"""What a holder may do with a pass: open its page by a signed link, keep it in a calendar or a wallet."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.errors import NotFound
from service.domain.events import Event, EventState
from service.domain.faces import PassFace
from service.domain.localtime import local, local_day
from service.domain.passes import EntryPass, PassState
from service.store import base64url
from service.store import passes as store
from service.store.vault import Vault
from service.usecases.badges.faces import faces_of

_MARK = 16


def link_of(pass_id: UUID, *, vault: Vault, base_url: str) -> str:
    """The address of a pass's own page: whoever has it has the pass."""
    return f"{base_url}/p/{token_of(pass_id, vault)}"


def token_of(pass_id: UUID, vault: Vault) -> str:
    """The pass's id with our mark, in base64url: 43 characters that nobody else can make."""
    return base64url.encode(pass_id.bytes + vault.mark(b"pass" + pass_id.bytes))


def _read_token(token: str, vault: Vault) -> UUID:
    try:
        raw = base64url.decode(token)
    except ValueError:
        raise NotFound("pass") from None
    pass_id, mark = raw[:-_MARK], raw[-_MARK:]
    if len(pass_id) != _MARK or not hmac.compare_digest(mark, vault.mark(b"pass" + pass_id)):
        raise NotFound("pass")
    return UUID(bytes=pass_id)


class Stand(StrEnum):
    """How a pass stands at one moment, as its holder has to know it.

    `not_now`: valid, but not on this day or not at this hour.
    """

    VALID = "valid"
    NOT_NOW = "not_now"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"
    CANCELLED = "cancelled"

    @property
    def may_open(self) -> bool:
        """Whether the code may open a door, now or later; only then is it worth showing."""
        return self in {Stand.VALID, Stand.NOT_NOW, Stand.NOT_YET_VALID}


_ENDED = {PassState.REVOKED: Stand.REVOKED, PassState.REPLACED: Stand.REPLACED}


@dataclass(frozen=True)
class HolderPass:
    """A pass as its holder sees it: its face, how it stands, and the link of the one that took its place."""

    entry_pass: EntryPass
    event: Event
    face: PassFace
    newer_token: str | None

    @property
    def usable(self) -> bool:
        """Whether its code is worth showing: it may open a door, now or later."""
        return self.entry_pass.state is PassState.ACTIVE and self.event.state is not EventState.CANCELLED

    def stand(self, now: datetime) -> Stand:
        """How the pass stands at `now`: what ended it for good comes first, then its event, then its time."""
        state, face = self.entry_pass.state, self.face
        if state in _ENDED:
            return _ENDED[state]
        if self.event.state is EventState.CANCELLED:
            return Stand.CANCELLED
        if state is PassState.SUSPENDED:
            return Stand.SUSPENDED
        if now >= face.valid_until or local_day(now) > face.last_on:
            return Stand.EXPIRED
        if now < face.valid_from or local_day(now) < face.first_on:
            return Stand.NOT_YET_VALID
        if face.valid_days is not None and local_day(now) not in face.valid_days:
            return Stand.NOT_NOW
        if face.daily_from is None or face.daily_to is None or face.daily_from <= local(now).time() < face.daily_to:
            return Stand.VALID
        return Stand.NOT_NOW


async def open_own(session: AsyncSession, *, token: str, vault: Vault) -> HolderPass:
    """The pass behind a link. Raises NotFound for a link that isn't ours."""
    return await hold(session, pass_id=_read_token(token, vault), vault=vault)


async def hold(session: AsyncSession, *, pass_id: UUID, vault: Vault) -> HolderPass:
    """The pass as its holder sees it. Raises NotFound."""
    entry_pass, event = await store.get_pass(session, pass_id)
    (face,) = await faces_of(session, event_id=event.id, passes=[entry_pass])
    newer = await store.find_newest_replacement(session, entry_pass.id)
    return HolderPass(entry_pass, event, face, token_of(newer, vault) if newer else None)
