"""Delegating: a member of an authority lets somebody else give its verdicts while its own people are away.

Authorities look at an application independently of each other, and the office decides on it: nobody is to do two of
these at the same event. So an authority delegates to nobody who acts for another authority of an event that both
have to do with, or who decides at it for the office of another organisation.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission, Staff
from service.domain.accreditation import Delegation
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import local_day
from service.store import accounts as account_store
from service.store import delegations as store
from service.store import rules as rule_store
from service.usecases import accounts, audit

LONGEST = timedelta(days=30)
"""The longest delegation."""


@dataclass(frozen=True)
class DelegationRow:
    """A delegation with its organisation, who has it, and who gave it."""

    delegation: Delegation
    organisation: Organisation
    staff: Staff
    given_by: Staff


async def bodies(session: AsyncSession, *, access: Access) -> list[Organisation]:
    """The organisations whose task somebody may delegate: those for which they give verdicts in their own right."""
    access.require(Permission.ACCREDITATION_REVIEW)
    ids = access.organisations(Permission.ACCREDITATION_REVIEW)
    return await store.list_bodies(session, ids)


async def open_list(session: AsyncSession, *, access: Access) -> list[DelegationRow]:
    """The delegations of one's organisations, the newest first."""
    own = [one.id for one in await bodies(session, access=access)]
    return [DelegationRow(*row) for row in await store.list_delegations(session, own)]


@dataclass(frozen=True)
class DelegationWish:
    """A delegation as it is to be given."""

    organisation_id: UUID
    email: str
    since: datetime
    until: datetime
    reason: str


async def delegate(session: AsyncSession, *, access: Access, wish: DelegationWish, now: datetime) -> Delegation:
    """Lets another member of staff give an organisation's verdicts for a while.

    Raises Invalid with a pointer for what can't be: an unknown address, a period that is reversed, over, or longer
    than 30 days, no reason; Conflict `illegal_move` for oneself and for whoever gives these verdicts anyway,
    `already_exists` for one who has them delegated on one of these days, `still_in_use` for one who acts at one of
    the same events for somebody else.
    """
    access.require(Permission.ACCREDITATION_REVIEW, wish.organisation_id)
    _require_period(wish, now)
    if not wish.reason:
        raise Invalid.at("/reason", "missing", "say why")
    chosen = await accounts.access_of(session, email=wish.email)
    if chosen is None:
        raise Invalid.at("/email", "not_found", "staff")
    await account_store.lock_staff(session, chosen.staff_id)
    await _require_fit(session, access, chosen, wish, now)
    made = Delegation(
        organisation_id=wish.organisation_id,
        staff_id=chosen.staff_id,
        given_by_id=access.staff_id,
        reason=wish.reason,
        since=wish.since,
        until=wish.until,
    )
    session.add(made)
    await session.flush()
    _record(session, access, "delegated", made, now)
    return made


def _require_period(wish: DelegationWish, now: datetime) -> None:
    if wish.until <= wish.since:
        raise Invalid.at("/until", "dates_reversed", "ends before it begins")
    if wish.until <= now:
        raise Invalid.at("/until", "expired", "is over already")
    if wish.until - wish.since > LONGEST:
        raise Invalid.at("/until", "invalid", f"{LONGEST.days} days at most")


async def _require_fit(
    session: AsyncSession, access: Access, chosen: Access, wish: DelegationWish, now: datetime
) -> None:
    own = wish.organisation_id
    if chosen.staff_id == access.staff_id or chosen.allows(Permission.ACCREDITATION_REVIEW, own):
        raise Conflict("illegal_move", "gives these verdicts anyway")
    lent = await store.list_lent(session, staff_id=chosen.staff_id, since=wish.since, until=wish.until)
    if any(one.organisation_id == own for one in lent):
        raise Conflict("already_exists")
    reviews = chosen.organisations(Permission.ACCREDITATION_REVIEW) or frozenset()
    reviews |= {one.organisation_id for one in lent}
    decides = chosen.organisations(Permission.ACCREDITATION_DECIDE)
    clash = await store.find_clash(
        session, organisation_id=own, reviews=reviews - {own}, decides=decides, today=local_day(now)
    )
    if clash is not None:
        raise Conflict("still_in_use", clash.title_vi)


async def end(session: AsyncSession, *, access: Access, delegation_id: UUID, now: datetime) -> Delegation:
    """Ends a delegation at once; verdicts that were given under it stand. Ended twice, it is ended once."""
    found = await rule_store.get_delegation(session, delegation_id)
    access.require(Permission.ACCREDITATION_REVIEW, found.organisation_id)
    if found.ended_at is None:
        found.ended_at = now
        await session.flush()
        _record(session, access, "ended", found, now)
    return found


def _record(session: AsyncSession, access: Access, action: str, delegation: Delegation, now: datetime) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="delegation",
        object_id=delegation.id,
        now=now,
        organisation=str(delegation.organisation_id),
        staff=str(delegation.staff_id),
    )
