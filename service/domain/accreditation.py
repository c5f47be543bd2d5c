"""Access for the press: outlets, journalists, applications and the decisions on them."""

from enum import StrEnum

from sqlalchemy import UniqueConstraint

from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    date,
    datetime,
    day,
    instant,
    key,
    reference,
    text,
    texts,
)


class OutletKind(StrEnum):
    PRINT = "print"
    ONLINE = "online"
    RADIO = "radio"
    TELEVISION = "television"
    AGENCY = "agency"
    MAGAZINE = "magazine"
    FREELANCE = "freelance"


class Outlet(Row, table=True):
    """A press organisation; journalists point at it by id, never by free text."""

    id: UUID = key()
    name: str = text()
    folded: str = text(unique=True)
    kind: OutletKind = choice(OutletKind, "kind")
    country: str = Field(default="VN", max_length=2)
    created_at: datetime = instant()


class Journalist(Row, table=True):
    """A journalist's one profile; the press-card number is sealed, and found again by its keyed hash."""

    id: UUID = key()
    outlet_id: UUID = reference("outlet.id")
    full_name: str = text()
    folded: str = text()
    email: str = text(unique=True)
    phone: str = text(default="")
    password_hash: str = text()
    press_card_sealed: bytes
    press_card_hash: bytes = Field(index=True)
    press_card_expires_on: date = day()
    language: str = Field(default="vi", max_length=2)
    created_at: datetime = instant()


class MediaRole(StrEnum):
    WRITER = "writer"
    PHOTOGRAPHER = "photographer"
    CAMERA = "camera"
    TECHNICIAN = "technician"


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


class Application(Row, table=True):
    """One journalist's wish to work at one event, and where it stands."""

    __table_args__ = (UniqueConstraint("event_id", "journalist_id"),)

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    journalist_id: UUID = reference("journalist.id")
    state: ApplicationState = choice(ApplicationState, "state", index=True)
    media_role: MediaRole = choice(MediaRole, "media_role")
    zones_wanted: list[str] = texts()
    zones_granted: list[str] = texts()
    note: str = text(default="")
    submitted_at: datetime | None = instant(default=None)
    decided_at: datetime | None = instant(default=None)
    created_at: datetime = instant()


class Decision(Row, table=True):
    """One step of an application, kept for ever: a later one supersedes it, nothing overwrites it."""

    id: UUID = key()
    application_id: UUID = reference("application.id")
    from_state: ApplicationState | None = choice(ApplicationState, "from_state", default=None, nullable=True)
    to_state: ApplicationState = choice(ApplicationState, "to_state")
    reason: str = text(default="")
    zones: list[str] = texts()
    staff_id: UUID | None = reference("staff.id", default=None)
    decided_at: datetime = instant()
