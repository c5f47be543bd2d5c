"""What lets people in: signing keys, entry passes, the version of the pass list."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index

from service.domain.base import (
    UUID,
    Field,
    Row,
    choice,
    clock,
    date,
    datetime,
    days,
    document,
    instant,
    key,
    reference,
    rule,
    text,
    texts,
    time,
)


class KeyState(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"
    STRUCK = "struck"


class SigningKey(Row, table=True):
    """An event's ES256 key: the public part as a JWK, the private part sealed.

    One key signs at a time (`active`); a `retired` key still proves its passes, a `struck` one ends them.
    """

    __table_args__ = (Index("uq_signing_key_active", "event_id", unique=True, postgresql_where="state = 'active'"),)

    id: UUID = key()
    event_id: UUID = reference("event.id")
    kid: str = text(unique=True)
    public_jwk: dict[str, Any] = document()
    private_sealed: bytes
    state: KeyState = choice(KeyState, "state", default=KeyState.ACTIVE)
    created_at: datetime = instant()
    struck_at: datetime | None = instant(default=None)
    struck_version: int | None = None


class PassList(Row, table=True):
    """The version of an event's pass and revocation list: it grows with every change of a pass."""

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    version: int = 0
    changed_at: datetime = instant()


class PassListVersion(Row, table=True):
    """When a version of the list came into force; append-only, so that any moment of the past can be told."""

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    version: int = Field(primary_key=True)
    issued_at: datetime = instant()


class Category(StrEnum):
    """What a holder is counted as. Staff pass the door and are never counted as visitors."""

    PRESS = "press"
    DELEGATE = "delegate"
    GUEST = "guest"
    VISITOR = "visitor"
    PUPIL = "pupil"
    STAFF = "staff"


class PassState(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    REPLACED = "replaced"


PASS_MOVES: dict[PassState, frozenset[PassState]] = {
    PassState.ACTIVE: frozenset({PassState.SUSPENDED, PassState.REVOKED, PassState.REPLACED}),
    PassState.SUSPENDED: frozenset({PassState.ACTIVE, PassState.REVOKED, PassState.REPLACED}),
    PassState.REVOKED: frozenset(),
    PassState.REPLACED: frozenset(),
}


class PassChange(Row, table=True):
    """What became of a pass under one version of its event's list; append-only.

    Issuing isn't a change. The revocation list of any version follows from these rows: the latest of each pass
    up to that version, where it says anything but `active`.
    """

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    version: int = Field(primary_key=True)
    pass_id: UUID = reference("entry_pass.id", primary_key=True)
    state: PassState = choice(PassState, "state")
    ground: str = text(default="")
    authority: str = text(default="")
    changed_at: datetime = instant()


class BadgeState(StrEnum):
    """Where the printed badge of a pass is; `none`: nothing was printed yet."""

    NONE = "none"
    PRINTED = "printed"
    HANDED_OVER = "handed_over"
    RETURNED = "returned"
    LOST = "lost"


class EntryPass(Row, table=True):
    """A right to enter an event's zones, shown as a signed code.

    `code_hash` is the SHA-256 of the whole code: a code that we issued is known without checking its
    signature again. `heads` is m of a group pass n of m. `list_version` is the version of the event's
    pass list at its last change. What the code and the badge say is never changed afterwards: a change makes
    a new pass that replaces this one (`replaces_id`) with the next `version`. `class_code` names the badge's
    class, or nothing for the category's own. Hours hold on each day of the validity.
    """

    __table_args__ = (
        rule("heads >= 1", "heads"),
        rule("version >= 1", "version"),
        rule("(daily_from IS NULL) = (daily_to IS NULL) AND daily_from < daily_to", "hours"),
        rule("valid_from < valid_until", "period"),
        rule("state = 'active' OR state_ground <> ''", "ground"),
        Index("ix_entry_pass_event_id_id", "event_id", "id"),
        Index(
            "uq_entry_pass_application",
            "application_id",
            unique=True,
            postgresql_where="state IN ('active', 'suspended')",
        ),
    )

    id: UUID = key()
    event_id: UUID = reference("event.id", index=False)
    serial: str = text(unique=True)
    application_id: UUID | None = reference("application.id", index=False, default=None)
    version: int = 1
    replaces_id: UUID | None = Field(default=None, foreign_key="entry_pass.id", unique=True)
    holder_name: str = text()
    native_name: str = text(default="")
    folded: str = text()
    organisation_name: str = text(default="")
    holder_email: str = text(default="")
    language: str = Field(default="vi", max_length=2)
    portrait_id: UUID | None = reference("stored_file.id", default=None)
    category: Category = choice(Category, "category")
    class_code: str = Field(default="", max_length=20)
    zones: list[str] = texts()
    valid_from: datetime = instant()
    valid_until: datetime = instant()
    valid_days: list[date] | None = days()
    daily_from: time | None = clock(default=None)
    daily_to: time | None = clock(default=None)
    heads: int = 1
    attention: str = text(default="")
    state: PassState = choice(PassState, "state", default=PassState.ACTIVE)
    state_ground: str = text(default="")
    state_authority: str = text(default="")
    state_at: datetime = instant()
    list_version: int
    key_id: UUID = reference("signing_key.id")
    code: str = text()
    code_hash: bytes = Field(unique=True)
    human_code: str = Field(unique=True, max_length=10)
    issued_at: datetime = instant()
    badge: BadgeState = choice(BadgeState, "badge", default=BadgeState.NONE)
