"""What the pages about keys and revocations show."""

from dataclasses import dataclass
from datetime import datetime

from service.web.badge_views import Place
from service.web.views import FieldError, Pager


@dataclass(frozen=True)
class KeyRow:
    """A key; no `strike_href`: the reader can't strike it. `waiting` holders lost their pass with it and have no other;
    no `reissue_action`: the reader can't issue them new ones, or none waits."""

    kid: str
    state: str
    created_at: datetime
    struck_at: datetime | None
    living: int
    waiting: int
    strike_href: str
    reissue_action: str


@dataclass(frozen=True)
class EndedRow:
    """A pass on the revocation list; `href` finds it among the event's passes."""

    serial: str
    href: str
    state: str
    ground: str
    authority: str
    version: int


@dataclass(frozen=True)
class RevocationsView:
    """The newest revocation list; version 0: there was never one. `counts` are (state, number) pairs."""

    version: int
    issued_at: datetime | None
    counts: tuple[tuple[str, int], ...]
    rows: tuple[EndedRow, ...]
    total: int
    pager: Pager


@dataclass(frozen=True)
class HeldRow:
    """What one device held; `standing` is a word of `held_list`, version None: it had no list."""

    name: str
    version: int | None
    standing: str
    since: datetime | None
    heard_at: datetime | None
    revoked: bool


@dataclass(frozen=True)
class DoorsKnew:
    """What the doors knew at a moment; `on` and `at` are the moment as it was typed, `moment` None where it can't be
    read."""

    on: str
    at: str
    moment: datetime | None
    version: int
    issued_at: datetime | None
    rows: tuple[HeldRow, ...]
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class KeysPage:
    """Context `page`; no `rotate_action`: the reader can't make a new key. `doors` is None where it is not the
    reader's to see."""

    place: Place
    href: str
    keys: tuple[KeyRow, ...]
    rotate_action: str
    revocations: RevocationsView
    doors: DoorsKnew | None


@dataclass(frozen=True)
class StrikePage:
    """Context `page`: the first step asks for the reason, the second (`sure`) whether it is to be."""

    place: Place
    back_href: str
    action: str
    kid: str
    state: str
    ending: int
    sure: bool
    reason: str
    errors: tuple[FieldError, ...]
