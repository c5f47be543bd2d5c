"""Counting in working days, and only in years whose days off are known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from service.domain.working_days.days import DECIDED, DayKind, SpecialDay, is_weekend

DAY = timedelta(days=1)


class UnknownYear(LookupError):  # noqa: N818 (the name says what is the matter)
    """The days off of `year` are not known here, and are not guessed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The working days of {year} are not known. Once Tết and National Day of {year} are announced, add "
            f"{year}.csv with that year's holidays, substitute days off and swapped days to "
            "service/domain/working_days/years; docs/working-days.md says how."
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class Calendar:
    """Known years, each with the days that differ from Monday to Friday.

    A year that is not a key is unknown: whatever depends on one of its days raises UnknownYear. The rules of
    counting rest on the Civil Code 2015, articles 147 and 148.
    """

    years: Mapping[int, Mapping[date, SpecialDay]]

    def special_day(self, on: date) -> SpecialDay | None:
        """What is special about the day, proposals included; None for an ordinary weekday or weekend."""
        if isinstance(on, datetime):
            # A datetime passes for a date and is never found among the days: a holiday would count as worked.
            raise TypeError("a day is needed, not an instant")
        if on.year not in self.years:
            raise UnknownYear(on.year)
        return self.years[on.year].get(on)

    def is_working_day(self, on: date) -> bool:
        """Whether administrative bodies work on this day."""
        special = self.special_day(on)
        if special is None or special.kind not in DECIDED:
            return not is_weekend(on)
        return special.kind is DayKind.WORKING

    def proposals(self, year: int) -> tuple[SpecialDay, ...]:
        """What was proposed for the year and is not decided, by date; counted as if it had not been proposed."""
        if year not in self.years:
            raise UnknownYear(year)
        days = self.years[year]
        return tuple(days[on] for on in sorted(days) if days[on].kind not in DECIDED)

    def add_working_days(self, start: date, n: int) -> date:
        """The last day of a period of `n` working days that an event on `start` sets going.

        The day of the event does not count (article 147.3), so day 1 is the next working day. With n = 0 the
        period ends on `start` itself, or on the next working day if `start` is a day off (article 148.5).
        """
        if n < 0:
            raise ValueError("working days can only be added")
        first = start + DAY if n else start
        return next(islice(self._working_days(first, DAY), max(n, 1) - 1, None))

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`: what `add_working_days` added."""
        if end < start:
            raise ValueError("the end lies before the start")
        span = (end - start).days
        return sum(self.is_working_day(start + DAY * step) for step in range(1, span + 1))

    def last_safe_day(self, needed_on: date, n: int) -> date:
        """The last day for handing in what takes `n` working days and is needed on `needed_on`.

        It is a working day, because what comes in on a day off may be received on the next working day only;
        the `n` days after it end before `needed_on`, however late in the day it was handed in.
        """
        if n < 0:
            raise ValueError("working days can only be counted")
        return next(islice(self._working_days(needed_on - DAY, -DAY), n, None))

    def _working_days(self, first: date, step: timedelta) -> Iterator[date]:
        on = first
        while True:
            if self.is_working_day(on):
                yield on
            on += step
