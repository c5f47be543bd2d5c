"""What tests of use cases stand on, written straight into the tables: no HTTP, no permission. People are invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Organisation
from service.domain.events import Event, EventKind, EventState, Gate, Occurrence, Zone
from service.domain.localtime import local_day
from service.domain.places import Venue, VenueKind
from service.usecases import places
from tests.conftest import NOW


@dataclass(frozen=True)
class MadeEvent:
    """The ids of an event with one occurrence, and those of its gates by zone code."""

    id: UUID
    occurrence_id: UUID
    opens_on: date
    closes_on: date
    gates: dict[str, UUID]


async def make_event(
    session: AsyncSession,
    organisation: Organisation,
    *,
    zones: tuple[str, ...] = ("A", "B"),
    gates: dict[str, Any] | None = None,
    days: tuple[int, int] = (0, 2),
    now: datetime = NOW,
    **facts: Any,
) -> MadeEvent:
    """An open event at a hall in Phường Sài Gòn, from `days[0]` to `days[1]` days after `now`, a gate for each zone.

    Journalists may apply for a day. `gates` are facts of all gates (`{"policy": EntryPolicy.ONCE}`), other `facts`
    those of the event.
    """
    opens_on, closes_on = (local_day(now) + timedelta(days=offset) for offset in days)
    unit = await places.find_unit_by_code(session, code="26740", on=opens_on)
    known: dict[str, Any] = {
        "kind": EventKind.POLITICAL_DIPLOMATIC,
        "state": EventState.OPEN,
        "title_vi": "Sự kiện Thử",
        "title_en": "Event under Test",
        "accreditation_closes_at": now + timedelta(days=1),
    }
    event = Event(organisation_id=organisation.id, folded="su kien thu", created_at=now, **(known | facts))
    venue = Venue(
        name_vi="Hội trường Thử",
        name_en="Hall under Test",
        folded="hoi truong thu hall under test",
        kind=VenueKind.HALL,
        unit_id=unit.id,
        created_at=now,
    )
    session.add_all([event, venue])
    await session.flush()
    occurrence = Occurrence(
        event_id=event.id, venue_id=venue.id, unit_id=unit.id, opens_on=opens_on, closes_on=closes_on, created_at=now
    )
    session.add(occurrence)
    await session.flush()
    doors = {}
    for code in zones:
        zone = Zone(occurrence_id=occurrence.id, code=code, name_vi=f"Khu {code}", name_en=f"Zone {code}")
        session.add(zone)
        await session.flush()
        gate = Gate(occurrence_id=occurrence.id, zone_id=zone.id, name=f"Cổng {code}", **(gates or {}))
        session.add(gate)
        doors[code] = gate.id
    await session.flush()
    return MadeEvent(event.id, occurrence.id, opens_on, closes_on, doors)
