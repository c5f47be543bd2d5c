"""How many came, for organisers and integrations."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict

from service.domain.accounts import Permission
from service.domain.attendance import Method
from service.domain.errors import Invalid
from service.domain.localtime import local_day
from service.domain.places import UnitLevel
from service.store import attendance as store
from service.store.attendance import Wanted
from service.usecases import attendance, events, places
from service.usecases.attendance import By, Figure
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["attendance"], route_class=Transaction)


class FigureOut(Out):
    """Counts by one method. `visits`: first entries of a holder on a day; `entries`: every admission; `holders`:
    distinct passes, null where the method can't know them."""

    method: Method
    visits: int
    entries: int
    exits: int
    holders: int | None


class LabelOut(Out):
    """What a group is called; `code` of a unit, else empty."""

    id: str
    code: str
    name_vi: str
    name_en: str


class GroupOut(Out):
    key: LabelOut
    figures: list[FigureOut]


class UnplacedOut(Out):
    """Figures that can't be given to one unit of that day, and the units it might be."""

    unit: LabelOut
    candidates: list[LabelOut]
    figures: list[FigureOut]


class AttendanceOut(Out):
    """Groups in order, what couldn't be placed, and each method's total. Methods are never added together."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "by": "unit",
                "as_of": "event",
                "groups": [
                    {
                        "key": {"id": "…", "code": "26740", "name_vi": "Phường Sài Gòn", "name_en": "Sai Gon Ward"},
                        "figures": [
                            {"method": "scan", "visits": 812, "entries": 1034, "exits": 990, "holders": 640},
                            {"method": "tally", "visits": 2310, "entries": 2310, "exits": 0, "holders": None},
                        ],
                    }
                ],
                "not_attributable": [],
                "totals": [{"method": "scan", "visits": 812, "entries": 1034, "exits": 990, "holders": 640}],
                "counted_at": "2026-11-23T02:00:00Z",
            }
        }
    )

    by: By
    as_of: str
    groups: list[GroupOut]
    not_attributable: list[UnplacedOut]
    totals: list[FigureOut]
    counted_at: datetime


class ZoneInside(Out):
    """How many are inside a zone now, as scans tell."""

    zone_id: UUID
    occurrence_id: UUID
    code: str
    name_vi: str
    name_en: str
    capacity: int | None
    inside: int


class OccupancyOut(Out):
    zones: list[ZoneInside]
    counted_at: datetime


def read_as_of(as_of: str, now: datetime) -> date | None:
    """`event` is None, `today` the city's date, else an ISO date. Raises Invalid."""
    if as_of == "event":
        return None
    if as_of == "today":
        return local_day(now)
    try:
        return date.fromisoformat(as_of)
    except ValueError as wrong:
        raise Invalid.at("/query/as_of", "invalid", "event, today, or a date such as 2020-06-01") from wrong


@router.get("/attendance", summary="How many came", **allow(Permission.ATTENDANCE_READ))
async def get_attendance(
    session: SessionDep,
    now: Now,
    by: By = By.UNIT,
    as_of: Annotated[
        str, Query(max_length=10, description="`event`, `today`, or a date: the units of which day")
    ] = "event",
    level: Annotated[UnitLevel | None, Query(description="With `as_of`: district or commune")] = None,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    event_id: UUID | None = None,
    occurrence_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> AttendanceOut:
    """Visits, entries and distinct holders, by unit, occurrence, day or category, by method.

    `by=unit&as_of=today` puts the counts of former districts under today's wards where the register leaves no
    doubt, and lists the rest in `not_attributable`; an earlier date puts today's wards back into former units.
    """
    if first is not None and last is not None and last < first:
        raise Invalid.at("/query/to", "dates_reversed", "the last day lies before the first")
    wanted = Wanted(first, last, event_id, occurrence_id, unit_id)
    found = await attendance.report(session, wanted=wanted, by=by, as_of=read_as_of(as_of, now), level=level)
    keys = [group.key for group in found.groups]
    labels = await _labels(
        session, by, keys, [one for lost in found.unplaced for one in (lost.unit_id, *lost.candidates)]
    )
    groups = [GroupOut(key=labels[group.key], figures=_figures(group.figures)) for group in found.groups]
    unplaced = [
        UnplacedOut(
            unit=labels[lost.unit_id],
            candidates=[labels[one] for one in lost.candidates],
            figures=_figures(lost.figures),
        )
        for lost in found.unplaced
    ]
    return AttendanceOut(
        by=by,
        as_of=as_of,
        groups=sorted(groups, key=lambda group: (group.key.code, group.key.id)),
        not_attributable=sorted(unplaced, key=lambda lost: lost.unit.code),
        totals=_figures(found.totals),
        counted_at=now,
    )


@router.get("/events/{event_id}/occupancy", summary="Who is inside now", **allow(Permission.ATTENDANCE_READ, 404))
async def get_occupancy(event_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> OccupancyOut:
    """People inside each zone of the event; walk-in visitors counted by hand are not among them."""
    await events.require_event(session, access=access, event_id=event_id, permission=None)
    zones = [
        ZoneInside(
            zone_id=zone.id,
            occurrence_id=occurrence.id,
            code=zone.code,
            name_vi=zone.name_vi,
            name_en=zone.name_en,
            capacity=zone.capacity,
            inside=inside,
        )
        for zone, occurrence, inside in await store.list_occupancy(session, event_id)
    ]
    return OccupancyOut(zones=zones, counted_at=now)


def _figures(figures: tuple[Figure, ...]) -> list[FigureOut]:
    return [FigureOut.model_validate(figure) for figure in figures]


async def _labels(session: SessionDep, by: By, keys: list[object], units: list[UUID]) -> dict[object, LabelOut]:
    labels: dict[object, LabelOut] = {}
    wanted = [*units, *(key for key in keys if by is By.UNIT and isinstance(key, UUID))]
    for unit in await places.list_named(session, wanted):
        labels[unit.id] = LabelOut(id=str(unit.id), code=unit.code, name_vi=unit.name_vi, name_en=unit.name_en)
    if by is By.OCCURRENCE:
        for one in await events.list_named(session, [key for key in keys if isinstance(key, UUID)]):
            labels[one.id] = LabelOut(id=str(one.id), code="", name_vi=one.name_vi, name_en=one.name_en)
    if by in (By.DAY, By.CATEGORY):
        labels.update({key: LabelOut(id=str(key), code="", name_vi=str(key), name_en=str(key)) for key in keys})
    return labels
