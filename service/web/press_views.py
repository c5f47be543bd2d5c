"""What the pages of a journalist's application show: frozen classes, filled by the routes of web/press."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from service.web.views import FieldError, Option, TimelineStep

FieldKind = Literal["text", "lines", "year", "day", "select", "radio", "checkbox", "identity"]


@dataclass(frozen=True)
class ApplicationHead:
    """What stands above every page of an application. `for_name`: whose it is, when a focal point reads it."""

    href: str
    event_href: str
    event_vi: str
    event_en: str
    reference: str
    class_name: str
    for_name: str


@dataclass(frozen=True)
class FieldView:
    """One question of a form, filled in.

    `hint` holds an example, `why` says what the answer is for. `kept`: a number that is kept and not shown whole.
    `saved`: what another window saved meanwhile, where that is something else. `again`: who looks again if this is
    changed, by name.
    """

    code: str
    kind: FieldKind
    question: str
    hint: str = ""
    why: str = ""
    required: bool = True
    value: str = ""
    chosen: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    kept: str = ""
    saved: str | None = None
    again: str = ""


@dataclass(frozen=True)
class ClassChoice:
    """A class that may be chosen: working days to a decision, and the last day that is surely early enough."""

    code: str
    name: str
    description: str
    days: int
    safe_on: date | None


@dataclass(frozen=True)
class StepPage:
    """Context `page` of press/step.html and press/class.html. `sent_in`: it was sent in already, this changes it.

    `back` says where it leads afterwards: "check", or nothing for the list of tasks.
    """

    head: ApplicationHead
    action: str
    back_href: str
    back: str
    heading: str
    lead: str
    version: int
    fields: tuple[FieldView, ...]
    sent_in: bool
    conflict: bool = False
    errors: tuple[FieldError, ...] = ()
    classes: tuple[ClassChoice, ...] = ()


@dataclass(frozen=True)
class Task:
    """One task of the list. `state`: done, todo or optional (words of `task_state`)."""

    name: str
    href: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class TaskPage:
    """Context `page` of press/tasks.html. `safe_on`: the last day that is surely early enough, `late` when it has
    passed; `profile_href` only where something of the profile is missing."""

    head: ApplicationHead
    groups: tuple[tuple[str, tuple[Task, ...]], ...]
    done: int
    total: int
    now: datetime
    closes_at: datetime | None
    closed: bool
    safe_on: date | None
    late: bool
    days: int
    contact: str
    withdraw_href: str


@dataclass(frozen=True)
class FileView:
    """A file that is there. `href` opens it; pictures are shown."""

    id: str
    name: str
    href: str
    picture: bool
    size: int
    pages: int
    added_at: datetime


@dataclass(frozen=True)
class FilePage:
    """Context `page` of press/file.html: one kind of file, asked for or no longer."""

    head: ApplicationHead
    action: str
    back_href: str
    back: str
    heading: str
    hint: str
    asked: bool
    required: bool
    portrait: bool
    limit: str
    file: FileView | None
    again: str
    sent_in: bool
    conflict: bool = False
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class AnswerRow:
    """A line of a summary: what was asked, what was answered, where it is changed (empty: nowhere)."""

    code: str
    name: str
    value: str
    href: str = ""
    file: FileView | None = None
    lacking: bool = False


@dataclass(frozen=True)
class ConsentChoice:
    """A consent that is asked for. `told`: what it means, in full."""

    code: str
    label: str
    told: str
    required: bool


@dataclass(frozen=True)
class CheckPage:
    """Context `page` of press/check.html. `owner_asked`: the colleague has to agree themselves."""

    head: ApplicationHead
    action: str
    back_href: str
    version: int
    groups: tuple[tuple[str, tuple[AnswerRow, ...]], ...]
    consents: tuple[ConsentChoice, ...]
    owner_asked: bool
    privacy_href: str
    conflict: bool = False
    ticked: tuple[str, ...] = ()
    errors: tuple[FieldError, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QuestionView:
    """A question of an authority or the office; `links` lead to the pages that it is about."""

    code: str
    who: str
    asked_at: datetime
    wording: str
    links: tuple[Option, ...]
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class PassView:
    """The pass that came of the application: its own page, and the picture of its code."""

    href: str
    picture_href: str
    human_code: str
    usable: bool


@dataclass(frozen=True)
class ConditionsView:
    """What was granted: zones by code and name, days (empty: all), and whether somebody goes along."""

    zones: tuple[Option, ...]
    days: tuple[date, ...]
    escort: bool


@dataclass(frozen=True)
class StatusPage:
    """Context `page` of press/status.html: where an application stands and what may be done about it."""

    head: ApplicationHead
    state: str
    told: str
    reason: str
    answer_by: date | None
    working_days_left: int | None
    conditions: ConditionsView | None
    entry_pass: PassView | None
    questions: tuple[QuestionView, ...]
    answer_action: str
    timeline: tuple[TimelineStep, ...]
    groups: tuple[tuple[str, tuple[AnswerRow, ...]], ...]
    appeal_href: str
    appeal_until: date | None
    withdraw_href: str
    contact: str
    news: str = ""
    unsent: tuple[str, ...] = ()
    typed: tuple[tuple[str, str], ...] = ()
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class WithdrawPage:
    """Context `page` of press/withdraw.html. `has_pass`: a pass ends with it."""

    head: ApplicationHead
    action: str
    has_pass: bool
    draft: bool


@dataclass(frozen=True)
class AppealPage:
    """Context `page` of press/appeal.html."""

    head: ApplicationHead
    action: str
    reason: str
    until: date
    working_days_left: int | None
    text: str = ""
    errors: tuple[FieldError, ...] = ()
