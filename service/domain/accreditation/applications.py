"""Applications: their states and moves, the decisions on them, appeals."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index

from service.domain.accreditation.people import MediaRole
from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    date,
    datetime,
    days,
    document,
    instant,
    key,
    reference,
    text,
    texts,
)


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_INFORMATION = "needs_information"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    WAITLISTED = "waitlisted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"


class Outcome(StrEnum):
    """What verdicts come to: `pending` still waits; `undecided`: nobody said anything that binds, so people must."""

    PENDING = "pending"
    PASSED = "passed"
    REFUSED = "refused"
    UNDECIDED = "undecided"


_S = ApplicationState
_DECIDED = frozenset({_S.APPROVED, _S.APPROVED_WITH_CONDITIONS, _S.WAITLISTED, _S.REJECTED})
_OPEN = frozenset({_S.NEEDS_INFORMATION, _S.WITHDRAWN}) | _DECIDED

APPLICATION_MOVES: dict[ApplicationState, frozenset[ApplicationState]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: _OPEN | {_S.IN_REVIEW},
    _S.IN_REVIEW: _OPEN,
    _S.NEEDS_INFORMATION: frozenset({_S.SUBMITTED, _S.IN_REVIEW, _S.REJECTED, _S.WITHDRAWN}),
    _S.WAITLISTED: frozenset({_S.APPROVED, _S.APPROVED_WITH_CONDITIONS, _S.REJECTED, _S.WITHDRAWN}),
    _S.APPROVED: frozenset({_S.REVOKED, _S.WITHDRAWN}),
    _S.APPROVED_WITH_CONDITIONS: frozenset({_S.REVOKED, _S.WITHDRAWN}),
    _S.REJECTED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.REVOKED: frozenset(),
}

GRANTED = frozenset({_S.APPROVED, _S.APPROVED_WITH_CONDITIONS})
"""The states in which a pass may be issued."""

AWAITING_REVIEW = frozenset({_S.SUBMITTED, _S.IN_REVIEW})
"""The states in which the next step is the office's."""

NEEDS_REASON = frozenset({_S.REJECTED, _S.NEEDS_INFORMATION, _S.WAITLISTED, _S.APPROVED_WITH_CONDITIONS, _S.REVOKED})
"""Decisions that are never given without a reason."""


def may_move(now: ApplicationState, then: ApplicationState) -> bool:
    """Whether an application may go from `now` to `then`; silence is never a move."""
    return then in APPLICATION_MOVES[now]


SET_ASIDE: dict[ApplicationState, ApplicationState] = {
    _S.REJECTED: _S.IN_REVIEW,
    _S.WAITLISTED: _S.IN_REVIEW,
    _S.REVOKED: _S.IN_REVIEW,
}
"""Where an application stands again when a decision is set aside, after an appeal or because it was a mistake.

No move of its own: only a person who names the ground takes a decision back, and the record keeps both.
"""


class Application(Row, table=True):
    """One journalist's wish to work at one event, and where it stands.

    `class_code` and `rule_set_id` name the rules that it was made under; both empty where an event takes
    applications without classes, and its own office decides alone. `version` grows with every change of what was
    written, so that of two open pages only one can save. `answers` holds the fields of domain/…/answers.py that
    are no secret; the identity number is sealed, and found again by its keyed hash. `outcome` is what the verdicts
    of its authorities come to so far.
    """

    __table_args__ = (
        Index(
            "uq_application_living",
            "event_id",
            "journalist_id",
            unique=True,
            postgresql_where="state <> 'withdrawn'",
        ),
        Index("ix_application_event_id_state", "event_id", "state"),
    )

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    journalist_id: UUID = reference("journalist.id")
    made_by_id: UUID | None = reference("journalist.id", index=False, default=None)
    class_code: str = Field(default="", max_length=40)
    rule_set_id: UUID | None = reference("rule_set.id", index=False, default=None)
    standing_id: UUID | None = reference("standing_accreditation.id", default=None)
    state: ApplicationState = choice(ApplicationState, "state", index=True)
    version: int = 1
    media_role: MediaRole = choice(MediaRole, "media_role")
    zones_wanted: list[str] = texts()
    zones_granted: list[str] = texts()
    days_granted: list[date] | None = days()
    escort: bool = False
    outcome: Outcome = choice(Outcome, "outcome", default=Outcome.PENDING)
    note: str = text(default="")
    answers: dict[str, Any] = document(default_factory=dict)
    identity_sealed: bytes = b""
    identity_hash: bytes = Field(default=b"", index=True)
    submitted_at: datetime | None = instant(default=None)
    decided_at: datetime | None = instant(default=None)
    created_at: datetime = instant()
    purged_at: datetime | None = instant(default=None)


def reference_of(application_id: UUID) -> str:
    """What people call an application on the phone and in lists: eight signs of its id that are not its time."""
    return application_id.hex[-8:].upper()


class Decision(Row, table=True):
    """One step of an application, kept for ever: a later one supersedes it, nothing overwrites it.

    `batch_id` joins those of one bulk decision; `reason_code` names the canned reason that was taken.
    """

    id: UUID = key()
    application_id: UUID = reference("application.id")
    from_state: ApplicationState | None = choice(ApplicationState, "from_state", default=None, nullable=True)
    to_state: ApplicationState = choice(ApplicationState, "to_state")
    reason: str = text(default="")
    reason_code: str = text(default="")
    zones: list[str] = texts()
    days: list[date] | None = days()
    escort: bool = False
    authority: str = text(default="")
    staff_id: UUID | None = reference("staff.id", default=None)
    supersedes_id: UUID | None = reference("decision.id", index=False, default=None)
    batch_id: UUID | None = Field(default=None, index=True)
    decided_at: datetime = instant()


class AppealState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Appeal(Row, table=True):
    """What a journalist says against a refusal or a revocation, and what the office answered."""

    __table_args__ = (Index("uq_appeal_open", "application_id", unique=True, postgresql_where="state = 'filed'"),)

    id: UUID = key()
    application_id: UUID = reference("application.id")
    decision_id: UUID = reference("decision.id", index=False)
    wording: str = text()
    state: AppealState = choice(AppealState, "state", default=AppealState.FILED)
    answer: str = text(default="")
    filed_at: datetime = instant()
    answered_by_id: UUID | None = reference("staff.id", index=False, default=None)
    answered_at: datetime | None = instant(default=None)
