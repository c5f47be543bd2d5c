"""Sharing out places: what would come of it, carrying it out, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access, Permission
from service.domain.accreditation import (
    AccreditationPlan,
    Allocation,
    Allotted,
    Candidate,
    Criterion,
    Place,
    Rules,
)
from service.domain.accreditation.allocation import allocate
from service.domain.accreditation.forecast import Forecast, foresee
from service.domain.base import new_id
from service.domain.errors import Conflict, NotFound
from service.domain.events import Event
from service.store import allocations as store
from service.store import events as event_store
from service.store import rules as rule_store
from service.store.vault import Vault
from service.usecases import audit
from service.usecases.accreditation.candidates import Field, gather
from service.usecases.accreditation.placing import AllocationWish, Wording, decide_all
from service.usecases.accreditation.plans import SEED, seal_seed
from service.usecases.accreditation.rules import rules_of


@dataclass(frozen=True)
class DryRun:
    """What is sure of an allocation before its draw; the seed stays sealed."""

    event: Event
    plan: AccreditationPlan
    rules: Rules
    criteria: tuple[Criterion, ...]
    class_order: tuple[str, ...]
    field: Field
    forecasts: list[Forecast]
    allocations: list[Allocation]
    may_decide: bool


async def dry_run(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    criteria: Sequence[Criterion] | None,
    class_order: Sequence[str],
    now: datetime,
) -> DryRun:
    """The ranking by criteria (None: those that were published) and what the draw will have to decide.

    Names are shown, so that it was looked at is kept.
    """
    event, plan = await _get_plan(session, event_id)
    access.require(Permission.ACCREDITATION_READ, event.organisation_id)
    chosen = tuple(Criterion(one) for one in plan.criteria) if criteria is None else tuple(criteria)
    order = _whole_order(class_order, plan)
    field = await gather(session, plan)
    forecasts = foresee(
        field.candidates,
        criteria=chosen,
        class_order=order,
        caps=plan.caps,
        taken=field.taken,
        taken_by=field.taken_by,
    )
    if field.people:
        _record(session, access, "viewed", event_id, now, rows=len(field.people))
    return DryRun(
        event=event,
        plan=plan,
        rules=await rules_of(session, plan.rule_set_id),
        criteria=chosen,
        class_order=order,
        field=field,
        forecasts=forecasts,
        allocations=await store.list_allocations(session, event_id),
        may_decide=access.allows(Permission.ACCREDITATION_DECIDE, event.organisation_id),
    )


async def _get_plan(session: AsyncSession, event_id: UUID) -> tuple[Event, AccreditationPlan]:
    event = await event_store.get(session, Event, event_id, "event")
    plan = await rule_store.find_plan(session, event_id)
    if plan is None:
        raise NotFound("accreditation")
    return event, plan


def _whole_order(class_order: Sequence[str], plan: AccreditationPlan) -> tuple[str, ...]:
    """The open classes, those that were put in an order first."""
    named = [code for code in dict.fromkeys(class_order) if code in plan.classes]
    return (*named, *(code for code in plan.classes if code not in named))


async def carry_out(
    session: AsyncSession,
    *,
    access: Access,
    event_id: UUID,
    wish: AllocationWish,
    wording: Wording,
    secrets: Vault,
    now: datetime,
) -> Allocation:
    """Draws, decides on every candidate, and publishes how; the next draw has another seed.

    Each decision is one of its own, with its reason, and is told by mail; one that is refused leaves the others as
    they are and is named in the ranking. Raises Conflict `changed_meanwhile` when not all is as in the dry run,
    `illegal_move` when nobody waits.
    """
    event, plan = await _get_plan(session, event_id)
    access.require(Permission.ACCREDITATION_DECIDE, event.organisation_id)
    # First the applications, then the plan: whoever decides on one alone takes them in this order too.
    await store.lock_applications(session, [one.id for one in (await gather(session, plan)).candidates])
    locked = await rule_store.find_plan(session, event_id, lock=True)
    assert locked is not None  # noqa: S101 (plans are never removed)
    field = await gather(session, locked, fresh=True)
    if field.mark != wish.mark:
        raise Conflict("changed_meanwhile", "the applications, the places or the caps")
    if not field.candidates:
        raise Conflict("illegal_move", "nobody waits")
    seed = secrets.open(locked.draw_seed_sealed, purpose=SEED).decode()
    order = _whole_order(wish.class_order, locked)
    allotted = allocate(
        field.candidates,
        criteria=wish.criteria,
        class_order=order,
        caps=locked.caps,
        taken=field.taken,
        taken_by=field.taken_by,
        seed=seed,
    )
    batch_id = new_id()
    failed = await decide_all(session, access, field, allotted, wish, wording, batch_id, now)
    numbers = _outlet_numbers(allotted, field)
    made = Allocation(
        event_id=event_id,
        criteria=[*wish.criteria],
        class_order=[*order],
        caps=dict(locked.caps),
        taken=[
            {"outlet": numbers[outlet_id], "class": class_code, "role": role, "count": count}
            for (outlet_id, class_code, role), count in sorted(
                field.taken_by.items(), key=lambda pair: (numbers[pair[0][0]], pair[0][1:])
            )
        ],
        seed=seed,
        ranking=[_row(one, numbers, failed) for one in allotted],
        batch_id=batch_id,
        staff_id=access.staff_id,
        made_at=now,
    )
    session.add(made)
    seal_seed(locked, secrets)
    await session.flush()
    _record(
        session,
        access,
        "allocated",
        event_id,
        now,
        allocation=str(made.id),
        criteria=[*wish.criteria],
        granted=sum(one.place is Place.GRANTED for one in allotted) - len(failed),
        others=wish.others.value,
        next_commitment=locked.draw_commitment,
    )
    return made


def _outlet_numbers(allotted: Sequence[Allotted], field: Field) -> dict[UUID, int]:
    """A number for each outlet, by its first rank: what is published says who belongs together, not who they are."""
    ranked = [one.candidate.outlet_id for one in allotted]
    before = sorted(outlet_id for outlet_id, _, _ in field.taken_by)
    return {outlet_id: number for number, outlet_id in enumerate(dict.fromkeys([*ranked, *before]), 1)}


def _row(one: Allotted, numbers: Mapping[UUID, int], failed: Mapping[UUID, str]) -> dict[str, Any]:
    candidate: Candidate = one.candidate
    return {
        "id": str(candidate.id),
        "class": candidate.class_code,
        "outlet": numbers[candidate.outlet_id],
        "role": candidate.role,
        "agency_or_host": candidate.agency_or_host,
        "submitted_at": candidate.submitted_at.isoformat(timespec="microseconds"),
        "submitted_on": candidate.submitted_on,
        "outlet_limit": candidate.outlet_limit,
        "role_limit": candidate.role_limit,
        "key": [*one.sort_key],
        "rank": one.rank,
        "place": one.place.value,
        "failed": failed.get(candidate.id, ""),
    }


def _record(session: AsyncSession, access: Access, action: str, event_id: UUID, now: datetime, **details: Any) -> None:
    audit.record(
        session,
        actor=audit.staff(access),
        action=action,
        noun="allocation",
        object_id=event_id,
        event_id=event_id,
        now=now,
        **details,
    )
