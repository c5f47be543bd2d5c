"""What journalists see when they come in: their applications and whose turn it is, events, and what one event asks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accreditation import (
    AWAITING_REVIEW,
    Application,
    ApplicationState,
    ConsentPurpose,
    Journalist,
    Outcome,
    StandingAccreditation,
)
from service.domain.events import Event, EventState
from service.store import accreditation as application_store
from service.store import badges as place_store
from service.store import consents as consent_store
from service.store import events as event_store
from service.store import portal as store
from service.store import standing as standing_store
from service.store.events import Shown
from service.store.portal import OpenEvent
from service.usecases.accreditation import focal
from service.usecases.accreditation.plans import OpenAccreditation, accreditation_of


class Turn(StrEnum):
    """Who has to do the next thing with an application."""

    YOURS = "yours"
    AUTHORITIES = "authorities"
    OFFICE = "office"
    NOBODY = "nobody"


def turn_of(application: Application) -> Turn:
    """Whose turn it is."""
    state = application.state
    if state in (ApplicationState.DRAFT, ApplicationState.NEEDS_INFORMATION):
        return Turn.YOURS
    if state in AWAITING_REVIEW:
        waits = application.rule_set_id is not None and application.outcome is Outcome.PENDING
        return Turn.AUTHORITIES if waits else Turn.OFFICE
    return Turn.OFFICE if state is ApplicationState.WAITLISTED else Turn.NOBODY


@dataclass(frozen=True)
class Home:
    """The portal's first page; signed out there are only events."""

    applications: list[tuple[Application, Event, Turn]]
    events: list[OpenEvent]
    has_agreed: bool
    is_focal_point: bool


async def open_home(session: AsyncSession, *, journalist: Journalist | None, now: datetime) -> Home:
    """A journalist's applications, and the events that take applications now."""
    events = await store.list_open_events(session, now)
    if journalist is None:
        return Home([], events, has_agreed=False, is_focal_point=False)
    rows = await application_store.list_applications_of(session, journalist.id)
    return Home(
        applications=[(one, event, turn_of(one)) for one, event in rows],
        events=events,
        has_agreed=await consent_store.has_agreed(session, journalist.id, ConsentPurpose.ACCREDITATION),
        is_focal_point=await focal.is_focal_point(session, journalist=journalist),
    )


@dataclass(frozen=True)
class PressEvent:
    """An event as the press is told of it; `own` and `standing` are the reader's, if they are signed in.

    `zones`: names in Vietnamese and English by code.
    """

    accreditation: OpenAccreditation
    places: list[Shown]
    zones: dict[str, tuple[str, str]]
    is_open: bool
    own: Application | None
    standing: StandingAccreditation | None


async def open_event(
    session: AsyncSession, *, event_id: UUID, journalist: Journalist | None, now: datetime
) -> PressEvent:
    """What an event asks of the press. Raises NotFound for a draft, and where there is no accreditation."""
    found = await accreditation_of(session, event_id=event_id)
    closes_at = found.event.accreditation_closes_at
    is_open = found.event.state is EventState.OPEN and closes_at is not None and closes_at > now
    own = standing = None
    if journalist is not None:
        own = await application_store.find_application(session, event_id=event_id, journalist_id=journalist.id)
        if is_open and (own is None or own.state is ApplicationState.DRAFT):
            standing = await _standing(session, found, journalist)
    return PressEvent(
        accreditation=found,
        places=await event_store.list_occurrences(session, event_id=event_id),
        zones=dict(sorted((await place_store.list_zones(session, event_id)).items())),
        is_open=is_open,
        own=own,
        standing=standing,
    )


async def _standing(
    session: AsyncSession, found: OpenAccreditation, journalist: Journalist
) -> StandingAccreditation | None:
    if found.first_on is None or found.last_on is None:
        return None
    codes = {one.rule.code for one in found.classes if one.rule.standing}
    living = await standing_store.list_living(
        session, journalist_id=journalist.id, organisation_id=found.event.organisation_id
    )
    covering = [one for one in living if one.valid_from <= found.first_on and found.last_on <= one.valid_until]
    return next((one for one in covering if one.class_code in codes), None)
