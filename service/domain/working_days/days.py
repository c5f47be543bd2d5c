"""Days that differ from the week: what they are, what they rest on, and how their files are read."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SATURDAY = 5
"""`date.weekday()` of the first of the two weekly days off (Decision 188/1999/QĐ-TTg, article 1)."""


class DayKind(StrEnum):
    """Why a day differs from the week; the last two are known and not counted, because nobody has decided them."""

    HOLIDAY = "holiday"
    SUBSTITUTE = "substitute"
    SWAPPED_OFF = "swapped_off"
    WORKING = "working"
    PROPOSED_OFF = "proposed_off"
    PROPOSED_WORKING = "proposed_working"


DECIDED = frozenset({DayKind.HOLIDAY, DayKind.SUBSTITUTE, DayKind.SWAPPED_OFF, DayKind.WORKING})
"""What changes the week; a proposal does not."""

_ON_WEEKDAYS = frozenset({DayKind.SUBSTITUTE, DayKind.SWAPPED_OFF, DayKind.PROPOSED_OFF})
_AT_WEEKENDS = frozenset({DayKind.WORKING, DayKind.PROPOSED_WORKING})


class ReadAs(StrEnum):
    """How a source was known to whoever wrote the row: its own words, a report of it, or from memory."""

    TEXT = "text"
    REPORT = "report"
    BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Source:
    """A decision or announcement; `where` is the page that was read, `said` what it says and what is doubtful."""

    key: str
    title: str
    issued_on: date
    read_as: ReadAs
    where: str
    said: str


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One day that differs from the week, its names, its legal basis, and the source that fixed its date."""

    on: date
    kind: DayKind
    name_vi: str
    name_en: str
    basis: str
    source: Source


def is_weekend(on: date) -> bool:
    """Whether the day is one of the two weekly days off."""
    return on.weekday() >= SATURDAY


def read_sources(text: str) -> dict[str, Source]:
    """The sources of a file in the form of sources.csv, by key."""
    sources = (
        Source(
            key=row["key"],
            title=row["title"],
            issued_on=date.fromisoformat(row["issued_on"]),
            read_as=ReadAs(row["read_as"]),
            where=row["where"],
            said=row["said"],
        )
        for row in csv.DictReader(text.splitlines())
    )
    return {source.key: source for source in sources}


def read_year(year: int, text: str, sources: Mapping[str, Source]) -> dict[date, SpecialDay]:
    """The special days of a whole year, from a file in the form of years/2026.csv.

    Raises ValueError, and says which row is wrong, for a day of another year, a day told twice, an unknown kind
    or source, a substitute or swapped day off at a weekend, and a made-up day outside one.
    """
    days: dict[date, SpecialDay] = {}
    for row in csv.DictReader(text.splitlines()):
        try:
            day = _special_day(row, sources)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{year}.csv, {row.get('on')}: {error}") from error
        fault = _fault(day, year, days)
        if fault:
            raise ValueError(f"{year}.csv, {day.on}: {fault}")
        days[day.on] = day
    return days


def _special_day(row: Mapping[str, str], sources: Mapping[str, Source]) -> SpecialDay:
    return SpecialDay(
        on=date.fromisoformat(row["on"]),
        kind=DayKind(row["kind"]),
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        basis=row["basis"],
        source=sources[row["source"]],
    )


def _fault(day: SpecialDay, year: int, others: Mapping[date, SpecialDay]) -> str | None:
    if day.on.year != year:
        return "a day of another year"
    if day.on in others:
        return "told twice; put both names into one row"
    if day.kind in _ON_WEEKDAYS and is_weekend(day.on):
        return f"{day.kind} at a weekend, which is off anyway"
    if day.kind in _AT_WEEKENDS and not is_weekend(day.on):
        return f"{day.kind} on a weekday, which is worked anyway"
    return None
