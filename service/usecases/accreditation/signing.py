"""Signing in by a link in a mail: asked for, looked at without being used up, used once; and signing out."""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import Journalist, SignInLink
from service.domain.errors import Conflict, NotFound
from service.domain.messages import MailKind, OutgoingMail
from service.settings import Settings
from service.store import accreditation as store
from service.store import base64url
from service.store import links as link_store
from service.store import messages as message_store
from service.store import vault as tokens
from service.store.database import Database
from service.store.vault import Vault
from service.usecases import accounts, audit
from service.usecases.accreditation.journalists import actor_of

LASTS = timedelta(minutes=30)
"""How long a link is good."""
PROVEN = timedelta(hours=2)
"""How long an address that was proven may be registered under: time enough to look for a press card."""
_MARK = 16
_ID = 16


async def allow_link(
    database: Database, *, secrets: Vault, email: str, address: str, settings: Settings, now: datetime
) -> None:
    """Counts a wish for a link, of whatever address. Raises TooMany for those that come too often."""
    subjects = await accounts.allow_attempt(
        database,
        secrets=secrets,
        account=f"link {email.strip().lower()}",
        # The people of a press centre share an address: their links must not lock them out of their passwords.
        address=f"link {address}",
        settings=settings,
        now=now,
    )
    await accounts.note_failure(database, subjects=subjects, now=now)


async def ask_link(session: AsyncSession, *, email: str, language: str, next_path: str, now: datetime) -> SignInLink:
    """A link for this address, with the mail that brings it. Known and unknown addresses get the same.

    Whoever isn't registered proves the address by it and registers afterwards.
    """
    account = email.strip().lower()
    known = await store.find_journalist_by_email(session, account)
    link = SignInLink(
        email=account,
        journalist_id=known.id if known else None,
        language=language,
        next_path=next_path,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(link)
    await session.flush()
    mail = OutgoingMail(
        once=f"link:{link.id}",
        kind=MailKind.SIGN_IN_LINK,
        object_id=link.id,
        language=language,
        next_try_at=now,
        created_at=now,
    )
    await message_store.add_mails(session, [mail])
    return link


def address_of(link_id: UUID, vault: Vault, base_url: str) -> str:
    """The address that a mail leads to: whoever has it may sign in once."""
    return f"{base_url}/press/link/{token_of(link_id, vault)}"


def token_of(link_id: UUID, vault: Vault) -> str:
    """The link's id with our mark, in base64url: 43 signs that nobody else can make."""
    return base64url.encode(link_id.bytes + vault.mark(b"sign-in link" + link_id.bytes))


async def open_link(session: AsyncSession, *, token: str, vault: Vault, now: datetime) -> SignInLink:
    """A link that is still good; looking at it doesn't use it up, for programs look at what is in mails.

    Raises NotFound for one that isn't ours, Conflict `already_used` or `expired`.
    """
    return _living(await link_store.find_link(session, _read_token(token, vault)), now)


@dataclass(frozen=True)
class Used:
    """What using a link led to: the token of a new session, or, for an address without a profile, its proof."""

    next_path: str
    token: str = ""
    proof: str = ""


async def use_link(session: AsyncSession, *, token: str, vault: Vault, settings: Settings, now: datetime) -> Used:
    """Uses a link, once. Raises as `open_link` does."""
    link = _living(await link_store.find_link(session, _read_token(token, vault), lock=True), now)
    link.used_at = now
    await session.flush()
    journalist = await store.find_journalist_by_email(session, link.email)
    if journalist is None:
        return Used(link.next_path, proof=prove(link.email, link.next_path, vault=vault, now=now))
    return Used(link.next_path, token=open_session(session, journalist=journalist, settings=settings, now=now))


def open_session(session: AsyncSession, *, journalist: Journalist, settings: Settings, now: datetime) -> str:
    """The token of a new session for a journalist whose address was proven."""
    token = accounts.open_sign_in(session, staff_id=None, journalist_id=journalist.id, settings=settings, now=now)
    audit.record(
        session,
        actor=actor_of(journalist),
        action="signed_in",
        noun="journalist",
        object_id=journalist.id,
        now=now,
        by="link",
    )
    return token


async def sign_out(session: AsyncSession, *, journalist: Journalist, token: str, now: datetime) -> None:
    """Ends the session of this token at once."""
    await link_store.end_session(session, tokens.token_hash(token), now)
    audit.record(
        session, actor=actor_of(journalist), action="signed_out", noun="journalist", object_id=journalist.id, now=now
    )


# The proof of an address ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proven:
    """An address that its owner has shown to read, and where they wanted to go."""

    email: str
    next_path: str


def prove(email: str, next_path: str, *, vault: Vault, now: datetime) -> str:
    """What proves for a while that its bearer reads the mail of this address: nobody else can make it or change it."""
    body = json.dumps([email, next_path, (now + PROVEN).timestamp()]).encode()
    return base64url.encode(vault.mark(b"proven address" + body) + body)


def read_proof(proof: str, *, vault: Vault, now: datetime) -> Proven:
    """Whose address was proven. Raises NotFound for what isn't ours, Conflict `expired`."""
    raw = _from_url(proof, "proof")
    mark, body = raw[:_MARK], raw[_MARK:]
    if not body or not hmac.compare_digest(mark, vault.mark(b"proven address" + body)):
        raise NotFound("proof")
    email, next_path, until = json.loads(body)
    if datetime.fromtimestamp(until, UTC) <= now:
        raise Conflict("expired")
    return Proven(email, next_path)


def _living(link: SignInLink | None, now: datetime) -> SignInLink:
    if link is None:
        raise NotFound("link")
    if link.used_at is not None:
        raise Conflict("already_used")
    if link.expires_at <= now:
        raise Conflict("expired")
    return link


def _read_token(token: str, vault: Vault) -> UUID:
    raw = _from_url(token, "link")
    link_id, mark = raw[:_ID], raw[_ID:]
    if len(link_id) != _ID or not hmac.compare_digest(mark, vault.mark(b"sign-in link" + link_id)):
        raise NotFound("link")
    return UUID(bytes=link_id)


def _from_url(value: str, noun: str) -> bytes:
    try:
        return base64url.decode(value)
    except ValueError:
        raise NotFound(noun) from None
