"""Clocks in working days: when something is due, what pauses do to it, and how it stands."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.localtime import CITY_ZONE, end_of, start_of
from service.domain.working_days import ClockState, Pause, clock_state, due_at, due_on, load_calendar

CALENDAR = load_calendar()
DAY = timedelta(days=1)


def city(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant by the city's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=CITY_ZONE).astimezone(UTC)


def test_a_clock_runs_to_the_end_of_the_citys_day() -> None:
    # Monday 2 March 2026 in the city, whatever hour; in UTC the first is still Sunday.
    for start in (city(2026, 3, 2, 0, 30), city(2026, 3, 2, 23, 59)):
        assert due_on(CALENDAR, start, 3) == date(2026, 3, 5)
        assert due_at(CALENDAR, start, 3) == datetime(2026, 3, 5, 17, 0, tzinfo=UTC)


MONDAY = city(2026, 3, 2)


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], date(2026, 3, 5)),
        # Asked on Tuesday morning, answered on Thursday afternoon: Friday is day 1.
        ([(city(2026, 3, 3, 10), city(2026, 3, 5, 15))], date(2026, 3, 10)),
        # Asked and answered on Tuesday: that one day is lost.
        ([(city(2026, 3, 3, 10), city(2026, 3, 3, 11))], date(2026, 3, 6)),
        # Asked on the last day, one minute before its end: that day comes again.
        ([(city(2026, 3, 5, 23, 59), city(2026, 3, 6, 8))], date(2026, 3, 9)),
        # Asked on the day of receipt, answered on it: nothing is lost, for it does not count anyway.
        ([(city(2026, 3, 2, 10), city(2026, 3, 2, 16))], date(2026, 3, 5)),
        # Answered at the stroke of midnight: the new day counts.
        ([(city(2026, 3, 3, 10), start_of(date(2026, 3, 5)))], date(2026, 3, 9)),
        # Asked after the period was over: too late to change anything.
        ([(end_of(date(2026, 3, 5)), city(2026, 3, 9))], date(2026, 3, 5)),
        ([(end_of(date(2026, 3, 5)), None)], date(2026, 3, 5)),
        # Awaited still.
        ([(city(2026, 3, 5, 23, 59), None)], None),
        ([(city(2026, 3, 3), city(2026, 3, 4)), (city(2026, 3, 9), None)], None),
        # Over in the same instant: no pause.
        ([(city(2026, 3, 3, 10), city(2026, 3, 3, 10))], date(2026, 3, 5)),
    ],
)
def test_pauses(pauses: list[tuple[datetime, datetime | None]], expected: date | None) -> None:
    assert due_on(CALENDAR, MONDAY, 3, pauses) == expected


def test_a_weekend_pause_costs_nothing() -> None:
    friday = city(2026, 3, 6)
    assert due_on(CALENDAR, friday, 2, [Pause(city(2026, 3, 7), city(2026, 3, 8, 20))]) == date(2026, 3, 10)


def test_a_worked_saturday_is_lost_to_a_pause_like_any_day() -> None:
    friday = city(2026, 8, 21)
    assert due_on(CALENDAR, friday, 1) == date(2026, 8, 22)
    assert due_on(CALENDAR, friday, 1, [Pause(city(2026, 8, 22), city(2026, 8, 22, 12))]) == date(2026, 8, 24)


def test_a_period_of_no_days_ends_on_the_day_itself() -> None:
    assert due_on(CALENDAR, MONDAY, 0) == date(2026, 3, 2)
    assert due_on(CALENDAR, city(2026, 3, 7), 0) == date(2026, 3, 9)


def test_an_open_pause_needs_no_unknown_year() -> None:
    last = max(CALENDAR.years)
    assert due_on(CALENDAR, city(last, 12, 30), 5, [Pause(city(last, 12, 31), None)]) is None


def test_clocks_refuse_what_they_cannot_read() -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 (that it is naive is the point)
    with pytest.raises(ValueError, match="time zone"):
        due_on(CALENDAR, naive, 1)
    with pytest.raises(ValueError, match="time zone"):
        due_on(CALENDAR, MONDAY, 1, [(MONDAY, naive)])
    with pytest.raises(ValueError, match="before it begins"):
        due_on(CALENDAR, MONDAY, 1, [(MONDAY, MONDAY - DAY)])
    with pytest.raises(ValueError, match="only be added"):
        due_on(CALENDAR, MONDAY, -1)


instants = st.timedeltas(timedelta(0), timedelta(days=850)).map(lambda gone: datetime(2024, 3, 1, tzinfo=UTC) + gone)
lengths = st.timedeltas(timedelta(0), timedelta(days=12))


@st.composite
def clocks(draw: st.DrawFn, *, open_too: bool = False) -> tuple[datetime, int, list[Pause]]:
    """A start, a number of working days, and up to four pauses near it in any order, some overlapping."""
    start = draw(instants)
    begins = draw(st.lists(st.timedeltas(timedelta(days=-3), timedelta(days=25)), max_size=4))
    pauses = [Pause(start + begin, start + begin + draw(lengths)) for begin in begins]
    if open_too and pauses and draw(st.booleans()):
        pauses[0] = Pause(pauses[0].since, None)
    return start, draw(st.integers(0, 20)), pauses


@given(clocks())
def test_without_pauses_a_clock_adds_working_days(clock: tuple[datetime, int, list[Pause]]) -> None:
    start, n, _ = clock
    due = due_at(CALENDAR, start, n)
    assert due == end_of(CALENDAR.add_working_days(start.astimezone(CITY_ZONE).date(), n))
    assert due > start


@given(clocks(open_too=True))
def test_a_pause_never_shortens(clock: tuple[datetime, int, list[Pause]]) -> None:
    start, n, pauses = clock
    dues = [due_at(CALENDAR, start, n, pauses[:taken]) for taken in range(len(pauses) + 1)]
    for before, after in pairwise(dues):
        assert after is None or (before is not None and before <= after)


@given(clocks(open_too=True), st.randoms())
def test_the_order_of_pauses_does_not_matter(clock: tuple[datetime, int, list[Pause]], random) -> None:
    start, n, pauses = clock
    shuffled = random.sample(pauses, len(pauses))
    assert due_at(CALENDAR, start, n, shuffled) == due_at(CALENDAR, start, n, pauses)


@given(clocks())
def test_overlapping_pauses_are_as_good_as_what_they_cover(clock: tuple[datetime, int, list[Pause]]) -> None:
    start, n, pauses = clock
    merged: list[Pause] = []
    for since, until in sorted(pauses):
        if merged and since <= merged[-1].until:
            merged[-1] = Pause(merged[-1].since, max(merged[-1].until, until))
        else:
            merged.append(Pause(since, until))
    assert due_at(CALENDAR, start, n, merged) == due_at(CALENDAR, start, n, pauses)
    assert due_at(CALENDAR, start, n, pauses + pauses) == due_at(CALENDAR, start, n, pauses)


@given(clocks())
def test_exactly_the_untouched_working_days_are_counted(clock: tuple[datetime, int, list[Pause]]) -> None:
    start, n, pauses = clock
    assume(n)
    due = due_on(CALENDAR, start, n, pauses)
    received = start.astimezone(CITY_ZONE).date()
    counted = []
    on = received
    while on < due:
        on += DAY
        standing = sum(
            (max(timedelta(0), min(until, end_of(on)) - max(since, start_of(on))) for since, until in pauses),
            timedelta(0),
        )
        if CALENDAR.is_working_day(on) and not standing:
            counted.append(on)
    assert len(counted) == n
    assert counted[-1] == due


@given(clocks())
def test_a_clock_is_known_as_soon_as_the_awaited_comes(clock: tuple[datetime, int, list[Pause]]) -> None:
    start, n, pauses = clock
    assume(pauses)
    waiting = [Pause(pauses[0].since, None), *pauses[1:]]
    due = due_at(CALENDAR, start, n, waiting)
    # An open pause either holds the clock, or began when the period was over and then takes nothing away.
    assert due is None or due <= pauses[0].since


# --- states -------------------------------------------------------------------------------------------------------

DUE = end_of(date(2026, 3, 5))
TWO_DAYS = timedelta(days=2)


@pytest.mark.parametrize(
    ("due", "now", "done", "expected"),
    [
        (DUE, DUE - TWO_DAYS - timedelta(seconds=1), None, ClockState.RUNNING),
        (DUE, DUE - TWO_DAYS, None, ClockState.SOON),
        (DUE, DUE - timedelta(microseconds=1), None, ClockState.SOON),
        (DUE, DUE, None, ClockState.LATE),
        (None, DUE, None, ClockState.PAUSED),
        (DUE, DUE, DUE - DAY, ClockState.DONE),
        (DUE, DUE + DAY, DUE + DAY, ClockState.DONE),
        (None, DUE, DUE, ClockState.DONE),
        (DUE, DUE, DUE + DAY, ClockState.LATE),  # at that moment it was not done yet
    ],
)
def test_states(due: datetime | None, now: datetime, done: datetime | None, expected: ClockState) -> None:
    assert clock_state(due, now, TWO_DAYS, done_at=done) == expected
