"""Giving standing accreditation: for a year at most, on a ground, ended on another; the list of all of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Organisation, Permission
from service.domain.accreditation import ClassRule, Journalist, Outlet, StandingAccreditation
from service.domain.errors import Conflict, Invalid
from service.domain.localtime import local_day
from service.store import accounts as account_store
from service.store import rules as rule_store
from service.store import standing as store
from service.store.standing import Kept, Wanted
from service.usecases import audit
from service.usecases.accreditation.rules import rules_of

_MANY_PEOPLE = 20


async def classes(session: AsyncSession) -> dict[str, ClassRule]:
    """The classes in which standing accreditation is given, by code, as the newest rules have them."""
    found: dict[str, ClassRule] = {}
    for rule_set in await rule_store.list_rule_sets(session):
        rules = await rules_of(session, rule_set.id)
        found |= {one.code: one for one in rules.classes if one.standing}
    return found


async def givers(session: AsyncSession, *, access: Access) -> list[Organisation]:
    """The organisations in whose name somebody may give standing accreditation."""
    ids = access.organisations(Permission.ACCREDITATION_DECIDE)
    every = await account_store.list_organisations(session, after=None, limit=1000)
    return [one for one in every if ids is None or one.id in ids]


async def find_people(
    session: AsyncSession, *, access: Access, q: str, now: datetime
) -> list[tuple[Journalist, Outlet]]:
    """The journalists with this address, or with names that hold this; that they were seen is kept."""
    access.require(Permission.ACCREDITATION_DECIDE)
    found = await store.find_people(session, q, limit=_MANY_PEOPLE) if q else []
    if found:
        _seen(session, access, "journalist", len(found), now)
    return found


@dataclass(frozen=True)
class StandingList:
    """A page of the list, whether there is more, and how many there are of it in all."""

    rows: list[Kept]
    more: bool
    found: int
    total: int


async def open_list(
    session: AsyncSession, *, access: Access, q: str, holds: bool | None, after: UUID | None, limit: int, now: datetime
) -> StandingList:
    """The standing accreditations that one's organisations gave; that people's names were seen is kept."""
    access.require(Permission.ACCREDITATION_DECIDE)
    wanted = Wanted(access.organisations(Permission.ACCREDITATION_DECIDE), local_day(now), q, holds)
    rows = await store.list_standing(session, wanted, after=after, limit=limit + 1)
    if rows:
        _seen(session, access, "standing_accreditation", min(len(rows), limit), now)
    return StandingList(
        rows=rows[:limit],
        more=len(rows) > limit,
        found=await store.count_standing(session, wanted),
        total=await store.count_standing(session, Wanted(wanted.organisation_ids, wanted.today)),
    )


def _seen(session: AsyncSession, access: Access, noun: str, rows: int, now: datetime) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action="listed",
        noun=noun,
        object_id=access.staff_id,
        now=now,
        rows=rows,
    )


async def open_one(
    session: AsyncSession, *, access: Access, standing_id: UUID
) -> tuple[StandingAccreditation, Journalist]:
    """One standing accreditation with its holder."""
    found = await store.get_standing(session, standing_id)
    access.require(Permission.ACCREDITATION_DECIDE, found.organisation_id)
    return found, await store.lock_journalist(session, found.journalist_id)


@dataclass(frozen=True)
class StandingWish:
    """A standing accreditation as it is to be given."""

    organisation_id: UUID
    journalist_id: UUID
    class_code: str
    valid_from: date
    valid_until: date
    ground: str


async def give(session: AsyncSession, *, access: Access, wish: StandingWish, now: datetime) -> StandingAccreditation:
    """Gives a journalist standing accreditation in one class, with one's organisation, for a year at most.

    Raises Invalid with a pointer for what can't be: a class without standing accreditation, a period that is
    reversed, over, or longer than a year, no ground. Raises Conflict `already_exists` when one of the same class
    holds on one of these days.
    """
    access.require(Permission.ACCREDITATION_DECIDE, wish.organisation_id)
    _require_period(wish, local_day(now))
    if wish.class_code not in await classes(session):
        raise Invalid.at("/class_code", "invalid", "no standing accreditation in this class")
    if not wish.ground:
        raise Invalid.at("/ground", "missing", "say on what ground")
    journalist = await store.lock_journalist(session, wish.journalist_id)
    for one in await store.list_living(session, journalist_id=journalist.id, organisation_id=wish.organisation_id):
        apart = one.valid_until < wish.valid_from or wish.valid_until < one.valid_from
        if one.class_code == wish.class_code and not apart:
            raise Conflict("already_exists", f"{one.valid_from} – {one.valid_until}")
    made = StandingAccreditation(
        journalist_id=journalist.id,
        organisation_id=wish.organisation_id,
        class_code=wish.class_code,
        valid_from=wish.valid_from,
        valid_until=wish.valid_until,
        ground=wish.ground,
        given_by_id=access.staff_id,
        given_at=now,
    )
    session.add(made)
    await session.flush()
    _record(session, audit.staff(access), "given", made, now)
    return made


def _require_period(wish: StandingWish, today: date) -> None:
    if wish.valid_until < wish.valid_from:
        raise Invalid.at("/valid_until", "dates_reversed", "ends before it begins")
    if wish.valid_until < today:
        raise Invalid.at("/valid_until", "expired", "is over already")
    if wish.valid_until >= _a_year_later(wish.valid_from):
        raise Invalid.at("/valid_until", "invalid", "a year at most")


def _a_year_later(day: date) -> date:
    """The same date of the next year; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


async def end(
    session: AsyncSession, *, access: Access, standing_id: UUID, ground: str, now: datetime
) -> StandingAccreditation:
    """Ends a standing accreditation; what was confirmed by it stays with the office, which decides on each.

    Raises Conflict `illegal_move` for one that was ended, Invalid without a ground.
    """
    found = await store.get_standing(session, standing_id, lock=True)
    access.require(Permission.ACCREDITATION_DECIDE, found.organisation_id)
    if found.ended_at is not None:
        raise Conflict("illegal_move", "ended")
    if not ground:
        raise Invalid.at("/ground", "missing", "say why it ends")
    found.ended_at, found.end_ground = now, ground
    await session.flush()
    _record(session, audit.staff(access), "ended", found, now)
    return found


def _record(
    session: AsyncSession, actor: audit.Actor, action: str, standing: StandingAccreditation, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        noun="standing_accreditation",
        object_id=standing.id,
        now=now,
        journalist=str(standing.journalist_id),
        class_code=standing.class_code,
    )
