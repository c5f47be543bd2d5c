"""Journalists: one profile each, with their outlet and their sealed press card."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    CONSENT_VERSION,
    ConsentPurpose,
    Journalist,
    Outlet,
    OutletKind,
)
from service.domain.audit import ActorKind
from service.domain.errors import Conflict, Invalid, NotFound, Unauthenticated
from service.domain.texts import fold
from service.settings import Settings
from service.store import accreditation as store
from service.store import consents as consent_store
from service.store import outlets as outlet_store
from service.store import vault
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit

_SHORTEST_CARD = 3
PRESS_CARD = "journalist.press_card"


def actor_of(journalist: Journalist) -> audit.Actor:
    """The journalist as the record names them."""
    return audit.Actor(ActorKind.JOURNALIST, journalist.id)


async def find_journalist(session: AsyncSession, *, token: str, now: datetime) -> Journalist | None:
    """The journalist behind a token, or None when it is no longer good."""
    return await store.find_journalist_sign_in(session, vault.token_hash(token), now)


@dataclass(frozen=True)
class OutletFacts:
    """The press organisation as its journalist names it."""

    name: str
    kind: OutletKind
    country: str


async def find_or_add_outlet(session: AsyncSession, *, facts: OutletFacts, now: datetime) -> Outlet:
    """The outlet of that name, accents and case aside; made if nobody has named it before."""
    folded = fold(facts.name)
    if not folded:
        raise Invalid.at("/outlet/name", "invalid", "a name needs letters or digits")
    found = await outlet_store.find_by_name(session, folded)
    if found is not None:
        return found
    outlet = Outlet(name=facts.name, folded=folded, kind=facts.kind, country=facts.country, created_at=now)
    if not await store.add_outlet(session, outlet):
        return await find_or_add_outlet(session, facts=facts, now=now)
    audit.record(session, actor=audit.SYSTEM, action="added", noun="outlet", object_id=outlet.id, now=now)
    return outlet


@dataclass(frozen=True)
class Registration:
    """What a journalist tells of themselves; nothing that a decision doesn't need."""

    full_name: str
    email: str
    password_hash: str
    phone: str
    outlet: OutletFacts | UUID
    press_card_number: str
    press_card_expires_on: date
    language: str = "vi"


async def register(session: AsyncSession, *, facts: Registration, secrets: Vault, now: datetime) -> Journalist:
    """A new profile of somebody who agreed to the use of their data. The press-card number is sealed.

    Raises Conflict `already_exists` for a known address, but only after everything else was found good: what
    is refused tells nothing of who is registered.
    """
    number = plain_card(facts.press_card_number)
    if len(number) < _SHORTEST_CARD:
        raise Invalid.at("/press_card_number", "invalid", f"at least {_SHORTEST_CARD} letters or digits")
    outlet = await _outlet_of(session, facts, now)
    email = facts.email.strip().lower()
    if await store.find_journalist_by_email(session, email):
        raise Conflict("already_exists")
    journalist = Journalist(
        outlet_id=outlet.id,
        full_name=facts.full_name,
        folded=fold(facts.full_name),
        email=email,
        phone=facts.phone,
        password_hash=facts.password_hash,
        press_card_sealed=secrets.seal(number.encode(), purpose=PRESS_CARD),
        press_card_hash=secrets.look_up(f"press card {number}"),
        press_card_expires_on=facts.press_card_expires_on,
        language=facts.language,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(journalist)
    except IntegrityError as known:
        raise Conflict("already_exists") from known
    agreed = ConsentPurpose.ACCREDITATION
    await consent_store.agree(
        session, journalist_id=journalist.id, purpose=agreed, text_version=CONSENT_VERSION, now=now
    )
    audit.record(
        session,
        actor=actor_of(journalist),
        action="registered",
        noun="journalist",
        object_id=journalist.id,
        now=now,
        consent=CONSENT_VERSION,
    )
    return journalist


async def _outlet_of(session: AsyncSession, facts: Registration, now: datetime) -> Outlet:
    if isinstance(facts.outlet, OutletFacts):
        return await find_or_add_outlet(session, facts=facts.outlet, now=now)
    try:
        return await outlet_store.hold_heir(session, facts.outlet)
    except NotFound as unknown:
        raise Invalid.at("/outlet_id", "not_found", "outlet") from unknown


def card_number(journalist: Journalist, secrets: Vault) -> str:
    """The number of a journalist's press card, opened; empty when none was named."""
    sealed = journalist.press_card_sealed
    return secrets.open(sealed, purpose=PRESS_CARD).decode() if sealed else ""


def plain_card(number: str) -> str:
    """A press-card number as it is compared: capitals, without spaces, dots and hyphens."""
    return "".join(letter for letter in number.upper() if letter.isalnum() or letter == "/")


async def sign_in(
    database: Database, *, secrets: Vault, email: str, password: str, address: str, settings: Settings, now: datetime
) -> str:
    """The token of a new session for the journalist with this e-mail address and password."""
    account = email.strip().lower()
    subjects = await accounts.allow_attempt(
        database, secrets=secrets, account=f"press {account}", address=address, settings=settings, now=now
    )
    async with database.transaction() as session:
        found = await store.find_journalist_by_email(session, account)
    hashed = (found.password_hash if found else "") or vault.NOBODYS_HASH
    fits = await asyncio.to_thread(vault.password_fits, password, hashed)
    if found is None or not found.password_hash or not fits:
        await accounts.note_failure(database, subjects=subjects, now=now)
        raise Unauthenticated("sign_in_failed")
    async with database.transaction() as session:
        token = accounts.open_sign_in(session, staff_id=None, journalist_id=found.id, settings=settings, now=now)
        audit.record(session, actor=actor_of(found), action="signed_in", noun="journalist", object_id=found.id, now=now)
    return token
