"""What the pages about passes and their badges show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from service.web.badge_views import Place
from service.web.event_view import PassRow
from service.web.views import FieldError, Option, Pager, TimelineStep

# console/passes.html -------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadgeCount:
    """How many good passes have their badge in this state, and the list of them."""

    state: str
    count: int
    href: str


@dataclass(frozen=True)
class PassFilter:
    """What the list is narrowed to; empty: everything."""

    q: str
    state: str
    category: str
    badge: str

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.state or self.category or self.badge)


@dataclass(frozen=True)
class PrintForm:
    """Badges that were never printed: how many in all, and the categories that they are of."""

    action: str
    count: int
    categories: tuple[Option, ...]


@dataclass(frozen=True)
class PassListPage:
    """Context `page`: an event's passes. What its reader may not do is none or empty.

    `to_issue` counts granted applications without a pass, `issue_action` is where they get theirs.
    """

    place: Place
    href: str
    new_href: str
    handover_href: str
    to_issue: int
    issue_action: str
    print: PrintForm | None
    badges: tuple[BadgeCount, ...]
    filter: PassFilter
    categories: tuple[Option, ...]
    rows: tuple[PassRow, ...]
    found: int
    total: int
    pager: Pager


# console/pass_new.html, console/pass_change.html ---------------------------------------------------


@dataclass(frozen=True)
class PassForm:
    """Context `form`: what a pass is to say, as it was typed, and what may be chosen.

    `validity` is whole, days, period or keep; `kept` tells what `keep` keeps. `kinds` are classes of passes. Ground
    and authority belong to a change.
    """

    action: str
    event_vi: str
    event_en: str
    event_href: str
    back_href: str
    kinds: tuple[Option, ...]
    zones: tuple[Option, ...]
    days: tuple[Option, ...]
    first_on: date | None
    last_on: date | None
    may_group: bool
    holder_name: str = ""
    native_name: str = ""
    organisation_name: str = ""
    holder_email: str = ""
    language: str = "vi"
    kind: str = ""
    chosen_zones: Sequence[str] = ()
    validity: str = "whole"
    kept: str = ""
    chosen_days: Sequence[str] = ()
    from_on: str = ""
    until_on: str = ""
    daily_from: str = ""
    daily_to: str = ""
    group: bool = False
    heads: str = ""
    attention: str = ""
    ground: str = ""
    authority: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class ReplaceForm:
    """Context `form` of console/pass_replace.html: a new pass that says the same; `printed`: it has a badge."""

    action: str
    printed: bool
    holder_name: str
    event_vi: str
    event_en: str
    event_href: str
    back_href: str
    ground: str
    authority: str
    errors: tuple[FieldError, ...]


# console/pass.html ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class ZoneName:
    code: str
    name_vi: str
    name_en: str


@dataclass(frozen=True)
class Neighbour:
    """The pass before or after this one in a chain of replacements."""

    href: str
    version: int


@dataclass(frozen=True)
class StopForm:
    """Suspending or revoking, with a ground and an authority; `suspend` is none where only revoking is left."""

    revoke: str
    suspend: str | None
    ground: str
    authority: str


@dataclass(frozen=True)
class PortraitPart:
    """The holder's portrait; `action` takes a new one and is none where the reader may not, `remove` where none is."""

    picture: str | None
    action: str | None
    remove: str | None


@dataclass(frozen=True)
class BadgePart:
    """Where the badge is, and what may be done with it; none is what may not.

    `moves` are the actions (returned, lost, found) that its place allows; they are sent to `move_action`.
    """

    state: str
    handed_to: str
    receipt: str | None
    preview: str
    print_action: str | None
    unprintable: str
    move_action: str | None
    moves: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class MailRow:
    """A mail about the pass; `again` sends it once more."""

    kind: str
    state: str
    at: datetime
    problem: str
    again: str | None


@dataclass(frozen=True)
class HolderPart:
    """How the holder is reached: the address of their page (`link` whole, `open` on this site), and mail.

    The e-mail address is none where the reader may not issue passes; `send` sends the pass once more.
    """

    link: str
    open: str
    email: str | None
    send: str | None
    mails: tuple[MailRow, ...]


@dataclass(frozen=True)
class PassPage:
    """Context `page`: one pass. What its reader may not do is none; `errors` are of the form that came back."""

    event_title_vi: str
    event_title_en: str
    event_href: str
    list_href: str
    holder_name: str
    native_name: str
    organisation: str
    category: str
    class_vi: str
    class_en: str
    serial: str
    human_code: str
    qr_svg_href: str
    qr_png_href: str
    state: str
    state_ground: str
    heads: int
    heads_in: int
    zones: tuple[ZoneName, ...]
    valid_from: datetime
    valid_until: datetime
    valid_days: Sequence[date]
    daily_from: time | None
    daily_to: time | None
    attention: str
    version: int
    older: Neighbour | None
    newer: Neighbour | None
    timeline: tuple[TimelineStep, ...]
    portrait: PortraitPart | None
    badge: BadgePart
    holder: HolderPart
    replace: str | None
    change: str | None
    resume: str | None
    stop: StopForm | None
    errors: tuple[FieldError, ...]
