"""Vetting by lists for programs: the open reviews of an authority, and its verdicts on many of them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field

from service.domain.accreditation import VerdictKind
from service.domain.accreditation.vetting import ASKED_BACK, ID, VettingAnswer, read_answers
from service.usecases.accreditation import vetting
from service.usecases.accreditation.vetting import Foreseen, ListRow, Seat
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow_desk
from service.web.schemas import Day, In, Out, Text, ZoneCode
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["reviews"], route_class=Transaction)
AuthorityCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_MOST = 2000


class ListedOut(Out):
    """One application in the list: only the fields that the authority's rule shows.

    Names stand without accents and in both orders: a search that knows only one order misses people. They are null
    where the authority isn't shown them.
    """

    application_id: UUID
    reference: str
    name_family_first: str | None
    name_given_first: str | None
    fields: dict[str, Any]

    @classmethod
    def of(cls, row: ListRow) -> "ListedOut":
        family_first, given_first = row.names or (None, None)
        return cls(
            application_id=row.id,
            reference=row.reference,
            name_family_first=family_first,
            name_given_first=given_first,
            fields=row.fields,
        )


class VettingListOut(Out):
    """The open reviews of one authority, the most urgent first."""

    event_id: UUID
    authority: str
    fields: list[str]
    rows: list[ListedOut]


class VettedBody(In):
    """The verdict on one application."""

    application_id: UUID
    verdict: VerdictKind
    ground: Text = ""
    zones: Annotated[list[ZoneCode], Field(max_length=50)] = []
    days: Annotated[list[Day], Field(max_length=100)] = []


class VettingBody(In):
    """Verdicts of one authority. `dry_run` says what each would do and changes nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "authority": "press_management",
                "dry_run": True,
                "answers": [
                    {
                        "application_id": "0198c0de-0000-7000-8000-000000000000",
                        "verdict": "reject",
                        "ground": "Thẻ nhà báo đã hết hạn.",
                    }
                ],
            }
        }
    )

    authority: AuthorityCode
    dry_run: bool = True
    answers: Annotated[list[VettedBody], Field(min_length=1, max_length=_MOST)]


class VettedOut(Out):
    """What becomes of one answer; `fault` is empty when it is, or would be, given."""

    application_id: UUID | None
    reference: str
    verdict: VerdictKind | None
    fault: str

    @classmethod
    def of(cls, one: Foreseen) -> "VettedOut":
        return cls(application_id=one.answer.id, reference=one.reference, verdict=one.answer.kind, fault=one.fault)


class VettingResultOut(Out):
    """What became, or would become, of the answers in their order; `batch_id` is null for a dry run."""

    batch_id: UUID | None
    given: int
    rows: list[VettedOut]


@router.get("/events/{event_id}/vetting", summary="List to vet by", **allow_desk(404))
async def export(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
    authority: Annotated[AuthorityCode, Query()],
) -> VettingListOut:
    """At most 5,000; that it was taken, with how many rows and which fields, is kept. 404 for somebody else's."""
    found = await vetting.export(session, access=access, event_id=event_id, authority=authority, secrets=vault, now=now)
    return VettingListOut(
        event_id=event_id,
        authority=found.authority,
        fields=list(found.fields),
        rows=[ListedOut.of(row) for row in found.rows],
    )


@router.post("/events/{event_id}/vetting", summary="Verdicts from a list", **allow_desk(404, 409))
async def import_verdicts(
    event_id: UUID, body: VettingBody, session: SessionDep, access: CurrentAccess, now: Now
) -> VettingResultOut:
    """Each for itself, all under one batch; an answer with a fault leaves the others as they are."""
    seat, answers = Seat(access, event_id, body.authority), _answers(body)
    seen = await vetting.foresee(session, seat=seat, answers=answers, now=now)
    rows = [VettedOut.of(one) for one in seen]
    if body.dry_run:
        return VettingResultOut(batch_id=None, given=0, rows=rows)
    done = await vetting.carry_out(session, seat=seat, answers=answers, now=now)
    return VettingResultOut(batch_id=done.batch_id, given=done.given, rows=rows)


def _answers(body: VettingBody) -> list[VettingAnswer]:
    """The answers as the rows of a table that came back would be read, and judged by the same rules."""
    table = [[ID, *ASKED_BACK]]
    for one in body.answers:
        days = " ".join(f"{day:%d/%m/%Y}" for day in one.days)
        table.append([str(one.application_id), one.verdict.value, one.ground, " ".join(one.zones), days])
    answers, _ = read_answers(table)
    return answers
