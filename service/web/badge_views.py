"""What the pages about badges show: how they look, print jobs, keys and revocations."""

from dataclasses import dataclass
from datetime import datetime

from service.web.views import FieldError, NavItem, Option, Pager


@dataclass(frozen=True)
class Place:
    """The event that a page is about, and the pages about its passes that the reader may open.

    `news` says what was just done, if anything was.
    """

    title_vi: str
    title_en: str
    href: str
    pages: tuple[NavItem, ...]
    current: str
    news: str = ""


# console/badges.html, console/badge_class.html -----------------------------------------------------


@dataclass(frozen=True)
class ClassRow:
    """A class of passes; no `href`: the reader can't change it."""

    code: str
    category: str
    name_vi: str
    name_en: str
    colour: str
    own: bool
    passes: int
    href: str


@dataclass(frozen=True)
class FormatCard:
    """A format of badges with a picture of one; version 0: its template was never changed."""

    format: str
    href: str
    preview_href: str
    built_in: bool
    version: int
    changed_at: datetime | None


@dataclass(frozen=True)
class Logo:
    """The event's logo; no `src`: it has none. No `action`: the reader can't change it."""

    src: str
    action: str
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class BadgesPage:
    """Context `page`; no `add_href`: the reader can't change anything."""

    place: Place
    classes: tuple[ClassRow, ...]
    add_href: str
    logo: Logo
    formats: tuple[FormatCard, ...]


@dataclass(frozen=True)
class ClassForm:
    """Context `page`: a class to add or to change, as it was typed.

    `known`: the class is there already; `fixed`: its category can't change. `colour` is what is written, `picked` what
    the browser's own picker shows. No `remove_action`: it can't be removed.
    """

    place: Place
    action: str
    remove_action: str
    back_href: str
    known: bool
    fixed: bool
    passes: int
    code: str
    category: str
    name_vi: str
    name_en: str
    colour: str
    picked: str
    errors: tuple[FieldError, ...]


# console/badge_template.html -----------------------------------------------------------------------


@dataclass(frozen=True)
class Fault:
    """What is wrong with a template; line 0: no single place is to blame. `text` is that line of the source."""

    line: int
    column: int
    message: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet on which badges of a format are printed together."""

    format: str
    preview_href: str


@dataclass(frozen=True)
class TemplatePage:
    """Context `page`: the template of one format and a picture of what comes out.

    `tried`: the source was sent and is not in use. Its `picture` is then the picture itself, else an address; of a
    source that can't be used it shows the template that stays in use. `choices` are passes with whose data it can be
    seen, `chosen` the id of one of them, or empty for a sample. No `action`: the reader can't change it.
    """

    place: Place
    badges_href: str
    format: str
    href: str
    action: str
    built_in_action: str
    built_in: bool
    version: int
    changed_at: datetime | None
    source: str
    lines: int
    tried: bool
    picture: str
    sheet: Sheet | None
    q: str
    choices: tuple[Option, ...]
    chosen: str
    fault: Fault | None
    errors: tuple[FieldError, ...]


# console/print_jobs.html, console/print_job.html ---------------------------------------------------


@dataclass(frozen=True)
class JobRow:
    href: str
    format: str
    state: str
    total: int
    done: int
    created_at: datetime


@dataclass(frozen=True)
class JobsPage:
    """Context `page`: print jobs of an event, the newest first, and the form that begins one.

    `waiting` says how many badges could be printed now; `nothing`: none of those that were asked for.
    """

    place: Place
    action: str
    format: str
    category: str
    categories: tuple[Option, ...]
    waiting: int
    nothing: bool
    rows: tuple[JobRow, ...]
    pager: Pager


@dataclass(frozen=True)
class PartRow:
    """A part of a job; no `href`: it isn't made yet."""

    number: int
    badges: int
    href: str
    made_at: datetime | None


@dataclass(frozen=True)
class SkippedRow:
    """A pass that was left away, as it stands now."""

    serial: str
    href: str
    state: str
    badge: str


@dataclass(frozen=True)
class JobProgress:
    """Context `job` of console/print_progress.html, the part that renews itself while the job runs.

    `href` answers it, `whole_href` is empty until the job has ended with something made. `fault_href` leads to where
    the problem can be mended, if it is the template's. `idle`: nobody seems to work on it.
    """

    href: str
    state: str
    as_of: datetime
    total: int
    done: int
    skipped: int
    without_portrait: int
    problem: str
    fault_href: str
    idle: bool
    parts: tuple[PartRow, ...]
    whole_href: str
    left_away: tuple[SkippedRow, ...]
    stop_action: str
    jobs_href: str
    ended_at: datetime | None


@dataclass(frozen=True)
class JobPage:
    """Context `page`, beside `job`: what was asked for, by whom, when."""

    place: Place
    jobs_href: str
    format: str
    started_by: str
    created_at: datetime
