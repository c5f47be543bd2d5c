"""The public check of a pass: valid, not valid, or that one can't tell; nothing else is ever told."""

from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network

from service.domain.accounts import SignInFailure
from service.domain.codes import read_human_code
from service.domain.errors import TooMany
from service.domain.events import Event, EventState
from service.domain.judging import Reason
from service.domain.localtime import local
from service.domain.passes import PassState
from service.store import accounts as account_store
from service.store import events as event_store
from service.store.admission import KnownPass
from service.store.database import Database, driver_of
from service.store.vault import Vault
from service.usecases.admission import resolve

_WINDOW = timedelta(minutes=5)
_MOST = 30
_LONGEST = 512
_ONE_HOME = 64


class Answer(StrEnum):
    """`cannot_tell`: what was read is no whole code of ours, so that it may as well be mistyped."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    CANNOT_TELL = "cannot_tell"


async def check(database: Database, *, code: str, address: str, vault: Vault, now: datetime) -> Answer:
    """Whether the pass with this signed or human code is good at this moment.

    At most 30 checks of one network address in five minutes, so that nobody tries codes out; then TooMany.
    """
    await _count(database, address, vault, now)
    if len(code) > _LONGEST:
        return Answer.CANNOT_TELL
    wanted = read_human_code(code) or code.strip()
    # On the ordinary connections and without a lock: the public never stands in the door's way.
    async with database.session() as session:
        resolved, passes = await resolve(await driver_of(session), {wanted}, lock=False)
    found = resolved[wanted]
    if found.fault in (Reason.BAD_CODE, Reason.UNKNOWN_KEY):
        return Answer.CANNOT_TELL
    known = passes.get(found.pass_id) if found.pass_id else None
    if known is None or not _is_good(known, now):
        return Answer.NOT_VALID
    async with database.session() as session:
        event = await event_store.get(session, Event, known.facts.event_id, "event")
    return Answer.NOT_VALID if event.state is EventState.CANCELLED else Answer.VALID


def _is_good(known: KnownPass, now: datetime) -> bool:
    facts, here = known.facts, local(now)
    if facts.state is not PassState.ACTIVE or facts.key_struck:
        return False
    if not facts.valid_from <= now < facts.valid_until:
        return False
    if facts.valid_days is not None and here.date() not in facts.valid_days:
        return False
    if facts.daily_from is None or facts.daily_to is None:
        return True
    return facts.daily_from <= here.time() < facts.daily_to


def _neighbourhood(address: str) -> str:
    """The address, or its /64 where it is of IPv6: whoever has one of those has all of them."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, _ONE_HOME), strict=False)) if isinstance(parsed, IPv6Address) else address


async def _count(database: Database, address: str, vault: Vault, now: datetime) -> None:
    """Counts one more check of this address, kept even when the check is refused."""
    subject = vault.look_up(f"check {_neighbourhood(address)}")
    async with database.transaction() as session:
        await account_store.forget_failures(session, before=now - 3 * _WINDOW)
        asked = await account_store.count_failures(session, subject, now - _WINDOW)
        if asked < _MOST:
            session.add(SignInFailure(subject_hash=subject, failed_at=now))
    if asked >= _MOST:
        raise TooMany(int(_WINDOW.total_seconds()))
