"""Programmes and events."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.events import Event, EventKind, EventState, Programme
from service.store import events as store
from service.store.events import WantedEvents
from service.usecases import events
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import In, Instant, Line, Name, Out, Page, PagingDep, Text, page_of
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)


class ProgrammeBody(In):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation_id": "0198c0de-0000-7000-8000-000000000001",
                "name_vi": "Kế hoạch thông tin đối ngoại 2026",
                "name_en": "External information plan 2026",
                "starts_on": "2026-01-01",
                "ends_on": "2026-12-31",
            }
        }
    )

    organisation_id: UUID
    name_vi: Name
    name_en: Name
    starts_on: date
    ends_on: date


class ProgrammeChange(In):
    model_config = ConfigDict(json_schema_extra={"example": {"ends_on": "2027-01-31"}})

    name_vi: Name = ""
    name_en: Name = ""
    starts_on: date = date.min
    ends_on: date = date.max


class ProgrammeOut(Out):
    id: UUID
    organisation_id: UUID
    name_vi: str
    name_en: str
    starts_on: date
    ends_on: date
    created_at: datetime


class EventBody(In):
    """A new event, in draft. `accreditation_closes_at`: until when journalists may apply; null: none do."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation_id": "0198c0de-0000-7000-8000-000000000001",
                "kind": "exhibition",
                "title_vi": "Hoàng Sa, Trường Sa của Việt Nam - Những bằng chứng lịch sử",
                "title_en": "Hoang Sa, Truong Sa of Viet Nam - Historical evidence",
                "summary_vi": "Gần 150 bản đồ và tư liệu, lưu động tại các phường, xã.",
                "legal_basis": "Nghị định 23/2019/NĐ-CP",
            }
        }
    )

    organisation_id: UUID
    programme_id: UUID | None = None
    kind: EventKind
    title_vi: Name
    title_en: Line = ""
    summary_vi: Text = ""
    summary_en: Text = ""
    legal_basis: Line = ""
    accreditation_closes_at: Instant | None = None


class EventChange(In):
    """What is to change; fields left out stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"accreditation_closes_at": "2026-11-20T17:00:00+07:00"}})

    programme_id: UUID | None = None
    title_vi: Name = ""
    title_en: Line = ""
    summary_vi: Text = ""
    summary_en: Text = ""
    legal_basis: Line = ""
    accreditation_closes_at: Instant | None = None


class EventMove(In):
    model_config = ConfigDict(json_schema_extra={"example": {"state": "open"}})

    state: EventState


class EventOut(Out):
    id: UUID
    organisation_id: UUID
    programme_id: UUID | None
    kind: EventKind
    state: EventState
    title_vi: str
    title_en: str
    summary_vi: str
    summary_en: str
    legal_basis: str
    accreditation_closes_at: datetime | None
    created_at: datetime


@router.get("/programmes", summary="Programmes", **allow(Permission.EVENTS_READ))
async def list_programmes(session: SessionDep, paging: PagingDep) -> Page[ProgrammeOut]:
    """Plans that hold events."""
    rows = await store.list_programmes(session, after=paging.uuid(), limit=paging.limit + 1)
    return page_of(rows, paging.limit, ProgrammeOut)


@router.post("/programmes", summary="Add a programme", status_code=201, **allow(Permission.EVENTS_WRITE, 404))
async def add_programme(body: ProgrammeBody, session: SessionDep, access: CurrentAccess, now: Now) -> ProgrammeOut:
    """A new programme of an organisation."""
    made = await events.add_programme(session, access=access, facts=body.model_dump(), now=now)
    return ProgrammeOut.model_validate(made)


@router.get("/programmes/{programme_id}", summary="A programme", **allow(Permission.EVENTS_READ, 404))
async def get_programme(programme_id: UUID, session: SessionDep) -> ProgrammeOut:
    """One programme; its events are listed by `/events?programme_id=`."""
    return ProgrammeOut.model_validate(await store.get(session, Programme, programme_id, "programme"))


@router.patch("/programmes/{programme_id}", summary="Change a programme", **allow(Permission.EVENTS_WRITE, 404))
async def change_programme(
    programme_id: UUID, body: ProgrammeChange, session: SessionDep, access: CurrentAccess, now: Now
) -> ProgrammeOut:
    """Only the fields that are sent change."""
    changes = body.model_dump(exclude_unset=True)
    made = await events.change_programme(session, access=access, programme_id=programme_id, changes=changes, now=now)
    return ProgrammeOut.model_validate(made)


@router.get("/events", summary="Events", **allow(Permission.EVENTS_READ))
async def list_events(
    session: SessionDep,
    paging: PagingDep,
    q: Annotated[str, Query(max_length=100, description="In titles, with accents or without")] = "",
    kind: EventKind | None = None,
    state: EventState | None = None,
    programme_id: UUID | None = None,
    organisation_id: UUID | None = None,
    unit_id: UUID | None = None,
    first: Annotated[date | None, Query(alias="from", description="With an occurrence on or after this day")] = None,
    last: Annotated[date | None, Query(alias="to", description="With an occurrence on or before this day")] = None,
) -> Page[EventOut]:
    """Events of all organisations: there is one calendar for everybody."""
    if first is not None and last is not None and last < first:
        raise Invalid.at("/query/to", "dates_reversed", "the last day lies before the first")
    wanted = WantedEvents(q, kind, state, programme_id, organisation_id, unit_id, first, last)
    rows = await store.list_events(session, wanted, after=paging.uuid(), limit=paging.limit + 1)
    return page_of(rows, paging.limit, EventOut)


@router.post("/events", summary="Add an event", status_code=201, **allow(Permission.EVENTS_WRITE, 404))
async def add_event(body: EventBody, session: SessionDep, access: CurrentAccess, now: Now) -> EventOut:
    """A new exhibition, seminar, political-diplomatic event or press conference, in draft."""
    made = await events.add_event(session, access=access, facts=body.model_dump(), now=now)
    return EventOut.model_validate(made)


@router.get("/events/{event_id}", summary="An event", **allow(Permission.EVENTS_READ, 404))
async def get_event(event_id: UUID, session: SessionDep) -> EventOut:
    """One event; its occurrences are listed beside it."""
    return EventOut.model_validate(await store.get(session, Event, event_id, "event"))


@router.patch("/events/{event_id}", summary="Change an event", **allow(Permission.EVENTS_WRITE, 404))
async def change_event(
    event_id: UUID, body: EventChange, session: SessionDep, access: CurrentAccess, now: Now
) -> EventOut:
    """Only the fields that are sent change."""
    changes = body.model_dump(exclude_unset=True)
    made = await events.change_event(session, access=access, event_id=event_id, changes=changes, now=now)
    return EventOut.model_validate(made)


@router.post("/events/{event_id}/state", summary="Open, close or cancel", **allow(Permission.EVENTS_WRITE, 404, 409))
async def move_event(event_id: UUID, body: EventMove, session: SessionDep, access: CurrentAccess, now: Now) -> EventOut:
    """draft → open → closed → open …; draft and open may be cancelled. Other moves are a 409."""
    made = await events.move_event(session, access=access, event_id=event_id, state=body.state, now=now)
    return EventOut.model_validate(made)
