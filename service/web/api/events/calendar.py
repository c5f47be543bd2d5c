"""One calendar of all units."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from service.domain.accounts import Permission
from service.domain.errors import Invalid
from service.domain.events import EventKind
from service.store.events import Clash
from service.usecases import events
from service.web.api.events.occurrences import OccurrenceOut, show
from service.web.deps import SessionDep, allow
from service.web.schemas import Day, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["events"], route_class=Transaction)
LONGEST = timedelta(days=400)


class ClashOut(Out):
    """Another occurrence that has the same venue at the same time."""

    occurrence_id: UUID
    event_id: UUID
    title_vi: str
    title_en: str
    opens_on: date
    closes_on: date


class CalendarEntryOut(OccurrenceOut):
    """An occurrence with its conflicts, those that the filters leave out too."""

    conflicts: list[ClashOut]


@router.get("/calendar", summary="What is on, everywhere", **allow(Permission.EVENTS_READ))
async def get_calendar(
    session: SessionDep,
    first: Annotated[Day, Query(alias="from")],
    last: Annotated[Day, Query(alias="to", description="At most 400 days after `from`")],
    unit_id: UUID | None = None,
    kind: EventKind | None = None,
) -> list[CalendarEntryOut]:
    """Occurrences of all units that run in the period, plans too, by their first day; not those of cancelled events.

    A conflict is another occurrence at the same venue on a common day, unless their daily hours keep them apart.
    """
    if last < first:
        raise Invalid.at("/query/to", "dates_reversed", "the last day lies before the first")
    if last - first > LONGEST:
        raise Invalid.at("/query/to", "invalid", f"at most {LONGEST.days} days after `from`")
    found = await events.list_calendar(session, first=first, last=last, unit_id=unit_id, kind=kind)
    return [
        CalendarEntryOut.model_validate(
            {**show(one.shown).model_dump(), "conflicts": [_clash(clash) for clash in one.clashes]}
        )
        for one in found
    ]


def _clash(clash: Clash) -> ClashOut:
    return ClashOut(
        occurrence_id=clash.other.id,
        event_id=clash.event.id,
        title_vi=clash.event.title_vi,
        title_en=clash.event.title_en,
        opens_on=clash.other.opens_on,
        closes_on=clash.other.closes_on,
    )
