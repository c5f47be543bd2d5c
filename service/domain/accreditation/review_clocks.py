"""A review's clock as people read it: how many working days are left, or by how many days it is late."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.accreditation.reviews import Review, ReviewState
from service.domain.base import date, datetime
from service.domain.localtime import local_day
from service.domain.working_days import Calendar, UnknownYear

_SOON = 1


class Face(StrEnum):
    """`unknown`: the working days of the year in which it ends have not been announced. `over`: nobody waits."""

    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    DONE = "done"
    OVER = "over"


@dataclass(frozen=True)
class ClockFace:
    """`due_on` is the last day. `days`: working days that are left after today, or days by which it is late.

    `year`: the one whose working days aren't known.
    """

    face: Face
    due_on: date | None = None
    days: int = 0
    year: int | None = None
    done_at: datetime | None = None


_STILL = {ReviewState.WAITING: Face.WAITING, ReviewState.PAUSED: Face.PAUSED, ReviewState.CLOSED: Face.OVER}


def face_of(review: Review, now: datetime, calendar: Calendar) -> ClockFace:
    """How a review's clock stands at `now`."""
    if review.state is ReviewState.DONE:
        return ClockFace(Face.DONE, done_at=review.done_at)
    if review.state in _STILL:
        return ClockFace(_STILL[review.state])
    if review.due_at is None:
        year = review.fault.partition(":")[2]
        return ClockFace(Face.UNKNOWN, year=int(year) if year.isdigit() else None)
    # A due moment is the midnight at the end of the last day: an instant before it is that day.
    due_on, today = date.fromordinal(local_day(review.due_at).toordinal() - 1), local_day(now)
    if review.due_at <= now:
        return ClockFace(Face.LATE, due_on, (today - due_on).days)
    try:
        left = calendar.working_days_between(today, due_on)
    except UnknownYear as unknown:
        return ClockFace(Face.UNKNOWN, due_on, year=unknown.year)
    return ClockFace(Face.SOON if left <= _SOON else Face.RUNNING, due_on, left)
