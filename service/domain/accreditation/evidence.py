"""What an applicant shows: kinds of evidence, and the files of one application."""

from enum import StrEnum

from sqlalchemy import Index

from service.domain.base import UUID, Row, choice, datetime, instant, key, reference, text


class EvidenceKind(StrEnum):
    PORTRAIT = "portrait"
    PRESS_CARD = "press_card"
    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    ASSIGNMENT_LETTER = "assignment_letter"
    WORK_SAMPLES = "work_samples"
    EQUIPMENT_LIST = "equipment_list"
    LICENCE = "licence"


class Evidence(Row, table=True):
    """One file of an application; a new one of the same kind replaces it, and its content is removed then.

    `name` is what its owner called it, made harmless; `pages` 1 for pictures. "Seen" is a tick of a member of
    staff who looked at the original, never a claim that it is genuine.
    """

    __table_args__ = (
        Index(
            "uq_evidence_living",
            "application_id",
            "kind",
            unique=True,
            postgresql_where="removed_at IS NULL",
        ),
    )

    id: UUID = key()
    application_id: UUID = reference("application.id")
    kind: EvidenceKind = choice(EvidenceKind, "kind")
    file_id: UUID | None = reference("stored_file.id", default=None)
    media_type: str = text()
    name: str = text()
    size: int
    pages: int = 1
    added_at: datetime = instant()
    removed_at: datetime | None = instant(default=None)
    seen_by_id: UUID | None = reference("staff.id", index=False, default=None)
    seen_at: datetime | None = instant(default=None)
