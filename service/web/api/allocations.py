"""Sharing out places: what would come of it, carrying it out, and what came of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import ConfigDict, Field, StringConstraints

from service.domain.accounts import Permission
from service.domain.accreditation import Allocation, ApplicationState, Criterion, Place, reference_of
from service.domain.accreditation.forecast import Chance
from service.store import allocations as store
from service.usecases import events
from service.usecases.accreditation import allocating, draws
from service.usecases.accreditation.allocating import DryRun
from service.usecases.accreditation.candidates import LeftOut
from service.usecases.accreditation.placing import AllocationWish
from service.web.allocation_words import wording_of
from service.web.answers import pages_of
from service.web.deps import CurrentAccess, Now, SessionDep, VaultDep, allow
from service.web.schemas import In, Out
from service.web.transactions import Transaction

router = APIRouter(prefix="/api/v1", tags=["accreditation"], route_class=Transaction)
ClassCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Criteria = Annotated[list[Criterion], Field(max_length=len(Criterion))]


class ChanceOut(Out):
    """A candidate before the draw. `why`: for whoever surely has no place, the limit that leaves none."""

    application_id: UUID
    reference: str
    full_name: str
    outlet_name: str
    class_code: str
    best: int
    worst: int
    chance: Chance
    why: Place | None


class LeftOutOut(Out):
    """Somebody who waits and takes no part, and why."""

    application_id: UUID
    reference: str
    why: LeftOut


class DryRunOut(Out):
    """What is sure before the draw; `mark` goes into the request that carries it out."""

    event_id: UUID
    criteria: list[Criterion]
    class_order: list[str]
    caps: dict[str, int]
    taken: dict[str, int]
    draw_commitment: str
    mark: str
    candidates: list[ChanceOut]
    left_out: list[LeftOutOut]


class AllocationBody(In):
    """Carries out what was seen: the criteria, the order of classes and the `mark` of the dry run.

    `others`: what becomes of those without a place.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "criteria": ["agency_or_host", "outlet_turn", "earliest_day"],
                "class_order": [],
                "others": "waitlisted",
                "mark": "0" * 64,
            }
        }
    )

    criteria: Criteria
    class_order: Annotated[list[ClassCode], Field(max_length=50)] = []
    others: Literal["waitlisted", "rejected"] = "waitlisted"
    mark: Annotated[str, StringConstraints(min_length=1, max_length=128)]


class AllocationRow(Out):
    """An allocation in short."""

    id: UUID
    event_id: UUID
    made_at: datetime
    criteria: list[Criterion]
    class_order: list[str]
    caps: dict[str, int]
    seed: str
    batch_id: UUID


class AllocationOut(AllocationRow):
    """An allocation with all that it takes to draw again: the seed, and every candidate's key, rank and place."""

    ranking: list[dict[str, Any]]
    taken: list[dict[str, Any]]


@router.get(
    "/events/{event_id}/allocations/dry-run",
    summary="What sharing out would come to",
    **allow(Permission.ACCREDITATION_READ, 404),
)
async def dry_run(
    event_id: UUID,
    session: SessionDep,
    access: CurrentAccess,
    now: Now,
    criteria: Annotated[
        list[Criterion] | None, Query(max_length=len(Criterion), description="None: those that were published")
    ] = None,
    class_order: Annotated[list[ClassCode] | None, Query(max_length=50)] = None,
) -> DryRunOut:
    """The ranking by criteria and what the draw will have to decide; nothing is changed, the seed stays sealed."""
    found = await allocating.dry_run(
        session, access=access, event_id=event_id, criteria=criteria, class_order=class_order or [], now=now
    )
    return DryRunOut(
        event_id=event_id,
        criteria=list(found.criteria),
        class_order=list(found.class_order),
        caps=found.plan.caps,
        taken=dict(found.field.taken),
        draw_commitment=found.plan.draw_commitment,
        mark=found.field.mark,
        candidates=_chances(found),
        left_out=[
            LeftOutOut(application_id=one, reference=reference_of(one), why=why)
            for one, why in found.field.left_out.items()
        ],
    )


def _chances(found: DryRun) -> list[ChanceOut]:
    shown = []
    for one in found.forecasts:
        application, journalist, outlet = found.field.people[one.candidate.id]
        shown.append(
            ChanceOut(
                application_id=application.id,
                reference=reference_of(application.id),
                full_name=journalist.full_name,
                outlet_name=outlet.name,
                class_code=application.class_code,
                best=one.best,
                worst=one.worst,
                chance=one.chance,
                why=one.place if one.chance is Chance.NONE else None,
            )
        )
    return shown


@router.post(
    "/events/{event_id}/allocations",
    summary="Share out places",
    status_code=201,
    **allow(Permission.ACCREDITATION_DECIDE, 404, 409),
)
async def carry_out(
    event_id: UUID,
    body: AllocationBody,
    request: Request,
    session: SessionDep,
    access: CurrentAccess,
    vault: VaultDep,
    now: Now,
) -> AllocationOut:
    """Draws, decides on every candidate, and publishes how. 409 `changed_meanwhile` when not all is as in the dry run,
    `illegal_move` when nobody waits."""
    wish = AllocationWish(
        tuple(dict.fromkeys(body.criteria)), tuple(body.class_order), ApplicationState(body.others), body.mark
    )
    made = await allocating.carry_out(
        session,
        access=access,
        event_id=event_id,
        wish=wish,
        wording=wording_of(pages_of(request)),
        secrets=vault,
        now=now,
    )
    return AllocationOut.model_validate(made)


@router.get(
    "/events/{event_id}/allocations", summary="Allocations of an event", **allow(Permission.ACCREDITATION_READ, 404)
)
async def list_allocations(event_id: UUID, session: SessionDep, access: CurrentAccess) -> list[AllocationRow]:
    """The first one first."""
    await events.require_event(session, access=access, event_id=event_id, permission=Permission.ACCREDITATION_READ)
    found: list[Allocation] = await store.list_allocations(session, event_id)
    return [AllocationRow.model_validate(one) for one in found]


@router.get("/allocations/{allocation_id}", summary="An allocation", **allow(Permission.ACCREDITATION_READ, 404))
async def get_allocation(allocation_id: UUID, session: SessionDep, access: CurrentAccess, now: Now) -> AllocationOut:
    """With everybody's key, rank and place; that it was looked at is kept in the audit."""
    found = await draws.open_allocation(session, access=access, allocation_id=allocation_id, now=now)
    return AllocationOut.model_validate(found.allocation)
