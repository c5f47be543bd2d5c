"""The page of one event: its own file, as its reader may see it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from service.domain.accounts import Permission
from service.domain.accreditation import ApplicationState
from service.domain.attendance import Method
from service.domain.events import EventKind, EventState, Occurrence, Zone
from service.domain.localtime import local_day
from service.domain.places import Venue
from service.store.events import Shown
from service.usecases import event_file
from service.usecases.event_file import Door, EventFile
from service.usecases.pass_file import PassRows
from service.web import event_view as view
from service.web.console import history, reading
from service.web.console.access import ConsolePage, Visit, page
from service.web.console.pass_rows import row_of
from service.web.console.start import event_href
from service.web.deps import Now, SessionDep
from service.web.views import DayCount, MethodCount
from service.web.words import N_

router = APIRouter(prefix="/console", include_in_schema=False, route_class=ConsolePage)

_LIMIT = 10
_CHART_DAYS = 60
_SILENT_AFTER = timedelta(minutes=10)


@router.get("/events/{event_id}")
async def open_event(
    event_id: UUID,
    session: SessionDep,
    now: Now,
    visit: Visit = page(Permission.EVENTS_READ, "events"),
    q: reading.Filter = "",
    cursor: reading.Cursor = "",
) -> Response:
    """Facts, stops or sittings, people, passes, door, counts, papers, history."""
    wanted = reading.read_text("q", q)
    turn = reading.read_turn(cursor, str)
    found = await event_file.open_event(
        session, access=visit.access, event_id=event_id, q=wanted, turn=turn, limit=_LIMIT, now=now
    )
    return visit.show("console/event.html", page=_page(visit, found, q=wanted, now=now))


@router.get("/events/{event_id}/inside")
async def look_inside(
    event_id: UUID, session: SessionDep, now: Now, visit: Visit = page(Permission.ATTENDANCE_READ, "events")
) -> Response:
    """The part of the event page that renews itself: how many people are inside each zone now."""
    places, zones = await event_file.look_inside(session, event_id=event_id)
    return visit.show("console/inside.html", inside=_inside(event_id, places, zones, now))


def _page(visit: Visit, found: EventFile, *, q: str, now: datetime) -> view.EventPage:
    facts, event, programme = found.facts, found.facts.event, found.facts.programme
    venues = {place.occurrence.id: place.venue for place in found.places}
    return view.EventPage(
        href=event_href(event.id),
        kind=event.kind.value,
        state=event.state.value,
        title_vi=event.title_vi,
        title_en=event.title_en,
        summary_vi=event.summary_vi,
        summary_en=event.summary_en,
        organisation_vi=facts.organisation.name_vi,
        organisation_en=facts.organisation.name_en,
        programme_vi=programme.name_vi if programme else "",
        programme_en=programme.name_en if programme else "",
        opens_on=facts.opens_on,
        closes_on=facts.closes_on,
        units=len({place.unit.id for place in found.places}),
        accreditation_closes_at=event.accreditation_closes_at,
        now=now,
        occurrences=tuple(_occurrences(found, local_day(now))),
        applications=_applications(found.applications),
        passes=_passes(event.id, found.passes, q, now),
        inside=_inside(event.id, found.places, found.inside, now),
        gates=_gates(found.door, venues),
        devices=_devices(found.door, now),
        daily=_daily(found),
        counts=tuple(_counts(found, venues)),
        counts_as_of=now,
        papers=_papers(visit, found),
        history=None if found.history is None else history.of_event(visit, found.history),
    )


def _occurrences(found: EventFile, today: date) -> Iterator[view.OccurrenceRow]:
    visits: dict[tuple[UUID, Method], int] = defaultdict(int)
    for row in found.counts:
        visits[row.occurrence_id, row.method] += row.visits
    for number, place in enumerate(found.places, 1):
        occurrence, venue, unit = place.occurrence, place.venue, place.unit
        yield view.OccurrenceRow(
            number=number,
            label_vi=occurrence.label_vi,
            label_en=occurrence.label_en,
            venue_vi=venue.name_vi,
            venue_en=venue.name_en,
            address=venue.address,
            unit_vi=unit.name_vi,
            unit_en=unit.name_en,
            opens_on=occurrence.opens_on,
            closes_on=occurrence.closes_on,
            daily_from=occurrence.daily_from,
            daily_to=occurrence.daily_to,
            state=_state(found.facts.event.state, occurrence, today),
            visits=MethodCount(visits[occurrence.id, Method.SCAN], visits[occurrence.id, Method.TALLY]),
        )


def _state(event_state: EventState, occurrence: Occurrence, today: date) -> str:
    if event_state is EventState.CANCELLED:
        return "cancelled"
    if occurrence.closes_on < today:
        return "over"
    return "today" if occurrence.opens_on <= today else "planned"


def _applications(counted: dict[ApplicationState, int] | None) -> tuple[view.StateCount, ...] | None:
    if counted is None:
        return None
    return tuple(view.StateCount(state.value, counted[state]) for state in ApplicationState if state in counted)


def _passes(event_id: UUID, found: PassRows | None, q: str, now: datetime) -> view.PassSearch | None:
    if found is None:
        return None
    rows = tuple(row_of(one, now) for one in found.leaf.rows)
    pager = reading.pager_of(found.leaf, lambda one: (one.folded, one.id), event_href(event_id), "passes", q=q)
    return view.PassSearch(q, found.total, rows, pager)


def _inside(
    event_id: UUID, places: list[Shown], zones: list[tuple[Zone, Occurrence, int]], now: datetime
) -> view.Inside:
    """The zones of what is on today: who never scanned out of a stop that is over isn't inside any more."""
    today = local_day(now)
    venues = {place.occurrence.id: place.venue for place in places}
    return view.Inside(
        href=f"{event_href(event_id)}/inside",
        as_of=now,
        zones=tuple(
            view.ZoneRow(
                code=zone.code,
                name_vi=zone.name_vi,
                name_en=zone.name_en,
                venue_vi=venues[occurrence.id].name_vi,
                venue_en=venues[occurrence.id].name_en,
                inside=inside,
                capacity=zone.capacity,
            )
            for zone, occurrence, inside in zones
            if occurrence.opens_on <= today <= occurrence.closes_on
        ),
    )


def _gates(door: Door | None, venues: dict[UUID, Venue]) -> tuple[view.GateRow, ...] | None:
    if door is None:
        return None
    return tuple(
        view.GateRow(
            name=gate.name,
            zone=zone.code,
            venue_vi=venues[occurrence_id].name_vi,
            venue_en=venues[occurrence_id].name_en,
            policy=gate.policy.value,
            opens_time=gate.opens_time,
            closes_time=gate.closes_time,
            devices=devices,
        )
        for gate, zone, occurrence_id, devices in door.gates
    )


def _devices(door: Door | None, now: datetime) -> tuple[view.DeviceRow, ...] | None:
    if door is None:
        return None
    rows = []
    for device, gates, heard_at in door.devices:
        heard = heard_at is not None and heard_at > now - _SILENT_AFTER
        state = "revoked" if device.revoked_at else ("connected" if heard else "silent")
        rows.append(view.DeviceRow(device.name, tuple(sorted(set(gates))), state, heard_at))
    return tuple(rows)


def _daily(found: EventFile) -> tuple[DayCount, ...]:
    """Every day from the first to the last with a count, those without visitors too; at most the last sixty."""
    if not found.counts:
        return ()
    visits: dict[tuple[date, Method], int] = defaultdict(int)
    for row in found.counts:
        visits[row.counted_on, row.method] += row.visits
    first, last = min(on for on, _ in visits), max(on for on, _ in visits)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(DayCount(on, visits[on, Method.SCAN], visits[on, Method.TALLY]) for on in days)[-_CHART_DAYS:]


def _counts(found: EventFile, venues: dict[UUID, Venue]) -> Iterator[view.CountRow]:
    """One row per day and occurrence, the latest day first."""
    figures: dict[tuple[date, UUID], dict[str, int]] = defaultdict(lambda: {"visits": 0, "entries": 0, "tally": 0})
    for row in found.counts:
        of_day = figures[row.counted_on, row.occurrence_id]
        if row.method is Method.SCAN:
            of_day["visits"] += row.visits
            of_day["entries"] += row.entries
        else:
            of_day["tally"] += row.visits
    for on, occurrence_id in sorted(figures, reverse=True):
        yield view.CountRow(
            on=on,
            venue_vi=venues[occurrence_id].name_vi,
            venue_en=venues[occurrence_id].name_en,
            holders=found.holders.get((occurrence_id, on), 0),
            **figures[on, occurrence_id],
        )


def _papers(visit: Visit, found: EventFile) -> tuple[view.PaperRow, ...]:
    """The legal basis as it was written down; an exhibition needs one."""
    title, recorded = visit.say(N_("Legal basis")), found.facts.event.legal_basis
    if not recorded and found.facts.event.kind is not EventKind.EXHIBITION:
        return ()
    return (view.PaperRow(title, recorded, "", None, None, "recorded" if recorded else "missing"),)
