"""What the office's pages about the press show: outlets, standing accreditations, delegations."""

from dataclasses import dataclass
from datetime import date, datetime

from service.web.views import FieldError, Option, Pager

# console/outlets.html -------------------------------------------------------------------------------


@dataclass(frozen=True)
class OutletRow:
    """An outlet with how many people it has, and how many applications they have sent in."""

    href: str
    name: str
    kind: str
    country: str
    host_broadcaster: bool
    people: int
    applications: int


@dataclass(frozen=True)
class OutletsPage:
    """Context `page`: the register of outlets, by name."""

    href: str
    q: str
    rows: tuple[OutletRow, ...]
    found: int
    total: int
    pager: Pager


# console/outlet.html --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Alias:
    name: str
    remove_action: str


@dataclass(frozen=True)
class OutletPerson:
    """A journalist of an outlet; `action` makes them its focal point, or no longer."""

    name: str
    email: str
    is_focal_point: bool
    action: str


@dataclass(frozen=True)
class OutletForm:
    """The facts of an outlet as they were typed."""

    name: str
    kind: str
    country: str
    languages: str
    host_broadcaster: bool


@dataclass(frozen=True)
class MergeChoice:
    """An outlet that another one may be merged into, with the page that tells what would move."""

    name: str
    people: int
    preview_href: str


@dataclass(frozen=True)
class MergePreview:
    """What would move if the outlet were merged into this one."""

    heir: str
    heir_id: str
    people: int
    names: int
    focal_points: int


@dataclass(frozen=True)
class OutletPage:
    """Context `page`: one outlet. One that was merged (`heir`) can only be read."""

    href: str
    list_href: str
    name: str
    kind: str
    people_count: int
    applications: int
    form: OutletForm
    aliases: tuple[Alias, ...]
    alias: str
    people: tuple[OutletPerson, ...]
    merged: tuple[str, ...]
    heir: str
    heir_href: str
    into_q: str
    choices: tuple[MergeChoice, ...]
    preview: MergePreview | None
    news: str
    errors: tuple[FieldError, ...]


# console/standing.html, console/standing_give.html, console/standing_end.html -----------------------


@dataclass(frozen=True)
class StandingRow:
    """A standing accreditation; `end_href` leads to ending it, empty when it is over."""

    name: str
    email: str
    outlet: str
    class_vi: str
    class_en: str
    organisation_vi: str
    organisation_en: str
    valid_from: date
    valid_until: date
    state: str
    ground: str
    end_ground: str
    end_href: str


@dataclass(frozen=True)
class StandingPage:
    """Context `page`: the standing accreditations of one's organisations. `state`: in_force, other or all."""

    href: str
    give_href: str
    q: str
    state: str
    rows: tuple[StandingRow, ...]
    found: int
    total: int
    pager: Pager
    news: str


@dataclass(frozen=True)
class StandingForm:
    """Context `form`: a standing accreditation as it is to be given; `people` are those who were found by `who`."""

    action: str
    list_href: str
    who: str
    people: tuple[Option, ...]
    journalist_id: str
    classes: tuple[Option, ...]
    class_code: str
    organisations: tuple[Option, ...]
    organisation_id: str
    valid_from: str
    valid_until: str
    ground: str
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class StandingEnd:
    """Context `form`: ending a standing accreditation."""

    action: str
    list_href: str
    name: str
    class_vi: str
    class_en: str
    valid_until: date
    ground: str
    errors: tuple[FieldError, ...]


# console/delegations.html ---------------------------------------------------------------------------


@dataclass(frozen=True)
class DelegationRow:
    """A delegation; `end_action` ends it, empty when it is over."""

    name: str
    email: str
    organisation_vi: str
    organisation_en: str
    given_by: str
    reason: str
    since: date
    until: date
    ended_at: datetime | None
    state: str
    end_action: str


@dataclass(frozen=True)
class DelegationsPage:
    """Context `page`: what one's authority has delegated, and the form that delegates, as it was typed."""

    href: str
    queue_href: str
    rows: tuple[DelegationRow, ...]
    organisations: tuple[Option, ...]
    organisation_id: str
    email: str
    since: str
    until: str
    reason: str
    news: str
    errors: tuple[FieldError, ...]
