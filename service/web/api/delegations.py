"""Delegations: who gives an authority's verdicts while its own people are away."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import ConfigDict, EmailStr, Field, StringConstraints

from service.domain.accounts import Permission
from service.domain.accreditation import Delegation
from service.usecases.accreditation import delegating
from service.usecases.accreditation.delegating import DelegationRow, DelegationWish
from service.web.deps import CurrentAccess, Now, SessionDep, allow
from service.web.schemas import In, Instant, Out, Text
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["reviews"], route_class=Transaction)


class DelegateBody(In):
    """For which organisation, to whom, from when to when (30 days at most), and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation_id": "0198c0de-0000-7000-8000-000000000000",
                "email": "truc.thay@example.vn",
                "since": "2026-12-01T08:00:00+07:00",
                "until": "2026-12-05T17:00:00+07:00",
                "reason": "Cán bộ phụ trách nghỉ phép.",
            }
        }
    )

    organisation_id: UUID
    email: Annotated[EmailStr, StringConstraints(max_length=254)]
    since: Instant
    until: Instant
    reason: Annotated[Text, Field(min_length=1)]


class DelegationOut(Out):
    """A delegation; one that was ended says when."""

    id: UUID
    organisation_id: UUID
    staff_id: UUID
    given_by_id: UUID
    reason: str
    since: datetime
    until: datetime
    ended_at: datetime | None


class NamedDelegationOut(DelegationOut):
    """With who has it and who gave it, for the list."""

    staff_name: str
    given_by_name: str

    @classmethod
    def of(cls, row: DelegationRow) -> "NamedDelegationOut":
        facts = DelegationOut.model_validate(row.delegation).model_dump()
        return cls(**facts, staff_name=row.staff.name, given_by_name=row.given_by.name)


@router.get("/delegations", summary="Delegations of my authority", **allow(Permission.ACCREDITATION_REVIEW))
async def list_delegations(session: SessionDep, access: CurrentAccess) -> list[NamedDelegationOut]:
    """The newest first."""
    return [NamedDelegationOut.of(one) for one in await delegating.open_list(session, access=access)]


@router.post("/delegations", summary="Delegate", status_code=201, **allow(Permission.ACCREDITATION_REVIEW, 404, 409))
async def delegate(body: DelegateBody, session: SessionDep, access: CurrentAccess, now: Now) -> DelegationOut:
    """Verdicts given under it say so in the record. 409 `still_in_use` for whoever acts at one of the same events for
    somebody else."""
    wish = DelegationWish(
        organisation_id=body.organisation_id,
        email=body.email,
        since=body.since,
        until=body.until,
        reason=body.reason,
    )
    return _shown(await delegating.delegate(session, access=access, wish=wish, now=now))


@router.post(
    "/delegations/{delegation_id}/end", summary="End a delegation", **allow(Permission.ACCREDITATION_REVIEW, 404)
)
async def end(delegation_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> DelegationOut:
    """At once; verdicts that were given under it stand."""
    return _shown(await delegating.end(session, access=access, delegation_id=delegation_id, now=now))


def _shown(one: Delegation) -> DelegationOut:
    return DelegationOut.model_validate(one)
