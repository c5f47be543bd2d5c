"""What journalists agree to, purpose by purpose, and taking it back; what is kept of them and who sees it."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    CONSENT_VERSION,
    Application,
    ApplicationState,
    ClassRule,
    Consent,
    ConsentPurpose,
    Journalist,
    may_move,
)
from service.domain.events import Event
from service.store import accreditation as application_store
from service.store import consents as store
from service.store import portal as portal_store
from service.usecases import audit
from service.usecases.accreditation import applying
from service.usecases.accreditation.journalists import actor_of
from service.usecases.accreditation.rules import ensure_packaged, rule_of

WITHDRAWABLE = frozenset(one for one in ApplicationState if may_move(one, ApplicationState.WITHDRAWN))
"""What ends when somebody no longer agrees to be accredited."""


async def agree(session: AsyncSession, *, journalist: Journalist, purpose: ConsentPurpose, now: datetime) -> None:
    """Keeps that a journalist agreed to one purpose, under the text that is shown now. Agreed twice is agreed once."""
    if await store.has_agreed(session, journalist.id, purpose):
        return
    await store.agree(session, journalist_id=journalist.id, purpose=purpose, text_version=CONSENT_VERSION, now=now)
    _record(session, journalist, "agreed", purpose, now)


async def take_back(session: AsyncSession, *, journalist: Journalist, purpose: ConsentPurpose, now: datetime) -> None:
    """Keeps that a journalist agrees no longer. Without the consent to accreditation their applications are
    withdrawn, and passes that came of them end."""
    if not await store.has_agreed(session, journalist.id, purpose):
        return
    if purpose is ConsentPurpose.ACCREDITATION:
        for one in await portal_store.lock_applications(session, journalist.id, WITHDRAWABLE):
            await applying.withdraw(session, journalist=journalist, application_id=one.id, now=now)
    await store.take_back(session, journalist_id=journalist.id, purpose=purpose, now=now)
    _record(session, journalist, "taken_back", purpose, now)


def _record(session: AsyncSession, journalist: Journalist, action: str, purpose: ConsentPurpose, now: datetime) -> None:
    audit.record(
        session,
        actor=actor_of(journalist),
        action=action,
        noun="consent",
        object_id=journalist.id,
        now=now,
        purpose=purpose.value,
        text_version=CONSENT_VERSION,
    )


@dataclass(frozen=True)
class Kept:
    """What is kept of a journalist: consents, applications with the rule each was made under, and the rules of
    today for everybody who hasn't applied yet."""

    consents: list[Consent]
    applications: list[tuple[Application, Event, ClassRule | None]]
    packaged: tuple[ClassRule, ...]


async def list_kept(session: AsyncSession, *, journalist: Journalist | None, now: datetime) -> Kept:
    """All that a journalist has to know of the data that are kept of them; signed out, of what would be kept."""
    rows = await application_store.list_applications_of(session, journalist.id) if journalist else []
    return Kept(
        consents=await store.list_consents(session, journalist.id) if journalist else [],
        applications=[(one, event, await rule_of(session, one)) for one, event in rows],
        packaged=(await ensure_packaged(session, now=now)).rules.classes,
    )
