"""The working days of administrative bodies in Vietnam, and the clocks that count in them.

What is off and why stands in years/*.csv and sources.csv; docs/working-days.md tells the rules and their bases.
"""

from service.domain.working_days.calendar import Calendar, UnknownYear
from service.domain.working_days.clocks import ClockState, Pause, clock_state, due_at, due_on
from service.domain.working_days.days import DayKind, ReadAs, Source, SpecialDay, read_sources, read_year
from service.domain.working_days.packaged import load_calendar

__all__ = [
    "Calendar",
    "ClockState",
    "DayKind",
    "Pause",
    "ReadAs",
    "Source",
    "SpecialDay",
    "UnknownYear",
    "clock_state",
    "due_at",
    "due_on",
    "load_calendar",
    "read_sources",
    "read_year",
]
