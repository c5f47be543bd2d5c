"""Applications, for those who decide: the list, one of them, decisions on one and on many."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field

from service.domain.accounts import Permission
from service.domain.accreditation import ApplicationState, EvidenceKind
from service.domain.accreditation.readiness import Readiness
from service.domain.errors import Invalid
from service.store import accreditation as store
from service.store.applications import WantedApplications
from service.usecases import accreditation
from service.usecases.accreditation import DecisionWish, bulk, office, opening
from service.usecases.accreditation.office import Row
from service.usecases.accreditation.setting_aside import set_aside as take_back
from service.usecases.overview import Turn
from service.web.api.application_shapes import ApplicationOut, ApplicationRow
from service.web.api.review_shapes import BatchOut, FileOut
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow, gives_file
from service.web.files import KINDS, file_answer
from service.web.schemas import Day, In, Page, Paging, PagingDep, Search, Text, ZoneCode, write_cursor
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["accreditation"], route_class=Transaction)
_EXAMPLE_ID = "0198c0de-0000-7000-8000-000000000000"


class DecisionBody(In):
    """The next state. Approvals name the zones granted; refusals and conditions need a reason."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "to_state": "approved_with_conditions",
                "zones": ["A", "B"],
                "reason": "Có cán bộ đi cùng tại khu B.",
            }
        }
    )

    to_state: ApplicationState
    zones: Annotated[list[ZoneCode], Field(max_length=50)] = []
    days: Annotated[list[Day], Field(max_length=100, description="Days granted; none: every day")] = []
    escort: bool = False
    reason: Text = ""
    reason_code: Annotated[str, Field(max_length=40, description="A canned reason, instead of one in words")] = ""
    beyond_quota: Annotated[bool, Field(description="Though the quota is full; the reason then says why")] = False


class BulkDecisionBody(In):
    """The same decision on many: each is granted what it applied for, within the conditions of its authorities.

    `preview`: only say what would become of each.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "application_ids": [_EXAMPLE_ID],
                "to_state": "waitlisted",
                "reason": "Đã đủ số chỗ, hồ sơ được đưa vào danh sách chờ.",
                "preview": True,
            }
        }
    )

    application_ids: Annotated[list[UUID], Field(min_length=1, max_length=bulk.MOST_AT_ONCE)]
    to_state: ApplicationState
    reason: Text = ""
    reason_code: Annotated[str, Field(max_length=40)] = ""
    beyond_quota: bool = False
    preview: bool = False


class GroundBody(In):
    """Why a decision no longer holds."""

    model_config = ConfigDict(json_schema_extra={"example": {"ground": "Quyết định nhầm hồ sơ."}})

    ground: Text


@router.get(
    "/events/{event_id}/applications", summary="Applications for an event", **allow(Permission.ACCREDITATION_READ, 404)
)
async def list_applications(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    paging: PagingDep,
    now: Now,
    state: ApplicationState | None = None,
    readiness: Annotated[Readiness | None, Query(description="What the office waits for")] = None,
    class_code: Annotated[str, Query(max_length=40)] = "",
    outlet_id: UUID | None = None,
    authority: Annotated[str, Query(max_length=40, description="Those that wait for this authority")] = "",
    q: Search = "",
) -> Page[ApplicationRow]:
    """Who handed in first first; `q` finds journalists, outlets and whole references. Drafts are nobody's but their
    journalists'. That the list with its names was seen is kept in the audit."""
    found = await office.list_of_event(
        session,
        access=access,
        event_id=event_id,
        wanted=WantedApplications(
            state=state, readiness=readiness, class_code=class_code, outlet_id=outlet_id, authority=authority, q=q
        ),
        turn=Turn(_place(paging)),
        limit=paging.limit,
        now=now,
    )
    rows = found.leaf.rows
    items = [ApplicationRow.of(row.application, row.journalist, row.outlet) for row in rows]
    return Page[ApplicationRow](items=items, next=_cursor(rows[-1]) if found.leaf.below else None)


def _cursor(row: Row) -> str:
    moment = row.application.submitted_at or row.application.created_at
    return write_cursor(moment.isoformat(), str(row.application.id))


def _place(paging: Paging) -> tuple[datetime, UUID] | None:
    if paging.after is None:
        return None
    try:
        moment, row_id = paging.after
        place = datetime.fromisoformat(moment), UUID(row_id)
    except ValueError as wrong:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours") from wrong
    if place[0].tzinfo is None:
        raise Invalid.at("/query/cursor", "cursor_invalid", "not a cursor of ours")
    return place


@router.get(
    "/applications/{application_id}", summary="Open an application", **allow(Permission.ACCREDITATION_READ, 404)
)
async def get_application(
    application_id: UUID, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> ApplicationOut:
    """The evidence, the press-card number among it, what each authority said, and every step so far."""
    found = await office.open_application(session, access=access, application_id=application_id, secrets=vault, now=now)
    return ApplicationOut.opened(found, await store.list_decisions(session, application_id))


@router.post(
    "/applications/{application_id}/decision",
    summary="Decide on an application",
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def decide(
    application_id: UUID, body: DecisionBody, session: SessionDep, access: CurrentAccess, now: Now
) -> ApplicationRow:
    """One step, kept for ever; a step that the state doesn't allow is a 409. Revoking ends the pass.

    Where authorities have a say, a grant needs their verdicts (409 `reviews_pending`, `refused_by_authority`), keeps
    to their conditions (`conditions_apply`) and finds room (`quota_full`).
    """
    await accreditation.decide(
        session,
        access=access,
        application_id=application_id,
        wish=DecisionWish(
            to_state=body.to_state,
            reason=body.reason,
            reason_code=body.reason_code,
            zones=tuple(body.zones),
            days=tuple(body.days),
            escort=body.escort,
            beyond_quota=body.beyond_quota,
        ),
        now=now,
    )
    return await _row(session, application_id)


async def _row(session: SessionDep, application_id: UUID) -> ApplicationRow:
    application, journalist, outlet, _ = await store.get_application(session, application_id)
    return ApplicationRow.of(application, journalist, outlet)


@router.post(
    "/applications/{application_id}/set-aside",
    summary="Set a decision aside",
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def set_aside(
    application_id: UUID, body: GroundBody, session: SessionDep, access: CurrentAccess, now: Now
) -> ApplicationRow:
    """A refusal, a place on the waiting list or a revocation no longer holds; the application is in review again.

    The record keeps both. A pass that was revoked stays revoked.
    """
    await take_back(session, access=access, application_id=application_id, ground=body.ground, now=now)
    return await _row(session, application_id)


@router.post(
    "/applications/decisions", summary="Decide on many applications", **allow(Permission.ACCREDITATION_DECIDE, 404)
)
async def decide_many(body: BulkDecisionBody, session: SessionDep, access: CurrentAccess, now: Now) -> BatchOut:
    """Each for itself: a row that is refused leaves the others as they are, and says why."""
    wish = DecisionWish(
        to_state=body.to_state, reason=body.reason, reason_code=body.reason_code, beyond_quota=body.beyond_quota
    )
    act = bulk.preview_decisions if body.preview else bulk.decide_many
    return BatchOut.of(await act(session, access=access, application_ids=body.application_ids, wish=wish, now=now))


@router.post(
    "/applications/decisions/{batch_id}/undo",
    summary="Set the decisions of a batch aside",
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def undo(batch_id: UUID, body: GroundBody, session: SessionDep, access: CurrentAccess, now: Now) -> BatchOut:
    """Each for itself; those on which a later step followed stay. An approval is taken back by revoking it."""
    return BatchOut.of(await bulk.undo(session, access=access, batch_id=batch_id, ground=body.ground, now=now))


@router.get(
    "/applications/{application_id}/files/{kind}",
    summary="Open a file of an application",
    **gives_file(allow(Permission.ACCREDITATION_READ, 404, 409), *KINDS),
)
async def open_file(
    application_id: UUID, kind: EvidenceKind, session: SessionDep, access: CurrentAccess, vault: VaultDep, now: Now
) -> Response:
    """That you opened it is kept in the audit. Identity documents are for the authorities that check them."""
    found, content = await opening.open_of_application(
        session, access=access, application_id=application_id, kind=kind, secrets=vault, now=now
    )
    return file_answer(content, media_type=found.media_type, name=found.name)


@router.post(
    "/applications/{application_id}/files/{kind}/seen",
    summary="The office has seen the original",
    **allow(Permission.ACCREDITATION_READ, 404, 409),
)
async def tick_file(
    application_id: UUID, kind: EvidenceKind, session: SessionDep, access: CurrentAccess, now: Now
) -> FileOut:
    """A tick of a person who looked at it, never a claim that it is genuine."""
    return FileOut.model_validate(
        await opening.tick_of_application(session, access=access, application_id=application_id, kind=kind, now=now)
    )
