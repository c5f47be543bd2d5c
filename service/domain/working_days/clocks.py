"""Clocks that count in working days: when something is due, and how far that is."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from service.domain.localtime import end_of, local_day, start_of
from service.domain.working_days.calendar import DAY, Calendar


class Pause(NamedTuple):
    """The clock stands still from `since` until just before `until`; an open pause has no `until` yet."""

    since: datetime
    until: datetime | None


class ClockState(StrEnum):
    """How a clock stands, for pages."""

    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    DONE = "done"


def due_on(
    calendar: Calendar, start: datetime, n: int, pauses: Sequence[tuple[datetime, datetime | None]] = ()
) -> date | None:
    """The city's day at the end of which `n` working days after `start` are over; None while an open pause holds it.

    A working day counts if the clock ran throughout it: a day that a pause touches does not count, be it by a
    minute. Pauses may come in any order and overlap; one that begins after the period was over changes nothing.
    Raises UnknownYear where the count needs a year that is not known.
    """
    if n < 0:
        raise ValueError("working days can only be added")
    _check_instants(start, pauses)
    day = local_day(start) + DAY if n else local_day(start)
    left = max(n, 1)
    while True:
        begin, end = start_of(day), end_of(day)
        if any(until is None and since < end for since, until in pauses):
            return None
        touched = any(until is not None and since < until and since < end and until > begin for since, until in pauses)
        # A touched day does not count whether it is worked or not, so its year need not be known.
        if not touched and calendar.is_working_day(day):
            left -= 1
        if not left:
            return day
        day += DAY


def due_at(
    calendar: Calendar, start: datetime, n: int, pauses: Sequence[tuple[datetime, datetime | None]] = ()
) -> datetime | None:
    """The instant, in UTC, at which the day of `due_on` is over (article 148.6 of the Civil Code: at 24 hours).

    It is midnight and thus the first instant of the next date: show people `due_on`, compare with this.
    """
    day = due_on(calendar, start, n, pauses)
    return end_of(day) if day else None


def clock_state(
    due_at: datetime | None, now: datetime, soon: timedelta, *, done_at: datetime | None = None
) -> ClockState:
    """How a clock stands at `now`: `soon` is how long before the due moment a warning begins.

    Without a due moment the clock is paused. What was done stays done, in time or not.
    """
    if done_at is not None and done_at <= now:
        return ClockState.DONE
    if due_at is None:
        return ClockState.PAUSED
    if now >= due_at:
        return ClockState.LATE
    return ClockState.SOON if due_at - now <= soon else ClockState.RUNNING


def _check_instants(start: datetime, pauses: Sequence[tuple[datetime, datetime | None]]) -> None:
    # The city's day of a naive time would silently be the day of the machine's own zone.
    if any(at is not None and at.tzinfo is None for pause in ((start, None), *pauses) for at in pause):
        raise ValueError("an instant without a time zone")
    if any(until is not None and until < since for since, until in pauses):
        raise ValueError("a pause ends before it begins")
