"""What the event page shows: the event's own file, section by section."""

from dataclasses import dataclass
from datetime import date, datetime, time

from service.web.views import DayCount, MethodCount, Pager, TimelineStep


@dataclass(frozen=True)
class OccurrenceRow:
    """A stop or a sitting; `number` counts from 1 in the order of the dates."""

    number: int
    label_vi: str
    label_en: str
    venue_vi: str
    venue_en: str
    address: str
    unit_vi: str
    unit_en: str
    opens_on: date
    closes_on: date
    daily_from: time | None
    daily_to: time | None
    state: str
    visits: MethodCount


@dataclass(frozen=True)
class StateCount:
    """Applications in one state."""

    state: str
    count: int


@dataclass(frozen=True)
class PassRow:
    href: str
    holder_name: str
    organisation: str
    category: str
    zones: tuple[str, ...]
    human_code: str
    state: str
    badge: str
    valid_until: datetime
    qr_href: str


@dataclass(frozen=True)
class PassSearch:
    """Passes found for `q`; `total` counts all passes of the event."""

    q: str
    total: int
    rows: tuple[PassRow, ...]
    pager: Pager


@dataclass(frozen=True)
class ZoneRow:
    """A zone and how many are inside as scans tell; no capacity: it has no limit."""

    code: str
    name_vi: str
    name_en: str
    venue_vi: str
    venue_en: str
    inside: int
    capacity: int | None


@dataclass(frozen=True)
class Inside:
    """Context `inside` of console/inside.html, the part that renews itself; `href` answers it."""

    href: str
    as_of: datetime
    zones: tuple[ZoneRow, ...]


@dataclass(frozen=True)
class GateRow:
    name: str
    zone: str
    venue_vi: str
    venue_en: str
    policy: str
    opens_time: time | None
    closes_time: time | None
    devices: int


@dataclass(frozen=True)
class DeviceRow:
    name: str
    gates: tuple[str, ...]
    state: str
    heard_at: datetime | None


@dataclass(frozen=True)
class CountRow:
    """One day of one occurrence: passes scanned (visits, entries, holders), heads counted by hand."""

    on: date
    venue_vi: str
    venue_en: str
    visits: int
    entries: int
    holders: int
    tally: int


@dataclass(frozen=True)
class PaperRow:
    """A legal basis, licence or notification."""

    title: str
    number: str
    authority: str
    issued_on: date | None
    valid_until: date | None
    state: str


@dataclass(frozen=True)
class EventPage:
    """Context `page`. The accreditation deadline is none where journalists do not apply.

    Applications, passes, gates, devices and history are none where they are not the reader's to see.
    """

    href: str
    kind: str
    state: str
    title_vi: str
    title_en: str
    summary_vi: str
    summary_en: str
    organisation_vi: str
    organisation_en: str
    programme_vi: str
    programme_en: str
    opens_on: date | None
    closes_on: date | None
    units: int
    accreditation_closes_at: datetime | None
    now: datetime
    occurrences: tuple[OccurrenceRow, ...]
    applications: tuple[StateCount, ...] | None
    passes: PassSearch | None
    inside: Inside
    gates: tuple[GateRow, ...] | None
    devices: tuple[DeviceRow, ...] | None
    daily: tuple[DayCount, ...]
    counts: tuple[CountRow, ...]
    counts_as_of: datetime
    papers: tuple[PaperRow, ...]
    history: tuple[TimelineStep, ...] | None
