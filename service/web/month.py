"""A month laid out for the calendar: weeks from Monday, and what happens as bars in lanes."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LANES = 5


@dataclass(frozen=True)
class Entry:
    """One occurrence in the calendar."""

    href: str
    kind: str
    title_vi: str
    title_en: str
    venue_vi: str
    venue_en: str
    unit_vi: str
    unit_en: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Day:
    """A day of the grid; `more` counts what found no lane."""

    on: date
    in_month: bool
    is_today: bool
    more: int


@dataclass(frozen=True)
class Bar:
    """The part of an entry that lies in one week: `column` 1 is Monday, lanes count from 1."""

    entry: Entry
    column: int
    span: int
    lane: int
    from_before: bool
    goes_on: bool


@dataclass(frozen=True)
class Week:
    days: tuple[Day, ...]
    bars: tuple[Bar, ...]
    lanes: int


@dataclass(frozen=True)
class Month:
    """A month's weeks, and its entries in order for the agenda."""

    first: date
    today: date
    weeks: tuple[Week, ...]
    agenda: tuple[Entry, ...]


def month_of(entries: Sequence[Entry], *, year: int, month: int, today: date) -> Month:
    """Lay `entries` out; entries outside the weeks shown are left away."""
    weeks = tuple(_week(entries, days, month=month, today=today) for days in Calendar().monthdatescalendar(year, month))
    first = date(year, month, 1)
    after = (first + timedelta(days=31)).replace(day=1)
    agenda = (entry for entry in _ordered(entries) if entry.closes_on >= first and entry.opens_on < after)
    return Month(first=first, today=today, weeks=weeks, agenda=tuple(agenda))


def _week(entries: Sequence[Entry], days: Sequence[date], *, month: int, today: date) -> Week:
    free_from = [days[0]] * LANES
    bars: list[Bar] = []
    more = dict.fromkeys(days, 0)
    for entry in _ordered(entries):
        first, last = max(entry.opens_on, days[0]), min(entry.closes_on, days[-1])
        if first > last:
            continue
        lane = next((lane for lane in range(LANES) if free_from[lane] <= first), None)
        if lane is None:
            for day in days:
                more[day] += first <= day <= last
            continue
        free_from[lane] = last + timedelta(days=1)
        bars.append(
            Bar(
                entry=entry,
                column=(first - days[0]).days + 1,
                span=(last - first).days + 1,
                lane=lane + 1,
                from_before=entry.opens_on < first,
                goes_on=entry.closes_on > last,
            )
        )
    return Week(
        days=tuple(Day(on=day, in_month=day.month == month, is_today=day == today, more=more[day]) for day in days),
        bars=tuple(bars),
        lanes=max((bar.lane for bar in bars), default=0),
    )


def _ordered(entries: Sequence[Entry]) -> list[Entry]:
    """By first day, the longer first, so that long bars take the upper lanes."""
    return sorted(entries, key=lambda entry: (entry.opens_on, -(entry.closes_on - entry.opens_on).days, entry.title_vi))
