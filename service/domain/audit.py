"""Who changed what: a record of every change, and of answers given to repeated requests."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index

from service.domain.base import UUID, Field, Row, choice, datetime, document, instant, key, text


class ActorKind(StrEnum):
    STAFF = "staff"
    JOURNALIST = "journalist"
    DEVICE = "device"
    SYSTEM = "system"


class AuditEntry(Row, table=True):
    """One change: who, when, what, on which object; append-only, and free of personal data."""

    __table_args__ = (Index("ix_audit_entry_noun_object_id", "noun", "object_id"),)

    id: UUID = key()
    at: datetime = instant(index=True)
    actor_kind: ActorKind = choice(ActorKind, "actor_kind")
    actor_id: UUID | None = None
    action: str = Field(max_length=60)
    noun: str = Field(max_length=40)
    object_id: UUID
    event_id: UUID | None = Field(default=None, index=True)
    details: dict[str, Any] = document(default_factory=dict)


class RepeatedRequest(Row, table=True):
    """The answer to a request that carried an Idempotency-Key, kept for 24 hours under the caller."""

    caller: str = text(primary_key=True)
    idempotency_key: str = Field(primary_key=True, max_length=255)
    request_hash: bytes
    status: int
    headers: dict[str, str] = document(default_factory=dict)
    body: bytes
    created_at: datetime = instant(index=True)
