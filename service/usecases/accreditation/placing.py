"""What each rank of an allocation comes to: the decision, and what its reason says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from service.domain.accounts import Access
from service.domain.accreditation import (
    NO_CONDITIONS,
    Allotted,
    Application,
    ApplicationState,
    Conditions,
    Criterion,
    Journalist,
    Place,
)
from service.domain.errors import Refusal
from service.usecases.accreditation.candidates import Field, Terms
from service.usecases.accreditation.deciding import DecisionWish, decide
from service.usecases.accreditation.rules import rules_of

CANNED = {
    Place.CAP_FULL: "cap_full",
    Place.CLASS_FULL: "cap_full",
    Place.OUTLET_QUOTA: "quota_full",
    Place.ROLE_QUOTA: "quota_full",
}
"""The canned reason of a rule set that says why there was no place."""


@dataclass(frozen=True)
class AllocationWish:
    """How places are to be shared out. `others`: what becomes of those without one, WAITLISTED or REJECTED.

    `mark` is that of the dry run that was looked at.
    """

    criteria: tuple[Criterion, ...]
    class_order: tuple[str, ...]
    others: ApplicationState
    mark: str


@dataclass(frozen=True)
class Told:
    """What the reason of a decision says besides: the rank among how many, by which criteria, what became of it."""

    rank: int
    total: int
    criteria: tuple[Criterion, ...]
    place: Place
    zones: tuple[str, ...]
    conditions: Conditions


Wording = Callable[[str, Told], str]
"""Says this in a language, "vi" or "en"."""


async def decide_all(
    session: AsyncSession,
    access: Access,
    field: Field,
    allotted: Sequence[Allotted],
    wish: AllocationWish,
    wording: Wording,
    batch_id: UUID,
    now: datetime,
) -> dict[UUID, str]:
    """Decides on everybody in the order of the ranks; answers the codes of those that were refused."""
    failed = {}
    for one in allotted:
        application, journalist, _ = field.people[one.candidate.id]
        told = Told(
            rank=one.rank,
            total=len(allotted),
            criteria=wish.criteria,
            place=one.place,
            zones=field.terms[application.id].zones,
            conditions=field.terms[application.id].conditions,
        )
        decision = await _decision(session, application, journalist, told, field.terms[application.id], wish, wording)
        if decision is None:
            continue
        try:
            async with session.begin_nested():
                await decide(
                    session,
                    access=access,
                    application_id=application.id,
                    wish=decision,
                    now=now,
                    batch_id=batch_id,
                )
        except Refusal as refusal:
            failed[one.candidate.id] = refusal.code
    return failed


async def _decision(
    session: AsyncSession,
    application: Application,
    journalist: Journalist,
    told: Told,
    terms: Terms,
    wish: AllocationWish,
    wording: Wording,
) -> DecisionWish | None:
    """The decision that a place comes to; None for whoever is on the waiting list and stays there."""
    line = wording(journalist.language, told)
    if told.place is Place.GRANTED:
        bound = terms.conditions != NO_CONDITIONS
        return DecisionWish(
            to_state=ApplicationState.APPROVED_WITH_CONDITIONS if bound else ApplicationState.APPROVED,
            reason=line,
            zones=terms.zones,
            days=terms.days,
            escort=terms.conditions.escort,
        )
    if application.state is wish.others:
        return None
    assert application.rule_set_id is not None  # noqa: S101 (a class comes of rules)
    canned = (await rules_of(session, application.rule_set_id)).reason(CANNED[told.place])
    why = canned.text[journalist.language] if canned else ""
    return DecisionWish(
        to_state=wish.others,
        reason="\n".join(part for part in (why, line) if part),
        reason_code=canned.code if canned else "",
    )
