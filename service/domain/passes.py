"""What lets people in: signing keys, entry passes, the version of the pass list."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index

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
    rule,
    text,
    texts,
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


class PassList(Row, table=True):
    """The version of an event's pass and revocation list: it grows with every change of a pass."""

    event_id: UUID = reference("event.id", index=False, primary_key=True)
    version: int = 0
    changed_at: datetime = instant()


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


class EntryPass(Row, table=True):
    """A right to enter an event's zones, shown as a signed code.

    `code_hash` is the SHA-256 of the whole code: a code that we issued is known without checking its
    signature again. `heads` is m of a group pass n of m. `list_version` is the version of the event's
    pass list at its last change.
    """

    __table_args__ = (
        rule("heads >= 1", "heads"),
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
    holder_name: str = text()
    folded: str = text()
    organisation_name: str = text(default="")
    category: Category = choice(Category, "category")
    zones: list[str] = texts()
    valid_from: datetime = instant()
    valid_until: datetime = instant()
    valid_days: list[date] | None = days()
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
