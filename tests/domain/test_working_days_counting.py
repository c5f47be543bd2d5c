"""Counting in working days, by example and by property, in the packaged years."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.working_days import load_calendar

CALENDAR = load_calendar()


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),  # handed in on a Saturday: the same as on Friday
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # over Tết
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the Saturday worked for 31 August
        (date(2026, 8, 21), 7, date(2026, 9, 3)),
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # Friday 2 January is off
        (date(2025, 12, 31), 6, date(2026, 1, 10)),  # and worked on this Saturday
        (date(2026, 11, 23), 1, date(2026, 11, 25)),
    ],
)
def test_adding_working_days(start: date, n: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, n) == end


@pytest.mark.parametrize(
    ("needed_on", "n", "last"),
    [
        (date(2026, 3, 9), 0, date(2026, 3, 6)),
        (date(2026, 3, 9), 2, date(2026, 3, 4)),
        (date(2026, 3, 8), 2, date(2026, 3, 4)),  # needed on a Sunday
        (date(2026, 9, 3), 1, date(2026, 8, 27)),
        (date(2026, 8, 24), 1, date(2026, 8, 21)),  # the one day is the Saturday worked
        (date(2026, 11, 25), 2, date(2026, 11, 19)),
        (date(2026, 1, 5), 1, date(2025, 12, 30)),
    ],
)
def test_the_last_safe_day(needed_on: date, n: int, last: date) -> None:
    assert CALENDAR.last_safe_day(needed_on, n) == last


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="only be added"):
        CALENDAR.add_working_days(date(2026, 3, 2), -1)
    with pytest.raises(ValueError, match="only be counted"):
        CALENDAR.last_safe_day(date(2026, 3, 2), -1)
    with pytest.raises(ValueError, match="before the start"):
        CALENDAR.working_days_between(date(2026, 3, 3), date(2026, 3, 2))
    with pytest.raises(TypeError, match="not an instant"):
        CALENDAR.is_working_day(datetime(2026, 9, 2, tzinfo=UTC))


# Far enough from both ends of the known years for every count below.
dates = st.dates(date(2024, 3, 1), date(2026, 5, 31))
counts = st.integers(0, 60)


@given(dates, counts)
def test_counting_gives_back_what_was_added(start: date, n: int) -> None:
    # A period of no days that begins on a day off ends on the next working day, which is one day on.
    assume(n or CALENDAR.is_working_day(start))
    assert CALENDAR.working_days_between(start, CALENDAR.add_working_days(start, n)) == n


@given(dates, counts)
def test_a_period_never_ends_on_a_day_off(start: date, n: int) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(start, n))


@given(dates, dates, counts, counts)
def test_later_and_longer_never_ends_earlier(one: date, other: date, few: int, many: int) -> None:
    (one, other), (few, many) = sorted((one, other)), sorted((few, many))
    assert CALENDAR.add_working_days(one, few) <= CALENDAR.add_working_days(other, many)


@given(dates, counts, counts)
def test_periods_follow_each_other(start: date, n: int, more: int) -> None:
    assume(n)
    middle = CALENDAR.add_working_days(start, n)
    assert CALENDAR.add_working_days(middle, more) == CALENDAR.add_working_days(start, n + more)


@given(dates, dates, dates)
def test_counts_of_stretches_add_up(one: date, two: date, three: date) -> None:
    one, two, three = sorted((one, two, three))
    between = CALENDAR.working_days_between
    assert between(one, three) == between(one, two) + between(two, three)


@given(dates, st.integers(0, 40))
def test_the_last_safe_day_is_in_time_and_none_after_it_is(needed_on: date, n: int) -> None:
    assume(needed_on > date(2024, 6, 1))
    last = CALENDAR.last_safe_day(needed_on, n)
    assert CALENDAR.is_working_day(last)
    assert CALENDAR.add_working_days(last, n) < needed_on
    later = CALENDAR.add_working_days(last, 1)
    assert later >= needed_on or CALENDAR.add_working_days(later, n) >= needed_on
