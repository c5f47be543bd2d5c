"""The city's clock: instants are UTC everywhere, days are days in Asia/Ho_Chi_Minh."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local(at: datetime) -> datetime:
    """The aware instant `at` on the city's clock."""
    return at.astimezone(CITY_ZONE)


def local_day(at: datetime) -> date:
    """The city's date at the instant `at`."""
    return local(at).date()


def start_of(on: date) -> datetime:
    """The instant, in UTC, at which the city's day `on` begins."""
    return datetime.combine(on, time(), CITY_ZONE).astimezone(UTC)


def end_of(on: date) -> datetime:
    """The instant, in UTC, at which the city's day `on` is over."""
    return start_of(on + timedelta(days=1))
