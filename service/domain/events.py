"""What happens: programmes, events, and their occurrences with zones and gates."""

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint

from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    clock,
    date,
    datetime,
    day,
    instant,
    key,
    reference,
    rule,
    text,
    time,
)


class Programme(Row, table=True):
    """A plan that holds events, such as a year's plan of external information."""

    __table_args__ = (rule("starts_on <= ends_on", "period"),)

    id: UUID = key()
    organisation_id: UUID = reference("organisation.id")
    name_vi: str = text()
    name_en: str = text()
    starts_on: date = day()
    ends_on: date = day()
    created_at: datetime = instant()


class EventKind(StrEnum):
    EXHIBITION = "exhibition"
    SEMINAR = "seminar"
    POLITICAL_DIPLOMATIC = "political_diplomatic"
    PRESS_CONFERENCE = "press_conference"


class EventState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


EVENT_MOVES: dict[EventState, frozenset[EventState]] = {
    EventState.DRAFT: frozenset({EventState.OPEN, EventState.CANCELLED}),
    EventState.OPEN: frozenset({EventState.CLOSED, EventState.CANCELLED}),
    EventState.CLOSED: frozenset({EventState.OPEN}),
    EventState.CANCELLED: frozenset(),
}


class Event(Row, table=True):
    """An exhibition, a seminar, a political-diplomatic event or a press conference, apart from its showings.

    `accreditation_closes_at` is the last moment at which journalists may apply; none: no accreditation.
    """

    id: UUID = key()
    organisation_id: UUID = reference("organisation.id")
    programme_id: UUID | None = reference("programme.id", default=None)
    kind: EventKind = choice(EventKind, "kind")
    state: EventState = choice(EventState, "state", default=EventState.DRAFT)
    title_vi: str = text()
    title_en: str = text()
    folded: str = text()
    summary_vi: str = text(default="")
    summary_en: str = text(default="")
    legal_basis: str = text(default="")
    accreditation_closes_at: datetime | None = instant(default=None)
    created_at: datetime = instant()


class Occurrence(Row, table=True):
    """An event at one venue in one period: a tour stop or a sitting.

    `unit_id` is the administrative unit that was valid on its dates; it never changes afterwards.
    """

    __table_args__ = (
        rule("opens_on <= closes_on", "period"),
        rule("capacity IS NULL OR capacity >= 0", "capacity"),
        Index("ix_occurrence_opens_on_closes_on", "opens_on", "closes_on"),
    )

    id: UUID = key()
    event_id: UUID = reference("event.id")
    venue_id: UUID = reference("venue.id")
    unit_id: UUID = reference("admin_unit.id")
    label_vi: str = text(default="")
    label_en: str = text(default="")
    opens_on: date = day()
    closes_on: date = day()
    daily_from: time | None = clock(default=None)
    daily_to: time | None = clock(default=None)
    capacity: int | None = None
    created_at: datetime = instant()


class Zone(Row, table=True):
    """A part of an occurrence's venue to which passes give access by its code; `capacity` counts those inside."""

    __table_args__ = (
        UniqueConstraint("occurrence_id", "code"),
        rule("capacity IS NULL OR capacity >= 0", "capacity"),
    )

    id: UUID = key()
    occurrence_id: UUID = reference("occurrence.id", index=False)
    code: str = Field(max_length=8)
    name_vi: str = text()
    name_en: str = text()
    capacity: int | None = None
    max_list_age_minutes: int = 240


class EntryPolicy(StrEnum):
    REENTRY = "reentry"
    ONCE = "once"
    ONCE_PER_DAY = "once_per_day"
    OPEN = "open"


class Gate(Row, table=True):
    """A door into a zone, with its entry policy and local hours; no hours means always open."""

    __table_args__ = (UniqueConstraint("zone_id", "name"),)

    id: UUID = key()
    occurrence_id: UUID = reference("occurrence.id")
    zone_id: UUID = reference("zone.id", index=False)
    name: str = text()
    policy: EntryPolicy = choice(EntryPolicy, "policy", default=EntryPolicy.REENTRY)
    opens_time: time | None = clock(default=None)
    closes_time: time | None = clock(default=None)
