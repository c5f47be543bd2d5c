"""What a pass shows of itself: the same facts on the badge, on the holder's page, in mail, calendars and wallets."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from service.domain.localtime import local_day


@dataclass(frozen=True, slots=True)
class ZoneFace:
    """A zone that the pass opens, with its names."""

    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class PlaceFace:
    """Where the event is, in one period; no hours: the whole day. Coordinates in degrees (WGS 84), if known."""

    venue_vi: str
    venue_en: str
    address: str
    opens_on: date
    closes_on: date
    daily_from: time | None
    daily_to: time | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class PassFace:
    """A pass as people see it.

    `native_name` is the name in the holder's own script, if it was given; `colour` is `#RRGGBB` and never stands
    without the class's word. `heads` is m of a group pass n of m. `valid_days` None: every day of the validity;
    `daily_from`, `daily_to`: the hours of each day, if limited. `version` counts from 1 with every replacement.
    """

    id: UUID
    event_id: UUID
    serial: str
    human_code: str
    code: str
    version: int
    holder_name: str
    native_name: str
    organisation_name: str
    class_vi: str
    class_en: str
    colour: str
    zones: tuple[ZoneFace, ...]
    heads: int
    valid_from: datetime
    valid_until: datetime
    valid_days: tuple[date, ...] | None
    daily_from: time | None
    daily_to: time | None
    event_vi: str
    event_en: str
    organiser_vi: str
    organiser_en: str
    places: tuple[PlaceFace, ...]

    @property
    def first_on(self) -> date:
        """The first day on which it may be used."""
        return self.valid_days[0] if self.valid_days else local_day(self.valid_from)

    @property
    def last_on(self) -> date:
        """The last day on which it may be used: a validity that ends at midnight ends on the day before."""
        return self.valid_days[-1] if self.valid_days else local_day(self.valid_until - timedelta(microseconds=1))

    @property
    def days_text(self) -> str:
        """The days as people write them: 23/11/2026, 23–25/11/2026, 30/11–02/12/2026, or 23/11, 25/11/2026."""
        if self.valid_days is not None and not _is_run(self.valid_days):
            *others, last = self.valid_days
            return ", ".join([*(_short(on, last) for on in others), f"{last:%d/%m/%Y}"])
        first, last = self.first_on, self.last_on
        if first == last:
            return f"{last:%d/%m/%Y}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%d}–{last:%d/%m/%Y}"
        return f"{_short(first, last)}–{last:%d/%m/%Y}"

    @property
    def hours_text(self) -> str:
        """The hours of each day, 07:00–12:00; empty when they aren't limited."""
        if self.daily_from is None or self.daily_to is None:
            return ""
        return f"{self.daily_from:%H:%M}–{self.daily_to:%H:%M}"


def _is_run(days: tuple[date, ...]) -> bool:
    return days[-1] - days[0] == timedelta(days=len(days) - 1)


def _short(on: date, last: date) -> str:
    return f"{on:%d/%m}" if on.year == last.year else f"{on:%d/%m/%Y}"
