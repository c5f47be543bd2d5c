"""What is published of allocations: what was promised before each draw, and all that it takes to draw again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import AccreditationPlan, Allocation, Rules
from service.domain.errors import NotFound
from service.domain.events import Event, EventState
from service.store import allocations as store
from service.store import events as event_store
from service.store import rules as rule_store
from service.store.allocations import Applicant
from service.usecases import audit
from service.usecases.accreditation.rules import rules_of


@dataclass(frozen=True)
class Draws:
    """An event's allocations, the first one first; the plan holds the commitment of the draw that is still to come."""

    event: Event
    plan: AccreditationPlan
    rules: Rules
    allocations: list[Allocation]


async def published(session: AsyncSession, *, event_id: UUID) -> Draws:
    """For everybody: no name stands in it. Raises NotFound for a draft, and where there is no accreditation."""
    event = await event_store.get(session, Event, event_id, "event")
    plan = await rule_store.find_plan(session, event_id)
    if plan is None or event.state is EventState.DRAFT:
        raise NotFound("accreditation")
    return Draws(
        event, plan, await rules_of(session, plan.rule_set_id), await store.list_allocations(session, event_id)
    )


def of_number(draws: Draws, number: int) -> Allocation:
    """The allocation of that number, from 1. Raises NotFound."""
    if not 1 <= number <= len(draws.allocations):
        raise NotFound("allocation")
    return draws.allocations[number - 1]


@dataclass(frozen=True)
class Result:
    """One allocation with those whom it was about as they stand now; `number` counts an event's allocations from 1."""

    allocation: Allocation
    number: int
    event: Event
    rules: Rules
    people: Mapping[UUID, Applicant]


async def open_allocation(session: AsyncSession, *, access: Access, allocation_id: UUID, now: datetime) -> Result:
    """What came of an allocation, with names: that it was looked at is kept."""
    found = await store.get_allocation(session, allocation_id)
    event = await event_store.get(session, Event, found.event_id, "event")
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    plan = await rule_store.find_plan(session, found.event_id)
    assert plan is not None  # noqa: S101 (plans are never removed)
    audit.record(
        session,
        actor=audit.staff(access),
        action="viewed",
        noun="allocation",
        object_id=found.id,
        event_id=event.id,
        now=now,
        rows=len(found.ranking),
    )
    ids = [one.id for one in await store.list_allocations(session, event.id)]
    return Result(
        allocation=found,
        number=ids.index(found.id) + 1,
        event=event,
        rules=await rules_of(session, plan.rule_set_id),
        people=await store.list_people(session, [UUID(row["id"]) for row in found.ranking]),
    )
