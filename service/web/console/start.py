"""The organiser's start page: what is on, what waits, what is late, how many came, the month."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from service.domain.accounts import Permission
from service.domain.attendance import Method
from service.domain.events import EventKind
from service.domain.localtime import local_day
from service.domain.places import AdminUnit
from service.store.events import Shown
from service.usecases import overview
from service.usecases.overview import Start
from service.web.console import reading
from service.web.console.access import QUEUE, START, ConsolePage, Visit, page
from service.web.deps import Now, SessionDep
from service.web.month import Entry, month_of
from service.web.views import CalendarFilter, DayCount, Duty, MethodCount, Option, StartPage, TodayRow
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_DAYS = 30
_WEEK = timedelta(days=7)
_LATE = {
    "draft": (N_("On today while still a draft: %(title)s"), "facts"),
    "bare": (N_("Open without a legal basis: %(title)s"), "papers"),
    "gateless": (N_("Open without a gate, so nobody is counted: %(title)s"), "door"),
}


@router.get("")
async def start(
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.EVENTS_READ, "start", desk=True),
    month: reading.Filter = "",
    kind: reading.Filter = "",
    unit: reading.Filter = "",
) -> Response:
    """One look: what is on today and where, what waits for me, what is late, how many people came.

    Who only acts for an authority has their queue instead.
    """
    if not visit.access.allows(Permission.EVENTS_READ):
        return RedirectResponse(QUEUE, 303)
    today = local_day(now)
    first = reading.read_month(month, today)
    shown = (first - timedelta(days=7), first + timedelta(days=38))
    found = await overview.start(
        session,
        access=visit.access,
        today=today,
        counted_from=today - timedelta(days=_DAYS - 1),
        period=shown,
        kind=reading.read_kind("kind", kind, EventKind),
        unit_id=reading.read_id("unit", unit),
    )
    filters = CalendarFilter(
        kind=kind,
        unit=unit,
        month=first.strftime("%Y-%m"),
        units=units_of(found.units, visit.language),
    )
    return visit.show("console/start.html", page=_page(visit, found, filters, today=today, first=first, now=now))


def _page(visit: Visit, found: Start, filters: CalendarFilter, *, today: date, first: date, now: datetime) -> StartPage:
    def month_href(month: str) -> str:
        return reading.address(START, "calendar", month=month, kind=filters.kind, unit=filters.unit)

    return StartPage(
        today=today,
        as_of=now,
        on_today=tuple(_on_today(found)),
        waiting=_waiting(visit, found, now),
        late=_late(visit, found, now),
        visits_today=_sum(found, today, today),
        visits_last_7=_sum(found, today - _WEEK + timedelta(days=1), today),
        visits_before_7=_sum(found, today - 2 * _WEEK + timedelta(days=1), today - _WEEK),
        daily=_daily(found, today),
        month=month_of([_entry(place) for place in found.calendar], year=first.year, month=first.month, today=today),
        filter=filters,
        previous_href=month_href((first - timedelta(days=1)).strftime("%Y-%m")),
        next_href=month_href((first + timedelta(days=31)).strftime("%Y-%m")),
        this_month_href=month_href(""),
    )


def event_href(event_id: object, fragment: str = "") -> str:
    """The page of an event, or one part of it."""
    return reading.address(f"{START}/events/{event_id}", fragment)


def units_of(units: Sequence[AdminUnit], language: str) -> tuple[Option, ...]:
    """Units as the choices of a filter; one of a former time says when it ended, for its name may live on."""
    return tuple(
        Option(str(unit.id), f"{name} (–{unit.valid_to.year})" if unit.valid_to else name)
        for unit in units
        for name in ((unit.name_en if language == "en" else "") or unit.name_vi,)
    )


def title_of(row: Any, language: str) -> str:
    """An event's title in the reader's language."""
    return str((row.title_en if language == "en" else "") or row.title_vi)


def _named(place: Shown) -> dict[str, Any]:
    """What an occurrence is called in a table or in the calendar."""
    return {
        "href": event_href(place.event.id),
        "kind": place.event.kind.value,
        "title_vi": place.event.title_vi,
        "title_en": place.event.title_en,
        "venue_vi": place.venue.name_vi,
        "venue_en": place.venue.name_en,
        "unit_vi": place.unit.name_vi,
        "unit_en": place.unit.name_en,
    }


def _on_today(found: Start) -> Iterator[TodayRow]:
    visits: dict[tuple[UUID, Method], int] = defaultdict(int)
    for row in found.counted_today:
        visits[row.occurrence_id, row.method] += row.visits
    for place in found.on_today:
        one = place.occurrence
        yield TodayRow(
            **_named(place),
            daily_from=one.daily_from,
            daily_to=one.daily_to,
            visits=MethodCount(visits[one.id, Method.SCAN], visits[one.id, Method.TALLY]),
        )


def _entry(place: Shown) -> Entry:
    return Entry(**_named(place), opens_on=place.occurrence.opens_on, closes_on=place.occurrence.closes_on)


def _overdue(row: Any, now: datetime) -> bool:
    return row.accreditation_closes_at is not None and row.accreditation_closes_at <= now


def _waiting(visit: Visit, found: Start, now: datetime) -> tuple[Duty, ...]:
    review = [
        Duty(
            visit.say(N_("Applications to review: %(title)s"), title=title_of(row, visit.language)),
            f"{event_href(row.event_id)}/applications",
            row.waiting,
            row.since,
        )
        for row in found.awaiting_review
        if not _overdue(row, now)
    ]
    issue = [
        Duty(
            visit.say(N_("Passes to issue: %(title)s"), title=title_of(row, visit.language)),
            event_href(row.event_id, "passes"),
            row.waiting,
            row.since,
        )
        for row in found.awaiting_pass
    ]
    return (*review, *issue)


def _late(visit: Visit, found: Start, now: datetime) -> tuple[Duty, ...]:
    unanswered = [
        Duty(
            visit.say(N_("Applications without an answer: %(title)s"), title=title_of(row, visit.language)),
            f"{event_href(row.event_id)}/applications",
            row.waiting,
            row.accreditation_closes_at,
        )
        for row in found.awaiting_review
        if _overdue(row, now)
    ]
    unready = [
        Duty(
            visit.say(message, title=title_of(row, visit.language)), event_href(row.event_id, fragment), None, row.since
        )
        for row in found.unready
        for name, (message, fragment) in _LATE.items()
        if getattr(row, name)
    ]
    return (*unanswered, *unready)


def _sum(found: Start, first: date, last: date) -> MethodCount:
    within = [counted for on, counted in found.days.items() if first <= on <= last]
    return MethodCount(sum(scan for scan, _ in within), sum(tally for _, tally in within))


def _daily(found: Start, today: date) -> tuple[DayCount, ...]:
    """Every day of the last thirty, those without visitors too; nothing at all before the first count."""
    if not found.days:
        return ()
    days = (today - timedelta(days=_DAYS - 1 - n) for n in range(_DAYS))
    return tuple(DayCount(on, *found.days.get(on, (0, 0))) for on in days)
