"""What the desk shows: badges that are handed over, and receipts of those that were."""

from dataclasses import dataclass
from datetime import datetime

from service.web.badge_views import Place
from service.web.views import FieldError


@dataclass(frozen=True)
class OutletRow:
    """An outlet (no name: holders without one) and its badges at the desk."""

    name: str
    count: int
    href: str


@dataclass(frozen=True)
class DeskBadge:
    """A badge at the desk; `ticked`: it is to be handed over."""

    id: str
    href: str
    holder_name: str
    category: str
    human_code: str
    state: str
    ticked: bool


@dataclass(frozen=True)
class DeskOutlet:
    name: str
    badges: tuple[DeskBadge, ...]


@dataclass(frozen=True)
class HandoverForm:
    """Who takes the badges, as it was typed. `signature` is a data address of what was drawn."""

    to_name: str
    taker: str
    organisation_name: str
    signature: str
    on_paper: bool
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class HandoverPage:
    """Context `page`: the desk of an event. `outlet` is none unless the badges are those of one outlet.

    `gone` names holders whose badges were chosen and aren't at the desk any more.
    """

    place: Place
    href: str
    q: str
    outlet: str | None
    total: int
    outlets: tuple[OutletRow, ...]
    groups: tuple[DeskOutlet, ...]
    more: bool
    gone: tuple[str, ...]
    form: HandoverForm


@dataclass(frozen=True)
class HandedBadge:
    href: str
    holder_name: str
    organisation: str
    class_vi: str
    class_en: str
    serial: str


@dataclass(frozen=True)
class HandedOverPage:
    """Context `page`: who took which badges, from whom and when."""

    place: Place
    desk_href: str
    receipt_href: str
    to_name: str
    representative_of: str
    handed_at: datetime
    handed_by: str
    signed: bool
    badges: tuple[HandedBadge, ...]
