"""What organisers see at a glance: the start page and the list of events, each within what was granted to them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Row
from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.events import EventKind, EventState
from service.domain.places import AdminUnit
from service.store import accounts, attendance, events
from service.store import overview as store
from service.store.attendance import CountRow, Wanted
from service.store.events import Shown, WantedEvents
from service.store.overview import Rows

Item = TypeVar("Item")
Sort = TypeVar("Sort")


@dataclass(frozen=True)
class Turn(Generic[Sort]):
    """Where in a list a page begins: below the row at `edge`, or above it when `upwards`; no edge: at the top."""

    edge: tuple[Sort, UUID] | None = None
    upwards: bool = False


@dataclass(frozen=True)
class Leaf(Generic[Item]):
    """One page of a list, and whether there are rows above and below it."""

    rows: list[Item]
    above: bool
    below: bool


def leaf_of(rows: list[Item], turn: Turn[Sort], limit: int) -> Leaf[Item]:
    """The page from up to `limit` + 1 rows, nearest to the edge first: the one too many tells that there are more."""
    more, kept = len(rows) > limit, rows[:limit]
    if turn.upwards:
        return Leaf(kept[::-1], above=more, below=True)
    return Leaf(kept, above=turn.edge is not None, below=more)


@dataclass(frozen=True)
class Start:
    """What the start page shows; `days` holds (scan, tally) of the days on which anybody was counted."""

    on_today: list[Shown]
    counted_today: list[CountRow]
    awaiting_review: Rows
    awaiting_pass: Rows
    unready: Rows
    days: dict[date, tuple[int, int]]
    calendar: list[Shown]
    units: list[AdminUnit]


async def start(
    session: AsyncSession,
    *,
    access: Access,
    today: date,
    counted_from: date,
    period: tuple[date, date],
    kind: EventKind | None,
    unit_id: UUID | None,
) -> Start:
    """What is on today, what waits for this person, what is late, how many came, and the calendar of `period`.

    The calendar shows plans too, and leaves away what was called off.
    """
    planned = [state for state in EventState if state is not EventState.CANCELLED]
    days = await store.sum_days(session, first=counted_from, last=today)
    deciding, issuing, planning = (
        access.organisations(permission)
        for permission in (Permission.ACCREDITATION_DECIDE, Permission.PASSES_ISSUE, Permission.EVENTS_WRITE)
    )
    return Start(
        on_today=await events.list_occurrences(session, first=today, last=today, states=[EventState.OPEN]),
        counted_today=await attendance.list_counts(session, Wanted(first=today, last=today)),
        awaiting_review=await store.list_awaiting_review(session, deciding),
        awaiting_pass=await store.list_awaiting_pass(session, issuing),
        unready=await store.list_unready(session, planning, today),
        days={row.counted_on: (row.scan, row.tally) for row in days},
        calendar=await events.list_occurrences(
            session, first=period[0], last=period[1], unit_id=unit_id, kind=kind, states=planned
        ),
        units=await store.list_units(session),
    )


@dataclass(frozen=True)
class Events:
    """One page of the list of events; `visits` holds (scan, tally) of those of which anybody was counted."""

    leaf: Leaf[Row[*tuple[Any, ...]]]
    total: int
    visits: dict[UUID, tuple[int, int]]
    units: list[AdminUnit]


async def list_events(session: AsyncSession, *, wanted: WantedEvents, turn: Turn[date], limit: int) -> Events:
    """The events that are wanted, the latest first; their facts and counts are open to all staff."""
    rows = await store.list_events(session, wanted, edge=turn.edge, upwards=turn.upwards, limit=limit + 1)
    leaf = leaf_of(rows, turn, limit)
    return Events(
        leaf=leaf,
        total=await store.count_events(session, wanted),
        visits=await store.sum_events(session, [row.event_id for row in leaf.rows]),
        units=await store.list_units(session),
    )


async def name_organisation(session: AsyncSession, *, access: Access) -> tuple[str, str] | None:
    """The names, Vietnamese and English, of the first organisation in which anything was granted; None: all of them."""
    granted = [organisation_id for organisation_id, _ in access.grants]
    if not granted or granted[0] is None:
        return None
    found = await accounts.get_organisation(session, granted[0])
    return found.name_vi, found.name_en
