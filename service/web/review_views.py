"""What the pages of an authority show: its queue, one review, a verdict on many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.web.views import FieldError, Option, Pager, TimelineStep


@dataclass(frozen=True)
class ClockPart:
    """A review's clock (parts/review_clock.html); fields as in domain/accreditation/review_clocks.py."""

    face: str
    due_on: date | None
    days: int
    year: int | None
    done_at: datetime | None


@dataclass(frozen=True)
class Tab:
    """A tab of a list: its code is a word of `queue_tab`."""

    code: str
    count: int
    href: str


# console/queue.html --------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to; empty: everything."""

    tab: str
    q: str
    event: str
    klass: str
    authority: str

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.event or self.klass or self.authority)


@dataclass(frozen=True)
class QueueRow:
    """One line. What the authority isn't shown is empty; `verdict` is the one that stands."""

    id: str
    href: str
    reference: str
    name: str
    outlet: str
    role: str
    event_vi: str
    event_en: str
    class_vi: str
    class_en: str
    authority_vi: str
    authority_en: str
    state: str
    verdict: str
    clock: ClockPart
    may_choose: bool


@dataclass(frozen=True)
class QueuePage:
    """Context `page`: an authority's queue. `delegations_href`: for those who may delegate it."""

    href: str
    bulk_action: str
    tabs: tuple[Tab, ...]
    filter: QueueFilter
    events: tuple[Option, ...]
    classes: tuple[Option, ...]
    authorities: tuple[Option, ...]
    rows: tuple[QueueRow, ...]
    pager: Pager
    news: str
    delegations_href: str = ""

    @property
    def may_choose(self) -> bool:
        return any(row.may_choose for row in self.rows)


# console/verdicts.html, console/decisions.html -----------------------------------------------------


@dataclass(frozen=True)
class Foreseen:
    """What would become of one row; `fault` says why nothing would."""

    id: str
    name: str
    reference: str
    href: str
    becomes: str
    fault: str


@dataclass(frozen=True)
class BulkPage:
    """Context `page`: a step on many rows before it is taken. `rows` is none as long as a ground is missing.

    `ids` are all that were chosen.
    """

    action: str
    back_href: str
    trail: tuple[tuple[str, str], ...]
    field: str
    ids: tuple[str, ...]
    kind: str
    needs_ground: bool
    reasons: tuple[Option, ...]
    reason_code: str
    ground: str
    rows: tuple[Foreseen, ...] | None
    errors: tuple[FieldError, ...]

    @property
    def going(self) -> int:
        return sum(not row.fault for row in self.rows or ())

    @property
    def staying(self) -> int:
        return sum(bool(row.fault) for row in self.rows or ())


# console/review.html -------------------------------------------------------------------------------


@dataclass(frozen=True)
class FieldRow:
    """A field by its code (a word of `field`) and its value as text; `note` is a remark of ours about it."""

    code: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class FilePart:
    """A file: `href` opens it for ten minutes, and is none for whoever isn't shown it. `seen` says who ticked it."""

    kind: str
    name: str
    href: str | None
    is_picture: bool
    pages: int
    added_at: datetime
    seen_by: str
    seen_at: datetime | None
    tick: str | None


@dataclass(frozen=True)
class VerdictForm:
    """The form of a verdict, as it was typed; `zones` is empty for an authority that isn't shown them."""

    action: str
    kind: str
    zones: tuple[Option, ...]
    chosen_zones: Sequence[str]
    days: tuple[Option, ...]
    chosen_days: Sequence[str]
    escort: bool
    reasons: tuple[Option, ...]
    reason_code: str
    ground: str
    fields: tuple[Option, ...]
    chosen_fields: Sequence[str]
    has_next: bool
    given: bool
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class ReviewPage:
    """Context `page`: one application as far as its authority is shown it. `form` is none when it isn't its turn."""

    reference: str
    name: str
    event_vi: str
    event_en: str
    class_vi: str
    class_en: str
    authority_vi: str
    authority_en: str
    power: str
    state: str
    clock: ClockPart
    round: int
    fields: tuple[FieldRow, ...]
    files: tuple[FilePart, ...]
    history: tuple[TimelineStep, ...]
    form: VerdictForm | None
    queue_href: str
    previous_href: str | None
    next_href: str | None
    news: str
