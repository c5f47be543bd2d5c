"""Mail on its way: what is to be written to whom, and what became of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index

from service.domain.base import UUID, Field, Row, choice, datetime, document, instant, key, rule, text


class MailKind(StrEnum):
    """What a mail is about; its words stand in web/templates/mail."""

    PASS_ISSUED = "pass_issued"  # noqa: S105 (a pass, not a password)
    PASS_REPLACED = "pass_replaced"  # noqa: S105
    PASS_ENDED = "pass_ended"  # noqa: S105
    SIGN_IN_LINK = "sign_in_link"
    APPLICATION_RECEIVED = "application_received"
    APPLICATION_QUESTION = "application_question"
    APPLICATION_DECIDED = "application_decided"
    APPEAL_ANSWERED = "appeal_answered"
    REVIEW_SOON = "review_soon"
    REVIEW_LATE = "review_late"


class MailState(StrEnum):
    """`queued` waits or waits again; `sending` is in the post office's hands; `unsure`: it never said whether it
    took the mail, so that nobody gets it twice without a person deciding so."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNSURE = "unsure"
    DROPPED = "dropped"


class OutgoingMail(Row, table=True):
    """One piece of news, written when it is sent: to the address that its object has then, of what is true then.

    `object_id` is that of a pass, an application, a review, an appeal or a sign-in link, as the kind says. `once` is
    unique: the same news is never put in twice.
    What has been overtaken meanwhile isn't sent (`dropped`).
    """

    __table_args__ = (
        rule("attempts >= 0", "attempts"),
        Index("ix_outgoing_mail_queued", "next_try_at", postgresql_where="state = 'queued'"),
        Index("ix_outgoing_mail_sending", "next_try_at", postgresql_where="state = 'sending'"),
        Index("ix_outgoing_mail_object_id", "object_id"),
    )

    id: UUID = key()
    once: str = text(unique=True)
    kind: MailKind = choice(MailKind, "kind")
    object_id: UUID
    event_id: UUID | None = Field(default=None, index=True)
    language: str = Field(max_length=2)
    facts: dict[str, Any] = document(default_factory=dict)
    state: MailState = choice(MailState, "state", default=MailState.QUEUED)
    attempts: int = 0
    next_try_at: datetime = instant()
    problem: str = text(default="")
    created_at: datetime = instant()
    sent_at: datetime | None = instant(default=None)
