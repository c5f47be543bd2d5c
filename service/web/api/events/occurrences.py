"""Occurrences: tour stops and sittings."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.events import Event, EventKind, EventState
from service.store import events as store
from service.store.events import Shown
from service.usecases import events
from service.usecases.events import Stop
from service.web.api.shapes import NamedOut, UnitShortOut
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Count, Day, DayTime, In, Line, Out, Page, PagingDep, left_out, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)


class OccurrenceBody(In):
    """A tour stop or a sitting; the unit is the venue's at that time unless named."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "venue_id": "0198c0de-0000-7000-8000-000000000002",
                "opens_on": "2026-11-20",
                "closes_on": "2026-11-27",
                "daily_from": "08:00",
                "daily_to": "17:00",
                "label_vi": "Điểm 1",
                "label_en": "Stop 1",
            }
        }
    )

    venue_id: UUID
    opens_on: Day
    closes_on: Day
    unit_id: UUID | None = None
    label_vi: Line = ""
    label_en: Line = ""
    daily_from: DayTime | None = None
    daily_to: DayTime | None = None
    capacity: Count | None = None
    copy_layout: bool = True


class OccurrenceChange(In):
    """What is to change; fields left out stay. Venue and unit stay for good."""

    model_config = ConfigDict(json_schema_extra={"example": {"closes_on": "2026-11-30"}})

    opens_on: Day = left_out()
    closes_on: Day = left_out()
    label_vi: Line = left_out()
    label_en: Line = left_out()
    daily_from: DayTime | None = left_out()
    daily_to: DayTime | None = left_out()
    capacity: Count | None = left_out()


class EventShortOut(Out):
    """An event in short."""

    id: UUID
    kind: EventKind
    state: EventState
    title_vi: str
    title_en: str


class OccurrenceOut(Out):
    """An event at one venue in one period; `unit` is the administrative unit that was valid then."""

    id: UUID
    event: EventShortOut
    venue: NamedOut
    unit: UnitShortOut
    label_vi: str
    label_en: str
    opens_on: date
    closes_on: date
    daily_from: time | None
    daily_to: time | None
    capacity: int | None
    created_at: datetime


def show(one: Shown) -> OccurrenceOut:
    """An occurrence with its event and its places."""
    return OccurrenceOut.model_validate(
        {**one.occurrence.model_dump(), "event": one.event, "venue": one.venue, "unit": one.unit}
    )


@router.get("/events/{event_id}/occurrences", summary="Stops or sittings", **allow(Permission.EVENTS_READ, 404))
async def list_occurrences(event_id: UUID, session: SessionDep, paging: PagingDep) -> Page[OccurrenceOut]:
    """An event's occurrences by their first day."""
    await store.get(session, Event, event_id, "event")
    rows = await store.list_occurrences(session, event_id=event_id, after=_after(paging.after), limit=paging.limit + 1)
    kept = rows[: paging.limit]
    last = kept[-1].occurrence if len(rows) > len(kept) else None
    return Page[OccurrenceOut](
        items=[show(one) for one in kept], next=write_cursor(last.opens_on.isoformat(), str(last.id)) if last else None
    )


def _after(after: list[Any] | None) -> tuple[date, UUID] | None:
    if after is None:
        return None
    try:
        return date.fromisoformat(after[0]), UUID(after[1])
    except (ValueError, IndexError) as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong


@router.post(
    "/events/{event_id}/occurrences",
    summary="Add a stop or a sitting",
    status_code=201,
    **allow(Permission.EVENTS_WRITE, 404, 409),
)
async def add_occurrence(
    event_id: UUID, body: OccurrenceBody, session: SessionDep, access: CurrentAccess, now: Now
) -> OccurrenceOut:
    """It keeps the administrative unit that is valid on its dates, and gets a copy of the venue's zones and gates.

    Before 01/07/2025 that is a district, since then a commune. When the register leaves several, `errors` lists
    the candidates: send the right one as `unit_id`. A period that the unit doesn't outlast is refused.
    """
    made = await events.add_occurrence(
        session,
        access=access,
        event_id=event_id,
        stop=Stop(body.venue_id, body.opens_on, body.closes_on, body.unit_id),
        facts=body.model_dump(exclude={"venue_id", "opens_on", "closes_on", "unit_id", "copy_layout"}),
        copy_layout=body.copy_layout,
        now=now,
    )
    return show(await store.get_occurrence(session, made.id))


@router.get("/occurrences/{occurrence_id}", summary="An occurrence", **allow(Permission.EVENTS_READ, 404))
async def get_occurrence(occurrence_id: UUID, session: SessionDep) -> OccurrenceOut:
    """One stop or sitting; its zones and gates are listed beside it."""
    return show(await store.get_occurrence(session, occurrence_id))


@router.patch(
    "/occurrences/{occurrence_id}", summary="Change an occurrence", **allow(Permission.EVENTS_WRITE, 404, 409)
)
async def change_occurrence(
    occurrence_id: UUID, body: OccurrenceChange, session: SessionDep, access: CurrentAccess, now: Now
) -> OccurrenceOut:
    """New dates must lie in the validity of its unit; venue and unit stay."""
    changes = body.model_dump(exclude_unset=True)
    await events.change_occurrence(session, access=access, occurrence_id=occurrence_id, changes=changes, now=now)
    return show(await store.get_occurrence(session, occurrence_id))


@router.delete(
    "/occurrences/{occurrence_id}",
    summary="Remove an occurrence",
    status_code=204,
    **allow(Permission.EVENTS_WRITE, 404, 409),
)
async def remove_occurrence(occurrence_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> None:
    """Only while no device is enrolled at its gates and nothing was counted there, else 409 `still_in_use`."""
    await events.remove_occurrence(session, access=access, occurrence_id=occurrence_id, now=now)
