"""What the pages of an event's office show: its applications, one of them, decisions on many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.web.review_views import ClockPart, FieldRow, FilePart, Foreseen, Tab
from service.web.views import FieldError, Option, Pager, TimelineStep

# console/applications.html -------------------------------------------------------------------------


@dataclass(frozen=True)
class ApplicationFilter:
    """What the list is narrowed to; empty: everything."""

    q: str
    state: str
    readiness: str
    klass: str
    outlet: str

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.state or self.readiness or self.klass or self.outlet)


@dataclass(frozen=True)
class DeskState:
    """An authority in a line of the list: its name, and its verdict or, before it, the state of its review."""

    name_vi: str
    name_en: str
    state: str
    verdict: str
    late: bool


@dataclass(frozen=True)
class ApplicationRow:
    """One line. `readiness` is empty when it is decided."""

    id: str
    href: str
    reference: str
    name: str
    outlet: str
    role: str
    class_vi: str
    class_en: str
    state: str
    readiness: str
    desks: tuple[DeskState, ...]
    submitted_at: datetime | None


@dataclass(frozen=True)
class AppealRow:
    href: str
    name: str
    reference: str
    filed_at: datetime


@dataclass(frozen=True)
class ApplicationsPage:
    """Context `page`: the applications for one event. `bulk_action` is empty for whoever may not decide."""

    event_vi: str
    event_en: str
    event_href: str
    href: str
    csv_href: str
    bulk_action: str
    readiness: tuple[Tab, ...]
    states: tuple[Tab, ...]
    filter: ApplicationFilter
    classes: tuple[Option, ...]
    outlets: tuple[Option, ...]
    rows: tuple[ApplicationRow, ...]
    appeals: tuple[AppealRow, ...]
    total: int
    pager: Pager


# console/batch.html --------------------------------------------------------------------------------


@dataclass(frozen=True)
class BatchPage:
    """Context `page`: what a bulk decision did. `undo` is where it is taken back, none where nothing can be."""

    event_vi: str
    event_en: str
    event_href: str
    list_href: str
    decided_at: datetime
    rows: tuple[Foreseen, ...]
    left: tuple[Foreseen, ...]
    undo: str | None
    ground: str
    news: str
    errors: tuple[FieldError, ...]


# console/application.html --------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskPart:
    """An authority's part: who acts as it, its clock, its verdict with ground and conditions."""

    name_vi: str
    name_en: str
    body_vi: str
    body_en: str
    power: str
    stage: int
    state: str
    clock: ClockPart
    verdict: str
    ground: str
    conditions: str
    said_by: str


@dataclass(frozen=True)
class LimitPart:
    """A quota or cap: `code` is a word of `limit`."""

    code: str
    taken: int
    limit: int

    @property
    def is_full(self) -> bool:
        return self.taken >= self.limit


@dataclass(frozen=True)
class DecisionForm:
    """The form of a decision, as it was typed; `full` offers to go beyond quotas."""

    action: str
    kinds: tuple[str, ...]
    kind: str
    zones: tuple[Option, ...]
    chosen_zones: Sequence[str]
    days: tuple[Option, ...]
    chosen_days: Sequence[str]
    escort: bool
    reasons: tuple[Option, ...]
    reason_code: str
    reason: str
    full: bool
    beyond_quota: bool


@dataclass(frozen=True)
class AppealPart:
    """An appeal and its answer; `action` is where it is answered, none when it is or the reader may not."""

    wording: str
    state: str
    filed_at: datetime
    answer: str
    answered_at: datetime | None
    action: str | None
    typed: str
    upheld: str


@dataclass(frozen=True)
class GrantPart:
    """What was granted."""

    zones: tuple[str, ...]
    days: tuple[date, ...]
    escort: bool


@dataclass(frozen=True)
class ApplicationPage:
    """Context `page`: one application as its office sees it. What its reader may not do is none or empty."""

    reference: str
    name: str
    event_vi: str
    event_en: str
    event_href: str
    list_href: str
    class_vi: str
    class_en: str
    outlet: str
    state: str
    readiness: str
    submitted_at: datetime | None
    fields: tuple[FieldRow, ...]
    identity_hidden: bool
    files: tuple[FilePart, ...]
    same_press_card: int
    desks: tuple[DeskPart, ...]
    conditions: str
    limits: tuple[LimitPart, ...]
    granted: GrantPart | None
    form: DecisionForm | None
    set_aside: str | None
    ground: str
    appeals: tuple[AppealPart, ...]
    pass_href: str
    issue: str | None
    history: tuple[TimelineStep, ...]
    looks: tuple[TimelineStep, ...]
    news: str
    errors: tuple[FieldError, ...]
