"""Programmes and events."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from service.domain.accounts import Organisation, Permission
from service.domain.errors import Invalid
from service.domain.events import EventKind, EventState, Programme
from service.store import events as store
from service.store.events import EventFacts, WantedEvents
from service.usecases import events
from service.web.api.shapes import NamedOut
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import (
    Day,
    In,
    Instant,
    Line,
    Name,
    Out,
    Page,
    PagingDep,
    Search,
    Text,
    left_out,
    write_cursor,
)
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)


class ProgrammeBody(In):
    """A new programme (plan) of an organisation."""

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
    starts_on: Day
    ends_on: Day


class ProgrammeChange(In):
    """What is to change; fields left out stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"ends_on": "2027-01-31"}})

    name_vi: Name = left_out()
    name_en: Name = left_out()
    starts_on: Day = left_out()
    ends_on: Day = left_out()


class ProgrammeOut(Out):
    id: UUID
    organisation: NamedOut
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
    """What is to change; fields left out stay. Organisation and kind stay for good."""

    model_config = ConfigDict(json_schema_extra={"example": {"accreditation_closes_at": "2026-11-20T17:00:00+07:00"}})

    programme_id: UUID | None = left_out()
    title_vi: Name = left_out()
    title_en: Line = left_out()
    summary_vi: Text = left_out()
    summary_en: Text = left_out()
    legal_basis: Line = left_out()
    accreditation_closes_at: Instant | None = left_out()


class EventMove(In):
    model_config = ConfigDict(json_schema_extra={"example": {"state": "open"}})

    state: EventState


class EventOut(Out):
    """An event. `opens_on` and `closes_on` span its occurrences; null: there is none yet."""

    id: UUID
    organisation: NamedOut
    programme: NamedOut | None
    kind: EventKind
    state: EventState
    title_vi: str
    title_en: str
    summary_vi: str
    summary_en: str
    legal_basis: str
    accreditation_closes_at: datetime | None
    opens_on: date | None
    closes_on: date | None
    occurrences: int
    created_at: datetime


@router.get("/programmes", summary="Programmes", **allow(Permission.EVENTS_READ))
async def list_programmes(
    session: SessionDep, paging: PagingDep, organisation_id: UUID | None = None
) -> Page[ProgrammeOut]:
    """Plans that hold events, in the order in which they were added."""
    rows = await store.list_programmes(
        session, organisation_id=organisation_id, after=paging.uuid(), limit=paging.limit + 1
    )
    kept = rows[: paging.limit]
    return Page[ProgrammeOut](
        items=[_programme(*row) for row in kept],
        next=write_cursor(str(kept[-1][0].id)) if len(rows) > len(kept) else None,
    )


@router.post("/programmes", summary="Add a programme", status_code=201, **allow(Permission.EVENTS_WRITE, 404))
async def add_programme(body: ProgrammeBody, session: SessionDep, access: CurrentAccess, now: Now) -> ProgrammeOut:
    """A new programme of an organisation in which the caller may plan."""
    made = await events.add_programme(session, access=access, facts=body.model_dump(), now=now)
    return _programme(*await store.get_programme(session, made.id))


@router.get("/programmes/{programme_id}", summary="A programme", **allow(Permission.EVENTS_READ, 404))
async def get_programme(programme_id: UUID, session: SessionDep) -> ProgrammeOut:
    """One programme; its events are listed by `/events?programme_id=`."""
    return _programme(*await store.get_programme(session, programme_id))


@router.patch("/programmes/{programme_id}", summary="Change a programme", **allow(Permission.EVENTS_WRITE, 404))
async def change_programme(
    programme_id: UUID, body: ProgrammeChange, session: SessionDep, access: CurrentAccess, now: Now
) -> ProgrammeOut:
    """Only the fields that are sent change."""
    changes = body.model_dump(exclude_unset=True)
    await events.change_programme(session, access=access, programme_id=programme_id, changes=changes, now=now)
    return _programme(*await store.get_programme(session, programme_id))


def _programme(programme: Programme, organisation: Organisation) -> ProgrammeOut:
    return ProgrammeOut.model_validate({**programme.model_dump(), "organisation": organisation})


@router.get("/events", summary="Events", **allow(Permission.EVENTS_READ))
async def list_events(
    session: SessionDep,
    paging: PagingDep,
    q: Search = "",
    kind: EventKind | None = None,
    state: EventState | None = None,
    programme_id: UUID | None = None,
    organisation_id: UUID | None = None,
    unit_id: Annotated[UUID | None, Query(description="With an occurrence in this unit")] = None,
    first: Annotated[Day | None, Query(alias="from", description="With an occurrence on or after this day")] = None,
    last: Annotated[Day | None, Query(alias="to", description="With an occurrence on or before this day")] = None,
) -> Page[EventOut]:
    """Events of all organisations, in the order in which they were added: there is one calendar for everybody.

    `unit_id`, `from` and `to` ask for one occurrence that meets them all.
    """
    if first is not None and last is not None and last < first:
        raise Invalid.at("/query/to", "dates_reversed", "the last day lies before the first")
    wanted = WantedEvents(q, kind, state, programme_id, organisation_id, unit_id, first, last)
    rows = await store.list_events(session, wanted, after=paging.uuid(), limit=paging.limit + 1)
    kept = rows[: paging.limit]
    return Page[EventOut](
        items=[_event(one) for one in kept],
        next=write_cursor(str(kept[-1].event.id)) if len(rows) > len(kept) else None,
    )


@router.post("/events", summary="Add an event", status_code=201, **allow(Permission.EVENTS_WRITE, 404))
async def add_event(body: EventBody, session: SessionDep, access: CurrentAccess, now: Now) -> EventOut:
    """A new exhibition, seminar, political-diplomatic event or press conference, in draft."""
    made = await events.add_event(session, access=access, facts=body.model_dump(), now=now)
    return _event(await store.get_event_facts(session, made.id))


@router.get("/events/{event_id}", summary="An event", **allow(Permission.EVENTS_READ, 404))
async def get_event(event_id: UUID, session: SessionDep) -> EventOut:
    """One event; its occurrences are listed beside it."""
    return _event(await store.get_event_facts(session, event_id))


@router.patch("/events/{event_id}", summary="Change an event", **allow(Permission.EVENTS_WRITE, 404, 409))
async def change_event(
    event_id: UUID, body: EventChange, session: SessionDep, access: CurrentAccess, now: Now
) -> EventOut:
    """Only the fields that are sent change. A closed event has to be opened again first (409 `closed`)."""
    changes = body.model_dump(exclude_unset=True)
    await events.change_event(session, access=access, event_id=event_id, changes=changes, now=now)
    return _event(await store.get_event_facts(session, event_id))


@router.post("/events/{event_id}/state", summary="Open, close or cancel", **allow(Permission.EVENTS_WRITE, 404, 409))
async def move_event(
    event_id: UUID, body: EventMove, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> EventOut:
    """draft → open → closed → open …; draft and open may be cancelled. Other moves are a 409 `illegal_move`."""
    await events.move_event(session, access=access, event_id=event_id, state=body.state, vault=vault, now=now)
    return _event(await store.get_event_facts(session, event_id))


def _event(facts: EventFacts) -> EventOut:
    return EventOut.model_validate(
        {
            **facts.event.model_dump(),
            "organisation": facts.organisation,
            "programme": facts.programme,
            "opens_on": facts.opens_on,
            "closes_on": facts.closes_on,
            "occurrences": facts.occurrences,
        }
    )
