"""Appeals against refusals and revocations, and the office's answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, StringConstraints

from service.domain.accounts import Permission
from service.usecases.accreditation import appeals
from service.web.api.application_shapes import AppealOut
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import In, Text
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["accreditation"], route_class=Transaction)


class AppealAnswerBody(In):
    """What the office answers; upheld, the decision is set aside and the review goes on."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"upheld": True, "answer": "Giấy giới thiệu đã gửi đúng hạn, đề nghị xét lại."}}
    )

    upheld: bool
    answer: Annotated[Text, StringConstraints(min_length=1)]


@router.get(
    "/events/{event_id}/appeals",
    summary="Appeals that wait for the office",
    **allow(Permission.ACCREDITATION_READ, 404),
)
async def list_appeals(event_id: UUID, session: SessionDep, access: CurrentAccess) -> list[AppealOut]:
    """The oldest first."""
    found = await appeals.list_open(session, access=access, event_id=event_id)
    return [AppealOut.model_validate(appeal) for appeal, _, _ in found]


@router.post(
    "/appeals/{appeal_id}/answer", summary="Answer an appeal", **allow(Permission.ACCREDITATION_DECIDE, 404, 409)
)
async def answer_appeal(
    appeal_id: UUID, body: AppealAnswerBody, session: SessionDep, access: CurrentAccess, now: Now
) -> AppealOut:
    """The journalist is told by mail. 409 when it was answered before."""
    return AppealOut.model_validate(
        await appeals.answer(
            session, access=access, appeal_id=appeal_id, upheld=body.upheld, answer=body.answer, now=now
        )
    )
