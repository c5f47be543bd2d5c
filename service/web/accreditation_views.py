"""What the pages about an event's accreditation show: setting it up, rule sets, sharing out places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.web.badge_views import Place
from service.web.views import FieldError, NavItem, Option

# console/accreditation.html ------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassChoice:
    """A class that may be opened: what it asks (codes of fields and files), who looks at it, and for how long.

    `stages` are the names of the authorities, stage by stage. `safe_on` is the last day on which an application is
    surely decided before the event; none: it can't be said. `cap` as it was typed.
    """

    code: str
    name_vi: str
    name_en: str
    description_vi: str
    description_en: str
    chosen: bool
    asks: tuple[str, ...]
    stages_vi: tuple[str, ...]
    stages_en: tuple[str, ...]
    days: int
    safe_on: date | None
    cap: str


@dataclass(frozen=True)
class AuthorityChoice:
    """Who acts as an authority, as it was typed; `needed`: an open class needs it. `classes` are those that do."""

    code: str
    name_vi: str
    name_en: str
    classes_vi: tuple[str, ...]
    classes_en: tuple[str, ...]
    needed: bool
    organisation: str
    lead: str
    language: str


@dataclass(frozen=True)
class SetUpForm:
    """Context `form`: an accreditation as it is to be. `newer_href`: a newer version of the rules can be taken.

    `under_way` counts the applications that a change doesn't touch; `opened`: it is changed, not opened.
    """

    action: str
    page_href: str
    rule_set: str
    rule_sets: tuple[Option, ...]
    rules_href: str
    newer_href: str
    opened: bool
    under_way: int
    classes: tuple[ClassChoice, ...]
    authorities: tuple[AuthorityChoice, ...]
    organisations: tuple[Option, ...]
    closes_on: str
    closes_at: str
    cap: str
    contact: str
    appeal_days: str
    criteria: Sequence[str]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class ClassRow:
    """Counts of one class; no code: all classes together. `cap` and `free` are none without a limit."""

    code: str
    name_vi: str
    name_en: str
    applied: int
    under_way: int
    ready: int
    granted: int
    waitlisted: int
    refused: int
    cap: int | None
    free: int | None


@dataclass(frozen=True)
class QuotaRow:
    outlet: str
    class_vi: str
    class_en: str
    granted: int
    waiting: int
    limit: int


@dataclass(frozen=True)
class ClockRow:
    """How the reviews of one authority stand, and who acts as it; `first_due_on` is the last day of the first one."""

    name_vi: str
    name_en: str
    organisation_vi: str
    organisation_en: str
    open: int
    late: int
    paused: int
    uncounted: int
    first_due_on: date | None


@dataclass(frozen=True)
class Overview:
    """How an accreditation stands; `more_outlets` counts those that are not shown."""

    rules_vi: str
    rules_en: str
    version: int
    rules_href: str
    closes_at: datetime | None
    commitment: str
    draw_href: str
    classes: tuple[ClassRow, ...]
    whole: ClassRow
    outlets: tuple[QuotaRow, ...]
    more_outlets: int
    clocks: tuple[ClockRow, ...]


@dataclass(frozen=True)
class AccreditationPage:
    """Context `page`. No `overview`: not opened yet; no `form`: the reader may not set it up."""

    place: Place
    now: datetime
    overview: Overview | None
    form: SetUpForm | None


# console/rules.html, console/rule_set.html, console/rule_edit.html ---------------------------------


@dataclass(frozen=True)
class VersionRow:
    href: str
    version: int
    note: str
    made_at: datetime
    made_by: str
    events: int
    current: bool


@dataclass(frozen=True)
class RuleSetRow:
    href: str
    code: str
    name_vi: str
    name_en: str
    version: int
    made_at: datetime
    classes: int


@dataclass(frozen=True)
class RulesPage:
    """Context `page`: the rule sets, each with its newest version."""

    rows: tuple[RuleSetRow, ...]


@dataclass(frozen=True)
class AskRow:
    """A field or file that is asked for; `roles` empty: of everybody."""

    field: str
    required: bool
    roles: tuple[str, ...]
    hint_vi: str
    hint_en: str


@dataclass(frozen=True)
class AuthorityRow:
    name_vi: str
    name_en: str
    power: str
    days: int
    sees: tuple[str, ...]


@dataclass(frozen=True)
class StageRow:
    number: int
    quorum: int | None
    authorities: tuple[AuthorityRow, ...]


@dataclass(frozen=True)
class LimitRow:
    """A quota: of an outlet (no `group`), of a role or of a kind of outlet, whose word is `code` of `group`."""

    group: str
    code: str
    limit: int


@dataclass(frozen=True)
class BasisRow:
    """A legal basis with its source, and how surely that is known: `read_as` text, report or background."""

    text_vi: str
    text_en: str
    valid_from: date | None
    valid_until: date | None
    source: str
    issued_on: date | None
    read_as: str
    where: str
    said: str


@dataclass(frozen=True)
class ClassInWords:
    code: str
    name_vi: str
    name_en: str
    description_vi: str
    description_en: str
    press_card: str
    standing: bool
    fields: tuple[AskRow, ...]
    files: tuple[AskRow, ...]
    stages: tuple[StageRow, ...]
    decision_days: int
    days: int
    limits: tuple[LimitRow, ...]
    retention_days: int
    legal: tuple[BasisRow, ...]


@dataclass(frozen=True)
class RuleSetPage:
    """Context `page`: one version of a rule set in words; no `edit_href`: the reader may not change it."""

    code: str
    name_vi: str
    name_en: str
    version: int
    newest: int
    newest_href: str
    note: str
    made_at: datetime
    made_by: str
    edit_href: str
    classes: tuple[ClassInWords, ...]
    versions: tuple[VersionRow, ...]
    news: str


@dataclass(frozen=True)
class ChangeRow:
    """One thing that a new version says otherwise; `before` or `after` empty: it wasn't, or is no longer there."""

    where: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedPart:
    """What changes in one class (no code: in what all share). `kind`: added, removed or changed."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class LineFault:
    """A fault in the text, at a line and column from 1; line 0: no single place."""

    line: int
    column: int
    pointer: str
    message: str
    text: str


@dataclass(frozen=True)
class RuleEditPage:
    """Context `page`: a rule set as text. `tried`: it was checked and not kept; `overtaken`: somebody made this
    version meanwhile, and `based_on` is theirs now."""

    code: str
    name_vi: str
    name_en: str
    action: str
    back_href: str
    based_on: int
    source: str
    lines: int
    note: str
    tried: bool
    overtaken: bool
    overtaken_by: str
    changes: tuple[ChangedPart, ...]
    faults: tuple[LineFault, ...]
    errors: tuple[FieldError, ...]


# console/allocation.html, console/allocation_result.html -------------------------------------------


@dataclass(frozen=True)
class CandidateRow:
    """Somebody who waits, as the dry run sees them. `why` is the code of a place, empty while there may be one."""

    href: str
    reference: str
    name: str
    outlet: str
    class_vi: str
    class_en: str
    state: str
    submitted_at: datetime
    best: int
    worst: int
    chance: str
    why: str


@dataclass(frozen=True)
class LeftOutRow:
    href: str
    reference: str
    name: str
    outlet: str
    class_vi: str
    class_en: str
    why: str


@dataclass(frozen=True)
class PlacesRow:
    """Places of one class (no code: of all): the cap, those taken, those free (none: no limit), who waits for them."""

    code: str
    name_vi: str
    name_en: str
    cap: int | None
    taken: int
    free: int | None
    waiting: int


@dataclass(frozen=True)
class OrderedClass:
    code: str
    name_vi: str
    name_en: str
    place: str


@dataclass(frozen=True)
class PastRow:
    href: str
    number: int
    made_at: datetime
    candidates: int
    granted: int


@dataclass(frozen=True)
class AllocationPage:
    """Context `page`. No `action`: the reader may not carry it out. `carried` are the fields of the form, by name.

    `differs`: other criteria than those that applicants were told.
    """

    place: Place
    href: str
    action: str
    criteria: Sequence[str]
    published: tuple[str, ...]
    differs: bool
    classes: tuple[OrderedClass, ...]
    others: str
    mark: str
    commitment: str
    draw_href: str
    places: tuple[PlacesRow, ...]
    rows: tuple[CandidateRow, ...]
    sure: int
    drawn: int
    none: int
    left_out: tuple[LeftOutRow, ...]
    past: tuple[PastRow, ...]
    overtaken: bool
    errors: tuple[FieldError, ...]


@dataclass(frozen=True)
class ResultRow:
    href: str
    letter_href: str
    reference: str
    name: str
    outlet: str
    class_vi: str
    class_en: str
    rank: int
    place: str
    failed: str
    state: str


@dataclass(frozen=True)
class ResultPage:
    """Context `page`: what came of an allocation. No `letters_href`: nobody was refused or put on the waiting list."""

    place: Place
    number: int
    made_at: datetime
    criteria: tuple[str, ...]
    seed: str
    commitment: str
    counts: tuple[tuple[str, int], ...]
    failed: int
    rows: tuple[ResultRow, ...]
    letters_href: str
    draw_href: str
    passes_href: str


# press/draw.html -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnRow:
    """A rank as it is published: no name, only the reference that the applicant knows."""

    rank: int
    reference: str
    class_vi: str
    class_en: str
    outlet: int
    lot: str
    place: str


@dataclass(frozen=True)
class CapRow:
    """A cap as it was at the draw; no names: of all classes together. `taken`: places that were granted before."""

    name_vi: str
    name_en: str
    cap: int | None
    taken: int


@dataclass(frozen=True)
class Drawn:
    number: int
    made_at: datetime
    criteria: tuple[str, ...]
    class_order: tuple[Option, ...]
    caps: tuple[CapRow, ...]
    seed: str
    commitment: str
    granted: int
    rows: tuple[DrawnRow, ...]
    csv_href: str
    taken_csv_href: str


@dataclass(frozen=True)
class DrawPage:
    """Context `page`: the draws of an event, the latest first, and the commitment of the next one."""

    title_vi: str
    title_en: str
    event_href: str
    commitment: str
    criteria: tuple[str, ...]
    draws: tuple[Drawn, ...]


PRESS_PAGES: tuple[tuple[str, str], ...] = (
    ("accreditation", "accreditation"),
    ("applications", "applications"),
    ("vetting", "vetting"),
    ("allocation", "allocation"),
)
"""The pages about an event's accreditation: their word in `press_pages`, and the last part of their address."""


def press_place(title: tuple[str, str], href: str, current: str, news: str = "") -> Place:
    """What stands on top of a page about an event's accreditation, with the way to the others."""
    pages = tuple(NavItem(code, f"{href}/{path}") for code, path in PRESS_PAGES)
    return Place(*title, href, pages, current, news)
