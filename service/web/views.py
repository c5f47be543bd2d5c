"""What pages show: one frozen class per page and per row. Routes fill them, templates read them.

Every text in a view is ready to show. Codes (states, kinds, categories) are shown by the words of words.py,
bilingual texts come as `…_vi` and `…_en`, instants are aware UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from service.web.month import Month

Audience = Literal["public", "console", "press"]


@dataclass(frozen=True)
class NavItem:
    """A link of the header; `code` is named by the words of `nav`."""

    code: str
    href: str


@dataclass(frozen=True)
class SignedIn:
    name: str
    organisation_vi: str
    organisation_en: str


@dataclass(frozen=True)
class Shell:
    """What stands around every page. `path` is the address with its query, for the language switch."""

    audience: Audience
    path: str
    nav: tuple[NavItem, ...]
    current: str
    signed_in: SignedIn | None


CONSOLE_NAV = (
    NavItem("start", "/console"),
    NavItem("events", "/console/events"),
    NavItem("accreditation", "/console/accreditation"),
    NavItem("outlets", "/console/outlets"),
    NavItem("standing", "/console/standing"),
)
"""All items of the organisers' header; console/access.py says who sees which."""


def console_shell(*, path: str, current: str, signed_in: SignedIn, nav: tuple[NavItem, ...] = CONSOLE_NAV) -> Shell:
    """The shell of the organisers' pages; `current` is the code of the nav item that the page belongs to."""
    return Shell("console", path, nav, current, signed_in)


PRESS_NAV = (
    NavItem("press_events", "/press"),
    NavItem("press_profile", "/press/profile"),
    NavItem("press_privacy", "/press/privacy"),
)


def press_shell(*, path: str, current: str, signed_in: SignedIn | None) -> Shell:
    """The shell of the journalists' portal; without a sign-in it leads nowhere but to what is open to all."""
    return Shell("press", path, PRESS_NAV if signed_in else (), current, signed_in)


def public_shell(*, path: str) -> Shell:
    """The shell of pages that need no sign-in."""
    return Shell("public", path, (), "", None)


@dataclass(frozen=True)
class Option:
    """A choice of a select, with a text that is ready to show."""

    value: str
    label: str


@dataclass(frozen=True)
class FieldError:
    """A message that says what to do, at the field with this name; no field: it stands only on top."""

    field: str
    message: str


@dataclass(frozen=True)
class Pager:
    """Neighbours in a list with cursors; none at an end."""

    older_href: str | None
    newer_href: str | None


# sign_in.html --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SignInForm:
    """Context `form`: what was typed, except the password."""

    email: str
    next: str
    errors: tuple[FieldError, ...]


# problem.html --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """Context `problem`: what happened, what to do, and the id under which the log knows it.

    No status: the page only says what a problem code means.
    """

    status: int | None
    title: str
    detail: str
    todo: str
    reference: str


# console/start.html --------------------------------------------------------------------------------


@dataclass(frozen=True)
class MethodCount:
    """Visits by method: they may overlap, so pages show them side by side and never as one sum."""

    scan: int
    tally: int


@dataclass(frozen=True)
class TodayRow:
    """An occurrence that is on today, with what was counted there today."""

    href: str
    kind: str
    title_vi: str
    title_en: str
    venue_vi: str
    venue_en: str
    unit_vi: str
    unit_en: str
    daily_from: time | None
    daily_to: time | None
    visits: MethodCount


@dataclass(frozen=True)
class Duty:
    """Something that waits for me or is late; `since` is when it began to wait or was due."""

    text: str
    href: str
    count: int | None
    since: date | datetime | None


@dataclass(frozen=True)
class DayCount:
    on: date
    scan: int
    tally: int


@dataclass(frozen=True)
class CalendarFilter:
    """What the calendar is narrowed to; empty: everything."""

    kind: str
    unit: str
    month: str
    units: tuple[Option, ...]


@dataclass(frozen=True)
class StartPage:
    """Context `page`: what is on, what waits, what is late, how many came, and the month."""

    today: date
    as_of: datetime
    on_today: tuple[TodayRow, ...]
    waiting: tuple[Duty, ...]
    late: tuple[Duty, ...]
    visits_today: MethodCount
    visits_last_7: MethodCount
    visits_before_7: MethodCount
    daily: tuple[DayCount, ...]
    month: Month
    filter: CalendarFilter
    previous_href: str
    next_href: str
    this_month_href: str


# console/events.html -------------------------------------------------------------------------------


@dataclass(frozen=True)
class EventRow:
    href: str
    kind: str
    state: str
    title_vi: str
    title_en: str
    organisation_vi: str
    organisation_en: str
    opens_on: date | None
    closes_on: date | None
    occurrences: int
    visits: MethodCount


@dataclass(frozen=True)
class EventFilter:
    q: str
    kind: str
    state: str
    unit: str
    on: date | None
    units: tuple[Option, ...]


@dataclass(frozen=True)
class EventsPage:
    """Context `page`: the list of events, filters as they stand in the address."""

    filter: EventFilter
    rows: tuple[EventRow, ...]
    total: int
    pager: Pager


# Timelines ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TimelineStep:
    """Something that happened, or is to happen (`at` none); `tone` as in words.py."""

    at: date | datetime | None
    text: str
    who: str
    note: str
    tone: str
