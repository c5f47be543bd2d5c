"""The list of events."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.events import EventKind, EventState
from service.store.events import WantedEvents
from service.store.overview import NO_DATE
from service.usecases import overview
from service.web.console import reading
from service.web.console.access import START, ConsolePage, Visit, page
from service.web.console.start import event_href, units_of
from service.web.deps import SessionDep
from service.web.views import EventFilter, EventRow, EventsPage, MethodCount

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_LIMIT = 50


@router.get("/events")
async def list_events(
    session: SessionDep,
    visit: Visit = page(Permission.EVENTS_READ, "events"),
    q: reading.Filter = "",
    kind: reading.Filter = "",
    state: reading.Filter = "",
    unit: reading.Filter = "",
    on: reading.Filter = "",
    cursor: reading.Cursor = "",
) -> Response:
    """Events of all organisations, the latest first; filters stand in the address."""
    day = reading.read_day("on", on)
    wanted = WantedEvents(
        q=reading.read_text("q", q),
        kind=reading.read_kind("kind", kind, EventKind),
        state=reading.read_kind("state", state, EventState),
        unit_id=reading.read_id("unit", unit),
        first=day,
        last=day,
    )
    turn = reading.read_turn(cursor, date.fromisoformat)
    found = await overview.list_events(session, wanted=wanted, turn=turn, limit=_LIMIT)
    filters = {"q": wanted.q, "kind": kind, "state": state, "unit": unit, "on": on}
    shown = EventsPage(
        filter=EventFilter(wanted.q, kind, state, unit, day, units_of(found.units, visit.language)),
        rows=tuple(_row(row, found.visits) for row in found.leaf.rows),
        total=found.total,
        pager=reading.pager_of(found.leaf, _place, f"{START}/events", **filters),
    )
    return visit.show("console/events.html", page=shown)


def _place(row: Any) -> tuple[str, UUID]:
    return (row.opens_on or NO_DATE).isoformat(), row.event_id


def _row(row: Any, visits: dict[UUID, tuple[int, int]]) -> EventRow:
    return EventRow(
        href=event_href(row.event_id),
        kind=row.kind.value,
        state=row.state.value,
        title_vi=row.title_vi,
        title_en=row.title_en,
        organisation_vi=row.organisation_vi,
        organisation_en=row.organisation_en,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        occurrences=row.occurrences,
        visits=MethodCount(*visits.get(row.event_id, (0, 0))),
    )
