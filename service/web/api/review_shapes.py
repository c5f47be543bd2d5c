"""What reviews look like in answers, and what verdicts look like that are sent."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field

from service.domain.accreditation import (
    Evidence,
    EvidenceKind,
    Question,
    Review,
    ReviewState,
    VerdictKind,
    reference_of,
)
from service.usecases.accreditation import VerdictWish
from service.usecases.accreditation.bulk import Batch, Became
from service.web.schemas import Day, In, Line, Out, Text, ZoneCode


class FileOut(Out):
    """A file of an application. `seen_at`: when somebody ticked that they looked at the original."""

    id: UUID
    kind: EvidenceKind
    name: str
    media_type: str
    size: int
    pages: int
    added_at: datetime
    seen_at: datetime | None

    @classmethod
    def of(cls, files: list[Evidence]) -> list["FileOut"]:
        return [cls.model_validate(one) for one in files]


class QuestionOut(Out):
    """What an authority or the office wants to know, and the answer."""

    wording: str
    fields: list[str]
    asked_at: datetime
    answer: str
    answered_at: datetime | None

    @classmethod
    def of(cls, questions: list[Question]) -> list["QuestionOut"]:
        return [cls.model_validate(one) for one in questions]


class VerdictOut(Out):
    """One verdict; a later one of the same review supersedes it."""

    id: UUID
    kind: VerdictKind
    ground: str
    reason_code: str
    zones: list[str]
    days: list[date] | None
    escort: bool
    given_at: datetime
    supersedes_id: UUID | None


class ReviewRow(Out):
    """One authority's task with one application, and its clock.

    `due_at` is null while the clock stands still, and where the working days aren't known (`fault` says so).
    `fields` holds what the authority's rule shows in lists, by the codes of docs/accreditation.md.
    """

    id: UUID
    application_id: UUID
    reference: str
    event_id: UUID
    class_code: str
    authority: str
    stage: int
    state: ReviewState
    round: int
    verdict: VerdictKind | None
    days: Annotated[int, Field(description="Working days that the authority has")]
    started_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None
    fault: str
    fields: dict[str, Any]


class ReviewOut(ReviewRow):
    """A review as its authority sees it: of the other authorities it holds nothing."""

    sees: list[str]
    files: list[FileOut]
    verdicts: list[VerdictOut]
    questions: list[QuestionOut]
    zones_wanted: list[str]
    under_way: Annotated[bool, Field(description="Whether a verdict may still be given or changed")]


class ReviewStateOut(Out):
    """Where a review stands, without anything of the application."""

    id: UUID
    state: ReviewState
    round: int
    verdict: VerdictKind | None
    due_at: datetime | None
    done_at: datetime | None


class VerdictBody(In):
    """A verdict. `zones`, `days` and `escort` are conditions; a question names the `fields` that it is about.

    All but an approval need a ground, in words or by the code of a canned reason.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"kind": "conditions", "zones": ["A"], "escort": True, "ground": "Có thiết bị phát sóng."}
        }
    )

    kind: VerdictKind
    ground: Text = ""
    reason_code: Annotated[str, Field(max_length=40, description="A canned reason, instead of one in words")] = ""
    zones: Annotated[list[ZoneCode], Field(max_length=50)] = []
    days: Annotated[list[Day], Field(max_length=100)] = []
    escort: bool = False
    fields: Annotated[list[Line], Field(max_length=50)] = []

    def wish(self) -> VerdictWish:
        return VerdictWish(
            kind=self.kind,
            ground=self.ground,
            reason_code=self.reason_code,
            zones=tuple(self.zones),
            days=tuple(self.days),
            escort=self.escort,
            fields=tuple(self.fields),
        )


class BecameOut(Out):
    """What became, or would become, of one row. `fault`: the code of the refusal; empty when it goes through."""

    id: UUID
    reference: str
    name: str
    becomes: str
    fault: str
    detail: str

    @classmethod
    def of(cls, rows: list[Became]) -> list["BecameOut"]:
        return [cls.model_validate(one) for one in rows]


class BatchOut(Out):
    """One bulk step, row by row; `batch_id` is null for a preview, of which nothing is kept."""

    batch_id: UUID | None
    rows: list[BecameOut]

    @classmethod
    def of(cls, batch: Batch | list[Became]) -> "BatchOut":
        if isinstance(batch, Batch):
            return cls(batch_id=batch.id, rows=BecameOut.of(batch.rows))
        return cls(batch_id=None, rows=BecameOut.of(batch))


def shared(review: Review, class_code: str, fields: dict[str, Any]) -> dict[str, Any]:
    """What rows and whole reviews have in common."""
    names = (
        "id",
        "application_id",
        "event_id",
        "authority",
        "stage",
        "state",
        "round",
        "verdict",
        "days",
        "started_at",
        "due_at",
        "done_at",
        "fault",
    )
    return {
        **{name: getattr(review, name) for name in names},
        "reference": reference_of(review.application_id),
        "class_code": class_code,
        "fields": fields,
    }
