"""Reviews: what waits for an authority, what it is shown of an application, and its verdict."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from service.domain.accreditation import EvidenceKind, ReviewState, VerdictKind
from service.domain.errors import Invalid
from service.store.reviews import NEVER, Wanted
from service.usecases import accreditation
from service.usecases.accreditation import QueueRow, ReviewFile, bulk, opening
from service.web.api.review_shapes import (
    BatchOut,
    FileOut,
    QuestionOut,
    ReviewOut,
    ReviewRow,
    ReviewStateOut,
    VerdictBody,
    VerdictOut,
    shared,
)
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow_desk, gives_file
from service.web.files import KINDS, file_answer
from service.web.schemas import In, Page, Paging, PagingDep, Search, Text, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["reviews"], route_class=Transaction)


class BulkVerdictBody(In):
    """The same verdict for many; conditions are set one by one. `preview`: only say what would become of each."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "review_ids": ["0198c0de-0000-7000-8000-000000000000"],
                "kind": "approve",
                "preview": True,
            }
        }
    )

    review_ids: Annotated[list[UUID], Field(min_length=1, max_length=bulk.MOST_AT_ONCE)]
    kind: VerdictKind
    ground: Text = ""
    reason_code: Annotated[str, Field(max_length=40)] = ""
    preview: bool = False


@router.get("/reviews", summary="What waits for me", **allow_desk())
async def list_reviews(
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    now: Now,
    state: Annotated[list[ReviewState] | None, Query(description="None: those whose turn it is")] = None,
    event_id: UUID | None = None,
    class_code: Annotated[str, Query(max_length=40)] = "",
    authority: Annotated[str, Query(max_length=40)] = "",
    late: Annotated[bool, Query(description="Only those whose clock has run out")] = False,
    q: Search = "",
) -> Page[ReviewRow]:
    """The most urgent first, of all authorities that you act for; that the names were seen is kept in the audit.

    A search finds only what stands in fields that the authority is shown.
    """
    found = await accreditation.queue(
        session,
        access=access,
        wanted=Wanted(
            states=frozenset(state or [ReviewState.OPEN]),
            event_id=event_id,
            class_code=class_code,
            authority=authority,
            q=q,
            due_before=now if late else None,
        ),
        after=_place(paging),
        limit=paging.limit,
        now=now,
    )
    last = found.rows[-1].review if found.more and found.rows else None
    return Page[ReviewRow](
        items=[_row(one) for one in found.rows],
        next=write_cursor((last.due_at or NEVER).isoformat(), str(last.id)) if last else None,
    )


def _place(paging: Paging) -> tuple[datetime, UUID] | None:
    """The due moment and id of the last row of the page before."""
    if paging.after is None:
        return None
    try:
        due, row_id = paging.after
        place = datetime.fromisoformat(due), UUID(row_id)
    except ValueError as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong
    if place[0].tzinfo is None:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours")
    return place


def _row(row: QueueRow) -> ReviewRow:
    return ReviewRow.model_validate(shared(row.review, row.class_code, row.fields))


@router.get("/reviews/{review_id}", summary="Open a review", **allow_desk(404, 409))
async def get_review(
    review_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> ReviewOut:
    """The application as far as your authority is shown it; which fields you saw is kept in the audit."""
    return _opened(await accreditation.open_review(session, access=access, review_id=review_id, secrets=vault, now=now))


def _opened(found: ReviewFile) -> ReviewOut:
    return ReviewOut.model_validate(
        {
            **shared(found.review, found.class_rule.code, found.fields),
            "sees": list(found.authority.sees),
            "files": FileOut.of(found.files),
            "verdicts": [VerdictOut.model_validate(one) for one in found.verdicts],
            "questions": QuestionOut.of(found.questions),
            "zones_wanted": found.zones_wanted,
            "under_way": found.under_way,
        }
    )


@router.post("/reviews/{review_id}/verdict", summary="Give a verdict", **allow_desk(404, 409))
async def give_verdict(
    review_id: UUID, body: VerdictBody, session: SessionDep, access: CurrentAccess, now: Now
) -> ReviewStateOut:
    """Kept for ever; until the office decides, a later one supersedes it. 409 when it isn't your turn, or `recused`."""
    given = await accreditation.give_verdict(session, access=access, review_id=review_id, wish=body.wish(), now=now)
    return ReviewStateOut.model_validate(given)


@router.post("/reviews/verdicts", summary="Give many verdicts", **allow_desk(404, 409))
async def give_verdicts(body: BulkVerdictBody, session: SessionDep, access: CurrentAccess, now: Now) -> BatchOut:
    """Each for itself: a row that is refused leaves the others as they are, and says why."""
    wish = VerdictBody(kind=body.kind, ground=body.ground, reason_code=body.reason_code).wish()
    act = bulk.preview_verdicts if body.preview else bulk.verdicts_many
    return BatchOut.of(await act(session, access=access, review_ids=body.review_ids, wish=wish, now=now))


@router.get(
    "/reviews/{review_id}/files/{kind}",
    summary="Open a file of a review",
    **gives_file(allow_desk(404, 409), *KINDS),
)
async def open_file(
    review_id: UUID, kind: EvidenceKind, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> Response:
    """Only what your authority's rule shows; that you opened it is kept in the audit."""
    found, content = await opening.open_of_review(
        session, access=access, review_id=review_id, kind=kind, secrets=vault, now=now
    )
    return file_answer(content, media_type=found.media_type, name=found.name)


@router.post(
    "/reviews/{review_id}/files/{kind}/seen",
    summary="I have seen the original",
    **allow_desk(404, 409),
)
async def tick_file(
    review_id: UUID, kind: EvidenceKind, session: SessionDep, access: CurrentAccess, now: Now
) -> FileOut:
    """A tick of a person who looked at it, never a claim that it is genuine."""
    return FileOut.model_validate(
        await opening.tick_of_review(session, access=access, review_id=review_id, kind=kind, now=now)
    )
