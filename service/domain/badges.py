"""Badges: the classes and designs of an event, jobs that print many, and the record of where each badge is."""

from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from service.domain.badge_formats import BadgeFormat
from service.domain.base import UUID, Field, Row, choice, datetime, instant, key, reference, rule, text
from service.domain.passes import BadgeState, Category


class PassClass(Row, table=True):
    """A class of an event's passes: its word in two languages and its colour, which never stands alone.

    A class whose code is a category's name takes the place of that category's own class.
    """

    __table_args__ = (
        UniqueConstraint("event_id", "code"),
        rule("colour ~ '^#[0-9A-F]{6}$'", "colour"),
    )

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    code: str = Field(max_length=20)
    category: Category = choice(Category, "category")
    name_vi: str = text()
    name_en: str = text()
    colour: str = Field(max_length=7)
    created_at: datetime = instant()


CATEGORY_CLASSES: dict[Category, tuple[str, str, str]] = {
    Category.PRESS: ("Báo chí", "Press", "#0A4F7A"),
    Category.DELEGATE: ("Đại biểu", "Delegate", "#7A1F1F"),
    Category.GUEST: ("Khách mời", "Guest", "#5B3A8C"),
    Category.VISITOR: ("Khách tham quan", "Visitor", "#1E6B45"),
    Category.PUPIL: ("Học sinh, sinh viên", "Pupil", "#8A5A00"),
    Category.STAFF: ("Ban tổ chức", "Staff", "#3A4650"),
}
"""The word in Vietnamese and English and the colour of passes that name no class of their event."""


class BadgeDesign(Row, table=True):
    """What all badges of an event share beside their template: its logo."""

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    logo_id: UUID | None = reference("stored_file.id", index=False, default=None)


class BadgeTemplate(Row, table=True):
    """An organiser's own template of one format; the newest version is in use, an empty one is the built-in."""

    __table_args__ = (UniqueConstraint("event_id", "format", "version"),)

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    format: BadgeFormat = choice(BadgeFormat, "format")
    version: int
    source: str = text()
    staff_id: UUID = reference("staff.id", index=False)
    created_at: datetime = instant()


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PrintJob(Row, table=True):
    """Many badges to be made in one go, in parts; what was left away and why is counted."""

    id: UUID = key()
    event_id: UUID = reference("event.id")
    format: BadgeFormat = choice(BadgeFormat, "format")
    state: JobState = choice(JobState, "state", default=JobState.RUNNING)
    total: int
    without_portrait: int = 0
    problem: str = text(default="")
    staff_id: UUID = reference("staff.id", index=False)
    created_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)


class PrintPart(Row, table=True):
    """A part of a job: up to a hundred badges in one PDF. Whoever works on it holds its row, so that a crash
    gives it free; `file_id` says that it is done. `skipped` counts passes that had ended meanwhile."""

    __table_args__ = (Index("ix_print_part_open", "job_id", "number", postgresql_where="ended_at IS NULL"),)

    job_id: UUID = reference("print_job.id", index=False, primary_key=True)
    number: int = Field(primary_key=True)
    pass_ids: list[UUID] = Field(sa_type=ARRAY(Uuid))
    attempts: int = 0
    skipped: int = 0
    file_id: UUID | None = reference("stored_file.id", index=False, default=None)
    ended_at: datetime | None = instant(default=None)


class BadgeAction(StrEnum):
    """What can happen to a printed badge."""

    PRINTED = "printed"
    REPRINTED = "reprinted"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    LOST = "lost"
    FOUND = "found"


_B = BadgeState

BADGE_MOVES: dict[BadgeState, dict[BadgeAction, BadgeState]] = {
    _B.NONE: {BadgeAction.PRINTED: _B.PRINTED},
    _B.PRINTED: {
        BadgeAction.HANDED_OVER: _B.HANDED_OVER,
        BadgeAction.LOST: _B.LOST,
        BadgeAction.REPRINTED: _B.PRINTED,
    },
    _B.HANDED_OVER: {
        BadgeAction.RETURNED: _B.RETURNED,
        BadgeAction.LOST: _B.LOST,
        BadgeAction.REPRINTED: _B.HANDED_OVER,
    },
    _B.RETURNED: {
        BadgeAction.HANDED_OVER: _B.HANDED_OVER,
        BadgeAction.LOST: _B.LOST,
        BadgeAction.REPRINTED: _B.RETURNED,
    },
    _B.LOST: {BadgeAction.FOUND: _B.RETURNED, BadgeAction.REPRINTED: _B.LOST},
}
"""Where a badge is after an action. Nothing is printed twice: a reprint is the badge of a new pass, and says of the
older one only that it was reprinted. A badge that was found lies at the desk, as a returned one does."""


class Handover(Row, table=True):
    """Badges given to a person: the holder, or the named representative of an outlet; the receipt's facts."""

    __table_args__ = (rule("to_name <> ''", "to_name"),)

    id: UUID = key()
    event_id: UUID = reference("event.id")
    to_name: str = text()
    representative: bool = False
    organisation_name: str = text(default="")
    signature_id: UUID | None = reference("stored_file.id", index=False, default=None)
    staff_id: UUID = reference("staff.id", index=False)
    handed_at: datetime = instant()


class BadgeRecord(Row, table=True):
    """One line of the print log; append-only."""

    __table_args__ = (Index("ix_badge_record_pass_id_id", "pass_id", "id"),)

    id: UUID = key()
    pass_id: UUID = reference("entry_pass.id", index=False)
    action: BadgeAction = choice(BadgeAction, "action")
    at: datetime = instant()
    staff_id: UUID | None = reference("staff.id", index=False, default=None)
    job_id: UUID | None = reference("print_job.id", index=False, default=None)
    handover_id: UUID | None = reference("handover.id", default=None)
    note: str = text(default="")
